// SPDX-License-Identifier: Apache-2.0
// Seam: for those who write a backend.
#pragma once

#include <tls/x509/certificate_store.hpp>

namespace tls::verify {

/// The certificates a client trusts to vouch for servers, parsed once, found by subject name and shared by copies.
///
/// Anything that can be parsed is in it: a certificate that cannot serve as trust anchor (not a CA, expired, weak key)
/// is kept, so that a chain that leads to it is refused for that reason.
using anchor_set = x509::certificate_store;

} // namespace tls::verify
