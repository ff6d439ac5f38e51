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

} // namespace

int main(int argc, char** argv) { return run_one({{"coremqtt", coremqtt}}, argc, argv); }
