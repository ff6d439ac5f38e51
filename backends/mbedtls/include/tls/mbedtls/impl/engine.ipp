// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/core/bytes.hpp>
#include <tls/mbedtls/engine.hpp>
#include <tls/mbedtls/errors.hpp>
#include <tls/mbedtls/impl/callbacks.hpp>
#include <tls/mbedtls/impl/native.hpp>
#include <tls/mbedtls/impl/private_access.hpp>
#include <tls/record/certificate_list.hpp>
#include <tls/x509/certificate.hpp>

#include <algorithm>
#include <array>

namespace tls::detail {

struct mbedtls_connection {
    mbedtls_connection(mbedtls_context const& c, server_name const& name) noexcept
        : context(c),
          core(c.configuration(), name) {
        mbedtls_ssl_init(&ssl);
        core.native = &ssl;
    }
    mbedtls_connection(mbedtls_connection const&) = delete;
    mbedtls_connection& operator=(mbedtls_connection const&) = delete;
    ~mbedtls_connection() { mbedtls_ssl_free(&ssl); }

    static void use_identity(void* connection, std::size_t which) noexcept {
        auto& c = *static_cast<mbedtls_connection*>(connection);
        mbedtls_private::use_configuration(c.ssl, *c.context.config(which));
    }

    mbedtls_context context; // keeps the configuration alive
    seam::engine_core core;
    mbedtls_ssl_context ssl;
    std::optional<alert> received; // Mbed TLS forgets it with the next call
    std::optional<alert> refused;  // what we told a server that we refused ourselves
    std::int32_t failed = 0;       // the code of the first failure
    bool certificate_due = false;  // the server's: no session was resumed
};

TWINTLS_DECL void mbedtls_engine::deleter::operator()(mbedtls_connection* c) const noexcept {
    seam::destroyer<mbedtls_connection>{}(c);
}

TWINTLS_DECL mbedtls_engine::mbedtls_engine(std::unique_ptr<mbedtls_connection, deleter> c) noexcept
    : connection_(std::move(c)),
      core_(&connection_->core) {}

TWINTLS_DECL result<mbedtls_engine>
mbedtls_engine::make(mbedtls_context const& context, server_name const& name) noexcept {
    std::unique_ptr<mbedtls_connection, deleter> c(seam::make_owned<mbedtls_connection>(context, name).release());
    if (!c) return mbedtls_setup::failure(errc::out_of_memory, 0);
    if (int const code = mbedtls_ssl_setup(&c->ssl, context.config()); code != 0)
        return mbedtls_setup::failure(mbedtls_classify(code).meaning, code);
    // For the server name extension only; RFC 6066 section 3: no literal IP address in it.
    if (int const code = mbedtls_ssl_set_hostname(&c->ssl, name.is_ip() ? nullptr : name.c_str()); code != 0)
        return mbedtls_setup::failure(mbedtls_classify(code).meaning, code, name.text());
    mbedtls_ssl_set_bio(&c->ssl, &c->core, mbedtls_callbacks::send, mbedtls_callbacks::receive, nullptr);
    if (c->core.handshake) c->core.handshake->library = {mbedtls_connection::use_identity, c.get()};
    settings const& s = context.configuration();
    if (s.start_key_log != nullptr) s.start_key_log(c->core, s);
    return mbedtls_engine(std::move(c));
}

TWINTLS_DECL seam::native_outcome mbedtls_engine::outcome(int returned) noexcept {
    switch (returned) {
    case 0: // the end, or empty records: our own queue knows
    case MBEDTLS_ERR_SSL_WANT_READ:
    case MBEDTLS_ERR_SSL_WANT_WRITE:
    case MBEDTLS_ERR_SSL_CRYPTO_IN_PROGRESS:
    case MBEDTLS_ERR_SSL_RECEIVED_NEW_SESSION_TICKET: return seam::native_outcome::wants_input();
    case MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY: return seam::native_outcome::was_closed();
    case MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE:
        if (!connection_->received) connection_->received = mbedtls_private::alert_just_received(connection_->ssl);
        return seam::native_outcome::failure(returned);
    default:
        if (connection_->failed == 0) connection_->failed = returned;
        return seam::native_outcome::failure(returned);
    }
}

TWINTLS_DECL seam::native_outcome mbedtls_engine::handshake() noexcept {
    mbedtls_ssl_context& ssl = connection_->ssl;
    while (mbedtls_ssl_is_handshake_over(&ssl) == 0) {
        int const before = mbedtls_private::state(ssl);
        // With a pre-shared key TLS 1.2 passes through this state too, and reads nothing in it. TLS 1.3 does not: there
        // the library is about to read certificates, whatever it was that we took for an answer about the key.
        bool const passes_by = core_->shares_key() && version() != protocol_version::tls_1_3;
        bool const at_certificate = before == MBEDTLS_SSL_SERVER_CERTIFICATE && !passes_by;
        if (at_certificate) connection_->certificate_due = true;
        seam::memory_watch const memory;
        int returned = mbedtls_ssl_handshake_step(&ssl);
        if (memory.ran_out()) {
            connection_->context.forget_blinding();
            // It goes on with a Finished that it could not compute, and signs with numbers that no longer belong
            // together.
            if (returned == 0) returned = MBEDTLS_ERR_SSL_ALLOC_FAILED;
        }
        if (returned != 0) {
            if (at_certificate) judge_unread(returned);
            // Its code for a message larger than its buffer.
            bool const too_long = returned == MBEDTLS_ERR_SSL_BAD_INPUT_DATA && version() == protocol_version::tls_1_3;
            if (auto const what = mbedtls_private::message_arriving(ssl); too_long && what)
                core_->handshake->shown_too_long(*what);
            return outcome(returned);
        }
        // Where the core refuses the server nothing more is to be read from it.
        if (before == MBEDTLS_SSL_ENCRYPTED_EXTENSIONS &&
            !core_->handshake->shown(
                handshake_message::encrypted_extensions, mbedtls_private::encrypted_extensions(ssl)))
            return seam::native_outcome::wants_input();
        if (at_certificate && !judge())
            return refuse(core_->handshake->check.refusal(), MBEDTLS_ERR_X509_CERT_VERIFY_FAILED);
        if (before == MBEDTLS_SSL_CERTIFICATE_REQUEST && mbedtls_private::holds_certificate_request(ssl)) {
            core_->handshake->certificate_requested = true;
            bool const in_clear = version() == protocol_version::tls_1_2;
            bool const answered =
                in_clear ? core_->handshake->identity_fits(version())
                         : core_->handshake->shown(
                               handshake_message::certificate_request, mbedtls_private::certificate_request(ssl));
            if (core_->wire.seen().violation != errc::ok) return seam::native_outcome::wants_input();
            // Mbed TLS would send our certificate first, and find that out when it comes to sign.
            if (!answered) return refuse(alert::handshake_failure, MBEDTLS_ERR_SSL_HANDSHAKE_FAILURE);
        }
    }
    return seam::native_outcome::done();
}

TWINTLS_DECL std::span<std::span<std::byte const> const>
mbedtls_engine::certificates_sent(sent_certificates& storage) noexcept {
    std::size_t const count =
        certificates_in(mbedtls_private::certificate_message(connection_->ssl), version(), storage);
    return std::span(storage).first(count);
}

/// Judges the certificates as the server sent them: Mbed TLS leaves out those whose signature algorithm it does not
/// know, even the first, and then uses the key of another.
TWINTLS_DECL bool mbedtls_engine::judge() noexcept {
    sent_certificates storage;
    return core_->handshake->check.judge(
        certificates_sent(storage), mbedtls_private::server_certificate(connection_->ssl));
}

/// Mbed TLS has refused a certificate that it cannot parse. If it is the leaf, that is the reason, as it is with a
/// library that asks nobody about such a leaf; else judges the list, to learn the true reason and which is at fault.
TWINTLS_DECL void mbedtls_engine::judge_unread(int returned) noexcept {
    verify::server_verification& check = core_->handshake->check;
    errc reason = mbedtls_classify(returned).meaning;
    if (check.judged() || check.accepts_anything() || !is_about_server_certificate(reason)) return;
    sent_certificates storage;
    auto const list = certificates_sent(storage);
    if (list.empty()) return;
    // The code of an RSA key is the same when memory runs out, and a key that can be read here has nothing else wrong.
    auto const own = x509::certificate_view::parse(list[0]);
    bool const has_rsa_key = own && own->public_key_kind() == x509::public_key_kind::rsa;
    if (returned == MBEDTLS_ERR_PK_INVALID_PUBKEY && has_rsa_key &&
        own->key_bits() <= 8 * std::size_t{MBEDTLS_MPI_MAX_SIZE})
        return check.library_rejects(errc::out_of_memory, 0, list[0]);
    bool const leaf_is_at_fault = !mbedtls_callbacks::can_be_parsed(list[0]);
    // The library has one code for a critical extension that it does not know and for one that is of another type.
    bool const has_unknown = !own || own->has_unknown_critical_extension();
    if (leaf_is_at_fault && reason == errc::critical_extension && !has_unknown) reason = errc::malformed_certificate;
    // A point that is not on its curve is found with the other library after the list was judged.
    bool const about_point = returned <= MBEDTLS_ERR_ECP_INVALID_KEY && returned >= MBEDTLS_ERR_ECP_BAD_INPUT_DATA;
    if (leaf_is_at_fault && reason == errc::malformed_certificate && !about_point)
        return check.library_rejects(reason, 0, list[0]);
    (void)check.judge(list, list[0]);
    for (std::size_t i = 0; i != list.size(); ++i)
        if (!mbedtls_callbacks::can_be_parsed(list[i]))
            return check.library_rejects(reason, static_cast<std::uint8_t>(i), list[i]);
    check.library_rejects(reason, 0, list[0]);
}

/// Tells the server why; nothing else of ours leaves.
TWINTLS_DECL seam::native_outcome mbedtls_engine::refuse(alert why, int code) noexcept {
    connection_->refused = why;
    (void)mbedtls_ssl_send_alert_message(&connection_->ssl, MBEDTLS_SSL_ALERT_LEVEL_FATAL, number(why));
    return outcome(code);
}

TWINTLS_DECL void mbedtls_engine::handshake_ended() noexcept {}

/// One read. A ticket that comes with it is processed at once: Mbed TLS would hold it until the next call.
TWINTLS_DECL int mbedtls_engine::read_records(unsigned char* into, std::size_t size) noexcept {
    mbedtls_ssl_context& ssl = connection_->ssl;
    int returned = mbedtls_ssl_read(&ssl, into, size);
    if (returned == MBEDTLS_ERR_SSL_WANT_READ && mbedtls_private::holds_ticket(ssl)) {
        mbedtls_private::drop_ticket_with_long_nonce(ssl);
        returned = mbedtls_ssl_read(&ssl, into, size);
    }
    if (returned == MBEDTLS_ERR_SSL_RECEIVED_NEW_SESSION_TICKET && core_->tickets)
        connection_->context.configuration().resumption.calls->backend.ticket_came(*core_);
    if (returned == MBEDTLS_ERR_SSL_UNEXPECTED_MESSAGE) refuse_message();
    return returned;
}

/// Mbed TLS gives up at a handshake message after the handshake that is no ticket, and tells nobody.
TWINTLS_DECL void mbedtls_engine::refuse_message() noexcept {
    auto const message = mbedtls_private::handshake_message_received(connection_->ssl);
    if (!message) return;
    bool const is_request =
        message == handshake_message::key_update || message == handshake_message::certificate_request;
    if (is_request && version() == protocol_version::tls_1_3) core_->refused_request = message;
    (void)refuse(alert::unexpected_message, MBEDTLS_ERR_SSL_UNEXPECTED_MESSAGE);
}

TWINTLS_DECL seam::native_outcome mbedtls_engine::read(std::span<std::byte> into) noexcept {
    int const returned = read_records(as_uchar(into), into.size());
    return returned > 0 ? seam::native_outcome::done(static_cast<std::size_t>(returned)) : outcome(returned);
}

TWINTLS_DECL seam::native_outcome mbedtls_engine::probe() noexcept {
    // A read of no bytes processes records up to the next application data and leaves that where it is.
    unsigned char none = 0;
    int const returned = read_records(&none, 0);
    return returned == 0 && pending() != 0 ? seam::native_outcome::done() : outcome(returned);
}

TWINTLS_DECL seam::native_outcome mbedtls_engine::write(std::span<std::byte const> from) noexcept {
    // As published, Mbed TLS takes one byte less into a record of TLS 1.3 than it may hold: no tail of one byte then.
    int const longest = mbedtls_ssl_get_max_out_record_payload(&connection_->ssl);
    std::size_t const room = longest > 0 ? static_cast<std::size_t>(longest) : from.size();
    if (from.size() > room && from.size() <= 2 * room) from = from.first((from.size() + 1) / 2);
    int const returned = mbedtls_ssl_write(&connection_->ssl, as_uchar(from), from.size());
    return returned > 0 ? seam::native_outcome::done(static_cast<std::size_t>(returned)) : outcome(returned);
}

TWINTLS_DECL seam::native_outcome mbedtls_engine::close_notify() noexcept {
    int const returned = mbedtls_ssl_close_notify(&connection_->ssl);
    return returned == 0 ? seam::native_outcome::done() : outcome(returned);
}

TWINTLS_DECL bool mbedtls_engine::send_alert(alert why) noexcept {
    if (mbedtls_ssl_send_alert_message(&connection_->ssl, MBEDTLS_SSL_ALERT_LEVEL_FATAL, number(why)) != 0)
        return false;
    connection_->refused = why;
    return true;
}

TWINTLS_DECL std::size_t mbedtls_engine::pending() const noexcept {
    return mbedtls_ssl_get_bytes_avail(&connection_->ssl);
}

TWINTLS_DECL native_code mbedtls_engine::classify(std::int32_t code) const noexcept {
    native_code known = mbedtls_classify(code);
    // Mbed TLS answers this to an ALPN protocol that was not offered (TLS 1.3), and to a message larger than its
    // buffer.
    if (code == MBEDTLS_ERR_SSL_BAD_INPUT_DATA) {
        bool const in_extensions = mbedtls_private::state(connection_->ssl) == MBEDTLS_SSL_ENCRYPTED_EXTENSIONS;
        bool const offered = !connection_->context.configuration().alpn.empty();
        known.meaning = in_extensions && offered ? errc::alpn_mismatch : errc::decode_error;
        // Mbed TLS looks for a CertificateRequest first.
        int const at = mbedtls_private::state(connection_->ssl);
        bool const at_certificates = at == MBEDTLS_SSL_CERTIFICATE_REQUEST || at == MBEDTLS_SSL_SERVER_CERTIFICATE;
        if (at_certificates && version() == protocol_version::tls_1_3) known.meaning = errc::chain_too_long;
        auto const arriving = mbedtls_private::message_arriving(connection_->ssl);
        bool const is_chain = at_certificates && arriving == handshake_message::certificate;
        if (arriving && !is_chain && version() == protocol_version::tls_1_3) known.meaning = errc::decode_error;
    }
    // A record of full size fits, unless the buffer was made smaller: no message but the certificates needs more.
    if constexpr (MBEDTLS_SSL_IN_CONTENT_LEN < limits::plaintext) {
        constexpr std::size_t overhead = 256;
        std::size_t const length = core_->wire.position().length();
        bool const is_allowed = length <= limits::plaintext + overhead;
        bool const is_too_long = length > MBEDTLS_SSL_IN_CONTENT_LEN && is_allowed;
        bool const is_message = known.meaning == errc::chain_too_long || known.meaning == errc::decode_error;
        if (code == MBEDTLS_ERR_SSL_INVALID_RECORD && is_too_long) known.meaning = errc::buffers_too_small;
        if (code == MBEDTLS_ERR_SSL_BAD_INPUT_DATA && is_message)
            known.meaning = is_allowed ? errc::buffers_too_small : errc::record_overflow;
    }
    // What Mbed TLS answers when it is to sign and no algorithm of the server fits its key; and when the server's
    // Finished or, in TLS 1.3, its signature is wrong.
    if (code == MBEDTLS_ERR_SSL_HANDSHAKE_FAILURE) {
        int const at = mbedtls_private::state(connection_->ssl);
        bool const at_signature = at == MBEDTLS_SSL_CERTIFICATE_VERIFY && version() == protocol_version::tls_1_3;
        bool const at_request = at == MBEDTLS_SSL_SERVER_HELLO_DONE; // TLS 1.2, in our own build
        bool const at_our_signature = at_request || at == MBEDTLS_SSL_CLIENT_CERTIFICATE_VERIFY;
        bool const fits = core_->handshake == nullptr || core_->handshake->identity_fits(version());
        if (at_our_signature || !fits) known.meaning = errc::unusable_identity;
        if (at_signature || at == MBEDTLS_SSL_SERVER_FINISHED) known.meaning = errc::bad_handshake_signature;
    }
    return known;
}

TWINTLS_DECL std::optional<alert> mbedtls_engine::alert_received() const noexcept { return connection_->received; }

TWINTLS_DECL std::optional<alert> mbedtls_engine::alert_sent() const noexcept {
    if (auto const chosen = mbedtls_private::alert_chosen(connection_->ssl)) return chosen;
    // Other alerts leave no trace once they are encrypted, but each follows from its cause.
    if (connection_->failed == MBEDTLS_ERR_SSL_INVALID_MAC) return alert::bad_record_mac;
    if (connection_->failed == MBEDTLS_ERR_SSL_BAD_CERTIFICATE) return alert::unsupported_certificate;
    return connection_->refused;
}

TWINTLS_DECL protocol_version mbedtls_engine::version() const noexcept {
    return mbedtls_ssl_get_version_number(&connection_->ssl) == MBEDTLS_SSL_VERSION_TLS1_3 ? protocol_version::tls_1_3
                                                                                           : protocol_version::tls_1_2;
}

TWINTLS_DECL cipher_suite mbedtls_engine::suite() const noexcept {
    return static_cast<cipher_suite>(mbedtls_ssl_get_ciphersuite_id_from_ssl(&connection_->ssl));
}

TWINTLS_DECL std::string_view mbedtls_engine::alpn() const noexcept {
#if defined(MBEDTLS_SSL_ALPN)
    if (char const* const protocol = mbedtls_ssl_get_alpn_protocol(&connection_->ssl); protocol != nullptr)
        return protocol;
#endif
    return {};
}

// Mbed TLS does not tell; a handshake in which no certificate was due has resumed a session.
TWINTLS_DECL bool mbedtls_engine::resumed() const noexcept {
    return core_->session_offered && !connection_->certificate_due;
}

TWINTLS_DECL std::span<std::byte const> mbedtls_engine::peer_certificate() noexcept {
    mbedtls_x509_crt const* const leaf = mbedtls_ssl_get_peer_cert(&connection_->ssl);
    if (leaf == nullptr) return {};
    return std::as_bytes(std::span(leaf->raw.p, leaf->raw.len));
}

} // namespace tls::detail
