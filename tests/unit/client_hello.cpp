// SPDX-License-Identifier: Apache-2.0
#include "testbed/bytes.hpp"
#include "testbed/wire.hpp"
#include <tls/record/client_hello.hpp>

#include <initializer_list>
#include <vector>

#include <doctest/doctest.h>

namespace unit::client_hello_cases {
namespace {

using testbed::bytes;
using tls::named_group;
using tls::detail::client_hello_facts;

void extension(bytes& list, unsigned number, bytes const& body) {
    testbed::append(list, testbed::octets({number >> 8U, number & 0xffU, 0, static_cast<unsigned>(body.size())}));
    testbed::append(list, body);
}

/// A record with a ClientHello of this session id and these extensions.
bytes record_with(bytes const& session_id, bytes const& extensions) {
    bytes body = testbed::octets({3, 3});
    testbed::append(body, testbed::pattern(32, 1));
    body.push_back(static_cast<std::byte>(session_id.size()));
    testbed::append(body, session_id);
    testbed::append(body, testbed::octets({0, 2, 0x13, 1, 1, 0}));
    testbed::append(body, testbed::octets({0, static_cast<unsigned>(extensions.size())}));
    testbed::append(body, extensions);
    bytes message = testbed::octets({1, 0, 0, static_cast<unsigned>(body.size())});
    testbed::append(message, body);
    return testbed::wire::make_record(testbed::wire::handshake, message);
}

bytes usual_extensions() {
    bytes list;
    extension(list, 0, testbed::octets({0, 4, 0, 0, 1, 'a'}));
    extension(list, 10, testbed::octets({0, 4, 0, 29, 0, 23}));
    extension(list, 35, {});
    extension(list, 43, testbed::octets({4, 3, 4, 3, 3}));
    return list;
}

client_hello_facts read(bytes const& record) {
    client_hello_facts found;
    tls::detail::read_client_hello(record, found);
    return found;
}

} // namespace

TEST_CASE("client hello: what it asked for") {
    auto const id = testbed::pattern(32, 2);
    auto const found = read(record_with(id, usual_extensions()));
    CHECK(found.known);
    CHECK(found.offers_tls_1_2);
    CHECK_FALSE(found.offers_ticket);
    for (unsigned short const number : std::initializer_list<unsigned short>{0, 10, 35, 43})
        CHECK(found.extensions.has(number));
    for (unsigned short const number : std::initializer_list<unsigned short>{1, 11, 16, 62, 63, 64, 0x1234, 0xff01})
        CHECK_FALSE(found.extensions.has(number));
    CHECK(found.has_group(named_group::x25519));
    CHECK(found.has_group(named_group::secp256r1));
    CHECK_FALSE(found.has_group(named_group::secp384r1));
    auto const as_numbers = [](bytes const& b) {
        std::vector<std::uint8_t> out;
        for (std::byte const one : b) out.push_back(std::to_integer<std::uint8_t>(one));
        return out;
    };
    CHECK(found.has_session_id(as_numbers(id)));
    CHECK_FALSE(found.has_session_id(as_numbers(testbed::pattern(32, 3))));
    CHECK_FALSE(found.has_session_id({}));
}

TEST_CASE("client hello: a ticket, TLS 1.3 alone, and numbers that share a bit") {
    bytes list;
    extension(list, 35, testbed::octets({1, 2, 3}));
    extension(list, 43, testbed::octets({2, 3, 4}));
    extension(list, 0x4444, {});
    auto const found = read(record_with({}, list));
    CHECK(found.known);
    CHECK(found.offers_ticket);
    CHECK_FALSE(found.offers_tls_1_2);
    CHECK(found.extensions.has(0x5555)); // it cannot be told from the other
    CHECK_FALSE(found.extensions.has(0xff01));
    CHECK_FALSE(found.extensions.has(61));
    CHECK(found.offers_tls_1_3);
}

TEST_CASE("client hello: more groups than are kept are all taken as offered") {
    bytes groups = testbed::octets({0, 18});
    for (unsigned i = 0; i != 9; ++i) testbed::append(groups, testbed::octets({1, i}));
    bytes list;
    extension(list, 10, groups);
    CHECK(read(record_with({}, list)).has_group(named_group::x25519));
}

TEST_CASE("client hello: an answer about fragments is one of the length that was asked for") {
    using tls::detail::are_asked_for;
    client_hello_facts asked;
    asked.known = true;
    asked.extensions.add(1);
    asked.fragment = 1024;
    auto const agrees = [&](bytes const& extensions) { return are_asked_for(extensions, asked); };
    CHECK(agrees(testbed::octets({0, 5, 0, 1, 0, 1, 2})));
    CHECK(tls::detail::agreed_fragment(testbed::octets({0, 5, 0, 1, 0, 1, 2})) == 1024);
    CHECK(agrees(testbed::octets({0, 0})));
    CHECK(tls::detail::agreed_fragment(testbed::octets({0, 0})) == 0);
    CHECK_FALSE(agrees(testbed::octets({0, 5, 0, 1, 0, 1, 1})));
    CHECK_FALSE(agrees(testbed::octets({0, 5, 0, 1, 0, 1, 0x82})));
    CHECK_FALSE(agrees(testbed::octets({0, 4, 0, 1, 0, 0})));
    CHECK_FALSE(agrees(testbed::octets({0, 6, 0, 1, 0, 2, 2, 2})));
}

TEST_CASE("client hello: what is cut or damaged leaves what was known") {
    auto const whole = record_with(testbed::pattern(32, 2), usual_extensions());
    for (std::size_t size = 0; size != whole.size(); ++size) {
        CAPTURE(size);
        bytes const cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
        CHECK_FALSE(read(cut).known);
    }
    auto longer = whole;
    longer.push_back(std::byte{0}); // of the next record
    CHECK(read(longer).known);
    // Any one octet may be anything: nothing is read beyond the end.
    for (std::size_t at = 0; at != whole.size(); ++at)
        for (unsigned const value : {0U, 1U, 0x7fU, 0xffU}) {
            auto damaged = whole;
            damaged[at] = static_cast<std::byte>(value);
            (void)read(damaged);
        }
    client_hello_facts known = read(whole);
    tls::detail::read_client_hello(testbed::octets({20, 3, 3, 0, 1, 1}), known);
    CHECK(known.known);
}

} // namespace unit::client_hello_cases
