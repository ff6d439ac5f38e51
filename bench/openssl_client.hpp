// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "contender.hpp"
#include "openssl_objects.hpp"

#include <openssl/crypto.h>

/// OpenSSL as a client, used directly or under Asio.
namespace bench::with_openssl {

inline void set_up_client(SSL_CTX* context, handshake_case const& c, credentials const& with) {
    negotiate(context, c, c.offered_groups());
    trust(context, with.trust_anchors);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    if (!c.resumed) SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
    std::string const protocols = wire_name(application_protocol);
    require(
        SSL_CTX_set_alpn_protos(
            context, reinterpret_cast<unsigned char const*>(protocols.data()),
            static_cast<unsigned>(protocols.size())) == 0,
        "ALPN");
    if (c.client_certificate) use_identity(context, with.client_chain, with.client_private_key);
}

/// The session for the next connection: a copy, because a connection freed without a shutdown invalidates its session.
inline owner<SSL_SESSION> session_of(SSL* ssl) { return owner<SSL_SESSION>(SSL_SESSION_dup(SSL_get0_session(ssl))); }

inline outcome outcome_of(SSL* ssl) {
    outcome o;
    o.version = SSL_version(ssl) == TLS1_3_VERSION ? tls::protocol_version::tls_1_3 : tls::protocol_version::tls_1_2;
    o.suite = static_cast<tls::cipher_suite>(SSL_CIPHER_get_protocol_id(SSL_get_current_cipher(ssl)));
    o.resumed = SSL_session_reused(ssl) == 1;
    o.server_verified = SSL_get_verify_result(ssl) == X509_V_OK;
    unsigned char const* protocol = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(ssl, &protocol, &size);
    if (size != 0) o.alpn.assign(reinterpret_cast<char const*>(protocol), size);
    return o;
}

/// What both contenders share; `Connection` has `ssl()`.
template <class Connection> class client : public client_contender {
public:
    void keep_session(client_connection& established) final {
        session_ = session_of(static_cast<Connection&>(established).ssl());
    }
    outcome outcome_of(client_connection& established) final {
        return with_openssl::outcome_of(static_cast<Connection&>(established).ssl());
    }

protected:
    /// The one kept last; nullptr before.
    [[nodiscard]] SSL_SESSION* session() const { return session_.get(); }

private:
    owner<SSL_SESSION> session_{};
};

/// OpenSSL picks its assembly when the program starts; this says what it found.
inline std::string build() { return std::string("system package, ") + OpenSSL_version(OPENSSL_CPU_INFO); }

} // namespace bench::with_openssl
