// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"
#include "testbed/bytes.hpp"
#include "testbed/wire.hpp"
#include <tls/record/tap.hpp>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <random>
#include <utility>
#include <vector>

namespace unit::tap_cases {
namespace {

using testbed::append;
using testbed::byte_view;
using testbed::bytes;
using testbed::octets;
using testbed::pattern;
using tls::errc;
using tls::handshake_message;
using tls::detail::plaintext_facts;
using tls::detail::tap;
namespace wire = testbed::wire;

bytes number(std::size_t value, unsigned octet_count) {
    bytes out;
    while (octet_count-- != 0) out.push_back(static_cast<std::byte>(value >> (8 * octet_count)));
    return out;
}

bytes joined(std::initializer_list<bytes> parts) {
    bytes out;
    for (bytes const& part : parts) append(out, part);
    return out;
}

bytes message(handshake_message type, byte_view body) {
    bytes out = joined({number(static_cast<unsigned>(type), 1), number(body.size(), 3)});
    append(out, body);
    return out;
}

bytes record(byte_view body, unsigned type = wire::handshake) { return wire::make_record(type, body); }

bytes extension(unsigned type, byte_view value) {
    bytes out = joined({number(type, 2), number(value.size(), 2)});
    append(out, value);
    return out;
}

bytes const hello_retry_random =
    octets({0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
            0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c});
bytes const ordinary_random = pattern(32, 7);

bytes server_hello(
    unsigned suite, byte_view extensions, bytes const& random = ordinary_random,
    bytes const& session_id = pattern(32, 9)) {
    bytes body = joined(
        {octets({3, 3}), random, number(session_id.size(), 1), session_id, number(suite, 2), octets({0}),
         number(extensions.size(), 2)});
    append(body, extensions);
    return message(handshake_message::server_hello, body);
}

bytes key_share(unsigned group, std::size_t size = 32) {
    return extension(51, joined({number(group, 2), number(size, 2), pattern(size)}));
}
bytes const selects_tls13 = extension(43, octets({3, 4}));
bytes const hello13 = server_hello(0x1301, joined({selects_tls13, key_share(29)}));
bytes const hello12 = server_hello(0xc02b, extension(0xff01, octets({0})));
bytes const key_exchange = message(handshake_message::server_key_exchange, joined({octets({3, 0, 23}), pattern(130)}));
bytes const certificate_request = message(handshake_message::certificate_request, pattern(60));
bytes const hello_done = message(handshake_message::server_hello_done, {});
bytes const server_certificate = message(handshake_message::certificate, pattern(1500));

bytes const change_cipher_spec = record(octets({1}), wire::change_cipher_spec);
bytes const selects_ticket = extension(41, octets({0, 0}));

bytes new_session_ticket(std::uint32_t lifetime, std::size_t size = 192) {
    return message(
        handshake_message::new_session_ticket, joined({number(lifetime, 4), number(size, 2), pattern(size)}));
}

bytes client_certificate(std::vector<std::size_t> const& sizes) {
    bytes list;
    for (std::size_t const size : sizes) append(list, joined({number(size, 3), pattern(size)}));
    return message(handshake_message::certificate, joined({number(list.size(), 3), list}));
}

bool same(plaintext_facts const& a, plaintext_facts const& b) {
    return a.version == b.version && a.suite == b.suite && a.group == b.group && a.last_received == b.last_received &&
           a.certificates_sent == b.certificates_sent && a.alert_received == b.alert_received &&
           a.alert_sent == b.alert_sent && a.certificate_requested == b.certificate_requested &&
           a.server_hello == b.server_hello && a.not_tls == b.not_tls && a.server_accepts == b.server_accepts &&
           a.signature_sent == b.signature_sent && a.resumed == b.resumed && a.session_id == b.session_id &&
           a.extended_master_secret == b.extended_master_secret && a.ticket_lifetime == b.ticket_lifetime;
}

using observer = void (tap::*)(std::span<std::byte const>) noexcept;

plaintext_facts seen_in(byte_view stream, observer direction = &tap::received) {
    tap t;
    (t.*direction)(stream);
    return t.seen();
}

/// The same stream in two pieces, cut everywhere, and byte by byte: what is learnt must not depend on it.
bool cuts_do_not_matter(byte_view stream, observer direction = &tap::received) {
    plaintext_facts const whole = seen_in(stream, direction);
    tap drip;
    for (std::size_t cut = 0; cut < stream.size(); ++cut) {
        tap t;
        (t.*direction)(stream.first(cut));
        (t.*direction)(stream.subspan(cut));
        if (!same(t.seen(), whole)) return false;
        (drip.*direction)(stream.subspan(cut, 1));
    }
    return same(drip.seen(), whole);
}

} // namespace

TEST_CASE("tap: a TLS 1.3 ServerHello tells version, suite and group") {
    bytes const stream = record(hello13);
    plaintext_facts const seen = seen_in(stream);
    CHECK(seen.server_hello);
    CHECK(seen.version == tls::protocol_version::tls_1_3);
    CHECK(seen.suite == tls::cipher_suite::aes_128_gcm_sha256);
    CHECK(seen.group == tls::named_group::x25519);
    CHECK(seen.last_received == handshake_message::server_hello);
    CHECK_FALSE(seen.certificate_requested);
    CHECK_FALSE(seen.not_tls);
    CHECK(cuts_do_not_matter(stream));
}

TEST_CASE("tap: with a pre-shared key TLS 1.2 has a hint before the group, and no certificates") {
    bytes const psk_hello = server_hello(0xccac, {});
    for (std::size_t const hint : {0U, 3U, 60U, 300U}) {
        CAPTURE(hint);
        bytes const exchange = message(
            handshake_message::server_key_exchange,
            joined({number(hint, 2), pattern(hint, 3), octets({3, 0, 29, 32}), pattern(32)}));
        bytes const stream = record(joined({psk_hello, exchange}));
        CHECK(seen_in(stream).group == tls::named_group::x25519);
        CHECK(seen_in(stream).violation == errc::ok);
        CHECK(cuts_do_not_matter(stream));
    }
    // One that is longer than the message, and one that is longer than what is kept of it.
    for (bytes const& body : {joined({number(500, 2), octets({3, 0, 29})}), joined({number(400, 2), pattern(500)})})
        CHECK_FALSE(seen_in(record(joined({psk_hello, message(handshake_message::server_key_exchange, body)}))).group);
    for (bytes const& other : {server_certificate, certificate_request})
        CHECK(seen_in(record(joined({psk_hello, other}))).violation == errc::unexpected_message);
}

TEST_CASE("tap: a server that does not take a pre-shared key breaks the protocol where one is required") {
    auto const violation = [](byte_view hello) {
        tap t;
        t.require_psk();
        t.received(record(hello));
        return t.seen().violation;
    };
    CHECK(violation(server_hello(0x1301, joined({selects_tls13, key_share(29), selects_ticket}))) == errc::ok);
    CHECK(violation(hello13) == errc::psk_not_accepted);
    CHECK(violation(server_hello(0x1301, joined({selects_tls13, selects_ticket}))) == errc::illegal_parameter);
    CHECK(violation(server_hello(0xccac, {})) == errc::ok);
    CHECK(violation(hello12) == errc::psk_not_accepted);
    // TLS 1.2 has no such extension.
    CHECK(violation(server_hello(0xc02b, selects_ticket)) == errc::psk_not_accepted);
    CHECK(violation(server_hello(0x1301, joined({selects_tls13, key_share(24)}), hello_retry_random)) == errc::ok);
    CHECK(seen_in(record(hello13)).violation == errc::ok);
}

TEST_CASE("tap: nothing is claimed before a message is complete") {
    bytes const stream = record(hello13);
    for (std::size_t cut = 0; cut < stream.size(); ++cut) CHECK(same(seen_in(byte_view(stream).first(cut)), {}));
}

TEST_CASE("tap: a TLS 1.2 flight tells the group and that a certificate is requested") {
    bytes const flight = joined({hello12, server_certificate, key_exchange, certificate_request, hello_done});
    auto const check = [](plaintext_facts const& seen) {
        CHECK(seen.version == tls::protocol_version::tls_1_2);
        CHECK(seen.suite == tls::cipher_suite::ecdhe_ecdsa_aes_128_gcm_sha256);
        CHECK(seen.group == tls::named_group::secp256r1);
        CHECK(seen.certificate_requested);
        CHECK(seen.last_received == handshake_message::server_hello_done);
    };
    SUBCASE("in one record") { check(seen_in(record(flight))); }
    SUBCASE("a record for each message") {
        check(seen_in(joined(
            {record(hello12), record(server_certificate), record(key_exchange), record(certificate_request),
             record(hello_done)})));
    }
    SUBCASE("messages cut over records") {
        for (std::size_t cut = 1; cut < flight.size(); ++cut) {
            byte_view const all = flight;
            bool const right =
                same(seen_in(joined({record(all.first(cut)), record(all.subspan(cut))})), seen_in(record(flight)));
            CHECK_MESSAGE(right, "cut at ", cut);
        }
    }
    SUBCASE("records of one byte") {
        bytes stream;
        for (std::byte const b : flight) append(stream, record(std::span(&b, 1)));
        check(seen_in(stream));
    }
    SUBCASE("delivered in any pieces") { CHECK(cuts_do_not_matter(record(flight))); }
}

TEST_CASE("tap: without a CertificateRequest none is claimed") {
    plaintext_facts const seen = seen_in(record(joined({hello12, server_certificate, key_exchange, hello_done})));
    CHECK_FALSE(seen.certificate_requested);
    CHECK(seen.last_received == handshake_message::server_hello_done);
}

TEST_CASE("tap: what a TLS 1.2 server accepts is read, in any pieces, and compared with our chain") {
    bytes const name =
        joined({octets({0x30, 13, 0x31, 11, 0x30, 9, 6, 3, 0x55, 4, 3, 0x0c, 2}), testbed::to_bytes("CA")});
    bytes const body = joined({octets({1, 64, 0, 2, 4, 3}), number(name.size() + 2, 2), number(name.size(), 2), name});
    bytes const flight = joined({hello12, message(handshake_message::certificate_request, body), hello_done});
    plaintext_facts const seen = seen_in(record(flight));
    REQUIRE(seen.server_accepts);
    CHECK(seen.server_accepts->scheme_count == 1);
    CHECK(seen.server_accepts->schemes[0] == tls::signature_scheme::ecdsa_secp256r1_sha256);
    CHECK(seen.server_accepts->issuer_count == 1);
    CHECK(seen.server_accepts->first_issuer.view() == "CN=CA");
    CHECK_FALSE(seen.server_accepts->names_our_issuer);
    CHECK(cuts_do_not_matter(record(flight)));
    bytes small_records;
    for (std::byte const b : flight) append(small_records, record(std::span(&b, 1)));
    CHECK(seen_in(small_records).server_accepts == seen.server_accepts);

    tap with_chain;
    byte_view const issuers[] = {name};
    tls::detail::issuer_names const of_one(issuers);
    with_chain.our_chains({&of_one, 1});
    int told = 0;
    with_chain.tell_of_request([](void* count) noexcept { ++*static_cast<int*>(count); }, &told);
    with_chain.received(record(flight));
    REQUIRE(with_chain.seen().server_accepts);
    CHECK(with_chain.seen().server_accepts->names_our_issuer);
    CHECK(with_chain.identities_named() == 1);
    CHECK(told == 1);
}

TEST_CASE("tap: of a damaged CertificateRequest, or one before ServerHello, only its coming is known") {
    plaintext_facts const damaged = seen_in(record(joined({hello12, certificate_request})));
    CHECK(damaged.certificate_requested);
    CHECK_FALSE(damaged.server_accepts.has_value());
    bytes const good = message(handshake_message::certificate_request, octets({1, 64, 0, 2, 4, 3, 0, 0}));
    CHECK(seen_in(record(joined({hello12, good}))).server_accepts.has_value());
    CHECK_FALSE(seen_in(record(good)).server_accepts.has_value());
    CHECK_FALSE(seen_in(record(joined({hello12, good})), &tap::sent).server_accepts.has_value());
}

TEST_CASE("tap: our signature is seen when it has left whole") {
    bytes const stream = joined(
        {record(client_certificate({700})), record(message(handshake_message::certificate_verify, pattern(70)))});
    CHECK(seen_in(stream, &tap::sent).signature_sent);
    CHECK(cuts_do_not_matter(stream, &tap::sent));
    CHECK_FALSE(seen_in(byte_view(stream).first(stream.size() - 1), &tap::sent).signature_sent);
    CHECK_FALSE(seen_in(stream).signature_sent);
}

TEST_CASE("tap: a HelloRetryRequest is not a ServerHello, and the one that follows is") {
    bytes const retry =
        server_hello(0x1302, joined({selects_tls13, extension(51, octets({0, 24}))}), hello_retry_random);
    plaintext_facts const first = seen_in(record(retry));
    CHECK_FALSE(first.server_hello);
    CHECK_FALSE(first.version.has_value());
    CHECK_FALSE(first.group.has_value());

    bytes const second_hello = server_hello(0x1302, joined({key_share(24, 97), selects_tls13}));
    bytes const stream = joined({record(retry), change_cipher_spec, record(second_hello)});
    plaintext_facts const seen = seen_in(stream);
    CHECK(seen.server_hello);
    CHECK(seen.version == tls::protocol_version::tls_1_3);
    CHECK(seen.suite == tls::cipher_suite::aes_256_gcm_sha384);
    CHECK(seen.group == tls::named_group::secp384r1);
    CHECK(cuts_do_not_matter(stream));
}

TEST_CASE("tap: after ServerHello and ChangeCipherSpec nothing is looked at") {
    plaintext_facts const seen =
        seen_in(joined({record(hello12), change_cipher_spec, record(certificate_request), wire::make_alert(2, 40)}));
    CHECK(seen.last_received == handshake_message::server_hello);
    CHECK_FALSE(seen.certificate_requested);
    CHECK_FALSE(seen.alert_received.has_value());
}

TEST_CASE("tap: a TLS 1.3 ServerHello that selects our ticket resumes its session") {
    bytes const stream = record(server_hello(0x1301, joined({selects_tls13, key_share(29), selects_ticket})));
    CHECK(seen_in(stream).resumed);
    CHECK(seen_in(record(server_hello(0x1301, joined({selects_ticket, key_share(29), selects_tls13})))).resumed);
    CHECK(seen_in(joined({stream, change_cipher_spec})).resumed);
    CHECK(cuts_do_not_matter(joined({stream, change_cipher_spec, record(pattern(40), wire::application_data)})));
    CHECK_FALSE(seen_in(record(hello13)).resumed);
    CHECK_FALSE(seen_in(joined({record(hello13), change_cipher_spec})).resumed);
    CHECK_FALSE(seen_in(stream, &tap::sent).resumed);
    // TLS 1.2 has no such extension; a server that sends it must not make a full handshake look resumed.
    CHECK_FALSE(seen_in(record(joined({server_hello(0xc02b, selects_ticket), server_certificate}))).resumed);
}

TEST_CASE("tap: a HelloRetryRequest resumes nothing and agrees to nothing, the ServerHello after it may") {
    bytes const asks = joined({selects_tls13, extension(51, octets({0, 24})), selects_ticket, extension(23, {})});
    bytes const retry = record(server_hello(0x1302, asks, hello_retry_random));
    CHECK_FALSE(seen_in(retry).resumed);
    CHECK_FALSE(seen_in(retry).extended_master_secret);
    CHECK_FALSE(seen_in(retry).session_id);
    bytes const full = joined({retry, record(server_hello(0x1302, joined({selects_tls13, key_share(24, 97)})))});
    CHECK(seen_in(full).server_hello);
    CHECK_FALSE(seen_in(full).resumed);
    CHECK(cuts_do_not_matter(full));
    bytes const second = record(server_hello(0x1302, joined({selects_tls13, key_share(24, 97), selects_ticket})));
    bytes const resumed = joined({retry, change_cipher_spec, second});
    CHECK(seen_in(resumed).resumed);
    CHECK(cuts_do_not_matter(resumed));
}

TEST_CASE("tap: in TLS 1.2 a session is resumed where ChangeCipherSpec comes instead of a certificate") {
    bytes const hello = record(hello12);
    CHECK_FALSE(seen_in(hello).resumed);
    CHECK(seen_in(joined({hello, change_cipher_spec})).resumed);
    CHECK_FALSE(seen_in(joined({hello, change_cipher_spec})).ticket_lifetime.has_value());
    CHECK(cuts_do_not_matter(joined({hello, change_cipher_spec, record(pattern(40))})));
    CHECK_FALSE(seen_in(change_cipher_spec).resumed);
    CHECK_FALSE(seen_in(joined({change_cipher_spec, hello})).resumed);
    // Our own ChangeCipherSpec means nothing.
    tap t;
    t.received(hello);
    t.sent(change_cipher_spec);
    CHECK_FALSE(t.seen().resumed);
}

TEST_CASE("tap: in TLS 1.2 a new ticket before ChangeCipherSpec is seen, in both kinds of handshake") {
    bytes const full_flight = record(joined({hello12, server_certificate, key_exchange, hello_done}));
    bytes const stapled = message(handshake_message::certificate_status, pattern(50));
    bytes const short_flight = record(joined({hello12, new_session_ticket(7200)}));

    CHECK_FALSE(seen_in(short_flight).resumed);
    bytes const resumed = joined({short_flight, change_cipher_spec});
    CHECK(seen_in(resumed).resumed);
    CHECK(seen_in(resumed).ticket_lifetime == 7200U);
    CHECK(cuts_do_not_matter(resumed));

    bytes const full = joined({full_flight, record(new_session_ticket(0x12345678)), change_cipher_spec});
    CHECK_FALSE(seen_in(full).resumed);
    CHECK(seen_in(full).ticket_lifetime == 0x12345678U);
    CHECK(cuts_do_not_matter(full));
    CHECK_FALSE(seen_in(joined({full_flight, change_cipher_spec})).resumed);
    CHECK_FALSE(seen_in(joined({full_flight, change_cipher_spec})).ticket_lifetime.has_value());
    CHECK_FALSE(seen_in(joined({record(joined({hello12, server_certificate, stapled})), change_cipher_spec})).resumed);

    // A lifetime of 0 leaves it to the client, RFC 5077 section 3.3; a ticket larger than what is kept is one too.
    CHECK(seen_in(record(joined({hello12, new_session_ticket(0)}))).ticket_lifetime == 0U);
    CHECK(seen_in(record(joined({hello12, new_session_ticket(60, 1000)}))).ticket_lifetime == 60U);
    // After ChangeCipherSpec it would be encrypted.
    CHECK_FALSE(seen_in(joined({record(hello12), change_cipher_spec, record(new_session_ticket(60))}))
                    .ticket_lifetime.has_value());
    CHECK_FALSE(seen_in(record(new_session_ticket(60)), &tap::sent).ticket_lifetime.has_value());
}

TEST_CASE("tap: an empty NewSessionTicket, or one cut short, is not a ticket") {
    bytes const empty = joined({record(joined({hello12, new_session_ticket(7200, 0)})), change_cipher_spec});
    CHECK(seen_in(empty).resumed);
    CHECK_FALSE(seen_in(empty).ticket_lifetime.has_value());
    CHECK(cuts_do_not_matter(empty));
    bytes const whole = joined({number(7200, 4), number(1, 2), octets({9})});
    auto const lifetime_in = [](byte_view body) {
        return seen_in(record(joined({hello12, message(handshake_message::new_session_ticket, body)}))).ticket_lifetime;
    };
    for (std::size_t size = 0; size < whole.size(); ++size)
        CHECK_FALSE(lifetime_in(byte_view(whole).first(size)).has_value());
    CHECK(lifetime_in(whole) == 7200U);
}

TEST_CASE("tap: whether a TLS 1.2 ServerHello names the session and agrees to an extended master secret") {
    bytes const agrees = extension(23, {});
    bytes const renegotiation = extension(0xff01, octets({0}));
    bytes const both = record(server_hello(0xc02b, joined({renegotiation, agrees})));
    CHECK(seen_in(both).session_id);
    CHECK(seen_in(both).extended_master_secret);
    CHECK(cuts_do_not_matter(both));
    bytes const neither = record(server_hello(0xc02b, renegotiation, ordinary_random, {}));
    CHECK(seen_in(neither).server_hello);
    CHECK_FALSE(seen_in(neither).session_id);
    CHECK_FALSE(seen_in(neither).extended_master_secret);
    CHECK(cuts_do_not_matter(neither));
    CHECK(seen_in(record(server_hello(0xc02b, agrees, ordinary_random, octets({1})))).session_id);
    CHECK_FALSE(seen_in(both, &tap::sent).session_id);
    CHECK_FALSE(seen_in(both, &tap::sent).extended_master_secret);
}

TEST_CASE("tap: our certificates are counted") {
    auto const count = [](std::vector<std::size_t> const& sizes) {
        bytes const stream = record(client_certificate(sizes));
        CHECK(cuts_do_not_matter(stream, &tap::sent));
        return seen_in(stream, &tap::sent).certificates_sent;
    };
    CHECK(count({}) == 0);
    CHECK(count({700}) == 1);
    CHECK(count({700, 900}) == 2);
    CHECK(count({0, 1, 0}) == 3);
    CHECK(count(std::vector<std::size_t>(400, 1)) == 400);
    CHECK_FALSE(seen_in(record(client_certificate({700}))).certificates_sent.has_value());
    CHECK_FALSE(seen_in(record(message(handshake_message::client_hello, pattern(99))), &tap::sent)
                    .certificates_sent.has_value());
}

TEST_CASE("tap: only the second of two Certificate messages counts, each by itself") {
    bytes const stream = joined({record(client_certificate({5})), record(client_certificate({5, 5}))});
    CHECK(seen_in(stream, &tap::sent).certificates_sent == 2);
}

TEST_CASE("tap: unencrypted fatal alerts are seen in both directions, and the first one counts") {
    bytes const stream = joined({wire::make_alert(2, 42), wire::make_alert(2, 40)});
    CHECK(seen_in(stream).alert_received == tls::alert::bad_certificate);
    CHECK_FALSE(seen_in(stream).alert_sent.has_value());
    CHECK(seen_in(stream, &tap::sent).alert_sent == tls::alert::bad_certificate);
    CHECK_FALSE(seen_in(stream, &tap::sent).alert_received.has_value());
    CHECK(cuts_do_not_matter(stream));
    CHECK(seen_in(wire::make_alert(2, 213)).alert_received == static_cast<tls::alert>(213));
}

TEST_CASE("tap: warnings and encrypted alerts are not taken for fatal ones") {
    CHECK_FALSE(seen_in(wire::make_alert(1, 112)).alert_received.has_value());
    CHECK(
        seen_in(joined({wire::make_alert(1, 112), wire::make_alert(2, 40)})).alert_received ==
        tls::alert::handshake_failure);
    bytes const encrypted(26, std::byte{2});
    CHECK_FALSE(seen_in(record(encrypted, wire::alert)).alert_received.has_value());
}

// Needs the tap to keep an alert's first byte apart from the header of an unfinished handshake message.
TEST_CASE("tap: an alert in the middle of a handshake message is read as it came") {
    for (std::size_t have = 0; have <= 5; ++have) {
        bytes const stream = joined({record(byte_view(hello13).first(have)), wire::make_alert(2, 80)});
        CHECK_MESSAGE(seen_in(stream).alert_received == tls::alert::internal_error, have, " bytes before it");
    }
}

TEST_CASE("tap: a peer that does not speak TLS is noticed by its first bytes") {
    for (char const* text : {"HTTP/1.1 400 Bad Request\r\n", "SSH-2.0-OpenSSH_9.2\r\n", "220 mail ready\r\n"})
        CHECK(seen_in(testbed::view_of(text)).not_tls);
    CHECK(seen_in(octets({0x16, 2, 0, 0, 1})).not_tls);
    CHECK_FALSE(seen_in(octets({0x16, 3, 1, 0, 1})).not_tls);
    CHECK_FALSE(seen_in(testbed::view_of("HTTP")).not_tls);
    CHECK_FALSE(seen_in(testbed::view_of("HTTP/1.1 400"), &tap::sent).not_tls);
    plaintext_facts const later = seen_in(joined({record(hello12), testbed::to_bytes("HTTP/1.1 400 Bad Request")}));
    CHECK_FALSE(later.not_tls);
    CHECK(later.server_hello);
}

TEST_CASE("tap: a ServerHello cut short or with lengths that lie never claims more than it holds") {
    bytes const body(hello13.begin() + 4, hello13.end());
    for (std::size_t size = 0; size < body.size(); ++size) {
        plaintext_facts const seen =
            seen_in(record(message(handshake_message::server_hello, byte_view(body).first(size))));
        CHECK(seen.last_received == handshake_message::server_hello);
        CHECK(seen.server_hello == (size >= 34 + 1 + 32 + 3));
    }
    for (std::size_t at = 0; at < body.size(); ++at)
        for (unsigned const lie : {0U, 1U, 0x7fU, 0x80U, 0xffU}) {
            bytes changed = body;
            changed[at] = static_cast<std::byte>(lie);
            bytes const stream = record(message(handshake_message::server_hello, changed));
            CHECK(cuts_do_not_matter(stream));
        }
}

TEST_CASE("tap: a key share larger than what is kept still tells its group") {
    bytes const large = server_hello(0x1301, joined({selects_tls13, key_share(29, 1400)}));
    CHECK(seen_in(record(large)).group == tls::named_group::x25519);
    CHECK(seen_in(record(large)).version == tls::protocol_version::tls_1_3);
    bytes const hidden = server_hello(0x1301, joined({selects_tls13, extension(0x1234, pattern(1300)), key_share(29)}));
    CHECK_FALSE(seen_in(record(hidden)).group.has_value());
    CHECK(cuts_do_not_matter(record(large)));
}

TEST_CASE("tap: a ServerKeyExchange without a named curve tells no group") {
    auto const group_of = [](bytes const& body) {
        return seen_in(record(joined({hello12, message(handshake_message::server_key_exchange, body)}))).group;
    };
    CHECK(group_of(octets({3, 0, 29})) == tls::named_group::x25519);
    CHECK_FALSE(group_of(octets({1, 0, 29})).has_value());
    CHECK_FALSE(group_of(octets({3, 0})).has_value());
    CHECK_FALSE(group_of({}).has_value());
}

TEST_CASE("tap: hostile lengths are taken as they are") {
    bytes huge_record = octets({22, 3, 3, 0xff, 0xff});
    append(huge_record, message(handshake_message::server_hello_done, {}));
    append(huge_record, hello13);
    CHECK(seen_in(huge_record).server_hello);

    bytes const endless = joined({octets({2, 0xff, 0xff, 0xff}), pattern(2000)});
    CHECK(same(seen_in(record(endless)), {}));

    bytes empty_records;
    for (int i = 0; i < 1000; ++i) append(empty_records, record({}));
    append(empty_records, record(hello13));
    CHECK(seen_in(empty_records).server_hello);
    CHECK(cuts_do_not_matter(joined({record({}), record({}), record(hello13), record({}), wire::make_alert(2, 40)})));

    bytes entry_too_long = joined({octets({0, 0, 9}), octets({0xff, 0xff, 0xff}), pattern(40)});
    CHECK(seen_in(record(message(handshake_message::certificate, entry_too_long)), &tap::sent).certificates_sent == 1);
}

TEST_CASE("tap: what brings a handshake no further is counted") {
    using tls::limits::ignored_messages;
    struct row {
        char const* name;
        bytes one;
        std::size_t allowed;
    };
    row const rows[] = {
        {"ChangeCipherSpec", testbed::wire::make_record(20, testbed::octets({1})), ignored_messages},
        {"warnings", testbed::wire::make_alert(1, 90), ignored_messages},
        {"small records", testbed::wire::make_record(23, testbed::octets({1})), tls::limits::handshake_records},
        {"large records", testbed::wire::make_record(23, bytes(16000)), tls::limits::handshake_bytes / 16005},
    };
    for (row const& r : rows) {
        CAPTURE(r.name);
        tap t;
        for (std::size_t i = 0; i != r.allowed; ++i) t.received(r.one);
        CHECK(t.seen().violation == errc::ok);
        t.received(r.one);
        CHECK(t.seen().violation == errc::flooded);
    }
}

TEST_CASE("tap: what is learnt from any bytes does not depend on how they arrive") {
    bytes const good = joined(
        {record(joined({hello12, server_certificate})), record(key_exchange), record(certificate_request),
         record(hello_done), wire::make_alert(2, 42)});
    std::mt19937 random(20240229);
    auto const below = [&](std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random); };
    for (int round = 0; round < 2000; ++round) {
        bytes stream;
        if (round % 2 == 0) {
            stream.resize(below(400));
            for (std::byte& b : stream) b = static_cast<std::byte>(below(256));
        } else {
            stream = good;
            for (std::size_t n = 1 + below(8); n != 0; --n)
                stream[below(stream.size())] = static_cast<std::byte>(below(2) == 0 ? below(256) : below(4));
        }
        for (observer const direction : {&tap::received, &tap::sent}) {
            tap pieces;
            byte_view rest = stream;
            while (!rest.empty()) {
                std::size_t const n = 1 + below(std::min<std::size_t>(rest.size(), 40));
                (pieces.*direction)(rest.first(n));
                rest = rest.subspan(n);
            }
            CHECK(same(pieces.seen(), seen_in(stream, direction)));
        }
    }
}

} // namespace unit::tap_cases
