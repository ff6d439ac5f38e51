// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bytes.hpp"

#include <memory>

struct mbedtls_ssl_ticket_context;

namespace testbed {

/// The keys that session tickets are encrypted with. Servers on the same library that share them resume each other's
/// sessions, as the worker processes of a real server do. Safe from any thread.
class ticket_keys {
public:
    ticket_keys();
    ~ticket_keys();
    ticket_keys(ticket_keys const&) = delete;
    ticket_keys& operator=(ticket_keys const&) = delete;

    [[nodiscard]] mbedtls_ssl_ticket_context* for_mbedtls();

    /// AES-256-GCM in place, for wolfSSL: draws a 12 byte nonce and writes a 16 byte tag.
    void seal(std::span<std::byte> data, std::span<std::byte> nonce, std::span<std::byte> tag);
    /// False if the tag is wrong.
    [[nodiscard]] bool open(std::span<std::byte> data, byte_view nonce, byte_view tag);

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

} // namespace testbed
