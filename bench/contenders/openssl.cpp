// SPDX-License-Identifier: Apache-2.0
#include "openssl_client.hpp"

#include <string>

/// OpenSSL's libssl, as its manual says for a client: one SSL_CTX, and an SSL with two memory BIOs for each connection.
namespace bench {
namespace {

using with_openssl::owner;
using with_openssl::require;

class connection final : public client_connection {
public:
    connection(SSL_CTX* context, std::string const& name, SSL_SESSION* resume) : ssl_(SSL_new(context)) {
        require(ssl_ != nullptr, "session");
        in_ = BIO_new(BIO_s_mem());
        out_ = BIO_new(BIO_s_mem());
        require(in_ != nullptr && out_ != nullptr, "memory");
        BIO_set_mem_eof_return(in_, -1);
        SSL_set_bio(ssl_.get(), in_, out_); // which owns them now
        SSL_set_connect_state(ssl_.get());
        require(SSL_set1_host(ssl_.get(), name.c_str()) == 1, "server name");
        require(SSL_set_tlsext_host_name(ssl_.get(), name.c_str()) == 1, "SNI");
        if (resume != nullptr) require(SSL_set_session(ssl_.get(), resume) == 1, "session to resume");
    }

    bool handshake(byte_view from_server, bytes& to_server) override {
        arrive(from_server);
        int const code = SSL_do_handshake(ssl_.get());
        if (code != 1) require(SSL_get_error(ssl_.get(), code) == SSL_ERROR_WANT_READ, "handshake");
        leave(to_server);
        return code == 1;
    }
    void write(byte_view data, bytes& to_server) override {
        std::size_t n = 0;
        require(SSL_write_ex(ssl_.get(), data.data(), data.size(), &n) == 1 && n == data.size(), "writing");
        leave(to_server);
    }
    std::size_t read(byte_view from_server, std::span<std::byte> into) override {
        arrive(from_server);
        std::size_t total = 0;
        while (total < into.size()) {
            std::size_t n = 0;
            int const code = SSL_read_ex(ssl_.get(), into.data() + total, into.size() - total, &n);
            if (code != 1) {
                require(SSL_get_error(ssl_.get(), code) == SSL_ERROR_WANT_READ, "reading");
                break;
            }
            total += n;
        }
        return total;
    }
    [[nodiscard]] SSL* ssl() const { return ssl_.get(); }

private:
    void arrive(byte_view from_server) {
        if (from_server.empty()) return;
        int const size = static_cast<int>(from_server.size());
        require(BIO_write(in_, from_server.data(), size) == size, "memory");
    }
    void leave(bytes& to_server) {
        char* data = nullptr;
        long const n = BIO_get_mem_data(out_, &data);
        if (n > 0) support::append(to_server, std::as_bytes(std::span(data, static_cast<std::size_t>(n))));
        (void)BIO_reset(out_);
    }

    owner<SSL> ssl_;
    BIO* in_ = nullptr;
    BIO* out_ = nullptr;
};

class contender final : public client_contender {
public:
    contender(handshake_case const& c, credentials const& with)
        : name_(with.name),
          context_(SSL_CTX_new(TLS_client_method())) {
        require(context_ != nullptr, "context");
        with_openssl::set_up_client(context_.get(), c, with);
    }
    std::unique_ptr<client_connection> connect() override {
        return std::make_unique<connection>(context_.get(), name_, session_.get());
    }
    void keep_session(client_connection& established) override {
        session_ = with_openssl::session_of(static_cast<connection&>(established).ssl());
    }
    outcome outcome_of(client_connection& established) override {
        return with_openssl::outcome_of(static_cast<connection&>(established).ssl());
    }

private:
    std::string name_;
    owner<SSL_CTX> context_;
    owner<SSL_SESSION> session_{};
};

std::unique_ptr<client_contender> configure(handshake_case const& c, credentials const& with) {
    return std::make_unique<contender>(c, with);
}

} // namespace

contender_kind openssl() {
    return {
        "openssl", std::string("OpenSSL ") + OpenSSL_version(OPENSSL_VERSION_STRING) + ", C", "openssl",
        with_openssl::build(), configure};
}

} // namespace bench
