// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/core/bytes.hpp>
#include <tls/wolfssl/cryptography.hpp>
#include <tls/wolfssl/impl/native.hpp>
#include <tls/wolfssl/library.hpp>

namespace tls::detail {
namespace wolfssl_cryptography {

[[nodiscard]] inline word32 length(std::span<std::byte const> b) noexcept { return static_cast<word32>(b.size()); }

/// The library's AES-GCM with a key, on the stack and wiped with it.
class aes_gcm {
public:
    explicit aes_gcm(std::span<std::byte const> key) noexcept
        : ready_(
              wolfssl_library() && wc_AesInit(&aes_, nullptr, INVALID_DEVID) == 0 &&
              wc_AesGcmSetKey(&aes_, as_uchar(key), length(key)) == 0) {}
    aes_gcm(aes_gcm const&) = delete;
    aes_gcm& operator=(aes_gcm const&) = delete;
    ~aes_gcm() { wc_AesFree(&aes_); }

    [[nodiscard]] Aes* get() noexcept { return ready_ ? &aes_ : nullptr; }

private:
    Aes aes_{};
    bool ready_;
};

[[nodiscard]] inline bool draw(std::span<std::byte> into) noexcept {
    WC_RNG random;
    if (wc_InitRng(&random) != 0) return false;
    bool const drawn = wc_RNG_GenerateBlock(&random, as_uchar(into), length(into)) == 0;
    wc_FreeRng(&random);
    return drawn;
}

} // namespace wolfssl_cryptography

TWINTLS_DECL bool
wolfssl_digest(std::span<std::span<std::byte const> const> parts, std::span<std::byte, 32> digest) noexcept {
    using namespace wolfssl_cryptography;
    wc_Sha256 sha;
    if (!wolfssl_library() || wc_InitSha256(&sha) != 0) return false;
    bool good = true;
    for (auto const part : parts) good = good && wc_Sha256Update(&sha, as_uchar(part), length(part)) == 0;
    good = good && wc_Sha256Final(&sha, as_uchar(digest)) == 0;
    wc_Sha256Free(&sha);
    return good;
}

TWINTLS_DECL bool wolfssl_seal(seam::sealed_parts const& s) noexcept {
    using namespace wolfssl_cryptography;
    aes_gcm aes(s.key);
    return aes.get() != nullptr && draw(s.nonce) &&
           wc_AesGcmEncrypt(
               aes.get(), as_uchar(s.text), as_uchar(s.text), length(s.text), as_uchar(s.nonce), length(s.nonce),
               as_uchar(s.tag), length(s.tag), as_uchar(s.header), length(s.header)) == 0;
}

TWINTLS_DECL bool wolfssl_open(seam::sealed_parts const& s) noexcept {
    using namespace wolfssl_cryptography;
    aes_gcm aes(s.key);
    return aes.get() != nullptr &&
           wc_AesGcmDecrypt(
               aes.get(), as_uchar(s.text), as_uchar(s.text), length(s.text), as_uchar(s.nonce), length(s.nonce),
               as_uchar(s.tag), length(s.tag), as_uchar(s.header), length(s.header)) == 0;
}

} // namespace tls::detail
