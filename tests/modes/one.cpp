// SPDX-License-Identifier: Apache-2.0
#include "round_trip.hpp"

void use_everything_in_another_source();

int main() {
    modes::use_everything();
    use_everything_in_another_source();
    std::puts("ok");
}
