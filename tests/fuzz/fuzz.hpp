// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string_view>
#include <vector>

/// What every fuzz target defines. Built with clang's -fsanitize=fuzzer, only the first is used; with
/// standalone_driver.cpp, any compiler makes a program that mutates the seeds by itself.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size);

namespace fuzz {

/// Inputs worth starting from.
std::vector<std::vector<std::byte>> seeds();

inline std::span<std::byte const> bytes_of(std::uint8_t const* data, std::size_t size) {
    return std::as_bytes(std::span(data, size));
}
inline std::string_view text_of(std::uint8_t const* data, std::size_t size) {
    return {reinterpret_cast<char const*>(data), size};
}
inline std::vector<std::byte> to_bytes(std::string_view text) {
    auto const view = std::as_bytes(std::span(text));
    return {view.begin(), view.end()};
}

/// Ends the program if something that must hold for every input does not.
inline void require(bool holds, char const* what) {
    if (holds) return;
    std::fprintf(stderr, "does not hold: %s\n", what);
    std::abort();
}

/// True if `part` lies inside `whole`.
inline bool is_inside(std::span<std::byte const> part, std::span<std::byte const> whole) {
    return part.empty() || (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

} // namespace fuzz
