// SPDX-License-Identifier: Apache-2.0
#include "fake_backend.hpp"

#if defined(MUST_FAIL)
using library = fake::without<tls::feature::pre_shared_keys>;
#else
using library = fake::backend;
#endif

auto made = tls::client<library>::configure().psk(tls::pre_shared_key::from_hex("", "")).build();
