// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/configuration/offer.hpp>
#include <tls/connection/backend.hpp>
#include <tls/core/limits.hpp>
#include <tls/wolfssl/impl/native.hpp>
#include <tls/wolfssl/library.hpp>
#include <tls/wolfssl/psk.hpp>

#include <cstddef>
#include <cstring>

namespace tls::detail {
#if defined(TWINTLS_WOLFSSL_HAS_PSK)
namespace wolfssl_psk {

// How long an identity and a key may be: unless its build says otherwise, wolfSSL takes what every library must.
#    if defined(MAX_PSK_ID_LEN)
inline constexpr std::size_t longest_identity = MAX_PSK_ID_LEN;
#    else
inline constexpr std::size_t longest_identity = limits::psk_identity;
#    endif
#    if defined(MAX_PSK_KEY_LEN)
inline constexpr std::size_t longest_key = MAX_PSK_KEY_LEN;
#    else
inline constexpr std::size_t longest_key = limits::most_psk;
#    endif

/// wolfSSL asks for the key each time it needs it, and wipes its copy. The answer is the size; 0 is none.
inline unsigned int give(
    WOLFSSL* ssl, char const*, char* identity, unsigned int identity_room, unsigned char* key,
    unsigned int key_room) noexcept {
    auto const* const handshake = static_cast<seam::engine_core*>(wolfSSL_GetIOReadCtx(ssl))->handshake.get();
    if (handshake == nullptr) return 0; // keys are agreed on only during the handshake
    pre_shared_key const& ours = *handshake->configured->psk.shared;
    auto const name = ours.identity();
    auto const secret = ours.key();
    if (name.size() > identity_room || secret.size() > key_room) return 0;
    std::memcpy(identity, name.data(), name.size() + 1); // and the NUL behind it, for which there is room too
    std::memcpy(key, secret.data(), secret.size());
    return static_cast<unsigned int>(secret.size());
}

#    if defined(WOLFSSL_TLS13)
/// Under TLS 1.3 wolfSSL asks once for each suite, all of which have SHA-256 here, and offers an identity once.
inline unsigned int give_for(
    WOLFSSL* ssl, char const* hint, char* identity, unsigned int identity_room, unsigned char* key,
    unsigned int key_room, char const*) noexcept {
    return give(ssl, hint, identity, identity_room, key, key_room);
}
#    endif

} // namespace wolfssl_psk

TWINTLS_DECL result<void> wolfssl_use_psk(void* library_configuration, settings const& s) noexcept {
    using namespace wolfssl_psk;
    auto* const ctx = static_cast<WOLFSSL_CTX*>(library_configuration);
    if (s.psk.shared->identity().size() > longest_identity)
        return seam::refused_setting(wolfssl_name, errc::unsupported, 0, "an identity of this length");
    if (s.psk.shared->key().size() > longest_key)
        return seam::refused_setting(wolfssl_name, errc::unsupported, 0, "a pre-shared key of this length");
    wolfSSL_CTX_set_psk_client_callback(ctx, give); // for TLS 1.2
#    if defined(WOLFSSL_TLS13)
    wolfSSL_CTX_set_psk_client_cs_callback(ctx, give_for);
#    endif
    return {};
}
#else
TWINTLS_DECL result<void> wolfssl_use_psk(void*, settings const&) noexcept {
    return seam::refused_setting(wolfssl_name, errc::unsupported, 0, name(feature::pre_shared_keys));
}
#endif

} // namespace tls::detail
