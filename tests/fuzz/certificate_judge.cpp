// SPDX-License-Identifier: Apache-2.0

// The judge on whatever a server may send: the input is a list of certificates, each after its length in two octets.

#include "../unit/fake_certificate.hpp"
#include "fuzz.hpp"
#include <tls/core/server_name.hpp>
#include <tls/verify/judge.hpp>

namespace {

using tls::errc;

fake::bytes packed(std::vector<fake::bytes> const& ders) {
    fake::bytes out;
    for (auto const& der : ders) {
        std::size_t const n = der.size();
        out.push_back(static_cast<std::byte>(n >> 8U & 0xffU));
        out.push_back(static_cast<std::byte>(n & 0xffU));
        out.insert(out.end(), der.begin(), der.end());
    }
    return out;
}

tls::verify::anchor_set const& anchors() {
    static tls::verify::anchor_set const set =
        *tls::verify::anchor_set::of(std::vector{fake::root().der(), fake::root("other").der()});
    return set;
}

/// Some signatures are good, some are not, and the answer about a pair is always the same.
tls::signature::answer by_their_bytes(
    void*, tls::x509::certificate_view const& child, tls::x509::certificate_view const& issuer,
    std::uint32_t&) noexcept {
    auto const mixed = std::to_integer<unsigned>(child.der().back() ^ issuer.spki().back());
    return mixed % 8 == 7   ? tls::signature::answer::cannot
           : mixed % 8 == 6 ? tls::signature::answer::bad
                            : tls::signature::answer::good;
}

} // namespace

std::vector<std::vector<std::byte>> fuzz::seeds() {
    auto const middle = fake::authority("middle", "root");
    auto bounded = middle;
    bounded.path_len = 0;
    bounded.constraints = fake::constraints({fake::dns("example")}, {fake::dns("x.example")});
    auto const twin = fake::authority("twin", "twin").der();
    return {
        packed({fake::leaf().der()}),
        packed({fake::leaf("middle").der(), middle.der()}),
        packed({fake::leaf("middle").der(), bounded.der(), middle.der(), fake::root().der()}),
        packed({fake::leaf("other").der(), fake::authority("root", "other").der()}),
        packed({fake::leaf("twin").der(), twin, twin, twin, twin, twin, twin, twin, twin, twin}),
    };
}

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::vector<std::span<std::byte const>> sent;
    auto rest = fuzz::bytes_of(data, size);
    while (rest.size() >= 2 && sent.size() <= tls::verify::max_sent) {
        std::size_t const wanted = std::to_integer<std::size_t>(rest[0]) << 8U | std::to_integer<std::size_t>(rest[1]);
        rest = rest.subspan(2);
        std::size_t const n = wanted < rest.size() ? wanted : rest.size();
        sent.push_back(rest.first(n));
        rest = rest.subspan(n);
    }
    static auto const name = *tls::server_name::dns("host.example");
    auto const v = tls::verify::judge(sent, anchors(), name, {}, fake::some_time, {by_their_bytes, nullptr});
    fuzz::require((v.code == errc::ok) == v.problems.empty(), "good means no problems");
    fuzz::require(v.code == errc::ok || v.problems.has(v.code), "the reason is one of the problems");
    fuzz::require(v.code != errc::ok || (v.anchor >= 0 && v.path_size != 0), "a good path ends at an anchor");
    fuzz::require(v.path_size <= sent.size() && v.depth <= v.path_size, "the path is of what was sent");
    for (std::size_t i = 0; i != v.path_size; ++i) {
        fuzz::require(v.path[i] < sent.size() && (i == 0) == (v.path[i] == 0), "the path begins with the leaf");
        for (std::size_t j = 0; j != i; ++j) fuzz::require(v.path[i] != v.path[j], "no certificate is on it twice");
    }
    if (v.code != errc::ok || v.pinned_leaf) return 0;
    for (std::size_t i = 0; i != v.path_size; ++i) {
        auto const child = tls::x509::certificate_view::parse(sent[v.path[i]]);
        bool const last = i + 1U == v.path_size;
        auto const issuer = last ? std::optional(anchors()[static_cast<std::size_t>(v.anchor)])
                                 : tls::x509::certificate_view::parse(sent[v.path[i + 1U]]);
        std::uint32_t unlimited = 0;
        fuzz::require(
            by_their_bytes(nullptr, *child, *issuer, unlimited) == tls::signature::answer::good,
            "every signature of an accepted path is good");
    }
    return 0;
}
