// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/configuration/settings.hpp>
#include <tls/core/config.hpp>
#include <tls/core/error.hpp>

#include <cstddef>

struct WOLFSSL_CTX;

namespace tls::detail {

struct wolfssl_shared;

/// The WOLFSSL_CTX of a client, or one for each of its identities if it has several.
///
/// It has no trust anchors and keeps no certificate of a server: which chain is good is decided in the core. So it
/// never changes after it was made. Copies share it; safe to use from many threads.
class wolfssl_context {
public:
    /// Applies all settings: verification, versions, suites, groups, certificate, key.
    [[nodiscard]] static result<wolfssl_context> make(seam::shared<settings const> s) noexcept;

    [[nodiscard]] settings const& configuration() const noexcept;
    /// The application protocols as one text with commas.
    [[nodiscard]] std::span<char const> alpn() const noexcept;
    /// That of the identity of this number; 0 is also that of clients without one.
    [[nodiscard]] WOLFSSL_CTX* ctx(std::size_t identity = 0) const noexcept;

private:
    explicit wolfssl_context(seam::shared<wolfssl_shared> shared) noexcept : shared_(std::move(shared)) {}
    seam::shared<wolfssl_shared> shared_;
};

} // namespace tls::detail

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/wolfssl/impl/context.ipp>
#endif
