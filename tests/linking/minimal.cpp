// SPDX-License-Identifier: Apache-2.0
// A client with a certificate and a transport of its own, and nothing more.
#include "program.hpp"

int main() {
    auto client = tls::client<linking::backend>::configure()
                      .trust(tls::trust_anchors::from_der(linking::input(3)))
                      .identity(tls::identity::from_der({linking::input(4)}, linking::input(5)))
                      .build();
    if (!client) return 1;
    auto session = client->connect(tls::server_name::dns("broker.example"), linking::standard_streams());
    return session ? linking::talk(*session) : 2;
}
