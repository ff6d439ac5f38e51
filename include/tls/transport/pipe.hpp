// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/core/allocation.hpp>
#include <tls/core/byte_queue.hpp>
#include <tls/transport/transport.hpp>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <span>
#include <utility>

namespace tls {

/// One end of a connection inside the process: what one end writes, the other reads.
///
/// Never blocks: an empty pipe answers would_block, and `end` once the other end is gone or has said that it writes no
/// more. Memory grows with what is not read. Move-only; both ends belong to one thread.
class memory_pipe {
public:
    /// Two connected ends. If memory ran out, both answer every call with ENOMEM.
    [[nodiscard]] static std::pair<memory_pipe, memory_pipe> make() noexcept {
        auto const there = seam::shared<lane>::make();
        auto const back = seam::shared<lane>::make();
        if (!there || !back) return {memory_pipe(ENOMEM), memory_pipe(ENOMEM)};
        return {memory_pipe(back, there), memory_pipe(there, back)};
    }

    memory_pipe(memory_pipe&&) noexcept = default;
    memory_pipe& operator=(memory_pipe&& other) noexcept {
        close();
        in_ = std::move(other.in_);
        out_ = std::move(other.out_);
        without_lanes_ = other.without_lanes_;
        return *this;
    }
    ~memory_pipe() { close(); }

    [[nodiscard]] io_result read_some(std::span<std::byte> into) noexcept {
        if (!in_) return io_result::broken(without_lanes_);
        if (in_->bytes.empty()) return in_->ended ? io_result::at_end() : io_result::blocked();
        std::size_t const n = std::min(into.size(), in_->bytes.size());
        std::memcpy(into.data(), in_->bytes.front().data(), n);
        in_->bytes.pop(n);
        return io_result::moved(n);
    }

    [[nodiscard]] io_result write_some(std::span<std::byte const> from) noexcept {
        if (!out_) return io_result::broken(without_lanes_);
        if (out_->abandoned) return io_result::broken(EPIPE);
        return out_->bytes.push(from) ? io_result::moved(from.size()) : io_result::broken(ENOMEM);
    }

    /// Says that this end writes no more; reading goes on.
    void end_writing() noexcept {
        if (out_) out_->ended = true;
    }

private:
    struct lane {
        detail::byte_queue bytes;
        bool ended = false;     // the writer has written everything
        bool abandoned = false; // the reader is gone
    };

    explicit memory_pipe(int failure) noexcept : without_lanes_(failure) {}
    memory_pipe(seam::shared<lane> in, seam::shared<lane> out) noexcept : in_(std::move(in)), out_(std::move(out)) {}

    void close() noexcept {
        end_writing();
        if (in_) in_->abandoned = true;
    }

    seam::shared<lane> in_;
    seam::shared<lane> out_;
    int without_lanes_ = EBADF; // what calls answer without them
};

} // namespace tls
