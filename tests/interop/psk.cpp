// SPDX-License-Identifier: Apache-2.0
#include "interop/installed.hpp"
#include "parity/parity.hpp"
#include "testbed/real_server.hpp"
#include <tls/transport/tcp.hpp>

#include <array>
#include <string>

/// Servers that others run, with a pre-shared key and no certificate.
namespace parity::interop_psk_cases {
namespace {

using namespace std::chrono_literals;
using testbed::server_program;

constexpr std::string_view our_name = "device-17";
constexpr std::array programs = {server_program::openssl, server_program::gnutls, server_program::mosquitto};

testbed::bytes key_of(unsigned first) {
    testbed::bytes key(32);
    for (std::size_t i = 0; i != key.size(); ++i) key[i] = static_cast<std::byte>(first + i);
    return key;
}

template <class B>
auto connect(testbed::real_server& server, protocol_version v, std::string_view identity, unsigned first) {
    auto const client = client_of<B>(only(v, {.psk = tls::pre_shared_key::from_bytes(identity, key_of(first))}));
    auto tcp = tls::tcp_stream::connect("127.0.0.1", server.port(), {.read_timeout = 60s, .write_timeout = 60s});
    REQUIRE_MESSAGE(tcp, server.child().output());
    return client.connect(tls::server_name::dns("localhost"), std::move(*tcp));
}

} // namespace

PARITY_CASE("interop: servers with a pre-shared key", backends, B) {
    with_each(programs, [](server_program program, protocol_version v) {
        testbed::real_server server({.program = program, .version = v, .psk = {{std::string(our_name), key_of(0)}}});
        {
            auto session = connect<B>(server, v, our_name, 0);
            REQUIRE_MESSAGE(session, server.child().output());
            CHECK(session->facts().authenticated_by == tls::authentication::pre_shared_key);
            CHECK(session->facts().version == v);
            REQUIRE(session->write_all(testbed::view_of(server.request())));
            testbed::bytes answer(server.answer().size());
            for (std::size_t have = 0; have != answer.size();) {
                auto const n = session->read_some(std::span(answer).subspan(have));
                REQUIRE(n);
                have += *n;
            }
            CHECK(testbed::to_text(answer) == server.answer());
        }
        auto const other_key = connect<B>(server, v, our_name, 1);
        REQUIRE(!other_key);
        CHECK(other_key.error().code == errc::psk_mismatch);
        // Under TLS 1.2 s_server takes its key for that of any identity.
        if (program == server_program::openssl && v == protocol_version::tls_1_2) return;
        auto const unknown = connect<B>(server, v, "device-18", 0);
        REQUIRE(!unknown);
        INFO(tls::explain(unknown.error()));
        // GnuTLS hides that it does not know an identity (RFC 4279 section 2).
        bool const hides = program == server_program::gnutls;
        CHECK(unknown.error().code == (hides ? errc::psk_mismatch : errc::psk_not_accepted));
    });
}

PARITY_CASE("interop: a server that is set up for SHA-384 only", backends, B) {
    constexpr auto v = protocol_version::tls_1_3;
    if (!installed(server_program::gnutls)) return;
    testbed::real_server server(
        {.program = server_program::gnutls,
         .version = v,
         .more_priority = ":-CIPHER-ALL:+AES-256-GCM",
         .psk = {{std::string(our_name), key_of(0)}}});
    auto const refused = connect<B>(server, v, our_name, 0);
    REQUIRE(!refused);
    CHECK(refused.error().code == errc::psk_not_accepted);
    CHECK(tls::explain(refused.error()).find("bound to SHA-256") != std::string::npos);
}

} // namespace parity::interop_psk_cases
