// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/core/bytes.hpp>
#include <tls/mbedtls/impl/native.hpp>
#include <tls/mbedtls/library.hpp>
#include <tls/mbedtls/signature.hpp>

#include <array>
#include <cstring>

namespace tls::detail {
namespace mbedtls_signatures {

using signature::answer;
using signature::checked_query;

/// A code that says nothing about the signature.
[[nodiscard]] inline answer no_opinion(int code) noexcept {
    // A code is a high-level part, in steps of 0x80, plus a low-level part that says where it came from.
    int const low = -(-code % 0x80);
    int const high = code - low;
    return low == MBEDTLS_ERR_MPI_ALLOC_FAILED || high == MBEDTLS_ERR_ECP_ALLOC_FAILED ||
                   high == MBEDTLS_ERR_MD_ALLOC_FAILED
               ? answer::out_of_memory
               : answer::cannot;
}

[[nodiscard]] inline mbedtls_md_type_t type_of(signature::hash h) noexcept {
    switch (h) {
    case signature::hash::md5: return MBEDTLS_MD_MD5;
    case signature::hash::sha1: return MBEDTLS_MD_SHA1;
    case signature::hash::sha224: return MBEDTLS_MD_SHA224;
    case signature::hash::sha256: return MBEDTLS_MD_SHA256;
    case signature::hash::sha384: return MBEDTLS_MD_SHA384;
    case signature::hash::sha512: return MBEDTLS_MD_SHA512;
    case signature::hash::none: break;
    }
    return MBEDTLS_MD_NONE;
}

/// A message's hash.
struct digest {
    explicit digest(checked_query const& q) noexcept
        : type(type_of(q.hash)),
          size(static_cast<unsigned int>(signature::size_of(q.hash))) {
        auto const* const info = mbedtls_md_info_from_type(type);
        if (info != nullptr && q.is_hashed) {
            code = 0;
            std::memcpy(bytes.data(), q.message.data(), size);
            return;
        }
        code = info == nullptr ? MBEDTLS_ERR_MD_FEATURE_UNAVAILABLE
                               : mbedtls_md(info, as_uchar(q.message), q.message.size(), bytes.data());
    }

    std::array<unsigned char, MBEDTLS_MD_MAX_SIZE> bytes{};
    mbedtls_md_type_t type;
    unsigned int size;
    int code;
};

#if defined(MBEDTLS_RSA_C)
class rsa_key {
public:
    /// From modulus and exponent: mbedtls_rsa_parse_pubkey would fold a failed allocation into "bad input".
    explicit rsa_key(checked_query const& q) noexcept {
        mbedtls_rsa_init(&rsa_);
        code_ = mbedtls_rsa_import_raw(
            &rsa_, as_uchar(q.modulus), q.modulus.size(), nullptr, 0, nullptr, 0, nullptr, 0, as_uchar(q.exponent),
            q.exponent.size());
        if (code_ == 0) code_ = mbedtls_rsa_complete(&rsa_);
    }
    rsa_key(rsa_key const&) = delete;
    rsa_key& operator=(rsa_key const&) = delete;
    ~rsa_key() { mbedtls_rsa_free(&rsa_); }

    [[nodiscard]] int code() const noexcept { return code_; }
    [[nodiscard]] mbedtls_rsa_context* get() noexcept { return &rsa_; }

private:
    mbedtls_rsa_context rsa_;
    int code_;
};

[[nodiscard]] inline int pkcs1_code(rsa_key& key, checked_query const& q, digest const& hashed) noexcept {
#    if defined(MBEDTLS_PKCS1_V15)
    return mbedtls_rsa_rsassa_pkcs1_v15_verify(
        key.get(), hashed.type, hashed.size, hashed.bytes.data(), as_uchar(q.signature));
#    else
    (void)key, (void)q, (void)hashed;
    return MBEDTLS_ERR_RSA_UNSUPPORTED_OPERATION;
#    endif
}

[[nodiscard]] inline int pss_code(rsa_key& key, checked_query const& q, digest const& hashed) noexcept {
#    if defined(MBEDTLS_PKCS1_V21)
    int const code = mbedtls_rsa_rsassa_pss_verify_ext(
        key.get(), hashed.type, hashed.size, hashed.bytes.data(), hashed.type, static_cast<int>(q.salt_length),
        as_uchar(q.signature));
    // The key and the lengths are sound: bad input is then bits above the padded message, which must be zero.
    return code == MBEDTLS_ERR_RSA_BAD_INPUT_DATA ? MBEDTLS_ERR_RSA_INVALID_PADDING : code;
#    else
    (void)key, (void)q, (void)hashed;
    return MBEDTLS_ERR_RSA_UNSUPPORTED_OPERATION;
#    endif
}

[[nodiscard]] inline answer rsa_opinion(checked_query const& q) noexcept {
    if (q.modulus.size() > MBEDTLS_MPI_MAX_SIZE) return answer::cannot;
    digest const hashed(q);
    if (hashed.code != 0) return no_opinion(hashed.code);
    rsa_key key(q);
    if (key.code() != 0) return no_opinion(key.code());
    int const code = q.scheme == signature::scheme::rsa_pss ? pss_code(key, q, hashed) : pkcs1_code(key, q, hashed);
    if (code == 0) return answer::good;
    return code == MBEDTLS_ERR_RSA_VERIFY_FAILED || code == MBEDTLS_ERR_RSA_INVALID_PADDING ? answer::bad
                                                                                            : no_opinion(code);
}
#endif

#if defined(MBEDTLS_ECDSA_C)
struct ecdsa_work {
    ecdsa_work() noexcept {
        mbedtls_ecp_group_init(&group);
        mbedtls_ecp_point_init(&point);
        mbedtls_mpi_init(&r);
        mbedtls_mpi_init(&s);
    }
    ecdsa_work(ecdsa_work const&) = delete;
    ecdsa_work& operator=(ecdsa_work const&) = delete;
    ~ecdsa_work() {
        mbedtls_mpi_free(&s);
        mbedtls_mpi_free(&r);
        mbedtls_ecp_point_free(&point);
        mbedtls_ecp_group_free(&group);
    }

    mbedtls_ecp_group group;
    mbedtls_ecp_point point;
    mbedtls_mpi r, s;
};

[[nodiscard]] inline mbedtls_ecp_group_id id_of(x509::curve c) noexcept {
    switch (c) {
    case x509::curve::p256: return MBEDTLS_ECP_DP_SECP256R1;
    case x509::curve::p384: return MBEDTLS_ECP_DP_SECP384R1;
    case x509::curve::p521: return MBEDTLS_ECP_DP_SECP521R1;
    case x509::curve::other: break;
    }
    return MBEDTLS_ECP_DP_NONE;
}

[[nodiscard]] inline answer ecdsa_opinion(checked_query const& q) noexcept {
    digest const hashed(q);
    if (hashed.code != 0) return no_opinion(hashed.code);
    ecdsa_work work;
    int code = mbedtls_ecp_group_load(&work.group, id_of(q.curve));
    if (code == 0) code = mbedtls_ecp_point_read_binary(&work.group, &work.point, as_uchar(q.point), q.point.size());
    if (code == 0) code = mbedtls_ecp_check_pubkey(&work.group, &work.point);
    if (code == 0) code = mbedtls_mpi_read_binary(&work.r, as_uchar(q.r), q.r.size());
    if (code == 0) code = mbedtls_mpi_read_binary(&work.s, as_uchar(q.s), q.s.size());
    if (code != 0) return no_opinion(code);
    code = mbedtls_ecdsa_verify(&work.group, hashed.bytes.data(), hashed.size, &work.point, &work.r, &work.s);
    if (code == 0) return answer::good;
    return code == MBEDTLS_ERR_ECP_VERIFY_FAILED ? answer::bad : no_opinion(code);
}
#endif

} // namespace mbedtls_signatures

TWINTLS_DECL signature::answer mbedtls_verify_signature(signature::checked_query const& query) noexcept {
    using namespace mbedtls_signatures;
    if (!mbedtls_library()) return answer::cannot;
    switch (query.scheme) {
    case signature::scheme::rsa_pkcs1:
    case signature::scheme::rsa_pss:
#if defined(MBEDTLS_RSA_C)
        return rsa_opinion(query);
#else
        break;
#endif
    case signature::scheme::ecdsa:
#if defined(MBEDTLS_ECDSA_C)
        return ecdsa_opinion(query);
#else
        break;
#endif
    case signature::scheme::ed25519: break; // the library has none
    }
    return answer::cannot;
}

} // namespace tls::detail
