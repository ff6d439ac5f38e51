// SPDX-License-Identifier: Apache-2.0
#include "fake_backend.hpp"

#if defined(MUST_FAIL)
using library = fake::without<tls::feature::stapled_status>;
#else
using library = fake::backend;
#endif

auto made = tls::client<library>::configure().require_stapled_status();
