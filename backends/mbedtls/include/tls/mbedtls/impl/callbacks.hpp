// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/connection/backend.hpp>
#include <tls/mbedtls/errors.hpp>
#include <tls/mbedtls/impl/native.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>

/// What Mbed TLS calls back. None of these functions ever returns 0 bytes, which it takes for the end or for success.
namespace tls::detail::mbedtls_callbacks {

/// What the verify callback is given.
struct verify_user {
    seam::engine_core* core = nullptr;
    std::uint32_t library_flags = 0;    ///< collected from the top of the path down
    std::uint8_t depth = 0;             ///< of the first certificate that had any
    std::span<std::byte const> refused; ///< the same certificate, while the callbacks of one chain run
    std::uint32_t answered = 0;         ///< the flag given to the library, which chooses its alert by it
};

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

/// The flag that makes Mbed TLS send the alert that fits a refusal: 48, 45 or 42.
[[nodiscard]] constexpr std::uint32_t flag_for(errc reason) noexcept {
    switch (reason) {
    case errc::untrusted:
    case errc::self_signed: return MBEDTLS_X509_BADCERT_NOT_TRUSTED;
    case errc::expired:
    case errc::not_yet_valid: return MBEDTLS_X509_BADCERT_EXPIRED;
    default: return MBEDTLS_X509_BADCERT_CN_MISMATCH;
    }
}

/// The alert Mbed TLS chooses for such a flag.
[[nodiscard]] constexpr std::optional<alert> alert_for(std::uint32_t flag) noexcept {
    switch (flag) {
    case 0: return std::nullopt;
    case MBEDTLS_X509_BADCERT_NOT_TRUSTED: return alert::unknown_ca;
    case MBEDTLS_X509_BADCERT_EXPIRED: return alert::certificate_expired;
    default: return alert::bad_certificate;
    }
}

/// Lets a certificate have a critical nameConstraints extension: the shared verdict honours it.
inline int accept_name_constraints(
    void*, mbedtls_x509_crt const*, mbedtls_x509_buf const* oid, int, unsigned char const*,
    unsigned char const*) noexcept {
    constexpr unsigned char name_constraints[] = {0x55, 0x1d, 0x1e};
    bool const known = oid->len == sizeof name_constraints && std::memcmp(oid->p, name_constraints, oid->len) == 0;
    return known ? 0 : -1;
}

/// Parses a certificate in place; 0 or the library's code.
[[nodiscard]] inline int parse(mbedtls_x509_crt& into, std::span<std::byte const> der) noexcept {
    constexpr int in_place = 0;
    return mbedtls_x509_crt_parse_der_with_ext_cb(
        &into, reinterpret_cast<unsigned char const*>(der.data()), der.size(), in_place, accept_name_constraints,
        nullptr);
}

/// A certificate object of the library that frees itself.
struct parsed {
    parsed() noexcept { mbedtls_x509_crt_init(&crt); }
    parsed(parsed const&) = delete;
    parsed& operator=(parsed const&) = delete;
    ~parsed() { mbedtls_x509_crt_free(&crt); }
    mbedtls_x509_crt crt;
};

/// Whether the library can parse a certificate that a server sent.
[[nodiscard]] inline bool can_be_parsed(std::span<std::byte const> der) noexcept {
    parsed c;
    return mbedtls_x509_crt_parse_der(&c.crt, reinterpret_cast<unsigned char const*>(der.data()), der.size()) == 0;
}

/// Whether one certificate's signature was made with another's key, asked of the library with that one as the only
/// trust anchor.
inline bool is_signed_by(void*, x509::certificate_view const& child, x509::certificate_view const& issuer) noexcept {
    parsed c;
    parsed i;
    if (parse(c.crt, child.der()) != 0 || parse(i.crt, issuer.der()) != 0) return false;
    std::uint32_t flags = 0;
    (void)mbedtls_x509_crt_verify(&c.crt, &i.crt, nullptr, nullptr, &flags, nullptr, nullptr);
    return (flags & MBEDTLS_X509_BADCERT_NOT_TRUSTED) == 0;
}

/// Called for each certificate of the path Mbed TLS built, the anchor first and the leaf at the end. Behind the leaf,
/// and only there, the whole list that the server sent is visible.
inline int verify(void* user, mbedtls_x509_crt* certificate, int depth, std::uint32_t* flags) noexcept {
    auto& u = *static_cast<verify_user*>(user);
    if (!u.core->handshake) return MBEDTLS_ERR_X509_FATAL_ERROR; // no certificate is ever looked at later
    auto& check = u.core->handshake->check;
    // The name is judged by the shared rules: the library's are others.
    std::uint32_t const found = *flags & ~std::uint32_t{MBEDTLS_X509_BADCERT_CN_MISMATCH};
    *flags = 0;
    if (check.accepts_anything()) return 0;
    if (found != 0 && u.library_flags == 0) {
        u.depth = static_cast<std::uint8_t>(depth);
        u.refused = std::as_bytes(std::span(certificate->raw.p, certificate->raw.len));
    }
    u.library_flags |= found;
    if (depth != 0) return 0;

    std::array<std::span<std::byte const>, verify::max_shown> list;
    std::size_t count = 0;
    for (mbedtls_x509_crt const* c = certificate; c != nullptr && count < list.size(); c = c->next)
        list[count++] = std::as_bytes(std::span(c->raw.p, c->raw.len));
    verify::verdict const& verdict = check.judge(std::span(list.data(), count), is_signed_by);
    if (u.library_flags != 0) check.library_rejects(mbedtls_classify_flags(u.library_flags), u.depth, u.refused);
    if (check.rejected() || verdict.code != errc::ok)
        u.answered = *flags = flag_for(check.reason());
    else
        check.library_accepts();
    return 0;
}

} // namespace tls::detail::mbedtls_callbacks
