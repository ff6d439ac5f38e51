// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/configuration/offer.hpp>
#include <tls/core/bytes.hpp>
#include <tls/credentials/own_key.hpp>
#include <tls/wolfssl/impl/native.hpp>
#include <tls/wolfssl/library.hpp>

#include <algorithm>
#include <array>

namespace tls::detail::wolfssl_identity {

[[nodiscard]] inline std::unexpected<error> failure(errc code, int native, std::string_view about = {}) noexcept {
    return seam::refused_setting(wolfssl_name, code, native, about);
}

// ---- what the library has

[[nodiscard]] inline bool has_curve(x509::curve c) noexcept {
    switch (c) {
    case x509::curve::p256: return wc_ecc_get_curve_idx(ECC_SECP256R1) >= 0;
    case x509::curve::p384: return wc_ecc_get_curve_idx(ECC_SECP384R1) >= 0;
    case x509::curve::p521: return wc_ecc_get_curve_idx(ECC_SECP521R1) >= 0;
    case x509::curve::other: break;
    }
    return false;
}

inline constexpr seam::usable_keys usable_keys{
    .most_rsa_bits = RSA_MAX_SIZE,
    .has_curve = has_curve,
#if defined(HAVE_ED25519)
    .has_ed25519 = true,
#else
    .has_ed25519 = false,
#endif
#if defined(HAVE_ED448)
    .has_ed448 = true,
#else
    .has_ed448 = false,
#endif
};

[[nodiscard]] inline bool has_cipher(x509::key_cipher c) noexcept {
    switch (c) {
#if defined(HAVE_AES_CBC) && defined(HAVE_AES_DECRYPT)
#    if defined(WOLFSSL_AES_128)
    case x509::key_cipher::aes_128: return true;
#    endif
#    if defined(WOLFSSL_AES_192)
    case x509::key_cipher::aes_192: return true;
#    endif
#    if defined(WOLFSSL_AES_256)
    case x509::key_cipher::aes_256: return true;
#    endif
#endif
#if !defined(NO_DES3)
    case x509::key_cipher::des_ede3: return true;
#endif
    default: return false;
    }
}

/// wolfSSL's number of a hash function; WC_HASH_TYPE_NONE for one it does not have.
[[nodiscard]] inline wc_HashType hash_type(x509::hash_algorithm h) noexcept {
    switch (h) {
#if !defined(NO_SHA)
    case x509::hash_algorithm::sha1: return WC_HASH_TYPE_SHA;
#endif
#if defined(WOLFSSL_SHA224)
    case x509::hash_algorithm::sha224: return WC_HASH_TYPE_SHA224;
#endif
    case x509::hash_algorithm::sha256: return WC_HASH_TYPE_SHA256;
#if defined(WOLFSSL_SHA384)
    case x509::hash_algorithm::sha384: return WC_HASH_TYPE_SHA384;
#endif
#if defined(WOLFSSL_SHA512)
    case x509::hash_algorithm::sha512: return WC_HASH_TYPE_SHA512;
#endif
    default: return WC_HASH_TYPE_NONE;
    }
}

// ---- encrypted private keys

#if defined(WOLFSSL_ENCRYPTED_KEYS) && !defined(NO_PWDBASED)

[[nodiscard]] inline int
decrypt_with(x509::key_encryption const& how, unsigned char const* key, std::span<std::byte> data) noexcept {
    auto const size = static_cast<word32>(data.size());
#    if !defined(NO_DES3)
    if (how.cipher == x509::key_cipher::des_ede3)
        return wc_Des3_CbcDecryptWithKey(as_uchar(data), as_uchar(data), size, key, as_uchar(how.iv));
#    endif
#    if defined(HAVE_AES_CBC) && defined(HAVE_AES_DECRYPT)
    return wc_AesCbcDecryptWithKey(
        as_uchar(data), as_uchar(data), size, key, static_cast<word32>(x509::key_size(how.cipher)), as_uchar(how.iv));
#    else
    return NOT_COMPILED_IN;
#    endif
}

[[nodiscard]] inline result<void>
decrypt(x509::key_encryption const& how, std::span<std::byte const> password, std::span<std::byte> data) noexcept {
    std::array<std::byte, x509::key_encryption::max_key> key;
    auto const secret = as_uchar(password);
    int const secret_size = static_cast<int>(password.size());
    int const key_size = static_cast<int>(x509::key_size(how.cipher));
    int code = NOT_COMPILED_IN;
    if (how.hash)
        code = wc_PBKDF2(
            as_uchar(key), secret, secret_size, as_uchar(how.salt), static_cast<int>(how.salt.size()),
            static_cast<int>(how.iterations), key_size, hash_type(*how.hash));
#    if !defined(NO_MD5)
    else
        // With one iteration its blocks are those of the old format.
        code = wc_PBKDF1(
            as_uchar(key), secret, secret_size, as_uchar(how.pem_salt), static_cast<int>(how.pem_salt.size()), 1,
            key_size, WC_HASH_TYPE_MD5);
#    endif
    if (code == 0) code = decrypt_with(how, as_uchar(key), data);
    x509::wipe(key);
    if (code == 0) return {};
    return failure(code == MEMORY_E ? errc::out_of_memory : errc::unsupported, code, "deriving the key");
}

inline constexpr seam::key_decryption decryption{
    .parts =
        {.has_cipher = has_cipher,
         .has_hash = [](x509::hash_algorithm h) noexcept { return hash_type(h) != WC_HASH_TYPE_NONE; },
#    if !defined(NO_MD5)
         .has_md5 = true},
#    else
         .has_md5 = false},
#    endif
    .decrypt = decrypt};

#endif

[[nodiscard]] inline result<seam::key_in_clear> key_in_clear(tls::identity const& who) noexcept {
    if (!who.key_is_encrypted()) return seam::copy_own_key(who);
#if defined(WOLFSSL_ENCRYPTED_KEYS) && !defined(NO_PWDBASED)
    return seam::decrypt_own_key(who, decryption);
#else
    return std::unexpected(seam::undecryptable_own_key(who));
#endif
}

// ---- certificate and key

/// Whether an RSA key can sign. wolfSSL compares only its public half with the certificate; a damaged private half
/// would first be noticed in a handshake.
[[nodiscard]] inline bool rsa_key_is_whole(std::span<std::byte const> der) noexcept {
    struct objects {
        objects() noexcept : ready(wc_InitRsaKey(&key, nullptr) == 0 && wc_InitRng(&random) == 0) {}
        objects(objects const&) = delete;
        objects& operator=(objects const&) = delete;
        ~objects() {
            wc_FreeRsaKey(&key);
            wc_FreeRng(&random);
        }
        RsaKey key{};
        WC_RNG random{};
        bool ready;
    };
    auto const o = seam::make_owned<objects>();
    if (!o || !o->ready) return false;
    word32 at = 0;
    auto const* const bytes = as_uchar(der);
    if (wc_RsaPrivateKeyDecode(bytes, &at, &o->key, static_cast<word32>(der.size())) != 0) return true; // no RSA key
    (void)wc_RsaSetRNG(&o->key, &o->random);
    static constexpr std::array<unsigned char, 32> message{0x5a};
    std::array<unsigned char, 1024> signature;
    std::array<unsigned char, 1024> recovered;
    int const size = wc_RsaSSL_Sign(
        message.data(), static_cast<word32>(message.size()), signature.data(), static_cast<word32>(signature.size()),
        &o->key, &o->random);
    if (size <= 0) return false;
    int const length = wc_RsaSSL_Verify(
        signature.data(), static_cast<word32>(size), recovered.data(), static_cast<word32>(recovered.size()), &o->key);
    return length == static_cast<int>(message.size()) && std::equal(message.begin(), message.end(), recovered.begin());
}

[[nodiscard]] inline result<void> load_key(WOLFSSL_CTX* ctx, tls::identity const& who) noexcept {
    auto const clear = key_in_clear(who);
    if (!clear) return std::unexpected(clear.error());
    if (auto const good = seam::check_own_key(who, *clear, usable_keys); !good) return good;
    int const code = wolfSSL_CTX_use_PrivateKey_buffer(
        ctx, as_uchar(clear->der), static_cast<long>(clear->der.size()), WOLFSSL_FILETYPE_ASN1);
    if (code == MEMORY_E) return failure(errc::out_of_memory, code);
    bool const good = code == WOLFSSL_SUCCESS && rsa_key_is_whole(clear->der.span());
    if (good) return {};
    return failure(errc::bad_private_key, code, who.origin().view());
}

/// The library's code if it cannot parse our certificate; 0 if it can.
[[nodiscard]] inline int certificate_fault(tls::identity const& who) noexcept {
    auto const der = who.leaf().der();
    auto const certificate = seam::make_owned<DecodedCert>();
    if (!certificate) return MEMORY_E;
    wc_InitDecodedCert(certificate.get(), as_uchar(der), static_cast<word32>(der.size()), nullptr);
    int const code = wc_ParseCert(certificate.get(), CERT_TYPE, NO_VERIFY, nullptr);
    wc_FreeDecodedCert(certificate.get());
    return code;
}

[[nodiscard]] inline result<void> load_both(WOLFSSL_CTX* ctx, seam::own_identity const& ours) noexcept {
    tls::identity const& who = ours.who;
    if (auto const good = seam::check_own_certificate(who, usable_keys); !good) return good;
    auto const chain = who.chain_der();
    int code = wolfSSL_CTX_use_certificate_chain_buffer_format(
        ctx, as_uchar(chain), static_cast<long>(chain.size()), WOLFSSL_FILETYPE_ASN1);
    if (code == MEMORY_E) return failure(errc::out_of_memory, code);
    if (code != WOLFSSL_SUCCESS) return std::unexpected(seam::unreadable_own_certificate(who, code));
    if (ours.signing.calls != nullptr) return ours.signing.calls->use(ctx, ours);
    if (auto const loaded = load_key(ctx, who); !loaded) return loaded;
    code = wolfSSL_CTX_check_private_key(ctx);
    if (code == WOLFSSL_SUCCESS) return {};
    if (code == MEMORY_E) return failure(errc::out_of_memory, code);
    // The library says the same of a certificate that it cannot parse.
    if (int const fault = certificate_fault(who); fault == MEMORY_E)
        return failure(errc::out_of_memory, fault);
    else if (fault != 0)
        return std::unexpected(seam::unreadable_own_certificate(who, fault));
    return failure(errc::key_mismatch, code, who.origin().view());
}

/// Our certificates and our private key, checked against each other, or what signs with it.
[[nodiscard]] inline result<void> load(WOLFSSL_CTX* ctx, seam::own_identity const& ours) noexcept {
    auto done = load_both(ctx, ours);
    if (!done) done.error().backend = wolfssl_name;
    return done;
}

} // namespace tls::detail::wolfssl_identity
