// SPDX-License-Identifier: Apache-2.0
// Seam: for those who write a backend.
#pragma once

#include <tls/configuration/further_settings.hpp>
#include <tls/configuration/offered_list.hpp>
#include <tls/configuration/own_identities.hpp>
#include <tls/core/allocation.hpp>
#include <tls/core/clock.hpp>
#include <tls/core/error.hpp>
#include <tls/core/protocol.hpp>
#include <tls/core/text_list.hpp>
#include <tls/credentials/credentials.hpp>
#include <tls/credentials/psk.hpp>
#include <tls/credentials/signer.hpp>
#include <tls/diagnosis/key_log.hpp>
#include <tls/diagnosis/log.hpp>
#include <tls/resumption/ticket_store.hpp>
#include <tls/signature/memory.hpp>
#include <tls/signature/primitive.hpp>
#include <tls/verify/anchors.hpp>
#include <tls/verify/policy.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <iterator>
#include <memory>
#include <optional>
#include <string_view>

namespace tls {
struct settings;
} // namespace tls

namespace tls::seam {

struct engine_core;

/// How to check a list that was asked for, and to name its values. The default list has no rules, so that a program
/// without a list of its own links neither the checks nor the names.
template <class Value> struct list_rules {
    result<void> (*check)(settings const&) noexcept;
    std::string_view (*name)(Value) noexcept;
};

/// What a client does with a pre-shared key. Only the builder's call for that refers to it, so that other programs do
/// not link it.
struct psk_calls {
    result<void> (*check)(settings const&) noexcept;
    result<void> (*use)(void* library_configuration, settings const&) noexcept; ///< the backend's `use_psk`
};

} // namespace tls::seam

namespace tls::detail {

/// What a client was told about a pre-shared key, which then stands for trust and identity.
struct psk_settings {
    seam::psk_calls const* calls = nullptr; ///< null: there is none
    std::optional<pre_shared_key> shared;

    [[nodiscard]] explicit operator bool() const noexcept { return calls != nullptr; }
};

} // namespace tls::detail

namespace tls {

/// The whole configuration of a client, as plain data: what the builder fills in and a backend's context is made from.
///
/// Complete before anything touches a C library and never changed afterwards.
struct settings {
    verify::anchor_set anchors;
    verify::anchor_set exactly; ///< servers' certificates that are trusted as they are
    bool accept_any_server = false;
    std::optional<tls::identity> identity; ///< the first one; without a private key where something else signs
    seam::text_list alpn;                  ///< most preferred first
    protocol_version lowest_version = protocol_version::tls_1_2;
    protocol_version highest_version = protocol_version::tls_1_3;
    seam::suite_list suites = default_suites();    ///< in order of preference
    seam::group_list groups = default_groups();    ///< in order of preference; the first gets the key share
    seam::scheme_list schemes = default_schemes(); ///< in order of preference
    seam::list_rules<cipher_suite> const* exactly_these_suites = nullptr; ///< they were asked for: none may be left out
    seam::list_rules<named_group> const* exactly_these_groups = nullptr;  ///< the same
    seam::list_rules<signature_scheme> const* exactly_these_schemes = nullptr; ///< the same
    verify::policy policy;
    seam::shared<further_settings> further;               ///< null: nothing of it was asked for
    std::shared_ptr<signature::memory> signature_memory;  ///< null: nothing is remembered
    bool own_signature_memory = true;                     ///< the client makes one of its own when it is built
    seam::owned<signature::memory> signature_memory_made; ///< that one
    key_log_sink key_log;
    void (*start_key_log)(seam::engine_core&, settings const&) noexcept = nullptr; ///< null without a key log
    std::optional<key_log_file> key_log_target; ///< keeps the file open that `key_log` writes to
    std::optional<log_sink> log;
    detail::resumption_settings resumption;
    detail::signing_settings signing; ///< for the first identity
    detail::psk_settings psk;
    wall_clock clock = system_wall_clock; ///< for everything that depends on the time; never null
    std::chrono::milliseconds handshake_timeout = std::chrono::seconds(30); ///< for all of a handshake

    /// ECDHE with AEAD only, AES-128 first.
    [[nodiscard]] static constexpr seam::suite_list default_suites() noexcept {
        return known_suites_where(is_for_certificates);
    }
    /// The same of a client with a pre-shared key.
    [[nodiscard]] static constexpr seam::suite_list default_suites_with_psk() noexcept {
        return known_suites_where(is_for_pre_shared_keys);
    }

    /// X25519, P-256, P-384, P-521.
    [[nodiscard]] static constexpr seam::group_list default_groups() noexcept {
        return seam::group_list(groups_by_default);
    }

    /// ECDSA, RSA-PSS and RSA PKCS#1 v1.5, each with SHA-256, SHA-384 and SHA-512.
    [[nodiscard]] static constexpr seam::scheme_list default_schemes() noexcept {
        return seam::scheme_list(known_schemes);
    }

private:
    [[nodiscard]] static constexpr seam::suite_list known_suites_where(bool (*wanted)(cipher_suite) noexcept) noexcept {
        std::array<cipher_suite, std::size(known_suites)> kept{};
        auto const end = std::ranges::copy_if(known_suites, kept.begin(), wanted).out;
        return seam::suite_list({kept.begin(), end});
    }
};

} // namespace tls

namespace tls::seam {

/// The list of a client that was given several identities; null for any other.
[[nodiscard]] inline detail::identity_list const* identities_of(settings const& s) noexcept {
    return s.further ? s.further->identities.get() : nullptr;
}

/// How many identities a client has.
[[nodiscard]] inline std::size_t identity_count(settings const& s) noexcept {
    auto const* const list = identities_of(s);
    return s.identity ? 1 + (list != nullptr ? list->other_count : 0) : 0;
}

/// One of them, in the order they were given in; there must be that many.
[[nodiscard]] inline own_identity identity_at(settings const& s, std::size_t index) noexcept {
    if (index == 0) return {*s.identity, s.signing};
    auto const& other = identities_of(s)->others[index - 1];
    return {*other.who, other.signing};
}

/// An error about one of a client's identities, which says which if there are several.
[[nodiscard]] inline error about_identity(settings const& s, std::size_t index, error const& e) noexcept {
    return identities_of(s) != nullptr ? detail::of_identity(e, index) : e;
}

} // namespace tls::seam
