// SPDX-License-Identifier: Apache-2.0

// The DER reader: every value lies in the input, reading makes progress, and lengths are encoded in their only way.

#include "../unit/fake_certificate.hpp"
#include "fuzz.hpp"
#include <tls/x509/der.hpp>
#include <tls/x509/time.hpp>

namespace {

namespace der = tls::x509::der;

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
    if (size <= 4096) walk(fuzz::bytes_of(data, size), 6);
    return 0;
}
