// SPDX-License-Identifier: Apache-2.0
#include "parity/failure_table.hpp"

#include <string>
#include <utility>
#include <vector>

namespace parity::failures_negotiation_cases {
namespace {

using tls::alert;

scenario meeting(protocol_version v, testbed::server_options server) {
    scenario s;
    s.client = only(v);
    s.server = serving(std::move(server));
    return s;
}

} // namespace

TEST_CASE("failures: no version in common") {
    for (protocol_version const v : versions) {
        auto const other = v == protocol_version::tls_1_2 ? protocol_version::tls_1_3 : protocol_version::tls_1_2;
        // A server of TLS 1.2 finds no suite it knows in a ClientHello of 1.3, and reports that.
        bool const refused = v == protocol_version::tls_1_3;
        row r{
            .name = named(v, "against a server of the other version only"),
            .expected = refused ? errc::handshake_refused : errc::no_common_version,
            .received = refused ? alert::handshake_failure : alert::protocol_version,
            .what = meeting(v, good_server(other))};
        check(r);
        r.what.server = serving<testbed::wolfssl_server>(good_server(other));
        r.name += ", wolfSSL's";
        check(r);
    }
    // A server that answers with what was not offered.
    row chosen{
        .name = "TLS 1.3: a ServerHello of TLS 1.2",
        .expected = errc::no_common_version,
        .what = meeting(protocol_version::tls_1_3, good_server(protocol_version::tls_1_3))};
    auto const old = undisturbed_records(meeting(protocol_version::tls_1_2, good_server(protocol_version::tls_1_2)));
    chosen.what.server = [old] {
        testbed::bytes flight;
        for (auto const& record : old) testbed::append(flight, record);
        return std::make_unique<canned_peer>(flight, true);
    };
    check(chosen);
}

TEST_CASE("failures: no suite, no group, no protocol, no such server") {
    for (protocol_version const v : versions) {
        bool const tls_1_3 = v == protocol_version::tls_1_3;
        auto const row_for = [&](std::string_view what, errc expected, std::optional<alert> received, auto change) {
            auto options = good_server(v);
            change(options);
            row r{.name = named(v, what), .expected = expected, .received = received, .what = meeting(v, options)};
            check(r);
        };
        row_for("suites", errc::handshake_refused, alert::handshake_failure, [&](testbed::server_options& o) {
            // CCM, which this client does not offer.
            o.suites = {static_cast<std::uint16_t>(tls_1_3 ? 0x1304 : 0xc0ac)};
        });
        auto other_group = good_server(v);
        other_group.groups = {24}; // P-384
        // In TLS 1.3 a server asks for its group in a HelloRetryRequest, or should send an alert; this one just leaves.
        row groups{.name = named(v, "groups"), .expected = errc::peer_closed, .what = meeting(v, other_group)};
        groups.what.client.groups = {{tls::named_group::x25519, tls::named_group::secp256r1}};
        check(groups);
        if (tls_1_3) {
            groups.name += ", asked for";
            groups.expected = errc::no_common_group;
            groups.what.server = serving<testbed::wolfssl_server>(other_group);
            check(groups);
        }
        row r{.name = named(v, "ALPN"), .expected = errc::alpn_mismatch, .received = alert::no_application_protocol};
        auto options = good_server(v);
        options.alpn = {"mqtt"};
        r.what = meeting(v, options);
        r.what.client.alpn = {"h2", "http/1.1"};
        check(r);

        row_for("server name", errc::unrecognized_name, alert::unrecognized_name, [](testbed::server_options& o) {
            o.only_server_name = "other.example";
        });
    }
}

} // namespace parity::failures_negotiation_cases
