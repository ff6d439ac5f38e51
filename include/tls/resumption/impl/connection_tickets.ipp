// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/resumption/connection_tickets.hpp>

#include <algorithm>
#include <utility>

namespace tls::detail {

TWINTLS_DECL void
connection_tickets::choose(std::optional<ticket> given, std::array<std::byte, 32> const& lists) noexcept {
    // A store may be anybody's code: what it returns is checked, and it is not asked for ever.
    constexpr int most_looked_at = 16;
    auto const fits = [&](ticket const& t) noexcept {
        return t.key() == key_ && t.is_valid_at(clock_()) && t.origin_.lists == lists;
    };
    bool const by_hand = given.has_value();
    for (int i = 0; i < most_looked_at; ++i) {
        if (!given && !by_hand && settings_->store) given = settings_->store.take(key_);
        if (!given) return;
        if (fits(*given)) {
            chosen_ = std::move(given);
            return;
        }
        outcome_ = resumption::unfit;
        given.reset();
    }
}

TWINTLS_DECL seam::offered_session connection_tickets::offer() const noexcept {
    if (!chosen_) return {};
    return {chosen_->session_.span(), std::max<std::int64_t>(clock_() - chosen_->issued_at_, 0)};
}

TWINTLS_DECL void connection_tickets::offered(bool taken) noexcept {
    if (!chosen_) return;
    outcome_ = taken ? resumption::declined : resumption::unfit; // until the server accepts
    if (!taken)
        chosen_.reset();
    else if (chosen_->version_ == protocol_version::tls_1_3)
        chosen_->session_.clear(); // the library has its copy, and it is never offered again
}

TWINTLS_DECL bool connection_tickets::may_go_on(std::optional<std::array<std::byte, 32>> const& lists) noexcept {
    bool const may = chosen_ && chosen_->is_in_time(clock_()) && chosen_->origin_.lists == lists;
    is_outdated_ = is_outdated_ || !may;
    return !is_outdated_;
}

TWINTLS_DECL void connection_tickets::full_handshake(result<session_origin> origin) noexcept {
    chosen_.reset();
    if (origin && !origin->leaf.empty()) origin_ = std::move(*origin);
}

TWINTLS_DECL void connection_tickets::resumed(bool new_ticket_came) noexcept {
    outcome_ = resumption::accepted;
    // A ticket of TLS 1.2 stays in use until the server replaces it; one of TLS 1.3 is spent.
    bool const goes_on = !new_ticket_came && !chosen_->session_.empty();
    if (!goes_on) {
        origin_ = std::move(chosen_->origin_);
    } else {
        if (auto origin = chosen_->origin_.copy()) origin_ = std::move(*origin);
        hand_over(std::move(*chosen_));
    }
    chosen_.reset();
}

TWINTLS_DECL void connection_tickets::failed() noexcept {
    if (!has_offered() || !settings_->store) return;
    constexpr int most = 16;
    for (int i = 0; i < most && settings_->store.take(key_); ++i) {
    }
}

TWINTLS_DECL void connection_tickets::issued(
    x509::secret_bytes session, char const* backend, protocol_version version, std::uint32_t lifetime) noexcept {
    if (!origin_ || session.empty() || lifetime == 0) return;
    auto origin = origin_->copy();
    if (!origin) return;
    ticket t;
    t.key_ = key_;
    t.backend_ = backend;
    t.version_ = version;
    t.issued_at_ = clock_();
    t.expires_at_ = std::min(t.issued_at_ + lifetime, origin->verified_at + ticket::longest_life);
    t.origin_ = std::move(*origin);
    t.session_ = std::move(session);
    hand_over(std::move(t));
}

TWINTLS_DECL void connection_tickets::hand_over(ticket&& t) noexcept {
    if (settings_->store) return settings_->store.put(std::move(t));
    auto next = seam::make_owned<ticket>(std::move(t));
    if (!next) return;
    auto free = std::ranges::find_if(waiting_, [](auto const& w) { return w == nullptr; });
    if (free == waiting_.end()) free = std::ranges::move(waiting_.begin() + 1, waiting_.end(), waiting_.begin()).out;
    *free = std::move(next);
}

TWINTLS_DECL std::optional<ticket> connection_tickets::take() noexcept {
    if (!waiting_.front()) return std::nullopt;
    auto const first = std::move(waiting_.front());
    std::ranges::move(waiting_.begin() + 1, waiting_.end(), waiting_.begin());
    return std::move(*first);
}

} // namespace tls::detail
