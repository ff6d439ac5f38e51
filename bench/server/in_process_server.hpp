// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "server/server.hpp"

namespace bench {

/// The wolfSSL server of the tests, for machines without OpenSSL.
[[nodiscard]] std::unique_ptr<bench_server> make_in_process_server(handshake_case const& c, credentials const& with);
[[nodiscard]] std::string in_process_server_title();

} // namespace bench
