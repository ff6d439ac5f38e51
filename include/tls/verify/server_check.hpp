// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/core/allocation.hpp>
#include <tls/core/config.hpp>
#include <tls/core/error.hpp>
#include <tls/core/server_name.hpp>
#include <tls/core/text_writer.hpp>
#include <tls/verify/judge.hpp>
#include <tls/x509/certificate.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

namespace tls {

/// A server that is about to be accepted, as the application's own check sees it. Valid during the call.
struct judged_server {
    server_name const& name; ///< that the server was asked for and has proved
    /// The path: the server's own certificate first, the trust anchor last; the server's own alone, if that is what is
    /// trusted.
    std::span<x509::certificate_view const> path;
    std::span<std::span<std::byte const> const> sent; ///< everything the server sent, in DER and in its order
};

/// What the application's own check says: nothing, or a reason to refuse.
class [[nodiscard]] objection {
public:
    /// Refuses for this reason, of which an error keeps the last 63 characters.
    explicit constexpr objection(std::string_view reason) noexcept
        : reason_(reason.empty() ? "no reason given" : reason),
          objects_(true) {}
    [[nodiscard]] static constexpr objection none() noexcept { return {}; }

    [[nodiscard]] constexpr bool objects() const noexcept { return objects_; }
    [[nodiscard]] constexpr short_text const& reason() const noexcept { return reason_; }

private:
    constexpr objection() noexcept = default;

    short_text reason_;
    bool objects_ = false;
};

/// Nothing speaks against the server.
inline constexpr objection no_objection = objection::none();

/// An application's own check: a function or an object that is called like one, and does not throw.
template <class F>
concept server_check =
    std::is_nothrow_invocable_r_v<objection, F const&, judged_server const&> && std::is_nothrow_move_constructible_v<F>;

namespace detail {

/// Type-erased checks, each of which may object.
class any_server_check {
public:
    any_server_check() noexcept = default;
    /// Adds one behind those that it holds. False if memory ran out.
    template <server_check F> [[nodiscard]] bool hold(F f) noexcept {
        struct held : erased {
            explicit held(F&& check) noexcept : f(std::move(check)) {}
            F f;
        };
        auto made = seam::shared<held>::make(std::move(f));
        if (!made) return false;
        made->ask = [](erased const& self, judged_server const& s) noexcept {
            return static_cast<held const&>(self).f(s);
        };
        made->earlier = std::move(owner_);
        owner_ = std::move(made);
        return true;
    }
    /// The objection of the one added last that has any.
    [[nodiscard]] objection operator()(judged_server const& s) const noexcept {
        for (erased const* one = owner_.get(); one != nullptr; one = one->earlier.get())
            if (auto const said = one->ask(*one, s); said.objects()) return said;
        return objection::none();
    }
    /// Differs for all checks that exist at one time.
    [[nodiscard]] void const* address() const noexcept { return owner_.get(); }

private:
    struct erased {
        objection (*ask)(erased const&, judged_server const&) noexcept = nullptr;
        seam::shared<erased> earlier{};
    };

    seam::shared<erased> owner_;
};

} // namespace detail

namespace verify {

/// The certificates of an accepted path, the anchor last unless it is the leaf itself; fewer than that if memory ran
/// out. They refer to what was sent, and to the anchors.
[[nodiscard]] seam::array<x509::certificate_view> certificates_of(
    verdict const& accepted, std::span<std::span<std::byte const> const> sent, anchor_set const& anchors) noexcept;

/// Asks an application's own check about a server that is about to be accepted: ok, refused_by_application with the
/// reason, or out_of_memory.
[[nodiscard]] errc ask_application(
    tls::detail::any_server_check const& check, verdict const& accepted,
    std::span<std::span<std::byte const> const> sent, anchor_set const& anchors, server_name const& name,
    short_text& reason) noexcept;

} // namespace verify

namespace detail {

/// What a client was told about its application's own check.
struct server_check_settings {
    any_server_check check;
    /// The names of all, one after the other, which stand for them in tickets; empty if one has none, and then they
    /// stand for themselves alone.
    short_text name;
    bool is_named = true;                             ///< all have names
    std::int64_t set_at = 0;                          ///< of one without a name: tells it from those of another process
    decltype(&verify::ask_application) ask = nullptr; ///< null without one

    /// Adds the name of one more check. Errors: bad_configuration for one with a comma, which stands between names, and
    /// if they are too long together.
    [[nodiscard]] result<void> add_name(std::string_view more) noexcept {
        is_named = is_named && !more.empty();
        std::array<char, short_text::capacity> text;
        text_writer all(text);
        if (more.find(',') != std::string_view::npos) {
            all << "a check's name with a comma: " << more;
            return std::unexpected(configuration_error(errc::bad_configuration, all.view()));
        }
        if (!name.empty()) all << name.view() << ",";
        if (all.room() < more.size())
            return std::unexpected(configuration_error(errc::bad_configuration, "names of checks: 63 bytes in all"));
        all << more;
        name = is_named ? short_text(all.view()) : short_text();
        return {};
    }
};

} // namespace detail
} // namespace tls

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/verify/impl/server_check.ipp>
#endif
