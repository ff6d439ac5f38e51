// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/wolfssl/impl/native.hpp>
#include <tls/wolfssl/library.hpp>

#include <cstring>

namespace tls::detail {
namespace wolfssl_setup {

/// Whether the library was built with a cipher suite; by its name there.
[[nodiscard]] inline bool has_suite(char const* wanted) noexcept {
    for (int i = 0;; ++i) {
        char const* const name = wolfSSL_get_cipher_list(i);
        if (name == nullptr) return false;
        if (std::strcmp(name, wanted) == 0) return true;
    }
}

} // namespace wolfssl_setup

TWINTLS_DECL result<void> const& wolfssl_library() noexcept {
    static result<void> const ready = []() noexcept -> result<void> {
        error e = configuration_error(errc::library_mismatch);
        e.backend = wolfssl_name;
        e.native = static_cast<std::int32_t>(wolfSSL_lib_version_hex());
        if (wolfSSL_lib_version_hex() != LIBWOLFSSL_VERSION_HEX) return std::unexpected(e);
        if (int const code = wolfSSL_Init(); code != WOLFSSL_SUCCESS) {
            e.code = errc::internal;
            e.native = code;
            return std::unexpected(e);
        }
        // The headers promise these suites; a library that was built with other options does not list them.
        using wolfssl_setup::has_suite;
        if (!has_suite("ECDHE-ECDSA-AES128-GCM-SHA256") ||
            (wolfssl_supports(feature::tls_1_3) && !has_suite("TLS13-AES128-GCM-SHA256")) ||
            (wolfssl_supports(feature::chacha20_poly1305) && !has_suite("ECDHE-ECDSA-CHACHA20-POLY1305")))
            return std::unexpected(e);
        // The choice between implementations of a hash or cipher is made on first use, in variables without a lock.
        byte digest[WC_MAX_DIGEST_SIZE] = {};
        byte const nothing[1] = {};
        (void)wc_Hash(WC_HASH_TYPE_SHA256, nothing, 0, digest, 32);
        (void)wc_Hash(WC_HASH_TYPE_SHA384, nothing, 0, digest, 48);
        (void)wc_Hash(WC_HASH_TYPE_SHA512, nothing, 0, digest, 64);
        Aes aes;
        if (wc_AesInit(&aes, nullptr, INVALID_DEVID) == 0) {
            (void)wc_AesGcmSetKey(&aes, digest, 16);
            wc_AesFree(&aes);
        }
#if defined(HAVE_CHACHA) && defined(HAVE_POLY1305)
        byte sealed[CHACHA20_POLY1305_AEAD_AUTHTAG_SIZE + 1];
        (void)wc_ChaCha20Poly1305_Encrypt(
            digest, digest, nullptr, 0, nothing, 1, sealed, sealed + 1); // any key and nonce will do
#endif
        return {};
    }();
    return ready;
}

TWINTLS_DECL std::string_view wolfssl_version() noexcept { return wolfSSL_lib_version(); }

} // namespace tls::detail
