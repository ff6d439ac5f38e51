// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/core/allocation.hpp>
#include <tls/core/once.hpp>
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

/// The choice between implementations of a hash or cipher is made on first use, in variables without a lock.
inline void choose_implementations() noexcept {
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
}

[[nodiscard]] inline result<void> prepare_library() noexcept {
    error e = configuration_error(errc::library_mismatch);
    e.backend = wolfssl_name;
    e.native = static_cast<std::int32_t>(wolfSSL_lib_version_hex());
    if (wolfSSL_lib_version_hex() != LIBWOLFSSL_VERSION_HEX) return std::unexpected(e);
#if defined(USE_WOLFSSL_MEMORY)
    if constexpr (wolfssl_supports(feature::memory_resource)) {
        wolfSSL_Malloc_cb allocate = nullptr;
        wolfSSL_Free_cb release = nullptr;
        wolfSSL_Realloc_cb reallocate = nullptr;
        (void)wolfSSL_GetAllocators(&allocate, &release, &reallocate);
        // Those of a program that uses wolfSSL itself stay: it may have objects from there.
        if (allocate == nullptr) (void)wolfSSL_SetAllocators(seam::allocate, seam::release, seam::reallocate);
    }
#endif
    seam::memory_watch const memory;
    if (int const code = wolfSSL_Init(); code != WOLFSSL_SUCCESS) {
        e.code = code == MEMORY_E || memory.ran_out() ? errc::out_of_memory : errc::internal;
        e.native = code;
        return std::unexpected(e);
    }
    // The headers promise these suites; a library that was built with other options does not list them.
    if (!has_suite("ECDHE-ECDSA-AES128-GCM-SHA256") ||
        (wolfssl_supports(feature::tls_1_3) && !has_suite("TLS13-AES128-GCM-SHA256")) ||
        (wolfssl_supports(feature::chacha20_poly1305) && !has_suite("ECDHE-ECDSA-CHACHA20-POLY1305")))
        return std::unexpected(e);
    choose_implementations();
    if (!memory.ran_out()) return {};
    e.code = errc::out_of_memory;
    e.native = 0;
    return std::unexpected(e);
}

} // namespace wolfssl_setup

TWINTLS_DECL result<void> wolfssl_library() noexcept {
    static constinit seam::once prepared;
    return prepared.run(wolfssl_setup::prepare_library);
}

TWINTLS_DECL std::string_view wolfssl_version() noexcept { return wolfSSL_lib_version(); }

} // namespace tls::detail
