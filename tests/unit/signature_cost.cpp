// SPDX-License-Identifier: Apache-2.0
#include <tls/signature/primitive.hpp>

#include <array>
#include <vector>

#include <doctest/doctest.h>

namespace unit::signature_cost_cases {
namespace {

using namespace tls::signature;

std::uint32_t of_curve(tls::x509::curve c) { return cost({.scheme = scheme::ecdsa, .curve = c}); }

std::uint32_t of_rsa(std::size_t bits, std::vector<std::byte> const& exponent, std::size_t message = 0) {
    std::vector<std::byte> const modulus(bits / 8, std::byte{0xff});
    std::vector<std::byte> const text(message);
    checked_query const q{.scheme = scheme::rsa_pss, .message = text, .modulus = modulus, .exponent = exponent};
    return cost(q);
}

std::vector<std::byte> const three = {std::byte{3}};
std::vector<std::byte> const usual = {std::byte{1}, std::byte{0}, std::byte{1}};
std::vector<std::byte> const largest(8, std::byte{0xff});

} // namespace

TEST_CASE("signature cost: what takes longer costs more") {
    using tls::x509::curve;
    CHECK(of_curve(curve::p256) < of_curve(curve::p384));
    CHECK(of_curve(curve::p384) < of_curve(curve::p521));
    CHECK(of_curve(curve::p521) <= of_curve(curve::other));
    CHECK(of_rsa(2048, three) < of_rsa(2048, usual));
    CHECK(of_rsa(2048, usual) < of_rsa(2048, largest));
    CHECK(of_rsa(2048, usual) < of_rsa(4096, usual));
    CHECK(of_rsa(4096, largest) < of_rsa(8192, largest));
    CHECK(of_rsa(2048, usual) < of_rsa(2048, usual, 16384));
}

TEST_CASE("signature cost: no question costs more than 6 ms, and none is for nothing") {
    CHECK(of_rsa(max_rsa_bits, largest, 16384) <= 6000);
    CHECK(of_curve(tls::x509::curve::p521) <= 6000);
    CHECK(cost({.scheme = scheme::ed25519}) > 0);
    CHECK(of_rsa(min_rsa_bits, three) > 0);
    // A message of any size counts without overflow.
    std::byte const one{};
    checked_query const q{.scheme = scheme::ecdsa, .message = {&one, std::size_t{1} << 40U}};
    CHECK(cost(q) > 60000);
}

} // namespace unit::signature_cost_cases
