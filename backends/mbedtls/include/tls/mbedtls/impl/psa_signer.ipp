// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/core/bytes.hpp>
#include <tls/mbedtls/impl/native.hpp>
#include <tls/mbedtls/psa_signer.hpp>

#include <algorithm>
#include <array>
#include <optional>

namespace tls::detail::mbedtls_psa {

/// What a key is, as far as it decides how it signs.
struct key_properties {
    psa_key_type_t type = 0;
    std::size_t bits = 0;
    psa_algorithm_t permitted = 0;
    psa_algorithm_t also_permitted = 0; // an extension of Mbed TLS: the second algorithm of its policy
};

[[nodiscard]] inline psa_status_t
read(key_properties& into, psa_key_usage_t& usage, mbedtls_svc_key_id_t key) noexcept {
    psa_key_attributes_t attributes = psa_key_attributes_init();
    psa_status_t const status = psa_get_key_attributes(key, &attributes);
    if (status == PSA_SUCCESS) {
        into = {
            psa_get_key_type(&attributes), psa_get_key_bits(&attributes), psa_get_key_algorithm(&attributes),
            psa_get_key_enrollment_algorithm(&attributes)};
        usage = psa_get_key_usage_flags(&attributes);
    }
    psa_reset_key_attributes(&attributes);
    return status;
}

[[nodiscard]] inline bool is_ec(key_properties const& k) noexcept {
    return k.type == PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1) &&
           (k.bits == 256 || k.bits == 384 || k.bits == 521);
}

[[nodiscard]] inline bool is_rsa(key_properties const& k) noexcept { return k.type == PSA_KEY_TYPE_RSA_KEY_PAIR; }

/// Whether a policy with this algorithm permits that one: it is the same, or the same with any hash.
[[nodiscard]] inline bool permits(psa_algorithm_t policy, psa_algorithm_t wanted) noexcept {
    if (policy == wanted) return true;
    return PSA_ALG_IS_SIGN_HASH(policy) && PSA_ALG_SIGN_GET_HASH(policy) == PSA_ALG_ANY_HASH &&
           (policy & ~PSA_ALG_HASH_MASK) == (wanted & ~PSA_ALG_HASH_MASK);
}

/// The algorithms that make a signature of this scheme, the usual one first; 0 for none.
[[nodiscard]] inline std::array<psa_algorithm_t, 2> algorithms_of(signature_scheme scheme) noexcept {
    using enum signature_scheme;
    switch (scheme) {
    case ecdsa_secp256r1_sha256: return {PSA_ALG_ECDSA(PSA_ALG_SHA_256), PSA_ALG_DETERMINISTIC_ECDSA(PSA_ALG_SHA_256)};
    case ecdsa_secp384r1_sha384: return {PSA_ALG_ECDSA(PSA_ALG_SHA_384), PSA_ALG_DETERMINISTIC_ECDSA(PSA_ALG_SHA_384)};
    case ecdsa_secp521r1_sha512: return {PSA_ALG_ECDSA(PSA_ALG_SHA_512), PSA_ALG_DETERMINISTIC_ECDSA(PSA_ALG_SHA_512)};
    case rsa_pss_rsae_sha256: return {PSA_ALG_RSA_PSS(PSA_ALG_SHA_256), 0};
    case rsa_pss_rsae_sha384: return {PSA_ALG_RSA_PSS(PSA_ALG_SHA_384), 0};
    case rsa_pss_rsae_sha512: return {PSA_ALG_RSA_PSS(PSA_ALG_SHA_512), 0};
    case rsa_pkcs1_sha256: return {PSA_ALG_RSA_PKCS1V15_SIGN(PSA_ALG_SHA_256), 0};
    case rsa_pkcs1_sha384: return {PSA_ALG_RSA_PKCS1V15_SIGN(PSA_ALG_SHA_384), 0};
    case rsa_pkcs1_sha512: return {PSA_ALG_RSA_PKCS1V15_SIGN(PSA_ALG_SHA_512), 0};
    default: return {0, 0};
    }
}

/// How a key makes a signature of this scheme; nullopt if it does not.
[[nodiscard]] inline std::optional<psa_algorithm_t>
algorithm_for(key_properties const& k, signature_scheme scheme) noexcept {
    if (is_ecdsa(scheme) ? !is_ec(k) : !is_rsa(k)) return std::nullopt;
    for (psa_algorithm_t const a : algorithms_of(scheme))
        if (a != 0 && (permits(k.permitted, a) || permits(k.also_permitted, a))) return a;
    return std::nullopt;
}

[[nodiscard]] inline std::unexpected<error> refused(errc code, std::string_view why, psa_status_t status = 0) noexcept {
    error e = configuration_error(code, why);
    e.native = status;
    return std::unexpected(e);
}

/// One number of an ECDSA signature as an INTEGER in DER; returns its size.
[[nodiscard]] inline std::size_t put_integer(std::span<std::byte const> number, std::span<std::byte> out) noexcept {
    while (number.size() > 1 && number.front() == std::byte{0}) number = number.subspan(1);
    std::size_t const sign = (number.front() & std::byte{0x80}) != std::byte{0} ? 1 : 0;
    out[0] = std::byte{2};
    out[1] = static_cast<std::byte>(sign + number.size());
    out[2] = std::byte{0};
    std::ranges::copy(number, out.subspan(2 + sign).begin());
    return 2 + sign + number.size();
}

/// PSA gives both numbers one after the other, TLS wants them in DER; returns the size.
[[nodiscard]] inline result<std::size_t> put_ecdsa(std::span<std::byte const> raw, std::span<std::byte> out) noexcept {
    constexpr std::size_t longest_number = 66; // of P-521; sizes below 128 have one octet
    std::size_t const half = raw.size() / 2;
    if (half == 0 || half > longest_number) return refused(errc::signing_failed, "a signature of another size");
    std::array<std::byte, 2 * (3 + longest_number)> numbers;
    std::size_t const first = put_integer(raw.first(half), numbers);
    std::size_t const size = first + put_integer(raw.subspan(half), std::span(numbers).subspan(first));
    std::size_t const header = size < 0x80 ? 2 : 3;
    if (header + size > out.size()) return refused(errc::signing_failed, "a signature longer than there is room for");
    out[0] = std::byte{0x30};
    out[1] = std::byte{0x81};
    out[header - 1] = static_cast<std::byte>(size);
    std::ranges::copy(std::span(numbers).first(size), out.subspan(header).begin());
    return header + size;
}

} // namespace tls::detail::mbedtls_psa

namespace tls {

TWINTLS_DECL result<psa_signer> psa_signer::of(mbedtls_svc_key_id_t key) noexcept {
    namespace psa = detail::mbedtls_psa;
    psa::key_properties properties;
    psa_key_usage_t usage = 0;
    switch (psa_status_t const status = psa::read(properties, usage, key)) {
    case PSA_SUCCESS: break;
    case PSA_ERROR_INVALID_HANDLE:
    case PSA_ERROR_DOES_NOT_EXIST: return psa::refused(errc::no_private_key, "PSA key", status);
    case PSA_ERROR_BAD_STATE:
        return psa::refused(errc::bad_configuration, "PSA key: psa_crypto_init was not called", status);
    case PSA_ERROR_INSUFFICIENT_MEMORY: return psa::refused(errc::out_of_memory, "PSA key", status);
    default: return psa::refused(errc::internal, "psa_get_key_attributes", status);
    }
    if (!psa::is_ec(properties) && !psa::is_rsa(properties))
        return psa::refused(errc::unsupported, "PSA key: neither RSA nor EC on P-256, P-384 or P-521");
    if ((usage & PSA_KEY_USAGE_SIGN_HASH) == 0)
        return psa::refused(errc::bad_configuration, "PSA key: its usage has no PSA_KEY_USAGE_SIGN_HASH");
    scheme_set all;
    for (signature_scheme const s : known_schemes)
        if (psa::algorithm_for(properties, s)) all.add(s);
    if (all.empty()) return psa::refused(errc::bad_configuration, "PSA key: its algorithm signs nothing for TLS");
    return psa_signer(key, all);
}

TWINTLS_DECL result<std::size_t>
psa_signer::sign(signature_scheme scheme, std::span<std::byte const> digest, std::span<std::byte> into) noexcept {
    namespace psa = detail::mbedtls_psa;
    psa::key_properties properties;
    psa_key_usage_t usage = 0;
    psa_status_t status = psa::read(properties, usage, key_); // it may have been destroyed since, or replaced
    if (status != PSA_SUCCESS) return psa::refused(errc::signing_failed, "psa_get_key_attributes", status);
    auto const how = psa::algorithm_for(properties, scheme);
    if (!how) return psa::refused(errc::signing_failed, "PSA key: not permitted any more");
    // For ECDSA the library takes any.
    if (digest.size() != detail::digest_size(scheme))
        return psa::refused(errc::signing_failed, "a digest of another size");
    std::size_t size = 0;
    if (!is_ecdsa(scheme)) {
        status = psa_sign_hash(
            key_, *how, detail::as_uchar(digest), digest.size(), detail::as_uchar(into), into.size(), &size);
        if (status != PSA_SUCCESS) return psa::refused(errc::signing_failed, "psa_sign_hash", status);
        return size;
    }
    std::array<std::byte, PSA_ECDSA_SIGNATURE_SIZE(521)> raw;
    status =
        psa_sign_hash(key_, *how, detail::as_uchar(digest), digest.size(), detail::as_uchar(raw), raw.size(), &size);
    if (status != PSA_SUCCESS) return psa::refused(errc::signing_failed, "psa_sign_hash", status);
    return psa::put_ecdsa(std::span(raw).first(size), into);
}

} // namespace tls
