// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "certificate_factory.hpp"
#include "wire.hpp"
#include <tls/core/protocol.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace testbed {

struct raw_client_options {
    std::vector<certificate> anchors{};
    std::string server_name = "localhost";
    tls::protocol_version version = tls::protocol_version::tls_1_3;
    std::optional<credentials> identity{};
    bool identity_after_session = false; ///< load the identity only after the session object was made
    std::vector<std::string> alpn{};
    std::optional<bytes> session{}; ///< the session to resume: what `session()` of an earlier client returned
};

template <class Library> struct raw_client_state;

/// A client written with plain calls of one C library, without twintls, to test servers with, and to show what twintls
/// replaces. In memory, for one thread.
template <class Library> class raw_client {
public:
    raw_client(raw_client_options const& options, wire::byte_pipe& pipe);
    ~raw_client();
    raw_client(raw_client const&) = delete;
    raw_client& operator=(raw_client const&) = delete;

    /// Handshakes and reads as far as the pipe allows.
    void step();
    [[nodiscard]] bool established() const;
    /// The library's code of the first failure; 0 if there was none.
    [[nodiscard]] int error() const;
    /// True if every call that loads the identity reported success.
    [[nodiscard]] bool identity_loaded() const;
    /// The session in the library's own encoding, once a ticket has come; empty before.
    [[nodiscard]] bytes session() const;
    void send(byte_view data);
    void close();
    [[nodiscard]] bytes received();
    [[nodiscard]] bool peer_closed() const;
    [[nodiscard]] std::optional<int> alert_received() const;

private:
    std::unique_ptr<raw_client_state<Library>> state_;
};

struct mbedtls_library;
struct wolfssl_library;
extern template class raw_client<mbedtls_library>;
extern template class raw_client<wolfssl_library>;
using raw_mbedtls_client = raw_client<mbedtls_library>;
using raw_wolfssl_client = raw_client<wolfssl_library>;

} // namespace testbed
