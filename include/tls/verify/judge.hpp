// SPDX-License-Identifier: Apache-2.0
// Seam: for those who write a backend.
#pragma once

#include <tls/core/config.hpp>
#include <tls/core/error.hpp>
#include <tls/core/server_name.hpp>
#include <tls/verify/anchors.hpp>
#include <tls/x509/algorithm.hpp>
#include <tls/x509/certificate.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace tls::verify {

/// The most certificates a server may send.
inline constexpr std::size_t max_sent = 9;

/// What may be relaxed; the defaults are strict.
struct policy {
    unsigned minimum_rsa_bits = 2048;
    bool check_time = true; ///< false for a device whose clock is not set: then nothing expires
};

/// What `judge` found.
struct verdict {
    errc code = errc::untrusted; ///< ok exactly if no problem was found, else the problem that counts
    problem_set problems;        ///< all problems of the path described below
    std::uint8_t depth = 0;      ///< which certificate of the path `code` is about: 0 is the leaf, path_size the anchor
    bool path_is_what_was_sent = false; ///< the path has every certificate that was sent, in the order sent
    /// No other path could be put together by names from what was sent and the trust anchors, so a library that has
    /// verified the leaf has verified this very path. False on a refusal.
    bool unambiguous = false;
    std::array<std::uint8_t, max_sent> path{}; ///< the path, leaf first, as indexes into what was sent
    std::uint8_t path_size = 0;                ///< how many of `path` count
    std::int32_t anchor = -1;                  ///< where the path ends, as an index into the anchor set; -1 nowhere
    /// When every certificate of an accepted path and its anchor are valid, in seconds since 1970-01-01 UTC.
    std::int64_t valid_from = 0;
    std::int64_t valid_until = 0;
};

/// A way to ask a C library whether one certificate's signature was made with another's key.
///
/// Optional: without it `judge` looks at no signature. Called only for paths that are otherwise in order, from the leaf
/// up, at most 64 times in all.
struct signature_check {
    bool (*is_signed_by)(
        void* context, x509::certificate_view const& child, x509::certificate_view const& issuer) noexcept = nullptr;
    void* context = nullptr;
};

/// Judges the certificates a server sent: is there a path from its own certificate to a trust anchor that satisfies
/// every rule of docs/verification.md, for this server name, at this time?
///
/// `sent` is leaf first. A path goes from each certificate to an anchor or to a certificate sent later whose subject is
/// the issuer, byte for byte, and whose key identifiers do not contradict it. Every such path is tried, anchors first;
/// one good path is enough, and what is not on it does not matter. If none is good the verdict describes the one that
/// came closest.
///
/// WITHOUT `signatures` NO SIGNATURE IS CHECKED HERE. The caller must then accept only if the C library has verified
/// the signatures of the same certificates in the same handshake against the same anchors AND `unambiguous` is true;
/// if it is false, each certificate of the path must be verified with the next one's key, the last with the anchor's.
///
/// `now` is in seconds since 1970-01-01 UTC. Never allocates; the work is bounded whatever the server sends; uses less
/// than 8 KiB of stack. Thread safe.
[[nodiscard]] verdict judge(
    std::span<std::span<std::byte const> const> sent, anchor_set const& anchors, server_name const& name,
    policy const& rules, std::int64_t now, signature_check signatures = {}) noexcept;

/// Why no path may end at this trust anchor at this time; empty if one may.
///
/// For warnings when a client is configured: expired, not_yet_valid, weak_key, not_a_ca, bad_key_usage,
/// bad_extended_key_usage, critical_extension.
[[nodiscard]] problem_set
problems_of_anchor(x509::certificate_view const& anchor, policy const& rules, std::int64_t now) noexcept;

/// Rules about one certificate or two, for whoever wants to warn before a server does.
namespace detail {

[[nodiscard]] bool is_strong_hash(x509::signature_algorithm algorithm) noexcept;
[[nodiscard]] bool is_strong_key(x509::certificate_view const& certificate, policy const& rules) noexcept;
[[nodiscard]] bool may_sign_certificates(x509::certificate_view const& certificate) noexcept;
[[nodiscard]] bool key_ids_agree(x509::certificate_view const& child, x509::certificate_view const& issuer) noexcept;

} // namespace detail
} // namespace tls::verify

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/verify/impl/judge.ipp>
#endif
