// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"
#include "testbed/bytes.hpp"
#include "testbed/process.hpp"
#include "testbed/scripted_peer.hpp"
#include "testbed/sockets.hpp"
#include "testbed/transports.hpp"
#include <tls/transport/counting.hpp>
#include <tls/transport/descriptor.hpp>
#include <tls/transport/pipe.hpp>
#include <tls/transport/tcp.hpp>

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <dlfcn.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <optional>
#include <string>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace unit::transport_cases {
namespace {

using namespace std::chrono_literals;
using testbed::action;
using testbed::bytes;
using testbed::pattern;
using testbed::to_bytes;
using testbed::unique_fd;
using testbed::view_of;
using tls::errc;
using tls::io_status;
using tls::tcp_stream;

constexpr tls::tcp_options patient{.connect_timeout = 30s, .read_timeout = 30s, .write_timeout = 30s};
constexpr tls::tcp_options hurried{.connect_timeout = 30s, .read_timeout = 20ms, .write_timeout = 20ms};

/// What one read gives, as text.
template <tls::transport T> std::string read_text(T& from, std::size_t at_most = 100) {
    bytes buffer(at_most);
    tls::io_result const r = from.read_some(buffer);
    CHECK(r.status == io_status::ok);
    return testbed::to_text(std::span(buffer).first(r.bytes));
}

template <tls::transport T> tls::io_result read_one(T& from) {
    std::array<std::byte, 16> buffer{};
    return from.read_some(buffer);
}

/// Writes until the transport does not take more, which must happen.
template <tls::transport T> tls::io_result fill(T& into) {
    bytes const block = pattern(64 * 1024);
    for (int i = 0; i < 4096; ++i)
        if (auto const r = into.write_some(block); r.status != io_status::ok) return r;
    FAIL("the transport takes everything");
    return {};
}

/// A socket bound to a loopback address; it refuses connections until it listens.
struct bound_socket {
    unique_fd fd;
    std::uint16_t port = 0;
};
std::optional<bound_socket> bind_to(int family) {
    unique_fd fd(::socket(family, SOCK_STREAM, 0));
    sockaddr_storage address{};
    socklen_t size = sizeof(sockaddr_in);
    if (family == AF_INET) {
        auto& in = reinterpret_cast<sockaddr_in&>(address); // NOLINT
        in.sin_family = AF_INET;
        in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    } else {
        auto& in = reinterpret_cast<sockaddr_in6&>(address); // NOLINT
        in.sin6_family = AF_INET6;
        in.sin6_addr = in6addr_loopback;
        size = sizeof(sockaddr_in6);
    }
    auto* const generic = reinterpret_cast<sockaddr*>(&address); // NOLINT
    if (!fd.valid() || ::bind(fd.get(), generic, size) != 0) return std::nullopt;
    if (::getsockname(fd.get(), generic, &size) != 0) return std::nullopt;
    auto const port = family == AF_INET ? reinterpret_cast<sockaddr_in&>(address).sin_port    // NOLINT
                                        : reinterpret_cast<sockaddr_in6&>(address).sin6_port; // NOLINT
    return bound_socket{std::move(fd), ntohs(port)};
}

constexpr std::string_view two_addresses = "two-addresses.invalid";

} // namespace

// The C library's resolver, but one name has two addresses, and only at the second one somebody listens.
extern "C" int getaddrinfo(char const* name, char const* service, addrinfo const* hints, addrinfo** found) { // NOLINT
    static auto const real = reinterpret_cast<decltype(&::getaddrinfo)>(::dlsym(RTLD_NEXT, "getaddrinfo"));  // NOLINT
    if (name == nullptr || name != two_addresses) return real(name, service, hints, found);
    addrinfo* second = nullptr;
    if (int const code = real("127.0.0.1", service, hints, &second); code != 0) return code;
    if (int const code = real("127.0.0.2", service, hints, found); code != 0) return code;
    (*found)->ai_next = second;
    return 0;
}

TEST_CASE("memory_pipe: what one end writes, the other reads, both ways") {
    auto [here, there] = tls::memory_pipe::make();
    REQUIRE(here.write_some(view_of("to there")).bytes == 8);
    REQUIRE(there.write_some(view_of("to here")).bytes == 7);
    CHECK(read_text(there, 3) == "to ");
    CHECK(read_text(there) == "there");
    CHECK(read_text(here) == "to here");
    CHECK(read_one(here).status == io_status::would_block);
}

TEST_CASE("memory_pipe: the end comes after the bytes, and reading the other way goes on") {
    auto [here, there] = tls::memory_pipe::make();
    REQUIRE(here.write_some(view_of("last")).status == io_status::ok);
    here.end_writing();
    CHECK(read_text(there) == "last");
    CHECK(read_one(there).status == io_status::end);
    CHECK(read_one(there).status == io_status::end);
    REQUIRE(there.write_some(view_of("answer")).status == io_status::ok);
    CHECK(read_text(here) == "answer");
}

TEST_CASE("memory_pipe: when one end is gone the other reads the rest and cannot write") {
    auto ends = tls::memory_pipe::make();
    std::optional<tls::memory_pipe> here(std::move(ends.first));
    tls::memory_pipe& there = ends.second;
    REQUIRE(here->write_some(view_of("last")).status == io_status::ok);
    here.reset();
    CHECK(there.write_some(view_of("x")).status == io_status::failed);
    CHECK(there.write_some(view_of("x")).system == EPIPE);
    CHECK(read_text(there) == "last");
    CHECK(read_one(there).status == io_status::end);
}

TEST_CASE("memory_pipe: moving an end keeps the connection, assigning to one ends the old connection") {
    auto [here, there] = tls::memory_pipe::make();
    tls::memory_pipe moved = std::move(here);
    REQUIRE(moved.write_some(view_of("still")).status == io_status::ok);
    CHECK(read_text(there) == "still");

    auto [other, far] = tls::memory_pipe::make();
    moved = std::move(other);
    CHECK(read_one(there).status == io_status::end);
    REQUIRE(moved.write_some(view_of("new")).status == io_status::ok);
    CHECK(read_text(far) == "new");
}

TEST_CASE("descriptor: a socket carries bytes both ways and ends when the peer closes") {
    auto [mine, theirs] = testbed::socket_pair();
    tls::descriptor_transport here(mine.get());
    tls::descriptor_transport there(theirs.get());
    REQUIRE(here.write_some(view_of("ping")).bytes == 4);
    CHECK(read_text(there) == "ping");
    REQUIRE(there.write_some(view_of("pong")).bytes == 4);
    theirs.reset();
    CHECK(read_text(here) == "pong");
    CHECK(read_one(here).status == io_status::end);
}

TEST_CASE("descriptor: writing to a closed peer is an error and no signal") {
    auto [mine, theirs] = testbed::socket_pair();
    theirs.reset();
    tls::descriptor_transport here(mine.get());
    tls::io_result const r = here.write_some(view_of("x"));
    CHECK(r.status == io_status::failed);
    CHECK(r.system == EPIPE);
}

TEST_CASE("descriptor: it blocks or does not as the descriptor does, and takes what fits") {
    auto [mine, theirs] = testbed::socket_pair();
    testbed::set_nonblocking(mine.get());
    tls::descriptor_transport here(mine.get());
    CHECK(read_one(here).status == io_status::would_block);
    CHECK(fill(here).status == io_status::would_block);
    CHECK(here.native_handle() == mine.get());
}

TEST_CASE("descriptor: a pipe and a terminal work, although they are not sockets") {
    std::array<int, 2> ends{};
    REQUIRE(::pipe(ends.data()) == 0);
    unique_fd const out(ends[0]);
    unique_fd const in(ends[1]);
    tls::descriptor_transport writer(in.get());
    tls::descriptor_transport reader(out.get());
    REQUIRE(writer.write_some(view_of("serial")).bytes == 6);
    CHECK(read_text(reader) == "serial");
}

TEST_CASE("descriptor: an invalid descriptor is an error") {
    tls::descriptor_transport nowhere(-1);
    CHECK(read_one(nowhere).status == io_status::failed);
    CHECK(read_one(nowhere).system == EBADF);
    CHECK(nowhere.write_some(view_of("x")).system == EBADF);
}

TEST_CASE("tcp: it connects, writes, reads and sees the end") {
    testbed::scripted_peer peer({action::receive(4), action::send(to_bytes("pong")), action::finish()});
    auto stream = tcp_stream::connect("127.0.0.1", peer.port(), patient);
    REQUIRE(stream);
    REQUIRE(stream->write_some(view_of("ping")).bytes == 4);
    CHECK(read_text(*stream) == "pong");
    CHECK(read_one(*stream).status == io_status::end);
    stream->close();
    CHECK(testbed::to_text(peer.received()) == "ping");
}

TEST_CASE("tcp: the socket has no delay, does not reach child programs and never blocks by itself") {
    testbed::scripted_peer const peer({action::hold()});
    auto const stream = tcp_stream::connect("127.0.0.1", peer.port(), patient);
    REQUIRE(stream);
    int value = 0;
    socklen_t size = sizeof value;
    REQUIRE(::getsockopt(stream->native_handle(), IPPROTO_TCP, TCP_NODELAY, &value, &size) == 0);
    CHECK(value != 0);
    CHECK((::fcntl(stream->native_handle(), F_GETFD) & FD_CLOEXEC) != 0);
    CHECK((::fcntl(stream->native_handle(), F_GETFL) & O_NONBLOCK) != 0);
}

TEST_CASE("tcp: a port where nobody listens refuses") {
    auto const silent = bind_to(AF_INET);
    REQUIRE(silent);
    auto const stream = tcp_stream::connect("127.0.0.1", silent->port, patient);
    REQUIRE_FALSE(stream);
    CHECK(stream.error().code == errc::connection_refused);
    CHECK(stream.error().phase == tls::phase::connecting);
    CHECK(stream.error().system == ECONNREFUSED);
    CHECK(stream.error().about.view() == "127.0.0.1");
}

TEST_CASE("tcp: a name that cannot be resolved is reported as that") {
    // Longer than any name may be, so that no name server is ever asked.
    std::string const name = std::string(300, 'a') + ".invalid";
    auto const stream = tcp_stream::connect(name, 1, patient);
    REQUIRE_FALSE(stream);
    CHECK(stream.error().code == errc::resolve_failed);
    CHECK(stream.error().phase == tls::phase::connecting);
    CHECK(stream.error().system != 0);
    CHECK(stream.error().about.view().ends_with("aaa.invalid"));
}

TEST_CASE("tcp: when the first address refuses, the second one is tried") {
    auto const server = bind_to(AF_INET);
    REQUIRE(server);
    REQUIRE(::listen(server->fd.get(), 4) == 0);
    CHECK(tcp_stream::connect(std::string(two_addresses), server->port, patient));
}

TEST_CASE("tcp: when every address refuses, the error is the last refusal and names the host") {
    auto const silent = bind_to(AF_INET);
    REQUIRE(silent);
    auto const stream = tcp_stream::connect(std::string(two_addresses), silent->port, patient);
    REQUIRE_FALSE(stream);
    CHECK(stream.error().code == errc::connection_refused);
    CHECK(stream.error().about.view() == two_addresses);
}

TEST_CASE("tcp: an address of the other family") {
    auto const server = bind_to(AF_INET6);
    if (!server) {
        MESSAGE("this machine has no IPv6");
        return;
    }
    REQUIRE(::listen(server->fd.get(), 4) == 0);
    CHECK(tcp_stream::connect("::1", server->port, patient));
}

TEST_CASE("tcp: a connection that is never answered ends with the deadline") {
    auto const server = bind_to(AF_INET);
    REQUIRE(server);
    REQUIRE(::listen(server->fd.get(), 0) == 0);
    // Fill the queue of a listener that accepts nothing; then the system leaves further connections unanswered.
    std::vector<tcp_stream> waiting;
    for (int i = 0; i < 16; ++i) {
        auto stream = tcp_stream::connect("127.0.0.1", server->port, {.connect_timeout = 20ms});
        if (!stream) {
            CHECK(stream.error().code == errc::timeout);
            CHECK(stream.error().phase == tls::phase::connecting);
            return;
        }
        waiting.push_back(std::move(*stream));
    }
    MESSAGE("this system answers every connection: nothing to wait for");
}

TEST_CASE("tcp: a silent peer ends a read with the deadline, and reading may go on") {
    testbed::scripted_peer const peer({action::receive(1), action::send(to_bytes("at last")), action::hold()});
    auto stream = tcp_stream::connect("127.0.0.1", peer.port(), hurried);
    REQUIRE(stream);
    CHECK(read_one(*stream).status == io_status::timeout);
    CHECK(read_one(*stream).status == io_status::timeout);
    REQUIRE(stream->write_some(view_of("!")).status == io_status::ok);
    std::array<std::byte, 16> buffer{};
    tls::io_result r;
    do r = stream->read_some(buffer);
    while (r.status == io_status::timeout);
    CHECK(testbed::to_text(std::span(buffer).first(r.bytes)) == "at last");
}

TEST_CASE("tcp: a peer that does not read ends a write with the deadline") {
    auto const server = testbed::listen_on_loopback(4096);
    auto stream = tcp_stream::connect("127.0.0.1", server.port, hurried);
    REQUIRE(stream);
    CHECK(fill(*stream).status == io_status::timeout);
}

TEST_CASE("tcp: one deadline for everything overrules the ones for each call, and can be taken away") {
    testbed::scripted_peer const peer({action::receive(1), action::send(to_bytes("x")), action::hold()});
    auto stream = tcp_stream::connect("127.0.0.1", peer.port(), patient);
    REQUIRE(stream);
    stream->expires_after(0ms);
    CHECK(read_one(*stream).status == io_status::timeout);
    stream->expires_after(-1h);
    CHECK(read_one(*stream).status == io_status::timeout);
    stream->expires_never();
    REQUIRE(stream->write_some(view_of("!")).status == io_status::ok);
    CHECK(read_text(*stream) == "x");

    // A later deadline for everything does not lengthen the one for a call.
    auto other = tcp_stream::connect("127.0.0.1", peer.port(), hurried);
    REQUIRE(other);
    other->expires_after(1h);
    CHECK(read_one(*other).status == io_status::timeout);
}

TEST_CASE("tcp: a read can be given a deadline of its own, and always takes what is there") {
    auto const past = tcp_stream::clock::now() - 1h;
    auto const far = tcp_stream::clock::now() + 1h;
    auto [ours, theirs] = testbed::socket_pair();
    tcp_stream stream(ours.release(), hurried);
    tls::descriptor_transport peer(theirs.get());
    std::array<std::byte, 16> buffer{};
    CHECK(stream.read_some_until(buffer, past).status == io_status::timeout);
    CHECK(stream.read_some_until(buffer, tcp_stream::clock::now() + 20ms).status == io_status::timeout);
    REQUIRE(peer.write_some(view_of("here")).status == io_status::ok);
    CHECK(stream.write_some_until(view_of("x"), past).bytes == 1); // there is room

    stream.expires_after(-1ms); // the one deadline for everything still holds
    CHECK(stream.write_some_until(view_of("x"), far).bytes == 1);
    CHECK(stream.read_some_until(buffer, far).bytes == 4);
    CHECK(stream.read_some_until(buffer, far).status == io_status::timeout);
    stream.expires_after(20ms);
    CHECK(stream.read_some_until(buffer, past).status == io_status::timeout);
    CHECK(stream.read_some_until(buffer, far).status == io_status::timeout);
    stream.expires_never();
    stream.set_blocking(false);
    CHECK(stream.read_some_until(buffer, far).status == io_status::would_block);
}

TEST_CASE("tcp: told not to wait, it answers would_block") {
    auto const server = testbed::listen_on_loopback(4096);
    auto stream = tcp_stream::connect("127.0.0.1", server.port, patient);
    REQUIRE(stream);
    stream->set_blocking(false);
    CHECK(read_one(*stream).status == io_status::would_block);
    CHECK(fill(*stream).status == io_status::would_block);
}

TEST_CASE("tcp: a reset is an error with its code, and writing after it no signal") {
    testbed::scripted_peer const peer({action::receive(1), action::reset()});
    auto stream = tcp_stream::connect("127.0.0.1", peer.port(), patient);
    REQUIRE(stream);
    REQUIRE(stream->write_some(view_of("!")).status == io_status::ok);
    tls::io_result const r = read_one(*stream);
    CHECK(r.status == io_status::failed);
    CHECK(r.system == ECONNRESET);
    CHECK(stream->write_some(view_of("!")).system == EPIPE);
    CHECK(stream->write_some(view_of("!")).status == io_status::failed);
}

TEST_CASE("tcp: it owns its socket, wherever it is moved") {
    auto [mine, theirs] = testbed::socket_pair();
    tls::descriptor_transport peer(theirs.get());
    {
        tcp_stream stream(mine.release(), patient);
        int const handle = stream.native_handle();
        tcp_stream moved(std::move(stream));
        CHECK(moved.native_handle() == handle);
        CHECK(stream.native_handle() == -1); // NOLINT(bugprone-use-after-move)
        tcp_stream assigned(-1);
        assigned = std::move(moved);
        CHECK(assigned.native_handle() == handle);
        CHECK(moved.native_handle() == -1); // NOLINT(bugprone-use-after-move)
        REQUIRE(assigned.write_some(view_of("x")).status == io_status::ok);
    }
    CHECK(read_text(peer) == "x");
    CHECK(read_one(peer).status == io_status::end);
}

TEST_CASE("tcp: assigning to a stream closes the connection it had") {
    auto [mine, theirs] = testbed::socket_pair();
    tls::descriptor_transport peer(theirs.get());
    tcp_stream stream(mine.release(), patient);
    stream = tcp_stream(-1);
    CHECK(read_one(peer).status == io_status::end);
}

TEST_CASE("tcp: once closed, nothing works any more, and every call says so") {
    auto [mine, theirs] = testbed::socket_pair();
    tcp_stream stream(mine.release(), patient);
    stream.close();
    stream.close();
    CHECK(stream.native_handle() == -1);
    CHECK(read_one(stream).system == EBADF);
    CHECK(stream.write_some(view_of("x")).system == EBADF);
}

TEST_CASE("tcp: the port of the peer is known, wherever the stream is moved") {
    auto const server = testbed::listen_on_loopback();
    auto connected = tcp_stream::connect("127.0.0.1", server.port, patient);
    REQUIRE(connected);
    CHECK(connected->peer_port() == server.port);
    tcp_stream const taken_over(testbed::connect_to_loopback(server.port).release(), patient);
    CHECK(taken_over.peer_port() == server.port);
    tcp_stream moved(std::move(*connected));
    CHECK(moved.peer_port() == server.port);
    tcp_stream assigned(-1);
    CHECK(assigned.peer_port() == 0);
    assigned = std::move(moved);
    CHECK(assigned.peer_port() == server.port);
}

TEST_CASE("tcp: the port of a peer of the other family") {
    auto const server = bind_to(AF_INET6);
    if (!server) {
        MESSAGE("this machine has no IPv6");
        return;
    }
    REQUIRE(::listen(server->fd.get(), 4) == 0);
    auto stream = tcp_stream::connect("::1", server->port, patient);
    REQUIRE(stream);
    CHECK(stream->peer_port() == server->port);
    unique_fd const first(::accept(server->fd.get(), nullptr, nullptr));
    CHECK(stream->reconnect());
    CHECK(stream->peer_port() == server->port);
    CHECK(unique_fd(::accept(server->fd.get(), nullptr, nullptr)).valid());
}

TEST_CASE("tcp: it connects to the same peer again, drops the old connection, and goes on as it was told") {
    auto const server = testbed::listen_on_loopback();
    auto connected = tcp_stream::connect("127.0.0.1", server.port, hurried);
    REQUIRE(connected);
    unique_fd const first(::accept(server.fd.get(), nullptr, nullptr));
    REQUIRE(first.valid());
    tls::descriptor_transport old_end(first.get());
    REQUIRE(old_end.write_some(view_of("of the old one")).status == io_status::ok);

    tcp_stream stream(std::move(*connected));
    REQUIRE(stream.reconnect());
    unique_fd const second(::accept(server.fd.get(), nullptr, nullptr));
    REQUIRE(second.valid());
    tls::descriptor_transport new_end(second.get());
    CHECK(stream.peer_port() == server.port);
    REQUIRE(new_end.write_some(view_of("pong")).status == io_status::ok);
    CHECK(read_text(stream) == "pong");
    CHECK(read_one(stream).status == io_status::timeout);
    REQUIRE(stream.write_some(view_of("ping")).bytes == 4);
    CHECK(read_text(new_end) == "ping");
    auto const gone = read_one(old_end).status; // it had unread bytes, so that closing it is a reset
    CHECK((gone == io_status::end || gone == io_status::failed));
    CHECK((::fcntl(stream.native_handle(), F_GETFD) & FD_CLOEXEC) != 0);
    CHECK((::fcntl(stream.native_handle(), F_GETFL) & O_NONBLOCK) != 0);

    stream.close();
    CHECK(stream.reconnect());
    CHECK(unique_fd(::accept(server.fd.get(), nullptr, nullptr)).valid());
}

TEST_CASE("tcp: it does not connect again if nobody listens any more") {
    auto server = testbed::listen_on_loopback();
    auto stream = tcp_stream::connect("127.0.0.1", server.port, patient);
    REQUIRE(stream);
    // As long as this end is open, nobody else gets the port.
    unique_fd const first(::accept(server.fd.get(), nullptr, nullptr));
    REQUIRE(first.valid());
    server.fd.reset();
    CHECK_FALSE(stream->reconnect());
    CHECK(stream->peer_port() == server.port);
}

TEST_CASE("tcp: it does not connect again if calls do not wait") {
    auto const server = testbed::listen_on_loopback();
    auto stream = tcp_stream::connect("127.0.0.1", server.port, patient);
    REQUIRE(stream);
    int const before = stream->native_handle();
    stream->set_blocking(false);
    CHECK_FALSE(stream->reconnect());
    CHECK(stream->native_handle() == before); // the one that the caller's event loop knows
    stream->set_blocking(true);
    CHECK(stream->reconnect());
    tcp_stream moved(std::move(*stream));
    moved.set_blocking(false);
    tcp_stream again(std::move(moved));
    CHECK_FALSE(again.reconnect());
}

TEST_CASE("tcp: a stream over something else has no port and cannot connect again") {
    auto [mine, theirs] = testbed::socket_pair();
    tls::descriptor_transport peer(theirs.get());
    tcp_stream stream(mine.release(), patient);
    CHECK(stream.peer_port() == 0);
    CHECK_FALSE(stream.reconnect());
    REQUIRE(stream.write_some(view_of("still")).status == io_status::ok);
    CHECK(read_text(peer) == "still");
    tcp_stream nothing(-1);
    CHECK(nothing.peer_port() == 0);
    CHECK_FALSE(nothing.reconnect());
    auto const unconnected = bind_to(AF_INET);
    REQUIRE(unconnected);
    tcp_stream alone(::dup(unconnected->fd.get()), patient);
    CHECK(alone.peer_port() == 0);
    CHECK_FALSE(alone.reconnect());
}

TEST_CASE("a transport that counts: bytes, records and round trips") {
    tls::traffic count;
    testbed::scripted_transport script;
    script.answers = {tls::io_result::moved(3), tls::io_result::blocked()};
    script.arrives(tls::io_result::blocked());
    script.arrives(to_bytes(std::string("\x16\x03\x03\x00", 4))); // a record, in pieces
    script.arrives(to_bytes(std::string("\x02zz\x15\x03\x03\x00\x00\x17\x03", 10)));
    script.arrives(tls::io_result::broken(ECONNRESET));
    tls::counting_transport<testbed::scripted_transport&> counting(script, count);
    std::string const hello("\x16\x03\x01\x00\x01x", 6);
    CHECK(counting.write_some(view_of(hello)).bytes == 3); // taken in part, and its header with it
    CHECK(count == tls::traffic{.bytes_sent = 3});
    CHECK(counting.write_some(view_of(hello.substr(3))).status == io_status::would_block);
    CHECK(counting.write_some(view_of(hello.substr(3))).bytes == 3);
    CHECK(count == tls::traffic{.bytes_sent = 6, .records_sent = 1});

    std::array<std::byte, 64> into{};
    CHECK(counting.read_some(into).status == io_status::would_block);
    CHECK(count.round_trips == 0); // nothing has come
    CHECK(counting.read_some(into).bytes == 4);
    CHECK(count == tls::traffic{6, 4, 1, 0, 1});
    CHECK(counting.read_some(into).bytes == 10);
    CHECK(count == tls::traffic{6, 14, 1, 2, 1}); // the same flight; a record's header is not complete yet
    CHECK(counting.read_some(into).status == io_status::failed);
    CHECK(count == tls::traffic{6, 14, 1, 2, 1});
    CHECK(tls::traffic{6, 14, 1, 2, 1} - tls::traffic{6, 4, 1, 0, 1} == tls::traffic{0, 10, 0, 2, 0});

    // What is not TLS has no records, however it goes on.
    tls::traffic other;
    testbed::scripted_transport web;
    web.arrives(to_bytes(std::string("HTTP/\x16\x03\x03\x00\x00", 10)));
    tls::counting_transport<testbed::scripted_transport&> counting_web(web, other);
    CHECK(counting_web.read_some(into).bytes == 10);
    CHECK(other == tls::traffic{.bytes_received = 10});
}

TEST_CASE("a transport that counts can do what the other can") {
    using tcp = tls::counting_transport<tcp_stream>;
    static_assert(tls::transport<tcp> && tls::reads_until<tcp> && tls::writes_until<tcp> && tls::expires<tcp>);
    static_assert(tls::has_timeouts<tcp> && tls::reconnecting_transport<tcp> && tls::detail::knows_its_port<tcp>);
    using pipe = tls::counting_transport<tls::memory_pipe>;
    static_assert(tls::transport<pipe> && !tls::reads_until<pipe> && !tls::writes_until<pipe> && !tls::expires<pipe>);
    static_assert(!tls::has_timeouts<pipe> && !tls::reconnecting_transport<pipe>);
    static_assert(!tls::detail::knows_its_port<pipe>);

    testbed::scripted_peer const peer({action::hold()});
    auto stream = tcp_stream::connect("127.0.0.1", peer.port(), hurried);
    REQUIRE(stream);
    tls::traffic count;
    tcp counting(std::move(*stream), count);
    CHECK(counting.peer_port() == peer.port());
    CHECK(counting.read_timeout() == hurried.read_timeout);
    CHECK(counting.native_handle() == counting.inner().native_handle());
    CHECK(counting.reads_until_told());
    std::array<std::byte, 8> into{};
    CHECK(counting.read_some_until(into, std::chrono::steady_clock::now()).status == io_status::timeout);
    CHECK(counting.write_some_until(view_of("four"), std::chrono::steady_clock::now() + 30s).bytes == 4);
    CHECK(count == tls::traffic{.bytes_sent = 4});
}

} // namespace unit::transport_cases
