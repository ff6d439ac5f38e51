// SPDX-License-Identifier: Apache-2.0
#include "process_size.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <unistd.h>

#if defined(__GLIBC__)
#    include <malloc.h>
#endif

namespace soak {

process_size process_size::now() {
    process_size size;
#if defined(__GLIBC__)
    auto const info = ::mallinfo2();
    size.heap = info.uordblks + info.hblkhd;
#endif
    std::ifstream statm("/proc/self/statm");
    std::size_t pages = 0;
    statm >> pages >> pages; // the second number
    size.resident = pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    statm.close();
    std::filesystem::directory_iterator const open("/proc/self/fd");
    size.descriptors = static_cast<std::size_t>(std::distance(begin(open), end(open)));
    return size;
}

std::string process_size::text() const {
    return "heap " + std::to_string(heap / 1024) + " KiB, resident " + std::to_string(resident / 1024) +
           " KiB, descriptors " + std::to_string(descriptors);
}

} // namespace soak
