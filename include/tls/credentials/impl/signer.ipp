// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/credentials/signer.hpp>
#include <tls/signature/primitive.hpp>
#include <tls/x509/algorithm.hpp>

#include <algorithm>
#include <array>

namespace tls::detail {

/// What a scheme is in a certificate.
[[nodiscard]] constexpr x509::signature_algorithm algorithm_of(signature_scheme scheme) noexcept {
    using enum x509::signature_algorithm;
    switch (scheme) {
    case signature_scheme::ecdsa_secp256r1_sha256: return ecdsa_sha256;
    case signature_scheme::ecdsa_secp384r1_sha384: return ecdsa_sha384;
    case signature_scheme::ecdsa_secp521r1_sha512: return ecdsa_sha512;
    case signature_scheme::rsa_pss_rsae_sha256: return rsa_pss_sha256;
    case signature_scheme::rsa_pss_rsae_sha384: return rsa_pss_sha384;
    case signature_scheme::rsa_pss_rsae_sha512: return rsa_pss_sha512;
    case signature_scheme::rsa_pkcs1_sha256: return rsa_pkcs1_sha256;
    case signature_scheme::rsa_pkcs1_sha384: return rsa_pkcs1_sha384;
    case signature_scheme::rsa_pkcs1_sha512: return rsa_pkcs1_sha512;
    default: return other;
    }
}

/// The longest signature that the key of a certificate makes, in bytes.
[[nodiscard]] inline std::size_t longest_signature(x509::certificate_view const& ours) noexcept {
    std::size_t const number = (ours.key_bits() + 7) / 8;
    // Two numbers of that size, each with an octet that keeps it positive, a tag and a length; the same for both.
    constexpr std::size_t headers = 2 * 4 + 4;
    return ours.public_key_kind() == x509::public_key_kind::rsa ? number : 2 * number + headers;
}

[[nodiscard]] inline std::unexpected<error> signing_failed(std::string_view why) noexcept {
    return std::unexpected(configuration_error(errc::signing_failed, why));
}

TWINTLS_DECL result<void>
check_made(wanted_signature const& what, std::span<std::byte const> made, signature::primitive verify) noexcept {
    if (made.size() > longest_signature(what.ours)) return signing_failed("a signature longer than there is room for");
    auto const checked = signature::check(
        {.spki = what.ours.spki(),
         .algorithm = algorithm_of(what.scheme),
         .salt_length = what.digest.size(),
         .message = what.digest,
         .signature = made,
         .is_hashed = true});
    switch (checked ? verify(*checked) : checked.error()) {
    case signature::answer::bad: return signing_failed("a signature that our certificate's key has not made");
    case signature::answer::out_of_memory: return std::unexpected(configuration_error(errc::out_of_memory));
    case signature::answer::good:
    case signature::answer::cannot: break;
    }
    return {};
}

TWINTLS_DECL result<std::size_t>
any_signer::sign(wanted_signature const& what, std::span<std::byte> into, signature::primitive verify) const noexcept {
    if (!schemes_.has(what.scheme))
        return std::unexpected(configuration_error(errc::unusable_identity, name(what.scheme)));
    if (what.digest.size() != digest_size(what.scheme)) return signing_failed("a digest of another size");
    // The signer never sees the library's memory.
    std::array<std::byte, signature::max_rsa_bits / 8> made{}; // a signer may say that it wrote more than it did
    std::span<std::byte> const room = std::span(made).first(std::min(made.size(), longest_signature(what.ours)));
    auto const size = sign_(self_, what.scheme, what.digest, room);
    if (!size && size.error() == errc::want_signature) {
        if (answers_later_) return std::unexpected(size.error());
        return signing_failed("it answers later, and has no may_answer_later");
    }
    if (!size) return signing_failed(size.error().about.view());
    if (*size > room.size() || *size > into.size()) return signing_failed("a signature longer than there is room for");
    auto const bytes = room.first(*size);
    if (auto const good = check_made(what, bytes, verify); !good) return std::unexpected(good.error());
    std::ranges::copy(bytes, into.begin());
    return *size;
}

} // namespace tls::detail
