// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/compare/report.hpp>
#include <tls/core/alert.hpp>
#include <tls/core/errc.hpp>
#include <tls/core/protocol.hpp>
#include <tls/core/text_writer.hpp>
#include <tls/core/time_text.hpp>

#include <algorithm>
#include <array>
#include <charconv>

namespace tls {
namespace detail::comparing {

using written = std::string_view;
using value_space = std::span<char>;

[[nodiscard]] inline written put(value_space into, std::string_view text) noexcept {
    return (text_writer(into) << text).view();
}
[[nodiscard]] inline written put(value_space into, std::uint64_t number) noexcept {
    return (text_writer(into) << static_cast<long long>(number)).view();
}

/// A number twintls does not know the name of is better than "unknown".
template <class Value>
[[nodiscard]] written put_named(value_space into, fact<Value> const& value, bool known_name) noexcept {
    if (!value) return {};
    if (known_name) return put(into, name(*value));
    constexpr std::string_view digits = "0123456789abcdef";
    auto const number = static_cast<std::uint16_t>(*value);
    std::array<char, 6> text{'0', 'x'};
    for (std::size_t i = 0; i != 4; ++i) text[5 - i] = digits[number >> (4 * i) & 15U];
    return put(into, std::string_view(text.data(), text.size()));
}

[[nodiscard]] inline written put(value_space into, fact<bool> const& value) noexcept {
    return value ? put(into, *value ? "yes" : "no") : written();
}

[[nodiscard]] inline written put(value_space into, std::optional<alert> const& a) noexcept {
    if (!a) return {};
    return (text_writer(into) << static_cast<long long>(number(*a)) << " " << name(*a)).view();
}

/// Milliseconds with two decimals.
[[nodiscard]] inline written put(value_space into, std::chrono::nanoseconds t) noexcept {
    auto const hundredths = (std::max<std::int64_t>(t.count(), 0) + 5'000) / 10'000;
    text_writer out(into);
    out << static_cast<long long>(hundredths / 100) << "." << (hundredths % 100 < 10 ? "0" : "");
    return (out << static_cast<long long>(hundredths % 100) << " ms").view();
}

[[nodiscard]] inline written put_printable(value_space into, std::string_view text) noexcept {
    std::size_t const n = std::min(into.size(), text.size());
    std::ranges::transform(text.substr(0, n), into.begin(), [](char c) { return c >= ' ' && c <= '~' ? c : '?'; });
    return {into.data(), n};
}

[[nodiscard]] inline written put_outcome(compared_connection const& c, value_space into) noexcept {
    if (!c.failure) return put(into, c.established ? "connected" : "");
    return put(into, c.established ? "FAILED afterwards" : "FAILED");
}

[[nodiscard]] inline written put_acceptance(compared_connection const& c, value_space into) noexcept {
    if (!c.established || c.failure) return {};
    if (c.acceptance == acceptance::accepted) return put(into, "yes");
    return put(into, c.closed_by_peer ? "not known: it hung up" : "not known: it is silent");
}

[[nodiscard]] inline written put_key(compared_certificate const& c, value_space into) noexcept {
    using enum x509::public_key_kind;
    std::string_view kind = "another kind";
    switch (c.key) {
    case rsa: kind = "RSA"; break;
    case ec: kind = "EC"; break;
    case ed25519: kind = "Ed25519"; break;
    case other: break;
    }
    return (text_writer(into) << kind << " " << static_cast<long long>(c.key_bits)).view();
}

[[nodiscard]] inline written
put(value_space into, std::optional<connection_cost> const& cost, std::uint64_t traffic::* what) noexcept {
    return cost ? put(into, cost->wire.*what) : written();
}

/// The same where the label does not say of what.
[[nodiscard]] inline written
put_bytes(value_space into, std::optional<connection_cost> const& cost, std::uint64_t traffic::* what) noexcept {
    return cost ? (text_writer(into) << static_cast<long long>(cost->wire.*what) << " bytes").view() : written();
}

/// Of something that was not measured where other things were.
template <class Value>
[[nodiscard]] written put_measured(value_space into, std::optional<Value> const& value) noexcept {
    return value ? put(into, *value) : put(into, "not measured");
}

using field = compared_connection const&;
using how = compared_field::comparison;
inline constexpr bool shown = false;
inline constexpr bool detail = true;

inline constexpr compared_field fields[] = {
    {"outcome", "outcome", how::text, shown, [](field c, value_space s) noexcept { return put_outcome(c, s); }},
    {"error", "error", how::text, shown,
     [](field c, value_space s) noexcept { return c.failure ? put(s, name(c.failure->code)) : written(); }},
    {"phase", "failed while", how::text, detail,
     [](field c, value_space s) noexcept { return c.failure ? put(s, name(c.failure->phase)) : written(); }},
    {"alert_received", "alert received", how::text, shown,
     [](field c, value_space s) noexcept { return c.failure ? put(s, c.failure->received) : written(); }},
    {"alert_sent", "alert sent", how::text, detail,
     [](field c, value_space s) noexcept { return c.failure ? put(s, c.failure->sent) : written(); }},

    {"protocol", "version", how::text, shown,
     [](field c, value_space s) noexcept {
         return c.handshake.version ? put(s, name(*c.handshake.version)) : written();
     }},
    {"cipher_suite", "cipher suite", how::text, shown,
     [](field c, value_space s) noexcept {
         return put_named(s, c.handshake.suite, name(*c.handshake.suite) != name(cipher_suite{}));
     }},
    {"group", "key exchange", how::text, shown,
     [](field c, value_space s) noexcept {
         return put_named(s, c.handshake.group, name(*c.handshake.group) != name(named_group{}));
     }},
    {"alpn", "ALPN", how::text, shown,
     [](field c, value_space s) noexcept {
         if (!c.established) return written();
         return c.alpn().empty() ? put(s, "none") : put_printable(s, c.alpn());
     }},
    {"resumption", "resumption", how::text, shown,
     [](field c, value_space s) noexcept {
         bool const asked = c.resumption && *c.resumption != resumption::off;
         return asked ? put(s, name(*c.resumption)) : written();
     }},
    {"certificate_requested", "asked for cert", how::text, shown,
     [](field c, value_space s) noexcept { return put(s, c.handshake.client_certificate_requested); }},
    {"certificates_sent", "certs we sent", how::text, shown,
     [](field c, value_space s) noexcept {
         return c.handshake.certificates_sent ? put(s, std::uint64_t{*c.handshake.certificates_sent}) : written();
     }},
    {"signature_sent", "we signed", how::text, detail,
     [](field c, value_space s) noexcept { return put(s, c.handshake.signature_sent); }},
    {"accepted", "we are accepted", how::text, shown,
     [](field c, value_space s) noexcept { return put_acceptance(c, s); }},

    {"server", "server", how::text, shown,
     [](field c, value_space s) noexcept { return c.server ? put(s, c.server->subject.view()) : written(); }},
    {"server_issuer", "issued by", how::text, detail,
     [](field c, value_space s) noexcept { return c.server ? put(s, c.server->issuer.view()) : written(); }},
    {"server_serial", "serial number", how::text, detail,
     [](field c, value_space s) noexcept { return c.server ? put(s, c.server->serial.view()) : written(); }},
    {"server_key", "server's key", how::text, detail,
     [](field c, value_space s) noexcept { return c.server ? put_key(*c.server, s) : written(); }},
    {"server_not_after", "valid until", how::text, detail,
     [](field c, value_space s) noexcept {
         return c.server ? put(s, time_text(c.server->not_after).view()) : written();
     }},

    {"bytes_sent", "bytes sent", how::bytes, shown,
     [](field c, value_space s) noexcept { return put(s, c.cost, &traffic::bytes_sent); }},
    {"bytes_received", "bytes received", how::bytes, shown,
     [](field c, value_space s) noexcept { return put(s, c.cost, &traffic::bytes_received); }},
    {"records_sent", "records sent", how::count, shown,
     [](field c, value_space s) noexcept { return put(s, c.cost, &traffic::records_sent); }},
    {"records_received", "records received", how::count, shown,
     [](field c, value_space s) noexcept { return put(s, c.cost, &traffic::records_received); }},
    {"round_trips", "round trips", how::count, shown,
     [](field c, value_space s) noexcept { return put(s, c.cost, &traffic::round_trips); }},
    {"allocations", "allocations", how::never, shown,
     [](field c, value_space s) noexcept { return c.cost ? put_measured(s, c.cost->allocations) : written(); }},
    {"processor_time", "processor time", how::never, shown,
     [](field c, value_space s) noexcept { return c.cost ? put_measured(s, c.cost->processor_time) : written(); }},
    {"elapsed", "elapsed", how::never, shown,
     [](field c, value_space s) noexcept { return c.cost ? put(s, c.cost->elapsed) : written(); }},

    {"conversation_sent", "sent afterwards", how::bytes, shown,
     [](field c, value_space s) noexcept { return put_bytes(s, c.conversation, &traffic::bytes_sent); }},
    {"conversation_received", "got afterwards", how::bytes, shown,
     [](field c, value_space s) noexcept { return put_bytes(s, c.conversation, &traffic::bytes_received); }},
};
static_assert(std::size(fields) <= field_list::capacity);

/// Whether a value counts as different from another.
[[nodiscard]] inline bool differ(how compared, std::string_view a, std::string_view b) noexcept {
    if (compared == how::never || a.empty() || b.empty() || a == b) return false;
    if (compared != how::bytes) return true;
    constexpr std::uint64_t of_signatures = 8; // of an ECDSA signature each, two of them
    std::uint64_t x = 0;
    std::uint64_t y = 0;
    (void)std::from_chars(a.data(), a.data() + a.size(), x);
    (void)std::from_chars(b.data(), b.data() + b.size(), y);
    return std::max(x, y) - std::min(x, y) > of_signatures;
}

/// What one moved until it failed has nothing to do with what another moved.
[[nodiscard]] inline bool is_comparable(compared_field const& f, field a, field b) noexcept {
    return !f.is_cost() || (!a.failure && !b.failure) || (a.failure && b.failure);
}

} // namespace detail::comparing

TWINTLS_DECL std::span<compared_field const> compared_fields() noexcept { return detail::comparing::fields; }

TWINTLS_DECL field_list differences(std::span<compared_connection const> connections) noexcept {
    field_list found;
    std::array<char, longest_value> first{};
    std::array<char, longest_value> other{};
    for (compared_field const& f : detail::comparing::fields) {
        bool differs = false;
        for (std::size_t i = 0; i + 1 < connections.size() && !differs; ++i) {
            auto const a = f.write(connections[i], first);
            for (std::size_t k = i + 1; k < connections.size() && !differs; ++k)
                differs = detail::comparing::is_comparable(f, connections[i], connections[k]) &&
                          detail::comparing::differ(f.compared, a, f.write(connections[k], other));
        }
        if (differs) found.add(f);
    }
    return found;
}

} // namespace tls
