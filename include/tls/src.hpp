// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

/// The bodies of the core for programs built with TWINTLS_SEPARATE_COMPILATION.
///
/// Exactly one source file includes this header and, for each backend in use, that backend's own `src.hpp`. The C
/// libraries' headers are then seen by that one file only.
#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    error "<tls/src.hpp> is for programs that define TWINTLS_SEPARATE_COMPILATION everywhere"
#endif

#include <tls/client.hpp>
#include <tls/compare.hpp>
#include <tls/compare/impl/json.ipp>
#include <tls/compare/impl/report.ipp>
#include <tls/compare/impl/runner.ipp>
#include <tls/compare/impl/text.ipp>
#include <tls/configuration/impl/choose_identity.ipp>
#include <tls/configuration/impl/preflight.ipp>
#include <tls/configuration/impl/summary.ipp>
#include <tls/configuration/preflight.hpp>
#include <tls/connection/impl/handshake_state.ipp>
#include <tls/connection/impl/server_verification.ipp>
#include <tls/connection/impl/stapling.ipp>
#include <tls/core/impl/allocation.ipp>
#include <tls/core/impl/file.ipp>
#include <tls/core/impl/memory.ipp>
#include <tls/credentials/impl/credentials.ipp>
#include <tls/credentials/impl/external_identity.ipp>
#include <tls/credentials/impl/identity_choice.ipp>
#include <tls/credentials/impl/key_decryption.ipp>
#include <tls/credentials/impl/own_key.ipp>
#include <tls/credentials/impl/psk.ipp>
#include <tls/credentials/impl/signer.ipp>
#if __has_include(<dlfcn.h>)
#    include <tls/credentials/impl/pkcs11.ipp>
#endif
#include <tls/diagnosis/explain.hpp>
#include <tls/diagnosis/flight_recorder.hpp>
#include <tls/diagnosis/impl/explain.ipp>
#include <tls/diagnosis/impl/flight_recorder.ipp>
#include <tls/diagnosis/impl/key_log.ipp>
#include <tls/record/impl/certificate_request.ipp>
#include <tls/record/impl/client_hello.ipp>
#include <tls/record/impl/tap.ipp>
#include <tls/record/impl/wire.ipp>
#include <tls/resumption/impl/connection_tickets.ipp>
#include <tls/resumption/impl/memory_ticket_store.ipp>
#include <tls/resumption/impl/ticket.ipp>
#include <tls/revocation/impl/ocsp_response.ipp>
#include <tls/revocation/impl/pins.ipp>
#include <tls/revocation/impl/revocation_lists.ipp>
#include <tls/revocation/impl/revocation_rule.ipp>
#include <tls/revocation/impl/stapled_status.ipp>
#include <tls/signature/impl/edge.ipp>
#include <tls/signature/impl/memory.ipp>
#include <tls/signature/impl/primitive.ipp>
#include <tls/transport/descriptor.hpp>
#include <tls/transport/impl/descriptor.ipp>
#include <tls/transport/impl/tcp.ipp>
#include <tls/transport/tcp.hpp>
#include <tls/verify/impl/certificate_rules.ipp>
#include <tls/verify/impl/judge.ipp>
#include <tls/verify/impl/name_constraints.ipp>
#include <tls/verify/impl/name_match.ipp>
#include <tls/verify/impl/path_problems.ipp>
#include <tls/verify/impl/peer_path.ipp>
#include <tls/verify/impl/server_check.ipp>
#include <tls/x509/impl/certificate.ipp>
#include <tls/x509/impl/certificate_store.ipp>
#include <tls/x509/impl/crl.ipp>
#include <tls/x509/impl/input_format.ipp>
#include <tls/x509/impl/key_description.ipp>
#include <tls/x509/impl/key_encryption.ipp>
#include <tls/x509/impl/name.ipp>
#include <tls/x509/impl/name_comparison.ipp>
#include <tls/x509/impl/pem.ipp>
#include <tls/x509/impl/private_key.ipp>
