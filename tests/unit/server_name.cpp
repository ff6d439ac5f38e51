// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"
#include <tls/core/server_name.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

namespace unit::server_name_cases {
namespace {

using tls::errc;
using tls::server_name;

static_assert(std::is_trivially_copyable_v<server_name>);
static_assert(server_name::parse("Example.COM.")->text() == "example.com");
static_assert(server_name::parse("::1")->is_ip());

std::string label(std::size_t size) {
    std::string text;
    text.resize(size, 'a');
    return text;
}

/// 253 bytes: three labels of 63, one of 61.
std::string longest() { return label(63) + "." + label(63) + "." + label(63) + "." + label(61); }

} // namespace

TEST_CASE("server_name: DNS names are normalised") {
    struct row {
        std::string given;
        std::string text;
    };
    row const rows[] = {
        {"example.com", "example.com"},  {"Example.COM", "example.com"},
        {"example.com.", "example.com"}, {"localhost", "localhost"},
        {"my_host", "my_host"},          {"_service.example", "_service.example"},
        {"a-b.example", "a-b.example"},  {"xn--bcher-kva.example", "xn--bcher-kva.example"},
        {"1.example", "1.example"},      {"1a", "1a"},
        {"1.2.3.4a", "1.2.3.4a"},        {label(63) + ".example", label(63) + ".example"},
        {longest(), longest()},          {longest() + ".", longest()},
    };
    for (auto const& r : rows) {
        CAPTURE(r.given);
        auto const name = server_name::dns(r.given);
        REQUIRE(name);
        CHECK(name->text() == r.text);
        CHECK(std::string(name->c_str()) == r.text);
        CHECK_FALSE(name->is_ip());
        CHECK(name->ip_bytes().empty());
        CHECK(*server_name::parse(r.given) == *name);
    }
}

TEST_CASE("server_name: what is not a DNS name is refused") {
    using namespace std::string_view_literals;
    std::string const rows[] = {
        "",
        ".",
        "..",
        ".example",
        "a..b",
        "example..",
        " example.com",
        "example.com ",
        "exa mple.com",
        std::string("example.com\0"sv),
        std::string("good.example\0.evil.example"sv),
        std::string("\0"sv),
        "example.com/path",
        "example.com:443",
        "user@example.com",
        "*.example.com",
        "*",
        "-a.example",
        "a-.example",
        "a.-b",
        "a.b-",
        "a.b-.",
        std::string("b\xc3\xbc") + "cher.example",
        "1.2.3.4",
        "1.2.3",
        "example.123",
        "123",
        "127.0.0.1.",
        "::1",
        "[::1]",
        label(64),
        label(64) + ".example",
        longest() + "a",
        longest() + "a.",
        longest() + ".a",
    };
    for (auto const& given : rows) {
        CAPTURE(given);
        auto const name = server_name::dns(given);
        REQUIRE_FALSE(name);
        CHECK(name.error().code == errc::bad_server_name);
        CHECK(name.error().about == tls::short_text(given));
    }
}

TEST_CASE("server_name: IP addresses have one canonical text") {
    struct row {
        std::string_view given;
        std::string_view text;
        std::size_t size;
    };
    row const rows[] = {
        {"127.0.0.1", "127.0.0.1", 4},
        {"0.0.0.0", "0.0.0.0", 4},
        {"255.255.255.255", "255.255.255.255", 4},
        {"192.0.2.10", "192.0.2.10", 4},
        {"::", "::", 16},
        {"::1", "::1", 16},
        {"1::", "1::", 16},
        {"2001:DB8::0001", "2001:db8::1", 16},
        {"2001:db8:0:0:0:0:0:1", "2001:db8::1", 16},
        {"2001:0db8:0000:0000:0001:0000:0000:0001", "2001:db8::1:0:0:1", 16},
        {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1", 16},
        {"1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0", 16},
        {"::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8", 16},
        {"0:0:1::", "0:0:1::", 16},
        {"1:0:0:2:0:0:0:3", "1:0:0:2::3", 16},
        {"fe80::a:b:c:d", "fe80::a:b:c:d", 16},
        {"::ffff:192.0.2.1", "::ffff:192.0.2.1", 16},
        {"::ffff:c000:201", "::ffff:192.0.2.1", 16},
        {"64:ff9b::192.0.2.33", "64:ff9b::c000:221", 16},
        {"1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304", 16},
        {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 16},
    };
    for (auto const& r : rows) {
        CAPTURE(r.given);
        auto const name = server_name::ip(r.given);
        REQUIRE(name);
        CHECK(name->text() == r.text);
        CHECK(name->is_ip());
        CHECK(name->ip_bytes().size() == r.size);
        auto const again = server_name::ip(name->text());
        REQUIRE(again);
        CHECK(std::ranges::equal(again->ip_bytes(), name->ip_bytes()));
        CHECK(*server_name::parse(r.given) == *name);
        CHECK_FALSE(server_name::dns(r.given));
    }
}

TEST_CASE("server_name: the octets of an address are in network order") {
    auto const v4 = server_name::ip("1.2.3.4");
    REQUIRE(v4);
    CHECK(v4->ip_bytes()[0] == std::byte{1});
    CHECK(v4->ip_bytes()[3] == std::byte{4});
    auto const v6 = server_name::ip("102::f0e");
    REQUIRE(v6);
    CHECK(v6->ip_bytes()[0] == std::byte{1});
    CHECK(v6->ip_bytes()[1] == std::byte{2});
    CHECK(v6->ip_bytes()[2] == std::byte{0});
    CHECK(v6->ip_bytes()[14] == std::byte{0x0f});
    CHECK(v6->ip_bytes()[15] == std::byte{0x0e});
}

TEST_CASE("server_name: what is not an IP address is refused") {
    std::string_view const rows[] = {
        "",
        "1",
        "1.2.3",
        "1.2.3.",
        ".1.2.3",
        "1.2.3.4.",
        "1.2.3.4.5",
        "1.2.3.256",
        "1.2.3.0256",
        "01.2.3.4",
        "1.2.3.00",
        "1.2.3.-4",
        "1.2.3.+4",
        " 1.2.3.4",
        "1.2.3.4 ",
        "1.2.3.0x4",
        "1..3.4",
        "example.com",
        ":",
        ":::",
        "1:::2",
        "::1::",
        "1::2::3",
        ":1",
        "1:",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:",
        ":1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1:2:3:4:5:6:7:8::",
        "::1:2:3:4:5:6:7:8",
        "1:2:3:4::5:6:7:8",
        "12345::",
        "g::",
        "::1%eth0",
        "fe80::1%1",
        "[::1]",
        "::1.2.3",
        "::1.2.3.256",
        "1.2.3.4::",
        "1:2:3:4:5:6:7:1.2.3.4",
        "1:2:3:4:5:1.2.3.4",
        "::1.2.3.4:5",
    };
    for (auto const given : rows) {
        CAPTURE(given);
        auto const name = server_name::ip(given);
        REQUIRE_FALSE(name);
        CHECK(name.error().code == errc::bad_server_name);
        CHECK(name.error().about.view() == given);
    }
}

TEST_CASE("server_name: equality is that of the name, not of the spelling") {
    CHECK(*server_name::dns("Example.com.") == *server_name::dns("example.COM"));
    CHECK_FALSE(*server_name::dns("a.example") == *server_name::dns("b.example"));
    CHECK(*server_name::ip("::0:1") == *server_name::ip("::1"));
    CHECK_FALSE(*server_name::ip("::1") == *server_name::ip("::2"));
    CHECK_FALSE(*server_name::ip("1.2.3.4") == *server_name::ip("::ffff:1.2.3.4"));
}

TEST_CASE("server_name: the port is kept as it was given, and is 0 where none was") {
    std::array<std::byte, 16> const octets{std::byte{127}, std::byte{0}, std::byte{0}, std::byte{1}};
    std::span<std::byte const> const v6 = octets;
    for (std::uint16_t const port : std::array<std::uint16_t, 5>{0, 1, 443, 8883, 65535}) {
        CAPTURE(port);
        CHECK(server_name::dns("example.com", port)->port() == port);
        CHECK(server_name::ip("127.0.0.1", port)->port() == port);
        CHECK(server_name::ip("::1", port)->port() == port);
        CHECK(server_name::parse("example.com", port)->port() == port);
        CHECK(server_name::parse("127.0.0.1", port)->port() == port);
        CHECK(server_name::address(v6, port)->port() == port);
        CHECK(server_name::address(v6.first(4), port)->port() == port);
    }
    CHECK(server_name::dns("example.com")->port() == 0);
    CHECK(server_name::ip("127.0.0.1")->port() == 0);
    CHECK(server_name::parse("example.com")->port() == 0);
    CHECK(server_name::parse("::1")->port() == 0);
    CHECK(server_name::address(v6)->port() == 0);
    static_assert(server_name::parse("example.com", 443)->port() == 443);
}

TEST_CASE("server_name: the port is not part of the name") {
    CHECK(*server_name::dns("example.com", 443) == *server_name::dns("example.com", 8443));
    CHECK(*server_name::dns("example.com", 443) == *server_name::dns("example.com"));
    CHECK(*server_name::ip("::1", 443) == *server_name::ip("::1"));
    CHECK(server_name::dns("example.com", 443)->text() == "example.com");
    CHECK_FALSE(server_name::dns("example.com:443", 443));
}

} // namespace unit::server_name_cases
