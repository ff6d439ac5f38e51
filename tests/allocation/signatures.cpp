// SPDX-License-Identifier: Apache-2.0
#include "allocation/torture.hpp"
#include "parity/parity.hpp"
#include "testbed/key.hpp"
#include "testbed/raw_rsa.hpp"
#include <tls/mbedtls.hpp>
#include <tls/wolfssl.hpp>

#include <algorithm>
#include <string_view>

#include <doctest/doctest.h>

namespace {

using testbed::bytes;
using testbed::hash;
using testbed::key_kind;
using tls::signature::answer;
using tls::x509::signature_algorithm;

struct question {
    std::string_view what;
    bytes spki;
    signature_algorithm algorithm;
    bytes signature;
    std::size_t salt = 0;
};

/// Asks with the allocations of `chosen` failing, one at a time. The answer must be the one given with enough memory,
/// or that memory ran out; and nothing may leak.
template <class B> void fail_each(question const& q, testbed::byte_view message, answer with_memory) {
    CAPTURE(q.what);
    auto const ask = [&] {
        return tls::signature::verify({q.spki, q.algorithm, q.salt, message, q.signature}, &B::verify_signature);
    };
    REQUIRE(ask() == with_memory); // also initialises what is initialised once
    allocation::start_noting();
    answer const whole = ask();
    auto const places = allocation::stop_noting();
    CHECK(whole == with_memory);
    CHECK_FALSE(places.empty());
    for (std::size_t const n : allocation::chosen(places)) {
        long const before = allocation::live();
        allocation::fail(n);
        answer const a = ask();
        (void)allocation::failed(); // numbers that are drawn at random may take fewer
        long const after = allocation::live();
        bool const sound = a == answer::out_of_memory || a == with_memory;
        if (!sound || before != after) {
            CAPTURE(n);
            CHECK(sound);
            CHECK(before == after);
        }
    }
}

} // namespace

TEST_CASE_TEMPLATE("allocation: without memory no signature is called bad, or good", B, tls::wolfssl, tls::mbedtls) {
    bytes const message = testbed::pattern(611, 9);
    bytes const another = testbed::pattern(611, 10);
    std::vector<question> questions;
    for (auto const kind : {key_kind::p256, key_kind::p384, key_kind::p521}) {
        auto const& key = testbed::pooled_key(kind);
        questions.push_back(
            {name(kind), key.spki_der(), signature_algorithm::ecdsa_sha256, key.sign(message, hash::sha256)});
    }
    for (unsigned const bits : {2048u, 2056u, 3072u}) {
        testbed::raw_rsa_key const key(bits);
        questions.push_back(
            {"RSA", key.spki_der(), signature_algorithm::rsa_pkcs1_sha256, key.sign_pkcs1(message, hash::sha256)});
        for (std::size_t const salt : {std::size_t{32}, std::size_t{190}})
            questions.push_back(
                {"RSA-PSS", key.spki_der(), signature_algorithm::rsa_pss_sha256,
                 key.sign_pss(message, hash::sha256, salt), salt});
    }
    for (question const& q : questions) fail_each<B>(q, message, answer::good);
    // A bad signature takes the same way, so one of each kind is enough.
    for (std::string_view const kind : {"P-256", "RSA", "RSA-PSS"})
        fail_each<B>(*std::ranges::find(questions, kind, &question::what), another, answer::bad);
}
