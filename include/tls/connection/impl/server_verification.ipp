// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/configuration/summary.hpp>
#include <tls/connection/server_verification.hpp>

namespace tls::verify {

TWINTLS_DECL verdict const& server_verification::judge(
    std::span<std::span<std::byte const> const> sent, decltype(signature_check::is_signed_by) is_signed_by) noexcept {
    if (judged_) return verdict_;
    judged_ = true;
    clock_ = settings_->clock();
    verdict_ = verify::judge(sent, settings_->anchors, name_, settings_->policy, clock_);
    if (verdict_.code == errc::ok && !verdict_.unambiguous) {
        if (is_signed_by != nullptr) {
            verdict_ =
                verify::judge(sent, settings_->anchors, name_, settings_->policy, clock_, {is_signed_by, nullptr});
        } else {
            verdict_.code = errc::untrusted;
            verdict_.problems.add(errc::untrusted);
        }
    }
    if (verdict_.code != errc::ok) note_refused(sent);
    return verdict_;
}

TWINTLS_DECL void server_verification::note_refused(std::span<std::span<std::byte const> const> sent) noexcept {
    bool const is_anchor = verdict_.path_size != 0 && verdict_.depth == verdict_.path_size;
    if (is_anchor && verdict_.anchor >= 0) {
        refused_ = tls::detail::summary_of(settings_->anchors[static_cast<std::size_t>(verdict_.anchor)]);
        return;
    }
    std::size_t const at = verdict_.depth < verdict_.path_size ? verdict_.path[verdict_.depth] : verdict_.depth;
    if (at >= sent.size()) return;
    if (auto const certificate = x509::certificate_view::parse(sent[at]))
        refused_ = tls::detail::summary_of(*certificate);
}

TWINTLS_DECL void
server_verification::library_rejects(errc reason, std::uint8_t depth, std::span<std::byte const> certificate) noexcept {
    if (library_rejected_) return;
    bool const ours_counts = judged_ && verdict_.code != errc::ok;
    if (auto const parsed = x509::certificate_view::parse(certificate); parsed && !ours_counts)
        refused_ = tls::detail::summary_of(*parsed);
    library_rejected_ = true;
    library_depth_ = depth;
    // By name and key id the chain is complete, so "no issuer" means that the issuer's key does not fit.
    bool const complete = judged_ && verdict_.code == errc::ok;
    library_reason_ = complete && reason == errc::untrusted ? errc::bad_signature : reason;
}

TWINTLS_DECL errc server_verification::reason() const noexcept {
    return judged_ && verdict_.code != errc::ok ? verdict_.code : library_reason_;
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
