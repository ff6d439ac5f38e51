// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/diagnosis/key_log.hpp>
#include <tls/mbedtls/impl/native.hpp>
#include <tls/mbedtls/key_log.hpp>

#include <cstddef>
#include <span>

namespace tls::detail {
namespace mbedtls_setup {

inline void log_secret(
    void* user, mbedtls_ssl_key_export_type type, unsigned char const* secret, std::size_t size,
    unsigned char const client_random[32], unsigned char const*, mbedtls_tls_prf_types) noexcept {
    auto const& sink = *static_cast<key_log_sink const*>(user);
    auto const log = [&](logged_secret which) {
        detail::log_secret(
            sink, which, std::as_bytes(std::span(client_random, key_log_line::random_size)),
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

} // namespace mbedtls_setup

TWINTLS_DECL void mbedtls_start_key_log(seam::engine_core& core, settings const& s) noexcept {
    auto* const ssl = static_cast<mbedtls_ssl_context*>(core.native);
    mbedtls_ssl_set_export_keys_cb(ssl, mbedtls_setup::log_secret, const_cast<key_log_sink*>(&s.key_log));
}

} // namespace tls::detail
