// SPDX-License-Identifier: Apache-2.0
#include "fake_backend.hpp"

#if defined(MUST_FAIL)
using library = fake::without<tls::feature::several_identities>;
#else
using library = fake::backend;
#endif

auto made = tls::client<library>::configure()
                .trust_system()
                .identities({tls::identity::from_pem("", ""), tls::identity::from_pem("", "")})
                .build();
