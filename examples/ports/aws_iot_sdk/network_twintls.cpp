// SPDX-License-Identifier: Apache-2.0
// The network layer of the AWS IoT Device SDK for Embedded C, v3, over twintls: what network_interface.h declares, in
// the place of platform/linux/mbedtls/network_mbedtls_wrapper.c. docs/porting-aws-iot.md walks through it.
//
// The backend: -D TWINTLS_IOT_BACKEND=wolfssl (or mbedtls) compiles that one alone. Without, both are there, and the
// environment variable TWINTLS_BACKEND chooses one by its name when a connection is made.
#include <tls/any_client.hpp>
#include <tls/diagnosis/explain.hpp>
#include <tls/transport/tcp.hpp>

#if defined(TWINTLS_IOT_BACKEND)
#    define TWINTLS_IOT_HEADER_OF(backend) <tls/backend.hpp>
#    define TWINTLS_IOT_HEADER(backend) TWINTLS_IOT_HEADER_OF(backend)
#    include TWINTLS_IOT_HEADER(TWINTLS_IOT_BACKEND)
#else
#    include <tls/mbedtls.hpp>
#    include <tls/wolfssl.hpp>
#endif

#include <algorithm>
#include <array>
#include <aws_iot_error.h>
#include <aws_iot_log.h>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <mutex>
#include <network_interface.h>
#include <new>
#include <optional>
#include <poll.h>
#include <span>
#include <string>
#include <string_view>
#include <utility>

/// A read that got nothing answers after this long at the latest, even if its timer has more: the SDK sends its pings
/// between two reads.
#ifndef TWINTLS_IOT_LONGEST_WAIT_MS
#    define TWINTLS_IOT_LONGEST_WAIT_MS 1000
#endif

/// With _ENABLE_THREAD_SUPPORT_ the SDK reads and writes from two threads at once, which a session must not see: the
/// mutex is held while the session works, and never while anything waits.
struct twintls_connection {
    explicit twintls_connection(tls::any_session s) noexcept : session(std::move(s)) {
        session.set_read_timeout(std::chrono::milliseconds(0));
        session.set_write_timeout(std::chrono::milliseconds(0));
    }
    std::mutex mutex;
    tls::any_session session;
};

namespace {

using std::chrono::milliseconds;

/// The whole explanation into the SDK's log.
void log([[maybe_unused]] char const* doing, tls::error const& e) noexcept {
    std::array<char, tls::longest_explanation> text;
    [[maybe_unused]] auto const said = tls::explain(e, text);
    IOT_ERROR("%s: %.*s", doing, static_cast<int>(said.size()), said.data());
}

bool is_for_later(tls::error const& e) noexcept { return e.would_block() || e.code == tls::errc::timeout; }

tls::result<tls::any_client>
build(tls::trust_decision const& trust, tls::identity const& who, TLSConnectParams const& p) {
    auto const configure = [&](auto builder) {
        auto decided = std::move(builder).decide(trust, who);
        if (p.timeout_ms != 0) decided = std::move(decided).handshake_timeout(milliseconds(p.timeout_ms));
        // On port 443 the service speaks other protocols too, and this is how MQTT is asked for.
        if (p.DestinationPort == 443) decided = std::move(decided).alpn({"x-amzn-mqtt-ca"});
        return std::move(decided).build();
    };
#if defined(TWINTLS_IOT_BACKEND)
    return tls::any_client::of(configure(tls::client<tls::TWINTLS_IOT_BACKEND>::configure()));
#else
    char const* const name = std::getenv("TWINTLS_BACKEND");
    return tls::any_client::build<tls::mbedtls, tls::wolfssl>(name != nullptr ? name : "mbedtls", configure);
#endif
}

IoT_Error_t code_of_tcp(tls::errc code) noexcept {
    switch (code) {
    case tls::errc::resolve_failed: return NETWORK_ERR_NET_UNKNOWN_HOST;
    case tls::errc::out_of_memory: return NETWORK_ERR_NET_SOCKET_FAILED;
    default: return NETWORK_ERR_NET_CONNECT_FAILED;
    }
}

IoT_Error_t code_of_handshake(tls::errc code) noexcept {
    switch (code) {
    case tls::errc::timeout: return NETWORK_SSL_CONNECT_TIMEOUT_ERROR;
    case tls::errc::rng_failure: return NETWORK_MBEDTLS_ERR_CTR_DRBG_ENTROPY_SOURCE_FAILED;
    default: return SSL_CONNECTION_ERROR;
    }
}

/// What is wrong with the device's certificate or key.
IoT_Error_t code_of_identity(tls::error const& e, char const* key_file) noexcept {
    switch (e.code) {
    case tls::errc::no_private_key:
    case tls::errc::bad_private_key:
    case tls::errc::unexpected_certificate:
    case tls::errc::password_required:
    case tls::errc::wrong_password:
    case tls::errc::key_mismatch: return NETWORK_PK_PRIVATE_KEY_PARSE_ERROR;
    case tls::errc::unexpected_private_key: return NETWORK_X509_DEVICE_CRT_PARSE_ERROR;
    default:
        return e.about == tls::short_text(key_file) ? NETWORK_PK_PRIVATE_KEY_PARSE_ERROR
                                                    : NETWORK_X509_DEVICE_CRT_PARSE_ERROR;
    }
}

/// What a client could not be built for: that a key belongs to a certificate is seen only there.
IoT_Error_t code_of_configuration(tls::errc code) noexcept {
    switch (code) {
    case tls::errc::key_mismatch: return NETWORK_PK_PRIVATE_KEY_PARSE_ERROR;
    case tls::errc::chain_order:
    case tls::errc::too_many_certificates:
    case tls::errc::weak_identity: return NETWORK_X509_DEVICE_CRT_PARSE_ERROR;
    default: return NETWORK_SSL_INIT_ERROR;
    }
}

/// How long a wait may be before the timer of the operation ends.
int patience_of(Timer* timer, int longest) noexcept {
    return static_cast<int>(std::min(left_ms(timer), static_cast<std::uint32_t>(longest)));
}

/// Waits until the connection can be read or written; false if that takes longer.
bool wait_for(twintls_connection& c, short events, int ms) noexcept {
    pollfd one{c.session.transport().native_handle(), events, 0};
    return ms > 0 && ::poll(&one, 1, ms) != 0; // an interruption is looked into as if it were ready
}

IoT_Error_t connect(Network& network) {
    TLSConnectParams const& p = network.tlsConnectParams;
    if (p.pRootCALocation == nullptr || p.pDeviceCertLocation == nullptr || p.pDevicePrivateKeyLocation == nullptr ||
        p.pDestinationURL == nullptr)
        return NULL_VALUE_ERROR;

    auto const anchors = tls::trust_anchors::from_pem_file(p.pRootCALocation);
    if (!anchors) {
        log("root CA", anchors.error());
        return NETWORK_X509_ROOT_CRT_PARSE_ERROR;
    }
    auto const who = tls::identity::from_pem_files(p.pDeviceCertLocation, p.pDevicePrivateKeyLocation);
    if (!who) {
        log("device certificate and key", who.error());
        return code_of_identity(who.error(), p.pDevicePrivateKeyLocation);
    }
    if (!p.ServerVerificationFlag) IOT_WARN("the server is not verified: anybody can be it");
    auto const client = build(
        p.ServerVerificationFlag ? tls::trust_decision(*anchors) : tls::trust_decision::insecure_accept_any_server(),
        *who, p);
    if (!client) {
        log("configuring TLS", client.error());
        return code_of_configuration(client.error().code);
    }
    IOT_DEBUG("connecting to %s:%u", p.pDestinationURL, static_cast<unsigned>(p.DestinationPort));
    tls::tcp_options options;
    if (p.timeout_ms != 0) options.connect_timeout = milliseconds(p.timeout_ms);
    auto tcp = tls::tcp_stream::connect(p.pDestinationURL, p.DestinationPort, options);
    if (!tcp) {
        log("connecting", tcp.error());
        return code_of_tcp(tcp.error().code);
    }
    auto session = client->connect(tls::server_name::parse(p.pDestinationURL), std::move(*tcp));
    if (!session) {
        log("TLS handshake", session.error());
        return code_of_handshake(session.error().code);
    }
    network.tlsDataParams.connection = new (std::nothrow) twintls_connection(std::move(*session));
    return network.tlsDataParams.connection != nullptr ? SUCCESS : NETWORK_SSL_INIT_ERROR;
}

} // namespace

extern "C" {

IoT_Error_t iot_tls_init(
    Network* network, char* root_ca, char* device_certificate, char* device_key, char* host, std::uint16_t port,
    std::uint32_t timeout_ms, bool verify_server) {
    if (network == nullptr) return NULL_VALUE_ERROR;
    network->tlsConnectParams.pRootCALocation = root_ca;
    network->tlsConnectParams.pDeviceCertLocation = device_certificate;
    network->tlsConnectParams.pDevicePrivateKeyLocation = device_key;
    network->tlsConnectParams.pDestinationURL = host;
    network->tlsConnectParams.DestinationPort = port;
    network->tlsConnectParams.timeout_ms = timeout_ms;
    network->tlsConnectParams.ServerVerificationFlag = verify_server;
    network->tlsDataParams.connection = nullptr;

    network->connect = iot_tls_connect;
    network->read = iot_tls_read;
    network->write = iot_tls_write;
    network->disconnect = iot_tls_disconnect;
    network->isConnected = iot_tls_is_connected;
    network->destroy = iot_tls_destroy;
    return SUCCESS;
}

IoT_Error_t iot_tls_connect(Network* network, TLSConnectParams* params) {
    if (network == nullptr) return NULL_VALUE_ERROR;
    if (params != nullptr) network->tlsConnectParams = *params;
    (void)iot_tls_destroy(network);
    return connect(*network);
}

IoT_Error_t iot_tls_read(Network* network, unsigned char* into, std::size_t size, Timer* timer, std::size_t* read) {
    if (network == nullptr || into == nullptr || timer == nullptr || read == nullptr) return NULL_VALUE_ERROR;
    *read = 0;
    if (network->tlsDataParams.connection == nullptr) return NETWORK_SSL_READ_ERROR;
    auto& c = *network->tlsDataParams.connection;
    int const longest = patience_of(timer, TWINTLS_IOT_LONGEST_WAIT_MS);
    while (*read < size) {
        bool unsent = false;
        auto const n = [&] {
            std::scoped_lock const alone(c.mutex);
            // What a write left behind goes first; its failure is the next write's.
            [[maybe_unused]] auto const flushed = c.session.unsent() ? c.session.flush() : tls::result<void>();
            auto const some = c.session.read_some(std::span(into + *read, size - *read));
            unsent = c.session.unsent();
            return some;
        }();
        if (n) {
            *read += *n;
        } else if (!is_for_later(n.error())) {
            log("reading", n.error());
            return NETWORK_SSL_READ_ERROR;
        } else {
            short const events = static_cast<short>(unsent ? POLLIN | POLLOUT : POLLIN);
            int const patience = *read == 0 ? patience_of(timer, longest) : patience_of(timer, INT32_MAX);
            if (!wait_for(c, events, patience))
                return *read == 0 ? NETWORK_SSL_NOTHING_TO_READ : NETWORK_SSL_READ_TIMEOUT_ERROR;
        }
    }
    return SUCCESS;
}

IoT_Error_t iot_tls_write(Network* network, unsigned char* from, std::size_t size, Timer* timer, std::size_t* written) {
    if (network == nullptr || from == nullptr || timer == nullptr || written == nullptr) return NULL_VALUE_ERROR;
    *written = 0;
    if (network->tlsDataParams.connection == nullptr) return NETWORK_SSL_WRITE_ERROR;
    auto& c = *network->tlsDataParams.connection;
    for (;;) {
        auto const sent = [&]() -> tls::result<void> {
            std::scoped_lock const alone(c.mutex);
            if (*written == size) return c.session.flush();
            auto const all = c.session.write_all(std::span<unsigned char const>(from + *written, size - *written));
            *written += all ? size - *written : static_cast<std::size_t>(all.error().transferred);
            return all;
        }();
        if (sent) return SUCCESS;
        if (!is_for_later(sent.error())) {
            log("writing", sent.error());
            return NETWORK_SSL_WRITE_ERROR;
        }
        // What was taken leaves with the next call; the rest was not sent and will not be.
        if (!wait_for(c, POLLOUT, patience_of(timer, INT32_MAX)))
            return *written == size ? SUCCESS : NETWORK_SSL_WRITE_TIMEOUT_ERROR;
    }
}

IoT_Error_t iot_tls_disconnect(Network* network) {
    if (network == nullptr) return NULL_VALUE_ERROR;
    if (network->tlsDataParams.connection == nullptr) return SUCCESS;
    auto& c = *network->tlsDataParams.connection;
    std::scoped_lock const alone(c.mutex);
    c.session.set_write_timeout(milliseconds(TWINTLS_IOT_LONGEST_WAIT_MS));
    // The connection goes away whether or not the server hears of it.
    [[maybe_unused]] auto const told = c.session.close();
    return SUCCESS;
}

IoT_Error_t iot_tls_destroy(Network* network) {
    if (network == nullptr) return NULL_VALUE_ERROR;
    delete std::exchange(network->tlsDataParams.connection, nullptr);
    return SUCCESS;
}

/// Says whether there is a network to connect through, which the SDK asks before it connects again: not whether there
/// is a connection.
IoT_Error_t iot_tls_is_connected(Network*) { return NETWORK_PHYSICAL_LAYER_CONNECTED; }

} // extern "C"
