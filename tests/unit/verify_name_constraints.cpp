// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"
#include "fake_certificate.hpp"
#include <tls/verify/name_constraints.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace unit::verify_name_constraints_cases {
namespace {

using fake::bytes;
using fake::of;
using fake::sequence;
using fake::tlv;
using tls::verify::work_limit;

bool allows(bytes const& constraints, fake::spec const& s, work_limit work = work_limit()) {
    bytes const der = s.der();
    auto const view = tls::x509::certificate_view::parse(der);
    REQUIRE(view);
    return tls::verify::name_constraints_allow(constraints, *view, work);
}

/// A certificate without subject that has exactly this name.
fake::spec named(bytes const& name) {
    fake::spec s;
    s.subject = fake::name({});
    s.names = {name};
    return s;
}

bool permitted(bytes const& base, bytes const& name) { return allows(fake::constraints({base}), named(name)); }
bool excluded(bytes const& base, bytes const& name) { return !allows(fake::constraints({}, {base}), named(name)); }

bytes ip_base(std::initializer_list<unsigned> octets) { return fake::ip(octets); }

} // namespace

TEST_CASE("name constraints: DNS names") {
    struct row {
        std::string_view base;
        std::string_view name;
        bool inside;  // a permitted subtree holds it
        bool touched; // an excluded subtree refuses it
    };
    row const rows[] = {
        {"example.com", "example.com", true, true},
        {"example.com", "a.example.com", true, true},
        {"example.com", "a.b.example.com", true, true},
        {"example.com", "A.EXAMPLE.com.", true, true},
        {"EXAMPLE.com.", "a.example.com", true, true},
        {"example.com", "example.org", false, false},
        {"example.com", "notexample.com", false, false},
        {"example.com", "com", false, false},
        {"example.com", "example.com.evil.org", false, false},
        {"com", "example.com", true, true},
        {"", "example.com", true, true},
        {".example.com", "a.example.com", true, true},
        {".example.com", "example.com", false, true}, // RFC 5280 does not define this form: refused both ways
        {".example.com", "notexample.com", false, false},
        {"example.com", "*.example.com", true, true},
        {"example.com", "*.a.example.com", true, true},
        {"a.example.com", "*.example.com", false, true}, // could be a.example.com
        {"a.b.example.com", "*.example.com", false, false},
        {"example.com", "*.com", false, true},
        {"example.com", "*.org", false, false},
        // What is not a DNS name cannot be compared.
        {"example.com", "a b.example.com", false, true},
        {"example.com", std::string_view("a.example.org\0.example.com", 26), false, true},
        {"example.com", "f*.example.com", false, true},
        {"example.com", "", false, true},
        {"example.com", "a..example.com", false, true},
        {"example.com", "-a.example.com", false, true},
        {"example.com", "a-.example.com", false, true},
        {"example.com", "192.0.2.1", false, true},
        {"example.com", "*.-a.example.com", false, true},
        {"example.com", "a_b-c.example.com", true, true},
        {"example.com", "1.example.com", true, true},
    };
    for (auto const& r : rows) {
        CAPTURE(r.base);
        CAPTURE(r.name);
        CHECK(permitted(fake::dns(r.base), fake::dns(r.name)) == r.inside);
        CHECK(excluded(fake::dns(r.base), fake::dns(r.name)) == r.touched);
    }
}

TEST_CASE("name constraints: IP addresses") {
    bytes const ten = ip_base({10, 0, 0, 0, 255, 0, 0, 0});
    CHECK(permitted(ten, fake::ip({10, 1, 2, 3})));
    CHECK_FALSE(permitted(ten, fake::ip({11, 1, 2, 3})));
    CHECK(excluded(ten, fake::ip({10, 1, 2, 3})));
    CHECK_FALSE(excluded(ten, fake::ip({11, 1, 2, 3})));
    CHECK(permitted(ip_base({10, 9, 9, 9, 255, 0, 0, 0}), fake::ip({10, 1, 2, 3})));
    CHECK(permitted(ip_base({10, 0, 0, 128, 255, 255, 255, 128}), fake::ip({10, 0, 0, 200})));
    CHECK_FALSE(permitted(ip_base({10, 0, 0, 128, 255, 255, 255, 128}), fake::ip({10, 0, 0, 100})));
    CHECK(permitted(ip_base({0, 0, 0, 0, 0, 0, 0, 0}), fake::ip({10, 1, 2, 3})));
    CHECK(permitted(ip_base({10, 1, 2, 3, 255, 255, 255, 255}), fake::ip({10, 1, 2, 3})));
    // A mask with a hole, and bases of odd sizes, are malformed.
    CHECK_FALSE(permitted(ip_base({10, 0, 0, 0, 255, 0, 255, 0}), fake::ip({10, 1, 0, 3})));
    CHECK_FALSE(permitted(ip_base({10, 0, 0, 0, 0xfd, 0, 0, 0}), fake::ip({10, 1, 0, 3})));
    CHECK_FALSE(permitted(ip_base({10, 0, 0, 0}), fake::ip({10, 0, 0, 0})));
    CHECK_FALSE(permitted(ip_base({}), fake::ip({10, 0, 0, 0})));
    CHECK(excluded(ip_base({10, 0, 0, 0}), fake::ip({11, 0, 0, 0})));
    CHECK(excluded(ip_base({10, 0, 0, 0, 255, 0, 255, 0}), fake::ip({11, 0, 0, 0})));

    bytes const v6 = fake::ip({0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
    bytes const documentation = ip_base({0x20, 1,    0xd,  0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                                         0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    CHECK(permitted(documentation, v6));
    CHECK(excluded(documentation, v6));
    // The form is constrained, whichever of its two sizes.
    CHECK_FALSE(permitted(ten, v6));
    CHECK_FALSE(permitted(documentation, fake::ip({10, 1, 2, 3})));
    CHECK_FALSE(excluded(ten, v6));
    CHECK(excluded(ten, fake::ip({10, 1, 2})));
    CHECK_FALSE(permitted(ten, fake::ip({10, 1, 2})));
}

TEST_CASE("name constraints: mail addresses") {
    struct row {
        std::string_view base;
        std::string_view name;
        bool inside;
        bool touched;
    };
    row const rows[] = {
        {"example.com", "a@example.com", true, true},
        {"example.com", "a@EXAMPLE.com", true, true},
        {"example.com", "a@b.example.com", false, false},
        {"example.com", "a@example.org", false, false},
        {".example.com", "a@b.example.com", true, true},
        {".example.com", "a@example.com", false, false},
        {"a@example.com", "a@example.com", true, true},
        {"a@example.com", "a@Example.COM", true, true},
        {"a@example.com", "A@example.com", false, true}, // the same mailbox or not, only its host knows
        {"a@example.com", "b@example.com", false, false},
        {"a@example.com", "a@example.org", false, false},
        {"", "a@example.com", true, true},
        {"example.com", "example.com", false, true},
        {"example.com", "@example.com", false, true},
        {"example.com", "a@", false, true},
        {"example.com", std::string_view("a@example.com\0", 14), false, true},
    };
    for (auto const& r : rows) {
        CAPTURE(r.base);
        CAPTURE(r.name);
        CHECK(permitted(fake::email(r.base), fake::email(r.name)) == r.inside);
        CHECK(excluded(fake::email(r.base), fake::email(r.name)) == r.touched);
    }
}

TEST_CASE("name constraints: an address in the subject counts if there is no subjectAltName") {
    bytes const only_example = fake::constraints({fake::email("example.com")});
    fake::spec s;
    s.subject = fake::name({{"O", "x"}, {"emailAddress", "a@example.com"}}, 0x16);
    CHECK(allows(only_example, s));
    s.subject = fake::name({{"O", "x"}, {"emailAddress", "a@example.org"}}, 0x16);
    CHECK_FALSE(allows(only_example, s));
    s.names = {fake::dns("host.example")};
    CHECK(allows(only_example, s));
}

TEST_CASE("name constraints: URIs by their host") {
    struct row {
        std::string_view base;
        std::string_view name;
        bool inside;
        bool touched;
    };
    row const rows[] = {
        {"example.com", "https://example.com/", true, true},
        {"example.com", "https://EXAMPLE.com:8443/a?b#c", true, true},
        {"example.com", "https://user:pw@example.com", true, true},
        {"example.com", "https://a.example.com/", false, false},
        {"example.com", "https://example.org/?example.com", false, false},
        {"example.com", "https://example.com@example.org/", false, false},
        {"example.com", "https://example.org\\@example.com/", false, false},
        {".example.com", "https://a.example.com/", true, true},
        {".example.com", "https://example.com/", false, false},
        {"example.com", "urn:example.com", false, true},
        {"example.com", "mailto:a@example.com", false, true},
        {"example.com", "https://192.0.2.1/", false, true},
        {"example.com", "https://[::1]/", false, true},
        {"example.com", "https:///path", false, true},
        {"example.com", "://example.com", false, true},
        {"example.com", "", false, true},
    };
    for (auto const& r : rows) {
        CAPTURE(r.base);
        CAPTURE(r.name);
        CHECK(permitted(fake::uri(r.base), fake::uri(r.name)) == r.inside);
        CHECK(excluded(fake::uri(r.base), fake::uri(r.name)) == r.touched);
    }
}

TEST_CASE("name constraints: directory names, in the subject and in the subjectAltName") {
    bytes const base = fake::directory(fake::name({{"C", "NZ"}, {"O", "Example"}}));
    bytes const inside = fake::name({{"C", "NZ"}, {"O", "example"}, {"CN", "a"}}, 0x13);
    bytes const outside = fake::name({{"C", "NZ"}, {"O", "Other"}, {"CN", "a"}});
    bytes const unclear = fake::name({{"C", "NZ"}, {"O", "Ex\xc3\xa4mple"}});
    CHECK(permitted(base, fake::directory(inside)));
    CHECK_FALSE(permitted(base, fake::directory(outside)));
    CHECK(excluded(base, fake::directory(inside)));
    CHECK_FALSE(excluded(base, fake::directory(outside)));
    CHECK_FALSE(permitted(base, fake::directory(unclear)));
    CHECK(excluded(base, fake::directory(unclear)));

    fake::spec s;
    s.subject = inside;
    CHECK(allows(fake::constraints({base}), s));
    CHECK_FALSE(allows(fake::constraints({}, {base}), s));
    s.subject = outside;
    CHECK_FALSE(allows(fake::constraints({base}), s));
    CHECK(allows(fake::constraints({}, {base}), s));
    s.subject = fake::name({});
    CHECK(allows(fake::constraints({base}), s));
}

TEST_CASE("name constraints: each form is constrained for itself") {
    bytes const dns_only = fake::constraints({fake::dns("example.com")});
    CHECK(allows(dns_only, named(fake::ip({192, 0, 2, 1}))));
    CHECK(allows(dns_only, named(fake::email("a@b.example"))));
    CHECK(allows(dns_only, fake::spec{}));
    fake::spec two;
    two.names = {fake::dns("a.example.com"), fake::dns("a.example.org")};
    CHECK_FALSE(allows(dns_only, two));
    CHECK(allows(fake::constraints({fake::dns("example.com"), fake::dns("example.org")}), two));
    bytes const hole = fake::constraints({fake::dns("example.com")}, {fake::dns("secret.example.com")});
    CHECK(allows(hole, named(fake::dns("a.example.com"))));
    CHECK_FALSE(allows(hole, named(fake::dns("a.secret.example.com"))));
}

TEST_CASE("name constraints: other forms refuse the names they may apply to") {
    bytes const id = of({0x88, 3, 0x2a, 3, 4});
    bytes const other_name = tlv(0xa0, of({6, 1, 5}));
    CHECK_FALSE(allows(fake::constraints({id}), named(id)));
    CHECK_FALSE(allows(fake::constraints({}, {id}), named(id)));
    CHECK_FALSE(allows(fake::constraints({}, {other_name}), named(other_name)));
    CHECK(allows(fake::constraints({id}), named(fake::dns("a.example"))));
    CHECK(allows(fake::constraints({id}), named(other_name)));
}

TEST_CASE("name constraints: what is damaged refuses everything") {
    fake::spec const s = named(fake::dns("a.example.com"));
    bytes const base = fake::dns("example.com");
    bytes const good = fake::constraints({base});
    REQUIRE(allows(good, s));
    bytes const minimum_zero = sequence({tlv(0xa0, sequence({base, of({0x80, 1, 0})}))});
    CHECK(allows(minimum_zero, s));
    bytes longer = good;
    longer.push_back(std::byte{0});
    bytes const bad[] = {
        {},
        longer,
        sequence({}),
        sequence({of({0xa0, 0})}),
        sequence({of({0xa1, 0})}),
        sequence({tlv(0xa0, sequence({}))}),
        sequence({tlv(0xa0, base)}),
        sequence({tlv(0xa0, sequence({base, of({0x80, 1, 1})}))}),
        sequence({tlv(0xa0, sequence({base, of({0x81, 1, 9})}))}),
        sequence({tlv(0xa0, sequence({base, of({5, 0})}))}),
        sequence({fake::subtrees(0xa1, {base}), fake::subtrees(0xa0, {base})}),
        sequence({fake::subtrees(0xa0, {base}), fake::subtrees(0xa2, {base})}),
        sequence({fake::subtrees(0xa0, {base}), of({5, 0})}),
        fake::constraints({base, of({0x89, 0})}),
        fake::constraints({base, fake::dns("a b")}),
        fake::constraints({base, fake::dns("*.example.com")}),
        fake::constraints({base, fake::dns("a..b")}),
        fake::constraints({base, fake::dns(".")}),
        fake::constraints({base, fake::email("@example.com")}),
        fake::constraints({base, fake::email("a@")}),
        fake::constraints({base, fake::uri("https://example.com")}),
        fake::constraints({base, fake::ip({1, 2, 3, 4})}),
        fake::constraints({base, fake::directory(tlv(0x30, of({5, 0})))}),
    };
    for (auto const& constraints : bad) CHECK_FALSE(allows(constraints, s));
    for (std::size_t n = 0; n != good.size(); ++n)
        CHECK_FALSE(allows({good.begin(), good.begin() + static_cast<std::ptrdiff_t>(n)}, s));
}

TEST_CASE("name constraints: the work is limited") {
    fake::spec s;
    s.subject = fake::name({});
    std::vector<bytes> bases;
    for (unsigned i = 0; i != 200; ++i) {
        s.names.push_back(fake::dns("a" + std::to_string(i) + ".example.com"));
        bases.push_back(fake::dns("b" + std::to_string(i) + ".example.com"));
    }
    bytes const constraints = fake::constraints({}, bases);
    CHECK(allows(constraints, s));
    CHECK_FALSE(allows(constraints, s, work_limit(100000)));
}

} // namespace unit::verify_name_constraints_cases
