// SPDX-License-Identifier: Apache-2.0
#include "child_process.hpp"

#include <array>
#include <cerrno>
#include <cstddef>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

namespace testbed {
namespace {

/// Writes everything and ends; never returns, so that nothing of the parent's is destroyed twice.
[[noreturn]] void finish(int to, std::function<bytes()> const& work) {
    int status = 0;
    try {
        bytes const answer = work();
        for (byte_view left = answer; !left.empty();) {
            ssize_t const n = ::write(to, left.data(), left.size());
            if (n <= 0) ::_exit(1);
            left = left.subspan(static_cast<std::size_t>(n));
        }
    } catch (...) {
        status = 1;
    }
    ::_exit(status);
}

} // namespace

bytes in_child(std::function<bytes()> const& work) {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) throw std::runtime_error("no pipe");
    pid_t const child = ::fork();
    if (child == 0) finish(ends[1], work);
    ::close(ends[1]);
    bytes answer;
    std::array<std::byte, 4096> part{};
    for (;;) {
        ssize_t const n = ::read(ends[0], part.data(), part.size());
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) break;
        append(answer, byte_view(part).first(static_cast<std::size_t>(n)));
    }
    ::close(ends[0]);
    int status = 1;
    while (child > 0 && ::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (status != 0) throw std::runtime_error("the child process failed");
    return answer;
}

} // namespace testbed
