// SPDX-License-Identifier: Apache-2.0
#include "der_writer.hpp"

#include <charconv>
#include <cstdint>
#include <cstdio>
#include <stdexcept>
#include <string>

namespace testbed::der {

bytes join(std::initializer_list<byte_view> parts) {
    bytes out;
    for (byte_view const part : parts) append(out, part);
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

bytes tlv(unsigned tag, std::string_view content) { return tlv(tag, view_of(content)); }

bytes sequence(std::initializer_list<byte_view> parts) { return tlv(tag_sequence, join(parts)); }

bytes sequence_of(std::vector<bytes> const& parts) {
    bytes content;
    for (bytes const& part : parts) append(content, part);
    return tlv(tag_sequence, content);
}

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
    return oid(content);
}

bytes oid(byte_view content) { return tlv(tag_oid, content); }

bytes null() { return tlv(0x05, byte_view{}); }

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
    return tlv(tag_bit_string, whole);
}

bytes named_bits(unsigned bits) {
    unsigned highest = 0;
    for (unsigned i = 0; i < 32; ++i)
        if (((bits >> i) & 1U) != 0) highest = i + 1;
    bytes content(1 + (highest + 7) / 8);
    content[0] = static_cast<std::byte>((8 - highest % 8) % 8);
    for (unsigned i = 0; i < highest; ++i)
        if (((bits >> i) & 1U) != 0) content[1 + i / 8] |= static_cast<std::byte>(0x80U >> (i % 8));
    return tlv(tag_bit_string, content);
}

bytes time(std::chrono::sys_seconds when) {
    auto const day = std::chrono::floor<std::chrono::days>(when);
    std::chrono::year_month_day const date(day);
    std::chrono::hh_mm_ss const clock(when - day);
    std::string text(48, '\0');
    int const written = std::snprintf(
        text.data(), text.size(), "%04d%02u%02u%02d%02d%02dZ", static_cast<int>(date.year()),
        static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
        static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()));
    text.resize(static_cast<std::size_t>(written));
    return time(text);
}

bytes time(std::string_view text) {
    bool const utc = text.size() == 15 && text >= "1950" && text < "2050";
    return utc ? tlv(tag_utc_time, text.substr(2)) : tlv(tag_generalized_time, text);
}

} // namespace testbed::der
