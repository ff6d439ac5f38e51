// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bytes.hpp"
#include "key.hpp"

namespace testbed {

/// The numbers of an ECDSA signature: big-endian, as long as the order of the curve.
struct ecdsa_numbers {
    bytes r{}, s{};

    [[nodiscard]] bytes der() const;
};

[[nodiscard]] ecdsa_numbers parse_ecdsa(byte_view der, key_kind kind);

/// The order of a curve and the prime of its field.
[[nodiscard]] bytes order_of(key_kind kind);
[[nodiscard]] bytes prime_of(key_kind kind);

/// `a + b` and `a - b`, as long as `a`; throw if that does not fit.
[[nodiscard]] bytes add(byte_view a, byte_view b);
[[nodiscard]] bytes subtract(byte_view a, byte_view b);

/// A signature whose verification leads to the point at infinity: in range, and of no message.
[[nodiscard]] ecdsa_numbers signature_of_infinity(key const& signer, byte_view message, hash with);

} // namespace testbed
