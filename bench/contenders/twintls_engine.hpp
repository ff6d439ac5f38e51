// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "contenders/memory_wire.hpp"
#include "contenders/twintls_stored.hpp"

#include <cstddef>
#include <span>
#include <stdexcept>
#include <string>

namespace bench {

/// tls::engine with no more around it than a program that brings its own I/O needs: what tls::asio is measured against.
template <class Backend> class twintls_engine_connection final : public client_connection {
public:
    struct shared {};

    twintls_engine_connection(shared&, tls::client<Backend> const& client, tls::server_name const& name)
        : engine_(or_throw(client.engine(name))) {}

    bool handshake(byte_view from_server, bytes& to_server) override {
        wire_ = {from_server, &to_server};
        for (;;) {
            auto const done = engine_.handshake();
            send();
            if (done) return true;
            if (done.error() != tls::errc::want_read) fail(done.error());
            if (!receive()) return false;
        }
    }
    void write(byte_view data, bytes& to_server) override {
        wire_ = {{}, &to_server};
        while (!data.empty()) {
            auto const n = engine_.write_some(data);
            if (!n) fail(n.error());
            data = data.subspan(*n);
            send();
        }
    }
    std::size_t read(byte_view from_server, std::span<std::byte> into) override {
        wire_ = {from_server, nullptr};
        std::size_t total = 0;
        while (total < into.size()) {
            auto const n = engine_.read_some(into.subspan(total));
            if (n)
                total += *n;
            else if (n.error() != tls::errc::want_read)
                fail(n.error());
            else if (!receive())
                break;
        }
        return total;
    }
    [[nodiscard]] tls::facts facts() { return engine_.facts(); }

private:
    [[noreturn]] static void fail(tls::error const& e) { throw std::runtime_error(std::string(tls::explain(e))); }

    void send() {
        auto const records = engine_.drain();
        wire_.put(records);
        engine_.drained(records.size());
    }
    bool receive() {
        auto const room = engine_.room(std::size_t{32} << 10); // as tls::asio has it
        if (!room) fail(room.error());
        std::size_t const n = wire_.take(*room);
        engine_.fed(n);
        return n != 0;
    }

    tls::engine<Backend> engine_;
    memory_wire wire_{};
};

template <class Backend>
using twintls_engine_contender = twintls_stored_contender<Backend, twintls_engine_connection<Backend>>;

} // namespace bench
