// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/core/text_writer.hpp>
#include <tls/x509/impl/algorithms.hpp>
#include <tls/x509/key_encryption.hpp>
#include <tls/x509/oid_names.hpp>

#include <algorithm>
#include <utility>

namespace tls::x509 {
namespace detail {

inline constexpr named_oid encryption_names[] = {
    {oid<1, 2, 840, 113549, 1, 5, 1>, "PBES1 (MD2, DES)"},
    {oid<1, 2, 840, 113549, 1, 5, 3>, "PBES1 (MD5, DES)"},
    {oid<1, 2, 840, 113549, 1, 5, 4>, "PBES1 (MD2, RC2)"},
    {oid<1, 2, 840, 113549, 1, 5, 6>, "PBES1 (MD5, RC2)"},
    {oid<1, 2, 840, 113549, 1, 5, 10>, "PBES1 (SHA-1, DES)"},
    {oid<1, 2, 840, 113549, 1, 5, 11>, "PBES1 (SHA-1, RC2)"},
    {oid<1, 2, 840, 113549, 1, 12, 1, 1>, "PKCS#12 PBE (RC4-128)"},
    {oid<1, 2, 840, 113549, 1, 12, 1, 2>, "PKCS#12 PBE (RC4-40)"},
    {oid<1, 2, 840, 113549, 1, 12, 1, 3>, "PKCS#12 PBE (DES-EDE3)"},
    {oid<1, 2, 840, 113549, 1, 12, 1, 4>, "PKCS#12 PBE (DES-EDE2)"},
    {oid<1, 2, 840, 113549, 1, 12, 1, 5>, "PKCS#12 PBE (RC2-128)"},
    {oid<1, 2, 840, 113549, 1, 12, 1, 6>, "PKCS#12 PBE (RC2-40)"},
    {oid<1, 3, 6, 1, 4, 1, 11591, 4, 11>, "scrypt"},
    {oid<1, 2, 840, 113549, 2, 7>, "HMAC-SHA-1"},
    {oid<1, 2, 840, 113549, 2, 8>, "HMAC-SHA-224"},
    {oid<1, 2, 840, 113549, 2, 9>, "HMAC-SHA-256"},
    {oid<1, 2, 840, 113549, 2, 10>, "HMAC-SHA-384"},
    {oid<1, 2, 840, 113549, 2, 11>, "HMAC-SHA-512"},
    {oid<1, 2, 840, 113549, 2, 12>, "HMAC-SHA-512/224"},
    {oid<1, 2, 840, 113549, 2, 13>, "HMAC-SHA-512/256"},
    {oid<2, 16, 840, 1, 101, 3, 4, 1, 2>, "AES-128-CBC"},
    {oid<2, 16, 840, 1, 101, 3, 4, 1, 22>, "AES-192-CBC"},
    {oid<2, 16, 840, 1, 101, 3, 4, 1, 42>, "AES-256-CBC"},
    {oid<1, 2, 840, 113549, 3, 7>, "DES-EDE3-CBC"},
    {oid<1, 3, 14, 3, 2, 7>, "DES-CBC"},
    {oid<1, 2, 840, 113549, 3, 2>, "RC2-CBC"},
    {oid<1, 2, 392, 200011, 61, 1, 1, 1, 2>, "Camellia-128-CBC"},
    {oid<1, 2, 392, 200011, 61, 1, 1, 1, 3>, "Camellia-192-CBC"},
    {oid<1, 2, 392, 200011, 61, 1, 1, 1, 4>, "Camellia-256-CBC"},
};
inline constexpr auto packed_encryption_names = pack_named_oids<encryption_names>();

inline constexpr std::string_view encryption_with = "encryption with ";

TWINTLS_DECL std::unexpected<error> unsupported_encryption(der::bytes id) noexcept {
    std::array<char, short_text::capacity> text;
    tls::detail::text_writer out(text);
    out << encryption_with;
    write_oid(out, packed_encryption_names, id);
    return std::unexpected(configuration_error(errc::unsupported, out.view()));
}

TWINTLS_DECL std::unexpected<error> damaged_key() noexcept {
    return std::unexpected(configuration_error(errc::bad_private_key));
}

// PBKDF2's prf: 1.2.840.113549.2, and then the number of the hash.
TWINTLS_DECL hash_algorithm hash_of_prf(der::bytes id) noexcept {
    constexpr auto& first = oid<1, 2, 840, 113549, 2, 7>;
    if (id.size() != first.size() || !der::equal(id.first(first.size() - 1), std::span(first).first(first.size() - 1)))
        return hash_algorithm::other;
    switch (std::to_integer<unsigned>(id.back())) {
    case 7: return hash_algorithm::sha1;
    case 8: return hash_algorithm::sha224;
    case 9: return hash_algorithm::sha256;
    case 10: return hash_algorithm::sha384;
    case 11: return hash_algorithm::sha512;
    default: return hash_algorithm::other;
    }
}

TWINTLS_DECL std::optional<key_cipher> cipher_of(der::bytes id) noexcept {
    if (is_oid(id, oid<2, 16, 840, 1, 101, 3, 4, 1, 42>)) return key_cipher::aes_256;
    if (is_oid(id, oid<2, 16, 840, 1, 101, 3, 4, 1, 22>)) return key_cipher::aes_192;
    if (is_oid(id, oid<2, 16, 840, 1, 101, 3, 4, 1, 2>)) return key_cipher::aes_128;
    if (is_oid(id, oid<1, 2, 840, 113549, 3, 7>)) return key_cipher::des_ede3;
    return std::nullopt;
}

TWINTLS_DECL std::optional<key_cipher> cipher_of(std::string_view pem_name) noexcept {
    if (pem_name == "AES-256-CBC") return key_cipher::aes_256;
    if (pem_name == "AES-192-CBC") return key_cipher::aes_192;
    if (pem_name == "AES-128-CBC") return key_cipher::aes_128;
    if (pem_name == "DES-EDE3-CBC") return key_cipher::des_ede3;
    return std::nullopt;
}

TWINTLS_DECL std::optional<unsigned> hexadecimal_digit(char c) noexcept {
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
    if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
    return std::nullopt;
}

/// Whether something begins as all private keys in DER do: a SEQUENCE and a version of 0 or 1, whatever the length.
TWINTLS_DECL bool begins_as_key(der::bytes plain) noexcept {
    constexpr std::size_t longest = 8;
    if (plain.size() < longest || std::to_integer<std::uint8_t>(plain[0]) != der::tag::sequence) return false;
    auto const length = std::to_integer<unsigned>(plain[1]);
    std::size_t const header = length < 0x80 ? 2 : 2 + (length & 0x7fU);
    if (header + 3 > longest) return false;
    auto const version = plain.subspan(header, 3);
    return version[0] == std::byte{der::tag::integer} && version[1] == std::byte{1} && version[2] <= std::byte{1};
}

} // namespace detail

TWINTLS_DECL result<key_encryption>
read_key_encryption(std::span<std::byte const> der, key_decryption_parts const& parts) noexcept {
    using der::tag::integer, der::tag::octet_string, der::tag::sequence;
    key_encryption found;
    der::cursor in(der);
    // EncryptedPrivateKeyInfo ::= SEQUENCE { SEQUENCE { algorithm, parameters }, encrypted OCTET STRING }
    auto const outer = in.enter(sequence);
    auto const algorithm = in.enter(sequence);
    auto const scheme = in.at(in.take(der::tag::oid));
    if (in.failed()) return detail::damaged_key();
    if (!is_oid(scheme, oid<1, 2, 840, 113549, 1, 5, 13>)) return detail::unsupported_encryption(scheme);
    // PBES2-params ::= SEQUENCE { keyDerivationFunc, encryptionScheme }
    auto const parameters = in.enter(sequence);
    auto const derivation = in.enter(sequence);
    auto const function = in.at(in.take(der::tag::oid));
    if (in.failed()) return detail::damaged_key();
    if (!is_oid(function, oid<1, 2, 840, 113549, 1, 5, 12>)) return detail::unsupported_encryption(function);
    // PBKDF2-params ::= SEQUENCE { salt OCTET STRING, iterationCount, keyLength OPTIONAL, prf DEFAULT hmacWithSHA1 }
    auto const pbkdf2 = in.enter(sequence);
    found.salt = in.at(in.take(octet_string));
    auto const iterations = der::small_unsigned(in.at(in.take(integer)));
    auto const size = in.next_is(integer) ? der::small_unsigned(in.at(in.take(integer))) : std::nullopt;
    der::bytes prf = oid<1, 2, 840, 113549, 2, 7>;
    if (in.next_is(sequence)) {
        auto const field = in.enter(sequence);
        prf = in.at(in.take(der::tag::oid));
        in.to_end();
        in.leave(field);
    }
    in.leave(pbkdf2);
    in.leave(derivation);
    auto const cipher_field = in.enter(sequence);
    auto const cipher_id = in.at(in.take(der::tag::oid));
    if (in.failed()) return detail::damaged_key();
    auto const cipher = detail::cipher_of(cipher_id);
    if (!cipher || !parts.has_cipher(*cipher)) return detail::unsupported_encryption(cipher_id);
    found.hash = detail::hash_of_prf(prf);
    if (!parts.has_hash(*found.hash)) return detail::unsupported_encryption(prf);
    auto const iv = in.at(in.take(octet_string));
    in.leave(cipher_field);
    in.leave(parameters);
    in.leave(algorithm);
    found.encrypted = in.at(in.take(octet_string));
    in.leave(outer);
    std::size_t const block = block_size(*cipher);
    bool const whole_blocks = !found.encrypted.empty() && found.encrypted.size() % block == 0;
    bool const fits = iv.size() == block && whole_blocks && (!size || *size == key_size(*cipher));
    if (in.failed() || !in.at_end() || !fits || !iterations || *iterations == 0) return detail::damaged_key();
    found.cipher = *cipher;
    found.iterations = *iterations;
    std::ranges::copy(iv, found.iv.begin());
    return found;
}

TWINTLS_DECL result<key_encryption>
read_pem_encryption(std::string_view headers, key_decryption_parts const& parts) noexcept {
    constexpr std::string_view field = "DEK-Info:";
    auto const at = headers.find(field);
    if (at == std::string_view::npos) return detail::damaged_key();
    std::string_view value = headers.substr(at + field.size());
    value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
    value = value.substr(0, value.find_first_of("\r\n"));
    std::string_view const name = value.substr(0, value.find(','));
    auto const cipher = detail::cipher_of(name);
    if (!cipher || !parts.has_cipher(*cipher) || !parts.has_md5) {
        std::array<char, short_text::capacity> text;
        tls::detail::text_writer out(text);
        out << detail::encryption_with << name;
        return std::unexpected(configuration_error(errc::unsupported, out.view()));
    }
    key_encryption found;
    found.cipher = *cipher;
    std::string_view const digits = value.substr(std::min(value.size(), name.size() + 1));
    std::size_t const block = block_size(*cipher);
    if (digits.size() < 2 * block) return detail::damaged_key();
    for (std::size_t i = 0; i != block; ++i) {
        auto const high = detail::hexadecimal_digit(digits[2 * i]);
        auto const low = detail::hexadecimal_digit(digits[2 * i + 1]);
        if (!high || !low) return detail::damaged_key();
        found.iv[i] = static_cast<std::byte>(*high << 4U | *low);
    }
    std::copy_n(found.iv.begin(), found.pem_salt.size(), found.pem_salt.begin());
    return found;
}

TWINTLS_DECL decrypted remove_padding(secret_bytes& plain, std::size_t block) noexcept {
    auto const bytes = std::as_const(plain).span();
    auto const padding = bytes.empty() ? std::size_t{0} : std::to_integer<std::size_t>(bytes.back());
    bool padded = padding != 0 && padding <= block && padding <= bytes.size();
    for (std::size_t i = 0; padded && i != padding; ++i) padded = bytes[bytes.size() - 1 - i] == bytes.back();
    bool const is_sequence = bytes.size() > 2 && std::to_integer<std::uint8_t>(bytes[0]) == der::tag::sequence;
    der::header const whole = is_sequence ? der::read_header(bytes) : der::header{};
    if (padded && whole.size != 0 && whole.size + std::size_t{whole.content} == bytes.size() - padding) {
        plain.shrink(bytes.size() - padding);
        return decrypted::key;
    }
    // Chance makes one octet right once in 256 times.
    constexpr std::size_t enough = 3;
    bool const was_padded = padded && padding >= enough;
    return was_padded || detail::begins_as_key(bytes) ? decrypted::damaged : decrypted::wrong_password;
}

} // namespace tls::x509
