// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// JSON (RFC 8259) as far as results.json needs it: any text gives a value or an error.
namespace bench::json {

struct value;
struct named_value;
using array = std::vector<value>;
using object = std::vector<named_value>; ///< in the order of the text

struct value {
    std::variant<std::nullptr_t, bool, double, std::string, array, object> content;
    std::size_t line = 0, column = 0; ///< where it begins, from 1

    /// The first member of that name; nullptr if there is none or this is not an object.
    [[nodiscard]] value const* member(std::string_view key) const;
};

/// A member of an object. Not a std::pair, which would need the complete type of `value`.
struct named_value {
    std::string name;
    bench::json::value value;
};

/// Throws std::runtime_error: "line 3, column 14: ...".
[[noreturn]] void fail(std::size_t line, std::size_t column, std::string const& what);

/// Throws std::runtime_error if this is not a JSON text in UTF-8, is longer than `longest` bytes, nests deeper than 32,
/// or has a number beyond a double.
[[nodiscard]] value parse(std::string_view text, std::size_t longest = 16 << 20);

} // namespace bench::json
