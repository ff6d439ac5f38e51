// SPDX-License-Identifier: Apache-2.0
#include "libraries.hpp"
#include "random.hpp"
#include "server_impl.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <mutex>
#include <new>

#include <mbedtls/error.h>
#include <mbedtls/platform.h>
#include <mbedtls/ssl.h>
#include <mbedtls/ssl_ticket.h>
#include <mbedtls/x509_crt.h>
#include <psa/crypto.h>

namespace testbed {
namespace {

mbedtls_ssl_protocol_version number_of(tls::protocol_version v) {
    return v == tls::protocol_version::tls_1_2 ? MBEDTLS_SSL_VERSION_TLS1_2 : MBEDTLS_SSL_VERSION_TLS1_3;
}

// Frees what it holds whether or not a constructor that uses it finishes.
template <class T, void (*init)(T*), void (*release)(T*)> struct owned {
    owned() : value() { init(&value); }
    ~owned() { release(&value); }
    owned(owned const&) = delete;
    owned& operator=(owned const&) = delete;
    T* operator&() { return &value; } // NOLINT(google-runtime-operator)
    T* operator->() { return &value; }
    T value;
};

using owned_certificate = owned<mbedtls_x509_crt, mbedtls_x509_crt_init, mbedtls_x509_crt_free>;

} // namespace

void prepare_mbedtls() {
    static std::once_flag once;
    std::call_once(once, [] {
        if (psa_crypto_init() != PSA_SUCCESS) throw std::runtime_error("psa_crypto_init failed");
    });
}

template <> struct server_state<mbedtls_library> : server_common {
    explicit server_state(server_options const& options);

    void step();
    void write(byte_view data);
    void send_close();
    void send_alert(unsigned level, unsigned description);
    [[nodiscard]] std::optional<int> alert_received() const { return last_received; }
    [[nodiscard]] std::optional<int> alert_sent() const { return last_sent; }
    [[nodiscard]] std::string alpn() const;
    [[nodiscard]] std::optional<tls::protocol_version> version() const;
    [[nodiscard]] bool derive(std::string_view label, std::optional<byte_view> context, bytes& out) {
        std::byte const nothing{}; // it would be copied from
        byte_view const with = context && !context->empty() ? *context : byte_view(&nothing, 0);
        return mbedtls_ssl_export_keying_material(
                   &ssl, reinterpret_cast<unsigned char*>(out.data()), out.size(), label.data(), label.size(),
                   reinterpret_cast<unsigned char const*>(with.data()), with.size(), context ? 1 : 0) == 0;
    }
    [[nodiscard]] bool resumed() const { return !certificate_shown; }

    void load_chain();
    void load_anchors(std::vector<certificate> const& anchors);
    void set_lists(server_options const& options);
    bool handshake();
    [[nodiscard]] bool stops_after(int state) const;
    [[nodiscard]] bool is_tls_1_3() const;
    bool refuse_client();
    void read();
    void fail(int code);

    static int receive(void* self, unsigned char* to, std::size_t size);
    static int transmit(void* self, unsigned char const* data, std::size_t size);
    static int verify(void* self, mbedtls_x509_crt* shown, int depth, std::uint32_t* flags);
    static int choose_name(void* self, mbedtls_ssl_context* ssl, unsigned char const* name, std::size_t size);

    random_source random{};
    std::vector<certificate> chain;
    bytes stand_in{};
    owned_certificate leaf{};
    owned_certificate anchors{};
    owned<mbedtls_pk_context, mbedtls_pk_init, mbedtls_pk_free> private_key{};
    std::shared_ptr<ticket_keys> keys{};
    std::vector<int> suites{};
    std::vector<std::uint16_t> groups{};
    std::vector<std::uint16_t> signature_algorithms{};
    std::vector<std::string> alpn_names{};
    std::vector<char const*> alpn_list{};
    std::optional<std::string> only_server_name;
    owned<mbedtls_ssl_config, mbedtls_ssl_config_init, mbedtls_ssl_config_free> config{};
    owned<mbedtls_ssl_context, mbedtls_ssl_init, mbedtls_ssl_free> ssl{};

    bool require_client_certificate;
    std::optional<unsigned> refusal_alert;
    std::optional<early_alert> stop_with;
    std::optional<int> last_received{};
    std::optional<int> last_sent{};
    bool certificate_shown = false;
};

server_state<mbedtls_library>::server_state(server_options const& options)
    : chain(options.chain),
      only_server_name(options.only_server_name),
      require_client_certificate(options.require_client_certificate),
      refusal_alert(options.refusal_alert),
      stop_with(options.stop_with) {
    if (options.stapled_status) throw std::runtime_error("an option that only wolfssl_server has");
    prepare_mbedtls();
    if (!chain.empty()) {
        bytes const key_der = options.signing_key.empty() ? options.private_key->pkcs8_der() : options.signing_key;
        check_mbedtls(
            mbedtls_pk_parse_key(
                &private_key, raw(key_der), key_der.size(), nullptr, 0, mbedtls_ctr_drbg_random, random.context()),
            "server key");
        // The library parses a clean certificate for the same key, whose bytes are then replaced by those to show. So a
        // certificate can be shown that this library would not accept.
        stand_in = issue({.common_name = "stand-in", .key_usage_present = false}, *options.private_key).der;
        load_chain();
    }

    check_mbedtls(
        mbedtls_ssl_config_defaults(
            &config, MBEDTLS_SSL_IS_SERVER, MBEDTLS_SSL_TRANSPORT_STREAM, MBEDTLS_SSL_PRESET_DEFAULT),
        "server configuration");
    mbedtls_ssl_conf_rng(&config, mbedtls_ctr_drbg_random, random.context());
    mbedtls_ssl_conf_min_tls_version(&config, number_of(options.min_version));
    mbedtls_ssl_conf_max_tls_version(&config, number_of(options.max_version));
    mbedtls_ssl_conf_extended_master_secret(
        &config, options.extended_master_secret ? MBEDTLS_SSL_EXTENDED_MS_ENABLED : MBEDTLS_SSL_EXTENDED_MS_DISABLED);
    if (!chain.empty()) check_mbedtls(mbedtls_ssl_conf_own_cert(&config, &leaf, &private_key), "server certificate");
    if (auto const& psk = options.psk)
        check_mbedtls(
            mbedtls_ssl_conf_psk(
                &config, raw(psk->key), psk->key.size(), raw(view_of(psk->identity)), psk->identity.size()),
            "pre-shared key");
    load_anchors(options.client_anchors);
    // Never REQUIRED: in TLS 1.2 this library then refuses without an alert, and in TLS 1.3 with an alert under a key
    // that the client no longer uses. `refuse_client` does it as other servers do.
    bool const ask = options.request_client_certificate || options.require_client_certificate;
    mbedtls_ssl_conf_authmode(&config, ask ? MBEDTLS_SSL_VERIFY_OPTIONAL : MBEDTLS_SSL_VERIFY_NONE);
    mbedtls_ssl_conf_verify(&config, verify, this);
    if (only_server_name) mbedtls_ssl_conf_sni(&config, choose_name, this);
    set_lists(options);
    if (options.tickets) {
        keys = options.keys ? options.keys : std::make_shared<ticket_keys>();
        mbedtls_ssl_conf_session_tickets_cb(
            &config, mbedtls_ssl_ticket_write, mbedtls_ssl_ticket_parse, keys->for_mbedtls());
        mbedtls_ssl_conf_new_session_tickets(&config, options.ticket_count);
    }
    check_mbedtls(mbedtls_ssl_setup(&ssl, &config), "server session");
    mbedtls_ssl_set_bio(&ssl, this, transmit, receive, nullptr);
}

void server_state<mbedtls_library>::load_chain() {
    mbedtls_x509_crt* last = nullptr;
    for (certificate const& shown : chain) {
        mbedtls_x509_crt* link = &leaf;
        if (last == nullptr) {
            check_mbedtls(mbedtls_x509_crt_parse_der_nocopy(link, raw(stand_in), stand_in.size()), "stand-in");
        } else {
            link = static_cast<mbedtls_x509_crt*>(mbedtls_calloc(1, sizeof(mbedtls_x509_crt)));
            if (link == nullptr) throw std::bad_alloc();
            mbedtls_x509_crt_init(link);
            last->next = link; // freed together with the leaf
        }
        link->raw.p = const_cast<unsigned char*>(raw(shown.der)); // NOLINT: only read
        link->raw.len = shown.der.size();
        last = link;
    }
}

void server_state<mbedtls_library>::load_anchors(std::vector<certificate> const& given) {
    for (certificate const& anchor : given)
        check_mbedtls(mbedtls_x509_crt_parse_der(&anchors, raw(anchor.der), anchor.der.size()), "client anchor");
    if (!given.empty()) mbedtls_ssl_conf_ca_chain(&config, &anchors, nullptr);
}

void server_state<mbedtls_library>::set_lists(server_options const& options) {
    if (!options.suites.empty()) {
        suites.assign(options.suites.begin(), options.suites.end());
        suites.push_back(0);
        mbedtls_ssl_conf_ciphersuites(&config, suites.data());
    }
    if (!options.groups.empty()) {
        groups = options.groups;
        groups.push_back(0);
        mbedtls_ssl_conf_groups(&config, groups.data());
    }
    if (!options.signature_algorithms.empty()) {
        signature_algorithms = options.signature_algorithms;
        signature_algorithms.push_back(MBEDTLS_TLS1_3_SIG_NONE);
        mbedtls_ssl_conf_sig_algs(&config, signature_algorithms.data());
    }
    if (!options.alpn.empty()) {
        alpn_names = options.alpn;
        for (std::string const& name : alpn_names) alpn_list.push_back(name.c_str());
        alpn_list.push_back(nullptr);
        check_mbedtls(mbedtls_ssl_conf_alpn_protocols(&config, alpn_list.data()), "ALPN");
    }
}

void server_state<mbedtls_library>::step() {
    if (handshake()) read();
}

// True when it is complete.
bool server_state<mbedtls_library>::handshake() {
    while (mbedtls_ssl_is_handshake_over(&ssl) == 0) {
        auto const before = ssl->MBEDTLS_PRIVATE(state);
        if (before == MBEDTLS_SSL_SERVER_CERTIFICATE) certificate_shown = true;
        int const code = mbedtls_ssl_handshake_step(&ssl);
        if (code == MBEDTLS_ERR_SSL_WANT_READ) return false;
        if (code != 0) {
            fail(code);
            return false;
        }
        if (stops_after(before)) {
            send_alert(stop_with->level, stop_with->description);
            failed = true;
            error_text = "stopped as it was told";
            return false;
        }
        // In TLS 1.2 the client learns of the refusal before our Finished, in TLS 1.3 after its own.
        if (before == MBEDTLS_SSL_CLIENT_CERTIFICATE && !is_tls_1_3() && refuse_client()) return false;
    }
    if (!established && is_tls_1_3() && refuse_client()) return false;
    established = true;
    return true;
}

bool server_state<mbedtls_library>::stops_after(int state) const {
    if (!stop_with) return false;
    switch (stop_with->after) {
    case tls::handshake_message::server_hello: return state == MBEDTLS_SSL_SERVER_HELLO;
    case tls::handshake_message::encrypted_extensions: return state == MBEDTLS_SSL_ENCRYPTED_EXTENSIONS;
    case tls::handshake_message::certificate_request: return state == MBEDTLS_SSL_CERTIFICATE_REQUEST;
    case tls::handshake_message::certificate: return state == MBEDTLS_SSL_SERVER_CERTIFICATE;
    case tls::handshake_message::certificate_verify: return state == MBEDTLS_SSL_CERTIFICATE_VERIFY;
    case tls::handshake_message::server_key_exchange: return state == MBEDTLS_SSL_SERVER_KEY_EXCHANGE;
    case tls::handshake_message::server_hello_done: return state == MBEDTLS_SSL_SERVER_HELLO_DONE;
    case tls::handshake_message::finished: return state == MBEDTLS_SSL_SERVER_FINISHED;
    default: throw std::runtime_error("not a message of a server's flight");
    }
}

bool server_state<mbedtls_library>::is_tls_1_3() const {
    return mbedtls_ssl_get_version_number(&ssl.value) == MBEDTLS_SSL_VERSION_TLS1_3;
}

bool server_state<mbedtls_library>::refuse_client() {
    std::uint32_t const flags = mbedtls_ssl_get_verify_result(&ssl.value);
    if ((flags & MBEDTLS_X509_BADCERT_MISSING) != 0) certificates_seen = 0;
    if (!require_client_certificate || flags == 0 || resumed()) return false;
    auto const has = [flags](std::uint32_t f) { return (flags & f) != 0; };
    unsigned const missing = is_tls_1_3() ? 116 : 40;
    unsigned const usual = has(MBEDTLS_X509_BADCERT_MISSING)                                          ? missing
                           : has(MBEDTLS_X509_BADCERT_NOT_TRUSTED)                                    ? 48
                           : has(MBEDTLS_X509_BADCERT_EXPIRED | MBEDTLS_X509_BADCERT_FUTURE)          ? 45
                           : has(MBEDTLS_X509_BADCERT_KEY_USAGE | MBEDTLS_X509_BADCERT_EXT_KEY_USAGE) ? 43
                                                                                                      : 42;
    unsigned const chosen = refusal_alert.value_or(usual);
    mbedtls_ssl_send_alert_message(&ssl, MBEDTLS_SSL_ALERT_LEVEL_FATAL, static_cast<unsigned char>(chosen));
    last_sent = static_cast<int>(chosen);
    failed = true;
    error_text = "the client's certificate was refused, verification flags " + std::to_string(flags);
    return true;
}

void server_state<mbedtls_library>::read() {
    std::array<std::byte, 16384> buffer{};
    while (!peer_closed) {
        int const n = mbedtls_ssl_read(&ssl, raw(std::span<std::byte>(buffer)), buffer.size());
        if (n > 0) {
            append(received, byte_view(buffer).first(static_cast<std::size_t>(n)));
        } else if (n == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY) {
            peer_closed = true;
        } else if (n == MBEDTLS_ERR_SSL_WANT_READ) {
            if (mbedtls_ssl_check_pending(&ssl) == 0) return;
        } else if (n == 0) {
            if (queues.ended()) return;
        } else {
            fail(n);
            return;
        }
    }
}

void server_state<mbedtls_library>::fail(int code) {
    failed = true;
    std::array<char, 300> text{};
    int const n = std::snprintf(text.data(), text.size(), "-0x%04X ", static_cast<unsigned>(-code));
    mbedtls_strerror(code, text.data() + n, text.size() - static_cast<std::size_t>(n));
    error_text = text.data();
    if (code == MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE && ssl->MBEDTLS_PRIVATE(in_msgtype) == MBEDTLS_SSL_MSG_ALERT &&
        ssl->MBEDTLS_PRIVATE(in_msglen) == 2)
        last_received = ssl->MBEDTLS_PRIVATE(in_msg)[1];
    else if (ssl->MBEDTLS_PRIVATE(alert_type) != 0)
        last_sent = ssl->MBEDTLS_PRIVATE(alert_type);
}

void server_state<mbedtls_library>::write(byte_view data) {
    while (!data.empty()) {
        int const n = mbedtls_ssl_write(&ssl, raw(data), data.size());
        if (n < 0) {
            fail(n);
            return;
        }
        data = data.subspan(static_cast<std::size_t>(n));
    }
}

void server_state<mbedtls_library>::send_close() { mbedtls_ssl_close_notify(&ssl); }

void server_state<mbedtls_library>::send_alert(unsigned level, unsigned description) {
    auto const send = [&] {
        check_mbedtls(
            mbedtls_ssl_send_alert_message(
                &ssl, static_cast<unsigned char>(level), static_cast<unsigned char>(description)),
            "alert");
    };
    // If a message is still to be sent, the function sends that and forgets the alert.
    if (ssl->MBEDTLS_PRIVATE(out_left) != 0) send();
    send();
    last_sent = static_cast<int>(description);
}

std::string server_state<mbedtls_library>::alpn() const {
    char const* const name = mbedtls_ssl_get_alpn_protocol(&ssl.value);
    return name != nullptr ? name : "";
}

std::optional<tls::protocol_version> server_state<mbedtls_library>::version() const {
    return is_tls_1_3() ? tls::protocol_version::tls_1_3 : tls::protocol_version::tls_1_2;
}

int server_state<mbedtls_library>::receive(void* self, unsigned char* to, std::size_t size) {
    auto& server = *static_cast<server_state*>(self);
    std::size_t const n = server.queues.pop(std::as_writable_bytes(std::span(to, size)));
    if (n != 0) return static_cast<int>(n);
    return server.queues.ended() ? 0 : MBEDTLS_ERR_SSL_WANT_READ;
}

int server_state<mbedtls_library>::transmit(void* self, unsigned char const* data, std::size_t size) {
    static_cast<server_state*>(self)->queues.push(std::as_bytes(std::span(data, size)));
    return static_cast<int>(size);
}

// Called from the top of the path it built down to the leaf; from the leaf everything that was sent can be reached.
int server_state<mbedtls_library>::verify(void* self, mbedtls_x509_crt* shown, int depth, std::uint32_t*) {
    if (depth != 0) return 0;
    auto& server = *static_cast<server_state*>(self);
    byte_view const der = std::as_bytes(std::span(shown->raw.p, shown->raw.len));
    server.client_leaf.assign(der.begin(), der.end());
    int count = 0;
    for (mbedtls_x509_crt const* c = shown; c != nullptr; c = c->next) ++count;
    server.certificates_seen = count;
    return 0;
}

int server_state<mbedtls_library>::choose_name(
    void* self, mbedtls_ssl_context*, unsigned char const* name, std::size_t size) {
    auto const& wanted = *static_cast<server_state*>(self)->only_server_name;
    return std::ranges::equal(std::as_bytes(std::span(name, size)), view_of(wanted)) ? 0 : -1;
}

template class basic_server<mbedtls_library>;

} // namespace testbed
