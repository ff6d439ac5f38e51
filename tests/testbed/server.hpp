// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "certificate_factory.hpp"
#include "ticket_keys.hpp"
#include "wire.hpp"
#include <tls/core/protocol.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace testbed {

/// An alert that a server sends in the middle of its flight, as its last message.
struct early_alert {
    tls::handshake_message after{}; ///< the server's own message that it follows; under the keys of that moment
    unsigned description = 0;
    unsigned level = 2;
};

/// A key that a server shares with a client.
struct server_psk {
    std::string identity;
    bytes key;
};

/// What a server shows and asks for. The server copies everything; the key must be a pooled one.
struct server_options {
    /// Leaf first; shown byte for byte, however wrong it is. One limit: wolfssl_server throws on a leaf that wolfSSL
    /// cannot read up to its public key (garbage, or `mismatched_algorithm`); further certificates may be anything.
    std::vector<certificate> chain{};
    key const* private_key = nullptr;
    /// The key that the server signs with, in its traditional DER, where it is another than `private_key`, which then
    /// says of what kind it is.
    bytes signing_key{};
    tls::protocol_version min_version = tls::protocol_version::tls_1_2;
    tls::protocol_version max_version = tls::protocol_version::tls_1_3;
    bool request_client_certificate = false; ///< asks, and accepts none or one that does not verify
    bool require_client_certificate = false; ///< asks, and refuses none or one that does not verify
    std::vector<certificate> client_anchors{};
    /// What mbedtls_server answers to a client certificate it refuses; unset: 40 or 116 (none), 48, 45, 43 or 42.
    /// wolfssl_server always lets its library choose.
    std::optional<unsigned> refusal_alert{};
    std::vector<std::string> alpn{};
    bool tickets = false;                ///< session tickets; without, nothing can be resumed
    std::shared_ptr<ticket_keys> keys{}; ///< shared keys let sessions outlive this server; unset: keys of its own
    /// Tickets issued after a handshake of TLS 1.3; mbedtls_server only.
    std::uint16_t ticket_count = 1;
    std::vector<std::uint16_t> suites{}; ///< IANA numbers in order of preference; empty: the library's default
    std::vector<std::uint16_t> groups{}; ///< the same
    /// Signature algorithms offered to the client and used, by number; empty: the library's default. mbedtls_server
    /// only.
    std::vector<std::uint16_t> signature_algorithms{};
    std::optional<early_alert> stop_with{};        ///< mbedtls_server only
    bool extended_master_secret = true;            ///< of TLS 1.2; mbedtls_server only
    std::optional<std::string> only_server_name{}; ///< any other name in SNI is refused with alert 112
    /// What is stapled to the certificate for those who ask, whatever it is. Empty: under TLS 1.2 such a message is
    /// promised and does not come. wolfssl_server only.
    std::optional<bytes> stapled_status{};

    std::optional<server_psk> psk{}; ///< with it, a server may do without a chain; wolfssl_server binds it to one suite

    /// Options that show these credentials, at one version only or at both.
    [[nodiscard]] static server_options
    showing(credentials const& identity, std::optional<tls::protocol_version> only = std::nullopt);
};

template <class Library> struct server_state;

/// A server on one of the two libraries, without I/O: bytes go in by `feed` and come out by `drain`.
///
/// For one thread at a time. Instances share nothing that changes, so each may live in a thread of its own.
template <class Library> class basic_server {
public:
    static constexpr char const* library = Library::name;

    explicit basic_server(server_options const& options);
    ~basic_server();
    basic_server(basic_server&&) noexcept;
    basic_server& operator=(basic_server&&) noexcept;

    /// Bytes from the client.
    void feed(byte_view data);
    /// The client's side has ended: no more bytes will be fed.
    void end_of_input();
    /// Handshakes and reads as far as what was fed allows.
    void step();
    /// Bytes for the client; moves them out.
    [[nodiscard]] bytes drain();

    [[nodiscard]] bool established() const;
    [[nodiscard]] bool failed() const;
    /// Why it failed, in the library's words and with its code.
    [[nodiscard]] std::string error_text() const;

    /// Application data so far; moves it out.
    [[nodiscard]] bytes received();
    /// Application data for the client, of any size; throws if not established.
    void send(byte_view data);
    /// Sends close_notify; throws if not established.
    void close();
    /// Sends any alert, at any time; only mbedtls_server can.
    void send_alert(unsigned level, unsigned description);

    /// The client's close_notify has come.
    [[nodiscard]] bool peer_closed() const;
    /// The last alert other than close_notify, even if it was encrypted.
    [[nodiscard]] std::optional<int> alert_received() const;
    [[nodiscard]] std::optional<int> alert_sent() const;

    /// Certificates in the client's Certificate message: 0 for an empty one, -1 when none was asked for or none came.
    [[nodiscard]] int client_certificates_received() const;
    /// Empty without one.
    [[nodiscard]] bytes client_leaf_der() const;
    /// The server name in the ClientHello; empty without one.
    [[nodiscard]] std::string sni() const;
    /// The protocol selected; empty without one.
    [[nodiscard]] std::string alpn() const;
    /// Once established.
    [[nodiscard]] std::optional<tls::protocol_version> version() const;
    [[nodiscard]] bool resumed() const;
    /// Keying material (RFC 5705), once established.
    [[nodiscard]] bytes exported(std::string_view label, std::optional<byte_view> context, std::size_t size) const;

private:
    std::unique_ptr<server_state<Library>> state_;
};

struct mbedtls_library {
    static constexpr char const* name = "mbedtls";
};
struct wolfssl_library {
    static constexpr char const* name = "wolfssl";
};

extern template class basic_server<mbedtls_library>;
extern template class basic_server<wolfssl_library>;

using mbedtls_server = basic_server<mbedtls_library>;
using wolfssl_server = basic_server<wolfssl_library>;

/// Both servers, for TEST_CASE_TEMPLATE_APPLY.
using servers = std::tuple<mbedtls_server, wolfssl_server>;

/// Moves bytes between a server and a pipe in memory, both ways, and lets the server work.
template <class Server> void serve(Server& server, wire::byte_pipe& pipe) {
    server.feed(pipe.to_server.take_all());
    if (pipe.to_server.closed()) server.end_of_input();
    server.step();
    pipe.to_client.push(server.drain());
}

} // namespace testbed
