// SPDX-License-Identifier: Apache-2.0
#include "parity/chains.hpp"
#include "parity/parity.hpp"
#include "testbed/wire.hpp"
#include <tls/connection/backend.hpp>
#include <tls/mbedtls/impl/native.hpp>
#include <tls/wolfssl/impl/native.hpp>

/// Nothing of ours answers a ServerHello before it is known who the server is: tested with broken backends, which are
/// noticed where bytes leave.
namespace parity::nothing_unjudged_cases {
namespace {

/// A backend that forgets to install the callback that judges.
struct deaf_wolfssl : tls::wolfssl {
    static tls::result<context> make_context(tls::seam::shared<tls::settings const> s) noexcept {
        auto made = tls::wolfssl::make_context(std::move(s));
        if (made) wolfSSL_CTX_set_verify(made->ctx(), WOLFSSL_VERIFY_NONE, nullptr);
        return made;
    }
};
static_assert(tls::backend<deaf_wolfssl>);

/// A backend that lets its library run instead of stepping it, and so never judges.
struct hasty_mbedtls : tls::mbedtls {
    struct engine : tls::mbedtls::engine {
        explicit engine(tls::mbedtls::engine e) noexcept : tls::mbedtls::engine(std::move(e)) {}

        [[nodiscard]] tls::seam::native_outcome handshake() noexcept {
            int const code = mbedtls_ssl_handshake(static_cast<mbedtls_ssl_context*>(core().native));
            if (code == 0) return tls::seam::native_outcome::done();
            bool const waits = code == MBEDTLS_ERR_SSL_WANT_READ || code == MBEDTLS_ERR_SSL_WANT_WRITE;
            return waits ? tls::seam::native_outcome::wants_input() : tls::seam::native_outcome::failure(code);
        }
    };

    static tls::result<engine> make_engine(context const& c, tls::server_name const& name) noexcept {
        auto made = tls::mbedtls::make_engine(c, name);
        if (!made) return std::unexpected(made.error());
        return engine(std::move(*made));
    }
};
static_assert(tls::backend<hasty_mbedtls>);

using faulty_pairings = std::tuple<
    pairing<deaf_wolfssl, testbed::mbedtls_server>, pairing<deaf_wolfssl, testbed::wolfssl_server>,
    pairing<hasty_mbedtls, testbed::mbedtls_server>, pairing<hasty_mbedtls, testbed::wolfssl_server>>;

/// Records of the client after its hello that are more than alerts and ChangeCipherSpec.
std::size_t answers(testbed::byte_view sent, protocol_version v) {
    namespace wire = testbed::wire;
    std::size_t count = 0;
    for (auto const& r : wire::records(sent)) {
        bool const short_alert =
            v == protocol_version::tls_1_3 && r.type == wire::application_data && r.body.size() <= 19;
        if (r.type != wire::alert && r.type != wire::change_cipher_spec && !short_alert) ++count;
    }
    return count - 1;
}

} // namespace

PARITY_CASE("a backend that forgets to have the server judged sends nothing", faulty_pairings, P, v) {
    for (bool const any_server : {false, true}) {
        CAPTURE(any_server);
        auto c = converse<P>(only(v, {.any_server = any_server}), asking_server(v));
        auto const done = c.run();
        REQUIRE_FALSE(done);
        CHECK(done.error() == errc::internal);
        CHECK(answers(c.pipe.to_server.history(), v) == 0);
        CHECK_FALSE(c.server.established());
        CHECK_FALSE(c.client.handshake());
    }
}

PARITY_CASE("and nothing either if nobody but the library could read the ServerHello", faulty_pairings, P, v) {
    // One byte on the way, which no library looks at and no key protects.
    auto c = converse<P>(client_options{.lowest = tls::protocol_version::tls_1_2}, asking_server(v));
    CHECK_FALSE(c.client.handshake());
    c.carry();
    testbed::serve(c.server, c.pipe);
    auto flight = c.pipe.to_client.take_all();
    REQUIRE(flight.size() > 1);
    flight[1] = std::byte{2};
    REQUIRE(c.client.feed(flight));
    CHECK_FALSE(c.run());
    CHECK(answers(c.pipe.to_server.history(), v) == 0);
    CHECK_FALSE(c.server.established());
}

} // namespace parity::nothing_unjudged_cases
