// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"
#include <tls/configuration/profile.hpp>

#include <string>

namespace unit::profile_cases {
namespace {

/// All of a profile as one text.
std::string text_of(tls::profile const& p) {
    std::string text(p.name);
    text.append(": ").append(name(p.lowest_version)).append(" to ").append(name(p.highest_version)).append(";");
    for (auto const s : p.suites) text.append(" ").append(name(s));
    text += ";";
    for (auto const g : p.groups) text.append(" ").append(name(g));
    text += ";";
    for (auto const s : p.schemes) text.append(" ").append(name(s));
    text += "; " + std::to_string(p.minimum_rsa_bits) + " " + std::to_string(p.max_path_length) + ";";
    for (auto const a : p.alpn) text.append(" ").append(a);
    return text;
}

constexpr std::string_view aws =
    "TLS 1.2 to TLS 1.3; TLS_AES_128_GCM_SHA256 TLS_AES_256_GCM_SHA384 TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 "
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384 "
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384; secp256r1 x25519 secp384r1; ecdsa_secp256r1_sha256 ecdsa_secp384r1_sha384 "
    "rsa_pss_rsae_sha256 rsa_pss_rsae_sha384 rsa_pkcs1_sha256 rsa_pkcs1_sha384; 2048 4;";

} // namespace

TEST_CASE("profiles: one never changes; what is decided anew gets a new year") {
    CHECK(
        text_of(tls::profile::modern_2026) ==
        "modern_2026: TLS 1.3 to TLS 1.3; TLS_AES_128_GCM_SHA256 TLS_AES_256_GCM_SHA384 TLS_CHACHA20_POLY1305_SHA256; "
        "x25519 secp256r1 secp384r1; ecdsa_secp256r1_sha256 ecdsa_secp384r1_sha384 rsa_pss_rsae_sha256 "
        "rsa_pss_rsae_sha384 rsa_pss_rsae_sha512 rsa_pkcs1_sha256 rsa_pkcs1_sha384 rsa_pkcs1_sha512; 2048 8;");
    CHECK(text_of(tls::profile::aws_iot_2026) == "aws_iot_2026: " + std::string(aws));
    CHECK(text_of(tls::profile::aws_iot_443_2026) == "aws_iot_443_2026: " + std::string(aws) + " x-amzn-mqtt-ca");
    CHECK(
        text_of(tls::profile::constrained_2026) ==
        "constrained_2026: TLS 1.2 to TLS 1.3; TLS_AES_128_GCM_SHA256 TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 "
        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256; secp256r1; ecdsa_secp256r1_sha256 rsa_pss_rsae_sha256 "
        "rsa_pkcs1_sha256; "
        "2048 3;");
    CHECK(std::size(tls::known_profiles) == 4);
}

} // namespace unit::profile_cases
