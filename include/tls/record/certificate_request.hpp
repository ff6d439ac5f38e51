// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/core/config.hpp>
#include <tls/core/error.hpp>
#include <tls/core/protocol.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace tls::detail {

/// The issuers of our own certificates, as Names in DER with tag and length; borrowed.
using issuer_names = std::span<std::span<std::byte const> const>;
/// The same for each of our identities; borrowed.
using issuers_by_identity = std::span<issuer_names const>;

/// Reads the body of a CertificateRequest, in any pieces, without allocating and whatever its size.
///
/// Total on any input: there is a result only after a complete and well-formed message. RFC 8446 section 4.3.2,
/// RFC 5246 section 7.4.4.
class certificate_request_reader {
public:
    static constexpr std::size_t max_issuers = 8;    ///< more issuers of one identity are not compared
    static constexpr std::size_t max_identities = 8; ///< nor those of more identities

    /// A message of this version begins. The names must stay where they are until its end.
    void begin(protocol_version version, issuers_by_identity ours) noexcept;
    /// The next bytes of the body.
    void feed(std::span<std::byte const> bytes) noexcept;
    /// What the server accepts, or nullptr while the message is incomplete and for good if it is malformed.
    [[nodiscard]] accepted_credentials const* result() const noexcept {
        return at_ == field::done ? &accepted_ : nullptr;
    }
    /// Which identities have a chain with a certificate that an authority issued which the server names, a bit each.
    [[nodiscard]] std::uint8_t identities_named() const noexcept { return named_; }

private:
    // The fields in the order of the wire; those before `types` are numbers.
    enum class field : std::uint8_t {
        types_length,   // TLS 1.2 begins here
        context_length, // TLS 1.3 begins here
        extensions_length,
        extension_type,
        extension_length,
        schemes_length,
        scheme,
        authorities_length,
        name_length,
        types, // from here on, runs of bytes
        context,
        extension,
        name,
        done,
        malformed
    };

    void number(std::uint32_t value) noexcept;
    void run(field what, std::uint32_t size) noexcept;
    void run_ends() noexcept;
    void extensions(std::uint32_t left) noexcept;
    void extension_begins(std::uint32_t size) noexcept;
    void scheme(std::uint32_t value) noexcept;
    void key_types(std::span<std::byte const> part) noexcept;
    void list(field first, std::uint32_t size) noexcept;
    void list_ends() noexcept;
    /// Calls it with each of our issuers and the issuer's bit.
    template <class Take> void for_each_issuer(Take take) const noexcept {
        static_assert(max_issuers == 8 && max_identities == 8, "a bit each, and an octet for each identity");
        for (std::size_t i = 0; i != ours_.size(); ++i)
            for (std::size_t j = 0; j != ours_[i].size() && j != max_issuers; ++j)
                take(std::uint64_t{1} << (max_issuers * i + j), ours_[i][j]);
    }
    void name_begins(std::uint32_t size) noexcept;
    void name_part(std::span<std::byte const> part) noexcept;
    void name_ends() noexcept;

    accepted_credentials accepted_;
    issuers_by_identity ours_;
    bool tls13_ = false;
    bool schemes_seen_ = false;
    bool authorities_seen_ = false;
    field at_ = field::malformed;
    std::uint8_t have_ = 0;             // octets of a number
    std::uint32_t value_ = 0;           // that number
    std::uint32_t run_left_ = 0;        // bytes left in a run
    std::uint32_t list_left_ = 0;       // bytes left in the list of schemes or authorities
    std::uint32_t extensions_left_ = 0; // bytes after the current extension
    std::uint32_t extension_size_ = 0;
    std::uint16_t extension_type_ = 0;
    std::uint8_t named_ = 0;
    std::uint64_t alive_ = 0; // which of our issuers the name equals so far, a bit each
    std::uint32_t name_size_ = 0;
    std::uint32_t name_at_ = 0;
    std::array<std::byte, 256> first_name_; // the first authority, to be printed
};

} // namespace tls::detail

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/record/impl/certificate_request.ipp>
#endif
