// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "contenders/twintls.hpp"
#include <tls/resumption/memory_ticket_store.hpp>

#include <array>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

namespace bench {

/// tls::engine with no more around it than a program that brings its own I/O needs: what tls::asio is measured against.
template <class Backend> class twintls_engine_contender final : public client_contender {
public:
    static std::unique_ptr<client_contender> configure(handshake_case const& c, credentials const& with) {
        auto builder = builder_of<Backend>(c, with);
        auto const store = c.resumed ? std::make_shared<tls::memory_ticket_store>() : nullptr;
        if (store) builder = std::move(builder).resumption(store);
        return std::make_unique<twintls_engine_contender>(client_of(std::move(builder), c, with), with.name);
    }

    twintls_engine_contender(tls::result<tls::client<Backend>> made, std::string const& name)
        : client_(or_throw(std::move(made))),
          name_(or_throw(tls::server_name::dns(name))) {}

    std::unique_ptr<client_connection> connect() override { return std::make_unique<connection>(client_, name_); }
    void keep_session(client_connection&) override {} // the store has it
    outcome outcome_of(client_connection& established) override {
        auto const facts = static_cast<connection&>(established).facts();
        return {facts.version, facts.suite, facts.resumed, facts.peer_certificate.has_value(), std::string(facts.alpn)};
    }

private:
    class connection final : public client_connection {
    public:
        connection(tls::client<Backend> const& client, tls::server_name const& name)
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
            std::size_t const n = wire_.take(*input_);
            if (n != 0)
                if (auto const fed = engine_.feed(std::span(*input_).first(n)); !fed) fail(fed.error());
            return n != 0;
        }

        using input = std::array<std::byte, std::size_t{32} << 10>; // as tls::asio has it
        tls::engine<Backend> engine_;
        std::unique_ptr<input> input_ = std::make_unique_for_overwrite<input>();
        memory_wire wire_{};
    };

    tls::client<Backend> client_;
    tls::server_name name_;
};

} // namespace bench
