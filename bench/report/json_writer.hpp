// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

/// JSON as text: the same content gives the same text, so that files can be committed and compared.
namespace bench::json {

/// The text as a JSON string; bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] std::string quoted(std::string_view text);
/// The shortest text that reads back as the same number; null if it is not finite.
[[nodiscard]] std::string number(double value);
[[nodiscard]] inline std::string_view truth(bool value) { return value ? "true" : "false"; }

/// An object on one line.
class line {
public:
    line& text(std::string_view key, std::string_view value) { return raw(key, quoted(value)); }
    line& raw(std::string_view key, std::string_view value) {
        (((content_ += content_.empty() ? "" : ", ") += quoted(key)) += ": ") += value;
        return *this;
    }
    [[nodiscard]] std::string object() const { return "{" + content_ + "}"; }

private:
    std::string content_;
};

/// Appends to the outermost object a member that is an array, with one element per line.
template <class Items, class Write>
void write_array(std::string& to, std::string_view key, Items const& items, Write write) {
    ((to += ",\n  ") += quoted(key)) += ": [";
    std::string_view before = "\n    ";
    for (auto const& item : items) {
        (to += before) += write(item);
        before = ",\n    ";
    }
    to += items.empty() ? "]" : "\n  ]";
}

} // namespace bench::json
