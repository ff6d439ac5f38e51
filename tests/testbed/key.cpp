// SPDX-License-Identifier: Apache-2.0
#include "key.hpp"

#include "der_writer.hpp"
#include "number.hpp"
#include "pem.hpp"
#include "random.hpp"

#include <array>
#include <map>
#include <mutex>
#include <stdexcept>
#include <utility>
#include <vector>

#include <mbedtls/dhm.h>
#include <mbedtls/ecp.h>
#include <mbedtls/md.h>
#include <mbedtls/pk.h>
#include <mbedtls/rsa.h>

namespace testbed {
namespace {

mbedtls_md_type_t md_type(hash h) {
    switch (h) {
    case hash::md5: return MBEDTLS_MD_MD5;
    case hash::sha1: return MBEDTLS_MD_SHA1;
    case hash::sha224: return MBEDTLS_MD_SHA224;
    case hash::sha256: return MBEDTLS_MD_SHA256;
    case hash::sha384: return MBEDTLS_MD_SHA384;
    case hash::sha512: return MBEDTLS_MD_SHA512;
    }
    throw std::runtime_error("unknown hash");
}

mbedtls_ecp_group_id curve(key_kind kind) {
    switch (kind) {
    case key_kind::p224: return MBEDTLS_ECP_DP_SECP224R1;
    case key_kind::p256: return MBEDTLS_ECP_DP_SECP256R1;
    case key_kind::p384: return MBEDTLS_ECP_DP_SECP384R1;
    case key_kind::p521: return MBEDTLS_ECP_DP_SECP521R1;
    default: throw std::runtime_error("not a curve");
    }
}

unsigned rsa_bits(key_kind kind) {
    switch (kind) {
    case key_kind::rsa_1024: return 1024;
    case key_kind::rsa_2048: return 2048;
    case key_kind::rsa_3072: return 3072;
    case key_kind::rsa_2056: return 2056;
    default: throw std::runtime_error("not an RSA key that is generated");
    }
}

bytes octets_of(std::vector<unsigned char> const& constant) {
    bytes out;
    for (unsigned char const c : constant) out.push_back(static_cast<std::byte>(c));
    return out;
}

/// A prime of so many bits; the product of two has the sum of theirs.
bytes prime(std::size_t bits, mbedtls_ctr_drbg_context* rng) {
    number p;
    check_mbedtls(mbedtls_mpi_gen_prime(p.get(), bits, 0, mbedtls_ctr_drbg_random, rng), "prime");
    return p.write(p.size());
}

/// The primes of a key that is not generated; empty for another kind.
std::pair<bytes, bytes> primes(key_kind kind, mbedtls_ctr_drbg_context* rng) {
    switch (kind) {
    case key_kind::rsa_2049: return {prime(1025, rng), prime(1024, rng)};
    case key_kind::rsa_4096:
        return {octets_of(MBEDTLS_DHM_RFC3526_MODP_2048_P_BIN), octets_of(MBEDTLS_DHM_RFC7919_FFDHE2048_P_BIN)};
    case key_kind::rsa_8192:
        return {octets_of(MBEDTLS_DHM_RFC3526_MODP_4096_P_BIN), octets_of(MBEDTLS_DHM_RFC7919_FFDHE4096_P_BIN)};
    default: return {};
    }
}

void make_from(mbedtls_rsa_context* rsa, std::pair<bytes, bytes> const& pq) {
    number const p(pq.first);
    number const q(pq.second);
    number const e(octets({1, 0, 1}));
    check_mbedtls(mbedtls_rsa_import(rsa, nullptr, p.get(), q.get(), nullptr, e.get()), "RSA key");
    check_mbedtls(mbedtls_rsa_complete(rsa), "RSA key");
}

std::string_view curve_oid(key_kind kind) {
    switch (kind) {
    case key_kind::p224: return "1.3.132.0.33";
    case key_kind::p256: return "1.2.840.10045.3.1.7";
    case key_kind::p384: return "1.3.132.0.34";
    case key_kind::p521: return "1.3.132.0.35";
    default: throw std::runtime_error("not a curve");
    }
}

bytes algorithm_identifier(key_kind kind) {
    if (is_rsa(kind)) return der::sequence({der::oid("1.2.840.113549.1.1.1"), der::null()});
    return der::sequence({der::oid("1.2.840.10045.2.1"), der::oid(curve_oid(kind))});
}

// The library writes at the end of the buffer.
template <class Write> bytes written_at_end(Write write, char const* what) {
    bytes buffer(8192);
    int const n = write(raw(buffer), buffer.size());
    check_mbedtls(n, what);
    return {buffer.end() - n, buffer.end()};
}

} // namespace

std::string_view name(key_kind kind) {
    switch (kind) {
    case key_kind::p224: return "P-224";
    case key_kind::p256: return "P-256";
    case key_kind::p384: return "P-384";
    case key_kind::p521: return "P-521";
    case key_kind::rsa_1024: return "RSA-1024";
    case key_kind::rsa_2048: return "RSA-2048";
    case key_kind::rsa_3072: return "RSA-3072";
    case key_kind::rsa_2049: return "RSA-2049";
    case key_kind::rsa_2056: return "RSA-2056";
    case key_kind::rsa_4096: return "RSA-4096";
    case key_kind::rsa_8192: return "RSA-8192";
    }
    return "unknown";
}

bool is_rsa(key_kind kind) {
    switch (kind) {
    case key_kind::p256:
    case key_kind::p384:
    case key_kind::p521:
    case key_kind::p224: return false;
    default: return true;
    }
}

std::string_view name(hash h) {
    switch (h) {
    case hash::md5: return "MD5";
    case hash::sha1: return "SHA-1";
    case hash::sha224: return "SHA-224";
    case hash::sha256: return "SHA-256";
    case hash::sha384: return "SHA-384";
    case hash::sha512: return "SHA-512";
    }
    return "unknown";
}

std::string_view object_identifier(hash h) {
    switch (h) {
    case hash::md5: return "1.2.840.113549.2.5";
    case hash::sha1: return "1.3.14.3.2.26";
    case hash::sha224: return "2.16.840.1.101.3.4.2.4";
    case hash::sha256: return "2.16.840.1.101.3.4.2.1";
    case hash::sha384: return "2.16.840.1.101.3.4.2.2";
    case hash::sha512: return "2.16.840.1.101.3.4.2.3";
    }
    throw std::runtime_error("unknown hash");
}

struct key::parts {
    explicit parts(key_kind wanted) : kind(wanted), context() { mbedtls_pk_init(&context); }
    ~parts() { mbedtls_pk_free(&context); }
    parts(parts const&) = delete;
    parts& operator=(parts const&) = delete;

    key_kind kind;
    mbedtls_pk_context context;
    random_source random;
    std::mutex using_context; // signing changes the context: blinding values, precomputed points
};

key::key(key_kind kind) : parts_(std::make_unique<parts>(kind)) {
    mbedtls_pk_context& pk = parts_->context;
    mbedtls_ctr_drbg_context* const rng = parts_->random.context();
    if (is_rsa(kind)) {
        check_mbedtls(mbedtls_pk_setup(&pk, mbedtls_pk_info_from_type(MBEDTLS_PK_RSA)), "RSA key");
        auto const known = primes(kind, rng);
        if (!known.first.empty()) {
            make_from(mbedtls_pk_rsa(pk), known);
            return;
        }
        check_mbedtls(
            mbedtls_rsa_gen_key(mbedtls_pk_rsa(pk), mbedtls_ctr_drbg_random, rng, rsa_bits(kind), 65537), "RSA key");
    } else {
        check_mbedtls(mbedtls_pk_setup(&pk, mbedtls_pk_info_from_type(MBEDTLS_PK_ECKEY)), "EC key");
        check_mbedtls(mbedtls_ecp_gen_key(curve(kind), mbedtls_pk_ec(pk), mbedtls_ctr_drbg_random, rng), "EC key");
    }
}

key::~key() = default;
key::key(key&&) noexcept = default;
key& key::operator=(key&&) noexcept = default;

key_kind key::kind() const { return parts_->kind; }

bytes key::traditional_der() const {
    std::scoped_lock const lock(parts_->using_context);
    return written_at_end(
        [this](unsigned char* to, std::size_t size) { return mbedtls_pk_write_key_der(&parts_->context, to, size); },
        "private key");
}

std::string key::traditional_pem() const {
    return pem_block(is_rsa(kind()) ? "RSA PRIVATE KEY" : "EC PRIVATE KEY", traditional_der());
}

bytes key::pkcs8_der() const {
    return der::sequence({der::integer(0), algorithm_identifier(kind()), der::octet_string(traditional_der())});
}

std::string key::pkcs8_pem() const { return pem_block("PRIVATE KEY", pkcs8_der()); }

bytes key::spki_der() const {
    return der::sequence({algorithm_identifier(kind()), der::bit_string(public_key_bits())});
}

bytes key::public_key_bits() const {
    std::scoped_lock const lock(parts_->using_context);
    return written_at_end(
        [this](unsigned char* to, std::size_t size) {
            unsigned char* at = to + size;
            return mbedtls_pk_write_pubkey(&at, to, &parts_->context);
        },
        "public key");
}

bytes key::sign(byte_view message, hash with, bool rsa_pss) const {
    return sign_digest(digest(with, message), with, rsa_pss);
}

bytes key::sign_digest(byte_view hashed, hash with, bool rsa_pss) const {
    bytes signature(MBEDTLS_PK_SIGNATURE_MAX_SIZE);
    std::size_t size = 0;
    std::scoped_lock const lock(parts_->using_context);
    mbedtls_pk_type_t const scheme = !is_rsa(kind()) ? MBEDTLS_PK_ECDSA
                                     : rsa_pss       ? MBEDTLS_PK_RSASSA_PSS
                                                     : MBEDTLS_PK_RSA;
    check_mbedtls(
        mbedtls_pk_sign_ext(
            scheme, &parts_->context, md_type(with), raw(hashed), hashed.size(), raw(signature), signature.size(),
            &size, mbedtls_ctr_drbg_random, parts_->random.context()),
        "signing");
    signature.resize(size);
    return signature;
}

key const& pooled_key(key_kind kind, int index) {
    static std::mutex guard;
    static std::map<std::pair<key_kind, int>, key> pool;
    std::scoped_lock const lock(guard);
    return pool.try_emplace({kind, index}, kind).first->second;
}

bytes digest(hash with, byte_view message) {
    mbedtls_md_info_t const* const info = mbedtls_md_info_from_type(md_type(with));
    if (info == nullptr) throw std::runtime_error("this Mbed TLS was built without " + std::string(name(with)));
    bytes out(mbedtls_md_get_size(info));
    check_mbedtls(mbedtls_md(info, raw(message), message.size(), raw(out)), "hash");
    return out;
}

} // namespace testbed
