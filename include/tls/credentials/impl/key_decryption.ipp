// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/credentials/key_decryption.hpp>

#include <utility>

namespace tls::seam {

TWINTLS_DECL result<key_in_clear> decrypt_private_key(
    x509::private_key_block const& key, std::span<std::byte const> password, key_decryption const& with) noexcept {
    auto const failed = [](errc code) noexcept { return std::unexpected(configuration_error(code)); };
    bool const old_format = key.kind == x509::private_key_kind::legacy_encrypted;
    auto const how = old_format ? x509::read_pem_encryption(key.pem.text(), with.parts)
                                : x509::read_key_encryption(key.der.span(), with.parts);
    if (!how) return std::unexpected(how.error());
    auto plain = x509::secret_bytes::copy_of(old_format ? key.der.span() : how->encrypted);
    if (!plain) return std::unexpected(plain.error());
    std::size_t const block = x509::block_size(how->cipher);
    if (plain->empty() || plain->size() % block != 0) return failed(errc::bad_private_key);
    if (auto const done = with.decrypt(*how, password, plain->span()); !done) return std::unexpected(done.error());
    switch (x509::remove_padding(*plain, block)) {
    case x509::decrypted::wrong_password: return failed(errc::wrong_password);
    case x509::decrypted::damaged: return failed(errc::bad_private_key);
    case x509::decrypted::key: break;
    }
    auto const encoding = x509::classify_private_key_der(plain->span());
    if (!encoding || *encoding == x509::private_key_kind::encrypted_pkcs8) return failed(errc::bad_private_key);
    return key_in_clear{.encoding = *encoding, .der = std::move(*plain)};
}

} // namespace tls::seam
