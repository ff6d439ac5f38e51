// SPDX-License-Identifier: Apache-2.0
// Seam: for those who write a backend.
#pragma once

#include <tls/core/allocation.hpp>
#include <tls/core/config.hpp>
#include <tls/core/error.hpp>
#include <tls/x509/certificate.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

namespace tls::x509 {

/// Certificates in one block of memory, each parsed once, found by their subject.
///
/// Never changes: `certificate_collector` makes one. Copies share its content, so views stay valid as long as any copy
/// exists; reading is safe from any number of threads.
class certificate_store {
public:
    certificate_store() noexcept = default;
    /// Of certificates in DER, given in any range of ranges of bytes; those that cannot be parsed are only counted.
    /// Errors: out_of_memory.
    template <class Ders> [[nodiscard]] static result<certificate_store> of(Ders const& certificates) noexcept;

    [[nodiscard]] std::size_t size() const noexcept { return all().size(); }
    [[nodiscard]] bool empty() const noexcept { return all().empty(); }
    /// The certificates in the order given.
    [[nodiscard]] std::span<certificate_view const> all() const noexcept {
        return content_ ? std::span(content_->views.begin(), content_->views.size())
                        : std::span<certificate_view const>{};
    }
    /// The certificate at `index`, which must be below size().
    [[nodiscard]] certificate_view const& operator[](std::size_t index) const noexcept {
        return content_->views[index];
    }
    /// How many more were given that could not be parsed.
    [[nodiscard]] std::size_t unreadable() const noexcept { return content_ ? content_->unreadable : 0; }
    /// All certificates in DER, one after the other.
    [[nodiscard]] std::span<std::byte const> der() const noexcept {
        return content_ ? std::span(content_->der.begin(), content_->der.size()) : std::span<std::byte const>{};
    }

    /// `name_fingerprint` of the subject at `index`, which must be below size().
    [[nodiscard]] std::optional<std::uint64_t> subject_fingerprint(std::size_t index) const noexcept {
        return content_->fingerprints[index];
    }
    /// The indexes of the certificates whose subject is this Name, byte for byte, in the order given.
    [[nodiscard]] std::span<std::uint32_t const> find(std::span<std::byte const> subject) const noexcept;

private:
    friend class certificate_collector;

    struct content {
        seam::array<std::byte> der;
        seam::array<certificate_view> views; // into `der`
        seam::array<std::optional<std::uint64_t>> fingerprints;
        seam::array<std::uint32_t> by_subject; // indexes, sorted by subject, then index
        std::size_t unreadable = 0;
    };

    seam::shared<content const> content_;
};

/// Puts the certificates of a store together.
///
/// That memory ran out need not be looked for at every call: nothing is added from then on, and `finish` says so.
class certificate_collector {
public:
    /// Makes room for this many certificates of this many bytes in all: not a limit, but it saves allocations.
    void reserve(std::size_t certificates, std::size_t bytes) noexcept;

    /// Copies and parses a certificate in DER. False if it cannot be parsed, and then nothing is added; where memory
    /// ran out it is neither parsed nor refused.
    [[nodiscard]] bool add(std::span<std::byte const> der) noexcept;
    /// Copies all of another store, without parsing them again.
    void add_all(certificate_store const& more) noexcept;
    /// The same for those that are not there yet.
    void add_missing(certificate_store const& more) noexcept;
    /// Counts one that cannot be parsed.
    void count_unreadable() noexcept { ++content_.unreadable; }

    /// Memory behind the certificates, to write one there instead of copying it: then `take` it at once. Empty if
    /// memory ran out.
    [[nodiscard]] std::span<std::byte> room(std::size_t bytes) noexcept;
    /// Parses the first `bytes` of the room; false as for `add`.
    [[nodiscard]] bool take(std::size_t bytes) noexcept;

    [[nodiscard]] std::size_t size() const noexcept { return content_.views.size(); }
    [[nodiscard]] bool out_of_memory() const noexcept { return out_of_memory_; }
    /// What was collected; nothing is left here. Errors: out_of_memory, if it ran out at any time.
    [[nodiscard]] result<certificate_store> finish() noexcept;

private:
    [[nodiscard]] bool has(certificate_view const& certificate) const noexcept;
    void copy(certificate_view const& certificate) noexcept;
    void keep(certificate_view const& behind_the_others) noexcept;

    certificate_store::content content_;
    std::size_t used_ = 0; // of `der`
    bool out_of_memory_ = false;
};

template <class Ders> result<certificate_store> certificate_store::of(Ders const& certificates) noexcept {
    certificate_collector collected;
    for (auto const& der : certificates)
        if (!collected.add(std::span<std::byte const>(der))) collected.count_unreadable();
    return collected.finish();
}

} // namespace tls::x509

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/x509/impl/certificate_store.ipp>
#endif
