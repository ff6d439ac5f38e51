// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/core/text_writer.hpp>
#include <tls/x509/base64.hpp>
#include <tls/x509/certificate.hpp>
#include <tls/x509/input_format.hpp>
#include <tls/x509/pem.hpp>

#include <algorithm>
#include <array>

namespace tls::x509 {
namespace detail {

inline constexpr std::string_view pem_begin = "-----BEGIN ";
inline constexpr std::string_view pem_end = "-----END ";
inline constexpr std::string_view pem_dashes = "-----";

TWINTLS_DECL std::string_view trimmed(std::string_view line) noexcept {
    constexpr std::string_view blanks = " \t";
    std::size_t const first = line.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return line.substr(first, line.find_last_not_of(blanks) - first + 1);
}

/// The label of a BEGIN or END line; nullopt if the line is not complete.
TWINTLS_DECL std::optional<std::string_view> pem_label(std::string_view line, std::string_view opening) noexcept {
    line.remove_prefix(opening.size());
    if (!line.ends_with(pem_dashes)) return std::nullopt;
    line.remove_suffix(pem_dashes.size());
    if (line.empty() || line.find('-') != std::string_view::npos) return std::nullopt;
    return line;
}

/// The text from the beginning of `first` to the beginning of `last`, both being parts of one text.
TWINTLS_DECL std::string_view between(std::string_view first, char const* last) noexcept {
    return {first.data(), static_cast<std::size_t>(last - first.data())};
}

TWINTLS_DECL bool is_certificate_label(std::string_view label) noexcept {
    return label == "CERTIFICATE" || label == "X509 CERTIFICATE";
}

TWINTLS_DECL bool is_private_key_label(std::string_view label) noexcept { return label.ends_with("PRIVATE KEY"); }

TWINTLS_DECL bool is_legacy_encrypted(std::string_view headers) noexcept {
    return headers.find("Proc-Type:") != std::string_view::npos && headers.find("ENCRYPTED") != std::string_view::npos;
}

TWINTLS_DECL std::optional<private_key_kind> kind_of_label(std::string_view label) noexcept {
    if (label == "PRIVATE KEY") return private_key_kind::pkcs8;
    if (label == "ENCRYPTED PRIVATE KEY") return private_key_kind::encrypted_pkcs8;
    if (label == "EC PRIVATE KEY") return private_key_kind::sec1;
    if (label == "RSA PRIVATE KEY") return private_key_kind::pkcs1;
    return std::nullopt;
}

/// Makes room for roughly what a PEM text holds.
TWINTLS_DECL void reserve_for(std::string_view text, certificate_collector& collector) noexcept {
    std::size_t blocks = 0;
    std::size_t bytes = 0;
    for (std::size_t at = text.find(pem_begin); at != std::string_view::npos; at = text.find(pem_begin, at)) {
        std::size_t const end = text.find(pem_end, at);
        if (end == std::string_view::npos) break;
        ++blocks;
        bytes += max_decoded_size(end - at);
        at = end;
    }
    collector.reserve(blocks, bytes);
}

TWINTLS_DECL std::unexpected<error> refuse(errc code) noexcept { return std::unexpected(configuration_error(code)); }

/// One of several parts of an input, counted from 1: "certificate 2".
class part_name {
public:
    part_name(std::string_view what, std::size_t number) noexcept {
        tls::detail::text_writer out(text_);
        out << what << static_cast<long long>(number);
        size_ = out.view().size();
    }
    [[nodiscard]] std::string_view view() const noexcept { return {text_.data(), size_}; }

private:
    std::array<char, 40> text_;
    std::size_t size_;
};

TWINTLS_DECL result<private_key_block> to_private_key(pem_block const& block) noexcept {
    auto const labelled = kind_of_label(block.label);
    if (!labelled) {
        error e = wrong_format(format_of_label(block.label), errc::unsupported);
        if (e.about.empty()) e.about = block.label;
        return std::unexpected(e);
    }
    private_key_block key;
    auto pem = secret_bytes::copy_of_text(block.text);
    if (!pem) return std::unexpected(pem.error());
    key.pem = std::move(*pem);
    auto der = decode_pem(block);
    if (!der) return std::unexpected(der.error());
    if (!block.headers.empty() && is_legacy_encrypted(block.headers)) {
        key.kind = private_key_kind::legacy_encrypted;
        key.der = std::move(*der);
        return key;
    }
    auto const found = classify_private_key_der(der->span());
    if (!found || *found != *labelled) return refuse(errc::bad_private_key);
    key.kind = *found;
    key.der = std::move(*der);
    return key;
}

} // namespace detail

TWINTLS_DECL pem_reader::pem_reader(std::string_view text) noexcept : rest_(text) {
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    if (rest_.starts_with(byte_order_mark)) rest_.remove_prefix(byte_order_mark.size());
}

TWINTLS_DECL std::string_view pem_reader::take_line() noexcept {
    std::size_t const end = rest_.find_first_of("\r\n");
    std::string_view const line = rest_.substr(0, end);
    bool const two_bytes = end != std::string_view::npos && rest_.substr(end).starts_with("\r\n");
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + (two_bytes ? 2 : 1));
    return detail::trimmed(line);
}

TWINTLS_DECL result<std::optional<pem_block>> pem_reader::next() noexcept {
    using namespace detail;
    std::string_view line;
    for (;;) {
        if (rest_.empty()) return std::nullopt;
        line = take_line();
        if (line.starts_with(pem_end)) return refuse(errc::bad_pem);
        if (line.starts_with(pem_begin)) break;
    }
    auto const label = pem_label(line, pem_begin);
    if (!label) return refuse(errc::bad_pem);

    std::string_view const opening = line;
    std::string_view start = rest_;
    std::string_view headers;
    bool first = true;
    bool in_headers = false;
    for (;;) {
        if (rest_.empty()) return refuse(errc::bad_pem);
        std::string_view const before = rest_;
        line = take_line();
        if (line.starts_with(pem_begin)) {
            rest_ = before; // the next block, whole
            return refuse(errc::bad_pem);
        }
        if (line.starts_with(pem_end)) break;
        if (first && !line.empty()) {
            first = false;
            in_headers = line.find(':') != std::string_view::npos;
        } else if (in_headers && line.empty()) {
            headers = between(start, rest_.data());
            start = rest_;
            in_headers = false;
        }
    }
    auto const end_label = pem_label(line, pem_end);
    if (!end_label || *end_label != *label || in_headers) return refuse(errc::bad_pem);
    return pem_block{
        .label = *label,
        .headers = headers,
        .body = between(start, line.data()),
        .text = between(opening, line.data() + line.size())};
}

TWINTLS_DECL result<secret_bytes> decode_pem(pem_block const& block) noexcept {
    auto decoded = secret_bytes::make(max_decoded_size(block.body.size()));
    if (!decoded) return decoded;
    auto const size = decode_base64(block.body, decoded->span());
    if (!size || *size == 0) return detail::refuse(errc::bad_pem);
    decoded->shrink(*size);
    return decoded;
}

TWINTLS_DECL result<certificate_store> certificates_from_pem(std::string_view text, unreadable how) noexcept {
    if (text.empty()) return detail::refuse(errc::empty_input);
    certificate_collector found;
    detail::reserve_for(text, found);
    bool has_private_key = false;
    input_format other = input_format::unknown;
    std::optional<error> first_refused;
    std::size_t blocks = 0;
    std::size_t certificates = 0;
    for (pem_reader reader(text);;) {
        auto const block = reader.next();
        std::optional<error> refused;
        if (!block) {
            refused = configuration_error(block.error().code, detail::part_name("PEM block ", blocks + 1).view());
        } else if (!*block) {
            break;
        } else if (detail::is_certificate_label((*block)->label)) {
            ++certificates;
            auto const room = found.room(max_decoded_size((*block)->body.size()));
            if (found.out_of_memory()) break;
            auto const size = decode_base64((*block)->body, room);
            detail::part_name const part("certificate ", certificates);
            if (!size || *size == 0)
                refused = configuration_error(errc::bad_pem, part.view());
            else if (!found.take(*size))
                refused = not_a_certificate(room.first(*size), part.view());
        } else if (auto const f = format_of_label((*block)->label); f != input_format::unknown) {
            if (other == input_format::unknown) other = f;
        } else if (detail::is_private_key_label((*block)->label)) {
            has_private_key = true;
        }
        ++blocks;
        if (!refused) continue;
        if (how == unreadable::is_an_error) return std::unexpected(*refused);
        if (!first_refused) first_refused = refused;
        found.count_unreadable();
    }
    if (found.size() != 0 || found.out_of_memory()) return found.finish();
    if (first_refused) return std::unexpected(*first_refused);
    if (has_private_key) return detail::refuse(errc::unexpected_private_key);
    if (blocks == 0) other = recognise(std::as_bytes(std::span(text)));
    if (other == input_format::der_private_key) return detail::refuse(errc::unexpected_private_key);
    return std::unexpected(wrong_format(other, errc::no_certificate));
}

TWINTLS_DECL result<private_key_block> private_key_from_pem(std::string_view text) noexcept {
    if (text.empty()) return detail::refuse(errc::empty_input);
    std::optional<pem_block> key;
    bool has_certificate = false;
    bool has_blocks = false;
    input_format other = input_format::unknown;
    for (pem_reader reader(text);;) {
        auto const block = reader.next();
        if (!block) return std::unexpected(block.error());
        if (!*block) break;
        if (!key && detail::is_private_key_label((*block)->label)) key = **block;
        if ((*block)->label.ends_with("CERTIFICATE")) has_certificate = true;
        has_blocks = true;
        if (other == input_format::unknown) other = format_of_label((*block)->label);
    }
    if (key) return detail::to_private_key(*key);
    if (!has_blocks) other = recognise(std::as_bytes(std::span(text)));
    if (has_certificate || other == input_format::der_certificate) return detail::refuse(errc::unexpected_certificate);
    return std::unexpected(wrong_format(other, errc::no_private_key));
}

namespace detail {

inline constexpr std::string_view certificate_begin = "-----BEGIN CERTIFICATE-----\n";
inline constexpr std::string_view certificate_end = "-----END CERTIFICATE-----\n";
inline constexpr std::size_t pem_line_bytes = 48; // 64 characters

} // namespace detail

TWINTLS_DECL std::size_t pem_size(std::size_t der_size) noexcept {
    std::size_t const lines = (der_size + detail::pem_line_bytes - 1) / detail::pem_line_bytes;
    return detail::certificate_begin.size() + base64_size(der_size) + lines + detail::certificate_end.size();
}

TWINTLS_DECL std::string_view to_pem(std::span<std::byte const> der, std::span<char> into) noexcept {
    if (into.size() < pem_size(der.size())) return {};
    auto at = std::ranges::copy(detail::certificate_begin, into.begin()).out;
    while (!der.empty()) {
        auto const line = der.first(std::min(der.size(), detail::pem_line_bytes));
        encode_base64(line, {at, into.end()});
        at += static_cast<std::ptrdiff_t>(base64_size(line.size()));
        *at++ = '\n';
        der = der.subspan(line.size());
    }
    at = std::ranges::copy(detail::certificate_end, at).out;
    return {into.data(), static_cast<std::size_t>(at - into.begin())};
}

} // namespace tls::x509
