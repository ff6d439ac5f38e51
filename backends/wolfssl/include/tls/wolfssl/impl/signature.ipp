// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/core/bytes.hpp>
#include <tls/wolfssl/impl/native.hpp>
#include <tls/wolfssl/library.hpp>
#include <tls/wolfssl/signature.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <new>

namespace tls::detail {
namespace wolfssl_signatures {

using signature::answer;
using signature::checked_query;

[[nodiscard]] inline word32 length(std::span<std::byte const> b) noexcept { return static_cast<word32>(b.size()); }

/// A code that says nothing about the signature.
[[nodiscard]] inline answer no_opinion(int code) noexcept {
    switch (code) {
    case MEMORY_E:
    case MP_MEM:
    case MP_INIT_E:
    case MP_EXPTMOD_E: // the numbers are sound and fit, so what failed is an allocation
        return answer::out_of_memory;
    default: return answer::cannot;
    }
}

[[nodiscard]] inline wc_HashType type_of(signature::hash h) noexcept {
    switch (h) {
    case signature::hash::md5: return WC_HASH_TYPE_MD5;
    case signature::hash::sha1: return WC_HASH_TYPE_SHA;
    case signature::hash::sha224: return WC_HASH_TYPE_SHA224;
    case signature::hash::sha256: return WC_HASH_TYPE_SHA256;
    case signature::hash::sha384: return WC_HASH_TYPE_SHA384;
    case signature::hash::sha512: return WC_HASH_TYPE_SHA512;
    case signature::hash::none: break;
    }
    return WC_HASH_TYPE_NONE;
}

/// A message's hash.
struct digest {
    explicit digest(checked_query const& q) noexcept
        : type(type_of(q.hash)),
          size(static_cast<word32>(signature::size_of(q.hash))),
          code(0) {
        if (q.is_hashed)
            std::memcpy(bytes.data(), q.message.data(), size);
        else
            code = wc_Hash(type, as_uchar(q.message), length(q.message), bytes.data(), size);
    }

    std::array<byte, WC_MAX_DIGEST_SIZE> bytes{};
    wc_HashType type;
    word32 size;
    int code;
};

#if !defined(NO_RSA)
/// A public key and the number it works on in place.
struct rsa_work {
    rsa_work() noexcept : code(wc_InitRsaKey_ex(&key, nullptr, INVALID_DEVID)) {}
    rsa_work(rsa_work const&) = delete;
    rsa_work& operator=(rsa_work const&) = delete;
    ~rsa_work() {
        if (code == 0) wc_FreeRsaKey(&key);
    }

    RsaKey key;
    std::array<byte, signature::max_rsa_bits / 8> number; // uninitialised: the signature is copied into it
    int code;
};

[[nodiscard]] inline answer pkcs1_opinion(rsa_work& work, word32 size, digest const& hashed) noexcept {
    std::array<byte, WC_MAX_DIGEST_SIZE + 32> expected; // the largest DigestInfo has 19 bytes before the hash
    int const id = wc_HashGetOID(hashed.type);
    if (id <= 0) return answer::cannot;
    word32 const expected_size = wc_EncodeSignature(expected.data(), hashed.bytes.data(), hashed.size, id);
    if (expected_size == 0) return answer::out_of_memory;
    byte* content = nullptr;
    int const found = wc_RsaSSL_VerifyInline(work.number.data(), size, &content, &work.key);
    if (found == RSA_PAD_E || found == RSA_BUFFER_E || found == RSA_OUT_OF_RANGE_E) return answer::bad;
    if (found < 0) return no_opinion(found);
    return static_cast<word32>(found) == expected_size && std::memcmp(content, expected.data(), expected_size) == 0
               ? answer::good
               : answer::bad;
}

[[nodiscard]] inline answer pss_opinion(rsa_work& work, word32 size, digest const& hashed, std::size_t salt) noexcept {
#    if defined(WC_RSA_PSS)
#        if !defined(WOLFSSL_PSS_LONG_SALT)
    if (salt > hashed.size) return answer::cannot;
#        endif
    auto const is_bad = [](int code) {
        return code == BAD_PADDING_E || code == PSS_SALTLEN_E || code == RSA_OUT_OF_RANGE_E;
    };
    auto const salt_length = static_cast<int>(salt);
    byte* content = nullptr;
    int const found = wc_RsaPSS_VerifyInline_ex(
        work.number.data(), size, &content, hashed.type, wc_hash2mgf(hashed.type), salt_length, &work.key);
    if (found < 0) return is_bad(found) ? answer::bad : no_opinion(found);
    int const checked = wc_RsaPSS_CheckPadding_ex(
        hashed.bytes.data(), hashed.size, content, static_cast<word32>(found), hashed.type, salt_length,
        static_cast<int>(8 * size));
    if (checked == 0) return answer::good;
    return is_bad(checked) ? answer::bad : no_opinion(checked);
#    else
    (void)work, (void)size, (void)hashed, (void)salt;
    return answer::cannot;
#    endif
}

[[nodiscard]] inline answer rsa_opinion(checked_query const& q) noexcept {
    if (8 * q.modulus.size() > RSA_MAX_SIZE) return answer::cannot;
    digest const hashed(q);
    if (hashed.code != 0) return no_opinion(hashed.code);
    auto const work = seam::make_owned<rsa_work>();
    if (!work) return answer::out_of_memory;
    if (work->code != 0) return no_opinion(work->code);
    if (int const code = wc_RsaPublicKeyDecodeRaw(
            as_uchar(q.modulus), length(q.modulus), as_uchar(q.exponent), length(q.exponent), &work->key);
        code != 0)
        return no_opinion(code);
    std::ranges::copy(std::span(as_uchar(q.signature), q.signature.size()), work->number.begin());
    return q.scheme == signature::scheme::rsa_pss ? pss_opinion(*work, length(q.signature), hashed, q.salt_length)
                                                  : pkcs1_opinion(*work, length(q.signature), hashed);
}
#endif

struct ecc_work {
    ecc_work() noexcept : code(wc_ecc_init_ex(&key, nullptr, INVALID_DEVID)) {}
    ecc_work(ecc_work const&) = delete;
    ecc_work& operator=(ecc_work const&) = delete;
    ~ecc_work() {
        if (code == 0) wc_ecc_free(&key);
    }

    ecc_key key;
    int code;
};

[[nodiscard]] inline int id_of(x509::curve c) noexcept {
    switch (c) {
    case x509::curve::p256: return ECC_SECP256R1;
    case x509::curve::p384: return ECC_SECP384R1;
    case x509::curve::p521: return ECC_SECP521R1;
    case x509::curve::other: break;
    }
    return ECC_CURVE_INVALID;
}

[[nodiscard]] inline answer ecdsa_opinion(checked_query const& q) noexcept {
    int const curve = id_of(q.curve);
    if (wc_ecc_get_curve_idx(curve) == ECC_CURVE_INVALID) return answer::cannot;
    digest const hashed(q);
    if (hashed.code != 0) return no_opinion(hashed.code);
    auto const work = seam::make_owned<ecc_work>();
    if (!work) return answer::out_of_memory;
    if (work->code != 0) return no_opinion(work->code);
    // This one checks that the point is on the curve, whatever the options of the library.
    if (int const code = wc_ecc_import_x963_ex(as_uchar(q.point), length(q.point), &work->key, curve); code != 0)
        return no_opinion(code);
    // wc_SignatureVerifyHash would turn a failed allocation into a bad signature.
    int good = 0;
    int const code = wc_ecc_verify_hash(
        as_uchar(q.signature), length(q.signature), hashed.bytes.data(), hashed.size, &good, &work->key);
    if (code != 0) return no_opinion(code);
    return good == 1 ? answer::good : answer::bad;
}

#if defined(HAVE_ED25519)
struct ed25519_work {
    ed25519_work() noexcept : code(wc_ed25519_init_ex(&key, nullptr, INVALID_DEVID)) {}
    ed25519_work(ed25519_work const&) = delete;
    ed25519_work& operator=(ed25519_work const&) = delete;
    ~ed25519_work() {
        if (code == 0) wc_ed25519_free(&key);
    }

    ed25519_key key;
    int code;
};

[[nodiscard]] inline answer ed25519_opinion(checked_query const& q) noexcept {
    auto const work = seam::make_owned<ed25519_work>();
    if (!work) return answer::out_of_memory;
    if (work->code != 0) return no_opinion(work->code);
    if (int const code = wc_ed25519_import_public(as_uchar(q.point), length(q.point), &work->key); code != 0)
        return no_opinion(code);
    int good = 0;
    int const code = wc_ed25519_verify_msg(
        as_uchar(q.signature), length(q.signature), as_uchar(q.message), length(q.message), &good, &work->key);
    // BAD_FUNC_ARG is also a second half that is not below the order of the group.
    if (code == SIG_VERIFY_E || code == BAD_FUNC_ARG) return answer::bad;
    if (code != 0) return no_opinion(code);
    return good == 1 ? answer::good : answer::bad;
}
#endif

} // namespace wolfssl_signatures

TWINTLS_DECL signature::answer wolfssl_verify_signature(signature::checked_query const& query) noexcept {
    using namespace wolfssl_signatures;
    if (!wolfssl_library()) return answer::cannot;
    switch (query.scheme) {
    case signature::scheme::rsa_pkcs1:
    case signature::scheme::rsa_pss:
#if !defined(NO_RSA)
        return rsa_opinion(query);
#else
        break;
#endif
    case signature::scheme::ecdsa: return ecdsa_opinion(query);
    case signature::scheme::ed25519:
#if defined(HAVE_ED25519)
        return ed25519_opinion(query);
#else
        break;
#endif
    }
    return answer::cannot;
}

} // namespace tls::detail
