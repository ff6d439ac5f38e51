// SPDX-License-Identifier: Apache-2.0
#include "fake_backend.hpp"

struct modem {
    tls::io_result read_some(std::span<std::byte> into) noexcept;
#if defined(MUST_FAIL)
    std::size_t write_some(std::span<std::byte const> from) noexcept;
#else
    tls::io_result write_some(std::span<std::byte const> from) noexcept;
#endif
};

auto connect(client const& c, modem& over) { return c.connect(tls::server_name::dns("broker.example"), over); }
