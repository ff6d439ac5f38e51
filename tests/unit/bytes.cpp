// SPDX-License-Identifier: Apache-2.0
#include <tls/core/bytes.hpp>

#include <array>
#include <cstdint>
#include <type_traits>
#include <vector>

#include <doctest/doctest.h>

namespace unit::bytes_cases {
namespace {

using tls::detail::as_text;
using tls::detail::as_uchar;

static_assert(std::is_same_v<decltype(as_uchar(std::span<std::byte>())), unsigned char*>);
static_assert(std::is_same_v<decltype(as_uchar(std::span<std::byte const>())), unsigned char const*>);

} // namespace

TEST_CASE("bytes: viewed as characters they are the same bytes at the same address") {
    std::vector<std::byte> bytes = {std::byte{'a'}, std::byte{0}, std::byte{0xff}};
    auto const& fixed = bytes;
    CHECK(static_cast<void const*>(as_uchar(bytes)) == bytes.data());
    CHECK(as_uchar(fixed) == as_uchar(bytes.data()));
    as_uchar(bytes)[0] = 'b';
    CHECK(bytes[0] == std::byte{'b'});
    CHECK(as_text(bytes) == std::string_view("b\0\xff", 3));
    CHECK(as_text(std::array<std::uint8_t, 2>{'o', 'k'}) == "ok");
    CHECK(as_text(std::span<std::byte const>()).empty());
}

} // namespace unit::bytes_cases
