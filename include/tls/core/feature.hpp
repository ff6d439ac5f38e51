// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tls {

/// What a C library may or may not be able to do, as it was built.
enum class feature : std::uint8_t {
    tls_1_3,
    alpn,
    chacha20_poly1305,
    x25519,
    encrypted_private_keys,
    critical_name_constraints, ///< a chain with a critical nameConstraints extension can be accepted
    any_intermediates, ///< no certificate above the server's own ends a handshake because the library cannot parse it
    key_update,        ///< the peer may change keys during a session (TLS 1.3)
    sharing_between_threads, ///< one client may be used by several threads at once
    keying_material_export,
    session_tickets,
    pre_shared_keys,
    certificate_revocation_lists,
    ocsp_stapling,
    key_log,             ///< the secrets of connections can be written to a key log
    debug_log,           ///< the library was built with its debug output
    external_signer,     ///< our private key may be somewhere else: see `identity::from_signer`
    deferred_signature,  ///< such a signer may answer later
    memory_resource,     ///< the library takes its memory from the `tls::memory` that was set
    max_fragment_length, ///< a server can be asked for shorter records (RFC 6066 section 4)
    several_identities, ///< which of our identities is sent is decided when the server has asked: see `identity_choice`

    // Short names for the same.
    exporter = keying_material_export,
    psk = pre_shared_keys,
    crl = certificate_revocation_lists,
    ocsp = ocsp_stapling,
    stapled_status = ocsp_stapling,
};

/// How many there are.
inline constexpr std::size_t feature_count = static_cast<std::size_t>(feature::several_identities) + 1;

/// A feature in words, for example "key update".
[[nodiscard]] constexpr std::string_view name(feature f) noexcept {
    switch (f) {
    case feature::tls_1_3: return "TLS 1.3";
    case feature::alpn: return "ALPN";
    case feature::chacha20_poly1305: return "ChaCha20-Poly1305";
    case feature::x25519: return "X25519";
    case feature::encrypted_private_keys: return "encrypted private keys";
    case feature::critical_name_constraints: return "critical name constraints";
    case feature::any_intermediates: return "any intermediates";
    case feature::key_update: return "key update";
    case feature::sharing_between_threads: return "sharing between threads";
    case feature::keying_material_export: return "keying material export";
    case feature::session_tickets: return "session tickets";
    case feature::pre_shared_keys: return "pre-shared keys";
    case feature::certificate_revocation_lists: return "certificate revocation lists";
    case feature::ocsp_stapling: return "OCSP stapling";
    case feature::key_log: return "key log";
    case feature::debug_log: return "debug log";
    case feature::external_signer: return "external signer";
    case feature::deferred_signature: return "deferred signature";
    case feature::memory_resource: return "memory resource";
    case feature::max_fragment_length: return "maximum fragment length";
    case feature::several_identities: return "several identities";
    }
    return "unknown feature";
}

/// True if both backends can do all of this, as their libraries were built: a program that relies on either says so.
///
///     static_assert(tls::parity<one, other, tls::feature::crl, tls::feature::session_tickets>);
template <class A, class B, feature... Features>
inline constexpr bool parity = ((A::template supports<Features> && B::template supports<Features>) && ...);

} // namespace tls
