// SPDX-License-Identifier: Apache-2.0
// Runs an example as its users do, as a program of its own against a server on a free loopback port.
//
//   run_example <scenario> <folder of the examples>
//
// Exit status 0: all is well; 1: something is wrong, and the output says what; 77: skipped, and the output says why.
#include "broker.hpp"
#include "scenario.hpp"
#include "testbed/crl_factory.hpp"
#include "testbed/soft_tokens.hpp"

#include <algorithm>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

namespace {

using namespace scenario;

int times(std::string const& in, std::string const& text) {
    int found = 0;
    for (std::size_t at = in.find(text); at != std::string::npos; at = in.find(text, at + 1)) ++found;
    return found;
}

template <class Server> void connect_to(pki const& p, files const& f) {
    std::string const example = program("01_connect");
    server_thread<Server> server(open_server(p, 3));
    std::string const port = std::to_string(server.port());
    run({example, "localhost", port, f.ca}, 0, {"TLS 1.3, TLS_", "x25519", "HEAD / HTTP/1.0"});
    run({"env", "SSL_CERT_FILE=" + f.ca, example, "127.0.0.1", port}, 0, {"TLS 1.3"});
    run({example, "localhost", port, f.chain}, 1, {"trust anchor"});
    expect(server.reports().size() == 3, "the server was not reached three times", "");
}

void connect() {
    pki const p = make_pki();
    files const f(p);
    connect_to<wolfssl_server>(p, f);
    connect_to<mbedtls_server>(p, f);
    std::string const example = program("01_connect");
    run({example}, 2, {"usage: "});
    run({example, "localhost", std::to_string(free_loopback_port()), f.ca}, 1, {"no address of the host accepted"});
    run({example, "localhost", "1", f.ca + ".missing"}, 1, {"no such file or folder", "ca.pem.missing"});
}

template <class Server> void mutual_tls_with(pki const& p, files const& f, tls::protocol_version version) {
    std::string const example = program("02_mutual_tls");
    server_thread<Server> server(mutual_server(p, 2, version));
    std::string const port = std::to_string(server.port());
    std::vector<std::string> const good{
        std::string(name(version)) + ", the server asked for a certificate: yes, certificates sent: 2", "accepted: "};
    run({example, "localhost", port, f.ca, f.chain, f.key}, 0, good);
    run({example, "localhost", port, f.ca, f.chain, f.locked_key, "secret"}, 0, good);
    for (auto const& report : server.reports())
        expect(report.client_leaf == p.client.leaf().der, "the server did not see the client's certificate", "");

    // A server that trusts other authorities.
    thread_options stranger = mutual_server(p, 1, version);
    stranger.server.client_anchors = {make_pki(key_kind::p384).root.certificate};
    server_thread<Server> refusing(stranger);
    run({example, "localhost", std::to_string(refusing.port()), f.ca, f.chain, f.key}, 1,
        {"the server rejected our certificate", "the server asked for a client certificate: yes", "we sent: 2"});
}

void mutual_tls() {
    pki const p = make_pki();
    files const f(p);
    for (auto const version : {tls::protocol_version::tls_1_2, tls::protocol_version::tls_1_3}) {
        mutual_tls_with<wolfssl_server>(p, f, version);
        mutual_tls_with<mbedtls_server>(p, f, version);
    }
    std::string const example = program("02_mutual_tls");
    run({example, "localhost", "1", f.ca, f.chain, f.server_key}, 1, {"does not belong to the certificate"});
    run({example, "localhost", "1", f.ca, f.chain, f.locked_key, "wrong"}, 1, {"of the private key is wrong"});
    run({example, "localhost", "1", f.ca, f.chain, f.locked_key}, 1, {"no password was given"});
}

void compare_backends() {
    for (char const* const server : {"wolfssl", "mbedtls"}) {
        std::string const output =
            run({program("03_compare_backends"), server}, 0,
                {"Nothing differs.", "Mbed TLS needs ", " times the processor time of wolfSSL.",
                 "the server requires a certificate and we sent none", "native error: wolfSSL",
                 "native error: Mbed TLS", "Everything worked"});
        expect(output.find("not measured") == output.npos, "something was not measured", output);
        std::size_t longest = 0;
        for (std::size_t at = 0; at < output.size();) {
            std::size_t const end = std::min(output.find('\n', at), output.size());
            longest = std::max(longest, end - at);
            at = end + 1;
        }
        expect(longest <= 100, "a line of the demo is " + std::to_string(longest) + " columns wide", output);
    }
    run({program("03_compare_backends"), "openssl"}, 2, {"usage: "});
}

void asio() {
    pki const p = make_pki();
    files const f(p);
    std::string const example = program("08_asio");
    server_thread<mbedtls_server> server(mutual_server(p, 1, tls::protocol_version::tls_1_3));
    std::string const port = std::to_string(server.port());
    run({example, "localhost", port, f.ca, f.chain, f.key}, 0, {"TLS 1.3, TLS_", "GET / HTTP/1.0"});
    expect(server.report().peer_closed, "the connection was cut off", "");

    server_thread<wolfssl_server> impostor({.server = server_options::showing(make_pki(key_kind::p384).server)});
    run({example, "localhost", std::to_string(impostor.port()), f.ca}, 1, {"trust anchor"});
    run({example, "localhost", std::to_string(free_loopback_port()), f.ca}, 1, {"refused"});
    run({example}, 2, {"usage: "});
}

void nonblocking() {
    pki const p = make_pki();
    files const f(p);
    server_thread<mbedtls_server> server(open_server(p, 8));
    run({program("05_nonblocking"), "localhost", std::to_string(server.port()), f.ca, "8"}, 0,
        {"8 of 8 connections got their line back"});
    for (auto const& report : server.reports()) expect(report.peer_closed, "a connection was cut off", "");

    server_thread<wolfssl_server> impostor({.server = server_options::showing(make_pki(key_kind::p384).server)});
    run({program("05_nonblocking"), "localhost", std::to_string(impostor.port()), f.ca, "1"}, 1,
        {"trust anchor", "0 of 1 connections"});
}

/// Both backends connect twice to a server with tickets, and each says that its second session was resumed.
template <class Server> void resumption_with(pki const& p, files const& f, tls::protocol_version version) {
    auto options = server_options::showing(p.server, version);
    options.tickets = true;
    options.keys = std::make_shared<ticket_keys>();
    server_thread<Server> server({.server = options, .connections = 4});
    std::string const tls(name(version));
    std::string const output =
        run({program("06_resumption"), "localhost", std::to_string(server.port()), f.ca}, 0,
            {"wolfSSL, " + tls, "Mbed TLS, " + tls, "sent and verified", "remembered, verified "});
    for (char const* const text : {"no ticket for this server", "accepted by the server", "remembered, "})
        expect(times(output, text) == 2, "not said for each of the two backends: " + std::string(text), output);
    int resumed = 0;
    for (auto const& report : server.reports()) resumed += report.resumed ? 1 : 0;
    expect(resumed == 2, "the server resumed " + std::to_string(resumed) + " sessions instead of two", output);
}

void resumption() {
    pki const p = make_pki();
    files const f(p);
    for (auto const version : {tls::protocol_version::tls_1_2, tls::protocol_version::tls_1_3}) {
        resumption_with<wolfssl_server>(p, f, version);
        resumption_with<mbedtls_server>(p, f, version);
    }
    // The example must work with a server without tickets too.
    server_thread<mbedtls_server> server(open_server(p, 4));
    std::string const without =
        run({program("06_resumption"), "localhost", std::to_string(server.port()), f.ca}, 0, {"no ticket"});
    expect(times(without, "sent and verified") == 4, "not four full handshakes", without);
    run({program("06_resumption")}, 2, {"usage: "});
    run({program("06_resumption"), "localhost", "1", f.ca + ".missing"}, 1, {"no such file or folder"});
}

void static_memory() {
    pki const p = make_pki();
    files const f(p);
    auto const line = [&](char const* backend, char const* kib, unsigned port) {
        return arguments{program("07_static_memory"), backend, kib,     "localhost",
                         std::to_string(port),        f.ca,    f.chain, f.key};
    };
    for (auto const version : {tls::protocol_version::tls_1_2, tls::protocol_version::tls_1_3}) {
        server_thread<mbedtls_server> server(mutual_server(p, 2, version));
        std::cout << name(version) << '\n'
                  << run(line("wolfssl", "40", server.port()), 0, {"with a session: "})
                  << run(line("mbedtls", "80", server.port()), 0, {"with a session: "}); // two records of 16 KiB
    }
    for (char const* const backend : {"wolfssl", "mbedtls"}) run(line(backend, "8", 1), 1, {"out of memory"});
    run({program("07_static_memory")}, 2, {"usage: "});
}

/// A key that both have, one that differs, and one that is none.
void psk() {
    std::string const example = program("11_psk");
    std::string const digits = "000102030405060708090a0b0c0d0e0f";
    server_options with_key;
    with_key.psk = {"device 17", bytes{}};
    for (unsigned i = 0; i != 16; ++i) with_key.psk->key.push_back(static_cast<std::byte>(i));
    server_thread<mbedtls_server> server({.server = with_key, .connections = 2});
    auto const meet = [&](std::string const& key, int status, std::vector<std::string> const& texts) {
        run({"env", "TWINTLS_PSK=" + key, example, "localhost", std::to_string(server.port()), "device 17"}, status,
            texts);
    };
    meet(digits, 0, {"TLS 1.3, TLS_", "authenticated by pre-shared key", "hello"});
    meet(digits.substr(2) + "00", 1, {"the server does not have the same pre-shared key"});
    meet("secret", 1, {"this pre-shared key cannot be used: key: less than 16 bytes"});
    run({example}, 2, {"usage: "});
    expect(server.reports().size() == 2, "the server was not reached twice", "");
}

/// Pins, revocation lists, a server trusted as it is, and the example's own rule.
void whom_we_trust() {
    pki const p = make_pki();
    files const f(p);
    std::string const example = program("10_whom_we_trust");
    server_thread<wolfssl_server> server(open_server(p, 8));
    auto const meet = [&](std::vector<std::string> const& more, int status, std::vector<std::string> const& texts) {
        arguments line{example, "localhost", std::to_string(server.port()), f.ca};
        line.insert(line.end(), more.begin(), more.end());
        return run(line, status, texts);
    };
    std::string const said =
        meet({}, 0, {"2 certificates were sent, 3 are on the path", p.server.leaf().pem(), "pin=sha256/"});
    std::string const pin = said.substr(said.rfind("pin="), 55);
    std::string const spare = "pin=sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    meet({spare, pin}, 0, {pin});
    meet({spare}, 1, {"the server's key is not one of those pinned", pin.substr(4)});

    std::string const of_root = crl_pem(issue_crl({}, p.root));
    crl_spec against;
    against.revoked = {{.serial = serial_of(p.server.leaf()), .reason = 1}};
    temporary_directory const good;
    (void)good.write_file("root.crl", of_root);
    (void)good.write_file("intermediate.crl", crl_pem(issue_crl({}, p.server_intermediate)));
    meet({"crls=" + good.path().string()}, 0, {"are on the path"});
    auto const bad = f.folder.write_file("bad.crl", of_root + crl_pem(issue_crl(against, p.server_intermediate)));
    meet({"crls=" + bad.string()}, 1, {"is revoked", "key compromise"});
    meet({"crls=" + (good.path() / "root.crl").string()}, 1, {"no revocation list covers"});
    auto const leaf = f.folder.write_file("leaf.pem", p.server.leaf().pem());
    meet({"exactly=" + leaf.string()}, 0, {"2 certificates were sent, 1 are on the path"});

    auto old = server_spec();
    old.not_before = now() - std::chrono::days(1);
    old.not_after = now() + std::chrono::days(900);
    server_thread<mbedtls_server> for_years({.server = server_options::showing(p.server_with(old)), .connections = 1});
    run({example, "localhost", std::to_string(for_years.port()), f.ca}, 1,
        {"it says: its certificate lives for years"});
    run({example}, 2, {"usage: "});
    run({example, "localhost", "1", f.ca, "pin=x"}, 1, {"not a pin: x"});
}

void how_we_talk() {
    pki const p = make_pki();
    files const f(p);
    std::string const example = program("13_how_we_talk");
    auto const with = [&](std::string const& backend, unsigned port, std::vector<std::string> const& more) {
        arguments line{example, backend, "127.0.0.1", std::to_string(port), f.ca};
        line.insert(line.end(), more.begin(), more.end());
        return line;
    };
    std::string const other = make_pki(key_kind::rsa_2048).client.chain_pem();
    std::string const stranger = f.folder.write_file("other.pem", other).string() + "," + f.key;
    std::string const ours = "identity=" + f.chain + "," + f.key;
    for (std::string const backend : {"wolfssl", "mbedtls"}) {
        server_thread<wolfssl_server> server(mutual_server(p, 2, tls::protocol_version::tls_1_3));
        run(with(backend, server.port(), {"localhost", "profile=constrained_2026", "fragment=512", ours, ours}), 0,
            {"TLS 1.3, TLS_AES_128_GCM_SHA256", "records of the server: at most 512",
             "identity 1: ", "tls-exporter: "});
        run(with(backend, server.port(), {"another.example", ours}), 1, {"another.example"});
        run(with(backend, 1, {"localhost", "identity=" + stranger}), 1, {"identity 1, ", "does not belong"});
        run(with(backend, 1, {"localhost", "profile=x"}), 1, {": x"});
    }
    server_thread<mbedtls_server> silent(open_server(p, 1));
    run(with("wolfssl", silent.port(), {"localhost", "stapled"}), 1, {"no OCSP status"});
    run(with("mbedtls", 1, {"localhost", "stapled"}), 1, {"OCSP stapling"});
    run(with("mbedtls", 1, {"localhost", "fragment=x"}), 2, {"usage: "});
    run({example}, 2, {"usage: "});
}

/// A token of SoftHSM signs for clients of both backends, at once and later.
int secure_element() {
    auto const module = soft_tokens::module();
    if (!module) {
        std::cout << "SKIPPED: softhsm2 is not installed (Debian: apt-get install softhsm2)\n";
        return skipped;
    }
    pki const p = make_pki();
    files const f(p);
    soft_tokens const tokens;
    tokens.add_token("device");
    tokens.add_key("device", *p.client.private_key, "tls", "01");
    std::string example = "09_secure_element";
    auto const line = [&](std::string const& backend, unsigned port, std::string const& key, std::string_view pin) {
        return arguments{
            "env",
            "TOKEN_PIN=" + std::string(pin),
            program(example),
            backend,
            "localhost",
            std::to_string(port),
            f.ca,
            f.chain,
            module->string(),
            "device",
            key};
    };
    for (auto const version : {tls::protocol_version::tls_1_2, tls::protocol_version::tls_1_3}) {
        server_thread<mbedtls_server> server(mutual_server(p, 2, version));
        std::string const said = std::string(name(version)) + ", signed by token device: ";
        run(line("wolfssl", server.port(), "tls", soft_tokens::pin), 0, {"wolfSSL, " + said});
        run(line("mbedtls", server.port(), "tls", soft_tokens::pin), 0, {"Mbed TLS, " + said});
        for (auto const& report : server.reports())
            expect(report.client_leaf == p.client.leaf().der, "the server did not see the client's certificate", "");
    }
    run(line("mbedtls", 1, "tls", "000000"), 1, {"token device, CKR_PIN_INCORRECT"});
    run(line("wolfssl", 1, "another", soft_tokens::pin), 1, {"no private key", "key another"});
    run({program("09_secure_element")}, 2, {"usage: "});

    example = "12_deferred_signature";
    for (auto const version : {tls::protocol_version::tls_1_2, tls::protocol_version::tls_1_3}) {
        server_thread<mbedtls_server> server(mutual_server(p, 6, version));
        run(line("wolfssl", server.port(), "tls", soft_tokens::pin), 0, {"wolfSSL: 3 handshakes in one thread"});
        run(line("mbedtls", server.port(), "tls", soft_tokens::pin), 0, {"Mbed TLS: 3 handshakes in one thread"});
        for (auto const& report : server.reports())
            expect(report.client_leaf == p.client.leaf().der, "the server did not see the client's certificate", "");
    }
    run(line("mbedtls", 1, "another", soft_tokens::pin), 1, {"no private key", "key another"});
    run({program(example)}, 2, {"usage: "});
    return 0;
}

/// 04's command line.
arguments mqtt(std::string const& backend, unsigned port, files const& f, arguments const& more) {
    arguments line{
        program("04_mqtt_publish_subscribe"),
        "--backend",
        backend,
        "--host",
        "localhost",
        "--port",
        std::to_string(port),
        "--ca",
        f.ca,
        "--cert",
        f.chain,
        "--key",
        f.key};
    line.insert(line.end(), more.begin(), more.end());
    return line;
}

void mqtt_arguments() {
    files const f(make_pki());
    std::string const example = program("04_mqtt_publish_subscribe");
    run({example, "--help"}, 0, {"usage: "});
    run({example}, 2, {"--backend is missing", "usage: "});
    run({example, "--backend", "openssl"}, 2, {"not a value for --backend: openssl"});
    run({example, "--backend", "wolfssl", "--host", "h", "--ca", "c", "--cert", "c"}, 2, {"--key is missing"});
    run(mqtt("wolfssl", 1, f, {"--port"}), 2, {"--port needs a value"});
    for (char const* const port : {"0", "65536", "-1", "80x", "x", "99999999999999999999"})
        run(mqtt("wolfssl", 1, f, {"--port", port}), 2, {"not a value for --port"});
    run(mqtt("wolfssl", 1, f, {"--tls", "1.1"}), 2, {"not a value for --tls"});
    run(mqtt("wolfssl", 1, f, {"--frobnicate", "1"}), 2, {"no such option: --frobnicate"});
    run(mqtt("wolfssl", 1, f, {"--topic", "a/#"}), 2, {"wildcards"});
    run(mqtt("wolfssl", 1, f, {"--publish-only", "--subscribe-only"}), 2, {"exclude each other"});
    for (char const* const backend : {"wolfssl", "mbedtls"}) {
        run(mqtt(backend, free_loopback_port(), f, {}), 1, {"connecting: no address of the host accepted"});
        run(mqtt(backend, 1, f, {"--key", f.server_key}), 1, {"configuring: ", "does not belong to the certificate"});
        run(mqtt(backend, 1, f, {"--ca", f.ca + ".gone"}), 1, {"configuring: no such file or folder", "ca.pem.gone"});
    }
}

/// One backend subscribes, one publishes, and the subscriber gets the message.
void send_across(
    broker const& b, files const& f, std::string const& from, std::string const& to, std::string const& tls) {
    std::string const label = "TLS " + tls + ", from " + from + " to " + to;
    std::string const message = "hello over " + label;
    arguments const common{"--tls", tls, "--topic", "twintls/" + from + "/" + to + "/" + tls, "--count", "1"};
    auto const line = [&](std::string const& backend, arguments more) {
        more.insert(more.end(), common.begin(), common.end());
        return mqtt(backend, b.port(), f, more);
    };
    process subscriber(line(to, {"--subscribe-only"}));
    expect(
        subscriber.wait_for_output("subscribed to twintls/", patience), label + ": no subscription",
        subscriber.output());
    run(line(from, {"--publish-only", "--message", message}), 0, {"TLS " + tls, "published to twintls/"});
    outcome const received = finish(subscriber, "the subscriber");
    expect(
        received.status == 0 && received.output.find(": " + message + "\n") != std::string::npos &&
            received.output.find(": TLS " + tls + ", ") != std::string::npos,
        label + ": the message was not received", received.output);
    std::cout << label << ": received\n";
}

int mqtt_mosquitto() {
    auto const executable = find_program("mosquitto");
    if (!executable) {
        std::cout << "SKIPPED: mosquitto is not installed (Debian: apt-get install mosquitto)\n";
        return skipped;
    }
    for (key_kind const kind : {key_kind::p256, key_kind::rsa_2048}) {
        pki const p = make_pki(kind);
        files const f(p);
        broker const b(executable->string(), f);
        for (char const* const tls : {"1.2", "1.3"}) {
            send_across(b, f, "wolfssl", "mbedtls", tls);
            send_across(b, f, "mbedtls", "wolfssl", tls);
            // A certificate of another authority, under the same names.
            files const stranger(make_pki(kind == key_kind::p256 ? key_kind::p384 : key_kind::p256));
            for (char const* const backend : {"wolfssl", "mbedtls"}) {
                std::string const output =
                    run(mqtt(backend, b.port(), f, {"--tls", tls, "--count", "3"}), 0, {"connected to"});
                for (char const* const n : {"[1]", "[2]", "[3]"})
                    expect(
                        output.find(std::string("received on test/topic: Hello World! ") + n) != std::string::npos,
                        std::string(backend) + " did not receive message " + n, output);
                run(mqtt(backend, b.port(), f, {"--tls", tls, "--cert", stranger.chain, "--key", stranger.key}), 1,
                    {"the server rejected our certificate", "alert 48 unknown_ca", "we sent: 2"});
            }
        }
    }
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    return run_one(
        {{"connect", always(connect)},
         {"mutual_tls", always(mutual_tls)},
         {"compare_backends", always(compare_backends)},
         {"nonblocking", always(nonblocking)},
         {"resumption", always(resumption)},
         {"static_memory", always(static_memory)},
         {"secure_element", secure_element},
         {"whom_we_trust", always(whom_we_trust)},
         {"psk", always(psk)},
         {"how_we_talk", always(how_we_talk)},
         {"asio", always(asio)},
         {"mqtt_arguments", always(mqtt_arguments)},
         {"mqtt_mosquitto", mqtt_mosquitto}},
        argc, argv);
}
