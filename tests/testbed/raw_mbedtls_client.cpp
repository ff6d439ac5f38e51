// SPDX-License-Identifier: Apache-2.0
#include "libraries.hpp"
#include "random.hpp"
#include "raw_client_impl.hpp"
#include "server.hpp"

#include <array>

#include <mbedtls/ssl.h>
#include <mbedtls/x509_crt.h>

namespace testbed {

template <> struct raw_client_state<mbedtls_library> : raw_client_common {
    raw_client_state(raw_client_options const& options, wire::byte_pipe& p);
    ~raw_client_state();
    raw_client_state(raw_client_state const&) = delete;
    raw_client_state& operator=(raw_client_state const&) = delete;

    void step();
    void write(byte_view data);
    void close() { mbedtls_ssl_close_notify(&ssl); }
    void load_identity(credentials const& identity);
    void set_up(raw_client_options const& options);
    void release();
    void save_session();
    void resume(bytes const& encoded);
    void fail(int code);

    static int receive(void* self, unsigned char* to, std::size_t size);
    static int transmit(void* self, unsigned char const* data, std::size_t size);

    random_source random{};
    mbedtls_x509_crt anchors{};
    mbedtls_x509_crt chain{};
    mbedtls_pk_context private_key{};
    mbedtls_ssl_config config{};
    mbedtls_ssl_context ssl{};
    std::vector<std::string> alpn{};
    std::vector<char const*> alpn_list{};
};

raw_client_state<mbedtls_library>::raw_client_state(raw_client_options const& options, wire::byte_pipe& p)
    : raw_client_common(p) {
    prepare_mbedtls();
    mbedtls_x509_crt_init(&anchors);
    mbedtls_x509_crt_init(&chain);
    mbedtls_pk_init(&private_key);
    mbedtls_ssl_config_init(&config);
    mbedtls_ssl_init(&ssl);
    try {
        set_up(options);
    } catch (...) {
        release();
        throw;
    }
}

void raw_client_state<mbedtls_library>::set_up(raw_client_options const& options) {
    check_mbedtls(
        mbedtls_ssl_config_defaults(
            &config, MBEDTLS_SSL_IS_CLIENT, MBEDTLS_SSL_TRANSPORT_STREAM, MBEDTLS_SSL_PRESET_DEFAULT),
        "client configuration");
    mbedtls_ssl_conf_rng(&config, mbedtls_ctr_drbg_random, random.context());
    auto const version =
        options.version == tls::protocol_version::tls_1_2 ? MBEDTLS_SSL_VERSION_TLS1_2 : MBEDTLS_SSL_VERSION_TLS1_3;
    mbedtls_ssl_conf_min_tls_version(&config, version);
    mbedtls_ssl_conf_max_tls_version(&config, version);
    for (certificate const& c : options.anchors)
        check_mbedtls(mbedtls_x509_crt_parse_der(&anchors, raw(c.der), c.der.size()), "anchor");
    mbedtls_ssl_conf_ca_chain(&config, &anchors, nullptr);
    mbedtls_ssl_conf_tls13_enable_signal_new_session_tickets(
        &config, MBEDTLS_SSL_TLS1_3_SIGNAL_NEW_SESSION_TICKETS_ENABLED);
    if (!options.alpn.empty()) {
        alpn = options.alpn;
        for (std::string const& name : alpn) alpn_list.push_back(name.c_str());
        alpn_list.push_back(nullptr);
        check_mbedtls(mbedtls_ssl_conf_alpn_protocols(&config, alpn_list.data()), "ALPN");
    }
    if (options.identity && !options.identity_after_session) load_identity(*options.identity);
    check_mbedtls(mbedtls_ssl_setup(&ssl, &config), "client session");
    if (options.identity && options.identity_after_session) load_identity(*options.identity);
    check_mbedtls(mbedtls_ssl_set_hostname(&ssl, options.server_name.c_str()), "server name");
    if (options.session) resume(*options.session);
    mbedtls_ssl_set_bio(&ssl, this, transmit, receive, nullptr);
}

raw_client_state<mbedtls_library>::~raw_client_state() { release(); }

void raw_client_state<mbedtls_library>::release() {
    mbedtls_ssl_free(&ssl);
    mbedtls_ssl_config_free(&config);
    mbedtls_pk_free(&private_key);
    mbedtls_x509_crt_free(&chain);
    mbedtls_x509_crt_free(&anchors);
}

void raw_client_state<mbedtls_library>::load_identity(credentials const& identity) {
    for (certificate const& c : identity.chain)
        check_mbedtls(mbedtls_x509_crt_parse_der(&chain, raw(c.der), c.der.size()), "client certificate");
    bytes const der = identity.private_key->pkcs8_der();
    check_mbedtls(
        mbedtls_pk_parse_key(&private_key, raw(der), der.size(), nullptr, 0, mbedtls_ctr_drbg_random, random.context()),
        "client key");
    check_mbedtls(mbedtls_ssl_conf_own_cert(&config, &chain, &private_key), "client certificate");
    identity_loaded = true;
}

void raw_client_state<mbedtls_library>::step() {
    if (!established) {
        int const code = mbedtls_ssl_handshake(&ssl);
        if (code == MBEDTLS_ERR_SSL_WANT_READ) return;
        if (code != 0) return fail(code);
        established = true;
        if (mbedtls_ssl_get_version_number(&ssl) == MBEDTLS_SSL_VERSION_TLS1_2) save_session();
    }
    std::array<std::byte, 16384> buffer{};
    for (;;) {
        int const n = mbedtls_ssl_read(&ssl, raw(std::span<std::byte>(buffer)), buffer.size());
        if (n > 0)
            append(received, byte_view(buffer).first(static_cast<std::size_t>(n)));
        else if (n == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY) {
            peer_closed = true;
            return;
        } else if (n == MBEDTLS_ERR_SSL_RECEIVED_NEW_SESSION_TICKET) {
            save_session();
        } else if (n == MBEDTLS_ERR_SSL_WANT_READ) {
            if (mbedtls_ssl_check_pending(&ssl) == 0) return;
        } else if (n == 0)
            return;
        else
            return fail(n);
    }
}

void raw_client_state<mbedtls_library>::save_session() {
    mbedtls_ssl_session session;
    mbedtls_ssl_session_init(&session);
    std::size_t size = 0;
    int code = mbedtls_ssl_get_session(&ssl, &session);
    if (code == 0) {
        (void)mbedtls_ssl_session_save(&session, nullptr, 0, &size);
        saved.resize(size);
        code = mbedtls_ssl_session_save(&session, raw(saved), saved.size(), &size);
    }
    mbedtls_ssl_session_free(&session);
    check_mbedtls(code, "saving the session");
}

void raw_client_state<mbedtls_library>::resume(bytes const& encoded) {
    mbedtls_ssl_session session;
    mbedtls_ssl_session_init(&session);
    int code = mbedtls_ssl_session_load(&session, raw(encoded), encoded.size());
    if (code == 0) code = mbedtls_ssl_set_session(&ssl, &session);
    mbedtls_ssl_session_free(&session);
    check_mbedtls(code, "resuming the session");
}

void raw_client_state<mbedtls_library>::fail(int code) {
    error = code;
    if (code == MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE && ssl.MBEDTLS_PRIVATE(in_msgtype) == MBEDTLS_SSL_MSG_ALERT)
        alert = ssl.MBEDTLS_PRIVATE(in_msg)[1];
}

void raw_client_state<mbedtls_library>::write(byte_view data) {
    while (!data.empty()) {
        int const n = mbedtls_ssl_write(&ssl, raw(data), data.size());
        if (n < 0) return fail(n);
        data = data.subspan(static_cast<std::size_t>(n));
    }
}

int raw_client_state<mbedtls_library>::receive(void* self, unsigned char* to, std::size_t size) {
    auto& queue = static_cast<raw_client_state*>(self)->pipe.to_client;
    std::size_t const n = queue.pop(std::as_writable_bytes(std::span(to, size)));
    if (n != 0) return static_cast<int>(n);
    return queue.closed() ? 0 : MBEDTLS_ERR_SSL_WANT_READ;
}

int raw_client_state<mbedtls_library>::transmit(void* self, unsigned char const* data, std::size_t size) {
    static_cast<raw_client_state*>(self)->pipe.to_server.push(std::as_bytes(std::span(data, size)));
    return static_cast<int>(size);
}

template class raw_client<mbedtls_library>;

} // namespace testbed
