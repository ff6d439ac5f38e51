// SPDX-License-Identifier: Apache-2.0
#include "names.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <utility>

namespace architecture {

namespace {

bool is_letter(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool is_identifier(std::string_view token) { return !token.empty() && is_letter(token.front()); }

/// The words and symbols of a source, without comments, literals and preprocessor lines. Macros it defines are noted.
class tokens {
public:
    explicit tokens(std::string_view text) : rest_(text) {
        while (!rest_.empty()) take();
        all_.emplace_back(); // the end
    }

    std::vector<std::string_view> all_;
    std::vector<std::string_view> macros_;

private:
    void skip(std::size_t n) { rest_.remove_prefix(std::min(n, rest_.size())); }
    void skip_to(std::string_view what) { skip(std::min(rest_.find(what), rest_.size()) + what.size()); }

    void take() {
        char const c = rest_.front();
        if (std::isspace(static_cast<unsigned char>(c)) != 0) return skip(1);
        if (rest_.starts_with("//")) return skip_to("\n");
        if (rest_.starts_with("/*")) return skip_to("*/");
        if (c == '#') return directive();
        if (c == '"' || c == '\'') return literal(c);
        std::size_t n = 1;
        if (is_letter(c)) n = length_of_word();
        if (rest_.starts_with("::") || rest_.starts_with("&&") || rest_.starts_with("||")) n = 2;
        all_.push_back(rest_.substr(0, n));
        skip(n);
    }

    /// The length of a name, or of a number with its separators: 10'000.
    [[nodiscard]] std::size_t length_of_word() const {
        bool const number = std::isdigit(static_cast<unsigned char>(rest_.front())) != 0;
        auto const inside = [=](char c) { return is_letter(c) || (number && c == '\''); };
        return static_cast<std::size_t>(std::ranges::find_if_not(rest_, inside) - rest_.begin());
    }

    void literal(char quote) {
        std::size_t end = 1;
        while (end < rest_.size() && rest_[end] != quote) end += rest_[end] == '\\' ? 2 : 1;
        all_.push_back("0"); // a value like any other
        skip(end + 1);
    }

    void directive() {
        std::size_t end = std::min(rest_.find('\n'), rest_.size());
        while (end < rest_.size() && rest_[end - 1] == '\\') end = std::min(rest_.find('\n', end + 1), rest_.size());
        std::string_view line = rest_.substr(0, end);
        constexpr std::string_view define = "define ";
        if (auto const at = line.find(define); line.find_first_not_of("# \t") == at) {
            line.remove_prefix(at + define.size());
            macros_.push_back(
                line.substr(0, static_cast<std::size_t>(std::ranges::find_if_not(line, is_letter) - line.begin())));
        }
        skip(end);
    }

    std::string_view rest_;
};

class reader {
public:
    explicit reader(std::string_view text) : tokens_(text) {}

    std::vector<std::string> run() {
        for (auto const macro : tokens_.macros_) note(std::string(macro));
        while (!at_end()) scope("");
        return std::move(found_);
    }

private:
    std::string_view peek(std::size_t ahead = 0) const {
        return tokens_.all_[std::min(at_ + ahead, tokens_.all_.size() - 1)];
    }
    std::string_view next() { return at_ + 1 < tokens_.all_.size() ? tokens_.all_[at_++] : std::string_view(); }
    bool at_end() const { return at_ + 1 == tokens_.all_.size(); }
    bool take(std::string_view what) {
        if (peek() != what) return false;
        next();
        return true;
    }

    void note(std::string name) {
        if (std::ranges::find(found_, name) == found_.end()) found_.push_back(std::move(name));
    }

    /// Skips what is enclosed in the brackets that open here.
    void skip_balanced(std::string_view open, std::string_view close) {
        int depth = 0;
        do {
            if (peek() == open) ++depth;
            if (peek() == close) --depth;
            next();
        } while (depth != 0 && !at_end());
    }

    /// Skips to behind this symbol, ignoring those inside brackets.
    void skip_behind(std::string_view sign) {
        while (!at_end() && !take(sign))
            if (peek() == "{")
                skip_balanced("{", "}");
            else if (peek() == "(")
                skip_balanced("(", ")");
            else
                next();
    }

    /// Reads up to the `}` of a namespace, or to the end; an empty prefix keeps names of the global namespace too.
    void scope(std::string const& prefix) {
        while (!at_end() && !take("}")) {
            if (take("inline") && peek() != "namespace") continue;
            if (take("namespace"))
                name_space(prefix);
            else if (!take(";"))
                declaration(prefix);
        }
    }

    void name_space(std::string prefix) {
        bool hidden = false;
        while (!at_end() && !take("{")) {
            auto const part = next();
            if (part == "detail") hidden = true;
            if (is_identifier(part)) prefix += std::string(part) + "::";
        }
        if (!hidden) return scope(prefix);
        --at_;
        skip_balanced("{", "}");
    }

    void skip_template_head() {
        while (take("template")) {
            skip_balanced("<", ">");
            if (take("requires")) skip_constraint();
        }
    }

    void skip_constraint() {
        do {
            if (peek() == "(") {
                skip_balanced("(", ")");
            } else {
                while (is_identifier(peek()) || peek() == "::") next();
                if (peek() == "<") skip_balanced("<", ">");
            }
        } while (take("&&") || take("||"));
    }

    void skip_attributes() {
        while (peek() == "[" && peek(1) == "[") skip_balanced("[", "]");
    }

    void declaration(std::string const& prefix) {
        skip_template_head();
        skip_attributes();
        if (peek() == "class" || peek() == "struct" || peek() == "union" || peek() == "enum") return type(prefix);
        if (take("concept")) return named(prefix);
        if (take("using")) {
            if (peek(1) == "=") return named(prefix);
            return skip_behind(";");
        }
        if (peek() == "static_assert" || peek() == "friend" || peek() == "extern") return skip_behind(";");
        function_or_variable(prefix);
    }

    void named(std::string const& prefix) {
        note(prefix + std::string(peek()));
        skip_behind(";");
    }

    void type(std::string const& prefix) {
        if (take("enum") && (peek() == "class" || peek() == "struct")) next();
        if (peek() == "class" || peek() == "struct" || peek() == "union") next();
        skip_attributes();
        std::string const name(next());
        bool const elsewhere = peek() == "::" || peek() == "<"; // a specialisation
        while (!at_end() && peek() != "{" && peek() != ";") next();
        if (peek() == "{") {
            if (!elsewhere) note(prefix + name);
            skip_balanced("{", "}");
        }
        skip_behind(";");
    }

    void function_or_variable(std::string const& prefix) {
        std::string_view last;
        std::string_view before;
        while (!at_end()) {
            auto const sign = peek();
            if (sign == "<") { // of a type
                skip_balanced("<", ">");
                last = {};
                continue;
            }
            if (sign == "operator") return skip_definition();
            if (sign == "(" || sign == "=" || sign == "{" || sign == ";" || sign == "[") {
                if (before != "::" && is_identifier(last)) note(prefix + std::string(last) + (sign == "(" ? "()" : ""));
                if (sign == "(") return skip_definition();
                return skip_behind(";");
            }
            before = last;
            last = next();
        }
    }

    /// Skips a function, with or without its body.
    void skip_definition() {
        while (!at_end() && !take(";")) {
            if (peek() == "{") return skip_balanced("{", "}");
            if (peek() == "(")
                skip_balanced("(", ")");
            else
                next();
        }
    }

    tokens tokens_;
    std::size_t at_ = 0;
    std::vector<std::string> found_;
};

} // namespace

std::vector<std::string> names_in(std::string_view header) { return reader(header).run(); }

} // namespace architecture
