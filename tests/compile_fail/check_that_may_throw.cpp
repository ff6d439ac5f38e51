// SPDX-License-Identifier: Apache-2.0
#include "fake_backend.hpp"

#if defined(MUST_FAIL)
auto const check = [](tls::judged_server const&) { return tls::no_objection; };
#else
auto const check = [](tls::judged_server const&) noexcept { return tls::no_objection; };
#endif

auto made = tls::client<fake::backend>::configure().also_require(check);
