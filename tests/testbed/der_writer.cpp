// SPDX-License-Identifier: Apache-2.0
#include "der_writer.hpp"

#include <charconv>
#include <cstdint>
#include <cstdio>
#include <stdexcept>
#include <string>

namespace testbed::der {

bytes concat(std::initializer_list<bytes> parts) { return concat(std::vector<bytes>(parts)); }

bytes concat(std::vector<bytes> const& parts) {
    bytes out;
    for (bytes const& part : parts) append(out, part);
    return out;
}

bytes tlv(unsigned tag, byte_view content) {
    bytes out = octets({tag});
    std::size_t const n = content.size();
    if (n < 0x80) {
        out.push_back(static_cast<std::byte>(n));
    } else {
        bytes length;
        for (std::size_t rest = n; rest != 0; rest >>= 8U) length.insert(length.begin(), static_cast<std::byte>(rest));
        out.push_back(static_cast<std::byte>(0x80U | length.size()));
        append(out, length);
    }
    append(out, content);
    return out;
}

bytes sequence(std::initializer_list<bytes> parts) { return tlv(tag_sequence, concat(parts)); }

bytes sequence_of(std::vector<bytes> const& parts) { return tlv(tag_sequence, concat(parts)); }

bytes oid(std::string_view dotted) {
    std::vector<std::uint64_t> arcs;
    while (!dotted.empty()) {
        std::uint64_t arc = 0;
        auto const [end, failure] = std::from_chars(dotted.data(), dotted.data() + dotted.size(), arc);
        if (failure != std::errc{}) throw std::runtime_error("not an object identifier");
        arcs.push_back(arc);
        dotted.remove_prefix(static_cast<std::size_t>(end - dotted.data()));
        if (!dotted.empty()) dotted.remove_prefix(1);
    }
    if (arcs.size() < 2) throw std::runtime_error("not an object identifier");
    arcs[1] += arcs[0] * 40;
    bytes content;
    for (std::size_t i = 1; i < arcs.size(); ++i) {
        bytes arc = {static_cast<std::byte>(arcs[i] & 0x7fU)};
        for (std::uint64_t rest = arcs[i] >> 7U; rest != 0; rest >>= 7U)
            arc.insert(arc.begin(), static_cast<std::byte>(0x80U | (rest & 0x7fU)));
        append(content, arc);
    }
    return tlv(0x06, content);
}

bytes null() { return tlv(0x05, {}); }

bytes boolean(bool value) { return tlv(0x01, octets({value ? 0xffU : 0U})); }

bytes integer(unsigned value) {
    bytes big_endian;
    for (unsigned rest = value; rest != 0; rest >>= 8U)
        big_endian.insert(big_endian.begin(), static_cast<std::byte>(rest));
    return integer(big_endian);
}

bytes integer(byte_view big_endian) {
    bytes content(big_endian.begin(), big_endian.end());
    while (content.size() > 1 && content[0] == std::byte{0}) content.erase(content.begin());
    if (content.empty() || (content[0] & std::byte{0x80}) != std::byte{0})
        content.insert(content.begin(), std::byte{0});
    return tlv(tag_integer, content);
}

bytes octet_string(byte_view content) { return tlv(tag_octet_string, content); }

bytes bit_string(byte_view content) {
    bytes whole = octets({0});
    append(whole, content);
    return tlv(0x03, whole);
}

bytes named_bits(unsigned bits) {
    unsigned highest = 0;
    for (unsigned i = 0; i < 32; ++i)
        if (((bits >> i) & 1U) != 0) highest = i + 1;
    bytes content(1 + (highest + 7) / 8);
    content[0] = static_cast<std::byte>((8 - highest % 8) % 8);
    for (unsigned i = 0; i < highest; ++i)
        if (((bits >> i) & 1U) != 0) content[1 + i / 8] |= static_cast<std::byte>(0x80U >> (i % 8));
    return tlv(0x03, content);
}

bytes utf8(std::string_view text) { return tlv(tag_utf8_string, view_of(text)); }

bytes time(std::chrono::sys_seconds when) {
    auto const day = std::chrono::floor<std::chrono::days>(when);
    std::chrono::year_month_day const date(day);
    std::chrono::hh_mm_ss const clock(when - day);
    int const year = static_cast<int>(date.year());
    bool const generalized = year >= 2050 || year < 1950;
    std::string text(48, '\0');
    int const written = std::snprintf(
        text.data(), text.size(), generalized ? "%04d%02u%02u%02d%02d%02dZ" : "%02d%02u%02u%02d%02d%02dZ",
        generalized ? year : year % 100, static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
        static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
        static_cast<int>(clock.seconds().count()));
    text.resize(static_cast<std::size_t>(written));
    return tlv(generalized ? 0x18 : 0x17, view_of(text));
}

} // namespace testbed::der
