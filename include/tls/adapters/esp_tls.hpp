// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#if !__has_include(<esp_tls_custom_stack.h>) || !__has_include(<esp_tls_private.h>)
#    error "tls/adapters/esp_tls.hpp: esp-tls's folder and its private_include are not on the include path (ESP-IDF 6)"
#endif

#include <tls/adapters/esp_tls/configuration.hpp>
#include <tls/adapters/esp_tls/connection.hpp>
#include <tls/adapters/esp_tls/platform.hpp>
#include <tls/any_client.hpp>
#include <tls/core/error.hpp>
#include <tls/core/protocol.hpp>
#include <tls/credentials/credentials.hpp>

#include <array>
#include <cstddef>
#include <iterator>
#include <new>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

static_assert(
    ESP_TLS_STACK_OPS_VERSION == 1,
    "this ESP-IDF has another version of esp_tls_stack_ops_t than twintls was written for");

/// ESP-IDF's esp-tls over twintls: what esp_http_client, esp-mqtt and others connect through.
namespace tls::esp_tls {

/// What a stack is told beyond each connection's esp_tls_cfg_t.
struct options {
    /// Which of the stack's backends; empty is the first. Must live as long as the stack.
    std::string_view backend{};
    /// The authorities of connections that ask for the certificate bundle (crt_bundle_attach), whose own function is
    /// for another library; without, such connections are refused.
    std::optional<trust_anchors> bundle{};
    /// What is told about a failure, beside the codes that esp-tls keeps.
    reporter report = log_explanation;
    /// Connections that name nobody to trust accept any server at all, instead of being refused. From menuconfig,
    /// ESP_TLS_SKIP_SERVER_CERT_VERIFY.
    bool accept_any_server = skips_verification;
};

/// A TLS stack for esp-tls, without the choice of backends: see `stack`.
class basic_stack {
public:
    basic_stack(basic_stack const&) = delete;
    basic_stack& operator=(basic_stack const&) = delete;

    /// Registers the stack with esp-tls: every TLS connection made from now on goes through it.
    ///
    /// Errors: those of esp_tls_register_stack, among them ESP_ERR_INVALID_STATE where there is a stack, and
    /// ESP_ERR_INVALID_VERSION where esp-tls wants another version of the table.
    [[nodiscard]] esp_err_t install() noexcept { return esp_tls_register_stack(&functions(), this); }

    /// The table of functions, whose user_ctx is the stack.
    [[nodiscard]] static esp_tls_stack_ops_t const& functions() noexcept;

protected:
    using builder = result<any_client> (*)(std::string_view backend, detail::request const&) noexcept;

    basic_stack(options o, builder b) noexcept : options_(std::move(o)), build_(b) {}
    ~basic_stack() = default;

private:
    [[nodiscard]] static basic_stack& of(void* user) noexcept { return *static_cast<basic_stack*>(user); }
    [[nodiscard]] static connection* in(esp_tls_t const* tls) noexcept {
        return tls != nullptr ? static_cast<connection*>(tls->priv_ssl) : nullptr;
    }

    [[nodiscard]] static constexpr esp_tls_stack_ops_t make_table() noexcept {
        esp_tls_stack_ops_t t{};
        t.version = ESP_TLS_STACK_OPS_VERSION;
        t.create_ssl_handle = [](void* user, char const* host, std::size_t size, void const* cfg, esp_tls_t* tls,
                                 void* server) -> esp_err_t {
            if (cfg == nullptr || tls == nullptr) return ESP_ERR_INVALID_ARG;
            if (server != nullptr || tls->role != ESP_TLS_CLIENT) {
                ESP_LOGE(log_tag, "twintls is a client: there are no server sessions");
                return ESP_ERR_NOT_SUPPORTED;
            }
            std::string_view const name = host != nullptr ? std::string_view(host, size) : std::string_view();
            return of(user).create(name, *static_cast<esp_tls_cfg_t const*>(cfg), *tls);
        };
        t.handshake = [](void*, esp_tls_t* tls, esp_tls_cfg_t const*) -> int {
            return in(tls) != nullptr ? in(tls)->shake_hands(*tls) : -1;
        };
        t.read = [](void*, esp_tls_t* tls, char* into, std::size_t size) -> ssize_t {
            if (in(tls) == nullptr || into == nullptr) return -1;
            return in(tls)->read(*tls, std::as_writable_bytes(std::span(into, size)));
        };
        t.write = [](void*, esp_tls_t* tls, char const* from, std::size_t size) -> ssize_t {
            if (in(tls) == nullptr || from == nullptr) return -1;
            return in(tls)->write(*tls, std::as_bytes(std::span(from, size)));
        };
        t.conn_delete = [](void*, esp_tls_t* tls) {
            if (in(tls) == nullptr) return;
            in(tls)->say_goodbye();
            delete static_cast<connection*>(std::exchange(tls->priv_ssl, nullptr));
        };
        t.net_init = [](void*, esp_tls_t*) {};
        t.get_ssl_context = [](void*, esp_tls_t* tls) -> void* { return in(tls); };
        t.get_bytes_avail = [](void*, esp_tls_t* tls) -> ssize_t {
            if (tls == nullptr) return ESP_FAIL;
            return in(tls) != nullptr ? in(tls)->pending() : 0;
        };
        t.init_global_ca_store = [](void* user) -> esp_err_t {
            if (!of(user).global_) of(user).global_.emplace();
            return ESP_OK;
        };
        t.set_global_ca_store = [](void* user, unsigned char const* certificates, unsigned int size) -> esp_err_t {
            return of(user).add_to_global(certificates, size);
        };
        t.get_global_ca_store = [](void* user) -> void* { return of(user).global_ ? &*of(user).global_ : nullptr; };
        t.free_global_ca_store = [](void* user) { of(user).global_.reset(); };
        t.get_ciphersuites_list = [](void*) -> int const* { return suite_numbers.data(); };
        return t;
    }

    static constexpr auto suite_numbers = [] {
        std::array<int, std::size(known_suites) + 1> numbers{}; // a 0 at the end
        std::size_t count = 0;
        for (cipher_suite const suite : known_suites)
            if (is_for_certificates(suite)) numbers[count++] = static_cast<int>(suite);
        return numbers;
    }();

    [[nodiscard]] esp_err_t create(std::string_view host, esp_tls_cfg_t const& cfg, esp_tls_t& tls) noexcept {
        auto const asked = detail::read_configuration(
            host, cfg,
            {.global = global_ ? &*global_ : nullptr,
             .bundle = options_.bundle ? &*options_.bundle : nullptr,
             .any_server = options_.accept_any_server});
        if (!asked) return refused(tls, asked.error());
        auto const client = build_(options_.backend, *asked);
        if (!client) return refused(tls, {detail::code_of_build(client.error().code), client.error()});
        auto handshake = client->start(asked->name, detail::socket(tls.sockfd));
        if (!handshake) return refused(tls, {ESP_ERR_MBEDTLS_SSL_SETUP_FAILED, handshake.error()});
        functions().conn_delete(this, &tls); // an attempt before this one
        tls.priv_ssl = new (std::nothrow) connection(std::move(*handshake), tls.sockfd, options_.report);
        return tls.priv_ssl != nullptr ? ESP_OK : ESP_ERR_NO_MEM;
    }

    /// esp-tls itself captures the code that is returned.
    [[nodiscard]] esp_err_t refused(esp_tls_t& tls, detail::refusal const& why) const noexcept {
        detail::capture(tls, why.reason);
        if (why.is_sentence)
            ESP_LOGE(log_tag, "%s", why.about);
        else
            options_.report(why.about, why.reason);
        return why.reason == errc::out_of_memory ? ESP_ERR_NO_MEM : why.code;
    }

    [[nodiscard]] esp_err_t add_to_global(unsigned char const* certificates, unsigned int size) noexcept {
        auto const more = detail::anchors_in({certificates, size});
        if (!more) {
            options_.report("global CA store", more.error());
            return more.error() == errc::out_of_memory ? ESP_ERR_NO_MEM : ESP_ERR_INVALID_ARG;
        }
        trust_anchors all = global_ ? *global_ : trust_anchors();
        if (!all.add(*more)) return ESP_ERR_NO_MEM;
        global_ = std::move(all);
        return ESP_OK;
    }

    options options_;
    builder build_;
    std::optional<trust_anchors> global_;
};

inline esp_tls_stack_ops_t const& basic_stack::functions() noexcept {
    static constexpr esp_tls_stack_ops_t table = make_table();
    return table;
}

/// A TLS stack for esp-tls over one of these backends.
///
///     static tls::esp_tls::stack<Backend> stack; // esp-tls keeps its address
///     ESP_ERROR_CHECK(stack.install());          // before the first connection
///
/// Each connection is configured by its esp_tls_cfg_t; a field that cannot be honoured refuses the connection, by name,
/// in the log. The codes that esp-tls keeps: its own (ESP_ERR_ESP_TLS_..., ESP_ERR_MBEDTLS_... by the step that
/// failed), the number of the `errc` as the stack's code and, if it is about the server's certificate, as the flags.
/// Connections of different tasks are independent of each other; set the global CA store before they begin.
template <backend First, backend... More> class stack : public basic_stack {
public:
    explicit stack(options o = {}) noexcept : basic_stack(std::move(o), &build) {}

private:
    static result<any_client> build(std::string_view name, detail::request const& asked) noexcept {
        return any_client::build<First, More...>(name.empty() ? First::name : name, [&](auto builder) {
            return detail::configure(std::move(builder), asked);
        });
    }
};

/// The connection behind an esp_tls_t that went through a stack, for its facts and its last error; null before there
/// was one.
[[nodiscard]] inline connection* connection_of(esp_tls_t* tls) noexcept {
    return static_cast<connection*>(esp_tls_get_ssl_context(tls));
}

} // namespace tls::esp_tls
