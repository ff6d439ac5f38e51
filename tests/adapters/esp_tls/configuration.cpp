// SPDX-License-Identifier: Apache-2.0
#include "device.hpp"
#include "twintls_stack.h"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

/// What the fields of an esp_tls_cfg_t come to.
namespace parity::esp_tls_cases {

using testbed::behaviour;

PARITY_CASE("esp-tls: the table is of this version, and registered once", pairings, P) {
    device<P> d;
    CHECK(d.stack.functions().version == ESP_TLS_STACK_OPS_VERSION);
    CHECK(d.stack.install() == ESP_ERR_INVALID_STATE);
    auto const& table = d.stack.functions();
    esp_tls_stack_ops_t other = table;
    other.version += 1;
    CHECK(esp_tls_register_stack(&other, &d.stack) == ESP_ERR_INVALID_VERSION);
    std::size_t suites = 0;
    for (int const* suite = table.get_ciphersuites_list(&d.stack); *suite != 0; ++suite, ++suites)
        CHECK(tls::name(static_cast<tls::cipher_suite>(*suite)) != "unknown suite");
    CHECK(suites == tls::settings::default_suites().size());

    // Servers are refused, and nothing happens to a connection that has no TLS.
    esp_tls_cfg_t cfg{};
    esp_tls_t one{};
    one.sockfd = -1;
    CHECK(table.create_ssl_handle(&d.stack, nullptr, 0, &cfg, &one, &cfg) == ESP_ERR_NOT_SUPPORTED);
    one.role = ESP_TLS_SERVER;
    CHECK(table.create_ssl_handle(&d.stack, nullptr, 0, &cfg, &one, nullptr) == ESP_ERR_NOT_SUPPORTED);
    CHECK(was_logged("twintls is a client"));
    CHECK(table.create_ssl_handle(&d.stack, "x", 1, nullptr, &one, nullptr) == ESP_ERR_INVALID_ARG);
    table.conn_delete(&d.stack, &one);
    table.conn_delete(&d.stack, nullptr);
    CHECK(table.handshake(&d.stack, &one, &cfg) == -1);
}

TEST_CASE("esp-tls: the IDF component installs its stack, once") {
    CHECK(twintls_install() == ESP_OK);
    CHECK(twintls_install() == ESP_ERR_INVALID_STATE);
    CHECK(esp_tls_unregister_stack() == ESP_OK);
}

PARITY_CASE("esp-tls: each field that cannot be honoured refuses the connection, by name", backends, B) {
    device<B> const d;
    testbed::server_thread<testbed::mbedtls_server> server(
        {.server = strict_server(protocol_version::tls_1_3), .connections = 100});
    auto const refused = [&](std::string_view field, esp_err_t code, auto change) {
        CAPTURE(field);
        configuration c(&pki().client);
        change(c.cfg);
        connection one;
        logged.clear();
        CHECK(one.connect(c.cfg, server.port()) == -1);
        CHECK(one.kept(ESP_TLS_ERR_TYPE_ESP) == code);
        CHECK(one.reason() != errc::ok);
        CHECK_MESSAGE(was_logged(field), logged);
    };
    int something = 0;
    refused("skip_common_name", ESP_ERR_NOT_SUPPORTED, [](auto& c) { c.skip_common_name = true; });
    refused("use_secure_element", ESP_ERR_NOT_SUPPORTED, [](auto& c) { c.use_secure_element = true; });
    refused("use_ecdsa_peripheral", ESP_ERR_NOT_SUPPORTED, [](auto& c) { c.use_ecdsa_peripheral = true; });
    refused("ds_data", ESP_ERR_NOT_SUPPORTED, [&](auto& c) { c.ds_data = &something; });
    psk_hint_key_t const psk{};
    refused("psk_hint_key", ESP_ERR_NOT_SUPPORTED, [&](auto& c) { c.psk_hint_key = &psk; });
    auto const attach = [](void*) { return ESP_OK; };
    refused("crt_bundle_attach", ESP_ERR_INVALID_ARG, [&](auto& c) { c.crt_bundle_attach = attach; });
    refused("crt_bundle_attach", ESP_ERR_NOT_SUPPORTED, [&](auto& c) {
        c.cacert_buf = nullptr;
        c.crt_bundle_attach = attach;
    });
    refused("use_global_ca_store", ESP_ERR_INVALID_ARG, [](auto& c) { c.use_global_ca_store = true; });
    refused("use_global_ca_store", ESP_ERR_INVALID_STATE, [](auto& c) {
        c.cacert_buf = nullptr;
        c.use_global_ca_store = true;
    });
    refused("whom to trust", ESP_ERR_MBEDTLS_SSL_SETUP_FAILED, [](auto& c) { c.cacert_buf = nullptr; });
    refused("belong together", ESP_ERR_INVALID_STATE, [](auto& c) { c.clientkey_buf = nullptr; });
    refused("belong together", ESP_ERR_INVALID_STATE, [](auto& c) { c.clientcert_buf = nullptr; });
    auto const der = pki().client.private_key->pkcs8_der();
    refused("clientkey_buf", ESP_ERR_NOT_SUPPORTED, [&](auto& c) {
        c.clientkey_buf = reinterpret_cast<unsigned char const*>(der.data());
        c.clientkey_bytes = static_cast<unsigned>(der.size());
    });
    refused("tls_version", ESP_ERR_INVALID_ARG, [](auto& c) { c.tls_version = ESP_TLS_VER_TLS_MAX; });
    std::array<int, 18> many{};
    many.fill(0x1301);
    many.back() = 0;
    refused("ciphersuites_list", ESP_ERR_INVALID_ARG, [&](auto& c) { c.ciphersuites_list = many.data(); });
    std::array<int, 2> const unknown{0x0035, 0};
    refused("configuring TLS", ESP_ERR_MBEDTLS_SSL_SETUP_FAILED, [&](auto& c) {
        c.ciphersuites_list = unknown.data();
        c.tls_version = ESP_TLS_VER_TLS_1_2;
    });
    std::array<char const*, 3> empty{"a", "", nullptr};
    refused("ALPN", ESP_ERR_MBEDTLS_SSL_CONF_ALPN_PROTOCOLS_FAILED, [&](auto& c) { c.alpn_protos = empty.data(); });
    refused("name", ESP_ERR_MBEDTLS_SSL_SET_HOSTNAME_FAILED, [](auto& c) { c.common_name = "not a name"; });

    // Credentials that are wrong, each by its step.
    std::string const no_certificate = "root";
    refused("cacert_buf", ESP_ERR_MBEDTLS_X509_CRT_PARSE_FAILED, [&](auto& c) {
        c.cacert_buf = configuration::bytes(no_certificate);
        c.cacert_bytes = static_cast<unsigned>(no_certificate.size() + 1);
    });
    refused("cacert_buf", ESP_ERR_MBEDTLS_X509_CRT_PARSE_FAILED, [](auto& c) { c.cacert_bytes = 500; });
    refused("clientcert_buf", ESP_ERR_MBEDTLS_X509_CRT_PARSE_FAILED, [](auto& c) { c.clientcert_bytes = 300; });
    refused("clientkey_buf", ESP_ERR_MBEDTLS_PK_PARSE_KEY_FAILED, [](auto& c) { c.clientkey_bytes = 100; });
    auto const other = foreign_credentials().private_key->pkcs8_pem();
    refused("key", ESP_ERR_MBEDTLS_SSL_CONF_OWN_CERT_FAILED, [&](auto& c) {
        c.clientkey_buf = configuration::bytes(other);
        c.clientkey_bytes = static_cast<unsigned>(other.size() + 1);
    });
    auto const locked = pki().client.private_key->encrypted_pkcs8_pem("secret");
    for (std::string_view const password : {"", "wrong"})
        refused("password", ESP_ERR_MBEDTLS_PK_PARSE_KEY_FAILED, [&](auto& c) {
            c.clientkey_buf = configuration::bytes(locked);
            c.clientkey_bytes = static_cast<unsigned>(locked.size() + 1);
            c.clientkey_password = reinterpret_cast<unsigned char const*>(password.data());
            c.clientkey_password_len = static_cast<unsigned>(password.size());
        });

#if __has_include(<esp_key_config.h>)
    {
        auto const key_config = [&](std::string_view field, esp_err_t code, auto change) {
            refused(field, code, [&](auto& c) {
                static esp_key_config_t k;
                k = {};
                k.source = ESP_KEY_SOURCE_BUFFER;
                k.buffer.data = "-----BEGIN PRIVATE KEY-----";
                change(k, c);
                c.client_key = &k;
            });
        };
        key_config("client_key", ESP_ERR_INVALID_ARG, [](auto&, auto&) {});
        key_config("client_key", ESP_ERR_NOT_SUPPORTED, [](auto& k, auto& c) {
            c.clientkey_buf = nullptr;
            k.source = ESP_KEY_SOURCE_PSA;
        });
        key_config("client_key", ESP_ERR_NOT_SUPPORTED, [](auto& k, auto& c) {
            c.clientkey_buf = nullptr;
            k.buffer.format = ESP_KEY_FORMAT_RAW;
        });
        key_config("key", ESP_ERR_MBEDTLS_PK_PARSE_KEY_FAILED, [](auto&, auto& c) { c.clientkey_buf = nullptr; });
    }
#endif
}

PARITY_CASE("esp-tls: credentials in every form that is honoured", pairings, P, v) {
    auto const& client = pki().client;
    auto const connects = [&](esp_tls_cfg_t const& cfg) {
        auto options = strict_server(v);
        options.client_anchors.push_back(client.chain.back()); // DER has room for one certificate
        testbed::server_thread<typename P::server> server({.server = options});
        connection one;
        REQUIRE_MESSAGE(one.connect(cfg, server.port()) == 1, logged);
        REQUIRE(one.write(testbed::view_of("ping")) == 4);
        CHECK(one.read_all(4) == testbed::to_bytes("ping"));
        one.end();
        CHECK(server.report().client_leaf == client.leaf().der);
    };
    device<P> const d({.bundle = trust(pki()).value()});
    auto const key = client.private_key->pkcs8_der();
    auto const leaf = client.leaf().der;
    auto const root = pki().root.certificate.der;
    auto const locked = client.private_key->encrypted_pkcs8_der("secret");
    auto const unsigned_bytes = [](testbed::bytes const& b) {
        return reinterpret_cast<unsigned char const*>(b.data());
    };
    SUBCASE("DER, with a password") {
        configuration c;
        c.cfg.cacert_buf = unsigned_bytes(root);
        c.cfg.cacert_bytes = static_cast<unsigned>(root.size());
        c.cfg.clientcert_buf = unsigned_bytes(leaf);
        c.cfg.clientcert_bytes = static_cast<unsigned>(leaf.size());
        c.cfg.clientkey_buf = unsigned_bytes(locked);
        c.cfg.clientkey_bytes = static_cast<unsigned>(locked.size());
        c.cfg.clientkey_password = reinterpret_cast<unsigned char const*>("secret and more");
        c.cfg.clientkey_password_len = 6;
        connects(c.cfg);
        c.cfg.clientkey_buf = unsigned_bytes(key);
        c.cfg.clientkey_bytes = static_cast<unsigned>(key.size());
        c.cfg.clientkey_password = nullptr;
        connects(c.cfg);
    }
    SUBCASE("a PEM key with a password, and one in ESP-IDF's newer field") {
        configuration c(&client);
        auto const pem = client.private_key->encrypted_pkcs8_pem("secret");
        c.cfg.clientkey_buf = configuration::bytes(pem);
        c.cfg.clientkey_bytes = static_cast<unsigned>(pem.size() + 1);
        c.cfg.clientkey_password = reinterpret_cast<unsigned char const*>("secret");
        c.cfg.clientkey_password_len = 6;
        connects(c.cfg);
#if __has_include(<esp_key_config.h>)
        esp_key_config_t k{};
        k.source = ESP_KEY_SOURCE_BUFFER;
        k.buffer.data = pem.c_str(); // and no size: up to its NUL
        k.buffer.password = "secret";
        k.buffer.password_len = 6;
        c.cfg.clientkey_buf = nullptr;
        c.cfg.client_key = &k;
        connects(c.cfg);
#endif
    }
    SUBCASE("the global store, to which certificates are added, and the bundle") {
        configuration c(&client);
        c.cfg.cacert_buf = nullptr;
        c.cfg.use_global_ca_store = true;
        REQUIRE(esp_tls_init_global_ca_store() == ESP_OK);
        auto const stranger = testbed::make_pki(testbed::key_kind::p384).root_pem();
        auto const add = [](std::string const& pem) {
            return esp_tls_set_global_ca_store(configuration::bytes(pem), static_cast<unsigned>(pem.size() + 1));
        };
        REQUIRE(add(c.root) == ESP_OK);
        REQUIRE(add(stranger) == ESP_OK);
        CHECK(add("no certificate") == ESP_ERR_INVALID_ARG); // and those before it stay
        auto const& table = d.stack.functions();
        auto* const user = const_cast<void*>(static_cast<void const*>(&d.stack));
        auto const* const store = static_cast<tls::trust_anchors const*>(table.get_global_ca_store(user));
        REQUIRE(store != nullptr);
        CHECK(store->size() == 2);
        connects(c.cfg);
        esp_tls_free_global_ca_store();
        CHECK(table.get_global_ca_store(user) == nullptr);
        c.cfg.use_global_ca_store = false;
        c.cfg.crt_bundle_attach = [](void*) -> esp_err_t { return ESP_FAIL; }; // is for another library, and not called
        connects(c.cfg);
    }
}

PARITY_CASE("esp-tls: names, protocols, versions and suites are what was asked for", pairings, P) {
    device<P> const d({.accept_any_server = true});
    auto options = good_server(protocol_version::tls_1_3);
    options.min_version = protocol_version::tls_1_2;
    options.alpn = {"http/1.1", "h2"};
    auto const negotiates = [&](protocol_version v, std::optional<tls::cipher_suite> suite, auto change,
                                std::string const& host) {
        testbed::server_thread<typename P::server> server({.server = options});
        configuration c;
        std::array<char const*, 3> protocols{"h2", "other", nullptr};
        c.cfg.alpn_protos = protocols.data();
        change(c.cfg);
        connection one;
        REQUIRE_MESSAGE(one.connect(c.cfg, server.port(), host) == 1, logged);
        auto const facts = tls::esp_tls::connection_of(one.tls)->session()->facts();
        CHECK(facts.version == v);
        if (suite) CHECK(facts.suite == *suite);
        CHECK(facts.alpn == "h2");
        one.end();
        CHECK(server.report().alpn == "h2");
    };
    auto const aes_256 = std::array<int, 3>{0xc030, 0xc02c, 0};
    auto const chacha = std::array<int, 2>{0x1303, 0};
    auto const both = std::array<int, 3>{0xc02b, 0x1302, 0};
    using enum tls::cipher_suite;
    negotiates(
        protocol_version::tls_1_3, aes_256_gcm_sha384, [&](auto& c) { c.ciphersuites_list = both.data(); },
        "localhost");
    negotiates(
        protocol_version::tls_1_3, chacha20_poly1305_sha256, [&](auto& c) { c.ciphersuites_list = chacha.data(); },
        "localhost");
    negotiates(
        protocol_version::tls_1_2, ecdhe_ecdsa_aes_256_gcm_sha384,
        [&](auto& c) { c.ciphersuites_list = aes_256.data(); }, "localhost");
    negotiates(
        protocol_version::tls_1_2, std::nullopt, [&](auto& c) { c.tls_version = ESP_TLS_VER_TLS_1_2; }, "localhost");
    negotiates(
        protocol_version::tls_1_3, std::nullopt, [&](auto& c) { c.tls_version = ESP_TLS_VER_TLS_1_3; }, "localhost");
    // Another name than the host's, for which the certificate is, and no name that fits it but nobody to be sure of.
    CHECK(logged.empty());
    negotiates(protocol_version::tls_1_3, std::nullopt, [&](auto& c) { c.common_name = "localhost"; }, "127.0.0.1");
    CHECK(logged.empty());
    negotiates(
        protocol_version::tls_1_3, std::nullopt,
        [&](auto& c) {
            c.cacert_buf = nullptr;
            c.common_name = "another.example";
        },
        "localhost");
    CHECK(was_logged("the server is not verified"));
}

} // namespace parity::esp_tls_cases
