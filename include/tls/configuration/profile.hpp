// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/core/protocol.hpp>

#include <cstddef>
#include <span>
#include <string_view>

namespace tls {

/// What a client offers and accepts, as one decision with a name and a year: for `builder::profile`.
///
/// A profile never changes: what is decided anew gets a new year. docs/profiles.md says what each is for. The lists are
/// exact: a library that lacks something of them is `unsupported`, by name.
struct profile {
    std::string_view name{};
    protocol_version lowest_version = protocol_version::tls_1_2;
    protocol_version highest_version = protocol_version::tls_1_3;
    std::span<cipher_suite const> suites{};      ///< most preferred first
    std::span<named_group const> groups{};       ///< the same; the first gets the key share
    std::span<signature_scheme const> schemes{}; ///< the same
    unsigned minimum_rsa_bits = 2048;            ///< of servers and those who vouch for them
    std::size_t max_path_length = 8;             ///< intermediates between a server and its trust anchor
    std::span<std::string_view const> alpn{};    ///< empty: none

    /// TLS 1.3 alone, with everything good in it: for both ends in one hand, and for servers that are kept up to date.
    static profile const modern_2026;
    /// AWS IoT Core on port 8883: what its policies of TLS 1.2 and 1.3 accept. On port 443 add
    /// `.alpn({"x-amzn-mqtt-ca"})` behind it.
    static profile const aws_iot_2026;
    /// AWS IoT Core on port 443, where the protocol is chosen by ALPN.
    static profile const aws_iot_443_2026;
    /// One suite for each version and kind of key, P-256 and SHA-256: least code and memory in the device.
    static profile const constrained_2026;
};

namespace detail::profiles {

using enum cipher_suite;
using enum named_group;
using enum signature_scheme;

inline constexpr cipher_suite of_tls_1_3[] = {aes_128_gcm_sha256, aes_256_gcm_sha384, chacha20_poly1305_sha256};
inline constexpr named_group modern_groups[] = {x25519, secp256r1, secp384r1};
inline constexpr signature_scheme modern_schemes[] = {
    ecdsa_secp256r1_sha256, ecdsa_secp384r1_sha384, rsa_pss_rsae_sha256, rsa_pss_rsae_sha384, rsa_pss_rsae_sha512,
    // Of certificates: TLS 1.3 signs no handshake with these.
    rsa_pkcs1_sha256, rsa_pkcs1_sha384, rsa_pkcs1_sha512};

inline constexpr cipher_suite aws_suites[] = {
    aes_128_gcm_sha256,
    aes_256_gcm_sha384,
    ecdhe_ecdsa_aes_128_gcm_sha256,
    ecdhe_rsa_aes_128_gcm_sha256,
    ecdhe_ecdsa_aes_256_gcm_sha384,
    ecdhe_rsa_aes_256_gcm_sha384};
inline constexpr named_group aws_groups[] = {secp256r1, x25519, secp384r1};
inline constexpr signature_scheme aws_schemes[] = {ecdsa_secp256r1_sha256, ecdsa_secp384r1_sha384, rsa_pss_rsae_sha256,
                                                   rsa_pss_rsae_sha384,    rsa_pkcs1_sha256,       rsa_pkcs1_sha384};
inline constexpr std::string_view aws_protocols[] = {"x-amzn-mqtt-ca"};

inline constexpr cipher_suite constrained_suites[] = {
    aes_128_gcm_sha256, ecdhe_ecdsa_aes_128_gcm_sha256, ecdhe_rsa_aes_128_gcm_sha256};
inline constexpr named_group constrained_groups[] = {secp256r1};
inline constexpr signature_scheme constrained_schemes[] = {
    ecdsa_secp256r1_sha256, rsa_pss_rsae_sha256, rsa_pkcs1_sha256};

} // namespace detail::profiles

inline constexpr profile profile::modern_2026 = {
    .name = "modern_2026",
    .lowest_version = protocol_version::tls_1_3,
    .suites = detail::profiles::of_tls_1_3,
    .groups = detail::profiles::modern_groups,
    .schemes = detail::profiles::modern_schemes,
    .max_path_length = 8};

inline constexpr profile profile::aws_iot_2026 = {
    .name = "aws_iot_2026",
    .suites = detail::profiles::aws_suites,
    .groups = detail::profiles::aws_groups,
    .schemes = detail::profiles::aws_schemes,
    .max_path_length = 4};

inline constexpr profile profile::aws_iot_443_2026 = {
    .name = "aws_iot_443_2026",
    .suites = detail::profiles::aws_suites,
    .groups = detail::profiles::aws_groups,
    .schemes = detail::profiles::aws_schemes,
    .max_path_length = 4,
    .alpn = detail::profiles::aws_protocols};

inline constexpr profile profile::constrained_2026 = {
    .name = "constrained_2026",
    .suites = detail::profiles::constrained_suites,
    .groups = detail::profiles::constrained_groups,
    .schemes = detail::profiles::constrained_schemes,
    .max_path_length = 3};

/// All of them, for programs that take one by its name.
inline constexpr profile const* known_profiles[] = {
    &profile::modern_2026, &profile::aws_iot_2026, &profile::aws_iot_443_2026, &profile::constrained_2026};

} // namespace tls
