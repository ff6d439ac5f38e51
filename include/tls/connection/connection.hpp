// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/connection/backend.hpp>
#include <tls/connection/export_rules.hpp>
#include <tls/connection/facts.hpp>
#include <tls/connection/ownership.hpp>
#include <tls/core/acceptance.hpp>
#include <tls/core/allocation.hpp>
#include <tls/core/blame.hpp>
#include <tls/core/error.hpp>
#include <tls/core/limits.hpp>
#include <tls/x509/certificate.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

namespace tls::detail {

/// One connection over one backend, from the first byte to the last: every decision about bytes, ends, latching, facts
/// and errors, made once for all backends.
///
/// The transport is lent for each call. Terminal states are latched: the second call answers like the first.
template <backend Backend> class connection {
public:
    explicit connection(typename Backend::engine engine, settings const& s) noexcept
        : engine_(std::move(engine)),
          settings_(&s) {}

    /// Steps the handshake: success when it is complete and its last flight has left.
    [[nodiscard]] result<void> handshake(transport_ref transport) noexcept {
        if (errc const why = owner_.refusal(); why != errc::ok) return barred(why, phase::handshake);
        enter(transport);
        if (how_ended()) return ended();
        while (!library_done_) {
            seam::native_outcome const o = engine_.handshake();
            (void)wire().flush();
            bool const lacks_status = engine_.core().lacks_status();
            if (lacks_status) engine_.core().handshake->check.status_is_missing();
            // A library may keep waiting for the rest of a message that is already known to be wrong, or not mind.
            bool const goes_on = lacks_status || o.what != seam::native_outcome::kind::failed;
            if (engine_.core().violation() != errc::ok || (goes_on && check().rejected())) return refuses(o);
            if (engine_.core().resumes_in_vain()) return drops_session(o);
            if (wire().held_back()) return ends(errc::internal, phase::handshake);
            if (std::exchange(engine_.core().handshake->signature_is_due, false)) {
                // Nobody signs for a server that is no longer reached.
                if (wire().write_failure() != io_status::ok) return write_ends(phase::handshake);
                return try_again<void>(errc::want_signature, phase::handshake);
            }
            if (o.what == seam::native_outcome::kind::ok) {
                library_done_ = true;
                if (errc const why = objection(); why != errc::ok)
                    return ends(
                        why, phase::handshake, why == errc::alpn_mismatch ? engine_.alpn() : std::string_view{});
            } else if (o.what == seam::native_outcome::kind::want_input) {
                auto const why = must_wait(phase::handshake);
                if (why == errc::timeout) return ends(why, phase::handshake);
                if (why != errc::ok) return try_again<void>(why, phase::handshake);
                if (wire().ended() && ++calls_after_end_ > max_calls_after_end)
                    return fails(phase::handshake, seam::native_outcome::failure(0));
            } else if (o.what == seam::native_outcome::kind::closed) {
                return ends(errc::peer_closed, phase::handshake);
            } else {
                if (engine_.core().handshake->unsigned_because != errc::ok) {
                    (void)engine_.send_alert(alert::internal_error);
                    (void)wire().flush();
                }
                return fails(phase::handshake, o);
            }
        }
        if (wire().flush() == io_status::would_block) return try_again<void>(errc::want_write, phase::handshake);
        if (wire().write_failure() != io_status::ok) return write_ends(phase::handshake);
        if (!established_) settle();
        return {};
    }

    /// The signature that the handshake waits for; nothing if it waits for none.
    [[nodiscard]] std::optional<signature_request> wanted_signature() const noexcept {
        bool const goes_on = in_handshake() && !how_ended();
        return goes_on ? engine_.core().handshake->wanted_signature() : std::nullopt;
    }
    [[nodiscard]] result<void> give_signature(std::span<std::byte const> made) noexcept {
        if (errc const why = owner_.refusal(); why != errc::ok) return barred(why, phase::handshake);
        result<void> taken = std::unexpected(configuration_error(errc::signing_failed, "no signature is wanted"));
        if (wanted_signature()) taken = engine_.core().handshake->take_signature(made);
        if (taken) return {};
        error e = make_error(taken.error().code, phase::handshake);
        e.about = taken.error().about;
        return std::unexpected(e);
    }
    void refuse_signature(std::string_view why) noexcept {
        if (wanted_signature()) engine_.core().handshake->refuse_signature(why);
    }
    /// Ends a handshake whose time has passed while it waited for a signature, which the transport does not know.
    [[nodiscard]] result<void> times_out() noexcept {
        if (errc const why = owner_.refusal(); why != errc::ok) return barred(why, phase::handshake);
        if (how_ended()) return ended();
        return ends(errc::timeout, phase::handshake, "signature");
    }

    /// Decrypts at least one byte, or says why not: closed, truncated, want_read, timeout or a failure.
    [[nodiscard]] result<std::size_t> read(transport_ref transport, std::span<std::byte> into) noexcept {
        if (errc const why = owner_.refusal(); why != errc::ok) return barred(why, phase::reading);
        enter(transport);
        if (how_ended()) return std::unexpected(*how_ended());
        if (into.empty()) return 0;
        for (;;) {
            seam::native_outcome const o = engine_.read(into);
            (void)wire().flush();
            switch (o.what) {
            case seam::native_outcome::kind::ok: note_data(o.bytes); return o.bytes;
            case seam::native_outcome::kind::closed: return end_with(make_error(errc::closed, phase::reading));
            case seam::native_outcome::kind::failed: return end_with(diagnose(phase::reading, o));
            case seam::native_outcome::kind::want_input:
                if (errc const why = refused_input(); why != errc::ok) return stops(why);
                note_message();
                if (wire().ended()) return end_with(diagnose(phase::reading, seam::native_outcome::failure(0)));
                if (auto const why = must_wait(phase::reading); why != errc::ok)
                    return try_again<std::size_t>(why, phase::reading);
            }
        }
    }

    /// Encrypts and sends some of the bytes; those counted are on their way, whatever the transport takes now.
    [[nodiscard]] result<std::size_t> write(transport_ref transport, std::span<std::byte const> from) noexcept {
        if (errc const why = owner_.refusal(); why != errc::ok) return barred(why, phase::writing);
        enter(transport);
        if (auto const refused = write_refused()) return std::unexpected(*refused);
        if (from.empty()) return 0;
        if (wire().flush() == io_status::would_block) return try_again<std::size_t>(waits(), phase::writing);
        if (wire().write_failure() == io_status::ok) {
            seam::native_outcome const o = engine_.write(from.first(std::min(from.size(), record_size())));
            (void)wire().flush();
            if (o.what == seam::native_outcome::kind::failed) return end_with(diagnose(phase::writing, o));
            if (wire().write_failure() == io_status::ok) {
                asked_something_ = true;
                wire().progress();
                return wire().write_timed_out() ? taken_but_late(o.bytes) : o.bytes;
            }
        }
        return std::unexpected(after_failed_write(phase::writing));
    }

    /// Sends what still waits inside; success when nothing is left.
    [[nodiscard]] result<void> flush(transport_ref transport) noexcept {
        if (errc const why = owner_.refusal(); why != errc::ok) return barred(why, phase::writing);
        enter(transport);
        if (wire().flush() == io_status::would_block) return try_again<void>(waits(), phase::writing);
        if (wire().write_failure() != io_status::ok) return std::unexpected(after_failed_write(phase::writing));
        return {};
    }

    /// Sends close_notify, once, and does not wait for the peer's.
    [[nodiscard]] result<void> close(transport_ref transport) noexcept {
        if (errc const why = owner_.refusal(); why != errc::ok) return barred(why, phase::closing);
        enter(transport);
        if (!closed_) {
            if (auto const refused = write_refused()) return std::unexpected(*refused);
            if (wire().flush() == io_status::would_block) return try_again<void>(waits(), phase::closing);
            seam::native_outcome const o = engine_.close_notify();
            // Nothing left yet, so that the next call can say it.
            if (o.what == seam::native_outcome::kind::failed && memory_ran_out())
                return std::unexpected(make_error(errc::out_of_memory, phase::closing));
            closed_ = true;
        }
        if (wire().flush() == io_status::would_block) return try_again<void>(waits(), phase::closing);
        if (wire().write_failure() != io_status::ok) return std::unexpected(after_failed_write(phase::closing));
        return {};
    }

    /// What was negotiated; meaningful once the handshake is complete.
    [[nodiscard]] tls::facts facts() noexcept {
        if (owner_.is_over()) return {};
        handshake_facts const h = known();
        tls::facts f;
        f.version = engine_.version();
        f.suite = engine_.suite();
        f.group = h.group;
        f.alpn = engine_.alpn();
        f.resumed = resumed_;
        f.authenticated_by = authenticated_by();
        if (auto const* const t = tickets()) f.resumption = t->outcome();
        f.client_certificate_requested = h.client_certificate_requested;
        f.server_accepts = h.server_accepts;
        f.identity = h.identity;
        bool const showed_one = h.identity && h.certificates_sent && *h.certificates_sent != 0;
        if (showed_one) f.own_certificate = seam::identity_at(*settings_, h.identity->index).who.leaf();
        f.certificates_sent = h.certificates_sent;
        f.signature_sent = h.signature_sent;
        f.max_fragment_length = h.max_fragment_length;
        auto const der = resumed_ ? tickets()->remembered_leaf() : engine_.peer_certificate();
        f.peer_certificate = peer_certificate(der);
        f.peer_certificate_is_remembered = resumed_;
        f.path = engine_.core().path;
        return f;
    }

    [[nodiscard]] std::size_t pending() const noexcept {
        return owner_.is_over() || how_ended() ? 0 : engine_.pending();
    }
    [[nodiscard]] bool established() const noexcept { return established_ && !owner_.is_over(); }
    [[nodiscard]] bool in_handshake() const noexcept { return !established_ && owner_.refusal() == errc::ok; }
    /// Why this object cannot be used, if it has no connection any more or one of another process; else ok.
    [[nodiscard]] errc refusal() const noexcept { return owner_.refusal(); }
    /// How reading ended; null if it has not.
    [[nodiscard]] error const* end() const noexcept {
        return !owner_.is_over() && how_ended() ? &*how_ended() : nullptr;
    }
    [[nodiscard]] bool unsent() const noexcept { return !owner_.is_over() && engine_.core().wire.waiting(); }

    /// A ticket the server issued, where the application keeps its own.
    [[nodiscard]] std::optional<ticket> take_ticket() noexcept {
        if (owner_.is_over()) return std::nullopt;
        auto* const t = tickets();
        return t != nullptr ? t->take() : std::nullopt;
    }

    /// True if the handshake failed in a way that may be due to the session offered: the libraries insist on its
    /// version, and some servers refuse a session they do not know.
    [[nodiscard]] bool may_succeed_without_ticket() const noexcept {
        if (owner_.refusal() != errc::ok || !how_ended() || established_ || !engine_.core().session_offered ||
            check().judged())
            return false;
        switch (how_ended()->code) {
        case errc::timeout:
        case errc::out_of_memory:
        case errc::rng_failure: return false;
        default: return true;
        }
    }

    /// Derives bytes from the secrets of the connection.
    [[nodiscard]] result<void> export_keying_material(seam::export_request const& r) noexcept {
        auto const refuses = [this](std::string_view about) noexcept {
            error e = make_error(errc::not_exportable, established_ ? phase::reading : phase::handshake);
            e.about = about;
            return std::unexpected(e);
        };
        if (errc const why = owner_.refusal(); why != errc::ok) return barred(why, phase::reading);
        auto const* const further = settings_->further.get();
        if (further == nullptr || further->exporting == nullptr)
            return refuses("the client was built without .exporter()");
        if (!established_) return refuses("the handshake is not complete");
        if (auto const wrong = what_is_wrong_with(r, engine_.version()); !wrong.empty()) return refuses(wrong);
        if (!engine_.core().may_export) return refuses("the server lacks extended master secret (RFC 7627)");
        engine_.core().memory = {};
        static constexpr std::byte nothing{};
        seam::export_request asked = r;
        if (asked.context && asked.context->empty()) asked.context = {&nothing, 0}; // a library may copy from it
        std::int32_t const code = further->exporting->derive(engine_.core(), asked);
        if (code == 0) return {};
        x509::wipe(r.into);
        error e = make_error(memory_ran_out() ? errc::out_of_memory : errc::internal, phase::reading);
        e.native = code;
        return std::unexpected(e);
    }

    /// From now on, notes what passes over the wire.
    void record_into(flight_recorder& recorder) noexcept { wire().record_into(recorder); }

    /// Whether the server accepted our certificate: under TLS 1.3, by the first record after the handshake.
    [[nodiscard]] result<acceptance> confirm(transport_ref transport) noexcept;

private:
    static constexpr int max_calls_after_end = 4;

    /// The most data that one record of ours holds.
    [[nodiscard]] std::size_t record_size() const noexcept {
        auto const* const further = settings_->further.get();
        if (further == nullptr) return limits::plaintext;
        if (further->max_fragment == 0) return further->record_size;
        // Whether the server agrees or not: shorter records are always allowed. RFC 8446 section 5.4: the type counts.
        std::size_t const type = engine_.version() == protocol_version::tls_1_3 ? 1 : 0;
        return std::min(further->record_size, further->max_fragment - type);
    }

    /// Begins a call.
    void enter(transport_ref transport) noexcept {
        wire().attach(transport);
        engine_.core().memory = {};
    }

    [[nodiscard]] bool memory_ran_out() const noexcept {
        return engine_.core().memory_ran_out || engine_.core().memory.ran_out();
    }

    /// The failure of this call, unless it failed because memory ran out. In a handshake an earlier call may have sent
    /// what it could, and what comes back now is about that.
    [[nodiscard]] error without_blame(error const& e) const noexcept {
        if (e.code == errc::closed || e.code == errc::timeout) return e;
        return seam::blamed(e, memory_ran_out());
    }

    /// How reading ended, if it has.
    [[nodiscard]] std::optional<error>& how_ended() noexcept { return engine_.core().ended; }
    [[nodiscard]] std::optional<error> const& how_ended() const noexcept { return engine_.core().ended; }
    [[nodiscard]] tls::seam::wire& wire() noexcept { return engine_.core().wire; }
    [[nodiscard]] tls::seam::wire const& wire() const noexcept { return engine_.core().wire; }
    [[nodiscard]] connection_tickets* tickets() noexcept { return engine_.core().tickets.get(); }
    [[nodiscard]] connection_tickets const* tickets() const noexcept { return engine_.core().tickets.get(); }
    /// Only during the handshake.
    [[nodiscard]] verify::server_verification const& check() const noexcept { return engine_.core().handshake->check; }
    [[nodiscard]] plaintext_facts const& seen() const noexcept { return wire().seen(); }

    /// What an object answers that has no connection any more, or one of another process.
    [[nodiscard, gnu::noinline]] static std::unexpected<error> barred(errc why, phase p) noexcept {
        std::unexpected<error> answer(std::in_place);
        answer.error().code = why;
        answer.error().phase = p;
        answer.error().backend = Backend::name;
        return answer;
    }

    /// Latches how the connection ended and gives back what only a handshake needs.
    [[nodiscard]] std::unexpected<error> end_with(error const& e) noexcept;

    // What makes an error of a handshake is not inlined, and makes it in place: a library needs the most of the stack
    // there, and an error of the caller's would lie below it.

    /// The end that was latched.
    [[nodiscard, gnu::noinline]] result<void> ended() const noexcept { return std::unexpected(*how_ended()); }

    /// Latches an end of our own.
    [[nodiscard, gnu::noinline]] result<void> ends(errc code, phase p, std::string_view about = {}) noexcept {
        error e = make_error(code, p);
        e.about = about;
        return end_with(e);
    }

    /// Latches a failure, with its reason.
    [[nodiscard, gnu::noinline]] result<void> fails(phase p, seam::native_outcome o) noexcept {
        return end_with(diagnose(p, o));
    }

    /// Tells a server that breaks the protocol so, instead of what the library would have said to it, and ends.
    [[nodiscard, gnu::noinline]] result<void> refuses(seam::native_outcome o) noexcept;

    /// Ends because the server resumes a session that may no longer go on, and tells it so, unless our answer has left.
    [[nodiscard, gnu::noinline]] result<void> drops_session(seam::native_outcome o) noexcept;

    /// Ends reading because of what the peer sends, and tells it so, unless it takes nothing.
    [[nodiscard, gnu::noinline]] std::unexpected<error> stops(errc code) noexcept;

    /// Latches that nothing more can be sent.
    [[nodiscard, gnu::noinline]] result<void> write_ends(phase p) noexcept { return end_with(after_failed_write(p)); }

    /// Why nothing more is taken from the peer; ok if more is.
    [[nodiscard]] errc refused_input() const noexcept {
        if (wire().bad_record() != errc::ok) return wire().bad_record();
        return wire().flooded() ? errc::flooded : errc::ok;
    }

    /// Application data was read.
    void note_data(std::size_t bytes) noexcept {
        accepted_ = true;
        wire().progress();
        engine_.core().bytes_read += bytes;
        engine_.core().answers += static_cast<std::uint32_t>(std::exchange(asked_something_, false));
    }

    /// The library wants more input. If it has had the first record after a TLS 1.3 handshake and made no data of it,
    /// that was a ticket or another message that a server cannot send before it has had our last flight (RFC 8446
    /// section 4.6).
    void note_message() noexcept {
        message_came_ = message_came_ || (engine_.core().bytes_read == 0 && wire().heard());
    }

    /// Whether the server has certainly accepted our certificate, or that we sent none. The first data of TLS 1.3 may
    /// have left before it judged us, and be read in several pieces, but not wait for what we write.
    [[nodiscard]] acceptance proven() const noexcept;

    /// Called when the library says that the handshake is complete: ok if we agree.
    [[nodiscard]] errc objection() noexcept;

    /// The handshake is over: keeps what is asked for later, and gives back what only a handshake needs.
    void settle() noexcept;

    /// The library wants input: timeout, want_read or want_write if the caller is to wait or give up, ok to go on at
    /// once.
    [[nodiscard]] errc must_wait(phase p) const noexcept {
        bool const flight_stuck = p == phase::handshake && wire().write_failure() == io_status::timeout;
        if (flight_stuck || wire().read_timed_out()) return errc::timeout;
        if (wire().read_blocked()) return errc::want_read;
        if (p == phase::handshake && wire().waiting()) return errc::want_write;
        return errc::ok;
    }

    /// Why bytes still wait that have to leave first.
    [[nodiscard]] errc waits() const noexcept { return wire().write_timed_out() ? errc::timeout : errc::want_write; }

    /// The deadline has passed and some of a record has not left: what was taken leaves with the next call.
    [[nodiscard, gnu::noinline]] result<std::size_t> taken_but_late(std::size_t bytes) noexcept {
        auto answer = try_again<std::size_t>(errc::timeout, phase::writing);
        answer.error().transferred = bytes;
        return answer;
    }

    /// An answer after which the connection goes on. Made in place: between two records it is as frequent as data.
    template <class T> [[nodiscard, gnu::noinline]] result<T> try_again(errc code, phase p) noexcept {
        engine_.core().memory_ran_out = !established_ && memory_ran_out();
        result<T> answer(std::unexpect);
        if (code == errc::timeout) {
            answer.error() = make_error(code, p);
        } else {
            answer.error().code = code;
            answer.error().phase = p;
        }
        return answer;
    }

    /// Why nothing more can be written; nullopt if it can.
    [[nodiscard]] std::optional<error> write_refused() noexcept {
        if (closed_) return make_error(errc::not_writable, phase::writing);
        // The peer's close_notify ends only its own direction (RFC 8446 section 6.1).
        if (how_ended() && how_ended()->code != errc::closed) return how_ended();
        if (wire().overfull()) return end_with(make_error(errc::flooded, phase::writing)).error();
        return std::nullopt;
    }

    /// The transport takes no more. The peer's alert is often among the bytes that have already arrived: looks for it,
    /// without taking application data from the caller.
    [[nodiscard]] error after_failed_write(phase p) noexcept;

    /// An error of ours, with what is known of the handshake.
    [[nodiscard]] error make_error(errc code, phase p) noexcept;

    /// The one reason for a failure, by the same precedence for every backend: our verdict on the server's certificate,
    /// the peer's alert, the transport, the end of the stream, and only then the library's own code.
    [[nodiscard]] error diagnose(phase p, seam::native_outcome o) noexcept;

    /// True if the peer's alert answers our refusal to renegotiate. A HelloRequest is the only thing that a TLS 1.2
    /// client answers with an alert and goes on.
    [[nodiscard]] bool renegotiation_was_refused(alert received) const noexcept;

    /// The library's reason, or what was seen to be wrong where the library only says that something is.
    [[nodiscard]] errc protocol_violation(errc meant, std::optional<alert> const& told) const noexcept;

    /// What is wrong with the server's choice of version, suite and group; ok if it chose what was offered.
    [[nodiscard]] errc bad_choice() const noexcept;

    /// Adds what an error about the server's certificate should tell. Even if the library refused it before it could be
    /// judged, the Certificate message has arrived, and so has everything that comes before it.
    void add_refused_server(error& e) noexcept;

    /// Adds what an error about our own certificate, or the lack of one, should tell.
    void add_identity(error& e) const noexcept;

    /// The server's certificate, read when it is asked for the first time: most programs never ask.
    [[nodiscard]] std::optional<x509::certificate_view> peer_certificate(std::span<std::byte const> der) noexcept {
        if (der.empty()) return std::nullopt;
        if (peer_ && peer_->der().data() == der.data() && peer_->der().size() == der.size()) return *peer_;
        auto const parsed = x509::certificate_view::parse(der);
        if (parsed && established_) peer_ = seam::make_owned<x509::certificate_view>(*parsed);
        return parsed;
    }

    /// By what the server proved who it is.
    [[nodiscard]] authentication authenticated_by() const noexcept {
        if (settings_->accept_any_server || !established_) return authentication::nothing;
        if (settings_->psk) return authentication::pre_shared_key;
        return resumed_ ? authentication::session : authentication::certificate;
    }

    /// What is known of the handshake so far.
    [[nodiscard]] handshake_facts known() const noexcept {
        if (established_) return engine_.core().learnt;
        handshake_facts h = engine_.core().handshake->facts(library_done_);
        if (tickets() != nullptr) h.session_offered = {engine_.core().session_offered, fact_source::library};
        return h;
    }

    typename Backend::engine engine_;
    settings const* settings_; // kept alive by the engine's context
    seam::owned<x509::certificate_view> peer_;
    ownership owner_;
    std::uint8_t calls_after_end_ = 0;
    bool library_done_ = false;
    bool established_ = false;
    bool chain_accepted_ = false;
    bool resumed_ = false;
    bool closed_ = false;
    bool accepted_ = false;        // our certificate, as far as the server was heard
    bool message_came_ = false;    // after the handshake, before any data
    bool asked_something_ = false; // data was sent and none has come since
};

} // namespace tls::detail

#include <tls/connection/impl/connection_ends.ipp>
#include <tls/connection/impl/connection_errors.ipp>
