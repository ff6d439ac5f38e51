// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/core/text_writer.hpp>
#include <tls/credentials/input_error.hpp>
#include <tls/credentials/own_key.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace tls::detail {

/// An error about a key, which names the input it came from and the kind of key.
TWINTLS_DECL std::unexpected<error> refused_key(
    errc code, short_text const& origin, x509::key_description const& key, seam::usable_keys const* usable) noexcept {
    std::array<char, short_text::capacity> text;
    text_writer out(text);
    x509::write_name(out, key);
    if (usable != nullptr && key.kind == x509::key_description::algorithm::rsa)
        out << " (limit " << static_cast<long long>(usable->most_rsa_bits) << ")";
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
    return detail::refused_key(errc::unsupported, who.chain_origin(), key, &usable);
}

TWINTLS_DECL error unreadable_own_certificate(identity const& who) noexcept {
    auto const what = configuration_error(errc::unsupported, "reading certificate 1");
    return detail::within(what, who.chain_origin().view()).error();
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
    auto const& key = who.private_key();
    auto const refused = [&who](error const& e) noexcept { return detail::within(e, who.origin().view()); };
    auto const failed = [&refused](errc code) noexcept { return refused(configuration_error(code)); };
    bool const old_format = key.kind == x509::private_key_kind::legacy_encrypted;
    auto const how = old_format ? x509::read_pem_encryption(key.pem.text(), with.parts)
                                : x509::read_key_encryption(key.der.span(), with.parts);
    if (!how) return refused(how.error());
    auto plain = x509::secret_bytes::copy_of(old_format ? key.der.span() : how->encrypted);
    if (!plain) return std::unexpected(plain.error());
    std::size_t const block = x509::block_size(how->cipher);
    if (plain->empty() || plain->size() % block != 0) return failed(errc::bad_private_key);
    if (auto const done = with.decrypt(*how, who.password().span(), plain->span()); !done) return refused(done.error());
    switch (x509::remove_padding(*plain, block)) {
    case x509::decrypted::wrong_password: return failed(errc::wrong_password);
    case x509::decrypted::damaged: return failed(errc::bad_private_key);
    case x509::decrypted::key: break;
    }
    auto const encoding = x509::classify_private_key_der(plain->span());
    if (!encoding || *encoding == x509::private_key_kind::encrypted_pkcs8) return failed(errc::bad_private_key);
    return key_in_clear{.encoding = *encoding, .der = std::move(*plain)};
}

TWINTLS_DECL result<void>
check_own_key(identity const& who, key_in_clear const& key, usable_keys const& usable) noexcept {
    auto const ours = x509::describe_key(key.encoding, key.der.span());
    if (!ours) return std::unexpected(configuration_error(errc::bad_private_key, who.origin().view()));
    if (!detail::can_use(*ours, usable)) return detail::refused_key(errc::unsupported, who.origin(), *ours, &usable);
    auto const certified = x509::describe_key(who.leaf());
    bool const same = ours->kind == certified.kind && ours->curve == certified.curve &&
                      (ours->kind != x509::key_description::algorithm::rsa || ours->bits == certified.bits);
    if (!same) return detail::refused_key(errc::key_mismatch, who.origin(), *ours, nullptr);
    return {};
}

} // namespace tls::seam
