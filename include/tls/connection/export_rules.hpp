// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/configuration/exporting.hpp>
#include <tls/core/error.hpp>
#include <tls/core/limits.hpp>
#include <tls/core/protocol.hpp>

#include <array>
#include <cstddef>
#include <expected>
#include <span>
#include <string_view>

namespace tls::detail {

/// What keeps keying material from being derived: the same with every library, and within what each of them can do.
/// Empty if nothing.
[[nodiscard]] constexpr std::string_view
what_is_wrong_with(seam::export_request const& r, protocol_version version) noexcept {
    if (r.label.empty() || r.label.size() > limits::exporter_label) return "a label has 1 to 48 bytes";
    // RFC 5705 section 4: what TLS derives itself must not come out.
    for (std::string_view const reserved :
         {"client finished", "server finished", "master secret", "extended master secret", "key expansion"})
        if (r.label.starts_with(reserved)) return "this label is reserved for TLS itself";
    if (r.into.empty() || r.into.size() > limits::exported_bytes) return "1 to 8160 bytes can be exported";
    if (!r.context) return {};
    bool const too_long_for_1_2 = r.label.size() + r.context->size() > limits::exporter_seed_of_tls_1_2;
    if (version == protocol_version::tls_1_2 && too_long_for_1_2)
        return "TLS 1.2: label and context have at most 62 bytes";
    if (r.context->size() > limits::exporter_context) return "a context has at most 65535 bytes";
    return {};
}

/// Channel binding of type "tls-exporter" (RFC 9266 section 4).
template <class Connection> [[nodiscard]] result<std::array<std::byte, 32>> channel_binding_of(Connection& c) noexcept {
    std::array<std::byte, 32> binding;
    auto const done = c.export_keying_material(
        {.label = "EXPORTER-Channel-Binding", .context = std::span<std::byte const>(), .into = binding});
    if (!done) return std::unexpected(done.error());
    return binding;
}

} // namespace tls::detail
