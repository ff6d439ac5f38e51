// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/wolfssl/engine.hpp>
#include <tls/wolfssl/errors.hpp>
#include <tls/wolfssl/impl/callbacks.hpp>
#include <tls/wolfssl/impl/diagnostics.hpp>
#include <tls/wolfssl/impl/native.hpp>

#include <limits>

namespace tls::detail {

struct wolfssl_connection {
    wolfssl_connection(wolfssl_context const& c, server_name const& name) noexcept
        : context(c),
          core(c.configuration(), name) {}
    wolfssl_connection(wolfssl_connection const&) = delete;
    wolfssl_connection& operator=(wolfssl_connection const&) = delete;
    ~wolfssl_connection() {
        wolfSSL_X509_free(peer);
        wolfSSL_free(ssl);
    }

#if defined(TWINTLS_WOLFSSL_HAS_IDENTITIES)
    static void use_identity(void* connection, std::size_t which) noexcept {
        auto& c = *static_cast<wolfssl_connection*>(connection);
        TwintlsUseIdentity(c.ssl, c.context.ctx(which));
    }
#endif

    wolfssl_context context; // keeps the settings alive
    seam::engine_core core;
    WOLFSSL* ssl = nullptr;
    WOLFSSL_X509* peer = nullptr;
};

namespace wolfssl_setup {

/// Per-connection settings that wolfSSL has no context form for; all before the handshake.
[[nodiscard]] inline result<void>
prepare(WOLFSSL* ssl, wolfssl_context const& context, server_name const& name) noexcept {
    // RFC 6066 section 3: no literal IP address in the server name extension.
    if (!name.is_ip()) {
        auto const host = name.text();
        if (int const code =
                wolfSSL_UseSNI(ssl, WOLFSSL_SNI_HOST_NAME, host.data(), static_cast<unsigned short>(host.size()));
            code != WOLFSSL_SUCCESS)
            return failure(errc::bad_configuration, code, host);
    }
#if defined(HAVE_ALPN)
    if (auto const list = context.alpn(); !list.empty()) {
        // It takes a copy.
        auto* const text = const_cast<char*>(list.data()); // NOLINT(cppcoreguidelines-pro-type-const-cast)
        if (int const code =
                wolfSSL_UseALPN(ssl, text, static_cast<unsigned int>(list.size()), WOLFSSL_ALPN_FAILED_ON_MISMATCH);
            code != WOLFSSL_SUCCESS)
            return failure(errc::bad_alpn, code, {list.data(), list.size()});
    }
#endif
    return {};
}

} // namespace wolfssl_setup

TWINTLS_DECL void wolfssl_engine::deleter::operator()(wolfssl_connection* c) const noexcept {
    seam::destroyer<wolfssl_connection>{}(c);
}

TWINTLS_DECL wolfssl_engine::wolfssl_engine(std::unique_ptr<wolfssl_connection, deleter> c) noexcept
    : connection_(std::move(c)),
      core_(&connection_->core) {}

TWINTLS_DECL result<wolfssl_engine>
wolfssl_engine::make(wolfssl_context const& context, server_name const& name) noexcept {
    std::unique_ptr<wolfssl_connection, deleter> c(seam::make_owned<wolfssl_connection>(context, name).release());
    if (!c) return wolfssl_setup::failure(errc::out_of_memory, 0);
    c->ssl = wolfSSL_new(context.ctx());
    if (c->ssl == nullptr) return wolfssl_setup::failure(errc::out_of_memory, 0);
    wolfSSL_SetIOReadCtx(c->ssl, &c->core);
    wolfSSL_SetIOWriteCtx(c->ssl, &c->core);
    wolfSSL_SetCertCbCtx(c->ssl, &c->core);
    c->core.native = c->ssl;
#if defined(TWINTLS_WOLFSSL_HAS_IDENTITIES)
    if (c->core.handshake) c->core.handshake->library = {wolfssl_connection::use_identity, c.get()};
#endif
    settings const& s = context.configuration();
    if (s.start_key_log != nullptr) s.start_key_log(c->core, s);
    if (auto const ready = wolfssl_setup::prepare(c->ssl, context, name); !ready) return std::unexpected(ready.error());
    return wolfssl_engine(std::move(c));
}

TWINTLS_DECL seam::native_outcome wolfssl_engine::outcome(int returned) noexcept {
    int const code = wolfSSL_get_error(connection_->ssl, returned);
    switch (code) {
    case WOLFSSL_ERROR_WANT_READ:
    case WANT_READ: return seam::native_outcome::wants_input();
    case WOLFSSL_ERROR_ZERO_RETURN:
    case ZERO_RETURN: return seam::native_outcome::was_closed();
    case POST_HAND_AUTH_ERROR: // only in our own build
        core_->refused_request = handshake_message::certificate_request;
        return seam::native_outcome::failure(code);
    default: return seam::native_outcome::failure(code);
    }
}

TWINTLS_DECL seam::native_outcome wolfssl_engine::handshake() noexcept {
    wolfssl_diagnostics::log_scope const log(connection_->context.configuration());
    int const returned = wolfSSL_connect(connection_->ssl);
    return returned == WOLFSSL_SUCCESS ? seam::native_outcome::done() : outcome(returned);
}

TWINTLS_DECL void wolfssl_engine::handshake_ended() noexcept {}

TWINTLS_DECL seam::native_outcome wolfssl_engine::read(std::span<std::byte> into) noexcept {
    wolfssl_diagnostics::log_scope const log(connection_->context.configuration());
    auto const size = static_cast<int>(std::min<std::size_t>(into.size(), std::numeric_limits<int>::max()));
    int const returned = wolfSSL_read(connection_->ssl, into.data(), size);
    return returned > 0 ? seam::native_outcome::done(static_cast<std::size_t>(returned)) : outcome(returned);
}

TWINTLS_DECL seam::native_outcome wolfssl_engine::probe() noexcept {
    wolfssl_diagnostics::log_scope const log(connection_->context.configuration());
    std::byte first;
    int const returned = wolfSSL_peek(connection_->ssl, &first, 1);
    return returned > 0 ? seam::native_outcome::done() : outcome(returned);
}

TWINTLS_DECL seam::native_outcome wolfssl_engine::write(std::span<std::byte const> from) noexcept {
    wolfssl_diagnostics::log_scope const log(connection_->context.configuration());
    int const returned = wolfSSL_write(connection_->ssl, from.data(), static_cast<int>(from.size()));
    return returned > 0 ? seam::native_outcome::done(static_cast<std::size_t>(returned)) : outcome(returned);
}

TWINTLS_DECL seam::native_outcome wolfssl_engine::close_notify() noexcept {
    wolfssl_diagnostics::log_scope const log(connection_->context.configuration());
    int const returned = wolfSSL_shutdown(connection_->ssl);
    bool const sent = returned == WOLFSSL_SUCCESS || returned == WOLFSSL_SHUTDOWN_NOT_DONE;
    return sent ? seam::native_outcome::done() : outcome(returned);
}

TWINTLS_DECL bool wolfssl_engine::send_alert([[maybe_unused]] alert why) noexcept {
#if defined(TWINTLS_WOLFSSL_SENDS_ALERTS)
    wolfssl_diagnostics::log_scope const log(connection_->context.configuration());
    return TwintlsSendAlert(connection_->ssl, number(why)) == 0;
#else
    return false;
#endif
}

TWINTLS_DECL std::size_t wolfssl_engine::pending() const noexcept {
    return static_cast<std::size_t>(wolfSSL_pending(connection_->ssl));
}

/// True if the server's Certificate is what came last; with a wolfSSL built elsewhere that is only known of TLS 1.2.
TWINTLS_DECL bool wolfssl_engine::is_at_certificate() const noexcept {
    auto const& seen = core_->wire.seen();
    if (version() == protocol_version::tls_1_2) return seen.last_received == handshake_message::certificate;
#if defined(TWINTLS_WOLFSSL_SHOWS_MESSAGES)
    return core_->handshake->last_shown == handshake_message::certificate;
#else
    return seen.server_hello;
#endif
}

TWINTLS_DECL native_code wolfssl_engine::classify(std::int32_t code) const noexcept {
    native_code known = wolfssl_classify(code);
    // While it processes a CertificateRequest wolfSSL gives this code for a key that none of the algorithms fits. TLS
    // 1.2 sends that message after the server's certificate, 1.3 before it.
    seam::handshake_state const* const handshake = core_->handshake.get();
    // Under TLS 1.3 wolfSSL does not tell which message is too large for it, but only the certificates and a request
    // can come near the limit, and our own build shows that it is a request.
    bool const is_judged = handshake == nullptr || handshake->check.judged();
    if (code == HANDSHAKE_SIZE_ERROR && !is_judged && version() == protocol_version::tls_1_3)
        known.meaning = errc::chain_too_long;
    // wolfSSL calls a status that nobody asked for a bad one.
    auto const* const further = connection_->context.configuration().further.get();
    bool const asked = further != nullptr && further->stapling.can_ask();
    if (code == BAD_CERTIFICATE_STATUS_ERROR && !asked) known.meaning = errc::unexpected_message;
#if defined(TWINTLS_WOLFSSL_REFUSES_WITH)
    // Our own build has the core judge every status: one that wolfSSL refuses itself is of another kind than was asked
    // for, or a message that the hello has not announced.
    if (code == BAD_CERTIFICATE_STATUS_ERROR && asked && handshake != nullptr && !handshake->check.rejected())
        known.meaning = version() == protocol_version::tls_1_3 ? errc::illegal_parameter : errc::unexpected_message;
#endif
    // Codes that wolfSSL gives for a leaf it cannot parse, besides those about certificates.
    if ((code == BUFFER_E || code == BAD_FUNC_ARG) && !is_judged && is_at_certificate())
        known.meaning = errc::malformed_certificate;
    if (code != INVALID_PARAMETER || handshake == nullptr) return known;
    bool const in_request = version() == protocol_version::tls_1_3
                                ? handshake->certificate_requested == true && !handshake->check.judged()
                                : core_->wire.seen().last_received == handshake_message::certificate_request;
    if (in_request && connection_->context.configuration().identity) known.meaning = errc::unusable_identity;
    return known;
}

namespace wolfssl_setup {

/// A fatal alert out of wolfSSL's history. The level counts only in TLS 1.2: in 1.3 every alert but the two that end a
/// connection in order is fatal (RFC 8446 section 6).
[[nodiscard]] inline std::optional<alert> fatal(WOLFSSL_ALERT const& seen, protocol_version version) noexcept {
    if (seen.code <= 0) return std::nullopt;
    auto const which = static_cast<alert>(seen.code);
    bool const ends_in_order = version != protocol_version::tls_1_3 || which == alert::user_canceled;
    if (seen.level != alert_fatal && ends_in_order) return std::nullopt;
    return which;
}

} // namespace wolfssl_setup

TWINTLS_DECL std::optional<alert> wolfssl_engine::alert_received() const noexcept {
    WOLFSSL_ALERT_HISTORY history{};
    if (wolfSSL_get_alert_history(connection_->ssl, &history) != WOLFSSL_SUCCESS) return std::nullopt;
    return wolfssl_setup::fatal(history.last_rx, version());
}

TWINTLS_DECL std::optional<alert> wolfssl_engine::alert_sent() const noexcept {
    WOLFSSL_ALERT_HISTORY history{};
    if (wolfSSL_get_alert_history(connection_->ssl, &history) != WOLFSSL_SUCCESS) return std::nullopt;
    return wolfssl_setup::fatal(history.last_tx, version());
}

TWINTLS_DECL protocol_version wolfssl_engine::version() const noexcept {
    return wolfSSL_GetVersion(connection_->ssl) == WOLFSSL_TLSV1_3 ? protocol_version::tls_1_3
                                                                   : protocol_version::tls_1_2;
}

TWINTLS_DECL cipher_suite wolfssl_engine::suite() const noexcept {
    return static_cast<cipher_suite>(wolfSSL_get_current_cipher_suite(connection_->ssl));
}

TWINTLS_DECL std::string_view wolfssl_engine::alpn() const noexcept {
#if defined(HAVE_ALPN)
    char* name = nullptr;
    unsigned short size = 0;
    if (wolfSSL_ALPN_GetProtocol(connection_->ssl, &name, &size) == WOLFSSL_SUCCESS) return {name, size};
#endif
    return {};
}

TWINTLS_DECL bool wolfssl_engine::resumed() const noexcept { return wolfSSL_session_reused(connection_->ssl) != 0; }

TWINTLS_DECL std::span<std::byte const> wolfssl_engine::peer_certificate() noexcept {
    if (connection_->peer == nullptr) connection_->peer = wolfSSL_get_peer_certificate(connection_->ssl);
    int size = 0;
    unsigned char const* const der = wolfSSL_X509_get_der(connection_->peer, &size);
    if (der == nullptr || size <= 0) return {};
    return std::as_bytes(std::span(der, static_cast<std::size_t>(size)));
}

} // namespace tls::detail
