// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

/// The bodies of this backend for programs built with TWINTLS_SEPARATE_COMPILATION; see <tls/src.hpp>.
#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    error "<tls/wolfssl/src.hpp> is for programs that define TWINTLS_SEPARATE_COMPILATION everywhere"
#endif

#include <tls/src.hpp>
#include <tls/wolfssl.hpp>
#include <tls/wolfssl/impl/context.ipp>
#include <tls/wolfssl/impl/cryptography.ipp>
#include <tls/wolfssl/impl/engine.ipp>
#include <tls/wolfssl/impl/errors.ipp>
#include <tls/wolfssl/impl/exporting.ipp>
#include <tls/wolfssl/impl/key_log.ipp>
#include <tls/wolfssl/impl/library.ipp>
#include <tls/wolfssl/impl/psk.ipp>
#include <tls/wolfssl/impl/sessions.ipp>
#include <tls/wolfssl/impl/signature.ipp>
#include <tls/wolfssl/impl/signer.ipp>
#include <tls/wolfssl/impl/stapling.ipp>
