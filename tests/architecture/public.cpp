// SPDX-License-Identifier: Apache-2.0
// Who may include what: the mark of every header, and what users' programs and pages name.
#include "marks.hpp"
#include "names.hpp"
#include "sources.hpp"

#include <algorithm>
#include <filesystem>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

using namespace architecture;

namespace {

namespace fs = std::filesystem;
using texts = std::vector<std::string>;

source header(
    std::string const& path, std::string_view second_line, std::string const& rest, std::string const& backend = "") {
    return make_source(
        path, backend,
        "// SPDX-License-Identifier: Apache-2.0\n" + std::string(second_line) + "\n#pragma once\n" + rest);
}

/// Headers that are marked correctly, with one added or replaced.
std::vector<source> marked_with(source more) {
    std::vector<source> all = {
        header("tls/tls.hpp", mark(audience::applications), "#include <tls/core/open.hpp>\n"),
        header("tls/core/open.hpp", mark(audience::applications), "#include <tls/core/inner.hpp>\n"),
        header("tls/core/inner.hpp", mark(audience::twintls), ""),
        header("tls/core/seam.hpp", mark(audience::backends), "#include <tls/core/inner.hpp>\n"),
        header(
            "tls/one.hpp", mark(audience::applications), "#include <tls/core/seam.hpp>\n#include <tls/one/x.hpp>\n",
            "one"),
        header("tls/one/x.hpp", mark(audience::twintls), "#include <tls/core/open.hpp>\n", "one"),
        make_source("tls/core/impl/open.ipp", "", "// SPDX-License-Identifier: Apache-2.0\n#pragma once\n"),
    };
    std::erase_if(all, [&](source const& old) { return old.path == more.path; });
    all.push_back(std::move(more));
    return all;
}

std::vector<source> const& ours() {
    static auto const all = read_sources(TWINTLS_SOURCE_DIR);
    return all;
}

/// Files of the source tree, by their paths in it.
std::vector<source> files(std::string const& folder, std::initializer_list<std::string_view> endings) {
    std::vector<source> found;
    std::string const root = TWINTLS_SOURCE_DIR;
    for (auto const& entry : fs::recursive_directory_iterator(root + "/" + folder)) {
        auto const ending = entry.path().extension().string();
        if (std::ranges::find(endings, ending) == endings.end()) continue;
        found.push_back(
            make_source(fs::relative(entry.path(), root).generic_string(), "", read_file(entry.path().string())));
    }
    return found;
}

} // namespace

TEST_CASE("every header says who may include it, and says the truth") {
    for (auto const& wrong : wrong_marks(ours())) FAIL_CHECK(wrong);
}

TEST_CASE("wrong marks are found") {
    auto const wrong = [](source more) { return wrong_marks(marked_with(std::move(more))); };
    CHECK(wrong(header("tls/core/x.hpp", mark(audience::twintls), "")).empty());
    CHECK(
        wrong(header("tls/core/x.hpp", "// Public: whoever likes.", "")) ==
        texts{"tls/core/x.hpp does not say in its second line for whom it is"});
    CHECK(
        wrong(header("tls/core/x.hpp", "#include <vector>", std::string(mark(audience::twintls)) + "\n")) ==
        texts{"tls/core/x.hpp does not say in its second line for whom it is"});
    CHECK(
        wrong(header("tls/core/x.hpp", mark(audience::twintls), std::string(mark(audience::applications)) + "\n")) ==
        texts{"tls/core/x.hpp is marked more than once"});
    CHECK(
        wrong(header("tls/core/impl/x.hpp", mark(audience::applications), "")) ==
        texts{"tls/core/impl/x.hpp is in impl/ and not marked as internal"});
    CHECK(
        wrong(header("tls/core/impl/x.ipp", mark(audience::twintls), "")) ==
        texts{"tls/core/impl/x.ipp is marked, and only headers are"});
    CHECK(
        wrong(make_source("tls/core/x.ipp", "", "#pragma once\n")) ==
        texts{"tls/core/x.ipp does not begin with its licence"});
    CHECK(
        wrong(header("tls/tls.hpp", mark(audience::applications), "#include <tls/core/seam.hpp>\n")) ==
        texts{"tls/tls.hpp:4 includes tls/core/seam.hpp, which is not for applications"});
    CHECK(
        wrong(header("tls/one/y.hpp", mark(audience::twintls), "#include <tls/core/inner.hpp>\n", "one")) ==
        texts{"tls/one/y.hpp:4 includes tls/core/inner.hpp, which is not for backends"});
}

TEST_CASE("the examples use only what programs may use") {
    auto const programs = files("examples", {".cpp", ".hpp"});
    REQUIRE(programs.size() > 15);
    for (source const& program : programs)
        if (!program.path.contains("examples/tests/"))
            for (auto const& text : not_for_users(program, ours())) FAIL_CHECK(text);
}

TEST_CASE("the pages mention headers that exist, and let programs include only public ones") {
    auto pages = files("docs", {".md"});
    for (std::string const name : {"README.md", "CONTRIBUTING.md"})
        pages.push_back(make_source(name, "", read_file(TWINTLS_SOURCE_DIR "/" + name)));
    REQUIRE(pages.size() > 8);
    for (source page : pages) {
        for (auto const& text : missing_headers(page, ours())) FAIL_CHECK(text);
        page.text.clear(); // they may mention the other namespaces
        for (auto const& text : not_for_users(page, ours())) FAIL_CHECK(text);
    }
}

TEST_CASE("what is not for users is found, and so is what does not exist") {
    auto const all = marked_with(header("tls/core/x.hpp", mark(audience::twintls), ""));
    auto const program = [&](std::string text) {
        return not_for_users(make_source("p.cpp", "", std::move(text)), all);
    };
    CHECK(program("#include \"own.hpp\"\n#include <vector>\n#include <tls/tls.hpp>\n").empty());
    CHECK(
        program("#include <tls/core/x.hpp>\n") ==
        texts{"p.cpp:1 includes tls/core/x.hpp, which is not for applications"});
    CHECK(
        program("#include <tls/core/seam.hpp>\n") ==
        texts{"p.cpp:1 includes tls/core/seam.hpp, which is not for applications"});
    CHECK(program("#include <tls/x.hpp>\n") == texts{"p.cpp:1 includes tls/x.hpp, which is not there"});
    CHECK(
        program("tls::detail::f();\ntls::seam::wire w;\n") ==
        texts{"p.cpp names tls::detail", "p.cpp names tls::seam"});

    auto const page = [&](std::string text) { return missing_headers(make_source("p.md", "", std::move(text)), all); };
    CHECK(
        page("`<tls/tls.hpp>`, `include/tls/core/`, `include/tls/core/x.hpp`, <tls/NAME/src.hpp>, <tls/...>").empty());
    CHECK(page("`<tls/error.hpp>`") == texts{"p.md mentions tls/error.hpp, which is not there"});
    CHECK(page("see include/tls/old.ipp.") == texts{}); // the full stop does not belong to the name
    CHECK(page("see include/tls/old.ipp, line 3") == texts{"p.md mentions tls/old.ipp, which is not there"});
}

TEST_CASE("the names of a header are found, and those that are not public are not") {
    CHECK(
        names_in(R"(
#define A_MACRO(x) \
    f(x)
#    define ANOTHER 1
#if !defined(A_MACRO)
#endif
/* class in_a_comment {}; */ // class in_another {};
#include <vector>
namespace tls {
template <class T> class declared;
class open { class inner {}; void f(); };
struct derived : open { int x = 10'000; char c = '}'; char const* s = "}\""; };
enum class colour : unsigned { red, green };
template <class T> requires is_big<T> && (sizeof(T) > 2)
[[nodiscard]] constexpr result<std::vector<T>> make(T a, int b = f(2)) noexcept { return {}; }
inline void late();
template <class T> concept good = requires(T t) { { t.f() } -> same<int>; };
using alias = std::vector<int>;
using std::swap;
inline constexpr int numbers[] = {1, 2};
inline constexpr open an_open{};
extern int elsewhere;
bool operator==(open const&, open const&);
result<int> open::member() const { return 1; }
namespace detail { class hidden {}; namespace deeper { void f(); } }
static_assert(sizeof(open) < 10, "text;");
namespace x::y { void g(int) noexcept; void g(long); }
inline namespace v1 { struct versioned {}; }
[[nodiscard]] std::error_code text(errc e) noexcept;
} // namespace tls
namespace tls::detail { struct hidden_too {}; }
template <> struct std::is_error_code_enum<tls::errc> : std::true_type {};
)") == texts{
           "A_MACRO", "ANOTHER", "tls::open", "tls::derived", "tls::colour", "tls::make()", "tls::late()", "tls::good",
           "tls::alias", "tls::numbers", "tls::an_open", "tls::x::y::g()", "tls::v1::versioned", "tls::text()"});
}
