// SPDX-License-Identifier: Apache-2.0
#include "parity/parity.hpp"

#include <cstdlib>
#include <string>

/// A bit of what a server sends is changed on its way, anywhere: the error never blames our build, and is never
/// `internal`.
namespace parity::flipped_bits_cases {
namespace {

/// Which bits are flipped: by default one of every third byte, each time another of the eight; with
/// TWINTLS_FLIP=all in the environment each bit of each byte (the target flip-every-bit).
struct chosen_bits {
    bool all = std::getenv("TWINTLS_FLIP") != nullptr;
    std::size_t step() const { return all ? 1 : 3; }
    unsigned first(std::size_t byte) const { return all ? 0 : static_cast<unsigned>(byte / 3 % 8); }
    unsigned count() const { return all ? 8 : 1; }
};

/// How a connection ends whose server sends some data and closes.
template <class P> tls::error ending(conversation<P>& c) {
    if (auto const done = c.run(); !done) return done.error();
    bool sent = false;
    for (;;) {
        auto const n = c.read();
        if (!n && n.error().code != errc::want_read) return n.error();
        if (n) continue;
        if (!c.server.established() || sent) return n.error();
        c.server.send(testbed::view_of("some data of the server's"));
        c.server.close();
        testbed::serve(c.server, c.pipe);
        c.carry();
        sent = true;
    }
}

} // namespace

PARITY_CASE("flipped bits: no changed bit on the way is the build's fault", pairings, P, v) {
    auto const client = client_of<P>(only(v, {.who = identity(pki().client)}));
    auto const server = asking_server(v);
    std::size_t length = 0;
    {
        auto c = converse<P>(client, server);
        REQUIRE(ending(c).code == errc::closed);
        length = c.pipe.to_client.history().size();
    }
    REQUIRE(length > 500);
    chosen_bits const chosen;
    std::size_t accepted = 0;
    for (std::size_t at = 0; at < length; at += chosen.step())
        for (unsigned bit = chosen.first(at), n = 0; n != chosen.count(); ++bit, ++n) {
            CAPTURE(at);
            CAPTURE(bit);
            auto c = converse<P>(client, server);
            c.pipe.to_client.tap = [at, bit, passed = std::size_t{0}](testbed::bytes& stream) mutable {
                if (passed <= at && at < passed + stream.size())
                    stream[at - passed] ^= static_cast<std::byte>(1U << bit);
                passed += stream.size();
            };
            auto const e = ending(c);
            if (e.code == errc::closed) ++accepted;
            CHECK_MESSAGE(e.code != errc::internal, tls::explain(e));
            CHECK_MESSAGE(tls::whose_fault(e.code) != tls::fault::build, tls::explain(e));
        }
    // A signature's length varies, so the last byte may not be there; some bits mean nothing, as those of a random.
    CHECK(accepted < length);
}

} // namespace parity::flipped_bits_cases
