// SPDX-License-Identifier: Apache-2.0
#include "parity/parity.hpp"

#include <algorithm>
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

} // namespace parity::record_sizes_cases
