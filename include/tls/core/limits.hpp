// SPDX-License-Identifier: Apache-2.0
// Seam: for those who write a backend.
#pragma once

#include <cstddef>

/// What twintls says to a server and takes from it at most, equal for every backend.
namespace tls::limits {

/// The most bytes that the application protocols offered may have together, each with one for its length: what fits the
/// hello of every backend.
inline constexpr std::size_t alpn_bytes = 8192;

/// The most certificates that a server may send.
inline constexpr std::size_t certificates = 9;
/// The most bytes that they may have together: what fits the buffers of every backend.
inline constexpr std::size_t certificate_bytes = 16000;
/// The longest request for a certificate: its list of authorities fits the buffers of every backend too.
inline constexpr std::size_t certificate_request_bytes = 16000;
/// The most ChangeCipherSpecs in a handshake: RFC 8446 section 5 has them dropped, and one or two are sent.
inline constexpr unsigned change_cipher_specs = 32;

} // namespace tls::limits
