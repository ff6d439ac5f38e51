// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"
#include "testbed/bytes.hpp"
#include "testbed/certificate_factory.hpp"
#include "testbed/der_writer.hpp"
#include "testbed/key_encryption.hpp"
#include "testbed/pem.hpp"
#include "testbed/process.hpp"
#include <tls/credentials/credentials.hpp>
#include <tls/diagnosis/explain.hpp>

#include <string>
#include <string_view>
#include <vector>

/// Files of every other format, given where a certificate or a private key is wanted: the error says what they are.
namespace unit::input_format_cases {
namespace {

namespace der = testbed::der;
using testbed::byte_view;
using testbed::bytes;
using testbed::pem_block;
using testbed::to_text;
using tls::errc;
using tls::identity;
using tls::input_format;
using tls::trust_anchors;

testbed::pki const& pki() {
    static testbed::pki const made = testbed::make_pki();
    return made;
}

bytes of(std::string_view text) { return testbed::to_bytes(text); }

bytes a_pkcs7() {
    return der::sequence(
        {der::oid("1.2.840.113549.1.7.2"), der::tlv(0xa0, der::sequence({der::integer(1), der::octet_string({})}))});
}
bytes a_pkcs12() {
    bytes const content = der::sequence({der::oid("1.2.840.113549.1.7.1"), der::tlv(0xa0, der::octet_string({}))});
    return der::sequence({der::integer(3), content, der::sequence({})});
}
/// With a length that is not known beforehand, as Java and Windows write it.
bytes indefinite(bytes const& definite) {
    auto const h = tls::x509::der::read_header(definite);
    return der::join({testbed::octets({0x30, 0x80}), byte_view(definite).subspan(h.size), testbed::octets({0, 0})});
}
bytes signed_with(bytes const& tbs) {
    bytes const algorithm = der::sequence({der::oid("1.2.840.10045.4.3.2")});
    return der::sequence({tbs, algorithm, der::bit_string(testbed::pattern(70))});
}
bytes a_spki() { return pki().client.private_key->spki_der(); }
bytes a_name() { return testbed::distinguished_name("somebody"); }
bytes a_request() { return signed_with(der::sequence({der::integer(0), a_name(), a_spki(), der::tlv(0xa0, bytes{})})); }
bytes a_revocation_list(bool version) {
    bytes const algorithm = der::sequence({der::oid("1.2.840.10045.4.3.2")});
    bytes const now = der::time(testbed::now());
    return signed_with(der::sequence({version ? der::integer(1) : bytes{}, algorithm, a_name(), now, now}));
}
/// Of version 1, which does not say that it is one, and with another algorithm inside than outside.
bytes damaged_certificate() {
    bytes const algorithm = der::sequence({der::oid("1.2.840.10045.4.3.3")});
    bytes const now = der::time(testbed::now());
    return signed_with(
        der::sequence({der::integer(7), algorithm, a_name(), der::sequence({now, now}), a_name(), a_spki()}));
}

bytes in_utf_16(std::string_view ascii, bool big_endian, bool mark) {
    bytes out;
    auto const put = [&](unsigned high, unsigned low) {
        out.push_back(static_cast<std::byte>(big_endian ? high : low));
        out.push_back(static_cast<std::byte>(big_endian ? low : high));
    };
    if (mark) put(0xfe, 0xff);
    for (char const c : ascii) put(0, static_cast<unsigned char>(c));
    return out;
}

/// What is given, and what it is.
struct sample {
    std::string_view what;
    bytes content;
    input_format format;
};

std::vector<sample> samples() {
    using enum input_format;
    auto const& key = *pki().client.private_key;
    auto const block = [](std::string_view label, bytes const& b) { return of(pem_block(label, b)); };
    auto const text = [](std::string_view t) { return of(t); };
    std::string const chain = pki().client.chain_pem();
    bytes const blob = testbed::pattern(90);
    return {
        {"PKCS#12", a_pkcs12(), pkcs12},
        {"PKCS#12 in BER", indefinite(a_pkcs12()), pkcs12},
        {"PKCS#12 in PEM", block("PKCS12", a_pkcs12()), pkcs12},
        {"PKCS#7", a_pkcs7(), pkcs7},
        {"PKCS#7 in BER", indefinite(a_pkcs7()), pkcs7},
        {"PKCS#7 in PEM", block("PKCS7", a_pkcs7()), pkcs7},
        {"PKCS#7 in PEM, by its old name", block("PKCS #7 SIGNED DATA", a_pkcs7()), pkcs7},
        {"CMS in PEM", block("CMS", a_pkcs7()), pkcs7},
        {"a request", a_request(), certificate_request},
        {"a request in PEM", block("CERTIFICATE REQUEST", a_request()), certificate_request},
        {"a request in PEM, by its old name", block("NEW CERTIFICATE REQUEST", a_request()), certificate_request},
        {"a revocation list", a_revocation_list(true), revocation_list},
        {"a revocation list of version 1", a_revocation_list(false), revocation_list},
        {"a revocation list in PEM", block("X509 CRL", a_revocation_list(true)), revocation_list},
        {"a public key", a_spki(), public_key},
        {"a public key in PEM", block("PUBLIC KEY", a_spki()), public_key},
        {"an RSA public key in PEM", block("RSA PUBLIC KEY", blob), public_key},
        {"EC parameters", block("EC PARAMETERS", der::oid("1.2.840.10045.3.1.7")), key_parameters},
        {"DH parameters", block("DH PARAMETERS", blob), key_parameters},
        {"DSA parameters", block("DSA PARAMETERS", blob), key_parameters},
        {"a trusted certificate", block("TRUSTED CERTIFICATE", pki().client.leaf().der), trusted_certificate},
        {"an OpenSSH key", block("OPENSSH PRIVATE KEY", blob), ssh_private_key},
        {"a key of ssh.com", text("---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nAAAA\n"), ssh_private_key},
        {"an SSH RSA key", text("ssh-rsa AAAAB3NzaC1yc2E user@host\n"), ssh_public_key},
        {"an SSH Ed25519 key", text("ssh-ed25519 AAAAC3NzaC1lZDI1 user@host\n"), ssh_public_key},
        {"an SSH ECDSA key", text("ecdsa-sha2-nistp256 AAAAE2VjZHNh\n"), ssh_public_key},
        {"an SSH key on a token", text("sk-ssh-ed25519@openssh.com AAAA\n"), ssh_public_key},
        {"an SSH key of RFC 4716", text("---- BEGIN SSH2 PUBLIC KEY ----\nAAAA\n"), ssh_public_key},
        {"a PuTTY key", text("PuTTY-User-Key-File-3: ssh-ed25519\r\nEncryption: none\r\n"), putty_key},
        {"a PGP key",
         text("-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: 1\n\nlFg=\n=abcd\n-----END PGP PRIVATE KEY "
              "BLOCK-----\n"),
         pgp},
        {"a PGP public key", text("-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmDM=\n-----END PGP PUBLIC KEY BLOCK-----\n"),
         pgp},
        {"a Java keystore", testbed::octets({0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2, 0, 0, 0, 1}), java_keystore},
        {"a JCEKS keystore", testbed::octets({0xce, 0xce, 0xce, 0xce, 0, 0, 0, 2, 0, 0, 0, 1}), java_keystore},
        {"a JSON Web Key", text("{\"kty\": \"EC\", \"crv\": \"P-256\"}"), json},
        {"a list in JSON", text("\n [{\"kty\": \"EC\"}]"), json},
        {"a page", text("<!DOCTYPE html>\n<html><body>404</body></html>"), markup},
        {"XML", text("\xef\xbb\xbf<?xml version=\"1.0\"?><Error/>"), markup},
        {"gzip", testbed::octets({0x1f, 0x8b, 8, 0, 0, 0, 0, 0}), compressed},
        {"zip", text("PK\x03\x04more"), compressed},
        {"base64 alone", text(std::string_view(chain).substr(chain.find('\n') + 1, 300)), base64},
        {"UTF-16, little-endian", in_utf_16(chain, false, true), input_format::utf_16},
        {"UTF-16, big-endian", in_utf_16(chain, true, true), input_format::utf_16},
        {"UTF-16, little-endian, unmarked", in_utf_16(chain, false, false), input_format::utf_16},
        {"UTF-16, big-endian, unmarked", in_utf_16(key.pkcs8_pem(), true, false), input_format::utf_16},
        {"a certificate in DER", pki().client.leaf().der, der_certificate},
        {"a damaged certificate of version 1", damaged_certificate(), der_certificate},
        {"a key in DER", key.pkcs8_der(), der_private_key},
        {"a traditional key in DER", key.traditional_der(), der_private_key},
        {"an encrypted key in DER", key.encrypted_pkcs8_der("secret"), der_private_key},
        {"a certificate in DER, cut", bytes(pki().client.leaf().der.begin(), pki().client.leaf().der.end() - 9),
         input_format::der},
        {"a key in DER and a line end", der::join({key.pkcs8_der(), of("\n")}), der_private_key},
        {"a certificate in DER and a line end", der::join({pki().client.leaf().der, of("\r\n")}), der_certificate},
        {"something in DER", der::sequence({der::null()}), input_format::der},
    };
}

/// Whether something failed as it must for this sample, and names the input and what it is.
template <class T> void told(sample const& s, tls::result<T> const& result, errc code, std::string_view input) {
    REQUIRE_FALSE(result.has_value());
    auto const& e = result.error();
    CHECK_MESSAGE(e.code == code, tls::explain(e));
    if (e.code != errc::wrong_format) return;
    CHECK(e.format == s.format);
    std::string const wanted = (input.empty() ? "" : std::string(input) + ", ") + std::string(tls::name(s.format));
    CHECK_MESSAGE(e.about.view().ends_with(wanted), e.about.view());
    CHECK(tls::explain(e).find(tls::advice(s.format)) != std::string::npos);
}

} // namespace

TEST_CASE("input formats: what is given instead of PEM is named, in every place") {
    testbed::temporary_directory const folder;
    auto const chain = folder.write_file("good-chain.pem", pki().client.chain_pem()).string();
    auto const key = folder.write_file("good-key.pem", pki().client.private_key->pkcs8_pem()).string();
    for (sample const& s : samples()) {
        CAPTURE(s.what);
        std::string const text = to_text(s.content);
        auto const file = folder.write_file("given", text).string();
        errc const as_certificate =
            s.format == input_format::der_private_key ? errc::unexpected_private_key : errc::wrong_format;
        bool const is_certificate =
            s.format == input_format::der_certificate || s.format == input_format::trusted_certificate;
        errc const as_key = is_certificate ? errc::unexpected_certificate : errc::wrong_format;
        told(s, trust_anchors::from_pem(text), as_certificate, "");
        told(s, trust_anchors::from_pem_file(file), as_certificate, "/given");
        told(s, identity::from_pem(text, pki().client.private_key->pkcs8_pem()), as_certificate, "certificate chain");
        told(s, identity::from_pem_files(file, key), as_certificate, "/given");
        told(s, identity::from_pem(pki().client.chain_pem(), text), as_key, "private key");
        told(s, identity::from_pem_files(chain, file), as_key, "/given");
    }
}

TEST_CASE("input formats: what is given instead of DER is named, in every place") {
    std::vector<sample> all = samples();
    std::erase_if(all, [](sample const& s) { return to_text(s.content).starts_with("-----BEGIN"); });
    all.push_back({"a chain in PEM", of(pki().client.chain_pem()), input_format::pem});
    all.push_back({"a key in PEM", of(pki().client.private_key->pkcs8_pem()), input_format::pem});
    bytes const good_key = pki().client.private_key->pkcs8_der();
    for (sample const& s : all) {
        CAPTURE(s.what);
        bool const is_certificate = s.format == input_format::der_certificate;
        bool const is_key = s.format == input_format::der_private_key;
        bool const is_nothing = s.format == input_format::der;
        if (!is_certificate || s.content != pki().client.leaf().der) {
            errc const as_certificate = is_key                         ? errc::unexpected_private_key
                                        : is_certificate || is_nothing ? errc::bad_certificate_der
                                                                       : errc::wrong_format;
            told(s, trust_anchors::from_der(s.content), as_certificate, "");
            told(s, identity::from_der({s.content}, good_key), as_certificate, "certificate chain");
        }
        if (is_key) continue;
        errc const as_key = is_certificate ? errc::unexpected_certificate
                            : is_nothing   ? errc::bad_private_key
                                           : errc::wrong_format;
        told(s, identity::from_der({pki().client.leaf().der}, s.content), as_key, "private key");
    }
}

TEST_CASE("input formats: a block that says CERTIFICATE and holds something else is named by what it holds") {
    auto const about = [](std::string_view label, bytes const& content) {
        auto const refused = trust_anchors::from_pem(pki().root_pem() + pem_block(label, content));
        REQUIRE_FALSE(refused);
        return std::pair(refused.error().code, std::string(refused.error().about.view()));
    };
    CHECK(about("CERTIFICATE", a_pkcs7()) == std::pair(errc::wrong_format, std::string("certificate 2, PKCS#7")));
    CHECK(about("CERTIFICATE", a_request()).first == errc::wrong_format);
    CHECK(
        about("CERTIFICATE", testbed::pattern(70)) ==
        std::pair(errc::bad_certificate_der, std::string("certificate 2")));
}

TEST_CASE("input formats: other blocks beside what is wanted do no harm") {
    auto const parameters = pem_block("EC PARAMETERS", der::oid("1.2.840.10045.3.1.7"));
    auto const list = pem_block("X509 CRL", a_revocation_list(true));
    auto const& who = pki().client;
    CHECK(trust_anchors::from_pem(list + pki().root_pem()));
    CHECK(identity::from_pem(parameters + who.chain_pem(), parameters + who.private_key->traditional_pem()));
}

TEST_CASE("input formats: a private key of another kind is not supported, by its label") {
    auto const refused =
        identity::from_pem(pki().client.chain_pem(), pem_block("DSA PRIVATE KEY", testbed::pattern(80)));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == errc::unsupported);
    CHECK(refused.error().about.view() == "private key, DSA PRIVATE KEY");
}

TEST_CASE("input formats: any beginning of anything has an answer") {
    for (sample const& s : samples())
        for (std::size_t size = 0; size != s.content.size(); ++size) {
            bytes const cut(s.content.begin(), s.content.begin() + static_cast<std::ptrdiff_t>(size));
            for (auto const& given : {trust_anchors::from_pem(to_text(cut)), trust_anchors::from_der(cut)}) {
                if (given) continue; // a certificate, and a part of the line end behind it
                auto const& e = given.error();
                CHECK((e.code == errc::wrong_format) == (e.format != input_format::unknown));
            }
        }
}

TEST_CASE("input formats: each has a name and something to do") {
    for (std::size_t i = 1; i != tls::detail::input_format_count; ++i) {
        auto const f = static_cast<input_format>(i);
        CHECK_FALSE(tls::name(f).empty());
        CHECK(tls::advice(f).ends_with("."));
    }
    CHECK(tls::name(static_cast<input_format>(200)).empty());
    CHECK(tls::advice(static_cast<input_format>(200)).empty());
}

} // namespace unit::input_format_cases
