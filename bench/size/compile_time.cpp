// SPDX-License-Identifier: Apache-2.0
#include "measure/statistics.hpp"
#include "size.hpp"

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace bench {
namespace {

/// CPU seconds of a command and its children; nullopt if it fails.
std::optional<double> cpu_seconds(std::vector<std::string> const& command) {
    std::vector<char*> arguments;
    for (auto const& a : command) arguments.push_back(const_cast<char*>(a.c_str()));
    arguments.push_back(nullptr);
    pid_t const child = ::fork();
    if (child < 0) return std::nullopt;
    if (child == 0) {
        int const nowhere = ::open("/dev/null", O_WRONLY);
        if (nowhere >= 0) (void)::dup2(nowhere, STDERR_FILENO);
        ::execvp(arguments[0], arguments.data());
        ::_exit(127);
    }
    int status = 0;
    rusage used{};
    while (::wait4(child, &status, 0, &used) < 0)
        if (errno != EINTR) return std::nullopt;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) return std::nullopt;
    auto const seconds = [](timeval const& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
    };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

void add(std::string const& contender, std::string const& source, results& into) {
    namespace fs = std::filesystem;
    fs::path const file = fs::path(BENCH_SIZE_FOLDER) / "compile_time.cpp";
    std::ofstream(file) << source << "\nint main() {}\n";
    std::vector<std::string> const command = {BENCH_COMPILER,
                                              std::string("@") + BENCH_SIZE_FOLDER + "/compile_flags.txt",
                                              "-O2",
                                              "-c",
                                              file.string(),
                                              "-o",
                                              file.string() + ".o"};
    std::vector<double> samples;
    for (int i = 0; i < 3; ++i)
        if (auto const seconds = cpu_seconds(command)) samples.push_back(*seconds);
    if (samples.size() != 3)
        into.warnings.push_back("no compile time of " + contender + ": the compiler failed");
    else
        into.measurements.push_back({"", contender, metric::compile_time, distribution_of(std::move(samples))});
}

} // namespace

void add_compile_time(results& into) {
    add("twintls-wolfssl", "#include <tls/client.hpp>\n#include <tls/wolfssl.hpp>", into);
    add("twintls-mbedtls", "#include <tls/client.hpp>\n#include <tls/mbedtls.hpp>", into);
    add("twintls-any-wolfssl", "#include <tls/any_client.hpp>\n#include <tls/wolfssl.hpp>", into);
    add("twintls-any-mbedtls", "#include <tls/any_client.hpp>\n#include <tls/mbedtls.hpp>", into);
    add("raw-wolfssl", "#include <wolfssl/ssl.h>", into);
    add("raw-mbedtls", "#include <mbedtls/ssl.h>", into);
}

} // namespace bench
