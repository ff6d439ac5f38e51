// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/configuration/offer.hpp>
#include <tls/connection/backend.hpp>
#include <tls/core/bytes.hpp>
#include <tls/mbedtls/context.hpp>
#include <tls/mbedtls/errors.hpp>
#include <tls/mbedtls/impl/callbacks.hpp>
#include <tls/mbedtls/impl/diagnostics.hpp>
#include <tls/mbedtls/impl/identity.ipp>
#include <tls/mbedtls/impl/native.hpp>
#include <tls/mbedtls/impl/private_access.hpp>
#include <tls/mbedtls/library.hpp>

#include <array>
#include <cstdint>
#include <iterator>

namespace tls::detail {

/// At most so many numbers and a zero; `seam::offered_list` has no more than one besides those that are known.
template <class Number, std::size_t Known> class zero_ended {
public:
    void push_back(Number n) noexcept {
        if (count_ <= Known) numbers_[count_++] = n;
    }
    [[nodiscard]] Number const* data() const noexcept { return numbers_.data(); }

private:
    std::array<Number, Known + 2> numbers_{};
    std::size_t count_ = 0;
};

/// The C objects of one client, or of one of the identities of a client that has several: a configuration of Mbed TLS
/// has one that its clients send. They point at each other and at the settings: never moved, freed in reverse order.
struct mbedtls_shared {
    mbedtls_shared(seam::shared<settings const> s, std::size_t which) noexcept
        : configuration(std::move(s)),
          identity(which) {
        mbedtls_x509_crt_init(&chain);
        mbedtls_pk_init(&key);
        mbedtls_ssl_config_init(&config);
    }
    mbedtls_shared(mbedtls_shared const&) = delete;
    mbedtls_shared& operator=(mbedtls_shared const&) = delete;
    ~mbedtls_shared() {
        mbedtls_ssl_config_free(&config);
        mbedtls_pk_free(&key);
        mbedtls_x509_crt_free(&chain);
    }

    seam::shared<settings const> configuration; // the certificates are read in place, not copied
    std::size_t identity;                       // its place among those of the settings
    mbedtls_x509_crt chain;
    mbedtls_pk_context key;
    mbedtls_ssl_config config;
    // Mbed TLS keeps pointers to these lists, each ended by a zero.
    zero_ended<int, std::size(known_suites)> suites;
    zero_ended<std::uint16_t, std::size(known_groups)> groups;
    zero_ended<std::uint16_t, std::size(known_schemes)> schemes;
    seam::array<char const*> alpn;
    seam::owned<mbedtls_shared> next; // the same with the next identity
};

namespace mbedtls_setup {

[[nodiscard]] inline std::unexpected<error> failure(errc code, int native, std::string_view about = {}) noexcept {
    return seam::refused_setting(mbedtls_name, code, native, about);
}

[[nodiscard]] constexpr bool supports_group(named_group g) noexcept {
    switch (g) {
    case named_group::x25519: return mbedtls_supports(feature::x25519);
    case named_group::secp256r1:
#if defined(MBEDTLS_ECP_DP_SECP256R1_ENABLED)
        return true;
#else
        return false;
#endif
    case named_group::secp384r1:
#if defined(MBEDTLS_ECP_DP_SECP384R1_ENABLED)
        return true;
#else
        return false;
#endif
    case named_group::secp521r1:
#if defined(MBEDTLS_ECP_DP_SECP521R1_ENABLED)
        return true;
#else
        return false;
#endif
    case named_group::x25519mlkem768: return false; // no Mbed TLS 3.6 has it
    }
    return false;
}

[[nodiscard]] inline result<void> versions(mbedtls_shared& m) noexcept {
    settings const& s = *m.configuration;
    bool const wants_1_3 = s.highest_version >= protocol_version::tls_1_3;
    if (s.lowest_version >= protocol_version::tls_1_3 && !mbedtls_supports(feature::tls_1_3))
        return failure(errc::unsupported, 0, "TLS 1.3");
    mbedtls_ssl_conf_min_tls_version(
        &m.config,
        s.lowest_version >= protocol_version::tls_1_3 ? MBEDTLS_SSL_VERSION_TLS1_3 : MBEDTLS_SSL_VERSION_TLS1_2);
    mbedtls_ssl_conf_max_tls_version(
        &m.config,
        wants_1_3 && mbedtls_supports(feature::tls_1_3) ? MBEDTLS_SSL_VERSION_TLS1_3 : MBEDTLS_SSL_VERSION_TLS1_2);
    return {};
}

[[nodiscard]] inline result<void> suites_and_groups(mbedtls_shared& m) noexcept {
    settings const& s = *m.configuration;
    auto const missing_suites = seam::offer_suites(s, [&](cipher_suite suite) noexcept {
        bool const known = mbedtls_ssl_ciphersuite_from_id(static_cast<int>(suite)) != nullptr;
        if (known) m.suites.push_back(static_cast<int>(suite));
        return known;
    });
    if (!missing_suites.empty()) return failure(errc::unsupported, 0, missing_suites);
    mbedtls_ssl_conf_ciphersuites(&m.config, m.suites.data());

    auto const missing_groups = seam::offer_groups(s, [&](named_group g) noexcept {
        bool const known = supports_group(g);
        if (known) m.groups.push_back(static_cast<std::uint16_t>(g));
        return known;
    });
    if (!missing_groups.empty()) return failure(errc::unsupported, 0, missing_groups);
    mbedtls_ssl_conf_groups(&m.config, m.groups.data());
    return {};
}

/// Whether the library offers a scheme when it is in its list. Releases as they are published leave RSA-PSS out of a
/// hello for TLS 1.2 alone.
[[nodiscard]] constexpr bool offers_scheme([[maybe_unused]] settings const& s, signature_scheme scheme) noexcept {
    switch (scheme) {
    case signature_scheme::rsa_pss_rsae_sha256:
    case signature_scheme::rsa_pss_rsae_sha384:
    case signature_scheme::rsa_pss_rsae_sha512:
#if !defined(MBEDTLS_PKCS1_V21)
        return false;
#elif defined(TWINTLS_MBEDTLS_SIGNATURE_SCHEMES)
        return true;
#else
        return s.highest_version >= protocol_version::tls_1_3 && mbedtls_supports(feature::tls_1_3);
#endif
    case signature_scheme::rsa_pkcs1_sha256:
    case signature_scheme::rsa_pkcs1_sha384:
    case signature_scheme::rsa_pkcs1_sha512:
#if defined(MBEDTLS_PKCS1_V15)
        return true;
#else
        return false;
#endif
    case signature_scheme::ecdsa_secp256r1_sha256: return supports_group(named_group::secp256r1);
    case signature_scheme::ecdsa_secp384r1_sha384: return supports_group(named_group::secp384r1);
    case signature_scheme::ecdsa_secp521r1_sha512: return supports_group(named_group::secp521r1);
    default: return false;
    }
}

[[nodiscard]] inline result<void> signature_schemes(mbedtls_shared& m) noexcept {
    settings const& s = *m.configuration;
    auto const missing = seam::offer_schemes(s, [&](signature_scheme scheme) noexcept {
        bool const known = offers_scheme(s, scheme);
        if (known) m.schemes.push_back(static_cast<std::uint16_t>(scheme));
        return known;
    });
    if (!missing.empty()) return failure(errc::unsupported, 0, missing);
    mbedtls_ssl_conf_sig_algs(&m.config, m.schemes.data());
    return {};
}

[[nodiscard]] inline result<void> application_protocols(mbedtls_shared& m) noexcept {
    settings const& s = *m.configuration;
    if (s.alpn.empty()) return {};
#if defined(MBEDTLS_SSL_ALPN)
    bool listed = true;
    for (std::size_t i = 0; i != s.alpn.size(); ++i) listed = listed && m.alpn.push_back(s.alpn[i].data());
    if (!listed || !m.alpn.push_back(nullptr)) return failure(errc::out_of_memory, 0);
    if (int const code = mbedtls_ssl_conf_alpn_protocols(&m.config, m.alpn.data()); code != 0)
        return failure(errc::bad_alpn, code, s.alpn[0]);
    return {};
#else
    return failure(errc::unsupported, 0, "ALPN");
#endif
}

[[nodiscard]] inline result<void> record_sizes([[maybe_unused]] mbedtls_shared& m) noexcept {
#if defined(MBEDTLS_SSL_MAX_FRAGMENT_LENGTH)
    settings const& s = *m.configuration;
    if (!s.further || s.further->max_fragment == 0) return {};
#    if !defined(TWINTLS_MBEDTLS_MAX_FRAGMENT)
    if (s.highest_version >= protocol_version::tls_1_3 && mbedtls_supports(feature::tls_1_3))
        return failure(errc::unsupported, 0, "a maximum fragment length with TLS 1.3");
    if (s.identity) return failure(errc::unsupported, 0, "a maximum fragment length for our own certificate");
#    endif
    int const code = mbedtls_ssl_conf_max_frag_len(&m.config, limits::fragment_code(s.further->max_fragment));
    if (code != 0) return failure(errc::unsupported, code, "a maximum fragment length above the library's buffers");
#endif
    return {};
}

[[nodiscard]] inline result<void> own_identity(mbedtls_shared& m) noexcept {
    settings const& s = *m.configuration;
    if (s.psk) return s.psk.calls->use(&m.config, s);
    if (!s.identity) return {};
    seam::own_identity const ours = seam::identity_at(s, m.identity);
    if (auto const done = mbedtls_identity::load(ours, m.chain, m.key, m.config); !done)
        return std::unexpected(seam::about_identity(s, m.identity, done.error()));
    // Where something else signs, the library knows the kind and size of the key from the public one.
    auto* const key = ours.signing.calls != nullptr ? &m.chain.pk : &m.key;
    int const code = mbedtls_ssl_conf_own_cert(&m.config, &m.chain, key);
    if (code != 0) return failure(errc::out_of_memory, code);
    return {};
}

/// All of it, in the library's right order.
[[nodiscard]] inline result<void> configure(mbedtls_shared& m) noexcept {
    int const code = mbedtls_ssl_config_defaults(
        &m.config, MBEDTLS_SSL_IS_CLIENT, MBEDTLS_SSL_TRANSPORT_STREAM, MBEDTLS_SSL_PRESET_DEFAULT);
    if (code != 0) return failure(errc::out_of_memory, code);
    mbedtls_diagnostics::start_log(m.config, m.configuration);
    mbedtls_ssl_conf_rng(&m.config, mbedtls_callbacks::draw, nullptr);
    // The library judges no chain: the engine does it, after the step that reads the server's certificates.
    mbedtls_ssl_conf_authmode(&m.config, MBEDTLS_SSL_VERIFY_NONE);
#if defined(MBEDTLS_SSL_SESSION_TICKETS)
    mbedtls_ssl_conf_session_tickets(&m.config, MBEDTLS_SSL_SESSION_TICKETS_DISABLED);
#endif
#if defined(MBEDTLS_SSL_ENCRYPT_THEN_MAC)
    mbedtls_ssl_conf_encrypt_then_mac(&m.config, MBEDTLS_SSL_ETM_DISABLED); // no AEAD needs it
#endif
#if defined(MBEDTLS_SSL_PROTO_TLS1_3)
    // A resumed session has fresh keys of its own, as a new one would. Said even where none is resumed: some servers
    // issue tickets to nobody else, and a ticket is a server's first word after it has judged our certificate.
    mbedtls_ssl_conf_tls13_key_exchange_modes(&m.config, MBEDTLS_SSL_TLS1_3_KEY_EXCHANGE_MODE_EPHEMERAL_ALL);
#endif
    if (auto const* const resumes = m.configuration->resumption.calls)
        resumes->backend.configure(&m.config, *m.configuration);
#if defined(MBEDTLS_SSL_RENEGOTIATION)
    mbedtls_ssl_conf_renegotiation(&m.config, MBEDTLS_SSL_RENEGOTIATION_DISABLED);
#endif
    for (auto* const apply :
         {versions, suites_and_groups, signature_schemes, application_protocols, record_sizes, own_identity})
        if (auto const done = apply(m); !done) return std::unexpected(done.error());
    return {};
}

} // namespace mbedtls_setup

TWINTLS_DECL result<mbedtls_context> mbedtls_context::make(seam::shared<settings const> s) noexcept {
    using namespace mbedtls_setup;
    if (auto const& ready = mbedtls_library(); !ready) return std::unexpected(ready.error());
    auto shared = seam::shared<mbedtls_shared>::make(seam::shared(s), std::size_t{0});
    if (!shared) return failure(errc::out_of_memory, 0);
    if (auto const done = configure(*shared); !done) return std::unexpected(done.error());
    mbedtls_shared* last = shared.get();
    for (std::size_t i = 1; i < seam::identity_count(*s); ++i) {
        last->next = seam::make_owned<mbedtls_shared>(seam::shared(s), i);
        if (!last->next) return failure(errc::out_of_memory, 0);
        last = last->next.get();
        if (auto const done = configure(*last); !done) return std::unexpected(done.error());
    }
    return mbedtls_context(std::move(shared));
}

TWINTLS_DECL settings const& mbedtls_context::configuration() const noexcept { return *shared_->configuration; }

TWINTLS_DECL void mbedtls_context::forget_blinding() const noexcept {
    for (mbedtls_shared const* m = shared_.get(); m != nullptr; m = m->next.get())
        mbedtls_private::forget_blinding(m->key);
}

TWINTLS_DECL mbedtls_ssl_config const* mbedtls_context::config(std::size_t identity) const noexcept {
    mbedtls_shared const* m = shared_.get();
    while (m->identity != identity) m = m->next.get();
    return &m->config;
}

} // namespace tls::detail
