// SPDX-License-Identifier: Apache-2.0

// For a target that libFuzzer drives: puts the seeds into the folder it was given last, before it begins.

#include "fuzz.hpp"

#include <filesystem>
#include <fstream>
#include <string>

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
    std::filesystem::path const folder((*argv)[*argc - 1]);
    if (*argc < 2 || !std::filesystem::is_directory(folder)) return 0;
    std::size_t n = 0;
    for (auto const& seed : fuzz::seeds()) {
        std::ofstream file(folder / ("seed-" + std::to_string(n++)), std::ios::binary);
        for (std::byte const b : seed) file.put(std::to_integer<char>(b));
    }
    return 0;
}
