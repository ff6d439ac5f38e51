// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cases.hpp"
#include "testbed/bytes.hpp"

#include <memory>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <stdexcept>
#include <string>

/// What the OpenSSL server, the OpenSSL client and Asio's have in common: owners, and a context set up for a case.
namespace bench::with_openssl {

struct release {
    void operator()(SSL_CTX* p) const { SSL_CTX_free(p); }
    void operator()(SSL* p) const { SSL_free(p); }
    void operator()(SSL_SESSION* p) const { SSL_SESSION_free(p); }
    void operator()(BIO* p) const { BIO_free(p); }
    void operator()(X509* p) const { X509_free(p); }
    void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
    void operator()(EVP_PKEY_CTX* p) const { EVP_PKEY_CTX_free(p); }
};
template <class T> using owner = std::unique_ptr<T, release>;

/// Throws with OpenSSL's words unless a call succeeded.
inline void require(bool good, char const* what) {
    if (good) return;
    char text[256] = "no reason given";
    if (unsigned long const code = ERR_get_error()) ERR_error_string_n(code, text, sizeof text);
    ERR_clear_error();
    throw std::runtime_error(std::string("OpenSSL: ") + what + ": " + text);
}

inline owner<BIO> reading(std::string const& text) {
    owner<BIO> bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
    require(bio != nullptr, "memory");
    return bio;
}

/// The next certificate of a PEM text, or nullptr at its end; throws if one cannot be read, so that the rest is not
/// left out unnoticed.
inline owner<X509> next_certificate(BIO* text) {
    owner<X509> next(PEM_read_bio_X509(text, nullptr, nullptr, nullptr));
    require(next || ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE, "certificate");
    if (!next) ERR_clear_error();
    return next;
}

/// Leaf, further certificates, and key.
inline void use_identity(SSL_CTX* context, std::string const& chain, std::string const& key) {
    auto const certificates = reading(chain);
    owner<X509> const leaf = next_certificate(certificates.get());
    require(leaf && SSL_CTX_use_certificate(context, leaf.get()) == 1, "certificate");
    while (owner<X509> const next = next_certificate(certificates.get()))
        require(SSL_CTX_add1_chain_cert(context, next.get()) == 1, "certificate chain");
    auto const key_text = reading(key);
    owner<EVP_PKEY> const private_key(PEM_read_bio_PrivateKey(key_text.get(), nullptr, nullptr, nullptr));
    require(private_key && SSL_CTX_use_PrivateKey(context, private_key.get()) == 1, "private key");
}

/// Makes all certificates of a PEM text trust anchors.
inline void trust(SSL_CTX* context, std::string const& anchors) {
    auto const text = reading(anchors);
    X509_STORE* const store = SSL_CTX_get_cert_store(context);
    while (owner<X509> const next = next_certificate(text.get()))
        require(X509_STORE_add_cert(store, next.get()) == 1, "trust anchor");
}

/// Sets the version and suite of a case, and these groups.
inline void negotiate(SSL_CTX* context, handshake_case const& c, std::vector<tls::named_group> const& groups) {
    int const version = c.version == tls::protocol_version::tls_1_3 ? TLS1_3_VERSION : TLS1_2_VERSION;
    require(SSL_CTX_set_min_proto_version(context, version) == 1, "version");
    require(SSL_CTX_set_max_proto_version(context, version) == 1, "version");
    using enum tls::cipher_suite;
    switch (c.suite) {
    case aes_128_gcm_sha256: require(SSL_CTX_set_ciphersuites(context, "TLS_AES_128_GCM_SHA256") == 1, "suite"); break;
    case aes_256_gcm_sha384: require(SSL_CTX_set_ciphersuites(context, "TLS_AES_256_GCM_SHA384") == 1, "suite"); break;
    case chacha20_poly1305_sha256:
        require(SSL_CTX_set_ciphersuites(context, "TLS_CHACHA20_POLY1305_SHA256") == 1, "suite");
        break;
    case ecdhe_ecdsa_aes_128_gcm_sha256:
        require(SSL_CTX_set_cipher_list(context, "ECDHE-ECDSA-AES128-GCM-SHA256") == 1, "suite");
        break;
    case ecdhe_rsa_aes_128_gcm_sha256:
        require(SSL_CTX_set_cipher_list(context, "ECDHE-RSA-AES128-GCM-SHA256") == 1, "suite");
        break;
    default: throw std::runtime_error("OpenSSL: no such suite in the benchmark");
    }
    std::string list;
    for (auto const g : groups) {
        if (!list.empty()) list += ':';
        list += g == tls::named_group::x25519 ? "X25519" : "P-256";
    }
    require(SSL_CTX_set1_groups_list(context, list.c_str()) == 1, "groups");
}

/// One end of a connection, with what arrives and what leaves in memory.
class memory_end {
public:
    explicit memory_end(SSL_CTX* context) : ssl_(SSL_new(context)) {
        require(ssl_ != nullptr, "session");
        in_ = BIO_new(BIO_s_mem());
        out_ = BIO_new(BIO_s_mem());
        require(in_ != nullptr && out_ != nullptr, "memory");
        BIO_set_mem_eof_return(in_, -1);
        SSL_set_bio(ssl_.get(), in_, out_); // takes ownership
    }
    [[nodiscard]] SSL* ssl() const { return ssl_.get(); }

    void arrive(testbed::byte_view records) {
        if (records.empty()) return;
        int const size = static_cast<int>(records.size());
        require(BIO_write(in_, records.data(), size) == size, "memory");
    }
    /// Appends everything that is to be sent.
    void leave(testbed::bytes& to) {
        char* data = nullptr;
        long const n = BIO_get_mem_data(out_, &data);
        if (n > 0) testbed::append(to, std::as_bytes(std::span(data, static_cast<std::size_t>(n))));
        (void)BIO_reset(out_);
    }
    /// True once the handshake is complete; throws if it failed.
    bool handshake(char const* whose) {
        int const code = SSL_do_handshake(ssl());
        require(code == 1 || SSL_get_error(ssl(), code) == SSL_ERROR_WANT_READ, whose);
        return code == 1;
    }
    /// What could be read, 0 if more must arrive first.
    std::size_t read(std::span<std::byte> into, char const* whose) {
        std::size_t n = 0;
        int const code = SSL_read_ex(ssl(), into.data(), into.size(), &n);
        require(code == 1 || SSL_get_error(ssl(), code) == SSL_ERROR_WANT_READ, whose);
        return code == 1 ? n : 0;
    }
    void write(testbed::byte_view data, char const* whose) {
        std::size_t n = 0;
        require(SSL_write_ex(ssl(), data.data(), data.size(), &n) == 1 && n == data.size(), whose);
    }

private:
    owner<SSL> ssl_;
    BIO* in_ = nullptr;
    BIO* out_ = nullptr;
};

/// A protocol name as ALPN has it on the wire.
inline std::string wire_name(std::string_view protocol) {
    return static_cast<char>(protocol.size()) + std::string(protocol);
}

} // namespace bench::with_openssl
