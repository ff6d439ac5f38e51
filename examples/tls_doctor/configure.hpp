// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "options.hpp"
#include <tls/client.hpp>
#include <tls/credentials/credentials.hpp>

#include <optional>
#include <span>
#include <utility>

namespace doctor {

/// What the files on the command line hold, read once for both backends.
struct credentials {
    tls::trust_anchors anchors{};
    std::optional<tls::identity> who{};
};

/// Reads the files. The error names the file.
[[nodiscard]] tls::result<credentials> read_credentials(options const& o);

/// A client as the command line describes it.
template <class Backend> tls::result<tls::client<Backend>> configured(options const& o, credentials const& c) {
    auto builder = tls::client<Backend>::configure()
                       .versions(o.lowest(), o.highest())
                       .alpn(std::span(o.alpn))
                       .handshake_timeout(o.timeout);
    auto const finish = [&](auto trusting) {
        return c.who ? std::move(trusting).identity(*c.who).build() : std::move(trusting).no_identity().build();
    };
    return o.insecure ? finish(std::move(builder).insecure_accept_any_server())
                      : finish(std::move(builder).trust(c.anchors));
}

} // namespace doctor
