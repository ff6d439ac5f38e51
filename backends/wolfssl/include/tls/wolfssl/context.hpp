// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/configuration/settings.hpp>
#include <tls/core/config.hpp>
#include <tls/core/error.hpp>

#include <memory>

struct WOLFSSL_CTX;

namespace tls::detail {

struct wolfssl_shared;

/// The one WOLFSSL_CTX of a client.
///
/// It has no trust anchors and keeps no certificate of a server: which chain is good is decided in the core. So it
/// never changes after it was made. Copies share it; safe to use from many threads.
class wolfssl_context {
public:
    /// Applies all settings: verification, versions, suites, groups, certificate, key.
    [[nodiscard]] static result<wolfssl_context> make(std::shared_ptr<settings const> s) noexcept;

    [[nodiscard]] settings const& configuration() const noexcept;
    [[nodiscard]] WOLFSSL_CTX* ctx() const noexcept;

private:
    explicit wolfssl_context(std::shared_ptr<wolfssl_shared> shared) noexcept : shared_(std::move(shared)) {}
    std::shared_ptr<wolfssl_shared> shared_;
};

} // namespace tls::detail

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/wolfssl/impl/context.ipp>
#endif
