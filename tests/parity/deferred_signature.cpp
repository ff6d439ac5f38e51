// SPDX-License-Identifier: Apache-2.0
#include "parity/parity.hpp"
#include "parity/signed_later.hpp"
#include "parity/slow_link.hpp"
#include "testbed/child_process.hpp"
#include <tls/any_client.hpp>

#include <array>
#include <cerrno>
#include <chrono>
#include <string>
#include <utility>

/// Clients whose signatures come later than they are asked for: the handshake waits, and the application goes on with
/// it.
namespace parity::deferred_signature_cases {
namespace {

using namespace std::chrono_literals;
using testbed::bytes;
using testbed::key_kind;

/// Runs until a signature is wanted.
template <class P> tls::signature_request wanted_by(conversation<P>& c) {
    auto const waiting = c.run();
    REQUIRE(!waiting);
    CHECK_MESSAGE(waiting.error().code == errc::want_signature, tls::explain(waiting.error()));
    auto const wanted = c.client.wanted_signature();
    REQUIRE(wanted);
    return *wanted;
}

/// A backend that has all but this feature.
template <class B> struct lacking : B {
    template <tls::feature F>
    static constexpr bool supports = F != tls::feature::deferred_signature && B::template supports<F>;
};

/// A signer that answers later, if it says that it may.
struct slow_signer {
    int asked = 0;
    [[nodiscard]] tls::scheme_set schemes() const noexcept { return schemes_of(key_kind::p256); }
    tls::result<std::size_t> sign(tls::signature_scheme, std::span<std::byte const>, std::span<std::byte>) noexcept {
        ++asked;
        return std::unexpected(tls::configuration_error(errc::want_signature));
    }
};
struct honest_slow_signer : slow_signer {
    static constexpr bool may_answer_later = true;
};

} // namespace

PARITY_CASE("a deferred signature: the handshake waits for it, and goes on with it", pairings, P, v) {
    for (key_kind const kind : {key_kind::p256, key_kind::p384, key_kind::rsa_2048}) {
        CAPTURE(testbed::name(kind));
        auto c = converse<P>(signed_later(v, kind), strict_server(v, kind));
        CHECK(!c.client.wanted_signature());
        auto const wanted = wanted_by(c);
        CHECK(tls::is_ecdsa(wanted.scheme) == !testbed::is_rsa(kind));
        CHECK(wanted.digest.size() == testbed::digest_size(wanted.scheme));
        CHECK(!c.client.established());
        CHECK(!c.server.established());

        // Whoever asks again is told the same.
        bytes const digest(wanted.digest.begin(), wanted.digest.end());
        auto const again = wanted_by(c);
        CHECK(again.scheme == wanted.scheme);
        CHECK(bytes(again.digest.begin(), again.digest.end()) == digest);

        auto moved = std::move(c.client);
        c.client = std::move(moved);
        CHECK(c.client.give_signature(signature_for(*c.client.wanted_signature(), kind)));
        CHECK(!c.client.wanted_signature());
        auto const done = outcome_of(c);
        CHECK_MESSAGE(done, (done ? "" : tls::explain(done.error()) + c.server.error_text()));
        CHECK(c.server.established());
        CHECK(c.server.client_certificates_received() == 2);
        CHECK(c.client.facts().signature_sent == true);
        CHECK(!c.client.wanted_signature());
        CHECK(c.client.give_signature(digest).error().about.view() == "no signature is wanted");
    }
}

PARITY_CASE(
    "a deferred signature: what our key has not made is not taken, and another may be brought", pairings, P, v) {
    for (key_kind const kind : {key_kind::p256, key_kind::rsa_2048}) {
        auto c = converse<P>(signed_later(v, kind), strict_server(v, kind));
        CHECK(c.client.give_signature(bytes(64)).error() == errc::signing_failed);
        auto const wanted = wanted_by(c);
        bytes const good = signature_for(wanted, kind);
        bytes damaged = good;
        damaged.back() ^= std::byte{1};
        bytes const bad[] = {
            {},
            bytes(5000, std::byte{0x30}),
            bytes(good.size(), std::byte{0xff}),
            bytes(good.begin(), good.end() - 1),
            damaged,
            signature_for(wanted, testbed::pooled_key(kind, 31)),
        };
        for (auto const& b : bad) {
            auto const taken = c.client.give_signature(b);
            REQUIRE(!taken);
            CHECK(taken.error().code == errc::signing_failed);
            CHECK(taken.error().phase == tls::phase::handshake);
            CHECK(taken.error().about.view().find("signature") != std::string_view::npos);
            CHECK(c.client.wanted_signature());
        }
        CHECK(wanted_by(c).scheme == wanted.scheme);
        CHECK(c.client.give_signature(good));
        CHECK(c.client.give_signature(good).error() == errc::signing_failed); // it is no longer wanted
        CHECK(outcome_of(c));
        CHECK(c.server.established());
    }
}

PARITY_CASE("a deferred signature that does not come: signing_failed, and the server is told", pairings, P, v) {
    auto c = converse<P>(signed_later(v), strict_server(v));
    c.client.refuse_signature("too early");
    (void)wanted_by(c);
    c.client.refuse_signature("the service is down");
    CHECK(!c.client.wanted_signature());
    auto const done = c.run();
    REQUIRE(!done);
    CHECK(done.error().code == errc::signing_failed);
    CHECK(done.error().about.view() == "the service is down");
    CHECK(done.error().sent == tls::alert::internal_error);
    CHECK(c.server.alert_received() == tls::number(tls::alert::internal_error));
    c.client.refuse_signature("again");
    CHECK(c.client.handshake().error().about.view() == "the service is down");
    CHECK(c.client.give_signature(bytes(64)).error() == errc::signing_failed);

    auto dropped = converse<P>(signed_later(v), strict_server(v));
    (void)wanted_by(dropped);
}

PARITY_CASE(
    "a deferred signature: a signer that may answer later is asked once, and one that must not is refused", pairings, P,
    v) {
    honest_slow_signer signer;
    client_options o;
    o.signing_elsewhere = tls::identity::from_signer(chain_of(key_kind::p256), signer);
    auto c = converse<P>(only(v, std::move(o)), strict_server(v));
    CHECK(c.client.handshake().error() == errc::want_read);
    auto const wanted = wanted_by(c);
    CHECK(c.client.give_signature(signature_for(wanted)));
    CHECK(outcome_of(c));
    CHECK(c.server.established());
    CHECK(signer.asked == 1);

    slow_signer silent;
    client_options says_nothing;
    says_nothing.signing_elsewhere = tls::identity::from_signer(chain_of(key_kind::p256), silent);
    auto d = converse<P>(only(v, std::move(says_nothing)), strict_server(v));
    auto const done = d.run();
    CHECK(done.error() == errc::signing_failed);
    CHECK(done.error().about.view() == "it answers later, and has no may_answer_later");
}

PARITY_CASE("a deferred signature is not wanted where no certificate is", pairings, P, v) {
    auto c = converse<P>(signed_later(v), good_server(v));
    CHECK(c.run());
    CHECK(!c.client.wanted_signature());
}

PARITY_CASE("a deferred signature: the deadline of the handshake counts while it is waited for", pairings, P, v) {
    slow_server<P> slow(strict_server(v));
    auto handshake = slow.start(client_of<P>(signed_later(v)));
    auto waiting = handshake.step();
    REQUIRE(!waiting);
    CHECK(waiting.error().code == errc::want_signature);
    auto const wanted = handshake.wanted_signature();
    REQUIRE(wanted);
    SUBCASE("in time") {
        slow.at.now += 20s;
        CHECK(handshake.step().error().code == errc::want_signature);
        CHECK(handshake.give_signature(signature_for(*handshake.wanted_signature())));
        CHECK(handshake.step());
    }
    // Whoever was late, it was not the server.
    auto const check_late = [&] {
        auto const late = handshake.step();
        REQUIRE(!late);
        CHECK(late.error().code == errc::timeout);
        CHECK(late.error().phase == tls::phase::handshake);
        CHECK(late.error().handshake.signature_sent != true);
        auto const words = tls::explain(late.error());
        CAPTURE(words);
        CHECK(words.find("was not brought in time") != std::string::npos);
        CHECK(words.find("silent") == std::string::npos);
        CHECK(words.find("to be fixed on our side; trying again may help") != std::string::npos);
        CHECK(!handshake.wanted_signature());
        CHECK(handshake.give_signature(bytes(64)).error() == errc::signing_failed);
        CHECK(handshake.step().error().code == errc::timeout);
    };
    SUBCASE("too late") {
        slow.at.now += 31s;
        check_late();
    }
    SUBCASE("brought too late") {
        slow.at.now += 31s;
        CHECK(handshake.give_signature(signature_for(*wanted)));
        check_late();
    }
    SUBCASE("later than the transport allows") {
        slow.at.expiry = slow.at.now + 5s;
        slow.at.now += 5s;
        check_late();
    }
    SUBCASE("refused too late, and nobody is told") {
        slow.at.now += 31s;
        handshake.refuse_signature("no answer");
        auto const refused = handshake.step();
        REQUIRE(!refused);
        CHECK(refused.error().code == errc::signing_failed);
        CHECK(refused.error().about.view() == "no answer");
        CHECK(!refused.error().sent);
        CHECK(!slow.server.alert_received());
    }
}

PARITY_CASE("a deferred signature is not wanted for a server that is no longer reached", pairings, P, v) {
    auto c = converse<P>(signed_later(v), strict_server(v));
    CHECK(c.client.handshake().error() == errc::want_read);
    c.carry();
    testbed::serve(c.server, c.pipe);
    c.carry();
    c.client.feed_failure(ECONNRESET);
    auto const done = c.client.handshake();
    REQUIRE(!done);
    CHECK_MESSAGE(done.error().code == errc::io_error, tls::explain(done.error()));
    CHECK(done.error().system == ECONNRESET);
    CHECK(!done.error().handshake.certificates_sent);
    CHECK(!c.client.wanted_signature());

    // Nor is one sent that was made in vain.
    auto late = converse<P>(signed_later(v), strict_server(v));
    CHECK(late.client.give_signature(signature_for(wanted_by(late))));
    late.client.feed_failure(ECONNRESET);
    auto const lost = late.client.handshake();
    REQUIRE(!lost);
    CHECK(lost.error().code == errc::io_error);
    CHECK(lost.error().handshake.signature_sent != true);
    bool const seen_to_leave = v == protocol_version::tls_1_2;
    CHECK(static_cast<bool>(lost.error().handshake.certificates_sent) == seen_to_leave);

    slow_server<P> slow(strict_server(v));
    slow.at.timeout = 1s; // of a single write
    auto handshake = slow.start(client_of<P>(signed_later(v)));
    slow.at.takes = 1;
    auto const stuck = handshake.step();
    REQUIRE(!stuck);
    CHECK_MESSAGE(stuck.error().code == errc::timeout, tls::explain(stuck.error()));
    CHECK(tls::explain(stuck.error()).find("was not brought in time") == std::string::npos);
}

PARITY_CASE("a deferred signature: what else is asked of an engine, or in another process", pairings, P, v) {
    auto c = converse<P>(signed_later(v), strict_server(v));
    auto const wanted = wanted_by(c);
    std::array<std::byte, 64> into{};
    CHECK(c.client.read_some(into).error() == errc::want_signature);
    CHECK(c.client.write_some(std::string_view("x")).error() == errc::want_signature);
    CHECK(c.client.confirm().error() == errc::want_signature);
    CHECK(c.client.close().error() == errc::want_signature);

    bytes const good = signature_for(wanted);
    bytes const in_child = testbed::in_child([&] {
        bool const is_wanted = c.client.wanted_signature().has_value();
        auto const given = c.client.give_signature(good);
        c.client.refuse_signature("in the child");
        auto const stepped = c.client.handshake();
        return bytes{
            static_cast<std::byte>(is_wanted), static_cast<std::byte>(given.error().code),
            static_cast<std::byte>(stepped.error().code), static_cast<std::byte>(c.client.unsent())};
    });
    auto const forked = static_cast<std::byte>(errc::forked);
    CHECK(in_child == bytes{std::byte{0}, forked, forked, std::byte{0}});

    CHECK(c.client.give_signature(good));
    CHECK(c.client.read_some(into).error() == errc::want_read);
    CHECK(outcome_of(c));
    CHECK(c.server.established());
}

PARITY_CASE("a deferred signature: connect cannot wait for it, and says what can", pairings, P, v) {
    slow_server<P> slow(strict_server(v));
    auto const done = client_of<P>(signed_later(v)).connect(tls::server_name::dns("localhost"), slow.to());
    REQUIRE(!done);
    CHECK(done.error().code == errc::want_signature);
    CHECK(tls::explain(done.error()).find("in steps") != std::string::npos);
    CHECK(!done.error().would_block()); // nothing that a transport becomes ready for
}

PARITY_CASE("a deferred signature: of a client whose backend is forgotten", pairings, P, v) {
    auto const client = tls::any_client::of(client_of<P>(signed_later(v)));
    REQUIRE(client);
    CHECK(client->supports(tls::feature::deferred_signature));
    slow_server<P> slow(strict_server(v));
    auto handshake = client->start(tls::server_name::dns("localhost"), slow.to());
    REQUIRE(handshake);
    CHECK(handshake->step().error().code == errc::want_signature);
    auto const wanted = handshake->wanted_signature();
    REQUIRE(wanted);
    CHECK(handshake->give_signature({}).error() == errc::signing_failed);
    CHECK(handshake->give_signature(signature_for(*wanted)));
    auto session = handshake->step();
    CHECK(session);
    CHECK(handshake->give_signature({}).error() == errc::spent);
    CHECK(!handshake->wanted_signature());

    slow_server<P> other(strict_server(v));
    auto refusing = client->start(tls::server_name::dns("localhost"), other.to());
    REQUIRE(refusing);
    CHECK(refusing->step().error().code == errc::want_signature);
    refusing->refuse_signature("no");
    CHECK(refusing->step().error().code == errc::signing_failed);
}

PARITY_CASE("a deferred signature is refused before anything is connected where a library cannot wait", backends, B) {
    static_assert(B::template supports<tls::feature::deferred_signature>);
    auto const made = tls::client<lacking<B>>::configure().trust(trust(pki())).identity(deferred_identity()).build();
    REQUIRE(!made);
    CHECK(made.error().code == errc::unsupported);
    CHECK(made.error().about.view() == tls::name(tls::feature::deferred_signature));

    auto const wrong_key =
        tls::identity::from_deferred_signer(chain_of(key_kind::rsa_2048), schemes_of(key_kind::p256));
    CHECK(wrong_key.error().code == errc::key_mismatch);
}

} // namespace parity::deferred_signature_cases
