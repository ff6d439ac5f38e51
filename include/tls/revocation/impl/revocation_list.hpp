// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/core/allocation.hpp>
#include <tls/core/secret.hpp>
#include <tls/revocation/rule.hpp>
#include <tls/x509/crl.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <new>
#include <optional>
#include <span>
#include <utility>

namespace tls::detail {

/// A digest that is computed when it is asked for, until the library has once succeeded.
class kept_digest {
public:
    template <class Compute> [[nodiscard]] std::optional<verify::digest> get(Compute compute) const noexcept {
        {
            std::scoped_lock const lock(guard_);
            if (kept_) return kept_;
        }
        verify::digest made{};
        if (!compute(made)) return std::nullopt;
        std::scoped_lock const lock(guard_);
        kept_ = made;
        return made;
    }

private:
    mutable std::mutex guard_;
    mutable std::optional<verify::digest> kept_;
};

/// One list, its entries in the order of their serial numbers.
class revocation_list {
public:
    revocation_list(x509::secret_bytes der, x509::crl_view const& read) noexcept : der_(std::move(der)), view_(read) {}

    /// Sorts the entries; false if memory ran out.
    [[nodiscard]] bool sort() noexcept {
        if (!by_serial_.reserve(view_.size())) return false;
        std::uint32_t at = 0;
        for (x509::der::reader in(view_.entries()); auto const entry = in.next();) {
            if (!by_serial_.push_back(at)) return false;
            at += static_cast<std::uint32_t>(entry->whole.size());
        }
        std::ranges::sort(by_serial_, [this](std::uint32_t a, std::uint32_t b) noexcept {
            return comes_before(serial_at(a), serial_at(b));
        });
        return true;
    }

    [[nodiscard]] x509::crl_view const& view() const noexcept { return view_; }

    /// SHA-256 of the whole list; nullopt if the library fails.
    [[nodiscard]] std::optional<verify::digest> digest(verify::hash_function sha256) const noexcept {
        return digest_.get([&](verify::digest& made) noexcept {
            std::array<std::span<std::byte const>, 1> const parts = {der_.span()};
            return sha256(parts, made);
        });
    }

    /// The entry of a certificate with this serial number; nullopt if it is not revoked.
    [[nodiscard]] std::optional<x509::crl_entry> find(std::span<std::byte const> serial) const noexcept {
        auto const at = std::lower_bound(
            by_serial_.begin(), by_serial_.end(), serial,
            [this](std::uint32_t entry, std::span<std::byte const> wanted) noexcept {
                return comes_before(serial_at(entry), wanted);
            });
        if (at == by_serial_.end() || !x509::der::equal(serial_at(*at), serial)) return std::nullopt;
        return x509::read_crl_entry(view_.entries().subspan(*at));
    }

    /// Whether the holder of this key signed the list, `key` being SHA-256 of it. Computed once for each key and
    /// library: that it did is a fact that nothing changes.
    [[nodiscard]] signature::answer is_signed_with(
        std::span<std::byte const> spki, verify::digest const& key, verify::inquiry const& ask) const noexcept {
        auto const pss = view_.pss();
        bool const is_pss = x509::is_pss(view_.signature_algorithm());
        if (ask.ask == nullptr || (is_pss && (!pss || pss->trailer_field != 1))) return signature::answer::cannot;
        proof const p{.by = ask.sha256, .key = key};
        {
            std::scoped_lock const lock(guard_);
            if (std::ranges::find(proven_, p) != proven_.end()) return signature::answer::good;
        }
        auto const answer = ask.ask(
            ask.context, {.spki = spki,
                          .algorithm = view_.signature_algorithm(),
                          .salt_length = pss ? pss->salt_length : 0,
                          .message = view_.tbs(),
                          .signature = view_.signature()});
        if (answer == signature::answer::good) {
            std::scoped_lock const lock(guard_);
            proven_[next_] = p;
            next_ = (next_ + 1) % proven_.size();
        }
        return answer;
    }

private:
    /// A library that found the signature good with a key.
    struct proof {
        verify::hash_function by = nullptr;
        verify::digest key{};
        friend bool operator==(proof const&, proof const&) noexcept = default;
    };

    [[nodiscard]] static bool comes_before(std::span<std::byte const> a, std::span<std::byte const> b) noexcept {
        if (a.size() != b.size()) return a.size() < b.size();
        return std::memcmp(a.data(), b.data(), a.size()) < 0; // neither is empty
    }
    [[nodiscard]] std::span<std::byte const> serial_at(std::uint32_t entry) const noexcept {
        auto const whole = view_.entries().subspan(entry);
        auto const content = whole.subspan(x509::der::read_header(whole).size);
        auto const serial = x509::der::read_header(content);
        return content.subspan(serial.size, serial.content);
    }

    x509::secret_bytes der_; // moved about with the same address, to which the view refers
    x509::crl_view view_;
    kept_digest digest_;
    seam::array<std::uint32_t> by_serial_; // offsets of entries
    mutable std::mutex guard_;
    mutable std::array<proof, 2> proven_{};
    mutable std::size_t next_ = 0;
};

/// Lists that copies share, in memory that grows.
class shared_lists {
public:
    using value_type = seam::shared<revocation_list const>;

    shared_lists() noexcept = default;
    shared_lists(shared_lists const&) = delete;
    shared_lists& operator=(shared_lists const&) = delete;
    ~shared_lists() {
        for (value_type& one : std::span(data(), size_)) one.~value_type();
    }

    [[nodiscard]] std::span<value_type const> all() const noexcept { return {data(), size_}; }
    /// SHA-256 over those of all lists, in their order; nullopt if the library fails.
    [[nodiscard]] std::optional<verify::digest> stamp(verify::hash_function sha256) const noexcept {
        return stamp_.get([&](verify::digest& made) noexcept {
            // One after the other, so that no memory is needed for all.
            for (value_type const& list : all()) {
                auto const next = list->digest(sha256);
                if (!next) return false;
                std::array<std::span<std::byte const>, 2> const parts = {made, *next};
                verify::digest both{};
                if (!sha256(parts, both)) return false;
                made = both;
            }
            return true;
        });
    }
    /// False if memory ran out.
    [[nodiscard]] bool push_back(value_type list) noexcept {
        if (size_ == capacity_ && !grow()) return false;
        ::new (static_cast<void*>(data() + size_)) value_type(std::move(list));
        ++size_;
        return true;
    }

private:
    [[nodiscard]] value_type* data() const noexcept { return reinterpret_cast<value_type*>(memory_.get()); }
    [[nodiscard]] bool grow() noexcept {
        std::size_t const more = capacity_ == 0 ? 2 : 2 * capacity_;
        auto larger = seam::make_bytes(more * sizeof(value_type));
        if (!larger) return false;
        auto* const into = reinterpret_cast<value_type*>(larger.get());
        for (std::size_t i = 0; i != size_; ++i) {
            ::new (static_cast<void*>(into + i)) value_type(std::move(data()[i]));
            data()[i].~value_type();
        }
        memory_ = std::move(larger);
        capacity_ = more;
        return true;
    }

    seam::owned<std::byte[]> memory_;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
    kept_digest stamp_; // asked for when nothing is added any more
};

} // namespace tls::detail
