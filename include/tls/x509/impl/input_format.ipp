// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/core/bytes.hpp>
#include <tls/core/text_writer.hpp>
#include <tls/x509/der.hpp>
#include <tls/x509/input_format.hpp>
#include <tls/x509/oid.hpp>
#include <tls/x509/private_key.hpp>

#include <algorithm>
#include <array>

namespace tls::x509 {
namespace detail {

[[nodiscard]] inline bool begins_with(der::bytes input, std::string_view with) noexcept {
    return tls::detail::as_text(input).starts_with(with);
}

/// Something signed, by what is signed: a certificate, a request or a revocation list.
TWINTLS_DECL input_format recognise_signed(der::bytes tbs) noexcept {
    using namespace der::tag;
    der::reader in(tbs);
    if (in.next_is(context_constructed(0))) return input_format::der_certificate;
    (void)in.next(integer); // serial number of a certificate, or version
    bool const two = in.next(sequence) && in.next(sequence);
    if (!two) return input_format::der;
    if (in.next_is(sequence)) return input_format::der_certificate;
    if (in.next_is(utc_time) || in.next_is(generalized_time)) return input_format::revocation_list;
    return in.at_end() || in.next_is(context_constructed(0)) ? input_format::certificate_request : input_format::der;
}

/// Whether this may be DER of which the end is missing: a long length, and then what such files begin with.
[[nodiscard]] inline bool is_cut_der(der::bytes input) noexcept {
    auto const octets = input.size() < 2 ? 0U : std::to_integer<unsigned>(input[1]) - 0x80U;
    if (octets < 1 || octets > 4 || input.size() < octets + 3) return false;
    auto const next = std::to_integer<std::uint8_t>(input[octets + 2]);
    return next == der::tag::sequence || next == der::tag::integer;
}

TWINTLS_DECL input_format recognise_der(der::bytes input) noexcept {
    using namespace der::tag;
    if (input.empty() || input.front() != std::byte{0x30}) return input_format::unknown;
    // Two formats are often written in BER, with lengths that are not known beforehand.
    bool const indefinite = begins_with(input, "\x30\x80");
    der::header const outer = indefinite ? der::header{.size = 2, .content = 0} : der::read_header(input);
    if (outer.size == 0) return is_cut_der(input) ? input_format::der : input_format::unknown;
    auto const rest = input.subspan(outer.size);
    if (begins_with(rest, "\x02\x01\x03\x30")) return input_format::pkcs12;
    if (begins_with(rest, "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07")) return input_format::pkcs7;
    if (indefinite) return input_format::unknown;
    auto const content = rest.first(outer.content);
    if (classify_private_key_der(input.first(outer.size + content.size()))) return input_format::der_private_key;
    der::reader in(content);
    auto const first = in.next(sequence);
    if (first && in.next(bit_string) && in.at_end()) return input_format::public_key;
    if (first && in.next(sequence) && in.next(bit_string) && in.at_end()) return recognise_signed(first->content);
    return content.size() == rest.size() ? input_format::der : input_format::unknown;
}

/// Two octets for each character, one of them zero: it needs no mark at its beginning.
[[nodiscard]] inline bool is_utf_16(der::bytes input) noexcept {
    if (begins_with(input, "\xff\xfe") || begins_with(input, "\xfe\xff")) return true;
    auto const is_zero = [&](std::size_t i) noexcept { return input[i] == std::byte{0}; };
    if (input.size() < 4 || is_zero(0) == is_zero(1)) return false;
    return is_zero(0) == is_zero(2) && is_zero(1) == is_zero(3);
}

[[nodiscard]] inline bool is_base64(std::string_view text) noexcept {
    constexpr std::size_t enough = 48;
    auto const belongs = [](char c) noexcept {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
    };
    return text.size() > enough && text.starts_with("MI") && std::ranges::all_of(text.substr(0, enough), belongs);
}

TWINTLS_DECL input_format recognise_text(std::string_view text) noexcept {
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    constexpr std::size_t enough = 32;
    auto const is_control = [](char c) noexcept {
        return static_cast<unsigned char>(c) < ' ' && (c < '\t' || c > '\r');
    };
    if (text.find("-----BEGIN ") != std::string_view::npos) return input_format::pem;
    if (std::ranges::any_of(text.substr(0, enough), is_control)) return input_format::unknown;
    if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
    for (std::string_view const key : {"ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-", "---- BEGIN SSH2 PUBLIC"})
        if (text.starts_with(key)) return input_format::ssh_public_key;
    if (text.starts_with("---- BEGIN SSH2")) return input_format::ssh_private_key;
    if (text.starts_with("PuTTY-User-Key-File-")) return input_format::putty_key;
    if (text.starts_with('{') || text.starts_with('[')) return input_format::json;
    if (text.starts_with('<')) return input_format::markup;
    return is_base64(text) ? input_format::base64 : input_format::unknown;
}

} // namespace detail

TWINTLS_DECL input_format recognise(std::span<std::byte const> input) noexcept {
    for (std::string_view const magic : {"\xfe\xed\xfe\xed", "\xce\xce\xce\xce"})
        if (detail::begins_with(input, magic)) return input_format::java_keystore;
    // gzip, zip, bzip2, xz and zstd
    for (std::string_view const magic : {"\x1f\x8b", "PK\x03\x04", "BZh", "\xfd\x37zXZ", "\x28\xb5\x2f\xfd"})
        if (detail::begins_with(input, magic)) return input_format::compressed;
    if (detail::is_utf_16(input)) return input_format::utf_16;
    if (auto const f = detail::recognise_der(input); f != input_format::unknown) return f;
    return detail::recognise_text(tls::detail::as_text(input));
}

TWINTLS_DECL error wrong_format(input_format f, errc otherwise, std::string_view part) noexcept {
    if (f == input_format::unknown) return configuration_error(otherwise, part);
    std::array<char, short_text::capacity> text;
    tls::detail::text_writer out(text);
    out << part << (part.empty() ? "" : ", ") << name(f);
    error e = configuration_error(errc::wrong_format, out.view());
    e.format = f;
    return e;
}

TWINTLS_DECL input_format format_of_label(std::string_view label) noexcept {
    if (label.ends_with("CERTIFICATE REQUEST")) return input_format::certificate_request;
    if (label == "TRUSTED CERTIFICATE") return input_format::trusted_certificate;
    if (label.starts_with("PKCS7") || label.starts_with("PKCS #7") || label == "CMS") return input_format::pkcs7;
    if (label == "PKCS12") return input_format::pkcs12;
    if (label.ends_with("CRL")) return input_format::revocation_list;
    if (label.ends_with("PUBLIC KEY")) return input_format::public_key;
    if (label.ends_with("PARAMETERS")) return input_format::key_parameters;
    if (label == "OPENSSH PRIVATE KEY") return input_format::ssh_private_key;
    if (label.starts_with("PGP ")) return input_format::pgp;
    return input_format::unknown;
}

TWINTLS_DECL error not_a_certificate(std::span<std::byte const> der, std::string_view part) noexcept {
    switch (auto const f = recognise(der)) {
    case input_format::der_private_key: return configuration_error(errc::unexpected_private_key, part);
    case input_format::der_certificate:
    case input_format::der: return configuration_error(errc::bad_certificate_der, part);
    default: return wrong_format(f, errc::bad_certificate_der, part);
    }
}

TWINTLS_DECL error not_a_private_key(std::span<std::byte const> der) noexcept {
    if (der.empty()) return configuration_error(errc::empty_input);
    switch (auto const f = recognise(der)) {
    case input_format::der_certificate: return configuration_error(errc::unexpected_certificate);
    case input_format::der_private_key:
    case input_format::der: return configuration_error(errc::bad_private_key);
    default: return wrong_format(f, errc::bad_private_key);
    }
}

} // namespace tls::x509
