// SPDX-License-Identifier: Apache-2.0
#include "options.hpp"

#include <charconv>
#include <initializer_list>
#include <utility>

namespace doctor {

std::string_view const usage = R"(usage: tls-doctor HOST:PORT [options]

Connects with wolfSSL and with Mbed TLS and says what was negotiated, or what is wrong.
An IPv6 address goes in brackets: [2001:db8::1]:8883

  --ca FILE              trusted authorities, PEM; default: the system's
  --cert FILE            our certificate chain, leaf first, PEM
  --key FILE             its private key, PEM
  --password-file FILE   the first line of the file decrypts the key
  --psk-identity NAME    a pre-shared key proves both sides, instead of certificates: the name of
  --psk-file FILE        ours, and the file with its 32 to 128 hexadecimal digits
  --name NAME            the name the server must prove; default: HOST
  --alpn A,B             application protocols to offer, most preferred first
  --insecure             accept any server
  --tls1.2, --tls1.3     this version only
  --timeout MS           for each connection, in milliseconds; default 10000
  --suites               list the cipher suites and groups the server accepts, alone and in
                         which order, instead; sends no certificate and verifies none
  --trace                show the records of each connection
  --cost N               measure N handshakes of each kind (with a new client, with the same one,
                         resumed) with each library, in turn, instead; up to 10000. That is about
                         6 N connections: for a server of your own, or whose owner agrees
  --report               what belongs in an issue, without file names, keys or passwords;
                         without HOST:PORT only about the build
  --help

exit status: 0  both backends connected         3  both failed
             1  wolfSSL failed                 64  the command line is wrong
             2  Mbed TLS failed                65  the credentials or settings are
)";

namespace {

std::unexpected<std::string> complaint(std::initializer_list<std::string_view> parts) {
    std::string text;
    for (std::string_view const part : parts) text += part;
    return std::unexpected(std::move(text));
}

/// A whole number from 1 to `most`.
std::optional<unsigned> number(std::string_view text, unsigned most) {
    unsigned value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    bool const whole = error == std::errc() && end == text.data() + text.size();
    return whole && value >= 1 && value <= most ? std::optional(value) : std::nullopt;
}

/// HOST:PORT or [ADDRESS]:PORT.
std::expected<void, std::string> set_target(options& o, std::string_view text) {
    std::size_t const colon = text.rfind(':');
    bool const bracketed = text.starts_with('[');
    std::size_t const bracket = text.find(']');
    if (bracketed && (bracket == text.npos || colon == text.npos || colon != bracket + 1))
        return complaint({"not [ADDRESS]:PORT: ", text});
    if (colon == text.npos) return complaint({"the port is missing: ", text, " (write HOST:PORT)"});
    std::string_view const host = bracketed ? text.substr(1, bracket - 1) : text.substr(0, colon);
    if (host.empty()) return complaint({"the host is missing: ", text});
    if (!bracketed && host.find(':') != host.npos)
        return complaint({"an IPv6 address goes in brackets, as in [2001:db8::1]:8883: ", text});
    if (bracketed && !tls::server_name::ip(host)) return complaint({"not an IP address: ", host});
    auto const port = number(text.substr(colon + 1), 65535);
    if (!port) return complaint({"the port is not a number from 1 to 65535: ", text.substr(colon + 1)});
    o.host = host;
    o.port = static_cast<std::uint16_t>(*port);
    return {};
}

std::vector<std::string> split(std::string_view text) {
    std::vector<std::string> parts;
    for (std::size_t at = 0;;) {
        std::size_t const comma = text.find(',', at);
        parts.emplace_back(text.substr(at, comma - at));
        if (comma == text.npos) return parts;
        at = comma + 1;
    }
}

/// Sets a switch; false if there is no such switch.
bool set_switch(options& o, std::string_view name) {
    if (name == "--insecure") return o.insecure = true;
    if (name == "--report") return o.report = o.trace = true;
    if (name == "--suites") return o.suites = true;
    if (name == "--trace") return o.trace = true;
    if (name == "--help") return o.help = true;
    return false;
}

/// Where the text of an option goes; nullptr if there is no such option.
std::string* text_option(options& o, std::string& name, std::string_view option) {
    if (option == "--ca") return &o.ca;
    if (option == "--cert") return &o.certificate;
    if (option == "--key") return &o.key;
    if (option == "--password-file") return &o.password_file;
    if (option == "--psk-identity") return &o.psk_identity;
    if (option == "--psk-file") return &o.psk_file;
    if (option == "--name") return &name;
    return nullptr;
}

/// Checks what depends on more than one argument.
std::expected<void, std::string> check(options const& o) {
    if (o.host.empty() && !o.report) return complaint({"HOST:PORT is missing"});
    if (o.report && o.suites) return complaint({"--report and --suites exclude each other"});
    if (o.cost != 0 && o.suites) return complaint({"--cost and --suites exclude each other"});
    if (o.cost != 0 && o.report) return complaint({"--cost and --report exclude each other"});
    if (o.cost != 0 && o.trace) return complaint({"--cost and --trace exclude each other"});
    if (!o.certificate.empty() && o.key.empty()) return complaint({"--cert needs --key: ", o.certificate});
    if (!o.key.empty() && o.certificate.empty()) return complaint({"--key needs --cert: ", o.key});
    if (!o.password_file.empty() && o.key.empty()) return complaint({"--password-file needs --key: ", o.password_file});
    if (o.insecure && !o.ca.empty()) return complaint({"--insecure and --ca exclude each other"});
    if (!o.psk_identity.empty() && o.psk_file.empty())
        return complaint({"--psk-identity needs --psk-file: ", o.psk_identity});
    if (!o.psk_file.empty() && o.psk_identity.empty())
        return complaint({"--psk-file needs --psk-identity: ", o.psk_file});
    if (o.psk_file.empty()) return {};
    for (auto const& [given, option] :
         {std::pair(!o.ca.empty(), "--ca"),
          {!o.certificate.empty(), "--cert"},
          {o.insecure, "--insecure"},
          {o.suites, "--suites"}})
        if (given) return complaint({"--psk-file and ", option, " exclude each other"});
    return {};
}

} // namespace

std::expected<options, std::string> parse(std::span<char* const> arguments) {
    options o;
    std::string server;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        std::string_view const argument = arguments[i];
        if (set_switch(o, argument)) {
            if (o.help) return o;
            continue;
        }
        if (argument == "--tls1.2" || argument == "--tls1.3") {
            auto const v = argument == "--tls1.2" ? tls::protocol_version::tls_1_2 : tls::protocol_version::tls_1_3;
            if (o.only && *o.only != v) return complaint({"--tls1.2 and --tls1.3 exclude each other"});
            o.only = v;
            continue;
        }
        if (!argument.starts_with('-')) {
            if (!o.host.empty()) return complaint({"one HOST:PORT is enough: ", argument});
            if (auto const done = set_target(o, argument); !done) return std::unexpected(done.error());
            continue;
        }
        std::string* const text = text_option(o, server, argument);
        if (text == nullptr && argument != "--alpn" && argument != "--timeout" && argument != "--cost")
            return complaint({"no such option: ", argument});
        if (i + 1 == arguments.size()) return complaint({argument, " needs a value"});
        std::string_view const value = arguments[++i];
        if (value.empty()) return complaint({argument, " needs a value that is not empty"});
        if (text != nullptr) *text = value;
        if (argument == "--alpn") o.alpn = split(value);
        if (argument == "--timeout") {
            auto const n = number(value, 600'000);
            if (!n) return complaint({"--timeout is not a number from 1 to 600000: ", value});
            o.timeout = std::chrono::milliseconds(*n);
        }
        if (argument == "--cost") {
            auto const n = number(value, 10'000);
            if (!n) return complaint({"--cost is not a number from 1 to 10000: ", value});
            o.cost = *n;
        }
    }
    if (auto const good = check(o); !good) return std::unexpected(good.error());
    if (o.host.empty()) return o;
    auto const name = tls::server_name::parse(server.empty() ? o.host : server);
    if (!name) return complaint({"not a DNS name or IP address: ", server.empty() ? o.host : server});
    o.name = *name;
    return o;
}

} // namespace doctor
