// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "contenders/memory_wire.hpp"

#include <asio/buffer.hpp>
#include <asio/error.hpp>
#include <asio/io_context.hpp>
#include <cstddef>
#include <span>

namespace bench {

/// A stream of Asio in memory that never waits, with what synchronous functions require: the same under asio::ssl and
/// tls::asio.
class asio_memory_stream {
public:
    using executor_type = asio::io_context::executor_type;
    using lowest_layer_type = asio_memory_stream;
    explicit asio_memory_stream(executor_type executor) : executor_(executor) {}

    [[nodiscard]] executor_type get_executor() const { return executor_; }
    asio_memory_stream& lowest_layer() { return *this; }
    memory_wire& wire() { return wire_; }

    template <class Buffers> std::size_t read_some(Buffers const& into, asio::error_code& failure) {
        std::size_t total = 0;
        for (auto at = asio::buffer_sequence_begin(into); at != asio::buffer_sequence_end(into); ++at) {
            asio::mutable_buffer const one(*at);
            total += wire_.take(std::span(static_cast<std::byte*>(one.data()), one.size()));
        }
        failure = total == 0 ? asio::error::would_block : asio::error_code();
        return total;
    }
    template <class Buffers> std::size_t write_some(Buffers const& from, asio::error_code& failure) {
        std::size_t total = 0;
        for (auto at = asio::buffer_sequence_begin(from); at != asio::buffer_sequence_end(from); ++at) {
            asio::const_buffer const one(*at);
            wire_.put(std::span(static_cast<std::byte const*>(one.data()), one.size()));
            total += one.size();
        }
        failure = {};
        return total;
    }

private:
    executor_type executor_;
    memory_wire wire_;
};

} // namespace bench
