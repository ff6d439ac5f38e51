// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/core/feature.hpp>

namespace tls {

// What the calls of a builder require: decisions that are made once and must be made, and what a library can do.

/// Which of the two decisions a builder still lacks.
struct decided {
    bool trust = false;
    bool identity = false;
};

/// Whom do we trust? Call `.trust(...)`, `.trust_system()`, `.psk(...)` or `.insecure_accept_any_server()` before
/// `.build()`.
template <decided D>
concept say_whom_we_trust_before_build = D.trust;

/// Who are we? Call `.identity(...)`, `.no_identity()` or `.psk(...)` before `.build()`.
template <decided D>
concept say_who_we_are_before_build = D.identity;

/// Trust is decided once: a builder with `.trust(...)` does not take another. `.psk(...)` decides it too.
template <decided D>
concept trust_is_decided_only_once = !D.trust;

/// Identity is decided once: a builder with `.identity(...)` or `.no_identity()` does not take another. `.psk(...)`
/// decides it too.
template <decided D>
concept identity_is_decided_only_once = !D.identity;

/// The library as built cannot export its secrets: leave out `.key_log(...)`.
template <class Backend>
concept the_library_is_built_with_a_key_log = Backend::template supports<feature::key_log>;

/// The library as built has no debug output: build it with TWINTLS_DEBUG_LOG=ON, or leave out `.log(...)`.
template <class Backend>
concept the_library_is_built_with_a_debug_log = Backend::template supports<feature::debug_log>;

/// The library as built signs only with keys that it has itself: use `identity::from_pem_files` or another source of
/// one.
template <class Backend>
concept the_library_is_built_for_an_external_signer = Backend::template supports<feature::external_signer>;

/// The library as built cannot ask for a maximum fragment length: leave out `.max_fragment_length(...)`, and say with
/// `.record_size(...)` how much we send.
template <class Backend>
concept the_library_is_built_with_maximum_fragment_length = Backend::template supports<feature::max_fragment_length>;

/// The library as built has no pre-shared keys, or not the suite for them: use certificates.
template <class Backend>
concept the_library_is_built_with_pre_shared_keys = Backend::template supports<feature::pre_shared_keys>;

/// The library as built cannot go on with another identity once the server has asked: use `.identity(...)` with one.
template <class Backend>
concept the_library_is_built_for_several_identities = Backend::template supports<feature::several_identities>;

/// The library as built cannot export keying material: leave out `.exporter()`.
template <class Backend>
concept the_library_is_built_with_an_exporter = Backend::template supports<feature::keying_material_export>;

/// The library as built cannot ask a server for an OCSP status: leave out `.require_stapled_status()`; revocation lists
/// work with every library, and `.honour_must_staple()` refuses certificates that promise a status.
template <class Backend>
concept the_library_can_ask_for_a_stapled_status = Backend::template supports<feature::stapled_status>;

/// The library as built cannot resume sessions: leave out `.resumption(...)`.
template <class Backend>
concept the_library_is_built_with_session_tickets = Backend::template supports<feature::session_tickets>;

} // namespace tls
