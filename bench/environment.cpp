// SPDX-License-Identifier: Apache-2.0
#include "environment.hpp"

#include "contender.hpp"
#include "floor/floor.hpp"
#include "server/server.hpp"

#include <array>
#include <ctime>
#include <fstream>
#include <string>
#include <string_view>
#include <thread>

#if defined(__x86_64__)
#    include <cpuid.h>
#endif

namespace bench {
namespace {

std::string now() {
    std::time_t const t = std::time(nullptr);
    std::tm utc{};
    ::gmtime_r(&t, &utc);
    std::array<char, 32> text{};
    std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &utc);
    return text.data();
}

std::string processor() {
    std::ifstream in("/proc/cpuinfo");
    for (std::string line; std::getline(in, line);) {
        auto const colon = line.find(": ");
        if (colon != std::string::npos && (line.starts_with("model name") || line.starts_with("Model")))
            return line.substr(colon + 2);
    }
    return "unknown";
}

std::string compiler() {
#if defined(__clang__)
    return "clang " __clang_version__;
#elif defined(__GNUC__)
    return "g++ " __VERSION__;
#else
    return "unknown";
#endif
}

std::string_view build_type() {
#if defined(BENCH_BUILD_TYPE)
    return BENCH_BUILD_TYPE;
#else
    return "";
#endif
}

std::string_view sanitizers() {
#if defined(BENCH_SANITIZE)
    return BENCH_SANITIZE; // no predefined macro covers all of them
#else
    return "";
#endif
}

#if defined(__x86_64__)

bool upper_halves_in_use() {
    unsigned low = 0;
    unsigned high = 0;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(1));
    return (low >> 2 & 1) != 0;
}

void clean_upper_halves() { __asm__ volatile("vzeroupper" ::: "xmm0"); }

/// Whether the processor has AVX2 and xgetbv(1) distinguishes a clean state from a dirty one.
bool processor_tells() {
    unsigned a = 0, b = 0, c = 0, d = 0;
    if (__get_cpuid(1, &a, &b, &c, &d) == 0 || (c & bit_OSXSAVE) == 0 || (c & bit_AVX) == 0) return false;
    if (__get_cpuid_count(7, 0, &a, &b, &c, &d) == 0 || (b & bit_AVX2) == 0) return false;
    if (__get_cpuid_count(0xd, 1, &a, &b, &c, &d) == 0 || (a & 4) == 0) return false;
    clean_upper_halves();
    bool const clean = !upper_halves_in_use();
    __asm__ volatile("vpcmpeqd %%ymm0, %%ymm0, %%ymm0" ::: "xmm0");
    bool const dirty = upper_halves_in_use();
    clean_upper_halves();
    return clean && dirty;
}

#endif

/// Adds warnings about whatever in this build distorts the times.
void add_build_warnings(std::vector<std::string>& to) {
#if !defined(__OPTIMIZE__)
    to.emplace_back("The benchmark was compiled without optimisation: build it with -DCMAKE_BUILD_TYPE=Release.");
#else
    if (build_type() != "Release")
        to.emplace_back(
            "The benchmark is not a Release build: the targets are for one with -DCMAKE_BUILD_TYPE=Release.");
#endif
#if !defined(NDEBUG) || defined(_GLIBCXX_ASSERTIONS)
    to.emplace_back("The benchmark was compiled with assertions, which cost time.");
#endif
    if (!sanitizers().empty())
        to.emplace_back(
            "The benchmark was compiled with sanitizers (" + std::string(sanitizers()) + "): its times mean nothing.");
}

} // namespace

std::optional<bool> leaves_upper_halves_dirty() {
#if defined(__x86_64__)
    if (!processor_tells()) return std::nullopt;
    auto const verify = wolfssl_operations().ecdsa_verify;
    clean_upper_halves();
    verify();
    bool const dirty = upper_halves_in_use();
    clean_upper_halves();
    return dirty;
#else
    return std::nullopt;
#endif
}

std::string compiler_and_build() {
    return compiler() + ", " + (build_type().empty() ? "no build type" : std::string(build_type()));
}

void describe_environment(results& r) {
    r.started = now();
    r.processor = processor();
    r.cores = std::thread::hardware_concurrency();
    r.compiler = compiler_and_build();
    r.server = server_title();
    for (auto const& c : contenders()) r.contenders.push_back({c.id, c.title, c.library, c.build});
    for (auto const& a : absent_contenders()) r.absent.emplace_back(a.id, a.why);
    for (auto const& a : absent_cases()) r.absent.emplace_back(a.id, a.why);
    add_build_warnings(r.warnings);
    if (leaves_upper_halves_dirty().value_or(false))
        r.warnings.emplace_back(
            "This build of wolfSSL leaves the upper halves of the vector registers dirty, which slows what runs after "
            "it by up to a hundred times: patch it, see \"The missing vzeroupper\" in docs/dependencies.md.");
}

} // namespace bench
