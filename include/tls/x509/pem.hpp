// SPDX-License-Identifier: Apache-2.0
// Seam: for those who write a backend.
#pragma once

#include <tls/core/config.hpp>
#include <tls/core/error.hpp>
#include <tls/core/secret.hpp>
#include <tls/x509/certificate_store.hpp>
#include <tls/x509/private_key.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace tls::x509 {

/// One block of a PEM text (RFC 7468, with the headers of RFC 1421); refers to that text.
struct pem_block {
    std::string_view label;   ///< "CERTIFICATE", "PRIVATE KEY", ...
    std::string_view headers; ///< "Proc-Type: ..." and what follows it, up to the empty line; usually empty
    std::string_view body;    ///< the base64 text, with its line ends
    std::string_view text;    ///< everything from "-----BEGIN" to the last dash of the END line
};

/// Finds the blocks of a PEM text, one after the other, without allocating.
///
/// Takes either line end, blanks before and after a line, a byte order mark, and any text between blocks. A BEGIN line
/// that is not complete, a block without END, an END without BEGIN, labels that differ and headers without the empty
/// line after them are errors. After an error the next block can be asked for.
class pem_reader {
public:
    explicit pem_reader(std::string_view text) noexcept;

    /// The next block, or nullopt at the end of the text. Errors: bad_pem.
    [[nodiscard]] result<std::optional<pem_block>> next() noexcept;

private:
    [[nodiscard]] std::string_view take_line() noexcept;
    std::string_view rest_;
};

/// The bytes in a block. Errors: bad_pem if the base64 is damaged or empty; out_of_memory.
[[nodiscard]] result<secret_bytes> decode_pem(pem_block const& block) noexcept;

/// How many characters `to_pem` writes for a certificate of this many bytes.
[[nodiscard]] std::size_t pem_size(std::size_t der_size) noexcept;

/// Writes a certificate in DER as PEM (RFC 7468 section 5): the part of `into` that was written, empty if `pem_size`
/// characters have no room there.
[[nodiscard]] std::string_view to_pem(std::span<std::byte const> der, std::span<char> into) noexcept;

/// What becomes of the parts of a text that cannot be read.
enum class unreadable : std::uint8_t {
    is_an_error,   ///< the whole text is refused
    is_passed_over ///< they are counted
};

/// Every certificate of a PEM text, parsed, in the order of the text; blocks of other kinds are passed over.
///
/// "CERTIFICATE" and "X509 CERTIFICATE" blocks count. Errors: out_of_memory; empty_input; unexpected_private_key if
/// there is a private key and no certificate; wrong_format if there is something else that is recognised,
/// no_certificate if not; bad_pem, bad_certificate_der and wrong_format, which say which block or certificate it is.
/// Where unreadable ones are passed over, those three only if nothing can be read.
[[nodiscard]] result<certificate_store>
certificates_from_pem(std::string_view text, unreadable how = unreadable::is_an_error) noexcept;

/// A private key as it was found; wiped with the object.
struct private_key_block {
    private_key_kind kind = private_key_kind::pkcs8;
    secret_bytes der; ///< the decoded bytes; those of a legacy_encrypted key are encrypted as its headers say
    secret_bytes pem; ///< the PEM block itself with a NUL as its last byte; empty if the key did not come from PEM
};

/// The first private key of a PEM text; blocks of other kinds are passed over.
///
/// Errors: empty_input; unexpected_certificate if there is a certificate and no private key, wrong_format if there is
/// something else that is recognised, no_private_key if not; bad_pem; bad_private_key if the bytes are not what the
/// label says; unsupported for a label of another kind of key; out_of_memory.
[[nodiscard]] result<private_key_block> private_key_from_pem(std::string_view text) noexcept;

} // namespace tls::x509

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/x509/impl/pem.ipp>
#endif
