// SPDX-License-Identifier: Apache-2.0
#include "parity/parity.hpp"
#include "testbed/process.hpp"
#include "testbed/server_thread.hpp"

#include <arpa/inet.h>
#include <array>
#include <aws_iot_log.h>
#include <chrono>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <netinet/in.h>
#include <network_interface.h>
#include <optional>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <thread>
#include <utility>

namespace {

std::string logged;

std::int64_t now_ms() {
    auto const now = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

} // namespace

extern "C" {

void stand_in_log(char const* format, ...) {
    std::array<char, 8192> text;
    va_list arguments;
    va_start(arguments, format);
    int const size = std::vsnprintf(text.data(), text.size(), format, arguments);
    va_end(arguments);
    logged.append(text.data(), std::min(static_cast<std::size_t>(size), text.size() - 1)).append("\n");
}
void init_timer(Timer* timer) { timer->end = 0; }
void countdown_ms(Timer* timer, std::uint32_t ms) { timer->end = now_ms() + ms; }
bool has_timer_expired(Timer* timer) { return left_ms(timer) == 0; }
std::uint32_t left_ms(Timer* timer) {
    auto const left = timer->end - now_ms();
    return left > 0 ? static_cast<std::uint32_t>(left) : 0;
}

} // extern "C"

/// What the SDK's documentation asks of a network layer, through its table of functions.
namespace parity::aws_iot_cases {
namespace {

using testbed::behaviour;

constexpr std::uint32_t patient = 60'000; // ms: a working test never waits that long

/// A device's files, as the SDK is given them.
struct device {
    explicit device(testbed::credentials const& who)
        : ca(folder.write_file("root.pem", pki().root_pem()).string()),
          certificate(folder.write_file("device.pem", who.chain_pem()).string()),
          key(folder.write_file("device.key", who.private_key->pkcs8_pem()).string()) {}

    testbed::temporary_directory folder{};
    std::string ca;
    std::string certificate;
    std::string key;
    std::string host = "localhost";
};

/// A network of the SDK.
struct network {
    network(device& d, std::uint16_t port, std::uint32_t timeout = patient, bool verify = true) {
        logged.clear();
        REQUIRE(
            iot_tls_init(&n, d.ca.data(), d.certificate.data(), d.key.data(), d.host.data(), port, timeout, verify) ==
            SUCCESS);
    }
    network(network const&) = delete;
    network& operator=(network const&) = delete;
    ~network() { (void)n.destroy(&n); }

    IoT_Error_t connect() { return n.connect(&n, nullptr); }
    IoT_Error_t write(testbed::byte_view from, std::size_t& written, std::uint32_t ms = patient) {
        Timer timer;
        countdown_ms(&timer, ms);
        written = 12345; // must be set, whatever happens
        testbed::bytes copy(from.begin(), from.end());
        return n.write(&n, reinterpret_cast<unsigned char*>(copy.data()), copy.size(), &timer, &written);
    }
    IoT_Error_t read(std::size_t size, testbed::bytes& into, std::uint32_t ms = patient) {
        Timer timer;
        countdown_ms(&timer, ms);
        std::size_t read = 12345;
        into.assign(size, std::byte{0});
        auto const answer = n.read(&n, reinterpret_cast<unsigned char*>(into.data()), size, &timer, &read);
        REQUIRE(read <= size);
        into.resize(read);
        return answer;
    }

    Network n{};
};

template <class P> void choose_backend() { ::setenv("TWINTLS_BACKEND", P::backend::name, 1); }

bool was_logged(std::string_view text) { return logged.find(text) != std::string::npos; }

} // namespace

PARITY_CASE("aws iot: 10 000 small messages over mutual TLS", pairings, P, v) {
    choose_backend<P>();
    device d(pki().client);
    testbed::server_thread<typename P::server> server({.server = strict_server(v)});
    network net(d, server.port());
    REQUIRE_MESSAGE(net.connect() == SUCCESS, logged);
    testbed::bytes got;
    std::size_t written = 0;
    for (std::uint32_t batch = 0; batch != 20; ++batch) {
        testbed::bytes sent;
        for (std::uint32_t i = 0; i != 500; ++i) {
            auto const message = testbed::pattern(1 + i % 40, batch + i);
            REQUIRE(net.write(message, written) == SUCCESS);
            REQUIRE(written == message.size());
            testbed::append(sent, message);
        }
        REQUIRE(net.read(sent.size(), got) == SUCCESS);
        REQUIRE(got == sent);
    }
    // Nothing came, and some but not all: each is told as what it is, with its count.
    CHECK(net.read(5, got, 0) == NETWORK_SSL_NOTHING_TO_READ);
    CHECK(got.empty());
    CHECK(net.read(5, got, 5) == NETWORK_SSL_NOTHING_TO_READ);
    REQUIRE(net.write(testbed::view_of("abc"), written) == SUCCESS);
    REQUIRE(net.read(1, got) == SUCCESS);
    CHECK(net.read(5, got, 5) == NETWORK_SSL_READ_TIMEOUT_ERROR);
    CHECK(got == testbed::to_bytes("bc"));
    CHECK(net.n.isConnected(&net.n) == NETWORK_PHYSICAL_LAYER_CONNECTED);
    CHECK(net.n.disconnect(&net.n) == SUCCESS);
    CHECK(net.n.destroy(&net.n) == SUCCESS);
    CHECK(net.n.destroy(&net.n) == SUCCESS);
    CHECK(net.n.disconnect(&net.n) == SUCCESS);
    CHECK(net.n.isConnected(&net.n) == NETWORK_PHYSICAL_LAYER_CONNECTED); // the SDK asks before it connects again
    CHECK(net.read(1, got) == NETWORK_SSL_READ_ERROR);
    CHECK(net.write(testbed::view_of("x"), written) == NETWORK_SSL_WRITE_ERROR);
    CHECK(written == 0);
    auto const report = server.report();
    CHECK(report.client_leaf == pki().client.leaf().der);
    CHECK(report.peer_closed);
    CHECK(logged.empty());
}

PARITY_CASE("aws iot: one thread reads while another writes", pairings, P, v) {
    choose_backend<P>();
    device d(pki().client);
    testbed::server_thread<typename P::server> server({.server = strict_server(v)});
    network net(d, server.port());
    REQUIRE_MESSAGE(net.connect() == SUCCESS, logged);
    auto const message = testbed::pattern(10'000);
    constexpr int messages = 100; // more than the sockets hold, so that neither can do without the other
    IoT_Error_t sent = SUCCESS;
    std::jthread writer([&] {
        for (int i = 0; i != messages && sent == SUCCESS; ++i) {
            std::size_t written = 0;
            sent = net.write(message, written);
        }
    });
    testbed::bytes got;
    int equal = 0;
    for (int i = 0; i != messages; ++i) {
        IoT_Error_t read = SUCCESS;
        testbed::bytes whole;
        for (int tries = 0; whole.size() != message.size() && tries != 1000; ++tries) {
            read = net.read(message.size() - whole.size(), got);
            if (read != SUCCESS && read != NETWORK_SSL_NOTHING_TO_READ) break;
            testbed::append(whole, got);
        }
        if (whole != message) break;
        ++equal;
    }
    writer.join();
    CHECK(sent == SUCCESS);
    CHECK(equal == messages);
}

PARITY_CASE("aws iot: it connects again, with other parameters too", pairings, P) {
    choose_backend<P>();
    device d(pki().client);
    testbed::server_thread<typename P::server> server(
        {.server = strict_server(protocol_version::tls_1_3), .connections = 3});
    network net(d, server.port());
    testbed::bytes got;
    std::size_t written = 0;
    for (int i = 0; i != 3; ++i) {
        TLSConnectParams other = net.n.tlsConnectParams;
        other.timeout_ms = 50'000;
        REQUIRE_MESSAGE(net.n.connect(&net.n, i == 1 ? &other : nullptr) == SUCCESS, logged);
        CHECK(net.n.tlsConnectParams.timeout_ms == (i == 0 ? patient : 50'000));
        REQUIRE(net.write(testbed::view_of("ping"), written) == SUCCESS);
        REQUIRE(net.read(4, got) == SUCCESS);
        if (i != 1) (void)net.n.disconnect(&net.n); // the second is dropped by the third
    }
    (void)net.n.destroy(&net.n);
    CHECK(server.reports().size() == 3);
}

PARITY_CASE("aws iot: how a connection ends", pairings, P, v) {
    choose_backend<P>();
    device d(pki().client);
    struct ending {
        testbed::behaviour behaviour;
        errc code;
    };
    for (auto const& [behaviour, code] :
         {ending{behaviour::send_then_close, errc::closed}, ending{behaviour::send_then_drop, errc::truncated},
          ending{behaviour::send_then_reset, errc::io_error}}) {
        CAPTURE(tls::name(code));
        testbed::server_thread<typename P::server> server(
            {.server = good_server(v), .behaviour = behaviour, .amount = 3000});
        network net(d, server.port());
        REQUIRE_MESSAGE(net.connect() == SUCCESS, logged);
        testbed::bytes got;
        CHECK(net.read(5000, got) == NETWORK_SSL_READ_ERROR);
        if (code != errc::io_error) CHECK(got == testbed::pattern(3000)); // counted with the error
        CHECK(was_logged(tls::message(code)));
        CHECK(net.read(1, got) == NETWORK_SSL_READ_ERROR);
        CHECK(got.empty());
    }
}

PARITY_CASE("aws iot: after the server's half close data still goes to it", pairings, P, v) {
    choose_backend<P>();
    device d(pki().client);
    testbed::server_thread<typename P::server> server(
        {.server = good_server(v), .behaviour = behaviour::close_then_read, .amount = 100});
    network net(d, server.port());
    REQUIRE_MESSAGE(net.connect() == SUCCESS, logged);
    testbed::bytes got;
    CHECK(net.read(200, got) == NETWORK_SSL_READ_ERROR);
    CHECK(got == testbed::pattern(100));
    CHECK(was_logged(tls::message(errc::closed)));
    std::size_t written = 0;
    CHECK(net.write(testbed::pattern(3000), written) == SUCCESS);
    CHECK(written == 3000);
    CHECK(net.n.disconnect(&net.n) == SUCCESS);
    (void)net.n.destroy(&net.n);
    CHECK(server.report().bytes_received == 3000);
}

PARITY_CASE(
    "aws iot: a refused certificate is explained in the SDK's log, before the first data or with it", pairings, P, v) {
    choose_backend<P>();
    device d(foreign_credentials());
    testbed::server_thread<typename P::server> server({.server = strict_server(v)});
    network net(d, server.port());
    IoT_Error_t const connected = net.connect();
    if (v == protocol_version::tls_1_2) {
        CHECK(connected == SSL_CONNECTION_ERROR);
    } else {
        REQUIRE_MESSAGE(connected == SUCCESS, logged);
        testbed::bytes got;
        CHECK(net.read(4, got) == NETWORK_SSL_READ_ERROR);
        CHECK(got.empty());
    }
    CHECK(was_logged("the server rejected our certificate"));
    CHECK(was_logged("we sent: 1"));
}

PARITY_CASE("aws iot: a server that reads no more, and one that never begins its handshake", pairings, P, v) {
    choose_backend<P>();
    device d(pki().client);
    {
        testbed::server_thread<typename P::server> server(
            {.server = good_server(v), .behaviour = behaviour::stop_reading});
        network net(d, server.port());
        REQUIRE_MESSAGE(net.connect() == SUCCESS, logged);
        std::size_t written = 0;
        auto const much = testbed::pattern(20'000'000);
        CHECK(net.write(much, written, 20) == NETWORK_SSL_WRITE_TIMEOUT_ERROR);
        CHECK(written > 0);
        CHECK(written < much.size());
        while (written != 0) CHECK(net.write(much, written, 20) == NETWORK_SSL_WRITE_TIMEOUT_ERROR);
        testbed::bytes got;
        CHECK(net.read(1, got, 1) == NETWORK_SSL_NOTHING_TO_READ);
        CHECK(logged.empty());
        server.stop();
        CHECK(net.write(much, written) == NETWORK_SSL_WRITE_ERROR);
        CHECK(!logged.empty());
    }
    auto const silent = testbed::listen_on_loopback(); // connected to, and never accepted
    network net(d, silent.port, 1000);
    CHECK(net.connect() == NETWORK_SSL_CONNECT_TIMEOUT_ERROR);
    CHECK(was_logged("deadline"));
}

PARITY_CASE("aws iot: what is wrong with a configuration has a code each", pairings, P) {
    choose_backend<P>();
    device good(pki().client);
    auto const connecting = [&](auto change) {
        device d(pki().client);
        change(d);
        network net(d, testbed::free_loopback_port());
        IoT_Error_t const answer = net.connect();
        CHECK(!logged.empty());
        return answer;
    };
    CHECK(connecting([](device&) {}) == NETWORK_ERR_NET_CONNECT_FAILED);
    CHECK(connecting([](device& d) { d.host = "no.such.host.invalid"; }) == NETWORK_ERR_NET_UNKNOWN_HOST);
    CHECK(connecting([](device& d) { d.ca += ".gone"; }) == NETWORK_X509_ROOT_CRT_PARSE_ERROR);
    CHECK(connecting([](device& d) { d.ca = d.key; }) == NETWORK_X509_ROOT_CRT_PARSE_ERROR);
    CHECK(connecting([](device& d) { d.certificate += ".gone"; }) == NETWORK_X509_DEVICE_CRT_PARSE_ERROR);
    CHECK(connecting([](device& d) { d.certificate = d.key; }) == NETWORK_X509_DEVICE_CRT_PARSE_ERROR);
    CHECK(connecting([](device& d) { d.key += ".gone"; }) == NETWORK_PK_PRIVATE_KEY_PARSE_ERROR);
    CHECK(connecting([](device& d) { d.key = d.certificate; }) == NETWORK_PK_PRIVATE_KEY_PARSE_ERROR);
    device const other(foreign_credentials());
    CHECK(connecting([&](device& d) { d.key = other.key; }) == NETWORK_PK_PRIVATE_KEY_PARSE_ERROR);
    ::setenv("TWINTLS_BACKEND", "no such library", 1);
    CHECK(connecting([](device&) {}) == NETWORK_SSL_INIT_ERROR);
    CHECK(was_logged("no such library"));

    CHECK(iot_tls_init(nullptr, nullptr, nullptr, nullptr, nullptr, 1, 1, true) == NULL_VALUE_ERROR);
    CHECK(iot_tls_connect(nullptr, nullptr) == NULL_VALUE_ERROR);
    CHECK(iot_tls_read(nullptr, nullptr, 0, nullptr, nullptr) == NULL_VALUE_ERROR);
    CHECK(iot_tls_write(nullptr, nullptr, 0, nullptr, nullptr) == NULL_VALUE_ERROR);
    CHECK(iot_tls_disconnect(nullptr) == NULL_VALUE_ERROR);
    CHECK(iot_tls_destroy(nullptr) == NULL_VALUE_ERROR);
    network net(good, 1);
    net.n.tlsConnectParams.pRootCALocation = nullptr;
    CHECK(net.connect() == NULL_VALUE_ERROR);
}

PARITY_CASE("aws iot: the server is verified, or the log says that it is not", pairings, P, v) {
    choose_backend<P>();
    device d(pki().client);
    auto const stranger = testbed::make_pki(testbed::key_kind::p384);
    for (bool const verify : {true, false}) {
        testbed::server_thread<typename P::server> server(
            {.server = testbed::server_options::showing(stranger.server, v)});
        network net(d, server.port(), patient, verify);
        CHECK(net.connect() == (verify ? SSL_CONNECTION_ERROR : SUCCESS));
        CHECK(was_logged(verify ? "trust anchor" : "the server is not verified"));
    }
}

PARITY_CASE("aws iot: MQTT is asked for on port 443, and on no other", pairings, P) {
    choose_backend<P>();
    device d(pki().client);
    auto options = good_server(protocol_version::tls_1_3);
    options.alpn = {"x-amzn-mqtt-ca"};
    {
        testbed::server_thread<typename P::server> server({.server = options});
        network net(d, server.port());
        REQUIRE_MESSAGE(net.connect() == SUCCESS, logged);
        (void)net.n.disconnect(&net.n);
        (void)net.n.destroy(&net.n);
        CHECK(server.report().alpn.empty());
    }
    // Port 443 of a loopback address that nobody else has.
    testbed::unique_fd listening(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(443);
    address.sin_addr.s_addr = htonl(0x7f000000U | 0x010000U | (static_cast<std::uint32_t>(::getpid()) & 0xffffU));
    if (::bind(listening.get(), reinterpret_cast<sockaddr const*>(&address), sizeof address) != 0) {
        MESSAGE("this user may not listen on port 443: not tested");
        return;
    }
    REQUIRE(::listen(listening.get(), 1) == 0);
    std::array<char, INET_ADDRSTRLEN> text{};
    d.host = ::inet_ntop(AF_INET, &address.sin_addr, text.data(), text.size());
    std::optional<testbed::server_thread<typename P::server>> server;
    std::jthread accepting([&] {
        server.emplace(
            testbed::thread_options{.server = options},
            testbed::unique_fd(::accept(listening.get(), nullptr, nullptr)));
    });
    network net(d, 443, patient, false); // it has no certificate for that address
    REQUIRE_MESSAGE(net.connect() == SUCCESS, logged);
    (void)net.n.disconnect(&net.n);
    (void)net.n.destroy(&net.n);
    accepting.join();
    REQUIRE(server);
    CHECK(server->report().alpn == "x-amzn-mqtt-ca");
}

} // namespace parity::aws_iot_cases
