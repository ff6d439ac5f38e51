// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/core/protocol.hpp>
#include <tls/core/server_name.hpp>
#include <tls/core/vocabulary.hpp>

#include <chrono>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace doctor {

/// The exit statuses: which backend failed, as a sum, and two of sysexits.h.
namespace status {
inline constexpr int good = 0;
inline constexpr int wolfssl_failed = 1;
inline constexpr int mbedtls_failed = 2;
inline constexpr int bad_usage = 64;
inline constexpr int bad_configuration = 65;
} // namespace status

extern std::string_view const usage;

/// How explanations name what can be set: by the options.
inline constexpr tls::vocabulary option_words{
    .identity = "give --cert and --key a certificate and its key",
    .no_identity = "no certificate (no --cert)",
    .built_with = "tls-doctor was started with",
    .certificates = "--cert",
    .private_key = "--key",
    .password = "with --password-file",
    .pem = "an option that takes PEM",
    .trust = "--ca",
    .trust_file = "--ca FILE",
    .pins = "the program's pins",
    .crls = "the program's revocation lists",
    .versions = "--tls1.2 or --tls1.3",
    .all_versions = "leave --tls1.2 and --tls1.3 out",
    .suites = "the program's list of cipher suites",
    .groups = "the program's list of groups",
    .signature_schemes = "the program's list of signatures",
    .alpn = "--alpn",
    .server_name = "--name",
};

/// What the command line asks for.
struct options {
    std::string host{};
    std::uint16_t port = 0;
    std::optional<tls::server_name> name{}; ///< set if there is a host
    std::string ca{};                       ///< empty: the system's store
    std::string certificate{};
    std::string key{};
    std::string password_file{};
    std::string psk_identity{}; ///< there if psk_file is
    std::string psk_file{};
    std::vector<std::string> alpn{};
    std::optional<tls::protocol_version> only{};
    std::chrono::milliseconds timeout{10'000};
    unsigned cost = 0; ///< handshakes of each kind to measure; 0: none
    bool insecure = false;
    bool report = false;
    bool suites = false;
    bool trace = false;
    bool help = false;

    [[nodiscard]] tls::protocol_version lowest() const { return only.value_or(tls::protocol_version::tls_1_2); }
    [[nodiscard]] tls::protocol_version highest() const { return only.value_or(tls::protocol_version::tls_1_3); }
};

/// Reads the arguments after the program's name; the error is a sentence that names what is wrong.
[[nodiscard]] std::expected<options, std::string> parse(std::span<char* const> arguments);

} // namespace doctor
