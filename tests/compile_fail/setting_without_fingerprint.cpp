// SPDX-License-Identifier: Apache-2.0
#if defined(MUST_FAIL)
#    define lowest_version lowest_version{}, one_setting_more
#endif
#include <tls/configuration/settings.hpp>
#undef lowest_version

#include <tls/configuration/fingerprint.hpp>

auto client(tls::settings const& s) { return tls::detail::fingerprint_of(s, "backend", "version"); }
