// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/core/allocation.hpp>
#include <tls/core/config.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <string_view>

namespace tls::signature {

/// A name for one signature of a chain: SHA-256 over the issuer's public key, the whole certificate that it signed, and
/// the library that answers.
using edge = std::array<std::byte, 32>;

/// Signatures that were found good, so that they need not be computed again: the next handshake with the same server
/// takes half the time.
///
/// That a key made a signature is a fact that no clock and no setting changes. Dates, name, constraints and all other
/// rules are applied anew in every handshake; only the computation is saved. Signatures enter when a handshake that
/// verified them is complete, so only a server that holds the key of its certificate can add any.
///
/// May be shared by clients of one backend, and by threads; holds nothing secret. Whoever shares it may learn from the
/// duration of a handshake whether another has met an issuer before. All its memory is allocated when it is made; if
/// that fails, it remembers nothing.
class memory {
public:
    static constexpr std::size_t default_edges = 32; ///< 1 KiB
    static constexpr std::size_t max_edges = 4096;   ///< looking through more would take too long

    /// Room for this many signatures, at most max_edges; the least recently used is dropped first. 0 remembers nothing.
    explicit memory(std::size_t edges = default_edges) noexcept;
    memory(memory const&) = delete;
    memory& operator=(memory const&) = delete;
    ~memory() = default;

    /// How many it can hold.
    [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }
    /// How many it holds.
    [[nodiscard]] std::size_t size() const noexcept;

    /// Whether this signature is known to be good. Does not count as a use: a stranger who shows other people's
    /// certificates changes nothing here.
    [[nodiscard]] bool knows(edge const& e) const noexcept;
    /// Remembers signatures that were good, or were known to be, in a handshake that is complete; if there are more
    /// than it can hold, the last of them.
    void keep(std::span<edge const> good) noexcept;
    /// Forgets everything.
    void clear() noexcept;

private:
    std::size_t capacity_;
    seam::owned<std::byte[]> block_;
    edge* edges_ = nullptr; // in it, the most recently used first
    mutable std::mutex lock_;
    std::size_t size_ = 0;
};

/// The good signatures that one handshake has seen, until it is complete. Not for several threads.
class held_edges {
public:
    static constexpr std::size_t max_edges = 10; ///< those of the longest chain, and one to spare

    /// Takes one more; one too many is dropped, and will be computed again.
    void add(edge const& e) noexcept {
        if (size_ != max_edges) edges_[size_++] = e;
    }
    [[nodiscard]] std::span<edge const> all() const noexcept { return std::span(edges_).first(size_); }
    void clear() noexcept { size_ = 0; }

private:
    std::array<edge, max_edges> edges_{};
    std::size_t size_ = 0;
};

} // namespace tls::signature

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/signature/impl/memory.ipp>
#endif
