// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "contenders/asio_memory_stream.hpp"
#include "contenders/twintls.hpp"
#include <tls/adapters/asio.hpp>
#include <tls/resumption/memory_ticket_store.hpp>

#include <asio/buffer.hpp>
#include <asio/io_context.hpp>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

namespace bench {

/// tls::asio::stream over a stream in memory that never waits: what asio::ssl::stream is measured over, and how.
template <class Backend> class twintls_asio_contender final : public client_contender {
public:
    static std::unique_ptr<client_contender> configure(handshake_case const& c, credentials const& with) {
        auto builder = builder_of<Backend>(c, with);
        auto const store = c.resumed ? std::make_shared<tls::memory_ticket_store>() : nullptr;
        if (store) builder = std::move(builder).resumption(store);
        return std::make_unique<twintls_asio_contender>(client_of(std::move(builder), c, with), with.name);
    }

    twintls_asio_contender(tls::result<tls::client<Backend>> made, std::string const& name)
        : client_(or_throw(std::move(made))),
          name_(or_throw(tls::server_name::dns(name))) {}

    std::unique_ptr<client_connection> connect() override { return std::make_unique<connection>(io_, client_, name_); }
    void keep_session(client_connection&) override {} // the store has it
    outcome outcome_of(client_connection& established) override {
        auto const facts = static_cast<connection&>(established).facts();
        return {facts.version, facts.suite, facts.resumed, facts.peer_certificate.has_value(), std::string(facts.alpn)};
    }

private:
    class connection final : public client_connection {
    public:
        connection(asio::io_context& io, tls::client<Backend> const& client, tls::server_name const& name)
            : stream_(io.get_executor(), client),
              name_(name) {}

        bool handshake(byte_view from_server, bytes& to_server) override {
            stream_.next_layer().wire() = {from_server, &to_server};
            asio::error_code failure;
            if (std::exchange(begun_, true))
                stream_.handshake(failure);
            else
                stream_.handshake(name_, failure);
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
        [[nodiscard]] tls::facts facts() { return stream_.facts(); }

    private:
        void check(asio::error_code const& failure) const {
            if (failure) throw std::runtime_error("tls::asio: " + std::string(tls::explain(stream_.last_error())));
        }

        tls::asio::stream<asio_memory_stream, Backend> stream_;
        tls::server_name name_;
        bool begun_ = false;
    };

    asio::io_context io_{1};
    tls::client<Backend> client_;
    tls::server_name name_;
};

} // namespace bench
