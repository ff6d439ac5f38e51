// SPDX-License-Identifier: Apache-2.0
#include "der_writer.hpp"
#include "key.hpp"
#include "pem.hpp"
#include "random.hpp"

#include <string>

#include <mbedtls/aes.h>
#include <mbedtls/pkcs5.h>

namespace testbed {
namespace {

constexpr std::size_t block_size = 16;

bytes aes_256_cbc(byte_view plain, byte_view secret, bytes iv) {
    std::size_t const padding = block_size - plain.size() % block_size;
    bytes padded(plain.begin(), plain.end());
    padded.insert(padded.end(), padding, static_cast<std::byte>(padding));
    bytes out(padded.size());
    mbedtls_aes_context aes;
    mbedtls_aes_init(&aes);
    int code = mbedtls_aes_setkey_enc(&aes, raw(secret), 256);
    if (code == 0)
        code = mbedtls_aes_crypt_cbc(&aes, MBEDTLS_AES_ENCRYPT, padded.size(), raw(iv), raw(padded), raw(out));
    mbedtls_aes_free(&aes);
    check_mbedtls(code, "AES-CBC");
    return out;
}

// EVP_BytesToKey with MD5 and one iteration: each block is MD5(previous block, password, salt).
bytes legacy_secret(std::string_view password, byte_view salt) {
    bytes secret;
    bytes block;
    while (secret.size() < 32) {
        append(block, view_of(password));
        append(block, salt);
        block = digest(hash::md5, block);
        append(secret, block);
    }
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

} // namespace

bytes key::encrypted_pkcs8_der(std::string_view password) const {
    constexpr unsigned iterations = 2048;
    random_source random;
    bytes const salt = random.draw(16);
    bytes const iv = random.draw(block_size);
    bytes secret(32);
    bytes const phrase = to_bytes(password);
    check_mbedtls(
        mbedtls_pkcs5_pbkdf2_hmac_ext(
            MBEDTLS_MD_SHA256, raw(phrase), phrase.size(), raw(salt), salt.size(), iterations, 32, raw(secret)),
        "PBKDF2");
    bytes const derivation = der::sequence(
        {der::oid("1.2.840.113549.1.5.12"), der::sequence(
                                                {der::octet_string(salt), der::integer(iterations),
                                                 der::sequence({der::oid("1.2.840.113549.2.9"), der::null()})})});
    bytes const cipher = der::sequence({der::oid("2.16.840.1.101.3.4.1.42"), der::octet_string(iv)});
    bytes const scheme = der::sequence({der::oid("1.2.840.113549.1.5.13"), der::sequence({derivation, cipher})});
    return der::sequence({scheme, der::octet_string(aes_256_cbc(pkcs8_der(), secret, iv))});
}

std::string key::encrypted_pkcs8_pem(std::string_view password) const {
    return pem_block("ENCRYPTED PRIVATE KEY", encrypted_pkcs8_der(password));
}

std::string key::legacy_encrypted_pem(std::string_view password) const {
    random_source random;
    bytes const iv = random.draw(block_size);
    bytes const secret = legacy_secret(password, byte_view(iv).first(8));
    std::string const headers = "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC," + hexadecimal(iv) + "\n";
    return pem_block(
        is_rsa(kind()) ? "RSA PRIVATE KEY" : "EC PRIVATE KEY", aes_256_cbc(traditional_der(), secret, iv), headers);
}

} // namespace testbed
