// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/core/allocation.hpp>
#include <tls/core/bytes.hpp>
#include <tls/core/config.hpp>
#include <tls/core/error.hpp>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <span>
#include <string_view>
#include <utility>

namespace tls::x509 {

/// Overwrites memory with zeros in a way the optimiser may not drop.
inline void wipe(std::span<std::byte> memory) noexcept {
#if defined(__GNUC__)
    if (memory.empty()) return;
    std::memset(memory.data(), 0, memory.size());
    // The compiler must believe that someone reads the zeros.
    __asm__ __volatile__("" : : "r"(memory.data()) : "memory");
#else
    auto volatile* p = memory.data();
    for (std::size_t i = 0; i != memory.size(); ++i) p[i] = std::byte{0};
#endif
}

/// Overwrites what calls that have returned left on the stack: so many bytes below the caller, which they used too, or
/// TWINTLS_WIPED_STACK bytes where that is defined, the same for a whole program; 0 overwrites nothing.
template <std::size_t Used> [[gnu::noinline]] void wipe_stack() noexcept {
#if defined(TWINTLS_WIPED_STACK)
    constexpr std::size_t depth = TWINTLS_WIPED_STACK;
#else
    constexpr std::size_t depth = Used;
#endif
    if constexpr (depth > 0) {
        std::byte below[depth]; // NOLINT(cppcoreguidelines-pro-type-member-init): that is the point
        // In pieces: for one as large as this some C libraries take an instruction that counts as one for each byte.
        constexpr std::size_t piece = 1024;
        for (std::size_t at = 0; at < sizeof below; at += piece)
            wipe(std::span(below).subspan(at, std::min(piece, sizeof below - at)));
    }
}

/// A buffer for secrets, for example a private key: wiped before its memory is given back.
///
/// Owns its memory, never grows in place (so no copy is left behind), moves without copying; copying is explicit.
class secret_bytes {
public:
    secret_bytes() noexcept = default;
    secret_bytes(secret_bytes&& other) noexcept : data_(std::move(other.data_)), size_(std::exchange(other.size_, 0)) {}
    secret_bytes& operator=(secret_bytes&& other) noexcept {
        if (this != &other) {
            clear();
            data_ = std::move(other.data_);
            size_ = std::exchange(other.size_, 0);
        }
        return *this;
    }
    ~secret_bytes() { clear(); }

    /// A buffer of `size` zero bytes. Errors: out_of_memory.
    [[nodiscard]] static result<secret_bytes> make(std::size_t size) noexcept {
        secret_bytes made;
        if (size == 0) return made;
        made.data_.reset(static_cast<std::byte*>(seam::allocate_zeroed(size, 1)));
        if (!made.data_) return std::unexpected(configuration_error(errc::out_of_memory));
        made.size_ = size;
        return made;
    }
    /// A buffer with a copy of `source`. Errors: out_of_memory.
    [[nodiscard]] static result<secret_bytes> copy_of(std::span<std::byte const> source) noexcept {
        auto made = make(source.size());
        if (made && !source.empty()) std::memcpy(made->data(), source.data(), source.size());
        return made;
    }
    /// A buffer with a copy of `source` and a NUL after it, which counts in size(). Errors: out_of_memory.
    [[nodiscard]] static result<secret_bytes> copy_of_text(std::string_view source) noexcept {
        auto made = make(source.size() + 1);
        if (made && !source.empty()) std::memcpy(made->data(), source.data(), source.size());
        return made;
    }

    [[nodiscard]] std::byte* data() noexcept { return data_.get(); }
    [[nodiscard]] std::byte const* data() const noexcept { return data_.get(); }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
    [[nodiscard]] std::span<std::byte> span() noexcept { return {data(), size_}; }
    [[nodiscard]] std::span<std::byte const> span() const noexcept { return {data(), size_}; }
    /// The bytes as text.
    [[nodiscard]] std::string_view text() const noexcept {
        return empty() ? std::string_view{} : tls::detail::as_text(span());
    }

    /// Makes the buffer shorter; what is cut off is wiped. A size above size() changes nothing.
    void shrink(std::size_t size) noexcept {
        if (size >= size_) return;
        wipe(span().subspan(size));
        size_ = size;
    }
    /// Wipes the buffer and gives its memory back.
    void clear() noexcept {
        wipe(span());
        data_.reset();
        size_ = 0;
    }

private:
    seam::owned<std::byte[]> data_;
    std::size_t size_ = 0;
};

} // namespace tls::x509
