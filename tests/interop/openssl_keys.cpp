// SPDX-License-Identifier: Apache-2.0
#include "parity/parity.hpp"
#include "testbed/process.hpp"

#include <string>
#include <utility>
#include <vector>

/// Keys and certificates as the `openssl` program writes them: each works, or is refused by name.
namespace parity::interop_openssl_keys_cases {
namespace {

/// Runs `openssl` with these arguments in a folder of its own files, of which the names stand in the arguments.
class workshop {
public:
    /// False, with a message, where the program is not installed.
    [[nodiscard]] bool ready() const {
        if (program_) return true;
        MESSAGE("SKIPPED: openssl is not installed");
        return false;
    }
    /// Whether this OpenSSL did it: what is in its legacy provider, or left out of it, is not always there.
    [[nodiscard]] bool make(std::vector<std::string> arguments) const {
        for (std::string& a : arguments)
            if (a.ends_with(".pem") || a.ends_with(".der")) a = path(a);
        arguments.insert(arguments.begin(), program_->string());
        testbed::process run(arguments);
        return run.wait(std::chrono::seconds(60)) == 0;
    }
    [[nodiscard]] std::string path(std::string const& name) const { return (folder_.path() / name).string(); }
    void write(std::string const& name, std::string const& text) const { folder_.write_file(name, text); }

private:
    std::optional<std::filesystem::path> program_ = testbed::find_program("openssl");
    testbed::temporary_directory folder_;
};

/// A way to encrypt key.pem into encrypted.pem, and what is not supported about it; empty if it works.
struct encryption {
    std::vector<std::string> arguments;
    std::string_view unsupported = "";
};

std::vector<encryption> encryptions() {
    std::vector<encryption> all;
    std::vector<std::string> const pkcs8 = {"pkcs8", "-topk8",        "-in",      "key.pem",
                                            "-out",  "encrypted.pem", "-passout", "pass:secret"};
    auto const add = [&](std::vector<std::string> const& more, std::string_view unsupported = "") {
        auto& made = all.emplace_back(pkcs8, unsupported);
        made.arguments.insert(made.arguments.end(), more.begin(), more.end());
    };
    for (std::string const cipher : {"aes-128-cbc", "aes-192-cbc", "aes-256-cbc"})
        for (std::string const hash :
             {"hmacWithSHA1", "hmacWithSHA224", "hmacWithSHA256", "hmacWithSHA384", "hmacWithSHA512"})
            add({"-v2", cipher, "-v2prf", hash});
    add({"-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA512-256"}, "HMAC-SHA-512/256");
    add({"-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA3-256"}, "2.16.840.1.101.3.4.2.14");
    add({"-v2", "des3"}, "DES-EDE3-CBC");
    add({"-v2", "camellia-192-cbc"}, "Camellia-192-CBC");
    add({"-v2", "aria-256-cbc"}, "1.2.410.200046.1.1.12");
    add({"-scrypt"}, "scrypt");
    add({"-v1", "PBE-SHA1-3DES"}, "PKCS#12 PBE (DES-EDE3)");
    add({"-v1", "PBE-SHA1-2DES"}, "PKCS#12 PBE (DES-EDE2)");
    add({"-v1", "PBE-SHA1-RC2-40", "-provider", "legacy", "-provider", "default"}, "PKCS#12 PBE (RC2-40)");
    add({"-v1", "PBE-MD5-DES", "-provider", "legacy", "-provider", "default"}, "PBES1 (MD5, DES)");
    for (std::string const cipher : {"aes128", "aes192", "aes256", "des3", "camellia128"}) {
        std::string_view const unsupported = cipher == "des3"          ? "DES-EDE3-CBC"
                                             : cipher == "camellia128" ? "CAMELLIA-128-CBC"
                                                                       : "";
        all.emplace_back(
            std::vector<std::string>{
                "pkey", "-traditional", "-in", "key.pem", "-out", "encrypted.pem", "-" + cipher, "-passout",
                "pass:secret"},
            unsupported);
    }
    return all;
}

std::string joined(std::vector<std::string> const& words) {
    std::string text;
    for (auto const& w : words) text += w + " ";
    return text;
}

} // namespace

PARITY_CASE("OpenSSL's keys: each encryption works, or is refused by its name", backends, B) {
    workshop const w;
    if (!w.ready()) return;
    int made = 0;
    for (auto const kind : {testbed::key_kind::p256, testbed::key_kind::rsa_2048}) {
        auto const& who = pki(kind).client;
        w.write("key.pem", who.private_key->pkcs8_pem());
        w.write("chain.pem", who.chain_pem());
        for (auto const& e : encryptions()) {
            CAPTURE(joined(e.arguments));
            if (!w.make(e.arguments)) continue; // checked below that this is not the rule
            ++made;
            auto const built = [&](std::string_view password) {
                return build<B>(
                    {.who = tls::identity::from_pem_files(w.path("chain.pem"), w.path("encrypted.pem"), password)});
            };
            auto const right = built("secret");
            auto const wrong = built("not it");
            REQUIRE_FALSE(wrong);
            if (e.unsupported.empty()) {
                CHECK_MESSAGE(right, tls::explain(right.error()));
                CHECK(wrong.error().code == errc::wrong_password);
                continue;
            }
            REQUIRE_FALSE(right);
            for (tls::error const& refused : {right.error(), wrong.error()}) {
                CHECK_MESSAGE(refused.code == errc::unsupported, tls::explain(refused));
                CHECK_MESSAGE(
                    refused.about.view().ends_with("encrypted.pem, encryption with " + std::string(e.unsupported)),
                    refused.about.view());
            }
        }
    }
    CHECK(made >= 40);
}

PARITY_CASE("OpenSSL's keys: a certificate and key of a kind that is not supported are named", backends, B) {
    workshop const w;
    if (!w.ready()) return;
    std::pair<std::vector<std::string>, std::string_view> const kinds[] = {
        {{"-algorithm", "ed25519"}, "Ed25519 key"},
        {{"-algorithm", "ed448"}, "Ed448 key"},
        {{"-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048"}, "RSASSA-PSS key"},
        {{"-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:secp256k1"}, "EC key on secp256k1"},
        {{"-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:brainpoolP256r1"}, "EC key on brainpoolP256r1"},
        {{"-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-pkeyopt", "ec_param_enc:explicit"},
         "EC key with explicit parameters"},
    };
    for (auto const& [arguments, name] : kinds) {
        CAPTURE(name);
        std::vector<std::string> make = {"genpkey", "-out", "key.pem"};
        make.insert(make.end(), arguments.begin(), arguments.end());
        REQUIRE(w.make(make));
        REQUIRE(w.make({"req", "-x509", "-new", "-key", "key.pem", "-subj", "/CN=client", "-out", "chain.pem"}));
        auto const told = [&](std::string const& chain, std::string const& key, std::string const& about) {
            auto const client = build<B>({.who = tls::identity::from_pem_files(w.path(chain), w.path(key))});
            REQUIRE_FALSE(client);
            CHECK_MESSAGE(client.error().code == errc::unsupported, tls::explain(client.error()));
            CHECK_MESSAGE(
                client.error().about.view().ends_with(about + ", " + std::string(name)), client.error().about.view());
        };
        told("chain.pem", "key.pem", "/chain.pem");
        w.write("good.pem", pki().client.chain_pem());
        told("good.pem", "key.pem", "/key.pem");
    }
}

TEST_CASE("OpenSSL's files: what is no PEM certificate or key is named, and where it may be taken for one") {
    using enum tls::input_format;
    workshop const w;
    if (!w.ready()) return;
    auto const& who = pki().client;
    w.write("key.pem", who.private_key->pkcs8_pem());
    w.write("leaf.pem", who.leaf().pem());
    w.write("chain.pem", who.chain_pem());
    std::pair<std::vector<std::string>, tls::input_format> const files[] = {
        {{"x509", "-in", "leaf.pem", "-outform", "DER", "-out", "given.pem"}, der_certificate},
        {{"x509", "-in", "leaf.pem", "-trustout", "-out", "given.pem"}, trusted_certificate},
        {{"pkcs12", "-export", "-in", "chain.pem", "-inkey", "key.pem", "-passout", "pass:x", "-out", "given.pem"},
         pkcs12},
        {{"crl2pkcs7", "-nocrl", "-certfile", "chain.pem", "-out", "given.pem"}, pkcs7},
        {{"crl2pkcs7", "-nocrl", "-certfile", "chain.pem", "-outform", "DER", "-out", "given.pem"}, pkcs7},
        {{"req", "-new", "-key", "key.pem", "-subj", "/CN=x", "-out", "given.pem"}, certificate_request},
        {{"req", "-new", "-key", "key.pem", "-subj", "/CN=x", "-outform", "DER", "-out", "given.pem"},
         certificate_request},
        {{"pkey", "-in", "key.pem", "-pubout", "-out", "given.pem"}, public_key},
        {{"pkey", "-in", "key.pem", "-pubout", "-outform", "DER", "-out", "given.pem"}, public_key},
        {{"ecparam", "-name", "prime256v1", "-out", "given.pem"}, key_parameters},
    };
    for (auto const& [arguments, format] : files) {
        CAPTURE(joined(arguments));
        REQUIRE(w.make(arguments));
        auto const anchors = tls::trust_anchors::from_pem_file(w.path("given.pem"));
        REQUIRE_FALSE(anchors);
        CHECK_MESSAGE(anchors.error().code == errc::wrong_format, tls::explain(anchors.error()));
        CHECK(tls::name(anchors.error().format) == tls::name(format));
        auto const key = tls::identity::from_pem_files(w.path("chain.pem"), w.path("given.pem"));
        REQUIRE_FALSE(key);
        bool const is_certificate = format == der_certificate || format == trusted_certificate;
        CHECK(key.error().code == (is_certificate ? errc::unexpected_certificate : errc::wrong_format));
    }
    REQUIRE(w.make({"pkey", "-in", "key.pem", "-outform", "DER", "-out", "given.pem"}));
    auto const key = tls::identity::from_pem_files(w.path("chain.pem"), w.path("given.pem"));
    REQUIRE_FALSE(key);
    CHECK(key.error().format == der_private_key);
    CHECK(tls::trust_anchors::from_pem_file(w.path("given.pem")).error().code == errc::unexpected_private_key);
}

} // namespace parity::interop_openssl_keys_cases
