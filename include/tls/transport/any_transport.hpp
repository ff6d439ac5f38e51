// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/core/allocation.hpp>
#include <tls/core/error.hpp>
#include <tls/transport/deadline.hpp>
#include <tls/transport/transport.hpp>

#include <cerrno>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <span>
#include <type_traits>
#include <utility>

namespace tls {

/// Any transport, its type forgotten; what it can do beyond moving bytes is kept and what it cannot is answered for it.
///
/// Made by `any_client`. One of up to 128 bytes lies inside, a larger one in memory of its own; one given as an lvalue
/// is referred to. Move-only; one that was moved from answers EBADF. As safe to share between threads as the transport.
class any_transport {
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// Takes over, or refers to, a transport. Errors: out_of_memory, for one that does not fit inside.
    template <class T>
        requires transport<std::remove_reference_t<T>>
    [[nodiscard]] static result<any_transport> make(T&& over) noexcept {
        using holder = detail::transport_holder<T>;
        constexpr bool fits = sizeof(holder) <= room && alignof(holder) <= alignof(std::max_align_t) &&
                              std::is_nothrow_move_constructible_v<holder>;
        result<any_transport> made(std::in_place);
        if constexpr (fits) {
            ::new (made->store_) holder(std::forward<T>(over));
            made->calls_ = &calls_of<held_inside<holder>>;
        } else {
            auto elsewhere = seam::make_owned<holder>(std::forward<T>(over));
            if (!elsewhere) return std::unexpected(configuration_error(errc::out_of_memory));
            ::new (made->store_) held_outside<holder>{std::move(elsewhere)};
            made->calls_ = &calls_of<held_outside<holder>>;
        }
        return made;
    }

    any_transport() noexcept { ::new (store_) nothing; }
    any_transport(any_transport&& other) noexcept { take(other); }
    any_transport& operator=(any_transport&& other) noexcept {
        if (this == &other) return *this;
        calls_->destroy(store_);
        take(other);
        return *this;
    }
    ~any_transport() { calls_->destroy(store_); }

    [[nodiscard]] io_result read_some(std::span<std::byte> into) noexcept { return calls_->read(store_, into); }
    [[nodiscard]] io_result write_some(std::span<std::byte const> from) noexcept { return calls_->write(store_, from); }
    /// As the two above, waiting until a moment at most, if the transport can be told.
    [[nodiscard]] io_result read_some_until(std::span<std::byte> into, time_point until) noexcept {
        return calls_->read_until(store_, into, until);
    }
    [[nodiscard]] io_result write_some_until(std::span<std::byte const> from, time_point until) noexcept {
        return calls_->write_until(store_, from, until);
    }
    /// Whether it can be told; else the two wait as long as the transport itself does.
    [[nodiscard]] bool reads_until_told() const noexcept { return calls_->reads_until_told; }
    [[nodiscard]] bool writes_until_told() const noexcept { return calls_->writes_until_told; }
    /// `no_timeout` if the transport has none.
    [[nodiscard]] std::chrono::milliseconds read_timeout() const noexcept {
        return calls_->timeout(store_, detail::timed_call::reading);
    }
    [[nodiscard]] std::chrono::milliseconds write_timeout() const noexcept {
        return calls_->timeout(store_, detail::timed_call::writing);
    }
    /// The transport's one deadline for everything; the end of time if it has none.
    [[nodiscard]] time_point expiry() const noexcept { return calls_->expiry(store_); }
    /// By the transport's own clock if it has one.
    [[nodiscard]] time_point now() noexcept { return calls_->now(store_); }
    /// False if the transport cannot.
    [[nodiscard]] bool reconnect() noexcept { return calls_->reconnect(store_); }
    /// 0 if the transport does not know.
    [[nodiscard]] std::uint16_t peer_port() const noexcept { return calls_->peer_port(store_); }
    /// The descriptor to wait for; -1 if the transport has none.
    [[nodiscard]] int native_handle() const noexcept { return calls_->native_handle(store_); }

private:
    static constexpr std::size_t room = 128;

    struct calls {
        bool reads_until_told;
        bool writes_until_told;
        io_result (*read)(void*, std::span<std::byte>) noexcept;
        io_result (*write)(void*, std::span<std::byte const>) noexcept;
        io_result (*read_until)(void*, std::span<std::byte>, time_point) noexcept;
        io_result (*write_until)(void*, std::span<std::byte const>, time_point) noexcept;
        std::chrono::milliseconds (*timeout)(void const*, detail::timed_call) noexcept;
        time_point (*expiry)(void const*) noexcept;
        time_point (*now)(void*) noexcept;
        bool (*reconnect)(void*) noexcept;
        std::uint16_t (*peer_port)(void const*) noexcept;
        int (*native_handle)(void const*) noexcept;
        void (*move)(void* to, void* from) noexcept; // and destroys what it came from
        void (*destroy)(void*) noexcept;
    };

    /// How a transport lies in the store.
    template <class Holder> struct held_inside {
        using type = Holder;
        using transport_type = std::remove_cvref_t<decltype(*std::declval<Holder&>())>;
        static auto& transport(void* p) noexcept { return **std::launder(static_cast<Holder*>(p)); }
        static auto const& transport(void const* p) noexcept { return **std::launder(static_cast<Holder const*>(p)); }
    };
    template <class Holder> struct held_outside {
        using type = held_outside;
        using transport_type = std::remove_cvref_t<decltype(*std::declval<Holder&>())>;
        seam::owned<Holder> elsewhere;
        static auto& transport(void* p) noexcept { return **std::launder(static_cast<held_outside*>(p))->elsewhere; }
        static auto const& transport(void const* p) noexcept {
            Holder const& h = *std::launder(static_cast<held_outside const*>(p))->elsewhere;
            return *h;
        }
    };
    /// What one that was moved from has.
    struct nothing {
        [[nodiscard]] static io_result read_some(std::span<std::byte>) noexcept { return io_result::broken(EBADF); }
        [[nodiscard]] static io_result write_some(std::span<std::byte const>) noexcept {
            return io_result::broken(EBADF);
        }
    };
    struct held_nowhere {
        using type = nothing;
        using transport_type = nothing;
        static nothing& transport(void const*) noexcept {
            static constinit nothing none;
            return none;
        }
    };

    template <class Held>
    static constexpr calls calls_of = {
        reads_until<typename Held::transport_type>,
        writes_until<typename Held::transport_type>,
        [](void* p, std::span<std::byte> in) noexcept { return Held::transport(p).read_some(in); },
        [](void* p, std::span<std::byte const> out) noexcept { return Held::transport(p).write_some(out); },
        [](void* p, std::span<std::byte> in, [[maybe_unused]] time_point until) noexcept {
            auto& t = Held::transport(p);
            if constexpr (reads_until<typename Held::transport_type>)
                return t.read_some_until(in, until);
            else
                return t.read_some(in);
        },
        [](void* p, std::span<std::byte const> out, [[maybe_unused]] time_point until) noexcept {
            auto& t = Held::transport(p);
            if constexpr (writes_until<typename Held::transport_type>)
                return t.write_some_until(out, until);
            else
                return t.write_some(out);
        },
        [](void const* p, detail::timed_call what) noexcept { return detail::timeout_of(Held::transport(p), what); },
        [](void const* p) noexcept { return detail::expiry_of(Held::transport(p)); },
        [](void* p) noexcept { return detail::now_of(Held::transport(p)); },
        []([[maybe_unused]] void* p) noexcept {
            auto& t = Held::transport(p);
            if constexpr (reconnecting_transport<typename Held::transport_type>)
                return t.reconnect();
            else
                return false;
        },
        [](void const* p) noexcept { return detail::port_of(Held::transport(p)); },
        []([[maybe_unused]] void const* p) noexcept {
            auto const& t = Held::transport(p);
            if constexpr (requires {
                              { t.native_handle() } noexcept -> std::convertible_to<int>;
                          })
                return static_cast<int>(t.native_handle());
            else
                return -1;
        },
        [](void* to, void* from) noexcept {
            auto* const old = std::launder(static_cast<typename Held::type*>(from));
            ::new (to) typename Held::type(std::move(*old));
            std::destroy_at(old);
        },
        [](void* p) noexcept { std::destroy_at(std::launder(static_cast<typename Held::type*>(p))); }};

    /// Takes what another has, into a store that holds nothing that needs destroying.
    void take(any_transport& other) noexcept {
        calls_ = std::exchange(other.calls_, &calls_of<held_nowhere>);
        calls_->move(store_, other.store_);
        ::new (other.store_) nothing;
    }

    alignas(std::max_align_t) std::byte store_[room];
    calls const* calls_ = &calls_of<held_nowhere>;
};

} // namespace tls
