// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "options.hpp"
#include <tls/client.hpp>
#include <tls/credentials/credentials.hpp>
#include <tls/credentials/decisions.hpp>
#include <tls/credentials/psk.hpp>

#include <optional>
#include <utility>

namespace doctor {

/// What the files on the command line hold, read once for both backends.
struct credentials {
    tls::trust_anchors anchors{};
    std::optional<tls::identity> who{};
    std::optional<tls::pre_shared_key> psk{}; ///< instead of both
};

/// Reads the files. The error names the file.
[[nodiscard]] tls::result<credentials> read_credentials(options const& o);

/// A client as the command line describes it, of the backend whose builder is given.
template <class Builder> auto configured(Builder builder, options const& o, credentials const& c) {
    auto plain = std::move(builder).versions(o.lowest(), o.highest()).alpn(o.alpn).handshake_timeout(o.timeout);
    if (c.psk) return std::move(plain).decide(*c.psk).build();
    auto const trust = o.insecure ? tls::trust_decision::insecure_accept_any_server() : tls::trust_decision(c.anchors);
    return std::move(plain).decide(trust, c.who).build();
}

} // namespace doctor
