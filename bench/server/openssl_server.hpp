// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "server/server.hpp"

namespace bench {

/// A server on OpenSSL's libssl: none of the measured libraries.
[[nodiscard]] std::unique_ptr<bench_server> make_openssl_server(handshake_case const& c, credentials const& with);
[[nodiscard]] std::string openssl_server_title();

} // namespace bench
