// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/core/config.hpp>
#include <tls/core/error.hpp>
#include <tls/revocation/rule.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>

namespace tls::verify::detail {

/// The order in which problems count: the smaller, the more.
///
/// A code that is not about a certificate counts most, so that no problem can ever be taken for none.
[[nodiscard]] unsigned precedence(errc code) noexcept;

/// The problems of one path.
struct path_problems {
    problem_set all;
    errc worst = errc::ok;
    std::uint8_t depth = 0; ///< of `worst`; of two equally bad ones the first found
    bool proven = true;     ///< every signature that the path needs is good
    short_text about{};     ///< what a further rule wants quoted of `worst`
    std::int64_t valid_until = std::numeric_limits<std::int64_t>::max(); ///< as further rules say
    std::optional<digest> stamp = digest{};                              ///< of what one of them looked into

    void add(errc code, std::size_t where) noexcept { (void)counts(code, where); }
    /// Adds what a further rule found.
    void add(rule_finding const& f) noexcept {
        if (f.code != errc::ok && counts(f.code, f.depth)) about = f.about;
    }
    /// Adds why a signature is not known to be good. That counts before whatever else is wrong with the path, which may
    /// be the forger's own invention.
    void add_unproven(errc code, std::size_t where) noexcept {
        all.add(code);
        take(code, where);
        proven = false;
    }

    /// True exactly when nothing was added.
    [[nodiscard]] bool none() const noexcept { return worst == errc::ok; }
    /// How close the path came: the more, the closer. One that is not proven came no closer than a forged one.
    [[nodiscard]] unsigned rank() const noexcept {
        return proven ? precedence(worst) : std::min(precedence(worst), precedence(errc::unverifiable_signature));
    }

private:
    /// True if it is the worst so far.
    [[nodiscard]] bool counts(errc code, std::size_t where) noexcept {
        all.add(code);
        bool const worse = precedence(code) < precedence(worst);
        if (worse) take(code, where);
        return worse;
    }
    void take(errc code, std::size_t where) noexcept {
        worst = code;
        depth = static_cast<std::uint8_t>(where);
        about = {};
    }
};

} // namespace tls::verify::detail

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/verify/impl/path_problems.ipp>
#endif
