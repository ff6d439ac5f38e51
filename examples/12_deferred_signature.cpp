// SPDX-License-Identifier: Apache-2.0
// Several handshakes in one thread while a slow key signs in another: nothing waits for the token but what needs it.
//
//   12_deferred_signature <wolfssl|mbedtls> <host> <port> <ca.pem> <certificate-chain.pem> <module.so> <token> <key>
//
// The PIN comes from the environment variable TOKEN_PIN. The key is one in a PKCS#11 token, as in 09_secure_element; a
// service in the network is asked in the same way.
#include <tls/any_client.hpp>
#include <tls/credentials/pkcs11.hpp>
#include <tls/diagnosis/explain.hpp>
#include <tls/mbedtls.hpp>
#include <tls/transport/tcp.hpp>
#include <tls/wolfssl.hpp>

#include <array>
#include <chrono>
#include <cstdlib>
#include <future>
#include <iostream>
#include <optional>
#include <poll.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace {

using signature = tls::result<std::vector<std::byte>>;

/// Has each digest signed in another thread; each signature that is there makes the descriptor readable.
class signing_office {
public:
    explicit signing_office(tls::pkcs11_signer& key) : key_(key) {
        if (::pipe(bell_.data()) != 0) std::abort();
    }
    signing_office(signing_office const&) = delete;
    signing_office& operator=(signing_office const&) = delete;
    ~signing_office() {
        threads_.clear(); // waits for them: they ring
        for (int const fd : bell_) ::close(fd);
    }

    /// Copies what is to be signed: the request refers to memory of the handshake.
    std::future<signature> sign(tls::signature_request const& wanted) {
        std::promise<signature> order;
        auto ordered = order.get_future();
        threads_.emplace_back([this, order = std::move(order), scheme = wanted.scheme,
                               digest = std::vector(wanted.digest.begin(), wanted.digest.end())]() mutable {
            std::vector<std::byte> made(512); // as long as a signature by RSA-4096
            auto const size = key_.sign(scheme, digest, made);
            if (size) made.resize(*size);
            order.set_value(size ? signature(std::move(made)) : std::unexpected(size.error()));
            if (::write(bell_[1], "", 1) != 1) std::abort(); // last: whoever hears it finds the signature
        });
        return ordered;
    }

    [[nodiscard]] int descriptor() const { return bell_[0]; }
    void heard() const {
        char note = 0;
        if (::read(bell_[0], &note, 1) != 1) std::abort();
    }

private:
    tls::pkcs11_signer& key_;
    std::array<int, 2> bell_{};
    std::vector<std::jthread> threads_;
};

/// A handshake, and the signature that it may wait for.
struct connection {
    int descriptor; // of its socket
    tls::any_handshake handshake;
    std::future<signature> ordered{};
    std::optional<tls::any_session> session{};
    std::optional<tls::error> failure{};

    [[nodiscard]] bool is_over() const { return session || failure; }

    /// Goes as far as it can. Returns the event to wait for on its socket, or 0.
    short step(signing_office& office) {
        if (is_over()) return 0;
        if (ordered.valid()) {
            if (ordered.wait_for(std::chrono::seconds(0)) != std::future_status::ready) return 0;
            auto const made = ordered.get();
            if (!made)
                handshake.refuse_signature(made.error().about.view());
            else if (auto const taken = handshake.give_signature(*made); !taken)
                handshake.refuse_signature(taken.error().about.view());
        }
        auto established = handshake.step();
        if (established) {
            session.emplace(std::move(*established));
            return 0;
        }
        switch (established.error().code) {
        case tls::errc::want_read: return POLLIN;
        case tls::errc::want_write: return POLLOUT;
        case tls::errc::want_signature: ordered = office.sign(*handshake.wanted_signature()); return 0;
        default: failure = established.error(); return 0;
        }
    }
};

int failed(tls::error const& e) {
    std::cerr << tls::explain(e) << '\n';
    return 1;
}

/// Steps every connection whenever its socket or its signature is ready, until all are over.
bool run(std::vector<connection>& all, signing_office& office) {
    for (;;) {
        std::vector<pollfd> ready{{office.descriptor(), POLLIN, 0}};
        bool goes_on = false;
        for (connection& one : all) {
            if (short const event = one.step(office); event != 0) ready.push_back({one.descriptor, event, 0});
            goes_on = goes_on || !one.is_over();
        }
        if (!goes_on) return true;
        if (::poll(ready.data(), ready.size(), 10'000) <= 0) return false;
        if (ready[0].revents != 0) office.heard();
    }
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 9) {
        std::cerr << "usage: 12_deferred_signature <wolfssl|mbedtls> <host> <port> <ca.pem> <certificate-chain.pem> "
                     "<module.so> <token> <key>\n";
        return 2;
    }
    auto const port = static_cast<std::uint16_t>(std::strtoul(argv[3], nullptr, 10));
    char const* const pin = std::getenv("TOKEN_PIN");
    auto key = tls::pkcs11_signer::open(
        {.module = argv[6], .token_label = argv[7], .pin = pin != nullptr ? pin : "", .key_label = argv[8]});
    if (!key) return failed(key.error());

    // The client knows what the key can sign, and leaves it to this program to have it done.
    auto const client = tls::any_client::build<tls::wolfssl, tls::mbedtls>(argv[1], [&](auto builder) {
        return std::move(builder)
            .trust(tls::trust_anchors::from_pem_file(argv[4]))
            .identity(
                tls::identity::from_deferred_signer(tls::certificate_chain::from_pem_file(argv[5]), key->schemes()))
            .build();
    });
    if (!client) return failed(client.error());

    signing_office office(*key);
    std::vector<connection> all;
    for (int i = 0; i < 3; ++i) {
        auto stream = tls::tcp_stream::connect(argv[2], port);
        if (!stream) return failed(stream.error());
        stream->set_blocking(false);
        int const descriptor = stream->native_handle();
        auto handshake = client->start(tls::server_name::parse(argv[2]), std::move(*stream));
        if (!handshake) return failed(handshake.error());
        all.push_back({.descriptor = descriptor, .handshake = std::move(*handshake)});
    }
    if (!run(all, office)) {
        std::cerr << "nothing happened for ten seconds\n";
        return 1;
    }
    for (connection& one : all) {
        if (one.failure) return failed(*one.failure);
        if (auto const closed = one.session->close(); !closed) return failed(closed.error());
    }
    std::cout << client->backend_name() << ": " << all.size() << " handshakes in one thread, signed in others\n";
    return 0;
}
