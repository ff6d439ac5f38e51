// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/configuration/stapling.hpp>
#include <tls/connection/server_verification.hpp>
#include <tls/core/config.hpp>
#include <tls/core/error.hpp>

#include <cstddef>
#include <span>

namespace tls::verify {

/// The part of `server_verification` that is about stapled statuses, which most clients do not link.
struct stapling {
    /// A path was accepted: keeps what a status is judged by, or refuses if the library cannot ask for one.
    static void expect(server_verification& check, std::span<std::byte const> issuer) noexcept;
    static void is_missing(server_verification& check) noexcept;
    /// False if the server is refused.
    [[nodiscard]] static bool judge(server_verification& check, std::span<std::byte const> response) noexcept;

    static constexpr status_rules rules = {expect, is_missing, judge};

private:
    static void refuse(server_verification& check, errc code, short_text const& about) noexcept;
};

} // namespace tls::verify

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/connection/impl/stapling.ipp>
#endif
