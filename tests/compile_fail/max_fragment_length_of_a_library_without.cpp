// SPDX-License-Identifier: Apache-2.0
#include "fake_backend.hpp"

#if defined(MUST_FAIL)
using library = fake::without<tls::feature::max_fragment_length>;
#else
using library = fake::backend;
#endif

auto made = tls::client<library>::configure().max_fragment_length(512);
