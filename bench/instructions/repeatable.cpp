// SPDX-License-Identifier: Apache-2.0
#include "repeatable.hpp"

#include <cerrno>
#include <cstdarg>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <dlfcn.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(BENCH_HAS_OPENSSL)
#    define OPENSSL_SUPPRESS_DEPRECATED // the way to replace a generator without writing a provider
#    include <openssl/rand.h>
#endif

namespace bench {
namespace {

bool seeded = false;
std::uint64_t state = 0x7477'696e'746c'7300;

/// The next eight bytes: a Weyl sequence through a mixer.
std::uint64_t next() {
    std::uint64_t z = state += 0x9e37'79b9'7f4a'7c15;
    z = (z ^ (z >> 30)) * 0xbf58'476d'1ce4'e5b9;
    z = (z ^ (z >> 27)) * 0x94d0'49bb'1331'11eb;
    return z ^ (z >> 31);
}

void fill(void* into, std::size_t size) {
    auto* const at = static_cast<unsigned char*>(into);
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < size; ++i) {
        if (i % 8 == 0) word = next();
        at[i] = static_cast<unsigned char>(word >> (i % 8 * 8));
    }
}

#if defined(BENCH_HAS_OPENSSL)
int draw(unsigned char* into, int size) {
    fill(into, static_cast<std::size_t>(size));
    return 1;
}
int take_seed(void const*, int) { return 1; }
int take_entropy(void const*, int, double) { return 1; }
void forget() {}
int is_ready() { return 1; }
RAND_METHOD const stream = {take_seed, draw, forget, take_entropy, draw, is_ready};
#endif

// The time that a stopped clock shows, so that certificates, and the lengths of their signatures, repeat too.
constexpr std::time_t standstill = 1767225600; // the beginning of 2026

long system_call(long number, long a, long b, long c, long d, long e, long f) {
    using function = long (*)(long, ...);
    static auto const real = reinterpret_cast<function>(::dlsym(RTLD_NEXT, "syscall"));
    return real(number, a, b, c, d, e, f);
}

} // namespace

void make_repeatable() {
    seeded = true;
#if defined(BENCH_HAS_OPENSSL)
    RAND_set_rand_method(&stream);
#endif
}

} // namespace bench

// The functions by which the libraries ask the system for randomness and for the date; unchanged until seeded.
extern "C" int clock_gettime(clockid_t which, timespec* into) noexcept {
    if (!bench::seeded || which != CLOCK_REALTIME)
        return static_cast<int>(bench::system_call(SYS_clock_gettime, which, reinterpret_cast<long>(into), 0, 0, 0, 0));
    *into = {.tv_sec = bench::standstill, .tv_nsec = 0};
    return 0;
}

extern "C" std::time_t time(std::time_t* into) noexcept {
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    if (into != nullptr) *into = now.tv_sec;
    return now.tv_sec;
}

extern "C" ssize_t getrandom(void* into, std::size_t size, unsigned flags) {
    if (!bench::seeded)
        return bench::system_call(
            SYS_getrandom, reinterpret_cast<long>(into), static_cast<long>(size), static_cast<long>(flags), 0, 0, 0);
    bench::fill(into, size);
    return static_cast<ssize_t>(size);
}

extern "C" long syscall(long number, ...) noexcept {
    std::va_list arguments;
    va_start(arguments, number);
    long a[6];
    for (long& one : a) one = va_arg(arguments, long);
    va_end(arguments);
    if (number != SYS_getrandom || !bench::seeded)
        return bench::system_call(number, a[0], a[1], a[2], a[3], a[4], a[5]);
    bench::fill(reinterpret_cast<void*>(a[0]), static_cast<std::size_t>(a[1]));
    return a[1];
}
