// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/compare/report.hpp>
#include <tls/connection/facts.hpp>
#include <tls/transport/connect_report.hpp>

#include <array>
#include <string>
#include <string_view>

namespace doctor {

using comparison = tls::comparison<2>;

/// What one backend found out besides, as lines.
struct details {
    std::string addresses{};   ///< those of the host that were tried
    std::string certificate{}; ///< the server's
    std::string accepts{};     ///< what certificates the server accepts
    std::string trace{};
};

/// What both found out.
struct examination {
    comparison found{};
    std::array<details, 2> more{};
};

/// Fills in what a session's facts say; they must still be valid.
void describe(details& into, tls::facts const& facts);

/// Notes what became of each address that was tried.
void describe(details& into, tls::connect_report const& attempts);

/// Prints what was negotiated side by side, and what failed.
void print(examination const& e);

/// Prints what failed; what both have in common, only once.
void print_failures(comparison const& found);

/// The library's name and version.
[[nodiscard]] std::string library(tls::compared_connection const& c);

/// Prints lines indented by two columns and broken before column 100.
void print_indented(std::string_view text);

/// Text from the network as printable ASCII.
[[nodiscard]] std::string printable(std::string_view text);

} // namespace doctor
