// SPDX-License-Identifier: Apache-2.0
// Session resumption: what the second handshake costs when the server has issued a ticket in the first connection.
//
//   06_resumption <host> [port] [ca.pem]      without a file, the system's trust store decides
#include "demo_table.hpp"
#include <tls/client.hpp>
#include <tls/diagnosis/explain.hpp>
#include <tls/mbedtls.hpp>
#include <tls/resumption/memory_ticket_store.hpp>
#include <tls/transport/counting.hpp>
#include <tls/transport/tcp.hpp>
#include <tls/wolfssl.hpp>

#include <array>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <string>
#include <string_view>
#include <utility>

namespace {

using milliseconds = std::chrono::duration<double, std::milli>;

struct cost {
    tls::resumption outcome{};
    tls::protocol_version version{};
    bool remembered = false;
    tls::traffic wire{};
    milliseconds cpu{};
    std::chrono::steady_clock::time_point at; ///< when the handshake was complete
};

milliseconds cpu_time() {
    timespec now{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

template <class Backend>
tls::result<cost> connect_once(tls::client<Backend> const& client, char const* host, std::uint16_t port) {
    auto stream = tls::tcp_stream::connect(host, port, {.read_timeout = std::chrono::seconds(5)});
    if (!stream) return std::unexpected(stream.error());
    auto const before = cpu_time();
    tls::traffic wire;
    auto session = client.connect(tls::server_name::parse(host), tls::counting_transport(std::move(*stream), wire));
    if (!session) return std::unexpected(session.error());
    auto const cpu = cpu_time() - before;
    auto const facts = session->facts();
    cost const c{facts.resumption,
                 facts.version,
                 facts.peer_certificate_is_remembered,
                 wire,
                 cpu,
                 std::chrono::steady_clock::now()};

    // Under TLS 1.3 tickets come after the handshake and are found by reading; the answer itself does not matter here.
    std::string_view const request = "GET / HTTP/1.0\r\n\r\n";
    std::array<std::byte, 4096> answer;
    if (session->write_all(std::as_bytes(std::span(request)))) (void)session->read_some(answer);
    (void)session->close();
    return c;
}

template <class Backend> tls::result<void> connect_twice(char const* host, std::uint16_t port, char const* ca) {
    tls::memory_ticket_store store; // must outlive the client
    auto client = tls::client<Backend>::configure()
                      .trust(ca != nullptr ? tls::trust_anchors::from_pem_file(ca) : tls::trust_anchors::system())
                      .no_identity()
                      .resumption(store)
                      .build();
    if (!client) return std::unexpected(client.error());
    auto const first = connect_once(*client, host, port);
    if (!first) return std::unexpected(first.error());
    auto const second = connect_once(*client, host, port);
    if (!second) return std::unexpected(second.error());

    demo::table table(18, 26);
    auto const row = [&](std::string_view label, auto value) { table.row(label, {value(*first), value(*second)}); };
    table.head(
        std::string(Backend::name) + ", " + std::string(name(first->version)), {"first handshake", "second handshake"});
    row("resumption", [](cost const& c) { return std::string(name(c.outcome)); });
    row("bytes sent", [](cost const& c) { return std::to_string(c.wire.bytes_sent); });
    row("bytes received", [](cost const& c) { return std::to_string(c.wire.bytes_received); });
    row("round trips", [](cost const& c) { return std::to_string(c.wire.round_trips); });
    row("CPU time", [](cost const& c) { return demo::fixed(c.cpu.count(), 2) + " ms"; });
    row("server certificate", [&](cost const& c) {
        if (!c.remembered) return std::string("sent and verified");
        return "remembered, verified " + demo::fixed(milliseconds(c.at - first->at).count(), 1) + " ms ago";
    });
    table.print(std::cout);
    std::cout << '\n';
    return {};
}

} // namespace

int main(int argc, char** argv) {
    if (argc < 2 || argc > 4) {
        std::cerr << "usage: 06_resumption <host> [port] [ca.pem]\n";
        return 2;
    }
    auto const port = static_cast<std::uint16_t>(argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 443);
    char const* const ca = argc > 3 ? argv[3] : nullptr;
    int status = 0;
    for (auto const& done :
         {connect_twice<tls::wolfssl>(argv[1], port, ca), connect_twice<tls::mbedtls>(argv[1], port, ca)}) {
        if (done) continue;
        std::cerr << tls::explain(done.error()) << '\n';
        status = 1;
    }
    std::cout << "  A library's first handshake also pays for what the library sets up once.\n";
    return status;
}
