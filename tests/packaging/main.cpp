// SPDX-License-Identifier: Apache-2.0
// The program of all three consumer projects.
#include <tls/error.hpp>

#include <cstdio>

int main() {
    tls::error const error{};
    std::printf("%zu\n", sizeof error);
    return 0;
}
