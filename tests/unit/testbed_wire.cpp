// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"
#include "testbed/raw_client.hpp"
#include "testbed/server.hpp"
#include "testbed/wire.hpp"

#include <algorithm>
#include <stdexcept>

namespace unit::testbed_wire_cases {
namespace {

using namespace testbed;
using tls::handshake_message;
using tls::protocol_version;

struct recorded {
    bytes from_client{};
    bytes from_server{};
};

recorded handshake_with(protocol_version version, bool with_identity, std::vector<std::uint16_t> groups = {}) {
    pki const credentials = make_pki();
    server_options options = server_options::showing(credentials.server);
    options.request_client_certificate = true;
    options.client_anchors = {credentials.root.certificate};
    options.groups = std::move(groups);
    wire::byte_pipe pipe;
    mbedtls_server server(options);
    raw_client_options wanted{.anchors = {credentials.root.certificate}, .version = version, .alpn = {"a", "bc"}};
    if (with_identity) wanted.identity = credentials.client;
    raw_mbedtls_client client(wanted, pipe);
    for (int i = 0; i < 10; ++i) {
        client.step();
        serve(server, pipe);
    }
    REQUIRE_MESSAGE(client.established(), server.error_text());
    return {pipe.to_server.history(), pipe.to_client.history()};
}

bool contains(std::vector<unsigned> const& list, unsigned wanted) {
    return std::ranges::find(list, wanted) != list.end();
}

} // namespace

TEST_CASE("records are split and incomplete ones left out") {
    bytes stream = wire::make_alert(2, 40);
    append(stream, wire::make_record(wire::application_data, octets({1, 2, 3})));
    CHECK(wire::summary(stream) == "[21:2][23:3]");
    stream.pop_back();
    CHECK(wire::summary(stream) == "[21:2]");
    REQUIRE(wire::clear_alerts(stream).size() == 1);
    CHECK(wire::clear_alerts(stream)[0].description == 40);
}

TEST_CASE("handshake messages are joined over records and split within one") {
    bytes const two = octets({14, 0, 0, 0, 4, 0, 0, 2, 7, 8});
    bytes stream = wire::make_record(wire::handshake, byte_view(two).first(6));
    append(stream, wire::make_record(wire::handshake, byte_view(two).subspan(6)));
    auto const found = wire::clear_messages(stream);
    REQUIRE(found.size() == 2);
    CHECK(found[0].type == handshake_message::server_hello_done);
    CHECK(found[1].type == handshake_message::new_session_ticket);
    CHECK(found[1].body == octets({7, 8}));
}

TEST_CASE("a ClientHello is taken apart") {
    wire::client_hello const hello =
        wire::first_client_hello(handshake_with(protocol_version::tls_1_3, false).from_client);
    CHECK(hello.server_name == "localhost");
    CHECK(hello.alpn == std::vector<std::string>{"a", "bc"});
    CHECK(hello.versions == std::vector<unsigned>{0x0304});
    CHECK(contains(hello.suites, 0x1301));
    CHECK(contains(hello.groups, 29));
    CHECK(contains(hello.signature_algorithms, 0x0403));
    CHECK(hello.key_shares.size() == 1);
    CHECK(hello.has_extension(43));
    CHECK_FALSE(hello.has_extension(44));
    CHECK_THROWS_AS((void)wire::first_client_hello(wire::make_alert(1, 0)), std::runtime_error);
}

TEST_CASE("the client's certificates are counted in TLS 1.2 and hidden in TLS 1.3") {
    CHECK(wire::certificate_count(handshake_with(protocol_version::tls_1_2, false).from_client) == 0);
    CHECK(wire::certificate_count(handshake_with(protocol_version::tls_1_2, true).from_client) == 2);
    CHECK_FALSE(wire::certificate_count(handshake_with(protocol_version::tls_1_3, true).from_client));
    CHECK(wire::find(
        handshake_with(protocol_version::tls_1_2, false).from_server, handshake_message::certificate_request));
}

TEST_CASE("a HelloRetryRequest and both hellos are seen") {
    recorded const tapes = handshake_with(protocol_version::tls_1_3, false, {24});
    auto const hellos = wire::server_hellos(tapes.from_server);
    REQUIRE(hellos.size() == 2);
    CHECK(hellos[0].hello_retry_request);
    CHECK_FALSE(hellos[1].hello_retry_request);
    CHECK(hellos[1].key_share == 24U);
    CHECK(hellos[1].version == 0x0304);
    CHECK(wire::clear_messages(tapes.from_client).size() == 2);
}

TEST_CASE("a byte queue keeps history, write sizes and its tap") {
    wire::byte_queue queue;
    queue.push(octets({1, 2}));
    queue.push({});
    queue.tap = [](bytes& data) { data.pop_back(); };
    queue.push(octets({3, 4}));
    CHECK(queue.take_all() == octets({1, 2, 3}));
    CHECK(queue.empty());
    CHECK(queue.history() == octets({1, 2, 3}));
    CHECK(queue.write_sizes() == std::vector<std::size_t>{2, 1});
}

} // namespace unit::testbed_wire_cases
