// SPDX-License-Identifier: Apache-2.0
#include "../fuzz.hpp"
#include "client.hpp"
#include "deterministic.hpp"
#include <tls/client.hpp>
#include <tls/diagnosis/explain.hpp>
#include <tls/mbedtls.hpp>
#include <tls/wolfssl.hpp>

#include <array>
#include <vector>

namespace fuzz {
namespace {

using tls::protocol_version;

template <class B> tls::client<B> built(protocol_version v) {
    std::array const suites = {
        v == protocol_version::tls_1_3 ? tls::cipher_suite::aes_128_gcm_sha256
                                       : tls::cipher_suite::ecdhe_ecdsa_aes_128_gcm_sha256};
    // Under TLS 1.2 the list is for certificates as well (RFC 8422 section 5.1.1).
    std::vector groups = {tls::named_group::x25519};
    if (v == protocol_version::tls_1_2) groups.push_back(tls::named_group::secp256r1);
    auto const& who = certificates().client;
    auto made = tls::client<B>::configure()
                    .trust(tls::trust_anchors::from_pem(certificates().root_pem()))
                    .identity(tls::identity::from_pem(who.chain_pem(), who.private_key->pkcs8_pem()))
                    .versions(v, v)
                    .suites(suites)
                    .groups(groups)
                    .resumption(tls::own_tickets)
                    .build();
    require(made.has_value(), "the client is built");
    start_randomness(); // so that the first connection draws what others draw
    return std::move(*made);
}

template <class B> tls::client<B> const& shared_client(protocol_version v) {
    static tls::client<B> const old = built<B>(protocol_version::tls_1_2);
    static tls::client<B> const current = built<B>(protocol_version::tls_1_3);
    return v == protocol_version::tls_1_2 ? old : current;
}

template <class B> class twintls_client final : public client {
public:
    explicit twintls_client(protocol_version v)
        : engine_(shared_client<B>(v).engine(tls::server_name::dns("localhost"))) {
        require(engine_.has_value(), "an engine is made");
    }

    void hear(byte_view record, bytes& said) override {
        if (!record.empty()) (void)engine_->feed(record);
        go_on();
        auto const answer = engine_->drain();
        testbed::append(said, answer);
        engine_->drained(answer.size());
    }
    void end() override {
        ended_ = true;
        engine_->feed_end();
    }

private:
    void go_on() {
        if (!now_.alive) return;
        if (!now_.established) {
            auto const done = engine_->handshake();
            if (!done) return note(done.error());
            now_.established = true;
        }
        for (;;) {
            std::array<std::byte, 20000> into;
            auto const n = engine_->read(into);
            if (!n) return note(n.error());
            testbed::append(now_.data, byte_view(into).first(*n));
        }
    }

    void note(tls::error const& e) {
        now_.code = e.code;
        now_.alive = e.code == tls::errc::want_read;
        if (now_.alive) return;
        now_.text = tls::explain(e);
        require(ended_ || e.code != tls::errc::truncated, "who has not ended the connection is not said to have");
        bool const blames_build =
            tls::whose_fault(e.code) == tls::fault::build && e.code != tls::errc::unsupported_peer_request;
        if (blames_build) std::fprintf(stderr, "%s\n", now_.text.c_str());
        require(!blames_build, "a peer's bytes are no fault of the build");
    }

    tls::result<tls::engine<B>> engine_;
    bool ended_ = false;
};

} // namespace

testbed::pki const& certificates() {
    static testbed::pki const made = [] {
        start_randomness();
        return testbed::make_pki(testbed::key_kind::p256);
    }();
    return made;
}

std::unique_ptr<client> twintls_on_wolfssl(protocol_version v) {
    return std::make_unique<twintls_client<tls::wolfssl>>(v);
}
std::unique_ptr<client> twintls_on_mbedtls(protocol_version v) {
    return std::make_unique<twintls_client<tls::mbedtls>>(v);
}

} // namespace fuzz
