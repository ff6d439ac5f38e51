// SPDX-License-Identifier: Apache-2.0

// How many inputs a second twintls plays and how many each C library by itself, in one program and with the same bytes:
// every input is played by all four. Prints the rates, by the processor time of each, when it ends.

#include "../fuzz.hpp"
#include "contender.hpp"
#include "inputs.hpp"

#include <array>
#include <ctime>
#include <exception>
#include <utility>

namespace {

using tls::protocol_version;

bench::handshake_case case_of(protocol_version v) {
    bench::handshake_case c;
    c.version = v;
    c.group = tls::named_group::x25519;
    c.suite = v == protocol_version::tls_1_2 ? tls::cipher_suite::ecdhe_ecdsa_aes_128_gcm_sha256
                                             : tls::cipher_suite::aes_128_gcm_sha256;
    c.client_certificate = true;
    c.resumed = true; // takes tickets
    return c;
}

bench::credentials credentials() {
    auto const& who = fuzz::certificates().client;
    bench::credentials c;
    c.client_chain = who.chain_pem();
    c.client_private_key = who.private_key->pkcs8_pem();
    c.trust_anchors = fuzz::certificates().root_pem();
    return c;
}

/// A contender of the benchmark as the server of the fuzz target sees it. Those know no end of the stream.
class contender_client final : public fuzz::client {
public:
    explicit contender_client(bench::client_contender& from) : connection_(from.connect()) {}

    void hear(fuzz::byte_view record, fuzz::bytes& said) override {
        if (!now_.alive) return;
        try {
            if (now_.established) {
                (void)connection_->read(record, into_);
                return;
            }
            now_.established = connection_->handshake(record, said);
        } catch (std::exception const&) {
            now_.alive = false;
        }
    }
    void end() override { now_.alive = false; }

private:
    std::unique_ptr<bench::client_connection> connection_;
    std::array<std::byte, 20000> into_{};
};

template <bench::contender_kind (*kind)()> std::unique_ptr<fuzz::client> contender(protocol_version v) {
    static auto const old = kind().configure(case_of(protocol_version::tls_1_2), credentials());
    static auto const current = kind().configure(case_of(protocol_version::tls_1_3), credentials());
    return std::make_unique<contender_client>(v == protocol_version::tls_1_2 ? *old : *current);
}

struct measured {
    char const* name;
    fuzz::make_client make;
    std::clock_t spent = 0;
    int established = 0;
};

std::array<measured, 4> clients = {{
    {"wolfSSL, twintls", contender<bench::twintls_wolfssl>},
    {"wolfSSL by itself", contender<bench::raw_wolfssl>},
    {"Mbed TLS, twintls", contender<bench::twintls_mbedtls>},
    {"Mbed TLS by itself", contender<bench::raw_mbedtls>},
}};
int played = 0;

void report() {
    if (played == 0) return;
    std::printf("%d inputs, each played by all\n", played);
    std::array<double, 4> rates{};
    for (std::size_t i = 0; i != clients.size(); ++i) {
        rates[i] = played * double(CLOCKS_PER_SEC) / double(clients[i].spent);
        std::printf("%-20s %7.0f inputs/s, %d established\n", clients[i].name, rates[i], clients[i].established);
    }
    std::printf("twintls to the library: wolfSSL %.2f, Mbed TLS %.2f\n", rates[0] / rates[1], rates[2] / rates[3]);
}

} // namespace

std::vector<std::vector<std::byte>> fuzz::seeds() { return inputs(); }

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const input = fuzz::bytes_of(data, size);
    static bool const prepared = [&] {
        for (measured const& c : clients) (void)fuzz::play(c.make, input);
        return std::atexit(report) == 0;
    }();
    (void)prepared;
    ++played;
    for (measured& c : clients) {
        std::clock_t const before = std::clock();
        bool const established = fuzz::play(c.make, input).made_of_it.established;
        c.spent += std::clock() - before;
        if (established) ++c.established;
    }
    return 0;
}
