// SPDX-License-Identifier: Apache-2.0
// Seam: for those who write a backend.
#pragma once

#include <tls/core/config.hpp>
#include <tls/core/error.hpp>
#include <tls/core/limits.hpp>
#include <tls/core/server_name.hpp>
#include <tls/revocation/rule.hpp>
#include <tls/signature/primitive.hpp>
#include <tls/verify/anchors.hpp>
#include <tls/verify/policy.hpp>
#include <tls/x509/algorithm.hpp>
#include <tls/x509/certificate.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace tls::verify {

/// The most certificates that a server may send.
inline constexpr std::size_t max_sent = limits::certificates;
/// The most bytes that they may have together.
inline constexpr std::size_t max_sent_bytes = limits::certificate_bytes;

namespace detail {
class path_search;
struct path_problems;
} // namespace detail

/// Asks further rules about the path that a search has found, to this anchor or to its leaf. A pointer, so that
/// programs without such rules do not link it.
using rule_asker = void (*)(detail::path_search&, x509::certificate_view const*, detail::path_problems&) noexcept;

/// What a client asks for beyond the rules and its trust anchors.
struct demands {
    /// Servers' certificates that are trusted as they are, byte for byte, whoever issued them; null is none.
    anchor_set const* exactly = nullptr;
    std::span<server_name const> names{}; ///< one of these in place of the name given to the judge; empty is none
    std::array<further_rule, 2> rules{};
    rule_asker ask_rules = nullptr; ///< `ask_further_rules`, or null without rules
};

/// See `rule_asker`.
void ask_further_rules(detail::path_search& s, x509::certificate_view const* anchor, detail::path_problems& f) noexcept;

/// What `judge` found.
struct verdict {
    errc code = errc::untrusted; ///< ok exactly if no problem was found, else the problem that counts
    problem_set problems;        ///< all problems of the path described below
    std::uint8_t depth = 0;      ///< which certificate of the path `code` is about: 0 is the leaf, path_size the anchor
    std::array<std::uint8_t, max_sent> path{}; ///< the path, leaf first, as indexes into what was sent
    std::uint8_t path_size = 0;                ///< how many of `path` count
    std::int32_t anchor = -1;  ///< where the path ends, as an index into the anchor set; -1 if at no anchor
    std::int32_t exactly = -1; ///< the leaf, as an index into `demands::exactly`; -1 if it is not there
    short_text about{};        ///< what an error about `code` should quote, if a further rule says so
    x509::public_key_kind leaf_key = x509::public_key_kind::other; ///< of an accepted path
    bool pinned_leaf = false; ///< the leaf itself is trusted, byte for byte: no signature was looked at
    /// When every certificate of an accepted path and its anchor are valid, in seconds since 1970-01-01 UTC.
    std::int64_t valid_from = 0;
    std::int64_t valid_until = 0;
    std::optional<digest> stamp = digest{}; ///< of what a further rule looked into: see `rule_finding`

    /// True if the path goes on from what was sent to a trust anchor beside it.
    [[nodiscard]] bool ends_beside() const noexcept { return anchor >= 0 && !pinned_leaf; }
};

/// Asks whether one certificate's signature was made with another's key.
///
/// `judge` asks from the anchor down, each time with a key that is already vouched for, about each pair of issuer's key
/// and certificate at most once, and within a bound of work: whoever answers deducts the cost from `work_left`, and
/// answers `cannot` if less is left. Without it no signature can be checked, and no path but that of a pinned leaf is
/// accepted.
struct signature_check {
    signature::answer (*ask)(
        void* context, x509::certificate_view const& child, x509::certificate_view const& issuer,
        std::uint32_t& work_left) noexcept = nullptr;
    void* context = nullptr;
    /// The same for further rules, about something else that is signed.
    signature::answer (*ask_of)(void* context, signature::query const& q) noexcept = nullptr;
    hash_function sha256 = nullptr; ///< for further rules
};

/// The work one judgement may spend on signatures, by `signature::cost`; see docs/verification.md.
inline constexpr std::uint32_t max_signature_work = 15000;

/// The most signatures that one judgement has the library verify for further rules: those of revocation lists.
inline constexpr std::size_t max_list_signatures = 16;

/// Decides whether a server is accepted; nothing else does.
///
/// `sent` are the certificates in DER, leaf first; above the leaf the order does not matter (RFC 8446 section 4.4.2),
/// and what is not on the path is passed over. `now` is in seconds since 1970-01-01 UTC. A path from the leaf to an
/// anchor that satisfies every rule, signatures included, is accepted. Otherwise the path that came closest is
/// described; `code` is its worst problem. A path whose signatures are not good is reported as that, whatever else is
/// wrong with it. Allocates one block of some 4 KiB; `out_of_memory` without it, and when a signature could not be
/// checked for want of memory. RFC 5280 section 6, RFC 9525.
///
/// Further rules are asked about paths whose signatures are good, before one of them is accepted.
[[nodiscard]] verdict judge(
    std::span<std::span<std::byte const> const> sent, anchor_set const& anchors, server_name const& name,
    policy const& rules, std::int64_t now, signature_check signatures, demands const& more = {}) noexcept;

/// What would keep a certificate from being the anchor of any path, as far as the certificate itself shows.
[[nodiscard]] problem_set
problems_of_anchor(x509::certificate_view const& anchor, policy const& rules, std::int64_t now) noexcept;

} // namespace tls::verify

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/verify/impl/judge.ipp>
#endif
