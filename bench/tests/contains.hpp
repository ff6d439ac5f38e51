// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ostream>
#include <string>
#include <string_view>

/// White space of any length as one space.
inline std::string unfolded(std::string_view text) {
    std::string result;
    for (char const c : text)
        if (c != ' ' && c != '\n')
            result += c;
        else if (!result.ends_with(' '))
            result += ' ';
    return result;
}

/// `CHECK(text == contains("words"))`, wherever lines are broken: a failure shows both.
struct contains {
    std::string words;
    explicit contains(std::string_view text) : words(unfolded(text)) {}
    friend bool operator==(std::string const& text, contains const& c) { return unfolded(text).contains(c.words); }
    friend std::ostream& operator<<(std::ostream& to, contains const& c) { return to << "... " << c.words << " ..."; }
};
