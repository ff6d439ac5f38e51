// SPDX-License-Identifier: Apache-2.0
#include "parity/puppet_show.hpp"

#include <string>

/// What a peer may ask for once the handshake is over, and that it is said which it was.
namespace parity::peer_requests_cases {
namespace {

using tls::handshake_message;

testbed::bytes message(handshake_message type, std::initializer_list<unsigned> body) {
    return testbed::make_message(type, testbed::octets(body));
}

} // namespace

PARITY_CASE("a key update is answered, or refused by name with an alert", pairings, P) {
    for (unsigned const answer_wanted : {0U, 1U}) {
        CAPTURE(answer_wanted);
        puppet_show<P> show;
        std::size_t const before = show.talk.client.drain().size();
        auto const e = show.hear(message(handshake_message::key_update, {answer_wanted})).error();
        if (P::backend::template supports<tls::feature::key_update>) {
            CHECK(e.code == errc::want_read);
            CHECK((show.talk.client.drain().size() > before) == (answer_wanted == 1));
            continue;
        }
        CHECK(e.code == errc::unsupported_peer_request);
        CHECK(e.about.view() == "KeyUpdate");
        CHECK(e.sent == tls::alert::unexpected_message);
        CHECK(show.talk.client.drain().size() > before); // the alert
        CHECK(show.talk.read().error().code == errc::unsupported_peer_request);
        CHECK(tls::explain(e).find("KeyUpdate") != std::string::npos);
    }
}

PARITY_CASE("a request for a certificate after the handshake is refused by name with an alert", pairings, P) {
    puppet_show<P> show;
    // An empty context, and signature_algorithms with ecdsa_secp256r1_sha256.
    auto const e =
        show.hear(message(handshake_message::certificate_request, {0, 0, 8, 0, 13, 0, 4, 0, 2, 4, 3})).error();
    CHECK(e.code == errc::unsupported_peer_request);
    CHECK(e.about.view() == "CertificateRequest");
    CHECK(e.sent == tls::alert::unexpected_message);
    CHECK(!show.talk.client.drain().empty());
}

PARITY_CASE("other handshake messages after the handshake are not requests", pairings, P) {
    for (auto const type :
         {handshake_message::server_hello, handshake_message::encrypted_extensions, handshake_message::certificate,
          handshake_message::finished, static_cast<handshake_message>(99)}) {
        CAPTURE(static_cast<int>(type));
        puppet_show<P> show;
        auto const e = show.hear(message(type, {0, 0, 0, 0})).error();
        CHECK(e.code == errc::unexpected_message);
        CHECK(e.sent == tls::alert::unexpected_message);
        CHECK(!show.talk.client.drain().empty());
    }
}

} // namespace parity::peer_requests_cases
