// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/core/config.hpp>
#include <tls/x509/algorithm.hpp>
#include <tls/x509/crl.hpp>
#include <tls/x509/der.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

/// What an OCSP responder says (RFC 6960).
namespace tls::ocsp {

/// How a responder took the question (RFC 6960 section 4.2.1).
enum class response_status : std::uint8_t {
    successful = 0,
    malformed_request = 1,
    internal_error = 2,
    try_later = 3,
    sig_required = 5,
    unauthorized = 6,
};

/// As RFC 6960 writes it, for example "tryLater".
[[nodiscard]] constexpr std::string_view name(response_status s) noexcept {
    switch (s) {
    case response_status::successful: return "successful";
    case response_status::malformed_request: return "malformedRequest";
    case response_status::internal_error: return "internalError";
    case response_status::try_later: return "tryLater";
    case response_status::sig_required: return "sigRequired";
    case response_status::unauthorized: return "unauthorized";
    }
    return "unknown";
}

enum class certificate_status : std::uint8_t { good, revoked, unknown };

/// What is said of one certificate.
struct single_response {
    x509::hash_algorithm hash = x509::hash_algorithm::other; ///< of the next two
    std::span<std::byte const> issuer_name_hash;
    std::span<std::byte const> issuer_key_hash;
    std::span<std::byte const> serial; ///< the content of the INTEGER
    certificate_status status = certificate_status::unknown;
    std::int64_t revoked_at = 0; ///< in seconds since 1970-01-01 UTC, as the next two
    std::int64_t this_update = 0;
    std::optional<std::int64_t> next_update;
    x509::revocation_reason reason = x509::revocation_reason::unspecified;
};

class response_reader;

/// A parsed OCSPResponse that refers to the bytes it was parsed from.
///
/// Parsing checks structure only: nothing here says that a response is genuine, current or about a certificate.
class response_view {
public:
    /// Parses exactly one response in DER, every part of it but the certificates in it. Total on any input; does not
    /// allocate. nullopt if the structure is not that of RFC 6960.
    [[nodiscard]] static std::optional<response_view> parse(std::span<std::byte const> der) noexcept;

    [[nodiscard]] response_status status() const noexcept { return status_; }
    /// True if it has a basic response: else all that follows is empty.
    [[nodiscard]] bool is_basic() const noexcept { return tbs_.at != 0; }

    /// The signed part, with tag and length.
    [[nodiscard]] std::span<std::byte const> tbs() const noexcept { return at(tbs_); }
    /// The responder's Name in DER, with tag and length; empty if it says who it is by its key.
    [[nodiscard]] std::span<std::byte const> responder_name() const noexcept { return at(responder_name_); }
    /// SHA-1 of the responder's key; empty if it says who it is by name.
    [[nodiscard]] std::span<std::byte const> responder_key_hash() const noexcept { return at(responder_key_); }
    /// When it was signed, in seconds since 1970-01-01 UTC.
    [[nodiscard]] std::int64_t produced_at() const noexcept { return produced_at_; }
    [[nodiscard]] x509::signature_algorithm signature_algorithm() const noexcept { return signature_algorithm_; }
    /// The parameters of an RSASSA-PSS signature, as `x509::certificate_view::pss`.
    [[nodiscard]] std::optional<x509::pss_parameters> pss() const noexcept;
    /// The octets of the signature.
    [[nodiscard]] std::span<std::byte const> signature() const noexcept { return at(signature_); }

    /// Of how many certificates it tells.
    [[nodiscard]] std::size_t size() const noexcept { return count_; }
    /// What it tells, one after the other in DER.
    [[nodiscard]] std::span<std::byte const> responses() const noexcept { return at(responses_); }
    /// The certificates that come with it, one after the other; not parsed.
    [[nodiscard]] std::span<std::byte const> certificates() const noexcept { return at(certificates_); }

    /// What in it is not understood, so that it must not be used to tell anything. Empty if nothing.
    [[nodiscard]] std::string_view not_understood() const noexcept { return not_understood_; }

private:
    friend class response_reader;

    response_view() noexcept = default;

    [[nodiscard]] std::span<std::byte const> at(x509::der::extent part) const noexcept {
        return {der_ + part.at, part.size};
    }

    std::byte const* der_ = nullptr;
    std::size_t size_ = 0;
    std::int64_t produced_at_ = 0;
    x509::der::extent tbs_, responder_name_, responder_key_, responses_, signature_, certificates_;
    std::string_view not_understood_;
    std::uint32_t count_ = 0;
    x509::signature_algorithm signature_algorithm_ = x509::signature_algorithm::other;
    response_status status_ = response_status::successful;
};

/// Reads what stands at the beginning of `responses`, which a response that was parsed has.
[[nodiscard]] single_response read_single_response(std::span<std::byte const> responses) noexcept;

} // namespace tls::ocsp

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/revocation/impl/ocsp_response.ipp>
#endif
