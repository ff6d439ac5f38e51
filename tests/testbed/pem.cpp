// SPDX-License-Identifier: Apache-2.0
#include "pem.hpp"

#include <algorithm>
#include <cstdint>

namespace testbed {

std::string base64(byte_view data) {
    static constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t i = 0; i < data.size(); i += 3) {
        std::size_t const n = std::min<std::size_t>(3, data.size() - i);
        std::uint32_t group = 0;
        for (std::size_t j = 0; j < 3; ++j)
            group = (group << 8U) | (j < n ? std::to_integer<std::uint32_t>(data[i + j]) : 0U);
        for (std::size_t j = 0; j < 4; ++j)
            out.push_back(j <= n ? digits[(group >> (18U - 6U * static_cast<unsigned>(j))) & 0x3fU] : '=');
    }
    return out;
}

std::string pem_block(std::string_view label, byte_view der, std::string_view headers) {
    std::string const name(label);
    std::string out = "-----BEGIN " + name + "-----\n";
    if (!headers.empty()) out.append(headers).append("\n");
    std::string const text = base64(der);
    for (std::size_t i = 0; i < text.size(); i += 64) out.append(text, i, 64).append("\n");
    return out + "-----END " + name + "-----\n";
}

} // namespace testbed
