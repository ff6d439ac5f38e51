// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/core/text_writer.hpp>
#include <tls/credentials/input_error.hpp>
#include <tls/credentials/own_key.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace tls::detail {

TWINTLS_DECL std::unexpected<error>
refused_key(errc code, short_text const& origin, x509::key_description const& key, std::size_t most_rsa_bits) noexcept {
    std::array<char, short_text::capacity> text;
    text_writer out(text);
    x509::write_name(out, key);
    if (most_rsa_bits != 0 && key.kind == x509::key_description::algorithm::rsa)
        out << " (limit " << static_cast<long long>(most_rsa_bits) << ")";
    return within(configuration_error(code, out.view()), origin.view());
}

TWINTLS_DECL bool can_use(x509::key_description const& key, seam::usable_keys const& usable) noexcept {
    using enum x509::key_description::algorithm;
    switch (key.kind) {
    case rsa: return key.bits <= usable.most_rsa_bits;
    case ec: return key.curve != x509::curve::other && usable.has_curve(key.curve);
    case ed25519: return usable.has_ed25519;
    case ed448: return usable.has_ed448;
    case other: break;
    }
    return false;
}

} // namespace tls::detail

namespace tls::seam {

TWINTLS_DECL result<void> check_own_certificate(identity const& who, usable_keys const& usable) noexcept {
    auto const key = x509::describe_key(who.leaf());
    if (detail::can_use(key, usable)) return {};
    return detail::refused_key(errc::unsupported, who.chain_origin(), key, usable.most_rsa_bits);
}

TWINTLS_DECL error unreadable_own_certificate(identity const& who, std::int32_t native) noexcept {
    error e = configuration_error(errc::unsupported, "reading certificate 1");
    e.native = native;
    return detail::within(e, who.chain_origin().view()).error();
}

TWINTLS_DECL error undecryptable_own_key(identity const& who) noexcept {
    return detail::within(configuration_error(errc::unsupported, "encryption"), who.origin().view()).error();
}

TWINTLS_DECL result<key_in_clear> copy_own_key(identity const& who) noexcept {
    auto copy = x509::secret_bytes::copy_of(who.private_key().der.span());
    if (!copy) return std::unexpected(copy.error());
    return key_in_clear{.encoding = who.private_key().kind, .der = std::move(*copy)};
}

TWINTLS_DECL result<key_in_clear> decrypt_own_key(identity const& who, key_decryption const& with) noexcept {
    auto clear = who.decrypter()(who.private_key(), who.password().span(), with);
    if (!clear) return detail::within(clear.error(), who.origin().view());
    return clear;
}

TWINTLS_DECL result<void>
check_own_key(identity const& who, key_in_clear const& key, usable_keys const& usable) noexcept {
    auto const ours = x509::describe_key(key.encoding, key.der.span());
    if (!ours) return std::unexpected(configuration_error(errc::bad_private_key, who.origin().view()));
    if (!detail::can_use(*ours, usable))
        return detail::refused_key(errc::unsupported, who.origin(), *ours, usable.most_rsa_bits);
    auto const certified = x509::describe_key(who.leaf());
    bool const same = ours->kind == certified.kind && ours->curve == certified.curve &&
                      (ours->kind != x509::key_description::algorithm::rsa || ours->bits == certified.bits);
    if (!same) return detail::refused_key(errc::key_mismatch, who.origin(), *ours);
    return {};
}

} // namespace tls::seam
