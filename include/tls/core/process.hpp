// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <cstdint>

#if defined(__linux__) || defined(__APPLE__) || defined(__FreeBSD__) || defined(__NetBSD__) || defined(__OpenBSD__)
#    include <atomic>
#    include <pthread.h>
#    include <unistd.h>
#    define TWINTLS_FORKS_ARE_TOLD 1
#elif __has_include(<unistd.h>)
#    include <unistd.h>
#endif

namespace tls::detail {

using process_number = std::int32_t;

#if defined(TWINTLS_FORKS_ARE_TOLD)

/// The number of this process, while it is known; 0 otherwise.
inline std::atomic<process_number> known_process = 0;

/// Asks the system, and for nothing more until the next fork: a system call in every read and write costs more than
/// the encryption of a small record.
[[nodiscard, gnu::noinline]] inline process_number ask_for_process() noexcept {
    enum class told : std::uint8_t { not_yet, being_asked, yes, never };
    // No guarded object: a child of a fork in the middle of it would wait for a thread that it does not have.
    static constinit std::atomic<told> state = told::not_yet;
    if (told first = told::not_yet; state.compare_exchange_strong(first, told::being_asked))
        state = ::pthread_atfork(nullptr, nullptr, [] { known_process = 0; }) == 0 ? told::yes : told::never;
    process_number const number = ::getpid();
    if (state == told::yes) known_process = number;
    return number;
}

/// The number of this process. A child of `fork` has its own; not so one of `_Fork` or the bare
/// system call.
[[nodiscard]] inline process_number this_process() noexcept {
    process_number const known = known_process.load(std::memory_order_relaxed);
    return known != 0 ? known : ask_for_process();
}

#    undef TWINTLS_FORKS_ARE_TOLD
#else

/// The number of this process; 0 where there are none.
[[nodiscard]] inline process_number this_process() noexcept {
#    if __has_include(<unistd.h>)
    return ::getpid();
#    else
    return 0;
#    endif
}

#endif

} // namespace tls::detail
