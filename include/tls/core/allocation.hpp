// SPDX-License-Identifier: Apache-2.0
// Seam: for those who write a backend.
#pragma once

#include <tls/core/config.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <type_traits>
#include <utility>

/// Memory that can run out: whatever twintls allocates comes from here, and a failure is an answer, not an exception.
namespace tls::seam {

/// A block aligned for any object, or null: from the `tls::memory` that was set, or malloc.
[[nodiscard]] void* allocate(std::size_t size) noexcept;
/// Gives a block back; null is nothing.
void release(void* block) noexcept;
/// As std::realloc.
[[nodiscard]] void* reallocate(void* block, std::size_t size) noexcept;
/// As std::calloc: zeroed, and null if the product overflows.
[[nodiscard]] void* allocate_zeroed(std::size_t count, std::size_t size) noexcept;

/// How many allocations of this thread have failed, ours and those that a C library makes through us.
[[nodiscard]] std::size_t failed_allocations() noexcept;

/// Whether memory ran out since this object was made, in this thread: asked before a failure is blamed on anybody.
///
/// A C library often loses that fact on the way up and answers with another code. Means nothing after a success, which
/// may have done without.
class memory_watch {
public:
    memory_watch() noexcept : before_(failed_allocations()) {}
    [[nodiscard]] bool ran_out() const noexcept { return failed_allocations() != before_; }

private:
    std::size_t before_;
};

/// Destroys an object and gives its memory back.
template <class T> struct destroyer {
    void operator()(T* p) const noexcept {
        p->~T();
        release(const_cast<std::remove_cv_t<T>*>(p)); // NOLINT(cppcoreguidelines-pro-type-const-cast)
    }
};
template <> struct destroyer<std::byte[]> {
    void operator()(std::byte* p) const noexcept { release(p); }
};

template <class T> using owned = std::unique_ptr<T, destroyer<T>>;

/// An object of its own; null if memory ran out.
template <class T, class... Arguments> [[nodiscard]] owned<T> make_owned(Arguments&&... arguments) noexcept {
    static_assert(alignof(T) <= alignof(std::max_align_t));
    void* const p = allocate(sizeof(T));
    if (p == nullptr) return nullptr;
    if constexpr (sizeof...(Arguments) == 0)
        return owned<T>(::new (p) T); // as it comes: some are large, and filled later
    else
        return owned<T>(::new (p) T(std::forward<Arguments>(arguments)...));
}

/// Bytes that are not initialised; null if memory ran out.
[[nodiscard]] inline owned<std::byte[]> make_bytes(std::size_t size) noexcept {
    return owned<std::byte[]>(static_cast<std::byte*>(allocate(size)));
}

/// What stands before an object with several owners.
struct shared_header {
    std::atomic<std::uint32_t> owners;
    void (*destroy)(shared_header*) noexcept;
};

/// An object with several owners, deleted with the last; null if memory ran out. `T` may be incomplete except where the
/// object is made. Safe to copy from many threads.
template <class T> class shared {
public:
    shared() noexcept = default;
    shared(std::nullptr_t) noexcept {} // NOLINT(google-explicit-constructor)
    shared(shared const& other) noexcept : block_(other.block_), object_(other.object_) { hold(); }
    shared(shared&& other) noexcept
        : block_(std::exchange(other.block_, nullptr)),
          object_(std::exchange(other.object_, nullptr)) {}
    /// The same object, to be read only, or as what it is derived from.
    template <class U>
        requires(!std::is_same_v<T, U>) && std::is_convertible_v<U*, T*>
    shared(shared<U> other) noexcept // NOLINT(google-explicit-constructor)
        : block_(std::exchange(other.block_, nullptr)),
          object_(std::exchange(other.object_, nullptr)) {}
    shared& operator=(shared other) noexcept {
        std::swap(block_, other.block_);
        std::swap(object_, other.object_);
        return *this;
    }
    ~shared() {
        if (block_ != nullptr && block_->owners.fetch_sub(1, std::memory_order_acq_rel) == 1) block_->destroy(block_);
    }

    template <class... Arguments> [[nodiscard]] static shared make(Arguments&&... arguments) noexcept {
        using object = std::remove_const_t<T>;
        struct whole : header {
            explicit whole(Arguments&&... a) noexcept
                : header{1, [](header* h) noexcept { destroyer<whole>{}(static_cast<whole*>(h)); }},
                  value(std::forward<Arguments>(a)...) {}
            object value;
        };
        shared made;
        if (whole* const w = make_owned<whole>(std::forward<Arguments>(arguments)...).release()) {
            made.block_ = w;
            made.object_ = &w->value;
        }
        return made;
    }

    [[nodiscard]] explicit operator bool() const noexcept { return object_ != nullptr; }
    [[nodiscard]] friend bool operator==(shared const& s, std::nullptr_t) noexcept { return s.object_ == nullptr; }
    [[nodiscard]] T* get() const noexcept { return object_; }
    [[nodiscard]] T& operator*() const noexcept { return *object_; }
    [[nodiscard]] T* operator->() const noexcept { return object_; }

private:
    template <class> friend class shared;

    using header = shared_header;

    void hold() const noexcept {
        if (block_ != nullptr) block_->owners.fetch_add(1, std::memory_order_relaxed);
    }

    header* block_ = nullptr;
    T* object_ = nullptr;
};

/// One growing block of memory: what all arrays are made of, compiled once.
class growing_block {
public:
    growing_block() noexcept = default;
    growing_block(growing_block&& other) noexcept
        : data_(std::exchange(other.data_, nullptr)),
          bytes_(std::exchange(other.bytes_, 0)),
          capacity_(std::exchange(other.capacity_, 0)) {}
    growing_block& operator=(growing_block&& other) noexcept {
        std::swap(data_, other.data_);
        std::swap(bytes_, other.bytes_);
        std::swap(capacity_, other.capacity_);
        return *this;
    }
    ~growing_block() { release(data_); }

protected:
    /// Room for this many bytes in all; false if memory ran out, and then nothing has changed.
    [[nodiscard]] bool make_room(std::size_t bytes, bool exactly) noexcept;
    /// Opens a gap of this many bytes.
    [[nodiscard]] bool open(std::size_t at, std::size_t bytes) noexcept;

    void* data_ = nullptr;
    std::size_t bytes_ = 0;
    std::size_t capacity_ = 0;
};

/// Values one after the other in memory that grows. What grows it answers false if memory ran out, and then nothing has
/// changed. Not wiped: secrets belong into `x509::secret_bytes`.
template <class T> class array : private growing_block {
    static_assert(std::is_trivially_copyable_v<T> && alignof(T) <= alignof(std::max_align_t));

public:
    [[nodiscard]] bool reserve(std::size_t count) noexcept {
        return count <= most && make_room(count * sizeof(T), true);
    }
    [[nodiscard]] bool push_back(T const& value) noexcept { return insert(size(), value); }
    [[nodiscard]] bool insert(std::size_t at, T const& value) noexcept {
        T const copy = value; // which may lie inside
        if (!open(at * sizeof(T), sizeof(T))) return false;
        ::new (data() + at) T(copy);
        return true;
    }
    [[nodiscard]] bool append(std::span<T const> values) noexcept {
        std::size_t const before = bytes_;
        if (!open(bytes_, values.size_bytes())) return false;
        if (!values.empty()) std::memcpy(static_cast<std::byte*>(data_) + before, values.data(), values.size_bytes());
        return true;
    }
    /// What is added has no certain value.
    [[nodiscard]] bool resize(std::size_t count) noexcept {
        if (count > most || !make_room(count * sizeof(T), false)) return false;
        bytes_ = count * sizeof(T);
        return true;
    }
    void clear() noexcept { bytes_ = 0; }

    [[nodiscard]] std::size_t size() const noexcept { return bytes_ / sizeof(T); }
    [[nodiscard]] bool empty() const noexcept { return bytes_ == 0; }
    [[nodiscard]] T* data() noexcept { return static_cast<T*>(data_); }
    [[nodiscard]] T const* data() const noexcept { return static_cast<T const*>(data_); }
    [[nodiscard]] T& operator[](std::size_t i) noexcept { return data()[i]; }
    [[nodiscard]] T const& operator[](std::size_t i) const noexcept { return data()[i]; }
    [[nodiscard]] T* begin() noexcept { return data(); }
    [[nodiscard]] T* end() noexcept { return data() + size(); }
    [[nodiscard]] T const* begin() const noexcept { return data(); }
    [[nodiscard]] T const* end() const noexcept { return data() + size(); }

private:
    static constexpr std::size_t most = SIZE_MAX / 4 / sizeof(T);
};

} // namespace tls::seam

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/core/impl/allocation.ipp>
#endif
