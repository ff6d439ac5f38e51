// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/core/protocol.hpp>
#include <tls/signature/primitive.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

namespace tls {

/// What a handshake that answers `want_signature` wants signed: see `signer` for schemes, digests and signatures.
struct signature_request {
    signature_scheme scheme{};
    std::span<std::byte const> digest; ///< valid as long as the handshake is neither continued nor moved
};

} // namespace tls

namespace tls::detail {

/// A signature that comes later. It is asked for again and again, by a library that is called again, and always the
/// same.
class awaited_signature {
public:
    /// The digest has at most 64 bytes.
    awaited_signature(signature_scheme scheme, std::span<std::byte const> digest) noexcept
        : scheme_(scheme),
          digest_size_(digest.size()) {
        std::ranges::copy(digest, digest_.begin());
    }

    [[nodiscard]] signature_request request() const noexcept {
        return {scheme_, std::span(digest_).first(digest_size_)};
    }
    [[nodiscard]] bool is_for(signature_scheme scheme, std::span<std::byte const> digest) const noexcept {
        return scheme == scheme_ && std::ranges::equal(digest, request().digest);
    }

    /// Takes the signature; false if it is longer than any.
    [[nodiscard]] bool take(std::span<std::byte const> made) noexcept {
        if (made.size() > made_.size()) return false;
        std::ranges::copy(made, made_.begin());
        size_ = made.size();
        return true;
    }
    /// Empty until it came.
    [[nodiscard]] std::span<std::byte const> made() const noexcept { return std::span(made_).first(size_); }

private:
    signature_scheme scheme_;
    std::size_t digest_size_;
    std::size_t size_ = 0;
    std::array<std::byte, 64> digest_{};
    std::array<std::byte, signature::max_rsa_bits / 8> made_{};
};

} // namespace tls::detail
