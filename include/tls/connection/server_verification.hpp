// SPDX-License-Identifier: Apache-2.0
// Seam: for those who write a backend.
#pragma once

#include <tls/configuration/settings.hpp>
#include <tls/core/config.hpp>
#include <tls/core/error.hpp>
#include <tls/core/server_name.hpp>
#include <tls/verify/judge.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

namespace tls::verify {

/// How many of the certificates sent a backend need show: one more than are accepted, so that a longer list is refused.
inline constexpr std::size_t max_shown = max_sent + 1;

/// The verdict on one server's certificate chain: ours and the C library's, joined.
///
/// The library checks the signatures and whatever else it checks; twintls judges the same chain by its own rules, once,
/// inside the library's verify callback and therefore before our own certificate leaves. Both must agree to accept.
class server_verification {
public:
    /// The settings must outlive this object.
    server_verification(settings const& s, server_name const& name) noexcept : settings_(&s), name_(name) {}

    /// True for a client that accepts any server: the backend then overrides what its library says.
    [[nodiscard]] bool accepts_anything() const noexcept { return settings_->accept_any_server; }

    /// Our verdict on the chain as the server sent it, leaf first; the first call decides, later calls repeat it.
    ///
    /// The backend lends a way to check one signature: it is used only when names alone leave open which path the
    /// library verified.
    verdict const& judge(
        std::span<std::span<std::byte const> const> sent,
        decltype(signature_check::is_signed_by) is_signed_by) noexcept;

    /// The library refused the chain for this reason, because of the certificate at this depth, given in DER.
    void library_rejects(errc reason, std::uint8_t depth, std::span<std::byte const> certificate) noexcept;

    /// The library has accepted the leaf and with it the chain; call it after `judge`.
    void library_accepts() noexcept { library_accepted_ = true; }

    /// True once both agreed.
    [[nodiscard]] bool accepted() const noexcept {
        return judged_ && library_accepted_ && !rejected() && !library_rejected_;
    }
    /// True if the chain was refused by either.
    [[nodiscard]] bool rejected() const noexcept {
        return !accepts_anything() && ((judged_ && verdict_.code != errc::ok) || library_rejected_);
    }
    /// The reason that counts: ours if we have one, because it is the same with every library.
    [[nodiscard]] errc reason() const noexcept;
    /// Everything that was found.
    [[nodiscard]] problem_set problems() const noexcept;
    /// The certificate the reason is about, 0 being the leaf.
    [[nodiscard]] std::uint8_t depth() const noexcept;
    /// The same certificate; not known if it could not be parsed.
    [[nodiscard]] certificate_summary const& certificate() const noexcept { return refused_; }
    /// The time the chain was judged at, in seconds since 1970-01-01 UTC; 0 before.
    [[nodiscard]] std::int64_t clock() const noexcept { return clock_; }
    /// When every certificate of the accepted path and its trust anchor are valid, in seconds since 1970-01-01 UTC;
    /// always, where nothing was checked.
    [[nodiscard]] std::int64_t trusted_from() const noexcept {
        return knows_validity() ? verdict_.valid_from : std::numeric_limits<std::int64_t>::min();
    }
    [[nodiscard]] std::int64_t trusted_until() const noexcept {
        return knows_validity() ? verdict_.valid_until : std::numeric_limits<std::int64_t>::max();
    }
    /// True once a certificate of the server was looked at.
    [[nodiscard]] bool judged() const noexcept { return judged_; }
    /// The name the server must prove.
    [[nodiscard]] server_name const& name() const noexcept { return name_; }

private:
    [[nodiscard]] bool knows_validity() const noexcept {
        return judged_ && verdict_.code == errc::ok && settings_->policy.check_time;
    }
    void note_refused(std::span<std::span<std::byte const> const> sent) noexcept;

    settings const* settings_;
    server_name name_;
    verdict verdict_;
    certificate_summary refused_;
    std::int64_t clock_ = 0;
    errc library_reason_ = errc::ok;
    std::uint8_t library_depth_ = 0;
    bool judged_ = false;
    bool library_accepted_ = false;
    bool library_rejected_ = false;
};

} // namespace tls::verify

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/connection/impl/server_verification.ipp>
#endif
