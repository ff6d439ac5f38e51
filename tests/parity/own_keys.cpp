// SPDX-License-Identifier: Apache-2.0
#include "parity/parity.hpp"
#include "testbed/certificate_parts.hpp"
#include "testbed/der_writer.hpp"
#include "testbed/key_encryption.hpp"
#include "testbed/pem.hpp"
#include "testbed/process.hpp"
#include <tls/x509/certificate.hpp>

#include <cctype>
#include <chrono>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Our own certificate and key: every kind of key in every format and encryption works, or is refused with the name of
/// what is not supported and of the file it stands in.
namespace parity::own_keys_cases {
namespace {

namespace der = testbed::der;
using namespace std::chrono_literals;
using testbed::byte_view;
using testbed::bytes;
using testbed::key_kind;

constexpr std::string_view password = "correct horse";

/// A client's certificate for a key, from the good authority.
testbed::credentials client_with(testbed::key const& key) {
    auto const& issuer = pki().client_intermediate;
    return {{testbed::issue(testbed::client_spec(), key, &issuer), issuer.certificate}, &key};
}

tls::result<tls::identity> from_der(testbed::credentials const& who, byte_view key, std::string_view secret = {}) {
    std::span<std::byte const> const chain[] = {who.chain[0].der, who.chain[1].der};
    return tls::identity::from_der(chain, key, secret);
}

/// Whether a handshake with this identity succeeds and the server gets our certificate.
template <class B> void works(tls::result<tls::identity> who, protocol_version v = protocol_version::tls_1_3) {
    auto const client = build<B>({.who = std::move(who)});
    REQUIRE_MESSAGE(client, tls::explain(client.error()));
    auto server = strict_server(v);
    auto c = converse<pairing<B, testbed::mbedtls_server>>(*client, server);
    auto const done = c.run();
    REQUIRE_MESSAGE(done, tls::explain(done.error()), c.server.error_text());
    CHECK(c.server.client_certificates_received() == 2);
}

/// Why no client can be built with it.
template <class B> tls::error refused(tls::result<tls::identity> who) {
    auto const client = build<B>({.who = std::move(who)});
    REQUIRE_FALSE(client.has_value());
    CHECK(client.error().phase == tls::phase::configuring);
    return client.error();
}

template <class B> void refused(tls::result<tls::identity> who, errc code, std::string_view about) {
    auto const e = refused<B>(std::move(who));
    CHECK_MESSAGE(e.code == code, tls::explain(e));
    CHECK(e.about.view() == about);
}

// Encryption ----------------------------------------------------------------------------------------------------------

std::vector<testbed::pbes2> supported_pbes2() {
    using enum testbed::hash;
    std::vector<testbed::pbes2> all;
    for (unsigned const bits : {128U, 192U, 256U})
        for (bool const length : {false, true}) {
            all.push_back({.key_bits = bits, .prf = std::nullopt, .key_length = length});
            for (auto const prf : {sha1, sha224, sha256, sha384, sha512})
                all.push_back({.key_bits = bits, .prf = prf, .key_length = length});
        }
    return all;
}

/// An encryption scheme that no build of ours has, by its AlgorithmIdentifier.
struct unsupported_scheme {
    std::string_view name; ///< as the error has it
    bytes algorithm;
};

std::vector<unsupported_scheme> unsupported_schemes() {
    bytes const pbe_parameters = der::sequence({der::octet_string(testbed::pattern(8)), der::integer(2048)});
    auto const pbe = [&](std::string_view id) { return der::sequence({der::oid(id), pbe_parameters}); };
    constexpr auto pbkdf2 = "1.2.840.113549.1.5.12";
    constexpr auto sha256 = "1.2.840.113549.2.9";
    constexpr auto aes_256 = "2.16.840.1.101.3.4.1.42";
    auto const cipher = [&](std::string_view id, std::size_t iv = 16) {
        return testbed::pbes2_algorithm(pbkdf2, sha256, id, iv);
    };
    auto const prf = [&](std::string_view id) { return testbed::pbes2_algorithm(pbkdf2, id, aes_256); };
    return {
        {"PBES1 (MD2, DES)", pbe("1.2.840.113549.1.5.1")},
        {"PBES1 (MD5, DES)", pbe("1.2.840.113549.1.5.3")},
        {"PBES1 (MD2, RC2)", pbe("1.2.840.113549.1.5.4")},
        {"PBES1 (MD5, RC2)", pbe("1.2.840.113549.1.5.6")},
        {"PBES1 (SHA-1, DES)", pbe("1.2.840.113549.1.5.10")},
        {"PBES1 (SHA-1, RC2)", pbe("1.2.840.113549.1.5.11")},
        {"PKCS#12 PBE (RC4-128)", pbe("1.2.840.113549.1.12.1.1")},
        {"PKCS#12 PBE (RC4-40)", pbe("1.2.840.113549.1.12.1.2")},
        {"PKCS#12 PBE (DES-EDE3)", pbe("1.2.840.113549.1.12.1.3")},
        {"PKCS#12 PBE (DES-EDE2)", pbe("1.2.840.113549.1.12.1.4")},
        {"PKCS#12 PBE (RC2-128)", pbe("1.2.840.113549.1.12.1.5")},
        {"PKCS#12 PBE (RC2-40)", pbe("1.2.840.113549.1.12.1.6")},
        {"scrypt", testbed::pbes2_algorithm("1.3.6.1.4.1.11591.4.11", sha256, aes_256)},
        {"DES-EDE3-CBC", cipher("1.2.840.113549.3.7", 8)},
        {"DES-CBC", cipher("1.3.14.3.2.7", 8)},
        {"RC2-CBC", cipher("1.2.840.113549.3.2", 8)},
        {"Camellia-128-CBC", cipher("1.2.392.200011.61.1.1.1.2")},
        {"Camellia-256-CBC", cipher("1.2.392.200011.61.1.1.1.4")},
        {"1.2.410.200046.1.1.12", cipher("1.2.410.200046.1.1.12")}, // ARIA
        {"HMAC-SHA-512/224", prf("1.2.840.113549.2.12")},
        {"HMAC-SHA-512/256", prf("1.2.840.113549.2.13")},
        {"2.16.840.1.101.3.4.2.14", prf("2.16.840.1.101.3.4.2.14")}, // HMAC-SHA3-256
        {"1.2.3.4", der::sequence({der::oid("1.2.3.4"), der::null()})},
    };
}

// Kinds of keys -------------------------------------------------------------------------------------------------------

/// A kind of key that no build of ours can use: its AlgorithmIdentifier, and something that looks like such a key.
struct unsupported_key {
    std::string_view name; ///< as the error has it
    bytes algorithm;
    bytes public_key;  ///< the content of the BIT STRING
    bytes private_key; ///< the content of the OCTET STRING of PKCS#8
};

bytes point_of_nothing(std::size_t coordinate) {
    bytes point = testbed::pattern(1 + 2 * coordinate);
    point[0] = std::byte{4};
    return point;
}

std::vector<unsupported_key> unsupported_keys() {
    auto const plain = [](std::string_view name, std::string_view id, std::size_t size) {
        return unsupported_key{
            name, der::sequence({der::oid(id)}), testbed::pattern(size), der::octet_string(testbed::pattern(size))};
    };
    auto const sec1 = [](std::size_t size) {
        return der::sequence({der::integer(1), der::octet_string(testbed::pattern(size))});
    };
    auto const ec = [&](std::string_view name, std::string_view curve, std::size_t size) {
        return unsupported_key{
            name, der::sequence({der::oid("1.2.840.10045.2.1"), der::oid(curve)}), point_of_nothing(size), sec1(size)};
    };
    auto const& rsa = testbed::pooled_key(key_kind::rsa_2048);
    bytes const huge = [] {
        bytes n = testbed::pattern(2048);
        n[0] = std::byte{0x80};
        return n;
    }();
    bytes const explicit_curve = der::sequence({der::integer(1), der::sequence({der::oid("1.2.840.10045.1.1")})});
    return {
        plain("Ed25519 key", "1.3.101.112", 32),
        plain("Ed448 key", "1.3.101.113", 57),
        plain("X25519 key", "1.3.101.110", 32),
        plain("X448 key", "1.3.101.111", 56),
        plain("ML-DSA-44 key", "2.16.840.1.101.3.4.3.17", 1312),
        plain("ML-DSA-87 key", "2.16.840.1.101.3.4.3.19", 2592),
        plain("DSA key", "1.2.840.10040.4.1", 64),
        plain("DH key", "1.2.840.113549.1.3.1", 64),
        plain("1.2.643.2.2.19 key", "1.2.643.2.2.19", 64), // GOST
        {"RSASSA-PSS key", der::sequence({der::oid("1.2.840.113549.1.1.10")}), rsa.public_key_bits(),
         rsa.traditional_der()},
        {"RSA key of 16384 bits (limit 8192)", der::sequence({der::oid("1.2.840.113549.1.1.1"), der::null()}),
         der::sequence({der::integer(huge), der::integer(65537)}),
         der::sequence({der::integer(0), der::integer(huge), der::integer(65537)})},
        ec("EC key on secp256k1", "1.3.132.0.10", 32),
        ec("EC key on brainpoolP256r1", "1.3.36.3.3.2.8.1.1.7", 32),
        ec("EC key on brainpoolP384r1", "1.3.36.3.3.2.8.1.1.11", 48),
        ec("EC key on brainpoolP512r1", "1.3.36.3.3.2.8.1.1.13", 64),
        ec("EC key on SM2", "1.2.156.10197.1.301", 32),
        ec("EC key on 1.3.132.0.8", "1.3.132.0.8", 20),
        {"EC key with explicit parameters", der::sequence({der::oid("1.2.840.10045.2.1"), explicit_curve}),
         point_of_nothing(32), sec1(32)},
    };
}

/// A client's certificate for a public key of any kind, from the good authority.
bytes certificate_for(bytes const& spki) {
    auto const& issuer = pki().client_intermediate;
    bytes const ecdsa_sha256 = der::sequence({der::oid("1.2.840.10045.4.3.2")});
    testbed::certificate_parts parts{
        .version = der::integer(2),
        .serial = der::integer(1),
        .inner_algorithm = ecdsa_sha256,
        .issuer = issuer.certificate.subject,
        .not_before = der::time(testbed::now() - 1h),
        .not_after = der::time(testbed::now() + 24h),
        .subject = testbed::distinguished_name("client"),
        .key = spki,
        .outer_algorithm = ecdsa_sha256};
    parts.signature = der::bit_string(issuer.private_key->sign(parts.signed_part(), testbed::hash::sha256));
    return parts.der();
}

bytes spki_of(unsupported_key const& k) { return der::sequence({k.algorithm, der::bit_string(k.public_key)}); }
bytes pkcs8_of(unsupported_key const& k) {
    return der::sequence({der::integer(0), k.algorithm, der::octet_string(k.private_key)});
}

/// Files of a certificate and a key.
struct files {
    testbed::temporary_directory folder;
    [[nodiscard]] tls::result<tls::identity>
    identity(std::string const& chain, std::string const& key, std::string_view secret = {}) const {
        return tls::identity::from_pem_files(
            folder.write_file("chain.pem", chain).string(), folder.write_file("key.pem", key).string(), secret);
    }
    /// What an error says about one of them; of a long path only the end is kept.
    static bool names(tls::error const& e, std::string_view file, std::string_view what) {
        std::string const wanted = "/" + std::string(file) + (what.empty() ? "" : ", ") + std::string(what);
        return e.about.view().ends_with(wanted);
    }
};

constexpr key_kind usable_kinds[] = {
    key_kind::p256, key_kind::p384, key_kind::p521, key_kind::rsa_2048, key_kind::rsa_3072};

} // namespace

PARITY_CASE("own keys: every kind in every format works, and in every encryption with its password", backends, B) {
    for (auto const kind : usable_kinds) {
        CAPTURE(testbed::name(kind));
        auto const& key = testbed::pooled_key(kind);
        auto const who = client_with(key);
        auto const chain = who.chain_pem();
        works<B>(tls::identity::from_pem(chain, key.pkcs8_pem()));
        works<B>(tls::identity::from_pem(chain, key.traditional_pem()));
        works<B>(from_der(who, key.pkcs8_der()));
        works<B>(from_der(who, key.traditional_der()));
        for (auto const& how : supported_pbes2()) {
            CAPTURE(how.key_bits);
            CAPTURE((how.prf ? testbed::name(*how.prf) : "no PRF"));
            bytes const encrypted = testbed::encrypt(key.pkcs8_der(), password, how);
            auto const pem = testbed::pem_block("ENCRYPTED PRIVATE KEY", encrypted);
            works<B>(tls::identity::from_pem(chain, pem, password));
            works<B>(from_der(who, encrypted, password));
            refused<B>(tls::identity::from_pem(chain, pem, "wrong"), errc::wrong_password, "private key");
            refused<B>(from_der(who, encrypted, "wrong"), errc::wrong_password, "private key");
            refused<B>(tls::identity::from_pem(chain, pem), errc::password_required, "private key");
        }
        for (unsigned const bits : {128U, 192U, 256U}) {
            CAPTURE(bits);
            auto const label = testbed::is_rsa(kind) ? "RSA PRIVATE KEY" : "EC PRIVATE KEY";
            auto const pem = testbed::legacy_encrypted(label, key.traditional_der(), password, bits);
            works<B>(tls::identity::from_pem(chain, pem, password));
            refused<B>(tls::identity::from_pem(chain, pem, "wrong"), errc::wrong_password, "private key");
            refused<B>(tls::identity::from_pem(chain, pem), errc::password_required, "private key");
        }
    }
}

PARITY_CASE("own keys: an encryption that the library lacks is named, whatever the password", backends, B) {
    files const f;
    for (auto const kind : {key_kind::p256, key_kind::rsa_2048}) {
        auto const who = client_with(testbed::pooled_key(kind));
        auto const chain = who.chain_pem();
        for (auto const& scheme : unsupported_schemes()) {
            CAPTURE(scheme.name);
            std::string const what = "encryption with " + std::string(scheme.name);
            bytes const encrypted = testbed::pretend_encrypted(scheme.algorithm);
            auto const pem = testbed::pem_block("ENCRYPTED PRIVATE KEY", encrypted);
            auto const e = refused<B>(f.identity(chain, pem, password));
            CHECK_MESSAGE(e.code == errc::unsupported, tls::explain(e));
            CHECK_MESSAGE(files::names(e, "key.pem", what), e.about.view());
            CHECK(tls::explain(e).find("openssl pkcs8 -topk8") != std::string::npos);
            CHECK(std::string_view(e.backend) == B::name);
            refused<B>(from_der(who, encrypted, password), errc::unsupported, "private key, " + what);
        }
        for (std::string_view const cipher :
             {"DES-EDE3-CBC", "DES-CBC", "RC2-CBC", "CAMELLIA-256-CBC", "ARIA-128-CBC", "AES-256-GCM"}) {
            CAPTURE(cipher);
            auto const pem = testbed::pretend_legacy_encrypted("RSA PRIVATE KEY", cipher);
            auto const e = refused<B>(f.identity(chain, pem, password));
            CHECK_MESSAGE(e.code == errc::unsupported, tls::explain(e));
            CHECK_MESSAGE(files::names(e, "key.pem", "encryption with " + std::string(cipher)), e.about.view());
        }
    }
}

PARITY_CASE("own keys: damage inside an encrypted key is told apart from a wrong password", backends, B) {
    for (auto const kind : {key_kind::p256, key_kind::rsa_2048}) {
        auto const& key = testbed::pooled_key(kind);
        auto const who = client_with(key);
        auto const told = [&](bytes const& encrypted, errc code) {
            refused<B>(from_der(who, encrypted, password), code, "private key");
        };
        bytes const good = key.pkcs8_der();
        bytes cut(good.begin(), good.end() - 20);
        told(testbed::encrypt(cut, password), errc::bad_private_key);
        told(testbed::encrypt(testbed::pattern(100), password), errc::bad_private_key);
        bytes no_padding = good;
        no_padding.resize((good.size() / 16 + 1) * 16, std::byte{0});
        told(testbed::encrypt_padded(no_padding, password), errc::bad_private_key);
        // Of a key that still looks like one only the certificate can tell.
        bytes changed = testbed::encrypt(good, password);
        changed[changed.size() - good.size() + 40] ^= std::byte{1};
        auto const e = refused<B>(from_der(who, changed, password));
        CHECK_MESSAGE((e.code == errc::bad_private_key || e.code == errc::key_mismatch), tls::explain(e));
        CHECK(e.about.view() == "private key");
        auto const pbes2 =
            testbed::pbes2_algorithm("1.2.840.113549.1.5.12", "1.2.840.113549.2.9", "2.16.840.1.101.3.4.1.42");
        told(testbed::pretend_encrypted(pbes2, 63), errc::bad_private_key); // not whole blocks
        told(testbed::pretend_encrypted(pbes2, 0), errc::bad_private_key);
        // Nothing that was ever a key.
        told(testbed::pretend_encrypted(pbes2), errc::wrong_password);
    }
}

PARITY_CASE("own keys: a kind that the library lacks is named, and the file that has it", backends, B) {
    files const f;
    auto const good = client_with(testbed::pooled_key(key_kind::p256));
    for (auto const& k : unsupported_keys()) {
        CAPTURE(k.name);
        auto const pem = [](char const* label, bytes const& b) { return testbed::pem_block(label, b); };
        bytes const certificate = certificate_for(spki_of(k));
        bytes const pkcs8 = pkcs8_of(k);
        auto const chain = pem("CERTIFICATE", certificate) + good.chain[1].pem();
        bytes const encrypted = testbed::encrypt(pkcs8, password);
        auto const told = [&](tls::result<tls::identity> who, std::string_view input) {
            auto const e = refused<B>(std::move(who));
            CHECK_MESSAGE(e.code == errc::unsupported, tls::explain(e));
            CHECK_MESSAGE(e.about.view().ends_with(std::string(input) + ", " + std::string(k.name)), e.about.view());
            CHECK(tls::explain(e).find("an RSA key of 2048 to 4096 bits") != std::string::npos);
            CHECK(std::string_view(e.backend) == B::name);
        };
        // The certificate and the key are of this kind.
        told(f.identity(chain, pem("PRIVATE KEY", pkcs8)), "/chain.pem");
        told(f.identity(chain, pem("ENCRYPTED PRIVATE KEY", encrypted), password), "/chain.pem");
        std::span<std::byte const> const certificates[] = {certificate, good.chain[1].der};
        told(tls::identity::from_der(certificates, pkcs8), "certificate chain");
        // Only the key is.
        told(f.identity(good.chain_pem(), pem("PRIVATE KEY", pkcs8)), "/key.pem");
        told(f.identity(good.chain_pem(), pem("ENCRYPTED PRIVATE KEY", encrypted), password), "/key.pem");
        told(from_der(good, pkcs8), "private key");
        told(from_der(good, encrypted, password), "private key");
        // Only the certificate is.
        told(f.identity(chain, good.private_key->pkcs8_pem()), "/chain.pem");
    }
}

PARITY_CASE("own keys: a weak key is named with its size, and the certificate's file", backends, B) {
    files const f;
    for (auto const& [kind, name] :
         {std::pair{key_kind::p224, "EC key on P-224"}, {key_kind::rsa_1024, "RSA key of 1024 bits"}}) {
        auto const& key = testbed::pooled_key(kind);
        auto const e = refused<B>(f.identity(client_with(key).chain_pem(), key.pkcs8_pem()));
        CHECK(e.code == errc::weak_identity);
        CHECK_MESSAGE(files::names(e, "chain.pem", name), e.about.view());
    }
    bytes const p192 = der::sequence({der::oid("1.2.840.10045.2.1"), der::oid("1.2.840.10045.3.1.1")});
    auto const chain = testbed::pem_block(
        "CERTIFICATE", certificate_for(der::sequence({p192, der::bit_string(point_of_nothing(24))})));
    auto const e = refused<B>(f.identity(chain, testbed::pooled_key(key_kind::p256).pkcs8_pem()));
    CHECK(e.code == errc::weak_identity);
    CHECK_MESSAGE(files::names(e, "chain.pem", "EC key on P-192"), e.about.view());
}

PARITY_CASE("own keys: RSA keys of odd and large sizes work", backends, B, v) {
    for (auto const kind : {key_kind::rsa_2049, key_kind::rsa_2056, key_kind::rsa_4096, key_kind::rsa_8192}) {
        CAPTURE(testbed::name(kind));
        auto const& key = testbed::pooled_key(kind);
        works<B>(tls::identity::from_pem(client_with(key).chain_pem(), key.pkcs8_pem()), v);
    }
}

PARITY_CASE("own keys: of a key of another kind or size the kind is told, and its file", backends, B) {
    files const f;
    auto const told = [&](key_kind certified, key_kind given, std::string_view name) {
        auto const e = refused<B>(f.identity(
            client_with(testbed::pooled_key(certified)).chain_pem(), testbed::pooled_key(given).pkcs8_pem()));
        CHECK(e.code == errc::key_mismatch);
        CHECK_MESSAGE(files::names(e, "key.pem", name), e.about.view());
    };
    told(key_kind::p256, key_kind::rsa_2048, "RSA key of 2048 bits");
    told(key_kind::p256, key_kind::p384, "EC key on P-384");
    told(key_kind::rsa_2048, key_kind::rsa_3072, "RSA key of 3072 bits");
    told(key_kind::rsa_2048, key_kind::p521, "EC key on P-521");
}

PARITY_CASE("own keys: a certificate of ours that the library cannot read is not the key's fault", backends, B) {
    files const f;
    auto const& key = testbed::pooled_key(key_kind::p256);
    auto const& issuer = pki().client_intermediate;
    struct oddity {
        char const* what;
        std::function<void(testbed::certificate_spec&)> make;
        bool wolfssl;
        bool mbedtls;
    };
    using namespace std::string_view_literals;
    oddity const oddities[] = {
        {"nothing", [](auto&) {}, true, true},
        {"a NUL in a dNSName", [](auto& s) { s.general_names = {testbed::general_name::dns("a\0.example"sv)}; }, false,
         true},
        {"a serial number of 33 bytes", [](auto& s) { s.serial = bytes(33, std::byte{0x11}); }, false, true},
        {"an empty authorityKeyIdentifier",
         [](auto& s) {
             s.authority_key_id = false;
             s.extra_extensions = {testbed::extension("2.5.29.35", false, der::sequence({}))};
         },
         true, false},
    };
    for (auto const& odd : oddities) {
        CAPTURE(odd.what);
        auto spec = testbed::client_spec();
        odd.make(spec);
        auto const chain = testbed::issue(spec, key, &issuer).pem() + issuer.certificate.pem();
        auto who = f.identity(chain, key.pkcs8_pem());
        if (std::is_same_v<B, tls::wolfssl> ? odd.wolfssl : odd.mbedtls) {
            CHECK(build<B>({.who = who}));
            continue;
        }
        auto const e = refused<B>(who);
        CHECK_MESSAGE(e.code == errc::unsupported, tls::explain(e));
        CHECK_MESSAGE(files::names(e, "chain.pem", "reading certificate 1"), e.about.view());
        CHECK(e.native != 0);
    }
}

PARITY_CASE("own keys: certificates above our own are sent as they are", backends, B, v) {
    auto const& key = testbed::pooled_key(key_kind::p256);
    auto const& good = client_with(key);
    auto const copy = [](std::span<std::byte const> b) { return bytes(b.begin(), b.end()); };
    for (auto const& k : unsupported_keys()) {
        CAPTURE(k.name);
        // Of the same name as the intermediate, so that it stands above our own; with a key of an odd kind.
        auto const view = tls::x509::certificate_view::parse(good.chain[1].der);
        REQUIRE(view);
        bytes const rsa = der::sequence({der::oid("1.2.840.113549.1.1.11"), der::null()});
        testbed::certificate_parts parts{
            .version = der::integer(2),
            .serial = der::integer(1),
            .inner_algorithm = rsa,
            .issuer = copy(view->issuer_name()),
            .not_before = der::time(testbed::now() - 1h),
            .not_after = der::time(testbed::now() + 24h),
            .subject = copy(view->subject_name()),
            .key = spki_of(k),
            .outer_algorithm = rsa,
            .signature = der::bit_string(testbed::pattern(256))};
        bytes const odd = parts.der();
        std::span<std::byte const> const chain[] = {good.chain[0].der, odd};
        auto const client = build<B>(only(v, {.who = tls::identity::from_der(chain, key.pkcs8_der())}));
        REQUIRE_MESSAGE(client, tls::explain(client.error()));
        auto c = converse<pairing<B, testbed::mbedtls_server>>(*client, asking_server(v));
        (void)c.run();
        CHECK(c.client.facts().certificates_sent == 2);
    }
}

} // namespace parity::own_keys_cases
