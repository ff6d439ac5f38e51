// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"
#include <tls/core/secret.hpp>

#include <algorithm>
#include <array>
#include <type_traits>
#include <utility>

namespace unit::x509_secret_cases {
namespace {

using tls::x509::secret_bytes;
static_assert(!std::is_copy_constructible_v<secret_bytes> && !std::is_copy_assignable_v<secret_bytes>);
static_assert(std::is_nothrow_move_constructible_v<secret_bytes> && std::is_nothrow_move_assignable_v<secret_bytes>);

} // namespace

TEST_CASE("secret: wipe leaves zeros") {
    std::array<std::byte, 40> memory{};
    memory.fill(std::byte{0x5a});
    tls::x509::wipe(std::span(memory).first(39));
    CHECK(std::ranges::count(memory, std::byte{0}) == 39);
    CHECK(memory[39] == std::byte{0x5a});
    tls::x509::wipe({});
}

TEST_CASE("secret: shrinking wipes what is cut off") {
    auto secret = secret_bytes::copy_of_text("secret");
    REQUIRE(secret);
    std::byte const* const memory = secret->data();
    secret->shrink(2);
    CHECK(secret->text() == "se");
    CHECK(std::all_of(memory + 2, memory + 7, [](std::byte b) { return b == std::byte{0}; }));
    secret->shrink(5);
    CHECK(secret->size() == 2);
}

TEST_CASE("secret: moving takes the memory along and leaves nothing") {
    auto made = secret_bytes::copy_of(std::as_bytes(std::span("key")));
    REQUIRE(made);
    std::byte const* const memory = made->data();
    secret_bytes first = std::move(*made);
    CHECK(first.data() == memory);
    CHECK(made->empty());
    CHECK(made->data() == nullptr);
    secret_bytes second = *secret_bytes::make(3);
    second = std::move(first);
    CHECK(second.data() == memory);
    CHECK(second.text().substr(0, 3) == "key");
    CHECK(first.empty()); // NOLINT(bugprone-use-after-move): that is what is tested
    second.clear();
    CHECK(second.empty());
    CHECK(second.text().empty());
}

TEST_CASE("secret: text has a NUL at its end, and empty is empty") {
    auto const text = secret_bytes::copy_of_text("abc");
    REQUIRE(text);
    CHECK(text->size() == 4);
    CHECK(text->data()[3] == std::byte{0});
    CHECK(secret_bytes::copy_of({})->empty());
    CHECK(secret_bytes::copy_of_text("")->size() == 1);
}

} // namespace unit::x509_secret_cases
