// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "parity/parity.hpp"
#include "testbed/key_signer.hpp"

#include <utility>

/// Clients of the good certificates, whose private key is somewhere else.
namespace parity {

inline tls::result<tls::certificate_chain> chain_of(testbed::key_kind kind) {
    return tls::certificate_chain::from_pem(pki(kind).client.chain_pem());
}

inline tls::scheme_set schemes_of(testbed::key_kind kind) {
    return testbed::key_signer(*pki(kind).client.private_key).schemes();
}

/// An identity whose signatures come later.
inline tls::result<tls::external_identity> deferred_identity(testbed::key_kind kind = testbed::key_kind::p256) {
    return tls::identity::from_deferred_signer(chain_of(kind), schemes_of(kind));
}

/// A client of that version and identity.
inline client_options signed_later(protocol_version v, testbed::key_kind kind = testbed::key_kind::p256) {
    client_options o;
    o.signing_elsewhere = deferred_identity(kind);
    return only(v, std::move(o));
}

/// What answers a request.
inline testbed::bytes signature_for(tls::signature_request const& wanted, testbed::key const& by) {
    return by.sign_digest(wanted.digest, testbed::hash_of(wanted.scheme), testbed::is_pss(wanted.scheme));
}
inline testbed::bytes
signature_for(tls::signature_request const& wanted, testbed::key_kind kind = testbed::key_kind::p256) {
    return signature_for(wanted, *pki(kind).client.private_key);
}

} // namespace parity
