// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/connection/stapling.hpp>
#include <tls/revocation/stapled_status.hpp>
#include <tls/x509/certificate.hpp>

#include <algorithm>
#include <string_view>

namespace tls::verify {

/// A path was accepted: keeps what a status is judged by.
TWINTLS_DECL void stapling::expect(server_verification& check, std::span<std::byte const> issuer) noexcept {
    using namespace std::string_view_literals;
    auto const& told = check.settings_->further->stapling;
    std::span<std::byte const> const accepted(check.leaf_.get(), check.leaf_size_);
    auto const leaf = x509::certificate_view::parse(accepted);
    check.status_due_ = told.required || (leaf && ocsp::is_must_staple(*leaf));
    if (!told.can_ask()) {
        constexpr auto why = "the certificate is must-staple; this library cannot ask"sv;
        if (check.status_due_) refuse(check, errc::no_stapled_status, why);
        return;
    }
    check.issuer_ = seam::make_bytes(issuer.size());
    if (!check.issuer_) return check.library_rejects(errc::out_of_memory, 0, accepted);
    check.issuer_size_ = issuer.size();
    std::ranges::copy(issuer, check.issuer_.get());
}

TWINTLS_DECL bool stapling::judge(server_verification& check, std::span<std::byte const> response) noexcept {
    auto const leaf = x509::certificate_view::parse({check.leaf_.get(), check.leaf_size_});
    auto const issuer = x509::certificate_view::parse({check.issuer_.get(), check.issuer_size_});
    if (!leaf || !issuer) return false; // they were judged before
    auto const& s = *check.settings_;
    auto const by = check_with(check.edges_);
    auto const found = ocsp::judge(
        {.response = response,
         .leaf = *leaf,
         .issuer = *issuer,
         .now = check.clock_,
         .check_time = s.policy.check_time,
         .minimum_rsa_bits = s.policy.minimum_rsa_bits},
        {.ask = by.ask_of, .context = by.context, .sha256 = by.sha256});
    bool const counts = check.status_due_ || found.code == errc::revoked || found.code == errc::out_of_memory;
    if (found.code != errc::ok && counts) {
        refuse(check, found.code, found.about);
        return false;
    }
    if (found.code == errc::ok) check.verdict_.valid_until = std::min(check.verdict_.valid_until, found.valid_until);
    check.status_due_ = false;
    return true;
}

TWINTLS_DECL void stapling::is_missing(server_verification& check) noexcept {
    auto const leaf = x509::certificate_view::parse({check.leaf_.get(), check.leaf_size_});
    bool const promised = leaf && ocsp::is_must_staple(*leaf);
    refuse(
        check, errc::no_stapled_status,
        promised ? std::string_view("its certificate promises one (must-staple)")
                 : std::string_view("it does not staple, or has no status to staple yet"));
}

TWINTLS_DECL void stapling::refuse(server_verification& check, errc code, short_text const& about) noexcept {
    check.verdict_.code = code;
    check.verdict_.problems.add(code);
    check.verdict_.depth = 0;
    check.verdict_.about = about;
    check.status_refused_ = true;
    check.note_certificate({check.leaf_.get(), check.leaf_size_});
}

} // namespace tls::verify
