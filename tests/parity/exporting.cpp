// SPDX-License-Identifier: Apache-2.0
#include "parity/parity.hpp"
#include "parity/puppet_show.hpp"
#include "parity/resumption.hpp"
#include <tls/any_client.hpp>

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

/// Keying material: what both ends of a connection, and nobody else, can derive from it.
namespace parity::exporting_cases {
namespace {

template <class P> client_for<P> exporting(protocol_version v, tls::memory_ticket_store* store = nullptr) {
    auto plain = tls::client<typename P::backend>::configure().versions(v, v).exporter();
    if (store != nullptr) plain = std::move(plain).resumption(*store);
    return std::move(plain).trust(trust(pki())).no_identity().build().value();
}

using context = std::optional<std::span<std::byte const>>;

/// Derives some bytes at both ends, and compares.
template <class P> testbed::bytes derived(conversation<P>& c, std::string_view label, context with, std::size_t n) {
    testbed::bytes ours(n);
    auto const done = c.client.export_keying_material(label, with, ours);
    REQUIRE_MESSAGE(done, (done ? "" : tls::explain(done.error())));
    CHECK(ours == c.server.exported(label, with, n));
    return ours;
}

} // namespace

PARITY_CASE("exporter: both ends derive the same, and nothing else the same", pairings, P, v) {
    auto const client = exporting<P>(v);
    auto c = converse<P>(client, good_server(v));
    REQUIRE(c.run());
    auto const some = testbed::view_of("some context");
    auto const none = std::span<std::byte const>{};
    auto const plain = derived(c, "EXPORTER-test", std::nullopt, 32);
    auto const with = derived(c, "EXPORTER-test", some, 32);
    auto const empty = derived(c, "EXPORTER-test", none, 32);
    CHECK(plain != with);
    CHECK((plain == empty) == (v == protocol_version::tls_1_3)); // RFC 8446 section 7.5
    CHECK(derived(c, "EXPORTER-other", std::nullopt, 32) != plain);
    CHECK(derived(c, std::string(48, 'x'), std::nullopt, 1).size() == 1);
    CHECK(derived(c, "EXPORTER-test", std::nullopt, 1000).size() == 1000);
    CHECK(derived(c, "EXPORTER-test", std::nullopt, 8160).size() == 8160);
    auto other = converse<P>(client, good_server(v));
    REQUIRE(other.run());
    CHECK(derived(other, "EXPORTER-test", std::nullopt, 32) != plain);
    // Data in between, tickets among it, changes nothing.
    REQUIRE(c.client.write(testbed::view_of("ping")));
    c.run();
    c.server.send(testbed::view_of("pong"));
    c.run();
    CHECK(testbed::to_text(c.read().value()) == "pong");
    CHECK(derived(c, "EXPORTER-test", std::nullopt, 32) == plain);

    auto const binding = c.client.channel_binding();
    REQUIRE(binding);
    CHECK(testbed::bytes(binding->begin(), binding->end()) == derived(c, "EXPORTER-Channel-Binding", none, 32));
}

PARITY_CASE("exporter: of a session that was resumed", pairings, P, v) {
    tls::memory_ticket_store store;
    auto const client = exporting<P>(v, &store);
    auto const options = ticket_server(v);
    (void)visit<P>(client, options);
    auto c = converse<P>(client, options);
    REQUIRE(c.run());
    REQUIRE(c.client.facts().resumed);
    (void)derived(c, "EXPORTER-test", std::nullopt, 32);
    REQUIRE(c.client.channel_binding());
}

PARITY_CASE("exporter: what cannot be derived is refused, alike with both libraries", pairings, P, v) {
    auto c = converse<P>(exporting<P>(v), good_server(v));
    std::array<std::byte, 32> out;
    auto const refused = [&](std::string_view label, context with, std::span<std::byte> into) {
        auto const done = c.client.export_keying_material(label, with, into);
        REQUIRE_FALSE(done);
        CHECK(done.error().backend == std::string_view(P::backend::name));
        return done.error();
    };
    CHECK(refused("EXPORTER-test", std::nullopt, out).code == errc::not_exportable); // not yet
    REQUIRE(c.run());
    for (std::string_view const reserved :
         {"client finished", "server finished", "master secret", "extended master secret", "key expansion",
          "key expansion too"}) {
        CHECK(refused(reserved, std::nullopt, out).code == errc::not_exportable);
        CHECK(refused(reserved, std::nullopt, out).about.view() == "this label is reserved for TLS itself");
    }
    CHECK(refused("", std::nullopt, out).about.view() == "a label has 1 to 48 bytes");
    CHECK(refused(std::string(49, 'x'), std::nullopt, out).about.view() == "a label has 1 to 48 bytes");
    CHECK(refused("EXPORTER-test", std::nullopt, {}).about.view() == "1 to 8160 bytes can be exported");
    testbed::bytes much(8161);
    CHECK(refused("EXPORTER-test", std::nullopt, much).about.view() == "1 to 8160 bytes can be exported");
    testbed::bytes const longest(62 - 13);
    CHECK(derived(c, "EXPORTER-test", longest, 8).size() == 8);
    testbed::bytes const longer(62 - 12);
    if (v == protocol_version::tls_1_2)
        CHECK(refused("EXPORTER-test", longer, out).about.view().starts_with("TLS 1.2: label and context"));
    else
        CHECK(derived(c, "EXPORTER-test", longer, 8).size() == 8);

    // A client that was not told keeps no secrets for it.
    auto plain = connected<P>(only(v), good_server(v));
    auto const not_asked = plain.client.export_keying_material("EXPORTER-test", std::nullopt, out);
    CHECK(not_asked.error().code == errc::not_exportable);
    CHECK(tls::explain(not_asked.error()).find("without .exporter()") != std::string::npos);
    CHECK(not_asked.error().about.view() == "the client was built without .exporter()");
    auto moved = std::move(plain.client);
    CHECK(plain.client.channel_binding().error().code == errc::spent); // NOLINT(bugprone-use-after-move)
    // After the end it still works.
    c.server.close();
    c.run();
    CHECK(c.client.export_keying_material("EXPORTER-test", std::nullopt, out));
}

PARITY_CASE("exporter: through an any_engine, and a session", pairings, P, v) {
    auto const any = tls::any_client::of(exporting<P>(v));
    REQUIRE(any);
    auto engine = any->engine(tls::server_name::dns("localhost"));
    REQUIRE(engine);
    typename P::server server(good_server(v));
    testbed::wire::byte_pipe pipe;
    for (int i = 0; i != 10 && !engine->established(); ++i) {
        (void)engine->handshake();
        auto const out = engine->drain();
        pipe.to_server.push(out);
        engine->drained(out.size());
        testbed::serve(server, pipe);
        (void)engine->feed(pipe.to_client.take_all());
    }
    REQUIRE(engine->established());
    std::array<std::byte, 16> out;
    REQUIRE(engine->export_keying_material("EXPORTER-test", std::nullopt, out));
    CHECK(testbed::bytes(out.begin(), out.end()) == server.exported("EXPORTER-test", std::nullopt, 16));
}

PARITY_CASE("exporter: under TLS 1.2 not with a server that lacks extended master secret", backends, B) {
    using P = pairing<B, testbed::mbedtls_server>;
    auto options = good_server(protocol_version::tls_1_2);
    options.extended_master_secret = false;
    auto c = converse<P>(exporting<P>(protocol_version::tls_1_2), options);
    REQUIRE(c.run());
    auto const binding = c.client.channel_binding();
    REQUIRE_FALSE(binding);
    CHECK(binding.error().code == errc::not_exportable);
    CHECK(binding.error().about.view() == "the server lacks extended master secret (RFC 7627)");
}

} // namespace parity::exporting_cases
