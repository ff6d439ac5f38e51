// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/core/bytes.hpp>
#include <tls/core/file.hpp>
#include <tls/credentials/credentials.hpp>
#include <tls/credentials/input_error.hpp>
#include <tls/x509/input_format.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

namespace tls {
namespace detail {

/// Certificates of a file that was found rather than named: what cannot be read in it is passed over.
[[nodiscard]] inline result<x509::certificate_store> certificates_found_in(char const* path) noexcept {
    auto const text = read_file(path);
    if (!text) return std::unexpected(text.error());
    auto found = x509::certificates_from_pem(text->text(), x509::unreadable::is_passed_over);
    if (!found) return within(found.error(), path);
    return found;
}

[[nodiscard]] inline bool is_encrypted(x509::private_key_kind kind) noexcept {
    return kind == x509::private_key_kind::encrypted_pkcs8 || kind == x509::private_key_kind::legacy_encrypted;
}

/// Certificates of such a file, which may hold one in DER.
[[nodiscard]] inline result<x509::certificate_store> certificates_in(std::span<std::byte const> file) noexcept {
    x509::certificate_collector one;
    if (one.add(file)) return one.finish();
    return x509::certificates_from_pem(as_text(file), x509::unreadable::is_passed_over);
}

/// All of one set, and those of another that are not in it.
[[nodiscard]] inline result<x509::certificate_store>
united(x509::certificate_store const& one, x509::certificate_store const& more) noexcept {
    if (more.empty() && more.unreadable() == 0) return one;
    x509::certificate_collector both;
    both.reserve(one.size() + more.size(), one.der().size() + more.der().size());
    both.add_all(one);
    both.add_missing(more);
    return both.finish();
}

/// Certificates that were given one by one. The error names the part at fault.
[[nodiscard]] inline result<x509::certificate_store>
certificates_of(std::span<std::span<std::byte const> const> ders) noexcept {
    x509::certificate_collector certificates;
    for (auto const one : ders) {
        if (one.empty()) return std::unexpected(configuration_error(errc::empty_input));
        if (!certificates.add(one)) return std::unexpected(x509::not_a_certificate(one));
    }
    return certificates.finish();
}

/// Leaf first, each certificate issued by the next.
[[nodiscard]] inline result<void> check_chain(x509::certificate_store const& chain) noexcept {
    if (chain.empty()) return std::unexpected(configuration_error(errc::no_certificate));
    if (chain.size() > identity::max_chain) return std::unexpected(configuration_error(errc::too_many_certificates));
    for (std::size_t i = 1; i < chain.size(); ++i)
        if (!x509::der::equal(chain[i - 1].issuer_name(), chain[i].subject_name()))
            return std::unexpected(configuration_error(errc::chain_order));
    return {};
}

} // namespace detail

TWINTLS_DECL result<trust_anchors> trust_anchors::from_pem(std::string_view text) noexcept {
    auto found = x509::certificates_from_pem(text);
    if (!found) return std::unexpected(found.error());
    return trust_anchors(std::move(*found));
}

TWINTLS_DECL result<trust_anchors> trust_anchors::from_pem_file(std::string const& path) noexcept {
    auto const text = detail::read_file(path.c_str());
    if (!text) return std::unexpected(text.error());
    auto anchors = from_pem(text->text());
    if (!anchors) return detail::within(anchors.error(), path);
    return anchors;
}

TWINTLS_DECL result<trust_anchors> trust_anchors::from_der(std::span<std::byte const> der) noexcept {
    if (der.empty()) return std::unexpected(configuration_error(errc::empty_input));
    x509::certificate_collector found;
    if (!found.add(der)) return std::unexpected(x509::not_a_certificate(der));
    return of(found.finish());
}

TWINTLS_DECL result<trust_anchors> trust_anchors::from_folder(std::string const& path) noexcept {
    return folder(path.c_str());
}

TWINTLS_DECL result<trust_anchors> trust_anchors::folder(char const* path) noexcept {
    auto const files = detail::files_in(path);
    if (!files) return std::unexpected(files.error());
    x509::certificate_collector anchors;
    for (std::size_t i = 0; i != files->size(); ++i) {
        auto const content = detail::read_file((*files)[i].data());
        auto const certificates = content ? detail::certificates_in(content->span()) : std::unexpected(content.error());
        // The same certificate is often there twice, once by name and once by hash.
        if (certificates)
            anchors.add_missing(*certificates);
        else if (certificates.error() == errc::out_of_memory)
            return std::unexpected(certificates.error());
        else if (certificates.error() == errc::bad_pem || certificates.error() == errc::bad_certificate_der)
            anchors.count_unreadable();
    }
    if (anchors.size() == 0 && !anchors.out_of_memory())
        return std::unexpected(configuration_error(errc::no_certificate, path));
    return of(anchors.finish());
}

TWINTLS_DECL result<trust_anchors> trust_anchors::system() noexcept {
    auto const found_in = [](char const* path) noexcept -> result<trust_anchors> {
        auto found = detail::certificates_found_in(path);
        if (!found) return std::unexpected(found.error());
        return trust_anchors(std::move(*found));
    };
    if (char const* const file = std::getenv("SSL_CERT_FILE"); file != nullptr && *file != '\0') return found_in(file);
    if (char const* const folder = std::getenv("SSL_CERT_DIR"); folder != nullptr && *folder != '\0')
        return trust_anchors::folder(folder);
    static constexpr char const* places[] = {
        "/etc/ssl/certs/ca-certificates.crt", // Debian, Alpine
        "/etc/pki/tls/certs/ca-bundle.crt",   // Fedora, RHEL
        "/etc/ssl/ca-bundle.pem",             // openSUSE
        "/etc/ssl/cert.pem",                  // BSD, macOS
    };
    for (char const* const place : places) {
        auto anchors = found_in(place);
        if (anchors || anchors.error().code != errc::file_not_found) return anchors;
    }
    return std::unexpected(configuration_error(errc::file_not_found, "the system's trust store"));
}

TWINTLS_DECL result<void> trust_anchors::add(trust_anchors const& more) noexcept {
    auto authorities = detail::united(store_, more.store_);
    auto servers = detail::united(exactly_, more.exactly_);
    bool const both = authorities && servers;
    incomplete_ = incomplete_ || more.incomplete_ || !both;
    if (!both) return std::unexpected(configuration_error(errc::out_of_memory));
    store_ = std::move(*authorities);
    exactly_ = std::move(*servers);
    return {};
}

TWINTLS_DECL result<identity> identity::make(
    x509::certificate_store chain, x509::private_key_block key, unlocking const& with, origins const& from) noexcept {
    if (auto const checked = detail::check_chain(chain); !checked) return detail::about(checked.error(), from.chain);
    if (detail::is_encrypted(key.kind) && with.password.empty())
        return std::unexpected(configuration_error(errc::password_required, from.key));
    auto secret = x509::secret_bytes::copy_of(std::as_bytes(std::span(with.password)));
    if (!secret) return std::unexpected(secret.error());
    auto made = seam::shared<content>::make();
    if (!made || !made->issuer_names.reserve(chain.size()))
        return std::unexpected(configuration_error(errc::out_of_memory));
    made->chain = std::move(chain);
    for (auto const& certificate : made->chain.all()) (void)made->issuer_names.push_back(certificate.issuer_name());
    made->key = std::move(key);
    made->password = std::move(*secret);
    made->decrypter = with.decrypter;
    made->origin = from.key;
    made->chain_origin = from.chain;
    x509::wipe_stack<4096>(); // a key's text, and what decrypted it
    return identity(std::move(made));
}

TWINTLS_DECL result<identity>
identity::pem(std::string_view chain, std::string_view key, unlocking const& with) noexcept {
    origins const from;
    auto certificates = x509::certificates_from_pem(chain);
    if (!certificates) return detail::within(certificates.error(), from.chain);
    auto block = x509::private_key_from_pem(key);
    if (!block) return detail::within(block.error(), from.key);
    return make(std::move(*certificates), std::move(*block), with, from);
}

TWINTLS_DECL result<identity>
identity::pem_files(std::string const& chain_path, std::string const& key_path, unlocking const& with) noexcept {
    origins const from{.chain = chain_path, .key = key_path};
    auto const chain_text = detail::read_file(chain_path.c_str());
    if (!chain_text) return std::unexpected(chain_text.error());
    auto certificates = x509::certificates_from_pem(chain_text->text());
    if (!certificates) return detail::within(certificates.error(), from.chain);
    // Before the key's file is looked at: the first mistake is named first.
    if (auto const checked = detail::check_chain(*certificates); !checked)
        return detail::about(checked.error(), from.chain);
    auto const key_text = detail::read_file(key_path.c_str());
    if (!key_text) return std::unexpected(key_text.error());
    auto block = x509::private_key_from_pem(key_text->text());
    if (!block) return detail::within(block.error(), from.key);
    return make(std::move(*certificates), std::move(*block), with, from);
}

TWINTLS_DECL result<identity> identity::der(
    std::span<std::span<std::byte const> const> chain, std::span<std::byte const> key, unlocking const& with) noexcept {
    origins const from;
    auto certificates = detail::certificates_of(chain);
    if (!certificates) return detail::within(certificates.error(), from.chain);
    auto const kind = x509::classify_private_key_der(key);
    if (!kind) return detail::within(x509::not_a_private_key(key), from.key);
    auto secret = x509::secret_bytes::copy_of(key);
    if (!secret) return std::unexpected(secret.error());
    x509::private_key_block block;
    block.kind = *kind;
    block.der = std::move(*secret);
    return make(std::move(*certificates), std::move(block), with, from);
}

TWINTLS_DECL result<identity>
identity::from_pem_files(std::string const& chain_path, std::string const& key_path) noexcept {
    return pem_files(chain_path, key_path, {});
}
TWINTLS_DECL result<identity> identity::from_pem_files(
    std::string const& chain_path, std::string const& key_path, std::string_view password) noexcept {
    return pem_files(chain_path, key_path, {password, seam::decrypt_private_key});
}

TWINTLS_DECL result<identity> identity::from_pem(std::string_view chain, std::string_view key) noexcept {
    return pem(chain, key, {});
}
TWINTLS_DECL result<identity>
identity::from_pem(std::string_view chain, std::string_view key, std::string_view password) noexcept {
    return pem(chain, key, {password, seam::decrypt_private_key});
}

TWINTLS_DECL result<identity>
identity::from_der(std::span<std::span<std::byte const> const> chain, std::span<std::byte const> key) noexcept {
    return der(chain, key, {});
}
TWINTLS_DECL result<identity> identity::from_der(
    std::span<std::span<std::byte const> const> chain, std::span<std::byte const> key,
    std::string_view password) noexcept {
    return der(chain, key, {password, seam::decrypt_private_key});
}

TWINTLS_DECL x509::certificate_view const& identity::content::leaf() const noexcept {
    return chain.empty() ? x509::certificate_view::none() : chain[0];
}

TWINTLS_DECL identity::content const& identity::nothing() noexcept {
    static content const none;
    return none;
}

TWINTLS_DECL bool identity::key_is_encrypted() const noexcept { return detail::is_encrypted(what().key.kind); }

} // namespace tls
