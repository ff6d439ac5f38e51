// SPDX-License-Identifier: Apache-2.0
#include "parity/parity.hpp"
#include "parity/slow_link.hpp"
#include "testbed/transports.hpp"

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Writes of several pieces, and of characters.
namespace parity::gathering_cases {
namespace {

using pieces = std::vector<std::span<std::byte const>>;

/// The records in what a client has sent.
std::size_t records_in(testbed::byte_view sent) { return testbed::wire::records(sent).size(); }

} // namespace

PARITY_CASE("gathering: pieces fill records, whatever their sizes", pairings, P, v) {
    auto const client = client_of<P>(only(v));
    struct row {
        std::vector<std::size_t> sizes;
        std::size_t records;
    };
    for (row const& r : {
             row{{}, 0},
             row{{0, 0}, 0},
             row{{1}, 1},
             row{{0, 5, 0}, 1},
             row{{2, 10, 300}, 1},
             row{{1, 16383}, 1},
             row{{1, 16384}, 2},
             row{{16384, 1}, 2},
             row{{16385, 16383}, 2},
             row{{5, 40'000, 7, 9000, 1}, 3},
             row{std::vector<std::size_t>(2000, 10), 2},
         }) {
        CAPTURE(r.sizes.size());
        slow_server<P> slow(good_server(v));
        auto session = slow.session(client);
        (void)slow.pipe.to_server.take_all();
        std::vector<testbed::bytes> data;
        pieces all;
        testbed::bytes expected;
        for (std::size_t const n : r.sizes) {
            data.push_back(testbed::pattern(n, static_cast<std::uint32_t>(data.size())));
            testbed::append(expected, data.back());
        }
        for (auto const& d : data) all.emplace_back(d);
        std::size_t const before = slow.pipe.to_server.history().size();
        REQUIRE(session.write_all(std::span<std::span<std::byte const> const>(all)));
        auto const& history = slow.pipe.to_server.history();
        CHECK(records_in(testbed::byte_view(history).subspan(before)) == r.records);
        testbed::serve(slow.server, slow.pipe);
        CHECK(slow.server.received() == expected);
    }
}

PARITY_CASE("gathering: what was taken of several pieces is said, and goes on behind it", pairings, P, v) {
    auto const client = client_of<P>(only(v));
    slow_server<P> slow(good_server(v));
    auto session = slow.session(client);
    auto const head = testbed::pattern(10, 1);
    auto const body = testbed::pattern(30'000, 2);
    std::array<std::span<std::byte const>, 2> const both = {head, body};
    CHECK(session.write_some(both) == 16384u);
    slow.at.takes_nothing = true;
    session.set_write_timeout(std::chrono::milliseconds(0));
    auto const late = session.write_all(both);
    REQUIRE(!late);
    CHECK(late.error().code == errc::timeout);
    CHECK(late.error().transferred == 16384); // the first record waits, and the second was not begun
    slow.at.takes_nothing = false;
    std::array<std::span<std::byte const>, 1> const rest = {testbed::byte_view(body).subspan(16374)};
    REQUIRE(session.write_all(rest));
    testbed::serve(slow.server, slow.pipe);
    testbed::bytes expected = head;
    testbed::append(expected, testbed::byte_view(body).first(16374));
    testbed::append(expected, head);
    testbed::append(expected, body);
    CHECK(slow.server.received() == expected);
}

PARITY_CASE("characters are written and read as they are", pairings, P, v) {
    auto const client = client_of<P>(only(v));
    slow_server<P> slow(good_server(v));
    auto session = slow.session(client);
    std::string const text = "a string ";
    std::vector<char> const characters = {'v', 'e', 'c', ' '};
    std::vector<unsigned char> const octets = {'o', 'c', 't', ' '};
    std::array<char, 4> const array = {'a', 'r', 'r', ' '};
    REQUIRE(session.write_all("a literal "));
    REQUIRE(session.write_all(text));
    REQUIRE(session.write_all(std::string_view("a view ")));
    REQUIRE(session.write_all(characters));
    REQUIRE(session.write_all(std::span<char const>(characters)));
    REQUIRE(session.write_all(octets));
    REQUIRE(session.write_all(array));
    CHECK(session.write_some("x") == 1u);
    CHECK(session.write_some(text) == text.size());
    CHECK(session.write_some(characters) == characters.size());
    CHECK(session.write_some(octets) == octets.size());
    testbed::serve(slow.server, slow.pipe);
    CHECK(testbed::to_text(slow.server.received()) == "a literal a string a view vec vec oct arr xa string vec oct ");
    // The end of an array is its end, whatever lies behind it, and a NUL before that is a byte.
    struct {
        char frame[4];
        char behind[8];
    } const memory = {{'p', 'i', 'n', 'g'}, {'s', 'e', 'c', 'r', 'e', 't', '!', 0}};
    CHECK(session.write_some(memory.frame) == 4u);
    CHECK(session.write_some("a\0b") == 3u);
    testbed::serve(slow.server, slow.pipe);
    CHECK(testbed::to_text(slow.server.received()) == std::string("pinga\0b", 7));

    slow.server.send(testbed::view_of("answered"));
    char c[4];
    unsigned char u[3];
    std::string s(1, ' ');
    CHECK(session.read_some(c) == 4u);
    CHECK(session.read_some(u) == 3u);
    CHECK(session.read_some(s) == 1u);
    CHECK(std::string_view(c, 4) == "answ");
    CHECK(u[2] == 'e');
    CHECK(s == "d");
}

} // namespace parity::gathering_cases
