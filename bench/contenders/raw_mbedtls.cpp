// SPDX-License-Identifier: Apache-2.0
#include "contender.hpp"
#include "contenders/builds.hpp"
#include "contenders/memory_wire.hpp"
#include "testbed/libraries.hpp"
#include "testbed/random.hpp"

#include <array>
#include <stdexcept>
#include <string>

#include <mbedtls/ssl.h>
#include <mbedtls/version.h>
#include <mbedtls/x509_crt.h>

/// Mbed TLS's own C API, as its manual says: one mbedtls_ssl_config, and an mbedtls_ssl_context for each connection.
namespace bench {
namespace {

using testbed::check_mbedtls;

int receive(void* user, unsigned char* into, std::size_t size) {
    std::size_t const n = static_cast<memory_wire*>(user)->take(std::as_writable_bytes(std::span(into, size)));
    return n == 0 ? MBEDTLS_ERR_SSL_WANT_READ : static_cast<int>(n);
}
int transmit(void* user, unsigned char const* data, std::size_t size) {
    static_cast<memory_wire*>(user)->put(std::as_bytes(std::span(data, size)));
    return static_cast<int>(size);
}

/// A session, if there is one.
struct kept_session {
    kept_session() { mbedtls_ssl_session_init(&session); }
    ~kept_session() { mbedtls_ssl_session_free(&session); }
    kept_session(kept_session const&) = delete;
    kept_session& operator=(kept_session const&) = delete;
    void renew() {
        mbedtls_ssl_session_free(&session);
        mbedtls_ssl_session_init(&session);
    }
    mbedtls_ssl_session session;
    bool there = false;
};

class connection final : public client_connection {
public:
    connection(mbedtls_ssl_config const& config, std::string const& name, kept_session const& resume) {
        mbedtls_ssl_init(&ssl_);
        try {
            check_mbedtls(mbedtls_ssl_setup(&ssl_, &config), "session");
            check_mbedtls(mbedtls_ssl_set_hostname(&ssl_, name.c_str()), "server name");
            if (resume.there) check_mbedtls(mbedtls_ssl_set_session(&ssl_, &resume.session), "session to resume");
        } catch (...) {
            mbedtls_ssl_free(&ssl_);
            throw;
        }
        mbedtls_ssl_set_bio(&ssl_, &wire_, transmit, receive, nullptr);
    }
    ~connection() override { mbedtls_ssl_free(&ssl_); }

    bool handshake(byte_view from_server, bytes& to_server) override {
        wire_ = {from_server, &to_server};
        int const code = mbedtls_ssl_handshake(&ssl_);
        if (code == MBEDTLS_ERR_SSL_WANT_READ) return false;
        check_mbedtls(code, "handshake");
        return true;
    }
    void write(byte_view data, bytes& to_server) override {
        wire_ = {{}, &to_server};
        while (!data.empty()) {
            int const n = mbedtls_ssl_write(&ssl_, testbed::raw(data), data.size());
            check_mbedtls(n, "writing");
            data = data.subspan(static_cast<std::size_t>(n));
        }
    }
    std::size_t read(byte_view from_server, std::span<std::byte> into) override {
        wire_ = {from_server, nullptr};
        std::size_t total = 0;
        while (total < into.size()) {
            int const n = mbedtls_ssl_read(&ssl_, testbed::raw(into.subspan(total)), into.size() - total);
            if (n == MBEDTLS_ERR_SSL_RECEIVED_NEW_SESSION_TICKET) continue;
            if (n == MBEDTLS_ERR_SSL_WANT_READ) {
                // Returned after some messages although there is more to read, as poll would tell a program with a
                // socket.
                if (wire_.from_server.empty() && mbedtls_ssl_check_pending(&ssl_) == 0) break;
                continue;
            }
            check_mbedtls(n, "reading");
            total += static_cast<std::size_t>(n);
        }
        return total;
    }
    [[nodiscard]] mbedtls_ssl_context& ssl() { return ssl_; }

private:
    memory_wire wire_;
    mbedtls_ssl_context ssl_;
};

class contender final : public client_contender {
public:
    contender(handshake_case const& c, credentials const& with) : name_(with.name), resumes_(c.resumed) {
        testbed::prepare_mbedtls();
        mbedtls_x509_crt_init(&anchors_);
        mbedtls_x509_crt_init(&chain_);
        mbedtls_pk_init(&key_);
        mbedtls_ssl_config_init(&config_);
        try {
            set_up(c, with);
        } catch (...) {
            release();
            throw;
        }
    }
    ~contender() override { release(); }

    std::unique_ptr<client_connection> connect() override {
        return std::make_unique<connection>(config_, name_, kept_);
    }
    void keep_session(client_connection& established) override {
        auto& of = static_cast<connection&>(established);
        kept_.renew();
        kept_.there = mbedtls_ssl_get_session(&of.ssl(), &kept_.session) == 0;
    }
    outcome outcome_of(client_connection& established) override {
        auto& ssl = static_cast<connection&>(established).ssl();
        outcome o;
        o.version = mbedtls_ssl_get_version_number(&ssl) == MBEDTLS_SSL_VERSION_TLS1_3 ? tls::protocol_version::tls_1_3
                                                                                       : tls::protocol_version::tls_1_2;
        o.suite = static_cast<tls::cipher_suite>(mbedtls_ssl_get_ciphersuite_id_from_ssl(&ssl));
        // The library has no function for it; the benchmark asks the server.
        o.resumed = kept_.there && resumes_;
        o.server_verified = mbedtls_ssl_get_verify_result(&ssl) == 0;
        if (char const* const protocol = mbedtls_ssl_get_alpn_protocol(&ssl)) o.alpn = protocol;
        return o;
    }

private:
    void set_up(handshake_case const& c, credentials const& with) {
        check_mbedtls(
            mbedtls_ssl_config_defaults(
                &config_, MBEDTLS_SSL_IS_CLIENT, MBEDTLS_SSL_TRANSPORT_STREAM, MBEDTLS_SSL_PRESET_DEFAULT),
            "configuration");
        mbedtls_ssl_conf_rng(&config_, mbedtls_ctr_drbg_random, random_.context());
        mbedtls_ssl_conf_authmode(&config_, MBEDTLS_SSL_VERIFY_REQUIRED);
        auto const version =
            c.version == tls::protocol_version::tls_1_2 ? MBEDTLS_SSL_VERSION_TLS1_2 : MBEDTLS_SSL_VERSION_TLS1_3;
        mbedtls_ssl_conf_min_tls_version(&config_, version);
        mbedtls_ssl_conf_max_tls_version(&config_, version);
        suites_[0] = static_cast<int>(c.suite);
        mbedtls_ssl_conf_ciphersuites(&config_, suites_.data());
        for (auto const g : c.offered_groups()) groups_.push_back(static_cast<std::uint16_t>(g));
        groups_.push_back(0);
        mbedtls_ssl_conf_groups(&config_, groups_.data());
        check_mbedtls(mbedtls_ssl_conf_alpn_protocols(&config_, protocols_.data()), "ALPN");
        // The library wants the size of PEM with its terminating NUL.
        check_mbedtls(
            mbedtls_x509_crt_parse(
                &anchors_, testbed::raw(testbed::view_of(with.trust_anchors)), with.trust_anchors.size() + 1),
            "trust anchors");
        mbedtls_ssl_conf_ca_chain(&config_, &anchors_, nullptr);
        mbedtls_ssl_conf_session_tickets(
            &config_, c.resumed ? MBEDTLS_SSL_SESSION_TICKETS_ENABLED : MBEDTLS_SSL_SESSION_TICKETS_DISABLED);
        if (c.resumed)
            mbedtls_ssl_conf_tls13_enable_signal_new_session_tickets(
                &config_, MBEDTLS_SSL_TLS1_3_SIGNAL_NEW_SESSION_TICKETS_ENABLED);
        if (!c.client_certificate) return;
        check_mbedtls(
            mbedtls_x509_crt_parse(
                &chain_, testbed::raw(testbed::view_of(with.client_chain)), with.client_chain.size() + 1),
            "client certificate");
        check_mbedtls(
            mbedtls_pk_parse_key(
                &key_, testbed::raw(testbed::view_of(with.client_private_key)), with.client_private_key.size() + 1,
                nullptr, 0, mbedtls_ctr_drbg_random, random_.context()),
            "private key");
        check_mbedtls(mbedtls_ssl_conf_own_cert(&config_, &chain_, &key_), "client certificate");
    }
    void release() {
        mbedtls_ssl_config_free(&config_);
        mbedtls_pk_free(&key_);
        mbedtls_x509_crt_free(&chain_);
        mbedtls_x509_crt_free(&anchors_);
    }

    std::string name_;
    bool resumes_;
    testbed::random_source random_;
    mbedtls_x509_crt anchors_;
    mbedtls_x509_crt chain_;
    mbedtls_pk_context key_;
    mbedtls_ssl_config config_;
    std::array<int, 2> suites_{};
    std::vector<std::uint16_t> groups_{};
    std::array<char const*, 2> protocols_{application_protocol.data(), nullptr};
    kept_session kept_;
};

std::unique_ptr<client_contender> configure(handshake_case const& c, credentials const& with) {
    return std::make_unique<contender>(c, with);
}

} // namespace

contender_kind raw_mbedtls() {
    return {"raw-mbedtls", "Mbed TLS " MBEDTLS_VERSION_STRING ", C", "mbedtls", mbedtls_build(), configure};
}

} // namespace bench
