// SPDX-License-Identifier: Apache-2.0
#include "key_schedule.hpp"

#include "libraries.hpp"
#include "random.hpp"

#include <string>

#include <mbedtls/hkdf.h>
#include <mbedtls/md.h>
#include <mbedtls/ssl.h>

namespace testbed {
namespace {

constexpr std::size_t hash_size = 32;

mbedtls_md_info_t const* sha256_info() { return mbedtls_md_info_from_type(MBEDTLS_MD_SHA256); }

bytes hmac(byte_view key, byte_view text) {
    bytes out(hash_size);
    check_mbedtls(mbedtls_md_hmac(sha256_info(), raw(key), key.size(), raw(text), text.size(), raw(out)), "HMAC");
    return out;
}

/// HKDF-Extract is HMAC (RFC 5869 section 2.2).
bytes extract(byte_view salt, byte_view secret) { return hmac(salt, secret); }

bytes derived(byte_view secret) { return expand_label(secret, "derived", hash_size, sha256({})); }

} // namespace

bytes sha256(byte_view of) {
    bytes out(hash_size);
    check_mbedtls(mbedtls_md(sha256_info(), raw(of), of.size(), raw(out)), "hashing");
    return out;
}

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
        mbedtls_hkdf_expand(sha256_info(), raw(secret), secret.size(), raw(info), info.size(), raw(out), size), "HKDF");
    return out;
}

key_schedule::key_schedule(byte_view shared_secret)
    : handshake_(extract(derived(extract(bytes(hash_size), bytes(hash_size))), shared_secret)) {}

bytes key_schedule::server_handshake_secret(byte_view transcript_hash) const {
    return expand_label(handshake_, "s hs traffic", hash_size, transcript_hash);
}

bytes key_schedule::server_traffic_secret(byte_view transcript_hash) const {
    return expand_label(extract(derived(handshake_), bytes(hash_size)), "s ap traffic", hash_size, transcript_hash);
}

bytes next_traffic_secret(byte_view secret) { return expand_label(secret, "traffic upd", hash_size); }

bytes finished_data(byte_view traffic_secret, byte_view transcript_hash) {
    return hmac(expand_label(traffic_secret, "finished", hash_size), transcript_hash);
}

bytes psk_binder(byte_view psk, byte_view transcript_hash) {
    bytes const early = extract(bytes(hash_size), psk);
    return finished_data(expand_label(early, "ext binder", hash_size, sha256({})), transcript_hash);
}

bytes prf(byte_view secret, std::string_view label, byte_view seed, std::size_t size) {
    bytes out(size);
    check_mbedtls(
        mbedtls_ssl_tls_prf(
            MBEDTLS_SSL_TLS_PRF_SHA256, raw(secret), secret.size(), std::string(label).c_str(), raw(seed), seed.size(),
            raw(out), out.size()),
        "the PRF of TLS 1.2");
    return out;
}

bytes key_block(byte_view master_secret, byte_view server_random, byte_view client_random) {
    bytes seed(server_random.begin(), server_random.end());
    append(seed, client_random);
    constexpr std::size_t of_each_side = 16 + 4; // a key and a fixed part; nothing for a MAC
    return prf(master_secret, "key expansion", seed, 2 * of_each_side);
}

} // namespace testbed
