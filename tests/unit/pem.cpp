// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"
#include "fake_certificate.hpp"
#include <tls/x509/base64.hpp>
#include <tls/x509/pem.hpp>

#include <algorithm>
#include <array>
#include <string>

namespace unit::pem_cases {
namespace {

using fake::bytes;
using fake::integer;
using fake::sequence;
using fake::tlv;
using tls::errc;
using namespace tls::x509;

std::string base64(fake::view data, std::string_view line_end = "\n") {
    constexpr std::string_view symbols = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t i = 0; i < data.size(); i += 3) {
        std::size_t const n = std::min<std::size_t>(3, data.size() - i);
        std::uint32_t bits = 0;
        for (std::size_t k = 0; k != 3; ++k)
            bits = bits << 8U | (k < n ? std::to_integer<std::uint32_t>(data[i + k]) : 0U);
        for (std::size_t k = 0; k != 4; ++k) out += k <= n ? symbols[bits >> (18 - 6 * k) & 63U] : '=';
        if (i % 48 == 45) out += line_end;
    }
    if (!out.ends_with('\n')) out += line_end;
    return out;
}

std::string
block(std::string_view label, fake::view data, std::string_view line_end = "\n", std::string const& headers = {}) {
    std::string const l(label);
    std::string const e(line_end);
    return "-----BEGIN " + l + "-----" + e + headers + base64(data, line_end) + "-----END " + l + "-----" + e;
}

bytes const& good_certificate() {
    static bytes const der = fake::leaf().der();
    return der;
}

bytes algorithm() { return sequence({fake::oid(oid<1, 2, 840, 10045, 2, 1>)}); }
bytes pkcs8() { return sequence({integer(0), algorithm(), tlv(4, bytes(20))}); }
bytes sec1() { return sequence({integer(1), tlv(4, bytes(32)), tlv(0xa0, algorithm())}); }
bytes pkcs1() {
    return sequence(
        {integer(0), integer(1), integer(2), integer(3), integer(4), integer(5), integer(6), integer(7), integer(8)});
}
bytes encrypted_pkcs8() { return sequence({algorithm(), tlv(4, bytes(48))}); }

errc certificates_error(std::string_view text) {
    auto const r = certificates_from_pem(text);
    return r ? errc::ok : r.error().code;
}
errc key_error(std::string_view text) {
    auto const r = private_key_from_pem(text);
    return r ? errc::ok : r.error().code;
}

} // namespace

TEST_CASE("base64: decodes what RFC 4648 encodes") {
    std::array<std::byte, 8> out{};
    CHECK(decode_base64("", out) == 0U);
    CHECK(decode_base64("Zg==", out) == 1U);
    CHECK(decode_base64("Zm8=", out) == 2U);
    CHECK(out[1] == std::byte{'o'});
    CHECK(decode_base64("Zm9v", out) == 3U);
    CHECK(decode_base64(" Zm9v\r\n\tYmFy\n", out) == 6U);
    CHECK(out[5] == std::byte{'r'});
    CHECK(decode_base64("+/+/", out) == 3U);
    CHECK(out[0] == std::byte{0xfb});
    bytes all;
    for (unsigned i = 0; i != 256; ++i) all.push_back(static_cast<std::byte>(i));
    for (std::size_t n = 0; n != all.size(); ++n) {
        std::string const text = base64(fake::view(all).first(n));
        bytes decoded(max_decoded_size(text.size()));
        auto const size = decode_base64(text, decoded);
        REQUIRE(size == n);
        CHECK(std::equal(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(n), decoded.begin()));
    }
}

TEST_CASE("base64: any character in any place is what the alphabet says") {
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::array<std::byte, 6> out{};
    for (std::size_t place = 0; place != 4; ++place)
        // A blank in front changes which characters are decoded together.
        for (std::string_view const before : {"", " ", "AB\nCD"})
            for (unsigned c = 0; c != 256; ++c) {
                CAPTURE(c);
                std::string text = "AAAA";
                text[place] = static_cast<char>(c);
                auto const size = decode_base64(std::string(before) + text, out);
                auto const value = alphabet.find(text[place]);
                bool const is_ending = c == '=' && place == 3;
                if (value == std::string_view::npos) {
                    CHECK((is_ending || !size));
                    continue;
                }
                REQUIRE(size == (before.size() < 4 ? 3U : 6U));
                auto const* const group = &out[*size - 3];
                std::uint32_t const bits = std::to_integer<std::uint32_t>(group[0]) << 16U |
                                           std::to_integer<std::uint32_t>(group[1]) << 8U |
                                           std::to_integer<std::uint32_t>(group[2]);
                CHECK(bits == value << (6U * (3U - place)));
            }
}

TEST_CASE("base64: refuses everything else") {
    std::array<std::byte, 8> out{};
    std::string_view const bad[] = {
        "Z",        "Zg",   "Zg=",  "Zm8",  "Zm9v=", "Zg===", "Zg=E", "=",     "====",     "Zg=a",
        "Zg==Zg==", "Zh==", "Zm9=", "Zm-v", "Zm_v",  "Zm9v!", "Z===", "Zm9vY", "Zm9v\x80",
    };
    for (auto const text : bad) {
        CAPTURE(text);
        CHECK_FALSE(decode_base64(text, out));
    }
    CHECK_FALSE(decode_base64(std::string_view("Zm9\0", 4), out));
    CHECK_FALSE(decode_base64("Zm9v", std::span(out).first(2)));
    CHECK_FALSE(decode_base64("Zm8=", std::span(out).first(1)));
    CHECK(decode_base64("Zm8=", std::span(out).first(2)) == 2U);
}

TEST_CASE("pem: finds blocks among other text, with either line end") {
    bytes const& der = good_certificate();
    std::string const variants[] = {
        block("CERTIFICATE", der),
        block("CERTIFICATE", der, "\r\n"),
        "\xef\xbb\xbf" + block("CERTIFICATE", der),
        "subject: CN = leaf\n\n" + block("CERTIFICATE", der) + "\nmore text - even ----- dashes\n",
        "  " + block("CERTIFICATE", der) + std::string(1, '\0'),
        block("X509 CERTIFICATE", der),
        block("EC PARAMETERS", tlv(6, bytes(5))) + block("CERTIFICATE", der),
        block("PRIVATE KEY", pkcs8()) + block("CERTIFICATE", der),
        block("CERTIFICATE", der, " \t\n"),
        block("CERTIFICATE", der, "\r"),
        block("CERTIFICATE", der).substr(0, block("CERTIFICATE", der).size() - 1),
    };
    for (auto const& text : variants) {
        CAPTURE(text);
        auto const found = certificates_from_pem(text);
        REQUIRE(found);
        REQUIRE(found->size() == 1);
        CHECK(tls::x509::der::equal((*found)[0].der(), der));
    }
    auto const three = certificates_from_pem(
        block("CERTIFICATE", der) + block("CERTIFICATE", fake::root().der(), "\r\n") + block("CERTIFICATE", der));
    REQUIRE(three);
    REQUIRE(three->size() == 3);
    CHECK(tls::x509::der::equal((*three)[1].der(), fake::root().der()));
}

TEST_CASE("pem: the parts of a block") {
    std::string const headers = "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00112233445566778899AABBCCDDEEFF\n\n";
    std::string const text = "x\n" + block("RSA PRIVATE KEY", bytes(16), "\n", headers) + "y\n";
    pem_reader reader(text);
    auto const found = reader.next();
    REQUIRE(found);
    REQUIRE(*found);
    CHECK((*found)->label == "RSA PRIVATE KEY");
    CHECK((*found)->headers == headers);
    CHECK((*found)->body == base64(bytes(16)));
    CHECK((*found)->text == text.substr(2, text.size() - 5));
    auto const end = reader.next();
    REQUIRE(end);
    CHECK_FALSE(*end);
}

TEST_CASE("pem: damage is refused, never skipped") {
    std::string const good = block("CERTIFICATE", good_certificate());
    std::string const body = base64(good_certificate());
    auto const replaced = [&](std::string const& what, std::string const& with) {
        std::string text = good;
        text.replace(text.find(what), what.size(), with);
        return text;
    };
    REQUIRE(certificates_error(good) == errc::ok);
    std::string const start = body.substr(0, 3);
    std::string const bad[] = {
        good.substr(0, good.size() / 2),
        good.substr(0, good.find("-----END")),
        good.substr(0, good.size() - 2),
        good.substr(good.find('\n') + 1),
        "-----BEGIN CERTIFICATE-----",
        "-----BEGIN CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\n====\n-----END CERTIFICATE-----\n",
        "-----BEGIN -----\n" + body + "-----END -----\n",
        replaced("-----END CERTIFICATE", "-----END X509 CRL"),
        replaced("-----END CERTIFICATE", "-----END PRIVATE KEY"),
        replaced("-----BEGIN CERTIFICATE-----", "-----BEGIN CERTIFICATE---"),
        replaced("-----BEGIN CERTIFICATE-----", "-----BEGIN CERTIFICATE----- trailing"),
        replaced("-----END CERTIFICATE-----", "-----END CERTIFICATE--"),
        replaced("-----END CERTIFICATE-----", ""),
        replaced(start, "M!I"),
        replaced(start, "MI="),
        replaced(start, std::string("M\0I", 3)),
        replaced("-----BEGIN CERTIFICATE-----\n", "-----BEGIN CERTIFICATE-----\nNo-Blank: line\n"),
        good + good.substr(0, good.size() / 2),
        good + "-----BEGIN CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\n" + good,
        good + "-----END CERTIFICATE-----\n",
    };
    for (auto const& text : bad) {
        CAPTURE(text);
        CHECK(certificates_error(text) == errc::bad_pem);
    }
}

TEST_CASE("pem: the reader refuses damage by itself, whatever the block holds") {
    std::string_view const bad[] = {
        "-----BEGIN X-----\nA: b\nAAAA\n-----END X-----\n",
        "-----BEGIN X-----\nAAAA\n-----BEGIN X-----\nAAAA\n-----END X-----\n",
        "-----BEGIN X12345\nAAAA\n-----END X12345\n",
        "-----BEGIN X-----\nAAAA\n-----END X\n",
        "-----BEGIN X-----\nAAAA\n",
        "-----END X-----\n",
    };
    for (auto const text : bad) {
        CAPTURE(text);
        auto const found = pem_reader(text).next();
        REQUIRE_FALSE(found);
        CHECK(found.error().code == errc::bad_pem);
    }
    auto const good = pem_reader("-----BEGIN X-----\nA: b\n\nAAAA\n-----END X-----\n").next();
    REQUIRE(good);
    REQUIRE(*good);
    CHECK((*good)->headers == "A: b\n\n");
    CHECK((*good)->body == "AAAA\n");
}

TEST_CASE("pem: what is in it instead of a certificate") {
    CHECK(certificates_error("") == errc::empty_input);
    CHECK(certificates_error(" \n") == errc::no_certificate);
    CHECK(certificates_error("hello") == errc::no_certificate);
    CHECK(certificates_error(block("CERTIFICATE REQUEST", bytes(10))) == errc::wrong_format);
    CHECK(certificates_error(block("TRUSTED CERTIFICATE", good_certificate())) == errc::wrong_format);
    CHECK(certificates_error(block("PRIVATE KEY", pkcs8())) == errc::unexpected_private_key);
    CHECK(certificates_error(block("EC PRIVATE KEY", sec1())) == errc::unexpected_private_key);
    CHECK(certificates_error(block("CERTIFICATE", bytes(10))) == errc::bad_certificate_der);
    bytes longer = good_certificate();
    longer.push_back(std::byte{0});
    CHECK(certificates_error(block("CERTIFICATE", longer)) == errc::bad_certificate_der);
    CHECK(
        certificates_error(block("CERTIFICATE", good_certificate()) + block("CERTIFICATE", bytes(1))) ==
        errc::bad_certificate_der);
}

TEST_CASE("pem: private keys of every encoding") {
    struct row {
        std::string_view label;
        bytes der;
        private_key_kind kind;
    };
    row const rows[] = {
        {"PRIVATE KEY", pkcs8(), private_key_kind::pkcs8},
        {"EC PRIVATE KEY", sec1(), private_key_kind::sec1},
        {"RSA PRIVATE KEY", pkcs1(), private_key_kind::pkcs1},
        {"ENCRYPTED PRIVATE KEY", encrypted_pkcs8(), private_key_kind::encrypted_pkcs8},
    };
    for (auto const& r : rows) {
        CAPTURE(r.label);
        std::string const own = block(r.label, r.der);
        auto const key = private_key_from_pem(
            block("EC PARAMETERS", tlv(6, bytes(5))) + block("CERTIFICATE", good_certificate()) + own +
            block("PRIVATE KEY", pkcs8()));
        REQUIRE(key);
        CHECK(key->kind == r.kind);
        CHECK(std::ranges::equal(key->der.span(), r.der));
        CHECK(key->pem.text() == own.substr(0, own.size() - 1) + std::string(1, '\0'));
        auto const found = classify_private_key_der(r.der);
        REQUIRE(found);
        CHECK(*found == r.kind);
    }
}

TEST_CASE("pem: a key encrypted by PEM headers is kept as PEM") {
    std::string const text = block("EC PRIVATE KEY", bytes(32), "\n", "Proc-Type: 4,ENCRYPTED\nDEK-Info: X,00\n\n");
    auto const key = private_key_from_pem(text);
    REQUIRE(key);
    CHECK(key->kind == private_key_kind::legacy_encrypted);
    CHECK_FALSE(key->der.empty());
    CHECK(std::string(reinterpret_cast<char const*>(key->pem.data())) == text.substr(0, text.size() - 1));
}

TEST_CASE("pem: what is in it instead of a private key") {
    std::string const good = block("PRIVATE KEY", pkcs8());
    CHECK(key_error(good) == errc::ok);
    CHECK(key_error("") == errc::empty_input);
    CHECK(key_error("hello") == errc::no_private_key);
    CHECK(key_error(block("EC PARAMETERS", tlv(6, bytes(5)))) == errc::wrong_format);
    CHECK(key_error(block("PUBLIC KEY", fake::p256_key())) == errc::wrong_format);
    CHECK(key_error(block("CERTIFICATE", good_certificate())) == errc::unexpected_certificate);
    CHECK(key_error(good.substr(0, good.size() - 10)) == errc::bad_pem);
    CHECK(key_error(good + "-----BEGIN X-----\n") == errc::bad_pem);
    CHECK(key_error("-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n") == errc::bad_pem);
    CHECK(key_error(block("PRIVATE KEY", bytes(9))) == errc::bad_private_key);
    CHECK(key_error(block("PRIVATE KEY", sec1())) == errc::bad_private_key);
    CHECK(key_error(block("PRIVATE KEY", good_certificate())) == errc::bad_private_key);
    CHECK(key_error(block("RSA PRIVATE KEY", pkcs8())) == errc::bad_private_key);
    CHECK(key_error(block("OPENSSH PRIVATE KEY", pkcs8())) == errc::wrong_format);
    CHECK(key_error(block("DSA PRIVATE KEY", pkcs1())) == errc::unsupported);
}

TEST_CASE("private key: structure of DER") {
    auto const error_of = [](bytes const& der) {
        auto const r = classify_private_key_der(der);
        return r ? errc::ok : r.error().code;
    };
    CHECK(error_of(pkcs8()) == errc::ok);
    CHECK(error_of({}) == errc::empty_input);
    CHECK(error_of(good_certificate()) == errc::unexpected_certificate);
    CHECK(error_of(fake::p256_key()) == errc::bad_private_key);
    bytes longer = pkcs8();
    longer.push_back(std::byte{0});
    CHECK(error_of(longer) == errc::bad_private_key);
    bytes shorter = pkcs8();
    shorter.pop_back();
    CHECK(error_of(shorter) == errc::bad_private_key);
    CHECK(error_of(sequence({})) == errc::bad_private_key);
    CHECK(error_of(sequence({integer(0), algorithm()})) == errc::bad_private_key);
    CHECK(error_of(sequence({integer(2), algorithm(), tlv(4, bytes(2))})) == errc::bad_private_key);
    CHECK(error_of(sequence({integer(1), algorithm(), tlv(4, bytes(2))})) == errc::ok); // OneAsymmetricKey
    CHECK(error_of(sequence({integer(0), tlv(4, bytes(2))})) == errc::bad_private_key);
    CHECK(error_of(sequence({integer(0), integer(1), integer(2)})) == errc::bad_private_key);
    CHECK(error_of(sequence({algorithm(), tlv(4, bytes(2)), integer(0)})) == errc::bad_private_key);
}

} // namespace unit::pem_cases
