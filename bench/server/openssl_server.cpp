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
    explicit connection(SSL_CTX* context) : end_(context) { SSL_set_accept_state(end_.ssl()); }

    void step(byte_view from_client, bytes& to_client) override {
        end_.arrive(from_client);
        if (!established_) established_ = end_.handshake("server");
        if (established_)
            while (std::size_t const n = end_.read(buffer_, "server")) received_ += n;
        end_.leave(to_client);
    }
    void write(byte_view data, bytes& to_client) override {
        end_.write(data, "server");
        end_.leave(to_client);
    }
    [[nodiscard]] bool established() const override { return established_; }
    [[nodiscard]] bool resumed() const override { return SSL_session_reused(end_.ssl()) == 1; }
    [[nodiscard]] int client_certificates() const override {
        // The list does not include the client's own certificate, and a resumed session remembers it although none was
        // sent.
        if (resumed()) return 0;
        owner<X509> const leaf(SSL_get1_peer_certificate(end_.ssl()));
        STACK_OF(X509) const* const more = SSL_get_peer_cert_chain(end_.ssl());
        return (leaf ? 1 : 0) + (more != nullptr ? std::max(sk_X509_num(more), 0) : 0);
    }
    [[nodiscard]] std::size_t received() const override { return received_; }

private:
    with_openssl::memory_end end_;
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

/// The only algorithm the server signs with, so that no client's order of preference changes the handshake.
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
