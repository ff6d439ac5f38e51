// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

namespace tls::ocsp {

using sha1_digest = std::array<std::byte, 20>;

/// SHA-1 (FIPS 180-4 section 6.1), for the names that OCSP gives to keys and authorities (RFC 6960 sections 4.1.1 and
/// 4.2.1). Nothing is trusted because of it: whether a response is genuine is a matter of its signature. Here, so that
/// it needs no library that still has it.
[[nodiscard]] constexpr sha1_digest sha1(std::span<std::byte const> message) noexcept {
    std::array<std::uint32_t, 5> state = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
    std::uint64_t const bits = std::uint64_t{message.size()} * 8;
    constexpr std::size_t block = 64;
    // The message, a one, zeros, and its length in eight octets.
    std::size_t const padded = (message.size() + 8) / block * block + block;
    auto const octet = [&](std::size_t at) noexcept -> std::uint32_t {
        if (at < message.size()) return std::to_integer<std::uint32_t>(message[at]);
        if (at == message.size()) return 0x80;
        std::size_t const left = padded - 1 - at;
        return left < 8 ? static_cast<std::uint32_t>(bits >> (8 * left) & 0xffU) : 0;
    };
    for (std::size_t begin = 0; begin != padded; begin += block) {
        std::array<std::uint32_t, 80> w{};
        for (std::size_t i = 0; i != 16; ++i)
            for (std::size_t j = 0; j != 4; ++j) w[i] = w[i] << 8U | octet(begin + 4 * i + j);
        for (std::size_t i = 16; i != 80; ++i) w[i] = std::rotl(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
        auto [a, b, c, d, e] = state;
        for (std::size_t i = 0; i != 80; ++i) {
            std::uint32_t const mixed = i < 20   ? ((b & c) | (~b & d)) + 0x5a827999
                                        : i < 40 ? (b ^ c ^ d) + 0x6ed9eba1
                                        : i < 60 ? ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc
                                                 : (b ^ c ^ d) + 0xca62c1d6;
            std::uint32_t const next = std::rotl(a, 5) + mixed + e + w[i];
            e = d;
            d = c;
            c = std::rotl(b, 30);
            b = a;
            a = next;
        }
        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
        state[4] += e;
    }
    sha1_digest digest{};
    for (std::size_t i = 0; i != digest.size(); ++i)
        digest[i] = static_cast<std::byte>(state[i / 4] >> (24 - 8 * (i % 4)) & 0xffU);
    return digest;
}

} // namespace tls::ocsp
