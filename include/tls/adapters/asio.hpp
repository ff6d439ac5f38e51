// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/adapters/asio/stream.hpp>

/// TLS streams for standalone Asio and Boost.Asio: see `tls::asio::stream`.
///
/// Which Asio: Boost's if TWINTLS_ASIO_BOOST is defined or only Boost's was included before, else standalone Asio.
/// Where both are used in one program, each source file uses one. twintls itself includes neither, nor needs
/// asio/ssl.hpp.
