// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/core/allocation.hpp>
#include <tls/core/config.hpp>
#include <tls/core/error.hpp>
#include <tls/core/secret.hpp>

#include <cstddef>
#include <span>
#include <string_view>
#include <utility>

namespace tls {

/// A key that we share with a server, and the identity by which both of us know it; for `builder::psk`.
///
/// Wiped from memory with the last copy; copies share it and are safe to use from many threads. What is wrong is an
/// error there and then: bad_psk, naming the identity or the key and the reason; out_of_memory.
class pre_shared_key {
public:
    /// From the bytes of the key, 16 to 64 of them, random: no password, nothing derived from one (RFC 9257 section 6).
    ///
    /// The identity has 1 to 128 bytes, which are compared byte by byte and sent unencrypted, and none of them is NUL:
    /// one of the libraries takes it as a C string.
    [[nodiscard]] static result<pre_shared_key>
    from_bytes(std::string_view identity, std::span<std::byte const> key) noexcept;

    /// As above, from the hexadecimal digits that most tools take and show, two for each byte.
    [[nodiscard]] static result<pre_shared_key> from_hex(std::string_view identity, std::string_view digits) noexcept;

    /// The identity; valid as long as this object or a copy of it, and a NUL follows it.
    [[nodiscard]] std::string_view identity() const noexcept {
        return content_ == nullptr ? std::string_view()
                                   : content_->identity.text().substr(0, content_->identity.size() - 1);
    }
    /// The key; the same.
    [[nodiscard]] std::span<std::byte const> key() const noexcept {
        return content_ == nullptr ? std::span<std::byte const>() : content_->key.span();
    }
    /// True once this object was moved from: a client cannot be built with it (`spent`).
    [[nodiscard]] bool is_spent() const noexcept { return content_ == nullptr; }

private:
    struct content {
        x509::secret_bytes identity; // with a NUL
        x509::secret_bytes key;
    };

    [[nodiscard]] static result<pre_shared_key>
    make(std::string_view identity, result<x509::secret_bytes> key) noexcept;
    explicit pre_shared_key(seam::shared<content const> c) noexcept : content_(std::move(c)) {}

    seam::shared<content const> content_;
};

} // namespace tls

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/credentials/impl/psk.ipp>
#endif
