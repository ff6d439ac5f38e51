// SPDX-License-Identifier: Apache-2.0
// Seam: for those who write a backend.
#pragma once

#include <tls/core/limits.hpp>
#include <tls/signature/primitive.hpp>

#include <cstddef>

namespace tls::verify {

/// What may be relaxed; the defaults are strict.
struct policy {
    unsigned minimum_rsa_bits = signature::min_rsa_bits;
    bool check_time = true; ///< false for a device whose clock is not set: then nothing expires
    /// How many intermediates may stand between leaf and anchor, self-issued ones not counted (RFC 5280 section
    /// 6.1.1 (d)); as many as are accepted at all.
    std::size_t max_path_length = limits::certificates;
    /// Whether extKeyUsage must be in the leaf and name serverAuth itself, in the leaf and in every intermediate that
    /// has it: anyExtendedKeyUsage is not enough.
    bool strict_extended_key_usage = false;
};

} // namespace tls::verify
