// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bytes.hpp"

#include <chrono>
#include <initializer_list>
#include <string_view>
#include <vector>

/// A small DER writer that checks nothing, so that every kind of wrong certificate can be written.
namespace testbed::der {

inline constexpr unsigned tag_integer = 0x02;
inline constexpr unsigned tag_bit_string = 0x03;
inline constexpr unsigned tag_octet_string = 0x04;
inline constexpr unsigned tag_oid = 0x06;
inline constexpr unsigned tag_utf8_string = 0x0c;
inline constexpr unsigned tag_utc_time = 0x17;
inline constexpr unsigned tag_generalized_time = 0x18;
inline constexpr unsigned tag_sequence = 0x30;
inline constexpr unsigned tag_set = 0x31;

/// Encodings one after the other.
[[nodiscard]] bytes join(std::initializer_list<byte_view> parts);

/// Tag, length and content.
[[nodiscard]] bytes tlv(unsigned tag, byte_view content);
[[nodiscard]] bytes tlv(unsigned tag, std::string_view content);
[[nodiscard]] bytes sequence(std::initializer_list<byte_view> parts);
[[nodiscard]] bytes sequence_of(std::vector<bytes> const& parts);

/// A dotted object identifier, for example "2.5.29.19".
[[nodiscard]] bytes oid(std::string_view dotted);
/// An object identifier of any content.
[[nodiscard]] bytes oid(byte_view content);
[[nodiscard]] bytes null();
[[nodiscard]] bytes boolean(bool value);
/// A small non-negative integer.
[[nodiscard]] bytes integer(unsigned value);
/// An unsigned number given big-endian; a leading zero is added where the sign bit would be set.
[[nodiscard]] bytes integer(byte_view big_endian);
[[nodiscard]] bytes octet_string(byte_view content);
/// A BIT STRING of whole bytes.
[[nodiscard]] bytes bit_string(byte_view content);
/// A BIT STRING of named bits; bit 0 is the lowest bit of `bits`.
[[nodiscard]] bytes named_bits(unsigned bits);
/// UTCTime up to 2049, GeneralizedTime from 2050 on (RFC 5280 section 4.1.2.5).
[[nodiscard]] bytes time(std::chrono::sys_seconds when);
/// The same of a time written YYYYMMDDHHMMSSZ; any other text becomes a GeneralizedTime.
[[nodiscard]] bytes time(std::string_view text);

} // namespace testbed::der
