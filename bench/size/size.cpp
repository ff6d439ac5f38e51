// SPDX-License-Identifier: Apache-2.0
#include "size.hpp"

#include "measure/statistics.hpp"

#include <filesystem>
#include <string>
#include <system_error>

namespace bench {

void add_code_size(results& into) {
    for (std::string const library : {"wolfssl", "mbedtls"})
        for (std::string const wrapper : {"twintls", "raw"}) {
            std::filesystem::path const program =
                std::filesystem::path(BENCH_SIZE_FOLDER) / ("size_" + wrapper + "_" + library + ".stripped");
            std::error_code failed;
            auto const size = std::filesystem::file_size(program, failed);
            if (failed)
                into.warnings.push_back("no code size of " + wrapper + " on " + library + ": the program is not built");
            else
                into.measurements.push_back(
                    {"", wrapper + "-" + library, metric::code_size, exactly(static_cast<double>(size))});
        }
}

} // namespace bench
