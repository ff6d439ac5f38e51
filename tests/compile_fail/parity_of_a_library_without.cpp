// SPDX-License-Identifier: Apache-2.0
#include "fake_backend.hpp"

#if defined(MUST_FAIL)
using other = fake::without<tls::feature::psk>;
#else
using other = fake::backend;
#endif

static_assert(tls::parity<fake::backend, other, tls::feature::crl, tls::feature::psk>);
