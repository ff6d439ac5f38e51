// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

/// Everything an application may need of twintls, apart from one header for each backend in use.
///
/// A program links only what it calls. Where there are no sockets, the transports that need them are left out.
#include <tls/client.hpp>
#include <tls/configuration/preflight.hpp>
#include <tls/core/memory.hpp>
#include <tls/credentials/credentials.hpp>
#include <tls/diagnosis/explain.hpp>
#include <tls/diagnosis/flight_recorder.hpp>
#include <tls/diagnosis/key_log.hpp>
#include <tls/diagnosis/log.hpp>
#include <tls/engine.hpp>
#include <tls/resumption/memory_ticket_store.hpp>
#include <tls/session.hpp>
#include <tls/transport/pipe.hpp>
#if __has_include(<sys/socket.h>)
#    include <tls/transport/descriptor.hpp>
#    include <tls/transport/tcp.hpp>
#endif
