// SPDX-License-Identifier: Apache-2.0
// Prints docs/public-api.md from the headers: who may include which, and the names they declare.
#include "marks.hpp"
#include "names.hpp"
#include "sources.hpp"

#include <iostream>
#include <span>
#include <string>
#include <string_view>

namespace {

using namespace architecture;

/// What a header is for that declares nothing itself.
std::string_view purpose_of(std::string_view path) {
    if (path == "tls/tls.hpp") return "the headers an application needs";
    if (path == "tls/adapters/asio.hpp") return "`asio::stream`, for standalone Asio and Boost.Asio";
    if (path.ends_with("/src.hpp")) return "the bodies, for separate compilation";
    return "";
}

/// "`errc`, `name()`": without `tls::`, which all of them have.
std::string listed(std::string_view header) {
    std::string out;
    for (std::string name : names_in(header)) {
        if (name.starts_with("tls::")) name.erase(0, 5);
        out += (out.empty() ? "`" : ", `") + name + "`";
    }
    return out;
}

void print_table(std::span<source const> sources, audience who) {
    std::cout << "| header | names |\n|---|---|\n";
    for (source const& s : sources)
        if (audience_of(s.text) == who) {
            std::string const names = listed(s.text);
            std::cout << "| `<" << s.path << ">` | " << (names.empty() ? purpose_of(s.path) : names) << " |\n";
        }
    std::cout << "\n";
}

} // namespace

int main() {
    auto const sources = read_sources(TWINTLS_SOURCE_DIR);
    std::cout
        << "# What is public\n\n"
           "Made by `tests/docs/public_api_md.cpp` from the headers, and compared with them by a test; changes by hand "
           "are lost.\n\n"
           "The second line of every header says who may include it:\n\n"
           "| mark | who | promise |\n|---|---|---|\n"
           "| `"
        << mark(audience::applications) << "` | everybody | below |\n| `" << mark(audience::backends)
        << "` | who writes a backend | changes with a minor version, and the changelog says how |\n| `"
        << mark(audience::twintls)
        << "` | twintls | none |\n\n"
           "Most programs need two: `<tls/tls.hpp>`, and `<tls/wolfssl.hpp>` or `<tls/mbedtls.hpp>`.\n\n"
           "## The promise\n\n"
           "Public are the names listed here, their public members, and the macros "
           "`TWINTLS_SEPARATE_COMPILATION` and\n"
           "`TWINTLS_WIPED_STACK` (see [using.md](using.md)) and `TWINTLS_VERSION*`. Nothing in a namespace `detail` "
           "is public, in whichever "
           "header it stands.\n\n"
           "This is version 0.x. Within one minor version (0.1.0, 0.1.1, ...) a program that keeps to public names "
           "compiles and behaves as before,\n"
           "except for bugs fixed. A new minor version may rename, change and remove; the "
           "[changelog](../CHANGELOG.md) names each such change and what to write instead.\n"
           "`find_package(twintls 0.1)` takes 0.1.x and nothing newer.\n\n"
           "- Enumerations gain values and structures gain members in any version. Numbers of error codes stay.\n"
           "- The texts of `explain`, `message`, `advice` and of debug output are for people, and change.\n"
           "- Stored tickets of another version are refused, never misread.\n"
           "- There is no binary interface to keep: all of a program is compiled with one version.\n\n"
           "How long a version is supported: "
           "[Versioning and support](../CONTRIBUTING.md#versioning-and-support).\n\n"
           "## For applications\n\nIn namespace `tls`.\n\n";
    print_table(sources, audience::applications);
    std::cout << "## For backends\n\nIn namespace `tls` too; `seam` holds what only backends use. "
                 "[writing-a-backend.md](writing-a-backend.md) says what they do with it.\n"
                 "A program may use the concept `tls::backend` to constrain its own templates.\n\n";
    print_table(sources, audience::backends);
    return std::cout.flush() ? 0 : 1;
}
