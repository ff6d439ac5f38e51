// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "testbed/certificate_factory.hpp"
#include "testbed/server.hpp"
#include <tls/client.hpp>
#include <tls/diagnosis/explain.hpp>
#include <tls/mbedtls.hpp>
#include <tls/transport/descriptor.hpp>
#include <tls/transport/pipe.hpp>
#include <tls/transport/tcp.hpp>
#include <tls/wolfssl.hpp>

#if defined(TWINTLS_SEPARATE_COMPILATION)
// The promise of this mode: a user's source sees no declaration and no stray macro of a C TLS library.
#    if defined(WOLFSSL_SSL_H) || defined(WOLF_CRYPT_AES_H) || defined(WOLF_CRYPT_TYPES_H) || defined(WOLFSSL_IO_H)
#        error "a header of wolfSSL reached a user's source"
#    endif
#    if defined(MBEDTLS_SSL_H) || defined(MBEDTLS_X509_CRT_H) || defined(MBEDTLS_PK_H) || defined(PSA_CRYPTO_H)
#        error "a header of Mbed TLS reached a user's source"
#    endif
#    if defined(MIN) || defined(MAX) || defined(BEFORE) || defined(AFTER) || defined(RNG) || defined(SHA256)
#        error "a macro without a prefix reached a user's source"
#    endif
#endif

#include <array>
#include <cstdio>
#include <cstdlib>

/// A program that uses a little of everything: no test framework, because it must also run without exceptions and RTTI.
namespace modes {

/// Ends the program, with the reason, if something did not work.
inline void must(bool worked, char const* what) {
    if (worked) return;
    std::fprintf(stderr, "failed: %s\n", what);
    std::exit(1);
}

template <class T> T& must(tls::result<T>& result, char const* what) {
    if (!result) {
        std::fprintf(stderr, "failed: %s\n%s\n", what, tls::explain(result.error()).c_str());
        std::exit(1);
    }
    return *result;
}

/// Carries bytes between a client and a server until neither has any.
template <class Backend, class Server> void carry(tls::engine<Backend>& client, Server& server) {
    for (;;) {
        auto const out = client.drain();
        server.feed(out);
        bool const sent = !out.empty();
        client.drained(out.size());
        server.step();
        testbed::bytes const back = server.drain();
        if (back.empty() && !sent) return;
        must(client.feed(back).has_value(), "feeding the client");
        if (!client.established()) (void)client.handshake();
    }
}

/// Mutual TLS in memory with a server on the other C library, and an echo.
template <class Backend, class Server> void round_trip() {
    testbed::pki const pki = testbed::make_pki();
    auto options = testbed::server_options::showing(pki.server);
    options.require_client_certificate = true;
    options.client_anchors = {pki.root.certificate};
    Server server(options);

    auto built = tls::client<Backend>::configure()
                     .trust(tls::trust_anchors::from_pem(pki.root_pem()))
                     .identity(tls::identity::from_pem(pki.client.chain_pem(), pki.client.private_key->pkcs8_pem()))
                     .build();
    auto started = must(built, "building a client").engine(tls::server_name::dns("localhost"));
    auto& client = must(started, "starting a connection");

    (void)client.handshake();
    carry(client, server);
    must(client.established() && server.established(), "the handshake");
    must(server.client_certificates_received() == 2, "two certificates reach the server");

    testbed::bytes const hello = testbed::to_bytes("hello");
    auto written = client.write(hello);
    must(must(written, "writing") == hello.size(), "everything is written");
    carry(client, server);
    server.send(server.received());
    carry(client, server);
    std::array<std::byte, 64> echo{};
    auto read = client.read(echo);
    must(testbed::to_text(std::span(echo).first(must(read, "reading"))) == "hello", "the echo");
}

/// Every transport and every kind of error once, so that the linker must find their bodies.
inline void touch_the_rest() {
    tls::error const none = tls::trust_anchors::from_pem_file("/nonexistent/root.pem").error();
    must(none == tls::errc::file_not_found, "a missing file is found missing");
    must(tls::explain(none).find("/nonexistent/root.pem") != std::string::npos, "an error names its input");
    must(tls::make_error_code(none.code).message() == none.message(), "an error is an error code");

    auto [here, there] = tls::memory_pipe::make();
    must(here.write_some(testbed::view_of("x")).status == tls::io_status::ok, "a pipe takes bytes");
    tls::descriptor_transport nowhere(-1);
    must(nowhere.write_some(testbed::view_of("x")).status == tls::io_status::failed, "no descriptor, no bytes");
    tls::tcp_stream closed(-1);
    must(closed.write_some(testbed::view_of("x")).status == tls::io_status::failed, "no socket, no bytes");
}

inline void use_everything() {
    round_trip<tls::wolfssl, testbed::mbedtls_server>();
    round_trip<tls::mbedtls, testbed::wolfssl_server>();
    touch_the_rest();
}

} // namespace modes
