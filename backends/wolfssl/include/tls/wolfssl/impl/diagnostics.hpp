// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/configuration/settings.hpp>
#include <tls/diagnosis/key_log.hpp>
#include <tls/diagnosis/log.hpp>
#include <tls/wolfssl/impl/native.hpp>

#include <array>
#include <cstddef>
#include <mutex>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

/// Key log and debug output. The user pointer of the key log's callbacks is the client's settings.
namespace tls::detail::wolfssl_diagnostics {

#if defined(HAVE_SECRET_CALLBACK)
inline void log_secret(WOLFSSL* ssl, logged_secret which, void const* secret, int size, void* user) noexcept {
    auto const& sink = static_cast<settings const*>(user)->key_log;
    std::array<unsigned char, key_log_line::random_size> random;
    if (!sink || size <= 0 || wolfSSL_get_client_random(ssl, random.data(), random.size()) != random.size()) return;
    detail::log_secret(
        *sink, which, std::as_bytes(std::span(random)),
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
#endif

/// Makes a connection report its secrets, if the settings ask for it.
inline void start_key_log([[maybe_unused]] WOLFSSL* ssl, [[maybe_unused]] settings const& s) noexcept {
#if defined(HAVE_SECRET_CALLBACK)
    if (!s.key_log) return;
    // Not wolfSSL_set_session_secret_cb: that one claims to resume a session.
    auto* const user = const_cast<settings*>(&s); // which are only read
    (void)wolfSSL_set_secret_cb(ssl, tls_1_2_secret, user);
#    if defined(WOLFSSL_TLS13)
    (void)wolfSSL_set_tls13_secret_cb(ssl, tls_1_3_secret, user);
#    endif
#endif
}

#if defined(DEBUG_WOLFSSL)
/// The sink of the client that this thread is inside a call for. wolfSSL has one callback for the whole process and
/// does not say which connection a text is about.
inline thread_local log_sink const* current_sink = nullptr;

/// A text that begins with a tab is a line of a dump of bytes.
[[nodiscard]] inline log_level level_of(int level, std::string_view text) noexcept {
    if (level == ERROR_LOG) return log_level::error;
    bool const is_step = (level == INFO_LOG || level == CERT_LOG) && !text.starts_with('\t');
    return is_step ? log_level::info : log_level::debug;
}

inline void log(int level, char const* text) noexcept {
    if (current_sink != nullptr) write_log(*current_sink, level_of(level, text), text);
}

inline void switch_on() noexcept {
    static std::once_flag once;
    std::call_once(once, [] {
        (void)wolfSSL_SetLoggingCb(log);
        (void)wolfSSL_Debugging_ON();
    });
}

/// Lets wolfSSL's output go to the sink of one client while it lives: one for every call into wolfSSL.
class log_scope {
public:
    explicit log_scope(settings const& s) noexcept : previous_(std::exchange(current_sink, s.log ? &*s.log : nullptr)) {
        if (s.log) switch_on();
    }
    log_scope(log_scope const&) = delete;
    log_scope& operator=(log_scope const&) = delete;
    ~log_scope() { current_sink = previous_; }

private:
    log_sink const* previous_;
};
#else
class log_scope {
public:
    explicit log_scope(settings const&) noexcept {}
    log_scope(log_scope const&) = delete;
    log_scope& operator=(log_scope const&) = delete;
    ~log_scope() {} // NOLINT(modernize-use-equals-default): a scope with nothing to do is not an unused variable
};
#endif

} // namespace tls::detail::wolfssl_diagnostics
