// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <cstdint>
#include <string_view>

namespace tls {

/// How much of a library's debug output is wanted; each level includes those before it.
enum class log_level : std::uint8_t {
    error, ///< what the library calls an error; some of it is not, such as having to wait for input
    info,  ///< what it does: the steps of a handshake
    debug, ///< everything, with the bytes it works on
};

/// "error", "info" or "debug".
[[nodiscard]] constexpr std::string_view name(log_level level) noexcept {
    switch (level) {
    case log_level::error: return "error";
    case log_level::info: return "info";
    case log_level::debug: return "debug";
    }
    return "unknown level";
}

/// Where a C library's own debug output goes: a plain function, a pointer to pass to it, and how much is wanted.
///
/// The texts are the library's, differ between libraries and releases, and may contain secrets: keys, passwords and
/// plaintext. For debugging, not for production. The function is called inside calls on the connections of this client,
/// on the thread that makes the call, with one text without a line end that is valid during the call. It must be able
/// to be called as long as a client with it, or a connection of such a client, exists. A sink without a function counts
/// as no sink.
struct log_sink {
    void (*write)(void* user, log_level level, std::string_view text) noexcept = nullptr;
    void* user = nullptr;
    log_level level = log_level::info;
};

} // namespace tls

namespace tls::detail {

/// Hands a library's text to the sink if it is wanted, without its line ends.
inline void write_log(log_sink const& to, log_level level, std::string_view text) noexcept {
    if (level > to.level) return;
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
    if (!text.empty()) to.write(to.user, level, text);
}

} // namespace tls::detail
