// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"
#include "made_tickets.hpp"
#include <tls/mbedtls.hpp>
#include <tls/resumption/ticket.hpp>
#include <tls/wolfssl.hpp>

#include <algorithm>
#include <concepts>
#include <ctime>
#include <limits>
#include <string_view>
#include <type_traits>

namespace unit::ticket_cases {
namespace {

using made::day;
using made::start;
using testbed::byte_view;
using testbed::bytes;
using tls::errc;
using tls::protocol_version;

static_assert(std::movable<tls::ticket> && !std::copyable<tls::ticket>);
static_assert(!std::is_default_constructible_v<tls::ticket>);
static_assert(!std::movable<tls::storage_key>);

constexpr std::string_view not_a_ticket = "not a ticket";
constexpr std::string_view other_format = "another format";
constexpr std::string_view cut_off = "cut off";
constexpr std::string_view altered = "altered, cut off, or sealed with another key";
constexpr std::string_view damaged = "damaged";

constexpr std::size_t header_size = 5;
constexpr std::size_t text_at = header_size + tls::seam::seal_nonce_size + tls::seam::seal_tag_size;

tls::storage_key key_of(byte_view octets) { return tls::storage_key(octets.first<tls::storage_key::size>()); }
tls::storage_key storage_key(std::uint32_t seed = 1) { return key_of(testbed::pattern(tls::storage_key::size, seed)); }

template <class B> tls::ticket ticket_of(made::ticket_options o = {}) {
    o.backend = B::name;
    return made::ticket(o);
}

template <class B> bytes stored(tls::ticket const& t, tls::storage_key const& key = storage_key()) {
    auto const sealed = t.serialize<B>(key);
    REQUIRE(sealed);
    byte_view const view = sealed->span();
    return {view.begin(), view.end()};
}

template <class B>
tls::result<tls::ticket>
parsed(byte_view sealed, tls::storage_key const& key = storage_key(), std::int64_t now = start) {
    return tls::ticket::parse<B>(sealed, key, now);
}

bool refused(tls::result<tls::ticket> const& t, std::string_view why) {
    return !t && t.error().code == errc::bad_ticket && t.error().about.view() == why &&
           t.error().phase == tls::phase::configuring;
}

tls::seam::sealed_parts parts_of(bytes& sealed, tls::storage_key const& key) {
    using namespace tls::seam;
    std::span<std::byte> const all(sealed);
    return {
        key.bytes(), all.first(header_size), all.subspan<header_size, seal_nonce_size>(), all.subspan(text_at),
        all.subspan<header_size + seal_nonce_size, seal_tag_size>()};
}

/// A stored ticket whose content was changed by somebody who has the storage key.
template <class B, class Change> bytes resealed(bytes sealed, Change change) {
    tls::storage_key const key = storage_key();
    REQUIRE(B::open(parts_of(sealed, key)));
    bytes text(sealed.begin() + text_at, sealed.end());
    change(text);
    sealed.resize(text_at);
    testbed::append(sealed, text);
    REQUIRE(B::seal(parts_of(sealed, key)));
    return sealed;
}

template <class B> struct upgraded : B {
    static std::string_view version() noexcept { return "99.1"; }
};

template <class B> struct without_random_numbers : B {
    static bool seal(tls::seam::sealed_parts const&) noexcept { return false; }
};

} // namespace

TEST_CASE("ticket: it is valid from when it was issued, less a minute, until it expires") {
    auto const t = made::ticket({.lifetime = 3600});
    CHECK(t.expires_at() == start + 3600);
    CHECK(t.is_valid_at(start));
    CHECK(t.is_valid_at(start - 60));
    CHECK_FALSE(t.is_valid_at(start - 61));
    CHECK(t.is_valid_at(start + 3599));
    CHECK_FALSE(t.is_valid_at(start + 3600));
    CHECK_FALSE(t.is_valid_at(0));
    CHECK_FALSE(t.is_valid_at(std::numeric_limits<std::int64_t>::min()));
    CHECK_FALSE(t.is_valid_at(std::numeric_limits<std::int64_t>::max()));
}

TEST_CASE("ticket: it is valid only while the certificates are that were verified for it") {
    auto const t = made::ticket({.trusted_from = start + 10, .trusted_until = start + 20});
    CHECK_FALSE(t.is_valid_at(start + 9));
    CHECK(t.is_valid_at(start + 10));
    CHECK(t.is_valid_at(start + 20));
    CHECK_FALSE(t.is_valid_at(start + 21));
    constexpr std::numeric_limits<std::int64_t> limits;
    CHECK(made::ticket({.trusted_from = limits.min(), .trusted_until = limits.max()}).is_valid_at(start));
}

TEST_CASE("ticket: none lives longer than seven days after the certificates were verified") {
    constexpr std::uint32_t week = 7 * day;
    CHECK(made::ticket({.lifetime = week - 1}).expires_at() == start + week - 1);
    CHECK(made::ticket({.lifetime = week}).expires_at() == start + week);
    CHECK(made::ticket({.lifetime = week + 1}).expires_at() == start + week);
    CHECK(made::ticket({.lifetime = std::numeric_limits<std::uint32_t>::max()}).expires_at() == start + week);
    CHECK(made::ticket({.lifetime = week, .verified_at = start - 6 * day}).expires_at() == start + day);
    CHECK(made::ticket({.lifetime = 60, .verified_at = start - 6 * day}).expires_at() == start + 60);
    CHECK_FALSE(made::ticket({.verified_at = start - 8 * day}).is_valid_at(start));
}

TEST_CASE("ticket: with a lifetime of zero there is none") {
    CHECK_FALSE(made::try_ticket({.lifetime = 0}));
    CHECK(made::try_ticket({.lifetime = 1}));
}

TEST_CASE_TEMPLATE("ticket: what was stored is the same ticket", B, tls::wolfssl, tls::mbedtls) {
    for (auto const version : {protocol_version::tls_1_2, protocol_version::tls_1_3}) {
        made::ticket_options const options{
            .key = made::key(7, 9),
            .version = version,
            .lifetime = 7 * day,
            .verified_at = start - day,
            .trusted_from = start - 5,
            .trusted_until = start + 5 * day,
            .session = testbed::pattern(3000, 5)};
        auto const before = ticket_of<B>(options);
        auto after = parsed<B>(stored<B>(before));
        REQUIRE(after);
        CHECK(after->key() == before.key());
        CHECK(after->version() == version);
        CHECK(after->expires_at() == start + 6 * day);
        for (std::int64_t const t : {start - 6, start - 5, start, start + 5 * day, start + 5 * day + 1})
            CHECK(after->is_valid_at(t) == before.is_valid_at(t));

        made::at const later(start + 100);
        auto const settings = made::own_tickets();
        tls::detail::connection_tickets desk(settings, made::clock, options.key);
        desk.choose(std::move(*after));
        CHECK(desk.offer().age == 100);
        CHECK(std::ranges::equal(desk.offer().session, options.session));
        desk.offered(true);
        desk.resumed(true);
        CHECK(std::ranges::equal(desk.remembered_leaf(), options.leaf));
        desk.issued(made::secret(options.session), B::name, version, 7 * day);
        CHECK(desk.take().value().expires_at() == start + 6 * day); // counted from the same verification
    }
}

TEST_CASE_TEMPLATE(
    "ticket: it is stored differently each time, and none of it unencrypted", B, tls::wolfssl, tls::mbedtls) {
    made::ticket_options const options;
    tls::ticket const t = ticket_of<B>(options);
    bytes const one = stored<B>(t);
    bytes const other = stored<B>(t);
    CHECK(one.size() == other.size());
    CHECK(std::ranges::equal(byte_view(one).first(header_size), byte_view(other).first(header_size)));
    for (byte_view const part : {byte_view(options.session), byte_view(options.leaf), byte_view(t.key().client)})
        for (bytes const& sealed : {one, other}) CHECK(std::ranges::search(sealed, part.first(8)).empty());
    auto const nonce = [](bytes const& b) { return byte_view(b).subspan(header_size, tls::seam::seal_nonce_size); };
    auto const text = [](bytes const& b) { return byte_view(b).subspan(text_at); };
    CHECK_FALSE(std::ranges::equal(nonce(one), nonce(other)));
    CHECK_FALSE(std::ranges::equal(text(one), text(other)));
    CHECK(parsed<B>(one));
    CHECK(parsed<B>(other));
}

TEST_CASE_TEMPLATE("ticket: cut off anywhere it is refused", B, tls::wolfssl, tls::mbedtls) {
    bytes const whole = stored<B>(ticket_of<B>());
    auto const why = [](std::size_t size) {
        if (size < header_size) return not_a_ticket;
        return size < text_at ? cut_off : altered;
    };
    for (std::size_t size = 0; size != whole.size(); ++size) {
        bytes const part(
            whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)); // a block of its own, for ASan
        CHECK_MESSAGE(refused(parsed<B>(part), why(size)), size, " bytes");
    }
}

TEST_CASE_TEMPLATE("ticket: with any one bit changed it is refused", B, tls::wolfssl, tls::mbedtls) {
    bytes sealed = stored<B>(ticket_of<B>());
    auto const why = [](std::size_t at) {
        if (at == header_size - 1) return other_format;
        return at < header_size ? not_a_ticket : altered;
    };
    for (std::size_t at = 0; at != sealed.size(); ++at)
        for (int bit = 0; bit != 8; ++bit) {
            sealed[at] ^= std::byte{1} << bit;
            CHECK_MESSAGE(refused(parsed<B>(sealed), why(at)), "bit ", bit, " of byte ", at);
            sealed[at] ^= std::byte{1} << bit;
        }
    CHECK(parsed<B>(sealed));
}

TEST_CASE_TEMPLATE("ticket: what is none is refused", B, tls::wolfssl, tls::mbedtls) {
    CHECK(refused(parsed<B>({}), not_a_ticket));
    CHECK(refused(parsed<B>(testbed::view_of("TWTK")), not_a_ticket));
    CHECK(refused(parsed<B>(testbed::view_of("-----BEGIN SSL SESSION PARAMETERS-----")), not_a_ticket));
    CHECK(refused(parsed<B>(testbed::pattern(400, 11)), not_a_ticket));
    CHECK(refused(parsed<B>(bytes(400)), not_a_ticket));
    bytes garbage = testbed::pattern(400, 12);
    std::ranges::copy(byte_view(stored<B>(ticket_of<B>())).first(header_size), garbage.begin());
    CHECK(refused(parsed<B>(garbage), altered));
    for (unsigned const format : {1U, 2U, 4U}) { // two that once were, and one that may be
        garbage[header_size - 1] = static_cast<std::byte>(format);
        CHECK(refused(parsed<B>(garbage), other_format));
    }
    bytes longer = stored<B>(ticket_of<B>());
    longer.push_back(std::byte{0});
    CHECK(refused(parsed<B>(longer), altered));
}

TEST_CASE_TEMPLATE("ticket: another storage key does not open it", B, tls::wolfssl, tls::mbedtls) {
    tls::storage_key const key = storage_key(1);
    bytes const sealed = stored<B>(ticket_of<B>(), key);
    CHECK(refused(parsed<B>(sealed, storage_key(2)), altered));
    bytes almost = testbed::pattern(tls::storage_key::size, 1);
    almost.back() ^= std::byte{1};
    CHECK(refused(parsed<B>(sealed, key_of(almost)), altered));
    CHECK(parsed<B>(sealed, key));
}

TEST_CASE("ticket: one backend neither stores nor reads a ticket of the other, and says whose it is") {
    auto const of_wolfssl = ticket_of<tls::wolfssl>();
    auto const of_mbedtls = ticket_of<tls::mbedtls>();
    CHECK(refused(parsed<tls::mbedtls>(stored<tls::wolfssl>(of_wolfssl)), tls::wolfssl::name));
    CHECK(refused(parsed<tls::wolfssl>(stored<tls::mbedtls>(of_mbedtls)), tls::mbedtls::name));
    auto const by_mbedtls = of_wolfssl.serialize<tls::mbedtls>(storage_key());
    REQUIRE_FALSE(by_mbedtls);
    CHECK(by_mbedtls.error().code == errc::bad_ticket);
    CHECK(by_mbedtls.error().about.view() == tls::wolfssl::name);
    auto const by_wolfssl = of_mbedtls.serialize<tls::wolfssl>(storage_key());
    REQUIRE_FALSE(by_wolfssl);
    CHECK(by_wolfssl.error().code == errc::bad_ticket);
    CHECK(by_wolfssl.error().about.view() == tls::mbedtls::name);
}

TEST_CASE_TEMPLATE(
    "ticket: another version of the library does not read it, older or newer", B, tls::wolfssl, tls::mbedtls) {
    tls::ticket const t = ticket_of<B>();
    CHECK(refused(parsed<upgraded<B>>(stored<B>(t)), B::version()));
    CHECK(refused(parsed<B>(stored<upgraded<B>>(t)), "99.1"));
    CHECK(parsed<upgraded<B>>(stored<upgraded<B>>(t)));
}

TEST_CASE_TEMPLATE("ticket: an expired one is refused when it is read", B, tls::wolfssl, tls::mbedtls) {
    tls::storage_key const key = storage_key();
    bytes const hour = stored<B>(ticket_of<B>({.lifetime = 3600}));
    CHECK(parsed<B>(hour, key, start + 3599));
    CHECK(refused(parsed<B>(hour, key, start + 3600), "expired"));
    CHECK(refused(parsed<B>(hour, key, std::numeric_limits<std::int64_t>::max()), "expired"));
    bytes const until = stored<B>(ticket_of<B>({.trusted_until = start + 10}));
    CHECK(parsed<B>(until, key, start + 10));
    CHECK(refused(parsed<B>(until, key, start + 11), "expired"));
    // One that is not valid yet may become so.
    CHECK(parsed<B>(hour, key, start - day));
}

TEST_CASE_TEMPLATE("ticket: unless told otherwise it goes by the system's clock", B, tls::wolfssl, tls::mbedtls) {
    bytes const old = stored<B>(ticket_of<B>());
    CHECK(refused(tls::ticket::parse<B>(old, storage_key()), "expired"));
    std::int64_t const today = std::time(nullptr);
    made::at const moment(today);
    bytes const fresh = stored<B>(ticket_of<B>({.verified_at = today, .trusted_until = today + day}));
    CHECK(tls::ticket::parse<B>(fresh, storage_key()));
}

TEST_CASE_TEMPLATE("ticket: even what the right key has sealed is read with care", B, tls::wolfssl, tls::mbedtls) {
    made::ticket_options const options;
    bytes const sealed = stored<B>(ticket_of<B>(options));
    std::size_t const text_size = sealed.size() - text_at;
    std::size_t const names_size = 1 + std::string_view(B::name).size() + 1 + B::version().size();
    std::size_t const version_at = names_size + 64;
    std::size_t const issued_at = version_at + 2;
    std::size_t const leaf_at = issued_at + 5 * 8 + 32;
    CHECK(parsed<B>(resealed<B>(sealed, [](bytes&) {})));
    for (std::size_t size = 0; size != text_size; ++size)
        CHECK_MESSAGE(refused(parsed<B>(resealed<B>(sealed, [&](bytes& text) { text.resize(size); })), damaged), size);
    CHECK(refused(parsed<B>(resealed<B>(sealed, [](bytes& text) { text.push_back({}); })), damaged));
    auto const with = [&](std::size_t at, std::initializer_list<unsigned> values) {
        return parsed<B>(resealed<B>(sealed, [&](bytes& text) {
            std::ranges::copy(testbed::octets(values), text.begin() + std::ptrdiff_t(at));
        }));
    };
    CHECK(with(version_at, {3, 3}));
    CHECK(refused(with(version_at, {3, 2}), damaged));
    CHECK(refused(with(version_at, {3, 5}), damaged));
    CHECK(refused(with(issued_at, {0x80}), damaged));
    CHECK(refused(with(leaf_at, {0xff, 0xff, 0xff, 0xff}), damaged));
    CHECK(refused(with(leaf_at, {0, 0, 0, 39}), damaged));
    CHECK(refused(with(1, {'?'}), std::string("?").append(std::string_view(B::name).substr(1))));
    auto const without = [&](std::size_t at, std::size_t size) {
        return parsed<B>(resealed<B>(sealed, [&](bytes& text) {
            auto const block = text.begin() + std::ptrdiff_t(at);
            std::fill_n(block, 4, std::byte{0});
            text.erase(block + 4, block + 4 + std::ptrdiff_t(size));
        }));
    };
    CHECK(refused(without(leaf_at, options.leaf.size()), damaged));
    CHECK(refused(without(leaf_at + 4 + options.leaf.size(), options.session.size()), damaged));
}

TEST_CASE_TEMPLATE("ticket: one that was used or handed on is nothing any more", B, tls::wolfssl, tls::mbedtls) {
    tls::ticket t = ticket_of<B>();
    auto const owner = std::move(t);
    CHECK(owner.is_valid_at(start));
    CHECK_FALSE(t.is_valid_at(start)); // NOLINT(bugprone-use-after-move)
    auto const nothing = t.serialize<B>(storage_key());
    REQUIRE_FALSE(nothing);
    CHECK(nothing.error().code == errc::bad_ticket);
    CHECK(nothing.error().about.view() == "used already");
    CHECK(parsed<B>(stored<B>(owner)));
}

TEST_CASE_TEMPLATE("ticket: without random numbers nothing is stored", B, tls::wolfssl, tls::mbedtls) {
    auto const sealed = ticket_of<B>().template serialize<without_random_numbers<B>>(storage_key());
    REQUIRE_FALSE(sealed);
    CHECK(sealed.error().code == errc::rng_failure);
}

} // namespace unit::ticket_cases
