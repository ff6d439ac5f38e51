// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/core/bytes.hpp>
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

/// True for a file that is something else than a list: text, or what is known to be another thing. What looks like a
/// list that is damaged or cut short is none of these.
[[nodiscard]] inline bool is_no_list(std::span<std::byte const> file) noexcept {
    std::string_view const text = as_text(file);
    if (text.find("-----BEGIN") == std::string_view::npos) {
        constexpr std::byte sequence{0x30}; // what every structure in DER begins with
        auto const f = x509::recognise(file);
        bool const is_der = f == input_format::unknown || f == input_format::der || f == input_format::revocation_list;
        return file.front() != sequence || !is_der;
    }
    for (x509::pem_reader reader(text);;) {
        auto const block = reader.next();
        if (!block) return false;
        if (!*block) return true;
        if (is_crl_label((*block)->label)) return false;
    }
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
    std::size_t lists = 0;
    for (x509::pem_reader reader(text);;) {
        auto const block = reader.next();
        std::array<char, 24> number;
        detail::text_writer part(number);
        part << "list " << static_cast<long long>(lists) + 1;
        if (!block) return std::unexpected(configuration_error(block.error().code, part.view()));
        if (!*block) break;
        if (!detail::is_crl_label((*block)->label)) {
            if (other.empty()) other = (*block)->label;
            continue;
        }
        ++lists;
        auto der = x509::decode_pem(**block);
        if (!der) return std::unexpected(configuration_error(der.error().code, part.view()));
        if (auto const taken = made.take(std::move(*der), part.view()); !taken) return std::unexpected(taken.error());
    }
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
    auto const files = detail::files_in(path.c_str());
    if (!files) return std::unexpected(files.error());
    revocation_lists all;
    for (std::size_t i = 0; i != files->size(); ++i) {
        std::string_view const one = (*files)[i];
        auto const content = detail::read_file(one.data());
        bool const is_empty = !content && content.error() == errc::empty_input;
        if (!content && !is_empty) return std::unexpected(content.error());
        if (is_empty ? !one.ends_with(".crl") : detail::is_no_list(content->span())) continue;
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

TWINTLS_DECL std::uint64_t revocation_lists::stamp() const noexcept {
    std::uint64_t sum = 0;
    for (auto const& list : all()) sum += list->stamp();
    return sum;
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
