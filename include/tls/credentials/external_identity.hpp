// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/core/config.hpp>
#include <tls/core/error.hpp>
#include <tls/credentials/credentials.hpp>
#include <tls/credentials/signer.hpp>
#include <tls/x509/certificate_store.hpp>

#include <cstddef>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace tls {

/// Certificates of ours without a key, leaf first, each issued by the next; for `identity::from_signer`.
///
/// A constant object is safe to share between threads.
class certificate_chain {
public:
    /// From a PEM file.
    ///
    /// Errors: file_not_found, file_unreadable, empty_input, no_certificate, unexpected_private_key, wrong_format,
    /// bad_pem, bad_certificate_der, chain_order, too_many_certificates, out_of_memory. The error names the file.
    [[nodiscard]] static result<certificate_chain> from_pem_file(std::string const& path) noexcept;
    /// From a PEM text in memory. Errors as `from_pem_file`, without those about files.
    [[nodiscard]] static result<certificate_chain> from_pem(std::string_view text) noexcept;
    /// From DER, one certificate each.
    [[nodiscard]] static result<certificate_chain> from_der(std::span<std::span<std::byte const> const> chain) noexcept;
    /// As above, for a chain written out in place.
    [[nodiscard]] static result<certificate_chain>
    from_der(std::initializer_list<std::span<std::byte const>> chain) noexcept {
        return from_der(std::span(chain.begin(), chain.size()));
    }

    /// The certificates, leaf first. Valid as long as this object or a copy of it.
    [[nodiscard]] std::span<x509::certificate_view const> certificates() const noexcept { return store_.all(); }

private:
    friend class external_identity;

    [[nodiscard]] static result<certificate_chain>
    of(result<x509::certificate_store> found, std::string_view origin) noexcept;
    certificate_chain(x509::certificate_store store, std::string_view origin) noexcept
        : store_(std::move(store)),
          origin_(origin) {}

    x509::certificate_store store_;
    short_text origin_;
};

/// Who we are where the private key is somewhere else: a certificate chain and what signs for it.
///
/// Made by `identity::from_signer`. Copies share both and are safe to use from many threads.
class external_identity {
public:
    /// The certificates, as an identity without a private key.
    [[nodiscard]] identity const& certificates() const noexcept { return who_; }
    /// What signs.
    [[nodiscard]] detail::any_signer const& signer() const noexcept { return signer_; }
    /// True once this object was moved from.
    [[nodiscard]] bool is_spent() const noexcept { return who_.is_spent(); }

private:
    friend class identity;

    /// Errors: that of the chain; key_mismatch if the signer has no scheme for a key of the leaf's kind; out_of_memory.
    [[nodiscard]] static result<external_identity>
    make(result<certificate_chain> const& chain, detail::any_signer by) noexcept;
    external_identity(identity who, detail::any_signer by) noexcept : who_(std::move(who)), signer_(std::move(by)) {}

    identity who_;
    detail::any_signer signer_;
};

template <signer S>
result<external_identity> identity::from_signer(result<certificate_chain> const& chain, S& lent) noexcept {
    return external_identity::make(chain, detail::any_signer(lent));
}

template <signer S>
result<external_identity> identity::from_signer(result<certificate_chain> const& chain, result<S>& lent) noexcept {
    if (!chain) return std::unexpected(chain.error());
    if (!lent) return std::unexpected(lent.error());
    return from_signer(chain, *lent);
}

template <signer S>
result<external_identity>
identity::from_signer(result<certificate_chain> const& chain, std::shared_ptr<S> shared) noexcept {
    if (!shared) return std::unexpected(configuration_error(errc::bad_configuration, "no signer"));
    return external_identity::make(chain, detail::any_signer(std::move(shared)));
}

inline result<external_identity>
identity::from_deferred_signer(result<certificate_chain> const& chain, scheme_set schemes) noexcept {
    return external_identity::make(chain, detail::any_signer(schemes));
}

} // namespace tls

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/credentials/impl/external_identity.ipp>
#endif
