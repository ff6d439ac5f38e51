// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

namespace bench {

/// A separate stack, filled with a pattern, on which functions run, to see how much of it they use at most.
class painted_stack {
public:
    static constexpr std::size_t size = 256 * 1024;

    painted_stack();
    ~painted_stack();
    painted_stack(painted_stack const&) = delete;
    painted_stack& operator=(painted_stack const&) = delete;

    /// Runs a function; its exceptions are passed on.
    void run(std::function<void()> const& f);
    /// Bytes used at most so far.
    [[nodiscard]] std::size_t used() const;

private:
    std::unique_ptr<std::byte[]> memory_;
};

} // namespace bench
