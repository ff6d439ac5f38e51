// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"
#include "testbed/certificate_parts.hpp"
#include "testbed/der_writer.hpp"
#include "testbed/ocsp_factory.hpp"
#include <tls/revocation/impl/sha1.hpp>
#include <tls/revocation/ocsp_response.hpp>
#include <tls/revocation/stapled_status.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace unit::ocsp_cases {
namespace {

using testbed::bytes;
using testbed::issue_ocsp;
using testbed::ocsp_single;
using testbed::ocsp_spec;
using tls::ocsp::certificate_status;
using tls::ocsp::response_status;
using tls::ocsp::response_view;
using tls::x509::der::equal;

testbed::issuer const& authority() {
    static auto const& key = testbed::pooled_key(testbed::key_kind::p256, 40);
    static testbed::issuer const made{testbed::issue(testbed::root_spec(), key), &key};
    return made;
}

bytes serial(unsigned n) { return {std::byte{1}, static_cast<std::byte>(n)}; }

ocsp_spec about(unsigned certificates) {
    ocsp_spec spec;
    for (unsigned i = 0; i != certificates; ++i) {
        ocsp_single one;
        one.serial = serial(i);
        one.is = static_cast<ocsp_single::status>(i % 3);
        one.reason = i;
        spec.singles.push_back(one);
    }
    return spec;
}

std::string hex(std::span<std::byte const> from) {
    std::string text;
    for (std::byte const b : from) {
        constexpr std::string_view digits = "0123456789abcdef";
        text += digits[std::to_integer<unsigned>(b) >> 4U];
        text += digits[std::to_integer<unsigned>(b) & 15U];
    }
    return text;
}

} // namespace

TEST_CASE("ocsp: SHA-1 gives what FIPS 180 says, whatever the length") {
    auto const of = [](std::string_view text) { return hex(tls::ocsp::sha1(std::as_bytes(std::span(text)))); };
    CHECK(of("") == "da39a3ee5e6b4b0d3255bfef95601890afd80709");
    CHECK(of("abc") == "a9993e364706816aba3e25717850c26c9cd0d89d");
    CHECK(of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") == "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
    CHECK(of(std::string(1000, 'a')) == "291e9a6c66994949b57ba5e650361e98fc36b1ba");
    for (std::size_t n = 50; n != 130; ++n) {
        bytes const message(n, std::byte{0x5a});
        CHECK(hex(tls::ocsp::sha1(message)) == hex(testbed::digest(testbed::hash::sha1, message)));
    }
}

TEST_CASE("ocsp: what a response says") {
    auto spec = about(3);
    spec.singles[0].this_update = std::chrono::sys_days(std::chrono::year(2026) / 1 / 2);
    spec.singles[0].next_update = std::chrono::sys_days(std::chrono::year(2051) / 1 / 2);
    spec.singles[1].hash = testbed::hash::sha256;
    spec.singles[1].next_update.reset();
    spec.produced_at = std::chrono::sys_days(std::chrono::year(2026) / 1 / 3);
    spec.certificates = {authority().certificate.der, authority().certificate.der};
    bytes const der = issue_ocsp(spec, authority());
    auto const read = response_view::parse(der);
    REQUIRE(read);
    CHECK(read->status() == response_status::successful);
    CHECK(read->is_basic());
    CHECK(read->size() == 3);
    CHECK(read->not_understood().empty());
    CHECK(read->produced_at() == spec.produced_at.time_since_epoch().count());
    CHECK(read->responder_name().empty());
    CHECK(equal(
        read->responder_key_hash(), testbed::digest(testbed::hash::sha1, authority().private_key->public_key_bits())));
    CHECK(read->certificates().size() == 2 * authority().certificate.der.size());
    CHECK(read->signature_algorithm() == tls::x509::signature_algorithm::ecdsa_sha256);
    CHECK_FALSE(read->pss());

    auto left = read->responses();
    auto const next = [&] {
        auto const one = tls::ocsp::read_single_response(left);
        auto const head = tls::x509::der::read_header(left);
        left = left.subspan(std::size_t{head.size} + head.content);
        return one;
    };
    auto const good = next();
    CHECK(good.status == certificate_status::good);
    CHECK(equal(good.serial, serial(0)));
    CHECK(good.hash == tls::x509::hash_algorithm::sha1);
    CHECK(equal(good.issuer_name_hash, testbed::digest(testbed::hash::sha1, authority().certificate.subject)));
    CHECK(good.this_update == spec.singles[0].this_update.time_since_epoch().count());
    CHECK(good.next_update == spec.singles[0].next_update->time_since_epoch().count());
    auto const revoked = next();
    CHECK(revoked.status == certificate_status::revoked);
    CHECK(revoked.reason == tls::x509::revocation_reason::key_compromise);
    CHECK(revoked.revoked_at == spec.singles[1].revoked_at.time_since_epoch().count());
    CHECK(revoked.hash == tls::x509::hash_algorithm::sha256);
    CHECK_FALSE(revoked.next_update);
    CHECK(next().status == certificate_status::unknown);
    CHECK(left.empty());

    ocsp_spec by_name = about(0);
    by_name.by_key = false;
    bytes const none = issue_ocsp(by_name, authority());
    auto const empty = response_view::parse(none);
    REQUIRE(empty);
    CHECK(empty->size() == 0);
    CHECK(equal(empty->responder_name(), authority().certificate.subject));
    CHECK(empty->responder_key_hash().empty());
}

TEST_CASE("ocsp: a responder that does not answer says why") {
    for (unsigned const status : {1U, 2U, 3U, 5U, 6U}) {
        ocsp_spec spec;
        spec.response_status = status;
        bytes const der = issue_ocsp(spec, authority());
        auto const read = response_view::parse(der);
        REQUIRE(read);
        CHECK(static_cast<unsigned>(read->status()) == status);
        CHECK_FALSE(read->is_basic());
        CHECK(name(read->status()) != "unknown");
    }
    for (unsigned const status : {4U, 7U, 200U}) {
        ocsp_spec spec;
        spec.response_status = status;
        CHECK_FALSE(response_view::parse(issue_ocsp(spec, authority())));
    }
    namespace der = testbed::der;
    CHECK_FALSE(response_view::parse(der::sequence({der::tlv(0x0a, bytes{std::byte{0}})}))); // successful, and silent
}

TEST_CASE("ocsp: every truncation, every added byte and every damaged tag or length is refused or harmless") {
    auto spec = about(4);
    spec.version = spec.nonce = true;
    spec.certificates = {authority().certificate.der};
    bytes const der = issue_ocsp(spec, authority());
    for (std::size_t n = 0; n != der.size(); ++n) CHECK_FALSE(response_view::parse(std::span(der).first(n)));
    bytes longer = der;
    longer.push_back(std::byte{0});
    CHECK_FALSE(response_view::parse(longer));
    for (std::size_t at = 0; at != der.size(); ++at)
        for (unsigned bit = 0; bit != 8; ++bit) {
            bytes damaged = der;
            damaged[at] ^= static_cast<std::byte>(1U << bit);
            if (auto const read = response_view::parse(damaged)) CHECK(read->size() <= 4);
        }
}

TEST_CASE("ocsp: which certificates promise a status") {
    auto const& key = testbed::pooled_key(testbed::key_kind::p256, 40);
    auto const promises = [&](std::vector<bytes> const& extensions) {
        auto spec = testbed::server_spec();
        spec.extra_extensions = extensions;
        auto const made = testbed::issue(spec, key);
        return tls::ocsp::is_must_staple(tls::x509::certificate_view::parse(made.der).value());
    };
    auto const feature = [](bytes const& value) { return testbed::extension("1.3.6.1.5.5.7.1.24", false, value); };
    namespace der = testbed::der;
    CHECK_FALSE(promises({}));
    CHECK(promises({testbed::must_staple()}));
    CHECK(promises({feature(der::sequence({der::integer(17U), der::integer(5U)}))}));
    CHECK_FALSE(promises({feature(der::sequence({der::integer(17U)}))})); // another extension, which nobody offers
    CHECK_FALSE(promises({feature(der::sequence({der::integer(1285U)}))}));
    CHECK_FALSE(promises({testbed::extension("1.3.6.1.5.5.7.1.23", false, der::sequence({der::integer(5U)}))}));
    CHECK_FALSE(promises({feature(der::integer(5U))}));
    // One of version 1 has no extensions.
    auto spec = testbed::server_spec();
    spec.version = 1;
    CHECK_FALSE(tls::ocsp::is_must_staple(tls::x509::certificate_view::parse(testbed::issue(spec, key).der).value()));
}

} // namespace unit::ocsp_cases
