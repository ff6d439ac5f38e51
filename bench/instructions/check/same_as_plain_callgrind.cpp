// SPDX-License-Identifier: Apache-2.0
// Checks what the benchmark counts for a handshake in plain C against a count that callgrind makes by itself, inside
// the library's own functions, in two runs that differ by some handshakes, and without stopwatches. Counts a second
// time as well: the result must be the same to the last instruction.
#include "instructions/count.hpp"

#include <cmath>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

int main(int argc, char** argv) {
    using namespace bench;
    constexpr int skipped = 77;
    constexpr double tolerance = 0.005;
    try {
        if (argc == 3 && std::string(argv[1]) == "--instructions") return run_to_be_counted(argv[2]), 0;
        if (auto const why = why_not_countable()) {
            std::printf("skipped: %s\n", why->c_str());
            return skipped;
        }
        // The library that the server does not use, so that only the client runs its functions.
#if defined(BENCH_HAS_OPENSSL)
        std::string const contender = "raw-wolfssl";
        std::vector<std::string> const functions = {"wolfSSL_new",     "wolfSSL_check_domain_name", "wolfSSL_UseSNI",
                                                    "wolfSSL_UseALPN", "wolfSSL_connect",           "wolfSSL_free"};
#else
        std::string const contender = "raw-mbedtls";
        std::vector<std::string> const functions = {
            "mbedtls_ssl_init", "mbedtls_ssl_setup", "mbedtls_ssl_set_hostname", "mbedtls_ssl_handshake",
            "mbedtls_ssl_free"};
#endif
        int failures = 0;
        for (std::string const case_id : {"tls12-p256-ecdsa", "tls13-x25519-ecdsa-mutual"}) {
            double const first = count_instructions(case_id, contender);
            double const again = count_instructions(case_id, contender);
            double const plain = count_inside_functions(case_id, contender, functions);
            double const apart = std::abs(first / plain - 1);
            std::printf(
                "%-28s counted %.0f, again %.0f, plain callgrind %.0f (%.3f %% apart)\n", case_id.c_str(), first, again,
                plain, apart * 100);
            if (apart > tolerance || again != first) ++failures;
        }
        return failures == 0 ? 0 : 1;
    } catch (std::exception const& e) {
        std::fprintf(stderr, "%s\n", e.what());
        return 1;
    }
}
