// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/x509/der.hpp>
#include <tls/x509/oid.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Certificates with every field at will and a signature of dummy bytes, for tests that never verify signatures.
namespace fake {

using bytes = std::vector<std::byte>;
using view = std::span<std::byte const>;

inline bytes of(std::initializer_list<unsigned> values) {
    bytes out;
    for (unsigned const v : values) out.push_back(static_cast<std::byte>(v));
    return out;
}
inline bytes of(std::string_view text) {
    bytes out;
    for (char const c : text) out.push_back(static_cast<std::byte>(c));
    return out;
}
inline bytes join(std::initializer_list<view> parts) {
    bytes out;
    for (view const p : parts) out.insert(out.end(), p.begin(), p.end());
    return out;
}

inline bytes tlv(std::uint8_t tag, view content) {
    bytes out = of({tag});
    std::size_t const n = content.size();
    if (n >= 0x10000)
        out.insert(out.end(), {std::byte{0x83}, static_cast<std::byte>(n >> 16U)});
    else if (n >= 0x100)
        out.push_back(std::byte{0x82});
    else if (n >= 0x80)
        out.push_back(std::byte{0x81});
    if (n >= 0x100) out.push_back(static_cast<std::byte>(n >> 8U & 0xffU));
    out.push_back(static_cast<std::byte>(n & 0xffU));
    out.insert(out.end(), content.begin(), content.end());
    return out;
}
inline bytes tlv(std::uint8_t tag, std::string_view content) { return tlv(tag, of(content)); }
inline bytes sequence(std::initializer_list<view> parts) { return tlv(0x30, join(parts)); }
inline bytes oid(view content) { return tlv(0x06, content); }
inline bytes integer(unsigned small) { return tlv(0x02, of({small})); }
inline bytes bit_string(view octets) { return tlv(0x03, join({of({0}), octets})); }

/// One part of a name, for example {"CN", "device"}; knows CN, O, C and emailAddress.
using name_part = std::pair<std::string, std::string>;

inline bytes name(std::vector<name_part> const& parts, std::uint8_t string_tag = 0x0c) {
    bytes content;
    for (auto const& [type, value] : parts) {
        bytes id = of({0x55, 4, 3});
        if (type == "O") id = of({0x55, 4, 10});
        if (type == "C") id = of({0x55, 4, 6});
        if (type == "emailAddress") id = of({0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 1});
        content = join({content, tlv(0x31, sequence({oid(id), tlv(string_tag, value)}))});
    }
    return tlv(0x30, content);
}
inline bytes common_name(std::string_view text) { return name({{"CN", std::string(text)}}); }

inline bytes dns(std::string_view text) { return tlv(0x82, text); }
inline bytes ip(std::initializer_list<unsigned> octets) { return tlv(0x87, of(octets)); }
inline bytes email(std::string_view text) { return tlv(0x81, text); }
inline bytes uri(std::string_view text) { return tlv(0x86, text); }
inline bytes directory(view name_der) { return tlv(0xa4, name_der); }

inline bytes rsa_key(std::size_t bits) {
    bytes modulus((bits + 7) / 8, std::byte{0x5a});
    modulus[0] = static_cast<std::byte>(1U << ((bits - 1) % 8));
    if (bits % 8 == 0) modulus.insert(modulus.begin(), std::byte{0});
    bytes const key = sequence({tlv(0x02, modulus), tlv(0x02, of({1, 0, 1}))});
    return sequence({sequence({oid(tls::x509::oid<1, 2, 840, 113549, 1, 1, 1>), of({5, 0})}), bit_string(key)});
}
inline bytes ec_key(view curve, std::size_t point_size = 65, unsigned fill = 0x21) {
    bytes point(point_size, static_cast<std::byte>(fill));
    point[0] = std::byte{4};
    return sequence({sequence({oid(tls::x509::oid<1, 2, 840, 10045, 2, 1>), oid(curve)}), bit_string(point)});
}
inline bytes p256_key(unsigned fill = 0x21) { return ec_key(tls::x509::oid<1, 2, 840, 10045, 3, 1, 7>, 65, fill); }
inline bytes p384_key() { return ec_key(tls::x509::oid<1, 3, 132, 0, 34>, 97); }
inline bytes p521_key() { return ec_key(tls::x509::oid<1, 3, 132, 0, 35>, 133); }
inline bytes secp256k1_key() { return ec_key(tls::x509::oid<1, 3, 132, 0, 10>); }
inline bytes ed25519_key() {
    return sequence({sequence({oid(tls::x509::oid<1, 3, 101, 112>)}), bit_string(bytes(32, std::byte{7}))});
}

inline bytes algorithm(view id) { return sequence({oid(id)}); }
inline bytes ecdsa_sha256() { return algorithm(tls::x509::oid<1, 2, 840, 10045, 4, 3, 2>); }
inline bytes ecdsa_sha1() { return algorithm(tls::x509::oid<1, 2, 840, 10045, 4, 1>); }
inline bytes rsa_algorithm(unsigned last) {
    return sequence({oid(of({0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, last})), of({5, 0})});
}

inline bytes extension(view id, view value, bool critical = false) {
    return sequence({oid(id), critical ? of({1, 1, 0xff}) : bytes{}, tlv(0x04, value)});
}
/// keyUsage from its bits as RFC 5280 numbers them.
inline bytes key_usage_value(std::initializer_list<unsigned> uses) {
    unsigned octets = 0;
    for (unsigned const use : uses) octets |= 0x8000U >> use;
    return tlv(0x03, of({0, octets >> 8U, octets & 0xffU}));
}

inline constexpr auto server_auth = tls::x509::oid<1, 3, 6, 1, 5, 5, 7, 3, 1>;
inline constexpr auto client_auth = tls::x509::oid<1, 3, 6, 1, 5, 5, 7, 3, 2>;
inline constexpr auto any_purpose = tls::x509::oid<2, 5, 29, 37, 0>;

/// Everything a certificate says. Unset optionals leave their extension out.
struct spec {
    bytes subject = common_name("leaf");
    bytes issuer = common_name("root");
    unsigned version = 3;
    bytes serial = of({1});
    std::string not_before = "20200101000000Z";
    std::string not_after = "20400101000000Z";
    bytes key = p256_key();
    bytes signed_with = ecdsa_sha256();
    bytes inner_signed_with{}; // if not empty: the copy inside the signed part
    std::optional<bool> ca{};
    std::optional<unsigned> path_len{};
    std::optional<std::vector<unsigned>> key_usage{};
    std::vector<bytes> purposes{};
    std::vector<bytes> names{};
    std::optional<bytes> subject_key_id{};
    std::optional<bytes> authority_key_id{};
    std::optional<bytes> constraints{};
    std::vector<bytes> more_extensions{};
    bytes signature = of({0x30, 0x03, 0x02, 0x01, 0x01});

    [[nodiscard]] bytes time(std::string const& text) const {
        bool const utc = text.size() == 15 && (text.starts_with("20") && text < "2050");
        return utc ? tlv(0x17, std::string_view(text).substr(2)) : tlv(0x18, text);
    }

    [[nodiscard]] bytes extensions() const {
        using tls::x509::oid;
        bytes list;
        auto const add = [&](bytes const& e) { list.insert(list.end(), e.begin(), e.end()); };
        if (ca) {
            bytes const length = path_len ? integer(*path_len) : bytes{};
            add(extension(oid<2, 5, 29, 19>, sequence({*ca ? of({1, 1, 0xff}) : bytes{}, length}), true));
        }
        if (key_usage) {
            unsigned octets = 0;
            for (unsigned const use : *key_usage) octets |= 0x8000U >> use;
            add(extension(oid<2, 5, 29, 15>, tlv(0x03, of({0, octets >> 8U, octets & 0xffU})), true));
        }
        if (!purposes.empty()) {
            bytes ids;
            for (auto const& p : purposes) ids = join({ids, fake::oid(p)});
            add(extension(oid<2, 5, 29, 37>, tlv(0x30, ids)));
        }
        if (!names.empty()) {
            bytes all;
            for (auto const& n : names) all = join({all, n});
            add(extension(oid<2, 5, 29, 17>, tlv(0x30, all)));
        }
        if (subject_key_id) add(extension(oid<2, 5, 29, 14>, tlv(0x04, *subject_key_id)));
        if (authority_key_id) add(extension(oid<2, 5, 29, 35>, sequence({tlv(0x80, *authority_key_id)})));
        if (constraints) add(extension(oid<2, 5, 29, 30>, *constraints, true));
        for (auto const& e : more_extensions) add(e);
        return list;
    }

    [[nodiscard]] bytes tbs() const {
        bytes const list = extensions();
        return sequence(
            {version == 1 ? bytes{} : tlv(0xa0, integer(version - 1)), tlv(0x02, serial),
             inner_signed_with.empty() ? signed_with : inner_signed_with, issuer,
             sequence({time(not_before), time(not_after)}), subject, key,
             list.empty() ? bytes{} : tlv(0xa3, tlv(0x30, list))});
    }

    [[nodiscard]] bytes der() const { return sequence({tbs(), signed_with, bit_string(signature)}); }
};

/// A good leaf for "host.example", issued by `issuer`.
inline spec leaf(std::string_view issuer = "root") {
    spec s;
    s.issuer = common_name(issuer);
    s.names = {dns("host.example")};
    return s;
}
/// A good CA certificate; self-issued, that is a root, if both names are the same.
inline spec authority(std::string_view subject, std::string_view issuer) {
    spec s;
    s.subject = common_name(subject);
    s.issuer = common_name(issuer);
    s.ca = true;
    s.key_usage = {5, 6};
    return s;
}
inline spec root(std::string_view subject = "root") { return authority(subject, subject); }

/// A nameConstraints value from GeneralNames.
inline bytes subtrees(std::uint8_t tag, std::vector<bytes> const& bases) {
    bytes list;
    for (auto const& base : bases) list = join({list, sequence({base})});
    return bases.empty() ? bytes{} : tlv(tag, list);
}
inline bytes constraints(std::vector<bytes> const& permitted, std::vector<bytes> const& excluded = {}) {
    return sequence({subtrees(0xa0, permitted), subtrees(0xa1, excluded)});
}

/// One second in the middle of the validity every spec has by default: 2030-01-01.
inline constexpr std::int64_t some_time = 1893456000;

} // namespace fake
