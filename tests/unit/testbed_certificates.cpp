// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"
#include "testbed/certificate_factory.hpp"
#include "testbed/libraries.hpp"
#include "testbed/random.hpp"

#include <array>
#include <string>

#include <mbedtls/ctr_drbg.h>
#include <mbedtls/pk.h>
#include <mbedtls/x509_crt.h>

#if !defined(WOLFSSL_USER_SETTINGS)
#    include <wolfssl/options.h>
#endif
#include <wolfssl/ssl.h>

namespace unit::testbed_certificates_cases {
namespace {

using namespace testbed;

constexpr std::array all_kinds = {key_kind::p224,     key_kind::p256,     key_kind::p384,    key_kind::p521,
                                  key_kind::rsa_1024, key_kind::rsa_2048, key_kind::rsa_3072};
constexpr std::array all_hashes = {hash::md5, hash::sha1, hash::sha224, hash::sha256, hash::sha384, hash::sha512};

// Allows everything: the test is that the certificate is well-formed and its signature right.
constexpr mbedtls_x509_crt_profile permissive = {0xffffffff, 0xffffffff, 0xffffffff, 1024};

std::uint32_t mbedtls_flags(certificate const& leaf, certificate const& root) {
    mbedtls_x509_crt anchors;
    mbedtls_x509_crt shown;
    mbedtls_x509_crt_init(&anchors);
    mbedtls_x509_crt_init(&shown);
    std::uint32_t flags = 0xffffffff;
    int code = mbedtls_x509_crt_parse_der(&anchors, raw(root.der), root.der.size());
    if (code == 0) code = mbedtls_x509_crt_parse_der(&shown, raw(leaf.der), leaf.der.size());
    if (code == 0)
        (void)mbedtls_x509_crt_verify_with_profile(
            &shown, &anchors, nullptr, &permissive, nullptr, &flags, nullptr, nullptr);
    mbedtls_x509_crt_free(&shown);
    mbedtls_x509_crt_free(&anchors);
    return flags;
}

int wolfssl_code(certificate const& leaf, certificate const& root) {
    prepare_wolfssl();
    WOLFSSL_CERT_MANAGER* const manager = wolfSSL_CertManagerNew();
    int code = wolfSSL_CertManagerLoadCABuffer(
        manager, raw(root.der), static_cast<long>(root.der.size()), WOLFSSL_FILETYPE_ASN1);
    if (code == WOLFSSL_SUCCESS)
        code = wolfSSL_CertManagerVerifyBuffer(
            manager, raw(leaf.der), static_cast<long>(leaf.der.size()), WOLFSSL_FILETYPE_ASN1);
    wolfSSL_CertManagerFree(manager);
    return code;
}

int mbedtls_key(std::string const& pem, char const* password) {
    random_source random;
    mbedtls_pk_context parsed;
    mbedtls_pk_init(&parsed);
    std::string const phrase = password != nullptr ? password : "";
    int const code = mbedtls_pk_parse_key(
        &parsed, raw(view_of({pem.c_str(), pem.size() + 1})), pem.size() + 1,
        password != nullptr ? raw(view_of(phrase)) : nullptr, phrase.size(), mbedtls_ctr_drbg_random, random.context());
    mbedtls_pk_free(&parsed);
    return code;
}

int give_password(char* to, int size, int, void* password) {
    std::string const text = static_cast<char const*>(password);
    if (text.size() > static_cast<std::size_t>(size)) return 0;
    text.copy(to, text.size());
    return static_cast<int>(text.size());
}

int wolfssl_key(std::string const& pem, char const* password) {
    prepare_wolfssl();
    WOLFSSL_CTX* const context = wolfSSL_CTX_new(wolfTLSv1_3_client_method());
    if (password != nullptr) {
        wolfSSL_CTX_set_default_passwd_cb(context, give_password);
        wolfSSL_CTX_set_default_passwd_cb_userdata(context, const_cast<char*>(password)); // NOLINT: only read
    }
    int const code = wolfSSL_CTX_use_PrivateKey_buffer(
        context, raw(view_of(pem)), static_cast<long>(pem.size()), WOLFSSL_FILETYPE_PEM);
    wolfSSL_CTX_free(context);
    return code;
}

} // namespace

TEST_CASE("both libraries verify certificates of every key kind and hash") {
    for (key_kind const kind : all_kinds)
        for (hash const h : all_hashes)
            for (bool const pss : {false, true}) {
                if (h == hash::md5 && !is_rsa(kind)) continue;
                if (pss && (!is_rsa(kind) || h == hash::md5 || kind == key_kind::rsa_1024)) continue;
                CAPTURE(name(kind));
                CAPTURE(name(h));
                CAPTURE(pss);
                key const& signer = pooled_key(kind);
                certificate_spec root = root_spec();
                root.hash = h;
                root.rsa_pss = pss;
                issuer const by{issue(root, signer), &signer};
                certificate_spec leaf = server_spec();
                leaf.hash = h;
                leaf.rsa_pss = pss;
                certificate const shown = issue(leaf, pooled_key(key_kind::p256), &by);
                CHECK(mbedtls_flags(shown, by.certificate) == 0);
                // wolfSSL parses a signature made with MD5 and never verifies it.
                if (h != hash::md5) CHECK(wolfssl_code(shown, by.certificate) == WOLFSSL_SUCCESS);
            }
}

TEST_CASE("both libraries notice each single defect, and accept the same certificate without it") {
    key const& signer = pooled_key(key_kind::p256);
    issuer const by{issue(root_spec(), signer), &signer};
    auto const shown = [&](auto change) {
        certificate_spec spec = server_spec();
        change(spec);
        return issue(spec, pooled_key(key_kind::p256, 1), &by);
    };
    auto const check_bad = [&](certificate const& c) {
        CHECK(mbedtls_flags(c, by.certificate) != 0);
        CHECK(wolfssl_code(c, by.certificate) != WOLFSSL_SUCCESS);
    };
    auto const check_good = [&](certificate const& c) {
        CHECK(mbedtls_flags(c, by.certificate) == 0);
        CHECK(wolfssl_code(c, by.certificate) == WOLFSSL_SUCCESS);
    };
    check_good(shown([](certificate_spec&) {}));
    check_good(shown([](certificate_spec& s) { s.unknown_extension = true; }));
    check_good(shown([](certificate_spec& s) { s.padding = 10'000; }));
    check_good(shown([](certificate_spec& s) { s.subject_key_id = s.authority_key_id = false; }));
    check_good(
        shown([](certificate_spec& s) { s.not_after = std::chrono::sys_days(std::chrono::year(2061) / 2 / 3); }));
    check_bad(shown([](certificate_spec& s) { s.corrupt_signature = true; }));
    check_bad(shown([](certificate_spec& s) { s.mismatched_algorithm = true; }));
    check_bad(shown([](certificate_spec& s) { s.unknown_critical_extension = true; }));
    check_bad(shown([](certificate_spec& s) { s.not_after = now() - std::chrono::minutes(1); }));
    check_bad(shown([](certificate_spec& s) { s.not_before = now() + std::chrono::hours(1); }));
    check_bad(shown([](certificate_spec& s) { s.issuer_name = distinguished_name("Somebody else"); }));
}

TEST_CASE("encrypted keys decrypt with both libraries, and only with the right password") {
    for (key_kind const kind : {key_kind::p256, key_kind::p521, key_kind::rsa_2048}) {
        CAPTURE(name(kind));
        key const& k = pooled_key(kind);
        for (std::string const& pem : {k.pkcs8_pem(), k.traditional_pem()}) {
            CHECK(mbedtls_key(pem, nullptr) == 0);
            CHECK(wolfssl_key(pem, nullptr) == WOLFSSL_SUCCESS);
        }
        for (std::string const& pem : {k.encrypted_pkcs8_pem("right"), k.legacy_encrypted_pem("right")}) {
            CHECK(mbedtls_key(pem, "right") == 0);
            CHECK(wolfssl_key(pem, "right") == WOLFSSL_SUCCESS);
            CHECK(mbedtls_key(pem, "wrong") != 0);
            CHECK(wolfssl_key(pem, "wrong") != WOLFSSL_SUCCESS);
            CHECK(mbedtls_key(pem, nullptr) != 0);
            CHECK(wolfssl_key(pem, nullptr) != WOLFSSL_SUCCESS);
        }
    }
}

TEST_CASE("pooled keys are made once") {
    CHECK(&pooled_key(key_kind::p256, 7) == &pooled_key(key_kind::p256, 7));
    CHECK(pooled_key(key_kind::p256, 7).spki_der() != pooled_key(key_kind::p256, 8).spki_der());
}

} // namespace unit::testbed_certificates_cases
