// SPDX-License-Identifier: Apache-2.0
#include "ticket_keys.hpp"

#include "libraries.hpp"
#include "random.hpp"

#include <mutex>

#include <mbedtls/gcm.h>
#include <mbedtls/ssl_ticket.h>

namespace testbed {

struct ticket_keys::parts {
    parts() : tickets(), gcm() {
        mbedtls_ssl_ticket_init(&tickets);
        mbedtls_gcm_init(&gcm);
    }
    ~parts() {
        mbedtls_gcm_free(&gcm);
        mbedtls_ssl_ticket_free(&tickets);
    }
    parts(parts const&) = delete;
    parts& operator=(parts const&) = delete;

    random_source random{};
    mbedtls_ssl_ticket_context tickets;
    std::mutex using_gcm{};
    mbedtls_gcm_context gcm;
};

ticket_keys::ticket_keys() : parts_(std::make_unique<parts>()) {
    prepare_mbedtls();
    check_mbedtls(
        mbedtls_ssl_ticket_setup(
            &parts_->tickets, mbedtls_ctr_drbg_random, parts_->random.context(), MBEDTLS_CIPHER_AES_256_GCM, 3600),
        "tickets");
    bytes const secret = parts_->random.draw(32);
    check_mbedtls(mbedtls_gcm_setkey(&parts_->gcm, MBEDTLS_CIPHER_ID_AES, raw(secret), 256), "ticket key");
}

ticket_keys::~ticket_keys() = default;

mbedtls_ssl_ticket_context* ticket_keys::for_mbedtls() { return &parts_->tickets; }

void ticket_keys::seal(std::span<std::byte> data, std::span<std::byte> nonce, std::span<std::byte> tag) {
    std::scoped_lock const lock(parts_->using_gcm);
    bytes const drawn = parts_->random.draw(nonce.size());
    std::copy(drawn.begin(), drawn.end(), nonce.begin());
    check_mbedtls(
        mbedtls_gcm_crypt_and_tag(
            &parts_->gcm, MBEDTLS_GCM_ENCRYPT, data.size(), raw(nonce), nonce.size(), nullptr, 0, raw(data), raw(data),
            tag.size(), raw(tag)),
        "sealing a ticket");
}

bool ticket_keys::open(std::span<std::byte> data, byte_view nonce, byte_view tag) {
    std::scoped_lock const lock(parts_->using_gcm);
    bytes const sealed(data.begin(), data.end());
    return mbedtls_gcm_auth_decrypt(
               &parts_->gcm, data.size(), raw(nonce), nonce.size(), nullptr, 0, raw(tag), tag.size(), raw(sealed),
               raw(data)) == 0;
}

} // namespace testbed
