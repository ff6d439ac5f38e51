// SPDX-License-Identifier: Apache-2.0
#include "program.hpp"

namespace linking {

std::span<std::byte const> input(int which) noexcept {
    static std::byte bytes[4096];
    auto const n = ::read(which, bytes, sizeof bytes);
    return std::span(bytes).first(n < 0 ? 0 : static_cast<std::size_t>(n));
}

} // namespace linking
