// SPDX-License-Identifier: Apache-2.0
// Runs tls-doctor as its users do; arguments and exit status as run_example.
#include "../tls_doctor/explanation.hpp"
#include "../tls_doctor/options.hpp"
#include "scenario.hpp"
#include "testbed/scripted_peer.hpp"
#include <tls/configuration/preflight.hpp>
#include <tls/diagnosis/explain.hpp>

#include <algorithm>
#include <array>
#include <iostream>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <thread>
#include <utility>
#include <vector>

namespace {

using namespace scenario;

constexpr int both_good = 0;
constexpr int both_failed = 3;
constexpr int bad_usage = 64;
constexpr int bad_configuration = 65;

std::string at(unsigned port) { return "localhost:" + std::to_string(port); }

/// Nobody at a command line has to know C++.
void expect_words_of_options(std::string const& output) {
    for (std::string_view const word :
         {"::from", "tls::", "::dns", ".trust", ".psk", ".identity", "_identity(", ".alpn", ".versions", ".suites",
          ".groups", ".signature_schemes", "trust_anchors", "from_pem", "argument of", "()", "(...)", "{@", "@}"})
        expect(output.find(word) == output.npos, "C++ at a command line: " + std::string(word), output);
}

/// Wherever there is a heading of causes, causes follow, numbered from one.
void expect_causes(std::string const& output) {
    std::string const heading = "likely causes, the likeliest first:\n";
    for (std::size_t at = output.find(heading); at != output.npos; at = output.find(heading, at + 1)) {
        std::string const rest = output.substr(at + heading.size());
        expect(rest.substr(rest.find_first_not_of(' ')).starts_with("1. "), "no causes under their heading", output);
        expect(rest.find(" 2. ") != rest.npos, "a list of one", output);
    }
}

/// What holds for everything tls-doctor prints.
void expect_readable(std::string const& output) {
    for (std::size_t start = 0; start < output.size();) {
        std::size_t const end = std::min(output.find('\n', start), output.size());
        expect(end - start <= 100, "a line of more than 100 columns: " + output.substr(start, end - start), output);
        start = end + 1;
    }
    expect_words_of_options(output);
    bool const ascii = std::ranges::all_of(output, [](char c) { return (c >= ' ' && c <= '~') || c == '\n'; });
    expect(ascii, "not plain ASCII", output);
}

std::string doctor(arguments more, int status, std::vector<std::string> const& texts) {
    more.insert(more.begin(), program("tls-doctor"));
    std::string output = run(more, status, texts);
    expect_readable(output);
    expect_causes(output);
    return output;
}

std::size_t count(std::string_view text, std::string_view wanted) {
    std::size_t n = 0;
    for (std::size_t found = text.find(wanted); found != text.npos; found = text.find(wanted, found + 1)) ++n;
    return n;
}

void expect_once(std::string const& output, std::string_view text) {
    expect(count(output, text) == 1, "not exactly once: " + std::string(text), output);
}

constexpr tls::protocol_version versions[] = {tls::protocol_version::tls_1_2, tls::protocol_version::tls_1_3};

std::string option(tls::protocol_version v) { return v == tls::protocol_version::tls_1_2 ? "--tls1.2" : "--tls1.3"; }

template <class Server> void good_with(pki const& p, files const& f) {
    thread_options options = open_server(p, 2);
    options.server.alpn = {"mqtt"};
    server_thread<Server> open(options);
    auto const output = doctor(
        {at(open.port()), "--ca", f.ca, "--alpn", "http/1.1,mqtt", "--trace"}, both_good,
        {"wolfSSL 5.", "Mbed TLS 3.", "names          localhost, server.example, *.wild.example, 127.0.0.1, ::1",
         " days left", "note: we have no certificate", "-> handshake", "ClientHello", "Nothing differs.",
         "processor time ", "round trips "});
    expect(output.find("not measured") == output.npos, "allocations are not counted", output);
    expect_once(output, "The server's certificate:");
    expect(count(output, "TLS 1.3  ") == 1 && count(output, "mqtt  ") == 1, "a fact is missing", output);
    for (auto const& report : open.reports())
        expect(report.established && report.alpn == "mqtt", "the server did not negotiate", output);

    for (auto const v : versions) {
        bool const names_authorities = std::string_view(Server::library) == "mbedtls" && v == versions[0];
        server_thread<Server> server(mutual_server(p, names_authorities ? 6 : 4, v));
        std::vector<std::string> const texts{
            std::string(name(v)) + "  ", "asked for cert    yes", "certs we sent     2", "authorities    "};
        arguments line{at(server.port()), "--ca", f.ca, "--cert", f.chain, "--key", f.key};
        if (names_authorities) // wolfSSL's server never does
            doctor(line, both_good, {"ours is among them"});
        // Without tickets a TLS 1.3 server has nothing to say after the handshake.
        auto const said = doctor(line, both_good, texts);
        expect(
            count(said, v == versions[0] ? "we are accepted   yes" : "we are accepted   not known: it is silent") == 1,
            "not what is known of our acceptance", said);
        line.back() = f.locked_key;
        line.insert(line.end(), {"--password-file", f.folder.write_file("password", "secret\n").string()});
        doctor(line, both_good, texts);
        for (auto const& report : server.reports())
            expect(report.client_leaf == p.client.leaf().der, "the server did not see our certificate", "");
    }
}

void good() {
    pki const p = make_pki();
    files const f(p);
    good_with<wolfssl_server>(p, f);
    good_with<mbedtls_server>(p, f);
}

/// The certificate that never reaches the server: the text must name the cause.
template <class Server> void no_certificate_with(pki const& p, files const& f) {
    for (auto const v : versions) {
        server_thread<Server> server(mutual_server(p, 2, v));
        auto const output = doctor(
            {at(server.port()), "--ca", f.ca, option(v)}, both_failed,
            {"the server requires a certificate and we sent none", "native error: wolfSSL", "native error: Mbed TLS",
             "the server asked for a client certificate: yes", "try: give --cert and --key a certificate and its key",
             "was started with: no certificate (no --cert)"});
        expect_once(output, "FAILED with both:");
        expect_once(output, "the server requires a certificate and we sent none");
    }
}

void no_certificate() {
    pki const p = make_pki();
    files const f(p);
    no_certificate_with<wolfssl_server>(p, f);
    no_certificate_with<mbedtls_server>(p, f);
    // A certificate of an authority the server does not know.
    files const stranger(make_pki(key_kind::p384));
    server_thread<mbedtls_server> server(mutual_server(p, 2, versions[1]));
    doctor(
        {at(server.port()), "--ca", f.ca, "--cert", stranger.chain, "--key", stranger.key}, both_failed,
        {"FAILED with both:", "alert 48 unknown_ca"});
}

void bad_server() {
    pki const p = make_pki();
    files const f(p);
    {
        server_thread<wolfssl_server> server(open_server(p, 2));
        auto const output = doctor(
            {at(server.port()), "--ca", f.ca, "--name", "other.example"}, both_failed,
            {", as other.example", "the server's certificate is for another name", "on our side or on the server's",
             "\nAddresses tried:\n", "127.0.0.1  connected\n"});
        expect_once(output, "FAILED with both:");
    }
    {
        server_thread<wolfssl_server> server(open_server(p, 4));
        doctor({at(server.port()), "--ca", f.chain}, both_failed, {"FAILED with both:", "warning: "});
        auto const output = doctor({at(server.port()), "--insecure"}, both_good, {"any server is accepted"});
        expect_once(output, "The server's certificate:");
    }
    {
        auto spec = server_spec();
        spec.not_before = now() - std::chrono::hours(48);
        spec.not_after = now() - std::chrono::hours(24);
        server_thread<mbedtls_server> server(
            {.server = server_options::showing(p.server_with(spec)), .connections = 4});
        doctor({at(server.port()), "--ca", f.ca}, both_failed, {"FAILED with both:", "has expired"});
        doctor({at(server.port()), "--insecure"}, both_good, {"EXPIRED"});
    }
    auto const output = doctor(
        {at(free_loopback_port()), "--ca", f.ca}, both_failed,
        {"FAILED with both:", "no address of the host accepted the connection: localhost", "\nAddresses tried:\n",
         "\n  127.0.0.1  Connection refused\n"});
    expect_once(output, "127.0.0.1");
    doctor(
        {at(free_loopback_port()), "--suites"}, both_failed,
        {"FAILED with both:", "no address of the host accepted the connection: localhost"});
}

/// Answers two connections as a web server without TLS does.
class web_server {
public:
    web_server() : accepting_([this] { accept_two(); }) {}
    web_server(web_server const&) = delete;
    web_server& operator=(web_server const&) = delete;
    ~web_server() {
        ::shutdown(listening_.fd.get(), SHUT_RDWR); // wakes an accept that nobody connects to
        accepting_.join();
    }
    [[nodiscard]] unsigned port() const { return listening_.port; }

private:
    void accept_two() {
        std::string_view const answer = "HTTP/1.1 400 Bad Request\r\n\r\n";
        auto const bytes = std::as_bytes(std::span(answer));
        for (auto& peer : peers_) {
            unique_fd socket(::accept(listening_.fd.get(), nullptr, nullptr));
            if (!socket.valid()) return;
            std::vector<action> script{
                action::receive_record(), action::send({bytes.begin(), bytes.end()}), action::finish()};
            peer.emplace(std::move(script), std::move(socket));
        }
    }

    listener listening_ = listen_on_loopback();
    std::array<std::optional<scripted_peer>, 2> peers_{};
    std::thread accepting_;
};

void not_tls() {
    pki const p = make_pki();
    files const f(p);
    web_server const web;
    // Only wolfSSL sends an alert, and only its part may say so.
    auto const output = doctor(
        {at(web.port()), "--ca", f.ca}, both_failed,
        {"FAILED with both: wolfSSL 5.", "with wolfSSL 5.", ": we sent: alert", "native error: Mbed TLS"});
    expect_once(output, "the peer does not speak TLS");
    expect_once(output, "HTTP/");
    // A server that says nothing until the deadline.
    server_thread<mbedtls_server> silent(
        {.server = server_options::showing(p.server), .behaviour = behaviour::silent, .connections = 2});
    doctor(
        {at(silent.port()), "--ca", f.ca, "--timeout", "100"}, both_failed,
        {"FAILED with both:", "the deadline passed, during the handshake"});
}

/// What goes into a public issue: the circumstances and the explanation, and nothing private.
void report() {
    pki const p = make_pki();
    files const f(p);
    std::string const password = f.folder.write_file("password", "secret\n").string();
    auto const expect_no_secrets = [&](std::string const& output) {
        std::string const folder = f.folder.path().filename().string();
        for (std::string const& secret :
             {folder, std::string("client.key"), std::string("locked.key"), std::string("server.key"),
              std::string("server.pem"), std::string("ca.pem"), std::string("secret"), std::string("BEGIN")})
            expect(count(output, secret) == 0, "it tells " + secret, output);
    };

    std::vector<std::string> const about_the_build{
        "twintls    " + std::string(tls::version()),
        "compiler   ",
        "system     ",
        "wolfSSL    5.",
        "Mbed TLS   3.",
        ", without "};
    doctor({"--report"}, both_good, about_the_build);

    server_thread<wolfssl_server> server(mutual_server(p, 4, versions[1]));
    auto texts = about_the_build;
    texts.insert(
        texts.end(), {"the server requires a certificate and we sent none", "versions   TLS 1.3 to TLS 1.3",
                      "trust      1 authority (--ca)", "identity   none", "Records, wolfSSL 5.", "ClientHello"});
    expect_no_secrets(doctor({at(server.port()), "--report", "--ca", f.ca, "--tls1.3"}, both_failed, texts));
    expect_no_secrets(doctor(
        {at(server.port()), "--report", "--ca", f.ca, "--cert", f.chain, "--key", f.locked_key, "--password-file",
         password, "--alpn", "mqtt"},
        both_good, {"identity   2 certificates (--cert), the key EC 256, encrypted", "ALPN       mqtt"}));

    // What cannot be used is named by its option.
    arguments const mutual{"localhost:1", "--report", "--cert", f.chain, "--ca"};
    auto const refused = [&](std::vector<std::string> const& more, std::string const& text) {
        arguments line = mutual;
        line.insert(line.end(), more.begin(), more.end());
        expect_no_secrets(doctor(line, bad_configuration, {text}));
    };
    refused({f.ca + ".missing", "--key", f.key}, "the file of --ca");
    refused({f.ca, "--key", f.server_key}, "the file of --key");
    refused({f.ca, "--key", f.locked_key}, "the file of --key");
    refused({f.ca, "--key", f.server_chain}, "the file of --key");
    refused({f.ca, "--key", f.locked_key, "--password-file", f.ca + ".missing"}, "the file of --password-file");
    // And so is what in it is at fault.
    auto const page = f.folder.write_file("page.pem", "<html>404</html>").string();
    refused({page, "--key", f.key}, "the file of --ca, HTML or XML");
    refused({f.ca, "--key", page}, "the file of --key, HTML or XML");
}

void usage_errors() {
    pki const p = make_pki();
    files const f(p);
    doctor({"--help"}, both_good, {"usage: tls-doctor", "exit status: 0", "65"});
    std::pair<arguments, std::string> const wrong[] = {
        {{}, "HOST:PORT is missing"},
        {{"localhost"}, "the port is missing: localhost"},
        {{"localhost:"}, "not a number from 1 to 65535: "},
        {{"localhost:0"}, "not a number from 1 to 65535: 0"},
        {{"localhost:65536"}, "not a number from 1 to 65535: 65536"},
        {{"localhost:https"}, "not a number from 1 to 65535: https"},
        {{"localhost:-1"}, "not a number from 1 to 65535: -1"},
        {{":443"}, "the host is missing: :443"},
        {{"2001:db8::1:443"}, "goes in brackets, as in [2001:db8::1]:8883: 2001:db8::1:443"},
        {{"[::1]"}, "not [ADDRESS]:PORT: [::1]"},
        {{"[::1:443"}, "not [ADDRESS]:PORT: [::1:443"},
        {{"[localhost]:443"}, "not an IP address: localhost"},
        {{"a:1", "b:2"}, "one HOST:PORT is enough: b:2"},
        {{"a b:1"}, "not a DNS name or IP address: a b"},
        {{"a:1", "--name", "-x-"}, "not a DNS name or IP address: -x-"},
        {{"a:1", "--frobnicate"}, "no such option: --frobnicate"},
        {{"a:1", "--ca"}, "--ca needs a value"},
        {{"a:1", "--ca", ""}, "--ca needs a value"},
        {{"a:1", "--cert", "c.pem"}, "--cert needs --key: c.pem"},
        {{"a:1", "--key", "k.pem"}, "--key needs --cert: k.pem"},
        {{"a:1", "--password-file", "p"}, "--password-file needs --key: p"},
        {{"a:1", "--tls1.2", "--tls1.3"}, "--tls1.2 and --tls1.3 exclude each other"},
        {{"--report", "--cert", "c.pem"}, "--cert needs --key: c.pem"},
        {{"a:1", "--report", "--suites"}, "--report and --suites exclude each other"},
        {{"a:1", "--insecure", "--ca", "c"}, "--insecure and --ca exclude each other"},
        {{"a:1", "--timeout", "0"}, "--timeout is not a number from 1 to 600000: 0"},
        {{"a:1", "--timeout", "soon"}, "--timeout is not a number from 1 to 600000: soon"},
        {{"a:1", "--cost"}, "--cost needs a value"},
        {{"a:1", "--cost", "0"}, "--cost is not a number from 1 to 10000: 0"},
        {{"a:1", "--cost", "10001"}, "--cost is not a number from 1 to 10000: 10001"},
        {{"a:1", "--cost", "1x"}, "--cost is not a number from 1 to 10000: 1x"},
        {{"a:1", "--cost", "5", "--suites"}, "--cost and --suites exclude each other"},
        {{"a:1", "--cost", "5", "--report"}, "--cost and --report exclude each other"},
        {{"a:1", "--trace", "--cost", "5"}, "--cost and --trace exclude each other"},
        {{"a:1", "--psk-identity", "i"}, "--psk-identity needs --psk-file: i"},
        {{"a:1", "--psk-file", "k"}, "--psk-file needs --psk-identity: k"},
        {{"a:1", "--psk-identity", "i", "--psk-file", "k", "--ca", "c"}, "--psk-file and --ca exclude each other"},
        {{"a:1", "--psk-identity", "i", "--psk-file", "k", "--insecure"},
         "--psk-file and --insecure exclude each other"},
        {{"a:1", "--psk-identity", "i", "--psk-file", "k", "--suites"}, "--psk-file and --suites exclude each other"},
        {{"a:1", "--psk-identity", "i", "--psk-file", "k", "--cert", "c", "--key", "k"},
         "--psk-file and --cert exclude each other"},
        {{"--cost", "5"}, "HOST:PORT is missing"}};
    for (auto const& [line, text] : wrong) doctor(line, bad_usage, {"tls-doctor: ", text, "usage: tls-doctor"});

    arguments const mutual{"localhost:1", "--ca", f.ca, "--cert", f.chain, "--key"};
    auto const with = [&](std::vector<std::string> const& more) {
        arguments line = mutual;
        line.insert(line.end(), more.begin(), more.end());
        return line;
    };
    std::string const missing = f.ca + ".missing";
    doctor({"localhost:1", "--ca", missing}, bad_configuration, {"no such file or folder", "ca.pem.missing"});
    doctor(with({missing}), bad_configuration, {"no such file or folder", "ca.pem.missing"});
    doctor(with({f.server_key}), bad_configuration, {"does not belong to the certificate"});
    doctor(
        with({f.locked_key}), bad_configuration, {"no password was given", "password of the key with --password-file"});
    doctor(with({f.server_chain}), bad_configuration, {"the certificates belong in --cert"});
    doctor(with({f.locked_key, "--password-file", missing}), bad_configuration, {"no such file", "ca.pem.missing"});
    auto const empty = f.folder.write_file("empty", "").string();
    doctor(with({f.locked_key, "--password-file", empty}), bad_configuration, {"the input is empty", "empty"});
    auto const other = f.folder.write_file("other", "wrong\n").string();
    doctor(with({f.locked_key, "--password-file", other}), bad_configuration, {"of the private key is wrong"});
    doctor({"localhost:1", "--ca", f.ca, "--alpn", "a,,b"}, bad_configuration, {"ALPN"});
}

/// Every advice there is, in the words of the options; and two explanations as one.
void words() {
    for (std::size_t code = 0; code != tls::detail::errc_count; ++code)
        for (auto const phase : {tls::phase::configuring, tls::phase::handshake, tls::phase::reading}) {
            tls::error e = tls::configuration_error(static_cast<tls::errc>(code));
            e.phase = phase;
            for (bool const narrow : {false, true}) {
                e.client.known = narrow;
                e.client.offers_alpn = narrow;
                e.handshake.client_certificate_requested = {narrow, tls::fact_source::wire};
                e.handshake.certificates_sent = {std::uint16_t{0}, tls::fact_source::wire};
                expect_words_of_options(tls::explain(e, doctor::option_words));
            }
        }
    for (std::uint8_t kind = 0; !advice(static_cast<tls::finding_kind>(kind)).empty() || kind < 40; ++kind) {
        std::string text;
        tls::detail::for_each_piece(
            tls::detail::advice_in_any_words(static_cast<tls::finding_kind>(kind)),
            [&](std::string_view plain) { text += plain; },
            [&](std::string_view word) {
                text += doctor::option_words.*(tls::detail::find_vocabulary_word(word)->text);
            });
        expect_words_of_options(text);
    }

    // The same reason, and each library knows something else.
    tls::error a;
    a.code = tls::errc::no_common_suite;
    a.phase = tls::phase::handshake;
    a.backend = "one";
    a.native = -1;
    a.native_name = "ONE";
    a.handshake.version = {tls::protocol_version::tls_1_2, tls::fact_source::wire};
    tls::error b = a;
    b.backend = "two";
    b.native = -2;
    b.native_name = "TWO";
    auto const both = [&] {
        std::string const text = doctor::explain_both({{{"one 1.0", &a}, {"two 2.0", &b}}});
        expect_words_of_options(text);
        expect_causes(text);
        expect(
            text.find("native error: one") != text.npos && text.find("native error: two") != text.npos, "names", text);
        return text;
    };
    std::string const alike = both();
    expect(count(alike, "with one 1.0") + count(alike, "with two 2.0") == 0, "a difference that is none", alike);
    expect(count(alike, "1. the server has only suites") == 1, "a cause is missing", alike);
    b.handshake.version = {tls::protocol_version::tls_1_3, tls::fact_source::library};
    std::string const apart = both();
    expect(count(apart, "with one 1.0: the server has only suites") == 1, "whose cause it is", apart);
    expect(count(apart, "with two 2.0: the server has none of the suites of TLS 1.3") == 1, "whose cause it is", apart);
    expect(count(apart, "with one 1.0: protocol version: TLS 1.2") == 1, "whose fact it is", apart);
    b.handshake.version = {tls::protocol_version::tls_1_2, tls::fact_source::deduced};
    std::string const sources = both();
    expect(count(sources, "protocol version: TLS 1.2\n") == 1, "one fact, learnt in two ways", sources);
}

/// OpenSSL's server, which takes any number of connections.
class s_server {
public:
    s_server(std::string const& openssl, files const& f, arguments const& more) : child_(line(openssl, f, more)) {
        expect(wait_until_accepting(port_, patience, &child_), "openssl s_server does not start", child_.output());
    }
    [[nodiscard]] unsigned port() const { return port_; }

private:
    [[nodiscard]] arguments line(std::string const& openssl, files const& f, arguments const& more) const {
        arguments out{openssl, "s_server",   "-accept",     std::to_string(port_), "-cert", f.server_chain,
                      "-key",  f.server_key, "-cert_chain", f.server_chain,        "-quiet"};
        out.insert(out.end(), more.begin(), more.end());
        return out;
    }

    std::uint16_t port_ = free_loopback_port();
    process child_;
};

/// The rows of the tables: label and what both backends say, which must be the same.
std::vector<std::string> rows(std::string const& output) {
    std::vector<std::string> found;
    for (std::size_t start = 0; start < output.size();) {
        std::size_t const end = std::min(output.find('\n', start), output.size());
        std::string const line = output.substr(start, end - start);
        start = end + 1;
        std::size_t const label_end = line.find(' ', 2);
        if (!line.starts_with("  ") || label_end == line.npos || line.starts_with("  TLS 1.")) continue;
        if (!line.starts_with("  TLS_") && !line.starts_with("  sec") && !line.starts_with("  x25")) continue;
        std::string const cells = line.substr(line.find_first_not_of(' ', label_end));
        std::string const first = cells.substr(0, cells.find("  "));
        expect(cells.ends_with("  " + first), "the backends do not agree: " + line, output);
        found.push_back(line.substr(2, label_end - 2) + ' ' + first);
    }
    return found;
}

void expect_rows(std::string const& output, std::vector<std::string> const& wanted) {
    auto const found = rows(output);
    std::string text;
    for (std::string const& row : found) text += row + '\n';
    expect(found == wanted, "not the rows expected, but\n" + text, output);
}

/// What handshakes cost, and what could not be measured.
void cost() {
    pki const p = make_pki();
    files const f(p);
    std::vector<std::string> const kinds{
        "a new client each time", "the same client", "Mbed TLS / wolfSSL", "allocations  "};
    for (auto const v : versions) {
        auto options = server_options::showing(p.server, v);
        options.tickets = true;
        options.keys = std::make_shared<ticket_keys>();
        server_thread<mbedtls_server> server({.server = options, .connections = 64});
        auto const said = doctor({at(server.port()), "--ca", f.ca, "--cost", "3"}, both_good, kinds);
        expect_text({0, said}, "3 of 3 rounds", "tls-doctor");
        expect_text({0, said}, "resumed with a ticket", "tls-doctor");
        expect_text({0, said}, std::string(name(v)) + ", TLS_", "tls-doctor");
        expect(count(said, "handshakes              3                 3") == 3, "not three of each kind", said);
        expect(said.find("No session was resumed") == said.npos, "a session was resumed", said);
        expect(said.find("not measured") == said.npos, "something was not measured", said);
    }
    { // A server without tickets, which stops after the connections of one round.
        server_thread<wolfssl_server> server(open_server(p, 8));
        auto const said = doctor(
            {at(server.port()), "--ca", f.ca, "--cost", "3", "--timeout", "2000"}, 2,
            {"1 of 3 rounds", "No session was resumed with wolfSSL: the server gave no ticket",
             "No session was resumed with Mbed TLS: the server gave no ticket", "FAILED with Mbed TLS", "deadline"});
        expect(said.find("resumed with a ticket") == said.npos, "what was not measured", said);
        expect(count(said, "handshakes              1                 1") == 2, "what was measured is lost", said);
    }
    server_thread<mbedtls_server> strict(mutual_server(p, 2, versions[1]));
    auto const refused = doctor({at(strict.port()), "--ca", f.ca, "--cost", "3"}, both_failed, {"FAILED with both:"});
    expect(refused.find("rounds") == refused.npos, "a measurement of nothing", refused);
}

/// A key that both have, read from a file and told to nobody.
void psk() {
    temporary_directory const folder;
    auto const key = pattern(32);
    std::string digits;
    for (std::byte const b : key)
        for (unsigned const half : {std::to_integer<unsigned>(b) >> 4U, std::to_integer<unsigned>(b) & 15U})
            digits += "0123456789abcdef"[half];
    auto const file = [&](char const* name, std::string const& text) { return folder.write_file(name, text).string(); };
    std::string const good = file("good.key", digits + "\r\n");
    auto const serving = [&](tls::protocol_version v, int connections) {
        server_options options;
        options.min_version = options.max_version = v;
        options.psk = {"device 17", key};
        return thread_options{.server = options, .connections = connections};
    };
    auto const line = [&](unsigned port, std::string const& psk_file, arguments const& more = {}) {
        arguments all{at(port), "--psk-identity", "device 17", "--psk-file", psk_file};
        all.insert(all.end(), more.begin(), more.end());
        return all;
    };
    auto const expect_no_key = [&](std::string const& said) {
        expect(said.find(digits.substr(0, 16)) == said.npos, "it tells the key", said);
    };
    {
        server_thread<mbedtls_server> server(serving(versions[0], 8));
        doctor(
            line(server.port(), good), both_good,
            {"TLS 1.2  ", "The server's certificate:\n  none: it has proved that it has the pre-shared key"});
        auto const cost = doctor(
            line(server.port(), good, {"--cost", "1"}), both_good,
            {"1 of 1 rounds", "No session was resumed with wolfSSL: a pre-shared key"});
        expect_no_key(cost);
    }
    server_thread<wolfssl_server> server(serving(versions[1], 4));
    auto const report = doctor(
        line(server.port(), good, {"--report"}), both_good,
        {"trust      who has the pre-shared key (--psk-file)\n", "TLS 1.3  "});
    expect_no_key(report);
    expect(report.find("good.key") == report.npos, "it tells a file name", report);
    auto other = digits;
    other.back() = other.back() == '0' ? '1' : '0';
    doctor(
        line(server.port(), file("other.key", other)), both_failed,
        {"the server does not have the same pre-shared key", "Compare identity and key on both sides"});

    // What is wrong with a file is said with its name, or with its option where that is to be told.
    std::pair<std::string, std::string> const wrong[] = {
        {file("odd.key", digits + "0"), "odd.key, key: an odd"},
        {file("page.key", "device 17:" + digits), "page.key, key: not"},
        {file("short.key", digits.substr(0, 30)), "short.key, key: less"},
        {file("long.key", digits + digits + digits), "long.key, key: more"},
        {file("lines.key", digits.substr(32) + "\r\n" + digits.substr(32)), "lines.key, key: not"},
        {file("empty.key", "\n"), "empty.key"},
        {folder.path().string(), folder.path().filename().string()},
        {good + ".missing", "good.key.missing"}};
    for (auto const& [path, text] : wrong) expect_no_key(doctor(line(1, path), bad_configuration, {text}));
    doctor(line(1, wrong[0].first, {"--report"}), bad_configuration, {"file of --psk-file, key: an odd"});
}

int suites() {
    auto const openssl = find_program("openssl");
    if (!openssl) {
        std::cout << "SKIPPED: openssl is not installed (Debian: apt-get install openssl)\n";
        return skipped;
    }
    files const f(make_pki());
    {
        // A client certificate is required, and none is sent: the ServerHello has answered by then.
        s_server const server(
            openssl->string(), f,
            {"-Verify", "3", "-CAfile", f.ca, "-groups", "X25519:P-384", "-cipher",
             "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-CHACHA20-POLY1305", "-ciphersuites",
             "TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256"});
        auto const output = doctor({at(server.port()), "--suites"}, both_good, {"TLS 1.2 ", "TLS 1.3 "});
        expect_rows(
            output,
            {"TLS_AES_128_GCM_SHA256 accepted", "TLS_AES_256_GCM_SHA384 accepted",
             "TLS_CHACHA20_POLY1305_SHA256 refused", "x25519 accepted", "secp256r1 refused", "secp384r1 accepted",
             "secp521r1 refused", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 accepted",
             "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 refused", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384 refused",
             "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 refused", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256 accepted",
             "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256 refused", "x25519 accepted", "secp256r1 refused",
             "secp384r1 accepted", "secp521r1 refused"});
        expect(count(output, "Order of suites: the client's\n") == 2, "not the client's order", output);
        expect(count(output, "Order of groups: the client's\n") == 2, "not the client's order", output);
    }
    {
        files const rsa(make_pki(key_kind::rsa_2048));
        s_server const server(
            openssl->string(), rsa,
            {"-serverpref", "-tls1_2", "-groups", "P-256:X25519", "-cipher",
             "ECDHE-RSA-CHACHA20-POLY1305:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256"});
        auto const output = doctor({at(server.port()), "--suites"}, both_good, {});
        expect_rows(
            output,
            {"TLS_AES_128_GCM_SHA256 refused", "TLS_AES_256_GCM_SHA384 refused", "TLS_CHACHA20_POLY1305_SHA256 refused",
             "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 refused", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 accepted",
             "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384 refused", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 accepted",
             "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256 refused",
             "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256 accepted", "x25519 accepted", "secp256r1 accepted",
             "secp384r1 refused", "secp521r1 refused"});
        expect_text(
            {0, output},
            "Order of suites: the server's own\n    TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256\n"
            "    TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384\n    TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256\n",
            "tls-doctor");
        expect_text({0, output}, "Order of groups: the server's own\n    secp256r1\n    x25519\n", "tls-doctor");
    }
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    return run_one(
        {{"good", always(good)},
         {"no_certificate", always(no_certificate)},
         {"bad_server", always(bad_server)},
         {"not_tls", always(not_tls)},
         {"report", always(report)},
         {"usage_errors", always(usage_errors)},
         {"words", always(words)},
         {"cost", always(cost)},
         {"psk", always(psk)},
         {"suites", suites}},
        argc, argv);
}
