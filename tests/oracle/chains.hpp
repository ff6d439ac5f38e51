// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "testbed/bytes.hpp"
#include "testbed/certificate_factory.hpp"

#include <cstdint>
#include <random>
#include <string>
#include <vector>

/// Chains that nobody has thought of, signed with real keys.
namespace oracle {

/// What a server sends and whom its client trusts.
struct chain {
    std::vector<testbed::bytes> sent{};
    std::vector<testbed::bytes> anchors{};
    std::string name = "localhost";
    std::string story; ///< what is odd about it, for whoever has to look at it
};

/// The chain of a number: always the same certificates but for their keys, signatures and dates. Most are nearly good.
[[nodiscard]] chain random_chain(std::uint64_t seed);

} // namespace oracle
