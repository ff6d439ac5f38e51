// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/core/allocation.hpp>
#include <tls/core/config.hpp>
#include <tls/verify/judge.hpp>
#include <tls/x509/certificate.hpp>
#include <tls/x509/certificate_store.hpp>

#include <cstddef>
#include <span>
#include <utility>

namespace tls {

/// What a server sent, and the path through it that was accepted.
///
/// Copies share the certificates, which outlive the session. `certificate_view::der` is a certificate in DER, and
/// `x509::to_pem` writes it as PEM. Safe to read from many threads.
class peer_path {
public:
    /// Nothing: the client does not keep paths, or no certificate was judged.
    peer_path() noexcept = default;

    [[nodiscard]] bool empty() const noexcept { return content_ == nullptr; }
    /// The path that was accepted: the server's own certificate first, the trust anchor last; the server's own alone,
    /// if that is what is trusted; empty if the client accepts any server.
    [[nodiscard]] std::span<x509::certificate_view const> accepted() const noexcept {
        return content_ ? std::span(content_->accepted.data(), content_->accepted.size())
                        : std::span<x509::certificate_view const>{};
    }
    /// The certificates that were sent, in their order, without those that cannot be parsed.
    [[nodiscard]] std::span<x509::certificate_view const> sent() const noexcept {
        return content_ ? content_->sent.all() : std::span<x509::certificate_view const>{};
    }

    /// Copies both. Empty if memory ran out.
    [[nodiscard]] static peer_path
    of(verify::verdict const& verdict, std::span<std::span<std::byte const> const> sent,
       verify::anchor_set const& anchors) noexcept;

private:
    struct content {
        x509::certificate_store sent;
        verify::anchor_set anchors; ///< one of which may be the end of the path
        seam::array<x509::certificate_view> accepted;
    };

    explicit peer_path(seam::shared<content const> c) noexcept : content_(std::move(c)) {}

    seam::shared<content const> content_;
};

} // namespace tls

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/verify/impl/peer_path.ipp>
#endif
