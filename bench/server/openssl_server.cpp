// SPDX-License-Identifier: Apache-2.0
#include "server/openssl_server.hpp"

#include "openssl_objects.hpp"

#include <algorithm>
#include <array>

namespace bench {
namespace {

using with_openssl::owner;
using with_openssl::require;

class connection final : public server_connection {
public:
    explicit connection(SSL_CTX* context) : ssl_(SSL_new(context)) {
        require(ssl_ != nullptr, "server session");
        in_ = BIO_new(BIO_s_mem());
        out_ = BIO_new(BIO_s_mem());
        require(in_ != nullptr && out_ != nullptr, "memory");
        BIO_set_mem_eof_return(in_, -1);
        SSL_set_bio(ssl_.get(), in_, out_); // which owns them now
        SSL_set_accept_state(ssl_.get());
    }

    void step(byte_view from_client, bytes& to_client) override {
        if (!from_client.empty())
            require(
                BIO_write(in_, from_client.data(), static_cast<int>(from_client.size())) ==
                    static_cast<int>(from_client.size()),
                "memory");
        if (!established_) {
            int const code = SSL_do_handshake(ssl_.get());
            established_ = code == 1;
            if (!established_) require(SSL_get_error(ssl_.get(), code) == SSL_ERROR_WANT_READ, "server");
        }
        while (established_) {
            std::size_t n = 0;
            int const code = SSL_read_ex(ssl_.get(), buffer_.data(), buffer_.size(), &n);
            if (code != 1) {
                require(SSL_get_error(ssl_.get(), code) == SSL_ERROR_WANT_READ, "server");
                break;
            }
            received_ += n;
        }
        drain(to_client);
    }
    void write(byte_view data, bytes& to_client) override {
        std::size_t n = 0;
        require(SSL_write_ex(ssl_.get(), data.data(), data.size(), &n) == 1 && n == data.size(), "server");
        drain(to_client);
    }
    [[nodiscard]] bool established() const override { return established_; }
    [[nodiscard]] bool resumed() const override { return SSL_session_reused(ssl_.get()) == 1; }
    [[nodiscard]] int client_certificates() const override {
        // The list does not count the client's own, and a resumed session remembers it: none was sent then.
        if (resumed()) return 0;
        owner<X509> const leaf(SSL_get1_peer_certificate(ssl_.get()));
        STACK_OF(X509) const* const more = SSL_get_peer_cert_chain(ssl_.get());
        return (leaf ? 1 : 0) + (more != nullptr ? std::max(sk_X509_num(more), 0) : 0);
    }
    [[nodiscard]] std::size_t received() const override { return received_; }

private:
    void drain(bytes& to_client) {
        char* data = nullptr;
        long const n = BIO_get_mem_data(out_, &data);
        if (n > 0) support::append(to_client, std::as_bytes(std::span(data, static_cast<std::size_t>(n))));
        (void)BIO_reset(out_);
    }

    owner<SSL> ssl_;
    BIO* in_ = nullptr;
    BIO* out_ = nullptr;
    bool established_ = false;
    std::size_t received_ = 0;
    std::array<std::byte, 16384> buffer_{};
};

int select_protocol(
    SSL*, unsigned char const** chosen, unsigned char* size, unsigned char const* offered, unsigned offered_size,
    void*) {
    static std::string const ours = with_openssl::wire_name(application_protocol);
    unsigned char* found = nullptr;
    int const outcome = SSL_select_next_proto(
        &found, size, reinterpret_cast<unsigned char const*>(ours.data()), static_cast<unsigned>(ours.size()), offered,
        offered_size);
    *chosen = found;
    return outcome == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

/// The only algorithm the server signs with, so that no client's order of preference makes its handshake another one.
char const* signature_for(handshake_case const& c) {
    if (c.key == server_key::ecdsa_p256) return "ECDSA+SHA256";
    return c.version == tls::protocol_version::tls_1_3 ? "RSA-PSS+SHA256" : "RSA+SHA256";
}

class server final : public bench_server {
public:
    server(handshake_case const& c, credentials const& with) : context_(SSL_CTX_new(TLS_server_method())) {
        require(context_ != nullptr, "server");
        SSL_CTX* const ctx = context_.get();
        with_openssl::negotiate(ctx, c, {c.group});
        require(SSL_CTX_set1_sigalgs_list(ctx, signature_for(c)) == 1, "signature algorithms");
        with_openssl::use_identity(ctx, with.server_chain, with.server_private_key);
        SSL_CTX_set_alpn_select_cb(ctx, select_protocol, nullptr);
        SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
        require(SSL_CTX_set_num_tickets(ctx, c.resumed ? 1 : 0) == 1, "tickets");
        if (!c.resumed) SSL_CTX_set_options(ctx, SSL_OP_NO_TICKET);
        static constexpr unsigned char id[] = "bench";
        require(SSL_CTX_set_session_id_context(ctx, id, sizeof id - 1) == 1, "session context");
        if (!c.client_certificate) return;
        // Under TLS 1.2 wolfSSL refuses a request without an algorithm of the server's own kind of key.
        require(SSL_CTX_set1_client_sigalgs_list(ctx, "ECDSA+SHA256:RSA+SHA256") == 1, "clients' signature algorithms");
        with_openssl::trust(ctx, with.client_authority);
        SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    }
    std::unique_ptr<server_connection> accept() override { return std::make_unique<connection>(context_.get()); }

private:
    owner<SSL_CTX> context_;
};

} // namespace

std::unique_ptr<bench_server> make_openssl_server(handshake_case const& c, credentials const& with) {
    return std::make_unique<server>(c, with);
}

std::string openssl_server_title() { return std::string("OpenSSL ") + OpenSSL_version(OPENSSL_VERSION_STRING); }

} // namespace bench
