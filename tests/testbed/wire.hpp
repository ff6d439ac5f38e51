// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bytes.hpp"
#include <tls/core/protocol.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

/// What went over the wire, read from the bytes themselves instead of what an API claims.
///
/// These parsers read what our own tests recorded: what does not parse throws std::runtime_error.
namespace testbed::wire {

inline constexpr unsigned change_cipher_spec = 20;
inline constexpr unsigned alert = 21;
inline constexpr unsigned handshake = 22;
inline constexpr unsigned application_data = 23;

/// One TLS record.
struct record {
    unsigned type = 0;
    unsigned version = 0;
    bytes body{};
};

/// The complete records of a byte stream; an incomplete one at the end is left out.
[[nodiscard]] std::vector<record> records(byte_view stream);

/// "[22:177][20:1]": type and body length of each record.
[[nodiscard]] std::string summary(byte_view stream);

/// One handshake message, without its four byte header.
struct message {
    tls::handshake_message type{};
    bytes body{};
};

/// The unencrypted handshake messages of one direction, even if split over records or several in one.
///
/// Ends at the first encrypted record; a hello after a ChangeCipherSpec (TLS 1.3 with HelloRetryRequest) still counts.
[[nodiscard]] std::vector<message> clear_messages(byte_view stream);

/// The first unencrypted message of a type.
[[nodiscard]] std::optional<message> find(byte_view stream, tls::handshake_message type);

struct clear_alert {
    unsigned level = 0;
    unsigned description = 0;
};

/// The unencrypted alerts of one direction (before its first encrypted record).
[[nodiscard]] std::vector<clear_alert> clear_alerts(byte_view stream);

/// The certificates of a TLS 1.2 Certificate message.
[[nodiscard]] std::vector<bytes> certificates_tls12(byte_view message_body);

/// The number of certificates in this direction's TLS 1.2 Certificate message: 0 for an empty one, nullopt without one.
[[nodiscard]] std::optional<std::size_t> certificate_count(byte_view stream);

/// A ClientHello taken apart; numbers are those on the wire.
struct client_hello {
    unsigned legacy_version = 0;
    bytes session_id{};
    std::vector<unsigned> suites{};
    std::vector<unsigned> extensions{}; ///< in the order sent
    std::map<unsigned, bytes> bodies{}; ///< what each extension holds
    std::optional<std::string> server_name{};
    std::vector<std::string> alpn{};
    std::vector<unsigned> groups{};
    std::vector<unsigned> key_shares{};
    std::vector<unsigned> signature_algorithms{};
    std::vector<unsigned> psk_modes{};         ///< psk_key_exchange_modes
    std::optional<std::uint32_t> ticket_age{}; ///< obfuscated, of the first identity in pre_shared_key
    std::vector<unsigned> versions{};          ///< supported_versions, or just legacy_version without it

    [[nodiscard]] bool has_extension(unsigned number) const;
};

/// The first ClientHello of the client's direction; throws if there is none.
[[nodiscard]] client_hello first_client_hello(byte_view stream);

struct server_hello {
    unsigned version = 0; ///< the version selected
    unsigned suite = 0;
    bytes session_id{};
    std::optional<unsigned> key_share{};
    bool hello_retry_request = false;
    std::vector<unsigned> extensions{};
};

/// Every ServerHello of the server's direction, HelloRetryRequests included.
[[nodiscard]] std::vector<server_hello> server_hellos(byte_view stream);

/// One record around a body.
[[nodiscard]] bytes make_record(unsigned type, byte_view body, unsigned version = 0x0303);
/// A plaintext alert record.
[[nodiscard]] bytes make_alert(unsigned level, unsigned description);

/// A queue of bytes in memory that remembers everything that went through.
class byte_queue {
public:
    /// Appends; each call counts as one write. The tap sees, and may change, the bytes first.
    void push(byte_view data);
    /// Moves up to `to.size()` bytes out.
    std::size_t pop(std::span<std::byte> to);
    [[nodiscard]] bytes take_all();
    [[nodiscard]] bool empty() const { return at_ == pending_.size(); }
    [[nodiscard]] std::size_t size() const { return pending_.size() - at_; }
    /// No more bytes will come; what is queued can still be read.
    void close() { closed_ = true; }
    [[nodiscard]] bool closed() const { return closed_; }
    /// Everything that was pushed, as it left the tap.
    [[nodiscard]] bytes const& history() const { return history_; }
    /// The size of each push that was not empty.
    [[nodiscard]] std::vector<std::size_t> const& write_sizes() const { return write_sizes_; }

    std::function<void(bytes&)> tap{};

private:
    bytes pending_;
    std::size_t at_ = 0;
    bytes history_;
    std::vector<std::size_t> write_sizes_;
    bool closed_ = false;
};

/// A duplex connection in memory, with both directions recorded. For one thread.
struct byte_pipe {
    byte_queue to_server{};
    byte_queue to_client{};
};

} // namespace testbed::wire
