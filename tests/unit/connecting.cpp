// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"
#include "testbed/sockets.hpp"
#include <tls/transport/impl/connect.hpp>
#include <tls/transport/tcp.hpp>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <optional>
#include <string>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

/// From a host name to a socket: resolvers that are late, and addresses that do not answer. All on the loopback
/// interface, with answers that the test gives in the resolver's place.
namespace unit::connecting_cases {
namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;
using tls::errc;

/// Addresses as a resolver gives them.
class answer {
public:
    answer() = default;
    answer(answer const&) = delete;
    answer& operator=(answer const&) = delete;

    /// An address in digits, of either family.
    answer& add(char const* text, std::uint16_t port) {
        addrinfo hints{};
        hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
        hints.ai_socktype = SOCK_STREAM;
        addrinfo* one = nullptr;
        REQUIRE(::getaddrinfo(text, std::to_string(port).c_str(), &hints, &one) == 0);
        lists_.emplace_back(one, ::freeaddrinfo);
        if (lists_.size() > 1) lists_[lists_.size() - 2]->ai_next = one;
        return *this;
    }
    ~answer() {
        for (auto const& one : lists_) one->ai_next = nullptr; // each is given back alone
    }
    [[nodiscard]] addrinfo* list() { return lists_.empty() ? nullptr : lists_.front().get(); }

private:
    std::vector<std::unique_ptr<addrinfo, void (*)(addrinfo*)>> lists_;
};

/// What the resolvers of the tests do; one test at a time.
struct stage {
    std::atomic<bool> may_answer = true;
    std::atomic<int> asked = 0;
    std::atomic<int> taken_back = 0;
    addrinfo* answer = nullptr;
    int code = 0;
} now_on;

int look_up(char const*, char const*, addrinfo const*, addrinfo** found) {
    ++now_on.asked;
    now_on.may_answer.wait(false);
    *found = now_on.answer;
    return now_on.code;
}
void take_back(addrinfo*) {
    ++now_on.taken_back;
    now_on.taken_back.notify_all();
}
constexpr tls::detail::resolver on_stage = {look_up, take_back};

/// Begins a test with an answer.
void gives(addrinfo* answer, int code = 0) {
    now_on.may_answer = true;
    now_on.asked = 0;
    now_on.taken_back = 0;
    now_on.answer = answer;
    now_on.code = code;
}

/// A port of 127.0.0.1 where nobody listens, as long as the descriptor is there.
struct closed_port {
    closed_port() {
        sockaddr_in a{};
        a.sin_family = AF_INET;
        a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof a;
        REQUIRE(::bind(fd.get(), reinterpret_cast<sockaddr*>(&a), size) == 0);
        REQUIRE(::getsockname(fd.get(), reinterpret_cast<sockaddr*>(&a), &size) == 0);
        number = ntohs(a.sin_port);
    }
    testbed::unique_fd fd{::socket(AF_INET, SOCK_STREAM, 0)};
    std::uint16_t number = 0;
};

/// A port of 127.0.0.1 that leaves further connections unanswered.
struct silent_port : closed_port {
    silent_port() {
        REQUIRE(::listen(fd.get(), 0) == 0);
        for (int i = 0; i < 16 && !silent; ++i) {
            auto stream = tls::tcp_stream::connect("127.0.0.1", number, {.connect_timeout = 20ms});
            if (stream)
                waiting.push_back(std::move(*stream));
            else
                silent = true;
        }
    }
    std::vector<tls::tcp_stream> waiting{};
    bool silent = false;
};

constexpr std::chrono::milliseconds patient = 30s;

/// Connects to the answer of the resolver on stage, and wraps the socket.
tls::result<tls::tcp_stream> reach(
    std::string const& host, std::uint16_t port, std::chrono::milliseconds timeout,
    tls::connect_report* report = nullptr, std::chrono::milliseconds head_start = 250ms) {
    auto const socket = tls::detail::connect_host(host, port, timeout, report, on_stage, head_start);
    if (!socket) return std::unexpected(socket.error());
    return tls::tcp_stream(*socket);
}

} // namespace

TEST_CASE("connecting: a resolver that is late is left behind, and frees what it has") {
    answer one;
    gives(one.add("127.0.0.1", 1).list());
    now_on.may_answer = false;
    auto const stream = reach("host.test", 1, 20ms);
    REQUIRE(!stream);
    CHECK(stream.error().code == errc::timeout);
    CHECK(stream.error().phase == tls::phase::connecting);
    CHECK(stream.error().about.view() == "host.test");
    CHECK(now_on.taken_back == 0);
    now_on.may_answer = true;
    now_on.may_answer.notify_all();
    now_on.taken_back.wait(0);
    CHECK(now_on.taken_back == 1);
}

TEST_CASE("connecting: a literal address asks no resolver and starts no thread") {
    gives(nullptr, EAI_FAIL);
    auto const server = testbed::listen_on_loopback();
    CHECK(reach("127.0.0.1", server.port, patient));
    CHECK(now_on.asked == 0);
}

TEST_CASE("connecting: what a resolver answers is given back once, and its code is told") {
    auto const server = testbed::listen_on_loopback();
    answer one;
    gives(one.add("127.0.0.1", server.port).list());
    CHECK(reach("host.test", server.port, patient));
    CHECK(now_on.asked == 1);
    CHECK(now_on.taken_back == 1);

    gives(nullptr, EAI_FAIL);
    auto const failed = reach("host.test", server.port, patient);
    REQUIRE(!failed);
    CHECK(failed.error().code == errc::resolve_failed);
    CHECK(failed.error().system == EAI_FAIL);
    CHECK(now_on.taken_back == 0);

    gives(nullptr, EAI_MEMORY);
    auto const starved = reach("host.test", server.port, patient);
    CHECK(starved.error().code == errc::out_of_memory);
}

TEST_CASE("connecting: the families take turns, in the order of the resolver") {
    answer many;
    many.add("::1", 1).add("::1", 2).add("::1", 3).add("127.0.0.1", 4).add("127.0.0.1", 5);
    std::array<addrinfo const*, 32> order{};
    REQUIRE(tls::detail::interlace(many.list(), order) == 5);
    std::string ports;
    for (std::size_t i = 0; i != 5; ++i) // both kinds have the port at the same place
        ports += std::to_string(ntohs(reinterpret_cast<sockaddr_in const*>(order[i]->ai_addr)->sin_port)) + ' ';
    CHECK(ports == "1 4 2 5 3 ");
    std::array<addrinfo const*, 2> few{};
    CHECK(tls::detail::interlace(many.list(), few) == 2);
    CHECK(tls::detail::interlace(nullptr, few) == 0);
}

TEST_CASE("connecting: an address that does not answer does not hold up the next one") {
    silent_port const silent;
    if (!silent.silent) {
        MESSAGE("this system answers every connection: nothing to race against");
        return;
    }
    auto const server = testbed::listen_on_loopback();
    answer two;
    gives(two.add("127.0.0.1", silent.number).add("127.0.0.1", server.port).list());
    tls::connect_report report;
    auto const stream = reach("host.test", 1, patient, &report, 1ms);
    REQUIRE(stream);
    CHECK(stream->peer_port() == server.port);
    REQUIRE(report.tried == 2);
    CHECK(report.attempts[0].system == ETIMEDOUT);
    CHECK(report.attempts[1].system == 0);
    CHECK(report.attempts[1].address.view() == "127.0.0.1");
}

TEST_CASE("connecting: the next address is tried at once where one is refused") {
    closed_port const closed;
    auto const server = testbed::listen_on_loopback();
    answer two;
    gives(two.add("127.0.0.1", closed.number).add("127.0.0.1", server.port).list());
    auto const stream = reach("host.test", 1, patient, nullptr, 1h);
    REQUIRE(stream);
    CHECK(stream->peer_port() == server.port);
}

TEST_CASE("connecting: an error says what the addresses have in common, and the report each one's reason") {
    closed_port const closed;
    struct row {
        char const* what;
        bool ends_silent;
        errc expected;
    };
    silent_port const silent;
    for (row const& r : {row{"refused", false, errc::connection_refused}, row{"silent too", true, errc::timeout}}) {
        CAPTURE(std::string(r.what));
        if (r.ends_silent && !silent.silent) continue;
        answer two;
        two.add("127.0.0.1", closed.number);
        if (r.ends_silent) two.add("127.0.0.1", silent.number);
        gives(two.list());
        tls::connect_report report;
        auto const stream = reach("host.test", 1, r.ends_silent ? std::chrono::milliseconds(50) : patient, &report);
        REQUIRE(!stream);
        CHECK(stream.error().code == r.expected);
        CHECK(stream.error().about.view() == "host.test");
        REQUIRE(report.tried == (r.ends_silent ? 2u : 1u));
        CHECK(report.attempts[0].system == ECONNREFUSED);
        if (r.ends_silent) CHECK(report.attempts[1].system == ETIMEDOUT);
    }
}

TEST_CASE("connecting: more addresses than the report holds are counted") {
    closed_port const closed;
    answer many;
    for (int i = 0; i != 40; ++i) many.add("127.0.0.1", closed.number);
    gives(many.list());
    tls::connect_report report;
    auto const stream = reach("host.test", 1, patient, &report);
    REQUIRE(!stream);
    CHECK(stream.error().code == errc::connection_refused);
    CHECK(report.tried == tls::detail::connection_race::most);
    CHECK(report.attempts.back().system == ECONNREFUSED);
}

} // namespace unit::connecting_cases
