// SPDX-License-Identifier: Apache-2.0
#include "allocation/torture.hpp"
#include "parity/parity.hpp"
#include "parity/resumption.hpp"
#include "parity/signed_later.hpp"
#include <tls/transport/pipe.hpp>

#include <array>
#include <string_view>

/// Connections are made, used and closed while memory runs out.
namespace parity::connecting_cases {

using allocation::outcome;
using allocation::spared;
using allocation::torture;
using server = testbed::wolfssl_server;

constexpr outcome failed(tls::error const& e) { return {e.code, nullptr}; }

/// Carries what waits, once, and lets the server work, which has all the memory it wants.
template <class B> tls::result<std::size_t> carry(tls::engine<B>& e, server& s) {
    testbed::bytes answer;
    std::size_t const sent = e.drain().size();
    {
        spared const servers_own;
        s.feed(e.drain());
        s.step();
        answer = s.drain();
    }
    e.drained(sent);
    if (auto const fed = e.feed(answer); !fed) return std::unexpected(fed.error());
    return sent + answer.size();
}

template <class B> outcome handshake(tls::engine<B>& e, server& s) {
    for (;;) {
        auto const state = e.handshake();
        if (!state && state.error() != errc::want_read) return failed(state.error());
        auto const moved = carry(e, s);
        if (!moved) return failed(moved.error());
        if (state) return {};
        if (*moved == 0) return {errc::internal, "nothing moves"};
    }
}

/// Sends a few bytes, reads the answer and closes.
template <class B> outcome use(tls::engine<B>& e, server& s) {
    static constexpr std::string_view question = "question";
    auto const written = e.write(std::as_bytes(std::span(question)));
    if (!written) return failed(written.error());
    if (*written != question.size()) return {errc::ok, "not everything was written"};
    if (auto const moved = carry(e, s); !moved) return failed(moved.error());
    {
        spared const servers_own;
        if (s.failed()) return {errc::ok, "the server failed"};
        auto const heard = s.received();
        if (testbed::bytes(heard) != testbed::to_bytes(question)) return {errc::ok, "the server heard something else"};
        s.send(heard);
    }
    if (auto const moved = carry(e, s); !moved) return failed(moved.error());
    std::array<std::byte, 64> answer;
    auto const read = e.read(answer);
    if (!read) return failed(read.error());
    if (*read != question.size()) return {errc::ok, "the answer is another"};
    if (auto const closed = e.close(); !closed) return failed(closed.error());
    if (auto const moved = carry(e, s); !moved) return failed(moved.error());
    return {errc::ok, s.peer_closed() ? nullptr : "the server was not told of the end"};
}

/// A server in memory of its own.
struct visited {
    explicit visited(testbed::server_options const& options) {
        spared const servers_own;
        s = std::make_unique<server>(options);
    }
    ~visited() {
        spared const servers_own;
        s.reset();
    }
    visited(visited const&) = delete;
    visited& operator=(visited const&) = delete;
    std::unique_ptr<server> s;
};

testbed::server_options mutual_server(protocol_version v) {
    auto options = strict_server(v);
    options.alpn = {"mqtt"};
    return options;
}

client_options mutual_client(protocol_version v) {
    client_options o;
    o.who = identity(pki().client);
    o.alpn = {"http/1.1", "mqtt"};
    return only(v, o);
}

template <class B> outcome complete(tls::engine<B>& e, server& s) {
    auto const facts = e.facts();
    if (facts.alpn != "mqtt") return {errc::ok, "no application protocol"};
    spared const servers_own;
    // One library copies it when it is asked for; with memory it is there.
    if (!facts.peer_certificate && !e.facts().peer_certificate) return {errc::ok, "no certificate of the server"};
    if (s.client_certificates_received() < 1) return {errc::ok, "our certificate was not sent"};
    if (s.sni() != "localhost") return {errc::ok, "no server name was sent"};
    return {};
}

template <class B> outcome connect(tls::client<B> const& client, testbed::server_options const& options) {
    visited const there(options);
    auto e = client.engine(tls::server_name::parse("localhost"));
    if (!e) return failed(e.error());
    if (auto const o = handshake(*e, *there.s); o.code != errc::ok) return o;
    if (auto const o = complete(*e, *there.s); o.wrong != nullptr) return o;
    return use(*e, *there.s);
}

PARITY_CASE("allocation: a connection with certificates on both sides and an application protocol", backends, B, v) {
    auto const options = mutual_server(v);
    auto const client = client_of<B>(mutual_client(v));
    torture([&] { return connect(client, options); });
}

PARITY_CASE("allocation: the same with RSA", backends, B, v) {
    auto options = good_server(v, testbed::key_kind::rsa_2048);
    options.require_client_certificate = true;
    options.client_anchors = {pki(testbed::key_kind::rsa_2048).root.certificate};
    options.alpn = {"mqtt"};
    auto o = mutual_client(v);
    o.anchors = trust(pki(testbed::key_kind::rsa_2048));
    o.who = identity(pki(testbed::key_kind::rsa_2048).client);
    auto const client = client_of<B>(o);
    torture([&] { return connect(client, options); });
}

PARITY_CASE("allocation: a signature that comes later", backends, B, v) {
    auto o = mutual_client(v);
    o.who.reset();
    o.signing_elsewhere = deferred_identity();
    auto const client = client_of<B>(o);
    auto const options = mutual_server(v);
    torture([&]() -> outcome {
        visited const there(options);
        auto e = client.engine(tls::server_name::parse("localhost"));
        if (!e) return failed(e.error());
        if (auto const waits = handshake(*e, *there.s); waits.code != errc::want_signature) return waits;
        testbed::bytes made;
        {
            spared const signers_own;
            made = signature_for(*e->wanted_signature());
        }
        if (auto const given = e->give_signature(made); !given) {
            if (given.error() != errc::out_of_memory || !e->wanted_signature()) return failed(given.error());
            // Nothing was taken: it may be brought again.
            spared const with_memory;
            if (!e->give_signature(made)) return {errc::internal, "it is not taken again"};
        }
        if (auto const done = handshake(*e, *there.s); done.code != errc::ok) return done;
        if (auto const all = complete(*e, *there.s); all.wrong != nullptr) return all;
        return use(*e, *there.s);
    });
}

PARITY_CASE("allocation: a connection with a pre-shared key", backends, B, v) {
    testbed::server_options options;
    options.min_version = options.max_version = v;
    options.psk = {"device", testbed::bytes(32, std::byte{7})};
    auto const client =
        client_of<B>(only(v, {.psk = tls::pre_shared_key::from_bytes("device", testbed::bytes(32, std::byte{7}))}));
    torture([&]() -> outcome {
        visited const there(options);
        auto e = client.engine(tls::server_name::parse("localhost"));
        if (!e) return failed(e.error());
        if (auto const o = handshake(*e, *there.s); o.code != errc::ok) return o;
        return use(*e, *there.s);
    });
}

PARITY_CASE("allocation: a server that is not trusted is refused, or memory ran out", backends, B, v) {
    auto const options = good_server(v, testbed::key_kind::p384);
    auto const client = client_of<B>(only(v));
    torture([&] { return connect(client, options); }, errc::untrusted);
}

PARITY_CASE("allocation: a server that refuses us", backends, B, v) {
    auto const options = strict_server(v);
    auto const client = client_of<B>(only(v));
    torture(
        [&]() -> outcome {
            visited const there(options);
            auto e = client.engine(tls::server_name::parse("localhost"));
            if (!e) return failed(e.error());
            if (auto const o = handshake(*e, *there.s); o.code != errc::ok) return o;
            std::array<std::byte, 64> answer;
            auto const read = e->read(answer);
            return read ? outcome{errc::ok, "it did not"} : failed(read.error());
        },
        errc::peer_rejected_certificate);
}

PARITY_CASE("allocation: a session is resumed, or made anew", backends, B, v) {
    using P = pairing<B, server>;
    auto const options = ticket_server(v);
    auto o = only(v);
    o.own_tickets = true;
    auto const client = client_of<P>(o);
    std::array<std::byte, tls::storage_key::size> bytes{};
    tls::storage_key const key{std::span<std::byte const, tls::storage_key::size>(bytes)};
    auto first = visit<P>(client, options);
    REQUIRE(first.ticket);
    auto const stored = first.ticket->template serialize<B>(key);
    REQUIRE(stored);
    auto const again = visit<P>(client, options, *tls::ticket::parse<B>(stored->span(), key));
    CHECK(again.resumed);
    torture([&]() -> outcome {
        visited const there(options);
        auto kept = tls::ticket::parse<B>(stored->span(), key);
        if (!kept) return failed(kept.error());
        auto e = client.engine(tls::server_name::parse("localhost"), std::move(*kept));
        if (!e) return failed(e.error());
        if (auto const h = handshake(*e, *there.s); h.code != errc::ok) return h;
        if (auto const u = use(*e, *there.s); u.code != errc::ok || u.wrong != nullptr) return u;
        auto const next = e->take_ticket();
        if (!next) return {}; // tickets are dropped where memory runs out
        auto const next_stored = next->template serialize<B>(key);
        return next_stored ? outcome{} : failed(next_stored.error());
    });
}

PARITY_CASE("allocation: another handshake is in flight", backends, B, v) {
    auto const options = mutual_server(v);
    auto const client = client_of<B>(mutual_client(v));
    torture([&]() -> outcome {
        std::optional<spared> others(std::in_place);
        visited const there(options);
        auto first = client.engine(tls::server_name::parse("localhost"));
        if (!first || first->handshake().error() != errc::want_read || !carry(*first, *there.s))
            return {errc::internal, "the first did not begin"};
        others.reset();
        auto const second = connect(client, options);
        others.emplace();
        if (auto const o = handshake(*first, *there.s); o.code != errc::ok) return {o.code, "the first failed"};
        if (auto const o = use(*first, *there.s); o.code != errc::ok || o.wrong != nullptr)
            return {errc::internal, "the first does not work"};
        return second;
    });
}

PARITY_CASE("allocation: a session over a pipe in memory", backends, B, v) {
    auto const options = mutual_server(v);
    auto const client = client_of<B>(mutual_client(v));
    torture([&]() -> outcome {
        visited const there(options);
        auto [ours, theirs] = tls::memory_pipe::make();
        auto h = client.start(tls::server_name::parse("localhost"), std::move(ours));
        if (!h) return failed(h.error());
        for (;;) {
            auto done = h->step();
            if (!done && !done.error().would_block()) return failed(done.error());
            testbed::bytes answer;
            bool moved = false;
            {
                spared const servers_own;
                std::array<std::byte, 4096> some;
                for (auto r = theirs.read_some(some); r.status == tls::io_status::ok; r = theirs.read_some(some)) {
                    there.s->feed(std::span(some).first(r.bytes));
                    moved = true;
                }
                there.s->step();
                answer = there.s->drain();
                moved = moved || !answer.empty();
                if (!answer.empty() && theirs.write_some(answer).status != tls::io_status::ok)
                    return {errc::internal, "the pipe broke"};
            }
            if (!done && !moved) return {errc::internal, "nothing moves"};
            if (!done) continue;
            if (auto const closed = done->close(); !closed) return failed(closed.error());
            return {done->facts().alpn == "mqtt" ? errc::ok : errc::internal, nullptr};
        }
    });
}

} // namespace parity::connecting_cases
