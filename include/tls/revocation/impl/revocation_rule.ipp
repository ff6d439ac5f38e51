// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/core/text_writer.hpp>
#include <tls/core/time_text.hpp>
#include <tls/revocation/revocation_rule.hpp>

#include <limits>
#include <optional>
#include <string_view>

namespace tls::detail {

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
        return worst;
    }

private:
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

    /// What the lists say of one certificate. One that is current and does not name it is enough; whatever another
    /// says, one that names it counts, current or not.
    [[nodiscard]] verify::rule_finding
    look_up(x509::certificate_view const& c, x509::certificate_view const& issuer) noexcept {
        verify::rule_finding found{.code = errc::no_crl};
        bool is_good = false;
        std::int64_t until = 0;
        lists_.for_each([&](revocation_list const& list) noexcept {
            if (!covers(list.view(), c, issuer)) return true;
            if (auto const refused = refused_proof(list, issuer); refused.code != errc::ok) {
                if (!is_good && rank(refused.code) < rank(found.code)) found = refused;
                return refused.code != errc::out_of_memory;
            }
            if (auto const entry = list.find(c.serial())) {
                found = {.code = errc::revoked, .about = why(*entry)};
                is_good = false;
                return false;
            }
            if (path_.check_time && path_.now > *list.view().next_update()) {
                if (!is_good && rank(errc::crl_expired) < rank(found.code)) found = {.code = errc::crl_expired};
                return true;
            }
            is_good = true;
            until = std::max(until, *list.view().next_update());
            return true;
        });
        if (!is_good) return found;
        if (path_.check_time) valid_until_ = std::min(valid_until_, until);
        return {};
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

    /// Why a list proves nothing; ok if its issuer signed it, and may, and it has begun.
    [[nodiscard]] verify::rule_finding
    refused_proof(revocation_list const& list, x509::certificate_view const& issuer) const noexcept {
        auto const unknown = [](std::string_view why) noexcept {
            return verify::rule_finding{.code = errc::revocation_unknown, .about = why};
        };
        auto const usage = issuer.key_usage();
        if (usage && !usage->allows(x509::key_usage_bit::crl_sign)) return unknown("its issuer may not sign lists");
        if (!is_strong(list.view().signature_algorithm())) return unknown("it is signed with a weak hash");
        switch (list.is_signed_with(issuer.spki(), ask_)) {
        case signature::answer::good: break;
        case signature::answer::bad: return unknown("its signature is wrong");
        case signature::answer::cannot: return unknown("its signature cannot be checked here");
        case signature::answer::out_of_memory: return {.code = errc::out_of_memory};
        }
        if (path_.check_time && path_.now < list.view().this_update())
            return unknown("it was issued later than our clock says");
        return {};
    }

    [[nodiscard]] static constexpr bool is_strong(x509::signature_algorithm a) noexcept {
        using enum x509::signature_algorithm;
        switch (a) {
        case rsa_pkcs1_md5:
        case rsa_pkcs1_sha1:
        case rsa_pkcs1_sha224:
        case rsa_pss_sha1:
        case rsa_pss_sha224:
        case ecdsa_sha1:
        case ecdsa_sha224: return false;
        default: return true;
        }
    }

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

TWINTLS_DECL std::int64_t newest_list(revocation_settings const& of) noexcept { return of.source->current().newest(); }

} // namespace tls::detail
