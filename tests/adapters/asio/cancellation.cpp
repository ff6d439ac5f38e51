// SPDX-License-Identifier: Apache-2.0
#include "adapters/asio/meeting.hpp"

#include <string>
#include <utility>

/// Operations that are cancelled by their slots, at every place where they wait. Boost.Asio has slots since 1.77.
namespace parity::asio_cases {
namespace {

#if !defined(TWINTLS_ASIO_BOOST) || BOOST_ASIO_VERSION >= 102200

/// A socket that cancels the operation that waits for it, the n-th time.
class interrupting_socket {
public:
    using executor_type = tcp::socket::executor_type;
    using lowest_layer_type = tcp::socket::lowest_layer_type;

    explicit interrupting_socket(tcp::socket s) : socket_(std::move(s)) {}
    [[nodiscard]] executor_type get_executor() { return socket_.get_executor(); }
    [[nodiscard]] lowest_layer_type& lowest_layer() { return socket_.lowest_layer(); }

    template <class Buffers, class Token> auto async_read_some(Buffers const& buffers, Token&& token) {
        wait();
        return socket_.async_read_some(buffers, std::forward<Token>(token));
    }
    template <class Buffers, class Token> auto async_write_some(Buffers const& buffers, Token&& token) {
        wait();
        return socket_.async_write_some(buffers, std::forward<Token>(token));
    }

    /// From now on, interrupts the wait after so many others.
    [[nodiscard]] net::cancellation_slot interrupt_after(int waits, net::cancellation_type how) {
        left_ = waits;
        how_ = how;
        return signal_.slot();
    }
    /// True if that has happened.
    [[nodiscard]] bool interrupted() const { return left_ < 0; }

private:
    // Queued before the socket's own completion.
    void wait() {
        if (left_-- == 0) net::post(get_executor(), [this] { signal_.emit(how_); });
    }

    tcp::socket socket_;
    net::cancellation_signal signal_{};
    net::cancellation_type how_ = net::cancellation_type::none;
    int left_ = 1 << 30;
};

template <class P> using interrupted_meeting = meeting<P, interrupting_socket>;

/// Runs one operation, interrupted after so many waits.
template <class M, class Start> completion interrupted(M& m, int waits, net::cancellation_type how, Start start) {
    outcome_of o;
    auto const slot = m.s.next_layer().interrupt_after(waits, how);
    start(net::bind_cancellation_slot(slot, o.handler()));
    run(m.io);
    REQUIRE(o.done());
    return *o;
}

PARITY_CASE("asio: a handshake that is cancelled, wherever it waits, is over", pairings, P, v) {
    int waits = 0;
    for (;; ++waits) {
        CAPTURE(waits);
        interrupted_meeting<P> m(with_identity(v), {.server = strict_server(v)});
        auto const o = interrupted(
            m, waits, net::cancellation_type::terminal, [&](auto h) { m.s.async_handshake(localhost, std::move(h)); });
        if (!m.s.next_layer().interrupted()) {
            CHECK(!o.code);
            break;
        }
        CHECK(o.code == net::error::operation_aborted);
        CHECK(!m.s.established());
        CHECK(m.read_some().code == net::error::not_connected);
        CHECK(m.write("x").code == net::error::not_connected);
        REQUIRE(waits < 100);
    }
    CHECK(waits >= 3); // hello, answer, Finished
}

PARITY_CASE(
    "asio: so is one that is cancelled before its certificate has left, whatever it wants then", crossed, P, v) {
    int waits = 0;
    for (;; ++waits) {
        CAPTURE(waits);
        interrupted_meeting<P> m(signed_later(v), {.server = strict_server(v)});
        auto const o = interrupted(
            m, waits, net::cancellation_type::terminal, [&](auto h) { m.s.async_handshake(localhost, std::move(h)); });
        if (!m.s.next_layer().interrupted()) {
            CHECK(o.code == errc::want_signature);
            break;
        }
        CHECK(o.code == net::error::operation_aborted);
        CHECK(!m.s.wanted_signature());
        CHECK(m.s.give_signature({}).error() == errc::spent);
        REQUIRE(waits < 100);
    }
    CHECK(waits >= 3); // hello, answer, certificate
}

PARITY_CASE("asio: reads and writes that are cancelled lose nothing and send nothing twice", pairings, P, v) {
    interrupted_meeting<P> m(only(v), {.server = good_server(v)});
    REQUIRE(!m.handshake().code);
    std::string data(300'000, '\0');
    for (std::size_t i = 0; i < data.size(); ++i) data[i] = static_cast<char>(i * 7 + i / 251);
    std::string back;
    std::size_t sent = 0;
    int cancelled_reads = 0;
    int cancelled_writes = 0;
    for (int round = 0; back.size() < data.size(); ++round) {
        if (sent < data.size()) {
            auto const o = interrupted(m, round % 2, net::cancellation_type::partial, [&](auto h) {
                m.s.async_write_some(net::buffer(net::buffer(data) + sent, 40'000), std::move(h));
            });
            sent += o.bytes;
            cancelled_writes += o.code == net::error::operation_aborted;
            CHECK((!o.code || o.code == net::error::operation_aborted));
            if (o.code) continue; // what waits leaves with the next write
        } else if (auto const o = m.shutdown(); o.code) {
            FAIL("shutdown");
        }
        while (back.size() < sent) {
            auto const o = interrupted(m, cancelled_reads % 2, net::cancellation_type::total, [&](auto h) {
                m.s.async_read_some(net::buffer(m.into), std::move(h));
            });
            back.append(m.into.data(), o.bytes);
            if (o.code == net::error::operation_aborted) {
                CHECK(o.bytes == 0);
                ++cancelled_reads;
                // This one is not interrupted.
                CHECK(!m.read_some().code);
                back += std::exchange(m.text, {});
            } else {
                REQUIRE(!o.code);
                ++cancelled_reads;
            }
        }
    }
    CHECK(back == data);
    CHECK(cancelled_reads > 0);
    CHECK(cancelled_writes > 0);
}

PARITY_CASE("asio: a write that a peer does not take is cancelled", crossed, P, v) {
    meeting<P> m(only(v), {.server = good_server(v), .behaviour = behaviour::stop_reading});
    REQUIRE(!m.handshake().code);
    std::string const much(64 << 20, 'm');
    net::cancellation_signal stop;
    outcome_of o;
    net::async_write(m.s, net::buffer(much), net::bind_cancellation_slot(stop.slot(), o.handler()));
    net::steady_timer timer(m.io, 100ms);
    timer.async_wait([&](error_code) { stop.emit(net::cancellation_type::partial); });
    run(m.io);
    REQUIRE(o.done());
    CHECK(o->code == net::error::operation_aborted);
    CHECK(o->bytes > 0);
    CHECK(o->bytes < much.size());
    // A read waits for the peer, and not for what could not be sent.
    outcome_of read;
    m.s.async_read_some(net::buffer(m.into), net::bind_cancellation_slot(stop.slot(), read.handler()));
    net::post(m.io, [&] { stop.emit(net::cancellation_type::total); });
    run(m.io);
    REQUIRE(read.done());
    CHECK(read->code == net::error::operation_aborted);
}

PARITY_CASE("asio: a handshake is not cancelled by halves", crossed, P, v) {
    interrupted_meeting<P> m(only(v), {.server = good_server(v)});
    auto const o =
        interrupted(m, 1, net::cancellation_type::total, [&](auto h) { m.s.async_handshake(localhost, std::move(h)); });
    CHECK(!o.code); // total asks to leave everything as it was, which a handshake cannot
    m.echo("hello");
}

#endif

} // namespace
} // namespace parity::asio_cases
