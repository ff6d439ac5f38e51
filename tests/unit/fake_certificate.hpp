// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "testbed/bytes.hpp"
#include "testbed/certificate_parts.hpp"
#include "testbed/der_writer.hpp"
#include <tls/x509/oid.hpp>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Certificates with freely chosen fields and a signature of dummy bytes, for tests that never verify signatures.
namespace fake {

using testbed::bytes;
using testbed::der::bit_string;
using testbed::der::integer;
using testbed::der::join;
using testbed::der::oid;
using testbed::der::sequence;
using testbed::der::tlv;
using testbed::general_name::directory;
using testbed::general_name::dns;
using testbed::general_name::email;
using testbed::general_name::uri;
using view = testbed::byte_view;

inline bytes of(std::initializer_list<unsigned> values) { return testbed::octets(values); }
inline bytes of(std::string_view text) { return testbed::to_bytes(text); }

/// One part of a name, for example {"CN", "device"}; knows CN, O, C and emailAddress.
using name_part = std::pair<std::string, std::string>;

inline bytes name(std::vector<name_part> const& parts, unsigned string_tag = testbed::der::tag_utf8_string) {
    std::vector<bytes> relative_names;
    for (auto const& [type, value] : parts) {
        std::string_view id = "2.5.4.3";
        if (type == "O") id = "2.5.4.10";
        if (type == "C") id = "2.5.4.6";
        if (type == "emailAddress") id = "1.2.840.113549.1.9.1";
        relative_names.push_back(testbed::relative_name(id, value, string_tag));
    }
    return testbed::der::sequence_of(relative_names);
}
inline bytes common_name(std::string_view text) { return name({{"CN", std::string(text)}}); }

inline bytes ip(std::initializer_list<unsigned> octets) { return testbed::general_name::ip(of(octets)); }

inline bytes const usual_exponent = of({1, 0, 1});
inline bytes rsa_key(std::size_t bits, view exponent = usual_exponent) {
    bytes modulus((bits + 7) / 8, std::byte{0x5a});
    modulus[0] = static_cast<std::byte>(1U << ((bits - 1) % 8));
    modulus.back() = std::byte{0x5b};
    if (bits % 8 == 0) modulus.insert(modulus.begin(), std::byte{0});
    bytes const key = sequence({tlv(0x02, modulus), tlv(0x02, exponent)});
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
    return testbed::extension(oid(id), critical, value);
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

    [[nodiscard]] bytes tbs() const { return parts().signed_part(); }
    [[nodiscard]] bytes der() const { return parts().der(); }

    [[nodiscard]] testbed::certificate_parts parts() const {
        std::vector<bytes> const list = extensions();
        return {
            .version = version == 1 ? bytes{} : integer(version - 1),
            .serial = tlv(testbed::der::tag_integer, serial),
            .inner_algorithm = inner_signed_with.empty() ? signed_with : inner_signed_with,
            .issuer = issuer,
            .not_before = testbed::der::time(not_before),
            .not_after = testbed::der::time(not_after),
            .subject = subject,
            .key = key,
            .extensions = list.empty() ? bytes{} : testbed::der::sequence_of(list),
            .outer_algorithm = signed_with,
            .signature = bit_string(signature)};
    }

    [[nodiscard]] std::vector<bytes> extensions() const {
        using testbed::extension;
        using testbed::der::sequence_of;
        std::vector<bytes> list;
        if (ca) list.push_back(extension("2.5.29.19", true, testbed::basic_constraints(*ca, path_len)));
        if (key_usage) {
            unsigned octets = 0;
            for (unsigned const use : *key_usage) octets |= 0x8000U >> use;
            // Always two octets: tests that cut and change every byte check as often as the certificate is long.
            bytes const bits = bit_string(of({octets >> 8U, octets & 0xffU}));
            list.push_back(extension("2.5.29.15", true, bits));
        }
        if (!purposes.empty()) {
            std::vector<bytes> ids;
            for (bytes const& p : purposes) ids.push_back(oid(p));
            list.push_back(extension("2.5.29.37", false, sequence_of(ids)));
        }
        if (!names.empty()) list.push_back(extension("2.5.29.17", false, sequence_of(names)));
        if (subject_key_id) list.push_back(extension("2.5.29.14", false, testbed::der::octet_string(*subject_key_id)));
        if (authority_key_id)
            list.push_back(extension("2.5.29.35", false, testbed::authority_key_identifier(*authority_key_id)));
        if (constraints) list.push_back(extension("2.5.29.30", true, *constraints));
        list.insert(list.end(), more_extensions.begin(), more_extensions.end());
        return list;
    }
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

using testbed::subtrees;
/// A nameConstraints value from GeneralNames.
inline bytes constraints(std::vector<bytes> const& permitted, std::vector<bytes> const& excluded = {}) {
    return testbed::name_constraints(permitted, excluded);
}

/// One second in the middle of the validity every spec has by default: 2030-01-01.
inline constexpr std::int64_t some_time = 1893456000;

} // namespace fake
