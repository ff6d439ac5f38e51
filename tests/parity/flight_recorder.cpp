// SPDX-License-Identifier: Apache-2.0
#include "parity/parity.hpp"
#include <tls/diagnosis/flight_recorder.hpp>
#include <tls/transport/pipe.hpp>

#include <string>
#include <vector>

namespace parity::flight_recorder_cases {
namespace {

using tls::flight_recorder;

/// The recorder's lines without times and lengths: "-> handshake ClientHello".
std::vector<std::string> ladder(flight_recorder const& recorder) {
    std::vector<std::string> lines;
    std::string const text = recorder.to_text();
    for (std::size_t at = 0; at < text.size();) {
        std::size_t const end = text.find('\n', at);
        std::string const line = text.substr(at, end - at);
        std::size_t const arrow = line.find(" ms  ") + 5;
        std::string shorter = line.substr(arrow, line.find(' ', arrow + 3) - arrow);
        if (line.size() > arrow + 27) shorter += " " + line.substr(arrow + 29);
        lines.push_back(shorter);
        at = end + 1;
    }
    return lines;
}

/// What happens in one direction, each message once, however they were split into records.
std::string direction(std::vector<std::string> const& lines, std::string_view arrow) {
    std::string all;
    for (std::string const& line : lines) {
        if (!line.starts_with(arrow)) continue;
        std::string const what = line.substr(line.rfind("handshake ") == 3 ? 13 : 3);
        if (what == "(continued)") continue;
        bool const again = what.ends_with("(encrypted)") && all.ends_with(what + "; ");
        if (!again) all += what + "; ";
    }
    for (std::size_t at = all.find(", "); at != std::string::npos; at = all.find(", ")) all.replace(at, 2, "; ");
    return all;
}

template <class P> auto recorded(protocol_version v, flight_recorder& recorder) {
    auto const client = client_of<P>(only(v, {.who = identity(pki().client)}));
    return converse<P>(client.engine(tls::server_name::dns("localhost"), recorder), strict_server(v));
}

} // namespace

PARITY_CASE("the flight recorder shows the messages in the order of the RFC", pairings, P, v) {
    flight_recorder recorder;
    auto c = recorded<P>(v, recorder);
    CHECK(recorder.size() == 0);
    REQUIRE(c.run());
    auto const lines = ladder(recorder);
    CAPTURE(recorder.to_text());
    REQUIRE(!lines.empty());
    CHECK(lines.front() == "-> handshake ClientHello");
    if (v == protocol_version::tls_1_2) {
        CHECK(
            direction(lines, "->") ==
            "ClientHello; Certificate; ClientKeyExchange; CertificateVerify; change_cipher_spec; (encrypted); ");
        CHECK(
            direction(lines, "<-") ==
            "ServerHello; Certificate; ServerKeyExchange; CertificateRequest; ServerHelloDone; "
            "change_cipher_spec; (encrypted); ");
    } else {
        auto const compatible = [](std::string text) { // both libraries decide by themselves whether to send it
            std::string const optional = "change_cipher_spec; ";
            if (auto const at = text.find(optional); at != std::string::npos) text.erase(at, optional.size());
            return text;
        };
        CHECK(compatible(direction(lines, "->")) == "ClientHello; application_data (encrypted); ");
        CHECK(compatible(direction(lines, "<-")) == "ServerHello; application_data (encrypted); ");
    }
}

PARITY_CASE("the flight recorder goes on after the handshake, to the end", pairings, P, v) {
    flight_recorder recorder;
    auto c = recorded<P>(v, recorder);
    REQUIRE(c.run());
    std::size_t const before = recorder.size();
    REQUIRE(c.client.write(testbed::view_of("hello")));
    CHECK(recorder.size() == before + 1);
    c.run();
    c.server.send(testbed::view_of("answer"));
    c.run();
    CHECK(testbed::to_text(c.read().value()) == "answer");
    c.client.feed_end();
    CHECK(c.read().error().code == errc::truncated);
    auto const lines = ladder(recorder);
    CAPTURE(recorder.to_text());
    REQUIRE(lines.size() == before + 3);
    CHECK(lines[before] == "-> application_data (encrypted)");
    CHECK(lines[before + 1] == "<- application_data (encrypted)");
    CHECK(recorder[before + 2].what == flight_recorder::kind::end);
}

PARITY_CASE("the flight recorder shows why a handshake failed", backends, B) {
    auto const client = client_of<B>(only(protocol_version::tls_1_2));
    flight_recorder recorder;
    auto engine = client.engine(tls::server_name::parse("localhost"), recorder);
    REQUIRE(engine);
    REQUIRE(engine->feed(testbed::wire::make_alert(2, 40)));
    CHECK(engine->handshake().error().received == tls::alert::handshake_failure);
    CAPTURE(recorder.to_text());
    REQUIRE(recorder.size() == 2);
    CHECK(ladder(recorder)[0] == "-> handshake ClientHello");
    CHECK(ladder(recorder)[1] == "<- alert fatal 40 handshake_failure");
}

PARITY_CASE("a recorder is emptied for each connection, and only notes those it was given to", backends, B) {
    auto const client = client_of<B>({});
    flight_recorder recorder;
    auto [near, far] = tls::memory_pipe::make();
    auto const connected = client.connect(tls::server_name::dns("localhost"), near, recorder);
    REQUIRE(!connected);
    CHECK(connected.error().code == errc::want_read);
    CHECK(recorder.size() == 1);
    auto const unrecorded = client.connect(tls::server_name::dns("localhost"), near);
    CHECK(recorder.size() == 1);
    auto second = client.start(tls::server_name::dns("localhost"), std::move(near), recorder);
    REQUIRE(second);
    CHECK(recorder.size() == 0);
    CHECK(second->step().error().code == errc::want_read);
    CHECK(recorder.size() == 1);
    CHECK(client.start(tls::server_name::dns(""), std::move(far), recorder).error().code == errc::bad_server_name);
    CHECK(recorder.size() == 1);
}

} // namespace parity::flight_recorder_cases
