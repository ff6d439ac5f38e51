// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/configuration/settings.hpp>
#include <tls/core/config.hpp>
#include <tls/core/error.hpp>

#include <memory>

struct WOLFSSL_CTX;

namespace tls::detail {

struct wolfssl_pool;

/// A WOLFSSL_CTX on loan to one running handshake; goes back to its pool when dropped.
class wolfssl_loan {
public:
    wolfssl_loan() noexcept = default;
    wolfssl_loan(std::shared_ptr<wolfssl_pool> pool, WOLFSSL_CTX* ctx) noexcept;
    wolfssl_loan(wolfssl_loan&& other) noexcept;
    wolfssl_loan& operator=(wolfssl_loan&& other) noexcept;
    ~wolfssl_loan();

    [[nodiscard]] WOLFSSL_CTX* ctx() const noexcept { return ctx_; }
    void give_back() noexcept;

private:
    std::shared_ptr<wolfssl_pool> pool_;
    WOLFSSL_CTX* ctx_ = nullptr;
};

/// Everything wolfSSL keeps for one client: identical WOLFSSL_CTX objects, one for each handshake that runs at once.
///
/// wolfSSL stores the intermediates of a handshake in its context and judges later ones by them. Therefore a context
/// serves one handshake at a time and forgets them before each. Copies share the pool; safe to use from many threads.
class wolfssl_context {
public:
    /// Applies all settings, in the one order that works: verification, key sizes, versions, suites, groups, trust
    /// anchors, certificate, key.
    [[nodiscard]] static result<wolfssl_context> make(std::shared_ptr<settings const> s) noexcept;

    [[nodiscard]] settings const& configuration() const noexcept;

    /// A context for one handshake, free of what earlier ones left.
    [[nodiscard]] result<wolfssl_loan> lend() const noexcept;

private:
    explicit wolfssl_context(std::shared_ptr<wolfssl_pool> pool) noexcept : pool_(std::move(pool)) {}
    std::shared_ptr<wolfssl_pool> pool_;
};

} // namespace tls::detail

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/wolfssl/impl/context.ipp>
#endif
