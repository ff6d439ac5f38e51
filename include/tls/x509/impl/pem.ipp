// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/x509/base64.hpp>
#include <tls/x509/certificate.hpp>
#include <tls/x509/der.hpp>
#include <tls/x509/pem.hpp>

#include <algorithm>
#include <array>
#include <charconv>

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
TWINTLS_DECL void reserve_for(std::string_view text, certificate_collector& collector) {
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

/// An error about one of several parts, counted from 1.
TWINTLS_DECL error refused_part(errc code, std::string_view what, std::size_t number) noexcept {
    std::array<char, 40> text;
    auto const end = std::ranges::copy(what, text.begin()).out;
    auto const* const last = std::to_chars(end, text.data() + text.size(), number).ptr;
    return configuration_error(code, {text.data(), static_cast<std::size_t>(last - text.data())});
}

TWINTLS_DECL result<private_key_block> to_private_key(pem_block const& block) noexcept {
    auto const labelled = kind_of_label(block.label);
    if (!labelled) return refuse(errc::bad_private_key);
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

TWINTLS_DECL result<certificate_store> certificates_from_pem(std::string_view text, unreadable how) {
    if (text.empty()) return detail::refuse(errc::empty_input);
    certificate_collector found;
    detail::reserve_for(text, found);
    bool has_private_key = false;
    std::optional<error> first_refused;
    std::size_t blocks = 0;
    std::size_t certificates = 0;
    for (pem_reader reader(text);;) {
        auto const block = reader.next();
        std::optional<error> refused;
        if (!block) {
            refused = detail::refused_part(block.error().code, "PEM block ", blocks + 1);
        } else if (!*block) {
            break;
        } else if (detail::is_certificate_label((*block)->label)) {
            ++certificates;
            auto const room = found.room(max_decoded_size((*block)->body.size()));
            auto const size = decode_base64((*block)->body, room);
            if (!size || *size == 0)
                refused = detail::refused_part(errc::bad_pem, "certificate ", certificates);
            else if (!found.take(*size))
                refused = detail::refused_part(errc::bad_certificate_der, "certificate ", certificates);
        } else if (detail::is_private_key_label((*block)->label)) {
            has_private_key = true;
        }
        ++blocks;
        if (!refused) continue;
        if (how == unreadable::is_an_error) return std::unexpected(*refused);
        if (!first_refused) first_refused = refused;
        found.count_unreadable();
    }
    if (found.size() != 0) return found.finish();
    if (first_refused) return std::unexpected(*first_refused);
    return detail::refuse(has_private_key ? errc::unexpected_private_key : errc::no_certificate);
}

TWINTLS_DECL result<private_key_block> private_key_from_pem(std::string_view text) noexcept {
    if (text.empty()) return detail::refuse(errc::empty_input);
    std::optional<pem_block> key;
    bool has_certificate = false;
    for (pem_reader reader(text);;) {
        auto const block = reader.next();
        if (!block) return std::unexpected(block.error());
        if (!*block) break;
        if (!key && detail::is_private_key_label((*block)->label)) key = **block;
        if ((*block)->label.ends_with("CERTIFICATE")) has_certificate = true;
    }
    if (key) return detail::to_private_key(*key);
    return detail::refuse(has_certificate ? errc::unexpected_certificate : errc::no_private_key);
}

TWINTLS_DECL result<private_key_kind> classify_private_key_der(std::span<std::byte const> der) noexcept {
    using namespace der::tag;
    if (der.empty()) return detail::refuse(errc::empty_input);
    auto const outer = der::only(der, sequence);
    if (!outer) return detail::refuse(errc::bad_private_key);
    der::reader r(outer->content);
    if (r.next(sequence)) {
        if (r.next(octet_string) && r.at_end()) return private_key_kind::encrypted_pkcs8;
        if (r.next(sequence) && r.next(bit_string)) return detail::refuse(errc::unexpected_certificate);
        return detail::refuse(errc::bad_private_key);
    }
    auto const number = r.next(integer);
    auto const version = number ? der::small_unsigned(number->content) : std::nullopt;
    if (!version || *version > 1) return detail::refuse(errc::bad_private_key);
    if (r.next(sequence)) {
        if (r.next(octet_string)) return private_key_kind::pkcs8;
    } else if (*version == 1 && r.next(octet_string)) {
        return private_key_kind::sec1;
    } else if (*version == 0) {
        // modulus, two exponents, two primes, two CRT exponents, one coefficient
        int numbers = 0;
        while (r.next(integer)) ++numbers;
        if (numbers == 8 && r.at_end()) return private_key_kind::pkcs1;
    }
    return detail::refuse(errc::bad_private_key);
}

} // namespace tls::x509
