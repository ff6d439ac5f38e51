// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/connection/backend.hpp>

/// What `seam::stapling_calls` promises.
namespace tls::detail {

/// None: Mbed TLS 3.6 knows the extension status_request by name only. It never asks for a status, and ends a handshake
/// in which one comes.
inline constexpr seam::stapling_calls mbedtls_stapling{};

} // namespace tls::detail
