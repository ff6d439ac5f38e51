// SPDX-License-Identifier: Apache-2.0
#include "random.hpp"

#include <array>
#include <stdexcept>
#include <string>

#include <mbedtls/error.h>

namespace testbed {

random_source::random_source() : entropy_(), drbg_() {
    mbedtls_entropy_init(&entropy_);
    mbedtls_ctr_drbg_init(&drbg_);
    check_mbedtls(mbedtls_ctr_drbg_seed(&drbg_, mbedtls_entropy_func, &entropy_, nullptr, 0), "seeding");
}

random_source::~random_source() {
    mbedtls_ctr_drbg_free(&drbg_);
    mbedtls_entropy_free(&entropy_);
}

bytes random_source::draw(std::size_t size) {
    bytes out(size);
    check_mbedtls(mbedtls_ctr_drbg_random(&drbg_, raw(out), out.size()), "random bytes");
    return out;
}

void check_mbedtls(int code, char const* what) {
    if (code >= 0) return;
    std::array<char, 200> text{};
    mbedtls_strerror(code, text.data(), text.size());
    throw std::runtime_error(std::string(what) + ": " + text.data());
}

} // namespace testbed
