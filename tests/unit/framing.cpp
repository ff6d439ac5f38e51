// SPDX-License-Identifier: Apache-2.0
#include <tls/core/framing.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include <doctest/doctest.h>

namespace unit::framing_cases {
namespace {

namespace record_type = tls::detail::record_type;
using tls::detail::clear_records;

/// Where a splitter stands when it has read the header of such a record.
tls::detail::record_splitter at(std::uint8_t type, std::uint8_t length = 2) {
    std::array const header = {std::byte{type}, std::byte{3}, std::byte{3}, std::byte{0}, std::byte{length}};
    tls::detail::record_splitter records;
    std::span<std::byte const> bytes = header;
    REQUIRE(records.next(bytes));
    return records;
}

} // namespace

TEST_CASE("framing: records are unencrypted until ChangeCipherSpec after ServerHello") {
    clear_records clear;
    CHECK(clear.has_clear(at(record_type::handshake, 99)));
    CHECK(clear.has_clear(at(record_type::alert)));
    clear.begins(at(record_type::change_cipher_spec, 1), false);
    clear.begins(at(record_type::handshake), true);
    CHECK(clear.has_clear(at(record_type::handshake)));
    clear.begins(at(record_type::change_cipher_spec, 1), true);
    CHECK_FALSE(clear.has_clear(at(record_type::handshake)));
    CHECK_FALSE(clear.has_clear(at(record_type::alert)));
}

TEST_CASE("framing: application data, and alerts longer than two bytes, are never unencrypted") {
    clear_records clear;
    CHECK_FALSE(clear.has_clear(at(record_type::application_data)));
    CHECK_FALSE(clear.has_clear(at(record_type::alert, 3)));
    CHECK_FALSE(clear.has_clear(at(record_type::alert, 1)));
    clear.end();
    CHECK_FALSE(clear.has_clear(at(record_type::handshake)));
}

} // namespace unit::framing_cases
