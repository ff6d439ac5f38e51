// SPDX-License-Identifier: Apache-2.0
#include "callgrind.hpp"

#include "testbed/process.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string_view>
#include <sys/personality.h>
#include <sys/wait.h>
#include <unistd.h>

namespace bench {
namespace {

/// Replaces this process by that program; returns only if that fails.
void become(std::vector<std::string> const& command) {
    std::vector<char*> arguments;
    for (auto const& a : command) arguments.push_back(const_cast<char*>(a.c_str()));
    arguments.push_back(nullptr);
    // The environment decides where the stack begins, and addresses decide how memory is copied.
    std::array<char const*, 3> const environment{"PATH=/usr/bin:/bin", "LC_ALL=C", nullptr};
    (void)::personality(ADDR_NO_RANDOMIZE); // not allowed in some containers: then counts vary a little
    ::execve(arguments[0], arguments.data(), const_cast<char**>(environment.data()));
}

int run(std::vector<std::string> const& command) {
    pid_t const child = ::fork();
    if (child < 0) throw std::runtime_error("cannot start a process");
    if (child == 0) {
        become(command);
        ::_exit(127);
    }
    int status = 0;
    while (::waitpid(child, &status, 0) < 0)
        if (errno != EINTR) throw std::runtime_error("lost a process");
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

} // namespace

std::optional<std::string> why_no_callgrind() {
    if (!testbed::find_program("valgrind")) return "valgrind is not installed";
    return std::nullopt;
}

std::uint64_t
callgrind_total(std::vector<std::string> const& callgrind_options, std::vector<std::string> const& arguments) {
    auto const valgrind = testbed::find_program("valgrind");
    if (!valgrind) throw std::runtime_error("valgrind is not installed");
    // Its name, which is among the arguments and so on the stack, always has the same length.
    testbed::temporary_directory const folder;
    std::string const out = (folder.path() / "callgrind.out").string();
    std::vector<std::string> command{valgrind->string(), "-q", "--tool=callgrind", "--callgrind-out-file=" + out};
    command.insert(command.end(), callgrind_options.begin(), callgrind_options.end());
    command.push_back(std::filesystem::read_symlink("/proc/self/exe").string());
    command.insert(command.end(), arguments.begin(), arguments.end());
    int const status = run(command);
    auto const total = total_in(out);
    if (status != 0) throw std::runtime_error("valgrind ended with exit status " + std::to_string(status));
    if (!total) throw std::runtime_error("callgrind wrote no total");
    return *total;
}

std::optional<std::uint64_t> total_in(std::string const& callgrind_file) {
    std::ifstream in(callgrind_file);
    constexpr std::string_view label = "totals:";
    for (std::string line; std::getline(in, line);) {
        if (!line.starts_with(label)) continue;
        std::size_t const begin = line.find_first_not_of(' ', label.size());
        if (begin == std::string::npos) return std::nullopt;
        std::uint64_t total = 0;
        auto const r = std::from_chars(line.data() + begin, line.data() + line.size(), total);
        if (r.ec != std::errc()) return std::nullopt;
        return total;
    }
    return std::nullopt;
}

} // namespace bench
