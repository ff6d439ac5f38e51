// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "parity/network.hpp"
#include "parity/parity.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// One row for each failure: what goes wrong, and what must be said about it with every backend.
namespace parity {

/// One attempt of a client: whom it meets and what it does once connected.
struct scenario {
    enum class activity { read, write };

    client_options client{};
    std::string name = "localhost";
    std::function<std::unique_ptr<peer>()> server{};
    rule network_rule{};
    activity then = activity::read;
    std::optional<io_trouble> on_write{};       ///< how writing ends once connected
    std::optional<io_trouble> on_first_write{}; ///< how the very first write ends
};

/// What came of it with one backend.
struct played {
    tls::error error{};
    std::optional<int> heard{}; ///< the alert the server received
    std::string server_text{};
};

/// Why the backends may give different codes in a row, each pinned; docs/parity.md says the same.
struct declared_difference {
    errc wolfssl = errc::ok;
    errc mbedtls = errc::ok;
    std::string_view reason{};
    std::string_view fields{}; ///< where the codes are alike: the fields that differ
};

struct row {
    std::string name{};
    errc expected = errc::ok;
    std::optional<tls::alert> received{};
    tls::phase phase = tls::phase::handshake;
    scenario what{};
    std::optional<declared_difference> differs{};
};

/// A real server as peer.
template <class Server> class server_peer final : public peer {
public:
    using action = std::function<void(Server&)>;
    explicit server_peer(testbed::server_options const& options, action once_established = {})
        : server_(options),
          once_established_(std::move(once_established)) {}

    testbed::bytes answer(testbed::byte_view from_client) override {
        server_.feed(from_client);
        server_.step();
        return server_.drain();
    }
    testbed::bytes client_established() override {
        if (once_established_ && server_.established() && !over()) {
            once_established_(server_);
            over_ = true;
        }
        return server_.drain();
    }
    [[nodiscard]] bool over() const override { return over_ || server_.failed(); }
    [[nodiscard]] std::optional<int> alert_received() const override { return server_.alert_received(); }
    [[nodiscard]] std::string text() const override { return server_.error_text(); }

private:
    Server server_;
    action once_established_; // the last thing it does
    bool over_ = false;
};

/// A server with these options, on Mbed TLS or another library.
template <class Server = testbed::mbedtls_server>
std::function<std::unique_ptr<peer>()>
serving(testbed::server_options options, typename server_peer<Server>::action once_established = {}) {
    return [options = std::move(options), act = std::move(once_established)] {
        return std::make_unique<server_peer<Server>>(options, act);
    };
}

/// A peer that answers the first bytes it gets with these and says nothing more.
inline std::function<std::unique_ptr<peer>()> saying(testbed::bytes answer) {
    return [answer = std::move(answer)] { return std::make_unique<canned_peer>(answer); };
}

/// Does what the scenario says until something fails.
template <class Backend> played play(scenario const& s) {
    auto const client = client_of<Backend>(s.client);
    network net(s.server(), s.network_rule);
    if (s.on_first_write) net.on_write(*s.on_first_write);
    auto handshake = client.start(tls::server_name::parse(s.name), net);
    REQUIRE(handshake);

    played out;
    auto session = handshake->step();
    if (!session) {
        out.error = session.error();
    } else {
        net.client_established(s.on_write);
        testbed::bytes into(16384);
        for (int calls = 0; out.error.code == errc::ok && calls < 100; ++calls) {
            auto const done = s.then == scenario::activity::write ? session->write_some(testbed::view_of("request"))
                                                                  : session->read_some(into);
            if (!done) out.error = done.error();
        }
    }
    out.heard = net.server().alert_received();
    out.server_text = net.server().text();
    return out;
}

/// The records that a server sends in a handshake that nothing disturbs.
inline std::vector<testbed::bytes> undisturbed_records(scenario s) {
    std::vector<testbed::bytes> all;
    s.network_rule = [&all](std::size_t, testbed::bytes& record) {
        all.push_back(record);
        return io_trouble::none;
    };
    (void)play<tls::mbedtls>(s);
    return all;
}

/// The text about an error that a person sees, without the one line that may differ.
inline std::string text_of(tls::error e) {
    if (e.clock != 0) e.clock = 1; // the two runs are not at the same moment
    e.sent.reset();                // each library chooses its own alert, and does not always tell
    std::istringstream all(tls::explain(e));
    std::string kept;
    for (std::string line; std::getline(all, line);)
        if (!line.starts_with("  native error: ")) kept += line + '\n';
    return kept;
}

/// The names of the fields in which two errors differ, apart from those that name the library or the moment.
inline std::string differing_fields(tls::error const& a, tls::error const& b) {
    std::string out;
    auto const compare = [&out](std::string_view field, bool same) {
        if (!same) out.append(out.empty() ? "" : ", ").append(field);
    };
    compare("code", a.code == b.code);
    compare("phase", a.phase == b.phase);
    compare("received", a.received == b.received);
    compare("problems", a.problems == b.problems);
    compare("problem_depth", a.problem_depth == b.problem_depth);
    compare("transferred", a.transferred == b.transferred);
    compare("system", a.system == b.system);
    compare("clock known", (a.clock != 0) == (b.clock != 0));
    compare("about", a.about == b.about);
    auto const& g = a.handshake;
    auto const& h = b.handshake;
    compare("handshake.version", g.version == h.version);
    compare("handshake.suite", g.suite == h.suite);
    compare("handshake.group", g.group == h.group);
    compare("handshake.last_received", g.last_received == h.last_received);
    compare("handshake.client_certificate_requested", g.client_certificate_requested == h.client_certificate_requested);
    compare("handshake.server_accepts", g.server_accepts == h.server_accepts);
    compare("handshake.certificates_sent", g.certificates_sent == h.certificates_sent);
    compare("handshake.signature_sent", g.signature_sent == h.signature_sent);
    auto const& c = a.client;
    auto const& d = b.client;
    compare(
        "client", c.known == d.known && c.has_identity == d.has_identity &&
                      c.accepts_any_server == d.accepts_any_server && c.key_is_rsa == d.key_is_rsa &&
                      c.chain_ends_self_signed == d.chain_ends_self_signed && c.chain_size == d.chain_size &&
                      c.lowest_version == d.lowest_version && c.highest_version == d.highest_version &&
                      c.suites == d.suites && c.groups == d.groups);
    auto const& p = a.certificate;
    auto const& q = b.certificate;
    compare(
        "certificate",
        p.not_before == q.not_before && p.not_after == q.not_after && p.names == q.names && p.issuer == q.issuer);
    compare("text", text_of(a) == text_of(b));
    return out;
}

/// The error without what only one backend can know: wolfSSL does not reveal an encrypted CertificateRequest.
inline tls::error comparable(tls::error e) {
    if (e.handshake.version == protocol_version::tls_1_3) e.handshake.server_accepts = {};
    return e;
}

/// The alert we say we sent must be the one the server received; saying nothing is allowed, being wrong is not.
inline void check_sent(played const& p) {
    if (!p.error.sent || !p.heard) return;
    CHECK_MESSAGE(
        static_cast<int>(tls::number(*p.error.sent)) == *p.heard, p.error.backend, " says it sent alert ",
        static_cast<int>(tls::number(*p.error.sent)), ", the server heard ", *p.heard);
}

/// Runs one row with both backends and compares everything.
inline void check(row const& r) {
    CAPTURE(r.name);
    played const w = play<tls::wolfssl>(r.what);
    played const m = play<tls::mbedtls>(r.what);
    std::string const wolfssl_says = tls::explain(w.error);
    std::string const mbedtls_says = tls::explain(m.error);
    CAPTURE(wolfssl_says);
    CAPTURE(mbedtls_says);
    errc const from_wolfssl = r.differs ? r.differs->wolfssl : r.expected;
    errc const from_mbedtls = r.differs ? r.differs->mbedtls : r.expected;
    CHECK_MESSAGE(
        w.error.code == from_wolfssl, "wolfSSL: ", tls::name(w.error.code), ", expected ", tls::name(from_wolfssl));
    CHECK_MESSAGE(
        m.error.code == from_mbedtls, "Mbed TLS: ", tls::name(m.error.code), ", expected ", tls::name(from_mbedtls));
    if (r.differs && from_wolfssl != from_mbedtls) return;
    for (played const* one : {&w, &m}) {
        CAPTURE(one->error.backend);
        CAPTURE(one->server_text);
        CHECK(one->error.phase == r.phase);
        CHECK(one->error.received == r.received);
        check_sent(*one);
    }
    std::string const differing = differing_fields(comparable(w.error), comparable(m.error));
    CHECK_MESSAGE(differing == (r.differs ? r.differs->fields : ""), "differing fields: ", differing);
}

inline void check(std::vector<row> const& table) {
    for (row const& r : table) check(r);
}

/// A name for a row: the version and what happens.
inline std::string named(protocol_version v, std::string_view what) {
    return std::string(tls::name(v)).append(": ").append(what);
}

} // namespace parity
