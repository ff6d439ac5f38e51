// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/core/errc.hpp>
#include <tls/core/error.hpp>

#include <expected>
#include <string>
#include <type_traits>

#include <doctest/doctest.h>

/// doctest, taught to print the library's types when a check fails. Every test includes this instead of doctest:
/// `REQUIRE(client)` of a `tls::result` prints the whole explanation of its error.
namespace tests {

/// What `tls::explain` says; in a source of its own, so that the texts are not compiled into every test.
[[nodiscard]] std::string explained(tls::error const& e);

} // namespace tests

namespace tls {

/// Lets doctest print what a code means instead of its number.
inline doctest::String toString(errc code) { return std::string(message(code)).c_str(); }

} // namespace tls

namespace doctest {

template <> struct StringMaker<tls::error> {
    static String convert(tls::error const& e) { return tests::explained(e).c_str(); }
};

template <class T> struct StringMaker<std::expected<T, tls::error>> {
    static String convert(std::expected<T, tls::error> const& r) {
        if (!r) return "an error: " + toString(r.error());
        if constexpr (std::is_void_v<T>)
            return "success";
        else
            return toString(*r);
    }
};

} // namespace doctest
