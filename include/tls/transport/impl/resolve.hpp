// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/core/allocation.hpp>
#include <tls/transport/impl/wait.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <climits>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

/// Host names to addresses, by a deadline: the system's call has none, so a thread of its own waits for it.
namespace tls::detail {

/// What looks a name up, as getaddrinfo does, and takes the answer back. Called in any thread.
struct resolver {
    int (*look_up)(char const* host, char const* service, addrinfo const* hints, addrinfo** found);
    void (*take_back)(addrinfo* found);
};

inline constexpr resolver system_resolver = {::getaddrinfo, ::freeaddrinfo};

/// Addresses that were found.
using address_list = std::unique_ptr<addrinfo, void (*)(addrinfo*)>;

/// What `resolve` answers when the deadline has passed; no code of the system.
inline constexpr int resolver_is_silent = INT_MAX;

/// A name being looked up, shared by who asks and the thread that waits for the answer. Who of them leaves last frees
/// it.
struct open_question {
    resolver calls{};
    addrinfo hints{};
    std::array<char, 8> service{};
    seam::owned<std::byte[]> host{};
    addrinfo* found = nullptr;
    int code = 0;
    int answered = -1; // one end of a pipe
    std::atomic<bool> one_has_left = false;
};

/// The thread's part.
inline void* look_up(void* shared) noexcept {
    auto* const q = static_cast<open_question*>(shared);
    q->code = q->calls.look_up(reinterpret_cast<char const*>(q->host.get()), q->service.data(), &q->hints, &q->found);
    int const answered = q->answered;
    if (q->one_has_left.exchange(true, std::memory_order_acq_rel)) {
        if (q->code == 0) q->calls.take_back(q->found);
        seam::destroyer<open_question>{}(q);
    } else {
        (void)!::write(answered, "", 1);
    }
    ::close(answered);
    return nullptr;
}

/// Starts a thread that nobody waits for; it gets no signals, which are the application's. False if there is none.
[[nodiscard]] inline bool start_detached(void* (*run)(void*), void* with) noexcept {
    pthread_attr_t how;
    if (::pthread_attr_init(&how) != 0) return false;
    (void)::pthread_attr_setdetachstate(&how, PTHREAD_CREATE_DETACHED);
    sigset_t all;
    sigset_t before;
    ::sigfillset(&all);
    (void)::pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_t thread;
    bool const started = ::pthread_create(&thread, &how, run, with) == 0;
    (void)::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    (void)::pthread_attr_destroy(&how);
    return started;
}

/// Looks a host up: 0 and its addresses, or the resolver's code, EAI_MEMORY for want of memory, threads or descriptors,
/// or `resolver_is_silent`.
///
/// A literal address is answered at once, and starts no thread. A thread whose answer comes too late ends when the
/// system's resolver gives up, and frees what it has; it does not keep the process from ending.
[[nodiscard]] inline int resolve(
    std::string const& host, std::uint16_t port, std::chrono::steady_clock::time_point until, resolver const& calls,
    address_list& found) noexcept {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_family = AF_UNSPEC;
    hints.ai_flags = AI_NUMERICSERV | AI_NUMERICHOST;
    std::array<char, 8> service{};
    for (unsigned n = port, at = 5; at-- > 0; n /= 10) service[at] = static_cast<char>('0' + n % 10);
    addrinfo* literal = nullptr;
    if (::getaddrinfo(host.c_str(), service.data(), &hints, &literal) == 0) {
        found = address_list(literal, ::freeaddrinfo);
        return 0;
    }

    seam::owned<open_question> q = seam::make_owned<open_question>();
    if (!q) return EAI_MEMORY;
    q->calls = calls;
    q->hints = hints;
    q->hints.ai_flags = AI_NUMERICSERV;
    q->service = service;
    q->host = seam::make_bytes(host.size() + 1);
    if (!q->host) return EAI_MEMORY;
    std::memcpy(q->host.get(), host.c_str(), host.size() + 1);
    int ends[2];
    if (::pipe(ends) != 0) return EAI_MEMORY;
    for (int const end : ends) (void)::fcntl(end, F_SETFD, FD_CLOEXEC);
    q->answered = ends[1];
    if (!start_detached(look_up, q.get())) {
        ::close(ends[0]);
        ::close(ends[1]);
        return EAI_MEMORY;
    }
    open_question* const shared = q.release();
    (void)wait_until(ends[0], POLLIN, until);
    ::close(ends[0]);
    if (!shared->one_has_left.exchange(true, std::memory_order_acq_rel)) return resolver_is_silent;
    q.reset(shared);
    if (q->code == 0) found = address_list(q->found, q->calls.take_back);
    return q->code;
}

} // namespace tls::detail
