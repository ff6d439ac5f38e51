// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bytes.hpp"
#include "wire.hpp"
#include <tls/transport/transport.hpp>

#include <algorithm>
#include <deque>
#include <string>
#include <utility>
#include <vector>

/// Transports to build others on.
namespace testbed {

/// Passes everything on to another transport, or to a reference to one. Derive from it and override only what should
/// differ.
template <class Inner> struct wrapped_transport {
    Inner inner;

    [[nodiscard]] tls::io_result read_some(std::span<std::byte> into) noexcept { return inner.read_some(into); }
    [[nodiscard]] tls::io_result write_some(std::span<std::byte const> from) noexcept { return inner.write_some(from); }
};

/// The client's end of a pipe in memory; it never ends and never has to wait to write.
struct pipe_transport {
    wire::byte_pipe* pipe;

    [[nodiscard]] tls::io_result read_some(std::span<std::byte> into) noexcept {
        if (pipe->to_client.empty()) return tls::io_result::blocked();
        return tls::io_result::moved(pipe->to_client.pop(into));
    }
    [[nodiscard]] tls::io_result write_some(std::span<std::byte const> from) noexcept {
        pipe->to_server.push(from);
        return tls::io_result::moved(from.size());
    }
};

/// Does what it is told, one line for each call, and remembers what was asked of it.
class scripted_transport {
public:
    struct arrival {
        tls::io_result result;
        bytes data{};
    };

    [[nodiscard]] tls::io_result read_some(std::span<std::byte> into) noexcept {
        ++reads;
        if (incoming.empty()) return tls::io_result::blocked();
        arrival& next = incoming.front();
        if (next.result.status != tls::io_status::ok) {
            tls::io_result const r = next.result;
            incoming.pop_front();
            return r;
        }
        std::size_t const n = std::min(into.size(), next.data.size());
        std::copy_n(next.data.begin(), n, into.begin());
        next.data.erase(next.data.begin(), next.data.begin() + static_cast<std::ptrdiff_t>(n));
        if (next.data.empty()) incoming.pop_front();
        return tls::io_result::moved(n);
    }

    [[nodiscard]] tls::io_result write_some(std::span<std::byte const> from) noexcept {
        offered.push_back(to_text(from));
        tls::io_result r = tls::io_result::moved(from.size());
        if (!answers.empty()) {
            r = answers.front();
            answers.pop_front();
        }
        if (r.status == tls::io_status::ok) {
            r.bytes = std::min(r.bytes, from.size());
            taken += to_text(from.first(r.bytes));
        }
        return r;
    }

    void arrives(bytes data) { incoming.push_back({tls::io_result::moved(1), std::move(data)}); }
    void arrives(tls::io_result r) { incoming.push_back({r}); }

    std::deque<arrival> incoming{};       ///< what reads answer; would_block when none is left
    std::deque<tls::io_result> answers{}; ///< what writes answer; everything is taken when none is left
    std::vector<std::string> offered{};   ///< each write
    std::string taken{};                  ///< everything that left
    int reads = 0;
};

} // namespace testbed
