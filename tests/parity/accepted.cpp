// SPDX-License-Identifier: Apache-2.0
#include "parity/failure_table.hpp"
#include "testbed/sealed_records.hpp"

#include <memory>
#include <string>

/// A failure after the server has accepted our certificate does not blame it; one before may.
namespace parity::accepted_cases {
namespace {

using tls::acceptance;
using tls::alert;
constexpr auto tls_1_3 = protocol_version::tls_1_3;

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

client_options with_identity(protocol_version v) { return only(v, {.who = identity(pki().client)}); }

/// A server that requires a certificate and says everything back.
template <class Server> class echo_peer final : public peer {
public:
    explicit echo_peer(testbed::server_options const& options) : server_(options) {}
    testbed::bytes answer(testbed::byte_view from_client) override {
        server_.feed(from_client);
        server_.step();
        if (auto const said = server_.received(); !said.empty()) server_.send(said);
        return server_.drain();
    }

private:
    Server server_;
};

/// How reading fails after this many answers and a reset.
template <class P> tls::error reset_after(int answers, client_options const& client, testbed::server_options server) {
    bool last = false;
    network net(std::make_unique<echo_peer<typename P::server>>(server), [&](std::size_t, testbed::bytes& record) {
        if (last && answers == 0) record.clear();
        return last ? io_trouble::broken : io_trouble::none;
    });
    auto handshake = client_of<P>(client).start(tls::server_name::dns("localhost"), net);
    REQUIRE(handshake);
    auto session = handshake->step();
    REQUIRE(session);
    testbed::bytes into(1000);
    for (int i = 1; i <= answers; ++i) {
        last = i == answers;
        REQUIRE(session->write_all(testbed::view_of("request")));
        REQUIRE(session->read_some(into));
    }
    if (answers == 0) {
        last = true;
        (void)session->write_some(testbed::view_of("request"));
    }
    auto const failed = session->read_some(into);
    REQUIRE(!failed);
    return failed.error();
}

/// A connection of TLS 1.3 whose server has judged nothing yet, and what a test makes that server say.
template <class P> struct early {
    early(early const&) = delete; // the client refers to the secret
    early& operator=(early const&) = delete;
    explicit early(std::optional<tls::result<tls::identity>> who) : options_{.who = std::move(who)} {
        options_.suites = {{tls::cipher_suite::aes_128_gcm_sha256}};
        options_.key_log = tls::key_log_sink{testbed::keep_server_secret, &secret_};
        talk.emplace(converse<P>(client_of<P>(only(tls_1_3, options_)), strict_server(tls_1_3)));
        for (int turn = 0; turn < 10 && !talk->client.established(); ++turn) {
            (void)talk->client.handshake();
            if (talk->client.established()) break;
            talk->carry();
            testbed::serve(talk->server, talk->pipe);
            talk->carry();
        }
        REQUIRE(talk->client.established());
        REQUIRE(secret_.size() == 32);
        sealer_.emplace(secret_);
    }
    void say(testbed::byte_view content, unsigned type = testbed::wire::application_data) {
        REQUIRE(talk->client.feed(sealer_->seal(content, type)));
    }
    tls::error failure() {
        auto const answer = talk->read();
        REQUIRE(!answer);
        return answer.error();
    }

    std::optional<conversation<P>> talk{};

private:
    testbed::bytes secret_{};
    client_options options_;
    std::optional<testbed::record_sealer> sealer_{};
};

} // namespace

PARITY_CASE("accepted: twenty answers, then a reset: our certificate is not blamed", pairings, P, v) {
    tls::error const e = reset_after<P>(20, with_identity(v), strict_server(v));
    CHECK(e.code == errc::io_error);
    CHECK(e.acceptance == acceptance::accepted);
    CHECK(e.answers == 20);
    CHECK(e.bytes_read == 20 * 7);
    std::string const text = tls::explain(e);
    CAPTURE(text);
    CHECK(has(text, "the server had accepted our certificate before"));
    CHECK(has(text, "140 bytes, in 20 answers"));
    CHECK(has(text, "likely cause: the peer reset the connection"));
    CHECK(!has(text, "does not accept our certificate"));
    CHECK(!has(text, "refused us"));
}

PARITY_CASE("accepted: no certificate, twenty answers, then a reset", pairings, P, v) {
    auto lenient = good_server(v);
    lenient.request_client_certificate = true;
    lenient.client_anchors = {pki().root.certificate};
    tls::error const e = reset_after<P>(20, only(v), lenient);
    CHECK(e.acceptance == acceptance::accepted);
    std::string const text = tls::explain(e);
    CAPTURE(text);
    CHECK(has(text, "the server had accepted that we sent no certificate"));
    CHECK(!has(text, "requires a certificate"));
}

PARITY_CASE("accepted: a reset before any answer may be for our certificate", pairings, P) {
    tls::error const e = reset_after<P>(0, with_identity(tls_1_3), strict_server(tls_1_3));
    CHECK(e.acceptance == acceptance::unknown);
    CHECK(has(tls::explain(e), "1. the server does not accept our certificate"));
}

PARITY_CASE("accepted: data sent before we were judged proves nothing", pairings, P) {
    early<P> one(identity(pki().client));
    one.say(testbed::view_of("hello"));
    CHECK(testbed::to_text(one.talk->read().value()) == "hello");
    one.talk->client.feed_end();
    tls::error const e = one.failure();
    CHECK(e.code == errc::truncated);
    CHECK(e.acceptance == acceptance::unknown);
    CHECK(e.bytes_read == 5);
    CHECK(e.answers == 0);
    std::string const text = tls::explain(e);
    CAPTURE(text);
    CHECK(!has(text, "had accepted"));
    CHECK(!has(text, "1. the server does not accept"));
    CHECK(has(text, "the server does not accept our certificate, and what came was sent before it had judged it"));

    // Nor does one answer, which may have been on its way; and an alert says what it is.
    early<P> other(identity(pki().client));
    REQUIRE(other.talk->client.write(testbed::view_of("hello")));
    other.say(testbed::view_of("settings"));
    CHECK(other.talk->read());
    constexpr unsigned fatal = 2;
    other.say(testbed::octets({fatal, tls::number(alert::unknown_ca)}), testbed::wire::alert);
    tls::error const refused = other.failure();
    CHECK(refused.code == errc::peer_rejected_certificate);
    CHECK(refused.acceptance == acceptance::unknown);
    CHECK(refused.answers == 1);
    CHECK(has(tls::explain(refused), "does not trust the authority that issued our certificate"));
}

PARITY_CASE("accepted: a ticket proves it", pairings, P) {
    auto options = strict_server(tls_1_3);
    options.tickets = true;
    auto c = connected<P>(with_identity(tls_1_3), options);
    CHECK(c.read().error().code == errc::want_read);
    c.client.feed_end();
    tls::error const e = c.read().error();
    CHECK(e.code == errc::truncated);
    CHECK(e.acceptance == acceptance::accepted);
    CHECK(!has(tls::explain(e), "does not accept"));
    // Whichever way it was found.
    auto asked = connected<P>(with_identity(tls_1_3), options);
    CHECK(asked.client.confirm() == acceptance::accepted);
    asked.client.feed_end();
    CHECK(asked.read().error().acceptance == acceptance::accepted);
}

PARITY_CASE("accepted: what the server accepted before and refuses now is said to be so", pairings, P) {
    early<P> one(identity(pki().client));
    for (int i = 0; i < 2; ++i) {
        REQUIRE(one.talk->client.write(testbed::view_of("ask")));
        one.say(testbed::view_of("answer"));
        CHECK(one.talk->read());
    }
    constexpr unsigned fatal = 2;
    one.say(testbed::octets({fatal, tls::number(alert::certificate_revoked)}), testbed::wire::alert);
    tls::error const e = one.failure();
    CHECK(e.code == errc::peer_rejected_certificate);
    CHECK(e.acceptance == acceptance::accepted);
    CHECK(has(tls::explain(e), "1. the server had accepted our certificate on this connection before"));
}

} // namespace parity::accepted_cases
