// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"
#include "fake_certificate.hpp"
#include <tls/verify/name_match.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace unit::verify_name_match_cases {
namespace {

using fake::bytes;
using tls::server_name;
using tls::verify::dns_name_matches;

bool matches(std::vector<bytes> const& names, std::string_view wanted, std::string_view common = "leaf") {
    fake::spec s;
    s.subject = fake::common_name(common);
    s.names = names;
    bytes const der = s.der();
    auto const view = tls::x509::certificate_view::parse(der);
    REQUIRE(view);
    auto const name = server_name::parse(wanted);
    REQUIRE(name);
    return tls::verify::matches(*view, *name);
}

} // namespace

TEST_CASE("name match: DNS names and wildcards") {
    struct row {
        std::string_view presented;
        std::string_view reference;
        bool match;
    };
    std::string const label63(63, 'a');
    row const rows[] = {
        {"example.com", "example.com", true},
        {"EXAMPLE.com", "example.com", true},
        {"example.com.", "example.com", true},
        {"example.com", "example.com.", true},
        {"example.com..", "example.com", false},
        {"example.com", "example.org", false},
        {"example.com", "www.example.com", false},
        {"www.example.com", "example.com", false},
        {"xample.com", "example.com", false},
        {"localhost", "localhost", true},
        {"localhost", "localhos", false},
        {"my_host.example", "my_host.example", true},
        {"", "example.com", false},
        {".", "example.com", false},
        {".example.com", "example.com", false},
        {".example.com", "a.example.com", false},
        {"example.com ", "example.com", false},
        {" example.com", "example.com", false},
        {std::string_view("example.com\0", 12), "example.com", false},
        {std::string_view("example.com\0.evil.org", 21), "example.com", false},
        {std::string_view("*.example.com\0", 14), "a.example.com", false},

        {"*.example.com", "www.example.com", true},
        {"*.EXAMPLE.com", "www.example.com", true},
        {"*.example.com.", "www.example.com", true},
        {"*.example.com", "xn--bcher-kva.example.com", true},
        {"*.example.com", "example.com", false},
        {"*.example.com", "a.b.example.com", false},
        {"*.example.com", ".example.com", false},
        {"*.example.com", "wwwexample.com", false},
        {"*.example.com", "www.example.org", false},
        {"*.a.example.com", "x.a.example.com", true},
        {"*.com", "example.com", false},
        {"*.com.", "example.com", false},
        {"*.localhost", "a.localhost", false},
        {"*", "localhost", false},
        {"*", "example.com", false},
        {"*.", "example.com", false},
        {"*.*.com", "www.example.com", false},
        {"*.*", "example.com", false},
        {"**.example.com", "www.example.com", false},
        {"f*.example.com", "foo.example.com", false},
        {"*f.example.com", "foof.example.com", false},
        {"w*w.example.com", "www.example.com", false},
        {"www.*.com", "www.example.com", false},
        {"foo.*.example.com", "foo.bar.example.com", false},
        {"example.*", "example.com", false},
        {"*example.com", "example.com", false},
        {"*.example..com", "a.example..com", false},
        {"*..example.com", "a..example.com", false},
        {"*.example.com", "*.example.com", true}, // no server_name is like this
    };
    for (auto const& r : rows) {
        CAPTURE(r.presented);
        CAPTURE(r.reference);
        CHECK(dns_name_matches(r.presented, r.reference) == r.match);
    }
    CHECK(dns_name_matches(label63 + ".example.com", label63 + ".example.com"));
    CHECK_FALSE(dns_name_matches(label63 + "a.example.com", label63 + "a.example.com"));
}

TEST_CASE("name match: any of the subjectAltName's names will do, the common name never") {
    CHECK(matches({fake::dns("a.example"), fake::dns("b.example")}, "b.example"));
    CHECK_FALSE(matches({fake::dns("a.example")}, "b.example"));
    CHECK_FALSE(matches({}, "host.example", "host.example"));
    CHECK_FALSE(matches({fake::dns("a.example")}, "host.example", "host.example"));
    CHECK_FALSE(matches({fake::email("a@b.example")}, "host.example", "host.example"));
    CHECK_FALSE(matches({fake::email("host.example")}, "host.example"));
    CHECK_FALSE(matches({fake::uri("host.example")}, "host.example"));
    CHECK(matches({fake::email("x@y"), fake::dns("host.example")}, "HOST.example."));
}

TEST_CASE("name match: an IP address only against an iPAddress of the same octets") {
    CHECK(matches({fake::ip({192, 0, 2, 1})}, "192.0.2.1"));
    CHECK_FALSE(matches({fake::ip({192, 0, 2, 1})}, "192.0.2.2"));
    CHECK_FALSE(matches({fake::dns("192.0.2.1")}, "192.0.2.1"));
    CHECK_FALSE(matches({fake::dns("*.0.2.1")}, "192.0.2.1"));
    CHECK_FALSE(matches({fake::tlv(0x82, fake::of({192, 0, 2, 1}))}, "192.0.2.1"));
    CHECK_FALSE(matches({fake::uri("192.0.2.1")}, "192.0.2.1"));
    CHECK_FALSE(matches({}, "192.0.2.1", "192.0.2.1"));
    CHECK_FALSE(matches({fake::ip({192, 0, 2})}, "192.0.2.1"));
    CHECK_FALSE(matches({fake::ip({192, 0, 2, 1, 0})}, "192.0.2.1"));
    CHECK_FALSE(matches({fake::ip({192, 0, 2, 1, 255, 255, 255, 255})}, "192.0.2.1"));
    bytes const loopback = fake::ip({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
    CHECK(matches({loopback}, "::1"));
    CHECK_FALSE(matches({loopback}, "::2"));
    CHECK_FALSE(matches({fake::dns("::1")}, "::1"));
    bytes const mapped = fake::ip({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 1});
    CHECK_FALSE(matches({mapped}, "192.0.2.1"));
    CHECK_FALSE(matches({fake::ip({192, 0, 2, 1})}, "::ffff:192.0.2.1"));
    bytes const text_as_octets = fake::ip({'a', '.', 'b', 'c'});
    CHECK_FALSE(matches({text_as_octets}, "a.bc"));
}

} // namespace unit::verify_name_match_cases
