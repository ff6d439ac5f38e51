// SPDX-License-Identifier: Apache-2.0
#include "real_server.hpp"

#include <stdexcept>
#include <utility>

namespace testbed {
namespace {

using namespace std::string_literals;
using options = real_server_options;
using client_certificate = options::client_certificate;
using behaviour = options::behaviour;

constexpr std::string_view http_request = "GET / HTTP/1.0\r\nHost: localhost\r\n\r\n";
// MQTT 3.1.1 section 3.1: CONNECT, protocol level 4, clean session, 60 s, the client's name is "twintls".
constexpr std::string_view mqtt_connect("\x10\x13\x00\x04MQTT\x04\x02\x00\x3c\x00\x07twintls", 21);
constexpr std::string_view mqtt_accepted("\x20\x02\x00\x00", 4);

/// A server's files, and what its command line or configuration is made of.
struct setup {
    options const& wanted;
    std::filesystem::path folder;
    std::string program;
    std::string port;
    std::string chain;
    std::string key;
    std::string anchors;
    std::string psk_file; ///< a line with the identity, a colon and the key

    [[nodiscard]] bool is_tls_1_2() const { return wanted.version == tls::protocol_version::tls_1_2; }
    [[nodiscard]] bool echoes() const { return wanted.what == behaviour::echo; }
};

std::string hexadecimal(byte_view octets) {
    std::string out;
    for (std::byte const b : octets) {
        constexpr std::string_view digits = "0123456789abcdef";
        out += digits[std::to_integer<std::size_t>(b) >> 4U];
        out += digits[std::to_integer<std::size_t>(b) & 15U];
    }
    return out;
}

/// The commands for a server with a pre-shared key and no certificate.
std::vector<std::string> openssl_psk_command(setup const& s) {
    return {
        s.program,
        "s_server",
        "-accept",
        "127.0.0.1:" + s.port,
        "-nocert",
        "-psk_identity",
        s.wanted.psk->identity,
        "-psk",
        hexadecimal(s.wanted.psk->key),
        s.is_tls_1_2() ? "-tls1_2" : "-tls1_3",
        s.echoes() ? "-rev" : "-www"};
}

std::vector<std::string> gnutls_psk_command(setup const& s) {
    return {
        "env",
        "LD_PRELOAD=" TESTBED_BIND_TO_LOOPBACK,
        s.program,
        "--port=" + s.port,
        "--pskpasswd=" + s.psk_file,
        "--priority=NORMAL:-VERS-ALL:+VERS-TLS1."s + (s.is_tls_1_2() ? "2" : "3") + ":-KX-ALL:+ECDHE-PSK" +
            s.wanted.more_priority,
        s.echoes() ? "--echo" : "--http"};
}

std::string mosquitto_psk_configuration(setup const& s) {
    return "listener " + s.port + " 127.0.0.1\npsk_hint twintls\npsk_file " + s.psk_file + "\ntls_version tlsv1." +
           (s.is_tls_1_2() ? "2" : "3") + "\nallow_anonymous true\npersistence false\nlog_dest stderr\nuser root\n";
}

std::vector<std::string> openssl_command(setup const& s) {
    if (s.wanted.psk) return openssl_psk_command(s);
    std::vector<std::string> line{
        s.program,
        "s_server",
        "-accept",
        "127.0.0.1:" + s.port,
        "-cert",
        s.chain, // of this file the first certificate
        "-cert_chain",
        s.chain,
        "-key",
        s.key,
        s.is_tls_1_2() ? "-tls1_2" : "-tls1_3",
        s.echoes() ? "-rev" : "-www"};
    std::vector<std::string> more{};
    switch (s.wanted.from_client) {
    case client_certificate::ignored: break;
    case client_certificate::requested: more = {"-CAfile", s.anchors, "-verify", "3"}; break;
    case client_certificate::required: more = {"-CAfile", s.anchors, "-Verify", "3", "-verify_return_error"}; break;
    }
    line.insert(line.end(), more.begin(), more.end());
    if (!s.wanted.tickets) line.emplace_back("-no_ticket");
    if (s.wanted.takes_early_data) line.insert(line.end(), {"-max_early_data", "16384"});
    if (s.wanted.ticket_count) {
        line.emplace_back("-num_tickets");
        line.push_back(std::to_string(*s.wanted.ticket_count));
    }
    return line;
}

std::vector<std::string> gnutls_command(setup const& s) {
    if (s.wanted.psk) return gnutls_psk_command(s);
    // gnutls-serv has no option for the address to listen on.
    std::vector<std::string> line{
        "env",
        "LD_PRELOAD=" TESTBED_BIND_TO_LOOPBACK,
        s.program,
        "--port=" + s.port,
        "--x509certfile=" + s.chain,
        "--x509keyfile=" + s.key,
        "--priority=NORMAL:-VERS-ALL:+VERS-TLS1."s + (s.is_tls_1_2() ? "2" : "3") + s.wanted.more_priority,
        s.echoes() ? "--echo" : "--http"};
    switch (s.wanted.from_client) {
    case client_certificate::ignored: line.emplace_back("--disable-client-cert"); break;
    case client_certificate::requested: line.push_back("--x509cafile=" + s.anchors); break;
    case client_certificate::required:
        line.push_back("--x509cafile=" + s.anchors);
        line.emplace_back("--require-client-cert");
        line.emplace_back("--verify-client-cert");
        break;
    }
    if (!s.wanted.tickets) line.emplace_back("--noticket");
    return line;
}

std::string mosquitto_configuration(setup const& s) {
    if (s.wanted.psk) return mosquitto_psk_configuration(s);
    std::string text = "listener " + s.port + " 127.0.0.1\ncertfile " + s.chain + "\nkeyfile " + s.key +
                       "\ntls_version tlsv1." + (s.is_tls_1_2() ? "2" : "3") +
                       "\nallow_anonymous true\npersistence false\nlog_dest stderr\n"
                       "user root\n"; // started by root, it must still read our files; else this has no effect
    if (s.wanted.from_client != client_certificate::ignored) text += "cafile " + s.anchors + "\n";
    if (s.wanted.from_client == client_certificate::required) text += "require_certificate true\n";
    return text;
}

// mosquitto's tls_version is the lowest it takes, so the highest is set where OpenSSL looks first.
constexpr std::string_view openssl_at_most_tls_1_2 =
    "openssl_conf = start\n[start]\nssl_conf = ssl\n[ssl]\nsystem_default = limits\n[limits]\nMaxProtocol = TLSv1.2\n";

std::string nginx_configuration(setup const& s) {
    std::string const folder = s.folder.string();
    std::string temporary{};
    for (std::string const kind : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"})
        temporary += "  " + kind + "_temp_path " + folder + "/" + kind + ";\n";
    std::string asks{};
    if (s.wanted.from_client != client_certificate::ignored)
        asks = "    ssl_client_certificate " + s.anchors + ";\n    ssl_verify_depth 3;\n    ssl_verify_client " +
               (s.wanted.from_client == client_certificate::required ? "on" : "optional") + ";\n";
    std::string const sessions =
        s.wanted.tickets ? "" : "    ssl_session_tickets off;\n    ssl_session_cache builtin:100;\n";
    // One process, so that the one that was started is the one to end.
    return "daemon off;\nmaster_process off;\nerror_log stderr;\npid " + folder +
           "/nginx.pid;\n"
           "events { worker_connections 64; }\n"
           "http {\n  access_log off;\n" +
           temporary + "  server {\n    listen 127.0.0.1:" + s.port + " ssl;\n    ssl_certificate " + s.chain +
           ";\n    ssl_certificate_key " + s.key + ";\n    ssl_protocols TLSv1." + (s.is_tls_1_2() ? "2" : "3") +
           ";\n" + asks + sessions + "    location / { return 200 \"hello $ssl_session_reused\\n\"; }\n  }\n}\n";
}

std::vector<std::string> command(options const& wanted, temporary_directory const& folder, std::uint16_t port) {
    auto const program = find_program(name(wanted.program));
    if (!program) throw std::runtime_error(std::string(name(wanted.program)) + " is not installed");
    auto const file = [&](char const* as, std::string const& text) { return folder.write_file(as, text).string(); };
    setup const s{
        wanted,
        folder.path(),
        program->string(),
        std::to_string(port),
        wanted.psk ? "" : file("server.pem", wanted.server.chain_pem()),
        wanted.psk ? "" : file("server.key", wanted.server.private_key->pkcs8_pem()),
        file("anchors.pem", pem_of(wanted.client_anchors)),
        wanted.psk ? file("psk", wanted.psk->identity + ":" + hexadecimal(wanted.psk->key) + "\n") : ""};
    switch (wanted.program) {
    case server_program::openssl: return openssl_command(s);
    case server_program::gnutls: return gnutls_command(s);
    case server_program::mosquitto: {
        std::vector<std::string> line{s.program, "-c", file("mosquitto.conf", mosquitto_configuration(s))};
        if (s.is_tls_1_2())
            line.insert(
                line.begin(), {"env", "OPENSSL_CONF=" + file("openssl.cnf", std::string(openssl_at_most_tls_1_2))});
        return line;
    }
    case server_program::nginx: break;
    }
    // -e: where errors go until the configuration is read; the package's default is a file of the system's.
    return {s.program, "-p", s.folder.string(), "-e", "stderr", "-c", file("nginx.conf", nginx_configuration(s))};
}

struct talk {
    std::string_view request;
    std::string_view answer;
};

talk talk_of(options const& wanted) {
    if (wanted.program == server_program::mosquitto) return {mqtt_connect, mqtt_accepted};
    if (wanted.program == server_program::nginx) return {http_request, "HTTP/1.1 200 OK"};
    if (wanted.what == behaviour::http)
        return {http_request, wanted.program == server_program::openssl ? "HTTP/1.0 200 ok" : "HTTP/1.0 200 OK"};
    return {"hello\n", wanted.program == server_program::openssl ? "olleh\n" : "hello\n"};
}

} // namespace

std::string_view name(server_program program) {
    switch (program) {
    case server_program::openssl: return "openssl";
    case server_program::gnutls: return "gnutls-serv";
    case server_program::mosquitto: return "mosquitto";
    case server_program::nginx: break;
    }
    return "nginx";
}

real_server::real_server(real_server_options const& wanted)
    : request_(talk_of(wanted).request),
      answer_(talk_of(wanted).answer),
      child_(command(wanted, folder_, port_)) {
    if (!wait_until_accepting(port_, std::chrono::seconds(60), &child_))
        throw std::runtime_error(std::string(name(wanted.program)) + " does not start:\n" + child_.output());
}

} // namespace testbed
