// SPDX-License-Identifier: Apache-2.0

// Server names: what is accepted is normalised, and means the same when read again.

#include "fuzz.hpp"
#include <tls/core/server_name.hpp>
#include <tls/verify/name_match.hpp>

#include <algorithm>
#include <cstring>

std::vector<std::vector<std::byte>> fuzz::seeds() {
    std::vector<std::vector<std::byte>> out;
    for (std::string_view const text :
         {"example.com", "Example.COM.", "xn--bcher-kva.example", "a_b.example", "1.2.3.4", "255.255.255.255", "::",
          "::1", "2001:db8::1:0:0:1", "::ffff:192.0.2.1", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:1.2.3.4", "*.example.com"}) {
        out.push_back(fuzz::to_bytes(text));
    }
    return out;
}

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const text = fuzz::text_of(data, size);
    static_cast<void>(tls::verify::dns_name_matches(text, "www.example.com"));
    auto const name = tls::server_name::parse(text);
    auto const dns = tls::server_name::dns(text);
    auto const ip = tls::server_name::ip(text);
    fuzz::require(!(dns && ip), "a name or an address, never both");
    fuzz::require(name.has_value() == (dns || ip), "parse is either");
    if (!name) return 0;
    fuzz::require(name->is_ip() == ip.has_value(), "addresses first");
    std::string_view const normal = name->text();
    fuzz::require(std::strlen(name->c_str()) == normal.size(), "no NUL inside");
    fuzz::require(normal.size() <= tls::server_name::max_dns_size && !normal.empty(), "size");
    fuzz::require(
        std::ranges::all_of(
            normal,
            [](char c) {
                return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_' || c == ':';
            }),
        "characters");
    auto const again = tls::server_name::parse(normal);
    fuzz::require(again && *again == *name && again->text() == normal, "the same when read again");
    fuzz::require(std::ranges::equal(again->ip_bytes(), name->ip_bytes()), "the same address");
    fuzz::require(name->is_ip() || tls::verify::dns_name_matches(text, normal), "matches itself");
    return 0;
}
