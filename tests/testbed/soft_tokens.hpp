// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "key.hpp"
#include "process.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace testbed {

/// PKCS#11 tokens of SoftHSM in a folder of their own, for this process and the programs that it starts.
///
/// SoftHSM learns where its tokens are from the environment, once: make one of these in a program, before the module is
/// loaded and before there are threads.
class soft_tokens {
public:
    static constexpr std::string_view pin = "648219";

    /// The module, if SoftHSM is installed.
    [[nodiscard]] static std::optional<std::filesystem::path> module();

    soft_tokens();
    soft_tokens(soft_tokens const&) = delete;
    soft_tokens& operator=(soft_tokens const&) = delete;
    ~soft_tokens() = default;

    void add_token(std::string_view label) const;
    /// `id`: hexadecimal digits.
    void add_key(std::string_view token, key const& what, std::string_view label, std::string_view id) const;
    /// Takes all tokens away, as if they were unplugged.
    void remove_all() const;

private:
    void run(std::vector<std::string> arguments) const;

    temporary_directory folder_{};
};

/// A module with faults, which needs nothing to be installed: its token "odd" has one RSA key. What is wrong with it
/// when it is opened: "no C_Login", "no C_Sign", "a type without size" or "a short type" of the key; "" is nothing.
[[nodiscard]] std::filesystem::path odd_token(char const* what_is_wrong);

} // namespace testbed
