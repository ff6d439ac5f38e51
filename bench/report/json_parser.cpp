// SPDX-License-Identifier: Apache-2.0
#include "json_parser.hpp"

#include "utf8.hpp"

#include <charconv>
#include <cstdint>
#include <stdexcept>
#include <system_error>

namespace bench::json {
namespace {

constexpr int deepest = 32;
constexpr char const* too_early = "the text ends here too early";

class parser {
public:
    explicit parser(std::string_view text) : text_(text) {}

    value whole() {
        auto result = next(0);
        space();
        if (!at_end()) error("nothing may follow the value");
        return result;
    }

private:
    [[noreturn]] void error(std::string const& what) const { fail(line_, at_ - line_start_ + 1, what); }

    [[nodiscard]] bool at_end() const { return at_ == text_.size(); }
    [[nodiscard]] char peek() const {
        if (at_end()) error(too_early);
        return text_[at_];
    }
    char take() {
        auto const c = peek();
        ++at_;
        if (c == '\n') {
            ++line_;
            line_start_ = at_;
        }
        return c;
    }
    bool take_if(char c) {
        if (peek() != c) return false;
        take();
        return true;
    }
    void expect(char c) {
        if (!take_if(c)) error(std::string("expected '") + c + "'");
    }
    void space() {
        while (!at_end() && std::string_view(" \t\r\n").contains(text_[at_])) take();
    }

    value next(int depth) {
        space();
        value result{nullptr, line_, at_ - line_start_ + 1};
        switch (peek()) {
        case '{': result.content = members(depth + 1); break;
        case '[': result.content = elements(depth + 1); break;
        case '"': result.content = string(); break;
        case 't': word("true"), result.content = true; break;
        case 'f': word("false"), result.content = false; break;
        case 'n': word("null"); break;
        default: result.content = number();
        }
        return result;
    }

    void check(int depth) const {
        if (depth > deepest) error("nested deeper than " + std::to_string(deepest));
    }

    object members(int depth) {
        check(depth);
        object result;
        expect('{');
        space();
        if (take_if('}')) return result;
        do {
            space();
            auto key = string();
            space();
            expect(':');
            auto member = next(depth);
            result.push_back({std::move(key), std::move(member)});
            space();
        } while (take_if(','));
        expect('}');
        return result;
    }

    array elements(int depth) {
        check(depth);
        array result;
        expect('[');
        space();
        if (take_if(']')) return result;
        do {
            result.push_back(next(depth));
            space();
        } while (take_if(','));
        expect(']');
        return result;
    }

    void word(std::string_view expected) {
        if (!text_.substr(at_).starts_with(expected)) error("expected " + std::string(expected));
        at_ += expected.size();
    }

    std::string string() {
        expect('"');
        std::string result;
        for (;;) {
            auto const c = peek();
            if (static_cast<unsigned char>(c) < 0x20) error("a control character in a string must be escaped");
            if (c == '"') return take(), result;
            if (c == '\\') {
                take();
                escape(result);
                continue;
            }
            auto const size = character_size(text_.substr(at_));
            if (size == 0) error("not UTF-8");
            result += text_.substr(at_, size);
            at_ += size;
        }
    }

    void escape(std::string& to) {
        static constexpr std::string_view letters = "\"\\/bfnrt", meanings = "\"\\/\b\f\n\r\t";
        if (take_if('u')) return append_utf8(to, code_point());
        auto const which = letters.find(peek());
        if (which == std::string_view::npos) error("unknown escape");
        take();
        to += meanings[which];
    }

    std::uint32_t code_point() {
        auto const first = hex();
        if (first < 0xd800 || first > 0xdfff) return first;
        if (first > 0xdbff) error("the second half of a surrogate pair without the first");
        if (!take_if('\\') || !take_if('u')) error("the first half of a surrogate pair without the second");
        auto const second = hex();
        if (second < 0xdc00 || second > 0xdfff) error("the first half of a surrogate pair without the second");
        return 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
    }

    std::uint32_t hex() {
        auto const four = text_.substr(at_, 4);
        std::uint32_t result = 0;
        auto const read = std::from_chars(four.data(), four.data() + four.size(), result, 16).ptr - four.data();
        at_ += static_cast<std::size_t>(read);
        if (read != 4) error(at_end() ? too_early : "expected four hexadecimal digits");
        return result;
    }

    std::size_t digits() {
        auto const from = at_;
        while (!at_end() && text_[at_] >= '0' && text_[at_] <= '9') ++at_;
        return at_ - from;
    }

    double number() {
        auto const from = at_;
        auto const have = [&](std::string_view any) {
            if (at_end() || !any.contains(text_[at_])) return false;
            ++at_;
            return true;
        };
        have("-");
        auto const leading_zero = !at_end() && text_[at_] == '0';
        auto const integer = digits();
        if (integer == 0) error("expected a value");
        if (leading_zero && integer != 1) error("a number may not begin with a zero");
        if (have(".") && digits() == 0) error("expected a digit");
        if (have("eE")) {
            have("+-");
            if (digits() == 0) error("expected a digit");
        }
        double result = 0;
        auto const [end, failure] = std::from_chars(text_.data() + from, text_.data() + at_, result);
        if (failure != std::errc{} || end != text_.data() + at_) error("a number that is too large or too small");
        return result;
    }

    std::string_view text_;
    std::size_t at_ = 0, line_ = 1, line_start_ = 0;
};

} // namespace

value const* value::member(std::string_view key) const {
    auto const* members = std::get_if<object>(&content);
    if (members == nullptr) return nullptr;
    for (auto const& [name, member] : *members)
        if (name == key) return &member;
    return nullptr;
}

void fail(std::size_t line, std::size_t column, std::string const& what) {
    throw std::runtime_error("line " + std::to_string(line) + ", column " + std::to_string(column) + ": " + what);
}

value parse(std::string_view text, std::size_t longest) {
    if (text.size() > longest) fail(1, 1, "longer than " + std::to_string(longest) + " bytes");
    return parser(text).whole();
}

} // namespace bench::json
