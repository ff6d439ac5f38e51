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
    connection(SSL_CTX* context, std::string const& name, SSL_SESSION* resume) : end_(context) {
        SSL_set_connect_state(ssl());
        require(SSL_set1_host(ssl(), name.c_str()) == 1, "server name");
        require(SSL_set_tlsext_host_name(ssl(), name.c_str()) == 1, "SNI");
        if (resume != nullptr) require(SSL_set_session(ssl(), resume) == 1, "session to resume");
    }

    bool handshake(byte_view from_server, bytes& to_server) override {
        end_.arrive(from_server);
        bool const done = end_.handshake("handshake");
        end_.leave(to_server);
        return done;
    }
    void write(byte_view data, bytes& to_server) override {
        end_.write(data, "writing");
        end_.leave(to_server);
    }
    std::size_t read(byte_view from_server, std::span<std::byte> into) override {
        end_.arrive(from_server);
        std::size_t total = 0;
        while (total < into.size()) {
            std::size_t const n = end_.read(into.subspan(total), "reading");
            if (n == 0) break;
            total += n;
        }
        return total;
    }
    [[nodiscard]] SSL* ssl() const { return end_.ssl(); }

private:
    with_openssl::memory_end end_;
};

class contender final : public with_openssl::client<connection> {
public:
    contender(handshake_case const& c, credentials const& with)
        : name_(with.name),
          context_(SSL_CTX_new(TLS_client_method())) {
        require(context_ != nullptr, "context");
        with_openssl::set_up_client(context_.get(), c, with);
    }
    std::unique_ptr<client_connection> connect() override {
        return std::make_unique<connection>(context_.get(), name_, session());
    }

private:
    std::string name_;
    owner<SSL_CTX> context_;
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
