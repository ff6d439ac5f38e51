// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bytes.hpp"

#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>

namespace testbed {

/// A seeded random generator; each owner has its own, so no two threads share one.
class random_source {
public:
    random_source();
    ~random_source();
    random_source(random_source const&) = delete;
    random_source& operator=(random_source const&) = delete;

    /// The context for `mbedtls_ctr_drbg_random`.
    [[nodiscard]] mbedtls_ctr_drbg_context* context() { return &drbg_; }
    [[nodiscard]] bytes draw(std::size_t size);

private:
    mbedtls_entropy_context entropy_;
    mbedtls_ctr_drbg_context drbg_;
};

/// Throws std::runtime_error with the text of an Mbed TLS code if it is negative.
void check_mbedtls(int code, char const* what);

} // namespace testbed
