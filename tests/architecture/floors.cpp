// SPDX-License-Identifier: Apache-2.0
// Nothing includes upwards: the `#include` lines of every header and body keep to the table of floors.
#include "floors.hpp"

#include "rules.hpp"
#include "sources.hpp"

#include <initializer_list>
#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace architecture;

namespace {

constexpr room plan[] = {
    {"core", 10, "", "clock.hpp"}, {"left", 20, "", ""},       {"right", 20, "", ""},   {"cellar", 20, "", "", true},
    {"connection", 30, "", ""},    {"client.hpp", 40, "", ""}, {"src.hpp", 50, "", ""},
};

struct file {
    char const* path;
    char const* text;
    char const* backend = "";
};

/// A house in which all is well, with some files added or replaced.
std::vector<source> house(std::initializer_list<file> more = {}) {
    std::vector<file> files = {
        {"tls/core/a.hpp", "#pragma once\n"},
        {"tls/core/b.hpp", "#include <tls/core/a.hpp>\n#    include <tls/core/impl/b.ipp>\n"},
        {"tls/core/impl/b.ipp", "#include <tls/core/b.hpp>\n#include <vector>\n"},
        {"tls/left/l.hpp", "#include <tls/core/b.hpp>\n"},
        {"tls/right/r.hpp", "#include <tls/core/b.hpp>\n"},
        {"tls/connection/c.hpp", "#include <tls/left/l.hpp>\n#include <tls/right/r.hpp>\n"},
        {"tls/client.hpp", "#include <tls/connection/c.hpp>\n"},
        {"tls/src.hpp", "#include <tls/client.hpp>\n#include <tls/core/impl/b.ipp>\n"},
        {"tls/one.hpp", "#include <one/ssl.h>\n#include <tls/one/context.hpp>\n", "one"},
        {"tls/one/context.hpp", "#include <tls/connection/c.hpp>\n", "one"},
        {"tls/one/src.hpp", "#include <tls/one/context.hpp>\n#include <tls/src.hpp>\n", "one"},
        {"tls/two.hpp", "#include <tls/connection/c.hpp>\n", "two"},
    };
    for (file const& f : more) {
        std::erase_if(files, [&](file const& old) { return std::string(old.path) == f.path; });
        files.push_back(f);
    }
    std::vector<source> sources;
    for (file const& f : files) sources.push_back(make_source(f.path, f.backend, f.text));
    return sources;
}

/// The one breach in a house with this file in it.
std::string breach_with(file f) {
    auto const found = breaches(house({f}), plan);
    REQUIRE_MESSAGE(found.size() == 1, "found ", found.size(), ", first ", found.empty() ? "" : found.front());
    return found.front();
}

} // namespace

TEST_CASE("every include of twintls goes down") {
    auto const sources = read_sources(TWINTLS_SOURCE_DIR);
    REQUIRE(sources.size() > 100);
    for (auto const& breach : breaches(sources, rooms)) FAIL_CHECK(breach);
}

TEST_CASE("nothing is found where all is well") { CHECK(breaches(house(), plan).empty()); }

TEST_CASE("a room that reaches up or sideways is found, in a header and in a body") {
    CHECK(
        breach_with({"tls/core/x.hpp", "\n\n#include <tls/connection/c.hpp>\n"}) ==
        "tls/core/x.hpp:3 includes tls/connection/c.hpp: core reaches up into connection");
    CHECK(
        breach_with({"tls/core/impl/x.ipp", "  #  include <tls/client.hpp> // only here\n"}) ==
        "tls/core/impl/x.ipp:1 includes tls/client.hpp: core reaches up into client.hpp");
    CHECK(
        breach_with({"tls/left/x.hpp", "#include <tls/right/r.hpp>\n"}) ==
        "tls/left/x.hpp:1 includes tls/right/r.hpp: left reaches sideways into right");
}

TEST_CASE("a circle is found, also inside a room and through a body") {
    CHECK(
        breach_with({"tls/core/a.hpp", "#include <tls/core/b.hpp>\n"}) ==
        "a circle: tls/core/a -> tls/core/b -> tls/core/a");
    CHECK(
        breaches(
            house(
                {{"tls/core/a.hpp", ""},
                 {"tls/core/x.hpp", "#include <tls/core/y.hpp>\n"},
                 {"tls/core/y.hpp", ""},
                 {"tls/core/impl/y.ipp", "#include <tls/core/x.hpp>\n"}}),
            plan) == std::vector<std::string>{"a circle: tls/core/x -> tls/core/y -> tls/core/x"});
}

TEST_CASE("a room nobody planned is found, and one that is planned or gone") {
    CHECK(
        breach_with({"tls/attic/x.hpp", "#include <tls/core/a.hpp>\n"}) ==
        "tls/attic/x.hpp is in a room that is not in the table of floors");
    CHECK(breach_with({"tls/cellar/x.hpp", ""}) == "cellar is there and marked as planned");
    CHECK(breach_with({"tls/core/clock.hpp", ""}) == "tls/core/clock.hpp is there and marked as planned");
    auto without = house();
    std::erase_if(without, [](source const& s) { return s.path == "tls/src.hpp" || s.path == "tls/one/src.hpp"; });
    CHECK(breaches(without, plan) == std::vector<std::string>{"src.hpp is in the table and not there"});
}

TEST_CASE("backends stand beside: they use connection and below, and nobody uses them") {
    CHECK(
        breach_with({"tls/one/x.hpp", "#include <tls/client.hpp>\n", "one"}) ==
        "tls/one/x.hpp:1 includes tls/client.hpp: backends include connection and what is below");
    CHECK(
        breach_with({"tls/one/x.hpp", "#include <tls/src.hpp>\n", "one"}) ==
        "tls/one/x.hpp:1 includes tls/src.hpp: backends include connection and what is below");
    CHECK(
        breach_with({"tls/core/x.hpp", "#include <tls/one.hpp>\n"}) ==
        "tls/core/x.hpp:1 includes tls/one.hpp: the core names no backend");
    CHECK(
        breach_with({"tls/two/x.hpp", "#include <tls/one/context.hpp>\n", "two"}) ==
        "tls/two/x.hpp:1 includes tls/one/context.hpp: backends do not know each other");
}

TEST_CASE("an include that cannot be followed is found") {
    CHECK(
        breach_with({"tls/core/x.hpp", "#include \"a.hpp\"\n"}) ==
        "tls/core/x.hpp:1 includes \"a.hpp\": write it as <tls/...>");
    CHECK(
        breach_with({"tls/core/x.hpp", "#include A_HEADER\n"}) ==
        "tls/core/x.hpp:1 includes A_HEADER: write it as <tls/...>");
    CHECK(
        breach_with({"tls/core/x.hpp", "#include <tls/core/gone.hpp>\n"}) ==
        "tls/core/x.hpp:1 includes tls/core/gone.hpp: there is no such file");
    CHECK(breach_with({"tls/core/x.inc", ""}) == "tls/core/x.inc is neither a header (.hpp) nor a body (.ipp)");
}
