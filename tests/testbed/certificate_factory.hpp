// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bytes.hpp"
#include "key.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace testbed {

/// Bits of keyUsage (RFC 5280 section 4.2.1.3).
namespace usage {
inline constexpr unsigned digital_signature = 1U << 0U;
inline constexpr unsigned key_encipherment = 1U << 2U;
inline constexpr unsigned key_agreement = 1U << 4U;
inline constexpr unsigned key_cert_sign = 1U << 5U;
inline constexpr unsigned crl_sign = 1U << 6U;
} // namespace usage

/// Purposes of extKeyUsage, as object identifiers.
namespace purpose {
inline constexpr char const* server_auth = "1.3.6.1.5.5.7.3.1";
inline constexpr char const* client_auth = "1.3.6.1.5.5.7.3.2";
inline constexpr char const* code_signing = "1.3.6.1.5.5.7.3.3";
inline constexpr char const* any = "2.5.29.37.0";
} // namespace purpose

/// A nameConstraints extension. IP subtrees are written "10.0.0.0/8" or "fd00::/8".
struct constraints {
    std::vector<std::string> permitted_dns{};
    std::vector<std::string> excluded_dns{};
    std::vector<std::string> permitted_ips{};
    std::vector<std::string> excluded_ips{};
    std::vector<std::string> permitted_emails{};
    std::vector<std::string> excluded_emails{};
    std::vector<std::string> permitted_organisations{}; ///< directoryName with this one O
    std::vector<std::string> excluded_organisations{};
    bool critical = true;
};

[[nodiscard]] std::chrono::sys_seconds now();

/// What a certificate says. The defaults make a good one; every member can make it a bad one.
struct certificate_spec {
    std::string common_name{};                 ///< no CN if empty
    std::optional<std::string> organisation{}; ///< written before the CN
    std::vector<std::string> dns{};
    std::vector<std::string> ips{}; ///< textual IPv4 or IPv6
    std::vector<std::string> emails{};
    std::vector<std::string> uris{};
    bool san_critical = false;

    std::chrono::sys_seconds not_before = now() - std::chrono::hours(1);
    std::chrono::sys_seconds not_after = now() + std::chrono::days(30);

    bool ca = false;
    std::optional<unsigned> path_len{};
    bool basic_constraints = true; ///< false: no such extension, whatever `ca` says
    bool basic_constraints_critical = true;
    std::optional<unsigned> key_usage{}; ///< unset: keyCertSign and cRLSign for a CA, else digitalSignature
    bool key_usage_present = true;
    std::vector<std::string> extended_key_usage{}; ///< object identifiers, see `purpose`
    bool extended_key_usage_critical = false;
    std::optional<constraints> name_constraints{};
    std::vector<std::string> policies{}; ///< object identifiers
    bool policies_critical = false;

    testbed::hash hash = testbed::hash::sha256;
    bool rsa_pss = false; ///< sign with RSASSA-PSS; the key stays a plain RSA key
    bool subject_key_id = true;
    bool authority_key_id = true;
    std::optional<bytes> subject_key_id_value{};
    std::optional<bytes> authority_key_id_value{};
    int version = 3;               ///< below 3 no extensions are written
    std::optional<bytes> serial{}; ///< big-endian; unset: 16 random bytes

    bool corrupt_signature = false;
    bool mismatched_algorithm = false; ///< the algorithm inside the signed part is another than the outer one
    bool unknown_critical_extension = false;
    bool unknown_extension = false;        ///< not critical: harmless
    std::size_t padding = 0;               ///< size of a harmless private extension that makes the certificate large
    std::optional<bytes> subject{};        ///< DER Name instead of organisation and common_name
    std::optional<bytes> issuer_name{};    ///< DER Name instead of the issuer's subject
    std::vector<bytes> general_names{};    ///< DER GeneralName, added to subjectAltName
    std::vector<bytes> extra_extensions{}; ///< DER Extension, added as they are
};

/// An issued certificate.
struct certificate {
    bytes der{};
    bytes subject{};        ///< DER Name
    bytes subject_key_id{}; ///< what certificates issued by this one point at

    [[nodiscard]] std::string pem() const;
};

/// A certificate that issues others. The key must outlive it; pooled keys do.
struct issuer {
    testbed::certificate certificate;
    key const* private_key = nullptr;
};

/// Issues a certificate for `subject_key`; self-signed when `by` is nullptr.
[[nodiscard]] certificate issue(certificate_spec const& spec, key const& subject_key, issuer const* by = nullptr);

/// The AlgorithmIdentifier of signatures that this key makes.
[[nodiscard]] bytes signature_algorithm(key const& signer, hash h, bool rsa_pss);

/// The DER of a Name of an optional organisation and a common name.
[[nodiscard]] bytes distinguished_name(std::string const& common_name, std::optional<std::string> const& org = {});

/// PEM of all of them, in order.
[[nodiscard]] std::string pem_of(std::vector<certificate> const& certificates);

/// A chain and its key: leaf first, without the root.
struct credentials {
    std::vector<certificate> chain{};
    key const* private_key = nullptr;

    [[nodiscard]] std::string chain_pem() const { return pem_of(chain); }
    [[nodiscard]] certificate const& leaf() const { return chain.front(); }
};

/// One root, an intermediate for servers and one for clients, and a leaf of each.
///
/// The server is "localhost", "server.example", "*.wild.example", 127.0.0.1 and ::1.
struct pki {
    key_kind kind = key_kind::p256;
    issuer root{};
    issuer server_intermediate{};
    issuer client_intermediate{};
    credentials server{};
    credentials client{};

    [[nodiscard]] std::string root_pem() const { return root.certificate.pem(); }
    /// A server's credentials as specified, from the same intermediate and with the same key as `server`.
    [[nodiscard]] credentials server_with(certificate_spec const& spec) const;
    /// A client's credentials as specified, from the same intermediate and with the same key as `client`.
    [[nodiscard]] credentials client_with(certificate_spec const& spec) const;
};

/// What the certificates of `make_pki` say; starting points for variants.
[[nodiscard]] certificate_spec root_spec();
[[nodiscard]] certificate_spec server_intermediate_spec();
[[nodiscard]] certificate_spec client_intermediate_spec();
[[nodiscard]] certificate_spec server_spec();
[[nodiscard]] certificate_spec client_spec();

/// A set of good credentials made of pooled keys of one kind (indices 0 to 4).
[[nodiscard]] pki make_pki(key_kind kind = key_kind::p256);

} // namespace testbed
