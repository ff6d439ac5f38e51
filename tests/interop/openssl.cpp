// SPDX-License-Identifier: Apache-2.0
#include "parity/parity.hpp"
#include "testbed/crl_factory.hpp"
#include "testbed/ocsp_factory.hpp"
#include "testbed/process.hpp"
#include <tls/transport/tcp.hpp>

#include <string>
#include <vector>

/// `openssl s_server -Verify`, which prints what it receives and sends what it is given.
namespace parity::interop_openssl_cases {
namespace {

using namespace std::chrono_literals;

/// Text in which no line begins with something that s_server would take for a command.
std::string letters(std::size_t size, std::uint32_t seed) {
    std::string text;
    text.reserve(size);
    for (std::byte const b : testbed::pattern(size, seed))
        text += static_cast<char>('a' + std::to_integer<unsigned>(b) % 26);
    for (std::size_t i = 79; i < size; i += 80) text[i] = '\n';
    return text;
}

/// The checksum of RFC 1950, so that ten megabytes need not be printed to be compared.
std::uint32_t adler32(std::string_view text) {
    std::uint32_t a = 1;
    std::uint32_t b = 0;
    for (char const c : text) {
        a = (a + static_cast<unsigned char>(c)) % 65521;
        b = (b + a) % 65521;
    }
    return (b << 16) | a;
}

/// A running server with a folder for its files.
struct s_server {
    s_server(protocol_version v, std::vector<std::string> more, bool with_input) {
        auto const path = testbed::find_program("openssl");
        REQUIRE(path);
        auto const file = [this](char const* name, std::string const& text) {
            return folder.write_file(name, text).string();
        };
        std::vector<std::string> arguments = {
            path->string(),
            "s_server",
            "-accept",
            std::to_string(port),
            "-naccept",
            "1",
            "-cert",
            file("leaf.pem", pki().server.leaf().pem()),
            "-cert_chain",
            file("chain.pem", pki().server.chain_pem()),
            "-key",
            file("key.pem", pki().server.private_key->pkcs8_pem()),
            "-CAfile",
            file("root.pem", pki().root_pem()),
            "-verify_return_error",
            "-Verify",
            "3",
            v == protocol_version::tls_1_2 ? "-tls1_2" : "-tls1_3"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        program.emplace(arguments, with_input);
    }

    testbed::temporary_directory folder;
    std::uint16_t port = testbed::free_loopback_port();
    std::optional<testbed::process> program;
};

/// Connects as soon as the server listens: it accepts one connection only, so nothing may connect before.
tls::tcp_stream connect(s_server const& server) {
    for (;;) {
        auto tcp = tls::tcp_stream::connect("127.0.0.1", server.port, {.read_timeout = 60s, .write_timeout = 60s});
        if (tcp) return std::move(*tcp);
        REQUIRE(tcp.error().code == errc::connection_refused);
        REQUIRE_MESSAGE(server.program->running(), server.program->output());
    }
}

template <class B> tls::client<B> mutual_client() { return client_of<B>({.who = identity(pki().client)}); }

bool installed() {
    if (testbed::find_program("openssl")) return true;
    MESSAGE("SKIPPED: openssl is not installed");
    return false;
}

} // namespace

PARITY_CASE("OpenSSL's server: ten megabytes to it arrive whole", backends, B, v) {
    if (!installed()) return;
    s_server server(v, {"-quiet"}, true);
    auto session = mutual_client<B>().connect(tls::server_name::dns("localhost"), connect(server));
    REQUIRE_MESSAGE(session, server.program->output());
    CHECK(session->facts().version == v);
    CHECK(session->facts().certificates_sent == 2);
    auto const text = letters(10'000'000, 7);
    auto const written = session->write_all(testbed::view_of(text));
    REQUIRE(written);
    REQUIRE(session->close());
    CHECK(server.program->wait(60s) == 0);
    auto const received = server.program->output();
    // Certificate verification is reported on the same output, before the data.
    REQUIRE(received.size() >= text.size());
    auto const data = std::string_view(received).substr(received.size() - text.size());
    CHECK(adler32(data) == adler32(text));
}

PARITY_CASE("OpenSSL's server: ten megabytes from it arrive whole", backends, B, v) {
    if (!installed()) return;
    s_server server(v, {"-quiet"}, true);
    auto session = mutual_client<B>().connect(tls::server_name::dns("localhost"), connect(server));
    REQUIRE_MESSAGE(session, server.program->output());
    auto const text = letters(10'000'000, 8);
    std::string got;
    std::size_t given = 0;
    std::vector<std::byte> into(65536);
    while (got.size() < text.size()) {
        // A little at a time: s_server reads its input only between records.
        if (given < text.size() && given <= got.size()) {
            auto const part = std::string_view(text).substr(given, 32000);
            server.program->write(part);
            given += part.size();
        }
        auto const n = session->read_some(into);
        REQUIRE(n);
        got += testbed::to_text(testbed::byte_view(into).first(*n));
    }
    CHECK(got.size() == text.size());
    CHECK(adler32(got) == adler32(text));
    REQUIRE(session->close());
}

PARITY_CASE("OpenSSL's server: it echoes line by line", backends, B, v) {
    if (!installed()) return;
    s_server server(v, {"-quiet", "-rev"}, false); // every line comes back reversed
    auto session = mutual_client<B>().connect(tls::server_name::dns("localhost"), connect(server));
    REQUIRE_MESSAGE(session, server.program->output());
    for (int i = 0; i < 100; ++i) {
        auto line = "line " + std::to_string(i);
        REQUIRE(session->write_all(testbed::view_of(line + "\n")));
        std::string got;
        std::byte into[256];
        while (!got.ends_with('\n')) {
            auto const n = session->read_some(into);
            REQUIRE(n);
            got += testbed::to_text(testbed::byte_view(into).first(*n));
        }
        std::ranges::reverse(line);
        CHECK(got == line + "\n");
    }
    REQUIRE(session->close());
}

PARITY_CASE("OpenSSL's server: without a certificate we learn why, every time", backends, B, v) {
    if (!installed()) return;
    auto const client = client_of<B>({});
    s_server server(v, {"-quiet"}, false);
    auto session = client.connect(tls::server_name::dns("localhost"), connect(server));
    tls::error e;
    if (session) {
        std::byte into[16];
        auto const n = session->read_some(into);
        REQUIRE(!n);
        e = n.error();
    } else {
        e = session.error();
    }
    CHECK(e.code == errc::peer_rejected_certificate);
    CHECK(
        e.received ==
        (v == protocol_version::tls_1_2 ? tls::alert::handshake_failure : tls::alert::certificate_required));
    CHECK(e.handshake.certificates_sent == 0);
}

PARITY_CASE("OpenSSL's server: a key update is answered, or ends the connection with a name", backends, B) {
    if (!installed()) return;
    // Without -quiet a line that is just "k" is a command: change keys.
    s_server server(protocol_version::tls_1_3, {}, true);
    auto session = mutual_client<B>().connect(tls::server_name::dns("localhost"), connect(server));
    REQUIRE_MESSAGE(session, server.program->output());
    REQUIRE(server.program->wait_for_output("BEGIN SSL SESSION PARAMETERS"));
    server.program->write("k\n");
    // What arrives together with a command is lost, so the line is repeated until there is an answer.
    std::string got;
    std::byte into[256];
    tls::error end;
    while (got.empty() && end.code == errc::ok) {
        server.program->write("after the update\n");
        session->transport().expires_after(200ms);
        auto const n = session->read_some(into);
        if (n)
            got += testbed::to_text(testbed::byte_view(into).first(*n));
        else if (n.error().code != errc::timeout)
            end = n.error();
    }
    session->transport().expires_never();
    if (B::template supports<tls::feature::key_update>) {
        CHECK_MESSAGE(got.starts_with("after the update\n"), tls::explain(end));
        CHECK(session->write_all(testbed::view_of("and back\n")));
        CHECK(server.program->wait_for_output("and back"));
    } else {
        CHECK(got.empty());
        CHECK(end.code == errc::unsupported_peer_request);
        CHECK(end.about.view() == "KeyUpdate");
        CHECK(server.program->wait_for_output("alert unexpected message"));
    }
}

PARITY_CASE("OpenSSL's server: a renegotiation is refused, and it is said that this was the reason", backends, B) {
    if (!installed()) return;
    s_server server(protocol_version::tls_1_2, {}, true);
    auto session = mutual_client<B>().connect(tls::server_name::dns("localhost"), connect(server));
    REQUIRE_MESSAGE(session, server.program->output());
    REQUIRE(server.program->wait_for_output("BEGIN SSL SESSION PARAMETERS"));
    server.program->write("r\n"); // a command: renegotiate
    std::byte into[256];
    tls::result<std::size_t> n = 0;
    while (n) n = session->read_some(into);
    CHECK(n.error().code == errc::unsupported_peer_request);
    CHECK(n.error().about.view() == "renegotiation");
    CHECK(n.error().received == tls::alert::handshake_failure);
    auto const words = tls::explain(n.error());
    CHECK(words.find("renegotiation") != std::string::npos);
    CHECK(words.find("to be fixed on the server's side") != std::string::npos);
}

PARITY_CASE("OpenSSL's server: small records, and tickets that do not fit one", backends, B, v) {
    if (!installed()) return;
    s_server server(v, {"-quiet", "-max_send_frag", "512"}, true);
    auto session = mutual_client<B>().connect(tls::server_name::dns("localhost"), connect(server));
    REQUIRE_MESSAGE(session, server.program->output());
    server.program->write("after the tickets\n");
    std::string got;
    std::byte into[256];
    while (!got.ends_with('\n')) {
        auto const n = session->read_some(into);
        REQUIRE_MESSAGE(n, tls::explain(n.error()));
        got += testbed::to_text(testbed::byte_view(into).first(*n));
    }
    CHECK(got == "after the tickets\n");
    REQUIRE(session->close());
}

PARITY_CASE("OpenSSL's server: it names many authorities", backends, B, v) {
    if (!installed()) return;
    for (int const count : {100, 200}) {
        CAPTURE(count);
        std::string list = pki().root_pem();
        auto spec = testbed::root_spec();
        for (int i = 1; i != count; ++i) {
            spec.common_name = std::string(95, 'a') + std::to_string(1000 + i);
            list += testbed::issue(spec, testbed::pooled_key(testbed::key_kind::p256, 7)).pem();
        }
        testbed::temporary_directory folder;
        s_server server(v, {"-quiet", "-CAfile", folder.write_file("authorities.pem", list).string()}, false);
        auto session = mutual_client<B>().connect(tls::server_name::dns("localhost"), connect(server));
        CHECK(session.has_value() == (count == 100));
        if (session) {
            CHECK(session->facts().server_accepts->issuer_count == count);
            REQUIRE(session->close());
            continue;
        }
        CHECK_MESSAGE(session.error().code == errc::request_too_long, tls::explain(session.error()));
        CHECK(session.error().sent.has_value());
    }
}

PARITY_CASE(
    "OpenSSL's server: the OCSP status it staples, made by OpenSSL, is taken for what it says", backends, B, v) {
    if (!installed()) return;
    if constexpr (B::template supports<tls::feature::stapled_status>) {
        testbed::temporary_directory const folder;
        auto const& p = pki();
        auto const& key = testbed::pooled_key(testbed::key_kind::p256, 27);
        auto const responder = testbed::issue(testbed::responder_spec(), key, &p.server_intermediate);
        auto const openssl = testbed::find_program("openssl")->string();
        auto const file = [&](char const* name, std::string const& text) {
            return folder.write_file(name, text).string();
        };
        std::string serial;
        for (std::byte const b : testbed::serial_of(p.server.leaf())) {
            constexpr std::string_view digits = "0123456789ABCDEF";
            serial += digits[std::to_integer<unsigned>(b) >> 4U];
            serial += digits[std::to_integer<unsigned>(b) & 15U];
        }
        struct {
            std::string entry;
            errc expected;
        } const entries[] = {
            {"V\t991231235959Z\t\t" + serial, errc::ok},
            {"R\t991231235959Z\t260101000000Z,keyCompromise\t" + serial, errc::revoked},
            {"V\t991231235959Z\t\t01", errc::bad_stapled_status}};
        for (auto const& one : entries) {
            CAPTURE(one.entry);
            auto const status = folder.path() / "status.der";
            testbed::process made(
                {openssl, "ocsp", "-index", file("index", one.entry + "\tunknown\t/CN=server\n"), "-CA",
                 file("issuer.pem", p.server_intermediate.certificate.pem()), "-rsigner",
                 file("responder.pem", responder.pem()), "-rkey", file("responder.key", key.pkcs8_pem()), "-issuer",
                 (folder.path() / "issuer.pem").string(), "-cert", file("leaf.pem", p.server.leaf().pem()), "-ndays",
                 "2", "-noverify", "-respout", status.string()});
            REQUIRE_MESSAGE(made.wait() == 0, made.output());
            s_server const server(v, {"-quiet", "-status_file", status.string()}, true);
            auto const client = tls::client<B>::configure()
                                    .versions(v, v)
                                    .trust(trust(p))
                                    .identity(identity(p.client))
                                    .require_stapled_status()
                                    .build();
            REQUIRE(client);
            auto const session = client->connect(tls::server_name::dns("localhost"), connect(server));
            CHECK_MESSAGE(
                (session ? errc::ok : session.error().code) == one.expected,
                (session ? server.program->output() : tls::explain(session.error())));
        }
    }
}

} // namespace parity::interop_openssl_cases
