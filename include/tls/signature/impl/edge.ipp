// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/signature/edge.hpp>

#include <array>

namespace tls::signature {

// Not inlined, like `check`: its arrays would be on the stack while the signature is verified.
[[gnu::noinline]] TWINTLS_DECL std::optional<edge>
edge_of(library const& by, std::span<std::byte const> issuer_spki, std::span<std::byte const> child) noexcept {
    std::array const contents = {
        std::as_bytes(std::span(by.name)), std::as_bytes(std::span(by.version)), issuer_spki, child};
    // Each part is preceded by its length, so that no two edges are the same run of bytes.
    std::array<std::array<std::byte, 8>, contents.size()> lengths{};
    std::array<std::span<std::byte const>, 2 * contents.size()> parts;
    for (std::size_t i = 0; i != contents.size(); ++i) {
        std::uint64_t left = contents[i].size();
        for (std::byte& octet : lengths[i]) {
            octet = static_cast<std::byte>(left & 0xffU);
            left >>= 8U;
        }
        parts[2 * i] = lengths[i];
        parts[2 * i + 1] = contents[i];
    }
    edge digest;
    if (!by.sha256(parts, digest)) return std::nullopt;
    return digest;
}

TWINTLS_DECL answer
edge_check::verify(query const& q, std::span<std::byte const> child, std::uint32_t& work_left) noexcept {
    auto const checked = check(q);
    if (!checked) return checked.error();
    bool const remembering = known != nullptr && known->capacity() != 0;
    auto const e = remembering ? edge_of(by, q.spki, child) : std::nullopt;
    if (e && known->knows(*e)) {
        held.add(*e);
        return answer::good;
    }
    std::uint32_t const work = cost(*checked);
    if (work > work_left) return answer::cannot;
    work_left -= work;
    answer const a = by.verify(*checked);
    if (a == answer::good && e) held.add(*e);
    return a;
}

TWINTLS_DECL answer edge_check::verify_once(query const& q) const noexcept {
    return by.verify != nullptr ? signature::verify(q, by.verify) : answer::cannot;
}

} // namespace tls::signature
