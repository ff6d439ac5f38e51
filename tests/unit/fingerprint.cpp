// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"
#include "fake_certificate.hpp"
#include "testbed/key.hpp"
#include <tls/configuration/fingerprint.hpp>

#include <cstddef>
#include <functional>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace unit::fingerprint_cases {
namespace {

/// What is hashed, before hashing, so that tests see the slightest difference.
fake::bytes text_of(tls::settings const& s, std::string_view backend = "one", std::string_view library = "1.0") {
    fake::bytes all;
    auto f = tls::detail::fingerprint_of(s, backend, library);
    for (auto const part : f.parts()) all.insert(all.end(), part.begin(), part.end());
    return all;
}

fake::spec other_root() {
    auto spec = fake::root();
    spec.serial = fake::of({2});
    return spec;
}

tls::identity identity_of(std::vector<fake::spec> const& chain) {
    std::vector<fake::bytes> ders;
    for (auto const& c : chain) ders.push_back(c.der());
    std::vector<fake::view> const views(ders.begin(), ders.end());
    auto who = tls::identity::from_der(views, testbed::pooled_key(testbed::key_kind::p256).pkcs8_der());
    REQUIRE(who);
    return std::move(*who);
}

tls::verify::anchor_set anchors_of(std::vector<fake::spec> const& roots) {
    std::vector<fake::bytes> ders;
    for (auto const& r : roots) ders.push_back(r.der());
    return *tls::verify::anchor_set::of(ders);
}

template <class Value, std::size_t Size> std::vector<Value> backwards(Value const (&list)[Size]) {
    return {std::rbegin(list), std::rend(list)};
}

std::string pin_of(char c) { return "sha256/" + std::string(42, c) + "A="; }

tls::further_settings& further(tls::settings& s) {
    s.further = tls::seam::shared<tls::further_settings>::make();
    return *s.further;
}

void names(tls::settings& s, std::initializer_list<std::string_view> all) {
    auto& into = further(s).names;
    for (auto const one : all) REQUIRE(into.push_back(*tls::server_name::dns(one)));
}

/// The check stays where it is, so that no other gets its address.
void require(tls::settings& s, std::string_view name) {
    static std::vector<tls::detail::any_server_check> made;
    auto& also = further(s).also_require;
    REQUIRE(also.check.hold([](tls::judged_server const&) noexcept { return tls::no_objection; }));
    made.push_back(also.check);
    REQUIRE(also.add_name(name));
    also.ask = tls::verify::ask_application;
}

/// Identities behind the first.
void others(tls::settings& s, std::vector<tls::identity> const& all) {
    auto& list = further(s).identities;
    list = tls::seam::shared<tls::detail::identity_list>::make();
    for (auto const& one : all) list->others[list->other_count++].who = one;
}

void alpn(tls::settings& s, std::initializer_list<std::string_view> protocols) { REQUIRE(s.alpn.assign(protocols)); }

} // namespace

TEST_CASE("fingerprint: whatever decides on trust, identity or offers changes it, each alone") {
    auto const usual = [] {
        tls::settings s;
        s.anchors = anchors_of({fake::root()});
        alpn(s, {"mqtt", "h2"});
        return s;
    };
    struct change {
        char const* what;
        std::function<void(tls::settings&)> apply;
    };
    std::vector<change> const changes = {
        {"any server is accepted", [](auto& s) { s.accept_any_server = true; }},
        {"another trust anchor", [](auto& s) { s.anchors = anchors_of({other_root()}); }},
        {"one trust anchor more", [](auto& s) { s.anchors = anchors_of({fake::root(), other_root()}); }},
        {"no trust anchor", [](auto& s) { s.anchors = {}; }},
        {"weaker keys are accepted", [](auto& s) { s.policy.minimum_rsa_bits = 1024; }},
        {"only short paths", [](auto& s) { s.policy.max_path_length = 1; }},
        {"a strict reading of extended key usage", [](auto& s) { s.policy.strict_extended_key_usage = true; }},
        {"dates are not looked at", [](auto& s) { s.policy.check_time = false; }},
        {"a server that is trusted as it is", [](auto& s) { s.exactly = anchors_of({fake::leaf()}); }},
        {"a pinned key", [](auto& s) { further(s).pins = *tls::key_pins::of_leaf({pin_of('A')}); }},
        {"another", [](auto& s) { further(s).pins = *tls::key_pins::of_leaf({pin_of('B')}); }},
        {"anywhere on the path", [](auto& s) { further(s).pins = *tls::key_pins::of_path({pin_of('A')}); }},
        {"a maximum fragment length", [](auto& s) { further(s).max_fragment = 512; }},
        {"another", [](auto& s) { further(s).max_fragment = 1024; }},
        {"another name to verify", [](auto& s) { names(s, {"a.example"}); }},
        {"two", [](auto& s) { names(s, {"a.example", "b.example"}); }},
        {"a stapled status is required", [](auto& s) { further(s).stapling.required = true; }},
        {"it is of those who promise one", [](auto& s) { further(s).stapling.honours_must_staple = true; }},
        {"a check of the application's", [](auto& s) { require(s, ""); }},
        {"another, which does the same", [](auto& s) { require(s, ""); }},
        {"one with a name", [](auto& s) { require(s, "inventory"); }},
        {"one with another name", [](auto& s) { require(s, "allowlist"); }},
        {"an identity", [](auto& s) { s.identity = identity_of({fake::leaf()}); }},
        {"another identity", [](auto& s) { s.identity = identity_of({fake::root()}); }},
        {"one identity more",
         [](auto& s) {
             s.identity = identity_of({fake::leaf()});
             others(s, {identity_of({fake::root()})});
         }},
        {"in another order",
         [](auto& s) {
             s.identity = identity_of({fake::root()});
             others(s, {identity_of({fake::leaf()})});
         }},
        {"with the same twice",
         [](auto& s) {
             s.identity = identity_of({fake::root()});
             others(s, {identity_of({fake::leaf()}), identity_of({fake::leaf()})});
         }},
        {"other application protocols", [](auto& s) { alpn(s, {"mqtt", "h3"}); }},
        {"in another order", [](auto& s) { alpn(s, {"h2", "mqtt"}); }},
        {"which run together", [](auto& s) { alpn(s, {"mqtth", "2"}); }},
        {"one less", [](auto& s) { alpn(s, {"mqtt"}); }},
        {"no lower version", [](auto& s) { s.lowest_version = tls::protocol_version::tls_1_3; }},
        {"no higher version", [](auto& s) { s.highest_version = tls::protocol_version::tls_1_2; }},
        {"fewer cipher suites",
         [](auto& s) { s.suites = tls::seam::suite_list(std::span(tls::known_suites).first(2)); }},
        {"their order", [](auto& s) { s.suites = tls::seam::suite_list(backwards(tls::known_suites)); }},
        {"fewer groups", [](auto& s) { s.groups = tls::seam::group_list(std::span(tls::known_groups).first(2)); }},
        {"their order", [](auto& s) { s.groups = tls::seam::group_list(backwards(tls::known_groups)); }},
        {"fewer signature schemes",
         [](auto& s) { s.schemes = tls::seam::scheme_list(std::span(tls::known_schemes).first(2)); }},
        {"their order", [](auto& s) { s.schemes = tls::seam::scheme_list(backwards(tls::known_schemes)); }},
    };
    std::vector<std::pair<std::string, fake::bytes>> seen{{"as usual", text_of(usual())}};
    seen.emplace_back("another backend", text_of(usual(), "two"));
    seen.emplace_back("another version of the library", text_of(usual(), "one", "1.1"));
    seen.emplace_back("where the two meet", text_of(usual(), "one1", ".0"));
    for (auto const& c : changes) {
        tls::settings changed = usual();
        c.apply(changed);
        seen.emplace_back(c.what, text_of(changed));
    }
    for (std::size_t i = 0; i != seen.size(); ++i)
        for (std::size_t k = 0; k != i; ++k)
            CHECK_MESSAGE(seen[i].second != seen[k].second, seen[k].first, " and ", seen[i].first);
}

TEST_CASE("fingerprint: two clients with the same settings have the same one, whatever they log") {
    tls::settings one;
    one.anchors = anchors_of({fake::root()});
    one.identity = identity_of({fake::leaf()});
    tls::settings two;
    two.anchors = anchors_of({fake::root()});
    two.identity = identity_of({fake::leaf()});
    two.key_log = tls::key_log_sink{};
    two.log = tls::log_sink{};
    CHECK(text_of(one) == text_of(two));
}

} // namespace unit::fingerprint_cases
