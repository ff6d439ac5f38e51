// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/core/errc.hpp>
#include <tls/core/process.hpp>

#include <utility>

namespace tls::detail {

/// Who may use a connection: the object that has it now, in the process that made it.
///
/// A child process has a copy of its parent's keys and of the numbers of the records: what it sends with them gives
/// both away, so it sends nothing. Moves with the connection.
class ownership {
public:
    ownership() noexcept : process_(this_process()) {}
    ownership(ownership&& other) noexcept : process_(std::exchange(other.process_, nobody)) {}
    ownership& operator=(ownership&& other) noexcept {
        process_ = std::exchange(other.process_, nobody);
        return *this;
    }
    ~ownership() = default;

    /// True once the connection was moved on.
    [[nodiscard]] bool is_over() const noexcept { return process_ == nobody; }

    /// ok; `spent` once the connection was moved on; `forked` in another process than the one that made it.
    [[nodiscard]] errc refusal() const noexcept {
        if (is_over()) return errc::spent;
        return process_ == this_process() ? errc::ok : errc::forked;
    }

private:
    static constexpr process_number nobody = -1;

    process_number process_;
};

} // namespace tls::detail
