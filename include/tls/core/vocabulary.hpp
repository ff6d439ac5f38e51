// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <iterator>
#include <string_view>

namespace tls {

/// How texts for people name what can be set: by default as the calls of this library.
///
/// A program whose users have options or a form instead gives its own words to `explain`, and no text then names a
/// call. Each stands in the middle of a sentence. The views must outlive their use.
struct vocabulary {
    std::string_view identity = "build the client with .identity(certificate chain, private key)";
    std::string_view no_identity = "no_identity()";
    std::string_view built_with = "this client was built with";           ///< followed by ": " and what it was
    std::string_view certificates = "the first argument of the identity"; ///< where our certificates are given
    std::string_view private_key = "the second argument of the identity"; ///< where our private key is given
    std::string_view password = "as the last argument of the identity";   ///< how its password is passed
    std::string_view pem = "from_pem or from_pem_files";                  ///< what loads PEM
    std::string_view trust = ".trust()";
    std::string_view trust_file = ".trust(trust_anchors::from_pem_file(file))";
    std::string_view pins = ".pins()";
    std::string_view crls = ".revocation()"; ///< where revocation lists are given
    std::string_view versions = ".versions(lowest, highest)";
    std::string_view all_versions = ".versions(tls_1_2, tls_1_3)";
    std::string_view suites = ".suites()";
    std::string_view groups = ".groups()";
    std::string_view signature_schemes = ".signature_schemes()";
    std::string_view alpn = ".alpn()";
    std::string_view server_name = "server_name::dns";
};

/// The words for those who write programs with this library.
inline constexpr vocabulary library_words{};

namespace detail {

/// A word of the vocabulary, as texts have it in braces: {@trust}.
struct vocabulary_word {
    std::string_view name;
    std::string_view vocabulary::* text;
};
inline constexpr vocabulary_word vocabulary_words[] = {
    {"@identity", &vocabulary::identity},
    {"@no_identity", &vocabulary::no_identity},
    {"@built_with", &vocabulary::built_with},
    {"@certificates", &vocabulary::certificates},
    {"@private_key", &vocabulary::private_key},
    {"@password", &vocabulary::password},
    {"@pem", &vocabulary::pem},
    {"@trust", &vocabulary::trust},
    {"@trust_file", &vocabulary::trust_file},
    {"@pins", &vocabulary::pins},
    {"@crls", &vocabulary::crls},
    {"@versions", &vocabulary::versions},
    {"@all_versions", &vocabulary::all_versions},
    {"@suites", &vocabulary::suites},
    {"@groups", &vocabulary::groups},
    {"@signature_schemes", &vocabulary::signature_schemes},
    {"@alpn", &vocabulary::alpn},
    {"@server_name", &vocabulary::server_name},
};
static_assert(sizeof(vocabulary) == std::size(vocabulary_words) * sizeof(std::string_view));

/// True if there is a word of this name. With UBSan g++ 12 takes no comparison of the pointer below for constant.
[[nodiscard]] constexpr bool is_vocabulary_word(std::string_view name) noexcept {
    for (vocabulary_word const& word : vocabulary_words)
        if (word.name == name) return true;
    return false;
}

/// The word of this name; nullptr if there is none.
[[nodiscard]] constexpr vocabulary_word const* find_vocabulary_word(std::string_view name) noexcept {
    for (vocabulary_word const& word : vocabulary_words)
        if (word.name == name) return &word;
    return nullptr;
}

/// Splits a text at its placeholders: calls `plain` with what stands between them, and `word` with the name in each.
template <class Plain, class Word> constexpr void for_each_piece(std::string_view text, Plain plain, Word word) {
    for (;;) {
        std::size_t const open = text.find('{');
        plain(text.substr(0, open));
        if (open == std::string_view::npos) return;
        std::size_t const close = text.find('}', open);
        word(text.substr(open + 1, close - open - 1));
        text.remove_prefix(close + 1);
    }
}

} // namespace detail
} // namespace tls
