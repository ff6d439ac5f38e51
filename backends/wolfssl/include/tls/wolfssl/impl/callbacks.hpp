// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/connection/backend.hpp>
#include <tls/wolfssl/errors.hpp>
#include <tls/wolfssl/impl/native.hpp>
#include <tls/wolfssl/signature.hpp>
#include <tls/x509/certificate.hpp>

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

#if defined(TWINTLS_WOLFSSL_SHOWS_MESSAGES)
/// Called for each encrypted message of the handshake before wolfSSL goes by it; without a body for one that is too
/// long for it.
inline int message(void* user, int type, unsigned char const* body, unsigned int size) noexcept {
    auto* const handshake = static_cast<seam::engine_core*>(user)->handshake.get();
    if (handshake == nullptr) return 0;
    auto const what = static_cast<handshake_message>(type);
    if (body == nullptr)
        handshake->shown_too_long(what);
    else if (!handshake->shown(what, std::as_bytes(std::span(body, size))))
        return INVALID_PARAMETER;
    return 0;
}
#endif

/// True for wolfSSL's code for a certificate whose issuer it does not know. It knows none: it has no trust anchors.
[[nodiscard]] inline bool is_no_signer(int code) noexcept {
#if defined(OPENSSL_ALL) || defined(WOLFSSL_QT)
    if (code == ASN_SELF_SIGNED_E) return true; // there it replaces the other code
#endif
    return code == ASN_NO_SIGNER_E;
}

/// What a code means that wolfSSL gives for a certificate.
[[nodiscard]] inline errc meaning_for(std::span<std::byte const> certificate, int code) noexcept {
    errc const known = wolfssl_classify(code).meaning;
    // The key was not read, because of its point or because memory ran out: the code is the same.
    auto const c = code == PEER_KEY_ERROR ? x509::certificate_view::parse(certificate) : std::nullopt;
    if (!c) return known;
    switch (c->public_key_kind()) {
    case x509::public_key_kind::rsa: return c->key_bits() <= RSA_MAX_SIZE ? errc::out_of_memory : known;
    case x509::public_key_kind::ec: {
        // With a point that is on its curve any signature is good or bad.
        static constexpr std::array ones = {std::byte{0x30}, std::byte{6}, std::byte{2}, std::byte{1},
                                            std::byte{1},    std::byte{2}, std::byte{1}, std::byte{1}};
        auto const answer = signature::verify(
            {.spki = c->spki(), .algorithm = x509::signature_algorithm::ecdsa_sha256, .signature = ones},
            wolfssl_verify_signature);
        return answer == signature::answer::cannot ? errc::malformed_certificate : errc::out_of_memory;
    }
    case x509::public_key_kind::ed25519:
    case x509::public_key_kind::other: break;
    }
    return known;
}

/// Called for each certificate the server sent, the last first; for the leaf twice, with "no signer" and then, if that
/// was overridden, without an error. The whole list is there from the first call on.
///
/// Above the leaf nothing but "no signer" is ever overridden: wolfSSL would then keep a chain's authority in the store
/// that all connections share.
inline int verify(int accepted, WOLFSSL_X509_STORE_CTX* store) noexcept {
    constexpr int accept = 1;
    constexpr int refuse = 0;
    auto* const handshake = static_cast<seam::engine_core*>(store->userCtx)->handshake.get();
    if (handshake == nullptr) return refuse; // certificates come only during the handshake
    std::array<std::span<std::byte const>, verify::max_shown> list;
    std::size_t count = 0;
    for (int i = 0; i < store->totalCerts && count < list.size(); ++i)
        list[count++] = std::as_bytes(std::span(store->certs[i].buffer, store->certs[i].length));
    std::span<std::span<std::byte const> const> const sent(list.data(), count);
    auto& check = handshake->check;
    auto& core = *static_cast<seam::engine_core*>(store->userCtx);
    bool good = !sent.empty() && check.judge(sent, sent.front()); // the leaf is decoded from these very bytes
    bool const is_leaf = store->error_depth == 0;
    // Under TLS 1.3 a status stands beside the leaf, and wolfSSL has shown it before the second call.
    if (is_leaf && accepted != 0 && check.awaits_status() && core.wire.seen().version == protocol_version::tls_1_3) {
        check.status_is_missing();
        good = false;
#if defined(TWINTLS_WOLFSSL_REFUSES_WITH)
        TwintlsRefuseWith(static_cast<WOLFSSL*>(core.native), number(check.refusal()));
#endif
    }
    bool const no_signer = accepted == 0 && is_no_signer(store->error);
    if (check.accepts_anything()) return accepted != 0 || no_signer || is_leaf ? accept : refuse;
    if (accepted == 0 && !no_signer) {
        auto const depth = static_cast<std::uint8_t>(store->error_depth);
        auto const refused = depth < sent.size() ? sent[depth] : std::span<std::byte const>{};
        check.library_rejects(meaning_for(refused, store->error), depth, refused);
        return refuse;
    }
    if (good || !is_leaf) return accept;
    // Refused with "no signer" wolfSSL sends unknown_ca, refused without an error bad_certificate.
    bool const later = no_signer && check.refusal() != alert::unknown_ca;
    return later ? accept : refuse;
}

} // namespace tls::detail::wolfssl_callbacks
