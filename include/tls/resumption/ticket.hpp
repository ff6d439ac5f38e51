// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/core/clock.hpp>
#include <tls/core/config.hpp>
#include <tls/core/error.hpp>
#include <tls/core/protocol.hpp>
#include <tls/core/secret.hpp>
#include <tls/resumption/sealing.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

namespace tls {

/// Whom a ticket belongs to: the client that got it and the server that gave it, each as a SHA-256 digest.
///
/// The client's part covers the backend, the version of its library and everything that decides whom we trust, who we
/// are and what we offer; the server's part covers its name and port. What a ticket store files tickets under.
struct ticket_key {
    std::array<std::byte, 32> client{};
    std::array<std::byte, 32> server{};

    friend constexpr bool operator==(ticket_key const&, ticket_key const&) noexcept = default;
};

/// The key that tickets are sealed with for storage: 32 random bytes that only this device or program has.
///
/// Wiped when destroyed. Whoever has it can read stored tickets, and forge tickets that impersonate the server.
class storage_key {
public:
    static constexpr std::size_t size = seam::seal_key_size;

    explicit storage_key(std::span<std::byte const, size> bytes) noexcept { std::ranges::copy(bytes, bytes_.begin()); }
    storage_key(storage_key const&) = delete;
    storage_key& operator=(storage_key const&) = delete;
    ~storage_key() { x509::wipe(bytes_); }

    [[nodiscard]] std::span<std::byte const, size> bytes() const noexcept { return bytes_; }

private:
    std::array<std::byte, size> bytes_;
};

namespace detail {
class connection_tickets;
class ticket_codec;

/// What the full handshake in which a session began found out about the server. Times are in seconds since 1970-01-01
/// UTC.
struct session_origin {
    x509::secret_bytes leaf;        ///< the server's own certificate in DER; not a secret
    std::int64_t verified_at = 0;   ///< when its certificates were verified
    std::int64_t trusted_from = 0;  ///< the first moment all of them are valid, the trust anchor's included
    std::int64_t trusted_until = 0; ///< the last such moment
    /// The stamp of the revocation lists that they were looked up in, a SHA-256 digest; zeros if in none.
    std::array<std::byte, 32> lists{};

    /// Errors: out_of_memory.
    [[nodiscard]] result<session_origin> copy() const noexcept {
        auto bytes = x509::secret_bytes::copy_of(leaf.span());
        if (!bytes) return std::unexpected(bytes.error());
        return session_origin{std::move(*bytes), verified_at, trusted_from, trusted_until, lists};
    }
};
} // namespace detail

/// What makes the next connection to the same server cheap: a TLS session that the server is willing to resume.
///
/// Opaque, move-only, wiped when destroyed: it holds secrets. It resumes nothing but what a new handshake would allow:
/// it is offered only by a client of the same backend, library version and configuration (trust anchors, identity,
/// checks, offers), to the same server name and port, while it is valid by the wall clock, and never longer than the
/// server's certificates and seven days after they were verified. One of TLS 1.3 is used once (RFC 8446 section C.4).
/// RFC 5077, RFC 8446 section 4.6.1; inside is a session as the C library serialises it.
class ticket {
public:
    ticket(ticket&&) noexcept = default;
    ticket& operator=(ticket&&) noexcept = default;
    ticket(ticket const&) = delete; // one session, used once: hand it on with std::move
    ticket& operator=(ticket const&) = delete;
    ~ticket() = default;

    /// Whom it belongs to: what a store files it under.
    [[nodiscard]] ticket_key const& key() const noexcept { return key_; }
    /// The version of the session it resumes.
    [[nodiscard]] protocol_version version() const noexcept { return version_; }
    /// The end of its life, in seconds since 1970-01-01 UTC; from then on it is not offered.
    [[nodiscard]] std::int64_t expires_at() const noexcept { return expires_at_; }
    /// True if it may be offered at this time, in seconds since 1970-01-01 UTC: it has been issued, has not expired,
    /// and the certificates that were verified for it are valid.
    [[nodiscard]] bool is_valid_at(std::int64_t now) const noexcept { return !session_.empty() && is_in_time(now); }

    /// The ticket as bytes to be stored, encrypted and authenticated (AES-256-GCM, by the backend's library).
    ///
    /// Errors: bad_ticket for a ticket of another backend, or one that was used; out_of_memory, rng_failure.
    template <class Backend> [[nodiscard]] result<x509::secret_bytes> serialize(storage_key const& key) const noexcept;

    /// Reads a ticket that was stored.
    ///
    /// Errors: bad_ticket, and `about` says why: not a ticket, another format, altered or cut off or sealed with
    /// another key, of another backend or library version, expired; out_of_memory. Nothing in it is trusted until it
    /// has proved to be ours. `now` is in seconds since 1970-01-01 UTC.
    template <class Backend>
    [[nodiscard]] static result<ticket>
    parse(std::span<std::byte const> stored, storage_key const& key, std::int64_t now = system_wall_clock()) noexcept;

    /// How far the clock may have been set back since a ticket was issued, in seconds.
    static constexpr std::int64_t clock_tolerance = 60;
    /// No ticket lives longer, in seconds (RFC 8446 section 4.6.1), counted from when the certificates were verified.
    static constexpr std::int64_t longest_life = std::int64_t{7} * 86400;

private:
    friend class detail::connection_tickets;
    friend class detail::ticket_codec;

    ticket() noexcept = default;
    [[nodiscard]] bool is_in_time(std::int64_t now) const noexcept {
        return now >= issued_at_ - clock_tolerance && now < expires_at_ && now >= origin_.trusted_from &&
               now <= origin_.trusted_until;
    }

    ticket_key key_;
    char const* backend_ = nullptr; // a name with static storage
    protocol_version version_ = protocol_version::tls_1_2;
    std::int64_t issued_at_ = 0;
    std::int64_t expires_at_ = 0;
    detail::session_origin origin_;
    x509::secret_bytes session_; // as the C library serialises it
};

} // namespace tls

#include <tls/resumption/impl/ticket.hpp> // the bodies of the templates above
