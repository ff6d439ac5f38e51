// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

/// The bodies of this backend for programs built with TWINTLS_SEPARATE_COMPILATION; see <tls/src.hpp>.
#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    error "<tls/mbedtls/src.hpp> is for programs that define TWINTLS_SEPARATE_COMPILATION everywhere"
#endif

#include <tls/mbedtls.hpp>
#include <tls/mbedtls/impl/context.ipp>
#include <tls/mbedtls/impl/cryptography.ipp>
#include <tls/mbedtls/impl/engine.ipp>
#include <tls/mbedtls/impl/errors.ipp>
#include <tls/mbedtls/impl/exporting.ipp>
#include <tls/mbedtls/impl/key_log.ipp>
#include <tls/mbedtls/impl/library.ipp>
#include <tls/mbedtls/impl/psa_signer.ipp>
#include <tls/mbedtls/impl/psk.ipp>
#include <tls/mbedtls/impl/sessions.ipp>
#include <tls/mbedtls/impl/signature.ipp>
#include <tls/mbedtls/impl/signer.ipp>
#include <tls/src.hpp>
