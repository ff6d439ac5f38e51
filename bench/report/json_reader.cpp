// SPDX-License-Identifier: Apache-2.0
#include "json_reader.hpp"

#include <cmath>
#include <limits>

namespace bench::json {

reader::reader(value const& from, std::string where) : from_(from), where_(std::move(where)) {
    if (!std::holds_alternative<object>(from.content))
        fail(from.line, from.column, (where_.empty() ? "the text" : where_) + " must be an object");
}

std::string reader::name_of(std::string_view key) const {
    return (where_.empty() ? "" : where_ + ".") + std::string(key);
}

value const& reader::member(std::string_view key) const {
    auto const* found = from_.member(key);
    if (found == nullptr) fail(from_.line, from_.column, name_of(key) + " is missing");
    return *found;
}

void reader::wrong(std::string_view key, std::string const& what) const {
    auto const& at = member(key);
    fail(at.line, at.column, name_of(key) + " " + what);
}

template <class T> T const& reader::as(std::string_view key, std::string_view what) const {
    auto const* found = std::get_if<T>(&member(key).content);
    if (found == nullptr) wrong(key, "must be " + std::string(what));
    return *found;
}

std::string reader::text(std::string_view key) const { return as<std::string>(key, "a string"); }
bool reader::flag(std::string_view key) const { return as<bool>(key, "true or false"); }
array const& reader::elements(std::string_view key) const { return as<array>(key, "an array"); }

double reader::number(std::string_view key) const {
    if (std::holds_alternative<std::nullptr_t>(member(key).content)) return std::numeric_limits<double>::quiet_NaN();
    return as<double>(key, "a number or null");
}

std::optional<double> reader::optional_number(std::string_view key) const {
    auto const found = number(key);
    return std::isnan(found) ? std::nullopt : std::optional(found);
}

std::uint64_t reader::count(std::string_view key, double most) const {
    auto const found = as<double>(key, "a number");
    if (found < 0 || found > most || found != std::floor(found))
        wrong(key, "must be a whole number, and not too large");
    return static_cast<std::uint64_t>(found);
}

void reader::require_schema(std::string_view expected) const {
    if (auto const found = text("schema"); found != expected)
        wrong("schema", "is \"" + found + "\", not \"" + std::string(expected) + "\"");
}

} // namespace bench::json
