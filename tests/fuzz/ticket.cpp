// SPDX-License-Identifier: Apache-2.0

// Stored tickets, as if every seal were good: the parser inside gets any bytes, and what it accepts is written again
// exactly as it was read.

#include "../unit/made_tickets.hpp"
#include "fuzz.hpp"
#include <tls/resumption/ticket.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>

namespace {

using bytes = std::vector<std::byte>;

constexpr std::string_view glass_version = "1.2.3";

/// Encrypts nothing, and accepts every seal.
struct glass {
    static constexpr char const* name = "none";
    static std::string_view version() noexcept { return glass_version; }
    static bool seal(tls::seam::sealed_parts const&) noexcept { return true; }
    static bool open(tls::seam::sealed_parts const&) noexcept { return true; }
};
struct other_glass : glass {
    static constexpr char const* name = "other";
};

constexpr std::size_t text_at = 5 + tls::seam::seal_nonce_size + tls::seam::seal_tag_size;

tls::storage_key const& key() {
    static std::array<std::byte, tls::storage_key::size> const zeros{};
    static tls::storage_key const made(zeros);
    return made;
}

template <class Backend> bytes stored(tls::ticket const& t) {
    auto const sealed = t.serialize<Backend>(key());
    fuzz::require(sealed.has_value(), "a ticket that was read can be stored");
    return {sealed->span().begin(), sealed->span().end()};
}

/// The stamp of lists in a stored ticket, which lies behind two texts, two digests, the version and five times.
std::array<std::byte, 32> lists_of(std::span<std::byte const> stored) {
    std::size_t at = text_at;
    for (int text = 0; text != 2; ++text) at += 1 + std::to_integer<std::size_t>(stored[at]);
    at += 2 * 32 + 2 + 5 * 8;
    std::array<std::byte, 32> lists{};
    std::ranges::copy(stored.subspan(at, lists.size()), lists.begin());
    return lists;
}

} // namespace

std::vector<std::vector<std::byte>> fuzz::seeds() {
    constexpr std::numeric_limits<std::int64_t> limits;
    made::ticket_options large{.version = tls::protocol_version::tls_1_2, .session = testbed::pattern(2000)};
    made::ticket_options const smallest{
        .trusted_from = limits.min(), .trusted_until = limits.max(), .leaf = {std::byte{1}}, .session = {std::byte{2}}};
    made::ticket_options of_another;
    of_another.backend = other_glass::name;
    auto const whole = stored<glass>(made::ticket(large));
    constexpr std::size_t issued_at =
        text_at + 1 + std::string_view(glass::name).size() + 1 + glass_version.size() + 64 + 2;
    auto issued_in_the_ice_age = whole;
    issued_in_the_ice_age[issued_at] = std::byte{0x80};
    return {
        stored<glass>(made::ticket()),
        whole,
        issued_in_the_ice_age,
        stored<glass>(made::ticket(smallest)),
        stored<other_glass>(made::ticket(of_another)),
        bytes(whole.begin(), whole.begin() + text_at),
        bytes(whole.begin(), whole.begin() + text_at + 100),
        fuzz::to_bytes("TWTK"),
    };
}

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const input = fuzz::bytes_of(data, size);
    auto const read = tls::ticket::parse<glass>(input, key(), made::start);
    if (!read) {
        fuzz::require(read.error() == tls::errc::bad_ticket, "it is the ticket that is bad");
        fuzz::require(!read.error().about.empty() || size > text_at, "the error says why");
        return 0;
    }
    fuzz::require(read->expires_at() > made::start, "an expired ticket is refused");
    auto const again = stored<glass>(*read);
    fuzz::require(std::ranges::equal(input.first(5), std::span(again).first(5)), "the same format");
    fuzz::require(std::ranges::equal(input.subspan(text_at), std::span(again).subspan(text_at)), "nothing is lost");
    auto twice = tls::ticket::parse<glass>(again, key(), made::start);
    fuzz::require(twice.has_value(), "what was stored can be read");
    fuzz::require(
        twice->key() == read->key() && twice->version() == read->version() && twice->expires_at() == read->expires_at(),
        "it is the same ticket");
    constexpr std::numeric_limits<std::int64_t> limits;
    for (std::int64_t const moment : {made::start, std::int64_t{0}, limits.min(), limits.max()})
        fuzz::require(twice->is_valid_at(moment) == read->is_valid_at(moment), "it is valid when the other one is");

    // Whatever the times are, it can be judged and offered.
    auto const settings = made::own_tickets();
    tls::detail::connection_tickets desk(settings, made::clock, read->key());
    bool const fits = read->is_valid_at(made::start);
    // Only with the revocation lists that its server was looked up in.
    auto const lists = lists_of(again);
    auto other_lists = lists;
    other_lists[read->version() == tls::protocol_version::tls_1_2 ? 0 : 31] ^= std::byte{1};
    tls::detail::connection_tickets other(settings, made::clock, read->key());
    other.choose(std::move(*tls::ticket::parse<glass>(again, key(), made::start)), other_lists);
    fuzz::require(other.offer().session.empty(), "it is not offered with other lists");
    desk.choose(std::move(*twice), lists);
    auto const offer = desk.offer();
    fuzz::require(offer.session.empty() != fits, "it is offered if it is valid");
    fuzz::require(offer.age >= 0, "no ticket comes from the future");
    return 0;
}
