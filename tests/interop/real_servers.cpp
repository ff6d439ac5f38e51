// SPDX-License-Identifier: Apache-2.0
#include "interop/installed.hpp"
#include "parity/parity.hpp"
#include "testbed/real_server.hpp"
#include <tls/transport/tcp.hpp>

#include <string>
#include <vector>

/// What real servers do with a client's certificate, and that we learn of it every time.
namespace parity::interop_real_servers_cases {
namespace {

using namespace std::chrono_literals;
using testbed::server_program;

/// Which certificate a client shows.
enum class shown : std::uint8_t { good, none, foreign, expired };

std::string_view name(shown what) {
    switch (what) {
    case shown::good: return "a good certificate";
    case shown::none: return "no certificate";
    case shown::foreign: return "a certificate of a foreign authority";
    case shown::expired: break;
    }
    return "an expired certificate";
}

using identity_choice = std::optional<tls::result<tls::identity>>;

identity_choice identity_of(shown what) {
    switch (what) {
    case shown::none: return std::nullopt;
    case shown::good: return identity(pki().client);
    case shown::foreign: return identity(foreign_credentials());
    case shown::expired: break;
    }
    return identity(expired_credentials());
}

using wants = testbed::real_server_options::client_certificate;
using does = testbed::real_server_options::behaviour;

testbed::real_server strict_server(server_program program, protocol_version v) {
    return testbed::real_server(
        {.program = program,
         .server = pki().server,
         .client_anchors = {pki().root.certificate},
         .from_client = wants::required,
         .version = v});
}

/// How a connection went, from the first byte to its end.
struct outcome {
    bool established = false;
    tls::facts facts{}; ///< without views into the session
    std::string answer{};
    tls::error end{}; ///< how reading or writing ended, or why the handshake failed
};

/// What a client does once its handshake is complete.
enum class then : std::uint8_t {
    ask,  ///< sends a request and reads the answer
    read, ///< only reads
    write ///< writes for long, whatever the server does, and then reads
};

/// Reads until the connection ends, or until the answer has come to a server that keeps it open.
template <class S> void read_answer(S& session, std::string_view expected, outcome& o) {
    std::vector<std::byte> into(16384);
    for (;;) {
        auto const n = session.read_some(into);
        if (!n) {
            o.end = n.error();
            return;
        }
        o.answer += testbed::to_text(testbed::byte_view(into).first(*n));
        if (o.answer == expected) return;
    }
}

template <class B> outcome attempt(tls::client<B> const& client, testbed::real_server& server, then what) {
    outcome o;
    auto tcp = tls::tcp_stream::connect("127.0.0.1", server.port(), {.read_timeout = 60s, .write_timeout = 60s});
    REQUIRE_MESSAGE(tcp, server.child().output());
    auto session = client.connect(tls::server_name::dns("localhost"), std::move(*tcp));
    if (!session) {
        o.end = session.error();
        return o;
    }
    o.established = true;
    o.facts = session->facts();
    o.facts.alpn = {};
    o.facts.peer_certificate.reset();
    if (what != then::read) {
        auto const block = what == then::ask ? std::string(server.request()) : std::string(4096, 'x');
        for (int i = 0; i < (what == then::ask ? 1 : 256); ++i) {
            if (auto const written = session->write_all(testbed::view_of(block)); !written) {
                o.end = written.error();
                return o;
            }
        }
    }
    read_answer(*session, server.answer(), o);
    return o;
}

/// What was negotiated, as far as a failure knows.
auto known(outcome const& o) {
    auto const& h = o.end.handshake;
    return std::tuple(h.version, h.suite, h.group, h.client_certificate_requested, h.certificates_sent);
}

/// What was negotiated, after a completed handshake.
auto negotiated(outcome const& o) {
    auto const& f = o.facts;
    return std::tuple(f.version, f.suite, f.group, f.client_certificate_requested, f.certificates_sent, f.resumed);
}

/// An explanation without the one line that is the C library's own.
std::string without_native(std::string text) {
    auto const at = text.find("\n  native error: ");
    if (at != std::string::npos) text.erase(at, text.find('\n', at + 1) - at);
    return text;
}

/// Both backends give the same explanation, except for the C library's own code.
void check_same_words(tls::error const& wolfssl, tls::error mbedtls) {
    CHECK(mbedtls.handshake.server_accepts.known());
    CHECK(wolfssl.handshake.server_accepts.known());
    mbedtls.clock = wolfssl.clock; // a second may have passed
    CHECK(without_native(tls::explain(wolfssl)) == without_native(tls::explain(mbedtls)));
}

/// What a server answers to a client's certificate; unset: no alert, but an HTTP page that says so.
std::optional<tls::alert> verdict(server_program program, protocol_version v, shown what) {
    bool const none = what == shown::none;
    switch (program) {
    case server_program::nginx: return std::nullopt;
    case server_program::gnutls:
        if (!none) return tls::alert::access_denied;
        // GnuTLS cannot parse the empty message of TLS 1.2.
        return v == protocol_version::tls_1_2 ? tls::alert::decode_error : tls::alert::certificate_required;
    case server_program::openssl:
    case server_program::mosquitto: break;
    }
    if (what == shown::foreign) return tls::alert::unknown_ca;
    if (what == shown::expired) return tls::alert::certificate_expired;
    return v == protocol_version::tls_1_2 ? tls::alert::handshake_failure : tls::alert::certificate_required;
}

int certificates(shown what) {
    switch (what) {
    case shown::none: return 0;
    case shown::foreign: return 1;
    default: return 2;
    }
}

void check_rejection(outcome const& o, protocol_version v, shown what, tls::alert expected) {
    INFO(tls::explain(o.end));
    CHECK(o.answer.empty());
    CHECK(o.established == (v == protocol_version::tls_1_3));
    CHECK(o.end.code == errc::peer_rejected_certificate);
    REQUIRE(o.end.received);
    CHECK(*o.end.received == expected);
    CHECK(o.end.phase == (v == protocol_version::tls_1_2 ? tls::phase::handshake : tls::phase::reading));
    CHECK(o.end.handshake.version == v);
    CHECK(o.end.handshake.client_certificate_requested == true);
    CHECK(o.end.handshake.certificates_sent == certificates(what));
    if (what == shown::none) CHECK(tls::explain(o.end).find("we sent none") != std::string::npos);
}

/// One backend's outcome with one certificate.
template <class B> outcome outcome_of(testbed::real_server& server, identity_choice const& who, then next) {
    return attempt(client_of<B>({.who = who}), server, next);
}

/// Both backends against one server, with one certificate.
void compare(testbed::real_server& server, server_program program, protocol_version v, shown what) {
    auto const expected = verdict(program, v, what);
    // Only reading finds every alert in the same phase: a request may or may not get out before the refusal arrives.
    auto const next = expected ? then::read : then::ask;
    auto const who = identity_of(what);
    auto const a = outcome_of<tls::wolfssl>(server, who, next);
    auto const b = outcome_of<tls::mbedtls>(server, who, next);
    for (outcome const& o : {a, b}) {
        if (expected) {
            check_rejection(o, v, what, *expected);
        } else {
            INFO(tls::explain(o.end));
            CHECK(o.established);
            CHECK(o.facts.version == v);
            CHECK(o.facts.client_certificate_requested == true);
            CHECK(o.facts.certificates_sent == certificates(what));
            CHECK(o.answer.starts_with("HTTP/1.1 400 Bad Request"));
            CHECK(o.end.code == errc::closed);
            CHECK_FALSE(o.end.received);
        }
    }
    CHECK(a.end.code == b.end.code);
    CHECK(a.end.received == b.end.received);
    CHECK(a.end.phase == b.end.phase);
    CHECK(known(a) == known(b));
    CHECK(negotiated(a) == negotiated(b));
    check_same_words(a.end, b.end);
}

/// Out of this many connections without a certificate, those whose error has the alert.
template <class B> int alerts_found(testbed::real_server& server, tls::alert expected, then what, int connections) {
    auto const client = client_of<B>({});
    int found = 0;
    for (int i = 0; i < connections; ++i) {
        auto const o = attempt(client, server, what);
        bool const right = o.end.code == errc::peer_rejected_certificate && o.end.received == expected &&
                           o.end.handshake.certificates_sent == 0;
        if (right)
            ++found;
        else
            MESSAGE("connection ", i, ": ", tls::explain(o.end));
    }
    return found;
}

} // namespace

TEST_CASE("real servers: a refused client certificate is told alike by both backends") {
    with_each(testbed::server_programs, [](server_program program, protocol_version v) {
        auto server = strict_server(program, v);
        for (shown const what : {shown::none, shown::foreign, shown::expired}) {
            CAPTURE(name(what));
            compare(server, program, v, what);
        }
    });
}

TEST_CASE("real servers: a good client certificate is accepted and data flows") {
    auto const who = identity_of(shown::good);
    with_each(testbed::server_programs, [&](server_program program, protocol_version v) {
        auto server = strict_server(program, v);
        auto const a = outcome_of<tls::wolfssl>(server, who, then::ask);
        auto const b = outcome_of<tls::mbedtls>(server, who, then::ask);
        for (outcome const& o : {a, b}) {
            INFO(tls::explain(o.end));
            CHECK(o.established);
            CHECK(o.facts.version == v);
            CHECK(o.facts.client_certificate_requested == true);
            CHECK(o.facts.certificates_sent == 2);
            CHECK(o.answer.starts_with(server.answer()));
        }
        CHECK(negotiated(a) == negotiated(b));
    });
}

PARITY_CASE("real servers: they agree to short records and keep to them, and take ours", backends, B) {
    with_each(testbed::server_programs, [](server_program program, protocol_version v) {
        auto server = strict_server(program, v);
        auto const client = client_of<B>({.who = identity(pki().client), .max_fragment = 512});
        auto const o = attempt(client, server, then::ask);
        INFO(tls::explain(o.end));
        CHECK(o.facts.max_fragment_length == std::uint16_t{512});
        // GnuTLS 3.7 forgets under TLS 1.2 what it agreed to as soon as the handshake is over.
        bool const forgets = program == server_program::gnutls && v == protocol_version::tls_1_2;
        if (!forgets || o.end.code != errc::record_overflow) CHECK(o.answer.starts_with(server.answer()));
    });
}

PARITY_CASE("real servers: where none is required we get our answer without a certificate", backends, B) {
    with_each(testbed::server_programs, [](server_program program, protocol_version v) {
        for (wants const from_client : {wants::ignored, wants::requested}) {
            bool const asks = from_client == wants::requested;
            if (asks && program == server_program::mosquitto) continue; // asks only if it requires
            CAPTURE(asks);
            testbed::real_server server(
                {.program = program,
                 .server = pki().server,
                 .client_anchors = {pki().root.certificate},
                 .from_client = from_client,
                 .version = v,
                 .what = does::echo});
            auto const o = outcome_of<B>(server, std::nullopt, then::ask);
            INFO(tls::explain(o.end));
            CHECK(o.facts.version == v);
            CHECK(o.facts.client_certificate_requested == asks);
            CHECK(o.answer.starts_with(server.answer()));
        }
    });
}

PARITY_CASE("real servers: of 50 refusals without a certificate no alert is lost", backends, B) {
    constexpr int connections = 50;
    constexpr std::array programs = {server_program::openssl, server_program::gnutls, server_program::mosquitto};
    with_each(programs, [&](server_program program, protocol_version v) {
        auto server = strict_server(program, v);
        auto const expected = verdict(program, v, shown::none);
        REQUIRE(expected);
        CHECK(alerts_found<B>(server, *expected, then::read, connections) == connections);
        // Under TLS 1.2 the handshake fails: there is nothing to write into.
        if (v == protocol_version::tls_1_3)
            CHECK(alerts_found<B>(server, *expected, then::write, connections) == connections);
    });
}

PARITY_CASE("real servers: GnuTLS, told to talk only to clients with the signal of RFC 5746", backends, B) {
    if (!installed(server_program::gnutls)) return;
    testbed::real_server const server(
        {.program = server_program::gnutls,
         .server = pki().server,
         .from_client = wants::ignored,
         .version = protocol_version::tls_1_2,
         .more_priority = ":%SAFE_RENEGOTIATION"});
    auto tcp = tls::tcp_stream::connect("127.0.0.1", server.port(), {.read_timeout = 60s, .write_timeout = 60s});
    REQUIRE(tcp);
    auto const session = client_of<B>({}).connect(tls::server_name::dns("localhost"), std::move(*tcp));
    CHECK_MESSAGE(session, (session ? "" : tls::explain(session.error())));
}

PARITY_CASE("real servers: certificates on P-521, of server and client", backends, B) {
    auto const& all = pki(testbed::key_kind::p521);
    with_each(
        std::array{server_program::openssl, server_program::gnutls}, [&](server_program program, protocol_version v) {
            testbed::real_server const server(
                {.program = program, .server = all.server, .client_anchors = {all.root.certificate}, .version = v});
            auto tcp =
                tls::tcp_stream::connect("127.0.0.1", server.port(), {.read_timeout = 60s, .write_timeout = 60s});
            REQUIRE(tcp);
            auto const client = client_of<B>(only(v, {.anchors = trust(all), .who = identity(all.client)}));
            auto session = client.connect(tls::server_name::dns("localhost"), std::move(*tcp));
            REQUIRE_MESSAGE(session, tls::explain(session.error()));
            CHECK(session->confirm_accepted(60s) == tls::acceptance::accepted);
        });
}

} // namespace parity::interop_real_servers_cases
