// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/configuration/offer.hpp>
#include <tls/connection/backend.hpp>
#include <tls/wolfssl/impl/native.hpp>
#include <tls/wolfssl/library.hpp>
#include <tls/wolfssl/signer.hpp>

#include <array>
#include <cstddef>
#include <iterator>
#include <span>

namespace tls::detail {
#if defined(TWINTLS_WOLFSSL_HAS_SIGNERS)
namespace wolfssl_signers {

/// The scheme of a kind, by the size of its digest.
[[nodiscard]] constexpr signature_scheme
scheme_of(std::array<signature_scheme, 3> const& by_hash, std::size_t digest) noexcept {
    switch (digest) {
    case 32: return by_hash[0];
    case 48: return by_hash[1];
    case 64: return by_hash[2];
    default: return {};
    }
}

/// Has a digest signed; the answer is wolfSSL's.
[[nodiscard]] inline int sign(
    WOLFSSL* ssl, std::array<signature_scheme, 3> const& kind, std::span<unsigned char const> digest,
    unsigned char* out, word32* size) noexcept {
    auto* const handshake = static_cast<seam::engine_core*>(wolfSSL_GetIOReadCtx(ssl))->handshake.get();
    if (handshake == nullptr) return BAD_STATE_E; // signatures are made only during the handshake
    auto const made = handshake->sign(
        scheme_of(kind, digest.size()), std::as_bytes(digest), std::as_writable_bytes(std::span(out, *size)));
    if (made == 0) return handshake->signature_is_due ? WC_PENDING_E : WC_HW_E;
    *size = static_cast<word32>(made);
    return 0;
}

inline int sign_ecdsa(
    WOLFSSL* ssl, unsigned char const* in, unsigned int in_size, unsigned char* out, word32* out_size,
    unsigned char const*, unsigned int, void*) noexcept {
    using enum signature_scheme;
    return sign(
        ssl, {ecdsa_secp256r1_sha256, ecdsa_secp384r1_sha384, ecdsa_secp521r1_sha512}, {in, in_size}, out, out_size);
}

#    if !defined(NO_RSA)
/// wolfSSL gives the whole DigestInfo, which ends with the digest.
inline int sign_pkcs1(
    WOLFSSL* ssl, unsigned char const* in, unsigned int in_size, unsigned char* out, word32* out_size,
    unsigned char const*, unsigned int, void*) noexcept {
    using enum signature_scheme;
    constexpr std::size_t before_digest = 19; // for each hash of the SHA-2 family
    std::span const info(in, in_size);
    return sign(
        ssl, {rsa_pkcs1_sha256, rsa_pkcs1_sha384, rsa_pkcs1_sha512}, info.subspan(std::min(before_digest, info.size())),
        out, out_size);
}

inline int sign_pss(
    WOLFSSL* ssl, unsigned char const* in, unsigned int in_size, unsigned char* out, unsigned int* out_size, int, int,
    unsigned char const*, unsigned int, void*) noexcept {
    using enum signature_scheme;
    return sign(ssl, {rsa_pss_rsae_sha256, rsa_pss_rsae_sha384, rsa_pss_rsae_sha512}, {in, in_size}, out, out_size);
}

// wolfSSL looks for faults in its RSA signatures and would take the private key for it. The core has verified them.
inline int check_pkcs1(
    WOLFSSL*, unsigned char*, unsigned int, unsigned char**, unsigned char const*, unsigned int, void*) noexcept {
    return 0;
}
inline int check_pss(
    WOLFSSL*, unsigned char*, unsigned int, unsigned char**, int, int, unsigned char const*, unsigned int,
    void*) noexcept {
    return 0;
}
#    endif

} // namespace wolfssl_signers

TWINTLS_DECL result<void> wolfssl_use_signer(void* library_configuration, seam::own_identity const& ours) noexcept {
    using namespace wolfssl_signers;
    auto* const ctx = static_cast<WOLFSSL_CTX*>(library_configuration);
    // Kept by kind: wolfSSL asks any of them whether there is one, and that of its key's kind to sign.
    switch (ours.who.leaf().public_key_kind()) {
    case x509::public_key_kind::rsa:
#    if !defined(NO_RSA)
        wolfSSL_CTX_SetRsaSignCb(ctx, sign_pkcs1);
        wolfSSL_CTX_SetRsaSignCheckCb(ctx, check_pkcs1);
#        if defined(WC_RSA_PSS)
        wolfSSL_CTX_SetRsaPssSignCb(ctx, sign_pss);
        wolfSSL_CTX_SetRsaPssSignCheckCb(ctx, check_pss);
#        endif
#    endif
        break;
    default: wolfSSL_CTX_SetEccSignCb(ctx, sign_ecdsa); break;
    }
#    if defined(TWINTLS_WOLFSSL_SIGNING_SCHEMES)
    std::array<unsigned char, 2 * std::size(known_schemes)> list;
    unsigned short size = 0;
    for (signature_scheme const scheme : known_schemes) {
        if (!ours.signing.can_make(scheme)) continue;
        auto const number = static_cast<unsigned>(scheme);
        list[size++] = static_cast<unsigned char>(number >> 8U);
        list[size++] = static_cast<unsigned char>(number & 0xffU);
    }
    if (int const code = TwintlsSetSigningSchemes(ctx, list.data(), size); code != WOLFSSL_SUCCESS)
        return seam::refused_setting(wolfssl_name, errc::bad_configuration, code, "signature schemes");
#    endif
    return {};
}
#else
TWINTLS_DECL result<void> wolfssl_use_signer(void*, seam::own_identity const&) noexcept {
    return seam::refused_setting(wolfssl_name, errc::unsupported, 0, name(feature::external_signer));
}
#endif

} // namespace tls::detail
