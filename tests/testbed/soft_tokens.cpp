// SPDX-License-Identifier: Apache-2.0
#include "soft_tokens.hpp"

#include <array>
#include <cstdlib>
#include <stdexcept>
#include <utility>

namespace testbed {

std::optional<std::filesystem::path> soft_tokens::module() {
    if (!find_program("softhsm2-util")) return std::nullopt;
    constexpr std::array places = {
        "/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/softhsm/libsofthsm2.so", "/usr/lib64/pkcs11/libsofthsm2.so",
        "/usr/local/lib/softhsm/libsofthsm2.so"};
    for (char const* const place : places)
        if (std::filesystem::exists(place)) return place;
    return std::nullopt;
}

std::filesystem::path odd_token(char const* what_is_wrong) {
    if (::setenv("ODD_TOKEN", what_is_wrong, 1) != 0) throw std::runtime_error("setenv");
    return TESTBED_ODD_TOKEN;
}

soft_tokens::soft_tokens() {
    std::filesystem::create_directory(folder_.path() / "tokens");
    auto const settings = folder_.write_file(
        "softhsm2.conf", "directories.tokendir = " + (folder_.path() / "tokens").string() + "\nlog.level = ERROR\n");
    if (::setenv("SOFTHSM2_CONF", settings.c_str(), 1) != 0) throw std::runtime_error("setenv");
}

void soft_tokens::add_token(std::string_view label) const {
    run(
        {"--init-token", "--free", "--label", std::string(label), "--pin", std::string(pin), "--so-pin",
         "77" + std::string(pin)});
}

void soft_tokens::add_key(std::string_view token, key const& what, std::string_view label, std::string_view id) const {
    auto const file = folder_.write_file("key.pem", what.pkcs8_pem());
    run(
        {"--force", "--import", file.string(), "--token", std::string(token), "--label", std::string(label), "--id",
         std::string(id), "--pin", std::string(pin)});
    std::filesystem::remove(file);
}

void soft_tokens::remove_all() const {
    for (auto const& one : std::filesystem::directory_iterator(folder_.path() / "tokens"))
        std::filesystem::remove_all(one);
}

void soft_tokens::run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), find_program("softhsm2-util").value().string());
    process tool(std::move(arguments));
    if (tool.wait() != 0) throw std::runtime_error("softhsm2-util: " + tool.output());
}

} // namespace testbed
