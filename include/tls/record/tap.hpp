// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/core/alert.hpp>
#include <tls/core/config.hpp>
#include <tls/core/error.hpp>
#include <tls/core/framing.hpp>
#include <tls/core/limits.hpp>
#include <tls/core/protocol.hpp>
#include <tls/record/certificate_request.hpp>
#include <tls/record/client_hello.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace tls::detail {

/// What can be learnt from the unencrypted bytes of a handshake.
///
/// Everything is empty until it was seen. Under TLS 1.3 everything after ServerHello is encrypted.
struct plaintext_facts {
    std::optional<protocol_version> version;    ///< chosen by ServerHello
    std::optional<cipher_suite> suite;          ///< chosen by ServerHello
    std::optional<named_group> group;           ///< key_share (1.3) or ServerKeyExchange (1.2)
    std::optional<named_group> group_asked_for; ///< by a HelloRetryRequest
    std::optional<handshake_message> last_received;
    std::optional<accepted_credentials> server_accepts; ///< TLS 1.2: what a well-formed CertificateRequest says
    std::optional<std::uint16_t> certificates_sent;     ///< TLS 1.2: entries of our Certificate message
    std::optional<alert> alert_received;                ///< fatal ones only
    std::optional<alert> alert_sent;                    ///< fatal ones only
    errc violation = errc::ok;                          ///< of what the peer sent unencrypted
    bool certificate_requested = false;                 ///< TLS 1.2: a CertificateRequest came
    bool signature_sent = false;                        ///< TLS 1.2: our CertificateVerify left
    bool flight_dropped = false;                        ///< nothing of what we sent last has left
    bool server_hello = false;                          ///< a ServerHello that is not a HelloRetryRequest came
    bool session_id = false;                            ///< TLS 1.2: it names the session
    bool extended_master_secret = false;                ///< TLS 1.2: it agrees to that extension (RFC 7627)
    std::optional<std::uint16_t> max_fragment; ///< the most it puts into a record, if we asked; 0: it did not agree
    bool resumed = false; ///< the server resumes the session we offered, or takes our pre-shared key (TLS 1.3)
    std::optional<std::uint32_t> ticket_lifetime; ///< TLS 1.2: of the ticket it issued, in seconds
    bool not_tls = false;                         ///< the peer's first bytes are not a TLS record
    std::array<std::uint8_t, 5> first_bytes{};    ///< those bytes, if they are not TLS
};

/// A passive reader of both directions of a connection: splits records, looks into unencrypted ones, keeps no payload.
///
/// Total on any input: hostile bytes only mean that less is learnt. Each C library hides some of these facts, not the
/// same ones; read here, they are the same for both. RFC 8446 sections 4.1.3 and 5.1, RFC 5246 section 7.4, RFC 8422
/// section 5.4.
class tap {
public:
    void sent(std::span<std::byte const> bytes) noexcept {
        if (!seen_.server_hello) read_client_hello(bytes, asked_);
        observe(sent_, bytes);
    }
    void received(std::span<std::byte const> bytes) noexcept {
        bytes_ += static_cast<std::uint32_t>(bytes.size());
        if (bytes_ > limits::handshake_bytes) note_violation(errc::flooded);
        observe(received_, bytes);
    }
    /// Who issued the certificates of our chains, to be looked for among the authorities a server names. The names must
    /// stay where they are as long as the tap.
    void our_chains(issuers_by_identity ours) noexcept { ours_ = ours; }
    /// Whom to tell of a well-formed CertificateRequest of TLS 1.2, before the library gets its last byte.
    void tell_of_request(void (*whom)(void* user) noexcept, void* user) noexcept {
        tell_ = whom;
        told_ = user;
    }
    /// As `certificate_request_reader::identities_named`, once that was told.
    [[nodiscard]] std::uint8_t identities_named() const noexcept { return request_.identities_named(); }
    /// From now on, a server that does not take the pre-shared key that the hello offers breaks the protocol.
    void require_psk() noexcept { psk_is_required_ = true; }
    [[nodiscard]] plaintext_facts const& seen() const noexcept { return seen_; }
    /// What is sent from here on waits to leave together.
    void begin_flight() noexcept {
        before_ = {seen_.certificates_sent, seen_.signature_sent};
        flight_moves_ = false;
    }
    /// Some of it has left.
    void flight_moves() noexcept { flight_moves_ = true; }
    /// It is dropped: what did not leave was not sent.
    void drop_flight() noexcept {
        if (flight_moves_) return;
        seen_.certificates_sent = before_.certificates;
        seen_.signature_sent = before_.signature;
        seen_.flight_dropped = true;
    }
    /// Judges the decrypted body of EncryptedExtensions, of a backend that has it.
    void encrypted_extensions(std::span<std::byte const> body) noexcept {
        if (!asked_.known) return;
        if (!are_asked_for(body, asked_)) return note_violation(errc::illegal_parameter);
        if (asked_.fragment != 0) seen_.max_fragment = agreed_fragment(body);
    }
    /// Takes what only a library sees for what was seen here.
    void note_violation(errc found) noexcept {
        if (seen_.violation == errc::ok) seen_.violation = found;
    }
    /// How far the peer's bytes have come within a record.
    [[nodiscard]] record_splitter const& position() const noexcept { return received_.records; }

private:
    static constexpr std::size_t capture_size = 1280; // a ServerHello with the largest key share fits

    struct direction {
        bool inbound = false;
        bool first_record = true;
        clear_records clear{};
        record_splitter records{};
        message_splitter messages{};

        bool alert_level_seen = false; // kept apart from a handshake message that an alert interrupts
        std::uint8_t alert_level = 0;

        std::uint16_t captured = 0; // bytes of the current message

        std::uint8_t entry_have = 0; // bytes of a length field inside a Certificate message
        std::uint32_t entry_skip = 0;
        std::uint32_t entry_length = 0;
        bool list_length_seen = false;
        std::uint16_t entries = 0;
    };

    void note_ignored() noexcept {
        if (++ignored_ > limits::ignored_messages) note_violation(errc::flooded);
    }
    void observe(direction& d, std::span<std::byte const> bytes) noexcept;
    void record_begins(direction& d) noexcept;
    void record_body(direction& d, std::span<std::byte const> part) noexcept;
    void alert_body(direction& d, std::span<std::byte const> part) noexcept;
    void handshake_body(direction& d, std::span<std::byte const> part) noexcept;
    [[nodiscard]] bool is_request(direction const& d) const noexcept;
    void message_begins(direction& d) noexcept;
    void message_part(direction& d, std::span<std::byte const> part) noexcept;
    void message_ends(direction& d) noexcept;
    void count_certificates(direction& d, std::span<std::byte const> part) noexcept;
    void server_hello(std::span<std::uint8_t const> body, bool whole) noexcept;
    void check_group(std::optional<named_group> const& chosen) noexcept;
    void check_psk() noexcept;
    void server_key_exchange(std::span<std::uint8_t const> body) noexcept;
    void
    check_tls_1_2_hello(std::span<std::uint8_t const> session_id, std::span<std::uint8_t const> extensions) noexcept;

    /// What we had sent of our identity.
    struct identity_sent {
        std::optional<std::uint16_t> certificates;
        bool signature = false;
    };

    plaintext_facts seen_;
    identity_sent before_; // what waits to leave
    client_hello_facts asked_;
    bool certificate_seen_ = false; // of the server
    bool psk_is_required_ = false;
    bool flight_moves_ = false;
    std::uint8_t ignored_ = 0;  // what came that means nothing in a handshake
    std::uint32_t records_ = 0; // that came
    std::uint32_t bytes_ = 0;
    issuers_by_identity ours_;
    void (*tell_)(void*) noexcept = nullptr;
    void* told_ = nullptr;
    certificate_request_reader request_;
    direction sent_;
    direction received_{.inbound = true};
    std::array<std::uint8_t, capture_size> capture_; // only inbound messages are captured
};

} // namespace tls::detail

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/record/impl/tap.ipp>
#endif
