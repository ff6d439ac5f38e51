// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/verify/certificate_rules.hpp>
#include <tls/verify/judge.hpp>
#include <tls/verify/name_constraints.hpp>
#include <tls/verify/name_match.hpp>
#include <tls/verify/path_problems.hpp>
#include <tls/x509/name_comparison.hpp>

#include <algorithm>
#include <memory>
#include <new>
#include <optional>

namespace tls::verify {
namespace detail {

using x509::certificate_view;

TWINTLS_DECL verdict refuse(errc code) noexcept {
    verdict v;
    v.code = code;
    v.problems.add(code);
    return v;
}

/// Asks about signatures, each pair of issuer's key and certificate once, until the work is used up.
class signature_ledger {
public:
    explicit signature_ledger(signature_check check) noexcept : check_(check) {}

    [[nodiscard]] signature::answer ask(certificate_view const& child, certificate_view const& issuer) noexcept {
        if (auto const* const known = find(child, issuer)) return known->answer;
        if (check_.ask == nullptr || size_ == asked_.size()) return signature::answer::cannot;
        auto const answer = check_.ask(check_.context, child, issuer, work_left_);
        asked_[size_++] = {child.der(), issuer.spki(), answer};
        return answer;
    }
    /// What further rules ask with, as long as this object.
    [[nodiscard]] inquiry for_rules() noexcept {
        return {
            .ask = [](void* self,
                      signature::query const& q) noexcept { return static_cast<signature_ledger*>(self)->ask_of(q); },
            .context = this,
            .sha256 = check_.sha256};
    }
    [[nodiscard]] bool
    is_known_to_be_bad(certificate_view const& child, certificate_view const& issuer) const noexcept {
        auto const* const known = find(child, issuer);
        return known != nullptr && known->answer == signature::answer::bad;
    }

private:
    struct entry {
        std::span<std::byte const> child;
        std::span<std::byte const> key;
        signature::answer answer = signature::answer::cannot;
    };

    /// On whatever path it is asked about, because a server can send certificates that give hundreds of them.
    [[nodiscard]] signature::answer ask_of(signature::query const& q) noexcept {
        if (check_.ask_of == nullptr || asked_of_lists_ == max_list_signatures) return signature::answer::cannot;
        ++asked_of_lists_;
        return check_.ask_of(check_.context, q);
    }

    [[nodiscard]] entry const* find(certificate_view const& child, certificate_view const& issuer) const noexcept {
        for (std::size_t i = 0; i != size_; ++i) {
            // Each certificate's bytes have one address here, so comparing addresses is enough.
            bool const same_child = asked_[i].child.data() == child.der().data();
            if (same_child && x509::der::equal(asked_[i].key, issuer.spki())) return &asked_[i];
        }
        return nullptr;
    }

    signature_check check_;
    std::uint32_t work_left_ = max_signature_work;
    std::array<entry, 64> asked_;
    std::size_t size_ = 0;
    std::size_t asked_of_lists_ = 0;
};

/// Goes through the paths from the leaf to the anchors, depth first, until one is good or the work is used up.
class path_search {
public:
    path_search(
        std::span<std::span<std::byte const> const> sent, anchor_set const& anchors, server_name const& name,
        policy const& rules, std::int64_t now, signature_check signatures, demands const& more) noexcept
        : anchors_(anchors),
          rules_(rules),
          more_(more),
          now_(now),
          sent_size_(sent.size()),
          signatures_(signatures) {
        for (std::size_t i = 0; i != sent.size(); ++i) {
            if (is_repeated(sent, i)) continue;
            sent_[i] = certificate_view::parse(sent[i]);
            if (!sent_[i]) has_unreadable_ = true;
        }
        auto const names = more.names.empty() ? std::span(&name, 1) : more.names;
        name_matches_ =
            sent_[0] && std::ranges::any_of(names, [&](server_name const& n) { return matches(*sent_[0], n); });
    }

    [[nodiscard]] verdict run() noexcept {
        if (!sent_[0]) return refuse(errc::malformed_certificate);
        path_size_ = 1;
        consider_exact_leaf();
        if (!done_) consider_pinned_leaf();
        if (!done_) extend();
        if (out_of_memory_) return refuse(errc::out_of_memory);
        return has_best_ ? best_ : refuse(errc::untrusted);
    }

    /// About the path from the leaf to this anchor, or about a leaf that is trusted as it is.
    void ask_further_rules(certificate_view const* anchor, path_problems& found) noexcept {
        std::size_t size = 0;
        while (size != path_size_) {
            whole_[size] = &at(size);
            ++size;
        }
        if (anchor != nullptr) whole_[size++] = anchor;
        proven_path const path{
            .certificates = std::span(whole_).first(size),
            .now = now_,
            .check_time = rules_.check_time,
            .leaf_alone = anchor == nullptr};
        for (further_rule const& rule : more_.rules) {
            if (rule.check == nullptr) continue;
            auto const answer = rule.check(rule.of, path, signatures_.for_rules());
            if (answer.code == errc::out_of_memory) out_of_memory_ = done_ = true;
            found.add(answer);
            found.valid_until = std::min(found.valid_until, answer.valid_until);
            if (answer.stamp != digest{}) found.stamp = answer.stamp;
        }
    }

private:
    [[nodiscard]] certificate_view const& at(std::size_t depth) const noexcept { return *sent_[path_[depth]]; }
    [[nodiscard]] certificate_view const& top() const noexcept { return at(path_size_ - 1U); }

    [[nodiscard]] static bool is_repeated(std::span<std::span<std::byte const> const> sent, std::size_t i) noexcept {
        auto const before = sent.first(i);
        return std::ranges::any_of(before, [&](auto const& other) { return x509::der::equal(other, sent[i]); });
    }

    /// The server's own certificate may be trusted as it is, whoever issued it.
    void consider_exact_leaf() noexcept {
        if (more_.exactly == nullptr) return;
        if (auto const index = index_of_leaf(*more_.exactly)) {
            consider_leaf_alone(-1);
            best_.exactly = *index;
        }
    }

    /// It may be an anchor: exactly it, and only if nobody else vouches for it.
    void consider_pinned_leaf() noexcept {
        if (!top().is_self_issued()) return;
        if (auto const index = index_of_leaf(anchors_)) consider_leaf_alone(*index);
    }

    [[nodiscard]] std::optional<std::int32_t> index_of_leaf(anchor_set const& among) const noexcept {
        for (std::uint32_t const index : among.find(top().subject_name()))
            if (x509::der::equal(among[index].der(), top().der())) return static_cast<std::int32_t>(index);
        return std::nullopt;
    }

    void consider_leaf_alone(std::int32_t anchor) noexcept {
        path_problems found;
        check_any(top(), rules_, now_, 0, found);
        check_leaf(found);
        if (more_.ask_rules != nullptr) more_.ask_rules(*this, nullptr, found);
        if (consider(found, anchor)) best_.pinned_leaf = true;
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
        for (std::size_t i = 1; i != sent_size_ && !done_; ++i) {
            if (!sent_[i] || is_on_path(*sent_[i]) || !may_have_issued(*sent_[i], top())) continue;
            dead_end = false;
            if (signatures_.is_known_to_be_bad(top(), *sent_[i])) continue;
            if (!take_step()) return;
            path_[path_size_++] = static_cast<std::uint8_t>(i);
            extend();
            --path_size_;
        }
        if (dead_end) consider_dead_end();
    }

    /// Whether an issuer on the path is this certificate, or another one of the same name and key: it leads nowhere
    /// new.
    [[nodiscard]] bool is_on_path(certificate_view const& c) const noexcept {
        for (std::size_t depth = 1; depth != path_size_; ++depth) {
            bool const same_name = x509::der::equal(at(depth).subject_name(), c.subject_name());
            if (same_name && x509::der::equal(at(depth).spki(), c.spki())) return true;
        }
        return false;
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
        if (rules_.strict_extended_key_usage && !names_server_auth(at(0), true))
            found.add(errc::bad_extended_key_usage, 0);
        if (at(0).name_constraints() && !at(0).is_ca()) found.add(errc::name_constraint, 0);
        check_leaf_usage(at(0), found);
    }

    void check_path(path_problems& found) noexcept {
        for (std::size_t depth = 0; depth != path_size_; ++depth) {
            check_any(at(depth), rules_, now_, depth, found);
            check_sent(at(depth), depth, found);
            if (depth != 0 && rules_.strict_extended_key_usage && !names_server_auth(at(depth), false))
                found.add(errc::bad_extended_key_usage, depth);
            if (depth == 0) {
                check_leaf(found);
            } else {
                check_intermediate(at(depth), depth, found);
                check_as_issuer(at(depth), depth, found);
            }
        }
    }

    /// What an issuer demands of everything below it, `depth` being its own place.
    void check_as_issuer(certificate_view const& issuer, std::size_t depth, path_problems& found) noexcept {
        std::size_t below = 0;
        for (std::size_t i = 1; i != depth; ++i)
            if (!at(i).is_self_issued()) ++below;
        if (issuer.path_len() && below > *issuer.path_len()) found.add(errc::path_too_long, depth);
        if (below > rules_.max_path_length) found.add(errc::path_too_long, depth);
    }

    /// Only on a path whose signatures are good: comparing names is work, which nobody else may make us do.
    void check_name_constraints(certificate_view const& issuer, std::size_t depth, path_problems& found) noexcept {
        auto const constraints = issuer.name_constraints();
        if (!constraints) return;
        for (std::size_t i = 0; i != depth; ++i) {
            bool const exempt = i != 0 && at(i).is_self_issued();
            if (!exempt && !name_constraints_allow(*constraints, at(i), work_)) found.add(errc::name_constraint, i);
        }
    }

    void consider_anchor(certificate_view const& anchor, std::int32_t index) noexcept {
        path_problems found;
        check_path(found);
        check_any(anchor, rules_, now_, path_size_, found);
        check_anchor(anchor, path_size_, found);
        check_as_issuer(anchor, path_size_, found);
        check_signatures(anchor, found);
        if (found.proven) {
            for (std::size_t depth = 1; depth != path_size_; ++depth) check_name_constraints(at(depth), depth, found);
            check_name_constraints(anchor, path_size_, found);
            if (more_.ask_rules != nullptr) more_.ask_rules(*this, &anchor, found);
        }
        if (!done_) (void)consider(found, index);
    }

    /// Checks from the anchor down, so that each signature is checked with a key that is already vouched for.
    void check_signatures(certificate_view const& anchor, path_problems& found) noexcept {
        for (std::size_t depth = path_size_; depth-- != 0;) {
            certificate_view const& child = at(depth);
            bool const below_anchor = depth + 1U == path_size_;
            certificate_view const& issuer = below_anchor ? anchor : at(depth + 1U);
            if (!is_strong_key(issuer, rules_)) return found.add_unproven(errc::weak_key, depth + 1U);
            if (!x509::has_strong_hash(child.signature_algorithm())) return found.add_unproven(errc::weak_hash, depth);
            switch (signatures_.ask(child, issuer)) {
            case signature::answer::good: continue;
            case signature::answer::bad: return found.add_unproven(errc::bad_signature, depth);
            case signature::answer::cannot: return found.add_unproven(errc::unverifiable_signature, depth);
            case signature::answer::out_of_memory: break;
            }
            found.add_unproven(errc::out_of_memory, depth);
            out_of_memory_ = done_ = true;
            return;
        }
    }

    void consider_dead_end() noexcept {
        path_problems found;
        check_path(found);
        found.add(at(0).is_self_issued() ? errc::self_signed : errc::untrusted, path_size_ - 1U);
        if (has_unreadable_) found.add(errc::malformed_certificate, path_size_ - 1U); // it may be what is missing
        (void)consider(found, -1);
    }

    /// Keeps the path if it is the first, better than the best so far, or as far from an anchor and longer.
    [[nodiscard]] bool consider(path_problems const& found, std::int32_t anchor) noexcept {
        unsigned const rank = found.rank();
        if (has_best_) {
            bool const longer = anchor < 0 && best_.anchor < 0 && path_size_ > best_.path_size;
            if (rank < best_rank_ || (rank == best_rank_ && !longer)) return false;
        }
        has_best_ = true;
        best_rank_ = rank;
        best_ = verdict{};
        best_.code = found.worst;
        best_.problems = found.all;
        best_.depth = found.depth;
        best_.about = found.about;
        best_.path = path_;
        best_.path_size = path_size_;
        best_.anchor = anchor;
        if (found.none()) {
            done_ = true;
            note_validity();
            best_.valid_until = std::min(best_.valid_until, found.valid_until);
            best_.stamp = found.stamp;
        }
        return true;
    }

    void note_validity() noexcept {
        // A leaf that is trusted as it is has none above it.
        certificate_view const& anchor = best_.anchor < 0 ? at(0) : anchors_[static_cast<std::size_t>(best_.anchor)];
        best_.leaf_key = at(0).public_key_kind();
        best_.valid_from = anchor.not_before();
        best_.valid_until = anchor.not_after();
        for (std::size_t depth = 0; depth != path_size_; ++depth) {
            best_.valid_from = std::max(best_.valid_from, at(depth).not_before());
            best_.valid_until = std::min(best_.valid_until, at(depth).not_after());
        }
    }

    anchor_set const& anchors_;
    policy const& rules_;
    demands const& more_;
    std::int64_t now_;
    std::size_t sent_size_;
    std::array<std::optional<certificate_view>, max_sent> sent_;
    std::array<std::uint8_t, max_sent> path_{};
    std::array<certificate_view const*, max_sent + 1> whole_; // for further rules
    std::uint8_t path_size_ = 0;
    bool name_matches_ = false;
    bool has_unreadable_ = false;
    bool done_ = false;
    bool out_of_memory_ = false;
    bool has_best_ = false;
    unsigned best_rank_ = 0;
    unsigned steps_left_ = 256;
    work_limit work_;
    signature_ledger signatures_;
    verdict best_;
};

} // namespace detail

TWINTLS_DECL void
ask_further_rules(detail::path_search& s, x509::certificate_view const* anchor, detail::path_problems& f) noexcept {
    s.ask_further_rules(anchor, f);
}

TWINTLS_DECL verdict judge(
    std::span<std::span<std::byte const> const> sent, anchor_set const& anchors, server_name const& name,
    policy const& rules, std::int64_t now, signature_check signatures, demands const& more) noexcept {
    if (sent.empty()) return detail::refuse(errc::no_peer_certificate);
    std::size_t bytes = 0;
    for (auto const certificate : sent) bytes += certificate.size();
    if (sent.size() > max_sent || bytes > max_sent_bytes) return detail::refuse(errc::chain_too_long);
    // Too large for the stack of a small device.
    auto const search = seam::make_owned<detail::path_search>(sent, anchors, name, rules, now, signatures, more);
    return search ? search->run() : detail::refuse(errc::out_of_memory);
}

TWINTLS_DECL problem_set
problems_of_anchor(x509::certificate_view const& anchor, policy const& rules, std::int64_t now) noexcept {
    detail::path_problems found;
    detail::check_any(anchor, rules, now, 0, found);
    detail::check_anchor(anchor, 0, found);
    return found.all;
}

} // namespace tls::verify
