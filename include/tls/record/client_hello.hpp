// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/core/config.hpp>
#include <tls/core/protocol.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace tls::detail {

/// The extensions that the checks of a ServerHello ask for, by their numbers (RFC 8446 section 4.2, RFC 5746).
namespace extension {
inline constexpr std::uint16_t server_name = 0;
inline constexpr std::uint16_t max_fragment_length = 1;
inline constexpr std::uint16_t supported_groups = 10;
inline constexpr std::uint16_t ec_point_formats = 11;
inline constexpr std::uint16_t application_protocols = 16;
inline constexpr std::uint16_t extended_master_secret = 23;
inline constexpr std::uint16_t session_ticket = 35;
inline constexpr std::uint16_t pre_shared_key = 41;
inline constexpr std::uint16_t supported_versions = 43;
inline constexpr std::uint16_t cookie = 44;
inline constexpr std::uint16_t key_share = 51;
inline constexpr std::uint16_t renegotiation_info = 0xff01;
} // namespace extension

/// A set of extensions, by number; all numbers from 62 on but renegotiation_info are one.
class extension_set {
public:
    constexpr void add(std::uint16_t number) noexcept { bits_ |= bit(number); }
    [[nodiscard]] constexpr bool has(std::uint16_t number) const noexcept { return (bits_ & bit(number)) != 0; }

private:
    [[nodiscard]] static constexpr std::uint64_t bit(std::uint16_t number) noexcept {
        constexpr unsigned others = 63;
        constexpr unsigned renegotiation = 62;
        if (number == extension::renegotiation_info) return std::uint64_t{1} << renegotiation;
        return std::uint64_t{1} << (number < renegotiation ? number : others);
    }
    std::uint64_t bits_ = 0;
};

/// What a ClientHello of ours asked for, as far as a ServerHello is judged by it.
struct client_hello_facts {
    bool known = false; ///< a whole ClientHello was read
    bool offers_ticket = false;
    bool offers_tls_1_2 = true;
    bool offers_tls_1_3 = false;
    extension_set extensions;
    std::uint8_t session_id_size = 0;
    std::uint8_t group_count = 0;
    std::uint16_t fragment = 0; ///< the maximum fragment length, in bytes; 0: not asked for
    std::array<std::uint8_t, 32> session_id{};
    std::array<named_group, 8> groups{}; ///< the first ones

    [[nodiscard]] bool has_session_id(std::span<std::uint8_t const> id) const noexcept;
    /// Also true if there were more groups than are kept.
    [[nodiscard]] bool has_group(named_group g) const noexcept;
};

/// True if the EncryptedExtensions of TLS 1.3 with this body answer what was asked, each once, and as it must be:
/// nothing is said about the name, one protocol is chosen, and the fragments are as long as was asked. Total on any
/// input. RFC 8446 section 4.3.1, RFC 6066 sections 3 and 4, RFC 7301 section 3.1.
[[nodiscard]] bool
are_asked_for(std::span<std::byte const> encrypted_extensions, client_hello_facts const& by) noexcept;

/// The maximum fragment length that a server's extensions agree to, a list with its length; 0 if it is not there.
[[nodiscard]] std::uint16_t agreed_fragment(std::span<std::byte const> extensions) noexcept;

/// Reads the ClientHello in a record, if it is there as a whole, and alone; else leaves what was known.
///
/// Total on any input. RFC 8446 section 4.1.2.
void read_client_hello(std::span<std::byte const> record, client_hello_facts& what) noexcept;

} // namespace tls::detail

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/record/impl/client_hello.ipp>
#endif
