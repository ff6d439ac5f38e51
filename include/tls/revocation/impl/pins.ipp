// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/core/text_writer.hpp>
#include <tls/revocation/pins.hpp>
#include <tls/x509/base64.hpp>

#include <algorithm>
#include <optional>

namespace tls {
namespace detail {

inline constexpr std::string_view pin_prefix = "sha256/";

[[nodiscard]] inline result<void> bad_pin(std::string_view pin) noexcept {
    std::array<char, short_text::capacity> text;
    text_writer out(text);
    out << "not a pin: " << pin.substr(0, 44);
    return std::unexpected(configuration_error(errc::bad_configuration, out.view()));
}

} // namespace detail

TWINTLS_DECL result<void> key_pins::add(seam::array<key_digest>& to, std::string_view pin) noexcept {
    std::string_view text = pin;
    if (!text.starts_with(detail::pin_prefix)) return detail::bad_pin(pin);
    text.remove_prefix(detail::pin_prefix.size());
    constexpr std::size_t size = x509::base64_size(sizeof(key_digest));
    key_digest digest{};
    // Base64 may begin with a slash itself.
    if (text.size() == size + 1 && text.starts_with('/')) text.remove_prefix(1);
    if (text.size() != size || x509::decode_base64(text, digest) != digest.size()) return detail::bad_pin(pin);
    if (!to.push_back(digest)) return std::unexpected(configuration_error(errc::out_of_memory));
    return {};
}

TWINTLS_DECL verify::rule_finding
key_pins::check(void const* of, verify::proven_path const& path, verify::inquiry const& ask) noexcept {
    auto const& wanted = *static_cast<content const*>(of);
    std::size_t const looked_at = wanted.of_path ? path.certificates.size() : 1;
    key_digest leaf{};
    for (std::size_t depth = 0; depth < std::min(looked_at, path.certificates.size()); ++depth) {
        key_digest digest;
        std::array const parts = {path.certificates[depth]->spki()};
        if (ask.sha256 == nullptr || !ask.sha256(parts, digest)) return {.code = errc::internal, .depth = depth};
        if (std::ranges::find(wanted.digests, digest) != wanted.digests.end()) return {};
        if (depth == 0) leaf = digest;
    }
    return {.code = errc::pin_mismatch, .depth = 0, .about = pin_text(leaf)};
}

TWINTLS_DECL short_text pin_text(key_digest const& digest) noexcept {
    std::array<char, x509::base64_size(sizeof(key_digest))> text{};
    x509::encode_base64(digest, text);
    std::array<char, short_text::capacity> whole;
    detail::text_writer out(whole);
    out << detail::pin_prefix << std::string_view(text.data(), text.size());
    return out.view();
}

} // namespace tls
