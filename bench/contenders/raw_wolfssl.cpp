// SPDX-License-Identifier: Apache-2.0
#include "contender.hpp"
#include "contenders/builds.hpp"
#include "contenders/memory_wire.hpp"
#include "testbed/libraries.hpp"

#include <stdexcept>
#include <string>
#include <utility>

#if !defined(WOLFSSL_USER_SETTINGS)
#    include <wolfssl/options.h>
#endif
#include <wolfssl/ssl.h>
#include <wolfssl/wolfio.h>

/// wolfSSL's own C API, as its manual says: one WOLFSSL_CTX, and a WOLFSSL with callbacks for each connection.
namespace bench {
namespace {

struct free_context {
    void operator()(WOLFSSL_CTX* p) const { wolfSSL_CTX_free(p); }
};
struct free_ssl {
    void operator()(WOLFSSL* p) const { wolfSSL_free(p); }
};
struct free_session {
    void operator()(WOLFSSL_SESSION* p) const { wolfSSL_SESSION_free(p); }
};

void require(int code, char const* what) {
    if (code != WOLFSSL_SUCCESS)
        throw std::runtime_error(std::string("wolfSSL: ") + what + ": " + std::to_string(code));
}

char const* name_of(tls::cipher_suite suite) {
    using enum tls::cipher_suite;
    switch (suite) {
    case aes_128_gcm_sha256: return "TLS13-AES128-GCM-SHA256";
    case aes_256_gcm_sha384: return "TLS13-AES256-GCM-SHA384";
    case chacha20_poly1305_sha256: return "TLS13-CHACHA20-POLY1305-SHA256";
    case ecdhe_ecdsa_aes_128_gcm_sha256: return "ECDHE-ECDSA-AES128-GCM-SHA256";
    case ecdhe_rsa_aes_128_gcm_sha256: return "ECDHE-RSA-AES128-GCM-SHA256";
    default: throw std::runtime_error("wolfSSL: no such suite in the benchmark");
    }
}

int receive(WOLFSSL*, char* into, int size, void* user) {
    std::size_t const n =
        static_cast<memory_wire*>(user)->take(std::as_writable_bytes(std::span(into, static_cast<std::size_t>(size))));
    return n == 0 ? WOLFSSL_CBIO_ERR_WANT_READ : static_cast<int>(n);
}
int transmit(WOLFSSL*, char* data, int size, void* user) {
    static_cast<memory_wire*>(user)->put(std::as_bytes(std::span(data, static_cast<std::size_t>(size))));
    return size;
}

class connection final : public client_connection {
public:
    connection(WOLFSSL_CTX* context, std::string const& name, WOLFSSL_SESSION* resume) : ssl_(wolfSSL_new(context)) {
        if (!ssl_) throw std::runtime_error("wolfSSL: no session");
        wolfSSL_SetIOReadCtx(ssl_.get(), &wire_);
        wolfSSL_SetIOWriteCtx(ssl_.get(), &wire_);
        require(wolfSSL_check_domain_name(ssl_.get(), name.c_str()), "server name");
        require(
            wolfSSL_UseSNI(ssl_.get(), WOLFSSL_SNI_HOST_NAME, name.data(), static_cast<unsigned short>(name.size())),
            "SNI");
        std::string alpn(application_protocol);
        require(
            wolfSSL_UseALPN(
                ssl_.get(), alpn.data(), static_cast<unsigned>(alpn.size()), WOLFSSL_ALPN_FAILED_ON_MISMATCH),
            "ALPN");
        if (resume != nullptr) require(wolfSSL_set_session(ssl_.get(), resume), "session");
    }

    bool handshake(byte_view from_server, bytes& to_server) override {
        wire_ = {from_server, &to_server};
        int const code = wolfSSL_connect(ssl_.get());
        if (code == WOLFSSL_SUCCESS) return true;
        if (int const why = wolfSSL_get_error(ssl_.get(), code); why != WOLFSSL_ERROR_WANT_READ) fail(why);
        return false;
    }
    void write(byte_view data, bytes& to_server) override {
        wire_ = {{}, &to_server};
        while (!data.empty()) {
            int const n = wolfSSL_write(ssl_.get(), data.data(), static_cast<int>(data.size()));
            if (n <= 0) fail(wolfSSL_get_error(ssl_.get(), n));
            data = data.subspan(static_cast<std::size_t>(n));
        }
    }
    std::size_t read(byte_view from_server, std::span<std::byte> into) override {
        wire_ = {from_server, nullptr};
        std::size_t total = 0;
        while (total < into.size()) {
            int const n = wolfSSL_read(ssl_.get(), into.data() + total, static_cast<int>(into.size() - total));
            if (n > 0) {
                total += static_cast<std::size_t>(n);
                continue;
            }
            if (int const why = wolfSSL_get_error(ssl_.get(), n); why != WOLFSSL_ERROR_WANT_READ) fail(why);
            break;
        }
        return total;
    }
    [[nodiscard]] WOLFSSL* ssl() const { return ssl_.get(); }

private:
    [[noreturn]] static void fail(int code) {
        char text[WOLFSSL_MAX_ERROR_SZ] = "";
        wolfSSL_ERR_error_string_n(static_cast<unsigned long>(code), text, sizeof text);
        throw std::runtime_error(std::string("wolfSSL: ") + text);
    }

    memory_wire wire_;
    std::unique_ptr<WOLFSSL, free_ssl> ssl_;
};

class contender final : public client_contender {
public:
    contender(handshake_case const& c, credentials const& with) : name_(with.name) {
        testbed::prepare_wolfssl();
        bool const old = c.version == tls::protocol_version::tls_1_2;
        context_.reset(wolfSSL_CTX_new(old ? wolfTLSv1_2_client_method() : wolfTLSv1_3_client_method()));
        if (!context_) throw std::runtime_error("wolfSSL: no context");
        WOLFSSL_CTX* const ctx = context_.get();
        wolfSSL_CTX_set_verify(ctx, WOLFSSL_VERIFY_PEER, nullptr);
        require(wolfSSL_CTX_SetMinRsaKey_Sz(ctx, 2048), "smallest RSA key");
        require(wolfSSL_CTX_SetMinEccKey_Sz(ctx, 256), "smallest EC key");
        require(wolfSSL_CTX_set_cipher_list(ctx, name_of(c.suite)), "suites");
        std::vector<int> groups;
        for (auto const g : c.offered_groups())
            groups.push_back(static_cast<int>(g)); // wolfSSL's numbers of them are IANA's
        require(wolfSSL_CTX_set_groups(ctx, groups.data(), static_cast<int>(groups.size())), "groups");
        require(
            wolfSSL_CTX_load_verify_buffer(
                ctx, testbed::raw(testbed::view_of(with.trust_anchors)), static_cast<long>(with.trust_anchors.size()),
                WOLFSSL_FILETYPE_PEM),
            "trust anchors");
        if (c.resumed) require(wolfSSL_CTX_UseSessionTicket(ctx), "tickets");
        wolfSSL_CTX_SetIORecv(ctx, receive);
        wolfSSL_CTX_SetIOSend(ctx, transmit);
        if (!c.client_certificate) return;
        require(
            wolfSSL_CTX_use_certificate_chain_buffer(
                ctx, testbed::raw(testbed::view_of(with.client_chain)), static_cast<long>(with.client_chain.size())),
            "client certificate");
        require(
            wolfSSL_CTX_use_PrivateKey_buffer(
                ctx, testbed::raw(testbed::view_of(with.client_private_key)),
                static_cast<long>(with.client_private_key.size()), WOLFSSL_FILETYPE_PEM),
            "private key");
        require(wolfSSL_CTX_check_private_key(ctx), "private key");
    }

    std::unique_ptr<client_connection> connect() override {
        // A context keeps the intermediates of earlier servers and judges later ones by them; twintls prevents that,
        // and both must do the same checks.
        require(
            wolfSSL_CertManagerUnloadIntermediateCerts(wolfSSL_CTX_GetCertManager(context_.get())), "intermediates");
        return std::make_unique<connection>(context_.get(), name_, session_.get());
    }
    void keep_session(client_connection& established) override {
        session_.reset(wolfSSL_get1_session(static_cast<connection&>(established).ssl()));
    }
    outcome outcome_of(client_connection& established) override {
        WOLFSSL* const ssl = static_cast<connection&>(established).ssl();
        outcome o;
        o.version = wolfSSL_GetVersion(ssl) == WOLFSSL_TLSV1_3 ? tls::protocol_version::tls_1_3
                                                               : tls::protocol_version::tls_1_2;
        o.suite = static_cast<tls::cipher_suite>(wolfSSL_get_current_cipher_suite(ssl));
        o.resumed = wolfSSL_session_reused(ssl) != 0;
        // With WOLFSSL_VERIFY_PEER no handshake succeeds without it, as the self-check shows.
        o.server_verified = true;
        char* protocol = nullptr;
        unsigned short size = 0;
        if (wolfSSL_ALPN_GetProtocol(ssl, &protocol, &size) == WOLFSSL_SUCCESS) o.alpn.assign(protocol, size);
        return o;
    }

private:
    std::string name_;
    std::unique_ptr<WOLFSSL_CTX, free_context> context_{};
    std::unique_ptr<WOLFSSL_SESSION, free_session> session_{};
};

std::unique_ptr<client_contender> configure(handshake_case const& c, credentials const& with) {
    return std::make_unique<contender>(c, with);
}

} // namespace

contender_kind raw_wolfssl() {
    return {
        "raw-wolfssl", std::string("wolfSSL ") + wolfSSL_lib_version() + ", C", "wolfssl", wolfssl_build(), configure};
}

} // namespace bench
