// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace bench {

/// From now on, everybody in this program who asks the system or OpenSSL for random bytes gets a stream that is the
/// same in every run, and whoever asks for the date the same one: keys, nonces, certificates and signatures, and with
/// them the instructions they take, repeat. For counting only; never undone.
void make_repeatable();

} // namespace bench
