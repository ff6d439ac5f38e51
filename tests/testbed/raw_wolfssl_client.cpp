// SPDX-License-Identifier: Apache-2.0
#include "libraries.hpp"
#include "raw_client_impl.hpp"
#include "server.hpp"

#include <array>
#include <stdexcept>

#if !defined(WOLFSSL_USER_SETTINGS)
#    include <wolfssl/options.h>
#endif
#include <wolfssl/ssl.h>
#include <wolfssl/wolfio.h>

namespace testbed {
namespace {

void check(int code, char const* what) {
    if (code != WOLFSSL_SUCCESS) throw std::runtime_error(std::string(what) + ": wolfSSL " + std::to_string(code));
}

struct release_context {
    void operator()(WOLFSSL_CTX* p) const { wolfSSL_CTX_free(p); }
};
struct release_session {
    void operator()(WOLFSSL* p) const { wolfSSL_free(p); }
};

} // namespace

template <> struct raw_client_state<wolfssl_library> : raw_client_common {
    raw_client_state(raw_client_options const& options, wire::byte_pipe& p);

    void step();
    void write(byte_view data);
    void close() { wolfSSL_shutdown(ssl.get()); }
    void load_identity(credentials const& identity);
    void set_session_options(raw_client_options const& options);
    void resume(bytes const& encoded);
    void fail(int code);

    static int save_session(WOLFSSL* ssl, WOLFSSL_SESSION* session);
    static int receive(WOLFSSL* ssl, char* to, int size, void* self);
    static int transmit(WOLFSSL* ssl, char* data, int size, void* self);

    std::unique_ptr<WOLFSSL_CTX, release_context> context{};
    std::unique_ptr<WOLFSSL, release_session> ssl{};
};

raw_client_state<wolfssl_library>::raw_client_state(raw_client_options const& options, wire::byte_pipe& p)
    : raw_client_common(p) {
    prepare_wolfssl();
    context.reset(wolfSSL_CTX_new(
        options.version == tls::protocol_version::tls_1_2 ? wolfTLSv1_2_client_method() : wolfTLSv1_3_client_method()));
    if (!context) throw std::runtime_error("wolfSSL_CTX_new failed");
    wolfSSL_CTX_set_verify(context.get(), WOLFSSL_VERIFY_PEER, nullptr);
    for (certificate const& c : options.anchors)
        check(
            wolfSSL_CTX_load_verify_buffer(
                context.get(), raw(c.der), static_cast<long>(c.der.size()), WOLFSSL_FILETYPE_ASN1),
            "anchor");
    check(wolfSSL_CTX_UseSessionTicket(context.get()), "tickets");
    wolfSSL_CTX_sess_set_new_cb(context.get(), save_session);
    wolfSSL_CTX_SetIORecv(context.get(), receive);
    wolfSSL_CTX_SetIOSend(context.get(), transmit);
    if (options.identity && !options.identity_after_session) load_identity(*options.identity);
    ssl.reset(wolfSSL_new(context.get()));
    if (!ssl) throw std::runtime_error("wolfSSL_new failed");
    if (options.identity && options.identity_after_session) load_identity(*options.identity);
    set_session_options(options);
}

void raw_client_state<wolfssl_library>::set_session_options(raw_client_options const& options) {
    wolfSSL_SetIOReadCtx(ssl.get(), this);
    wolfSSL_SetIOWriteCtx(ssl.get(), this);
    if (options.session) resume(*options.session);
    check(wolfSSL_check_domain_name(ssl.get(), options.server_name.c_str()), "server name");
    check(
        wolfSSL_UseSNI(
            ssl.get(), WOLFSSL_SNI_HOST_NAME, options.server_name.data(),
            static_cast<unsigned short>(options.server_name.size())),
        "SNI");
    if (options.alpn.empty()) return;
    std::string names;
    for (std::string const& name : options.alpn) names += (names.empty() ? "" : ",") + name;
    check(
        wolfSSL_UseALPN(ssl.get(), names.data(), static_cast<unsigned>(names.size()), WOLFSSL_ALPN_FAILED_ON_MISMATCH),
        "ALPN");
}

void raw_client_state<wolfssl_library>::load_identity(credentials const& identity) {
    std::string const chain = identity.chain_pem();
    check(
        wolfSSL_CTX_use_certificate_chain_buffer(context.get(), raw(view_of(chain)), static_cast<long>(chain.size())),
        "client certificate");
    bytes const der = identity.private_key->traditional_der();
    check(
        wolfSSL_CTX_use_PrivateKey_buffer(
            context.get(), raw(der), static_cast<long>(der.size()), WOLFSSL_FILETYPE_ASN1),
        "client key");
    identity_loaded = true;
}

void raw_client_state<wolfssl_library>::step() {
    if (!established) {
        int const code = wolfSSL_connect(ssl.get());
        if (code != WOLFSSL_SUCCESS) {
            int const why = wolfSSL_get_error(ssl.get(), code);
            if (why != WOLFSSL_ERROR_WANT_READ) fail(why);
            return;
        }
        established = true;
    }
    std::array<std::byte, 16384> buffer{};
    for (;;) {
        int const n = wolfSSL_read(ssl.get(), buffer.data(), static_cast<int>(buffer.size()));
        if (n > 0) {
            append(received, byte_view(buffer).first(static_cast<std::size_t>(n)));
            continue;
        }
        int const why = wolfSSL_get_error(ssl.get(), n);
        if (why == WOLFSSL_ERROR_ZERO_RETURN)
            peer_closed = true;
        else if (why != WOLFSSL_ERROR_WANT_READ && !pipe.to_client.closed())
            fail(why);
        return;
    }
}

// Called for every ticket, from inside wolfSSL_connect or wolfSSL_read.
int raw_client_state<wolfssl_library>::save_session(WOLFSSL* ssl, WOLFSSL_SESSION* session) {
    auto& client = *static_cast<raw_client_state*>(wolfSSL_GetIOReadCtx(ssl));
    int const size = wolfSSL_i2d_SSL_SESSION(session, nullptr);
    if (size <= 0) return 0;
    client.saved.resize(static_cast<std::size_t>(size));
    unsigned char* at = raw(client.saved);
    wolfSSL_i2d_SSL_SESSION(session, &at);
    return 0;
}

void raw_client_state<wolfssl_library>::resume(bytes const& encoded) {
    unsigned char const* at = raw(encoded);
    WOLFSSL_SESSION* const session = wolfSSL_d2i_SSL_SESSION(nullptr, &at, static_cast<long>(encoded.size()));
    if (session == nullptr) throw std::runtime_error("resuming the session: wolfSSL cannot read it");
    int const code = wolfSSL_set_session(ssl.get(), session);
    wolfSSL_SESSION_free(session);
    check(code, "resuming the session");
}

void raw_client_state<wolfssl_library>::fail(int code) {
    error = code;
    WOLFSSL_ALERT_HISTORY history{};
    wolfSSL_get_alert_history(ssl.get(), &history);
    if (history.last_rx.code > 0) alert = history.last_rx.code;
}

void raw_client_state<wolfssl_library>::write(byte_view data) {
    while (!data.empty()) {
        int const n = wolfSSL_write(ssl.get(), data.data(), static_cast<int>(data.size()));
        if (n <= 0) return fail(wolfSSL_get_error(ssl.get(), n));
        data = data.subspan(static_cast<std::size_t>(n));
    }
}

int raw_client_state<wolfssl_library>::receive(WOLFSSL*, char* to, int size, void* self) {
    auto& queue = static_cast<raw_client_state*>(self)->pipe.to_client;
    std::size_t const n = queue.pop(std::as_writable_bytes(std::span(to, static_cast<std::size_t>(size))));
    if (n != 0) return static_cast<int>(n);
    return queue.closed() ? WOLFSSL_CBIO_ERR_CONN_CLOSE : WOLFSSL_CBIO_ERR_WANT_READ;
}

int raw_client_state<wolfssl_library>::transmit(WOLFSSL*, char* data, int size, void* self) {
    static_cast<raw_client_state*>(self)->pipe.to_server.push(
        std::as_bytes(std::span(data, static_cast<std::size_t>(size))));
    return size;
}

template class raw_client<wolfssl_library>;

} // namespace testbed
