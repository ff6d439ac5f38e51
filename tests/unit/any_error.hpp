// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/core/error.hpp>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <random>
#include <string>
#include <string_view>

/// Errors made of anything, for tests of what is said about them.
namespace unit {

using tls::alert;
using tls::errc;
using tls::error;
using tls::fact_source;

inline constexpr int last_code = static_cast<int>(tls::detail::errc_count) - 1;

/// A text of any length.
inline tls::short_text some_text(std::size_t size) { return std::string_view(std::string(size, 'x')); }

/// Any error at all, even an impossible one.
inline error any_error(std::mt19937& random) {
    auto const any = [&](std::uint32_t limit) {
        return std::uniform_int_distribution<std::uint32_t>(0, limit)(random);
    };
    auto const likely = [&](std::uint32_t limit) { return any(1) != 0 ? any(limit) : any(255); };
    auto const source = [&] { return static_cast<fact_source>(any(5)); };
    auto const time = [&]() -> std::int64_t {
        if (any(3) == 0) return 0;
        if (any(3) == 0) return static_cast<std::int64_t>(std::uint64_t{any(0xffffffff)} << 32 | any(0xffffffff));
        return any(0xffffffff);
    };
    error e;
    e.code = static_cast<errc>(likely(last_code));
    e.phase = static_cast<tls::phase>(likely(5));
    constexpr std::array alerts{20, 40, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 80, 115, 116};
    if (any(1) != 0) e.received = static_cast<alert>(any(1) != 0 ? alerts[any(14)] : static_cast<int>(likely(120)));
    if (any(1) != 0) e.sent = static_cast<alert>(likely(120));
    e.native = static_cast<std::int32_t>(any(0xffffffff));
    e.system = any(3) == 0   ? ECONNRESET
               : any(1) == 0 ? static_cast<std::int32_t>(any(133))
                             : static_cast<std::int32_t>(any(0xffffffff));
    if (any(1) != 0) e.backend = "backend";
    if (any(1) != 0) e.native_name = "MBEDTLS_ERR_X509_INVALID_EXTENSIONS + MBEDTLS_ERR_ASN1_UNEXPECTED_TAG";
    e.transferred = any(1) == 0 ? 0 : std::uint64_t{any(0xffffffff)} << any(32);
    e.problem_depth = static_cast<std::uint8_t>(any(1) == 0 ? 0 : any(255));
    for (int c = 0; c <= last_code; ++c)
        if (any(1) != 0) e.problems.add(static_cast<errc>(c));
    e.handshake.version = {static_cast<tls::protocol_version>(any(1) != 0 ? 0x0303 + any(1) : any(0xffff)), source()};
    e.handshake.suite = {
        any(1) != 0 ? tls::known_suites[any(std::size(tls::known_suites) - 1)]
                    : static_cast<tls::cipher_suite>(any(0xffff)),
        source()};
    e.handshake.group = {
        any(1) != 0 ? tls::known_groups[any(std::size(tls::known_groups) - 1)]
                    : static_cast<tls::named_group>(any(0xffff)),
        source()};
    e.handshake.last_received = {static_cast<tls::handshake_message>(likely(24)), source()};
    e.handshake.client_certificate_requested = {any(3) != 0, source()};
    e.handshake.certificates_sent = {static_cast<std::uint16_t>(any(3)), source()};
    e.handshake.signature_sent = {any(1) != 0, source()};
    e.handshake.server_name_sent = {any(1) != 0, source()};
    e.handshake.session_offered = {any(1) != 0, source()};
    tls::accepted_credentials accepts;
    constexpr std::array schemes{
        tls::signature_scheme::ecdsa_secp256r1_sha256, tls::signature_scheme::ecdsa_secp384r1_sha384,
        tls::signature_scheme::rsa_pkcs1_sha256, tls::signature_scheme::rsa_pss_rsae_sha256};
    for (auto& s : accepts.schemes) s = any(1) != 0 ? schemes[any(3)] : static_cast<tls::signature_scheme>(any(0xffff));
    accepts.scheme_count = static_cast<std::uint8_t>(any(1) != 0 ? any(3) : any(255));
    accepts.issuer_count = static_cast<std::uint16_t>(any(0xffff));
    accepts.names_our_issuer = any(3) == 0;
    accepts.key_types = accepts.issuer_count & 3U;
    for (std::size_t i = 0; i != std::size(tls::known_schemes); ++i)
        if ((accepts.issuer_count >> i & 1U) != 0) accepts.known.add(tls::known_schemes[i]);
    accepts.first_issuer = some_text(any(70));
    e.handshake.server_accepts = {accepts, source()};
    e.client.known = any(3) != 0;
    e.client.has_identity = any(3) != 0;
    e.client.has_psk = any(3) == 0;
    e.client.key_is_rsa = any(1) != 0;
    e.client.chain_ends_self_signed = any(1) != 0;
    e.client.may_authenticate = any(1) != 0;
    e.client.key_group_offered = any(1) != 0;
    if (any(2) != 0) e.client.offers_alpn = any(1) != 0;
    e.client.key_scheme = static_cast<tls::signature_scheme>(any(1) != 0 ? 0x0403 : 0x100U * any(6) + 3);
    e.client.chain_size = static_cast<std::uint8_t>(likely(1));
    e.client.lowest_version = static_cast<tls::protocol_version>(0x0303 + any(1));
    e.client.highest_version = static_cast<tls::protocol_version>(0x0303 + any(1));
    for (auto const s : tls::known_suites)
        if (any(3) != 0) e.client.suites.add(s);
    for (auto const g : tls::known_groups)
        if (any(3) != 0) e.client.groups.add(g);
    for (auto const s : tls::known_schemes)
        if (any(3) == 0) e.client.schemes.add(s);
    bool const has_signer = any(1) != 0;
    for (auto const s : tls::known_schemes)
        if (has_signer && any(3) == 0) e.client.signer_schemes.add(s);
    if (auto const seed = accepts.issuer_count; seed % 4 == 0) {
        std::mt19937 of_identities(seed);
        auto const count = 1 + of_identities() % e.client.keys.size();
        for (std::size_t i = 0; i != count; ++i)
            e.client.keys[i] = static_cast<tls::own_key_kind>(1 + of_identities() % 5);
        tls::chosen_identity const chosen{
            static_cast<std::uint8_t>(of_identities() % count), static_cast<std::uint8_t>(count),
            static_cast<tls::identity_reason>(of_identities() % 6)};
        if (seed % 16 != 0) e.handshake.identity = {chosen, tls::fact_source::library};
    }
    e.certificate = {
        time(), time(), some_text(any(70)), some_text(any(70)), any(1) != 0, static_cast<tls::near_match>(any(3))};
    e.certificates_received = static_cast<std::uint8_t>(any(2));
    e.acceptance = any(1) != 0 ? tls::acceptance::accepted : tls::acceptance::unknown;
    e.bytes_read = any(1) != 0 ? 0 : std::uint64_t{any(0xffffffff)} << any(32);
    e.answers = any(3);
    e.clock = time();
    if (any(3) == 0) {
        constexpr std::array<std::string_view, 9> texts{
            "HTTP/1.1 400",  "220 mail",           "scrypt encryption", "Ed25519 key", "reading certificate 1",
            "renegotiation", "CertificateRequest", "KeyUpdate",         "signature"};
        e.about = texts[any(8)];
        return e;
    }
    std::string about(any(100), '\0');
    for (char& c : about) c = static_cast<char>(any(255));
    e.about = std::string_view(about);
    return e;
}

} // namespace unit
