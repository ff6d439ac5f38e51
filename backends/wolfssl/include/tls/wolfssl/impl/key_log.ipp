// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/diagnosis/key_log.hpp>
#include <tls/wolfssl/impl/native.hpp>
#include <tls/wolfssl/key_log.hpp>

#include <array>
#include <cstddef>
#include <span>

#if defined(HAVE_SECRET_CALLBACK)

namespace tls::detail {
namespace wolfssl_setup {

inline void log_secret(WOLFSSL* ssl, logged_secret which, void const* secret, int size, void* user) noexcept {
    auto const& sink = *static_cast<key_log_sink const*>(user);
    std::array<unsigned char, key_log_line::random_size> random;
    if (size <= 0 || wolfSSL_get_client_random(ssl, random.data(), random.size()) != random.size()) return;
    detail::log_secret(
        sink, which, std::as_bytes(std::span(random)),
        std::span(static_cast<std::byte const*>(secret), static_cast<std::size_t>(size)));
}

inline int tls_1_2_secret(WOLFSSL* ssl, void* secret, int size, void* user) noexcept {
    log_secret(ssl, logged_secret::tls_1_2_master, secret, size, user);
    return 0; // anything else breaks the handshake
}

#    if defined(WOLFSSL_TLS13)
inline int tls_1_3_secret(WOLFSSL* ssl, int id, unsigned char const* secret, int size, void* user) noexcept {
    auto const log = [&](logged_secret which) { log_secret(ssl, which, secret, size, user); };
    switch (id) {
    case CLIENT_EARLY_TRAFFIC_SECRET: log(logged_secret::client_early_traffic); break;
    case EARLY_EXPORTER_SECRET: log(logged_secret::early_exporter); break;
    case CLIENT_HANDSHAKE_TRAFFIC_SECRET: log(logged_secret::client_handshake_traffic); break;
    case SERVER_HANDSHAKE_TRAFFIC_SECRET: log(logged_secret::server_handshake_traffic); break;
    case CLIENT_TRAFFIC_SECRET: log(logged_secret::client_traffic); break;
    case SERVER_TRAFFIC_SECRET: log(logged_secret::server_traffic); break;
    default: break;
    }
    return 0; // anything else breaks the handshake
}
#    endif

} // namespace wolfssl_setup

TWINTLS_DECL void wolfssl_start_key_log(seam::engine_core& core, settings const& s) noexcept {
    auto* const ssl = static_cast<WOLFSSL*>(core.native);
    auto* const user = const_cast<key_log_sink*>(&s.key_log);
    // Not wolfSSL_set_session_secret_cb: that one claims to resume a session.
    (void)wolfSSL_set_secret_cb(ssl, wolfssl_setup::tls_1_2_secret, user);
#    if defined(WOLFSSL_TLS13)
    (void)wolfSSL_set_tls13_secret_cb(ssl, wolfssl_setup::tls_1_3_secret, user);
#    endif
}

} // namespace tls::detail

#endif
