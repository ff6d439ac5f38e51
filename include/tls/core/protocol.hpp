// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/core/version.hpp>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <span>
#include <string_view>
#include <type_traits>

namespace tls {

/// A protocol version, by its number on the wire.
enum class protocol_version : std::uint16_t {
    tls_1_2 = 0x0303, ///< RFC 5246
    tls_1_3 = 0x0304, ///< RFC 8446
};

/// "TLS 1.2" or "TLS 1.3"; "unknown version" for a number that is neither.
[[nodiscard]] constexpr std::string_view name(protocol_version v) noexcept {
    switch (v) {
    case protocol_version::tls_1_2: return "TLS 1.2";
    case protocol_version::tls_1_3: return "TLS 1.3";
    }
    return "unknown version";
}

/// A cipher suite, by its IANA number.
///
/// The named values are what twintls offers: ECDHE with AEAD only (RFC 8446 B.4, RFC 5289, RFC 7905). The last one only
/// with a pre-shared key.
enum class cipher_suite : std::uint16_t {
    aes_128_gcm_sha256 = 0x1301,
    aes_256_gcm_sha384 = 0x1302,
    chacha20_poly1305_sha256 = 0x1303,
    ecdhe_ecdsa_aes_128_gcm_sha256 = 0xc02b,
    ecdhe_ecdsa_aes_256_gcm_sha384 = 0xc02c,
    ecdhe_rsa_aes_128_gcm_sha256 = 0xc02f,
    ecdhe_rsa_aes_256_gcm_sha384 = 0xc030,
    ecdhe_rsa_chacha20_poly1305_sha256 = 0xcca8,
    ecdhe_ecdsa_chacha20_poly1305_sha256 = 0xcca9,
    ecdhe_psk_chacha20_poly1305_sha256 = 0xccac,
};

/// The IANA name of a suite, for example "TLS_AES_128_GCM_SHA256"; "unknown suite" for one twintls does not offer.
[[nodiscard]] constexpr std::string_view name(cipher_suite s) noexcept {
    switch (s) {
    case cipher_suite::aes_128_gcm_sha256: return "TLS_AES_128_GCM_SHA256";
    case cipher_suite::aes_256_gcm_sha384: return "TLS_AES_256_GCM_SHA384";
    case cipher_suite::chacha20_poly1305_sha256: return "TLS_CHACHA20_POLY1305_SHA256";
    case cipher_suite::ecdhe_ecdsa_aes_128_gcm_sha256: return "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256";
    case cipher_suite::ecdhe_ecdsa_aes_256_gcm_sha384: return "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384";
    case cipher_suite::ecdhe_rsa_aes_128_gcm_sha256: return "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256";
    case cipher_suite::ecdhe_rsa_aes_256_gcm_sha384: return "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384";
    case cipher_suite::ecdhe_rsa_chacha20_poly1305_sha256: return "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256";
    case cipher_suite::ecdhe_ecdsa_chacha20_poly1305_sha256: return "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256";
    case cipher_suite::ecdhe_psk_chacha20_poly1305_sha256: return "TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256";
    }
    return "unknown suite";
}

/// A key exchange group, by its IANA number.
enum class named_group : std::uint16_t {
    secp256r1 = 23,
    secp384r1 = 24,
    secp521r1 = 25,
    x25519 = 29,
    x25519mlkem768 = 4588, ///< ML-KEM-768 beside X25519, for TLS 1.3 alone; offered only by a client that names it
};

/// The IANA name of a group; "unknown group" for one twintls does not offer.
[[nodiscard]] constexpr std::string_view name(named_group g) noexcept {
    switch (g) {
    case named_group::secp256r1: return "secp256r1";
    case named_group::secp384r1: return "secp384r1";
    case named_group::secp521r1: return "secp521r1";
    case named_group::x25519: return "x25519";
    case named_group::x25519mlkem768: return "X25519MLKEM768";
    }
    return "unknown group";
}

/// The suites twintls knows, in its default order of preference. Which are offered by default depends on
/// `is_for_certificates` and `is_for_pre_shared_keys`.
inline constexpr cipher_suite known_suites[] = {
    cipher_suite::aes_128_gcm_sha256,
    cipher_suite::aes_256_gcm_sha384,
    cipher_suite::chacha20_poly1305_sha256,
    cipher_suite::ecdhe_ecdsa_aes_128_gcm_sha256,
    cipher_suite::ecdhe_rsa_aes_128_gcm_sha256,
    cipher_suite::ecdhe_ecdsa_aes_256_gcm_sha384,
    cipher_suite::ecdhe_rsa_aes_256_gcm_sha384,
    cipher_suite::ecdhe_ecdsa_chacha20_poly1305_sha256,
    cipher_suite::ecdhe_rsa_chacha20_poly1305_sha256,
    cipher_suite::ecdhe_psk_chacha20_poly1305_sha256};
/// The groups twintls knows. The first four are offered by default, in this order.
inline constexpr named_group known_groups[] = {
    named_group::x25519, named_group::secp256r1, named_group::secp384r1, named_group::secp521r1,
    named_group::x25519mlkem768};
inline constexpr std::span<named_group const> groups_by_default = std::span(known_groups).first(4);

/// True for a group that TLS 1.2 does not have.
[[nodiscard]] constexpr bool is_only_for_tls_1_3(named_group g) noexcept { return g == named_group::x25519mlkem768; }

/// True for a suite of TLS 1.3 (RFC 8446 B.4), false for one of TLS 1.2.
[[nodiscard]] constexpr bool is_tls_1_3(cipher_suite s) noexcept { return (static_cast<unsigned>(s) >> 8) == 0x13; }

/// The only version a suite can be negotiated in.
[[nodiscard]] constexpr protocol_version version_of(cipher_suite s) noexcept {
    return is_tls_1_3(s) ? protocol_version::tls_1_3 : protocol_version::tls_1_2;
}

/// True for a suite in which the server shows a certificate; in TLS 1.3 suites do not say.
[[nodiscard]] constexpr bool is_for_certificates(cipher_suite s) noexcept {
    return s != cipher_suite::ecdhe_psk_chacha20_poly1305_sha256;
}

/// True for a suite that goes with a pre-shared key: in TLS 1.3 such a key is bound to one hash (RFC 8446 section
/// 4.2.11), which here is SHA-256.
[[nodiscard]] constexpr bool is_for_pre_shared_keys(cipher_suite s) noexcept {
    return s == cipher_suite::aes_128_gcm_sha256 || s == cipher_suite::chacha20_poly1305_sha256 ||
           s == cipher_suite::ecdhe_psk_chacha20_poly1305_sha256;
}

/// A set of values out of a list of known ones; others are left out. Trivially copyable, two bytes.
template <auto const& Known> class known_set {
public:
    using value_type = std::remove_cvref_t<decltype(Known[0])>;

    constexpr known_set() noexcept = default;
    constexpr known_set(std::initializer_list<value_type> values) noexcept {
        for (value_type const v : values) add(v);
    }

    constexpr void add(value_type v) noexcept {
        for (std::size_t i = 0; i < std::size(Known); ++i)
            if (Known[i] == v) bits_ = static_cast<std::uint16_t>(bits_ | (1U << i));
    }
    [[nodiscard]] constexpr bool has(value_type v) const noexcept {
        for (std::size_t i = 0; i < std::size(Known); ++i)
            if (Known[i] == v) return (bits_ & (1U << i)) != 0;
        return false;
    }
    [[nodiscard]] constexpr bool empty() const noexcept { return bits_ == 0; }
    friend constexpr bool operator==(known_set, known_set) noexcept = default;

private:
    static_assert(std::size(Known) <= 16);
    std::uint16_t bits_ = 0;
};
using suite_set = known_set<known_suites>;
using group_set = known_set<known_groups>;

/// A signature algorithm, by its IANA number (RFC 8446 section 4.2.3; in TLS 1.2 the number is hash and signature).
enum class signature_scheme : std::uint16_t {
    rsa_pkcs1_sha1 = 0x0201,
    ecdsa_sha1 = 0x0203,
    rsa_pkcs1_sha224 = 0x0301,
    ecdsa_sha224 = 0x0303,
    rsa_pkcs1_sha256 = 0x0401,
    ecdsa_secp256r1_sha256 = 0x0403,
    rsa_pkcs1_sha384 = 0x0501,
    ecdsa_secp384r1_sha384 = 0x0503,
    rsa_pkcs1_sha512 = 0x0601,
    ecdsa_secp521r1_sha512 = 0x0603,
    rsa_pss_rsae_sha256 = 0x0804,
    rsa_pss_rsae_sha384 = 0x0805,
    rsa_pss_rsae_sha512 = 0x0806,
    ed25519 = 0x0807,
    ed448 = 0x0808,
    rsa_pss_pss_sha256 = 0x0809,
    rsa_pss_pss_sha384 = 0x080a,
    rsa_pss_pss_sha512 = 0x080b,
};

/// The IANA name of a scheme; "unknown scheme" for any other number.
[[nodiscard]] constexpr std::string_view name(signature_scheme s) noexcept {
    switch (s) {
    case signature_scheme::rsa_pkcs1_sha1: return "rsa_pkcs1_sha1";
    case signature_scheme::ecdsa_sha1: return "ecdsa_sha1";
    case signature_scheme::rsa_pkcs1_sha224: return "rsa_pkcs1_sha224";
    case signature_scheme::ecdsa_sha224: return "ecdsa_sha224";
    case signature_scheme::rsa_pkcs1_sha256: return "rsa_pkcs1_sha256";
    case signature_scheme::ecdsa_secp256r1_sha256: return "ecdsa_secp256r1_sha256";
    case signature_scheme::rsa_pkcs1_sha384: return "rsa_pkcs1_sha384";
    case signature_scheme::ecdsa_secp384r1_sha384: return "ecdsa_secp384r1_sha384";
    case signature_scheme::rsa_pkcs1_sha512: return "rsa_pkcs1_sha512";
    case signature_scheme::ecdsa_secp521r1_sha512: return "ecdsa_secp521r1_sha512";
    case signature_scheme::rsa_pss_rsae_sha256: return "rsa_pss_rsae_sha256";
    case signature_scheme::rsa_pss_rsae_sha384: return "rsa_pss_rsae_sha384";
    case signature_scheme::rsa_pss_rsae_sha512: return "rsa_pss_rsae_sha512";
    case signature_scheme::ed25519: return "ed25519";
    case signature_scheme::ed448: return "ed448";
    case signature_scheme::rsa_pss_pss_sha256: return "rsa_pss_pss_sha256";
    case signature_scheme::rsa_pss_pss_sha384: return "rsa_pss_pss_sha384";
    case signature_scheme::rsa_pss_pss_sha512: return "rsa_pss_pss_sha512";
    }
    return "unknown scheme";
}

/// The signature schemes twintls knows how to ask for, in its default order of preference: without SHA-1 and SHA-224.
/// Those of RSA with PKCS#1 v1.5 are for TLS 1.2, and in TLS 1.3 for certificates only.
inline constexpr signature_scheme known_schemes[] = {
    signature_scheme::ecdsa_secp256r1_sha256, signature_scheme::ecdsa_secp384r1_sha384,
    signature_scheme::ecdsa_secp521r1_sha512, signature_scheme::rsa_pss_rsae_sha256,
    signature_scheme::rsa_pss_rsae_sha384,    signature_scheme::rsa_pss_rsae_sha512,
    signature_scheme::rsa_pkcs1_sha256,       signature_scheme::rsa_pkcs1_sha384,
    signature_scheme::rsa_pkcs1_sha512};
using scheme_set = known_set<known_schemes>;

/// True for a scheme of an EC key.
[[nodiscard]] constexpr bool is_ecdsa(signature_scheme s) noexcept {
    switch (s) {
    case signature_scheme::ecdsa_sha1:
    case signature_scheme::ecdsa_sha224:
    case signature_scheme::ecdsa_secp256r1_sha256:
    case signature_scheme::ecdsa_secp384r1_sha384:
    case signature_scheme::ecdsa_secp521r1_sha512: return true;
    default: return false;
    }
}

/// True for a scheme that may sign a TLS 1.3 handshake (RFC 8446 section 4.2.3): no RSA with PKCS#1 v1.5, no SHA-1, no
/// SHA-224.
[[nodiscard]] constexpr bool is_for_tls_1_3(signature_scheme s) noexcept {
    switch (s) {
    case signature_scheme::rsa_pkcs1_sha1:
    case signature_scheme::ecdsa_sha1:
    case signature_scheme::rsa_pkcs1_sha224:
    case signature_scheme::ecdsa_sha224:
    case signature_scheme::rsa_pkcs1_sha256:
    case signature_scheme::rsa_pkcs1_sha384:
    case signature_scheme::rsa_pkcs1_sha512: return false;
    default: return true;
    }
}

/// The handshake messages a client sends or receives, by their numbers on the wire (RFC 8446 section 4).
enum class handshake_message : std::uint8_t {
    hello_request = 0,
    client_hello = 1,
    server_hello = 2,
    new_session_ticket = 4,
    end_of_early_data = 5,
    encrypted_extensions = 8,
    certificate = 11,
    server_key_exchange = 12,
    certificate_request = 13,
    server_hello_done = 14,
    certificate_verify = 15,
    client_key_exchange = 16,
    finished = 20,
    certificate_status = 22,
    key_update = 24,
};

/// The name a handshake message has in the RFCs, for example "ServerHello"; "unknown message" for any other number.
[[nodiscard]] constexpr std::string_view name(handshake_message m) noexcept {
    switch (m) {
    case handshake_message::hello_request: return "HelloRequest";
    case handshake_message::client_hello: return "ClientHello";
    case handshake_message::server_hello: return "ServerHello";
    case handshake_message::new_session_ticket: return "NewSessionTicket";
    case handshake_message::end_of_early_data: return "EndOfEarlyData";
    case handshake_message::encrypted_extensions: return "EncryptedExtensions";
    case handshake_message::certificate: return "Certificate";
    case handshake_message::server_key_exchange: return "ServerKeyExchange";
    case handshake_message::certificate_request: return "CertificateRequest";
    case handshake_message::server_hello_done: return "ServerHelloDone";
    case handshake_message::certificate_verify: return "CertificateVerify";
    case handshake_message::client_key_exchange: return "ClientKeyExchange";
    case handshake_message::finished: return "Finished";
    case handshake_message::certificate_status: return "CertificateStatus";
    case handshake_message::key_update: return "KeyUpdate";
    }
    return "unknown message";
}

} // namespace tls
