// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bytes.hpp"
#include "random.hpp"

#include <cstddef>

#include <mbedtls/bignum.h>

namespace testbed {

/// One of Mbed TLS's big numbers.
class number {
public:
    number() { mbedtls_mpi_init(&value_); }
    explicit number(byte_view b) : number() { read(b); }
    ~number() { mbedtls_mpi_free(&value_); }
    number(number const&) = delete;
    number& operator=(number const&) = delete;
    [[nodiscard]] mbedtls_mpi* get() { return &value_; }
    [[nodiscard]] mbedtls_mpi const* get() const { return &value_; }

    void read(byte_view b) { check_mbedtls(mbedtls_mpi_read_binary(&value_, raw(b), b.size()), "number"); }
    [[nodiscard]] bytes write(std::size_t size) const {
        bytes out(size);
        check_mbedtls(mbedtls_mpi_write_binary(&value_, raw(out), size), "number");
        return out;
    }
    [[nodiscard]] std::size_t bits() const { return mbedtls_mpi_bitlen(&value_); }
    [[nodiscard]] std::size_t size() const { return mbedtls_mpi_size(&value_); }

private:
    mbedtls_mpi value_;
};

} // namespace testbed
