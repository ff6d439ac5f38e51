// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/connection/facts.hpp>
#include <tls/core/error.hpp>
#include <tls/transport/connect_report.hpp>

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace doctor {

/// What one backend found out.
struct examination {
    std::string library{}; ///< name and version
    std::optional<tls::error> failure{};
    std::string addresses{}; ///< those of the host that were tried, as lines
    // The rest is filled in if there was no failure.
    std::string version{};
    std::string suite{};
    std::string group{};
    std::string alpn{};
    std::string certificate{}; ///< the server's, as lines
    std::string requested{};
    std::string accepts{}; ///< what certificates the server accepts, as lines
    std::string sent{};
    std::string accepted{};
    std::chrono::microseconds time{};
    std::string trace{};
};
using examinations = std::array<examination, 2>;

/// Fills in what a session's facts say; they must still be valid.
void describe(examination& into, tls::facts const& facts);

/// Notes what became of each address that was tried.
void describe(examination& into, tls::connect_report const& attempts);

/// Prints what was negotiated side by side, and what failed.
void print(examinations const& found);

/// Prints what failed; what both have in common, only once.
void print_failures(examinations const& found);

/// Prints lines indented by two columns and broken before column 100.
void print_indented(std::string_view text);

/// Text from the network as printable ASCII.
[[nodiscard]] std::string printable(std::string_view text);

} // namespace doctor
