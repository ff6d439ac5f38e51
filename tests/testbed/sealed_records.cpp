// SPDX-License-Identifier: Apache-2.0
#include "sealed_records.hpp"

#include "libraries.hpp"
#include "random.hpp"

#include <mbedtls/gcm.h>

namespace testbed {
namespace {

constexpr std::size_t key_size = 16;
constexpr std::size_t tag_size = 16;

/// The text under AES-128-GCM, and its tag.
bytes sealed(byte_view key, byte_view nonce, byte_view beside, bytes text) {
    bytes tag(tag_size);
    mbedtls_gcm_context gcm;
    mbedtls_gcm_init(&gcm);
    int code = mbedtls_gcm_setkey(&gcm, MBEDTLS_CIPHER_ID_AES, raw(key), key_size * 8);
    if (code == 0)
        code = mbedtls_gcm_crypt_and_tag(
            &gcm, MBEDTLS_GCM_ENCRYPT, text.size(), raw(nonce), nonce.size(), raw(beside), beside.size(), raw(text),
            raw(text), tag.size(), raw(tag));
    mbedtls_gcm_free(&gcm);
    check_mbedtls(code, "sealing a record");
    append(text, tag);
    return text;
}

} // namespace

record_sealer::record_sealer(byte_view traffic_secret, std::uint64_t first)
    : key_(expand_label(traffic_secret, "key", key_size)),
      iv_(expand_label(traffic_secret, "iv", 12)),
      number_(first) {}

bytes record_sealer::seal(byte_view content, unsigned type, std::size_t padding) {
    bytes text(content.begin(), content.end());
    put(text, type, 1);
    text.resize(text.size() + padding);
    bytes record;
    put(record, 23, 1);
    put(record, 0x0303, 2);
    put(record, text.size() + tag_size, 2);
    bytes nonce = iv_;
    for (unsigned i = 0; i < 8; ++i) nonce[nonce.size() - 1 - i] ^= static_cast<std::byte>(number_ >> (8 * i));
    ++number_;
    append(record, sealed(key_, nonce, record, std::move(text)));
    return record;
}

old_record_sealer::old_record_sealer(
    byte_view master_secret, byte_view client_random, byte_view server_random, std::uint64_t first)
    : number_(first) {
    prepare_mbedtls();
    constexpr std::size_t fixed_part = 4;
    bytes const block = key_block(master_secret, server_random, client_random);
    auto const part = [&](std::size_t at, std::size_t size) {
        byte_view const view = byte_view(block).subspan(at, size);
        return bytes(view.begin(), view.end());
    };
    key_ = part(key_size, key_size);
    salt_ = part(2 * key_size + fixed_part, fixed_part);
}

bytes old_record_sealer::seal(byte_view content, unsigned type) {
    bytes number;
    put(number, number_++, 8);
    bytes beside = number;
    put(beside, type, 1);
    put(beside, 0x0303, 2);
    put(beside, content.size(), 2);
    bytes nonce = salt_;
    append(nonce, number);
    bytes record;
    put(record, type, 1);
    put(record, 0x0303, 2);
    put(record, number.size() + content.size() + tag_size, 2);
    append(record, number);
    append(record, sealed(key_, nonce, beside, bytes(content.begin(), content.end())));
    return record;
}

} // namespace testbed
