// SPDX-License-Identifier: Apache-2.0
#include "parity/puppet_show.hpp"

#include <string>
#include <string_view>

/// Servers that break TLS 1.3 inside encrypted records, which only the libraries read.
namespace parity::dishonest_sealed_cases {
namespace {

using testbed::bytes;
using tls::handshake_message;
constexpr auto tls_1_3 = protocol_version::tls_1_3;

/// What a client makes of EncryptedExtensions with these extensions, after a real ServerHello.
template <class P> tls::error after_extensions(bytes const& extensions) {
    bytes secret;
    client_options o = only(
        tls_1_3, {.suites = {{tls::cipher_suite::aes_128_gcm_sha256}},
                  .alpn = {"h2"},
                  .key_log = tls::key_log_sink{testbed::keep_server_handshake_secret, &secret}});
    auto const client = client_of<P>(o);
    auto c = converse<P>(client, good_server(tls_1_3));
    // Only the ServerHello arrives.
    c.pipe.to_client.tap = [](bytes& stream) {
        if (stream.empty() || stream[0] != std::byte{testbed::wire::handshake}) return stream.clear();
        std::size_t const size =
            (std::to_integer<std::size_t>(stream[3]) << 8U) | std::to_integer<std::size_t>(stream[4]);
        stream.resize(5 + size);
    };
    CHECK(c.run().error() == errc::want_read);
    REQUIRE(secret.size() == 32);
    auto const size = static_cast<unsigned>(extensions.size());
    bytes message = testbed::octets(
        {static_cast<unsigned>(handshake_message::encrypted_extensions), 0, (size + 2) >> 8U, (size + 2) & 0xffU,
         size >> 8U, size & 0xffU});
    testbed::append(message, extensions);
    REQUIRE(c.client.feed(testbed::record_sealer(secret).seal(message)));
    auto const done = c.client.handshake();
    REQUIRE(!done);
    return done.error();
}

} // namespace

PARITY_CASE("dishonest, sealed: EncryptedExtensions that answer what was not asked, or wrongly", pairings, P) {
    struct row {
        std::string_view name;
        bytes extensions;
        bool honest = false;
        bool wolfssl_minds = true; ///< a declared difference: it shows nobody what it decrypts, and passes over these
    };
    auto const ext = [](std::initializer_list<unsigned> octets) { return testbed::octets(octets); };
    row const rows[] = {
        {"none", {}, true},
        {"a server name", ext({0, 0, 0, 0}), true},
        {"groups", ext({0, 10, 0, 4, 0, 2, 0, 29}), true},
        {"the protocol that was offered", ext({0, 16, 0, 5, 0, 3, 2, 'h', '2'}), true},
        {"a server name with content", ext({0, 0, 0, 1, 0})},
        {"an extension that nobody knows", ext({0x12, 0x34, 0, 0})},
        {"max_fragment_length", ext({0, 1, 0, 1, 1})},
        {"heartbeat", ext({0, 15, 0, 1, 1})},
        {"a key share", ext({0, 51, 0, 2, 0, 29})},
        {"a version", ext({0, 43, 0, 2, 3, 4})},
        {"renegotiation_info", ext({0xff, 1, 0, 1, 0}), false, false},
        {"extended_master_secret", ext({0, 23, 0, 0}), false, false},
        {"a repeated server name", ext({0, 0, 0, 0, 0, 0, 0, 0})},
        {"another protocol", ext({0, 16, 0, 5, 0, 3, 2, 'h', '3'})},
        {"two protocols", ext({0, 16, 0, 8, 0, 6, 2, 'h', '2', 2, 'h', '2'})},
        {"early data", ext({0, 42, 0, 0})},
    };
    for (row const& r : rows) {
        CAPTURE(r.name);
        auto const e = after_extensions<P>(r.extensions);
        bool const taken = r.honest || (!r.wolfssl_minds && std::is_same_v<typename P::backend, tls::wolfssl>);
        CHECK_MESSAGE((e.code == errc::want_read) == taken, tls::explain(e));
        CHECK(e.code != errc::internal);
        CHECK(tls::whose_fault(e.code) != tls::fault::build);
    }
}

PARITY_CASE("dishonest, sealed: records longer than RFC 8446 section 5.4 allows", pairings, P) {
    struct row {
        std::size_t content;
        std::size_t padding;
        bool honest;
    };
    for (row const& r :
         {row{16384, 0, true}, row{16000, 384, true}, row{1, 16383, true}, row{16384, 1, false}, row{16385, 0, false},
          row{1, 16384, false}, row{16000, 500, false}}) {
        CAPTURE(r.content);
        CAPTURE(r.padding);
        puppet_show<P> show;
        auto const data = testbed::pattern(r.content, 7);
        REQUIRE(show.talk.client.feed(show.sealer->seal(data, testbed::wire::application_data, r.padding)));
        auto const n = show.talk.read();
        CHECK(n.has_value() == r.honest);
        if (n) CHECK(*n == data);
        if (!n) CHECK_MESSAGE(n.error().code == errc::record_overflow, tls::explain(n.error()));
    }
}

} // namespace parity::dishonest_sealed_cases
