// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bytes.hpp"
#include "der_writer.hpp"

#include <optional>
#include <string_view>
#include <vector>

/// What all certificates of the tests are made with, signed or not. Like the DER writer, it checks nothing and needs no
/// library.
namespace testbed {

/// A certificate (RFC 5280 section 4.1) in pieces, each of them DER. Whoever fills them decides what is wrong with it.
struct certificate_parts {
    bytes version{};         ///< INTEGER; no version is written if empty, which means version 1
    bytes serial{};          ///< INTEGER
    bytes inner_algorithm{}; ///< AlgorithmIdentifier inside the signed part
    bytes issuer{};          ///< Name
    bytes not_before{};      ///< Time
    bytes not_after{};       ///< Time
    bytes subject{};         ///< Name
    bytes key{};             ///< SubjectPublicKeyInfo
    bytes extensions{};      ///< SEQUENCE OF Extension; no extensions are written if empty
    bytes outer_algorithm{}; ///< AlgorithmIdentifier beside the signature
    bytes signature{};       ///< BIT STRING

    /// What the signature is over: TBSCertificate.
    [[nodiscard]] bytes signed_part() const;
    /// The certificate.
    [[nodiscard]] bytes der() const;
};

/// A RelativeDistinguishedName of one attribute, given by its dotted type.
[[nodiscard]] bytes
relative_name(std::string_view type, std::string_view text, unsigned string_tag = der::tag_utf8_string);

/// GeneralName (RFC 5280 section 4.2.1.6).
namespace general_name {
[[nodiscard]] bytes email(std::string_view text);
[[nodiscard]] bytes dns(std::string_view text);
[[nodiscard]] bytes uri(std::string_view text);
/// The octets of an address; in nameConstraints followed by those of its mask.
[[nodiscard]] bytes ip(byte_view octets);
[[nodiscard]] bytes directory(byte_view name_der);
} // namespace general_name

/// Extension; the identifier is DER.
[[nodiscard]] bytes extension(byte_view id, bool critical, byte_view value);
/// Extension; the identifier is dotted.
[[nodiscard]] bytes extension(std::string_view dotted, bool critical, byte_view value);

/// The value of basicConstraints.
[[nodiscard]] bytes basic_constraints(bool ca, std::optional<unsigned> path_len);
/// The value of authorityKeyIdentifier.
[[nodiscard]] bytes authority_key_identifier(byte_view key_id);
/// One half of nameConstraints, of GeneralNames; nothing if there are none.
[[nodiscard]] bytes subtrees(unsigned tag, std::vector<bytes> const& bases);
/// The value of nameConstraints, of GeneralNames.
[[nodiscard]] bytes name_constraints(std::vector<bytes> const& permitted, std::vector<bytes> const& excluded);

} // namespace testbed
