// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

namespace tls {

// No type satisfies these concepts. They constrain calls made at the wrong time, so that the compiler's message
// contains a sentence instead of "no member named ...". A requires-expression about such a call is false.

/// A builder does not connect: call `.build()`, and connect the client it returns.
template <class T>
concept build_the_client_before_connecting = false;

/// A client is complete: its credentials were given to the builder, before `.build()`.
template <class T>
concept credentials_go_to_the_builder_before_build = false;

/// A handshake does not read or write: `step()` it until it returns the session.
template <class T>
concept step_the_handshake_until_it_returns_the_session = false;

} // namespace tls
