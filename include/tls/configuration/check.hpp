// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/configuration/offered_list.hpp>
#include <tls/configuration/settings.hpp>
#include <tls/configuration/summary.hpp>
#include <tls/core/error.hpp>
#include <tls/core/feature.hpp>
#include <tls/core/limits.hpp>
#include <tls/core/protocol.hpp>
#include <tls/core/text_writer.hpp>
#include <tls/credentials/credentials.hpp>
#include <tls/credentials/own_key.hpp>
#include <tls/verify/policy.hpp>
#include <tls/x509/key_description.hpp>
#include <tls/x509/oid.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <expected>
#include <string_view>

namespace tls::detail {

/// True for a key that is too small for servers: RSA below the size we require of them, P-192 and P-224.
[[nodiscard]] inline bool is_weak_identity(x509::key_description const& ours) noexcept {
    using enum x509::key_description::algorithm;
    constexpr std::size_t lowest_rsa_bits = verify::policy{}.minimum_rsa_bits;
    bool const short_rsa = ours.kind == rsa && ours.bits < lowest_rsa_bits;
    bool const short_ec = ours.kind == ec && (x509::is_oid(ours.id, x509::oid<1, 2, 840, 10045, 3, 1, 1>) ||
                                              x509::is_oid(ours.id, x509::oid<1, 3, 132, 0, 33>));
    return short_rsa || short_ec;
}

/// Checks the size of our key. Errors: weak_identity, which names the certificate's file and the kind of key.
[[nodiscard]] inline result<void> check_strength(tls::identity const& ours) noexcept {
    auto const key = x509::describe_key(ours.leaf());
    if (!is_weak_identity(key)) return {};
    return refused_key(errc::weak_identity, ours.chain_origin(), key);
}

/// A bad_configuration error that names the value and what is wrong with it.
[[nodiscard]] inline std::unexpected<error> bad_offer(std::string_view about, std::string_view wrong) noexcept {
    std::array<char, short_text::capacity> text;
    text_writer out(text);
    out << about << ": " << wrong;
    return std::unexpected(configuration_error(errc::bad_configuration, out.view()));
}

/// Checks a list that was asked for. Errors: bad_configuration if it is empty, or has a duplicate or an unknown value.
template <auto const& Known>
[[nodiscard]] result<void>
check_offer(seam::offered_list<Known> const& list, std::string_view what, std::string_view one) noexcept {
    if (list.empty()) return bad_offer(what, "none");
    known_set<Known> seen;
    for (auto const v : list) {
        known_set<Known> const before = seen;
        if (before.has(v)) return bad_offer(name(v), "twice");
        seen.add(v);
        if (seen != before) continue;
        if (!name(v).starts_with("unknown")) return bad_offer(name(v), "not offered");
        std::array<char, short_text::capacity> number;
        text_writer out(number);
        out << one << " " << static_cast<long long>(v);
        return bad_offer(out.view(), "not known");
    }
    return {};
}

/// Checks that every suite asked for belongs to a version in the range, and that every version in the range has one.
[[nodiscard]] inline result<void> check_suites_against_versions(settings const& s) noexcept {
    auto const in_range = [&](protocol_version v) { return s.lowest_version <= v && v <= s.highest_version; };
    for (cipher_suite const suite : s.suites)
        if (!in_range(version_of(suite))) return bad_offer(name(suite), "not for these versions");
    for (protocol_version const v : {protocol_version::tls_1_2, protocol_version::tls_1_3})
        if (in_range(v) && std::ranges::find(s.suites, v, version_of) == s.suites.end())
            return bad_offer(name(v), "no cipher suite for it");
    return {};
}

/// Checks the suites that were asked for.
[[nodiscard]] inline result<void> check_suites(settings const& s) noexcept {
    if (auto const good = check_offer(s.suites, "cipher suites", "cipher suite"); !good) return good;
    for (cipher_suite const suite : s.suites) {
        if (!s.psk && !is_for_certificates(suite)) return bad_offer(name(suite), "only with .psk()");
        if (s.psk && !is_for_pre_shared_keys(suite)) return bad_offer(name(suite), "not with .psk()");
    }
    return check_suites_against_versions(s);
}

/// The same for groups.
[[nodiscard]] inline result<void> check_groups(settings const& s) noexcept {
    if (auto const good = check_offer(s.groups, "groups", "group"); !good) return good;
    bool const only_hybrids = std::ranges::all_of(s.groups, is_only_for_tls_1_3);
    if (s.lowest_version < protocol_version::tls_1_3 && only_hybrids)
        return bad_offer(name(protocol_version::tls_1_2), "no group for it");
    auto const* const hybrid = std::ranges::find_if(s.groups, is_only_for_tls_1_3);
    if (s.highest_version < protocol_version::tls_1_3 && hybrid != s.groups.end())
        return bad_offer(name(*hybrid), "not for these versions");
    return {};
}

/// Checks the signature schemes that were asked for: every version offered needs one that a server can sign with.
[[nodiscard]] inline result<void> check_schemes(settings const& s) noexcept {
    if (auto const good = check_offer(s.schemes, "signature schemes", "signature scheme"); !good) return good;
    bool const for_tls_1_3 = std::ranges::any_of(s.schemes, is_for_tls_1_3);
    if (s.highest_version >= protocol_version::tls_1_3 && !for_tls_1_3)
        return bad_offer(name(protocol_version::tls_1_3), "no signature scheme for it");
    // Whatever a server asked for, we could not sign it.
    for (std::size_t i = 0; i != seam::identity_count(s); ++i) {
        if (can_sign_at_all(s, seam::identity_at(s, i))) continue;
        auto const none = bad_offer("signature schemes", "none for our key");
        return std::unexpected(seam::about_identity(s, i, none.error()));
    }
    return {};
}

/// Checks that what signs for us makes a signature that we use, at a version that is offered.
[[nodiscard]] inline result<void> check_signing(settings const& s, seam::own_identity const& own) noexcept {
    if (own.signing.signer.answers_later() && !own.signing.calls->may_wait)
        return std::unexpected(configuration_error(errc::unsupported, name(feature::deferred_signature)));
    if (!can_sign_at_all(s, own)) return bad_offer("signer", "none of its schemes is used at these versions");
    return {};
}

/// Checks that nothing is asked for that takes a certificate of the server, or a session that goes on: to begin one
/// anew with a pre-shared key costs as little.
[[nodiscard]] inline result<void> check_psk(settings const& s) noexcept {
    auto const* const f = s.further.get();
    if (f != nullptr && (f->has_say() || f->keep_path != nullptr || !f->names.empty()))
        return std::unexpected(
            configuration_error(errc::bad_configuration, "with .psk() no certificate comes to judge"));
    if (s.resumption.calls != nullptr)
        return std::unexpected(configuration_error(errc::bad_configuration, ".resumption() saves nothing with .psk()"));
    return {};
}

/// Checks one identity of ours.
[[nodiscard]] inline result<void> check_identity(settings const& s, seam::own_identity const& own) noexcept {
    if (auto const good = check_strength(own.who); !good) return good;
    return own.signing.calls != nullptr ? own.signing.calls->check(s, own) : result<void>();
}

/// Only the builder's calls that ask for lists refer to these, so that other programs do not link the checks.
inline constexpr seam::list_rules<cipher_suite> suite_rules = {check_suites, name};
inline constexpr seam::list_rules<named_group> group_rules = {check_groups, name};
inline constexpr seam::list_rules<signature_scheme> scheme_rules = {check_schemes, name};

/// Checks whatever can be checked without a C library. Errors: bad_alpn (naming the protocol), bad_versions,
/// weak_identity, bad_configuration (naming the suite, group, scheme or version).
[[nodiscard]] inline result<void> check(settings const& s) noexcept {
    std::size_t protocols = 0;
    for (std::size_t i = 0; i != s.alpn.size(); ++i) {
        std::string_view const protocol = s.alpn[i];
        // One library takes the list as one comma-separated text, the other as NUL-terminated texts.
        bool const cannot_be_sent =
            protocol.find(',') != std::string_view::npos || protocol.find('\0') != std::string_view::npos;
        if (protocol.empty() || protocol.size() > 255 || cannot_be_sent)
            return std::unexpected(configuration_error(errc::bad_alpn, protocol));
        protocols += 1 + protocol.size();
        if (protocols > limits::alpn_bytes)
            return std::unexpected(configuration_error(errc::bad_alpn, "more than 8192 bytes in all"));
    }
    if (s.accept_any_server && s.further && s.further->has_say())
        return std::unexpected(
            configuration_error(errc::bad_configuration, "any server is accepted: nothing more can be required"));
    if (s.further && (s.further->record_size < limits::least_record || s.further->record_size > limits::plaintext))
        return std::unexpected(configuration_error(errc::bad_configuration, "records hold 64 to 16384 bytes"));
    if (s.further && s.further->max_fragment != 0 && limits::fragment_code(s.further->max_fragment) == 0)
        return std::unexpected(
            configuration_error(errc::bad_configuration, "a maximum fragment is 512, 1024, 2048 or 4096 bytes"));
    if (s.lowest_version > s.highest_version) return std::unexpected(configuration_error(errc::bad_versions));
    for (std::size_t i = 0; i != seam::identity_count(s); ++i)
        if (auto const good = check_identity(s, seam::identity_at(s, i)); !good)
            return std::unexpected(seam::about_identity(s, i, good.error()));
    if (s.psk)
        if (auto const good = s.psk.calls->check(s); !good) return good;
    if (s.exactly_these_suites != nullptr)
        if (auto const good = s.exactly_these_suites->check(s); !good) return good;
    if (s.exactly_these_groups != nullptr)
        if (auto const good = s.exactly_these_groups->check(s); !good) return good;
    if (s.exactly_these_schemes != nullptr) return s.exactly_these_schemes->check(s);
    return {};
}

} // namespace tls::detail
