// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/compare/impl/report.ipp>
#include <tls/compare/json.hpp>
#include <tls/core/text_writer.hpp>
#include <tls/core/time_text.hpp>
#include <tls/diagnosis/explain.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace tls {
namespace detail::comparing {

/// Writes JSON, with commas, indentation and escapes where they belong.
class json_writer {
public:
    explicit json_writer(text_sink to) noexcept : to_(to) {}

    void open(char bracket) {
        begin_value();
        put(bracket);
        ++depth_;
        first_ = true;
    }
    void close(char bracket) {
        --depth_;
        if (!first_) new_line();
        put(bracket);
        first_ = false;
    }
    /// The name of a member, whose value comes next.
    void member(std::string_view name) {
        separate();
        quote(name);
        to_(": ");
        named_ = true;
    }

    void value(std::string_view text) {
        begin_value();
        quote(text);
    }
    void value(bool yes) { literal(yes ? "true" : "false"); }
    void value(std::nullptr_t) { literal("null"); }
    void value(std::int64_t number) {
        std::array<char, 24> digits;
        literal((text_writer(digits) << static_cast<long long>(number)).view());
    }
    void value(std::uint64_t number) { value(static_cast<std::int64_t>(number)); }
    void value(std::chrono::nanoseconds t) { value(std::int64_t{t.count()}); }
    void value(alert a) {
        open('{');
        member("number", std::int64_t{number(a)});
        member("name", name(a));
        close('}');
    }
    /// Null where there is nothing.
    template <class Value> void value(std::optional<Value> const& maybe) {
        if (maybe)
            value(*maybe);
        else
            value(nullptr);
    }
    void value(fact<bool> const& maybe) {
        if (maybe)
            value(*maybe);
        else
            value(nullptr);
    }
    template <class Value> void member(std::string_view name, Value const& content) {
        member(name);
        value(content);
    }

private:
    void put(char c) { to_(std::string_view(&c, 1)); }
    void literal(std::string_view text) {
        begin_value();
        to_(text);
    }
    void begin_value() {
        if (!std::exchange(named_, false)) separate();
    }
    void separate() {
        if (depth_ == 0) return;
        if (!std::exchange(first_, false)) put(',');
        new_line();
    }
    void new_line() {
        put('\n');
        for (int i = 0; i != depth_; ++i) to_("  ");
    }
    void quote(std::string_view text) {
        constexpr std::string_view digits = "0123456789abcdef";
        put('"');
        for (char const c : text) {
            auto const byte = static_cast<unsigned char>(c);
            if (c == '"' || c == '\\') {
                put('\\');
                put(c);
            } else if (byte >= ' ' && byte < 0x7f) {
                put(c);
            } else {
                std::array const escape{'\\', 'u', '0', '0', digits[byte >> 4U], digits[byte & 15U]};
                to_({escape.data(), escape.size()});
            }
        }
        put('"');
    }

    text_sink to_;
    int depth_ = 0;
    bool first_ = true;
    bool named_ = false; // a member's name was written, and its value is next
};

inline void write_json(json_writer& j, std::optional<connection_cost> const& cost) {
    if (!cost) {
        j.value(nullptr);
        return;
    }
    j.open('{');
    j.member("bytes_sent", cost->wire.bytes_sent);
    j.member("bytes_received", cost->wire.bytes_received);
    j.member("records_sent", cost->wire.records_sent);
    j.member("records_received", cost->wire.records_received);
    j.member("round_trips", cost->wire.round_trips);
    j.member("allocations", cost->allocations);
    j.member("processor_time_ns", cost->processor_time);
    j.member("elapsed_ns", cost->elapsed);
    j.close('}');
}

inline void write_json(json_writer& j, compared_certificate const& c) {
    std::array<char, 64> key;
    j.open('{');
    j.member("subject", c.subject.view());
    j.member("issuer", c.issuer.view());
    j.member("serial", c.serial.view());
    j.member("key", put_key(c, key));
    j.member("not_before", time_text(c.not_before).view());
    j.member("not_after", time_text(c.not_after).view());
    j.close('}');
}

inline void write_json(json_writer& j, error const& e) {
    std::array<char, longest_explanation> text;
    j.open('{');
    j.member("code", name(e.code));
    j.member("number", std::int64_t{static_cast<int>(e.code)});
    j.member("message", message(e.code));
    j.member("phase", name(e.phase));
    j.member("about", e.about.view());
    j.member("alert_received", e.received);
    j.member("alert_sent", e.sent);
    j.member("native", std::int64_t{e.native});
    j.member("native_name");
    if (e.native_name != nullptr)
        j.value(std::string_view(e.native_name));
    else
        j.value(nullptr);
    j.member("system", std::int64_t{e.system});
    j.member("explanation", explain(e, text));
    j.close('}');
}

/// A member for each of what was negotiated, as text, or null.
inline void write_negotiated(json_writer& j, compared_connection const& c) {
    std::array<char, longest_value> text;
    for (compared_field const& f : compared_fields()) {
        bool const of_handshake = f.name == "protocol" || f.name == "cipher_suite" || f.name == "group";
        if (!of_handshake) continue;
        auto const value = f.write(c, text);
        j.member(f.name, value.empty() ? std::optional<std::string_view>() : value);
    }
    j.member("alpn", c.alpn().empty() ? std::optional<std::string_view>() : c.alpn());
    j.member("resumption", c.resumption ? std::optional(name(*c.resumption)) : std::nullopt);
    j.member("certificate_requested", c.handshake.client_certificate_requested);
    j.member(
        "certificates_sent",
        c.handshake.certificates_sent ? std::optional(std::int64_t{*c.handshake.certificates_sent}) : std::nullopt);
    j.member("signature_sent", c.handshake.signature_sent);
    bool const accepted = c.acceptance == acceptance::accepted;
    j.member("accepted", accepted ? std::optional(true) : std::nullopt);
}

inline void write_json(json_writer& j, compared_connection const& c) {
    j.open('{');
    j.member("backend", c.backend);
    j.member("version", c.version);
    j.member("failed", c.failure.has_value());
    j.member("established", c.established);
    j.member("rounds", std::uint64_t{c.rounds});
    j.member("steady", c.steady);
    write_negotiated(j, c);
    j.member("server");
    if (c.server)
        write_json(j, *c.server);
    else
        j.value(nullptr);
    j.member("handshake");
    write_json(j, c.cost);
    j.member("conversation");
    write_json(j, c.conversation);
    j.member("error");
    if (c.failure)
        write_json(j, *c.failure);
    else
        j.value(nullptr);
    j.close('}');
}

} // namespace detail::comparing

TWINTLS_DECL void to_json(std::span<compared_connection const> connections, text_sink to) {
    detail::comparing::json_writer j(to);
    std::array<char, longest_value> text;
    j.open('{');
    j.member("connections");
    j.open('[');
    for (compared_connection const& c : connections) detail::comparing::write_json(j, c);
    j.close(']');
    j.member("differences");
    j.open('[');
    for (compared_field const* f : differences(connections)) {
        j.open('{');
        j.member("field", f->name);
        j.member("values");
        j.open('[');
        for (compared_connection const& c : connections) {
            auto const value = f->write(c, text);
            j.value(value.empty() ? std::optional<std::string_view>() : value);
        }
        j.close(']');
        j.close('}');
    }
    j.close(']');
    j.close('}');
    to("\n");
}

TWINTLS_DECL std::string to_json(std::span<compared_connection const> connections) {
    std::string text;
    to_json(connections, [&](std::string_view part) { text += part; });
    return text;
}

} // namespace tls
