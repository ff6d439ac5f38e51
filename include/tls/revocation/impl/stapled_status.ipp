// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/core/text_writer.hpp>
#include <tls/core/time_text.hpp>
#include <tls/revocation/impl/sha1.hpp>
#include <tls/revocation/ocsp_response.hpp>
#include <tls/revocation/stapled_status.hpp>
#include <tls/x509/impl/extensions.hpp>
#include <tls/x509/oid.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <string_view>

namespace tls::ocsp {
namespace detail {

using namespace std::string_view_literals;
using tls::detail::text_writer;
using tls::detail::time_text;
using x509::certificate_view;

inline constexpr auto& tls_feature = x509::oid<1, 3, 6, 1, 5, 5, 7, 1, 24>;
inline constexpr auto& ocsp_signing = x509::oid<1, 3, 6, 1, 5, 5, 7, 3, 9>;
inline constexpr auto& ocsp_no_check = x509::oid<1, 3, 6, 1, 5, 5, 7, 48, 1, 5>;
inline constexpr auto& extended_key_usage = x509::oid<2, 5, 29, 37>;

/// Calls `read` with the id and the value of each extension of a certificate that was parsed.
template <class Read> void for_each_extension(certificate_view const& c, Read read) noexcept {
    using der::tag::context_constructed;
    der::cursor in(c.tbs());
    auto const tbs = in.enter(der::tag::sequence);
    while (!in.at_end() && !in.next_is(context_constructed(3))) (void)in.take_any();
    if (in.at_end()) return;
    auto const field = in.enter(context_constructed(3));
    x509::detail::read_extensions(in, [&](der::bytes id, bool) noexcept {
        auto const begin = in.position();
        in.to_end();
        read(id, in.at(in.since(begin)));
    });
    in.leave(field);
    in.leave(tbs);
}

/// True if a SEQUENCE OF values of this tag has one with this content.
[[nodiscard]] inline bool lists(der::bytes sequence, std::uint8_t tag, der::bytes wanted) noexcept {
    der::cursor in(sequence);
    bool found = false;
    auto const outer = in.enter(der::tag::sequence);
    while (!in.at_end())
        if (der::equal(in.at(in.take(tag)), wanted)) found = true;
    in.leave(outer);
    return found && !in.failed() && in.at_end();
}

/// What a certificate says that signs for another authority.
struct delegation {
    bool may_sign = false;       ///< id-kp-OCSPSigning is among its purposes
    bool is_not_checked = false; ///< id-pkix-ocsp-nocheck: its own revocation is not looked up

    explicit delegation(certificate_view const& c) noexcept {
        for_each_extension(c, [this](der::bytes id, der::bytes value) noexcept {
            if (der::equal(id, extended_key_usage)) may_sign = lists(value, der::tag::oid, ocsp_signing);
            if (der::equal(id, ocsp_no_check)) is_not_checked = true;
        });
    }
};

/// The octets of a public key, as OCSP hashes them: without algorithm, tag, length and number of unused bits.
[[nodiscard]] inline der::bytes key_octets(certificate_view const& c) noexcept {
    der::cursor in(c.spki());
    auto const outer = in.enter(der::tag::sequence);
    (void)in.take_any();
    auto const key = x509::detail::take_whole_octets(in);
    in.leave(outer);
    return in.failed() ? der::bytes{} : in.at(key);
}

/// Judges one stapled status.
class status_judge {
public:
    status_judge(stapled_status const& s, verify::inquiry const& ask) noexcept : s_(s), ask_(ask) {}

    [[nodiscard]] verify::rule_finding run() noexcept {
        auto const read = response_view::parse(s_.response);
        if (!read) return bad("it is not an OCSP response"sv);
        if (read->status() != response_status::successful) return answered(read->status());
        if (!read->not_understood().empty()) return bad(read->not_understood());
        if (!hash_issuer()) return bad("it cannot be checked here"sv);
        auto found = look_up(*read);
        if (!found.is_about_leaf) return bad("it is about another certificate"sv);
        if (auto const proof = is_signed(*read); proof.code != errc::ok) return proof;
        if (found.revoked) return {.code = errc::revoked, .about = why(*found.revoked)};
        if (found.good_until) {
            if (s_.check_time) valid_until_ = std::min(valid_until_, *found.good_until);
            return {.valid_until = valid_until_};
        }
        return found.instead;
    }

private:
    /// What a response says of the leaf, leaving aside whether it is genuine.
    struct said {
        bool is_about_leaf = false;
        std::optional<single_response> revoked;
        std::optional<std::int64_t> good_until;
        verify::rule_finding instead{.code = errc::bad_stapled_status};
    };

    [[nodiscard]] static verify::rule_finding bad(std::string_view why) noexcept {
        return {.code = errc::bad_stapled_status, .about = why};
    }
    [[nodiscard]] static verify::rule_finding answered(response_status s) noexcept {
        std::array<char, short_text::capacity> text;
        text_writer out(text);
        out << "the responder answered " << name(s);
        return bad(out.view());
    }
    [[nodiscard]] static short_text why(single_response const& revoked) noexcept {
        std::array<char, short_text::capacity> text;
        text_writer out(text);
        out << time_text(revoked.revoked_at).view();
        if (revoked.reason != x509::revocation_reason::unspecified) out << ", " << x509::name(revoked.reason);
        return out.view();
    }

    /// The names that a CertID may give to the issuer; false if the library fails.
    [[nodiscard]] bool hash_issuer() noexcept {
        auto const name = s_.leaf.issuer_name();
        auto const key = key_octets(s_.issuer);
        if (key.empty() || ask_.sha256 == nullptr) return false;
        name_sha1_ = sha1(name);
        key_sha1_ = sha1(key);
        return ask_.sha256(std::array{name}, name_sha256_) && ask_.sha256(std::array{key}, key_sha256_);
    }
    [[nodiscard]] bool is_about_leaf(single_response const& one) const noexcept {
        auto const is_ours = [&](der::bytes name, der::bytes key) noexcept {
            return der::equal(one.issuer_name_hash, name) && der::equal(one.issuer_key_hash, key);
        };
        if (!der::equal(one.serial, s_.leaf.serial())) return false;
        if (one.hash == x509::hash_algorithm::sha1) return is_ours(name_sha1_, key_sha1_);
        return one.hash == x509::hash_algorithm::sha256 && is_ours(name_sha256_, key_sha256_);
    }

    /// What says that the leaf is revoked counts, whatever its dates; else one that is current is enough.
    [[nodiscard]] said look_up(response_view const& r) const noexcept {
        said found;
        auto left = r.responses();
        for (std::size_t i = 0; i != r.size(); ++i) {
            auto const one = read_single_response(left);
            auto const head = der::read_header(left);
            left = left.subspan(std::size_t{head.size} + head.content);
            if (!is_about_leaf(one)) continue;
            found.is_about_leaf = true;
            if (one.status == certificate_status::revoked)
                found.revoked = one;
            else if (one.status == certificate_status::unknown)
                found.instead = bad("its responder does not know the certificate"sv);
            else if (!one.next_update)
                found.instead = bad("it does not say until when it holds"sv);
            else if (s_.check_time && s_.now < one.this_update)
                found.instead = bad("it was issued later than our clock says"sv);
            else if (s_.check_time && s_.now > *one.next_update)
                found.instead = {.code = errc::stapled_status_expired};
            else
                found.good_until = std::max(found.good_until.value_or(*one.next_update), *one.next_update);
        }
        return found;
    }

    /// True if a response says that the holder of this certificate made it.
    [[nodiscard]] static bool is_responder(response_view const& r, certificate_view const& c) noexcept {
        if (!r.responder_name().empty()) return der::equal(r.responder_name(), c.subject_name());
        return der::equal(r.responder_key_hash(), sha1(key_octets(c)));
    }

    /// Why it is not known that a response comes from the leaf's issuer, or from whom that has named; ok if it is.
    [[nodiscard]] verify::rule_finding is_signed(response_view const& r) noexcept {
        if (!x509::has_strong_hash(r.signature_algorithm())) return bad("it is signed with a weak hash"sv);
        if (is_responder(r, s_.issuer)) return is_signed_by(r, s_.issuer);
        for (der::reader in(r.certificates()); auto const one = in.next();) {
            auto const c = certificate_view::parse(one->whole);
            if (!c || !is_responder(r, *c)) continue;
            // Only the first: whoever sends several must not make us try them all.
            if (auto const named = is_named_by_issuer(*c); named.code != errc::ok) return named;
            return is_signed_by(r, *c);
        }
        return bad("its responder is not the certificate's issuer"sv);
    }

    /// RFC 6960 section 4.2.2.2: issued by the very authority that issued the leaf, for this purpose.
    [[nodiscard]] verify::rule_finding is_named_by_issuer(certificate_view const& c) noexcept {
        delegation const says(c);
        if (!der::equal(c.issuer_name(), s_.leaf.issuer_name()))
            return bad("its responder was named by another authority"sv);
        // Whoever has stolen a key could say that its certificate was not revoked.
        if (der::equal(c.spki(), s_.leaf.spki())) return bad("the certificate cannot answer for itself"sv);
        if (!says.may_sign) return bad("its responder's certificate is not for OCSP"sv);
        if (!says.is_not_checked) return bad("its responder's certificate lacks ocsp-nocheck"sv);
        if (c.has_unknown_critical_extension())
            return bad("its responder's certificate has an unknown critical extension"sv);
        if (!x509::has_strong_hash(c.signature_algorithm()))
            return bad("its responder's certificate is signed with a weak hash"sv);
        if (s_.check_time && (s_.now < c.not_before() || s_.now > c.not_after()))
            return bad("its responder's certificate is not valid now"sv);
        if (s_.check_time) valid_until_ = std::min(valid_until_, c.not_after());
        return checked(
            ask({.spki = s_.issuer.spki(),
                 .algorithm = c.signature_algorithm(),
                 .message = c.tbs(),
                 .signature = c.signature()},
                c.pss()),
            "its responder was named by another authority"sv);
    }

    [[nodiscard]] verify::rule_finding is_signed_by(response_view const& r, certificate_view const& c) const noexcept {
        auto const usage = c.key_usage();
        if (usage && !usage->allows(x509::key_usage_bit::digital_signature))
            return bad("its responder's certificate lacks digitalSignature"sv);
        if (c.public_key_kind() == x509::public_key_kind::rsa && c.key_bits() < s_.minimum_rsa_bits)
            return bad("its responder's key is too weak"sv);
        return checked(
            ask({.spki = c.spki(),
                 .algorithm = r.signature_algorithm(),
                 .message = r.tbs(),
                 .signature = r.signature()},
                r.pss()),
            "its signature is wrong"sv);
    }

    [[nodiscard]] signature::answer
    ask(signature::query q, std::optional<x509::pss_parameters> const& pss) const noexcept {
        bool const is_pss = x509::is_pss(q.algorithm);
        if (ask_.ask == nullptr || (is_pss && (!pss || pss->trailer_field != 1))) return signature::answer::cannot;
        if (pss) q.salt_length = pss->salt_length;
        return ask_.ask(ask_.context, q);
    }
    [[nodiscard]] static verify::rule_finding checked(signature::answer a, std::string_view if_bad) noexcept {
        switch (a) {
        case signature::answer::good: return {};
        case signature::answer::bad: return bad(if_bad);
        case signature::answer::cannot: break;
        case signature::answer::out_of_memory: return {.code = errc::out_of_memory};
        }
        return bad("its signature cannot be checked here"sv);
    }

    stapled_status const& s_;
    verify::inquiry const& ask_;
    std::int64_t valid_until_ = std::numeric_limits<std::int64_t>::max();
    sha1_digest name_sha1_{}, key_sha1_{};
    std::array<std::byte, 32> name_sha256_{}, key_sha256_{};
};

} // namespace detail

TWINTLS_DECL verify::rule_finding judge(stapled_status const& s, verify::inquiry const& ask) noexcept {
    return detail::status_judge(s, ask).run();
}

TWINTLS_DECL bool is_must_staple(x509::certificate_view const& c) noexcept {
    static constexpr std::array status_request = {std::byte{5}}; // the number of the TLS extension
    bool found = false;
    detail::for_each_extension(c, [&](der::bytes id, der::bytes value) noexcept {
        if (der::equal(id, detail::tls_feature)) found = detail::lists(value, der::tag::integer, status_request);
    });
    return found;
}

} // namespace tls::ocsp
