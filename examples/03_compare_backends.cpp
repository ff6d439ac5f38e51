// SPDX-License-Identifier: Apache-2.0
// The demo: one client configuration, two TLS libraries, one binary. What did each negotiate, and what did it cost?
// And what does each say when the server turns it away?
//
//   03_compare_backends [wolfssl|mbedtls]      the library the server runs on; no server, no network needed
//
// Certificates and server come from the testbed of the tests, so that the demo needs no files and no second program.
// A program of yours starts at `configured` and `connect_once`.
#include "demo_table.hpp"
#include "testbed/certificate_factory.hpp"
#include "testbed/server_thread.hpp"
#include <tls/client.hpp>
#include <tls/diagnosis/explain.hpp>
#include <tls/mbedtls.hpp>
#include <tls/transport/tcp.hpp>
#include <tls/wolfssl.hpp>
#include <tls/x509/name.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr int warm_up = 2;
constexpr int measured = 20;
constexpr std::string_view greeting = "hello over mutual TLS";

/// Counts the bytes of another transport. These two functions are all that a transport needs.
class counting_transport {
public:
    explicit counting_transport(tls::tcp_stream inner) noexcept : inner_(std::move(inner)) {}

    [[nodiscard]] tls::io_result read_some(std::span<std::byte> into) noexcept {
        auto const moved = inner_.read_some(into);
        received += moved.bytes;
        return moved;
    }
    [[nodiscard]] tls::io_result write_some(std::span<std::byte const> from) noexcept {
        auto const moved = inner_.write_some(from);
        sent += moved.bytes;
        return moved;
    }

    std::uint64_t received = 0;
    std::uint64_t sent = 0;

private:
    tls::tcp_stream inner_;
};

using milliseconds = std::chrono::duration<double, std::milli>;

/// What one connection found out and what its handshake cost.
struct sample {
    tls::protocol_version version{};
    tls::cipher_suite suite{};
    std::string group;
    std::string alpn;
    std::string server;
    tls::fact<bool> certificate_requested;
    tls::fact<std::uint16_t> certificates_sent;
    std::uint64_t sent = 0;
    std::uint64_t received = 0;
    milliseconds wall{};
    milliseconds cpu{};
};

/// The processor time of this thread, which excludes the server's: it has threads of its own.
milliseconds thread_time() {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

/// The same configuration for every backend. The only difference the demo makes is whether we say who we are.
template <class Backend>
tls::result<tls::client<Backend>>
configured(testbed::pki const& pki, tls::protocol_version version, bool with_identity) {
    auto builder = tls::client<Backend>::configure()
                       .trust(tls::trust_anchors::from_pem(pki.root_pem()))
                       .alpn({"x-amzn-mqtt-ca"})
                       .versions(version, version);
    if (!with_identity) return std::move(builder).no_identity().build();
    return std::move(builder)
        .identity(tls::identity::from_pem(pki.client.chain_pem(), pki.client.private_key->pkcs8_pem()))
        .build();
}

/// Handshake, one line there and back, goodbye.
template <class Backend> tls::result<sample> connect_once(tls::client<Backend> const& client, std::uint16_t port) {
    auto stream = tls::tcp_stream::connect("127.0.0.1", port);
    if (!stream) return std::unexpected(stream.error());

    auto const wall = std::chrono::steady_clock::now();
    auto const cpu = thread_time();
    auto session = client.connect(tls::server_name::dns("localhost"), counting_transport(std::move(*stream)));
    sample out;
    out.cpu = thread_time() - cpu;
    out.wall = std::chrono::steady_clock::now() - wall;
    if (!session) return std::unexpected(session.error());
    out.sent = session->transport().sent;
    out.received = session->transport().received;

    tls::facts const facts = session->facts();
    out.version = facts.version;
    out.suite = facts.suite;
    out.group = facts.group ? name(*facts.group) : "unknown";
    out.alpn = facts.alpn;
    out.certificate_requested = facts.client_certificate_requested;
    out.certificates_sent = facts.certificates_sent;
    if (facts.peer_certificate) out.server = tls::x509::to_text(facts.peer_certificate->subject_name());

    if (auto const w = session->write_all(std::as_bytes(std::span(greeting))); !w) return std::unexpected(w.error());
    std::array<std::byte, 64> answer;
    auto const n = session->read_some(answer);
    if (!n) return std::unexpected(n.error());
    if (auto const closed = session->close(); !closed) return std::unexpected(closed.error());
    return out;
}

template <class Server> testbed::thread_options server_for(testbed::pki const& pki, int connections) {
    auto options = testbed::server_options::showing(pki.server);
    options.require_client_certificate = true;
    options.client_anchors = {pki.root.certificate};
    options.alpn = {"x-amzn-mqtt-ca"};
    options.suites = {0x1301, 0xc02b}; // AES-128-GCM whichever library the server runs on
    return {.server = options, .connections = connections};
}

std::string yes_no(tls::fact<bool> value) { return !value ? "unknown" : *value ? "yes" : "no"; }

milliseconds median(std::vector<sample> const& samples, milliseconds sample::* what) {
    std::vector<milliseconds> values;
    values.reserve(samples.size());
    for (sample const& s : samples) values.push_back(s.*what);
    auto const middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
}

/// One backend's connections, one after another: taking turns, each would find the processor's caches full of the
/// other's data.
template <class Backend, class Server>
std::vector<sample> measure(testbed::pki const& pki, tls::protocol_version version) {
    testbed::server_thread<Server> server(server_for<Server>(pki, warm_up + measured));
    auto const client = configured<Backend>(pki, version, true);
    if (!client) throw std::runtime_error(tls::explain(client.error()));
    std::vector<sample> samples;
    for (int i = 0; i < warm_up + measured; ++i) {
        auto one = connect_once(*client, server.port());
        if (!one) throw std::runtime_error(std::string(Backend::name) + ": " + tls::explain(one.error()));
        if (i >= warm_up) samples.push_back(std::move(*one));
    }
    for (auto const& report : server.reports())
        if (report.client_leaf != pki.client.leaf().der)
            throw std::runtime_error(std::string(Backend::name) + ": the server did not see our certificate");
    return samples;
}

/// True if everything is the same that must not depend on the library.
bool agree(sample const& a, sample const& b) {
    return a.version == b.version && a.suite == b.suite && a.group == b.group && a.alpn == b.alpn &&
           a.server == b.server && a.certificate_requested == b.certificate_requested &&
           a.certificates_sent == b.certificates_sent;
}

template <class Server> bool compare(testbed::pki const& pki, tls::protocol_version version) {
    auto const w = measure<tls::wolfssl, Server>(pki, version);
    auto const m = measure<tls::mbedtls, Server>(pki, version);
    sample const& a = w.front();
    sample const& b = m.front();
    auto const number = [](auto n) { return std::to_string(n); };
    auto const time = [](milliseconds t) { return demo::fixed(t.count(), 2) + " ms"; };

    demo::table table(15, 39); // the longest name of a cipher suite
    auto const row = [&](std::string_view label, auto value) { table.row(label, {value(a), value(b)}); };
    table.head(
        name(version), {std::string(tls::wolfssl::name) + " " + std::string(tls::wolfssl::version()),
                        std::string(tls::mbedtls::name) + " " + std::string(tls::mbedtls::version())});
    row("cipher suite", [](sample const& s) { return std::string(name(s.suite)); });
    row("key exchange", [](sample const& s) { return s.group; });
    row("ALPN", [](sample const& s) { return s.alpn; });
    row("server", [](sample const& s) { return s.server; });
    row("asked for cert", [](sample const& s) { return yes_no(s.certificate_requested); });
    row("certs we sent", [&](sample const& s) { return number(*s.certificates_sent); });
    row("bytes sent", [&](sample const& s) { return number(s.sent); });
    row("bytes received", [&](sample const& s) { return number(s.received); });
    table.row("client CPU", {time(median(w, &sample::cpu)), time(median(m, &sample::cpu))});
    table.row("elapsed", {time(median(w, &sample::wall)), time(median(m, &sample::wall))});
    table.print(std::cout);

    bool const same = agree(a, b) && a.version == version && *a.certificates_sent == pki.client.chain.size();
    double const ratio = median(m, &sample::cpu) / median(w, &sample::cpu);
    std::cout << "  " << (same ? "Both negotiated the same." : "They did NOT negotiate the same!")
              << " CPU time of the handshake, " << tls::mbedtls::name << " / " << tls::wolfssl::name << ": "
              << demo::fixed(ratio, 1) << "\n\n";
    return same;
}

/// The server turns away a client that does not say who it is; returns what the client can tell about it.
template <class Backend, class Server> tls::error refused(testbed::pki const& pki, tls::protocol_version version) {
    testbed::server_thread<Server> server(server_for<Server>(pki, 1));
    auto const client = configured<Backend>(pki, version, false);
    if (!client) throw std::runtime_error(tls::explain(client.error()));
    auto const outcome = connect_once(*client, server.port());
    if (outcome) throw std::runtime_error("a server that requires a certificate accepted a client without one");
    return outcome.error();
}

/// One line, where there is no room for everything.
std::string in_short(tls::error const& e) {
    std::string const words = tls::explain(e);
    return words.substr(0, words.find('\n'));
}

/// Both versions, both backends: in full for TLS 1.3, where it surprises people most.
template <class Server> bool explain_refusal(testbed::pki const& pki) {
    bool right = true;
    for (auto const version : {tls::protocol_version::tls_1_3, tls::protocol_version::tls_1_2}) {
        tls::error const errors[]{
            refused<tls::wolfssl, Server>(pki, version), refused<tls::mbedtls, Server>(pki, version)};
        for (tls::error const& e : errors) {
            right = right && e == tls::errc::peer_rejected_certificate && e.handshake.certificates_sent == 0;
            bool const in_full = version == tls::protocol_version::tls_1_3;
            std::string const label = std::string(name(version)) + ", " + e.backend + ": ";
            std::cout << demo::indented(label + (in_full ? tls::explain(e) : in_short(e))) << (in_full ? "\n" : "");
        }
    }
    std::cout << '\n';
    return right;
}

template <class Server> int run(std::string_view library) {
    testbed::pki const pki = testbed::make_pki();
    std::cout << "twintls demo: one client configuration, two TLS libraries, one binary\n\n"
              << "A server on " << library << " inside this process, on the loopback interface, demands a certificate\n"
              << "from its clients. Keys (ECDSA P-256) and certificates have just been made.\n"
              << "Times are the median of " << measured << " handshakes, each library's in one block.\n\n";
    bool right = compare<Server>(pki, tls::protocol_version::tls_1_2);
    right = compare<Server>(pki, tls::protocol_version::tls_1_3) && right;
    std::cout << "Times are this machine's; only their ratio means something. `client CPU` is that of the client's\n"
              << "thread; `elapsed` is wall-clock time and includes the work of the server and of other programs.\n\n"
              << "Now the same server, and a client built with .no_identity(). It sends an EMPTY Certificate\n"
              << "message, as does a client whose certificate was loaded after its session was made. What it learns\n"
              << "(under TLS 1.3 connect() succeeds, and the alert comes with the first read):\n\n";
    right = explain_refusal<Server>(pki) && right;
    std::cout << (right ? "Everything worked as it should.\n" : "SOMETHING IS WRONG, see above.\n");
    return right ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
    std::string_view const server = argc > 1 ? argv[1] : "wolfssl";
    try {
        if (server == "wolfssl" && argc <= 2) return run<testbed::wolfssl_server>(tls::wolfssl::name);
        if (server == "mbedtls" && argc <= 2) return run<testbed::mbedtls_server>(tls::mbedtls::name);
    } catch (std::exception const& e) {
        std::cerr << "the demo failed: " << e.what() << '\n';
        return 1;
    }
    std::cerr << "usage: 03_compare_backends [wolfssl|mbedtls]\n";
    return 2;
}
