// SPDX-License-Identifier: Apache-2.0
#include "wire.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace testbed::wire {
namespace {

class reader {
public:
    explicit reader(byte_view data) : rest_(data) {}

    [[nodiscard]] bool empty() const { return rest_.empty(); }
    [[nodiscard]] std::size_t size() const { return rest_.size(); }
    byte_view take(std::size_t n) {
        if (n > rest_.size()) throw std::runtime_error("the message is shorter than it says");
        byte_view const out = rest_.first(n);
        rest_ = rest_.subspan(n);
        return out;
    }
    unsigned number(std::size_t width) {
        unsigned value = 0;
        for (std::byte const b : take(width)) value = (value << 8U) | std::to_integer<unsigned>(b);
        return value;
    }
    /// A vector with a length in front, `width` bytes wide.
    reader vector(std::size_t width) {
        std::size_t const n = number(width);
        return reader(take(n));
    }
    byte_view rest() { return take(rest_.size()); }

private:
    byte_view rest_;
};

std::vector<unsigned> numbers(reader list, std::size_t width) {
    std::vector<unsigned> out;
    while (!list.empty()) out.push_back(list.number(width));
    return out;
}

// Extension numbers (IANA TLS ExtensionType Values).
constexpr unsigned ext_server_name = 0;
constexpr unsigned ext_supported_groups = 10;
constexpr unsigned ext_signature_algorithms = 13;
constexpr unsigned ext_alpn = 16;
constexpr unsigned ext_pre_shared_key = 41;
constexpr unsigned ext_supported_versions = 43;
constexpr unsigned ext_psk_modes = 45;
constexpr unsigned ext_key_share = 51;

bool is_clear_hello(byte_view body) {
    if (body.size() < 4) return false;
    reader r(body);
    unsigned const type = r.number(1);
    std::size_t const size = r.number(3);
    return (type == 1 || type == 2) && size == r.size();
}

void read_client_extension(client_hello& hello, unsigned type, reader body) {
    switch (type) {
    case ext_server_name:
        for (reader list = body.vector(2); !list.empty();) {
            bool const host_name = list.number(1) == 0;
            std::string const text = to_text(list.vector(2).rest());
            if (host_name) hello.server_name = text;
        }
        break;
    case ext_alpn:
        for (reader list = body.vector(2); !list.empty();) hello.alpn.push_back(to_text(list.vector(1).rest()));
        break;
    case ext_supported_groups: hello.groups = numbers(body.vector(2), 2); break;
    case ext_signature_algorithms: hello.signature_algorithms = numbers(body.vector(2), 2); break;
    case ext_pre_shared_key: {
        reader identities = body.vector(2);
        (void)identities.vector(2);
        hello.ticket_age = identities.number(4);
        break;
    }
    case ext_psk_modes: hello.psk_modes = numbers(body.vector(1), 1); break;
    case ext_supported_versions: hello.versions = numbers(body.vector(1), 2); break;
    case ext_key_share:
        for (reader list = body.vector(2); !list.empty();) {
            hello.key_shares.push_back(list.number(2));
            (void)list.vector(2);
        }
        break;
    default: break;
    }
}

// The random value that marks a ServerHello as a HelloRetryRequest (RFC 8446 section 4.1.3).
constexpr std::array<unsigned char, 32> retry_marker = {
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
    0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c};

server_hello parse_server_hello(byte_view body) {
    reader r(body);
    server_hello out;
    out.version = r.number(2);
    byte_view const random = r.take(32);
    out.hello_retry_request = std::ranges::equal(random, std::as_bytes(std::span(retry_marker)));
    byte_view const session_id = r.vector(1).rest();
    out.session_id.assign(session_id.begin(), session_id.end());
    out.suite = r.number(2);
    (void)r.number(1);
    if (r.empty()) return out;
    for (reader list = r.vector(2); !list.empty();) {
        unsigned const type = list.number(2);
        reader extension = list.vector(2);
        out.extensions.push_back(type);
        if (type == ext_supported_versions) out.version = extension.number(2);
        if (type == ext_key_share) out.key_share = extension.number(2);
    }
    return out;
}

} // namespace

std::vector<record> records(byte_view stream) {
    std::vector<record> out;
    reader r(stream);
    while (r.size() >= 5) {
        record next;
        next.type = r.number(1);
        next.version = r.number(2);
        std::size_t const size = r.number(2);
        if (size > r.size()) break;
        byte_view const body = r.take(size);
        next.body.assign(body.begin(), body.end());
        out.push_back(std::move(next));
    }
    return out;
}

std::string summary(byte_view stream) {
    std::string out;
    for (record const& r : records(stream))
        out.append("[").append(std::to_string(r.type)).append(":").append(std::to_string(r.body.size())).append("]");
    return out;
}

std::vector<message> clear_messages(byte_view stream) {
    bytes joined;
    bool after_change = false;
    for (record const& r : records(stream)) {
        if (r.type == change_cipher_spec) after_change = true;
        if (r.type == application_data) break;
        if (r.type != handshake) continue;
        // After a ChangeCipherSpec a handshake record is encrypted in TLS 1.2, and an unencrypted hello in TLS 1.3.
        if (after_change && !is_clear_hello(r.body)) break;
        append(joined, r.body);
    }
    std::vector<message> out;
    reader r(joined);
    while (r.size() >= 4) {
        auto const type = static_cast<tls::handshake_message>(r.number(1));
        std::size_t const size = r.number(3);
        if (size > r.size()) break;
        byte_view const body = r.take(size);
        out.push_back({type, {body.begin(), body.end()}});
    }
    return out;
}

std::optional<message> find(byte_view stream, tls::handshake_message type) {
    for (message& m : clear_messages(stream))
        if (m.type == type) return std::move(m);
    return std::nullopt;
}

std::vector<clear_alert> clear_alerts(byte_view stream) {
    std::vector<clear_alert> out;
    bool after_change = false;
    for (record const& r : records(stream)) {
        if (r.type == change_cipher_spec) after_change = true;
        if (r.type == application_data || (r.type == handshake && after_change && !is_clear_hello(r.body))) break;
        // An encrypted alert of TLS 1.2 is longer than two bytes.
        if (r.type == alert && r.body.size() == 2)
            out.push_back({std::to_integer<unsigned>(r.body[0]), std::to_integer<unsigned>(r.body[1])});
    }
    return out;
}

std::vector<bytes> certificates_tls12(byte_view message_body) {
    std::vector<bytes> out;
    for (reader list = reader(message_body).vector(3); !list.empty();) {
        byte_view const der = list.vector(3).rest();
        out.emplace_back(der.begin(), der.end());
    }
    return out;
}

std::optional<std::size_t> certificate_count(byte_view stream) {
    std::optional<message> const found = find(stream, tls::handshake_message::certificate);
    if (!found) return std::nullopt;
    return certificates_tls12(found->body).size();
}

bool client_hello::has_extension(unsigned number) const {
    return std::ranges::find(extensions, number) != extensions.end();
}

client_hello first_client_hello(byte_view stream) {
    std::optional<message> const found = find(stream, tls::handshake_message::client_hello);
    if (!found) throw std::runtime_error("no ClientHello was recorded");
    reader r(found->body);
    client_hello out;
    out.legacy_version = r.number(2);
    (void)r.take(32);
    byte_view const session_id = r.vector(1).rest();
    out.session_id.assign(session_id.begin(), session_id.end());
    out.suites = numbers(r.vector(2), 2);
    (void)r.vector(1);
    out.versions = {out.legacy_version};
    if (r.empty()) return out;
    for (reader list = r.vector(2); !list.empty();) {
        unsigned const type = list.number(2);
        out.extensions.push_back(type);
        byte_view const body = list.vector(2).rest();
        out.bodies[type].assign(body.begin(), body.end());
        read_client_extension(out, type, reader(body));
    }
    return out;
}

std::vector<server_hello> server_hellos(byte_view stream) {
    std::vector<server_hello> out;
    for (message const& m : clear_messages(stream))
        if (m.type == tls::handshake_message::server_hello) out.push_back(parse_server_hello(m.body));
    return out;
}

bytes make_record(unsigned type, byte_view body, unsigned version) {
    auto const size = static_cast<unsigned>(body.size());
    bytes out = octets({type, version >> 8U, version & 0xffU, size >> 8U, size & 0xffU});
    append(out, body);
    return out;
}

bytes make_alert(unsigned level, unsigned description) { return make_record(alert, octets({level, description})); }

void byte_queue::push(byte_view data) {
    bytes copy(data.begin(), data.end());
    if (tap) tap(copy);
    if (copy.empty()) return;
    append(pending_, copy);
    append(history_, copy);
    write_sizes_.push_back(copy.size());
}

std::size_t byte_queue::pop(std::span<std::byte> to) {
    std::size_t const n = std::min(to.size(), size());
    std::copy_n(pending_.begin() + static_cast<std::ptrdiff_t>(at_), n, to.begin());
    at_ += n;
    if (at_ == pending_.size()) {
        pending_.clear();
        at_ = 0;
    }
    return n;
}

bytes byte_queue::take_all() {
    bytes out(size());
    pop(out);
    return out;
}

} // namespace testbed::wire
