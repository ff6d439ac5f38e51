// SPDX-License-Identifier: Apache-2.0
#include "fake_backend.hpp"

fake::signer signs;
#if defined(MUST_FAIL)
auto made = tls::identity::from_signer(tls::certificate_chain::from_pem(""), fake::signer());
#else
auto made = tls::identity::from_signer(tls::certificate_chain::from_pem(""), signs);
#endif
