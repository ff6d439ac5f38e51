// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/configuration/settings.hpp>
#include <tls/core/config.hpp>
#include <tls/core/error.hpp>

#include <cstddef>

struct mbedtls_ssl_config;

namespace tls::detail {

struct mbedtls_shared;

/// Everything Mbed TLS keeps for one client: configuration, certificate, key and random generator.
///
/// Mbed TLS reads its configuration during handshakes without a lock, so it is complete before the first one and never
/// changes. Copies share it; safe to use from many threads if the library has its threading layer.
class mbedtls_context {
public:
    /// Applies all settings that the library needs: versions, suites, groups, ALPN, certificate, key.
    [[nodiscard]] static result<mbedtls_context> make(seam::shared<settings const> s) noexcept;

    [[nodiscard]] settings const& configuration() const noexcept;
    /// The configuration with the identity of this number; 0 is also that of clients without one.
    [[nodiscard]] mbedtls_ssl_config const* config(std::size_t identity = 0) const noexcept;
    /// To be called when memory may have run out while one of our keys signed.
    void forget_blinding() const noexcept;

private:
    explicit mbedtls_context(seam::shared<mbedtls_shared> shared) noexcept : shared_(std::move(shared)) {}
    seam::shared<mbedtls_shared> shared_;
};

} // namespace tls::detail

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/mbedtls/impl/context.ipp>
#endif
