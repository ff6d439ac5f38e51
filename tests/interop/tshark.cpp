// SPDX-License-Identifier: Apache-2.0
#include "parity/parity.hpp"
#include "testbed/pcap.hpp"
#include "testbed/process.hpp"

#include <string>
#include <vector>

/// tshark decrypts a recorded conversation with our side's key log, and only with it.
namespace parity::interop_tshark_cases {
namespace {

constexpr std::string_view request = "GET /the-secret-page HTTP/1.1\r\nHost: localhost\r\n\r\n";
constexpr std::string_view response = "HTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\nthe secret answer";

void collect(void* to, std::string_view line) noexcept { static_cast<std::string*>(to)->append(line); }

/// The capture and the key log of a request and its answer.
struct recorded {
    testbed::bytes capture;
    std::string keys;
};

template <class P> recorded record(protocol_version v) {
    recorded out;
    testbed::tcp_capture capture;
    auto c = converse<P>(only(v, {.key_log = tls::key_log_sink{collect, &out.keys}}), good_server(v));
    c.pipe.to_server.tap = [&](testbed::bytes& data) { capture.client_wrote(data); };
    c.pipe.to_client.tap = [&](testbed::bytes& data) { capture.server_wrote(data); };
    REQUIRE(c.run());
    REQUIRE(c.client.write(testbed::view_of(request)));
    REQUIRE(c.run());
    CHECK(testbed::to_text(c.server.received()) == request);
    c.server.send(testbed::view_of(response));
    testbed::serve(c.server, c.pipe);
    c.carry();
    auto const answer = c.read();
    REQUIRE(answer);
    CHECK(testbed::to_text(*answer) == response);
    out.capture = capture.file();
    return out;
}

/// What tshark says about a capture, with these arguments.
std::string tshark(std::string const& capture, std::vector<std::string> const& more) {
    std::vector<std::string> arguments = {testbed::find_program("tshark")->string(), "-n", "-r", capture};
    arguments.insert(arguments.end(), more.begin(), more.end());
    testbed::process program(arguments);
    auto const status = program.wait(std::chrono::minutes(2));
    CHECK_MESSAGE(status == 0, program.output());
    return program.output();
}

bool has(std::string const& text, std::string_view part) { return text.find(part) != std::string::npos; }

PARITY_CASE("tshark decrypts a conversation with the key log, and does not without", pairings, P, v) {
    if (!testbed::find_program("tshark")) {
        MESSAGE("SKIPPED: tshark is not installed");
        return;
    }
    recorded const r = record<P>(v);
    testbed::temporary_directory const folder;
    auto const capture = folder.write_file("conversation.pcap", testbed::to_text(r.capture)).string();
    auto const keys = "tls.keylog_file:" + folder.write_file("keys.txt", r.keys).string();

    std::vector<std::string> const http = {
        "-Y", "http", "-T", "fields", "-e", "http.request.uri", "-e", "http.response.line", "-e", "http.file_data"};
    std::vector<std::string> with_keys = http;
    with_keys.insert(with_keys.end(), {"-o", keys});
    std::string const clear = tshark(capture, with_keys);
    CHECK_MESSAGE(has(clear, "/the-secret-page"), clear);
    CHECK_MESSAGE(has(clear, "Content-Length: 17"), clear);
    CHECK_FALSE(has(tshark(capture, http), "/the-secret-page"));

    // The capture itself is sound: TLS is seen without any key, and nothing about TCP is remarkable.
    std::string const hellos = tshark(capture, {"-Y", "tls.handshake.type == 1 || tls.handshake.type == 2"});
    CHECK_MESSAGE(has(hellos, "Client Hello"), hellos);
    CHECK_MESSAGE(has(hellos, "Server Hello"), hellos);
    std::string const odd = tshark(
        capture, {"-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE", "-Y",
                  "tcp.analysis.flags || tcp.checksum.status == 0 || ip.checksum.status == 0", "-T", "fields", "-e",
                  "frame.number", "-E", "header=y"});
    CHECK_MESSAGE(odd.ends_with("frame.number\n"), odd);

    // The handshake too: Finished is encrypted in both versions.
    std::vector<std::string> const finished = {"-Y", "tls.handshake.type == 20", "-T", "fields", "-e", "tcp.srcport"};
    std::vector<std::string> finished_with_keys = finished;
    finished_with_keys.insert(finished_with_keys.end(), {"-o", keys});
    std::string const seen = tshark(capture, finished_with_keys);
    CHECK_MESSAGE(has(seen, "443\n"), seen);
    CHECK_MESSAGE(has(seen, "50000\n"), seen);
    CHECK_FALSE(has(tshark(capture, finished), "443\n"));
}

} // namespace
} // namespace parity::interop_tshark_cases
