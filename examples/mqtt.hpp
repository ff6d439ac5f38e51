// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/core/error.hpp>
#include <tls/diagnosis/explain.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// An example, and no client library: as much of MQTT 3.1.1 as shows a session at work, which is to publish and
/// subscribe with QoS 0 and 1 and clean sessions. Programs take a client library; `<tls/adapters/coremqtt.hpp>` puts
/// coreMQTT over any session, and examples/ports/coremqtt shows it.
///
/// Runs over anything with the `read_some` and `write_all` of a `tls::session`. What the broker sends is not trusted:
/// lengths are checked before use, and the size of a packet is limited.
namespace mqtt {

using bytes = std::vector<std::byte>;
using byte_view = std::span<std::byte const>;

/// What went wrong, in words, and the TLS error behind it if there is one.
struct problem {
    std::string what;
    std::optional<tls::error> cause{};

    [[nodiscard]] std::string text() const { return cause ? what + ": " + tls::explain(*cause) : what; }
};

template <class T> using result = std::expected<T, problem>;

enum class packet_type : std::uint8_t {
    connect = 1,
    connack = 2,
    publish = 3,
    puback = 4,
    subscribe = 8,
    suback = 9,
    disconnect = 14,
};

/// A control packet, without its fixed header (section 2.2).
struct packet {
    packet_type type{};
    unsigned flags = 0;
    bytes body{};
};

struct message {
    std::string topic{};
    std::string payload{};
    unsigned qos = 0;
    std::uint16_t id = 0; ///< of a message with QoS 1
};

/// Texts have a length of two bytes on the wire.
inline constexpr std::size_t max_text = 65535;
/// The largest packet taken from a broker; the protocol allows 256 MiB.
inline constexpr std::size_t max_packet = std::size_t{1} << 20;

/// A topic to publish to: not empty, not too long, and without wildcards.
[[nodiscard]] inline bool is_topic(std::string_view text) {
    return !text.empty() && text.size() <= max_text && text.find_first_of(std::string_view("+#\0", 3)) == text.npos;
}

/// A topic filter to subscribe to: not empty and not too long.
[[nodiscard]] inline bool is_filter(std::string_view text) {
    return !text.empty() && text.size() <= max_text && text.find('\0') == text.npos;
}

namespace detail {

inline void put_u16(bytes& to, std::size_t value) {
    to.push_back(static_cast<std::byte>(value >> 8U & 0xffU));
    to.push_back(static_cast<std::byte>(value & 0xffU));
}

inline void put_bytes(bytes& to, std::string_view text) {
    byte_view const view = std::as_bytes(std::span(text));
    to.insert(to.end(), view.begin(), view.end());
}

/// At most `max_text` bytes: the callers check.
inline void put_text(bytes& to, std::string_view text) {
    put_u16(to, text.size());
    put_bytes(to, text);
}

/// The remaining length: seven bits a byte, least significant first (section 2.2.3).
[[nodiscard]] inline bytes with_header(packet_type type, unsigned flags, byte_view body) {
    bytes out{static_cast<std::byte>(static_cast<unsigned>(type) << 4U | flags)};
    std::size_t left = body.size();
    do {
        unsigned const digit = left & 0x7fU;
        left >>= 7U;
        out.push_back(static_cast<std::byte>(digit | (left != 0 ? 0x80U : 0U)));
    } while (left != 0);
    out.insert(out.end(), body.begin(), body.end());
    return out;
}

/// Takes values off the front of a body; once one is missing, everything after it fails.
class cursor {
public:
    explicit cursor(byte_view body) : rest_(body) {}

    [[nodiscard]] std::optional<std::uint16_t> u16() {
        if (rest_.size() < 2) return std::nullopt;
        unsigned const value = std::to_integer<unsigned>(rest_[0]) << 8U | std::to_integer<unsigned>(rest_[1]);
        rest_ = rest_.subspan(2);
        return static_cast<std::uint16_t>(value);
    }
    [[nodiscard]] std::optional<std::string> text() {
        auto const size = u16();
        if (!size || rest_.size() < *size) return std::nullopt;
        return take(*size);
    }
    [[nodiscard]] std::string rest() { return take(rest_.size()); }

private:
    [[nodiscard]] std::string take(std::size_t n) {
        std::string out(reinterpret_cast<char const*>(rest_.data()), n);
        rest_ = rest_.subspan(n);
        return out;
    }

    byte_view rest_;
};

} // namespace detail

/// CONNECT with a clean session. `keep_alive` in seconds: the broker hangs up after 1.5 times as long without a packet.
[[nodiscard]] inline bytes connect_packet(std::string_view client_id, std::uint16_t keep_alive) {
    bytes body;
    detail::put_text(body, "MQTT");
    body.push_back(std::byte{4});    // protocol level: 3.1.1
    body.push_back(std::byte{0x02}); // clean session
    detail::put_u16(body, keep_alive);
    detail::put_text(body, client_id);
    return detail::with_header(packet_type::connect, 0, body);
}

[[nodiscard]] inline bytes subscribe_packet(std::uint16_t id, std::string_view filter, unsigned qos) {
    bytes body;
    detail::put_u16(body, id);
    detail::put_text(body, filter);
    body.push_back(static_cast<std::byte>(qos));
    return detail::with_header(packet_type::subscribe, 2, body);
}

/// `m.id` is used for QoS 1 only.
[[nodiscard]] inline bytes publish_packet(message const& m) {
    bytes body;
    detail::put_text(body, m.topic);
    if (m.qos != 0) detail::put_u16(body, m.id);
    detail::put_bytes(body, m.payload);
    return detail::with_header(packet_type::publish, m.qos << 1U, body);
}

[[nodiscard]] inline bytes puback_packet(std::uint16_t id) {
    bytes body;
    detail::put_u16(body, id);
    return detail::with_header(packet_type::puback, 0, body);
}

[[nodiscard]] inline bytes disconnect_packet() { return detail::with_header(packet_type::disconnect, 0, {}); }

/// A PUBLISH as a message; nullopt if it is malformed.
[[nodiscard]] inline std::optional<message> parse_publish(packet const& p) {
    detail::cursor in(p.body);
    message m;
    m.qos = p.flags >> 1U & 3U;
    auto topic = in.text();
    if (m.qos > 1 || !topic || !is_topic(*topic)) return std::nullopt;
    if (m.qos != 0) {
        auto const id = in.u16();
        if (!id || *id == 0) return std::nullopt;
        m.id = *id;
    }
    m.topic = std::move(*topic);
    m.payload = in.rest();
    return m;
}

/// The packet identifier of a PUBACK or SUBACK; nullopt if it is malformed.
[[nodiscard]] inline std::optional<std::uint16_t> parse_id(packet const& p) {
    return p.flags == 0 ? detail::cursor(p.body).u16() : std::nullopt;
}

/// What the return code of a CONNACK means (table 3.1); empty for 0, which is success.
[[nodiscard]] inline std::string_view refusal(unsigned code) {
    constexpr std::array<std::string_view, 6> texts{
        "",
        "unacceptable protocol version",
        "client identifier rejected",
        "server unavailable",
        "bad user name or password",
        "not authorised"};
    return code < texts.size() ? texts[code] : "unknown reason";
}

/// Splits a stream of bytes into packets.
class packet_reader {
public:
    void feed(byte_view more) { stream_.insert(stream_.end(), more.begin(), more.end()); }

    /// The next complete packet, or nothing yet.
    [[nodiscard]] result<std::optional<packet>> next() {
        std::size_t size = 0;
        std::size_t at = 1;
        for (unsigned shift = 0;; shift += 7, ++at) {
            if (at >= stream_.size()) return std::nullopt;
            auto const digit = std::to_integer<unsigned>(stream_[at]);
            size |= static_cast<std::size_t>(digit & 0x7fU) << shift;
            if ((digit & 0x80U) == 0) break;
            if (shift == 21) return std::unexpected(problem{"the broker sent a packet with a malformed length"});
        }
        ++at;
        if (size > max_packet) return std::unexpected(problem{"the broker sent a packet that is too large"});
        if (stream_.size() - at < size) return std::nullopt;
        auto const first = std::to_integer<unsigned>(stream_[0]);
        auto const body = stream_.begin() + static_cast<std::ptrdiff_t>(at);
        auto const end = body + static_cast<std::ptrdiff_t>(size);
        packet p{static_cast<packet_type>(first >> 4U), first & 0xfU, bytes(body, end)};
        stream_.erase(stream_.begin(), end);
        return p;
    }

private:
    bytes stream_;
};

/// A client over an established session, which must outlive it. Blocks as the session's transport does.
template <class Session> class connection {
public:
    explicit connection(Session& session) : session_(session) {}

    /// Introduces us; `client_id` must be unique at the broker.
    [[nodiscard]] result<void> open(std::string_view client_id, std::uint16_t keep_alive) {
        if (client_id.size() > max_text) return fail("the client identifier is too long");
        if (auto sent = send(connect_packet(client_id, keep_alive)); !sent) return sent;
        auto const p = read_packet();
        if (!p) return std::unexpected(p.error());
        if (p->type != packet_type::connack || p->flags != 0 || p->body.size() != 2)
            return fail("the broker did not answer CONNECT with CONNACK");
        auto const code = std::to_integer<unsigned>(p->body[1]);
        if (code != 0) return fail("the broker refused the connection: " + std::string(refusal(code)));
        return {};
    }

    /// Subscribes and waits for the broker to confirm it.
    [[nodiscard]] result<void> subscribe(std::string_view filter, unsigned qos) {
        if (!is_filter(filter)) return fail("not a topic filter");
        std::uint16_t const id = next_id();
        if (auto sent = send(subscribe_packet(id, filter, qos)); !sent) return sent;
        auto const answer = wait_for(packet_type::suback, id);
        if (!answer) return std::unexpected(answer.error());
        if (answer->body.size() != 3 || std::to_integer<unsigned>(answer->body[2]) > 1)
            return fail("the broker refused the subscription");
        return {};
    }

    /// Publishes; with QoS 1, returns once the broker has acknowledged the message.
    [[nodiscard]] result<void> publish(std::string topic, std::string payload, unsigned qos) {
        if (!is_topic(topic)) return fail("not a topic to publish to");
        message const m{std::move(topic), std::move(payload), qos, next_id()};
        if (auto sent = send(publish_packet(m)); !sent || qos == 0) return sent;
        auto const answer = wait_for(packet_type::puback, m.id);
        if (!answer) return std::unexpected(answer.error());
        return {};
    }

    /// The next message of our subscriptions, acknowledged.
    [[nodiscard]] result<message> receive() {
        while (waiting_.empty()) {
            auto const p = read_packet();
            if (!p) return std::unexpected(p.error());
            if (auto const taken = take(*p); !taken) return std::unexpected(taken.error());
        }
        message m = std::move(waiting_.front());
        waiting_.pop_front();
        return m;
    }

    /// Sends DISCONNECT; closing the session is up to the caller.
    [[nodiscard]] result<void> close() { return send(disconnect_packet()); }

private:
    [[nodiscard]] static std::unexpected<problem> fail(std::string what) {
        return std::unexpected(problem{std::move(what)});
    }

    [[nodiscard]] std::uint16_t next_id() {
        last_id_ = static_cast<std::uint16_t>(last_id_ == 65535 ? 1 : last_id_ + 1);
        return last_id_;
    }

    [[nodiscard]] result<void> send(bytes const& packet) {
        if (auto const sent = session_.write_all(packet); !sent)
            return std::unexpected(problem{"sending to the broker", sent.error()});
        return {};
    }

    [[nodiscard]] result<packet> read_packet() {
        for (;;) {
            auto p = reader_.next();
            if (!p) return std::unexpected(p.error());
            if (*p) return std::move(**p);
            std::array<std::byte, 4096> buffer;
            auto const n = session_.read_some(buffer);
            if (!n) return std::unexpected(problem{"waiting for the broker", n.error()});
            reader_.feed(std::span(buffer).first(*n));
        }
    }

    /// Waits for the answer to one of our packets; messages that come before it are kept for `receive`.
    [[nodiscard]] result<packet> wait_for(packet_type type, std::uint16_t id) {
        for (;;) {
            auto p = read_packet();
            if (!p) return p;
            if (p->type == type && parse_id(*p) == id) return p;
            if (auto const taken = take(*p); !taken) return std::unexpected(taken.error());
        }
    }

    /// Takes a packet we did not ask for, which must be a message.
    [[nodiscard]] result<void> take(packet const& p) {
        auto m = p.type == packet_type::publish ? parse_publish(p) : std::nullopt;
        if (!m) return fail("the broker sent an unexpected or malformed packet");
        if (m->qos == 1) {
            if (auto sent = send(puback_packet(m->id)); !sent) return sent;
        }
        waiting_.push_back(std::move(*m));
        return {};
    }

    Session& session_;
    packet_reader reader_;
    std::deque<message> waiting_;
    std::uint16_t last_id_ = 0;
};

} // namespace mqtt
