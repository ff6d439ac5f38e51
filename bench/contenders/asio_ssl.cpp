// SPDX-License-Identifier: Apache-2.0
#include "contenders/asio_memory_stream.hpp"
#include "openssl_client.hpp"

#include <asio/buffer.hpp>
#include <asio/io_context.hpp>
#include <asio/ssl.hpp>
#include <asio/version.hpp>
#include <string>

/// asio::ssl::stream on OpenSSL, over a stream in memory that never waits.
namespace bench {
namespace {

class connection final : public client_connection {
public:
    connection(asio::io_context& io, asio::ssl::context& context, std::string const& name, SSL_SESSION* resume)
        : stream_(io.get_executor(), context) {
        stream_.set_verify_callback(asio::ssl::host_name_verification(name));
        SSL* const ssl = stream_.native_handle();
        with_openssl::require(SSL_set_tlsext_host_name(ssl, name.c_str()) == 1, "SNI");
        if (resume != nullptr) with_openssl::require(SSL_set_session(ssl, resume) == 1, "session to resume");
    }

    bool handshake(byte_view from_server, bytes& to_server) override {
        stream_.next_layer().wire() = {from_server, &to_server};
        asio::error_code failure;
        stream_.handshake(asio::ssl::stream_base::client, failure);
        if (failure == asio::error::would_block) return false;
        check(failure);
        return true;
    }
    void write(byte_view data, bytes& to_server) override {
        stream_.next_layer().wire() = {{}, &to_server};
        while (!data.empty()) {
            asio::error_code failure;
            std::size_t const n = stream_.write_some(asio::buffer(data.data(), data.size()), failure);
            check(failure);
            data = data.subspan(n);
        }
    }
    std::size_t read(byte_view from_server, std::span<std::byte> into) override {
        stream_.next_layer().wire() = {from_server, nullptr};
        std::size_t total = 0;
        while (total < into.size()) {
            asio::error_code failure;
            total += stream_.read_some(asio::buffer(into.data() + total, into.size() - total), failure);
            if (failure == asio::error::would_block) break;
            check(failure);
        }
        return total;
    }
    [[nodiscard]] SSL* ssl() { return stream_.native_handle(); }

private:
    static void check(asio::error_code const& failure) {
        if (failure) throw std::runtime_error("asio::ssl: " + failure.message());
    }

    asio::ssl::stream<asio_memory_stream> stream_;
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
