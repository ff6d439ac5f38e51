// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/core/allocation.hpp>
#include <tls/core/blame.hpp>
#include <tls/core/config.hpp>
#include <tls/resumption/sealing.hpp>
#include <tls/resumption/ticket.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace tls::detail {

/// The stored form of a ticket.
///
/// Header, unencrypted: "TWTK" and the format. Then nonce, tag, and encrypted: the names of backend and library
/// version, each with a length; the two digests of the key; version; the times when it was issued and expires, when its
/// server was verified, and from and until when it is trusted; the stamp of the revocation lists; certificate and
/// session, each with a length. All numbers are big-endian.
class ticket_codec {
public:
    template <class Backend>
    [[nodiscard]] static result<x509::secret_bytes> serialize(ticket const& t, storage_key const& key) noexcept {
        auto out = plaintext(t, Backend::name, Backend::version());
        if (!out) return out;
        seam::memory_watch const memory;
        if (!Backend::seal(parts(*out, key)))
            return std::unexpected(seam::blamed(configuration_error(errc::rng_failure), memory.ran_out()));
        return out;
    }

    template <class Backend>
    [[nodiscard]] static result<ticket>
    parse(std::span<std::byte const> stored, storage_key const& key, std::int64_t now) noexcept {
        auto copy = copy_of_stored(stored);
        if (!copy) return std::unexpected(copy.error());
        seam::memory_watch const memory;
        if (!Backend::open(parts(*copy, key))) {
            if (memory.ran_out()) return std::unexpected(configuration_error(errc::out_of_memory));
            return bad("altered, cut off, or sealed with another key");
        }
        return parse_plaintext(*copy, Backend::name, Backend::version(), now);
    }

private:
    static constexpr std::size_t header_size = 5;
    static constexpr std::size_t text_at = header_size + seam::seal_nonce_size + seam::seal_tag_size;

    [[nodiscard]] static std::unexpected<error> bad(std::string_view why) noexcept {
        return std::unexpected(configuration_error(errc::bad_ticket, why));
    }
    [[nodiscard]] static seam::sealed_parts parts(x509::secret_bytes& all, storage_key const& key) noexcept {
        auto const bytes = all.span();
        return {
            key.bytes(), bytes.first(header_size), bytes.subspan<header_size, seam::seal_nonce_size>(),
            bytes.subspan(text_at), bytes.subspan<header_size + seam::seal_nonce_size, seam::seal_tag_size>()};
    }

    /// Everything but nonce and tag, not encrypted yet.
    [[nodiscard]] static result<x509::secret_bytes>
    plaintext(ticket const& t, char const* backend, std::string_view library) noexcept;
    /// A copy that can be decrypted in place, if its header is that of a ticket.
    [[nodiscard]] static result<x509::secret_bytes> copy_of_stored(std::span<std::byte const> stored) noexcept;
    [[nodiscard]] static result<ticket> parse_plaintext(
        x509::secret_bytes const& all, char const* backend, std::string_view library, std::int64_t now) noexcept;
};

} // namespace tls::detail

namespace tls {

template <class Backend> result<x509::secret_bytes> ticket::serialize(storage_key const& key) const noexcept {
    return detail::ticket_codec::serialize<Backend>(*this, key);
}

template <class Backend>
result<ticket> ticket::parse(std::span<std::byte const> stored, storage_key const& key, std::int64_t now) noexcept {
    return detail::ticket_codec::parse<Backend>(stored, key, now);
}

} // namespace tls

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/resumption/impl/ticket.ipp>
#endif
