// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/core/config.hpp>
#include <tls/signature/memory.hpp>
#include <tls/signature/primitive.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace tls::signature {

/// The C library that answers, as two functions and its name. Function pointers, so that the judge is compiled once.
struct library {
    primitive verify = nullptr;
    /// SHA-256 of the parts one after the other; false if the library fails.
    bool (*sha256)(std::span<std::span<std::byte const> const>, std::span<std::byte, 32>) noexcept = nullptr;
    std::string_view name{};    ///< of the backend
    std::string_view version{}; ///< of the library: what another version answered does not count
};

/// A backend as such a library.
template <class Backend> [[nodiscard]] library library_of() noexcept {
    return {&Backend::verify_signature, &Backend::sha256, Backend::name, Backend::version()};
}

/// The name of an edge; nullopt if the library fails.
[[nodiscard]] std::optional<edge>
edge_of(library const& by, std::span<std::byte const> issuer_spki, std::span<std::byte const> child) noexcept;

/// What verifies the signatures of one handshake's chain.
struct edge_check {
    library by{};
    memory* known = nullptr; ///< null: nothing is remembered
    held_edges held{}; ///< what was good, for `memory::keep` once the handshake is complete; empty without a memory

    /// Whether `q` is good, whose message and signature are those of the certificate `child`.
    ///
    /// The rules come first: what they no longer allow is not good because it once was. Then the memory is asked, then
    /// the library if `work_left` covers the cost, which is then deducted; otherwise the answer is `cannot`.
    [[nodiscard]] answer verify(query const& q, std::span<std::byte const> child, std::uint32_t& work_left) noexcept;
    /// The same without the memory, for callers who bound the work themselves.
    [[nodiscard]] answer verify_once(query const& q) const noexcept;
};

} // namespace tls::signature

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/signature/impl/edge.ipp>
#endif
