// SPDX-License-Identifier: Apache-2.0
#include "fake_backend.hpp"

#if defined(MUST_FAIL)
using library = fake::without<tls::feature::external_signer>;
#else
using library = fake::backend;
#endif

fake::signer signs;
auto made = tls::client<library>::configure()
                .trust_system()
                .identity(tls::identity::from_signer(tls::certificate_chain::from_pem(""), signs))
                .build();
