// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/connection/backend.hpp>
#include <tls/wolfssl/context.hpp>
#include <tls/wolfssl/cryptography.hpp>
#include <tls/wolfssl/engine.hpp>
#include <tls/wolfssl/errors.hpp>
#include <tls/wolfssl/exporting.hpp>
#include <tls/wolfssl/features.hpp>
#include <tls/wolfssl/key_log.hpp>
#include <tls/wolfssl/library.hpp>
#include <tls/wolfssl/psk.hpp>
#include <tls/wolfssl/sessions.hpp>
#include <tls/wolfssl/signature.hpp>
#include <tls/wolfssl/signer.hpp>
#include <tls/wolfssl/stapling.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

namespace tls {

/// The wolfSSL backend: wolfSSL 5.9.2 or newer, native API only.
///
/// wolfSSL is licensed under the GPLv3 or commercially.
struct wolfssl {
    using context = detail::wolfssl_context;
    using engine = detail::wolfssl_engine;

    static constexpr char const* name = detail::wolfssl_name;
    static constexpr std::size_t stack_used = 11264; // its big numbers lie there

    /// The version of the library linked, for example "5.9.2".
    [[nodiscard]] static std::string_view version() noexcept { return detail::wolfssl_version(); }

    /// What the library can do, as it was built.
    template <feature F> static constexpr bool supports = detail::wolfssl_supports(F);

    /// Every code of the library that twintls has a name for.
    [[nodiscard]] static std::span<native_code const> native_codes() noexcept { return detail::wolfssl_codes(); }

    [[nodiscard]] static result<context> make_context(seam::shared<settings const> s) noexcept {
        return context::make(std::move(s));
    }
    [[nodiscard]] static result<engine> make_engine(context const& c, server_name const& n) noexcept {
        return engine::make(c, n);
    }
    static constexpr seam::session_calls sessions = {
        detail::wolfssl_configure_sessions,
        detail::wolfssl_offer_session,
        detail::wolfssl_current_session,
        nullptr,
    };
    static constexpr seam::stapling_calls stapling = detail::wolfssl_stapling();
    static constexpr seam::exporting_calls exporting = {detail::wolfssl_prepare_export, detail::wolfssl_export};
    static void start_key_log(seam::engine_core& core, settings const& s) noexcept {
        detail::wolfssl_start_key_log(core, s);
    }
    [[nodiscard]] static result<void> use_signer(void* library_configuration, seam::own_identity const& ours) noexcept {
        return detail::wolfssl_use_signer(library_configuration, ours);
    }
    [[nodiscard]] static result<void> use_psk(void* library_configuration, settings const& s) noexcept {
        return detail::wolfssl_use_psk(library_configuration, s);
    }
    [[nodiscard]] static bool
    sha256(std::span<std::span<std::byte const> const> parts, std::span<std::byte, 32> digest) noexcept {
        return detail::wolfssl_digest(parts, digest);
    }
    [[nodiscard]] static bool seal(seam::sealed_parts const& s) noexcept { return detail::wolfssl_seal(s); }
    [[nodiscard]] static bool open(seam::sealed_parts const& s) noexcept { return detail::wolfssl_open(s); }
    [[nodiscard]] static signature::answer verify_signature(signature::checked_query const& q) noexcept {
        return detail::wolfssl_verify_signature(q);
    }
};

static_assert(backend<wolfssl>);

} // namespace tls
