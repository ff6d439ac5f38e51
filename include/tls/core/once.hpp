// SPDX-License-Identifier: Apache-2.0
// Seam: for those who write a backend.
#pragma once

#include <tls/core/error.hpp>

#include <atomic>
#include <cstdint>

namespace tls::seam {

/// Something to be done once per process, which may fail and is then tried again.
class once {
public:
    /// Does it, unless it was done; other threads wait meanwhile. The answer is that of `f`.
    template <class F> [[nodiscard]] result<void> run(F f) noexcept {
        for (;;) {
            std::uint32_t now = state_.load(std::memory_order_acquire);
            if (now == done) return {};
            if (now == running) {
#if defined(__cpp_lib_atomic_wait)
                state_.wait(running);
#endif
                continue;
            }
            if (!state_.compare_exchange_strong(now, running, std::memory_order_acquire)) continue;
            result<void> const answer = f();
            state_.store(answer ? done : idle, std::memory_order_release);
#if defined(__cpp_lib_atomic_wait)
            state_.notify_all();
#endif
            return answer;
        }
    }

private:
    static constexpr std::uint32_t idle = 0;
    static constexpr std::uint32_t running = 1;
    static constexpr std::uint32_t done = 2;
    std::atomic<std::uint32_t> state_{idle};
};

} // namespace tls::seam
