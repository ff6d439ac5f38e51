// SPDX-License-Identifier: Apache-2.0
// Seam: for those who write a backend.
#pragma once

#include <tls/core/allocation.hpp>
#include <tls/core/error.hpp>

namespace tls::seam {

/// A failure with its true code: nobody is to blame for what went wrong because memory ran out.
[[nodiscard]] inline error blamed(error e, bool memory_ran_out) noexcept {
    if (e.code == errc::out_of_memory || !memory_ran_out) return e;
    e.code = errc::out_of_memory;
    e.problems = {};
    e.certificate = {};
    e.about = {};
    return e;
}

} // namespace tls::seam
