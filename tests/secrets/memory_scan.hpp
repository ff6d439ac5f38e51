// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace secrets {

/// Bytes with each bit that the mask has turned over, so that keeping them leaves no trace of what they stand for.
struct masked {
    static constexpr unsigned char mask = 0xa5;

    std::string name;
    std::vector<unsigned char> octets;
};

/// Where this process has the bytes that these stand for in memory that can be written: "<name> in <region>", each
/// once.
[[nodiscard]] std::vector<std::string> find_in_memory(std::vector<masked> const& wanted);

} // namespace secrets
