// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/connection/backend.hpp>
#include <tls/mbedtls/context.hpp>
#include <tls/mbedtls/cryptography.hpp>
#include <tls/mbedtls/engine.hpp>
#include <tls/mbedtls/errors.hpp>
#include <tls/mbedtls/exporting.hpp>
#include <tls/mbedtls/features.hpp>
#include <tls/mbedtls/key_log.hpp>
#include <tls/mbedtls/library.hpp>
#include <tls/mbedtls/psk.hpp>
#include <tls/mbedtls/sessions.hpp>
#include <tls/mbedtls/signature.hpp>
#include <tls/mbedtls/signer.hpp>
#include <tls/mbedtls/stapling.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

namespace tls {

/// The Mbed TLS backend: Mbed TLS 3.6 (3.6.1 or newer).
///
/// Mbed TLS is licensed under Apache-2.0 or the GPL.
struct mbedtls {
    using context = detail::mbedtls_context;
    using engine = detail::mbedtls_engine;

    static constexpr char const* name = detail::mbedtls_name;
    static constexpr std::size_t stack_used = 4096; // its big numbers lie in the heap

    /// The version of the library linked, for example "3.6.7".
    [[nodiscard]] static std::string_view version() noexcept { return detail::mbedtls_version(); }

    /// What the library can do, as it was built.
    template <feature F> static constexpr bool supports = detail::mbedtls_supports(F);

    /// Every code of the library that twintls has a name for.
    [[nodiscard]] static std::span<native_code const> native_codes() noexcept { return detail::mbedtls_codes(); }

    [[nodiscard]] static result<context> make_context(seam::shared<settings const> s) noexcept {
        return context::make(std::move(s));
    }
    [[nodiscard]] static result<engine> make_engine(context const& c, server_name const& n) noexcept {
        return engine::make(c, n);
    }
    static constexpr seam::session_calls sessions = {
        detail::mbedtls_configure_sessions,
        detail::mbedtls_offer_session,
        detail::mbedtls_current_session,
        detail::mbedtls_ticket_came,
    };
    static constexpr seam::stapling_calls stapling = detail::mbedtls_stapling;
    static constexpr seam::exporting_calls exporting = {detail::mbedtls_prepare_export, detail::mbedtls_export};
    static void start_key_log(seam::engine_core& core, settings const& s) noexcept {
        detail::mbedtls_start_key_log(core, s);
    }
    [[nodiscard]] static result<void> use_signer(void* library_configuration, seam::own_identity const& ours) noexcept {
        return detail::mbedtls_use_signer(library_configuration, ours);
    }
    [[nodiscard]] static result<void> use_psk(void* library_configuration, settings const& s) noexcept {
        return detail::mbedtls_use_psk(library_configuration, s);
    }
    [[nodiscard]] static bool
    sha256(std::span<std::span<std::byte const> const> parts, std::span<std::byte, 32> digest) noexcept {
        return detail::mbedtls_digest(parts, digest);
    }
    [[nodiscard]] static bool seal(seam::sealed_parts const& s) noexcept { return detail::mbedtls_seal(s); }
    [[nodiscard]] static bool open(seam::sealed_parts const& s) noexcept { return detail::mbedtls_open(s); }
    [[nodiscard]] static signature::answer verify_signature(signature::checked_query const& q) noexcept {
        return detail::mbedtls_verify_signature(q);
    }
};

static_assert(backend<mbedtls>);

} // namespace tls
