// SPDX-License-Identifier: Apache-2.0
#if defined(MUST_FAIL)
#    define exactly_these_groups exactly_these_groups = false, one_setting_more
#endif
#include <tls/configuration/settings.hpp>
#undef exactly_these_groups

#include <tls/configuration/fingerprint.hpp>

auto client(tls::settings const& s) { return tls::detail::fingerprint_of(s, "backend", "version"); }
