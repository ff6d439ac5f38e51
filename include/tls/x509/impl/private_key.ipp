// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/x509/der.hpp>
#include <tls/x509/private_key.hpp>

#include <expected>

namespace tls::x509 {

TWINTLS_DECL result<private_key_kind> classify_private_key_der(std::span<std::byte const> der) noexcept {
    using namespace der::tag;
    auto const refuse = [](errc code) noexcept { return std::unexpected(configuration_error(code)); };
    if (der.empty()) return refuse(errc::empty_input);
    auto const outer = der::only(der, sequence);
    if (!outer) return refuse(errc::bad_private_key);
    der::reader r(outer->content);
    if (r.next(sequence)) {
        if (r.next(octet_string) && r.at_end()) return private_key_kind::encrypted_pkcs8;
        if (r.next(sequence) && r.next(bit_string)) return refuse(errc::unexpected_certificate);
        return refuse(errc::bad_private_key);
    }
    auto const number = r.next(integer);
    auto const version = number ? der::small_unsigned(number->content) : std::nullopt;
    if (!version || *version > 1) return refuse(errc::bad_private_key);
    if (r.next(sequence)) {
        if (r.next(octet_string)) return private_key_kind::pkcs8;
    } else if (*version == 1 && r.next(octet_string)) {
        return private_key_kind::sec1;
    } else if (*version == 0) {
        // modulus, two exponents, two primes, two CRT exponents, one coefficient
        int numbers = 0;
        while (r.next(integer)) ++numbers;
        if (numbers == 8 && r.at_end()) return private_key_kind::pkcs1;
    }
    return refuse(errc::bad_private_key);
}

} // namespace tls::x509
