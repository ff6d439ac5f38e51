// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "contender.hpp"
#include "contenders/asio_memory_stream.hpp"

#include <asio/buffer.hpp>
#include <asio/error.hpp>
#include <cstddef>
#include <span>
#include <utility>

namespace bench {

/// A connection over a synchronous stream of Asio, which lies over one in memory that never waits: driven alike under
/// asio::ssl and tls::asio.
template <class Stream> class asio_connection : public client_connection {
public:
    bool handshake(byte_view from_server, bytes& to_server) final {
        stream_.next_layer().wire() = {from_server, &to_server};
        asio::error_code const failure = step();
        if (failure == asio::error::would_block) return false;
        check(failure);
        return true;
    }
    void write(byte_view data, bytes& to_server) final {
        stream_.next_layer().wire() = {{}, &to_server};
        while (!data.empty()) {
            asio::error_code failure;
            std::size_t const n = stream_.write_some(asio::buffer(data.data(), data.size()), failure);
            check(failure);
            data = data.subspan(n);
        }
    }
    std::size_t read(byte_view from_server, std::span<std::byte> into) final {
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

protected:
    template <class... Arguments>
    explicit asio_connection(Arguments&&... arguments) : stream_(std::forward<Arguments>(arguments)...) {}

    /// Handshakes as far as what has come allows.
    virtual asio::error_code step() = 0;
    /// Throws what the stream has to say.
    [[noreturn]] virtual void fail(asio::error_code const& failure) = 0;

    Stream stream_;

private:
    void check(asio::error_code const& failure) {
        if (failure) fail(failure);
    }
};

} // namespace bench
