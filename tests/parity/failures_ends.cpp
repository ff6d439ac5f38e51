// SPDX-License-Identifier: Apache-2.0
#include "parity/failure_table.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace parity::failures_ends_cases {
namespace {

/// Places to cut a record: before it, inside its header, after the header, and inside its body; -1 is one byte before
/// its end.
constexpr std::array cuts = {0, 1, 5, 6, -1};

rule cut(std::size_t which, int keep, io_trouble then) {
    return [=](std::size_t number, testbed::bytes& record) {
        if (number != which) return io_trouble::none;
        record.resize(keep < 0 ? record.size() - 1 : std::min(static_cast<std::size_t>(keep), record.size()));
        return then;
    };
}

std::string place(protocol_version v, std::size_t record, int keep, io_trouble t) {
    return named(v, t == io_trouble::end ? "end" : "reset")
        .append(" in record ")
        .append(std::to_string(record))
        .append(" after ")
        .append(std::to_string(keep))
        .append(" bytes");
}

scenario good(protocol_version v, bool with_identity) {
    scenario s;
    s.client = only(v);
    if (with_identity) s.client.who = identity(pki().client);
    s.server = serving(with_identity ? asking_server(v) : good_server(v));
    return s;
}

void send_something(testbed::mbedtls_server& s) {
    s.send(testbed::view_of("a first answer"));
    s.send(testbed::view_of("a second answer"));
    s.close();
}

} // namespace

TEST_CASE("failures: the connection ends, or is reset, anywhere in the handshake") {
    for (protocol_version const v : versions) {
        for (bool const with_identity : {false, true}) {
            scenario const whole = good(v, with_identity);
            auto const records = undisturbed_records(whole);
            REQUIRE(records.size() > 2);
            for (std::size_t i = 0; i != records.size(); ++i) {
                for (int const keep : cuts) {
                    for (io_trouble const t : {io_trouble::end, io_trouble::broken}) {
                        row r{
                            .name = place(v, i, keep, t),
                            .expected = t == io_trouble::end ? errc::peer_closed : errc::io_error,
                            .what = whole};
                        r.what.network_rule = cut(i, keep, t);
                        check(r);
                    }
                }
            }
        }
    }
}

TEST_CASE("failures: the connection ends, or is reset, while reading") {
    for (protocol_version const v : versions) {
        scenario whole = good(v, false);
        auto const handshake = undisturbed_records(whole).size();
        whole.server = serving(good_server(v), send_something);
        auto const records = undisturbed_records(whole);
        REQUIRE(records.size() == handshake + 3);
        for (std::size_t i = handshake; i != records.size(); ++i) {
            for (int const keep : cuts) {
                for (io_trouble const t : {io_trouble::end, io_trouble::broken}) {
                    row r{
                        .name = place(v, i, keep, t),
                        .expected = t == io_trouble::end ? errc::truncated : errc::io_error,
                        .phase = tls::phase::reading,
                        .what = whole};
                    r.what.network_rule = cut(i, keep, t);
                    check(r);
                }
            }
        }
        row closed{
            .name = named(v, "closed in order"), .expected = errc::closed, .phase = tls::phase::reading, .what = whole};
        check(closed);
    }
}

TEST_CASE("failures: the connection breaks while writing") {
    for (protocol_version const v : versions) {
        row r{.name = named(v, "a broken pipe"), .expected = errc::io_error, .phase = tls::phase::writing};
        r.what = good(v, false);
        r.what.then = scenario::activity::write;
        r.what.on_write = io_trouble::broken;
        check(r);

        row first{.name = named(v, "a broken pipe before the ClientHello"), .expected = errc::io_error};
        first.what = good(v, false);
        first.what.on_first_write = io_trouble::broken;
        check(first);
    }
}

} // namespace parity::failures_ends_cases
