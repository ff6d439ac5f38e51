// SPDX-License-Identifier: Apache-2.0
#include "parity/failure_table.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace parity::failures_timeouts_cases {
namespace {

/// The deadline passes after this many of the server's records and some bytes of the next, at most all but one; the
/// test spends no time waiting.
rule silence_after(std::size_t records, std::size_t more) {
    return [=](std::size_t number, testbed::bytes& record) {
        if (number != records) return io_trouble::none;
        record.resize(std::min(more, record.size() - 1));
        return io_trouble::timeout;
    };
}

scenario good(protocol_version v) {
    scenario s;
    s.client = only(v);
    s.client.who = identity(pki().client);
    s.server = serving(asking_server(v));
    return s;
}

} // namespace

TEST_CASE("failures: the deadline passes anywhere in the handshake") {
    for (protocol_version const v : versions) {
        scenario const whole = good(v);
        auto const records = undisturbed_records(whole);
        for (std::size_t i = 0; i != records.size(); ++i) {
            for (std::size_t const more : {std::size_t{0}, std::size_t{5}, SIZE_MAX}) {
                row r{
                    .name = named(
                        v, "after records: " + std::to_string(i) + ", bytes of the next: " + std::to_string(more)),
                    .expected = errc::timeout,
                    .what = whole};
                r.what.network_rule = silence_after(i, more);
                check(r);
            }
        }
        row first{.name = named(v, "before the ClientHello has left"), .expected = errc::timeout, .what = whole};
        first.what.on_first_write = io_trouble::timeout;
        check(first);
    }
}

TEST_CASE("failures: the deadline passes while reading and while writing") {
    for (protocol_version const v : versions) {
        scenario whole = good(v);
        std::size_t const handshake = undisturbed_records(whole).size();
        whole.server =
            serving(asking_server(v), [](testbed::mbedtls_server& s) { s.send(testbed::view_of("an answer")); });
        for (std::size_t const more : {std::size_t{0}, std::size_t{5}, std::size_t{6}}) {
            row r{
                .name = named(v, "reading, bytes: " + std::to_string(more)),
                .expected = errc::timeout,
                .phase = tls::phase::reading,
                .what = whole};
            r.what.network_rule = silence_after(handshake, more);
            check(r);
        }
        row writing{
            .name = named(v, "writing"), .expected = errc::timeout, .phase = tls::phase::writing, .what = good(v)};
        writing.what.then = scenario::activity::write;
        writing.what.on_write = io_trouble::timeout;
        check(writing);
    }
}

} // namespace parity::failures_timeouts_cases
