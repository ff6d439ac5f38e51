// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cases.hpp"
#include "testbed/bytes.hpp"

#include <memory>
#include <string>

/// The server that every client talks to; its time is not counted.
namespace bench {

using testbed::byte_view;
using testbed::bytes;

/// The server's side of one connection, without I/O.
class server_connection {
public:
    server_connection() = default;
    server_connection(server_connection const&) = delete;
    server_connection& operator=(server_connection const&) = delete;
    virtual ~server_connection() = default;

    /// Takes the client's bytes, goes as far as they let it, and appends what is for the client. Application data
    /// counts in `received`.
    virtual void step(byte_view from_client, bytes& to_client) = 0;
    virtual void write(byte_view data, bytes& to_client) = 0;
    [[nodiscard]] virtual bool established() const = 0;
    [[nodiscard]] virtual bool resumed() const = 0;
    /// Certificates the client sent.
    [[nodiscard]] virtual int client_certificates() const = 0;
    /// How many bytes of data have come so far.
    [[nodiscard]] virtual std::size_t received() const = 0;
};

/// A configured server; it accepts its own tickets, and issues one at a time.
class bench_server {
public:
    bench_server() = default;
    bench_server(bench_server const&) = delete;
    bench_server& operator=(bench_server const&) = delete;
    virtual ~bench_server() = default;
    [[nodiscard]] virtual std::unique_ptr<server_connection> accept() = 0;
};

/// OpenSSL's libssl where it was found, else the wolfSSL server of the tests.
[[nodiscard]] std::unique_ptr<bench_server> make_server(handshake_case const& c, credentials const& with);
/// Which of the two, for people: "OpenSSL 3.0.15" for example.
[[nodiscard]] std::string server_title();

} // namespace bench
