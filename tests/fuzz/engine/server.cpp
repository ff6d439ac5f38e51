// SPDX-License-Identifier: Apache-2.0
#include "server.hpp"

#include "testbed/handshake_messages.hpp"
#include "testbed/sealed_records.hpp"
#include "testbed/wire.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace fuzz {
namespace {

using testbed::octets;
using tls::handshake_message;
using tls::protocol_version;
namespace wire = testbed::wire;

/// The base point of X25519.
bytes public_key() {
    bytes point(32);
    point[0] = std::byte{9};
    return point;
}

/// What both versions have in common.
class server {
public:
    explicit server(client& to) : client_(to) {}
    server(server const&) = delete;
    server& operator=(server const&) = delete;
    virtual ~server() = default;

    heard play(byte_view script) {
        feed({});
        while (!script.empty() && client_.result().alive && !ended_) {
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
        }
        bool const waited = client_.result().alive;
        if (ended_ || !waited) return {std::move(said_), waited, odd_requests_};
        say(testbed::view_of("the last"), wire::application_data);
        act(step::end, {});
        return {std::move(said_), waited, odd_requests_};
    }

protected:
    /// One record of the client.
    virtual void listen(wire::record const&) = 0;
    /// The ServerHello with its extensions.
    virtual bytes hello(byte_view extensions) = 0;
    virtual bytes signature() = 0;
    virtual bytes request() = 0;
    virtual bytes ticket() = 0;
    virtual bytes alert(byte_view content) = 0;
    virtual void say_finished() = 0;
    virtual void change_cipher_spec() = 0;
    virtual protocol_version version() const = 0;
    /// A record with this content: sealed, or not if there are no keys yet.
    virtual bytes record(byte_view content, unsigned type, std::size_t padding) = 0;

    void feed(byte_view record) {
        std::size_t const before = said_.size();
        client_.hear(record, said_);
        for (auto const& r : wire::records(byte_view(said_).subspan(before))) listen(r);
    }
    void say(byte_view content, unsigned type, std::size_t padding = 0) {
        if (type == wire::handshake) note_requests(content);
        feed(record(content, type, padding));
    }
    void say_message(bytes const& message) {
        testbed::append(transcript_, message);
        say(message, wire::handshake);
    }
    void say_clear(byte_view content, unsigned type) { feed(wire::make_record(type, content)); }

    /// The client's hello is not there if it said nothing.
    [[nodiscard]] bool greeted() const { return !client_random_.empty(); }
    void take_hello(byte_view message) {
        constexpr std::size_t random_at = 4 + 2;
        constexpr std::size_t random_size = 32;
        if (greeted() || message.size() <= random_at + random_size) return;
        auto const part = [&](std::size_t at, std::size_t size) {
            byte_view const view = message.subspan(at, size);
            return bytes(view.begin(), view.end());
        };
        client_random_ = part(random_at, random_size);
        std::size_t const id_at = random_at + random_size;
        session_id_ = part(id_at + 1, std::to_integer<std::size_t>(message[id_at]));
    }
    /// A ServerHello (RFC 5246 section 7.4.1.3, RFC 8446 section 4.1.3).
    [[nodiscard]] bytes hello_of(byte_view session_id, tls::cipher_suite suite, byte_view extensions) const {
        bytes body = octets({3, 3});
        testbed::append(body, server_random());
        testbed::put(body, session_id.size(), 1);
        testbed::append(body, session_id);
        testbed::put(body, static_cast<unsigned>(suite), 2);
        testbed::put(body, 0, 1);
        testbed::put(body, extensions.size(), 2);
        testbed::append(body, extensions);
        return testbed::make_message(handshake_message::server_hello, body);
    }
    static bytes server_random() { return bytes(32, std::byte{7}); }

    bytes transcript_{};
    bytes client_random_{};
    bytes session_id_{};

private:
    void act(step what, byte_view content) {
        auto const empty = [](handshake_message type) { return testbed::make_message(type, {}); };
        switch (what) {
        case step::hello: {
            if (!greeted()) return;
            bytes const message = hello(content);
            testbed::append(transcript_, message);
            return say_clear(message, wire::handshake);
        }
        case step::extensions:
            return say_message(testbed::make_message(handshake_message::encrypted_extensions, octets({0, 0})));
        case step::certificate:
            return say_message(testbed::certificate_message(certificates().server.chain, version()));
        case step::signature: return say_message(signature());
        case step::request: return say_message(request());
        case step::hello_done: return say_message(empty(handshake_message::server_hello_done));
        case step::finished: return say_finished();
        case step::ticket: return say_message(ticket());
        case step::hello_request: return say(empty(handshake_message::hello_request), wire::handshake);
        case step::say_handshake: testbed::append(transcript_, content); return say(content, wire::handshake);
        case step::say_data: return say(content, wire::application_data);
        case step::say_alert: return say(alert(content), wire::alert);
        case step::say_clear_handshake:
            testbed::append(transcript_, content);
            return say_clear(content, wire::handshake);
        case step::say_clear_alert: return say_clear(alert(content), wire::alert);
        case step::change_cipher_spec: return change_cipher_spec();
        case step::empty_data: return say({}, wire::application_data);
        case step::pad: return say(testbed::view_of("x"), wire::application_data, content.size());
        case step::end:
            ended_ = true;
            client_.end();
            return feed({});
        case step::read:
        case step::count: return;
        }
    }

    void note_requests(byte_view content) {
        constexpr std::size_t header = 4; // and a HelloRequest is nothing else; its type is 0
        if (version() != protocol_version::tls_1_2 || content.size() < header) return;
        if (testbed::number_at(content, 0, header) != 0) return;
        bool const alone = content.size() == header;
        odd_requests_ = odd_requests_ || requested_ || !alone || !client_.result().established;
        requested_ = true;
    }

    client& client_;
    bytes said_{};
    bool ended_ = false;
    bool requested_ = false;
    bool odd_requests_ = false;
};

class server_1_3 final : public server {
public:
    using server::server;

private:
    void listen(wire::record const& said) override {
        if (greeted()) return;
        transcript_ = said.body;
        take_hello(said.body);
        auto const share = shared_secret(said.body);
        if (share) keys_.emplace(*share);
    }

    /// The client's share of X25519, which is the secret.
    static std::optional<bytes> shared_secret(byte_view hello) {
        bytes const entry = octets({0, 51, 0, 38, 0, 36, 0, 29, 0, 32});
        auto const found = std::ranges::search(hello, entry);
        if (found.empty() || hello.end() - found.end() < 32) return std::nullopt;
        return bytes(found.end(), found.end() + 32);
    }

    bytes hello(byte_view further) override {
        bytes extensions = octets({0, 43, 0, 2, 3, 4, 0, 51, 0, 36, 0, 29, 0, 32});
        testbed::append(extensions, public_key());
        testbed::append(extensions, further);
        bytes message = hello_of(session_id_, tls::cipher_suite::aes_128_gcm_sha256, extensions);
        if (!keys_ || !secret_.empty()) return message;
        bytes both = transcript_;
        testbed::append(both, message);
        secret_ = keys_->server_handshake_secret(testbed::sha256(both));
        return message;
    }

    bytes record(byte_view content, unsigned type, std::size_t padding) override {
        if (secret_.empty()) return wire::make_record(wire::application_data, content);
        if (!sealer_) sealer_.emplace(secret_);
        return sealer_->seal(content, type, padding);
    }

    bytes signature() override { return testbed::certificate_verify(*certificates().server.private_key, transcript_); }
    bytes request() override {
        return testbed::make_message(
            handshake_message::certificate_request, octets({0, 0, 8, 0, 13, 0, 4, 0, 2, 4, 3}));
    }
    bytes ticket() override { return testbed::new_session_ticket(100, bytes(8), bytes(32)); }

    void say_finished() override {
        if (secret_.empty()) return;
        say_message(testbed::make_message(
            handshake_message::finished, testbed::finished_data(secret_, testbed::sha256(transcript_))));
        sealer_.emplace(keys_->server_traffic_secret(testbed::sha256(transcript_)));
    }

    void change_cipher_spec() override { say_clear(octets({1}), wire::change_cipher_spec); }

    /// An alert that is whole, with the level that leaves no doubt: what others mean under TLS 1.3 is a declared
    /// difference.
    bytes alert(byte_view content) override {
        bytes alert(content.begin(), content.end());
        if (alert.size() == 2) alert[0] = std::byte{2};
        return alert;
    }
    [[nodiscard]] protocol_version version() const override { return protocol_version::tls_1_3; }

    std::optional<testbed::key_schedule> keys_{};
    bytes secret_{};
    std::optional<testbed::record_sealer> sealer_{};
};

class server_1_2 final : public server {
public:
    using server::server;

private:
    void listen(wire::record const& said) override {
        if (said.type == wire::change_cipher_spec && !changed_) {
            changed_ = true;
            // The client's Finished follows, encrypted: it can only be this one.
            if (!master_.empty()) testbed::append(transcript_, finished(testbed::client_finished));
        }
        if (changed_ || said.type != wire::handshake) return;
        testbed::append(transcript_, said.body);
        for (byte_view left = said.body; left.size() >= 4;) {
            std::size_t const size = std::min(left.size(), 4 + testbed::number_at(left, 1, 3));
            take_message(left.first(size));
            left = left.subspan(size);
        }
    }

    void take_message(byte_view message) {
        auto const type = static_cast<handshake_message>(message[0]);
        if (type == handshake_message::client_hello) take_hello(message);
        if (type != handshake_message::client_key_exchange || message.size() != 4 + 1 + 32) return;
        // What follows ClientKeyExchange is no part of what the secret depends on (RFC 7627 section 3).
        auto const end = std::ranges::search(transcript_, message).end();
        master_ = testbed::prf(
            message.subspan(5), "extended master secret", testbed::sha256(byte_view(transcript_.begin(), end)), 48);
    }

    bytes hello(byte_view further) override {
        bytes extensions = octets({0, 23, 0, 0, 0xff, 1, 0, 1, 0}); // extended_master_secret, renegotiation_info
        testbed::append(extensions, further);
        return hello_of({}, tls::cipher_suite::ecdhe_ecdsa_aes_128_gcm_sha256, extensions);
    }

    bytes record(byte_view content, unsigned type, std::size_t) override {
        return sealer_ ? sealer_->seal(content, type) : wire::make_record(type, content);
    }

    bytes signature() override {
        bytes body = octets({3, 0, 29, 32}); // a named curve, X25519
        testbed::append(body, public_key());
        bytes content = client_random_;
        testbed::append(content, server_random());
        testbed::append(content, body);
        testbed::append(body, testbed::signed_part(*certificates().server.private_key, content));
        return testbed::make_message(handshake_message::server_key_exchange, body);
    }
    bytes request() override {
        // A certificate with a key for ECDSA, and its scheme; no names of authorities.
        return testbed::make_message(handshake_message::certificate_request, octets({1, 64, 0, 2, 4, 3, 0, 0}));
    }
    bytes ticket() override { return testbed::old_session_ticket(100, bytes(32)); }

    bytes finished(std::string_view side) const {
        return testbed::make_message(
            handshake_message::finished, testbed::finished_data(master_, side, testbed::sha256(transcript_)));
    }
    void say_finished() override {
        if (!master_.empty()) say_message(finished(testbed::server_finished));
    }

    void change_cipher_spec() override {
        if (sealer_) return say(octets({1}), wire::change_cipher_spec);
        say_clear(octets({1}), wire::change_cipher_spec);
        if (!master_.empty()) sealer_.emplace(master_, client_random_, server_random());
    }

    /// An alert that is whole, with one of the two levels: what others mean is a declared difference.
    bytes alert(byte_view content) override {
        bytes alert(content.begin(), content.end());
        if (alert.size() == 2 && alert[0] != std::byte{1}) alert[0] = std::byte{2};
        return alert;
    }
    [[nodiscard]] protocol_version version() const override { return protocol_version::tls_1_2; }

    bool changed_ = false;
    bytes master_{};
    std::optional<testbed::old_record_sealer> sealer_{};
};

} // namespace

heard serve(client& to, protocol_version version, byte_view script) {
    if (version == protocol_version::tls_1_2) return server_1_2(to).play(script);
    return server_1_3(to).play(script);
}

} // namespace fuzz
