// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/configuration/summary.hpp>
#include <tls/connection/server_verification.hpp>
#include <tls/verify/name_match.hpp>

#include <algorithm>
#include <cstring>

namespace tls::verify {
namespace detail {

TWINTLS_DECL signature::answer verify_edge(
    void* context, x509::certificate_view const& child, x509::certificate_view const& issuer,
    std::uint32_t& work_left) noexcept {
    auto& edges = *static_cast<signature::edge_check*>(context);
    if (edges.by.verify == nullptr) return signature::answer::cannot;
    auto const pss = child.pss();
    if (x509::is_pss(child.signature_algorithm()) && (!pss || pss->trailer_field != 1))
        return signature::answer::cannot;
    return edges.verify(
        {.spki = issuer.spki(),
         .algorithm = child.signature_algorithm(),
         .salt_length = pss ? pss->salt_length : 0,
         .message = child.tbs(),
         .signature = child.signature()},
        child.der(), work_left);
}

} // namespace detail

TWINTLS_DECL signature_check check_with(signature::edge_check& edges) noexcept {
    return {
        .ask = detail::verify_edge,
        .context = &edges,
        .ask_of =
            [](void* context, signature::query const& q) noexcept {
                return static_cast<signature::edge_check*>(context)->verify_once(q);
            },
        .sha256 = edges.by.sha256};
}

namespace detail {

/// What these settings ask for beyond the rules.
[[nodiscard]] inline demands demands_of(settings const& s) noexcept {
    demands more{.exactly = &s.exactly};
    if (auto const* const further = s.further.get()) {
        more.ask_rules = further->ask_rules;
        more.names = {further->names.data(), further->names.size()};
        more.rules = {further->pin_rule, further->revocation.rule()};
    }
    return more;
}

} // namespace detail

TWINTLS_DECL bool server_verification::judge(
    std::span<std::span<std::byte const> const> sent, std::span<std::byte const> in_use) noexcept {
    if (judged_) return judge_again(in_use);
    judged_ = true;
    sent_ = static_cast<std::uint8_t>(std::min<std::size_t>(sent.size(), UINT8_MAX));
    clock_ = settings_->clock();
    if (settings_->psk) { // the server has taken the key, and no certificate comes beside it
        verdict_.code = errc::unexpected_message;
        return false;
    }
    if (accepts_anything()) {
        keep_path(sent);
        return true;
    }
    verdict_ = verify::judge(
        sent, settings_->anchors, name_, settings_->policy, clock_, check_with(edges_), detail::demands_of(*settings_));
    if (verdict_.code == errc::ok && !x509::der::equal(sent.front(), in_use)) {
        verdict_ = {};
        verdict_.code = errc::unverifiable_signature;
        verdict_.problems.add(verdict_.code);
    }
    auto const* const further = settings_->further.get();
    if (verdict_.code == errc::ok && further != nullptr && further->also_require.ask != nullptr) ask_application(sent);
    if (verdict_.code != errc::ok) {
        note_refused(sent);
    } else {
        keep_leaf(in_use);
        keep_path(sent);
        // A leaf that is trusted as it is was vouched for by nobody, who could withdraw that.
        if (further != nullptr && further->stapling.rules != nullptr && !verdict_.pinned_leaf)
            further->stapling.rules->expect(
                *this, verdict_.path_size > 1 ? sent[verdict_.path[1]]
                                              : settings_->anchors[static_cast<std::size_t>(verdict_.anchor)].der());
    }
    return path_accepted();
}

TWINTLS_DECL void server_verification::ask_application(std::span<std::span<std::byte const> const> sent) noexcept {
    auto const& also = settings_->further->also_require;
    auto const leaf = x509::certificate_view::parse(sent.front());
    auto const& names = settings_->further->names;
    auto const* const proved =
        std::ranges::find_if(names, [&](server_name const& n) noexcept { return leaf && matches(*leaf, n); });
    verdict_.code = also.ask(
        also.check, verdict_, sent, settings_->anchors, proved != names.end() ? *proved : name_, verdict_.about);
    if (verdict_.code != errc::ok) verdict_.problems.add(verdict_.code);
}

TWINTLS_DECL void server_verification::keep_path(std::span<std::span<std::byte const> const> sent) noexcept {
    auto const* const further = settings_->further.get();
    if (further == nullptr || further->keep_path == nullptr) return;
    path_ = further->keep_path(verdict_, sent, settings_->anchors);
    if (path_.empty()) library_rejects(errc::out_of_memory, 0, sent.front());
}

TWINTLS_DECL server_name const& server_verification::expected() const noexcept {
    auto const* const further = settings_->further.get();
    return further != nullptr && !further->names.empty() ? further->names[0] : name_;
}

TWINTLS_DECL void server_verification::keep_leaf(std::span<std::byte const> accepted) noexcept {
    leaf_ = seam::make_bytes(accepted.size());
    if (!leaf_) return library_rejects(errc::out_of_memory, 0, accepted);
    leaf_size_ = accepted.size();
    std::ranges::copy(accepted, leaf_.get());
}

/// A verdict holds for the certificate that it was made of, whatever a library calls us for.
TWINTLS_DECL bool server_verification::judge_again(std::span<std::byte const> in_use) noexcept {
    if (!path_accepted()) return accepts_anything();
    bool const is_the_same = in_use.size() == leaf_size_ && std::memcmp(leaf_.get(), in_use.data(), leaf_size_) == 0;
    if (!is_the_same) library_rejects(errc::unexpected_message, 0, in_use);
    return is_the_same;
}

// Neither this nor the next is inlined: what they have on the stack would be there while signatures are verified.
[[gnu::noinline]] TWINTLS_DECL void
server_verification::note_refused(std::span<std::span<std::byte const> const> sent) noexcept {
    bool const is_anchor = verdict_.path_size != 0 && verdict_.depth == verdict_.path_size;
    if (is_anchor && verdict_.anchor >= 0) {
        refused_ = tls::detail::summary_of(settings_->anchors[static_cast<std::size_t>(verdict_.anchor)]);
        return;
    }
    std::size_t const at = verdict_.depth < verdict_.path_size ? verdict_.path[verdict_.depth] : verdict_.depth;
    if (at < sent.size()) note_certificate(sent[at]);
    if (verdict_.code != errc::name_mismatch || at >= sent.size()) return;
    if (auto const leaf = x509::certificate_view::parse(sent[at])) refused_.nearly = nearly_matches(*leaf, expected());
}

[[gnu::noinline]] TWINTLS_DECL void
server_verification::note_certificate(std::span<std::byte const> certificate) noexcept {
    if (auto const parsed = x509::certificate_view::parse(certificate)) refused_ = tls::detail::summary_of(*parsed);
}

TWINTLS_DECL void
server_verification::library_rejects(errc reason, std::uint8_t depth, std::span<std::byte const> certificate) noexcept {
    if (library_rejected_ || accepts_anything()) return;
    bool const ours_counts = judged_ && verdict_.code != errc::ok;
    if (!ours_counts) note_certificate(certificate);
    library_rejected_ = true;
    library_depth_ = depth;
    library_reason_ = reason;
}

TWINTLS_DECL errc server_verification::reason() const noexcept {
    return judged_ && verdict_.code != errc::ok ? verdict_.code : library_reason_;
}

TWINTLS_DECL alert server_verification::refusal() const noexcept {
    if (status_refused_ && reason() != errc::out_of_memory) return alert::bad_certificate_status_response;
    switch (reason()) {
    case errc::untrusted:
    case errc::self_signed:
    case errc::not_a_ca:
    case errc::path_too_long: return alert::unknown_ca;
    case errc::expired:
    case errc::not_yet_valid: return alert::certificate_expired;
    case errc::revoked: return alert::certificate_revoked;
    case errc::unverifiable_signature:
    case errc::weak_key:
    case errc::weak_hash:
    case errc::bad_key_usage:
    case errc::bad_extended_key_usage:
    case errc::critical_extension: return alert::unsupported_certificate;
    case errc::pin_mismatch:
    case errc::refused_by_application:
    case errc::no_crl:
    case errc::crl_expired:
    case errc::revocation_unknown: return alert::certificate_unknown;
    case errc::unexpected_message: return alert::unexpected_message;
    case errc::out_of_memory: return alert::internal_error;
    default: return alert::bad_certificate;
    }
}

TWINTLS_DECL problem_set server_verification::problems() const noexcept {
    problem_set all = judged_ ? verdict_.problems : problem_set{};
    if (library_rejected_ && (!judged_ || verdict_.code == errc::ok)) all.add(library_reason_);
    return all;
}

TWINTLS_DECL std::uint8_t server_verification::depth() const noexcept {
    return judged_ && verdict_.code != errc::ok ? verdict_.depth : library_depth_;
}

} // namespace tls::verify
