// SPDX-License-Identifier: Apache-2.0
#include "raw_ecdsa.hpp"

#include "der_writer.hpp"
#include "number.hpp"
#include "random.hpp"

#include <algorithm>
#include <stdexcept>

#include <mbedtls/asn1.h>
#include <mbedtls/ecp.h>
#include <mbedtls/pk.h>

namespace testbed {
namespace {

struct group {
    explicit group(key_kind kind) {
        mbedtls_ecp_group_init(&value);
        check_mbedtls(mbedtls_ecp_group_load(&value, id(kind)), "curve");
    }
    ~group() { mbedtls_ecp_group_free(&value); }
    group(group const&) = delete;
    group& operator=(group const&) = delete;
    static mbedtls_ecp_group_id id(key_kind kind) {
        switch (kind) {
        case key_kind::p256: return MBEDTLS_ECP_DP_SECP256R1;
        case key_kind::p384: return MBEDTLS_ECP_DP_SECP384R1;
        case key_kind::p521: return MBEDTLS_ECP_DP_SECP521R1;
        default: throw std::runtime_error("not a curve");
        }
    }
    [[nodiscard]] std::size_t size() const { return mbedtls_mpi_size(&value.N); }
    mbedtls_ecp_group value{};
};

bytes without_zeros(byte_view number) {
    auto const first = std::ranges::find_if(number, [](std::byte b) { return b != std::byte{0}; });
    bytes out(first, number.end());
    return out.empty() ? octets({0}) : out;
}

} // namespace

bytes ecdsa_numbers::der() const {
    return der::sequence({der::integer(without_zeros(r)), der::integer(without_zeros(s))});
}

ecdsa_numbers parse_ecdsa(byte_view der, key_kind kind) {
    number r;
    number s;
    auto* at = const_cast<unsigned char*>(raw(der)); // NOLINT: the library does not write there
    unsigned char const* const end = at + der.size();
    std::size_t length = 0;
    check_mbedtls(mbedtls_asn1_get_tag(&at, end, &length, 0x30), "signature");
    check_mbedtls(mbedtls_asn1_get_mpi(&at, end, r.get()), "signature");
    check_mbedtls(mbedtls_asn1_get_mpi(&at, end, s.get()), "signature");
    std::size_t const size = group(kind).size();
    return {r.write(size), s.write(size)};
}

bytes order_of(key_kind kind) {
    group const g(kind);
    bytes out(g.size());
    check_mbedtls(mbedtls_mpi_write_binary(&g.value.N, raw(out), out.size()), "order");
    return out;
}

bytes prime_of(key_kind kind) {
    group const g(kind);
    bytes out(g.size());
    check_mbedtls(mbedtls_mpi_write_binary(&g.value.P, raw(out), out.size()), "prime");
    return out;
}

bytes add(byte_view a, byte_view b) {
    number sum(a);
    number const other(b);
    check_mbedtls(mbedtls_mpi_add_mpi(sum.get(), sum.get(), other.get()), "sum");
    return sum.write(a.size());
}

bytes subtract(byte_view a, byte_view b) {
    number difference(a);
    number const other(b);
    check_mbedtls(mbedtls_mpi_sub_abs(difference.get(), difference.get(), other.get()), "difference");
    return difference.write(a.size());
}

ecdsa_numbers signature_of_infinity(key const& signer, byte_view message, hash with) {
    group const g(signer.kind());
    random_source random;
    bytes const der = signer.traditional_der();
    mbedtls_pk_context pk;
    mbedtls_pk_init(&pk);
    int code = mbedtls_pk_parse_key(&pk, raw(der), der.size(), nullptr, 0, mbedtls_ctr_drbg_random, random.context());
    number d;
    if (code == 0) code = mbedtls_mpi_copy(d.get(), &mbedtls_pk_ec(pk)->MBEDTLS_PRIVATE(d));
    mbedtls_pk_free(&pk);
    check_mbedtls(code, "private key");

    // With r = -e / d the verifier computes (e / s) G + (r / s) d G = 0, for any s.
    bytes hashed = digest(with, message);
    hashed.resize(std::min(hashed.size(), g.size()));
    number const e(hashed);
    number r;
    number inverse;
    check_mbedtls(mbedtls_mpi_inv_mod(inverse.get(), d.get(), &g.value.N), "infinity");
    check_mbedtls(mbedtls_mpi_mul_mpi(r.get(), e.get(), inverse.get()), "infinity");
    check_mbedtls(mbedtls_mpi_mod_mpi(r.get(), r.get(), &g.value.N), "infinity");
    check_mbedtls(mbedtls_mpi_sub_mpi(r.get(), &g.value.N, r.get()), "infinity");
    return {r.write(g.size()), pattern(g.size() - 1, 5)};
}

} // namespace testbed
