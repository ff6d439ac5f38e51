// SPDX-License-Identifier: Apache-2.0
#include "parity/parity.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

/// What honest servers may do and clients have been known to refuse.
namespace parity::honest_servers_cases {
namespace {

using testbed::bytes;
using tls::handshake_message;
constexpr auto tls_1_2 = protocol_version::tls_1_2;
constexpr auto tls_1_3 = protocol_version::tls_1_3;

/// The ClientHellos a client has said.
template <class P> std::vector<testbed::wire::client_hello> hellos(conversation<P> const& c) {
    std::vector<testbed::wire::client_hello> all;
    for (auto const& r : testbed::wire::records(c.pipe.to_server.history())) {
        bool const is_hello = r.type == testbed::wire::handshake && !r.body.empty() && r.body[0] == std::byte{1};
        if (is_hello) all.push_back(testbed::wire::first_client_hello(testbed::wire::make_record(r.type, r.body)));
    }
    return all;
}

/// To be read where a check fails.
std::string listed(std::vector<unsigned> const& numbers) {
    std::string out;
    for (unsigned const n : numbers) out += std::to_string(n) + " ";
    return out;
}

} // namespace

PARITY_CASE("honest: the second ClientHello is the first with another key share", pairings, P) {
    auto options = good_server(tls_1_3);
    options.groups = {24};
    auto c = connected<P>(client_options{.alpn = {"h2"}}, options);
    auto const said = hellos(c);
    REQUIRE(said.size() == 2);
    CHECK(listed(said[0].extensions) == listed(said[1].extensions));
    CHECK(said[0].session_id == said[1].session_id);
    CHECK(said[0].suites == said[1].suites);
    CHECK(said[0].key_shares == std::vector<unsigned>{29});
    CHECK(said[1].key_shares == std::vector<unsigned>{24});
    for (auto const& [number, body] : said[0].bodies) {
        CAPTURE(number);
        constexpr unsigned key_share = 51;
        if (number != key_share) CHECK(body == said[1].bodies.at(number));
    }
}

PARITY_CASE("honest: a warning about the server name before ServerHello", pairings, P, v) {
    constexpr unsigned warning = 1;
    using enum protocol_version;
    for (auto const& [lowest, highest] : {std::pair{tls_1_2, v}, std::pair{tls_1_2, tls_1_3}, std::pair{v, v}}) {
        CAPTURE(tls::name(lowest));
        CAPTURE(tls::name(highest));
        auto c = converse<P>(client_options{.lowest = lowest, .highest = highest}, good_server(v));
        c.pipe.to_client.tap = [done = false](bytes& stream) mutable {
            if (done || stream.empty()) return;
            done = true;
            auto with = testbed::wire::make_alert(warning, tls::number(tls::alert::unrecognized_name));
            testbed::append(with, stream);
            stream = with;
        };
        auto const done = c.run();
        CHECK_MESSAGE(done, (done ? "" : tls::explain(done.error())));
    }
}

PARITY_CASE("honest: an X25519 value whose highest bit is set", pairings, P, v) {
    // It stands for the same value (RFC 7748 section 5), so what fails is only what covers the bytes themselves.
    constexpr auto kind = testbed::key_kind::rsa_2048; // which needs no group
    auto c = converse<P>(
        only(v, {.anchors = trust(pki(kind)), .groups = {{tls::named_group::x25519}}}), good_server(v, kind));
    c.pipe.to_client.tap = [v](bytes& stream) {
        auto const before =
            v == tls_1_3 ? testbed::octets({0, 0x33, 0, 0x24, 0, 0x1d, 0, 0x20}) : testbed::octets({3, 0, 0x1d, 0x20});
        auto const at = std::ranges::search(stream, before);
        if (!at.empty()) *(at.end() + 31) |= std::byte{0x80};
    };
    auto const done = c.run();
    REQUIRE(!done);
    CHECK_MESSAGE(
        done.error().code == (v == tls_1_3 ? errc::bad_record_mac : errc::bad_handshake_signature),
        tls::explain(done.error()));
}

} // namespace parity::honest_servers_cases
