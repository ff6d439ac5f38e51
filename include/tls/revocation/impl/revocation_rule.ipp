// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/core/text_writer.hpp>
#include <tls/core/time_text.hpp>
#include <tls/revocation/revocation_rule.hpp>

#include <limits>
#include <optional>
#include <string_view>

namespace tls::detail {

using namespace std::string_view_literals;

/// Looks up one path in the lists.
class revocation_rule {
public:
    revocation_rule(revocation_lists const& lists, verify::proven_path const& path, verify::inquiry const& ask) noexcept
        : lists_(lists),
          path_(path),
          ask_(ask) {}

    [[nodiscard]] verify::rule_finding run(revocation_scope scope) noexcept {
        std::size_t const issued = path_.certificates.size() - 1; // the anchor was issued by nobody
        std::size_t const looked_up = scope == revocation_scope::server ? std::min<std::size_t>(issued, 1) : issued;
        verify::rule_finding worst;
        for (std::size_t depth = 0; depth != looked_up; ++depth) {
            auto found = look_up(*path_.certificates[depth], *path_.certificates[depth + 1]);
            found.depth = depth;
            if (rank(found.code) < rank(worst.code)) worst = found;
        }
        worst.valid_until = valid_until_;
        worst.stamp = ask_.sha256 != nullptr ? stamp_of(lists_, ask_.sha256) : std::nullopt;
        return worst;
    }

private:
    /// What the lists of one issuer are verified with.
    struct issuing_key {
        x509::certificate_view const& issuer;
        verify::digest digest; ///< of its key, once it is needed
        bool is_hashed = false;
    };

    [[nodiscard]] static constexpr int rank(errc code) noexcept {
        switch (code) {
        case errc::out_of_memory: return 0;
        case errc::revoked: return 1;
        case errc::revocation_unknown: return 2;
        case errc::crl_expired: return 3;
        case errc::no_crl: return 4;
        default: return 5;
        }
    }

    /// What the lists say of one certificate. One that names it counts, whatever its dates and whatever others say; so
    /// does one that names it and of which it cannot be told whether its issuer signed it. Otherwise one is enough that
    /// is current.
    [[nodiscard]] verify::rule_finding
    look_up(x509::certificate_view const& c, x509::certificate_view const& issuer) noexcept {
        verify::rule_finding found{.code = errc::no_crl};
        issuing_key key{issuer, {}, false};
        bool is_good = false;
        bool is_in_doubt = false;
        std::int64_t until = 0;
        auto const note = [&](verify::rule_finding const& why) noexcept {
            if (rank(why.code) < rank(found.code)) found = why;
        };
        for (auto const& list : lists_.all()) {
            if (!covers(list->view(), c, issuer)) continue;
            auto const entry = list->find(c.serial());
            // A signature is work, with a key of the server's choice: not where nothing depends on it.
            if (!entry && is_good) continue;
            if (auto const date = dates_of(list->view()); !entry && date.code != errc::ok) {
                note(date);
                continue;
            }
            auto const signed_by_issuer = is_signed(*list, key);
            if (signed_by_issuer.code == errc::out_of_memory) return signed_by_issuer;
            if (signed_by_issuer.code != errc::ok) {
                bool const is_forged = signed_by_issuer.about == wrong_signature;
                if (entry && !is_forged && !is_in_doubt) found = signed_by_issuer;
                is_in_doubt = is_in_doubt || (entry && !is_forged);
                note(signed_by_issuer);
            } else if (entry) {
                return {.code = errc::revoked, .about = why(*entry)};
            } else {
                is_good = true;
                until = *list->view().next_update();
            }
        }
        if (!is_good || is_in_doubt) return found;
        if (path_.check_time) valid_until_ = std::min(valid_until_, until);
        return {};
    }

    /// Why a list is not current; ok if it is.
    [[nodiscard]] verify::rule_finding dates_of(x509::crl_view const& list) const noexcept {
        if (path_.check_time && path_.now < list.this_update())
            return {.code = errc::revocation_unknown, .about = "it was issued later than our clock says"sv};
        return {.code = path_.check_time && path_.now > *list.next_update() ? errc::crl_expired : errc::ok};
    }

    /// Whether a list is about this certificate, issued by that one.
    [[nodiscard]] static bool
    covers(x509::crl_view const& list, x509::certificate_view const& c, x509::certificate_view const& issuer) noexcept {
        if (!x509::der::equal(list.issuer_name(), c.issuer_name())) return false;
        if (list.scope() != x509::crl_scope::all && (list.scope() == x509::crl_scope::authorities) != c.is_ca())
            return false;
        // An authority may have had another key under the same name.
        auto const wanted = list.authority_key_id();
        auto const offered = issuer.subject_key_id();
        if (wanted && offered && !x509::der::equal(*wanted, *offered)) return false;
        return !list.is_partition() || x509::has_distribution_point(c, list.distribution_point());
    }

    /// Why it is not known that a list is its issuer's; ok if it is.
    [[nodiscard]] verify::rule_finding is_signed(revocation_list const& list, issuing_key& key) const noexcept {
        auto const unknown = [](std::string_view why) noexcept {
            return verify::rule_finding{.code = errc::revocation_unknown, .about = why};
        };
        auto const usage = key.issuer.key_usage();
        if (usage && !usage->allows(x509::key_usage_bit::crl_sign)) return unknown("its issuer may not sign lists");
        if (!x509::has_strong_hash(list.view().signature_algorithm())) return unknown("it is signed with a weak hash");
        if (!key.is_hashed) {
            std::array const parts = {key.issuer.spki()};
            if (ask_.sha256 == nullptr || !ask_.sha256(parts, key.digest)) return unknown(not_checked);
            key.is_hashed = true;
        }
        switch (list.is_signed_with(key.issuer.spki(), key.digest, ask_)) {
        case signature::answer::good: return {};
        case signature::answer::bad: return unknown(wrong_signature.view());
        case signature::answer::cannot: break;
        case signature::answer::out_of_memory: return {.code = errc::out_of_memory};
        }
        return unknown(not_checked);
    }
    static constexpr short_text wrong_signature = "its signature is wrong"sv;
    static constexpr std::string_view not_checked = "its signature cannot be checked here";

    [[nodiscard]] static short_text why(x509::crl_entry const& entry) noexcept {
        std::array<char, short_text::capacity> text;
        text_writer out(text);
        out << time_text(entry.revoked_at).view();
        if (entry.reason != x509::revocation_reason::unspecified) out << ", " << name(entry.reason);
        return out.view();
    }

    revocation_lists const& lists_;
    verify::proven_path const& path_;
    verify::inquiry const& ask_;
    std::int64_t valid_until_ = std::numeric_limits<std::int64_t>::max();
};

TWINTLS_DECL verify::rule_finding
check_revocation(void const* of, verify::proven_path const& path, verify::inquiry const& ask) noexcept {
    auto const& s = *static_cast<revocation_settings const*>(of);
    if (path.leaf_alone) return {};         // nobody vouches for it, so nobody can withdraw that
    auto const lists = s.source->current(); // stays, whoever replaces it meanwhile
    return revocation_rule(lists, path, ask).run(s.scope);
}

} // namespace tls::detail
