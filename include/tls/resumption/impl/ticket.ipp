// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/core/bytes.hpp>
#include <tls/resumption/ticket.hpp>

#include <algorithm>
#include <utility>

namespace tls::detail {
namespace ticket_format {

inline constexpr std::array magic = {std::byte{'T'}, std::byte{'W'}, std::byte{'T'}, std::byte{'K'}};
inline constexpr std::byte version{3}; // 1 knew nothing of revocation lists, 2 a sum of them that can be forged

/// Writes fields one after the other into a buffer that is large enough.
class writer {
public:
    explicit writer(std::span<std::byte> into) noexcept : into_(into) {}

    void number(std::uint64_t value, std::size_t octets) noexcept {
        for (std::size_t i = octets; i-- > 0;) *at_++ = static_cast<std::byte>(value >> (8 * i));
    }
    void bytes(std::span<std::byte const> b) noexcept { at_ = std::ranges::copy(b, at_).out; }
    void text(std::string_view t) noexcept {
        number(t.size(), 1);
        bytes(std::as_bytes(std::span(t)));
    }
    void block(x509::secret_bytes const& b) noexcept {
        number(b.size(), 4);
        bytes(b.span());
    }

private:
    std::span<std::byte> into_;
    std::span<std::byte>::iterator at_ = into_.begin();
};

/// Reads them; once a field does not fit, everything is empty and `good` is false.
class reader {
public:
    explicit reader(std::span<std::byte const> from) noexcept : left_(from) {}

    [[nodiscard]] bool good() const noexcept { return good_; }
    [[nodiscard]] bool at_end() const noexcept { return good_ && left_.empty(); }

    [[nodiscard]] std::span<std::byte const> bytes(std::size_t size) noexcept {
        good_ = good_ && size <= left_.size();
        if (!good_) return {};
        auto const taken = left_.first(size);
        left_ = left_.subspan(size);
        return taken;
    }
    [[nodiscard]] std::uint64_t number(std::size_t octets) noexcept {
        std::uint64_t value = 0;
        for (std::byte const b : bytes(octets)) value = (value << 8) | std::to_integer<std::uint64_t>(b);
        return value;
    }
    [[nodiscard]] std::int64_t time() noexcept { return static_cast<std::int64_t>(number(8)); }
    [[nodiscard]] std::string_view text() noexcept {
        auto const b = bytes(static_cast<std::size_t>(number(1)));
        return as_text(b);
    }
    void digest(std::array<std::byte, 32>& into) noexcept { std::ranges::copy(bytes(into.size()), into.begin()); }
    [[nodiscard]] std::span<std::byte const> block() noexcept { return bytes(static_cast<std::size_t>(number(4))); }

private:
    std::span<std::byte const> left_;
    bool good_ = true;
};

} // namespace ticket_format

TWINTLS_DECL result<x509::secret_bytes>
ticket_codec::plaintext(ticket const& t, char const* backend, std::string_view library) noexcept {
    if (t.backend_ == nullptr || t.session_.empty()) return bad("used already");
    if (std::string_view(t.backend_) != backend) return bad(t.backend_);
    std::string_view const name(backend);
    std::size_t const size = text_at + 1 + name.size() + 1 + library.size() + sizeof t.key_.client +
                             sizeof t.key_.server + 2 + std::size_t{5} * 8 + sizeof t.origin_.lists + 4 +
                             t.origin_.leaf.size() + 4 + t.session_.size();
    auto out = x509::secret_bytes::make(size);
    if (!out) return out;
    std::ranges::copy(ticket_format::magic, out->data());
    out->data()[ticket_format::magic.size()] = ticket_format::version;
    ticket_format::writer w(out->span().subspan(text_at));
    w.text(name);
    w.text(library);
    w.bytes(t.key_.client);
    w.bytes(t.key_.server);
    w.number(static_cast<std::uint16_t>(t.version_), 2);
    auto const& o = t.origin_;
    for (std::int64_t const time : {t.issued_at_, t.expires_at_, o.verified_at, o.trusted_from, o.trusted_until})
        w.number(static_cast<std::uint64_t>(time), 8);
    w.bytes(o.lists);
    w.block(o.leaf);
    w.block(t.session_);
    return out;
}

TWINTLS_DECL result<x509::secret_bytes> ticket_codec::copy_of_stored(std::span<std::byte const> stored) noexcept {
    using ticket_format::magic;
    bool const begins_well = stored.size() >= header_size && std::ranges::equal(stored.first(magic.size()), magic);
    if (!begins_well) return bad("not a ticket");
    if (stored[magic.size()] != ticket_format::version) return bad("another format");
    if (stored.size() < text_at) return bad("cut off");
    return x509::secret_bytes::copy_of(stored);
}

TWINTLS_DECL result<ticket> ticket_codec::parse_plaintext(
    x509::secret_bytes const& all, char const* backend, std::string_view library, std::int64_t now) noexcept {
    ticket_format::reader r(all.span().subspan(text_at));
    ticket t;
    t.backend_ = backend;
    std::string_view const made_by = r.text();
    std::string_view const made_with = r.text();
    if (!r.good()) return bad("damaged");
    if (made_by != backend) return bad(made_by);
    if (made_with != library) return bad(made_with);
    r.digest(t.key_.client);
    r.digest(t.key_.server);
    t.version_ = static_cast<protocol_version>(r.number(2));
    t.issued_at_ = r.time();
    t.expires_at_ = r.time();
    t.origin_.verified_at = r.time();
    t.origin_.trusted_from = r.time();
    t.origin_.trusted_until = r.time();
    r.digest(t.origin_.lists);
    auto const leaf = r.block();
    auto const session = r.block();
    bool const known = t.version_ == protocol_version::tls_1_2 || t.version_ == protocol_version::tls_1_3;
    bool const dated = t.issued_at_ >= 0; // ages are differences, and must not overflow
    if (!r.at_end() || !known || !dated || leaf.empty() || session.empty()) return bad("damaged");
    if (now >= t.expires_at_ || now > t.origin_.trusted_until) return bad("expired");
    auto leaf_copy = x509::secret_bytes::copy_of(leaf);
    auto session_copy = x509::secret_bytes::copy_of(session);
    if (!leaf_copy) return std::unexpected(leaf_copy.error());
    if (!session_copy) return std::unexpected(session_copy.error());
    t.origin_.leaf = std::move(*leaf_copy);
    t.session_ = std::move(*session_copy);
    return t;
}

} // namespace tls::detail
