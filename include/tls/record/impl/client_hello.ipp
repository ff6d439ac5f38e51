// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/core/framing.hpp>
#include <tls/core/limits.hpp>
#include <tls/record/client_hello.hpp>

#include <algorithm>
#include <cstring>

namespace tls::detail {
namespace client_hello_wire {

/// Takes bytes off the front; an empty answer, for good, once there were too few.
class reader {
public:
    explicit reader(std::span<std::byte const> bytes) noexcept : rest_(bytes) {}

    [[nodiscard]] std::span<std::byte const> take(std::size_t size) noexcept {
        if (size > rest_.size()) {
            failed_ = true;
            rest_ = {};
            return {};
        }
        auto const taken = rest_.first(size);
        rest_ = rest_.subspan(size);
        return taken;
    }
    [[nodiscard]] std::size_t number(std::size_t octets) noexcept {
        std::size_t n = 0;
        for (std::byte const b : take(octets)) n = (n << 8U) | std::to_integer<std::size_t>(b);
        return n;
    }
    /// What follows a length of so many octets.
    [[nodiscard]] std::span<std::byte const> vector(std::size_t octets) noexcept { return take(number(octets)); }
    [[nodiscard]] bool empty() const noexcept { return rest_.empty(); }
    [[nodiscard]] bool failed() const noexcept { return failed_; }

private:
    std::span<std::byte const> rest_;
    bool failed_ = false;
};

inline void read_extension(client_hello_facts& what, std::uint16_t number, std::span<std::byte const> body) noexcept {
    what.extensions.add(number);
    if (number == extension::session_ticket) what.offers_ticket = !body.empty();
    if (number == extension::supported_versions) {
        what.offers_tls_1_2 = false;
        reader outer(body);
        for (reader list(outer.vector(1)); !list.empty();) {
            auto const version = static_cast<protocol_version>(list.number(2));
            if (version == protocol_version::tls_1_2) what.offers_tls_1_2 = true;
            if (version == protocol_version::tls_1_3) what.offers_tls_1_3 = true;
        }
    }
    if (number == extension::max_fragment_length) what.fragment = limits::fragment_length(reader(body).number(1));
    if (number != extension::supported_groups) return;
    reader outer(body);
    for (reader list(outer.vector(2)); !list.empty();) {
        auto const group = static_cast<named_group>(list.number(2));
        if (what.group_count < what.groups.size()) what.groups[what.group_count] = group;
        if (what.group_count <= what.groups.size()) ++what.group_count;
    }
}

} // namespace client_hello_wire

TWINTLS_DECL bool client_hello_facts::has_session_id(std::span<std::uint8_t const> id) const noexcept {
    return std::ranges::equal(id, std::span(session_id).first(session_id_size));
}

TWINTLS_DECL bool client_hello_facts::has_group(named_group g) const noexcept {
    if (group_count > groups.size()) return true;
    auto const named = std::span(groups).first(group_count);
    return std::ranges::find(named, g) != named.end();
}

TWINTLS_DECL void read_client_hello(std::span<std::byte const> record, client_hello_facts& what) noexcept {
    using client_hello_wire::reader;
    reader r(record);
    if (r.number(1) != record_type::handshake) return;
    (void)r.number(2); // version
    reader message(r.vector(2));
    if (message.number(1) != static_cast<std::size_t>(handshake_message::client_hello)) return;
    reader hello(message.vector(3));
    client_hello_facts found;
    (void)hello.take(2 + 32); // version and random
    auto const id = hello.vector(1);
    if (id.size() > found.session_id.size()) return;
    found.session_id_size = static_cast<std::uint8_t>(id.size());
    if (!id.empty()) std::memcpy(found.session_id.data(), id.data(), id.size());
    (void)hello.vector(2); // suites
    (void)hello.vector(1); // compression methods
    reader list(hello.vector(2));
    while (!list.empty()) {
        auto const number = static_cast<std::uint16_t>(list.number(2));
        auto const body = list.vector(2);
        if (list.failed()) return;
        client_hello_wire::read_extension(found, number, body);
    }
    if (r.failed() || message.failed() || hello.failed() || !message.empty() || !hello.empty()) return;
    found.known = true;
    what = found;
}

TWINTLS_DECL bool
are_asked_for(std::span<std::byte const> encrypted_extensions, client_hello_facts const& by) noexcept {
    using client_hello_wire::reader;
    reader outer(encrypted_extensions);
    reader list(outer.vector(2));
    extension_set answered;
    while (!list.empty()) {
        auto const number = static_cast<std::uint16_t>(list.number(2));
        auto const body = list.vector(2);
        if (list.failed() || answered.has(number) || !by.extensions.has(number)) return false;
        answered.add(number);
        if (number == extension::server_name && !body.empty()) return false;
        if (number == extension::max_fragment_length &&
            (body.size() != 1 || by.fragment == 0 ||
             limits::fragment_length(std::to_integer<std::size_t>(body[0])) != by.fragment))
            return false;
        if (number != extension::application_protocols) continue;
        reader whole(body);
        reader protocols(whole.vector(2));
        if (protocols.vector(1).empty() || !protocols.empty() || !whole.empty()) return false;
    }
    return !outer.failed() && outer.empty();
}

TWINTLS_DECL std::uint16_t agreed_fragment(std::span<std::byte const> extensions) noexcept {
    using client_hello_wire::reader;
    reader outer(extensions);
    for (reader list(outer.vector(2)); !list.empty();) {
        bool const is_it = list.number(2) == extension::max_fragment_length;
        reader body(list.vector(2));
        if (is_it) return limits::fragment_length(body.number(1));
    }
    return 0;
}

} // namespace tls::detail
