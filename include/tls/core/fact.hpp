// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <cstdint>
#include <string_view>

namespace tls {

/// How a fact about a connection was learnt.
enum class fact_source : std::uint8_t {
    unknown,  ///< it was not learnt
    wire,     ///< read from bytes sent in the clear
    library,  ///< told by the C library
    settings, ///< what this client was configured with
    deduced,  ///< follows from other facts by the rules of the protocol
};

/// The source in words, for example "read on the wire".
[[nodiscard]] constexpr std::string_view name(fact_source s) noexcept {
    switch (s) {
    case fact_source::unknown: return "unknown";
    case fact_source::wire: return "read on the wire";
    case fact_source::library: return "told by the TLS library";
    case fact_source::settings: return "from the client's settings";
    case fact_source::deduced: return "deduced from the protocol";
    }
    return "unknown";
}

/// A value that may be unknown, together with its source.
///
/// Trivially copyable if T is. Comparing with a value is false while the fact is unknown.
template <class T> class fact {
public:
    constexpr fact() noexcept = default;
    constexpr fact(T value, fact_source from) noexcept : value_(value), source_(from) {}

    [[nodiscard]] constexpr bool known() const noexcept { return source_ != fact_source::unknown; }
    constexpr explicit operator bool() const noexcept { return known(); }
    /// The value; T's default while unknown.
    [[nodiscard]] constexpr T const& operator*() const noexcept { return value_; }
    [[nodiscard]] constexpr T const* operator->() const noexcept { return &value_; }
    [[nodiscard]] constexpr fact_source source() const noexcept { return source_; }

    friend constexpr bool operator==(fact const&, fact const&) noexcept = default;
    friend constexpr bool operator==(fact const& f, T const& value) noexcept { return f.known() && f.value_ == value; }

private:
    T value_{};
    fact_source source_ = fact_source::unknown;
};

} // namespace tls
