// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/core/packed_texts.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tls {

/// What a file or text turned out to be, where a certificate or private key in another format is wanted.
enum class input_format : std::uint8_t {
    unknown,
    pem,
    der_certificate,
    der_private_key,
    der,                 ///< some other structure in DER
    pkcs12,              ///< also "PFX"
    pkcs7,               ///< also "P7B" and CMS
    certificate_request, ///< PKCS#10, also "CSR"
    revocation_list,
    trusted_certificate, ///< OpenSSL's own format of a certificate
    public_key,
    key_parameters, ///< of EC, DH or DSA
    ssh_private_key,
    ssh_public_key,
    putty_key,
    pgp,
    java_keystore,
    json, ///< also a JSON Web Key
    markup,
    compressed,
    base64, ///< without BEGIN and END lines
    utf_16,
};

namespace detail {

struct input_format_entry {
    std::string_view name;
    std::string_view advice;
};

/// By number.
inline constexpr input_format_entry input_formats[] = {
    {"", ""},
    {"PEM text", "Load it with {@pem}, or convert it to DER with `openssl x509 -in FILE -outform DER`."},
    {"certificate in DER", "Convert it to PEM: `openssl x509 -inform DER -in FILE -out certificate.pem`."},
    {"private key in DER", "Convert it to PEM: `openssl pkey -inform DER -in FILE -out key.pem`."},
    {"binary data in DER",
     "Look into it with `openssl asn1parse -inform DER -in FILE`. What is wanted here is text that says BEGIN."},
    {"PKCS#12",
     "Take it apart: `openssl pkcs12 -in FILE -nokeys -out chain.pem` and `openssl pkcs12 -in FILE -nocerts -out "
     "key.pem`; put our own certificate first in the chain."},
    {"PKCS#7",
     "Take the certificates out: `openssl pkcs7 -in FILE -print_certs -out chain.pem`, with `-inform DER` if it is not "
     "text."},
    {"certificate request",
     "A request is not a certificate yet: send it to the authority, and load the certificate that comes back."},
    {"certificate revocation list", "Load the certificate of the authority that publishes the list."},
    {"TRUSTED CERTIFICATE of OpenSSL",
     "Convert it to a plain certificate: `openssl x509 -in FILE -out certificate.pem`."},
    {"public key", "A public key is half of a key pair: load the certificate, or the private key, that it belongs to."},
    {"key parameters", "The key itself is missing: it stands in a block of its own, BEGIN PRIVATE KEY."},
    {"SSH private key",
     "Convert a copy of it: `ssh-keygen -p -m PKCS8 -f COPY`. It must be the key that the certificate was issued for."},
    {"SSH public key",
     "SSH keys are no certificates: TLS needs the certificate, and the private key it was issued for."},
    {"PuTTY key", "Convert it with PuTTYgen (Conversions, Export OpenSSH key), then `ssh-keygen -p -m PKCS8 -f COPY`."},
    {"PGP armour", "PGP keys are not for TLS: load the X.509 certificate, or the private key it was issued for."},
    {"Java keystore",
     "Convert it with `keytool -importkeystore -srckeystore FILE -destkeystore all.p12 -deststoretype PKCS12`, then "
     "take that apart with `openssl pkcs12`."},
    {"JSON", "If it is a JSON Web Key, ask whoever made it for PEM; if a server sent it, read what it says."},
    {"HTML or XML", "A page was saved in place of the file: download the file itself."},
    {"compressed data", "Unpack it first."},
    {"base64 without BEGIN and END lines", "Put a line -----BEGIN CERTIFICATE----- before it and -----END "
                                           "CERTIFICATE----- behind it; of a key, PRIVATE KEY."},
    {"UTF-16 text", "Save it as UTF-8 or ASCII: `iconv -f UTF-16 -t ASCII FILE`."},
};

inline constexpr auto input_format_names = pack_texts<input_formats, &input_format_entry::name>();
inline constexpr std::size_t input_format_count = sizeof(input_formats) / sizeof(input_formats[0]);
inline constexpr auto input_format_advice =
    pack_texts_in_library_words<input_format_count, [](std::size_t i) noexcept -> std::string_view {
        return input_formats[i].advice;
    }>();
inline constexpr auto input_format_advice_with_words = pack_texts<input_formats, &input_format_entry::advice>();

/// As `advice` has it, with {@word} for what can be set.
[[nodiscard]] constexpr std::string_view input_format_advice_in_any_words(input_format f) noexcept {
    auto const row = static_cast<std::size_t>(f);
    return row < input_format_count ? input_format_advice_with_words[row] : std::string_view{};
}
static_assert(input_format_count == static_cast<std::size_t>(input_format::utf_16) + 1);

} // namespace detail

/// What it is, as a phrase: "PKCS#12"; empty if not known.
[[nodiscard]] constexpr std::string_view name(input_format f) noexcept {
    auto const row = static_cast<std::size_t>(f);
    return row < detail::input_format_count ? detail::input_format_names[row] : std::string_view{};
}

/// What to do with it, as sentences; FILE stands for its path. Empty if not known.
[[nodiscard]] constexpr std::string_view advice(input_format f) noexcept {
    auto const row = static_cast<std::size_t>(f);
    return row < detail::input_format_count ? detail::input_format_advice[row] : std::string_view{};
}

} // namespace tls
