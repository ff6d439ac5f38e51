// SPDX-License-Identifier: Apache-2.0

// Both backends behind the encryption: the input is a script for a server, whose records are sealed under the
// connection's real keys. Neither crashes or blames the build, and what they make of the server is the same.

#include "engine/inputs.hpp"
#include "fuzz.hpp"

#include <string>

namespace {

using fuzz::outcome;
using tls::detail::errc_topic;

/// Whether the server broke the protocol, sent more than is taken or said why it refuses is one class: one client may
/// wait for the rest of what the other refused, and an alert that is not encrypted is believed by one only.
errc_topic class_of(outcome const& o) {
    auto const topic = tls::detail::topic_of(o.code);
    bool const is_protocol = topic == errc_topic::peer || o.code == tls::errc::chain_too_long;
    return is_protocol ? errc_topic::protocol : topic;
}

/// A client that refused nothing may have waited for the rest of what the other refused. The data that every script
/// ends with show that it did not go on.
bool agree(fuzz::played const& one, fuzz::played const& other) {
    outcome const& a = one.made_of_it;
    outcome const& b = other.made_of_it;
    if (a.established != b.established || a.data != b.data) return false;
    auto const waited = [](fuzz::played const& p) {
        auto const code = p.made_of_it.code;
        return p.by_server.waited || code == tls::errc::truncated || code == tls::errc::peer_closed;
    };
    return waited(one) || waited(other) || class_of(a) == class_of(b);
}

/// What docs/parity.md says of the two.
bool is_declared(fuzz::played const& on_mbedtls) {
    return on_mbedtls.made_of_it.code == tls::errc::unsupported_peer_request || on_mbedtls.by_server.odd_requests;
}

void show(char const* name, outcome const& o) {
    std::fprintf(
        stderr, "%s: established %d, alive %d, %zu bytes, %s\n%s\n", name, o.established, o.alive, o.data.size(),
        std::string(tls::name(o.code)).c_str(), o.text.c_str());
}

} // namespace

std::vector<std::vector<std::byte>> fuzz::seeds() { return inputs(); }

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const input = fuzz::bytes_of(data, size);
    auto const on_wolfssl = fuzz::play(fuzz::twintls_on_wolfssl, input);
    auto const on_mbedtls = fuzz::play(fuzz::twintls_on_mbedtls, input);
    if (agree(on_wolfssl, on_mbedtls) || is_declared(on_mbedtls)) return 0;
    for (std::byte const b : input) std::fprintf(stderr, "%02x ", std::to_integer<unsigned>(b));
    std::fprintf(stderr, "\n");
    show("wolfSSL", on_wolfssl.made_of_it);
    show("Mbed TLS", on_mbedtls.made_of_it);
    fuzz::require(false, "both take the same servers, read the same data and refuse for the same class of error");
    return 0;
}
