// SPDX-License-Identifier: Apache-2.0
// Seam: for those who write a backend.
#pragma once

#include <tls/configuration/exporting.hpp>
#include <tls/configuration/settings.hpp>
#include <tls/configuration/stapling.hpp>
#include <tls/connection/handshake_state.hpp>
#include <tls/connection/resumption_calls.hpp>
#include <tls/core/allocation.hpp>
#include <tls/core/error.hpp>
#include <tls/core/feature.hpp>
#include <tls/core/protocol.hpp>
#include <tls/core/server_name.hpp>
#include <tls/record/wire.hpp>
#include <tls/resumption/connection_tickets.hpp>
#include <tls/resumption/sealing.hpp>
#include <tls/signature/primitive.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace tls {

/// One code of a C library: its number, its name there, and what it means here.
struct native_code {
    std::int32_t number = 0;
    char const* name = nullptr; ///< nullptr for a number twintls does not know
    errc meaning = errc::internal;
};

} // namespace tls

/// What backends are made of, for those who write one; applications use none of it.
namespace tls::seam {

/// What a backend keeps beside its C object for one connection: everything its callbacks talk to.
struct engine_core {
    engine_core(settings const& s, server_name const& name) noexcept : handshake(make_owned<handshake_state>(s, name)) {
        if (!handshake) return;
        handshake->buffers.guard = {
            [](void const* core) noexcept { return static_cast<engine_core const*>(core)->server_is_vouched_for(); },
            this};
        wire.begin_handshake(handshake->buffers);
    }
    engine_core(engine_core const&) = delete;
    engine_core& operator=(engine_core const&) = delete;
    ~engine_core() = default;

    /// True if exactly one fact says that the server may be answered: its certificates were accepted; it resumes the
    /// session that was offered, which was issued after they had been; it takes our pre-shared key, without which it
    /// cannot complete the handshake; or the client accepts any server and has seen certificates.
    ///
    /// Only during the handshake. No fact, more than one, or one beside a refusal means a bug of ours or of the
    /// library. A server that has been seen to break the protocol is not answered either, nor one that resumes a
    /// session which may no longer go on.
    [[nodiscard]] bool server_is_vouched_for() const noexcept {
        if (violation() != errc::ok || resumes_in_vain()) return false;
        bool const accepted = handshake->check.accepted();
        bool const waved_through = handshake->check.waved_through();
        int const facts = static_cast<int>(accepted) + static_cast<int>(waved_through) +
                          static_cast<int>(resumes_session()) + static_cast<int>(shares_key());
        return facts == 1 && !handshake->check.rejected();
    }

    /// How the server has been seen to break the protocol; ok if it has not. Only during the handshake.
    [[nodiscard]] errc violation() const noexcept {
        auto const& seen = wire.seen();
        if (seen.violation != errc::ok || !seen.suite) return seen.violation;
        return handshake->check.key_fits(*seen.suite) ? errc::ok : errc::illegal_parameter;
    }

    /// True if the server has gone by the place where the status of its certificate had to stand, and there was none.
    /// Only under TLS 1.2, where it is a message of its own (RFC 6066 section 8); a backend sees it under TLS 1.3.
    [[nodiscard]] bool lacks_status() const noexcept {
        auto const& seen = wire.seen();
        return handshake->check.awaits_status() && seen.version == protocol_version::tls_1_2 && seen.last_received &&
               *seen.last_received != handshake_message::certificate &&
               *seen.last_received != handshake_message::certificate_status;
    }

    /// True if the server's hello says that it resumes the session that was offered.
    [[nodiscard]] bool resumes_session() const noexcept {
        auto const& seen = wire.seen();
        return tickets && seen.resumed && seen.version && tickets->offered_version() == *seen.version;
    }

    /// True if it resumes that session, which has run out since it was offered, or whose server was looked up in
    /// revocation lists that are no longer those of the client. Only during the handshake.
    [[nodiscard]] bool resumes_in_vain() const noexcept {
        return resumes_session() && !tickets->configuration().calls->may_go_on(*this);
    }

    /// True if the server's hello takes the pre-shared key that this client has. Only during the handshake.
    [[nodiscard]] bool shares_key() const noexcept {
        auto const& seen = wire.seen();
        if (!handshake->configured->psk || !seen.suite) return false;
        return seen.version == protocol_version::tls_1_3 ? seen.resumed
                                                         : !is_for_certificates(*seen.suite) && !seen.resumed;
    }

    seam::wire wire;
    owned<handshake_state> handshake; ///< null once it is over, and where memory ran out
    std::unique_ptr<detail::connection_tickets, release_tickets> tickets; ///< null where sessions are not resumed
    void* native = nullptr;       ///< the library's own object of this connection; set by the backend
    bool session_offered = false; ///< the library took a session to offer
    /// What the peer asked for after the handshake and the library cannot do; set by the backend before it fails.
    std::optional<handshake_message> refused_request;

    // The core's own. They are kept here because a connection is moved often, and these are large.
    std::optional<error> ended;   ///< how reading ended
    peer_path path;               ///< of the server, if the client keeps it; once the handshake is over
    handshake_facts learnt;       ///< once the handshake is over
    std::int64_t judged_at = 0;   ///< the server's certificates, in seconds since 1970-01-01 UTC
    std::uint64_t bytes_read = 0; ///< application data
    bool may_export = false;      ///< the secrets are bound to this handshake alone: TLS 1.3, or RFC 7627
    std::uint32_t answers = 0;    ///< how often data came after we had sent some
    memory_watch memory;          ///< of the call in progress
    bool memory_ran_out = false;  ///< in an earlier call of the handshake
};

/// How one call into a C library ended, before the core judges it.
struct native_outcome {
    enum class kind : std::uint8_t {
        ok,         ///< done; `bytes` were moved, for a read or write
        want_input, ///< the library needs more bytes, or answered without any
        closed,     ///< the peer's close_notify was read
        failed      ///< the library gave up; `code` is its native code
    };
    kind what = kind::failed;
    std::size_t bytes = 0;
    std::int32_t code = 0;

    [[nodiscard]] static constexpr native_outcome done(std::size_t n = 0) noexcept { return {kind::ok, n, 0}; }
    [[nodiscard]] static constexpr native_outcome wants_input() noexcept { return {kind::want_input, 0, 0}; }
    [[nodiscard]] static constexpr native_outcome was_closed() noexcept { return {kind::closed, 0, 0}; }
    [[nodiscard]] static constexpr native_outcome failure(std::int32_t code) noexcept {
        return {kind::failed, 0, code};
    }
};

} // namespace tls::seam

namespace tls {

/// One connection inside a C library: thin calls, no decisions.
///
/// Made by `Backend::make_engine`, where `core().handshake` may still be null; move-only; its C object and its `core()`
/// stay at one address for its whole life. Not safe to use from two threads at once.
template <class E>
concept backend_engine =
    std::movable<E> &&
    requires(E& e, E const& c, std::span<std::byte> in, std::span<std::byte const> out, std::int32_t code, alert why) {
        { e.core() } noexcept -> std::same_as<seam::engine_core&>;
        { c.core() } noexcept -> std::same_as<seam::engine_core const&>;
        // Steps the handshake; ok when it is complete.
        { e.handshake() } noexcept -> std::same_as<seam::native_outcome>;
        // Called once when the handshake has ended either way: gives back what only handshakes need.
        { e.handshake_ended() } noexcept;
        // Decrypts into a buffer that is not empty.
        { e.read(in) } noexcept -> std::same_as<seam::native_outcome>;
        // Processes input without taking application data: ok when application data waits.
        { e.probe() } noexcept -> std::same_as<seam::native_outcome>;
        // Encrypts some or all of a buffer that is not empty; never needs the transport to be writable.
        { e.write(out) } noexcept -> std::same_as<seam::native_outcome>;
        { e.close_notify() } noexcept -> std::same_as<seam::native_outcome>;
        // A fatal alert, for an end that the core has decided; false if it cannot be sent.
        { e.send_alert(why) } noexcept -> std::same_as<bool>;
        // Bytes already decrypted that a read would return without input.
        { c.pending() } noexcept -> std::same_as<std::size_t>;
        // The native code in the shared taxonomy; `internal` and no name if it is not known.
        { c.classify(code) } noexcept -> std::same_as<native_code>;
        { c.alert_received() } noexcept -> std::same_as<std::optional<alert>>;
        { c.alert_sent() } noexcept -> std::same_as<std::optional<alert>>;
        { c.version() } noexcept -> std::same_as<protocol_version>;
        { c.suite() } noexcept -> std::same_as<cipher_suite>;
        { c.alpn() } noexcept -> std::same_as<std::string_view>;
        // After the handshake: whether the session that was offered is the one that goes on.
        { c.resumed() } noexcept -> std::same_as<bool>;
        // The server's own certificate in DER, or empty; valid as long as the engine.
        { e.peer_certificate() } noexcept -> std::same_as<std::span<std::byte const>>;
    };

/// A C library as a policy type: an empty class that names its context and engine and makes them.
///
/// `make_context` applies all settings in one call in the library's right order; there is nothing to add later.
/// `make_engine` starts one connection. A context is cheap to copy and, where the feature says so, safe to share.
template <class B>
concept backend =
    std::is_empty_v<B> && std::copyable<typename B::context> && backend_engine<typename B::engine> &&
    requires(
        seam::shared<settings const> s, typename B::context const& c, server_name const& n, seam::engine_core& core,
        seam::sealed_parts const& sealed, std::span<std::span<std::byte const> const> parts,
        std::span<std::byte, 32> digest, signature::checked_query const& question, seam::own_identity const& ours) {
        { B::name } -> std::convertible_to<char const*>;
        { B::version() } noexcept -> std::same_as<std::string_view>;
        // How much of the stack the library uses in a handshake and when it loads a key, in bytes: it is overwritten
        // then.
        { B::stack_used } -> std::convertible_to<std::size_t>;
        { B::template supports<feature::tls_1_3> } -> std::convertible_to<bool>;
        // Every code the backend knows, for documentation and tests.
        { B::native_codes() } noexcept -> std::same_as<std::span<native_code const>>;
        { B::make_context(s) } noexcept -> std::same_as<result<typename B::context>>;
        { B::make_engine(c, n) } noexcept -> std::same_as<result<typename B::engine>>;
        // These are reached only through pointers that the builder sets on request, and must not be called by name.
        { B::sessions } -> std::convertible_to<seam::session_calls const&>;
        { B::start_key_log(core, *s) } noexcept -> std::same_as<void>;
        { B::exporting } -> std::convertible_to<seam::exporting_calls const&>;
        { B::stapling } -> std::convertible_to<seam::stapling_calls const&>;
        { B::use_signer(core.native, ours) } noexcept -> std::same_as<result<void>>;
        { B::use_psk(core.native, *s) } noexcept -> std::same_as<result<void>>;
        // SHA-256 of the parts one after the other; false if the library fails.
        { B::sha256(parts, digest) } noexcept -> std::same_as<bool>;
        // AES-256-GCM in place: `seal` draws the nonce and writes the tag, `open` checks it.
        { B::seal(sealed) } noexcept -> std::same_as<bool>;
        { B::open(sealed) } noexcept -> std::same_as<bool>;
        // The library's opinion of a signature: `cannot` for what it lacks, `out_of_memory` for what it
        // could not allocate, `bad` for nothing but a wrong signature.
        { B::verify_signature(question) } noexcept -> std::same_as<signature::answer>;
    };

} // namespace tls
