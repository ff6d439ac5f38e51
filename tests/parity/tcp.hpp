// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "check.hpp"
#include <tls/transport/tcp.hpp>

#include <chrono>
#include <cstdint>
#include <utility>

namespace parity {

/// Deadlines that a working test never reaches.
inline constexpr tls::tcp_options patient{
    .read_timeout = std::chrono::minutes(1),
    .write_timeout = std::chrono::minutes(1)};

/// A connection to a server on this machine; the test ends if there is none.
inline tls::tcp_stream connection_to(std::uint16_t port, tls::tcp_options const& o = patient) {
    auto tcp = tls::tcp_stream::connect("127.0.0.1", port, o);
    REQUIRE(tcp);
    return std::move(*tcp);
}

} // namespace parity
