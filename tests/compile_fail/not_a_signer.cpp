// SPDX-License-Identifier: Apache-2.0
#include "fake_backend.hpp"

#if defined(MUST_FAIL)
struct signer {
    tls::scheme_set schemes() noexcept;
};
#else
using fake::signer;
#endif

signer signs;
auto made = tls::identity::from_signer(tls::certificate_chain::from_pem(""), signs);
