// SPDX-License-Identifier: Apache-2.0
#include "parity/puppet_show.hpp"
#include "parity/resumption.hpp"
#include "testbed/der_writer.hpp"
#include "testbed/ocsp_factory.hpp"

#include <string>
#include <string_view>

/// Servers that break TLS 1.3 inside encrypted records, which only the libraries read.
namespace parity::dishonest_sealed_cases {
namespace {

using testbed::bytes;
using tls::handshake_message;
constexpr auto tls_1_3 = protocol_version::tls_1_3;

using testbed::make_message;
using testbed::octets;
using testbed::put;

/// A client that asks for more than most, halfway into the handshake with a server that has a key of this kind.
template <class P> struct interrupted : interrupted_handshake<P> {
    explicit interrupted(testbed::key_kind kind, std::size_t max_fragment = 0, bool honours_must_staple = false)
        : interrupted_handshake<P>(
              {.anchors = trust(pki(kind)),
               .alpn = {"h2"},
               .max_fragment = max_fragment,
               .honours_must_staple = honours_must_staple},
              good_server(tls_1_3, kind)) {}
};

/// What a client makes of EncryptedExtensions with these extensions.
template <class P> tls::error after_extensions(bytes const& extensions, std::size_t max_fragment = 0) {
    interrupted<P> show(testbed::key_kind::p256, max_fragment);
    bytes body;
    put(body, extensions.size(), 2);
    testbed::append(body, extensions);
    show.say(make_message(handshake_message::encrypted_extensions, body));
    auto const done = show.talk.client.handshake();
    REQUIRE(!done);
    return done.error();
}

/// How a server with such a key signs its handshake.
struct signing {
    std::string_view name;
    testbed::key_kind kind;
    testbed::signing how;
    bool honest = false;
};

/// What a client makes of a server that signs like this, and does all else right.
template <class P> tls::result<void> after_signature(signing const& how) {
    interrupted<P> show(how.kind);
    show.say(make_message(handshake_message::encrypted_extensions, testbed::octets({0, 0})));
    show.prove(pki(how.kind).server, how.how);
    show.finish();
    return show.talk.client.handshake();
}

/// With a library that asks for statuses.
using wolfssl_pairing = std::tuple<pairing<tls::wolfssl, testbed::wolfssl_server>>;

/// A status as an extension of a certificate (RFC 8446 section 4.4.2.1).
bytes stapled(unsigned kind, bytes const& response) {
    bytes out = octets({0, 5});
    put(out, response.size() + 4, 2);
    put(out, kind, 1);
    put(out, response.size(), 3);
    testbed::append(out, response);
    return out;
}

} // namespace

// A library may pass over what stands behind the extensions of a ServerHello. Read there, the answer to a pre-shared
// key would vouch for a server that has none.
PARITY_CASE("dishonest, sealed: an answer to our pre-shared key behind the extensions of the hello", pairings, P) {
    bytes secret{};
    auto const client = client_of<P>(only(
        tls_1_3, {.psk = tls::pre_shared_key::from_hex("device 17", "000102030405060708090a0b0c0d0e0f"),
                  .suites = {{tls::cipher_suite::aes_128_gcm_sha256}},
                  .key_log = tls::key_log_sink{testbed::keep_server_handshake_secret, &secret}}));
    constexpr auto kind = testbed::key_kind::p256;
    auto talk = converse<P>(client, good_server(tls_1_3, kind));
    talk.pipe.to_client.tap = [](bytes& stream) {
        if (stream.empty() || stream[0] != std::byte{testbed::wire::handshake}) return stream.clear();
        stream.resize(5 + testbed::wire::records(stream).front().body.size());
        auto const longer_by_6 = [&](std::size_t at) {
            unsigned const n =
                std::to_integer<unsigned>(stream[at]) * 256 + std::to_integer<unsigned>(stream[at + 1]) + 6;
            stream[at] = static_cast<std::byte>(n / 256);
            stream[at + 1] = static_cast<std::byte>(n % 256);
        };
        longer_by_6(3); // the record
        longer_by_6(7); // the message
        testbed::append(stream, testbed::octets({0, 41, 0, 2, 0, 0}));
    };
    auto done = talk.run();
    if (!done && done.error() == errc::want_read) { // then the rest of an honest handshake, without the key
        REQUIRE(secret.size() == 32);
        testbed::record_sealer sealer(secret);
        auto transcript = testbed::wire::records(talk.pipe.to_server.history()).front().body;
        testbed::append(transcript, testbed::wire::records(talk.pipe.to_client.history()).front().body);
        auto const say = [&](bytes const& m) {
            testbed::append(transcript, m);
            REQUIRE(talk.client.feed(sealer.seal(m)));
        };
        auto const& shown = pki(kind).server;
        say(make_message(handshake_message::encrypted_extensions, testbed::octets({0, 0})));
        say(testbed::certificate_message(shown.chain, tls_1_3));
        say(testbed::certificate_verify(*shown.private_key, transcript, {}));
        say(make_message(handshake_message::finished, testbed::finished_data(secret, testbed::sha256(transcript))));
        done = talk.client.handshake();
    }
    REQUIRE(!done);
    CHECK(done.error().code == errc::decode_error);
}

// Who goes by a key that both have sends no certificate and asks for none (RFC 8446 sections 4.3.2 and 4.4.2).
PARITY_CASE("dishonest, sealed: certificates from a server that has taken our key or our session", pairings, P) {
    enum class said : unsigned { nothing, certificate, all_of_a_certificate, request };
    auto const key = testbed::pattern(32);
    testbed::server_options sharing;
    sharing.min_version = tls_1_3;
    sharing.psk = {"device 17", key};
    auto const resuming = ticket_server(tls_1_3);
    for (bool const has_key : {true, false})
        for (auto const what : {said::nothing, said::certificate, said::all_of_a_certificate, said::request}) {
            CAPTURE(has_key);
            CAPTURE(static_cast<unsigned>(what));
            tls::memory_ticket_store store;
            client_options options;
            if (has_key) {
                options.psk = tls::pre_shared_key::from_bytes("device 17", key);
            } else {
                options.suites = {{tls::cipher_suite::aes_128_gcm_sha256}};
                options.who = identity(pki().client);
                options.store = &store;
                (void)visit<P>(client_of<P>(only(tls_1_3, options)), resuming);
                REQUIRE(store.size() != 0);
            }
            interrupted_handshake<P> show(options, has_key ? sharing : resuming);
            REQUIRE(testbed::wire::server_hellos(show.talk.pipe.to_client.history()).front().extensions.size() == 3);
            show.say(make_message(handshake_message::encrypted_extensions, testbed::octets({0, 0})));
            switch (what) {
            case said::nothing: break;
            case said::certificate: show.say(testbed::certificate_message(pki().server.chain, tls_1_3)); break;
            case said::all_of_a_certificate: show.prove(pki().server); break;
            case said::request:
                show.say(make_message(
                    handshake_message::certificate_request, testbed::octets({0, 0, 8, 0, 13, 0, 4, 0, 2, 4, 3})));
                break;
            }
            show.finish();
            auto const done = show.talk.client.handshake();
            CHECK(done.has_value() == (what == said::nothing));
            CHECK(show.talk.client.established() == (what == said::nothing));
            if (done) {
                auto const by = show.talk.client.facts().authenticated_by;
                CHECK((by == tls::authentication::pre_shared_key) == has_key);
                CHECK(show.talk.client.facts().resumed == !has_key);
                continue;
            }
            CHECK_MESSAGE(done.error() == errc::unexpected_message, tls::explain(done.error()));
            CHECK(done.error().sent == tls::alert::unexpected_message);
            CHECK(!done.error().handshake.certificates_sent);
        }
}

PARITY_CASE("dishonest, sealed: another fragment length than was asked for, and one that is not kept", pairings, P) {
    struct row {
        bytes extensions;
        bool honest = false;
    };
    auto const ext = [](std::initializer_list<unsigned> octets) { return testbed::octets(octets); };
    row const rows[] = {{ext({0, 1, 0, 1, 2}), true}, {{}, true},
                        {ext({0, 1, 0, 1, 1})},       {ext({0, 1, 0, 1, 3})},
                        {ext({0, 1, 0, 1, 0})},       {ext({0, 1, 0, 0})},
                        {ext({0, 1, 0, 2, 2, 2})},    {ext({0, 1, 0, 1, 2, 0, 1, 0, 1, 2})}};
    for (row const& r : rows) {
        CAPTURE(r.extensions.size());
        auto const e = after_extensions<P>(r.extensions, 1024);
        CHECK_MESSAGE((e.code == errc::want_read) == r.honest, tls::explain(e));
        if (!r.honest) CHECK((e.code == errc::illegal_parameter || e.code == errc::decode_error));
    }
    for (std::size_t const length : {1024U, 1025U}) {
        interrupted<P> show(testbed::key_kind::p256, 1024);
        show.say(make_message(handshake_message::encrypted_extensions, ext({0, 5, 0, 1, 0, 1, 2})));
        // The beginning of a long message, in one record.
        show.say([&] {
            bytes whole = make_message(handshake_message::certificate, bytes(4000));
            whole.resize(length);
            return whole;
        }());
        auto const done = show.talk.client.handshake();
        REQUIRE(!done);
        CHECK_MESSAGE(
            done.error().code == (length > 1024 ? errc::record_overflow : errc::want_read), tls::explain(done.error()));
        if (length > 1024) CHECK(done.error().sent == tls::alert::record_overflow);
    }
}

PARITY_CASE("dishonest, sealed: EncryptedExtensions that answer what was not asked, or wrongly", pairings, P) {
    struct row {
        std::string_view name;
        bytes extensions;
        bool honest = false;
    };
    auto const ext = [](std::initializer_list<unsigned> octets) { return testbed::octets(octets); };
    row const rows[] = {
        {"none", {}, true},
        {"a server name", ext({0, 0, 0, 0}), true},
        {"groups", ext({0, 10, 0, 4, 0, 2, 0, 29}), true},
        {"the protocol that was offered", ext({0, 16, 0, 5, 0, 3, 2, 'h', '2'}), true},
        {"a server name with content", ext({0, 0, 0, 1, 0})},
        {"an extension that nobody knows", ext({0x12, 0x34, 0, 0})},
        {"max_fragment_length", ext({0, 1, 0, 1, 1})},
        {"heartbeat", ext({0, 15, 0, 1, 1})},
        {"a key share", ext({0, 51, 0, 2, 0, 29})},
        {"a version", ext({0, 43, 0, 2, 3, 4})},
        {"renegotiation_info", ext({0xff, 1, 0, 1, 0})},
        {"extended_master_secret", ext({0, 23, 0, 0})},
        {"a repeated server name", ext({0, 0, 0, 0, 0, 0, 0, 0})},
        {"another protocol", ext({0, 16, 0, 5, 0, 3, 2, 'h', '3'})},
        {"two protocols", ext({0, 16, 0, 8, 0, 6, 2, 'h', '2', 2, 'h', '2'})},
        {"early data", ext({0, 42, 0, 0})},
    };
    for (row const& r : rows) {
        CAPTURE(r.name);
        auto const e = after_extensions<P>(r.extensions);
        CHECK_MESSAGE((e.code == errc::want_read) == r.honest, tls::explain(e));
        CHECK(e.code != errc::internal);
        CHECK(tls::whose_fault(e.code) != tls::fault::build);
    }
}

PARITY_CASE("dishonest, sealed: a signature of a scheme that signs no handshake, or of another curve", pairings, P) {
    using enum testbed::key_kind;
    using enum testbed::hash;
    constexpr bool honest = true;
    constexpr bool pss = true;
    signing const rows[] = {
        {"ECDSA on P-256", p256, {0x0403}, honest},
        {"ECDSA on P-384", p384, {0x0503, sha384}, honest},
        {"RSA-PSS", rsa_2048, {0x0804, sha256, pss}, honest},
        {"RSA-PSS with SHA-512", rsa_2048, {0x0806, sha512, pss}, honest},
        {"PKCS#1 v1.5", rsa_2048, {0x0401}},
        {"PKCS#1 v1.5 with SHA-384", rsa_2048, {0x0501, sha384}},
        {"PKCS#1 v1.5 with SHA-512", rsa_2048, {0x0601, sha512}},
        {"the scheme of P-384 with a key on P-256", p256, {0x0503, sha384}},
        {"the scheme of P-521 with a key on P-256", p256, {0x0603, sha512}},
        {"the scheme of P-256 with a key on P-384", p384, {0x0403}},
        {"SHA-1", p256, {0x0203, sha1}},
        {"SHA-224", p256, {0x0303, sha224}},
        {"RSA-PSS of a key for RSA-PSS", rsa_2048, {0x0809, sha256, pss}},
        {"a scheme that nobody knows", p256, {0xfefe}},
    };
    for (signing const& r : rows) {
        CAPTURE(r.name);
        auto const done = after_signature<P>(r);
        CHECK_MESSAGE(done.has_value() == r.honest, (done ? "taken" : tls::explain(done.error())));
        if (done) continue;
        bool const told = done.error() == errc::bad_handshake_signature || done.error() == errc::illegal_parameter;
        CHECK_MESSAGE(told, tls::explain(done.error()));
    }
}

// Of the status of an intermediate's certificate, and of a server that would take one of ours, nothing follows.
PARITY_CASE(
    "dishonest, sealed: a status of another certificate, or of another kind, or none after all", wolfssl_pairing, P) {
    constexpr unsigned ocsp = 1;
    bytes const junk(9);
    struct row {
        std::string_view name;
        bytes in_request;          // extensions
        std::vector<bytes> beside; // each certificate
        errc if_promised;
        errc if_not;
    };
    row const rows[] = {
        {"of the intermediate only", {}, {{}, stapled(ocsp, junk)}, errc::no_stapled_status, errc::ok},
        {"asked of us only", octets({0, 5, 0, 5, 1, 0, 0, 0, 0}), {}, errc::no_stapled_status, errc::ok},
        {"of another kind", {}, {stapled(ocsp + 1, junk)}, errc::illegal_parameter, errc::illegal_parameter},
        {"twice",
         {},
         {testbed::der::join({stapled(ocsp, junk), stapled(ocsp, junk)})},
         errc::illegal_parameter,
         errc::illegal_parameter},
    };
    constexpr auto kind = testbed::key_kind::p256;
    auto promises = testbed::server_spec();
    promises.extra_extensions = {testbed::must_staple()};
    for (row const& r : rows)
        for (bool const promised : {true, false}) {
            CAPTURE(r.name);
            CAPTURE(promised);
            interrupted<P> show(kind, 0, true);
            auto const shown = promised ? pki(kind).server_with(promises) : pki(kind).server;
            show.say(make_message(handshake_message::encrypted_extensions, octets({0, 0})));
            bytes extensions = octets({0, 13, 0, 4, 0, 2, 4, 3});
            testbed::append(extensions, r.in_request);
            bytes request = octets({0});
            put(request, extensions.size(), 2);
            testbed::append(request, extensions);
            show.say(make_message(handshake_message::certificate_request, request));
            show.say(testbed::certificate_message(shown.chain, tls_1_3, r.beside));
            show.say(testbed::certificate_verify(*shown.private_key, show.transcript));
            show.say(make_message(
                handshake_message::finished, testbed::finished_data(show.secret, testbed::sha256(show.transcript))));
            auto const done = show.talk.client.handshake();
            CHECK((done ? errc::ok : done.error().code) == (promised ? r.if_promised : r.if_not));
            if (!done && done.error() == errc::no_stapled_status)
                CHECK(done.error().sent == tls::alert::bad_certificate_status_response);
        }
}

PARITY_CASE(
    "a request for a certificate that names many authorities is read up to a limit, which is the same", pairings, P) {
    constexpr std::size_t name_size = 100;
    constexpr std::size_t fixed = 1 + 2 + (4 + 2 + 2) + (4 + 2); // the context, the list, the schemes, the authorities
    for (std::size_t const size :
         {std::size_t{300}, std::size_t{16000}, std::size_t{16001}, std::size_t{20000}, std::size_t{50000}}) {
        CAPTURE(size);
        interrupted<P> show(testbed::key_kind::p256);
        show.say(make_message(handshake_message::encrypted_extensions, testbed::octets({0, 0})));
        bytes names;
        while (fixed + names.size() < size) {
            std::size_t const left = size - fixed - names.size();
            std::size_t const n = left < 2 * name_size ? left : name_size;
            put(names, n - 2, 2);
            names.resize(names.size() + n - 2);
        }
        bytes body = testbed::octets({0});
        put(body, size - 3, 2);
        testbed::append(body, testbed::octets({0, 13, 0, 4, 0, 2, 4, 3, 0, 47}));
        put(body, names.size() + 2, 2);
        put(body, names.size(), 2);
        testbed::append(body, names);
        REQUIRE(body.size() == size);
        show.say(make_message(handshake_message::certificate_request, body));
        auto const done = show.talk.client.handshake();
        REQUIRE(!done);
        CHECK_MESSAGE(
            done.error() == (size <= 16000 ? errc::want_read : errc::request_too_long), tls::explain(done.error()));
        if (size > 16000) CHECK(done.error().handshake.client_certificate_requested == true);
        CHECK(done.error().handshake.certificates_sent != 1);
    }
}

PARITY_CASE("dishonest, sealed: a message that is too long is no chain and no protocol", pairings, P) {
    for (auto const type : {handshake_message::encrypted_extensions, handshake_message::finished}) {
        CAPTURE(static_cast<int>(type));
        interrupted<P> show(testbed::key_kind::p256);
        show.say(make_message(type, bytes(30000)));
        auto const done = show.talk.client.handshake();
        REQUIRE(!done);
        bool const told = done.error() == errc::decode_error || done.error() == errc::unexpected_message;
        CHECK_MESSAGE(told, tls::explain(done.error()));
    }
    puppet_show<P> after;
    auto const ticket = testbed::new_session_ticket(7200, bytes(4), bytes(30000));
    after.say(testbed::byte_view(ticket).first(16384));
    auto const n = after.hear(testbed::byte_view(ticket).subspan(16384));
    CHECK_MESSAGE(n.error() == errc::decode_error, tls::explain(n.error()));
}

PARITY_CASE("dishonest, sealed: something between the parts of a message, or an empty part", pairings, P) {
    struct row {
        std::string_view name;
        bytes content;
        unsigned type;
        errc answer;
    };
    row const rows[] = {
        {"data", testbed::to_bytes("data"), testbed::wire::application_data, errc::unexpected_message},
        {"close_notify", testbed::octets({1, 0}), testbed::wire::alert, errc::unexpected_message},
        {"an alert", testbed::octets({2, 80}), testbed::wire::alert, errc::unexpected_message},
        {"nothing", {}, testbed::wire::handshake, errc::decode_error},
    };
    auto const extensions = make_message(handshake_message::encrypted_extensions, testbed::octets({0, 0}));
    auto const ticket = testbed::new_session_ticket(7200, bytes(4), bytes(40));
    for (row const& r : rows) {
        CAPTURE(r.name);
        interrupted<P> show(testbed::key_kind::p256);
        auto const feed = [&](testbed::byte_view content, unsigned type) {
            REQUIRE(show.talk.client.feed(show.sealer->seal(content, type)));
        };
        feed(testbed::byte_view(extensions).first(5), testbed::wire::handshake);
        CHECK(show.talk.client.handshake().error() == errc::want_read);
        feed(r.content, r.type);
        feed(testbed::byte_view(extensions).subspan(5), testbed::wire::handshake);
        auto const in = show.talk.client.handshake();
        REQUIRE(!in);
        CHECK_MESSAGE(in.error() == r.answer, tls::explain(in.error()));

        puppet_show<P> after;
        CHECK(after.hear(testbed::byte_view(ticket).first(10)).error() == errc::want_read);
        after.say(r.content, r.type);
        auto const n = after.hear(testbed::byte_view(ticket).subspan(10));
        REQUIRE(!n);
        CHECK_MESSAGE(n.error() == r.answer, tls::explain(n.error()));
        CHECK_FALSE(after.talk.client.take_ticket());
    }
}

PARITY_CASE("dishonest, sealed: an alert of another length is no certificate", pairings, P) {
    interrupted<P> show(testbed::key_kind::p256);
    show.say(make_message(handshake_message::encrypted_extensions, testbed::octets({0, 0})));
    REQUIRE(show.talk.client.feed(show.sealer->seal(testbed::octets({2, 40, 2, 40}), testbed::wire::alert)));
    auto const done = show.talk.client.handshake();
    REQUIRE(!done);
    CHECK_MESSAGE(!tls::is_about_server_certificate(done.error().code), tls::explain(done.error()));
    CHECK(tls::whose_fault(done.error().code) == tls::fault::peer);
}

PARITY_CASE("dishonest, sealed: a ChangeCipherSpec is never encrypted", pairings, P) {
    auto const specs = testbed::octets({1});
    interrupted<P> show(testbed::key_kind::p256);
    REQUIRE(show.talk.client.feed(show.sealer->seal(specs, testbed::wire::change_cipher_spec)));
    CHECK(show.talk.client.handshake().error() == errc::unexpected_message);
    puppet_show<P> after;
    CHECK(after.hear(specs, testbed::wire::change_cipher_spec).error() == errc::unexpected_message);
}

PARITY_CASE("dishonest, sealed: records longer than RFC 8446 section 5.4 allows", pairings, P) {
    struct row {
        std::size_t content;
        std::size_t padding;
        bool honest;
    };
    for (row const& r :
         {row{16384, 0, true}, row{16000, 384, true}, row{1, 16383, true}, row{16384, 1, false}, row{16385, 0, false},
          row{1, 16384, false}, row{16000, 500, false}}) {
        CAPTURE(r.content);
        CAPTURE(r.padding);
        puppet_show<P> show;
        auto const data = testbed::pattern(r.content, 7);
        REQUIRE(show.talk.client.feed(show.sealer->seal(data, testbed::wire::application_data, r.padding)));
        auto const n = show.talk.read();
        CHECK(n.has_value() == r.honest);
        if (n) CHECK(*n == data);
        if (!n) CHECK_MESSAGE(n.error().code == errc::record_overflow, tls::explain(n.error()));
    }
}

} // namespace parity::dishonest_sealed_cases
