// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/core/allocation.hpp>
#include <tls/core/once.hpp>
#include <tls/mbedtls/impl/native.hpp>
#include <tls/mbedtls/library.hpp>

namespace tls::detail {
namespace mbedtls_setup {

/// An option of the headers that changes the layout of a structure or a behaviour twintls relies on.
struct option {
    char const* name;
    bool in_headers;
};

inline constexpr option options[] = {
    {"MBEDTLS_SSL_PROTO_TLS1_3", mbedtls_supports(feature::tls_1_3)},
    {"MBEDTLS_SSL_ALPN", mbedtls_supports(feature::alpn)},
    {"MBEDTLS_PLATFORM_MEMORY", mbedtls_supports(feature::memory_resource)},
    {"MBEDTLS_THREADING_C", mbedtls_supports(feature::sharing_between_threads)},
    {"MBEDTLS_CHACHAPOLY_C", mbedtls_supports(feature::chacha20_poly1305)},
#if defined(MBEDTLS_SSL_RENEGOTIATION)
    {"MBEDTLS_SSL_RENEGOTIATION", true},
#else
    {"MBEDTLS_SSL_RENEGOTIATION", false},
#endif
#if defined(MBEDTLS_SSL_PROTO_DTLS)
    {"MBEDTLS_SSL_PROTO_DTLS", true},
#else
    {"MBEDTLS_SSL_PROTO_DTLS", false},
#endif
#if defined(MBEDTLS_SSL_SESSION_TICKETS)
    {"MBEDTLS_SSL_SESSION_TICKETS", true},
#else
    {"MBEDTLS_SSL_SESSION_TICKETS", false},
#endif
#if defined(MBEDTLS_USE_PSA_CRYPTO)
    {"MBEDTLS_USE_PSA_CRYPTO", true},
#else
    {"MBEDTLS_USE_PSA_CRYPTO", false},
#endif
};

[[nodiscard]] inline result<void> prepare_library() noexcept {
    error e = configuration_error(errc::library_mismatch);
    e.backend = mbedtls_name;
    e.native = static_cast<std::int32_t>(mbedtls_version_get_number());
    if (mbedtls_version_get_number() != MBEDTLS_VERSION_NUMBER) return std::unexpected(e);
#if defined(MBEDTLS_VERSION_FEATURES)
    for (auto const& option : options) {
        bool const in_library = mbedtls_version_check_feature(option.name) == 0;
        if (in_library == option.in_headers) continue;
        e.about = std::string_view(option.name);
        return std::unexpected(e);
    }
#endif
#if defined(MBEDTLS_PLATFORM_MEMORY)
    if constexpr (mbedtls_supports(feature::memory_resource))
        (void)mbedtls_platform_set_calloc_free(seam::allocate_zeroed, seam::release);
#endif
    seam::memory_watch const memory;
    if (psa_status_t const status = psa_crypto_init(); status != PSA_SUCCESS) {
        bool const no_memory = status == PSA_ERROR_INSUFFICIENT_MEMORY || memory.ran_out();
        e.code = no_memory ? errc::out_of_memory : errc::internal;
        e.native = status;
        return std::unexpected(e);
    }
    return {};
}

} // namespace mbedtls_setup

TWINTLS_DECL result<void> mbedtls_library() noexcept {
    static constinit seam::once prepared;
    return prepared.run(mbedtls_setup::prepare_library);
}

TWINTLS_DECL std::string_view mbedtls_version() noexcept {
    struct text {
        char bytes[16] = {}; // mbedtls_version_get_string asks for 9
        text() noexcept { mbedtls_version_get_string(bytes); }
    };
    static text const version;
    return version.bytes;
}

} // namespace tls::detail
