// SPDX-License-Identifier: Apache-2.0
#include "libraries.hpp"
#include "pem.hpp"
#include "server_impl.hpp"

#include <algorithm>
#include <array>
#include <mutex>
#include <stdexcept>
#include <string_view>

#if !defined(WOLFSSL_USER_SETTINGS)
#    include <wolfssl/options.h>
#endif
#include <wolfssl/error-ssl.h>
#include <wolfssl/ssl.h>
#include <wolfssl/wolfcrypt/aes.h>
#include <wolfssl/wolfcrypt/sha256.h>
#include <wolfssl/wolfcrypt/sha512.h>
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

std::string joined(std::vector<std::string> const& parts, char separator) {
    std::string out;
    for (std::string const& part : parts) {
        if (!out.empty()) out += separator;
        out += part;
    }
    return out;
}

} // namespace

void prepare_wolfssl() {
    static std::once_flag once;
    std::call_once(once, [] {
        check(wolfSSL_Init(), "wolfSSL_Init");
        // Each of these examines the processor on first use and stores the result in a variable without a lock.
        std::array<unsigned char, 64> out{};
        Aes aes;
        if (wc_Sha256Hash(out.data(), 1, out.data()) != 0 || wc_Sha512Hash(out.data(), 1, out.data()) != 0 ||
            wc_AesInit(&aes, nullptr, INVALID_DEVID) != 0 ||
            wc_AesSetKey(&aes, out.data(), 16, nullptr, AES_ENCRYPTION) != 0)
            throw std::runtime_error("wolfCrypt does not work");
        wc_AesFree(&aes);
    });
}

template <> struct server_state<wolfssl_library> : server_common {
    explicit server_state(server_options const& options);

    void step();
    void write(byte_view data);
    void send_close();
    void send_alert(unsigned, unsigned) { throw std::runtime_error("wolfSSL sends no alert on demand"); }
    [[nodiscard]] std::optional<int> alert_received() const;
    [[nodiscard]] std::optional<int> alert_sent() const;
    [[nodiscard]] std::string alpn() const;
    [[nodiscard]] std::optional<tls::protocol_version> version() const;
    [[nodiscard]] bool derive(std::string_view label, std::optional<byte_view> mixed_in, bytes& out) const {
        byte_view const with = mixed_in.value_or(byte_view{});
        return wolfSSL_export_keying_material(
                   ssl.get(), reinterpret_cast<unsigned char*>(out.data()), out.size(), label.data(), label.size(),
                   reinterpret_cast<unsigned char const*>(with.data()), with.size(),
                   mixed_in ? 1 : 0) == WOLFSSL_SUCCESS;
    }
    [[nodiscard]] bool resumed() const { return wolfSSL_session_reused(ssl.get()) == 1; }

    void make_context(server_options const& options);
    void load_certificate(server_options const& options);
    void set_client_authentication(server_options const& options);
    void set_lists(server_options const& options);
    void staple(server_options const& options);
    void make_session(server_options const& options);
    bool handshake();
    void read();
    void fail(int code);
    [[nodiscard]] WOLFSSL_ALERT_HISTORY history() const;

    static int receive(WOLFSSL* ssl, char* to, int size, void* self);
    static int transmit(WOLFSSL* ssl, char* data, int size, void* self);
    static int verify(int ok, WOLFSSL_X509_STORE_CTX* store);
    static unsigned give_psk(WOLFSSL* ssl, char const* identity, unsigned char* key, unsigned room);
    static unsigned
    give_psk_for_tls_1_3(WOLFSSL* ssl, char const* identity, unsigned char* key, unsigned room, char const** suite);

    static int status(WOLFSSL* ssl, void* self);

    static int ticket(
        WOLFSSL* ssl, unsigned char* name, unsigned char* iv, unsigned char* mac, int encrypt, unsigned char* data,
        int in_size, int* out_size, void* keys);

    bool accept_any_client = false;
    bytes stapled{};
    std::shared_ptr<ticket_keys> keys{};
    std::optional<server_psk> psk{};
    unsigned psk_suite = 0x1301; // of TLS 1.3
    std::unique_ptr<WOLFSSL_CTX, release_context> context{};
    std::unique_ptr<WOLFSSL, release_session> ssl{};
};

server_state<wolfssl_library>::server_state(server_options const& options)
    : accept_any_client(!options.require_client_certificate) {
    if (!options.signature_algorithms.empty() || options.stop_with || options.ticket_count != 1 ||
        !options.extended_master_secret)
        throw std::runtime_error("an option that only mbedtls_server has");
    prepare_wolfssl();
    make_context(options);
    make_session(options);
}

// wolfSSL copies the context into the session when the session is made, so everything is set here first.
void server_state<wolfssl_library>::make_context(server_options const& options) {
    bool const only_1_2 = options.max_version == tls::protocol_version::tls_1_2;
    bool const only_1_3 = options.min_version == tls::protocol_version::tls_1_3;
    context.reset(wolfSSL_CTX_new(
        only_1_2   ? wolfTLSv1_2_server_method()
        : only_1_3 ? wolfTLSv1_3_server_method()
                   : wolfSSLv23_server_method()));
    if (!context) throw std::runtime_error("wolfSSL_CTX_new failed");
    WOLFSSL_CTX* const ctx = context.get();
    if (!only_1_2 && !only_1_3) check(wolfSSL_CTX_SetMinVersion(ctx, WOLFSSL_TLSV1_2), "versions");
    check(wolfSSL_CTX_SetMinRsaKey_Sz(ctx, 1024), "smallest RSA key");
    check(wolfSSL_CTX_SetMinEccKey_Sz(ctx, 224), "smallest EC key");
    set_client_authentication(options);

    if (options.psk) { // before the key, which settles the suites
        psk = options.psk;
        if (!options.suites.empty()) psk_suite = options.suites.front();
        wolfSSL_CTX_set_psk_server_callback(ctx, give_psk);
        wolfSSL_CTX_set_psk_server_tls13_callback(ctx, give_psk_for_tls_1_3);
    }
    if (!options.chain.empty()) load_certificate(options);
    set_lists(options);
    staple(options);
    wolfSSL_CTX_SetIORecv(ctx, receive);
    wolfSSL_CTX_SetIOSend(ctx, transmit);
    // No session cache: a session is resumed by its ticket or not at all.
    wolfSSL_CTX_set_session_cache_mode(ctx, WOLFSSL_SESS_CACHE_OFF);
    if (options.tickets) {
        keys = options.keys ? options.keys : std::make_shared<ticket_keys>();
        check(wolfSSL_CTX_set_TicketEncCb(ctx, ticket), "tickets");
        check(wolfSSL_CTX_set_TicketEncCtx(ctx, keys.get()), "tickets");
        check(wolfSSL_CTX_set_TicketHint(ctx, 3600), "tickets");
    } else {
        if (!only_1_3) check(wolfSSL_CTX_NoTicketTLSv12(ctx), "no tickets");
        if (!only_1_2) wolfSSL_CTX_no_ticket_TLSv13(ctx);
    }
}

void server_state<wolfssl_library>::load_certificate(server_options const& options) {
    std::string const chain = pem_of(options.chain);
    check(
        wolfSSL_CTX_use_certificate_chain_buffer(context.get(), raw(view_of(chain)), static_cast<long>(chain.size())),
        "server certificate");
    bytes const key_der = options.signing_key.empty() ? options.private_key->traditional_der() : options.signing_key;
    check(
        wolfSSL_CTX_use_PrivateKey_buffer(
            context.get(), raw(key_der), static_cast<long>(key_der.size()), WOLFSSL_FILETYPE_ASN1),
        "server key");
}

unsigned
server_state<wolfssl_library>::give_psk(WOLFSSL* ssl, char const* identity, unsigned char* key, unsigned room) {
    auto const& known = *static_cast<server_state*>(wolfSSL_GetIOReadCtx(ssl))->psk;
    if (known.identity != identity || known.key.size() > room) return 0;
    std::ranges::copy(std::span(raw(known.key), known.key.size()), key);
    return static_cast<unsigned>(known.key.size());
}

unsigned server_state<wolfssl_library>::give_psk_for_tls_1_3(
    WOLFSSL* ssl, char const* identity, unsigned char* key, unsigned room, char const** suite) {
    unsigned const number = static_cast<server_state*>(wolfSSL_GetIOReadCtx(ssl))->psk_suite;
    *suite = wolfSSL_get_cipher_name_from_suite(
        static_cast<unsigned char>(number >> 8U), static_cast<unsigned char>(number & 0xffU));
    return give_psk(ssl, identity, key, room);
}

void server_state<wolfssl_library>::set_client_authentication(server_options const& options) {
    WOLFSSL_CTX* const ctx = context.get();
    int mode = WOLFSSL_VERIFY_NONE;
    if (options.request_client_certificate) mode = WOLFSSL_VERIFY_PEER;
    if (options.require_client_certificate) mode = WOLFSSL_VERIFY_PEER | WOLFSSL_VERIFY_FAIL_IF_NO_PEER_CERT;
    wolfSSL_CTX_set_verify(ctx, mode, mode == WOLFSSL_VERIFY_NONE ? nullptr : verify);
    for (certificate const& anchor : options.client_anchors)
        check(
            wolfSSL_CTX_load_verify_buffer(
                ctx, raw(anchor.der), static_cast<long>(anchor.der.size()), WOLFSSL_FILETYPE_ASN1),
            "client anchor");
}

void server_state<wolfssl_library>::set_lists(server_options const& options) {
    if (!options.suites.empty()) {
        std::vector<std::string> names;
        for (std::uint16_t const suite : options.suites) {
            char const* const known = wolfSSL_get_cipher_name_from_suite(
                static_cast<unsigned char>(suite >> 8U), static_cast<unsigned char>(suite & 0xffU));
            names.emplace_back(known != nullptr ? known : "unknown");
        }
        check(wolfSSL_CTX_set_cipher_list(context.get(), joined(names, ':').c_str()), "cipher suites");
    }
    if (!options.groups.empty()) {
        std::vector<int> groups(options.groups.begin(), options.groups.end());
        check(wolfSSL_CTX_set_groups(context.get(), groups.data(), static_cast<int>(groups.size())), "groups");
    }
}

void server_state<wolfssl_library>::staple(server_options const& options) {
    if (!options.stapled_status) return;
    stapled = *options.stapled_status;
    check(wolfSSL_CTX_set_tlsext_status_cb(context.get(), status), "stapling");
    check(static_cast<int>(wolfSSL_CTX_set_tlsext_status_arg(context.get(), this)), "stapling");
}

int server_state<wolfssl_library>::status(WOLFSSL* ssl, void* self) {
    auto const& stapled = static_cast<server_state*>(self)->stapled;
    if (stapled.empty()) return WOLFSSL_OCSP_STATUS_CB_NOACK;
    auto* const copy = static_cast<unsigned char*>(wolfSSL_Malloc(stapled.size())); // which the library frees
    if (copy == nullptr) return WOLFSSL_OCSP_STATUS_CB_ALERT_FATAL;
    std::ranges::copy(stapled, reinterpret_cast<std::byte*>(copy));
    wolfSSL_set_tlsext_status_ocsp_resp(ssl, copy, static_cast<int>(stapled.size()));
    return WOLFSSL_OCSP_STATUS_CB_OK;
}

void server_state<wolfssl_library>::make_session(server_options const& options) {
    ssl.reset(wolfSSL_new(context.get()));
    if (!ssl) throw std::runtime_error("wolfSSL_new failed");
    wolfSSL_KeepArrays(ssl.get()); // for exported()
    wolfSSL_SetIOReadCtx(ssl.get(), this);
    wolfSSL_SetIOWriteCtx(ssl.get(), this);
    wolfSSL_SetCertCbCtx(ssl.get(), this);
    if (!options.alpn.empty()) {
        std::string names = joined(options.alpn, ',');
        check(
            wolfSSL_UseALPN(
                ssl.get(), names.data(), static_cast<unsigned>(names.size()), WOLFSSL_ALPN_FAILED_ON_MISMATCH),
            "ALPN");
    }
    if (options.only_server_name)
        check(
            wolfSSL_UseSNI(
                ssl.get(), WOLFSSL_SNI_HOST_NAME, options.only_server_name->data(),
                static_cast<unsigned short>(options.only_server_name->size())),
            "server name");
}

void server_state<wolfssl_library>::step() {
    if (handshake()) read();
}

bool server_state<wolfssl_library>::handshake() {
    if (established) return true;
    int const code = wolfSSL_accept(ssl.get());
    if (code == WOLFSSL_SUCCESS) {
        established = true;
        return true;
    }
    int const error = wolfSSL_get_error(ssl.get(), code);
    if (error == WOLFSSL_ERROR_WANT_READ) return false;
    if (error == NO_PEER_CERT) certificates_seen = 0;
    fail(error);
    return false;
}

void server_state<wolfssl_library>::read() {
    std::array<std::byte, 16384> buffer{};
    while (!peer_closed) {
        int const n = wolfSSL_read(ssl.get(), buffer.data(), static_cast<int>(buffer.size()));
        if (n > 0) {
            append(received, byte_view(buffer).first(static_cast<std::size_t>(n)));
            continue;
        }
        int const error = wolfSSL_get_error(ssl.get(), n);
        if (error == WOLFSSL_ERROR_ZERO_RETURN)
            peer_closed = true;
        else if (error != WOLFSSL_ERROR_WANT_READ && !queues.ended())
            fail(error);
        if (error != WOLFSSL_ERROR_NONE) return;
    }
}

void server_state<wolfssl_library>::fail(int code) {
    failed = true;
    std::array<char, WOLFSSL_MAX_ERROR_SZ> text{};
    wolfSSL_ERR_error_string_n(static_cast<unsigned long>(code), text.data(), text.size());
    error_text = std::to_string(code) + " " + text.data();
}

void server_state<wolfssl_library>::write(byte_view data) {
    while (!data.empty()) {
        int const n = wolfSSL_write(ssl.get(), data.data(), static_cast<int>(data.size()));
        if (n <= 0) {
            fail(wolfSSL_get_error(ssl.get(), n));
            return;
        }
        data = data.subspan(static_cast<std::size_t>(n));
    }
}

void server_state<wolfssl_library>::send_close() { wolfSSL_shutdown(ssl.get()); }

WOLFSSL_ALERT_HISTORY server_state<wolfssl_library>::history() const {
    WOLFSSL_ALERT_HISTORY out{};
    wolfSSL_get_alert_history(ssl.get(), &out);
    return out;
}

std::optional<int> server_state<wolfssl_library>::alert_received() const {
    int const code = history().last_rx.code;
    return code > 0 ? std::optional(code) : std::nullopt;
}

std::optional<int> server_state<wolfssl_library>::alert_sent() const {
    int const code = history().last_tx.code;
    return code > 0 ? std::optional(code) : std::nullopt;
}

std::string server_state<wolfssl_library>::alpn() const {
    char* name = nullptr;
    unsigned short size = 0;
    if (wolfSSL_ALPN_GetProtocol(ssl.get(), &name, &size) != WOLFSSL_SUCCESS || name == nullptr) return {};
    return {name, size};
}

std::optional<tls::protocol_version> server_state<wolfssl_library>::version() const {
    return std::string_view(wolfSSL_get_version(ssl.get())) == "TLSv1.3" ? tls::protocol_version::tls_1_3
                                                                         : tls::protocol_version::tls_1_2;
}

int server_state<wolfssl_library>::receive(WOLFSSL*, char* to, int size, void* self) {
    auto& queues = static_cast<server_state*>(self)->queues;
    std::size_t const n = queues.pop(std::as_writable_bytes(std::span(to, static_cast<std::size_t>(size))));
    if (n != 0) return static_cast<int>(n);
    return queues.ended() ? WOLFSSL_CBIO_ERR_CONN_CLOSE : WOLFSSL_CBIO_ERR_WANT_READ;
}

int server_state<wolfssl_library>::transmit(WOLFSSL*, char* data, int size, void* self) {
    static_cast<server_state*>(self)->queues.push(std::as_bytes(std::span(data, static_cast<std::size_t>(size))));
    return size;
}

// Called for every certificate, or only for a bad one, depending on the build; each call shows all that were sent.
int server_state<wolfssl_library>::verify(int ok, WOLFSSL_X509_STORE_CTX* store) {
    auto& server = *static_cast<server_state*>(store->userCtx);
    server.certificates_seen = store->totalCerts;
    if (store->totalCerts > 0) {
        byte_view const der = std::as_bytes(std::span(store->certs[0].buffer, store->certs[0].length));
        server.client_leaf.assign(der.begin(), der.end());
    }
    return server.accept_any_client ? 1 : ok;
}

int server_state<wolfssl_library>::ticket(
    WOLFSSL*, unsigned char* name, unsigned char* iv, unsigned char* mac, int encrypt, unsigned char* data, int in_size,
    int* out_size, void* keys) {
    auto& sealing = *static_cast<ticket_keys*>(keys);
    auto const content = std::as_writable_bytes(std::span(data, static_cast<std::size_t>(in_size)));
    auto const nonce = std::as_writable_bytes(std::span(iv, 12));
    auto const tag = std::as_writable_bytes(std::span(mac, 16));
    *out_size = in_size;
    if (encrypt == 0) return sealing.open(content, nonce, tag) ? WOLFSSL_TICKET_RET_OK : WOLFSSL_TICKET_RET_REJECT;
    std::fill_n(name, WOLFSSL_TICKET_NAME_SZ, static_cast<unsigned char>(1));
    std::fill_n(iv, WOLFSSL_TICKET_IV_SZ, static_cast<unsigned char>(0));
    std::fill_n(mac, WOLFSSL_TICKET_MAC_SZ, static_cast<unsigned char>(0));
    sealing.seal(content, nonce, tag);
    return WOLFSSL_TICKET_RET_OK;
}

template class basic_server<wolfssl_library>;

} // namespace testbed
