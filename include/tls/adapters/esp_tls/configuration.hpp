// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/adapters/esp_tls/platform.hpp>
#include <tls/core/error.hpp>
#include <tls/core/protocol.hpp>
#include <tls/core/server_name.hpp>
#include <tls/credentials/credentials.hpp>
#include <tls/credentials/decisions.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstring>
#include <expected>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

/// An esp_tls_cfg_t read: each field is honoured or refuses the connection.
namespace tls::esp_tls::detail {

/// What a connection is to be.
struct request {
    server_name name;
    trust_decision trust;
    identity_decision who;
    std::span<char const* const> alpn;
    protocol_version lowest = protocol_version::tls_1_2;
    protocol_version highest = protocol_version::tls_1_3;
    std::array<cipher_suite, 16> suites{};
    std::size_t suite_count = 0; ///< 0 is the default list
    std::chrono::milliseconds handshake_timeout;
};

/// Why there is no connection: esp-tls's code, and for the log a sentence, or an error and what it is about.
struct refusal {
    esp_err_t code;
    error reason;
    char const* about = "configuring TLS";
    bool is_sentence = false;
};

[[nodiscard]] inline std::unexpected<refusal> refuse(esp_err_t code, errc reason, char const* explained) noexcept {
    return std::unexpected(refusal{code, configuration_error(reason), explained, true});
}
[[nodiscard]] inline std::unexpected<refusal> not_supported(char const* explained) noexcept {
    return refuse(ESP_ERR_NOT_SUPPORTED, errc::unsupported, explained);
}
[[nodiscard]] inline std::unexpected<refusal> contradiction(char const* explained) noexcept {
    return refuse(ESP_ERR_INVALID_ARG, errc::bad_configuration, explained);
}

/// Bytes of a configuration, PEM or DER; of PEM the size counts a NUL at the end.
struct blob {
    unsigned char const* at;
    std::size_t size;

    [[nodiscard]] std::string_view text() const noexcept {
        return at != nullptr ? std::string_view(reinterpret_cast<char const*>(at), size) : std::string_view();
    }
    [[nodiscard]] bool is_pem() const noexcept { return text().find("-----BEGIN ") != std::string_view::npos; }
    [[nodiscard]] std::string_view pem() const noexcept { return text().substr(0, text().find('\0')); }
    [[nodiscard]] std::span<std::byte const> der() const noexcept { return std::as_bytes(std::span(at, size)); }
};

[[nodiscard]] inline result<trust_anchors> anchors_in(blob const& b) noexcept {
    return b.is_pem() ? trust_anchors::from_pem(b.pem()) : trust_anchors::from_der(b.der());
}

/// Where authorities may come from besides the connection's own field.
struct sources {
    trust_anchors const* global;
    trust_anchors const* bundle;
    bool any_server;
};

[[nodiscard]] inline std::expected<trust_decision, refusal>
read_trust(esp_tls_cfg_t const& cfg, sources const& from) noexcept {
    int const given = (cfg.crt_bundle_attach != nullptr ? 1 : 0) + (cfg.use_global_ca_store ? 1 : 0) +
                      (cfg.cacert_buf != nullptr ? 1 : 0);
    if (given > 1)
        return contradiction(
            "crt_bundle_attach, use_global_ca_store and cacert_buf: give one, others would be ignored");
    if (cfg.crt_bundle_attach != nullptr) {
        if (from.bundle == nullptr)
            return not_supported("crt_bundle_attach is for another library: give the stack's options a bundle");
        return trust_decision(*from.bundle);
    }
    if (cfg.use_global_ca_store) {
        if (from.global == nullptr || from.global->size() == 0)
            return refuse(ESP_ERR_INVALID_STATE, errc::no_certificate, "use_global_ca_store: the store is empty");
        return trust_decision(*from.global);
    }
    if (cfg.cacert_buf != nullptr) {
        auto anchors = anchors_in({cfg.cacert_buf, cfg.cacert_bytes});
        if (!anchors)
            return std::unexpected(refusal{ESP_ERR_MBEDTLS_X509_CRT_PARSE_FAILED, anchors.error(), "cacert_buf"});
        return trust_decision(std::move(*anchors));
    }
    if (!from.any_server)
        return refuse(
            ESP_ERR_MBEDTLS_SSL_SETUP_FAILED, errc::bad_configuration,
            "nothing says whom to trust: set cacert_buf, use_global_ca_store or crt_bundle_attach");
    ESP_LOGW(log_tag, "the server is not verified: anybody can be it");
    return trust_decision::insecure_accept_any_server();
}

/// Our certificate and its key, with the password if there is one.
struct own_key {
    blob key{nullptr, 0};
    std::string_view password{};
};

#if __has_include(<esp_key_config.h>)
/// The key in ESP-IDF 6.2's field.
[[nodiscard]] inline std::expected<own_key, refusal> read_newer_key(esp_key_config_t const& given) noexcept {
    if (given.source != ESP_KEY_SOURCE_BUFFER)
        return not_supported("client_key: keys outside of memory are not supported");
    auto const& buffer = given.buffer;
    if (buffer.format == ESP_KEY_FORMAT_RAW) return not_supported("client_key: raw keys are not supported");
    auto const* const at = static_cast<unsigned char const*>(buffer.data);
    std::size_t const size =
        buffer.len == 0 && at != nullptr ? std::strlen(static_cast<char const*>(buffer.data)) : buffer.len;
    own_key k{.key = {at, size}};
    if (buffer.password != nullptr) k.password = {buffer.password, buffer.password_len};
    return k;
}
#endif

[[nodiscard]] inline std::expected<own_key, refusal> read_key(esp_tls_cfg_t const& cfg) noexcept {
#if __has_include(<esp_key_config.h>)
    if (cfg.client_key != nullptr && cfg.client_key->source != ESP_KEY_SOURCE_NONE) {
        if (cfg.clientkey_buf != nullptr) return contradiction("client_key and clientkey_buf: give one");
        return read_newer_key(*cfg.client_key);
    }
#endif
    own_key k{.key = {cfg.clientkey_buf, cfg.clientkey_bytes}};
    if (cfg.clientkey_password != nullptr) k.password = blob{cfg.clientkey_password, cfg.clientkey_password_len}.text();
    return k;
}

/// Whether it is the certificate or its key that is wrong.
[[nodiscard]] inline esp_err_t code_of_identity(error const& e) noexcept {
    switch (e.code) {
    case errc::no_private_key:
    case errc::bad_private_key:
    case errc::unexpected_certificate:
    case errc::password_required:
    case errc::wrong_password: return ESP_ERR_MBEDTLS_PK_PARSE_KEY_FAILED;
    default:
        return e.about == short_text("private key") ? ESP_ERR_MBEDTLS_PK_PARSE_KEY_FAILED
                                                    : ESP_ERR_MBEDTLS_X509_CRT_PARSE_FAILED;
    }
}

[[nodiscard]] inline std::expected<identity_decision, refusal> read_identity(esp_tls_cfg_t const& cfg) noexcept {
    auto const key = read_key(cfg);
    if (!key) return std::unexpected(key.error());
    blob const chain{cfg.clientcert_buf, cfg.clientcert_bytes};
    if (chain.at == nullptr && key->key.at == nullptr) return identity_decision(std::nullopt);
    if (chain.at == nullptr || key->key.at == nullptr)
        return refuse(
            ESP_ERR_INVALID_STATE, errc::bad_configuration,
            "a client certificate and its key belong together: one of them is missing");
    if (chain.is_pem() != key->key.is_pem())
        return not_supported("clientcert_buf and clientkey_buf: either both PEM or both DER");
    auto const whole = [&]() -> result<identity> {
        auto const& [k, password] = *key;
        bool const locked = !password.empty();
        if (chain.is_pem())
            return locked ? identity::from_pem(chain.pem(), k.pem(), password)
                          : identity::from_pem(chain.pem(), k.pem());
        return locked ? identity::from_der({chain.der()}, k.der(), password)
                      : identity::from_der({chain.der()}, k.der());
    }();
    if (whole) return identity_decision(*whole);
    return std::unexpected(refusal{code_of_identity(whole.error()), whole.error(), "clientcert_buf and clientkey_buf"});
}

/// Fields that no connection can have. A template for those that are not in every ESP-IDF or menuconfig.
template <class Config> [[nodiscard]] std::expected<void, refusal> check_for_unsupported(Config const& cfg) noexcept {
    if (cfg.skip_common_name)
        return not_supported("skip_common_name: without the name any certificate would do; set common_name instead");
    if (cfg.use_secure_element) return not_supported("use_secure_element is not supported");
    if (cfg.use_ecdsa_peripheral) return not_supported("use_ecdsa_peripheral is not supported");
    if (cfg.ds_data != nullptr) return not_supported("ds_data: the digital signature peripheral is not supported");
    if constexpr (requires { cfg.psk_hint_key; })
        if (cfg.psk_hint_key != nullptr) return not_supported("psk_hint_key: pre-shared keys are not supported");
    if constexpr (requires { cfg.client_session; })
        if (cfg.client_session != nullptr) return not_supported("client_session: stored sessions are not supported");
    if constexpr (requires { cfg.esp_tls_dyn_buf_strategy; })
        if (static_cast<int>(cfg.esp_tls_dyn_buf_strategy) != 0)
            return not_supported("esp_tls_dyn_buf_strategy is for another library");
    return {};
}

/// Versions and suites. Suites of one version only mean that version, if none is asked for.
[[nodiscard]] inline std::expected<void, refusal> read_offer(esp_tls_cfg_t const& cfg, request& into) noexcept {
    bool any_of_1_2 = false;
    bool any_of_1_3 = false;
    for (int const* suite = cfg.ciphersuites_list; suite != nullptr && *suite != 0; ++suite) {
        if (into.suite_count == into.suites.size() || *suite < 0 || *suite > 0xffff)
            return contradiction("ciphersuites_list: too long, or not IANA's numbers");
        auto const s = static_cast<cipher_suite>(*suite);
        (is_tls_1_3(s) ? any_of_1_3 : any_of_1_2) = true;
        into.suites[into.suite_count++] = s;
    }
    switch (cfg.tls_version) {
    case ESP_TLS_VER_ANY:
        if (into.suite_count != 0 && !any_of_1_3) into.highest = protocol_version::tls_1_2;
        if (into.suite_count != 0 && !any_of_1_2) into.lowest = protocol_version::tls_1_3;
        break;
    case ESP_TLS_VER_TLS_1_2: into.highest = protocol_version::tls_1_2; break;
    case ESP_TLS_VER_TLS_1_3: into.lowest = protocol_version::tls_1_3; break;
    default: return contradiction("tls_version: no such version");
    }
    return {};
}

[[nodiscard]] inline std::expected<request, refusal>
read_configuration(std::string_view host, esp_tls_cfg_t const& cfg, sources const& from) noexcept {
    if (auto const fits = check_for_unsupported(cfg); !fits) return std::unexpected(fits.error());
    auto const name = server_name::parse(cfg.common_name != nullptr ? std::string_view(cfg.common_name) : host);
    if (!name) return std::unexpected(refusal{ESP_ERR_MBEDTLS_SSL_SET_HOSTNAME_FAILED, name.error(), "server name"});
    auto trust = read_trust(cfg, from);
    if (!trust) return std::unexpected(trust.error());
    auto who = read_identity(cfg);
    if (!who) return std::unexpected(who.error());
    request made{
        .name = *name,
        .trust = std::move(*trust),
        .who = std::move(*who),
        .alpn = {},
        // esp-tls's own default, for connecting.
        .handshake_timeout = std::chrono::milliseconds(cfg.timeout_ms > 0 ? cfg.timeout_ms : 10'000)};
    if (auto const offer = read_offer(cfg, made); !offer) return std::unexpected(offer.error());
    std::size_t protocols = 0;
    while (cfg.alpn_protos != nullptr && cfg.alpn_protos[protocols] != nullptr) ++protocols;
    made.alpn = {cfg.alpn_protos, protocols};
    return made;
}

/// What the builder of a backend is told.
template <class Builder> [[nodiscard]] auto configure(Builder builder, request const& asked) noexcept {
    auto decided = std::move(builder)
                       .decide(asked.trust, asked.who)
                       .versions(asked.lowest, asked.highest)
                       .handshake_timeout(asked.handshake_timeout)
                       .alpn(asked.alpn);
    if (asked.suite_count == 0) return std::move(decided).build();
    return std::move(decided).suites(std::span(asked.suites).first(asked.suite_count)).build();
}

/// What esp-tls calls the step that building a client failed in.
[[nodiscard]] inline esp_err_t code_of_build(errc code) noexcept {
    switch (code) {
    case errc::key_mismatch:
    case errc::chain_order:
    case errc::too_many_certificates:
    case errc::weak_identity: return ESP_ERR_MBEDTLS_SSL_CONF_OWN_CERT_FAILED;
    case errc::bad_private_key:
    case errc::password_required:
    case errc::wrong_password: return ESP_ERR_MBEDTLS_PK_PARSE_KEY_FAILED;
    case errc::bad_alpn: return ESP_ERR_MBEDTLS_SSL_CONF_ALPN_PROTOCOLS_FAILED;
    case errc::rng_failure: return ESP_ERR_MBEDTLS_CTR_DRBG_SEED_FAILED;
    default: return ESP_ERR_MBEDTLS_SSL_SETUP_FAILED;
    }
}

} // namespace tls::esp_tls::detail
