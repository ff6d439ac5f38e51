// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cases.hpp"
#include "testbed/bytes.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// What the benchmark compares: TLS clients behind the same few calls, whatever they are made of.
///
/// No contender does I/O: bytes are passed in and out in memory, in the same way for all. Failures throw
/// std::runtime_error with the library's words. Each contender is configured as its manual recommends for a careful
/// client: server verified against the trust anchors and the name, nothing offered but the case's version, suite and
/// group, SNI and ALPN sent.
namespace bench {

using testbed::byte_view;
using testbed::bytes;

/// What a connection negotiated; all contenders of a case must agree, and with the case.
struct outcome {
    tls::protocol_version version{};
    tls::cipher_suite suite{};
    bool resumed = false;
    bool server_verified = false; ///< the library says that the chain was verified (or the session resumed)
    std::string alpn{};
};

/// One connection. Every call is timed; nothing else is.
class client_connection {
public:
    client_connection() = default;
    client_connection(client_connection const&) = delete;
    client_connection& operator=(client_connection const&) = delete;
    virtual ~client_connection() = default;

    /// Takes what the server sent (nothing at first), goes as far as that lets it, and appends what is to be sent. True
    /// once the handshake is complete.
    [[nodiscard]] virtual bool handshake(byte_view from_server, bytes& to_server) = 0;
    /// Appends the records for these bytes.
    virtual void write(byte_view data, bytes& to_server) = 0;
    /// Takes records and decrypts all of them into `into`, which is large enough; returns how many bytes. Tickets and
    /// the like are processed on the way; 0 if there was no data.
    [[nodiscard]] virtual std::size_t read(byte_view from_server, std::span<std::byte> into) = 0;
};

/// A configured client: one context, from which connections are made.
class client_contender {
public:
    client_contender() = default;
    client_contender(client_contender const&) = delete;
    client_contender& operator=(client_contender const&) = delete;
    virtual ~client_contender() = default;

    /// A new connection to `credentials.name`; in a `resumed` case it offers the session kept last. Timed.
    [[nodiscard]] virtual std::unique_ptr<client_connection> connect() = 0;
    /// Keeps the session of a connection that is established and has read a few bytes, for the next `connect` of a
    /// resumed case. Not timed.
    virtual void keep_session(client_connection& established) = 0;
    /// Not timed.
    [[nodiscard]] virtual outcome outcome_of(client_connection& established) = 0;
};

/// What is needed to make a contender.
struct contender_kind {
    std::string id;      ///< "twintls-wolfssl", "twintls-any-wolfssl", "raw-wolfssl", "openssl", "asio-ssl" and so on
    std::string title;   ///< "twintls on wolfSSL 5.9.2"
    std::string library; ///< "wolfssl", "mbedtls", "openssl": whose floor it stands on
    std::string build;   ///< what matters about its build: "x86-64 assembly, AES-NI" or the like
    /// Makes a context for a case; what is timed as "configure".
    std::unique_ptr<client_contender> (*configure)(handshake_case const&, credentials const&) = nullptr;
};

/// A contender or case that is missing, and why.
struct absent_contender {
    std::string id;
    std::string why;
};

[[nodiscard]] std::vector<contender_kind> const& contenders();
/// Those that can do this case.
[[nodiscard]] std::vector<contender_kind> contenders_for(handshake_case const& c);
[[nodiscard]] std::vector<absent_contender> const& absent_contenders();
/// Cases that would be of interest and that no contender here supports.
[[nodiscard]] std::vector<absent_contender> const& absent_cases();

// One function for each file in contenders/ that is compiled in; `contenders()` collects them.
[[nodiscard]] contender_kind twintls_wolfssl();
[[nodiscard]] contender_kind twintls_mbedtls();
[[nodiscard]] contender_kind twintls_any_wolfssl(); ///< the same through any_client
[[nodiscard]] contender_kind twintls_any_mbedtls();
[[nodiscard]] contender_kind twintls_engine_wolfssl(); ///< the same without a transport
[[nodiscard]] contender_kind twintls_engine_mbedtls();
[[nodiscard]] contender_kind raw_wolfssl();
[[nodiscard]] contender_kind raw_mbedtls();
[[nodiscard]] contender_kind openssl();              ///< compiled where OpenSSL is found: BENCH_HAS_OPENSSL
[[nodiscard]] contender_kind twintls_asio_wolfssl(); ///< compiled where Asio is found: BENCH_HAS_ASIO
[[nodiscard]] contender_kind twintls_asio_mbedtls(); ///< likewise
[[nodiscard]] contender_kind asio_ssl();             ///< compiled where both are found

} // namespace bench
