// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/configuration/offer.hpp>
#include <tls/connection/backend.hpp>
#include <tls/core/bytes.hpp>
#include <tls/wolfssl/context.hpp>
#include <tls/wolfssl/errors.hpp>
#include <tls/wolfssl/impl/callbacks.hpp>
#include <tls/wolfssl/impl/diagnostics.hpp>
#include <tls/wolfssl/impl/identity.ipp>
#include <tls/wolfssl/impl/native.hpp>
#include <tls/wolfssl/library.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

namespace tls::detail {

namespace wolfssl_setup {

struct ctx_deleter {
    void operator()(WOLFSSL_CTX* ctx) const noexcept { wolfSSL_CTX_free(ctx); }
};
using ctx_owner = std::unique_ptr<WOLFSSL_CTX, ctx_deleter>;

[[nodiscard]] inline std::unexpected<error> failure(errc code, int native, std::string_view about = {}) noexcept {
    return seam::refused_setting(wolfssl_name, code, native, about);
}

/// wolfSSL's own name of a suite; its list of suites is a text.
[[nodiscard]] constexpr char const* suite_name(cipher_suite s) noexcept {
    switch (s) {
    case cipher_suite::aes_128_gcm_sha256: return "TLS13-AES128-GCM-SHA256";
    case cipher_suite::aes_256_gcm_sha384: return "TLS13-AES256-GCM-SHA384";
    case cipher_suite::chacha20_poly1305_sha256: return "TLS13-CHACHA20-POLY1305-SHA256";
    case cipher_suite::ecdhe_ecdsa_aes_128_gcm_sha256: return "ECDHE-ECDSA-AES128-GCM-SHA256";
    case cipher_suite::ecdhe_ecdsa_aes_256_gcm_sha384: return "ECDHE-ECDSA-AES256-GCM-SHA384";
    case cipher_suite::ecdhe_rsa_aes_128_gcm_sha256: return "ECDHE-RSA-AES128-GCM-SHA256";
    case cipher_suite::ecdhe_rsa_aes_256_gcm_sha384: return "ECDHE-RSA-AES256-GCM-SHA384";
    case cipher_suite::ecdhe_rsa_chacha20_poly1305_sha256: return "ECDHE-RSA-CHACHA20-POLY1305";
    case cipher_suite::ecdhe_ecdsa_chacha20_poly1305_sha256: return "ECDHE-ECDSA-CHACHA20-POLY1305";
    case cipher_suite::ecdhe_psk_chacha20_poly1305_sha256: return "ECDHE-PSK-CHACHA20-POLY1305";
    }
    return nullptr;
}

/// wolfSSL's number of a group; 0 for one that this build lacks.
[[nodiscard]] constexpr int group_number(named_group g) noexcept {
    switch (g) {
    case named_group::secp256r1: return WOLFSSL_ECC_SECP256R1;
    case named_group::secp384r1:
#if defined(HAVE_ECC384) || defined(HAVE_ALL_CURVES)
        return WOLFSSL_ECC_SECP384R1;
#else
        return 0;
#endif
    case named_group::secp521r1:
#if defined(HAVE_ECC521) || defined(HAVE_ALL_CURVES)
        return WOLFSSL_ECC_SECP521R1;
#else
        return 0;
#endif
    case named_group::x25519mlkem768:
#if defined(WOLFSSL_HAVE_MLKEM) && defined(WOLFSSL_PQC_HYBRIDS) && !defined(WOLFSSL_NO_ML_KEM) &&                      \
    !defined(WOLFSSL_NO_ML_KEM_768) && defined(HAVE_CURVE25519) && defined(WOLFSSL_TLS13)
        return WOLFSSL_X25519MLKEM768;
#else
        return 0;
#endif
    case named_group::x25519: return wolfssl_supports(feature::x25519) ? WOLFSSL_ECC_X25519 : 0;
    }
    return 0;
}

[[nodiscard]] inline WOLFSSL_METHOD* method(settings const& s) noexcept {
    if (s.highest_version == protocol_version::tls_1_2) return wolfTLSv1_2_client_method();
#if defined(WOLFSSL_TLS13)
    if (s.lowest_version == protocol_version::tls_1_3) return wolfTLSv1_3_client_method();
#endif
    return wolfSSLv23_client_method();
}

[[nodiscard]] inline result<void> suites_and_groups(WOLFSSL_CTX* ctx, settings const& s) noexcept {
    seam::array<char> list;
    bool has_memory = true;
    auto const missing_suites = seam::offer_suites(s, [&](cipher_suite suite) noexcept {
        char const* const library_name = suite_name(suite);
        byte first = 0;
        byte second = 0;
        int flags = 0;
        // The list silently skips a name that the build does not know, so ask first.
        bool const known =
            library_name != nullptr && wolfSSL_get_cipher_suite_from_name(library_name, &first, &second, &flags) == 0;
        if (!known) return false;
        has_memory = has_memory && (list.empty() || list.push_back(':')) &&
                     list.append(std::span(std::string_view(library_name)));
        return true;
    });
    if (!missing_suites.empty()) return failure(errc::unsupported, 0, missing_suites);
    if (!has_memory || !list.push_back('\0')) return failure(errc::out_of_memory, 0);
    if (int const code = wolfSSL_CTX_set_cipher_list(ctx, list.data()); code != WOLFSSL_SUCCESS)
        return failure(errc::bad_configuration, code, "cipher suites");

    std::array<int, WOLFSSL_MAX_GROUP_COUNT> numbers{};
    int count = 0;
    auto const missing_groups = seam::offer_groups(s, [&](named_group g) noexcept {
        int const number = group_number(g);
        bool const known = number != 0 && count < WOLFSSL_MAX_GROUP_COUNT;
        if (known) numbers[static_cast<std::size_t>(count++)] = number;
        return known;
    });
    if (!missing_groups.empty()) return failure(errc::unsupported, 0, missing_groups);
    if (int const code = wolfSSL_CTX_set_groups(ctx, numbers.data(), count); code != WOLFSSL_SUCCESS)
        return failure(errc::bad_configuration, code, "groups");
    return {};
}

/// wolfSSL has a call for this list only in its OpenSSL layer; our own build has one of its own.
[[nodiscard]] inline result<void> signature_schemes([[maybe_unused]] WOLFSSL_CTX* ctx, settings const& s) noexcept {
#if defined(TWINTLS_WOLFSSL_SIGNATURE_SCHEMES)
    std::array<unsigned char, 2 * std::size(known_schemes)> list;
    unsigned short size = 0;
    auto const missing = seam::offer_schemes(s, [&](signature_scheme scheme) noexcept {
        auto const number = static_cast<unsigned>(scheme);
        list[size++] = static_cast<unsigned char>(number >> 8U);
        list[size++] = static_cast<unsigned char>(number & 0xffU);
        return true;
    });
    if (!missing.empty()) return failure(errc::unsupported, 0, missing);
    if (int const code = TwintlsSetSignatureSchemes(ctx, list.data(), size); code != WOLFSSL_SUCCESS)
        return failure(errc::bad_configuration, code, "signature schemes");
#else
    if (s.exactly_these_schemes != nullptr) return failure(errc::unsupported, 0, "signature schemes");
#endif
    return {};
}

[[nodiscard]] inline result<void> record_sizes(
    [[maybe_unused]] WOLFSSL_CTX* ctx, [[maybe_unused]] settings const& s,
    [[maybe_unused]] std::size_t identity) noexcept {
#if defined(HAVE_MAX_FRAGMENT)
    if (!s.further || s.further->max_fragment == 0) return {};
    // Under TLS 1.3 the library cuts our certificates, and not the message with our signature.
    constexpr std::size_t beside_it =
        4 + 2 + 2 + 1; // RFC 8446 section 4.4.3: header, scheme, length; the record's type
    if (s.identity && s.highest_version >= protocol_version::tls_1_3) {
        auto const& leaf = seam::identity_at(s, identity).who.leaf();
        bool const is_rsa = leaf.public_key_kind() == x509::public_key_kind::rsa;
        if (is_rsa && leaf.key_bits() / 8 + beside_it > s.further->max_fragment)
            return std::unexpected(seam::about_identity(
                s, identity, failure(errc::unsupported, 0, "a maximum fragment length below our signature's").error()));
    }
    int const code = wolfSSL_CTX_UseMaxFragment(ctx, limits::fragment_code(s.further->max_fragment));
    if (code != WOLFSSL_SUCCESS) return failure(errc::out_of_memory, code);
#endif
    return {};
}

/// Writes the protocols with commas between them; false if memory ran out.
[[nodiscard]] inline bool list_protocols(seam::array<char>& into, settings const& s) noexcept {
    for (std::size_t i = 0; i != s.alpn.size(); ++i) {
        if (i != 0 && !into.push_back(',')) return false;
        if (!into.append(std::span(s.alpn[i]))) return false;
    }
    return true;
}

/// A WOLFSSL_CTX with all settings applied, and the identity of this number, if there is one. An object made from it
/// takes a copy of its certificate and key.
[[nodiscard]] inline result<ctx_owner> make_ctx(settings const& s, std::size_t identity) noexcept {
    wolfssl_diagnostics::log_scope const log(s);
    ctx_owner owner(wolfSSL_CTX_new(method(s)));
    WOLFSSL_CTX* const ctx = owner.get();
    if (ctx == nullptr) return failure(errc::out_of_memory, 0);

    wolfSSL_CTX_set_verify(ctx, WOLFSSL_VERIFY_PEER, wolfssl_callbacks::verify);
    wolfSSL_CTX_SetMinVersion(ctx, s.lowest_version == protocol_version::tls_1_3 ? WOLFSSL_TLSV1_3 : WOLFSSL_TLSV1_2);
    // Key sizes are judged in the core, and only on the path; the library would refuse a weak key beside it.
    (void)wolfSSL_CTX_SetMinRsaKey_Sz(ctx, 0);
    (void)wolfSSL_CTX_SetMinEccKey_Sz(ctx, 0);
    if (s.resumption.calls != nullptr)
        s.resumption.calls->backend.configure(ctx, s);
    else
        (void)wolfSSL_CTX_set_session_cache_mode(ctx, WOLFSSL_SESS_CACHE_OFF);
    if (s.further && s.further->stapling.can_ask())
        if (auto const done = s.further->stapling.calls->receive(ctx); !done) return std::unexpected(done.error());
#if defined(WOLFSSL_TLS13) && defined(HAVE_SUPPORTED_CURVES)
    // A resumed session has fresh keys of its own, as a new one would. Said even where none is resumed: some servers
    // issue tickets to nobody else, and a ticket is a server's first word after it has judged our certificate.
    if (s.highest_version >= protocol_version::tls_1_3) (void)wolfSSL_CTX_only_dhe_psk(ctx);
#endif
    if (auto const done = suites_and_groups(ctx, s); !done) return std::unexpected(done.error());
    if (auto const done = record_sizes(ctx, s, identity); !done) return std::unexpected(done.error());
    if (s.identity)
        if (auto const done = wolfssl_identity::load(ctx, seam::identity_at(s, identity)); !done)
            return std::unexpected(seam::about_identity(s, identity, done.error()));
    if (s.psk)
        if (auto const done = s.psk.calls->use(ctx, s); !done) return std::unexpected(done.error());
    // Last: setting suites sets the schemes too.
    if (auto const done = signature_schemes(ctx, s); !done) return std::unexpected(done.error());
    wolfSSL_CTX_SetIORecv(ctx, wolfssl_callbacks::receive);
    wolfSSL_CTX_SetIOSend(ctx, wolfssl_callbacks::send);
    wolfSSL_CTX_set_cert_cb(ctx, wolfssl_callbacks::certificate_requested, nullptr);
#if defined(TWINTLS_WOLFSSL_SHOWS_MESSAGES)
    TwintlsShowMessages(ctx, wolfssl_callbacks::message);
#endif
    return owner;
}

} // namespace wolfssl_setup

struct wolfssl_shared {
    seam::shared<settings const> configuration;
    std::array<wolfssl_setup::ctx_owner, identity_list::max> ctx; // one for each identity, but at least one
    seam::array<char> alpn; // as wolfSSL takes it for each connection: a text with commas
};

TWINTLS_DECL result<wolfssl_context> wolfssl_context::make(seam::shared<settings const> s) noexcept {
    if (auto const& ready = wolfssl_library(); !ready) return std::unexpected(ready.error());
    if (s->lowest_version >= protocol_version::tls_1_3 && !wolfssl_supports(feature::tls_1_3))
        return wolfssl_setup::failure(errc::unsupported, 0, "TLS 1.3");
    if (!s->alpn.empty() && !wolfssl_supports(feature::alpn))
        return wolfssl_setup::failure(errc::unsupported, 0, "ALPN");
    auto shared = seam::shared<wolfssl_shared>::make();
    if (!shared || !wolfssl_setup::list_protocols(shared->alpn, *s))
        return wolfssl_setup::failure(errc::out_of_memory, 0);
    for (std::size_t i = 0; i < std::max<std::size_t>(seam::identity_count(*s), 1); ++i) {
        auto ctx = wolfssl_setup::make_ctx(*s, i);
        if (!ctx) return std::unexpected(ctx.error());
        shared->ctx[i] = std::move(*ctx);
    }
    shared->configuration = std::move(s);
    return wolfssl_context(std::move(shared));
}

TWINTLS_DECL settings const& wolfssl_context::configuration() const noexcept { return *shared_->configuration; }

TWINTLS_DECL std::span<char const> wolfssl_context::alpn() const noexcept {
    return {shared_->alpn.data(), shared_->alpn.size()};
}

TWINTLS_DECL WOLFSSL_CTX* wolfssl_context::ctx(std::size_t identity) const noexcept {
    return shared_->ctx[identity].get();
}

} // namespace tls::detail
