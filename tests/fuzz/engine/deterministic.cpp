// SPDX-License-Identifier: Apache-2.0
#include "deterministic.hpp"

#include <cstddef>
#include <cstdint>
#include <ctime>

namespace {

constexpr std::uint64_t start = 20240229;
std::uint64_t state = start;

/// SplitMix64: nothing about it is secret.
std::uint64_t next() noexcept {
    state += 0x9e3779b97f4a7c15U;
    std::uint64_t x = state;
    x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
    x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
    return x ^ (x >> 31U);
}

int fill(unsigned char* to, std::size_t size) noexcept {
    for (std::size_t i = 0; i != size; ++i) to[i] = static_cast<unsigned char>(next() >> 32U);
    return 0;
}

} // namespace

void fuzz::start_randomness() noexcept { state = start; }

// The linker puts these in the place of the functions: all that either library draws comes through them.
// NOLINTBEGIN
extern "C" {
int __wrap_mbedtls_ctr_drbg_random(void*, unsigned char* to, std::size_t size) { return fill(to, size); }
int __wrap_wc_RNG_GenerateBlock(void*, unsigned char* to, unsigned size) { return fill(to, size); }
std::time_t __wrap_time(std::time_t* to) {
    constexpr std::time_t noon = 1767268800; // on the first of January 2026
    if (to != nullptr) *to = noon;
    return noon;
}
}
// NOLINTEND
