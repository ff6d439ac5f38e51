// SPDX-License-Identifier: Apache-2.0
// Seam: for those who write a backend.
#pragma once

#include <tls/core/config.hpp>
#include <tls/x509/certificate.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace tls::verify {

/// The certificates a client trusts to vouch for servers, parsed once and found by subject name.
///
/// Made while a client is configured; reading it is safe from any number of threads. Move-only, because the parsed
/// views refer to the bytes inside; moving keeps them valid. Anything may be put in: a certificate that cannot serve
/// as trust anchor (not a CA, expired, weak key) is kept, so that a chain that leads to it is refused for that reason.
class anchor_set {
public:
    anchor_set() noexcept = default;
    /// Takes certificates in DER; one that cannot be parsed keeps its place and is never found. Allocates.
    explicit anchor_set(std::vector<std::vector<std::byte>> certificates);
    anchor_set(anchor_set&&) noexcept = default;
    anchor_set& operator=(anchor_set&&) noexcept = default;
    anchor_set(anchor_set const&) = delete;
    anchor_set& operator=(anchor_set const&) = delete;
    ~anchor_set() = default;

    /// The number of certificates, parsed or not.
    [[nodiscard]] std::size_t size() const noexcept { return certificates_.size(); }
    [[nodiscard]] bool empty() const noexcept { return certificates_.empty(); }
    /// The certificates in DER, in the order given.
    [[nodiscard]] std::vector<std::vector<std::byte>> const& certificates() const noexcept { return certificates_; }
    /// The parsed certificate at `index`, which must be below size(); nullptr if it could not be parsed.
    [[nodiscard]] x509::certificate_view const* view(std::size_t index) const noexcept {
        return views_[index] ? &*views_[index] : nullptr;
    }
    /// `x509::name_fingerprint` of the subject at `index`, which must be below size().
    [[nodiscard]] std::optional<std::uint64_t> subject_fingerprint(std::size_t index) const noexcept {
        return fingerprints_[index];
    }
    /// The indexes of the certificates whose subject is this Name, byte for byte, in the order given.
    [[nodiscard]] std::span<std::uint32_t const> find(std::span<std::byte const> subject) const noexcept;

private:
    std::vector<std::vector<std::byte>> certificates_;
    std::vector<std::optional<x509::certificate_view>> views_;
    std::vector<std::optional<std::uint64_t>> fingerprints_;
    std::vector<std::uint32_t> by_subject_; // indexes of parsed certificates, sorted by subject, then index
};

} // namespace tls::verify

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/verify/impl/anchors.ipp>
#endif
