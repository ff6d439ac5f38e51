// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/configuration/offer.hpp>
#include <tls/core/bytes.hpp>
#include <tls/credentials/own_key.hpp>
#include <tls/mbedtls/impl/callbacks.hpp>
#include <tls/mbedtls/impl/native.hpp>
#include <tls/mbedtls/library.hpp>

#include <algorithm>
#include <array>

namespace tls::detail::mbedtls_identity {

[[nodiscard]] inline std::unexpected<error> failure(errc code, int native, std::string_view about = {}) noexcept {
    return seam::refused_setting(mbedtls_name, code, native, about);
}

// ---- what the library has

[[nodiscard]] inline bool has_curve(x509::curve c) noexcept {
    switch (c) {
    case x509::curve::p256: return mbedtls_ecp_curve_info_from_grp_id(MBEDTLS_ECP_DP_SECP256R1) != nullptr;
    case x509::curve::p384: return mbedtls_ecp_curve_info_from_grp_id(MBEDTLS_ECP_DP_SECP384R1) != nullptr;
    case x509::curve::p521: return mbedtls_ecp_curve_info_from_grp_id(MBEDTLS_ECP_DP_SECP521R1) != nullptr;
    case x509::curve::other: break;
    }
    return false;
}

inline constexpr seam::usable_keys usable_keys{
    .most_rsa_bits = MBEDTLS_MPI_MAX_BITS,
    .has_curve = has_curve,
    .has_ed25519 = false,
    .has_ed448 = false};

[[nodiscard]] inline bool has_cipher(x509::key_cipher c) noexcept {
    switch (c) {
#if defined(MBEDTLS_AES_C) && defined(MBEDTLS_CIPHER_MODE_CBC)
    case x509::key_cipher::aes_128: return true;
#    if !defined(MBEDTLS_AES_ONLY_128_BIT_KEY_LENGTH)
    case x509::key_cipher::aes_192:
    case x509::key_cipher::aes_256: return true;
#    endif
#endif
#if defined(MBEDTLS_DES_C) && defined(MBEDTLS_CIPHER_MODE_CBC)
    case x509::key_cipher::des_ede3: return true;
#endif
    default: return false;
    }
}

/// Mbed TLS's number of a hash function; MBEDTLS_MD_NONE for one it does not have.
[[nodiscard]] inline mbedtls_md_type_t hash_type(x509::hash_algorithm h) noexcept {
    auto const if_there = [](mbedtls_md_type_t type) noexcept {
        return mbedtls_md_info_from_type(type) != nullptr ? type : MBEDTLS_MD_NONE;
    };
    switch (h) {
    case x509::hash_algorithm::sha1: return if_there(MBEDTLS_MD_SHA1);
    case x509::hash_algorithm::sha224: return if_there(MBEDTLS_MD_SHA224);
    case x509::hash_algorithm::sha256: return if_there(MBEDTLS_MD_SHA256);
    case x509::hash_algorithm::sha384: return if_there(MBEDTLS_MD_SHA384);
    case x509::hash_algorithm::sha512: return if_there(MBEDTLS_MD_SHA512);
    case x509::hash_algorithm::other: break;
    }
    return MBEDTLS_MD_NONE;
}

// ---- encrypted private keys

#if defined(MBEDTLS_PKCS5_C) && defined(MBEDTLS_PEM_PARSE_C)

[[nodiscard]] inline int
decrypt_with(x509::key_encryption const& how, unsigned char const* key, std::span<std::byte> data) noexcept {
    auto iv = how.iv;
    int code = MBEDTLS_ERR_PK_FEATURE_UNAVAILABLE;
#    if defined(MBEDTLS_DES_C) && defined(MBEDTLS_CIPHER_MODE_CBC)
    if (how.cipher == x509::key_cipher::des_ede3) {
        mbedtls_des3_context des;
        mbedtls_des3_init(&des);
        code = mbedtls_des3_set3key_dec(&des, key);
        if (code == 0)
            code = mbedtls_des3_crypt_cbc(
                &des, MBEDTLS_DES_DECRYPT, data.size(), as_uchar(iv), as_uchar(data), as_uchar(data));
        mbedtls_des3_free(&des);
        return code;
    }
#    endif
#    if defined(MBEDTLS_AES_C) && defined(MBEDTLS_CIPHER_MODE_CBC)
    mbedtls_aes_context aes;
    mbedtls_aes_init(&aes);
    code = mbedtls_aes_setkey_dec(&aes, key, static_cast<unsigned>(8 * x509::key_size(how.cipher)));
    if (code == 0)
        code =
            mbedtls_aes_crypt_cbc(&aes, MBEDTLS_AES_DECRYPT, data.size(), as_uchar(iv), as_uchar(data), as_uchar(data));
    mbedtls_aes_free(&aes);
#    endif
    return code;
}

/// The key of the old PEM format. The library has this inside its reader of PEM texts only, which keeps what a wrong
/// password gave to itself.
[[nodiscard]] inline int derive_with_md5(
    x509::key_encryption const& how, std::span<std::byte const> password, std::span<unsigned char> key) noexcept {
    auto const* const md5 = mbedtls_md_info_from_type(MBEDTLS_MD_MD5);
    if (md5 == nullptr) return MBEDTLS_ERR_PK_FEATURE_UNAVAILABLE;
    std::array<unsigned char, 16> block;
    mbedtls_md_context_t hash;
    mbedtls_md_init(&hash);
    int code = mbedtls_md_setup(&hash, md5, 0);
    for (std::size_t done = 0; code == 0 && done < key.size(); done += block.size()) {
        code = mbedtls_md_starts(&hash);
        if (code == 0 && done != 0) code = mbedtls_md_update(&hash, block.data(), block.size());
        if (code == 0) code = mbedtls_md_update(&hash, as_uchar(password), password.size());
        if (code == 0) code = mbedtls_md_update(&hash, as_uchar(how.pem_salt), how.pem_salt.size());
        if (code == 0) code = mbedtls_md_finish(&hash, block.data());
        if (code == 0) std::copy_n(block.begin(), std::min(block.size(), key.size() - done), key.subspan(done).begin());
    }
    mbedtls_md_free(&hash);
    x509::wipe(std::as_writable_bytes(std::span(block)));
    return code;
}

[[nodiscard]] inline result<void>
decrypt(x509::key_encryption const& how, std::span<std::byte const> password, std::span<std::byte> data) noexcept {
    std::array<unsigned char, x509::key_encryption::max_key> key;
    auto const wanted = std::span(key).first(x509::key_size(how.cipher));
    int code = how.hash ? mbedtls_pkcs5_pbkdf2_hmac_ext(
                              hash_type(*how.hash), as_uchar(password), password.size(), as_uchar(how.salt),
                              how.salt.size(), how.iterations, static_cast<std::uint32_t>(wanted.size()), key.data())
                        : derive_with_md5(how, password, wanted);
    if (code == 0) code = decrypt_with(how, key.data(), data);
    x509::wipe(std::as_writable_bytes(std::span(key)));
    if (code == 0) return {};
    return failure(
        code == MBEDTLS_ERR_MD_ALLOC_FAILED ? errc::out_of_memory : errc::unsupported, code, "deriving the key");
}

inline constexpr seam::key_decryption decryption{
    .parts =
        {.has_cipher = has_cipher,
         .has_hash = [](x509::hash_algorithm h) noexcept { return hash_type(h) != MBEDTLS_MD_NONE; },
#    if defined(MBEDTLS_MD5_C)
         .has_md5 = true},
#    else
         .has_md5 = false},
#    endif
    .decrypt = decrypt};

#endif

[[nodiscard]] inline result<seam::key_in_clear> key_in_clear(tls::identity const& who) noexcept {
    if (!who.key_is_encrypted()) return seam::copy_own_key(who);
#if defined(MBEDTLS_PKCS5_C) && defined(MBEDTLS_PEM_PARSE_C)
    return seam::decrypt_own_key(who, decryption);
#else
    return std::unexpected(seam::undecryptable_own_key(who));
#endif
}

// ---- certificate and key

/// The certificates of an identity for a library that keeps a pointer to them. It reads only our own: those above are
/// sent as they are.
[[nodiscard]] inline result<void> load_chain(mbedtls_x509_crt& chain, tls::identity const& who) noexcept {
    mbedtls_x509_crt* last = &chain;
    for (x509::certificate_view const& certificate : who.chain()) {
        auto const der = certificate.der();
        if (last->raw.p == nullptr) {
            int const code = mbedtls_x509_crt_parse_der_nocopy(last, as_uchar(der), der.size());
            if (code == MBEDTLS_ERR_X509_ALLOC_FAILED) return failure(errc::out_of_memory, code);
            if (code != 0) return std::unexpected(seam::unreadable_own_certificate(who, code));
            continue;
        }
        last->next = static_cast<mbedtls_x509_crt*>(mbedtls_calloc(1, sizeof(mbedtls_x509_crt)));
        if (last->next == nullptr) return failure(errc::out_of_memory, 0);
        last = last->next;
        mbedtls_x509_crt_init(last);
        last->raw.tag = MBEDTLS_ASN1_CONSTRUCTED | MBEDTLS_ASN1_SEQUENCE;
        last->raw.p = const_cast<unsigned char*>(as_uchar(der)); // NOLINT(cppcoreguidelines-pro-type-const-cast)
        last->raw.len = der.size();
    }
    return {};
}

[[nodiscard]] inline result<void> load_key(mbedtls_pk_context& into, tls::identity const& who) noexcept {
    auto const clear = key_in_clear(who);
    if (!clear) return std::unexpected(clear.error());
    if (auto const good = seam::check_own_key(who, *clear, usable_keys); !good) return good;
    int const code = mbedtls_pk_parse_key(
        &into, as_uchar(clear->der), clear->der.size(), nullptr, 0, mbedtls_callbacks::draw, nullptr);
    if (code == 0) return {};
    bool const no_memory = code == MBEDTLS_ERR_PK_ALLOC_FAILED;
    return failure(no_memory ? errc::out_of_memory : errc::bad_private_key, code, who.origin().view());
}

[[nodiscard]] inline result<void> load_both(
    seam::own_identity const& ours, mbedtls_x509_crt& chain, mbedtls_pk_context& key,
    mbedtls_ssl_config& config) noexcept {
    tls::identity const& who = ours.who;
    if (auto const good = seam::check_own_certificate(who, usable_keys); !good) return good;
    if (auto const loaded = load_chain(chain, who); !loaded) return loaded;
    if (ours.signing.calls != nullptr) return ours.signing.calls->use(&config, ours);
    if (auto const loaded = load_key(key, who); !loaded) return loaded;
    int const code = mbedtls_pk_check_pair(&chain.pk, &key, mbedtls_callbacks::draw, nullptr);
    if (code != 0) return failure(errc::key_mismatch, code, who.origin().view());
    return {};
}

/// Our certificates and our private key, checked against each other, or what signs with it.
[[nodiscard]] inline result<void> load(
    seam::own_identity const& ours, mbedtls_x509_crt& chain, mbedtls_pk_context& key,
    mbedtls_ssl_config& config) noexcept {
    auto done = load_both(ours, chain, key, config);
    if (!done) done.error().backend = mbedtls_name;
    return done;
}

} // namespace tls::detail::mbedtls_identity
