// SPDX-License-Identifier: Apache-2.0
#include "fake_certificate.hpp"
#include <tls/configuration/check.hpp>
#include <tls/verify/certificate_rules.hpp>

#include <doctest/doctest.h>

namespace unit::key_strength_cases {
namespace {

struct answers {
    bool ours;    ///< a client can be built with the key
    bool servers; ///< a server's certificate may have it
};

answers asked_about(fake::bytes const& key) {
    fake::spec s = fake::leaf();
    s.key = key;
    auto const der = s.der();
    auto const view = tls::x509::certificate_view::parse(der);
    REQUIRE(view);
    return {
        !tls::detail::is_weak_identity(tls::x509::describe_key(*view)), tls::verify::detail::is_strong_key(*view, {})};
}

} // namespace

TEST_CASE("key strength: an RSA key that is too short for a server is too short for us, and the other way round") {
    for (std::size_t const bits : {512U, 1024U, 2040U, 2047U, 2048U, 3072U, 4096U}) {
        CAPTURE(bits);
        auto const [ours, servers] = asked_about(fake::rsa_key(bits));
        CHECK(ours == (bits >= 2048));
        CHECK(servers == ours);
    }
}

} // namespace unit::key_strength_cases
