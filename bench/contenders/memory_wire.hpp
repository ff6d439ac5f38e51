// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "testbed/bytes.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <span>

namespace bench {

/// What a connection reads from and writes to during one call: the same for every contender.
struct memory_wire {
    testbed::byte_view from_server{};
    testbed::bytes* to_server = nullptr;

    /// Some of what the server sent; 0 if there is no more.
    std::size_t take(std::span<std::byte> into) noexcept {
        std::size_t const n = std::min(into.size(), from_server.size());
        if (n != 0) std::memcpy(into.data(), from_server.data(), n);
        from_server = from_server.subspan(n);
        return n;
    }
    /// What is put here while reading is not sent: an alert about unreadable bytes, for example.
    void put(testbed::byte_view records) {
        if (to_server != nullptr) to_server->insert(to_server->end(), records.begin(), records.end());
    }
};

} // namespace bench
