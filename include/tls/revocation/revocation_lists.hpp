// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/core/allocation.hpp>
#include <tls/core/config.hpp>
#include <tls/core/error.hpp>
#include <tls/core/secret.hpp>
#include <tls/revocation/impl/revocation_list.hpp>
#include <tls/revocation/rule.hpp>
#include <tls/x509/crl.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace tls {

class revocation_lists;

namespace detail {
class revocation_rule;

/// Differs for sets that differ in a bit or in their order: SHA-256 over all lists, zeros without a list. Nullopt if
/// the library fails. Computed once for each set.
[[nodiscard]] std::optional<verify::digest>
stamp_of(revocation_lists const& lists, verify::hash_function sha256) noexcept;
} // namespace detail

/// Certificate revocation lists (CRL, RFC 5280 section 5), as authorities publish them.
///
/// Each source is read when the object is made: what is damaged, or cannot be used (a delta list, an indirect one, one
/// for some reasons only), is an error there and then. Whether a list is genuine, current and about a certificate is
/// decided in each handshake. The entries are sorted once: a lookup among 50 000 takes some steps. Copies and clients
/// share the memory: the list itself, and four bytes more for each entry. A constant object is safe to share between
/// threads.
class revocation_lists {
public:
    revocation_lists() noexcept = default;

    /// Every list of a PEM text ("X509 CRL").
    ///
    /// Errors: empty_input; bad_pem; bad_crl, naming the list and what it is instead; unsupported, naming what is not
    /// understood of a list; out_of_memory.
    [[nodiscard]] static result<revocation_lists> from_pem(std::string_view text) noexcept;
    /// One list in DER. Errors as above.
    [[nodiscard]] static result<revocation_lists> from_der(std::span<std::byte const> der) noexcept;
    /// A file, in PEM or DER. Errors as above, and file_not_found, file_unreadable.
    [[nodiscard]] static result<revocation_lists> from_file(std::string const& path) noexcept;
    /// The lists of all files in a folder. A file whose name ends in ".crl", ".crl.pem" or, as OpenSSL has it, ".r" and
    /// a number must hold one; the others are named as they like. Passed over is what is known to be something else:
    /// certificates, keys, archives, empty files, and text without a sign of a list (five dashes beside a capital
    /// letter, OpenSSL's heading); but not empty files and text under a name with "crl" that ends in ".pem" or ".der".
    ///
    /// Errors: as `from_file`, for a list that is damaged, cut short or cannot be used, and for a link that leads
    /// nowhere, because who is on that list would not be noticed; bad_crl if no file holds one.
    [[nodiscard]] static result<revocation_lists> from_folder(std::string const& path) noexcept;

    /// Adds another set. Errors: out_of_memory, and then nothing was added.
    result<void> add(revocation_lists const& more) noexcept; // NOLINT(modernize-use-nodiscard)

    /// How many lists there are.
    [[nodiscard]] std::size_t size() const noexcept;
    /// How many certificates they revoke.
    [[nodiscard]] std::size_t revoked() const noexcept;
    /// When the newest of them was issued, in seconds since 1970-01-01 UTC; the lowest number without a list.
    [[nodiscard]] std::int64_t newest() const noexcept;
    /// When the first of them is out of date; the highest number without a list.
    [[nodiscard]] std::int64_t valid_until() const noexcept;

private:
    friend class detail::revocation_rule;
    friend std::optional<verify::digest> detail::stamp_of(revocation_lists const&, verify::hash_function) noexcept;

    [[nodiscard]] std::span<seam::shared<detail::revocation_list const> const> all() const noexcept {
        return content_ ? content_->all() : std::span<seam::shared<detail::revocation_list const> const>{};
    }
    [[nodiscard]] result<void> take(x509::secret_bytes der, std::string_view part) noexcept;
    [[nodiscard]] static result<revocation_lists> file(char const* path) noexcept;

    seam::shared<detail::shared_lists> content_; // changed only before the object is handed out
};

/// Revocation lists that clients look into, and that can be replaced while they do.
///
/// Copies refer to the same lists. `replace` and `current` are safe from any thread, at any time: a handshake uses the
/// lists that are there when it judges the server.
class revocation_source {
public:
    /// Without memory it has no lists, and `build()` says so.
    explicit revocation_source(revocation_lists lists) noexcept : content_(seam::shared<content>::make()) {
        if (content_) content_->lists = std::move(lists);
    }

    /// From now on these.
    void replace(revocation_lists newer) noexcept {
        if (!content_) return;
        std::scoped_lock const lock(content_->guard);
        std::swap(content_->lists, newer);
    }
    [[nodiscard]] revocation_lists current() const noexcept {
        if (!content_) return {};
        std::scoped_lock const lock(content_->guard);
        return content_->lists;
    }
    [[nodiscard]] bool complete() const noexcept { return content_ != nullptr; }

private:
    struct content {
        std::mutex guard;
        revocation_lists lists;
    };
    seam::shared<content> content_;
};

/// Whose revocation is looked up.
enum class revocation_scope : std::uint8_t {
    server,    ///< that of the server's own certificate
    whole_path ///< that of every certificate but the trust anchor
};

} // namespace tls

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/revocation/impl/revocation_lists.ipp>
#endif
