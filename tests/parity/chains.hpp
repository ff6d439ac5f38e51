// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "parity/parity.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

/// Chains that servers show, good and bad, each with the verdict it must get.
namespace parity {

using namespace std::chrono_literals;
using testbed::certificate;
using testbed::certificate_spec;
using testbed::issue;
using testbed::issuer;
using testbed::key_kind;
using testbed::pooled_key;

/// What a server shows, whom the client trusts, and what the verdict must be.
struct scene {
    std::vector<certificate> sent{};
    std::vector<certificate> anchors{};
    testbed::key const* key = nullptr;
    std::string name = "localhost";
};

/// The scene's server, at one version.
inline testbed::server_options server_of(scene const& s, protocol_version v) {
    return testbed::server_options::showing({s.sent, s.key}, v);
}

/// The scene's client, for one version.
inline client_options client_in(scene const& s, protocol_version v) {
    return only(v, {.anchors = tls::trust_anchors::from_pem(testbed::pem_of(s.anchors))});
}

/// The builder of a client that trusts the scene's anchors and has an identity.
template <class P> auto trusting(scene const& s, protocol_version v) {
    return tls::client<typename P::backend>::configure()
        .versions(v, v)
        .trust(tls::trust_anchors::from_pem(testbed::pem_of(s.anchors)))
        .identity(identity(pki().client));
}

/// A handshake with the scene's server, which asks for a certificate: none of ours leaves before the verdict.
template <class P> tls::result<void> meet(client_for<P> const& client, scene const& s, protocol_version v) {
    auto options = server_of(s, v);
    options.request_client_certificate = true;
    options.client_anchors = {pki().root.certificate};
    auto c = converse<P>(client, options, s.name);
    auto const done = c.run();
    if (!done) CHECK(c.server.client_certificates_received() <= 0);
    return done;
}

/// A scene in the making: root, one intermediate and a leaf, each of which a case may change.
struct stage {
    certificate_spec root = testbed::root_spec();
    certificate_spec intermediate = testbed::server_intermediate_spec();
    certificate_spec leaf = testbed::server_spec();
    key_kind root_kind = key_kind::p256;
    key_kind intermediate_kind = key_kind::p256;
    key_kind leaf_kind = key_kind::p256;
    std::string name = "localhost";

    // Indices into the pool of keys, so that no two certificates share one by accident.
    static constexpr int root_key = 20;
    static constexpr int intermediate_key = 21;
    static constexpr int leaf_key = 22;
    static constexpr int lower_intermediate_key = 26;

    [[nodiscard]] issuer made_root() const {
        auto const& k = pooled_key(root_kind, root_key);
        return {issue(root, k), &k};
    }
    [[nodiscard]] issuer made_intermediate(issuer const& by) const {
        auto const& k = pooled_key(intermediate_kind, intermediate_key);
        return {issue(intermediate, k, &by), &k};
    }
    [[nodiscard]] scene build() const {
        issuer const top = made_root();
        issuer const middle = made_intermediate(top);
        auto const& k = pooled_key(leaf_kind, leaf_key);
        return {{issue(leaf, k, &middle), middle.certificate}, {top.certificate}, &k, name};
    }
    /// With another intermediate between `intermediate` and the leaf; sent in order, the lower one first.
    [[nodiscard]] scene build_with_two_intermediates() const {
        issuer const top = made_root();
        issuer const upper = made_intermediate(top);
        auto lower_spec = testbed::server_intermediate_spec();
        lower_spec.common_name = "lower intermediate";
        auto const& lower_key = pooled_key(key_kind::p256, lower_intermediate_key);
        issuer const lower{issue(lower_spec, lower_key, &upper), &lower_key};
        auto const& k = pooled_key(leaf_kind, leaf_key);
        return {{issue(leaf, k, &lower), lower.certificate, upper.certificate}, {top.certificate}, &k, name};
    }
};

struct chain_case {
    std::string what;
    errc expected;
    std::function<scene()> make;
    /// What a backend says instead whose library does not parse name constraints; ok if the same.
    errc without_critical_constraints = errc::ok;
};

/// A case that changes one thing of the good stage.
inline chain_case changed(char const* what, errc expected, std::function<void(stage&)> change) {
    return {what, expected, [change = std::move(change)] {
                stage s;
                change(s);
                return s.build();
            }};
}

inline chain_case named(char const* what, errc expected, std::string name, std::vector<std::string> dns) {
    return changed(what, expected, [=](stage& s) {
        s.name = name;
        s.leaf.dns = dns;
        s.leaf.ips = {};
    });
}

inline std::vector<chain_case> good_and_expired() {
    auto const past = [](certificate_spec& s) {
        s.not_before = testbed::now() - 48h;
        s.not_after = testbed::now() - 24h;
    };
    auto const future = [](certificate_spec& s) {
        s.not_before = testbed::now() + 24h;
        s.not_after = testbed::now() + 48h;
    };
    return {
        changed("a good chain", errc::ok, [](stage&) {}),
        {"a good chain with its root", errc::ok,
         [] {
             auto s = stage{}.build();
             s.sent.push_back(s.anchors.front());
             return s;
         }},
        changed("a leaf that has expired", errc::expired, [=](stage& s) { past(s.leaf); }),
        changed("an intermediate that has expired", errc::expired, [=](stage& s) { past(s.intermediate); }),
        changed("a root that has expired", errc::expired, [=](stage& s) { past(s.root); }),
        changed("a leaf of tomorrow", errc::not_yet_valid, [=](stage& s) { future(s.leaf); }),
        changed("an intermediate of tomorrow", errc::not_yet_valid, [=](stage& s) { future(s.intermediate); }),
        changed("a root of tomorrow", errc::not_yet_valid, [=](stage& s) { future(s.root); }),
        changed(
            "a leaf valid for ever", errc::ok,
            [](stage& s) { s.leaf.not_after = std::chrono::sys_days(std::chrono::year(9999) / 12 / 31); }),
    };
}

inline std::vector<chain_case> names() {
    std::vector<chain_case> all = {
        named("another name", errc::name_mismatch, "localhost", {"server.example"}),
        named("one of several names", errc::ok, "b.example", {"a.example", "b.example"}),
        named("letters in another case", errc::ok, "LocalHost", {"LOCALHOST"}),
        named("a trailing dot of ours", errc::ok, "server.example.", {"server.example"}),
        named("a single label", errc::ok, "broker", {"broker"}),
        named("a wildcard for one label", errc::ok, "a.wild.example", {"*.wild.example"}),
        named("a wildcard for two labels", errc::name_mismatch, "a.b.wild.example", {"*.wild.example"}),
        named("a wildcard for none", errc::name_mismatch, "wild.example", {"*.wild.example"}),
        named("a wildcard above one label", errc::name_mismatch, "server.example", {"*.example"}),
        named("a wildcard within a label", errc::name_mismatch, "foo.wild.example", {"f*.wild.example"}),
        named("a wildcard in the middle", errc::name_mismatch, "foo.bar.wild.example", {"foo.*.wild.example"}),
        named("a wildcard alone", errc::name_mismatch, "localhost", {"*"}),
        named("two wildcards", errc::name_mismatch, "a.b.wild.example", {"*.*.wild.example"}),
        named("an address as text for an address", errc::name_mismatch, "127.0.0.1", {"127.0.0.1"}),
        named("a wildcard for an address", errc::name_mismatch, "127.0.0.1", {"*.0.0.1"}),
    };
    all.push_back(changed("an address", errc::ok, [](stage& s) { s.name = "127.0.0.1"; }));
    all.push_back(changed("an address of six", errc::ok, [](stage& s) { s.name = "::1"; }));
    all.push_back(changed("another address", errc::name_mismatch, [](stage& s) { s.name = "127.0.0.2"; }));
    all.push_back(changed("only a common name", errc::name_mismatch, [](stage& s) {
        s.leaf.dns = {};
        s.leaf.ips = {};
        s.leaf.common_name = "localhost";
    }));
    all.push_back(changed("a common name beside an e-mail address", errc::name_mismatch, [](stage& s) {
        s.leaf.dns = {};
        s.leaf.ips = {};
        s.leaf.emails = {"root@localhost"};
        s.leaf.common_name = "localhost";
    }));
    all.push_back(changed("a common name that is an address", errc::name_mismatch, [](stage& s) {
        s.leaf.dns = {};
        s.leaf.ips = {};
        s.leaf.common_name = "127.0.0.1";
        s.name = "127.0.0.1";
    }));
    return all;
}

inline std::vector<chain_case> trust_and_signatures() {
    return {
        {"another root of another name", errc::untrusted,
         [] {
             auto s = stage{}.build();
             auto spec = testbed::root_spec();
             spec.common_name = "somebody else";
             s.anchors = {issue(spec, pooled_key(key_kind::p256, 23))};
             return s;
         }},
        {"another root of the same name", errc::untrusted,
         [] {
             auto s = stage{}.build();
             s.anchors = {issue(testbed::root_spec(), pooled_key(key_kind::p256, 23))};
             return s;
         }},
        {"no intermediate", errc::untrusted,
         [] {
             auto s = stage{}.build();
             s.sent.resize(1);
             return s;
         }},
        {"a self-signed certificate nobody trusts", errc::self_signed,
         [] {
             auto s = stage{}.build();
             auto const& k = pooled_key(key_kind::p256, 24);
             s.sent = {issue(testbed::server_spec(), k)};
             s.key = &k;
             return s;
         }},
        {"a self-signed certificate that is the trust anchor", errc::ok,
         [] {
             auto const& k = pooled_key(key_kind::p256, 24);
             auto const leaf = issue(testbed::server_spec(), k);
             return scene{{leaf}, {leaf}, &k};
         }},
        {"a twin of a trusted self-signed certificate", errc::bad_key_usage,
         [] {
             // Same name, same key, other content: only the very certificate is trusted, and it may not sign others.
             auto const& k = pooled_key(key_kind::p256, 24);
             auto twin = testbed::server_spec();
             twin.dns.push_back("twin.example");
             return scene{{issue(twin, k)}, {issue(testbed::server_spec(), k)}, &k, "twin.example"};
         }},
        {"an intermediate as trust anchor", errc::ok,
         [] {
             auto s = stage{}.build();
             s.anchors = {s.sent[1]};
             s.sent.resize(1);
             return s;
         }},
        changed(
            "a wrong signature on the leaf", errc::bad_signature, [](stage& s) { s.leaf.corrupt_signature = true; }),
        changed(
            "a wrong signature on the intermediate", errc::bad_signature,
            [](stage& s) { s.intermediate.corrupt_signature = true; }),
        {"an intermediate with the right name and the wrong key", errc::bad_signature,
         [] {
             // Without key identifiers there are only names to go by, until the signature is checked.
             stage st;
             st.leaf.authority_key_id = false;
             st.intermediate.subject_key_id = false;
             auto s = st.build();
             auto const& other = pooled_key(key_kind::p256, 25);
             issuer const root = st.made_root();
             s.sent[1] = issue(st.intermediate, other, &root);
             return s;
         }},
    };
}

inline std::vector<chain_case> keys_and_hashes() {
    using testbed::hash;
    return {
        changed("an RSA-2048 leaf", errc::ok, [](stage& s) { s.leaf_kind = key_kind::rsa_2048; }),
        changed("an RSA-1024 leaf", errc::weak_key, [](stage& s) { s.leaf_kind = key_kind::rsa_1024; }),
        changed("an RSA-1024 intermediate", errc::weak_key, [](stage& s) { s.intermediate_kind = key_kind::rsa_1024; }),
        changed("an RSA-1024 root", errc::weak_key, [](stage& s) { s.root_kind = key_kind::rsa_1024; }),
        changed("an RSA-2048 root", errc::ok, [](stage& s) { s.root_kind = key_kind::rsa_2048; }),
        changed("a P-224 intermediate", errc::weak_key, [](stage& s) { s.intermediate_kind = key_kind::p224; }),
        changed(
            "a P-384 intermediate", errc::ok,
            [](stage& s) {
                s.intermediate_kind = key_kind::p384;
                s.leaf.hash = hash::sha384;
            }),
        changed(
            "a P-521 root", errc::ok,
            [](stage& s) {
                s.root_kind = key_kind::p521;
                s.intermediate.hash = hash::sha512;
            }),
        changed("SHA-1 on the leaf", errc::weak_hash, [](stage& s) { s.leaf.hash = hash::sha1; }),
        changed("SHA-1 on the intermediate", errc::weak_hash, [](stage& s) { s.intermediate.hash = hash::sha1; }),
        changed("SHA-1 on the root's own signature", errc::ok, [](stage& s) { s.root.hash = hash::sha1; }),
        changed(
            "MD5 on the leaf", errc::weak_hash,
            [](stage& s) {
                s.intermediate_kind = key_kind::rsa_2048;
                s.leaf.hash = hash::md5;
            }),
        changed(
            "MD5 on the intermediate", errc::weak_hash,
            [](stage& s) {
                s.root_kind = key_kind::rsa_2048;
                s.intermediate.hash = hash::md5;
            }),
    };
}

inline std::vector<chain_case> roles() {
    namespace usage = testbed::usage;
    namespace purpose = testbed::purpose;
    return {
        changed(
            "a leaf for clients only", errc::bad_extended_key_usage,
            [](stage& s) { s.leaf.extended_key_usage = {purpose::client_auth}; }),
        changed(
            "a leaf for both", errc::ok,
            [](stage& s) { s.leaf.extended_key_usage = {purpose::client_auth, purpose::server_auth}; }),
        changed("a leaf for anything", errc::ok, [](stage& s) { s.leaf.extended_key_usage = {purpose::any}; }),
        changed("a leaf without purposes", errc::ok, [](stage& s) { s.leaf.extended_key_usage = {}; }),
        changed(
            "an intermediate for clients only", errc::bad_extended_key_usage,
            [](stage& s) { s.intermediate.extended_key_usage = {purpose::client_auth}; }),
        changed(
            "an intermediate for servers", errc::ok,
            [](stage& s) { s.intermediate.extended_key_usage = {purpose::server_auth}; }),
        changed(
            "a leaf that may not sign", errc::bad_key_usage,
            [](stage& s) { s.leaf.key_usage = usage::key_encipherment; }),
        changed("a leaf without key usage", errc::ok, [](stage& s) { s.leaf.key_usage_present = false; }),
        changed(
            "an intermediate that may not sign certificates", errc::bad_key_usage,
            [](stage& s) { s.intermediate.key_usage = usage::digital_signature; }),
        changed(
            "a root that may not sign certificates", errc::bad_key_usage,
            [](stage& s) { s.root.key_usage = usage::digital_signature; }),
        changed(
            "an intermediate that is no CA", errc::not_a_ca,
            [](stage& s) {
                s.intermediate.ca = false;
                s.intermediate.path_len = {};
                s.intermediate.key_usage_present = false;
            }),
        changed(
            "an intermediate without basic constraints", errc::not_a_ca,
            [](stage& s) {
                s.intermediate.basic_constraints = false;
                s.intermediate.key_usage_present = false;
            }),
        changed(
            "a root that is no CA", errc::not_a_ca,
            [](stage& s) {
                s.root.ca = false;
                s.root.key_usage_present = false;
            }),
        changed(
            "a root of version 1", errc::ok,
            [](stage& s) {
                s.root.version = 1;
                s.intermediate.authority_key_id = false;
            }),
        changed(
            "an intermediate of version 1", errc::not_a_ca,
            [](stage& s) {
                s.intermediate.version = 1;
                s.leaf.authority_key_id = false;
            }),
        changed("a path as long as the root allows", errc::ok, [](stage& s) { s.root.path_len = 1; }),
        changed("a path longer than the root allows", errc::path_too_long, [](stage& s) { s.root.path_len = 0; }),
        {"a path longer than the intermediate allows", errc::path_too_long,
         [] {
             stage st;
             st.intermediate.path_len = 0;
             return st.build_with_two_intermediates();
         }},
        changed(
            "an unknown critical extension in the leaf", errc::critical_extension,
            [](stage& s) { s.leaf.unknown_critical_extension = true; }),
        changed(
            "an unknown critical extension in the intermediate", errc::critical_extension,
            [](stage& s) { s.intermediate.unknown_critical_extension = true; }),
        changed(
            "an unknown extension that is not critical", errc::ok, [](stage& s) { s.leaf.unknown_extension = true; }),
    };
}

inline std::vector<chain_case> constrained_names() {
    using testbed::constraints;
    auto const on_intermediate = [](char const* what, errc expected, constraints c) {
        auto one = changed(what, expected, [=](stage& s) {
            s.intermediate.name_constraints = c;
            s.leaf.dns = {"localhost", "server.example"};
            s.leaf.ips = {};
        });
        if (c.critical && expected == errc::ok) one.without_critical_constraints = errc::critical_extension;
        return one;
    };
    return {
        on_intermediate(
            "names inside what is permitted", errc::ok, {.permitted_dns = {"localhost", "example"}, .critical = false}),
        on_intermediate(
            "a name outside what is permitted", errc::name_constraint,
            {.permitted_dns = {"example"}, .critical = false}),
        on_intermediate(
            "a name that is excluded", errc::name_constraint, {.excluded_dns = {"server.example"}, .critical = false}),
        on_intermediate("another name is excluded", errc::ok, {.excluded_dns = {"other.example"}, .critical = false}),
        on_intermediate(
            "critical: names inside what is permitted", errc::ok, {.permitted_dns = {"localhost", "example"}}),
        on_intermediate(
            "critical: a name outside what is permitted", errc::name_constraint, {.permitted_dns = {"example"}}),
        changed(
            "a root's constraint, not critical", errc::name_constraint,
            [](stage& s) { s.root.name_constraints = constraints{.permitted_dns = {"example"}, .critical = false}; }),
        changed(
            "a root's constraint, critical", errc::name_constraint,
            [](stage& s) { s.root.name_constraints = constraints{.permitted_dns = {"example"}}; }),
        changed(
            "a root's constraint that fits", errc::ok,
            [](stage& s) { s.root.name_constraints = constraints{.permitted_dns = {"localhost", "example"}}; }),
        changed(
            "an address outside what is permitted", errc::name_constraint,
            [](stage& s) {
                s.root.name_constraints = constraints{.permitted_ips = {"10.0.0.0/8"}, .critical = false};
                s.name = "127.0.0.1";
            }),
        {"a constraint two levels above the leaf", errc::name_constraint,
         [] {
             stage st;
             st.intermediate.name_constraints = constraints{.permitted_dns = {"evil.example"}, .critical = false};
             st.intermediate.path_len = 1;
             return st.build_with_two_intermediates();
         }},
        {"a constrained authority that takes another's name and key identifier", errc::name_constraint,
         [] {
             // The good intermediate is sent too, but did not sign the leaf: names alone must not clear it.
             stage st;
             issuer const root = st.made_root();
             issuer const good = st.made_intermediate(root);
             auto evil_spec = testbed::server_intermediate_spec();
             evil_spec.common_name = "constrained";
             evil_spec.path_len = {};
             evil_spec.name_constraints = constraints{.permitted_dns = {"evil.example"}, .critical = false};
             auto const& evil_key = pooled_key(key_kind::p256, 27);
             issuer const evil{issue(evil_spec, evil_key, &root), &evil_key};
             auto const& double_key = pooled_key(key_kind::p256, 28);
             auto double_spec = st.intermediate;
             double_spec.subject_key_id_value = good.certificate.subject_key_id;
             issuer const impostor{issue(double_spec, double_key, &evil), &double_key};
             auto const& leaf_key = pooled_key(key_kind::p256, stage::leaf_key);
             return scene{
                 {issue(st.leaf, leaf_key, &impostor), good.certificate, impostor.certificate, evil.certificate},
                 {root.certificate},
                 &leaf_key};
         }},
    };
}

} // namespace parity
