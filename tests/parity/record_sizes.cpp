// SPDX-License-Identifier: Apache-2.0
#include "parity/resumption.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>
#include <vector>

/// Both backends cut what is written into the same records, of the same size.
namespace parity::record_sizes_cases {
namespace {

/// The sizes of the records that one write of so many bytes becomes.
template <class B> std::vector<std::size_t> records_of(std::size_t size, protocol_version v, tls::cipher_suite suite) {
    auto c = connected<pairing<B, testbed::mbedtls_server>>(only(v, {.suites = {{suite}}}), good_server(v));
    std::size_t const before = c.pipe.to_server.history().size();
    auto const data = testbed::pattern(size, 5);
    testbed::byte_view rest = data;
    while (!rest.empty()) {
        auto const n = c.client.write(rest);
        REQUIRE(n);
        rest = rest.subspan(*n);
        c.carry();
    }
    testbed::serve(c.server, c.pipe);
    CHECK(c.server.received() == data);
    std::vector<std::size_t> sizes;
    for (auto const& r : testbed::wire::records(testbed::byte_view(c.pipe.to_server.history()).subspan(before)))
        sizes.push_back(r.body.size());
    return sizes;
}

} // namespace

TEST_CASE("records: cut alike by both, without a tail of one byte") {
    using enum tls::cipher_suite;
    struct row {
        protocol_version version;
        tls::cipher_suite suite;
        std::size_t overhead;
    };
    constexpr auto tls_1_2 = protocol_version::tls_1_2;
    constexpr auto tls_1_3 = protocol_version::tls_1_3;
    constexpr row rows[] = {
        {tls_1_2, ecdhe_ecdsa_aes_128_gcm_sha256, 8 + 16},
        {tls_1_2, ecdhe_ecdsa_chacha20_poly1305_sha256, 16},
        {tls_1_3, aes_128_gcm_sha256, 1 + 16},
        {tls_1_3, chacha20_poly1305_sha256, 1 + 16}};
    for (row const& r : rows)
        for (std::size_t const size : {1U, 15U, 16U, 100U, 16383U, 16384U, 16385U, 32768U, 40000U}) {
            CAPTURE(tls::name(r.suite));
            CAPTURE(size);
            std::vector<std::size_t> expected;
            for (std::size_t left = size; left != 0; left -= std::min<std::size_t>(left, 16384))
                expected.push_back(std::min<std::size_t>(left, 16384) + r.overhead);
            CHECK(records_of<tls::wolfssl>(size, r.version, r.suite) == expected);
            CHECK(records_of<tls::mbedtls>(size, r.version, r.suite) == expected);
        }
}

PARITY_CASE("records: as large as the client says, and no larger", pairings, P, v) {
    auto const client = tls::client<typename P::backend>::configure()
                            .versions(v, v)
                            .trust(trust(pki()))
                            .no_identity()
                            .record_size(100)
                            .build();
    REQUIRE(client);
    auto c = converse<P>(*client, good_server(v));
    REQUIRE(c.run());
    std::size_t const before = c.pipe.to_server.history().size();
    auto const data = testbed::pattern(1050, 7);
    for (testbed::byte_view rest = data; !rest.empty();) {
        auto const n = c.client.write(rest);
        REQUIRE(n);
        CHECK(*n == std::min<std::size_t>(rest.size(), 100));
        rest = rest.subspan(*n);
    }
    c.run();
    CHECK(c.server.received() == data);
    std::size_t records = 0;
    for (auto const& r : testbed::wire::records(testbed::byte_view(c.pipe.to_server.history()).subspan(before))) {
        CHECK(r.body.size() <= 100 + 8 + 16 + 1);
        ++records;
    }
    CHECK(records == 11);
    for (std::size_t const wrong : {0U, 63U, 16385U}) {
        auto const refused =
            tls::client<typename P::backend>::configure().trust(trust(pki())).no_identity().record_size(wrong).build();
        CHECK(refused.error().about.view() == "records hold 64 to 16384 bytes");
    }
}

namespace {

constexpr unsigned max_fragment_length = 1; // the extension (RFC 6066 section 4)

/// True if no record of this direction is larger than the agreement allows, from the second on: the first has the
/// hello.
bool keeps(testbed::byte_view stream, std::size_t length) {
    bool is_hello = true;
    for (auto const& r : testbed::wire::records(stream))
        if (!std::exchange(is_hello, false) && r.body.size() > length + 8 + 16) return false;
    return true;
}

/// Whether this server takes part: Mbed TLS's does under TLS 1.2 only.
template <class P> bool agrees(protocol_version v) {
    return std::is_same_v<typename P::server, testbed::wolfssl_server> || v == protocol_version::tls_1_2;
}

/// Sends data both ways, and says whether the records on the way were short.
///
/// RFC 8446 section 5.4: under TLS 1.3 the type of a record's content counts.
template <class P> bool talks_in_short_records(conversation<P>& c, std::size_t length, bool server_agreed) {
    auto const data = testbed::pattern(5000, 3);
    std::size_t const most = length - (c.client.facts().version == protocol_version::tls_1_3 ? 1 : 0);
    for (testbed::byte_view rest = data; !rest.empty();) {
        auto const n = c.client.write(rest);
        REQUIRE(n);
        CHECK(*n == std::min(rest.size(), most));
        rest = rest.subspan(*n);
        c.carry();
    }
    testbed::serve(c.server, c.pipe);
    CHECK(c.server.received() == data);
    c.server.send(data);
    testbed::serve(c.server, c.pipe);
    c.carry();
    testbed::bytes got;
    while (got.size() < data.size()) {
        auto const more = c.read();
        REQUIRE_MESSAGE(more, tls::explain(more.error()));
        testbed::append(got, *more);
    }
    CHECK(got == data);
    return keeps(c.pipe.to_server.history(), length) && (!server_agreed || keeps(c.pipe.to_client.history(), length));
}

} // namespace

PARITY_CASE("fragments: the same bytes ask for them, in a hello for any version", backends, B) {
    for (auto const& range :
         {std::pair(versions[0], versions[0]), {versions[0], versions[1]}, {versions[1], versions[1]}}) {
        auto const asks = [&](std::size_t length) {
            return hello_of<B>(client_of<B>({.lowest = range.first, .highest = range.second, .max_fragment = length})
                                   .engine(tls::server_name::dns("localhost")));
        };
        CHECK_FALSE(asks(0).has_extension(max_fragment_length));
        for (unsigned code = 1; code <= 4; ++code)
            CHECK(asks(std::size_t{256} << code).bodies.at(max_fragment_length) == testbed::octets({code}));
    }
    for (std::size_t const wrong : {1U, 256U, 511U, 8192U, 16384U, 66048U}) {
        auto const refused = build<B>({.max_fragment = wrong});
        REQUIRE(!refused);
        CHECK(refused.error() == errc::bad_configuration);
        CHECK(refused.error().about.view() == "a maximum fragment is 512, 1024, 2048 or 4096 bytes");
    }
    CHECK(!tls::client<B>::configure().trust(trust(pki())).no_identity().max_fragment_length(0).build());
}

TEST_CASE("fragments: a signature of ours that is longer goes out in two records, or is refused at build()") {
    client_options const asked = {.who = identity(pki(testbed::key_kind::rsa_4096).client), .max_fragment = 512};
    auto const refused = build<tls::wolfssl>(asked);
    REQUIRE(!refused);
    CHECK(refused.error() == errc::unsupported);
    CHECK(refused.error().about.view() == "a maximum fragment length below our signature's");
    auto const second = tls::client<tls::wolfssl>::configure()
                            .trust(trust(pki()))
                            .identities({identity(pki().client), *asked.who})
                            .max_fragment_length(512)
                            .build();
    REQUIRE(!second);
    CHECK(second.error() == errc::unsupported);
    CHECK(second.error().about.view().starts_with("identity 2"));

    constexpr auto v = protocol_version::tls_1_2; // with the server that agrees
    auto const is_cut = [&](auto const& c) {
        CHECK(c.server.client_certificates_received() == 2);
        CHECK(keeps(c.pipe.to_server.history(), 512));
    };
    auto const server = strict_server(v, testbed::key_kind::rsa_4096);
    is_cut(connected<pairing<tls::mbedtls, testbed::mbedtls_server>>(asked, server));
    is_cut(connected<pairing<tls::wolfssl, testbed::mbedtls_server>>(only(v, asked), server));
}

PARITY_CASE("fragments: what was agreed is kept both ways, our certificate included", pairings, P, v) {
    for (std::size_t const length : {512U, 2048U}) {
        CAPTURE(length);
        auto c = connected<P>({.who = identity(pki().client), .max_fragment = length}, strict_server(v));
        bool const agreed = agrees<P>(v);
        auto const said = c.client.facts().max_fragment_length;
        REQUIRE(said.known());
        CHECK(*said == (agreed ? length : 0));
        CHECK(c.server.client_certificates_received() == 2);
        if (!agreed) continue; // a server is not told to expect the parts of our messages
        CHECK(talks_in_short_records(c, length, agreed));
    }
    auto c = connected<P>({}, good_server(v));
    CHECK(!c.client.facts().max_fragment_length.known());
}

PARITY_CASE("fragments: a server that does not agree gets short records, and may send long ones", pairings, P) {
    constexpr auto v = protocol_version::tls_1_3;
    if (agrees<P>(v)) return;
    auto c = connected<P>({.max_fragment = 512}, good_server(v));
    CHECK(c.client.facts().max_fragment_length == std::uint16_t{0});
    CHECK(talks_in_short_records(c, 512, false));
    c.server.send(testbed::pattern(16384, 1));
    testbed::serve(c.server, c.pipe);
    c.carry();
    CHECK(c.read().value_or(testbed::bytes{}).size() == 16384);
}

PARITY_CASE("fragments: a resumed session goes on with them, and only with the same", pairings, P, v) {
    auto const server = ticket_server(v);
    tls::memory_ticket_store store;
    auto const client = client_of<P>(only(v, {.store = &store, .max_fragment = 1024}));
    CHECK(!visit<P>(client, server).resumed);
    auto c = converse<P>(client, server);
    REQUIRE(c.run());
    CHECK(c.client.facts().resumed);
    CHECK(talks_in_short_records(c, 1024, agrees<P>(v)));
    CHECK(!visit<P>(client_of<P>(only(v, {.store = &store, .max_fragment = 512})), server).resumed);
    CHECK(!visit<P>(client_of<P>(only(v, {.store = &store})), server).resumed);
}

PARITY_CASE("fragments: a record longer than agreed is refused before it is decrypted", pairings, P, v) {
    if (!agrees<P>(v)) return;
    std::size_t const overhead = v == protocol_version::tls_1_3 ? 1 + 16 : 8 + 16;
    for (bool const too_long : {false, true}) {
        auto c = connected<P>({.max_fragment = 512}, good_server(v));
        auto const record = testbed::wire::make_record(23, testbed::bytes(512 + overhead + (too_long ? 1 : 0)));
        REQUIRE(c.client.feed(record));
        auto const n = c.read();
        REQUIRE(!n);
        CHECK_MESSAGE(n.error() == (too_long ? errc::record_overflow : errc::bad_record_mac), tls::explain(n.error()));
        if (too_long) CHECK(n.error().sent == tls::alert::record_overflow);
        CHECK(c.read().error() == n.error().code);
    }
}

} // namespace parity::record_sizes_cases
