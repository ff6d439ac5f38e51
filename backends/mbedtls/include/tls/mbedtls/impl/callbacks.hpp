// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/connection/backend.hpp>
#include <tls/core/bytes.hpp>
#include <tls/mbedtls/impl/native.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

/// What Mbed TLS calls back. None of these functions ever returns 0 bytes, which it takes for the end or for success.
namespace tls::detail::mbedtls_callbacks {

inline int receive(void* user, unsigned char* into, std::size_t size) noexcept {
    auto& core = *static_cast<seam::engine_core*>(user);
    seam::received const got = core.wire.receive(std::as_writable_bytes(std::span(into, size)));
    switch (got.what) {
    case seam::received::kind::bytes: return static_cast<int>(got.count);
    case seam::received::kind::would_block: return MBEDTLS_ERR_SSL_WANT_READ;
    case seam::received::kind::end: break;
    }
    return MBEDTLS_ERR_SSL_CONN_EOF;
}

inline int send(void* user, unsigned char const* from, std::size_t size) noexcept {
    static_cast<seam::engine_core*>(user)->wire.send(std::as_bytes(std::span(from, size)));
    return static_cast<int>(size);
}

/// Whether the library can parse a certificate that a server sent.
[[nodiscard]] inline bool can_be_parsed(std::span<std::byte const> der) noexcept {
    struct parsed {
        parsed() noexcept { mbedtls_x509_crt_init(&crt); }
        parsed(parsed const&) = delete;
        parsed& operator=(parsed const&) = delete;
        ~parsed() { mbedtls_x509_crt_free(&crt); }
        mbedtls_x509_crt crt;
    } c;
    return mbedtls_x509_crt_parse_der(&c.crt, as_uchar(der), der.size()) == 0;
}

/// Random bytes for the library: of its own generator that notices a fork.
inline int draw(void*, unsigned char* into, std::size_t size) noexcept { return psa_generate_random(into, size); }

} // namespace tls::detail::mbedtls_callbacks
