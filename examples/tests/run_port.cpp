// SPDX-License-Identifier: Apache-2.0
// Runs what other people's libraries do over twintls, as programs of their own against mosquitto with mutual TLS.
//
//   run_port <scenario> <folder of the programs>
//
// Exit status 0: all is well; 1: something is wrong, and the output says what; 77: skipped, and the output says why.
#include "broker.hpp"
#include "scenario.hpp"

#include <iostream>
#include <string>
#include <vector>

namespace {

using namespace scenario;

int skip_without_mosquitto() {
    std::cout << "SKIPPED: mosquitto is not installed (Debian: apt-get install mosquitto)\n";
    return skipped;
}

int coremqtt() {
    auto const executable = find_program("mosquitto");
    if (!executable) return skip_without_mosquitto();
    std::string const demo = program("coremqtt_publish_subscribe");
    pki const p = make_pki();
    files const f(p);
    files const stranger(make_pki(key_kind::p384));
    broker const b(executable->string(), f);
    for (char const* const backend : {"wolfssl", "mbedtls"}) {
        for (char const* const version : {"1.2", "1.3"}) {
            auto const line = [&](files const& who) {
                return arguments{demo,    backend, "localhost", std::to_string(b.port()), f.ca, who.chain,
                                 who.key, version, "20"};
            };
            run(line(f), 0,
                {"subscribed to twintls/coremqtt", "echo: hello from coreMQTT 1\n", "echo: hello from coreMQTT 20\n"});
            run(line(stranger), 1, {"the server rejected our certificate", "alert 48 unknown_ca", "we sent: 2"});
            std::cout << backend << ", TLS " << version << ": 20 echoes; a stranger's certificate is explained\n";
        }
    }
    return 0;
}

/// The SDK's sample takes its files from a folder, under names of its own.
void lay_out(temporary_directory const& folder, pki const& trusted, pki const& p) {
    folder.write_file("rootCA.crt", trusted.root_pem());
    folder.write_file("cert.pem", p.client.chain_pem());
    folder.write_file("privkey.pem", p.client.private_key->pkcs8_pem());
}

int aws_iot() {
    auto const executable = find_program("mosquitto");
    if (!executable) return skip_without_mosquitto();
    pki const p = make_pki(key_kind::rsa_2048); // as the service's own certificates
    pki const stranger = make_pki(key_kind::p256);
    files const f(p);
    temporary_directory const certs;
    lay_out(certs, p, p);
    temporary_directory const strange_certs;
    lay_out(strange_certs, p, stranger);
    temporary_directory const wrong_root;
    lay_out(wrong_root, stranger, p);
    for (bool const newest : {false, true}) {
        broker const b(executable->string(), f, newest ? "" : broker::no_tls_1_3);
        for (char const* const backend : {"wolfssl", "mbedtls"}) {
            auto const line = [&](temporary_directory const& folder) {
                return arguments{
                    "env",
                    "-C",
                    folder.path().string(),
                    "TWINTLS_BACKEND=" + std::string(backend),
                    program("aws_iot_subscribe_publish_sample"),
                    "-h",
                    "localhost",
                    "-p",
                    std::to_string(b.port()),
                    "-c",
                    ".",
                    "-x",
                    "2"};
            };
            run(line(certs), 0,
                {"Subscribing...", "sdkTest/sub\thello from SDK QOS0 : 0", "sdkTest/sub\thello from SDK QOS1 : 1",
                 "Publish done"});
            // A refusal is met in the handshake, or under TLS 1.3 by what comes next: CONNECT or the wait for CONNACK.
            process refused(line(strange_certs));
            auto const end = finish(refused, "the sample");
            expect(
                newest ? end.status == 256 - 7 || end.status == 256 - 12 : end.status == 256 - 4,
                "a refused certificate ended with status " + std::to_string(end.status), end.output);
            for (char const* const text :
                 {"the server rejected our certificate", "alert 48 unknown_ca",
                  newest ? "protocol version: TLS 1.3" : "protocol version: TLS 1.2"})
                expect_text(end, text, "the sample");
            run(line(wrong_root), 256 - 4, {"trust anchor"});
            std::cout << backend << (newest ? ", TLS 1.3" : ", TLS 1.2")
                      << ": the SDK's own sample got its messages back\n";
        }
    }
    return 0;
}

/// Boost.Beast's own HTTPS client, unchanged, against OpenSSL's server.
int beast() {
    auto const openssl = find_program("openssl");
    if (!openssl) {
        std::cout << "SKIPPED: openssl is not installed (Debian: apt-get install openssl)\n";
        return skipped;
    }
    pki const p = make_pki();
    files const f(p);
    for (char const* const backend : {"wolfssl", "mbedtls"}) {
        for (char const* const version : {"-tls1_2", "-tls1_3"}) {
            auto const port = free_loopback_port();
            process server(
                {openssl->string(), "s_server", "-accept", std::to_string(port), "-www", version, "-cert",
                 f.server_chain, "-cert_chain", f.server_chain, "-key", f.server_key});
            expect(wait_until_accepting(port), "the server does not listen", server.output());
            auto const get = [&](char const* host, std::string const& trusted) {
                return arguments{
                    "env",
                    "TWINTLS_EXAMPLE_CA=" + trusted,
                    program("beast_https_client_" + std::string(backend)),
                    host,
                    std::to_string(port),
                    "/",
                    "1.0"};
            };
            run(get("localhost", f.ca), 0, {"HTTP/1.0 200 ok", "New, TLSv1."});
            run(get("localhost", ""), 0, {"handshake: the server's certificate does not lead to a trust anchor"});
            run(get("ip6-localhost.invalid", f.ca), 0, {"resolve: "});
            std::cout << backend << ", " << version << ": Beast's own client got its page\n";
        }
    }
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    return run_one({{"coremqtt", coremqtt}, {"aws_iot", aws_iot}, {"beast", beast}}, argc, argv);
}
