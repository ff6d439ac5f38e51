// SPDX-License-Identifier: Apache-2.0
#include "parity/parity.hpp"
#include "testbed/handshake_messages.hpp"
#include "testbed/key_schedule.hpp"
#include <tls/any_client.hpp>

#include <algorithm>
#include <string>
#include <vector>

/// Clients that know a server by a key that both have, and by nothing else.
namespace parity::psk_cases {
namespace {

constexpr auto tls_1_2 = protocol_version::tls_1_2;
constexpr auto tls_1_3 = protocol_version::tls_1_3;
constexpr std::string_view our_name = "device 17";
constexpr std::string_view digits = "000102030405060708090a0b0c0d0e0f101112131415161718191A1B1C1D1E1F";

testbed::bytes key_of(std::size_t size, unsigned first = 0) {
    testbed::bytes key(size);
    for (std::size_t i = 0; i != size; ++i) key[i] = static_cast<std::byte>(first + i);
    return key;
}

client_options with_psk(protocol_version v, std::string_view identity = our_name) {
    return only(v, {.psk = tls::pre_shared_key::from_hex(identity, digits)});
}

/// Without a certificate.
testbed::server_options psk_server(protocol_version v, std::string_view identity = our_name, unsigned first = 0) {
    testbed::server_options o;
    o.min_version = o.max_version = v;
    o.psk = {std::string(identity), key_of(32, first)};
    return o;
}

template <class P> tls::error failure_of(client_options const& client, testbed::server_options const& server) {
    auto c = converse<P>(client, server);
    auto const done = outcome_of(c);
    REQUIRE(!done);
    CHECK(!c.server.established());
    return done.error();
}

bool mentions(tls::error const& e, std::string_view text) { return tls::explain(e).find(text) != std::string::npos; }

} // namespace

PARITY_CASE("pre-shared key: both sides prove that they have it, and no certificate comes", pairings, P, v) {
    auto c = connected<P>(with_psk(v), psk_server(v));
    auto const f = c.client.facts();
    CHECK(f.authenticated_by == tls::authentication::pre_shared_key);
    CHECK(f.version == v);
    CHECK(
        f.suite ==
        (v == tls_1_3 ? tls::cipher_suite::aes_128_gcm_sha256 : tls::cipher_suite::ecdhe_psk_chacha20_poly1305_sha256));
    CHECK(f.group == tls::named_group::x25519);
    CHECK(!f.resumed);
    CHECK(f.resumption == tls::resumption::off);
    CHECK(!f.peer_certificate);
    CHECK(f.path.empty());
    CHECK(f.client_certificate_requested == false);
    CHECK(c.server.sni() == "localhost");

    REQUIRE(c.client.write(testbed::view_of("ping")));
    c.run();
    CHECK(testbed::to_text(c.server.received()) == "ping");
    c.server.send(testbed::view_of("pong"));
    c.run();
    CHECK(testbed::to_text(c.read().value()) == "pong");
}

PARITY_CASE("pre-shared key: keys and identities of any size that is allowed", pairings, P, v) {
    for (std::size_t const size : {tls::limits::least_psk, tls::limits::most_psk}) {
        CAPTURE(size);
        std::string const identity(size == tls::limits::least_psk ? 1 : tls::limits::psk_identity, 'i');
        auto server = psk_server(v, identity);
        server.psk->key = key_of(size);
        (void)connected<P>(only(v, {.psk = tls::pre_shared_key::from_bytes(identity, key_of(size))}), server);
    }
}

PARITY_CASE("pre-shared key: the server's other suite, and another group than the first key share", pairings, P) {
    for (std::uint16_t const suite : {std::uint16_t{0x1301}, std::uint16_t{0x1303}}) {
        CAPTURE(suite);
        auto server = psk_server(tls_1_3);
        server.suites = {suite};
        server.groups = {static_cast<std::uint16_t>(tls::named_group::secp384r1)};
        auto c = connected<P>(with_psk(tls_1_3), server);
        auto const hellos = testbed::wire::server_hellos(c.pipe.to_client.history());
        REQUIRE(hellos.size() == 2);
        CHECK(hellos[0].hello_retry_request);
        CHECK(static_cast<unsigned>(c.client.facts().suite) == suite);
        CHECK(c.client.facts().group == tls::named_group::secp384r1);
    }
}

PARITY_CASE("pre-shared key: a server that takes both versions", pairings, P) {
    auto server = psk_server(tls_1_3);
    server.min_version = tls_1_2;
    auto client = with_psk(tls_1_3);
    client.lowest = tls_1_2;
    CHECK(connected<P>(client, server).client.facts().version == tls_1_3);
    server.max_version = tls_1_2;
    CHECK(connected<P>(client, server).client.facts().version == tls_1_2);
}

PARITY_CASE("pre-shared key: another key under the same identity", pairings, P, v) {
    auto const e = failure_of<P>(with_psk(v), psk_server(v, our_name, 1));
    CHECK(e.code == errc::psk_mismatch);
    CHECK(e.client.has_psk);
    CHECK(mentions(e, "the server does not have the same pre-shared key"));
    CHECK(mentions(e, "under the identity we named is another one"));
}

PARITY_CASE("pre-shared key: an identity that the server does not know", pairings, P, v) {
    auto const e = failure_of<P>(with_psk(v, "device 18"), psk_server(v));
    // As OpenSSL does when the key is another, wolfSSL answers with illegal_parameter.
    bool const vague = e.received == tls::alert::illegal_parameter;
    CHECK(e.code == (vague ? errc::psk_mismatch : errc::psk_not_accepted));
    CHECK(mentions(e, "the server does not know t"));
    CHECK(mentions(e, "identity"));
    if (v == tls_1_2) CHECK(e.received == tls::alert::unknown_psk_identity);
}

PARITY_CASE("pre-shared key: no certificate takes its place, good as it may be", pairings, P, v) {
    auto c = converse<P>(with_psk(v), good_server(v));
    auto const done = outcome_of(c);
    REQUIRE(!done);
    CHECK(done.error().code == errc::psk_not_accepted);
    CHECK(!c.server.established());
    CHECK(mentions(done.error(), "does not take our pre-shared key"));
    if (v == tls_1_3) CHECK(done.error().sent == tls::alert::handshake_failure);
}

PARITY_CASE("pre-shared key: a server that has a certificate too uses the key", pairings, P, v) {
    auto server = good_server(v);
    server.psk = psk_server(v).psk;
    auto c = connected<P>(with_psk(v), server);
    CHECK(c.client.facts().authenticated_by == tls::authentication::pre_shared_key);
    // And a client that trusts certificates is shown one.
    auto other = connected<P>(only(v), server);
    CHECK(other.client.facts().authenticated_by == tls::authentication::certificate);
}

PARITY_CASE("pre-shared key: with certificates beside it a server of TLS 1.2 is refused", pairings, P) {
    for (auto const type :
         {tls::handshake_message::certificate, tls::handshake_message::certificate_request,
          tls::handshake_message::certificate_status}) {
        CAPTURE(tls::name(type));
        auto c = converse<P>(with_psk(tls_1_2), psk_server(tls_1_2));
        c.pipe.to_client.tap = [&](testbed::bytes& flight) {
            auto const parts = testbed::wire::records(flight);
            testbed::bytes changed;
            for (auto const& r : parts) {
                testbed::append(changed, testbed::wire::make_record(r.type, r.body));
                bool const is_hello = r.type == testbed::wire::handshake && r.body[0] == std::byte{2};
                if (!is_hello) continue;
                testbed::bytes message = {static_cast<std::byte>(type), std::byte{0}, std::byte{0}, std::byte{4}};
                message.resize(8);
                testbed::append(changed, testbed::wire::make_record(testbed::wire::handshake, message));
            }
            flight = changed;
        };
        auto const done = c.run();
        REQUIRE(!done);
        CHECK(done.error().code == errc::unexpected_message);
        CHECK(done.error().sent); // which one depends on how far the library had come
        CHECK(!c.server.established());
    }
}

PARITY_CASE("pre-shared key: no secret means no session, whoever answers", pairings, P) {
    // A server that says in its hello that it takes the key cannot go on without it; its hello alone is not answered.
    auto c = converse<P>(with_psk(tls_1_3), psk_server(tls_1_3));
    c.pipe.to_client.tap = [](testbed::bytes& flight) {
        auto const parts = testbed::wire::records(flight);
        testbed::bytes changed;
        for (auto const& r : parts) {
            auto body = r.body;
            if (r.type == testbed::wire::application_data) body.back() ^= std::byte{1};
            testbed::append(changed, testbed::wire::make_record(r.type, body));
        }
        flight = changed;
    };
    auto const done = c.run();
    REQUIRE(!done);
    CHECK(done.error().code == errc::psk_mismatch);
    CHECK(!c.server.established());
}

PARITY_CASE("pre-shared key: what cannot be one is named", backends, B) {
    auto const reason = [](auto const& made) {
        REQUIRE(!made);
        CHECK(made.error().code == errc::bad_psk);
        return std::string(made.error().about.view());
    };
    using key = tls::pre_shared_key;
    CHECK(reason(key::from_bytes("", key_of(16))) == "identity: empty");
    CHECK(reason(key::from_bytes(std::string(129, 'i'), key_of(16))) == "identity: more than 128 bytes");
    CHECK(reason(key::from_bytes(std::string_view("a\0b", 3), key_of(16))) == "identity: has a NUL");
    CHECK(reason(key::from_bytes("a", {})) == "key: empty");
    CHECK(reason(key::from_bytes("a", key_of(15))) == "key: less than 16 bytes");
    CHECK(reason(key::from_bytes("a", key_of(65))) == "key: more than 64 bytes");
    CHECK(reason(key::from_hex("a", "00112233445566778899aabbccddeef")) == "key: an odd number of hexadecimal digits");
    CHECK(reason(key::from_hex("a", "00112233445566778899aabbccddeefg")) == "key: not only hexadecimal digits");
    CHECK(reason(key::from_hex("a", "")) == "key: empty");

    auto const built = tls::client<B>::configure().psk("", key_of(16)).build();
    REQUIRE(!built);
    CHECK(built.error().code == errc::bad_psk);
    CHECK(mentions(built.error(), "identity: empty"));

    auto good = key::from_hex(our_name, digits);
    REQUIRE(good);
    CHECK(good->identity() == our_name);
    CHECK(std::ranges::equal(good->key(), key_of(32)));
    key const taken = std::move(*good);
    CHECK(good->is_spent()); // NOLINT(bugprone-use-after-move): that is the case
    CHECK(good->identity().empty());
    CHECK(good->key().empty());
    CHECK(tls::client<B>::configure().psk(good).build().error().code == errc::spent);
}

PARITY_CASE("pre-shared key: what takes certificates or tickets does not go with it", backends, B) {
    auto const psk = tls::pre_shared_key::from_hex(our_name, digits);
    auto const with = [&](auto change) {
        auto const built = change(tls::client<B>::configure().psk(psk)).build();
        REQUIRE(!built);
        CHECK(built.error().code == errc::bad_configuration);
        return std::string(built.error().about.view());
    };
    tls::memory_ticket_store store;
    auto const no_certificate = "with .psk() no certificate comes to judge";
    CHECK(with([&](auto b) { return std::move(b).resumption(store); }) == ".resumption() saves nothing with .psk()");
    CHECK(with([](auto b) { return std::move(b).keep_peer_path(); }) == no_certificate);
    CHECK(with([](auto b) { return std::move(b).verify_these_names_instead({"localhost"}); }) == no_certificate);
    CHECK(with([](auto b) {
              return std::move(b).also_require([](tls::judged_server const&) noexcept { return tls::no_objection; });
          }) == no_certificate);
    using enum tls::cipher_suite;
    CHECK(with([](auto b) {
              return std::move(b).suites({aes_256_gcm_sha384, ecdhe_psk_chacha20_poly1305_sha256});
          }) == "TLS_AES_256_GCM_SHA384: not with .psk()");
    CHECK(with([](auto b) {
              return std::move(b).suites({aes_128_gcm_sha256, ecdhe_rsa_aes_128_gcm_sha256});
          }).ends_with("not with .psk()"));
    auto const without = build_with<B>({.suites = {{aes_128_gcm_sha256, ecdhe_psk_chacha20_poly1305_sha256}}});
    REQUIRE(!without);
    CHECK(without.error().code == errc::bad_configuration);
    CHECK(without.error().about.view() == "TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256: only with .psk()");
}

PARITY_CASE("pre-shared key: decided at run time, and with a backend by name", pairings, P) {
    using B = typename P::backend;
    auto const psk = tls::pre_shared_key::from_hex(our_name, digits);
    for (bool const has_psk : {true, false}) {
        auto builder = tls::client<B>::configure();
        auto made = has_psk ? std::move(builder).decide(psk).build()
                            : std::move(builder).decide(trust(pki()), std::nullopt).build();
        REQUIRE(made);
        auto c = converse<P>(*made, has_psk ? psk_server(tls_1_3) : good_server(tls_1_3));
        REQUIRE(c.run());
        CHECK((c.client.facts().authenticated_by == tls::authentication::pre_shared_key) == has_psk);
    }
    auto const any = tls::any_client::build<B>(
        B::name, [&](auto builder) { return std::move(builder).psk(our_name, key_of(32)).build(); });
    REQUIRE(any);
    CHECK(any->supports(tls::feature::psk));
    CHECK(any->preflight(tls::server_name::dns("localhost"))->worst() == tls::severity::note);
}

PARITY_CASE("pre-shared key: the binder of each hello is that of the key", pairings, P) {
    for (std::size_t const size : {tls::limits::least_psk, std::size_t{32}, tls::limits::most_psk}) {
        CAPTURE(size);
        auto server = psk_server(tls_1_3);
        server.psk->key = key_of(size);
        // Of a group whose share did not come, so that there is a second hello.
        server.groups = {static_cast<std::uint16_t>(tls::named_group::secp384r1)};
        auto c = connected<P>(only(tls_1_3, {.psk = tls::pre_shared_key::from_bytes(our_name, key_of(size))}), server);
        auto const ours = testbed::wire::clear_messages(c.pipe.to_server.history());
        auto const theirs = testbed::wire::clear_messages(c.pipe.to_client.history());
        REQUIRE(ours.size() == 2);
        REQUIRE(theirs.size() == 2);
        auto const whole = [](testbed::wire::message const& m) { return testbed::make_message(m.type, m.body); };
        testbed::bytes before;
        for (auto const& hello : ours) {
            auto const said = whole(hello);
            constexpr std::size_t binders = 2 + 1 + 32; // the lengths of the list and of its one binder
            testbed::bytes hashed = before;
            testbed::append(hashed, testbed::byte_view(said).first(said.size() - binders));
            auto const binder = testbed::psk_binder(key_of(size), testbed::sha256(hashed));
            CHECK(std::ranges::equal(binder, testbed::byte_view(said).last(32)));
            // RFC 8446 section 4.4.1: the hash of the first hello, then the HelloRetryRequest.
            before = testbed::make_message(tls::handshake_message{254}, testbed::sha256(said));
            testbed::append(before, whole(theirs.front()));
        }
    }
}

TEST_CASE("pre-shared key: the same hello from both, with the key at its end and nothing early") {
    constexpr unsigned pre_shared_key = 41;
    constexpr unsigned early_data = 42;
    for (auto const lowest : versions)
        for (auto const highest : versions) {
            if (lowest > highest) continue;
            CAPTURE(tls::name(lowest));
            CAPTURE(tls::name(highest));
            auto options = with_psk(highest);
            options.lowest = lowest;
            auto const name = tls::server_name::dns("localhost");
            auto one = hello_of(client_of<tls::wolfssl>(options).engine(name));
            auto other = hello_of(client_of<tls::mbedtls>(options).engine(name));
            std::vector<unsigned> expected;
            if (highest == tls_1_3) expected = {0x1301, 0x1303};
            if (lowest == tls_1_2) expected.push_back(0xccac);
            for (auto* const h : {&one, &other}) {
                std::erase(h->suites, 0x00ffU); // RFC 5746
                CHECK(h->suites == expected);
                CHECK(h->has_extension(pre_shared_key) == (highest == tls_1_3));
                CHECK(!h->has_extension(early_data));
                if (highest == tls_1_2) continue;
                CHECK(h->extensions.back() == pre_shared_key);
                CHECK(h->psk_modes == std::vector<unsigned>{1}); // psk_dhe_ke, never psk_ke
                CHECK(h->ticket_age == 0U);
                // One identity, ours, and one binder of SHA-256's size (RFC 8446 section 4.2.11).
                auto const& body = h->bodies.at(pre_shared_key);
                testbed::bytes before = {
                    std::byte{0}, static_cast<std::byte>(our_name.size() + 6), std::byte{0},
                    static_cast<std::byte>(our_name.size())};
                testbed::append(before, testbed::view_of(our_name));
                before.resize(before.size() + 4);
                testbed::append(before, testbed::bytes{std::byte{0}, std::byte{33}, std::byte{32}});
                REQUIRE(body.size() == before.size() + 32);
                CHECK(std::ranges::equal(std::span(body).first(before.size()), before));
            }
            CHECK(one.groups == other.groups);
            CHECK(one.key_shares == other.key_shares);
            CHECK(one.signature_algorithms == other.signature_algorithms);
            CHECK(one.versions == other.versions);
            CHECK(one.server_name == other.server_name);
            std::ranges::sort(one.extensions);
            std::ranges::sort(other.extensions);
            CHECK(one.extensions == other.extensions);
        }
}

} // namespace parity::psk_cases
