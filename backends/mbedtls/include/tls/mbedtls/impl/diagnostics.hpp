// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/configuration/settings.hpp>
#include <tls/diagnosis/log.hpp>
#include <tls/mbedtls/impl/native.hpp>

#if defined(MBEDTLS_DEBUG_C)
#    include <mbedtls/debug.h>
#endif

#include <memory>
#include <mutex>

/// Debug output. Its user pointer is the client's pointer to its settings.
namespace tls::detail::mbedtls_diagnostics {

#if defined(MBEDTLS_DEBUG_C)
/// Mbed TLS: 1 errors, 2 steps, 3 and 4 everything else.
[[nodiscard]] constexpr log_level level_of(int level) noexcept {
    if (level <= 1) return log_level::error;
    return level == 2 ? log_level::info : log_level::debug;
}

inline void log(void* user, int level, char const*, int, char const* text) noexcept {
    auto const& s = *static_cast<seam::shared<settings const> const*>(user);
    write_log(*s->log, level_of(level), text);
}
#endif

/// Makes connections of a configuration report what they do, if the settings ask for it. The pointer must stay where it
/// is.
inline void
start_log([[maybe_unused]] mbedtls_ssl_config& config, [[maybe_unused]] seam::shared<settings const>& s) noexcept {
#if defined(MBEDTLS_DEBUG_C)
    if (!s->log) return;
    // Mbed TLS has one threshold for the process, without a lock and unreadable: it is set to pass everything, and each
    // sink chooses.
    static std::once_flag once;
    constexpr int everything = 4;
    std::call_once(once, [] { mbedtls_debug_set_threshold(everything); });
    mbedtls_ssl_conf_dbg(&config, log, &s);
#endif
}

} // namespace tls::detail::mbedtls_diagnostics
