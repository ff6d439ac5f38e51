// SPDX-License-Identifier: Apache-2.0
#include "parity/parity.hpp"

#include <atomic>
#include <thread>
#include <vector>

namespace parity::threads_cases {

PARITY_CASE("eight threads share one client, each with its own connections", pairings, P) {
    static_assert(P::backend::template supports<tls::feature::sharing_between_threads>);
    auto const client = client_of<P>({.who = identity(pki().client)});
    auto options = testbed::server_options::showing(pki().server);
    options.require_client_certificate = true;
    options.client_anchors = {pki().root.certificate};

    // The server's library is initialised before the threads start: wolfSSL_CTX_new reads without a lock what
    // wolfSSL_Init writes.
    typename P::server const first(options);

    std::atomic<int> good = 0;
    std::vector<std::thread> threads;
    constexpr int connections = 4;
    for (int t = 0; t < 8; ++t) {
        threads.emplace_back([&, t] {
            for (int i = 0; i < connections; ++i) {
                auto mine = options;
                mine.max_version = (t + i) % 2 == 0 ? protocol_version::tls_1_2 : protocol_version::tls_1_3;
                // Every third server leaves out its intermediate: the verdict must not depend on other connections.
                bool const complete = (t + i) % 3 != 0;
                if (!complete) mine.chain.resize(1);
                auto engine = client.engine(tls::server_name::dns("localhost"));
                if (!engine) continue;
                conversation<P> c{std::move(*engine), typename P::server(mine)};
                auto const done = c.run();
                if (!complete) {
                    if (!done && done.error().code == errc::untrusted) ++good;
                    continue;
                }
                if (!done || !c.client.write(testbed::view_of("x"))) continue;
                c.run();
                if (c.server.received().size() == 1) ++good;
            }
        });
    }
    for (auto& t : threads) t.join();
    CHECK(good == 8 * connections);
}

PARITY_CASE("a verdict does not depend on what the same client saw before", pairings, P, v) {
    auto const client = client_of<P>(only(v));
    auto const complete = good_server(v);
    auto without_intermediate = complete;
    without_intermediate.chain.resize(1);
    std::vector<conversation<P>> alive; // sessions that live on must change nothing
    for (int i = 0; i < 3; ++i) {
        auto short_chain = converse<P>(client, without_intermediate);
        auto const refused = short_chain.run();
        REQUIRE(!refused);
        CHECK(refused.error().code == errc::untrusted);
        alive.push_back(converse<P>(client, complete));
        CHECK(alive.back().run());
    }
    for (auto& c : alive) {
        REQUIRE(c.client.write(testbed::view_of("still alive")));
        c.run();
        CHECK(testbed::to_text(c.server.received()) == "still alive");
    }
}

PARITY_CASE("a limit seen in one chain does not break another of the same authority", pairings, P) {
    // The authority was renewed: same name, same key, a longer path allowed. Each certificate counts for its own chain.
    using namespace testbed;
    auto const& root_key = pooled_key(key_kind::p256, 20);
    auto const& middle_key = pooled_key(key_kind::p256, 21);
    auto const& lower_key = pooled_key(key_kind::p256, 26);
    auto const& leaf_key = pooled_key(key_kind::p256, 22);
    issuer const root{issue(root_spec(), root_key), &root_key};
    auto narrow = server_intermediate_spec();
    narrow.path_len = 0;
    auto wide = server_intermediate_spec();
    wide.path_len = 1;
    issuer const old_middle{issue(narrow, middle_key, &root), &middle_key};
    issuer const new_middle{issue(wide, middle_key, &root), &middle_key};
    auto below = server_intermediate_spec();
    below.common_name = "lower";
    issuer const lower{issue(below, lower_key, &new_middle), &lower_key};

    for (protocol_version const v : versions) {
        CAPTURE(tls::name(v));
        auto const client = client_of<P>(only(v, {.anchors = tls::trust_anchors::from_pem(root.certificate.pem())}));
        auto options = good_server(v);
        options.private_key = &leaf_key;
        for (int i = 0; i < 2; ++i) {
            options.chain = {issue(server_spec(), leaf_key, &old_middle), old_middle.certificate};
            CHECK(converse<P>(client, options).run());
            options.chain = {issue(server_spec(), leaf_key, &lower), lower.certificate, new_middle.certificate};
            CHECK(converse<P>(client, options).run());
        }
    }
}

PARITY_CASE("a session outlives its client and every copy of it", pairings, P) {
    std::optional<conversation<P>> c;
    {
        auto client = client_of<P>(only(protocol_version::tls_1_3));
        auto const copy = client;
        c.emplace(converse<P>(copy, good_server(protocol_version::tls_1_3)));
    }
    REQUIRE(c->run());
    auto moved = std::move(*c);
    REQUIRE(moved.client.write(testbed::view_of("hello")));
    moved.run();
    CHECK(testbed::to_text(moved.server.received()) == "hello");
}

} // namespace parity::threads_cases
