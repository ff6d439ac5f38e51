// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "json_parser.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bench::json {

/// Reads members of an object: one that is missing or of another type is an error that names it. Members that are not
/// asked for are ignored.
class reader {
public:
    /// The value must outlive this object; `where` is its name in errors, empty for the outermost object.
    reader(value const& from, std::string where);

    [[nodiscard]] std::string text(std::string_view key) const;
    [[nodiscard]] bool flag(std::string_view key) const;
    /// NaN for null.
    [[nodiscard]] double number(std::string_view key) const;
    [[nodiscard]] std::optional<double> optional_number(std::string_view key) const;
    [[nodiscard]] std::uint64_t count(std::string_view key, double most = 9007199254740992.0) const;
    void require_schema(std::string_view expected) const;

    template <class Read> void each(std::string_view key, Read read) const {
        auto const& all = elements(key);
        for (std::size_t i = 0; i != all.size(); ++i) read(all[i], name_of(key) + "[" + std::to_string(i) + "]");
    }
    /// Calls `read` with each element of an array of objects.
    template <class Read> void each_object(std::string_view key, Read read) const {
        each(key, [&](value const& element, std::string const& where) { read(reader(element, where)); });
    }

    /// Throws an error about a member.
    [[noreturn]] void wrong(std::string_view key, std::string const& what) const;

private:
    [[nodiscard]] std::string name_of(std::string_view key) const;
    [[nodiscard]] value const& member(std::string_view key) const;
    [[nodiscard]] array const& elements(std::string_view key) const;
    template <class T> [[nodiscard]] T const& as(std::string_view key, std::string_view what) const;

    value const& from_;
    std::string where_;
};

} // namespace bench::json
