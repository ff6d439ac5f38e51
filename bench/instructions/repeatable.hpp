// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace bench {

/// From now on, random bytes from the system or OpenSSL are the same in every run, and so is the date: keys, nonces,
/// certificates and signatures repeat, and with them the instructions they take. For counting only; cannot be undone.
void make_repeatable();

} // namespace bench
