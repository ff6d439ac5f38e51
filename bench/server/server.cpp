// SPDX-License-Identifier: Apache-2.0
#include "server/server.hpp"

#include "server/in_process_server.hpp"
#if defined(BENCH_HAS_OPENSSL)
#    include "server/openssl_server.hpp"
#endif

namespace bench {

#if defined(BENCH_HAS_OPENSSL)
std::unique_ptr<bench_server> make_server(handshake_case const& c, credentials const& with) {
    // OpenSSL has the hybrid from 3.5 on.
    return c.is_hybrid() ? make_in_process_server(c, with) : make_openssl_server(c, with);
}
std::string server_title() { return openssl_server_title(); }
#else
std::unique_ptr<bench_server> make_server(handshake_case const& c, credentials const& with) {
    return make_in_process_server(c, with);
}
std::string server_title() { return in_process_server_title(); }
#endif

} // namespace bench
