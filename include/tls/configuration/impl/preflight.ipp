// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/configuration/preflight.hpp>
#include <tls/configuration/summary.hpp>
#include <tls/core/clock.hpp>
#include <tls/core/time_text.hpp>
#include <tls/verify/certificate_rules.hpp>
#include <tls/verify/judge.hpp>
#include <tls/x509/certificate.hpp>
#include <tls/x509/short_name.hpp>

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

namespace tls {
namespace detail {

/// Collects the findings of one preflight.
class preflight_check {
public:
    preflight_check(settings const& s, server_name const& name, std::int64_t now) noexcept
        : settings_(s),
          name_(name),
          now_(now) {}

    /// Null if memory ran out.
    [[nodiscard]] seam::shared<seam::array<finding> const> run() noexcept {
        if (!settings_.psk) { // a pre-shared key stands for both, and knows no time
            check_clock();
            check_identities();
            check_anchors();
        }
        if (name_.is_ip()) add(severity::note, finding_kind::no_server_name_sent, name_.text());
        seam::array<finding> sorted;
        for (auto const how : {severity::error, severity::warning, severity::note})
            for (finding const& f : found_)
                if (f.severity == how && !sorted.push_back(f)) out_of_memory_ = true;
        if (out_of_memory_) return {};
        return seam::shared<seam::array<finding> const>::make(std::move(sorted));
    }

private:
    using certificate = x509::certificate_view;

    void add(severity how, finding_kind kind, short_text const& about = {}) noexcept {
        add({how, kind, about, 0, 0, 0});
    }
    void add(finding const& f) noexcept {
        if (!found_.push_back(f)) out_of_memory_ = true;
    }

    void add(severity how, finding_kind kind, certificate const& c, std::size_t index) noexcept {
        add({how, kind, text_of(c.subject_name()), number(index), c.not_before(), c.not_after()});
    }

    [[nodiscard]] static std::uint32_t number(std::size_t index) noexcept { return static_cast<std::uint32_t>(index); }

    [[nodiscard]] static short_text text_of(std::span<std::byte const> name) noexcept {
        short_text const text = x509::short_name(name);
        return text.empty() ? short_text("a certificate without subject") : text;
    }

    // ---- the clock

    void check_clock() noexcept {
        if (!is_time_of_unset_clock(now_)) return;
        clock_is_plausible_ = false;
        bool const all_servers_refused = settings_.policy.check_time && !settings_.accept_any_server;
        add(all_servers_refused ? severity::error : severity::warning, finding_kind::clock_implausible);
        add(severity::note, finding_kind::validity_unknown);
    }

    // ---- our own certificates

    void check_identities() noexcept {
        std::size_t const count = seam::identity_count(settings_);
        if (count == 0) return add(severity::note, finding_kind::no_identity);
        for (std::size_t i = 0; i != count; ++i) check_identity(seam::identity_at(settings_, i));
    }

    void check_identity(seam::own_identity const& own) noexcept {
        auto const chain = own.who.chain();
        for (std::size_t i = 0; i != chain.size(); ++i) {
            certificate const& c = chain[i];
            if (i != 0 && !verify::detail::key_ids_agree(chain[i - 1], c))
                add(severity::warning, finding_kind::intermediate_has_another_key, c, i);
            bool const is_sent_root = i != 0 && i + 1 == chain.size() && c.is_self_issued();
            // Servers ignore a root that is sent; they use their own.
            if (is_sent_root) return add(severity::note, finding_kind::chain_has_root, c, i);
            check_validity(c, i);
            check_strength(c, i);
            if (i == 0)
                check_leaf(own, c, chain.size() == 1);
            else
                check_intermediate(c, i);
        }
    }

    void check_validity(certificate const& c, std::size_t index) noexcept {
        using enum finding_kind;
        constexpr std::int64_t seven_days = std::int64_t{7} * 86400;
        if (!clock_is_plausible_) return;
        if (now_ > c.not_after())
            add(severity::error, index == 0 ? identity_expired : intermediate_expired, c, index);
        else if (now_ < c.not_before())
            add(severity::error, index == 0 ? identity_not_yet_valid : intermediate_not_yet_valid, c, index);
        else if (c.not_after() - now_ < seven_days)
            add(severity::note, chain_expires_soon, c, index);
    }

    /// The size of keys and the hash of signatures; what kind of key can sign handshakes is another question.
    void check_strength(certificate const& c, std::size_t index) noexcept {
        using enum x509::public_key_kind;
        bool const measured = c.public_key_kind() == rsa || c.public_key_kind() == ec;
        bool const weak = measured && !verify::detail::is_strong_key(c, settings_.policy);
        if (weak && !(index == 0 && is_barred_from_tls_1_3(c)))
            add(severity::warning, finding_kind::chain_weak_key, c, index);
        auto const algorithm = c.signature_algorithm();
        bool const known = algorithm != x509::signature_algorithm::other;
        if (known && !c.is_self_issued() && !x509::has_strong_hash(algorithm))
            add(severity::warning, finding_kind::chain_weak_hash, c, index);
    }

    /// TLS 1.2 signs with a key on any curve; TLS 1.3 has algorithms for three (RFC 8446 section 4.2.3).
    [[nodiscard]] bool is_barred_from_tls_1_3(certificate const& c) const noexcept {
        bool const no_algorithm = c.public_key_kind() == x509::public_key_kind::ec && c.curve() == x509::curve::other;
        return no_algorithm && settings_.highest_version >= protocol_version::tls_1_3;
    }

    void check_leaf(seam::own_identity const& own, certificate const& c, bool is_alone) noexcept {
        using enum finding_kind;
        check_key_kind(own, c);
        auto const usage = c.key_usage();
        bool const signs = !usage || usage->allows(x509::key_usage_bit::digital_signature);
        if (c.is_ca())
            // Being an authority's explains its keyUsage and that it is self-issued: one finding is enough.
            add(signs ? severity::warning : severity::error, identity_is_ca, c, 0);
        else if (!signs)
            add(severity::error, identity_not_for_signing, c, 0);
        if (!c.allows_client_auth()) add(severity::error, identity_not_for_clients, c, 0);
        if (!is_alone) return;
        if (c.is_self_issued()) {
            if (!c.is_ca()) add(severity::warning, identity_self_signed, c, 0);
        } else if (settings_.anchors.find(c.issuer_name()).empty()) {
            add(severity::note, chain_may_be_incomplete, text_of(c.issuer_name()));
        }
    }

    /// Something else signs with our key, and with PKCS#1 v1.5 only, for example.
    [[nodiscard]] bool signer_lacks_tls_1_3(seam::own_identity const& own) const noexcept {
        return own.signing.signer && settings_.highest_version >= protocol_version::tls_1_3 &&
               !can_sign_at(settings_, own, protocol_version::tls_1_3);
    }

    void check_key_kind(seam::own_identity const& own, certificate const& c) noexcept {
        using enum x509::public_key_kind;
        bool const barred = is_barred_from_tls_1_3(c);
        bool const only_1_3 = settings_.lowest_version >= protocol_version::tls_1_3;
        if (c.public_key_kind() == other || (barred && only_1_3))
            add(severity::error, finding_kind::identity_key_unusable, c, 0);
        else if (c.public_key_kind() == ed25519)
            // The libraries as twintls builds them do not support such a key; one that loaded it may be able to use it.
            add(severity::warning, finding_kind::identity_key_unusable, c, 0);
        else if (barred || signer_lacks_tls_1_3(own))
            add(severity::warning, finding_kind::identity_key_not_for_tls_1_3, c, 0);
    }

    void check_intermediate(certificate const& c, std::size_t index) noexcept {
        if (!c.is_ca() || !verify::detail::may_sign_certificates(c))
            add(severity::error, finding_kind::intermediate_not_a_ca, c, index);
        if (!c.allows_client_auth()) add(severity::warning, finding_kind::intermediate_not_for_clients, c, index);
    }

    // ---- whom we trust

    void check_anchors() noexcept {
        if (settings_.accept_any_server) return add(severity::warning, finding_kind::accepts_any_server);
        verify::anchor_set const& anchors = settings_.anchors;
        verify::anchor_set const& servers = settings_.exactly;
        if (anchors.empty() && servers.empty() && anchors.unreadable() + servers.unreadable() == 0)
            return add(severity::error, finding_kind::no_anchors);
        bool any_usable = false;
        std::size_t const before = found_.size();
        for (std::size_t i = 0; i != anchors.size(); ++i)
            if (check_anchor(anchors[i], i, false)) any_usable = true;
        for (std::size_t i = 0; i != servers.size(); ++i)
            if (check_anchor(servers[i], anchors.size() + i, true)) any_usable = true;
        std::size_t const readable = anchors.size() + servers.size();
        for (std::size_t i = 0; i != anchors.unreadable() + servers.unreadable(); ++i)
            add({severity::warning, finding_kind::anchor_unreadable, {}, number(readable + i), 0, 0});
        if (!any_usable) return add(severity::error, finding_kind::no_usable_anchor);
        // Bundles keep old roots for a while: nothing to worry about as long as there are others.
        for (finding& f : std::span(found_.data(), found_.size()).subspan(before)) {
            using enum finding_kind;
            if (f.kind == anchor_expired || f.kind == anchor_not_yet_valid || f.kind == anchor_weak_key)
                f.severity = severity::note;
        }
    }

    /// Whether a path may end at this anchor; or whether this server, which is trusted as it is, may be accepted.
    [[nodiscard]] bool check_anchor(certificate const& c, std::size_t index, bool exactly) noexcept {
        using enum finding_kind;
        auto rules = settings_.policy;
        if (!clock_is_plausible_) rules.check_time = false;
        auto const problems = verify::problems_of_anchor(c, rules, now_);
        std::size_t const before = found_.size();
        if (problems.has(errc::expired)) add(severity::warning, anchor_expired, c, index);
        if (problems.has(errc::not_yet_valid)) add(severity::warning, anchor_not_yet_valid, c, index);
        if (problems.has(errc::weak_key)) add(severity::warning, anchor_weak_key, c, index);
        if (problems.has(errc::malformed_certificate)) add(severity::warning, anchor_unreadable, c, index);
        bool const not_a_ca = problems.has(errc::not_a_ca);
        bool const is_one_server = exactly || (not_a_ca && c.is_self_issued());
        if (not_a_ca && !is_one_server) {
            add(severity::warning, anchor_not_a_ca, c, index); // explains its usage too: one finding is enough
        } else {
            bool const use = (problems.has(errc::bad_key_usage) && !is_one_server) ||
                             problems.has(errc::bad_extended_key_usage) || problems.has(errc::critical_extension);
            if (use) add(severity::warning, anchor_forbids_use, c, index);
        }
        if (found_.size() != before) return false;
        if (is_one_server) add(severity::note, anchor_is_one_server, c, index);
        return true;
    }

    settings const& settings_;
    server_name const& name_;
    std::int64_t now_;
    bool clock_is_plausible_ = true;
    seam::array<finding> found_;
    bool out_of_memory_ = false;
};

/// Which end of a certificate's validity a finding is about.
enum class validity_end : std::uint8_t { neither, first, last };

constexpr validity_end end_in_question(finding_kind kind) noexcept {
    switch (kind) {
    case finding_kind::identity_expired:
    case finding_kind::intermediate_expired:
    case finding_kind::anchor_expired:
    case finding_kind::chain_expires_soon: return validity_end::last;
    case finding_kind::identity_not_yet_valid:
    case finding_kind::intermediate_not_yet_valid:
    case finding_kind::anchor_not_yet_valid: return validity_end::first;
    default: return validity_end::neither;
    }
}

} // namespace detail

TWINTLS_DECL bool findings::has(finding_kind kind) const noexcept {
    return std::ranges::find(*this, kind, &finding::kind) != end();
}

TWINTLS_DECL findings preflight(settings const& s, server_name const& name, std::int64_t now) noexcept {
    return {now, detail::preflight_check(s, name, now).run()};
}

TWINTLS_DECL std::string explain(findings const& found, vocabulary const& words) {
    std::string text;
    for (finding const& f : found) {
        if (!text.empty()) text += '\n';
        text.append(name(f.severity)).append(": ").append(message(f.kind));
        if (!f.about.empty()) text.append(": ").append(f.about.view());
        auto const end = detail::end_in_question(f.kind);
        if (end == detail::validity_end::first)
            text.append(", valid from ").append(detail::time_text(f.not_before).view());
        if (end == detail::validity_end::last)
            text.append(", valid until ").append(detail::time_text(f.not_after).view());
        if (end != detail::validity_end::neither || f.kind == finding_kind::clock_implausible)
            text.append("; the clock says ").append(detail::time_text(found.clock()).view());
        auto const what = detail::advice_in_any_words(f.kind);
        if (what.empty()) continue;
        text.append("\n  try: ");
        detail::for_each_piece(
            what, [&](std::string_view plain) { text.append(plain); },
            [&](std::string_view word) { text.append(words.*(detail::find_vocabulary_word(word)->text)); });
    }
    return text;
}

} // namespace tls
