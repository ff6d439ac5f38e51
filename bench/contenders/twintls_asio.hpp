// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "contenders/asio_connection.hpp"
#include "contenders/twintls_stored.hpp"
#include <tls/adapters/asio.hpp>

#include <asio/io_context.hpp>
#include <stdexcept>
#include <string>
#include <utility>

namespace bench {

template <class Backend> using twintls_asio_stream = tls::asio::stream<asio_memory_stream, Backend>;

/// tls::asio::stream over what asio::ssl::stream is measured over, and how.
template <class Backend> class twintls_asio_connection final : public asio_connection<twintls_asio_stream<Backend>> {
public:
    struct shared {
        asio::io_context io{1};
    };

    twintls_asio_connection(shared& with, tls::client<Backend> const& client, tls::server_name const& name)
        : asio_connection<twintls_asio_stream<Backend>>(with.io.get_executor(), client),
          name_(name) {}

    [[nodiscard]] tls::facts facts() { return this->stream_.facts(); }

private:
    asio::error_code step() override {
        asio::error_code failure;
        if (std::exchange(begun_, true))
            this->stream_.handshake(failure);
        else
            this->stream_.handshake(name_, failure);
        return failure;
    }
    void fail(asio::error_code const&) override {
        throw std::runtime_error("tls::asio: " + std::string(tls::explain(this->stream_.last_error())));
    }

    tls::server_name name_;
    bool begun_ = false;
};

template <class Backend>
using twintls_asio_contender = twintls_stored_contender<Backend, twintls_asio_connection<Backend>>;

} // namespace bench
