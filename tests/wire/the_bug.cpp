// SPDX-License-Identifier: Apache-2.0
#include "parity/parity.hpp"
#include "testbed/raw_client.hpp"

/// The failure twintls was written for, shown on the wire: a certificate loaded after wolfSSL_new is never sent.
namespace parity {
namespace {

testbed::server_options asking(protocol_version v) {
    auto options = good_server(v);
    options.request_client_certificate = true;
    options.client_anchors = {pki().root.certificate};
    return options;
}

template <class Server> struct outcome {
    Server server;
    testbed::wire::byte_pipe pipe{};
};

/// Plain wolfSSL calls, with the certificate loaded before or after the session object is made.
template <class Server> outcome<Server> run_raw(protocol_version v, bool certificate_late) {
    outcome<Server> o{Server(asking(v))};
    testbed::raw_client_options wanted;
    wanted.anchors = {pki().root.certificate};
    wanted.version = v;
    wanted.identity = pki().client;
    wanted.identity_after_session = certificate_late;
    testbed::raw_wolfssl_client client(wanted, o.pipe);
    // Every call that loads the identity says that all is well.
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

TEST_CASE_TEMPLATE(
    "the bug: wolfSSL sends an EMPTY Certificate when it was loaded too late", Server, testbed::wolfssl_server,
    testbed::mbedtls_server) {
    for (protocol_version const v : versions) {
        CAPTURE(tls::name(v));
        auto const late = run_raw<Server>(v, true);
        CHECK(late.server.client_certificates_received() == 0);
        auto const in_time = run_raw<Server>(v, false);
        CHECK(in_time.server.client_certificates_received() == 2);
        if (v == protocol_version::tls_1_2) {
            // In TLS 1.2 the message is in clear: these are the bytes.
            CHECK(testbed::wire::certificate_count(late.pipe.to_server.history()) == 0u);
            CHECK(testbed::wire::certificate_count(in_time.pipe.to_server.history()) == 2u);
        }
    }
}

TEST_CASE_TEMPLATE_DEFINE("the same intent through twintls sends the chain", P, fixed) {
    for (protocol_version const v : versions) {
        CAPTURE(tls::name(v));
        auto wanted = only(v);
        wanted.who = identity(pki().client);
        auto const client = build<typename P::backend>(wanted);
        REQUIRE(client);
        auto c = converse<P>(*client, asking(v));
        REQUIRE(c.run());
        CHECK(c.server.client_certificates_received() == 2);
        CHECK((c.server.client_leaf_der() == pki().client.leaf().der));
        if (v == protocol_version::tls_1_2) CHECK(testbed::wire::certificate_count(c.pipe.to_server.history()) == 2u);
    }
}
TEST_CASE_TEMPLATE_APPLY(fixed, pairings);

} // namespace parity
