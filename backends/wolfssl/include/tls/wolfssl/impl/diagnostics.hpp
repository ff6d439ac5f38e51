// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/configuration/settings.hpp>
#include <tls/diagnosis/log.hpp>
#include <tls/wolfssl/impl/native.hpp>

#include <mutex>
#include <string_view>
#include <utility>

/// Debug output.
namespace tls::detail::wolfssl_diagnostics {

#if defined(DEBUG_WOLFSSL)
/// The sink of the client that this thread is making a call for. wolfSSL has one callback for the whole process and
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

/// Sends wolfSSL's output to the sink of one client for as long as it lives; every call into wolfSSL makes one.
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
