// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/core/error.hpp>
#include <tls/core/protocol.hpp>
#include <tls/credentials/signer.hpp>

#include <cstddef>
#include <span>

#include <psa/crypto.h>

namespace tls {

/// A `tls::signer` whose key is one of PSA Crypto in Mbed TLS: in its storage, in a secure element behind one of its
/// drivers, or volatile.
///
///     auto key = tls::psa_signer::of(id);
///     auto client = ....identity(tls::identity::from_signer(chain, key)).build();
///
/// Signs with RSA (PKCS#1 v1.5 and PSS) and ECDSA on P-256, P-384 and P-521, as far as the key's own policy permits.
/// The key stays the application's: it must not be destroyed while clients sign with it, and this object gives nothing
/// back. Cheap to copy; safe from many threads where the library has its threading layer. For programs that use PSA
/// Crypto themselves: Mbed TLS has it, wolfSSL has none.
class psa_signer {
public:
    /// The signer with this key.
    ///
    /// Errors: no_private_key if there is no such key; bad_configuration if its usage or its algorithm lets it sign no
    /// hash that TLS asks for, or if psa_crypto_init was not called; unsupported for a key of another kind; internal
    /// for whatever else the library says, with its code. psa_get_key_attributes.
    [[nodiscard]] static result<psa_signer> of(mbedtls_svc_key_id_t key) noexcept;

    /// What the key's policy permits.
    [[nodiscard]] scheme_set schemes() const noexcept { return schemes_; }
    /// See `tls::signer`. psa_sign_hash.
    [[nodiscard]] result<std::size_t>
    sign(signature_scheme scheme, std::span<std::byte const> digest, std::span<std::byte> into) noexcept;

private:
    psa_signer(mbedtls_svc_key_id_t key, scheme_set schemes) noexcept : key_(key), schemes_(schemes) {}

    mbedtls_svc_key_id_t key_;
    scheme_set schemes_;
};

} // namespace tls

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/mbedtls/impl/psa_signer.ipp>
#endif
