// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/core/bytes.hpp>
#include <tls/mbedtls/cryptography.hpp>
#include <tls/mbedtls/impl/native.hpp>
#include <tls/mbedtls/library.hpp>

namespace tls::detail {
namespace mbedtls_cryptography {

/// The library's AES-GCM with a key, wiped when destroyed.
class aes_gcm {
public:
    explicit aes_gcm(std::span<std::byte const> key) noexcept {
        mbedtls_gcm_init(&gcm_);
        ready_ = mbedtls_library() &&
                 mbedtls_gcm_setkey(
                     &gcm_, MBEDTLS_CIPHER_ID_AES, as_uchar(key), static_cast<unsigned int>(8 * key.size())) == 0;
    }
    aes_gcm(aes_gcm const&) = delete;
    aes_gcm& operator=(aes_gcm const&) = delete;
    ~aes_gcm() { mbedtls_gcm_free(&gcm_); }

    [[nodiscard]] mbedtls_gcm_context* get() noexcept { return ready_ ? &gcm_ : nullptr; }

private:
    mbedtls_gcm_context gcm_;
    bool ready_ = false;
};

[[nodiscard]] inline bool draw(std::span<std::byte> into) noexcept {
    return psa_generate_random(as_uchar(into), into.size()) == PSA_SUCCESS;
}

} // namespace mbedtls_cryptography

TWINTLS_DECL bool
mbedtls_digest(std::span<std::span<std::byte const> const> parts, std::span<std::byte, 32> digest) noexcept {
    using namespace mbedtls_cryptography;
    if (!mbedtls_library()) return false;
    mbedtls_sha256_context sha;
    mbedtls_sha256_init(&sha);
    bool good = mbedtls_sha256_starts(&sha, 0) == 0;
    for (auto const part : parts) good = good && mbedtls_sha256_update(&sha, as_uchar(part), part.size()) == 0;
    good = good && mbedtls_sha256_finish(&sha, as_uchar(digest)) == 0;
    mbedtls_sha256_free(&sha);
    return good;
}

TWINTLS_DECL bool mbedtls_seal(seam::sealed_parts const& s) noexcept {
    using namespace mbedtls_cryptography;
    aes_gcm gcm(s.key);
    return gcm.get() != nullptr && draw(s.nonce) &&
           mbedtls_gcm_crypt_and_tag(
               gcm.get(), MBEDTLS_GCM_ENCRYPT, s.text.size(), as_uchar(s.nonce), s.nonce.size(), as_uchar(s.header),
               s.header.size(), as_uchar(s.text), as_uchar(s.text), s.tag.size(), as_uchar(s.tag)) == 0;
}

TWINTLS_DECL bool mbedtls_open(seam::sealed_parts const& s) noexcept {
    using namespace mbedtls_cryptography;
    aes_gcm gcm(s.key);
    return gcm.get() != nullptr &&
           mbedtls_gcm_auth_decrypt(
               gcm.get(), s.text.size(), as_uchar(s.nonce), s.nonce.size(), as_uchar(s.header), s.header.size(),
               as_uchar(s.tag), s.tag.size(), as_uchar(s.text), as_uchar(s.text)) == 0;
}

} // namespace tls::detail
