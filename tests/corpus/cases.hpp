// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "testbed/certificate_factory.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Public corpora of certificate chains, in the format of x509-limbo.
namespace corpus {

/// One case: what a server shows, what its client is configured with, and what the corpus expects of it.
struct test_case {
    std::string id;
    std::string skipped; ///< why it says nothing about a TLS client; empty if it does
    std::vector<std::string> features{};
    bool accepts = false; ///< what the corpus expects

    std::vector<testbed::certificate> chain{}; ///< leaf first
    testbed::bytes key{};                      ///< of the leaf, in DER; empty if the corpus does not have it
    std::string anchors{};                     ///< PEM
    std::string revocation_lists{};            ///< PEM; empty: revocation is not looked at
    std::string server_name{};
    std::optional<std::int64_t> time{}; ///< seconds since 1970; unset: now
    std::optional<std::size_t> max_path_length{};
    bool strict_extended_key_usage = false;
};

/// Every case of a file in limbo.json's format. Throws std::runtime_error if it is not one.
[[nodiscard]] std::vector<test_case> read(std::string_view json);

} // namespace corpus
