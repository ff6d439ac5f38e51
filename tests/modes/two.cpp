// SPDX-License-Identifier: Apache-2.0
#include "round_trip.hpp"

void use_everything_in_another_source();
void use_everything_in_another_source() { modes::use_everything(); }
