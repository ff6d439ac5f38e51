// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/alert.hpp>
#include <tls/errc.hpp>
#include <tls/protocol.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>

namespace tls {

/// What was going on when something failed.
enum class phase : std::uint8_t { configuring, connecting, handshake, reading, writing, closing };

/// "configuring", "connecting", "handshake", "reading", "writing" or "closing".
[[nodiscard]] constexpr std::string_view name(phase p) noexcept {
    switch (p) {
    case phase::configuring: return "configuring";
    case phase::connecting: return "connecting";
    case phase::handshake: return "handshake";
    case phase::reading: return "reading";
    case phase::writing: return "writing";
    case phase::closing: return "closing";
    }
    return "unknown phase";
}

/// A set of verification failures; `error::code` is the one that counts, the set has them all.
class problem_set {
public:
    constexpr problem_set() noexcept = default;

    /// Adds a failure; only the codes of the server's certificate (errc::untrusted .. errc::no_peer_certificate) count.
    constexpr void add(errc code) noexcept {
        if (covers(code)) bits_ |= bit(code);
    }
    /// True if the failure is in the set.
    [[nodiscard]] constexpr bool has(errc code) const noexcept { return covers(code) && (bits_ & bit(code)) != 0; }
    /// True if nothing failed.
    [[nodiscard]] constexpr bool empty() const noexcept { return bits_ == 0; }
    friend constexpr bool operator==(problem_set, problem_set) noexcept = default;

private:
    static constexpr bool covers(errc code) noexcept {
        return code >= errc::untrusted && code <= errc::no_peer_certificate;
    }
    static constexpr std::uint32_t bit(errc code) noexcept {
        return std::uint32_t{1} << (static_cast<unsigned>(code) - static_cast<unsigned>(errc::untrusted));
    }
    std::uint32_t bits_ = 0;
};

/// A short text inside an error: what the failure is about, for example a file name.
///
/// Holds up to 63 bytes without allocating; of a longer text the end is kept, after "...", because the end of a path
/// names the file. Bytes that do not print are replaced by '?'.
class short_text {
public:
    constexpr short_text() noexcept = default;
    constexpr short_text(std::string_view text) noexcept { // NOLINT(google-explicit-constructor)
        constexpr std::string_view dots = "...";
        std::size_t at = 0;
        if (text.size() > capacity) {
            at = static_cast<std::size_t>(std::ranges::copy(dots, bytes_.begin()).out - bytes_.begin());
            text.remove_prefix(text.size() - (capacity - at));
        }
        for (char const c : text) bytes_[at++] = (c >= ' ' && c <= '~') ? c : '?';
        size_ = static_cast<std::uint8_t>(at);
    }
    /// The text; valid as long as this object.
    [[nodiscard]] constexpr std::string_view view() const noexcept { return {bytes_.data(), size_}; }
    [[nodiscard]] constexpr bool empty() const noexcept { return size_ == 0; }
    friend constexpr bool operator==(short_text const& a, short_text const& b) noexcept { return a.view() == b.view(); }

private:
    static constexpr std::size_t capacity = 63;
    std::array<char, capacity> bytes_{};
    std::uint8_t size_ = 0;
};

/// What is known about a handshake that failed; an empty optional means that it could not be learnt.
struct handshake_facts {
    std::optional<protocol_version> version;
    std::optional<cipher_suite> suite;
    std::optional<named_group> group;
    std::optional<handshake_message> last_received;   ///< last one seen in clear or reported by the library
    std::optional<bool> client_certificate_requested; ///< the server sent a CertificateRequest
    std::optional<std::uint8_t> certificates_sent;    ///< certificates in our Certificate message; 0 is an empty one
};

/// Why an operation failed: one code, and everything known about the circumstances.
///
/// Trivially copyable; never allocates; safe to copy between threads.
struct error {
    errc code = errc::ok;
    tls::phase phase = tls::phase::configuring;
    std::optional<alert> received;  ///< the fatal alert the peer sent
    std::optional<alert> sent;      ///< the fatal alert we sent, where the library says so
    std::int32_t native = 0;        ///< the C library's code, verbatim; 0 if the library had no part in it
    std::int32_t system = 0;        ///< errno of the transport or file; 0 if none
    char const* backend = nullptr;  ///< the backend's name, or nullptr if no backend had a part in it
    std::uint64_t transferred = 0;  ///< bytes a write_all had taken before it failed
    problem_set problems;           ///< every verification failure that was found
    std::uint8_t problem_depth = 0; ///< which certificate of the path `code` is about: 0 is the leaf
    handshake_facts handshake;
    short_text about; ///< the input at fault: a file name, a server name, an ALPN name

    /// One sentence that says what `code` means.
    [[nodiscard]] constexpr std::string_view message() const noexcept { return tls::message(code); }

    /// True for the two codes a non-blocking caller waits on.
    [[nodiscard]] constexpr bool would_block() const noexcept {
        return code == errc::want_read || code == errc::want_write;
    }

    friend constexpr bool operator==(error const& e, errc wanted) noexcept { return e.code == wanted; }
};

static_assert(std::is_trivially_copyable_v<error>);

/// What every fallible function of twintls returns.
template <class T> using result = std::expected<T, error>;

/// An error of the configuration phase.
[[nodiscard]] constexpr error
configuration_error(errc code, std::string_view about = {}, std::int32_t system = 0) noexcept {
    error e;
    e.code = code;
    e.about = about;
    e.system = system;
    return e;
}

/// The category of twintls's codes, for code that speaks std::error_code.
[[nodiscard]] inline std::error_category const& error_category() noexcept {
    class category final : public std::error_category {
    public:
        [[nodiscard]] char const* name() const noexcept override { return "twintls"; }
        [[nodiscard]] std::string message(int value) const override {
            return std::string(tls::message(static_cast<errc>(value)));
        }
    };
    static category const instance;
    return instance;
}

/// Makes a std::error_code of a code; found by argument-dependent lookup.
[[nodiscard]] inline std::error_code make_error_code(errc code) noexcept {
    return {static_cast<int>(code), error_category()};
}

} // namespace tls

template <> struct std::is_error_code_enum<tls::errc> : std::true_type {};
