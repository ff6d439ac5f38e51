// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/core/allocation.hpp>
#include <tls/core/config.hpp>
#include <tls/core/error.hpp>
#include <tls/core/protocol.hpp>
#include <tls/credentials/signer.hpp>

#include <cstddef>
#include <span>
#include <string_view>
#include <utility>

namespace tls {

/// Which key of which token, behind which module. Refers to what it was given until `pkcs11_signer::open` returns.
struct pkcs11_key {
    std::string_view module;             ///< the path of the module, a shared library
    std::string_view token_label{};      ///< the token's; empty: whatever it is
    std::string_view token_serial{};     ///< the same
    std::string_view pin{};              ///< the user's; empty: for a token that needs none, or has a keypad of its own
    std::string_view key_label{};        ///< CKA_LABEL of the private key; empty: whatever it is
    std::span<std::byte const> key_id{}; ///< CKA_ID, the same
};

/// A `tls::signer` whose key is in a PKCS#11 token: smart card, USB token, HSM, TPM, SoftHSM.
///
///     auto key = tls::pkcs11_signer::open({.module = path, .token_label = "device", .pin = pin, .key_label = "tls"});
///     auto client = ....identity(tls::identity::from_signer(chain, key)).build();
///
/// Signs with RSA (PKCS#1 v1.5 and PSS) and ECDSA on P-256, P-384 and P-521, as far as the token has the mechanisms.
/// The module is loaded when it is opened, and stays loaded and initialised to the end of the program, because others
/// may use it too; nothing is linked but the C library. One session is open, and logged in, as long as this object, and
/// threads take turns with it. The PIN is not kept. A token that was removed is `signing_failed` from then on: open it
/// anew. Open it after a fork and not before (PKCS#11 2.40, section 5.4). A key that asks for the PIN for each
/// signature (CKA_ALWAYS_AUTHENTICATE) is refused by the token. POSIX only.
class pkcs11_signer {
public:
    /// Loads the module, finds the token, logs in, and finds the key. The first token that is there and initialised is
    /// taken, unless there are several that fit.
    ///
    /// Errors: file_not_found if the module does not exist; unsupported if it cannot be loaded, or is no PKCS#11
    /// module, or the key is of another kind or the token has no mechanism for it; no_token if none fits, or several
    /// do; wrong_password for the PIN, also if it is locked or none was given; no_private_key if no key fits;
    /// bad_configuration if several keys fit; out_of_memory; internal for whatever else the module says. The error
    /// names the module, or the token and the module's own code ("token device, CKR_PIN_LOCKED").
    [[nodiscard]] static result<pkcs11_signer> open(pkcs11_key const& which) noexcept;

    pkcs11_signer(pkcs11_signer&&) noexcept = default;
    pkcs11_signer& operator=(pkcs11_signer&&) noexcept = default;
    ~pkcs11_signer() = default;

    /// What token and key can do together.
    [[nodiscard]] scheme_set schemes() const noexcept;
    /// See `tls::signer`. Safe from many threads.
    ///
    /// Errors: unusable_identity for a scheme that is not one of `schemes`; signing_failed for a digest of another size
    /// than the scheme's, and for what the module says; spent.
    [[nodiscard]] result<std::size_t>
    sign(signature_scheme scheme, std::span<std::byte const> digest, std::span<std::byte> into) noexcept;

private:
    struct session;

    explicit pkcs11_signer(seam::shared<session> s) noexcept : session_(std::move(s)) {}

    seam::shared<session> session_; // null only after a move
};

} // namespace tls

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/credentials/impl/pkcs11.ipp>
#endif
