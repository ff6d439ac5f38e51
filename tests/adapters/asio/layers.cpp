// SPDX-License-Identifier: Apache-2.0
#include "adapters/asio/meeting.hpp"

#include <memory>
#include <new>
#include <string_view>
#include <vector>

/// Streams over a next layer that answers what the test wants, and one whose initiation throws.
namespace parity::asio_cases {
namespace {

/// What a layer answers, and to whom it is connected.
struct layer_state {
    testbed::wire::byte_pipe* pipe = nullptr;
    error_code write{};                              ///< instead of writing
    error_code read_empty = net::error::would_block; ///< where nothing is there to be read
};

/// A layer in memory that never waits.
struct memory_layer {
    using executor_type = net::io_context::executor_type;
    executor_type executor;
    layer_state* at;

    [[nodiscard]] executor_type get_executor() const noexcept { return executor; }
    template <class Buffers> std::size_t write_some(Buffers const& buffers, error_code& code) {
        code = at->write;
        if (code) return 0;
        net::const_buffer const one(*net::buffer_sequence_begin(buffers));
        at->pipe->to_server.push({static_cast<std::byte const*>(one.data()), one.size()});
        return one.size();
    }
    template <class Buffers> std::size_t read_some(Buffers const& buffers, error_code& code) {
        net::mutable_buffer const one(*net::buffer_sequence_begin(buffers));
        code = at->pipe->to_client.empty() ? at->read_empty : error_code{};
        return code ? 0 : at->pipe->to_client.pop({static_cast<std::byte*>(one.data()), one.size()});
    }
};

template <class P> struct memory_meeting {
    explicit memory_meeting(protocol_version v) : memory_meeting(only(v), good_server(v)) {}
    memory_meeting(client_options const& client, testbed::server_options const& options)
        : server(options),
          s(memory_layer{io.get_executor(), &at}, client_of<P>(client)) {}
    memory_meeting(memory_meeting const&) = delete;
    memory_meeting& operator=(memory_meeting const&) = delete;

    /// Goes on with the handshake until it has an answer.
    error_code finish_handshake() {
        error_code code = net::error::would_block;
        for (int i = 0; i < 10 && code == net::error::would_block; ++i) {
            testbed::serve(server, pipe);
            s.handshake(code);
        }
        testbed::serve(server, pipe);
        return code;
    }

    /// Until there is nothing to be read but data.
    void connect() {
        error_code code;
        s.handshake(localhost, code);
        REQUIRE(!finish_handshake());
        char tickets[64];
        (void)s.read_some(net::buffer(tickets), code);
    }

    net::io_context io{};
    testbed::wire::byte_pipe pipe{};
    layer_state at{.pipe = &pipe};
    typename P::server server;
    tls::asio::stream<memory_layer, typename P::backend> s;
};

/// Fails once when it is told to.
template <class T> struct failing_allocator {
    using value_type = T;
    bool* fails;

    explicit failing_allocator(bool& f) : fails(&f) {}
    template <class U> failing_allocator(failing_allocator<U> const& other) : fails(other.fails) {} // NOLINT
    T* allocate(std::size_t n) {
        if (std::exchange(*fails, false)) throw std::bad_alloc();
        return std::allocator<T>().allocate(n);
    }
    void deallocate(T* p, std::size_t n) { std::allocator<T>().deallocate(p, n); }
    bool operator==(failing_allocator const&) const = default;
};

/// A completion that brings its allocator, and must not come.
struct never {
    using allocator_type = failing_allocator<int>;
    bool* fails;
    [[nodiscard]] allocator_type get_allocator() const noexcept { return allocator_type(*fails); }
    void operator()(error_code, std::size_t) const { FAIL("it completed"); }
};

} // namespace

PARITY_CASE("asio: a handshake with a name begins anew, whatever was under way", crossed, P, v) {
    memory_meeting<P> m(v);
    error_code code;
    m.s.handshake(code); // there is none to go on with
    CHECK(code == net::error::not_connected);
    m.s.handshake(localhost, code);
    CHECK(code == net::error::would_block);

    // Connected to another server meanwhile: the other name counts, and the other server gets a hello.
    testbed::wire::byte_pipe other;
    m.at.pipe = &other;
    m.s.handshake(tls::server_name::parse("bank.example"), code);
    CHECK(code == net::error::would_block);
    CHECK(!other.to_server.history().empty());
    testbed::serve(m.server, other);
    for (int i = 0; i < 10 && code == net::error::would_block; ++i) {
        m.s.handshake(code);
        testbed::serve(m.server, other);
    }
    CHECK(code == errc::name_mismatch);
    CHECK_FALSE(m.s.established());

    memory_meeting<P> bad(v);
    bad.s.handshake(localhost, code);
    CHECK(code == net::error::would_block);
    bad.s.handshake(tls::server_name::parse("no name"), code);
    CHECK(code == errc::bad_server_name);
    bad.s.handshake(code);
    CHECK(code == net::error::not_connected);
}

PARITY_CASE("asio: no signature is wanted for a server that our certificate does not reach", crossed, P, v) {
    memory_meeting<P> m(signed_later(v), strict_server(v));
    error_code code;
    m.s.handshake(localhost, code);
    CHECK(code == net::error::would_block);
    testbed::serve(m.server, m.pipe);
    m.at.write = net::error::broken_pipe;
    m.s.handshake(code);
    CHECK(code == net::error::broken_pipe);
    CHECK(m.s.last_error() == errc::io_error);
}

PARITY_CASE("asio: what cannot be sent now does not keep a read from reading", crossed, P, v) {
    memory_meeting<P> m(v);
    m.connect();
    error_code code;
    char into[64];

    m.at.write = net::error::would_block;
    CHECK(m.s.write_some(net::buffer("request", 7), code) == 7);
    CHECK(!code);
    m.server.send(testbed::view_of("read me first"));
    testbed::serve(m.server, m.pipe);
    std::size_t const n = m.s.read_some(net::buffer(into), code);
    CHECK(std::string_view(into, n) == "read me first");
    CHECK(m.s.read_some(net::buffer(into), code) == 0);
    CHECK(code == net::error::would_block);

    m.at.write = {};
    CHECK(m.s.read_some(net::buffer(into), code) == 0); // sends it on the way
    testbed::serve(m.server, m.pipe);
    CHECK(testbed::to_text(m.server.received()) == "request");
}

PARITY_CASE("asio: an end that a write met is no end of what the peer says", crossed, P, v) {
    memory_meeting<P> m(v);
    m.connect();
    error_code code;
    char into[64];
    m.at.write = net::error::eof;
    m.at.read_empty = net::error::eof;
    (void)m.s.write_some(net::buffer("request", 7), code);
    CHECK(code != net::error::eof);
    CHECK(code);
    CHECK(m.s.read_some(net::buffer(into), code) == 0);
    CHECK(code != net::error::eof);
    CHECK(code);
}

PARITY_CASE("asio: an operation that could not be begun is none", crossed, P, v) {
    meeting<P> m(only(v), {.server = good_server(v), .behaviour = behaviour::echo});
    REQUIRE(!m.handshake().code);
    bool fails = true;
    auto const begin = [&] {
        m.s.async_write_some(net::buffer("x", 1), never{&fails});
        run(m.io); // where the executor's allocation is the first
    };
    CHECK_THROWS_AS(begin(), std::bad_alloc);
    CHECK(!m.write("y").code);
    CHECK(!m.read(2).code);
    CHECK(m.text == "xy");
}

} // namespace parity::asio_cases
