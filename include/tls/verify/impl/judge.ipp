// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/verify/judge.hpp>
#include <tls/verify/name_constraints.hpp>
#include <tls/verify/name_match.hpp>
#include <tls/x509/name_comparison.hpp>

#include <algorithm>
#include <optional>

namespace tls::verify {
namespace detail {

using x509::certificate_view;
using x509::key_usage_bit;

/// The order in which problems count: the smaller, the more.
///
/// A code that is not about a certificate counts most, so that no problem can ever be taken for none.
TWINTLS_DECL unsigned precedence(errc code) noexcept {
    switch (code) {
    case errc::no_peer_certificate: return 1;
    case errc::chain_too_long: return 2;
    case errc::untrusted: return 3;
    case errc::self_signed: return 4;
    case errc::bad_signature: return 5;
    case errc::revoked: return 6;
    case errc::expired: return 7;
    case errc::not_yet_valid: return 8;
    case errc::name_mismatch: return 9;
    case errc::bad_extended_key_usage: return 10;
    case errc::bad_key_usage: return 11;
    case errc::not_a_ca: return 12;
    case errc::path_too_long: return 13;
    case errc::name_constraint: return 14;
    case errc::weak_key: return 15;
    case errc::weak_hash: return 16;
    case errc::critical_extension: return 17;
    case errc::malformed_certificate: return 18;
    case errc::revocation_unknown: return 19;
    case errc::ok: return 20;
    case errc::want_read:
    case errc::want_write:
    case errc::closed:
    case errc::truncated:
    case errc::peer_closed:
    case errc::io_error:
    case errc::timeout:
    case errc::resolve_failed:
    case errc::connection_refused:
    case errc::file_not_found:
    case errc::file_unreadable:
    case errc::empty_input:
    case errc::no_certificate:
    case errc::no_private_key:
    case errc::bad_pem:
    case errc::bad_certificate_der:
    case errc::bad_private_key:
    case errc::unexpected_private_key:
    case errc::unexpected_certificate:
    case errc::password_required:
    case errc::wrong_password:
    case errc::weak_identity:
    case errc::file_unwritable:
    case errc::key_mismatch:
    case errc::chain_order:
    case errc::too_many_certificates:
    case errc::bad_server_name:
    case errc::bad_alpn:
    case errc::bad_versions:
    case errc::unsupported:
    case errc::library_mismatch:
    case errc::bad_configuration:
    case errc::bad_ticket:
    case errc::peer_rejected_certificate:
    case errc::no_common_version:
    case errc::no_common_suite:
    case errc::no_common_group:
    case errc::handshake_refused:
    case errc::unrecognized_name:
    case errc::alpn_mismatch:
    case errc::peer_alert:
    case errc::bad_record_mac:
    case errc::unexpected_message:
    case errc::decode_error:
    case errc::illegal_parameter:
    case errc::record_overflow:
    case errc::bad_handshake_signature:
    case errc::not_tls:
    case errc::unsupported_peer_request:
    case errc::unusable_identity:
    case errc::spent:
    case errc::not_writable:
    case errc::out_of_memory:
    case errc::rng_failure:
    case errc::internal: break;
    }
    return 0;
}

/// The problems of one path.
struct path_problems {
    problem_set all;
    errc worst = errc::ok;
    std::uint8_t depth = 0; ///< of `worst`; of two equally bad ones the first found

    void add(errc code, std::size_t where) noexcept {
        all.add(code);
        if (precedence(code) >= precedence(worst)) return;
        worst = code;
        depth = static_cast<std::uint8_t>(where);
    }

    /// True exactly when nothing was added.
    [[nodiscard]] bool none() const noexcept { return worst == errc::ok; }
};

TWINTLS_DECL bool is_strong_hash(x509::signature_algorithm algorithm) noexcept {
    using enum x509::signature_algorithm;
    switch (algorithm) {
    case rsa_pkcs1_sha256:
    case rsa_pkcs1_sha384:
    case rsa_pkcs1_sha512:
    case rsa_pss_sha256:
    case rsa_pss_sha384:
    case rsa_pss_sha512:
    case ecdsa_sha256:
    case ecdsa_sha384:
    case ecdsa_sha512:
    case ed25519: return true;
    case rsa_pkcs1_md5:
    case rsa_pkcs1_sha1:
    case rsa_pkcs1_sha224:
    case rsa_pss_sha1:
    case rsa_pss_sha224:
    case ecdsa_sha1:
    case ecdsa_sha224:
    case other: return false;
    }
    return false;
}

TWINTLS_DECL bool is_strong_key(certificate_view const& c, policy const& rules) noexcept {
    switch (c.public_key_kind()) {
    case x509::public_key_kind::rsa: return c.key_bits() >= rules.minimum_rsa_bits;
    case x509::public_key_kind::ec: return c.curve() != x509::curve::other;
    case x509::public_key_kind::ed25519:
    case x509::public_key_kind::other: return false;
    }
    return false;
}

/// What holds for every certificate of a path, whatever its place.
TWINTLS_DECL void check_any(
    certificate_view const& c, policy const& rules, std::int64_t now, std::size_t depth,
    path_problems& found) noexcept {
    if (rules.check_time && now > c.not_after()) found.add(errc::expired, depth);
    if (rules.check_time && now < c.not_before()) found.add(errc::not_yet_valid, depth);
    if (!is_strong_key(c, rules)) found.add(errc::weak_key, depth);
    if (c.has_unknown_critical_extension()) found.add(errc::critical_extension, depth);
    if (!c.allows_server_auth()) found.add(errc::bad_extended_key_usage, depth);
}

/// What holds for certificates that were sent, but not for anchors, which nobody's signature vouches for.
TWINTLS_DECL void check_sent(certificate_view const& c, std::size_t depth, path_problems& found) noexcept {
    if (!is_strong_hash(c.signature_algorithm())) found.add(errc::weak_hash, depth);
    bool const zero = c.serial().size() == 1 && c.serial()[0] == std::byte{0};
    if (zero) found.add(errc::malformed_certificate, depth);
}

TWINTLS_DECL bool may_sign_certificates(certificate_view const& c) noexcept {
    return !c.key_usage() || c.key_usage()->allows(key_usage_bit::key_cert_sign);
}

TWINTLS_DECL void check_anchor(certificate_view const& c, std::size_t depth, path_problems& found) noexcept {
    // A certificate older than version 3 cannot say that it is a CA; being chosen as anchor says it.
    bool const old_root = c.version() < 3 && c.is_self_issued();
    if (!c.is_ca() && !old_root) found.add(errc::not_a_ca, depth);
    if (!may_sign_certificates(c)) found.add(errc::bad_key_usage, depth);
}

TWINTLS_DECL void check_intermediate(certificate_view const& c, std::size_t depth, path_problems& found) noexcept {
    if (!c.is_ca()) found.add(errc::not_a_ca, depth);
    if (!may_sign_certificates(c)) found.add(errc::bad_key_usage, depth);
}

TWINTLS_DECL void check_leaf_usage(certificate_view const& c, path_problems& found) noexcept {
    auto const usage = c.key_usage();
    if (!usage) return;
    bool const signs_handshake = usage->allows(key_usage_bit::digital_signature);
    bool const claims_to_sign_certificates = usage->allows(key_usage_bit::key_cert_sign) && !c.is_ca();
    if (!signs_handshake || claims_to_sign_certificates) found.add(errc::bad_key_usage, 0);
}

/// True unless both certificates name the issuer's key and name different ones.
TWINTLS_DECL bool key_ids_agree(certificate_view const& child, certificate_view const& issuer) noexcept {
    auto const wanted = child.authority_key_id();
    auto const offered = issuer.subject_key_id();
    return !wanted || !offered || x509::der::equal(*wanted, *offered);
}

TWINTLS_DECL bool may_have_issued(certificate_view const& issuer, certificate_view const& child) noexcept {
    return x509::der::equal(issuer.subject_name(), child.issuer_name()) && key_ids_agree(child, issuer);
}

TWINTLS_DECL verdict refuse(errc code) noexcept {
    verdict v;
    v.code = code;
    v.problems.add(code);
    return v;
}

/// Goes through the paths from the leaf to the anchors, depth first, until one is good or the work is used up.
class path_search {
public:
    path_search(
        std::span<std::span<std::byte const> const> sent, anchor_set const& anchors, server_name const& name,
        policy const& rules, std::int64_t now, signature_check signatures) noexcept
        : anchors_(anchors),
          rules_(rules),
          now_(now),
          signatures_(signatures),
          sent_size_(sent.size()) {
        for (std::size_t i = 0; i != sent.size(); ++i) sent_[i] = certificate_view::parse(sent[i]);
        name_matches_ = sent_[0] && matches(*sent_[0], name);
    }

    [[nodiscard]] verdict run() noexcept {
        if (!sent_[0]) return refuse(errc::malformed_certificate);
        path_size_ = 1;
        consider_pinned_leaf();
        if (!done_) extend();
        return has_best_ ? best_ : refuse(errc::untrusted);
    }

private:
    [[nodiscard]] certificate_view const& at(std::size_t depth) const noexcept { return *sent_[path_[depth]]; }
    [[nodiscard]] certificate_view const& top() const noexcept { return at(path_size_ - 1U); }

    /// The server's own certificate may be the anchor: exactly it, and only if nobody else vouches for it.
    void consider_pinned_leaf() noexcept {
        if (!top().is_self_issued()) return;
        for (std::uint32_t const index : anchors_.find(top().subject_name())) {
            if (!is_pinned_leaf(index)) continue;
            path_problems found;
            check_any(top(), rules_, now_, 0, found);
            check_leaf(found);
            consider(found, static_cast<std::int32_t>(index));
            return;
        }
    }
    [[nodiscard]] bool is_pinned_leaf(std::uint32_t anchor) const noexcept {
        return path_size_ == 1 && x509::der::equal(anchors_[anchor].der(), top().der());
    }

    void extend() noexcept {
        bool dead_end = true;
        for (std::uint32_t const index : anchors_.find(top().issuer_name())) {
            certificate_view const& anchor = anchors_[index];
            if (!key_ids_agree(top(), anchor)) continue;
            dead_end = false;
            if (!take_step()) return;
            consider_anchor(anchor, static_cast<std::int32_t>(index));
        }
        for (std::size_t i = path_[path_size_ - 1U] + 1U; i != sent_size_ && !done_; ++i) {
            if (!sent_[i] || !may_have_issued(*sent_[i], top())) continue;
            dead_end = false;
            if (!take_step()) return;
            path_[path_size_++] = static_cast<std::uint8_t>(i);
            extend();
            --path_size_;
        }
        if (dead_end) consider_dead_end();
    }

    /// A server can send certificates that give hundreds of paths; honest ones give a handful.
    [[nodiscard]] bool take_step() noexcept {
        if (done_ || steps_left_ == 0) {
            done_ = true;
            return false;
        }
        --steps_left_;
        return true;
    }

    void check_leaf(path_problems& found) const noexcept {
        if (!name_matches_) found.add(errc::name_mismatch, 0);
        check_leaf_usage(at(0), found);
    }

    void check_path(path_problems& found) noexcept {
        for (std::size_t depth = 0; depth != path_size_; ++depth) {
            check_any(at(depth), rules_, now_, depth, found);
            check_sent(at(depth), depth, found);
            if (depth == 0) {
                check_leaf(found);
            } else {
                check_intermediate(at(depth), depth, found);
                check_as_issuer(at(depth), depth, found);
            }
        }
    }

    /// What an issuer says about everything below it, `depth` being its own place.
    void check_as_issuer(certificate_view const& issuer, std::size_t depth, path_problems& found) noexcept {
        if (issuer.path_len()) {
            std::size_t below = 0;
            for (std::size_t i = 1; i != depth; ++i)
                if (!at(i).is_self_issued()) ++below;
            if (below > *issuer.path_len()) found.add(errc::path_too_long, depth);
        }
        if (auto const constraints = issuer.name_constraints()) {
            for (std::size_t i = 0; i != depth; ++i) {
                bool const exempt = i != 0 && at(i).is_self_issued();
                if (!exempt && !name_constraints_allow(*constraints, at(i), work_)) found.add(errc::name_constraint, i);
            }
        }
    }

    void consider_anchor(certificate_view const& anchor, std::int32_t index) noexcept {
        path_problems found;
        check_path(found);
        check_any(anchor, rules_, now_, path_size_, found);
        check_anchor(anchor, path_size_, found);
        check_as_issuer(anchor, path_size_, found);
        if (found.none() && signatures_.is_signed_by != nullptr) check_signatures(anchor, found);
        consider(found, index);
    }

    void check_signatures(certificate_view const& anchor, path_problems& found) noexcept {
        for (std::size_t depth = 0; depth != path_size_; ++depth) {
            certificate_view const& issuer = depth + 1U == path_size_ ? anchor : at(depth + 1U);
            bool const good = signatures_left_ != 0 && signatures_.is_signed_by(signatures_.context, at(depth), issuer);
            if (signatures_left_ != 0) --signatures_left_;
            if (!good) return found.add(errc::bad_signature, depth);
        }
    }

    void consider_dead_end() noexcept {
        path_problems found;
        check_path(found);
        found.add(at(0).is_self_issued() ? errc::self_signed : errc::untrusted, path_size_ - 1U);
        consider(found, -1);
    }

    /// Keeps the path if it is the first, better than the best so far, or as far from an anchor and longer.
    void consider(path_problems const& found, std::int32_t anchor) noexcept {
        if (has_best_) {
            unsigned const rank = precedence(found.worst);
            unsigned const best_rank = precedence(best_.code);
            bool const longer = anchor < 0 && best_.anchor < 0 && path_size_ > best_.path_size;
            if (rank < best_rank || (rank == best_rank && !longer)) return;
        }
        has_best_ = true;
        best_.code = found.worst;
        best_.problems = found.all;
        best_.depth = found.depth;
        best_.path = path_;
        best_.path_size = path_size_;
        best_.anchor = anchor;
        if (!found.none()) return;
        done_ = true;
        best_.path_is_what_was_sent = path_size_ == sent_size_;
        note_validity();
        best_.unambiguous = is_unambiguous();
    }

    void note_validity() noexcept {
        certificate_view const& anchor = anchors_[static_cast<std::size_t>(best_.anchor)];
        best_.valid_from = anchor.not_before();
        best_.valid_until = anchor.not_after();
        for (std::size_t depth = 0; depth != path_size_; ++depth) {
            best_.valid_from = std::max(best_.valid_from, at(depth).not_before());
            best_.valid_until = std::min(best_.valid_until, at(depth).not_after());
        }
    }

    /// True if whoever follows issuer names from the leaf, in whatever way it compares them, can only take this path.
    [[nodiscard]] bool is_unambiguous() const noexcept {
        certificate_view const& anchor = anchors_[static_cast<std::size_t>(best_.anchor)];
        // Trusted for being what it is: then no signature matters.
        if (is_pinned_leaf(static_cast<std::uint32_t>(best_.anchor))) return true;
        if (anchors_.unreadable() != 0) return false;
        for (std::size_t i = 0; i != sent_size_; ++i)
            if (!sent_[i]) return false;
        for (std::size_t depth = 0; depth != path_size_; ++depth) {
            bool const last = depth + 1U == path_size_;
            for (std::size_t i = 0; i != sent_size_; ++i) {
                if (i == path_[depth] || !may_share_name(*sent_[i], at(depth))) continue;
                if (last ? !has_key_of(*sent_[i], anchor) : !is_same(*sent_[i], at(depth + 1U))) return false;
            }
            // The path found its anchor by this very name. With few anchors a fingerprint costs more than it saves.
            constexpr std::size_t few = 4;
            auto const fingerprint = last ? anchors_.subject_fingerprint(static_cast<std::size_t>(best_.anchor))
                                     : anchors_.size() > few ? x509::name_fingerprint(at(depth).issuer_name())
                                                             : std::nullopt;
            for (std::size_t i = 0; i != anchors_.size(); ++i) {
                certificate_view const& other = anchors_[i];
                auto const others = anchors_.subject_fingerprint(i);
                if (fingerprint && others && *fingerprint != *others) continue;
                if (!may_share_name(other, at(depth))) continue;
                if (last ? !has_key_of(other, anchor) : !is_same(other, at(depth + 1U))) return false;
            }
        }
        return true;
    }
    [[nodiscard]] static bool may_share_name(certificate_view const& issuer, certificate_view const& child) noexcept {
        return x509::compare_names(issuer.subject_name(), child.issuer_name()) != x509::comparison::different;
    }
    [[nodiscard]] static bool has_key_of(certificate_view const& a, certificate_view const& b) noexcept {
        return x509::der::equal(a.spki(), b.spki());
    }
    [[nodiscard]] static bool is_same(certificate_view const& a, certificate_view const& b) noexcept {
        return x509::der::equal(a.der(), b.der());
    }

    anchor_set const& anchors_;
    policy const& rules_;
    std::int64_t now_;
    signature_check signatures_;
    std::size_t sent_size_;
    std::array<std::optional<certificate_view>, max_sent> sent_;
    std::array<std::uint8_t, max_sent> path_{};
    std::uint8_t path_size_ = 0;
    bool name_matches_ = false;
    bool done_ = false;
    bool has_best_ = false;
    unsigned steps_left_ = 256;
    unsigned signatures_left_ = 64;
    work_limit work_;
    verdict best_;
};

} // namespace detail

TWINTLS_DECL verdict judge(
    std::span<std::span<std::byte const> const> sent, anchor_set const& anchors, server_name const& name,
    policy const& rules, std::int64_t now, signature_check signatures) noexcept {
    if (sent.empty()) return detail::refuse(errc::no_peer_certificate);
    if (sent.size() > max_sent) return detail::refuse(errc::chain_too_long);
    return detail::path_search(sent, anchors, name, rules, now, signatures).run();
}

TWINTLS_DECL problem_set
problems_of_anchor(x509::certificate_view const& anchor, policy const& rules, std::int64_t now) noexcept {
    detail::path_problems found;
    detail::check_any(anchor, rules, now, 0, found);
    detail::check_anchor(anchor, 0, found);
    return found.all;
}

} // namespace tls::verify
