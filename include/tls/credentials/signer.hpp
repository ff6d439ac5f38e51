// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/core/config.hpp>
#include <tls/core/error.hpp>
#include <tls/core/protocol.hpp>
#include <tls/signature/primitive.hpp>
#include <tls/x509/certificate.hpp>

#include <concepts>
#include <cstddef>
#include <memory>
#include <span>
#include <utility>

namespace tls {

/// Signs handshakes with a private key that this program never has: that of a secure element, a TPM, a service.
///
/// `schemes` says which signatures the key can make, out of `known_schemes`; it is asked once, when the identity is
/// made. `sign` is asked for one of them, at most once in a handshake and never in one that resumes a session. `digest`
/// is the hash of what is signed, by the hash function that the scheme names: 32 bytes for SHA-256, 48 for SHA-384, 64
/// for SHA-512. The signature goes to the front of `into`, which has room for the longest that the key can make, and
/// its size is the answer:
///
///   - `ecdsa_...`: the SEQUENCE of two INTEGERs in DER (RFC 3279 section 2.2.3). Under TLS 1.2 the scheme names only
///     the hash, and the curve is the key's.
///   - `rsa_pkcs1_...`: of the DigestInfo with this digest (RFC 8017 section 9.2), as long as the modulus. TLS 1.2
///     only.
///   - `rsa_pss_rsae_...`: with the mask of the same hash and a salt as long as it (RFC 8446 section 4.2.3), as long
///     as the modulus.
///
/// An error ends the handshake with `signing_failed`, and what `error::about` says is kept; `configuration_error(
/// errc::signing_failed, "why")` makes one. `sign` is called inside handshakes, from every thread that makes one, at
/// the same time, and the handshake waits for it. It must not use the connection.
///
/// A signer that is slow need not keep a thread waiting: where the class has `static constexpr bool may_answer_later =
/// true`, the error `want_signature` means "later". It is not asked again; the step of the handshake answers
/// `want_signature`, what is wanted stands in `wanted_signature()` of the handshake or engine, and the application
/// brings the signature there, with `give_signature`. `identity::from_deferred_signer` is for signers that always do
/// so. For libraries with `feature::deferred_signature`.
template <class S>
concept signer = requires(S& s, signature_scheme scheme, std::span<std::byte const> digest, std::span<std::byte> into) {
    { s.schemes() } noexcept -> std::same_as<scheme_set>;
    { s.sign(scheme, digest, into) } noexcept -> std::same_as<result<std::size_t>>;
};

} // namespace tls

namespace tls::detail {

template <class S> inline constexpr bool may_answer_later = false;
template <class S>
    requires requires {
        { S::may_answer_later } -> std::convertible_to<bool>;
    }
inline constexpr bool may_answer_later<S> = S::may_answer_later;

/// The size of what a scheme signs.
[[nodiscard]] constexpr std::size_t digest_size(signature_scheme scheme) noexcept {
    switch (scheme) {
    case signature_scheme::ecdsa_secp384r1_sha384:
    case signature_scheme::rsa_pss_rsae_sha384:
    case signature_scheme::rsa_pkcs1_sha384: return 48;
    case signature_scheme::ecdsa_secp521r1_sha512:
    case signature_scheme::rsa_pss_rsae_sha512:
    case signature_scheme::rsa_pkcs1_sha512: return 64;
    default: return 32;
    }
}

/// What a signer is asked for. Refers to a certificate.
struct wanted_signature {
    x509::certificate_view const& ours;
    signature_scheme scheme;
    std::span<std::byte const> digest;
};

/// A type-erased signer, owned or borrowed; false if there is none.
class any_signer {
public:
    any_signer() noexcept = default;
    template <signer S>
    explicit any_signer(S& lent) noexcept
        : self_(std::addressof(lent)),
          sign_([](void* self, signature_scheme scheme, std::span<std::byte const> digest,
                   std::span<std::byte> into) noexcept { return static_cast<S*>(self)->sign(scheme, digest, into); }),
          schemes_(lent.schemes()),
          answers_later_(tls::detail::may_answer_later<S>) {}
    template <signer S> explicit any_signer(std::shared_ptr<S> shared) noexcept : any_signer(*shared) {
        owner_ = std::move(shared);
    }
    /// One that answers everything later.
    explicit any_signer(scheme_set schemes) noexcept
        : sign_(
              [](void*, signature_scheme, std::span<std::byte const>,
                 std::span<std::byte>) noexcept -> result<std::size_t> {
                  return std::unexpected(configuration_error(errc::want_signature));
              }),
          schemes_(schemes),
          answers_later_(true) {}

    [[nodiscard]] explicit operator bool() const noexcept { return sign_ != nullptr; }
    [[nodiscard]] scheme_set schemes() const noexcept { return schemes_; }
    /// True if its answer may be `want_signature`.
    [[nodiscard]] bool answers_later() const noexcept { return answers_later_; }

    /// Has a digest signed, and verifies the signature with the certificate's key: what another key signed, or a fault
    /// disturbed, does not leave.
    ///
    /// Errors: signing_failed, with the signer's reason or what is wrong with its answer; want_signature;
    /// unusable_identity for a scheme that the signer does not have; out_of_memory. What the library cannot verify is
    /// not refused for that.
    [[nodiscard]] result<std::size_t>
    sign(wanted_signature const& what, std::span<std::byte> into, signature::primitive verify) const noexcept;

private:
    void* self_ = nullptr;
    result<std::size_t> (*sign_)(void*, signature_scheme, std::span<std::byte const>, std::span<std::byte>) noexcept =
        nullptr;
    scheme_set schemes_;
    bool answers_later_ = false;
    std::shared_ptr<void> owner_;
};

/// Verifies a signature that was made for us, with our certificate's key. Errors: signing_failed, out_of_memory.
[[nodiscard]] result<void>
check_made(wanted_signature const& what, std::span<std::byte const> made, signature::primitive verify) noexcept;

} // namespace tls::detail

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/credentials/impl/signer.ipp>
#endif
