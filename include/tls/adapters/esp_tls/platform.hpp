// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/core/error.hpp>
#include <tls/diagnosis/explain.hpp>

#include <esp_log.h>
#include <esp_tls_custom_stack.h>
#include <memory>
#include <new>
#include <span>
#include <string_view>
// These two want the ones above.
#include <esp_tls_error_capture_internal.h>
#include <esp_tls_private.h>

#if !defined(CONFIG_ESP_TLS_CUSTOM_STACK) || !CONFIG_ESP_TLS_CUSTOM_STACK
#    error "choose 'Custom TLS stack' in menuconfig, ESP-TLS: CONFIG_ESP_TLS_CUSTOM_STACK"
#endif

/// What is asked of ESP-IDF: its log, and the codes that esp-tls keeps.
namespace tls::esp_tls {

inline constexpr char const* log_tag = "twintls";

#if defined(CONFIG_ESP_TLS_SKIP_SERVER_CERT_VERIFY) && CONFIG_ESP_TLS_SKIP_SERVER_CERT_VERIFY
inline constexpr bool skips_verification = true;
#else
inline constexpr bool skips_verification = false;
#endif

/// Is told what failed while doing what.
using reporter = void (*)(char const* doing, error const&) noexcept;

/// Logs what the error's code means, in one line.
inline void log_message(char const* doing, error const& e) noexcept {
    std::string_view const said = e.message();
    ESP_LOGE(log_tag, "%s: %.*s", doing, static_cast<int>(said.size()), said.data());
}

/// Logs the whole explanation, for which it asks for 4 KiB of memory meanwhile: a task's stack is small.
inline void log_explanation(char const* doing, error const& e) noexcept {
    std::unique_ptr<char[]> const text(new (std::nothrow) char[longest_explanation]);
    if (text == nullptr) return log_message(doing, e);
    std::string_view const said = explain(e, std::span(text.get(), longest_explanation));
    ESP_LOGE(log_tag, "%s: %.*s", doing, static_cast<int>(said.size()), said.data());
}

namespace detail {

/// Keeps an error where esp_tls_get_and_clear_last_error finds it.
inline void capture(esp_tls_t& tls, error const& e) noexcept {
    auto const keep = [&tls](esp_tls_error_type_t kind, int code) noexcept {
        esp_tls_internal_event_tracker_capture(tls.error_handle, static_cast<std::uint32_t>(kind), code);
    };
    keep(ESP_TLS_ERR_TYPE_CUSTOM_STACK, static_cast<int>(e.code));
    if (is_about_server_certificate(e.code)) keep(ESP_TLS_ERR_TYPE_CUSTOM_STACK_CERT_FLAGS, static_cast<int>(e.code));
    if (e.system != 0) keep(ESP_TLS_ERR_TYPE_SYSTEM, e.system);
}
inline void capture(esp_tls_t& tls, error const& e, esp_err_t code) noexcept {
    capture(tls, e);
    esp_tls_internal_event_tracker_capture(tls.error_handle, ESP_TLS_ERR_TYPE_ESP, code);
}

} // namespace detail
} // namespace tls::esp_tls
