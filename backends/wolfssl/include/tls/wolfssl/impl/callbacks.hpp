// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/connection/backend.hpp>
#include <tls/wolfssl/errors.hpp>
#include <tls/wolfssl/impl/native.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <span>

/// What wolfSSL calls back. None of these functions ever returns 0 bytes: wolfSSL would call again for ever.
namespace tls::detail::wolfssl_callbacks {

inline int receive(WOLFSSL*, char* into, int size, void* user) noexcept {
    auto& core = *static_cast<seam::engine_core*>(user);
    seam::received const got =
        core.wire.receive(std::as_writable_bytes(std::span(into, static_cast<std::size_t>(size))));
    switch (got.what) {
    case seam::received::kind::bytes: return static_cast<int>(got.count);
    case seam::received::kind::would_block: return WOLFSSL_CBIO_ERR_WANT_READ;
    case seam::received::kind::end: break;
    }
    return WOLFSSL_CBIO_ERR_CONN_CLOSE;
}

inline int send(WOLFSSL*, char* from, int size, void* user) noexcept {
    auto& core = *static_cast<seam::engine_core*>(user);
    core.wire.send(std::as_bytes(std::span(from, static_cast<std::size_t>(size))));
    return size;
}

/// Called exactly once for each CertificateRequest; any answer but 1 breaks or hangs the handshake.
inline int certificate_requested(WOLFSSL* ssl, void*) noexcept {
    auto* const handshake = static_cast<seam::engine_core*>(wolfSSL_GetIOReadCtx(ssl))->handshake.get();
    if (handshake != nullptr) handshake->certificate_requested = true;
    return 1;
}

/// True if a certificate above the leaf was refused for a reason that our own verdict knows better.
///
/// Only where the library has found the signature good before it found the fault, because it then counts the
/// certificate among the issuers of this handshake: a certificate that is out of date but not on the accepted path, and
/// one without alternative names, whose common name the library takes for a DNS name under a name constraint.
[[nodiscard]] inline bool may_be_passed_over(
    verify::verdict const& v, int index, int code, std::span<std::span<std::byte const> const> sent) noexcept {
    bool const above_leaf = index > 0 && static_cast<std::size_t>(index) < sent.size();
    if (v.code != errc::ok || !above_leaf) return false;
    if (code == ASN_NAME_INVALID_E) {
        auto const certificate = x509::certificate_view::parse(sent[static_cast<std::size_t>(index)]);
        return certificate && !certificate->has_subject_alternative_name();
    }
    auto const path = std::span(v.path).first(v.path_size);
    bool const beside_path = std::ranges::find(path, static_cast<std::uint8_t>(index)) == path.end();
    return beside_path && (code == ASN_AFTER_DATE_E || code == ASN_BEFORE_DATE_E);
}

/// Whether one certificate's signature was made with another's key, asked of a certificate manager that knows nothing
/// else.
inline bool is_signed_by(void*, x509::certificate_view const& child, x509::certificate_view const& issuer) noexcept {
    struct deleter {
        void operator()(WOLFSSL_CERT_MANAGER* m) const noexcept { wolfSSL_CertManagerFree(m); }
    };
    std::unique_ptr<WOLFSSL_CERT_MANAGER, deleter> const manager(wolfSSL_CertManagerNew());
    if (!manager) return false;
    auto const bytes = [](std::span<std::byte const> der) {
        return reinterpret_cast<unsigned char const*>(der.data());
    };
    return wolfSSL_CertManagerLoadCABuffer(
               manager.get(), bytes(issuer.der()), static_cast<long>(issuer.der().size()), WOLFSSL_FILETYPE_ASN1) ==
               WOLFSSL_SUCCESS &&
           wolfSSL_CertManagerVerifyBuffer(
               manager.get(), bytes(child.der()), static_cast<long>(child.der().size()), WOLFSSL_FILETYPE_ASN1) ==
               WOLFSSL_SUCCESS;
}

/// Called for each certificate the server sent, the last first and the leaf at the end; the whole list is there from
/// the first call on, and judged: the library may find fault with an issuer after this call, and then makes none.
inline int verify(int accepted, WOLFSSL_X509_STORE_CTX* store) noexcept {
    constexpr int accept = 1;
    constexpr int refuse = 0;
    auto* const handshake = static_cast<seam::engine_core*>(store->userCtx)->handshake.get();
    if (handshake == nullptr) return refuse; // no certificate is ever looked at later
    auto& check = handshake->check;
    if (check.accepts_anything()) return accept;

    std::array<std::span<std::byte const>, verify::max_shown> list;
    std::size_t count = 0;
    for (int i = 0; i < store->totalCerts && count < list.size(); ++i)
        list[count++] = std::as_bytes(std::span(store->certs[i].buffer, store->certs[i].length));
    std::span<std::span<std::byte const> const> const sent(list.data(), count);
    verify::verdict const& verdict = check.judge(sent, is_signed_by);
    bool const is_leaf = store->error_depth == 0;

    if (accepted == 0) {
        if (may_be_passed_over(verdict, store->error_depth, store->error, sent)) return accept;
        auto const depth = static_cast<std::uint8_t>(store->error_depth);
        auto const refused = depth < sent.size() ? sent[depth] : std::span<std::byte const>{};
        check.library_rejects(wolfssl_classify(store->error).meaning, depth, refused);
        return refuse;
    }
    if (!is_leaf) return accept;
    if (verdict.code != errc::ok) return refuse;
    check.library_accepts();
    return accept;
}

} // namespace tls::detail::wolfssl_callbacks
