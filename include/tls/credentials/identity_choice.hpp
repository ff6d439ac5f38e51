// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/core/config.hpp>
#include <tls/core/error.hpp>
#include <tls/credentials/credentials.hpp>
#include <tls/credentials/external_identity.hpp>
#include <tls/credentials/signer.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <optional>
#include <span>

namespace tls {

/// Something that an identity can be made of: an identity with its key or with a signer, or a source that may have
/// failed.
template <class Source>
concept identity_source = std::convertible_to<Source const&, result<identity>> ||
                          std::convertible_to<Source const&, result<external_identity>>;

/// Several identities in order of preference, of which each server is shown one: see `builder::identities`.
///
///     .identities({tls::identity::from_pem_files("new.pem", "new-key.pem"), old})
///
/// A source that failed may be given as it is. What is wrong is reported by `build()`, with "identity 2" before what it
/// is about: the error of the source; spent, for an identity that was moved from; bad_configuration for more than
/// `max`. Never allocates. For one thread at a time.
class identity_choice {
public:
    /// The most identities.
    static constexpr std::size_t max = 8;

    identity_choice() noexcept = default;
    template <identity_source... Sources>
        requires(sizeof...(Sources) != 0)
    identity_choice(Sources const&... sources) noexcept { // NOLINT(google-explicit-constructor)
        (add(sources), ...);
    }

    /// One more, less preferred than those before.
    identity_choice& add(result<identity> const& who) noexcept;
    /// The same, where something else signs with its private key.
    identity_choice& add(result<external_identity> const& who) noexcept;

    [[nodiscard]] std::size_t size() const noexcept { return count_; }

    /// One of them.
    struct entry {
        std::optional<identity> who; ///< never empty in `entries()`
        detail::any_signer signer;   ///< false if the identity has its key
    };
    [[nodiscard]] std::span<entry const> entries() const noexcept { return std::span(entries_).first(count_); }
    /// The first thing that is wrong.
    [[nodiscard]] std::optional<error> const& failure() const noexcept { return failure_; }

private:
    void add(identity const& who, detail::any_signer const& signer) noexcept;
    void fail(error const& e) noexcept;

    std::array<entry, max> entries_;
    std::size_t count_ = 0;
    std::optional<error> failure_;
};

} // namespace tls

namespace tls::detail {

/// The same error, naming the identity of ours that it is about by its number, from 0 on: "identity 2, key.pem".
[[nodiscard]] error of_identity(error e, std::size_t index) noexcept;

} // namespace tls::detail

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/credentials/impl/identity_choice.ipp>
#endif
