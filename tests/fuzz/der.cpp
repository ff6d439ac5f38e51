// SPDX-License-Identifier: Apache-2.0

// The DER reader: every value lies in the input, reading makes progress, and lengths have their only valid encoding.

#include "../unit/fake_certificate.hpp"
#include "fuzz.hpp"
#include <tls/x509/der.hpp>
#include <tls/x509/time.hpp>

#include <vector>

namespace {

namespace der = tls::x509::der;

/// A cursor reads what a reader reads, and fails where the reader stops.
void compare(der::bytes input) {
    der::reader r(input);
    der::cursor c(input);
    while (auto const e = r.next()) {
        fuzz::require(c.next_tag() == e->tag && !c.at_end(), "the same tag");
        auto const content = c.at(c.take_any());
        fuzz::require(content.data() == e->content.data() && content.size() == e->content.size(), "the same content");
    }
    fuzz::require(!c.failed() && c.at_end() == r.at_end(), "the same end");
    if (r.at_end()) return;
    fuzz::require(c.at(c.take_any()).empty() && c.failed() && c.at_end(), "the same failure");
}

/// Makes the cursor calls that the octets of the input ask for; nothing may leave the input, and a failure must be
/// final.
void wander(der::bytes input) {
    der::cursor c(input);
    std::vector<std::uint32_t> outer;
    bool failed = false;
    for (std::byte const b : input) {
        auto const begin = c.position();
        auto const tag = c.next_tag();
        der::extent got{};
        switch (std::to_integer<unsigned>(b) % 6) {
        case 0: got = c.take_any(); break;
        case 1: got = c.take(tag != 0 ? tag : der::tag::null); break;
        case 2: got = c.take_whole(der::tag::integer); break;
        case 3: outer.push_back(c.enter(tag != 0 ? tag : der::tag::sequence)); break;
        case 4: c.to_end(); [[fallthrough]];
        default:
            if (outer.empty()) break;
            c.leave(outer.back());
            outer.pop_back();
        }
        fuzz::require(fuzz::is_inside(c.at(got), input), "what is taken lies in the input");
        fuzz::require(fuzz::is_inside(c.at(c.since(begin)), input), "what is passed lies in the input");
        fuzz::require(!failed || c.failed(), "a failure is final");
        fuzz::require(!c.failed() || (c.at_end() && got.size == 0), "and has nothing to give");
        failed = c.failed();
    }
}

void walk(der::bytes input, int depth) {
    der::reader r(input);
    std::size_t taken = 0;
    while (auto const e = r.next()) {
        fuzz::require(fuzz::is_inside(e->whole, input) && fuzz::is_inside(e->content, e->whole), "inside");
        fuzz::require(e->whole.size() >= e->content.size() + 2, "a header has two octets or more");
        fuzz::require(fake::tlv(e->tag, e->content) == fake::bytes(e->whole.begin(), e->whole.end()), "one encoding");
        taken += e->whole.size();
        static_cast<void>(der::boolean(e->content));
        static_cast<void>(der::small_unsigned(e->content));
        static_cast<void>(der::bit_length(e->content));
        static_cast<void>(der::whole_octets(e->content));
        static_cast<void>(tls::x509::to_unix_time(*e));
        if (depth != 0) walk(e->content, depth - 1);
    }
    fuzz::require(taken <= input.size(), "no more than there is");
    fuzz::require(r.at_end() == (taken == input.size()), "the end is where everything is taken");
}

} // namespace

std::vector<std::vector<std::byte>> fuzz::seeds() {
    return {
        fake::leaf().der(),
        fake::tlv(4, fake::bytes(200)),
        fake::tlv(0x17, "200101000000Z"),
        fake::tlv(0x18, "20500101000000Z"),
        fake::of({2, 5, 0, 0xff, 0xff, 0xff, 0xff}),
        fake::of({0x30, 0x80, 0, 0}),
    };
}

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    if (size > 4096) return 0;
    walk(fuzz::bytes_of(data, size), 6);
    compare(fuzz::bytes_of(data, size));
    wander(fuzz::bytes_of(data, size));
    return 0;
}
