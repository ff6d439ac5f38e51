// SPDX-License-Identifier: Apache-2.0
#include "round_trip.hpp"

void use_everything_in_another_source();

int main() {
    modes::use_everything();
#if !defined(MODES_ONE_SOURCE)
    use_everything_in_another_source();
#endif
    std::puts("ok");
}
