// SPDX-License-Identifier: Apache-2.0
// What a wolfSSL with the settings of user_settings.h can do, for programs with TWINTLS_SEPARATE_COMPILATION: they read
// it here, and not in the library's macros. A wrong line does not compile where the bodies are.
#pragma once

#include <tls/core/feature.hpp>

namespace tls::detail {

inline constexpr feature wolfssl_features[] = {
    feature::tls_1_3,
    feature::alpn,
    feature::chacha20_poly1305,
    feature::x25519,
    feature::encrypted_private_keys,
    feature::critical_name_constraints,
#if defined(TWINTLS_WOLFSSL_LEAF_ONLY)
    feature::any_intermediates,
#endif
    feature::key_update,
    feature::sharing_between_threads,
    feature::session_tickets,
    feature::pre_shared_keys,
    feature::keying_material_export,
    feature::certificate_revocation_lists,
    feature::ocsp_stapling,
    feature::key_log,
    feature::external_signer,
    feature::deferred_signature,
    feature::memory_resource,
    feature::max_fragment_length,
#if defined(TWINTLS_WOLFSSL_USES_IDENTITIES) && defined(TWINTLS_WOLFSSL_SHOWS_MESSAGES)
    feature::several_identities,
#endif
#if defined(TWINTLS_WOLFSSL_DEBUG_LOG)
    feature::debug_log,
#endif
};

} // namespace tls::detail
