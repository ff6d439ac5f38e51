// SPDX-License-Identifier: Apache-2.0
#include "parity/parity.hpp"

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

/// Servers that break the protocol where everybody can see it: what they say is changed on its way to the client.
namespace parity::dishonest_servers_cases {
namespace {

using testbed::bytes;
using tls::handshake_message;
constexpr auto tls_1_2 = protocol_version::tls_1_2;
constexpr auto tls_1_3 = protocol_version::tls_1_3;

using testbed::number_at;
using testbed::put;

/// A ServerHello that can be changed.
struct hello {
    bytes before{}; ///< version and random
    bytes session_id{};
    std::size_t suite = 0;
    std::vector<std::pair<unsigned, bytes>> extensions{};

    explicit hello(testbed::byte_view body) : before(body.begin(), body.begin() + 34) {
        std::size_t at = 34;
        std::size_t const id = number_at(body, at++, 1);
        session_id.assign(body.begin() + 35, body.begin() + 35 + static_cast<std::ptrdiff_t>(id));
        at += id;
        suite = number_at(body, at, 2);
        at += 3; // and the compression method
        if (at == body.size()) return;
        for (at += 2; at != body.size();) {
            auto const type = static_cast<unsigned>(number_at(body, at, 2));
            std::size_t const size = number_at(body, at + 2, 2);
            auto const content = body.subspan(at + 4, size);
            extensions.emplace_back(type, bytes(content.begin(), content.end()));
            at += 4 + size;
        }
    }
    [[nodiscard]] bytes text() const {
        bytes out = before;
        put(out, session_id.size(), 1);
        testbed::append(out, session_id);
        put(out, suite, 2);
        put(out, 0, 1);
        bytes list;
        for (auto const& [type, content] : extensions) {
            put(list, type, 2);
            put(list, content.size(), 2);
            testbed::append(list, content);
        }
        put(out, list.size(), 2);
        testbed::append(out, list);
        return out;
    }
    void set(unsigned type, bytes content) {
        std::erase_if(extensions, [&](auto const& e) { return e.first == type; });
        extensions.emplace_back(type, std::move(content));
    }
};

/// Changes the first ServerHello of a conversation.
template <class C> void change_hello(C& c, std::function<void(hello&, C&)> const& change) {
    c.pipe.to_client.tap = [&c, change, done = false](bytes& stream) mutable {
        constexpr std::size_t headers = 5 + 4;
        if (done || stream.size() < headers ||
            number_at(stream, 5, 1) != static_cast<unsigned>(handshake_message::server_hello))
            return;
        done = true;
        std::size_t const record = number_at(stream, 3, 2);
        std::size_t const size = number_at(stream, 6, 3);
        hello h(testbed::byte_view(stream).subspan(headers, size));
        change(h, c);
        bytes message = testbed::octets({static_cast<unsigned>(handshake_message::server_hello)});
        bytes const text = h.text();
        put(message, text.size(), 3);
        testbed::append(message, text);
        auto const rest = testbed::byte_view(stream).subspan(headers + size, record - 4 - size);
        testbed::append(message, rest);
        bytes out = testbed::wire::make_record(testbed::wire::handshake, message);
        testbed::append(out, testbed::byte_view(stream).subspan(5 + record));
        stream = out;
    };
}

/// A server that breaks the protocol is told so by one alert, and nothing else.
template <class P> void check_refused(conversation<P>& c, errc expected) {
    auto const done = c.run();
    REQUIRE(!done);
    CHECK_MESSAGE(done.error().code == expected, tls::explain(done.error()));
    CHECK(done.error().code != errc::internal);
    auto const sent = testbed::wire::clear_alerts(c.pipe.to_server.history());
    REQUIRE(sent.size() == 1);
    CHECK(sent[0].level == 2);
    REQUIRE(done.error().sent);
    CHECK(sent[0].description == tls::number(*done.error().sent));
    for (auto const& m : testbed::wire::clear_messages(c.pipe.to_server.history()))
        CHECK(m.type == handshake_message::client_hello);
    CHECK(!c.server.established());
}

} // namespace

PARITY_CASE("dishonest: a fragment length of TLS 1.2 that was not asked for, or is not kept", pairings, P) {
    using talk = conversation<P>;
    auto const answers = [](bytes content) -> std::function<void(hello&, talk&)> {
        return [content](hello& h, talk&) { h.set(1, content); };
    };
    for (auto const& wrong :
         {testbed::octets({2}), testbed::octets({0}), testbed::octets({5}), testbed::octets({1, 1}), bytes{}}) {
        auto c = converse<P>(only(tls_1_2, {.max_fragment = 512}), good_server(tls_1_2));
        change_hello(c, answers(wrong));
        check_refused(c, errc::illegal_parameter);
    }
    // A server that was not asked answers with its certificates in one record.
    auto c = converse<P>(only(tls_1_2, {.max_fragment = 512}), good_server(tls_1_2));
    c.pipe.to_server.tap = [](bytes& stream) {
        auto const asked = testbed::octets({0, 1, 0, 1, 1}); // becomes an extension that nobody knows
        auto const at = std::ranges::search(stream, asked);
        if (!at.empty()) at.front() = std::byte{0x7f};
    };
    change_hello(c, answers(testbed::octets({1})));
    check_refused(c, errc::record_overflow);
}

PARITY_CASE("dishonest: a ServerHello of TLS 1.2 that answers what was not asked, or wrongly", pairings, P) {
    using talk = conversation<P>;
    struct row {
        std::string_view name;
        std::function<void(hello&, talk&)> change;
    };
    auto const adds = [](unsigned type, std::initializer_list<unsigned> content) {
        return [type, content = testbed::octets(content)](hello& h, talk&) { h.set(type, content); };
    };
    row const rows[] = {
        {"renegotiation_info that is not empty", adds(0xff01, {1, 0xaa})},
        {"renegotiation_info without a length", adds(0xff01, {})},
        {"renegotiation_info with more behind it", adds(0xff01, {0, 0})},
        {"an extension that nobody knows", adds(0x1234, {})},
        {"another one", adds(63, {1})},
        {"max_fragment_length", adds(1, {1})},
        {"heartbeat", adds(15, {1})},
        {"encrypt_then_mac", adds(22, {})},
        {"status_request", adds(5, {})},
        {"an application protocol", adds(16, {0, 3, 2, 'h', '2'})},
        {"a ticket that nobody asked for", adds(35, {})},
        {"use_srtp", adds(14, {0, 2, 0, 1, 0})},
        {"next_protocol", adds(13172, {})},
        {"early_data", adds(42, {})},
        {"a cookie", adds(44, {0, 1, 1})},
        {"a server name with content", adds(0, {0, 1, 0})},
        {"extended_master_secret with content", adds(23, {0})},
        {"only compressed points", adds(11, {1, 1})},
        {"no points at all", adds(11, {0})},
        {"a list of points that is cut", adds(11, {2, 0})},
        {"a repeated extension", [](hello& h, talk&) { h.extensions.push_back(h.extensions.front()); }},
        {"two unknown ones that are the same",
         [](hello& h, talk&) { h.extensions.insert(h.extensions.end(), 2, {0x4444, {}}); }},
        {"a repeated renegotiation_info",
         [](hello& h, talk&) { h.extensions.insert(h.extensions.end(), 2, {0xff01U, testbed::octets({0})}); }},
    };
    for (row const& r : rows) {
        CAPTURE(r.name);
        auto c = converse<P>(only(tls_1_2), good_server(tls_1_2));
        change_hello<talk>(c, r.change);
        check_refused(c, errc::illegal_parameter);
    }
    auto honest = converse<P>(only(tls_1_2), good_server(tls_1_2));
    change_hello<talk>(honest, [](hello&, talk&) {});
    CHECK(honest.run());
}

PARITY_CASE("dishonest: a session goes on that was never one", pairings, P) {
    using talk = conversation<P>;
    auto c = converse<P>(client_options{}, good_server(tls_1_2));
    change_hello<talk>(c, [](hello& h, talk& t) {
        h.session_id = testbed::wire::first_client_hello(t.pipe.to_server.history()).session_id;
        CHECK(h.session_id.size() == 32);
    });
    check_refused(c, errc::illegal_parameter);
}

PARITY_CASE("dishonest: a group that was not offered", pairings, P, v) {
    // The hello is changed on its way, so that the server has every reason for its choice, and signs it.
    constexpr auto kind = testbed::key_kind::p384; // on the group's curve: some servers ask for that
    auto options = good_server(v, kind);
    options.groups = {24};
    auto c = converse<P>(only(v, {.anchors = trust(pki(kind)), .groups = {{tls::named_group::x25519}}}), options);
    c.pipe.to_server.tap = [](bytes& stream) {
        auto const offered = testbed::octets({0, 10, 0, 4, 0, 2, 0, 29});
        auto const at = std::ranges::search(stream, offered);
        if (!at.empty()) at.back() = std::byte{24};
    };
    check_refused(c, errc::no_common_group);
}

PARITY_CASE("dishonest: a suite for another kind of key than the certificate's", pairings, P) {
    using talk = conversation<P>;
    auto options = good_server(tls_1_2);
    options.suites = {0xc02b};
    auto c = converse<P>(only(tls_1_2), options);
    change_hello<talk>(c, [](hello& h, talk&) { h.suite = 0xc02f; });
    check_refused(c, errc::illegal_parameter);
}

PARITY_CASE("dishonest: ChangeCipherSpec without end, of another content, or in pieces", pairings, P, v) {
    struct row {
        std::string_view name;
        bytes records;
        std::optional<errc> refused{};
    };
    auto const change = testbed::wire::make_record(20, testbed::octets({1}));
    bytes some;
    for (unsigned i = 0; i != tls::limits::ignored_messages / 2; ++i) testbed::append(some, change);
    bytes many;
    for (int i = 0; i != 3; ++i) testbed::append(many, some);
    row const rows[] = {
        {"a few", some, v == tls_1_2 ? std::optional(errc::unexpected_message) : std::nullopt},
        {"many", many, v == tls_1_2 ? errc::unexpected_message : errc::flooded},
        {"of another content", testbed::wire::make_record(20, testbed::octets({2})), errc::unexpected_message},
        {"of two bytes", testbed::wire::make_record(20, testbed::octets({1, 1})), errc::unexpected_message},
        {"empty", testbed::wire::make_record(20, {}), errc::unexpected_message},
    };
    for (row const& r : rows) {
        CAPTURE(r.name);
        auto c = converse<P>(only(v), good_server(v));
        c.pipe.to_client.tap = [&r, done = false](bytes& stream) mutable {
            if (done || stream.empty()) return;
            done = true;
            std::size_t const first = 5 + number_at(stream, 3, 2); // after the ServerHello
            stream.insert(stream.begin() + static_cast<std::ptrdiff_t>(first), r.records.begin(), r.records.end());
        };
        auto const done = c.run();
        CHECK(done.has_value() == !r.refused);
        if (r.refused) CHECK_MESSAGE(done.error().code == *r.refused, tls::explain(done.error()));
    }
}

PARITY_CASE("dishonest: ChangeCipherSpec after the handshake", pairings, P, v) {
    auto c = connected<P>(only(v), good_server(v));
    (void)c.read();
    REQUIRE(c.client.feed(testbed::wire::make_record(20, testbed::octets({1}))));
    auto const n = c.read();
    REQUIRE(!n);
    CHECK(n.error().code == errc::unexpected_message);
    CHECK(c.read().error().code == errc::unexpected_message);
}

PARITY_CASE("dishonest: an encrypted record of another type", pairings, P) {
    for (unsigned const type : {21U, 22U}) {
        CAPTURE(type);
        auto c = converse<P>(only(tls_1_3), good_server(tls_1_3));
        c.pipe.to_client.tap = [type](bytes& stream) {
            for (std::size_t at = 0; at + 5 <= stream.size(); at += 5 + number_at(stream, at + 3, 2))
                if (stream[at] == std::byte{23}) stream[at] = static_cast<std::byte>(type);
        };
        auto const done = c.run();
        REQUIRE(!done);
        CHECK_MESSAGE(done.error().code == errc::unexpected_message, tls::explain(done.error()));
    }
}

PARITY_CASE("an honest HelloRetryRequest with a cookie is answered with it", pairings, P) {
    using talk = conversation<P>;
    auto options = good_server(tls_1_3);
    options.groups = {24};
    auto c = converse<P>(only(tls_1_3), options);
    auto const cookie = testbed::pattern(40, 9);
    change_hello<talk>(c, [&](hello& h, talk&) {
        bytes content;
        put(content, cookie.size(), 2);
        testbed::append(content, cookie);
        h.set(44, content);
    });
    (void)c.run(); // the server does not know of its cookie
    auto const sent = testbed::wire::clear_messages(c.pipe.to_server.history());
    REQUIRE(sent.size() >= 2);
    REQUIRE(sent[1].type == handshake_message::client_hello);
    CHECK(!std::ranges::search(sent[1].body, cookie).empty());
}

} // namespace parity::dishonest_servers_cases
