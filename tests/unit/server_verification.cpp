// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"
#include "fake_certificate.hpp"
#include <tls/connection/server_verification.hpp>

#include <array>

namespace unit::server_verification_cases {
namespace {

using fake::bytes;
using tls::errc;

bytes self_issued(unsigned serial) {
    auto spec = fake::leaf();
    spec.issuer = spec.subject;
    spec.serial = fake::of({serial});
    return spec.der();
}

/// What decides in a connection whose client trusts one certificate: then no signature is looked at.
struct scene {
    scene() {
        given.anchors = *tls::verify::anchor_set::of(std::array{leaf});
        given.clock = []() noexcept { return std::int64_t{fake::some_time}; };
    }

    bool judge(bytes const& sent) {
        std::array<fake::view, 1> const list{sent};
        return check.judge(list, sent);
    }

    bytes leaf = self_issued(1);
    tls::settings given;
    tls::verify::server_verification check{given, *tls::server_name::parse("host.example")};
};

bytes another() { return self_issued(77); }

} // namespace

TEST_CASE("server_verification: a verdict is repeated for the certificate that it was made of") {
    scene s;
    CHECK(s.judge(s.leaf));
    CHECK(s.judge(s.leaf));
    CHECK(s.check.accepted());
}

TEST_CASE("server_verification: and holds for no other that comes later") {
    scene s;
    REQUIRE(s.judge(s.leaf));
    CHECK_FALSE(s.judge(another()));
    CHECK_FALSE(s.check.accepted());
    CHECK(s.check.rejected());
    CHECK(s.check.reason() == errc::unexpected_message);
    CHECK_FALSE(s.judge(s.leaf)); // nor does it come back
}

TEST_CASE("server_verification: what was refused stays refused whatever comes later") {
    scene s;
    CHECK_FALSE(s.judge(another()));
    errc const first = s.check.reason();
    CHECK_FALSE(s.judge(s.leaf));
    CHECK(s.check.reason() == first);
}

TEST_CASE("server_verification: a client that accepts anybody does so twice") {
    scene s;
    s.given.accept_any_server = true;
    CHECK(s.judge(s.leaf));
    CHECK(s.judge(another()));
    CHECK(s.check.waved_through());
    CHECK_FALSE(s.check.rejected());
}

TEST_CASE("server_verification: no certificate counts beside a pre-shared key") {
    scene s;
    static constexpr tls::seam::psk_calls calls{};
    s.given.psk.calls = &calls;
    CHECK_FALSE(s.judge(s.leaf));
    CHECK(s.check.rejected());
    CHECK(s.check.reason() == errc::unexpected_message);
    CHECK(s.check.refusal() == tls::alert::unexpected_message);
}

} // namespace unit::server_verification_cases
