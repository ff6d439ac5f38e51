// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/configuration/settings.hpp>
#include <tls/diagnosis/key_log.hpp>
#include <tls/diagnosis/log.hpp>
#include <tls/mbedtls/impl/native.hpp>

#if defined(MBEDTLS_DEBUG_C)
#    include <mbedtls/debug.h>
#endif

#include <cstddef>
#include <memory>
#include <mutex>
#include <span>

/// Key log and debug output. The user pointer of the key log's callback is the client's settings, that of the debug
/// output the client's pointer to them.
namespace tls::detail::mbedtls_diagnostics {

inline void log_secret(
    void* user, mbedtls_ssl_key_export_type type, unsigned char const* secret, std::size_t size,
    unsigned char const client_random[32], unsigned char const*, mbedtls_tls_prf_types) noexcept {
    auto const& sink = static_cast<settings const*>(user)->key_log;
    if (!sink) return;
    auto const log = [&](logged_secret which) {
        detail::log_secret(
            *sink, which, std::as_bytes(std::span(client_random, key_log_line::random_size)),
            std::as_bytes(std::span(secret, size)));
    };
    switch (type) {
    case MBEDTLS_SSL_KEY_EXPORT_TLS12_MASTER_SECRET: log(logged_secret::tls_1_2_master); break;
#if defined(MBEDTLS_SSL_PROTO_TLS1_3)
    case MBEDTLS_SSL_KEY_EXPORT_TLS1_3_CLIENT_EARLY_SECRET: log(logged_secret::client_early_traffic); break;
    case MBEDTLS_SSL_KEY_EXPORT_TLS1_3_EARLY_EXPORTER_SECRET: log(logged_secret::early_exporter); break;
    case MBEDTLS_SSL_KEY_EXPORT_TLS1_3_CLIENT_HANDSHAKE_TRAFFIC_SECRET:
        log(logged_secret::client_handshake_traffic);
        break;
    case MBEDTLS_SSL_KEY_EXPORT_TLS1_3_SERVER_HANDSHAKE_TRAFFIC_SECRET:
        log(logged_secret::server_handshake_traffic);
        break;
    case MBEDTLS_SSL_KEY_EXPORT_TLS1_3_CLIENT_APPLICATION_TRAFFIC_SECRET: log(logged_secret::client_traffic); break;
    case MBEDTLS_SSL_KEY_EXPORT_TLS1_3_SERVER_APPLICATION_TRAFFIC_SECRET: log(logged_secret::server_traffic); break;
#endif
    default: break;
    }
}

/// Makes a connection report its secrets, if the settings ask for it.
inline void start_key_log(mbedtls_ssl_context& ssl, settings const& s) noexcept {
    // They are only read.
    if (s.key_log) mbedtls_ssl_set_export_keys_cb(&ssl, log_secret, const_cast<settings*>(&s));
}

#if defined(MBEDTLS_DEBUG_C)
/// Mbed TLS: 1 errors, 2 steps, 3 and 4 everything else.
[[nodiscard]] constexpr log_level level_of(int level) noexcept {
    if (level <= 1) return log_level::error;
    return level == 2 ? log_level::info : log_level::debug;
}

inline void log(void* user, int level, char const*, int, char const* text) noexcept {
    auto const& s = *static_cast<std::shared_ptr<settings const> const*>(user);
    write_log(*s->log, level_of(level), text);
}
#endif

/// Makes connections of a configuration report what they do, if the settings ask for it. The pointer must stay where it
/// is.
inline void
start_log([[maybe_unused]] mbedtls_ssl_config& config, [[maybe_unused]] std::shared_ptr<settings const>& s) noexcept {
#if defined(MBEDTLS_DEBUG_C)
    if (!s->log) return;
    // One threshold for the process, without a lock and impossible to read: everything passes it, and each sink
    // chooses.
    static std::once_flag once;
    constexpr int everything = 4;
    std::call_once(once, [] { mbedtls_debug_set_threshold(everything); });
    mbedtls_ssl_conf_dbg(&config, log, &s);
#endif
}

} // namespace tls::detail::mbedtls_diagnostics
