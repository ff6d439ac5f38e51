// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "parity/parity.hpp"
#include "testbed/server_thread.hpp"
#include <tls/adapters/esp_tls.hpp>

#include <cstdint>
#include <string>
#include <string_view>

/// What an application has that makes TLS connections through esp-tls.
namespace parity::esp_tls_cases {

constexpr int patient = 60'000; // ms: a working test never waits that long

/// What was logged since the device began.
extern std::string logged;

inline bool was_logged(std::string_view text) { return logged.find(text) != std::string::npos; }

/// A stack with both backends, registered as long as it exists.
template <class P> struct device {
    explicit device(tls::esp_tls::options const& o = {})
        : stack([&o] {
              auto named = o;
              named.backend = backend_of<P>::type::name;
              return named;
          }()) {
        logged.clear();
        REQUIRE(stack.install() == ESP_OK);
    }
    device(device const&) = delete;
    device& operator=(device const&) = delete;
    ~device() { (void)esp_tls_unregister_stack(); }

    tls::esp_tls::stack<tls::mbedtls, tls::wolfssl> stack;
};

/// A configuration with the memory that it points to: PEM with the NUL that esp-tls wants counted.
struct configuration {
    explicit configuration(testbed::credentials const* who = nullptr)
        : root(pki().root_pem()),
          chain(who != nullptr ? who->chain_pem() : std::string()),
          key(who != nullptr ? who->private_key->pkcs8_pem() : std::string()) {
        cfg.timeout_ms = patient;
        cfg.cacert_buf = bytes(root);
        cfg.cacert_bytes = static_cast<unsigned>(root.size() + 1);
        if (who == nullptr) return;
        cfg.clientcert_buf = bytes(chain);
        cfg.clientcert_bytes = static_cast<unsigned>(chain.size() + 1);
        cfg.clientkey_buf = bytes(key);
        cfg.clientkey_bytes = static_cast<unsigned>(key.size() + 1);
    }
    configuration(configuration const&) = delete;
    configuration& operator=(configuration const&) = delete;
    ~configuration() = default;

    static unsigned char const* bytes(std::string const& text) {
        return reinterpret_cast<unsigned char const*>(text.c_str());
    }

    std::string root;
    std::string chain;
    std::string key;
    esp_tls_cfg_t cfg{};
};

/// One connection of esp-tls.
struct connection {
    connection() = default;
    connection(connection const&) = delete;
    connection& operator=(connection const&) = delete;
    ~connection() { end(); }

    void end() {
        if (tls != nullptr) esp_tls_conn_destroy(tls);
        tls = nullptr;
    }
    int connect(esp_tls_cfg_t const& cfg, std::uint16_t port, std::string const& host = "localhost") {
        return esp_tls_conn_new_sync(host.data(), static_cast<int>(host.size()), port, &cfg, tls);
    }
    /// One step of a connection that does not block.
    int step(esp_tls_cfg_t const& cfg, std::uint16_t port) {
        return esp_tls_conn_new_async("localhost, port", 9, port, &cfg, tls); // the size counts, not a NUL
    }
    ssize_t write(testbed::byte_view from) { return esp_tls_conn_write(tls, from.data(), from.size()); }
    ssize_t read(testbed::bytes& into) { return esp_tls_conn_read(tls, into.data(), into.size()); }
    /// Reads `size` bytes, or as many as come before something is wrong.
    testbed::bytes read_all(std::size_t size) {
        testbed::bytes all;
        while (all.size() < size) {
            testbed::bytes some(size - all.size());
            auto const n = read(some);
            if (n <= 0) break;
            some.resize(static_cast<std::size_t>(n));
            testbed::append(all, some);
        }
        return all;
    }
    /// What esp-tls kept of that kind; it forgets it then.
    int kept(esp_tls_error_type_t kind) {
        esp_tls_error_handle_t handle = nullptr;
        int code = 0;
        REQUIRE(esp_tls_get_error_handle(tls, &handle) == ESP_OK);
        REQUIRE(esp_tls_get_and_clear_error_type(handle, kind, &code) == ESP_OK);
        return code;
    }
    errc reason() { return static_cast<errc>(kept(ESP_TLS_ERR_TYPE_CUSTOM_STACK)); }
    esp_tls_conn_state_t state() {
        esp_tls_conn_state_t s{};
        REQUIRE(esp_tls_get_conn_state(tls, &s) == ESP_OK);
        return s;
    }

    esp_tls_t* tls = esp_tls_init();
};

inline ssize_t number(errc code) { return -static_cast<ssize_t>(code); }

} // namespace parity::esp_tls_cases
