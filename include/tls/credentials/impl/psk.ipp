// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/core/limits.hpp>
#include <tls/credentials/psk.hpp>

#include <utility>

namespace tls {
namespace detail {

/// What is wrong with an identity; empty if it can be used.
[[nodiscard]] inline std::string_view fault_of_psk_identity(std::string_view identity) noexcept {
    if (identity.empty()) return "identity: empty";
    if (identity.size() > limits::psk_identity) return "identity: more than 128 bytes";
    if (identity.find('\0') != std::string_view::npos) return "identity: has a NUL";
    return {};
}

/// The same of a key, of which only the size is looked at.
[[nodiscard]] inline std::string_view fault_of_psk(std::size_t size) noexcept {
    if (size == 0) return "key: empty";
    if (size < limits::least_psk) return "key: less than 16 bytes";
    if (size > limits::most_psk) return "key: more than 64 bytes";
    return {};
}

/// The value of a hexadecimal digit; 16 for anything else. Takes the same time for each.
[[nodiscard]] constexpr unsigned hex_value(char digit) noexcept {
    auto const mask_of = [](int c, int first, int last) noexcept {
        return static_cast<unsigned>(((first - 1 - c) & (c - last - 1)) >> 31);
    };
    int const c = static_cast<unsigned char>(digit);
    int const lower = c | 0x20;
    unsigned const is_digit = mask_of(c, '0', '9');
    unsigned const is_letter = mask_of(lower, 'a', 'f');
    return (is_digit & static_cast<unsigned>(c - '0')) | (is_letter & static_cast<unsigned>(lower - 'a' + 10)) |
           (~(is_digit | is_letter) & 16U);
}

[[nodiscard]] inline std::unexpected<error> bad_psk(std::string_view why) noexcept {
    return std::unexpected(configuration_error(errc::bad_psk, why));
}

} // namespace detail

TWINTLS_DECL result<pre_shared_key>
pre_shared_key::from_bytes(std::string_view identity, std::span<std::byte const> key) noexcept {
    if (auto const fault = detail::fault_of_psk(key.size()); !fault.empty()) return detail::bad_psk(fault);
    return make(identity, x509::secret_bytes::copy_of(key));
}

TWINTLS_DECL result<pre_shared_key>
pre_shared_key::from_hex(std::string_view identity, std::string_view digits) noexcept {
    if (digits.size() % 2 != 0) return detail::bad_psk("key: an odd number of hexadecimal digits");
    if (auto const fault = detail::fault_of_psk(digits.size() / 2); !fault.empty()) return detail::bad_psk(fault);
    auto key = x509::secret_bytes::make(digits.size() / 2);
    if (!key) return std::unexpected(key.error());
    unsigned wrong = 0;
    for (std::size_t i = 0; i != key->size(); ++i) {
        unsigned const high = detail::hex_value(digits[2 * i]);
        unsigned const low = detail::hex_value(digits[2 * i + 1]);
        wrong |= high | low;
        key->span()[i] = static_cast<std::byte>((high << 4U) | low);
    }
    if ((wrong & 16U) != 0) return detail::bad_psk("key: not only hexadecimal digits");
    return make(identity, std::move(key));
}

TWINTLS_DECL result<pre_shared_key>
pre_shared_key::make(std::string_view identity, result<x509::secret_bytes> key) noexcept {
    if (auto const fault = detail::fault_of_psk_identity(identity); !fault.empty()) return detail::bad_psk(fault);
    if (!key) return std::unexpected(key.error());
    auto name = x509::secret_bytes::copy_of_text(identity);
    if (!name) return std::unexpected(name.error());
    content whole;
    whole.identity = std::move(*name);
    whole.key = std::move(*key);
    auto made = seam::shared<content const>::make(std::move(whole));
    if (!made) return std::unexpected(configuration_error(errc::out_of_memory));
    return pre_shared_key(std::move(made));
}

} // namespace tls
