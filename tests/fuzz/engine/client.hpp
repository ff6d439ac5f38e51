// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "testbed/bytes.hpp"
#include "testbed/certificate_factory.hpp"
#include <tls/core/errc.hpp>
#include <tls/core/protocol.hpp>

#include <memory>
#include <string>
#include <string_view>

/// Clients behind the same few calls, for a scripted server to speak to.
namespace fuzz {

using testbed::byte_view;
using testbed::bytes;

/// How a connection stands.
struct outcome {
    bool established = false;
    bool alive = true;
    tls::errc code = tls::errc::ok; ///< of the end, where the client has one
    bytes data{};
    std::string text{}; ///< about the end
};

/// One connection of a client.
class client {
public:
    client() = default;
    client(client const&) = delete;
    client& operator=(client const&) = delete;
    virtual ~client() = default;

    /// Takes what the server says, goes as far as it can, and appends what it says itself.
    virtual void hear(byte_view record, bytes& said) = 0;
    /// The server says no more.
    virtual void end() = 0;
    [[nodiscard]] outcome const& result() const { return now_; }

protected:
    outcome now_{};
};

/// Where a client is made.
using make_client = std::unique_ptr<client> (*)(tls::protocol_version);

[[nodiscard]] std::unique_ptr<client> twintls_on_wolfssl(tls::protocol_version);
[[nodiscard]] std::unique_ptr<client> twintls_on_mbedtls(tls::protocol_version);

/// Certificates of P-256; the client trusts the root and has the client's credentials.
[[nodiscard]] testbed::pki const& certificates();

} // namespace fuzz
