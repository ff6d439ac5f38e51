// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/core/allocation.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <utility>

namespace tls::detail {

/// A first-in first-out queue of bytes in one block of memory that grows.
///
/// It can begin in a block that is lent to it. Never throws; if it cannot grow, it stays as it was.
class byte_queue {
public:
    byte_queue() noexcept = default;
    byte_queue(byte_queue&& other) noexcept
        : block_(std::move(other.block_)),
          data_(std::exchange(other.data_, nullptr)),
          begin_(std::exchange(other.begin_, 0)),
          end_(std::exchange(other.end_, 0)),
          capacity_(std::exchange(other.capacity_, 0)),
          room_(other.room_),
          room_size_(std::exchange(other.room_size_, 0)) {}
    byte_queue& operator=(byte_queue&& other) noexcept {
        block_ = std::move(other.block_);
        data_ = std::exchange(other.data_, nullptr);
        begin_ = std::exchange(other.begin_, 0);
        end_ = std::exchange(other.end_, 0);
        capacity_ = std::exchange(other.capacity_, 0);
        room_ = other.room_;
        room_size_ = std::exchange(other.room_size_, 0);
        return *this;
    }
    ~byte_queue() = default;

    /// Begins in this block, which must stay in place until `release`; for a queue that has no memory yet.
    void lend(std::span<std::byte> block) noexcept {
        data_ = block.data();
        capacity_ = block.size();
    }

    [[nodiscard]] bool empty() const noexcept { return begin_ == end_; }
    [[nodiscard]] std::size_t size() const noexcept { return end_ - begin_; }

    /// The bytes waiting, oldest first; valid until the next change.
    [[nodiscard]] std::span<std::byte const> front() const noexcept { return {data_ + begin_, size()}; }

    /// Appends the bytes; false if memory ran out, and then nothing was appended.
    [[nodiscard]] bool push(std::span<std::byte const> bytes) noexcept {
        if (bytes.empty()) return true;
        if (bytes.size() > capacity_ - end_ && !make_room(bytes.size())) return false;
        std::memcpy(data_ + end_, bytes.data(), bytes.size());
        end_ += bytes.size();
        room_size_ = 0;
        return true;
    }

    /// Room for `size` bytes behind those waiting, to be filled in place; null if memory ran out. Valid until the next
    /// `push`, `room` or `release`; dropping bytes leaves it where it is.
    [[nodiscard]] std::byte* room(std::size_t size) noexcept {
        if (size > capacity_ - end_ && !make_room(size)) return nullptr;
        room_ = end_;
        room_size_ = size;
        return data_ + end_;
    }
    /// Appends the first `n` bytes that were put into the room, at most all of it, and takes the room back.
    void fill(std::size_t n) noexcept {
        std::size_t const filled = n < room_size_ ? n : room_size_;
        room_size_ = 0;
        if (filled == 0) return;
        if (room_ != end_) std::memmove(data_ + end_, data_ + room_, filled); // all was dropped meanwhile
        end_ += filled;
    }

    /// Drops the oldest `n` bytes, at most all of them.
    void pop(std::size_t n) noexcept {
        begin_ += n < size() ? n : size();
        if (empty()) begin_ = end_ = 0;
    }

    /// Drops everything and gives the memory back, its own and what was lent.
    void release() noexcept {
        block_.reset();
        data_ = nullptr;
        begin_ = end_ = capacity_ = room_size_ = 0;
    }

private:
    bool make_room(std::size_t more) noexcept {
        std::size_t const waiting = size();
        if (more > SIZE_MAX / 2 - waiting) return false;
        if (waiting + more <= capacity_) {
            std::memmove(data_, data_ + begin_, waiting);
        } else {
            std::size_t wanted = capacity_ < first_capacity ? first_capacity : capacity_ * 2;
            if (wanted < waiting + more) wanted = waiting + more;
            auto larger = seam::make_bytes(wanted);
            if (!larger) return false;
            if (waiting != 0) std::memcpy(larger.get(), data_ + begin_, waiting);
            block_ = std::move(larger);
            data_ = block_.get();
            capacity_ = wanted;
        }
        begin_ = 0;
        end_ = waiting;
        return true;
    }

    static constexpr std::size_t first_capacity = 2048;
    seam::owned<std::byte[]> block_; // null while the memory is lent
    std::byte* data_ = nullptr;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    std::size_t capacity_ = 0;
    std::size_t room_ = 0; // where the room begins that was given last
    std::size_t room_size_ = 0;
};

} // namespace tls::detail
