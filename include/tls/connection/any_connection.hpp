// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/connection/connection.hpp>
#include <tls/connection/destination.hpp>
#include <tls/connection/facts.hpp>
#include <tls/core/acceptance.hpp>
#include <tls/core/allocation.hpp>
#include <tls/core/error.hpp>
#include <tls/diagnosis/flight_recorder.hpp>
#include <tls/resumption/ticket.hpp>
#include <tls/transport/transport.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

namespace tls::detail {

/// A connection whose backend is forgotten: the same functions as `connection`, through a table. One allocation.
class any_connection {
public:
    /// Errors: out_of_memory.
    template <backend Backend> [[nodiscard]] static result<any_connection> make(connection<Backend>&& from) noexcept {
        any_connection made;
        made.calls_ = &calls_of<Backend>;
        made.object_ = seam::make_owned<connection<Backend>>(std::move(from)).release();
        if (made.object_ != nullptr) return made;
        return std::unexpected(configuration_error(errc::out_of_memory));
    }
    any_connection(any_connection&& other) noexcept
        : object_(std::exchange(other.object_, nullptr)),
          calls_(other.calls_) {}
    any_connection& operator=(any_connection&& other) noexcept {
        std::swap(object_, other.object_);
        std::swap(calls_, other.calls_);
        return *this;
    }
    ~any_connection() {
        if (object_ != nullptr) calls_->destroy(object_);
    }

    [[nodiscard]] char const* backend_name() const noexcept { return calls_->backend; }

    [[nodiscard]] result<void> handshake(transport_ref t) noexcept {
        if (object_ == nullptr) return spent(phase::handshake);
        return calls_->handshake(object_, t);
    }
    [[nodiscard]] std::optional<signature_request> wanted_signature() const noexcept {
        return object_ != nullptr ? calls_->wanted_signature(object_) : std::nullopt;
    }
    [[nodiscard]] result<void> give_signature(std::span<std::byte const> made) noexcept {
        if (object_ == nullptr) return spent(phase::handshake);
        return calls_->give_signature(object_, made);
    }
    void refuse_signature(std::string_view why) noexcept {
        if (object_ != nullptr) calls_->refuse_signature(object_, why);
    }
    [[nodiscard]] result<void> times_out() noexcept {
        if (object_ == nullptr) return spent(phase::handshake);
        return calls_->times_out(object_);
    }
    [[nodiscard]] result<std::size_t> read(transport_ref t, std::span<std::byte> into) noexcept {
        if (object_ == nullptr) return spent(phase::reading);
        return calls_->read(object_, t, into);
    }
    [[nodiscard]] result<std::size_t> write(transport_ref t, std::span<std::byte const> from) noexcept {
        if (object_ == nullptr) return spent(phase::writing);
        return calls_->write(object_, t, from);
    }
    [[nodiscard]] result<void> flush(transport_ref t) noexcept {
        if (object_ == nullptr) return spent(phase::writing);
        return calls_->flush(object_, t);
    }
    [[nodiscard]] result<void> close(transport_ref t) noexcept {
        if (object_ == nullptr) return spent(phase::closing);
        return calls_->close(object_, t);
    }
    [[nodiscard]] result<acceptance> confirm(transport_ref t) noexcept {
        if (object_ == nullptr) return spent(phase::reading);
        return calls_->confirm(object_, t);
    }
    [[nodiscard]] tls::facts facts() noexcept { return object_ != nullptr ? calls_->facts(object_) : tls::facts{}; }
    [[nodiscard]] std::optional<ticket> take_ticket() noexcept {
        return object_ != nullptr ? calls_->take_ticket(object_) : std::nullopt;
    }
    [[nodiscard]] result<void> export_keying_material(seam::export_request const& r) noexcept {
        if (object_ == nullptr) return spent(phase::reading);
        return calls_->export_keying_material(object_, r);
    }
    void record_into(flight_recorder& r) noexcept {
        if (object_ != nullptr) calls_->record_into(object_, r);
    }
    [[nodiscard]] std::size_t pending() const noexcept { return object_ != nullptr ? calls_->pending(object_) : 0; }
    [[nodiscard]] error const* end() const noexcept { return object_ != nullptr ? calls_->end(object_) : nullptr; }
    [[nodiscard]] errc refusal() const noexcept { return object_ != nullptr ? calls_->refusal(object_) : errc::spent; }
    [[nodiscard]] bool established() const noexcept { return is(&calls::established); }
    [[nodiscard]] bool in_handshake() const noexcept { return is(&calls::in_handshake); }
    [[nodiscard]] bool unsent() const noexcept { return is(&calls::unsent); }
    [[nodiscard]] bool may_succeed_without_ticket() const noexcept { return is(&calls::may_succeed_without_ticket); }

private:
    struct calls {
        char const* backend;
        result<void> (*handshake)(void*, transport_ref) noexcept;
        std::optional<signature_request> (*wanted_signature)(void const*) noexcept;
        result<void> (*give_signature)(void*, std::span<std::byte const>) noexcept;
        void (*refuse_signature)(void*, std::string_view) noexcept;
        result<void> (*times_out)(void*) noexcept;
        result<std::size_t> (*read)(void*, transport_ref, std::span<std::byte>) noexcept;
        result<std::size_t> (*write)(void*, transport_ref, std::span<std::byte const>) noexcept;
        result<void> (*flush)(void*, transport_ref) noexcept;
        result<void> (*close)(void*, transport_ref) noexcept;
        result<acceptance> (*confirm)(void*, transport_ref) noexcept;
        tls::facts (*facts)(void*) noexcept;
        std::optional<ticket> (*take_ticket)(void*) noexcept;
        result<void> (*export_keying_material)(void*, seam::export_request const&) noexcept;
        void (*record_into)(void*, flight_recorder&) noexcept;
        std::size_t (*pending)(void const*) noexcept;
        error const* (*end)(void const*) noexcept;
        errc (*refusal)(void const*) noexcept;
        bool (*established)(void const*) noexcept;
        bool (*in_handshake)(void const*) noexcept;
        bool (*unsent)(void const*) noexcept;
        bool (*may_succeed_without_ticket)(void const*) noexcept;
        void (*destroy)(void*) noexcept;
    };

    template <backend Backend> static connection<Backend>& of(void* p) noexcept {
        return *static_cast<connection<Backend>*>(p);
    }
    template <backend Backend> static connection<Backend> const& of(void const* p) noexcept {
        return *static_cast<connection<Backend> const*>(p);
    }

    template <backend B>
    static constexpr calls calls_of = {
        B::name,
        [](void* p, transport_ref t) noexcept { return of<B>(p).handshake(t); },
        [](void const* p) noexcept { return of<B>(p).wanted_signature(); },
        [](void* p, std::span<std::byte const> made) noexcept { return of<B>(p).give_signature(made); },
        [](void* p, std::string_view why) noexcept { of<B>(p).refuse_signature(why); },
        [](void* p) noexcept { return of<B>(p).times_out(); },
        [](void* p, transport_ref t, std::span<std::byte> into) noexcept { return of<B>(p).read(t, into); },
        [](void* p, transport_ref t, std::span<std::byte const> from) noexcept { return of<B>(p).write(t, from); },
        [](void* p, transport_ref t) noexcept { return of<B>(p).flush(t); },
        [](void* p, transport_ref t) noexcept { return of<B>(p).close(t); },
        [](void* p, transport_ref t) noexcept { return of<B>(p).confirm(t); },
        [](void* p) noexcept { return of<B>(p).facts(); },
        [](void* p) noexcept { return of<B>(p).take_ticket(); },
        [](void* p, seam::export_request const& r) noexcept { return of<B>(p).export_keying_material(r); },
        [](void* p, flight_recorder& r) noexcept { of<B>(p).record_into(r); },
        [](void const* p) noexcept { return of<B>(p).pending(); },
        [](void const* p) noexcept { return of<B>(p).end(); },
        [](void const* p) noexcept { return of<B>(p).refusal(); },
        [](void const* p) noexcept { return of<B>(p).established(); },
        [](void const* p) noexcept { return of<B>(p).in_handshake(); },
        [](void const* p) noexcept { return of<B>(p).unsent(); },
        [](void const* p) noexcept { return of<B>(p).may_succeed_without_ticket(); },
        [](void* p) noexcept { seam::destroyer<connection<B>>{}(&of<B>(p)); },
    };

    any_connection() noexcept = default;

    [[nodiscard]] bool is(bool (*calls::*what)(void const*) noexcept) const noexcept {
        return object_ != nullptr && (calls_->*what)(object_);
    }
    [[nodiscard]] std::unexpected<error> spent(phase p) const noexcept {
        std::unexpected<error> answer(std::in_place);
        answer.error().code = errc::spent;
        answer.error().phase = p;
        answer.error().backend = calls_->backend;
        return answer;
    }

    void* object_ = nullptr; // null once it was moved from
    calls const* calls_ = nullptr;
};

} // namespace tls::detail
