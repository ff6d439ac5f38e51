// SPDX-License-Identifier: Apache-2.0
#include "inputs.hpp"

#include "deterministic.hpp"
#include "testbed/handshake_messages.hpp"

#include <initializer_list>

namespace fuzz {
namespace {

using testbed::octets;
using enum step;

/// A script that is written step by step.
class script {
public:
    script(std::initializer_list<step> steps) { then(steps); }

    script& then(std::initializer_list<step> steps) {
        for (step const s : steps) {
            made_.push_back(static_cast<std::byte>(s));
            if (takes_content(s)) testbed::put(made_, 0, 2);
        }
        return *this;
    }
    script& then(step s, bytes const& content) {
        made_.push_back(static_cast<std::byte>(s));
        testbed::put(made_, content.size(), 2);
        testbed::append(made_, content);
        return *this;
    }
    operator bytes() const { return made_; } // NOLINT(google-explicit-constructor): what it is for

private:
    bytes made_{};
};

bytes first(bytes const& of, std::size_t size) { return {of.data(), of.data() + size}; }
bytes after(bytes const& of, std::size_t size) { return {of.data() + size, of.data() + of.size()}; }

/// What may come behind a handshake, whatever the version.
void append_later(std::vector<bytes>& to, script const& whole) {
    auto const later = [&](auto... next) { to.push_back(script(whole).then(next...)); };
    to.push_back(whole);
    later(say_data, testbed::to_bytes("data"));
    later(say_alert, octets({2, 0}));
    later(say_alert, octets({2, 48}));
    later(say_alert, octets({1, 0}));
    later(say_alert, octets({1, 100}));
    later(say_clear_alert, octets({2, 40}));
    later(std::initializer_list<step>{hello_request, say_data, empty_data, hello_request, end});
    later(std::initializer_list<step>{ticket, ticket, empty_data, change_cipher_spec, end});
    later(say_handshake, octets({24, 0, 0, 1, 1}));
    later(say_handshake, octets({0, 0, 0, 0, 0, 0, 0, 0}));
}

std::vector<bytes> scripts_1_3() {
    std::vector<bytes> all;
    script const whole{hello, extensions, certificate, signature, finished};
    append_later(all, whole);
    bytes const ticket_message = testbed::new_session_ticket(100, bytes(8), bytes(100));
    all.push_back(script{hello, extensions, request, certificate, signature, finished});
    all.push_back(
        script(whole).then(say_handshake, first(ticket_message, 20)).then(say_handshake, after(ticket_message, 20)));
    all.push_back(script(whole).then(say_data, testbed::to_bytes("data")).then(pad, bytes(50)));
    all.push_back(script{hello}.then(say_handshake, octets({8, 0, 0, 8, 0, 6, 0, 0, 0, 0, 0, 16})));
    all.push_back(script{}.then(say_clear_handshake, octets({2, 0, 0, 4, 3, 3, 0, 0})));
    all.push_back(script{}.then(say_clear_alert, octets({2, 40})));
    all.push_back(script{hello, extensions, certificate}.then(say_clear_alert, octets({2, 80})));
    // An alert of four bytes was called a malformed certificate.
    all.push_back(script{hello, extensions}.then(say_alert, octets({0, 2, 2, 0})));
    return all;
}

std::vector<bytes> scripts_1_2() {
    std::vector<bytes> all;
    script const whole{hello, certificate, signature, hello_done, change_cipher_spec, finished};
    append_later(all, whole);
    bytes const wants_tickets = octets({0, 35, 0, 0});
    bytes const ticket_message = testbed::old_session_ticket(100, bytes(100));
    all.push_back(script{hello, certificate, signature, request, hello_done, change_cipher_spec, finished});
    all.push_back(script{}
                      .then(hello, wants_tickets)
                      .then({certificate, signature, hello_done, ticket, change_cipher_spec, finished, say_data}));
    all.push_back(script{}
                      .then(hello, wants_tickets)
                      .then({certificate, signature, request, hello_done})
                      .then(say_handshake, first(ticket_message, 20))
                      .then(say_handshake, after(ticket_message, 20))
                      .then({change_cipher_spec, finished, end}));
    all.push_back(script{hello, certificate, signature}.then(say_handshake, octets({14, 0, 0, 1, 0})));
    all.push_back(
        script{hello, certificate}.then(say_handshake, octets({12, 0, 0, 12, 3, 0, 23, 1, 4, 4, 3, 0, 3, 1, 2, 3})));
    all.push_back(script{hello, certificate, signature, hello_done, finished});
    all.push_back(script{hello, certificate, signature, hello_done, change_cipher_spec, say_data});
    all.push_back(script{hello, certificate, signature, hello_done, change_cipher_spec}.then(
        say_handshake, octets({20, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})));
    all.push_back(script{}.then(say_clear_handshake, octets({2, 0, 0, 4, 3, 3, 0, 0})));
    all.push_back(script{hello, certificate}.then(say_clear_alert, octets({1, 90})));
    // Messages of 92 KB were called something that the library cannot do.
    all.push_back(script{}.then(say_clear_handshake, octets({2, 1, 0x6a, 0x4e, 0, 3, 3, 0})));
    all.push_back(script{hello, certificate, signature}.then(say_handshake, octets({12, 1, 0x6a, 0x4e, 0})));
    // A key exchange over no named curve was called one without a common group.
    all.push_back(
        script{hello, certificate}.then(say_handshake, octets({12, 0, 0, 13, 1, 0, 23, 3, 4, 1, 2, 4, 3, 0, 2, 1, 1})));
    return all;
}

/// Even for TLS 1.3, odd for TLS 1.2.
tls::protocol_version version_of(byte_view input) {
    bool const old = !input.empty() && (input[0] & std::byte{1}) != std::byte{};
    return old ? tls::protocol_version::tls_1_2 : tls::protocol_version::tls_1_3;
}

} // namespace

std::vector<bytes> inputs() {
    std::vector<bytes> all;
    auto const add = [&](std::byte version, std::vector<bytes> const& scripts) {
        for (bytes const& s : scripts) {
            all.push_back({version});
            testbed::append(all.back(), s);
        }
    };
    add(std::byte{0}, scripts_1_3());
    add(std::byte{1}, scripts_1_2());
    return all;
}

played play(make_client make, byte_view input) {
    start_randomness();
    auto const version = version_of(input);
    auto const client = make(version);
    heard noticed = serve(*client, version, input.subspan(input.empty() ? 0 : 1));
    return {client->result(), std::move(noticed)};
}

} // namespace fuzz
