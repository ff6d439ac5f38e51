// SPDX-License-Identifier: Apache-2.0
#include <tls/configuration/check.hpp>
#include <tls/configuration/offer.hpp>
#include <tls/configuration/settings.hpp>

#include <algorithm>
#include <iterator>
#include <span>
#include <string>
#include <vector>

#include <doctest/doctest.h>

namespace unit::offers_cases {
namespace {

using tls::cipher_suite;
using tls::named_group;

/// Why a client with these suites is refused.
std::string complaint(std::vector<cipher_suite> const& suites) {
    tls::settings s;
    s.suites = tls::seam::suite_list(suites);
    s.exactly_these_suites = &tls::detail::suite_rules;
    auto const checked = tls::detail::check(s);
    return checked ? "" : std::string(checked.error().about.view());
}

} // namespace

TEST_CASE("offers: by default everything that is known, in this order; of the suites those of certificates") {
    tls::settings const s;
    auto const of_certificates = std::span(tls::known_suites).first(std::size(tls::known_suites) - 1);
    CHECK(std::ranges::equal(s.suites, of_certificates));
    CHECK(std::ranges::all_of(of_certificates, tls::is_for_certificates));
    CHECK(std::ranges::count_if(tls::known_suites, tls::is_for_pre_shared_keys) == 3);
    CHECK(std::ranges::all_of(tls::settings::default_suites_with_psk(), tls::is_for_pre_shared_keys));
    CHECK(std::ranges::equal(s.groups, tls::groups_by_default));
    CHECK(std::ranges::equal(s.schemes, tls::known_schemes));
    CHECK(s.suites.has(cipher_suite::aes_128_gcm_sha256));
    CHECK_FALSE(s.suites.has(cipher_suite{0x1304}));
    CHECK(tls::detail::check(s));
}

TEST_CASE("offers: a list that is too long is reported for the first thing wrong with it, like a short one") {
    tls::seam::suite_list const known = tls::settings::default_suites();
    std::vector<cipher_suite> suites(known.begin(), known.end());
    CHECK(complaint(suites) == "");
    SUBCASE("one suite more than there are") { suites.push_back(suites.front()); }
    SUBCASE("many more") { suites.insert(suites.end(), 1000, suites.front()); }
    CHECK(complaint(suites) == "TLS_AES_128_GCM_SHA256: twice");
    suites.insert(suites.begin() + 3, cipher_suite{0x1304});
    CHECK(complaint(suites) == "cipher suite 4868: not known");
}

TEST_CASE("offers: a list of our own is checked, the default list is not") {
    tls::settings s;
    s.suites = {};
    s.groups = {};
    CHECK(tls::detail::check(s));
    s.exactly_these_groups = &tls::detail::group_rules;
    CHECK(tls::detail::check(s).error().about.view() == "groups: none");
    s.exactly_these_suites = &tls::detail::suite_rules;
    CHECK(tls::detail::check(s).error().about.view() == "cipher suites: none");
    CHECK(s.exactly_these_groups->name(named_group::x25519) == "x25519");
}

TEST_CASE("offers: what a library lacks is left out of the default list, and missing in a list that was asked for") {
    tls::settings s;
    std::vector<named_group> taken;
    auto const all_but_x25519 = [&](named_group g) {
        if (g == named_group::x25519) return false;
        taken.push_back(g);
        return true;
    };
    auto const nothing = [](auto) { return false; };
    CHECK(tls::seam::offer_groups(s, all_but_x25519) == "");
    CHECK(taken == std::vector{named_group::secp256r1, named_group::secp384r1, named_group::secp521r1});
    CHECK(tls::seam::offer_groups(s, nothing) == "groups");
    CHECK(tls::seam::offer_suites(s, nothing) == "cipher suites");
    s.exactly_these_groups = &tls::detail::group_rules;
    s.exactly_these_suites = &tls::detail::suite_rules;
    CHECK(tls::seam::offer_groups(s, all_but_x25519) == "x25519");
    CHECK(tls::seam::offer_suites(s, nothing) == "TLS_AES_128_GCM_SHA256");
}

TEST_CASE("offers: a suite of a version that is not offered is not asked for") {
    tls::settings s;
    SUBCASE("1.2 alone") { s.highest_version = tls::protocol_version::tls_1_2; }
    SUBCASE("1.3 alone") { s.lowest_version = tls::protocol_version::tls_1_3; }
    std::vector<cipher_suite> taken;
    CHECK(tls::seam::offer_suites(s, [&](cipher_suite suite) { return taken.push_back(suite), true; }) == "");
    CHECK(!taken.empty());
    CHECK(std::ranges::all_of(taken, [&](cipher_suite suite) { return tls::version_of(suite) == s.lowest_version; }));
}

} // namespace unit::offers_cases
