// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/core/server_name.hpp>
#include <tls/resumption/ticket.hpp>

#include <cstdint>
#include <memory>
#include <optional>

namespace tls::detail {

/// Where a connection goes, and with which ticket.
struct destination {
    server_name name;
    std::uint16_t port = 0;  ///< of the transport, where the name has none
    ticket* given = nullptr; ///< instead of one from the store; moved from
    bool anew = false;       ///< without any ticket: the second attempt
};

/// A ticket that may not be there, as `destination` takes it.
[[nodiscard]] inline ticket* address_of(std::optional<ticket>& given) noexcept {
    return given ? std::addressof(*given) : nullptr;
}

} // namespace tls::detail
