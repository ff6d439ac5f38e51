// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/client.hpp>
#if defined(LINKING_WOLFSSL)
#    include <tls/wolfssl.hpp>
#else
#    include <tls/mbedtls.hpp>
#endif

#include <cerrno>
#include <cstddef>
#include <span>
#include <unistd.h>

/// What both programs of a pair have in common. They are linked and looked at, never run.
namespace linking {

#if defined(LINKING_WOLFSSL)
using backend = tls::wolfssl;
#else
using backend = tls::mbedtls;
#endif

/// A transport as an application writes it: standard input and standard output.
struct standard_streams {
    [[nodiscard]] tls::io_result read_some(std::span<std::byte> into) noexcept {
        auto const n = ::read(STDIN_FILENO, into.data(), into.size());
        if (n < 0) return tls::io_result::broken(errno);
        return n == 0 ? tls::io_result::at_end() : tls::io_result::moved(static_cast<std::size_t>(n));
    }
    [[nodiscard]] tls::io_result write_some(std::span<std::byte const> from) noexcept {
        auto const n = ::write(STDOUT_FILENO, from.data(), from.size());
        return n < 0 ? tls::io_result::broken(errno) : tls::io_result::moved(static_cast<std::size_t>(n));
    }
};

/// Bytes that the compiler cannot know.
[[nodiscard]] std::span<std::byte const> input(int which) noexcept;

/// One line to the server and one back.
template <class Session> [[nodiscard]] int talk(Session& session) {
    std::byte line[64] = {};
    auto const read = session.read_some(line);
    bool const written = read && session.write_all(std::span(line).first(*read));
    return written && session.close() ? 0 : 1;
}

} // namespace linking
