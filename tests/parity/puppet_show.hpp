// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "parity/parity.hpp"
#include "testbed/handshake_messages.hpp"
#include "testbed/sealed_records.hpp"

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

} // namespace parity
