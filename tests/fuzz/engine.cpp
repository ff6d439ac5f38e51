// SPDX-License-Identifier: Apache-2.0

// Both backends behind the encryption of TLS 1.3: the input is a script for a server, whose records are sealed under
// the connection's real keys. Neither crashes, blames the build or takes what the other refuses.
//
// The server has no cryptography of its own but for its signature: its half of the key exchange is a constant, and the
// keys come from the client's key log. So an input costs little more than the client's own work.

#include "fuzz.hpp"
#include "testbed/certificate_factory.hpp"
#include "testbed/sealed_records.hpp"
#include "testbed/wire.hpp"
#include <tls/client.hpp>
#include <tls/diagnosis/explain.hpp>
#include <tls/mbedtls.hpp>
#include <tls/wolfssl.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <string>

namespace {

using testbed::byte_view;
using testbed::bytes;
using tls::errc;
using tls::handshake_message;

/// What a byte of the input, taken modulo `count`, makes the server do. Those that need content take a length of two
/// bytes and as much.
enum class step : unsigned {
    hello,               ///< a ServerHello
    extensions,          ///< EncryptedExtensions without content
    certificate,         ///< the good one
    signature,           ///< CertificateVerify over what was said
    finished,            ///< Finished over what was said; from then on the keys of the connection
    ticket,              ///< NewSessionTicket
    say_handshake,       ///< content: a sealed handshake message, whole or a part or several
    say_data,            ///< content: sealed data
    say_alert,           ///< content: sealed
    say_clear_handshake, ///< content: a record that is not sealed
    say_clear_alert,     ///< content
    change_cipher_spec,
    empty_data,
    pad, ///< content: sealed data with as much padding
    read,
    end, ///< of the stream
    count
};

testbed::pki const& pki() {
    static testbed::pki const made = testbed::make_pki(testbed::key_kind::p256);
    return made;
}

/// The secrets of the server's side of the connection in progress.
struct secrets {
    bytes handshake;
    bytes traffic;
};

void keep(void* to, std::string_view line) noexcept {
    auto& s = *static_cast<secrets*>(to);
    testbed::keep_server_handshake_secret(&s.handshake, line);
    testbed::keep_server_secret(&s.traffic, line);
}

template <class B> tls::client<B> const& client(secrets*& log) {
    static secrets current;
    log = &current;
    static tls::client<B> const made = [] {
        std::array const scripts = {tls::cipher_suite::aes_128_gcm_sha256};
        std::array const groups = {tls::named_group::x25519};
        auto built =
            tls::client<B>::configure()
                .trust(tls::trust_anchors::from_pem(pki().root_pem()))
                .identity(tls::identity::from_pem(pki().client.chain_pem(), pki().client.private_key->pkcs8_pem()))
                .versions(tls::protocol_version::tls_1_3, tls::protocol_version::tls_1_3)
                .suites(scripts)
                .groups(groups)
                .resumption(tls::own_tickets)
                .key_log(tls::key_log_sink{keep, &current})
                .build();
        fuzz::require(built.has_value(), "the client is built");
        return std::move(*built);
    }();
    current = {};
    return made;
}

bytes message(handshake_message type, byte_view body) {
    bytes whole;
    testbed::put(whole, static_cast<unsigned>(type), 1);
    testbed::put(whole, body.size(), 3);
    testbed::append(whole, body);
    return whole;
}

/// How a connection stands after the script.
struct outcome {
    bool established = false;
    bool alive = true;
    errc code = errc::ok;
    bytes data{};
    std::string text{};
};

template <class B> class connection {
public:
    connection() : engine_(client<B>(log_).engine(tls::server_name::dns("localhost"))) {
        fuzz::require(engine_.has_value(), "an engine is made");
        go_on();
        auto const said = testbed::wire::records(engine_->drain());
        if (!said.empty()) transcript_ = said.front().body;
    }

    void play(byte_view script) {
        while (!script.empty() && now_.alive) {
            auto const what =
                static_cast<step>(std::to_integer<unsigned>(script[0]) % static_cast<unsigned>(step::count));
            script = script.subspan(1);
            byte_view content;
            if (takes_content(what) && script.size() >= 2) {
                auto const size = std::min(testbed::number_at(script, 0, 2), script.size() - 2);
                content = script.subspan(2, size);
                script = script.subspan(2 + size);
            }
            act(what, content);
            go_on();
        }
    }
    [[nodiscard]] outcome const& result() const { return now_; }

private:
    static bool takes_content(step what) {
        return (what >= step::say_handshake && what <= step::say_clear_alert) || what == step::pad;
    }

    void act(step what, byte_view content) {
        switch (what) {
        case step::hello: return say_hello();
        case step::extensions: return say(handshake_message::encrypted_extensions, testbed::octets({0, 0}));
        case step::certificate: return say_certificate();
        case step::signature: return say_signature();
        case step::finished: return say_finished();
        case step::ticket: return say_sealed(testbed::new_session_ticket(100, bytes(8), bytes(32)), 22);
        case step::say_handshake: testbed::append(transcript_, content); return say_sealed(content, 22);
        case step::say_data: return say_sealed(content, 23);
        case step::say_alert: return say_sealed(fatal(content), 21);
        case step::say_clear_handshake:
            testbed::append(transcript_, content);
            return feed(testbed::wire::make_record(22, content));
        case step::say_clear_alert: return feed(testbed::wire::make_record(21, fatal(content)));
        case step::change_cipher_spec: return feed(testbed::wire::make_record(20, testbed::octets({1})));
        case step::empty_data: return say_sealed({}, 23);
        case step::pad: return say_sealed(testbed::view_of("x"), 23, content.size());
        case step::end: return engine_->feed_end();
        case step::read:
        case step::count: return;
        }
    }

    /// An alert that is whole, with the level that leaves no doubt: what others mean under TLS 1.3 is a declared
    /// difference.
    static bytes fatal(byte_view content) {
        bytes alert(content.begin(), content.end());
        if (alert.size() == 2) alert[0] = std::byte{2};
        return alert;
    }

    void feed(byte_view record) { (void)engine_->feed(record); }

    void say_sealed(byte_view content, unsigned type, std::size_t padding = 0) {
        if (log_->handshake.size() != 32) return feed(testbed::wire::make_record(23, content)); // no keys yet
        if (!sealer_) sealer_.emplace(log_->handshake);
        feed(sealer_->seal(content, type, padding));
    }

    void say(handshake_message type, byte_view body) {
        bytes const whole = message(type, body);
        testbed::append(transcript_, whole);
        say_sealed(whole, 22);
    }

    void say_hello() {
        constexpr std::size_t session_id_at = 4 + 2 + 32;
        if (transcript_.size() <= session_id_at) return;
        auto const id =
            byte_view(transcript_).subspan(session_id_at + 1, std::to_integer<std::size_t>(transcript_[session_id_at]));
        bytes body = testbed::octets({3, 3});
        testbed::append(body, bytes(32, std::byte{7}));
        testbed::put(body, id.size(), 1);
        testbed::append(body, id);
        testbed::append(body, testbed::octets({0x13, 1, 0, 0, 46, 0, 43, 0, 2, 3, 4, 0, 51, 0, 36, 0, 29, 0, 32, 9}));
        body.resize(body.size() + 31); // the base point of X25519
        bytes const whole = message(handshake_message::server_hello, body);
        testbed::append(transcript_, whole);
        feed(testbed::wire::make_record(22, whole));
    }

    void say_certificate() {
        bytes list;
        for (auto const& c : pki().server.chain) {
            testbed::put(list, c.der.size(), 3);
            testbed::append(list, c.der);
            testbed::put(list, 0, 2);
        }
        bytes body = testbed::octets({0});
        testbed::put(body, list.size(), 3);
        testbed::append(body, list);
        say(handshake_message::certificate, body);
    }

    void say_signature() {
        bytes content(64, std::byte{' '});
        testbed::append(content, testbed::view_of("TLS 1.3, server CertificateVerify"));
        testbed::put(content, 0, 1);
        testbed::append(content, testbed::sha256(transcript_));
        auto const signature = pki().server.private_key->sign(content, testbed::hash::sha256, false);
        bytes body = testbed::octets({4, 3});
        testbed::put(body, signature.size(), 2);
        testbed::append(body, signature);
        say(handshake_message::certificate_verify, body);
    }

    void say_finished() {
        if (log_->handshake.size() != 32) return;
        say(handshake_message::finished, testbed::finished_data(log_->handshake, testbed::sha256(transcript_)));
        go_on();
        if (log_->traffic.size() == 32) sealer_.emplace(log_->traffic);
    }

    /// Lets the client do what it can.
    void go_on() {
        if (!now_.alive) return;
        if (!now_.established) {
            auto const done = engine_->handshake();
            if (!done) return note(done.error());
            now_.established = true;
        }
        for (;;) {
            std::array<std::byte, 20000> into;
            auto const n = engine_->read(into);
            if (!n) return note(n.error());
            testbed::append(now_.data, byte_view(into).first(*n));
        }
    }

    void note(tls::error const& e) {
        now_.code = e.code;
        now_.alive = e.code == errc::want_read;
        if (now_.alive) return;
        now_.text = tls::explain(e);
        bool const blames_build =
            tls::whose_fault(e.code) == tls::fault::build && e.code != errc::unsupported_peer_request;
        if (blames_build) std::fprintf(stderr, "%s\n", now_.text.c_str());
        fuzz::require(!blames_build, "a peer's bytes are no fault of the build");
        engine_->drained(engine_->drain().size());
    }

    secrets* log_ = nullptr;
    tls::result<tls::engine<B>> engine_;
    bytes transcript_{};
    std::optional<testbed::record_sealer> sealer_{};
    outcome now_{};
};

template <class B> outcome after(byte_view script) {
    connection<B> c;
    c.play(script);
    return c.result();
}

} // namespace

std::vector<std::vector<std::byte>> fuzz::seeds() {
    auto const script = [](std::initializer_list<step> steps) {
        bytes out;
        for (step const s : steps) out.push_back(static_cast<std::byte>(s));
        return out;
    };
    auto const with = [](bytes before, step what, bytes const& content) {
        before.push_back(static_cast<std::byte>(what));
        testbed::put(before, content.size(), 2);
        testbed::append(before, content);
        return before;
    };
    using enum step;
    bytes const whole = script({hello, extensions, certificate, signature, finished});
    bytes const request = testbed::octets({13, 0, 0, 11, 0, 0, 8, 0, 13, 0, 4, 0, 2, 4, 3});
    bytes const ticket_message = testbed::new_session_ticket(100, bytes(8), bytes(100));
    bytes asked = with(script({hello, extensions}), say_handshake, request);
    testbed::append(asked, script({certificate, signature, finished}));
    bytes in_parts = with(whole, say_handshake, bytes(ticket_message.begin(), ticket_message.begin() + 20));
    in_parts = with(in_parts, say_handshake, bytes(ticket_message.begin() + 20, ticket_message.end()));
    bytes joined = whole;
    testbed::append(joined, script({ticket, ticket, empty_data, change_cipher_spec, end}));
    return {
        whole,
        asked,
        in_parts,
        joined,
        with(with(whole, say_data, testbed::to_bytes("data")), pad, bytes(50)),
        with(whole, say_alert, testbed::octets({2, 0})),
        with(whole, say_alert, testbed::octets({2, 48})),
        with(whole, say_handshake, testbed::octets({24, 0, 0, 1, 1})),
        with(script({hello}), say_handshake, testbed::octets({8, 0, 0, 8, 0, 6, 0, 0, 0, 0, 0, 16})),
        with({}, say_clear_handshake, testbed::octets({2, 0, 0, 4, 3, 3, 0, 0})),
        with({}, say_clear_alert, testbed::octets({2, 40})),
        with(script({hello, extensions, certificate}), say_clear_alert, testbed::octets({2, 80})),
    };
}

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const script = fuzz::bytes_of(data, size);
    outcome const one = after<tls::wolfssl>(script);
    outcome const other = after<tls::mbedtls>(script);
    if (one.established == other.established && (!one.alive || !other.alive || one.data == other.data)) return 0;
    for (std::byte const b : script) std::fprintf(stderr, "%02x ", std::to_integer<unsigned>(b));
    std::fprintf(
        stderr, "\nwolfSSL: established %d, %zu bytes\n%s\nMbed TLS: established %d, %zu bytes\n%s\n", one.established,
        one.data.size(), one.text.c_str(), other.established, other.data.size(), other.text.c_str());
    fuzz::require(false, "both take the same servers and read the same data");
    return 0;
}
