// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/core/acceptance.hpp>
#include <tls/core/config.hpp>
#include <tls/core/error.hpp>
#include <tls/core/fact.hpp>
#include <tls/resumption/resumption.hpp>
#include <tls/transport/counting.hpp>
#include <tls/x509/certificate.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

/// What a comparison found out, as data: made by `tls::compare`, printed by `to_text` and `to_json`.
namespace tls {

/// What a part of a connection cost. What was not measured is absent, never 0.
struct connection_cost {
    traffic wire{};
    /// By this thread, ours and those that a C library makes through us; with `tls::set_memory` and a library that
    /// supports `feature::memory_resource`.
    std::optional<std::uint64_t> allocations{};
    /// Of this thread on this machine: only the ratio of two means something elsewhere.
    std::optional<std::chrono::nanoseconds> processor_time{};
    std::chrono::nanoseconds elapsed{}; ///< by the steady clock, the server and the network included
};

/// The server's own certificate.
struct compared_certificate {
    short_text subject{};
    short_text issuer{};
    short_text serial{}; ///< in hexadecimal digits
    x509::public_key_kind key = x509::public_key_kind::other;
    std::size_t key_bits = 0;
    std::int64_t not_before = 0; ///< in seconds since 1970-01-01 UTC
    std::int64_t not_after = 0;
};

/// What one backend found out. Trivially copyable, refers to nothing of the connection.
struct compared_connection {
    std::string_view backend{};     ///< its name
    std::string_view version{};     ///< of its library
    std::optional<error> failure{}; ///< of the first connection that failed, or of making the client
    bool established = false;       ///< a handshake was completed, whatever happened then
    std::size_t rounds = 0;         ///< connections that went well and were counted
    bool steady = true;             ///< each of them negotiated the same

    handshake_facts handshake{}; ///< what is known of it, also if it failed
    std::optional<tls::resumption> resumption{};
    std::optional<compared_certificate> server{};
    tls::acceptance acceptance = tls::acceptance::unknown; ///< of our certificate, or of our having none
    bool closed_by_peer = false;                           ///< while it was waited for that

    std::optional<connection_cost> cost{};         ///< of the handshake, if one began; times are medians of all rounds
    std::optional<connection_cost> conversation{}; ///< from then to the end, of the first round; only if there was one

    /// The protocol the server selected; empty if it selected none.
    [[nodiscard]] std::string_view alpn() const noexcept { return {alpn_bytes.data(), alpn_size}; }
    std::array<char, 255> alpn_bytes{};
    std::uint8_t alpn_size = 0;
};

/// One line of a report, the same for every backend: what it is called, and how its value is written.
struct compared_field {
    std::string_view name;  ///< in JSON, for example "cipher_suite"
    std::string_view label; ///< for people, for example "cipher suite"

    /// When two values count as different.
    enum class comparison : std::uint8_t {
        text,  ///< what was negotiated, and how it ended: if they are not the same
        count, ///< what it took: if they are not the same
        bytes, ///< the same, by more than 8: ECDSA signatures are a few bytes longer or shorter each time
        never, ///< times, and what depends on more than the connection
    };
    comparison compared = comparison::text;
    bool is_detail = false; ///< a table has it only where it differs

    /// Tells what the connection took, and not what was negotiated or how it ended.
    [[nodiscard]] bool is_cost() const noexcept { return compared != comparison::text; }

    /// Writes the value and returns it; empty where it is not known. What does not fit is cut off: 300 bytes hold any.
    std::string_view (*write)(compared_connection const&, std::span<char> into) noexcept = nullptr;
};

/// The memory that holds any value of a field, in bytes.
inline constexpr std::size_t longest_value = 300;

/// All fields, in the order in which they are printed.
[[nodiscard]] std::span<compared_field const> compared_fields() noexcept;

/// Some of the fields: a range of `compared_field const*`.
class field_list {
public:
    static constexpr std::size_t capacity = 48;

    [[nodiscard]] compared_field const* const* begin() const noexcept { return fields_.data(); }
    [[nodiscard]] compared_field const* const* end() const noexcept { return fields_.data() + size_; }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
    /// True if a field of that name is among them.
    [[nodiscard]] bool has(std::string_view name) const noexcept {
        for (compared_field const* f : *this)
            if (f->name == name) return true;
        return false;
    }
    void add(compared_field const& f) noexcept {
        if (size_ < capacity) fields_[size_++] = &f;
    }

private:
    std::array<compared_field const*, capacity> fields_{};
    std::size_t size_ = 0;
};

/// The fields that differ between these connections. What is not known of one is no difference to it.
[[nodiscard]] field_list differences(std::span<compared_connection const> connections) noexcept;

/// The same connection on each backend: a range of `compared_connection`.
template <std::size_t N> struct comparison {
    std::array<compared_connection, N> connections{};

    [[nodiscard]] compared_connection& operator[](std::size_t i) noexcept { return connections[i]; }
    [[nodiscard]] compared_connection const& operator[](std::size_t i) const noexcept { return connections[i]; }
    [[nodiscard]] auto begin() const noexcept { return connections.begin(); }
    [[nodiscard]] auto end() const noexcept { return connections.end(); }
    [[nodiscard]] static constexpr std::size_t size() noexcept { return N; }

    /// True if no backend failed.
    [[nodiscard]] bool all_good() const noexcept {
        for (compared_connection const& c : connections)
            if (c.failure) return false;
        return true;
    }
    /// True if every backend negotiated the same and had the same outcome, whatever it took.
    [[nodiscard]] bool alike() const noexcept {
        for (compared_field const* f : differences())
            if (!f->is_cost()) return false;
        return true;
    }
    /// As `tls::differences`.
    [[nodiscard]] field_list differences() const noexcept { return tls::differences(connections); }
};

} // namespace tls

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/compare/impl/report.ipp>
#endif
