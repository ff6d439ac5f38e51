// SPDX-License-Identifier: Apache-2.0
// The same client, asking for everything there is.
#include "program.hpp"
#include <tls/core/memory.hpp>
#include <tls/diagnosis/explain.hpp>
#include <tls/diagnosis/flight_recorder.hpp>
#include <tls/diagnosis/key_log.hpp>
#include <tls/resumption/memory_ticket_store.hpp>
#include <tls/transport/tcp.hpp>

#include <cstdio>
#include <string>

namespace {

void say(std::string const& text) { std::puts(text.c_str()); }

tls::storage_key storage_key() { return tls::storage_key(linking::input(6).first<tls::storage_key::size>()); }

} // namespace

int main(int argc, char** argv) {
    if (argc != 6 || !tls::set_memory({})) return 3;
    tls::memory_ticket_store store;
    auto client = tls::client<linking::backend>::configure()
                      .trust(tls::trust_anchors::from_pem_file(argv[1]))
                      .identity(tls::identity::from_pem_files(argv[2], argv[3], "password"))
                      .suites({tls::cipher_suite::aes_128_gcm_sha256})
                      .groups({tls::named_group::secp256r1})
                      .key_log(tls::key_log_file::open(argv[4]))
                      .resumption(store)
                      .build();
    if (!client) {
        say(std::string(client.error().message()));
        say(tls::explain(client.error()));
        return 1;
    }
    if (!tls::client<linking::backend>::configure().psk(tls::pre_shared_key::from_hex(argv[2], argv[3])).build())
        return 1;
    auto const name = tls::server_name::parse(argv[5]);
    if (name) say(tls::explain(client->preflight(*name)));
    auto kept = tls::ticket::parse<linking::backend>(linking::input(7), storage_key());
    auto stream = tls::tcp_stream::connect(argv[5], 8883);
    if (!stream) return 2;
    tls::flight_recorder recorder;
    auto session = kept ? client->connect(name, std::move(*stream), std::move(*kept), recorder)
                        : client->connect(name, std::move(*stream), recorder);
    say(recorder.to_text());
    if (!session) return 2;
    if (auto const ticket = session->take_ticket()) return ticket->serialize<linking::backend>(storage_key()) ? 0 : 4;
    return linking::talk(*session);
}
