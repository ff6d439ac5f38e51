// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/adapters/asio/config.hpp>
#include <tls/adapters/asio/link.hpp>
#include <tls/adapters/asio/operations.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <type_traits>
#include <utility>

// Per-operation cancellation came with Asio 1.20; Boost has it since 1.77.
#if (defined(TWINTLS_ASIO_BOOST) && BOOST_ASIO_VERSION >= 102000) ||                                                   \
    (!defined(TWINTLS_ASIO_BOOST) && ASIO_VERSION >= 102000)
#    define TWINTLS_ASIO_CANCELS 1
#else
#    define TWINTLS_ASIO_CANCELS 0
#endif

namespace tls::asio::detail {

/// The next layer, the link over it, and whose turn it is to write.
template <class NextLayer, class Client> struct channel {
    using next_layer_type = std::remove_reference_t<NextLayer>;
    using executor_type = typename next_layer_type::executor_type;
    using event = net::basic_waitable_timer<
        std::chrono::steady_clock, net::wait_traits<std::chrono::steady_clock>, executor_type>;

    template <class Argument>
    channel(Argument&& argument, Client client)
        : next(std::forward<Argument>(argument)),
          on(std::move(client)),
          written(next.get_executor(), event::time_point::max()) {}

    NextLayer next;
    link<Client> on;
    event written; ///< cancelled when `writing` ends and somebody waits for that
    bool writing = false;
    bool awaited = false;

    void end_of_write() {
        writing = false;
        if (std::exchange(awaited, false)) written.cancel();
    }
};

/// Runs an operation on a channel whose next layer blocks, or says that it would.
template <class Channel, class Operation> [[nodiscard]] outcome run(Channel& c, Operation operation) {
    progress<Operation> p{std::move(operation)};
    for (;;) {
        error_code code;
        act const next = p.next(c.on);
        bool const sending = next == act::send;
        switch (next) {
        case act::complete: return p.out;
        case act::send: {
            auto const n = c.next.write_some(c.on.output(), code);
            c.on.left(code, n);
            p.sent();
            break;
        }
        case act::receive: {
            if (!p.can_receive(c.on)) return p.out;
            auto const n = c.next.read_some(c.on.input(), code);
            c.on.arrived(code, n);
            p.received();
            break;
        }
        }
        if (code == net::error::interrupted) continue;
        bool const blocks = code == net::error::would_block || code == net::error::try_again;
        if (blocks && sending && !Operation::writes) {
            p.send_later();
        } else if (blocks) {
            p.paused(c.on, code);
            return p.out;
        } else if (is_passing(code)) {
            p.interrupted(c.on, code);
            return p.out;
        }
    }
}

/// Sets a flag for what is begun in its scope, and takes it back if that throws: then nothing was begun.
class flag_unless_it_throws {
public:
    explicit flag_unless_it_throws(bool& flag) noexcept : flag_(&flag) { flag = true; }
    flag_unless_it_throws(flag_unless_it_throws const&) = delete;
    flag_unless_it_throws& operator=(flag_unless_it_throws const&) = delete;
    ~flag_unless_it_throws() {
        if (std::uncaught_exceptions() > before_) *flag_ = false;
    }

private:
    bool* flag_;
    int before_ = std::uncaught_exceptions();
};

/// Runs an operation on a channel as a composed operation of Asio.
template <class Channel, class Operation> class composed {
public:
    composed(Channel& c, Operation operation) : channel_(&c), progress_{std::move(operation)} {}

    template <class Self> void operator()(Self& self, error_code code = {}, std::size_t n = 0) {
        Channel& c = *channel_;
        bool stopped = false;
        switch (stage_) {
        case stage::starting: allow_cancellation(self); break;
        case stage::reading:
            c.on.arrived(code, n);
            progress_.received();
            stopped = is_passing(code);
            break;
        case stage::writing:
            c.on.left(code, n);
            c.end_of_write();
            progress_.sent();
            stopped = is_passing(code);
            break;
        case stage::waiting: break;
        case stage::posted: return complete(self);
        }
        if (stopped || (stage_ != stage::starting && is_cancelled(self))) {
            progress_.interrupted(c.on, net::error::operation_aborted);
            return complete(self);
        }
        advance(self, c);
    }

private:
    enum class stage : std::uint8_t { starting, reading, writing, waiting, posted };

    template <class Self> void advance(Self& self, Channel& c) {
        bool const in_initiation = stage_ == stage::starting;
        switch (progress_.next(c.on)) {
        case act::send:
            if (!c.writing) {
                stage_ = stage::writing;
                flag_unless_it_throws const now(c.writing);
                return c.next.async_write_some(c.on.output(), std::move(self));
            }
            if (Operation::writes) {
                stage_ = stage::waiting;
                flag_unless_it_throws const now(c.awaited);
                return c.written.async_wait(std::move(self));
            }
            if (progress_.finished) break; // whoever is writing sends it too
            [[fallthrough]];
        case act::receive:
            if (!progress_.can_receive(c.on)) break;
            stage_ = stage::reading;
            return c.next.async_read_some(c.on.input(), std::move(self));
        case act::complete: break;
        }
        if (!in_initiation) return complete(self);
        stage_ = stage::posted;
        net::post(c.next.get_executor(), std::move(self));
    }

    template <class Self> void complete(Self& self) {
        auto const [code, bytes] = progress_.out;
        if constexpr (Operation::has_bytes)
            self.complete(code, bytes);
        else
            self.complete(code);
    }

    // A read takes nothing when it is cancelled; a write says how much of it is on its way; the others end with it.
    template <class Self> static void allow_cancellation([[maybe_unused]] Self& self) {
#if TWINTLS_ASIO_CANCELS
        if constexpr (!Operation::writes)
            self.reset_cancellation_state(net::enable_total_cancellation());
        else if constexpr (Operation::has_bytes)
            self.reset_cancellation_state(net::enable_partial_cancellation());
#endif
    }
    template <class Self> [[nodiscard]] static bool is_cancelled([[maybe_unused]] Self& self) noexcept {
#if TWINTLS_ASIO_CANCELS
        return self.get_cancellation_state().cancelled() != net::cancellation_type::none;
#else
        return false;
#endif
    }

    Channel* channel_;
    progress<Operation> progress_;
    stage stage_ = stage::starting;
};

} // namespace tls::asio::detail

#undef TWINTLS_ASIO_CANCELS
