// SPDX-License-Identifier: Apache-2.0
#include "memory_scan.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <sstream>

namespace secrets {
namespace {

struct region {
    unsigned char const* begin = nullptr;
    unsigned char const* end = nullptr;
    std::string name{};
};

std::vector<region> writable_regions() {
    std::vector<region> all;
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);) {
        std::istringstream words(line);
        std::string range;
        std::string access;
        std::string skipped;
        std::string name;
        words >> range >> access >> skipped >> skipped >> skipped >> name;
        if (access.size() < 2 || access[0] != 'r' || access[1] != 'w') continue;
        auto const dash = range.find('-');
        auto const at = [](std::string const& text) {
            return reinterpret_cast<unsigned char const*>(std::stoull(text, nullptr, 16)); // NOLINT
        };
        all.push_back({at(range.substr(0, dash)), at(range.substr(dash + 1)), name.empty() ? "memory" : name});
    }
    return all;
}

// Byte by byte: a library's search might keep what it compares with in a register that is saved somewhere.
bool is_at(unsigned char const* at, masked const& wanted) {
    for (std::size_t i = 0; i != wanted.octets.size(); ++i)
        if ((at[i] ^ masked::mask) != wanted.octets[i]) return false;
    return true;
}

} // namespace

std::vector<std::string> find_in_memory(std::vector<masked> const& wanted) {
    std::array<std::vector<masked const*>, 256> by_first;
    for (masked const& w : wanted)
        if (!w.octets.empty()) by_first[w.octets.front() ^ masked::mask].push_back(&w);
    std::vector<std::string> found;
    for (region const& r : writable_regions())
        for (auto const* at = r.begin; at != r.end; ++at)
            for (masked const* const w : by_first[*at]) {
                if (static_cast<std::size_t>(r.end - at) < w->octets.size() || !is_at(at, *w)) continue;
                auto what = w->name + " in " + r.name;
                if (std::ranges::find(found, what) == found.end()) found.push_back(std::move(what));
            }
    return found;
}

} // namespace secrets
