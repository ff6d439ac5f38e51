// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/core/file.hpp>
#include <tls/credentials/external_identity.hpp>
#include <tls/credentials/input_error.hpp>
#include <tls/credentials/own_key.hpp>
#include <tls/x509/input_format.hpp>
#include <tls/x509/key_description.hpp>

#include <algorithm>
#include <utility>

namespace tls {

TWINTLS_DECL result<certificate_chain>
certificate_chain::of(result<x509::certificate_store> found, std::string_view origin) noexcept {
    if (!found) return detail::within(found.error(), origin);
    if (auto const checked = detail::check_chain(*found); !checked) return detail::about(checked.error(), origin);
    return certificate_chain(std::move(*found), origin);
}

TWINTLS_DECL result<certificate_chain> certificate_chain::from_pem_file(std::string const& path) noexcept {
    auto const text = detail::read_file(path.c_str());
    if (!text) return std::unexpected(text.error());
    return of(x509::certificates_from_pem(text->text()), path);
}

TWINTLS_DECL result<certificate_chain> certificate_chain::from_pem(std::string_view text) noexcept {
    return of(x509::certificates_from_pem(text), "certificate chain");
}

TWINTLS_DECL result<certificate_chain>
certificate_chain::from_der(std::span<std::span<std::byte const> const> chain) noexcept {
    return of(detail::certificates_of(chain), "certificate chain");
}

TWINTLS_DECL result<external_identity>
external_identity::make(result<certificate_chain> const& chain, detail::any_signer by) noexcept {
    if (!chain) return std::unexpected(chain.error());
    auto const& leaf = chain->store_[0];
    bool const is_rsa = leaf.public_key_kind() == x509::public_key_kind::rsa;
    bool const is_ec = leaf.public_key_kind() == x509::public_key_kind::ec;
    bool const fits = std::ranges::any_of(known_schemes, [&](signature_scheme s) noexcept {
        return by.schemes().has(s) && (is_ecdsa(s) ? is_ec : is_rsa);
    });
    if (!fits) return detail::refused_key(errc::key_mismatch, short_text("signer"), x509::describe_key(leaf));
    auto who = identity::make(chain->store_, {}, {}, {.chain = chain->origin_.view(), .key = "signer"});
    if (!who) return std::unexpected(who.error());
    return external_identity(std::move(*who), std::move(by));
}

} // namespace tls
