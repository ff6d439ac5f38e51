// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "parity/parity.hpp"
#include "testbed/handshake_messages.hpp"
#include "testbed/sealed_records.hpp"

#include <algorithm>
#include <optional>

namespace parity {

/// An established connection of TLS 1.3 whose server sends what the test makes it send.
template <class P> struct puppet_show {
    puppet_show(puppet_show const&) = delete; // the client refers to the secret
    puppet_show& operator=(puppet_show const&) = delete;
    puppet_show() {
        REQUIRE(talk.run());
        REQUIRE(secret.size() == 32);
        sealer.emplace(secret);
    }

    /// What the client makes of a record with this content.
    tls::result<testbed::bytes> hear(testbed::byte_view content, unsigned type = testbed::wire::handshake) {
        say(content, type);
        return talk.read();
    }
    void say(testbed::byte_view content, unsigned type = testbed::wire::handshake) {
        REQUIRE(talk.client.feed(sealer->seal(content, type)));
    }

    static constexpr auto v = protocol_version::tls_1_3;
    testbed::bytes secret{};
    client_for<P> client = client_of<P>(only(
        v, {.suites = {{tls::cipher_suite::aes_128_gcm_sha256}},
            .own_tickets = true,
            .key_log = tls::key_log_sink{testbed::keep_server_secret, &secret}}));
    conversation<P> talk = converse<P>(client, good_server(v)); // which issues no tickets itself
    std::optional<testbed::record_sealer> sealer{};
};

/// A client of TLS 1.3 that has got a real ServerHello, and whatever the test makes after it.
template <class P> struct interrupted_handshake {
    interrupted_handshake(interrupted_handshake const&) = delete; // the client refers to the secret
    interrupted_handshake& operator=(interrupted_handshake const&) = delete;
    interrupted_handshake(client_options const& options, testbed::server_options const& server)
        : client(client_of<P>(watched(options))),
          talk(converse<P>(client, server)) {
        talk.pipe.to_client.tap = [](testbed::bytes& stream) {
            if (stream.empty() || stream[0] != std::byte{testbed::wire::handshake}) return stream.clear();
            stream.resize(5 + testbed::wire::records(stream).front().body.size());
        };
        CHECK(talk.run().error() == errc::want_read);
        REQUIRE(secret.size() == 32);
        sealer.emplace(secret);
        testbed::append(transcript, testbed::wire::records(talk.pipe.to_server.history()).front().body);
        testbed::append(transcript, testbed::wire::records(talk.pipe.to_client.history()).front().body);
    }

    void say(testbed::bytes const& m) {
        testbed::append(transcript, m);
        for (testbed::byte_view left = m; !left.empty();) {
            auto const part = left.first(std::min<std::size_t>(left.size(), 16384));
            REQUIRE(talk.client.feed(sealer->seal(part)));
            left = left.subspan(part.size());
        }
    }
    /// Certificate and CertificateVerify.
    void prove(testbed::credentials const& who, testbed::signing const& how = {}) {
        say(testbed::certificate_message(who.chain, v));
        say(testbed::certificate_verify(*who.private_key, transcript, how));
    }
    void finish() {
        say(testbed::make_message(
            tls::handshake_message::finished, testbed::finished_data(secret, testbed::sha256(transcript))));
    }

    client_options watched(client_options options) {
        options.suites = {{tls::cipher_suite::aes_128_gcm_sha256}};
        options.key_log = tls::key_log_sink{testbed::keep_server_handshake_secret, &secret};
        return only(v, options);
    }

    static constexpr auto v = protocol_version::tls_1_3;
    testbed::bytes secret{};
    testbed::bytes transcript{};
    client_for<P> client;
    conversation<P> talk;
    std::optional<testbed::record_sealer> sealer{};
};

} // namespace parity
