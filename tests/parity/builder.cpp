// SPDX-License-Identifier: Apache-2.0
#include "parity/parity.hpp"

#include <utility>

/// What a builder does when it is misused in a way that the compiler does not catch.
namespace parity::builder_cases {
namespace {

TEST_CASE_TEMPLATE_DEFINE("Builder: one that was moved from builds nothing, whatever it is told", B, moved_from) {
    constexpr auto v = protocol_version::tls_1_3;
    auto builder = tls::client<B>::configure().versions(v, v).trust(trust(pki())).no_identity();
    REQUIRE(std::move(builder).build());
    SUBCASE("nothing") {}
    SUBCASE("a setting") { builder = std::move(builder).suites({tls::cipher_suite::aes_128_gcm_sha256}); }
    auto const again = std::move(builder).build();
    REQUIRE_FALSE(again);
    CHECK(again.error() == errc::bad_configuration);
    CHECK(again.error().about.view() == "this builder was moved from");
}

TEST_CASE_TEMPLATE_DEFINE("Builder: one that was moved from does not decide on trust", B, moved_from_before) {
    auto builder = tls::client<B>::configure();
    auto const client = std::move(builder).insecure_accept_any_server().no_identity().build();
    REQUIRE(client);
    auto const again = std::move(builder).trust(trust(pki())).no_identity().build();
    REQUIRE_FALSE(again);
    CHECK(again.error().about.view() == "this builder was moved from");
}

TEST_CASE_TEMPLATE_APPLY(moved_from, backends);
TEST_CASE_TEMPLATE_APPLY(moved_from_before, backends);

} // namespace
// What both libraries can do as twintls builds them, and one of them cannot: found out by the compiler.
static_assert(tls::parity<tls::wolfssl, tls::mbedtls, tls::feature::crl, tls::feature::exporter>);
static_assert(tls::parity<tls::wolfssl, tls::mbedtls, tls::feature::tls_1_3, tls::feature::session_tickets>);
static_assert(!tls::parity<tls::wolfssl, tls::mbedtls, tls::feature::crl, tls::feature::key_update>);
static_assert(tls::parity<tls::wolfssl, tls::wolfssl, tls::feature::key_update>);

} // namespace parity::builder_cases
