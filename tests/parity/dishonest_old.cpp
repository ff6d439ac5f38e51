// SPDX-License-Identifier: Apache-2.0
#include "parity/parity.hpp"
#include "testbed/handshake_messages.hpp"
#include "testbed/sealed_records.hpp"

#include <optional>
#include <string_view>

/// Servers of TLS 1.2 that break its rules or stretch them, in clear and inside encrypted records: found by fuzzing.
namespace parity::dishonest_old_cases {
namespace {

using testbed::bytes;
using testbed::octets;
using tls::handshake_message;
namespace wire = testbed::wire;
constexpr auto tls_1_2 = protocol_version::tls_1_2;

template <class B> using pair_of = pairing<B, testbed::mbedtls_server>; // which writes each message into its own record

/// The sealer of a server's records, from the hellos that have passed.
testbed::old_record_sealer sealer_of(bytes const& secret, wire::byte_pipe const& pipe, std::uint64_t first) {
    auto const random = [](bytes const& said, handshake_message in) {
        auto const hello = wire::find(said, in);
        REQUIRE(hello);
        return bytes(hello->body.begin() + 2, hello->body.begin() + 34);
    };
    return testbed::old_record_sealer(
        secret, random(pipe.to_server.history(), handshake_message::client_hello),
        random(pipe.to_client.history(), handshake_message::server_hello), first);
}

/// A client that is understood: one suite, and its secret is kept.
client_options with_its_secret(bytes& secret) {
    return only(
        tls_1_2, {.suites = {{tls::cipher_suite::ecdhe_ecdsa_aes_128_gcm_sha256}},
                  .key_log = tls::key_log_sink{testbed::keep_secret, &secret}});
}

/// An established connection of TLS 1.2 whose server sends what the test makes it send.
template <class P> struct old_puppet_show {
    old_puppet_show(old_puppet_show const&) = delete; // the client refers to the secret
    old_puppet_show& operator=(old_puppet_show const&) = delete;
    old_puppet_show() {
        REQUIRE(talk.run());
        REQUIRE(secret.size() == 48);
        constexpr std::uint64_t after_finished = 1;
        sealer.emplace(sealer_of(secret, talk.pipe, after_finished));
    }

    tls::result<bytes> hear(testbed::byte_view content, unsigned type) {
        REQUIRE(talk.client.feed(sealer->seal(content, type)));
        return talk.read();
    }

    bytes secret{};
    conversation<P> talk = converse<P>(with_its_secret(secret), good_server(tls_1_2));
    std::optional<testbed::old_record_sealer> sealer{};
};

/// What a client makes of a server that says this instead of a message, and nothing after it.
template <class P> tls::error after(handshake_message instead_of, bytes const& records) {
    auto talk = converse<P>(only(tls_1_2), good_server(tls_1_2));
    talk.pipe.to_client.tap = [&, done = false](bytes& stream) mutable {
        bytes changed;
        for (auto const& r : wire::records(stream)) {
            if (done) break;
            done = r.type == wire::handshake && r.body.at(0) == static_cast<std::byte>(instead_of);
            testbed::append(changed, done ? records : wire::make_record(r.type, r.body));
        }
        stream = changed;
    };
    auto const heard = talk.run();
    REQUIRE(!heard);
    return heard.error();
}

} // namespace

PARITY_CASE("dishonest, old: a message that is too long is the server's fault", backends, B) {
    using enum handshake_message;
    bytes const long_data(16000);
    for (auto const type : {server_hello, server_key_exchange, server_hello_done, finished}) {
        CAPTURE(static_cast<int>(type));
        bytes part = octets({static_cast<unsigned>(type), 1, 0, 0});
        testbed::append(part, long_data);
        bytes records = wire::make_record(wire::handshake, part);
        for (int i = 0; i != 4; ++i) testbed::append(records, wire::make_record(wire::handshake, long_data));
        for (auto const at : {server_hello, server_key_exchange, server_hello_done}) {
            CAPTURE(static_cast<int>(at));
            auto const e = after<pair_of<B>>(at, records);
            bool const told = e.code == errc::decode_error || e.code == errc::unexpected_message;
            CHECK_MESSAGE(told, tls::explain(e));
        }
    }
}

PARITY_CASE("dishonest, old: an alert of another length is no certificate", backends, B) {
    auto const e =
        after<pair_of<B>>(handshake_message::certificate, wire::make_record(wire::alert, octets({2, 40, 2, 40})));
    CHECK_MESSAGE(!tls::is_about_server_certificate(e.code), tls::explain(e));
    CHECK(tls::whose_fault(e.code) == tls::fault::peer);
}

PARITY_CASE("dishonest, old: a key exchange over no named curve", backends, B) {
    auto const e = after<pair_of<B>>(
        handshake_message::server_key_exchange,
        wire::make_record(
            wire::handshake,
            testbed::make_message(
                handshake_message::server_key_exchange, octets({1, 0, 23, 3, 4, 1, 2, 4, 3, 0, 2, 1, 1}))));
    CHECK_MESSAGE(e.code == errc::illegal_parameter, tls::explain(e));
}

PARITY_CASE(
    "dishonest, old: a HelloRequest is answered with a warning, and two in a record as docs/parity.md says", backends,
    B) {
    using P = pair_of<B>;
    constexpr bool takes_two = !std::is_same_v<B, tls::wolfssl>;
    bytes const request(4);
    auto const data = testbed::view_of("data");
    old_puppet_show<P> one;
    CHECK(one.hear(request, wire::handshake).error() == errc::want_read);
    CHECK(!one.talk.client.drain().empty());
    CHECK(one.hear(data, wire::application_data));
    auto const second = one.hear(request, wire::handshake).error();
    CHECK_MESSAGE(second.code == errc::want_read, tls::explain(second));

    old_puppet_show<P> two;
    auto const joined = two.hear(bytes(8), wire::handshake).error();
    CHECK_MESSAGE(joined.code == (takes_two ? errc::want_read : errc::unexpected_message), tls::explain(joined));
}

PARITY_CASE(
    "dishonest, old: a HelloRequest between ChangeCipherSpec and Finished, as docs/parity.md says", backends, B) {
    constexpr bool takes_one = std::is_same_v<B, tls::wolfssl>;
    bytes secret;
    auto talk = converse<pair_of<B>>(with_its_secret(secret), good_server(tls_1_2));
    talk.pipe.to_client.tap = [&, encrypted = false](bytes& stream) mutable {
        bytes changed;
        for (auto const& r : wire::records(stream)) {
            if (!encrypted || r.type != wire::handshake) {
                testbed::append(changed, wire::make_record(r.type, r.body));
                encrypted = encrypted || r.type == wire::change_cipher_spec;
                continue;
            }
            // To encrypt once more is to decrypt: the server numbers its nonces as the sealer does.
            constexpr std::size_t nonce = 8;
            constexpr std::size_t tag = 16;
            constexpr std::size_t header = 5;
            testbed::byte_view const sealed = r.body;
            REQUIRE(bytes(sealed.begin(), sealed.begin() + nonce) == bytes(nonce));
            auto opener = sealer_of(secret, talk.pipe, 0);
            auto const opened = opener.seal(sealed.subspan(nonce, sealed.size() - nonce - tag));
            testbed::byte_view finished = opened;
            finished = finished.subspan(header + nonce, finished.size() - header - nonce - tag);
            REQUIRE(finished.front() == static_cast<std::byte>(handshake_message::finished));
            auto sealer = sealer_of(secret, talk.pipe, 0);
            testbed::append(changed, sealer.seal(bytes(4))); // HelloRequest
            testbed::append(changed, sealer.seal(finished));
        }
        stream = changed;
    };
    auto const done = talk.run();
    CHECK(done.has_value() == takes_one);
    if (!done) CHECK_MESSAGE(done.error().code == errc::unexpected_message, tls::explain(done.error()));
}

PARITY_CASE("dishonest, old: an alert that is neither warning nor fatal", backends, B) {
    using P = pair_of<B>;
    constexpr bool believes = std::is_same_v<B, tls::wolfssl>;
    constexpr unsigned no_level = 33;
    old_puppet_show<P> show;
    auto const end = show.hear(octets({no_level, 0}), wire::alert).error();
    CHECK_MESSAGE(end.code == (believes ? errc::closed : errc::want_read), tls::explain(end));
}

} // namespace parity::dishonest_old_cases
