// SPDX-License-Identifier: Apache-2.0
#include "contenders/asio_connection.hpp"
#include "openssl_client.hpp"

#include <asio/io_context.hpp>
#include <asio/ssl.hpp>
#include <asio/version.hpp>
#include <stdexcept>
#include <string>

/// asio::ssl::stream on OpenSSL, over a stream in memory that never waits.
namespace bench {
namespace {

class connection final : public asio_connection<asio::ssl::stream<asio_memory_stream>> {
public:
    connection(asio::io_context& io, asio::ssl::context& context, std::string const& name, SSL_SESSION* resume)
        : asio_connection(io.get_executor(), context) {
        stream_.set_verify_callback(asio::ssl::host_name_verification(name));
        SSL* const ssl = stream_.native_handle();
        with_openssl::require(SSL_set_tlsext_host_name(ssl, name.c_str()) == 1, "SNI");
        if (resume != nullptr) with_openssl::require(SSL_set_session(ssl, resume) == 1, "session to resume");
    }

    [[nodiscard]] SSL* ssl() { return stream_.native_handle(); }

private:
    asio::error_code step() override {
        asio::error_code failure;
        stream_.handshake(asio::ssl::stream_base::client, failure);
        return failure;
    }
    void fail(asio::error_code const& failure) override { throw std::runtime_error("asio::ssl: " + failure.message()); }
};

class contender final : public with_openssl::client<connection> {
public:
    contender(handshake_case const& c, credentials const& with)
        : name_(with.name),
          context_(asio::ssl::context::tls_client) {
        with_openssl::set_up_client(context_.native_handle(), c, with);
    }
    std::unique_ptr<client_connection> connect() override {
        return std::make_unique<connection>(io_, context_, name_, session());
    }

private:
    std::string name_;
    asio::io_context io_{1};
    asio::ssl::context context_;
};

std::unique_ptr<client_contender> configure(handshake_case const& c, credentials const& with) {
    return std::make_unique<contender>(c, with);
}

} // namespace

contender_kind asio_ssl() {
    std::string const version = std::to_string(ASIO_VERSION / 100000) + "." +
                                std::to_string(ASIO_VERSION / 100 % 1000) + "." + std::to_string(ASIO_VERSION % 100);
    return {
        "asio-ssl", "asio::ssl " + version + " on OpenSSL " + OpenSSL_version(OPENSSL_VERSION_STRING), "openssl",
        with_openssl::build(), configure};
}

} // namespace bench
