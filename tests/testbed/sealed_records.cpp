// SPDX-License-Identifier: Apache-2.0
#include "sealed_records.hpp"

#include "libraries.hpp"
#include "random.hpp"

#include <string_view>

#include <mbedtls/gcm.h>
#include <mbedtls/hkdf.h>
#include <mbedtls/md.h>
#include <mbedtls/ssl.h>

namespace testbed {

bytes expand_label(byte_view secret, std::string_view label, std::size_t size, byte_view context) {
    prepare_mbedtls();
    bytes info;
    put(info, size, 2);
    put(info, 6 + label.size(), 1);
    append(info, view_of("tls13 "));
    append(info, view_of(label));
    put(info, context.size(), 1);
    append(info, context);
    bytes out(size);
    check_mbedtls(
        mbedtls_hkdf_expand(
            mbedtls_md_info_from_type(MBEDTLS_MD_SHA256), raw(secret), secret.size(), raw(info), info.size(), raw(out),
            size),
        "HKDF");
    return out;
}

bytes key_block(byte_view master_secret, byte_view server_random, byte_view client_random) {
    bytes seed(server_random.begin(), server_random.end());
    append(seed, client_random);
    bytes out(2 * 16 + 2 * 4);
    check_mbedtls(
        mbedtls_ssl_tls_prf(
            MBEDTLS_SSL_TLS_PRF_SHA256, raw(master_secret), master_secret.size(), "key expansion", raw(seed),
            seed.size(), raw(out), out.size()),
        "the PRF of TLS 1.2");
    return out;
}

record_sealer::record_sealer(byte_view traffic_secret, std::uint64_t first)
    : key_(expand_label(traffic_secret, "key", 16)),
      iv_(expand_label(traffic_secret, "iv", 12)),
      number_(first) {}

bytes record_sealer::seal(byte_view content, unsigned type, std::size_t padding) {
    constexpr std::size_t tag_size = 16;
    bytes text(content.begin(), content.end());
    put(text, type, 1);
    text.resize(text.size() + padding);
    bytes header;
    put(header, 23, 1);
    put(header, 0x0303, 2);
    put(header, text.size() + tag_size, 2);
    bytes nonce = iv_;
    for (unsigned i = 0; i < 8; ++i) nonce[nonce.size() - 1 - i] ^= static_cast<std::byte>(number_ >> (8 * i));
    ++number_;
    bytes tag(tag_size);
    mbedtls_gcm_context gcm;
    mbedtls_gcm_init(&gcm);
    int code = mbedtls_gcm_setkey(&gcm, MBEDTLS_CIPHER_ID_AES, raw(key_), 128);
    if (code == 0)
        code = mbedtls_gcm_crypt_and_tag(
            &gcm, MBEDTLS_GCM_ENCRYPT, text.size(), raw(nonce), nonce.size(), raw(header), header.size(), raw(text),
            raw(text), tag.size(), raw(tag));
    mbedtls_gcm_free(&gcm);
    check_mbedtls(code, "sealing a record");
    bytes out = header;
    append(out, text);
    append(out, tag);
    return out;
}

bytes next_traffic_secret(byte_view secret) {
    prepare_mbedtls();
    return expand_label(secret, "traffic upd", 32);
}

bytes sha256(byte_view of) {
    bytes out(32);
    check_mbedtls(mbedtls_md(mbedtls_md_info_from_type(MBEDTLS_MD_SHA256), raw(of), of.size(), raw(out)), "hashing");
    return out;
}

bytes finished_data(byte_view traffic_secret, byte_view transcript_hash) {
    bytes const key = expand_label(traffic_secret, "finished", 32);
    bytes out(32);
    check_mbedtls(
        mbedtls_md_hmac(
            mbedtls_md_info_from_type(MBEDTLS_MD_SHA256), raw(key), key.size(), raw(transcript_hash),
            transcript_hash.size(), raw(out)),
        "HMAC");
    return out;
}

bytes new_session_ticket(std::uint32_t lifetime, byte_view nonce, byte_view ticket) {
    bytes body;
    put(body, lifetime, 4);
    put(body, 0x01020304, 4); // ticket_age_add
    put(body, nonce.size(), 1);
    append(body, nonce);
    put(body, ticket.size(), 2);
    append(body, ticket);
    put(body, 0, 2); // no extensions
    bytes message;
    put(message, 4, 1);
    put(message, body.size(), 3);
    append(message, body);
    return message;
}

} // namespace testbed
