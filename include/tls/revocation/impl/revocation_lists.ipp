// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/core/bytes.hpp>
#include <tls/core/dns_name.hpp>
#include <tls/core/file.hpp>
#include <tls/core/text_writer.hpp>
#include <tls/revocation/revocation_lists.hpp>
#include <tls/x509/input_format.hpp>
#include <tls/x509/pem.hpp>

#include <algorithm>
#include <limits>

namespace tls {
namespace detail {

/// An error about a list, or part of a text, which names both and what is wrong.
[[nodiscard]] inline std::unexpected<error> bad_list(errc code, std::string_view part, std::string_view what) noexcept {
    std::array<char, short_text::capacity> text;
    text_writer out(text);
    out << part << (part.empty() || what.empty() ? "" : ", ") << what;
    return std::unexpected(configuration_error(code, out.view()));
}

/// What is not a list, by what it is.
[[nodiscard]] inline std::unexpected<error>
not_a_list(std::span<std::byte const> what, std::string_view part) noexcept {
    auto const f = x509::recognise(what);
    bool const damaged = f == input_format::revocation_list || f == input_format::der;
    return bad_list(errc::bad_crl, part, damaged ? std::string_view{} : name(f));
}

[[nodiscard]] inline bool is_crl_label(std::string_view label) noexcept { return label.ends_with("CRL"); }

/// What may be left of a list's PEM text, in text outside of blocks: dashes beside a letter or at the end, or the
/// heading that OpenSSL prints above a list.
[[nodiscard]] inline bool has_remains_of_a_list(std::string_view text) noexcept {
    constexpr std::string_view dashes = "-----";
    auto const is_letter = [](char c) noexcept { return c >= 'A' && c <= 'Z'; };
    for (auto at = text.find(dashes); at != text.npos; at = text.find(dashes, at + 1)) {
        std::size_t const behind = at + dashes.size();
        if (behind == text.size() || is_letter(text[behind]) || (at != 0 && is_letter(text[at - 1]))) return true;
    }
    return text.find("Certificate Revocation List (CRL)") != text.npos;
}

/// True for a PEM text whose blocks are whole, and none of them a list.
[[nodiscard]] inline bool is_pem_of_others(std::string_view text) noexcept {
    std::string_view rest = text;
    for (x509::pem_reader reader(text);;) {
        auto const block = reader.next();
        if (!block) return false;
        std::string_view const found = *block ? (*block)->text : text.substr(text.size());
        auto const before = static_cast<std::size_t>(found.data() - rest.data());
        if (has_remains_of_a_list(rest.substr(0, before))) return false;
        if (!*block) return true;
        if (is_crl_label((*block)->label)) return false;
        rest.remove_prefix(before + found.size());
    }
}

/// True for text that a list cannot have become.
[[nodiscard]] inline bool is_text_of_others(std::string_view text) noexcept {
    auto const is_control = [](char c) noexcept {
        return static_cast<unsigned char>(c) < ' ' && (c < '\t' || c > '\r');
    };
    constexpr char sequence = 0x30; // what every structure in DER begins with
    return !text.starts_with(sequence) && std::ranges::none_of(text, is_control) && !has_remains_of_a_list(text);
}

/// True for a file that is known to be something else than a list, whole, damaged or cut short.
[[nodiscard]] inline bool is_no_list(std::span<std::byte const> file) noexcept {
    std::string_view const text = as_text(file);
    if (text.find("-----BEGIN") != text.npos) return is_pem_of_others(text);
    switch (x509::recognise(file)) {
    case input_format::der_certificate:
    case input_format::der_private_key:
    case input_format::pkcs12:
    case input_format::pkcs7:
    case input_format::certificate_request:
    case input_format::trusted_certificate:
    case input_format::public_key:
    case input_format::key_parameters:
    case input_format::java_keystore:
    case input_format::compressed: return true;
    case input_format::unknown:
    case input_format::ssh_private_key:
    case input_format::ssh_public_key:
    case input_format::putty_key:
    case input_format::pgp:
    case input_format::json:
    case input_format::markup: return is_text_of_others(text);
    case input_format::pem:
    case input_format::der:
    case input_format::revocation_list:
    case input_format::base64:
    case input_format::utf_16: break;
    }
    return false;
}

/// Whatever the case of its ASCII letters.
[[nodiscard]] inline bool has_ending(std::string_view path, std::string_view end) noexcept {
    return path.size() >= end.size() && std::ranges::equal(path.substr(path.size() - end.size()), end, {}, to_lower);
}

/// True for a name that says that a list is inside: "x.crl", "x.crl.pem", and "5f1e2d3c.r0" as OpenSSL names them.
[[nodiscard]] inline bool is_name_of_a_list(std::string_view path) noexcept {
    std::size_t const number = path.find_last_not_of("0123456789") + 1;
    bool const is_hashed = number != path.size() && path.substr(0, number).ends_with(".r");
    return is_hashed || has_ending(path, ".crl") || has_ending(path, ".crl.pem");
}

/// True for a name like "root-crl.pem": a list, or a certificate that belongs to one, but neither nothing nor a text.
[[nodiscard]] inline bool is_name_of_something_with_lists(std::string_view path) noexcept {
    std::string_view const name = path.substr(path.rfind('/') + 1);
    bool const has_word = !std::ranges::search(name, std::string_view("crl"), {}, to_lower).empty();
    return has_word && (has_ending(name, ".pem") || has_ending(name, ".der"));
}

/// The same error, which names the file first.
[[nodiscard]] inline std::unexpected<error> in_file(error const& e, std::string_view path) noexcept {
    // Of a long path the end is kept, and what is wrong behind it.
    std::string_view const what = e.about.view();
    std::size_t const room = short_text::capacity - std::min(short_text::capacity, what.size() + 2);
    std::string_view const end = path.substr(path.size() - std::min(path.size(), room));
    return bad_list(e.code, end, what);
}

} // namespace detail

TWINTLS_DECL result<void> revocation_lists::take(x509::secret_bytes der, std::string_view part) noexcept {
    auto const read = x509::crl_view::parse(der.span());
    if (!read) return detail::not_a_list(der.span(), part);
    auto const unknown = read->next_update() ? read->not_understood() : "a list that does not say until when it holds";
    if (!unknown.empty()) return detail::bad_list(errc::unsupported, part, unknown);
    if (!content_) content_ = seam::shared<detail::shared_lists>::make();
    auto list = seam::shared<detail::revocation_list>::make(std::move(der), *read);
    if (!content_ || !list || !list->sort() || !content_->push_back(std::move(list)))
        return std::unexpected(configuration_error(errc::out_of_memory, part));
    return {};
}

TWINTLS_DECL result<revocation_lists> revocation_lists::from_der(std::span<std::byte const> der) noexcept {
    if (der.empty()) return std::unexpected(configuration_error(errc::empty_input));
    auto copy = x509::secret_bytes::copy_of(der);
    if (!copy) return std::unexpected(copy.error());
    revocation_lists made;
    if (auto const taken = made.take(std::move(*copy), {}); !taken) return std::unexpected(taken.error());
    return made;
}

TWINTLS_DECL result<revocation_lists> revocation_lists::from_pem(std::string_view text) noexcept {
    if (text.empty()) return std::unexpected(configuration_error(errc::empty_input));
    revocation_lists made;
    std::string_view other; // the label of the first block of another kind
    std::string_view rest;  // behind the last block
    std::size_t lists = 0;
    for (x509::pem_reader reader(text);;) {
        auto const block = reader.next();
        std::array<char, 24> number;
        detail::text_writer part(number);
        part << "list " << static_cast<long long>(lists) + 1;
        if (!block) return std::unexpected(configuration_error(block.error().code, part.view()));
        if (!*block) break;
        rest = text.substr(static_cast<std::size_t>((*block)->text.data() - text.data()) + (*block)->text.size());
        if (!detail::is_crl_label((*block)->label)) {
            if (other.empty()) other = (*block)->label;
            continue;
        }
        ++lists;
        auto der = x509::decode_pem(**block);
        if (!der) return std::unexpected(configuration_error(der.error().code, part.view()));
        if (auto const taken = made.take(std::move(*der), part.view()); !taken) return std::unexpected(taken.error());
    }
    if (lists != 0 && detail::has_remains_of_a_list(rest))
        return detail::bad_list(errc::bad_pem, "what is behind the last list", {});
    if (lists != 0) return made;
    if (!other.empty()) return detail::bad_list(errc::bad_crl, other, {});
    return detail::not_a_list(std::as_bytes(std::span(text)), {});
}

TWINTLS_DECL result<revocation_lists> revocation_lists::from_file(std::string const& path) noexcept {
    return file(path.c_str());
}

TWINTLS_DECL result<revocation_lists> revocation_lists::file(char const* path) noexcept {
    auto content = detail::read_file(path);
    if (!content) return std::unexpected(content.error());
    if (content->text().find("-----BEGIN") != std::string_view::npos) {
        auto lists = from_pem(content->text());
        if (!lists) return detail::in_file(lists.error(), path);
        return lists;
    }
    revocation_lists made;
    if (auto const taken = made.take(std::move(*content), {}); !taken) return detail::in_file(taken.error(), path);
    return made;
}

TWINTLS_DECL result<revocation_lists> revocation_lists::from_folder(std::string const& path) noexcept {
    auto const files = detail::files_in(path.c_str(), detail::broken_links::are_files);
    if (!files) return std::unexpected(files.error());
    revocation_lists all;
    for (std::size_t i = 0; i != files->size(); ++i) {
        std::string_view const one = (*files)[i];
        auto const content = detail::read_file(one.data());
        bool const is_empty = !content && content.error() == errc::empty_input;
        if (!content && !is_empty) return std::unexpected(content.error());
        bool const is_other = is_empty || detail::is_no_list(content->span());
        // What a failed download leaves.
        bool const is_left = detail::is_name_of_something_with_lists(one) &&
                             detail::is_text_of_others(is_empty ? std::string_view() : content->text());
        if (is_other && !is_left && !detail::is_name_of_a_list(one)) continue;
        auto const found = file(one.data());
        if (!found) return std::unexpected(found.error());
        if (auto const added = all.add(*found); !added) return std::unexpected(added.error());
    }
    if (all.size() == 0) return std::unexpected(configuration_error(errc::bad_crl, path));
    return all;
}

TWINTLS_DECL result<void> revocation_lists::add(revocation_lists const& more) noexcept {
    auto both = seam::shared<detail::shared_lists>::make();
    bool kept = static_cast<bool>(both);
    for (auto const& list : all()) kept = kept && both->push_back(list);
    for (auto const& list : more.all()) kept = kept && both->push_back(list);
    if (!kept) return std::unexpected(configuration_error(errc::out_of_memory));
    content_ = std::move(both);
    return {};
}

TWINTLS_DECL std::size_t revocation_lists::size() const noexcept { return all().size(); }

TWINTLS_DECL std::size_t revocation_lists::revoked() const noexcept {
    std::size_t certificates = 0;
    for (auto const& list : all()) certificates += list->view().size();
    return certificates;
}

TWINTLS_DECL std::optional<verify::digest>
detail::stamp_of(revocation_lists const& lists, verify::hash_function sha256) noexcept {
    return lists.content_ ? lists.content_->stamp(sha256) : verify::digest{};
}

TWINTLS_DECL std::int64_t revocation_lists::newest() const noexcept {
    auto newest = std::numeric_limits<std::int64_t>::min();
    for (auto const& list : all()) newest = std::max(newest, list->view().this_update());
    return newest;
}

TWINTLS_DECL std::int64_t revocation_lists::valid_until() const noexcept {
    auto until = std::numeric_limits<std::int64_t>::max();
    for (auto const& list : all()) until = std::min(until, *list->view().next_update());
    return until;
}

} // namespace tls
