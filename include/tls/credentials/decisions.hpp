// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/core/error.hpp>
#include <tls/credentials/credentials.hpp>

#include <optional>
#include <utility>

namespace tls {

/// Whom we trust, as a value: for programs that decide it at run time, with `builder::decide`.
///
/// Trust anchors, or a source of them that may have failed; or anybody.
class trust_decision {
public:
    trust_decision(trust_anchors anchors) noexcept // NOLINT(google-explicit-constructor)
        : anchors_(std::move(anchors)) {}
    trust_decision(result<trust_anchors> anchors) noexcept // NOLINT(google-explicit-constructor)
        : anchors_(std::move(anchors)) {}

    /// The decision that `builder::insecure_accept_any_server` is. For experiments only.
    [[nodiscard]] static trust_decision insecure_accept_any_server() noexcept {
        trust_decision d{trust_anchors()};
        d.any_server_ = true;
        return d;
    }

    /// The anchors, or why there are none.
    [[nodiscard]] result<trust_anchors> const& anchors() const noexcept { return anchors_; }
    [[nodiscard]] bool accepts_any_server() const noexcept { return any_server_; }

private:
    result<trust_anchors> anchors_;
    bool any_server_ = false;
};

/// Who we are, as a value: an identity, or none.
///
/// Converts from an identity or a source of one that may have failed, each of which may be optional; `std::nullopt` is
/// no identity, so that a program whose `--cert` is optional has one line for both.
class identity_decision {
public:
    identity_decision(identity who) noexcept // NOLINT(google-explicit-constructor)
        : who_(std::move(who)) {}
    identity_decision(std::nullopt_t) noexcept
        : who_(std::optional<identity>()) {}                // NOLINT(google-explicit-constructor)
    identity_decision(std::optional<identity> who) noexcept // NOLINT(google-explicit-constructor)
        : who_(std::move(who)) {}
    identity_decision(result<identity> who) noexcept // NOLINT(google-explicit-constructor)
        : who_(std::move(who)) {}
    identity_decision(result<std::optional<identity>> who) noexcept // NOLINT(google-explicit-constructor)
        : who_(std::move(who)) {}
    identity_decision(std::optional<result<identity>> who) noexcept // NOLINT(google-explicit-constructor)
        : who_(who ? result<std::optional<identity>>(std::move(*who)) : std::optional<identity>()) {}

    /// The identity, none, or why there is none.
    [[nodiscard]] result<std::optional<identity>> const& who() const noexcept { return who_; }

private:
    result<std::optional<identity>> who_;
};

} // namespace tls
