// SPDX-License-Identifier: Apache-2.0
#include "parity/parity.hpp"
#include "testbed/raw_client.hpp"

/// The failure twintls was written for, shown on the wire: a certificate loaded after wolfSSL_new is never sent.
namespace parity::the_bug_cases {
namespace {

template <class Server> struct outcome {
    Server server;
    testbed::wire::byte_pipe pipe{};
};

/// Plain wolfSSL calls, with the certificate loaded before or after the session object is made.
template <class Server> outcome<Server> run_raw(protocol_version v, bool certificate_late) {
    outcome<Server> o{Server(asking_server(v))};
    testbed::raw_client_options wanted;
    wanted.anchors = {pki().root.certificate};
    wanted.version = v;
    wanted.identity = pki().client;
    wanted.identity_after_session = certificate_late;
    testbed::raw_wolfssl_client client(wanted, o.pipe);
    // Every call that loads the identity reports success.
    CHECK(client.identity_loaded());
    for (int turn = 0; turn < 10; ++turn) {
        client.step();
        testbed::serve(o.server, o.pipe);
    }
    CHECK(client.established());
    CHECK(o.server.established());
    return o;
}

} // namespace

PARITY_CASE("the bug: wolfSSL sends an EMPTY Certificate when it was loaded too late", testbed::servers, Server, v) {
    auto const late = run_raw<Server>(v, true);
    CHECK(late.server.client_certificates_received() == 0);
    auto const in_time = run_raw<Server>(v, false);
    CHECK(in_time.server.client_certificates_received() == 2);
    if (v == protocol_version::tls_1_2) {
        // In TLS 1.2 the message is not encrypted: these are the bytes.
        CHECK(testbed::wire::certificate_count(late.pipe.to_server.history()) == 0u);
        CHECK(testbed::wire::certificate_count(in_time.pipe.to_server.history()) == 2u);
    }
}

PARITY_CASE("the same intent through twintls sends the chain", pairings, P, v) {
    auto c = connected<P>(only(v, {.who = identity(pki().client)}), asking_server(v));
    CHECK(c.server.client_certificates_received() == 2);
    CHECK((c.server.client_leaf_der() == pki().client.leaf().der));
    if (v == protocol_version::tls_1_2) CHECK(testbed::wire::certificate_count(c.pipe.to_server.history()) == 2u);
}

} // namespace parity::the_bug_cases
