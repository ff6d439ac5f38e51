// SPDX-License-Identifier: Apache-2.0
#include "der_writer.hpp"
#include "key.hpp"
#include "key_encryption.hpp"
#include "pem.hpp"
#include "random.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>

#include <mbedtls/aes.h>
#include <mbedtls/pkcs5.h>

namespace testbed {
namespace {

constexpr std::size_t block_size = 16;
constexpr std::size_t salt_size = 16;
constexpr char const* pbes2_oid = "1.2.840.113549.1.5.13";
constexpr char const* pbkdf2_oid = "1.2.840.113549.1.5.12";

bytes padded(byte_view plain) {
    std::size_t const padding = block_size - plain.size() % block_size;
    bytes out(plain.begin(), plain.end());
    out.insert(out.end(), padding, static_cast<std::byte>(padding));
    return out;
}

bytes aes_cbc(byte_view blocks, byte_view secret, bytes iv) {
    bytes out(blocks.size());
    mbedtls_aes_context aes;
    mbedtls_aes_init(&aes);
    int code = mbedtls_aes_setkey_enc(&aes, raw(secret), static_cast<unsigned>(8 * secret.size()));
    if (code == 0)
        code = mbedtls_aes_crypt_cbc(&aes, MBEDTLS_AES_ENCRYPT, blocks.size(), raw(iv), raw(blocks), raw(out));
    mbedtls_aes_free(&aes);
    check_mbedtls(code, "AES-CBC");
    return out;
}

// EVP_BytesToKey with MD5 and one iteration: each block is MD5(previous block, password, salt).
bytes legacy_secret(std::string_view password, byte_view salt, std::size_t size) {
    bytes secret;
    bytes block;
    while (secret.size() < size) {
        append(block, view_of(password));
        append(block, salt);
        block = digest(hash::md5, block);
        append(secret, block);
    }
    secret.resize(size);
    return secret;
}

std::string hexadecimal(byte_view data) {
    static constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (std::byte const b : data) {
        out.push_back(digits[std::to_integer<std::size_t>(b >> 4)]);
        out.push_back(digits[std::to_integer<std::size_t>(b & std::byte{15})]);
    }
    return out;
}

mbedtls_md_type_t pbkdf2_hash(hash h) {
    switch (h) {
    case hash::sha1: return MBEDTLS_MD_SHA1;
    case hash::sha224: return MBEDTLS_MD_SHA224;
    case hash::sha256: return MBEDTLS_MD_SHA256;
    case hash::sha384: return MBEDTLS_MD_SHA384;
    case hash::sha512: return MBEDTLS_MD_SHA512;
    case hash::md5: break;
    }
    throw std::runtime_error("no hash of PBKDF2");
}

bytes prf_algorithm(hash h) {
    static constexpr char const* prfs[] = {"7", "8", "9", "10", "11"}; // from SHA-1 on
    auto const at = static_cast<std::size_t>(h) - static_cast<std::size_t>(hash::sha1);
    return der::sequence({der::oid(std::string("1.2.840.113549.2.") + prfs[at]), der::null()});
}

bytes pbkdf2(std::string_view password, byte_view salt, pbes2 const& how) {
    bytes secret(how.key_bits / 8);
    bytes const phrase = to_bytes(password);
    check_mbedtls(
        mbedtls_pkcs5_pbkdf2_hmac_ext(
            pbkdf2_hash(how.prf.value_or(hash::sha1)), raw(phrase), phrase.size(), raw(salt), salt.size(),
            how.iterations, static_cast<std::uint32_t>(secret.size()), raw(secret)),
        "PBKDF2");
    return secret;
}

char const* cipher_oid(unsigned key_bits) {
    switch (key_bits) {
    case 128: return "2.16.840.1.101.3.4.1.2";
    case 192: return "2.16.840.1.101.3.4.1.22";
    default: return "2.16.840.1.101.3.4.1.42";
    }
}

std::string legacy_headers(std::string_view cipher, byte_view iv) {
    return "Proc-Type: 4,ENCRYPTED\nDEK-Info: " + std::string(cipher) + "," + hexadecimal(iv) + "\n";
}

} // namespace

bytes encrypt_padded(byte_view plain_and_padding, std::string_view password, pbes2 const& how) {
    random_source random;
    bytes const salt = random.draw(salt_size);
    bytes const iv = random.draw(block_size);
    bytes const secret = pbkdf2(password, salt, how);
    bytes const length = how.key_length ? der::integer(static_cast<unsigned>(secret.size())) : bytes{};
    bytes const prf = how.prf ? prf_algorithm(*how.prf) : bytes{};
    bytes const derivation = der::sequence(
        {der::oid(pbkdf2_oid), der::sequence({der::octet_string(salt), der::integer(how.iterations), length, prf})});
    bytes const cipher = der::sequence({der::oid(cipher_oid(how.key_bits)), der::octet_string(iv)});
    bytes const scheme = der::sequence({der::oid(pbes2_oid), der::sequence({derivation, cipher})});
    return der::sequence({scheme, der::octet_string(aes_cbc(plain_and_padding, secret, iv))});
}

bytes encrypt(byte_view plain, std::string_view password, pbes2 const& how) {
    return encrypt_padded(padded(plain), password, how);
}

bytes pretend_encrypted(byte_view algorithm, std::size_t size) {
    return der::sequence({algorithm, der::octet_string(pattern(size))});
}

bytes pbes2_algorithm(std::string_view derivation, std::string_view prf, std::string_view cipher, std::size_t iv_size) {
    bytes const function = der::sequence(
        {der::oid(derivation),
         der::sequence(
             {der::octet_string(pattern(8)), der::integer(1000), der::sequence({der::oid(prf), der::null()})})});
    bytes const encryption = der::sequence({der::oid(cipher), der::octet_string(pattern(iv_size))});
    return der::sequence({der::oid(pbes2_oid), der::sequence({function, encryption})});
}

std::string legacy_encrypted(std::string_view label, byte_view plain, std::string_view password, unsigned key_bits) {
    random_source random;
    bytes const iv = random.draw(block_size);
    bytes const secret = legacy_secret(password, byte_view(iv).first(8), key_bits / 8);
    std::string const cipher = "AES-" + std::to_string(key_bits) + "-CBC";
    return pem_block(label, aes_cbc(padded(plain), secret, iv), legacy_headers(cipher, iv));
}

std::string pretend_legacy_encrypted(std::string_view label, std::string_view cipher, std::size_t iv_size) {
    return pem_block(label, pattern(128), legacy_headers(cipher, pattern(iv_size)));
}

bytes key_encryption_key(byte_view encrypted, std::string_view password) {
    static constexpr std::array before = {std::byte{4}, std::byte{salt_size}}; // the first octet string of that length
    auto const found = std::ranges::search(encrypted, before);
    if (found.empty()) throw std::runtime_error("no salt");
    return pbkdf2(password, byte_view(found.end(), salt_size), {});
}

bytes legacy_key_encryption_key(std::string_view pem, std::string_view password) {
    bytes salt;
    for (std::size_t i = pem.find("-CBC,") + 5; salt.size() != 8; i += 2)
        salt.push_back(static_cast<std::byte>(std::stoi(std::string(pem.substr(i, 2)), nullptr, 16)));
    return legacy_secret(password, salt, 32);
}

bytes key::encrypted_pkcs8_der(std::string_view password) const { return encrypt(pkcs8_der(), password); }

std::string key::encrypted_pkcs8_pem(std::string_view password) const {
    return pem_block("ENCRYPTED PRIVATE KEY", encrypted_pkcs8_der(password));
}

std::string key::legacy_encrypted_pem(std::string_view password) const {
    return legacy_encrypted(is_rsa(kind()) ? "RSA PRIVATE KEY" : "EC PRIVATE KEY", traditional_der(), password);
}

} // namespace testbed
