// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "contender.hpp"
#include "contenders/memory_wire.hpp"
#include <tls/any_client.hpp>
#include <tls/client.hpp>
#include <tls/diagnosis/explain.hpp>

#include <memory>
#include <optional>
#include <stdexcept>
#include <type_traits>
#include <utility>
#include <variant>

namespace bench {

/// The client of a case, but for its identity and whether it resumes sessions.
template <class Backend> [[nodiscard]] auto builder_of(handshake_case const& c, credentials const& with) {
    return tls::client<Backend>::configure()
        .trust(tls::trust_anchors::from_pem(with.trust_anchors))
        .versions(c.version, c.version)
        .suites({c.suite})
        .groups(c.offered_groups())
        .alpn({application_protocol})
        .signature_memory(c.again ? std::make_shared<tls::signature::memory>() : nullptr);
}

/// That client with the identity of the case.
template <class Builder>
[[nodiscard]] auto client_of(Builder builder, handshake_case const& c, credentials const& with) {
    if (!c.client_certificate) return std::move(builder).no_identity().build();
    return std::move(builder).identity(tls::identity::from_pem(with.client_chain, with.client_private_key)).build();
}

template <class T> T or_throw(tls::result<T> made) {
    if (!made) throw std::runtime_error(std::string(tls::explain(made.error())));
    return std::move(*made);
}

/// twintls as its users write it: one client, and for each connection a handshake over a transport that does not block.
///
/// `Client` is tls::client<Backend>, or tls::any_client with one inside.
template <class Backend, class Client = tls::client<Backend>> class twintls_contender final : public client_contender {
public:
    static std::unique_ptr<client_contender> configure(handshake_case const& c, credentials const& with) {
        auto builder = builder_of<Backend>(c, with);
        if (c.resumed) builder = std::move(builder).resumption(tls::own_tickets);
        return std::make_unique<twintls_contender>(client_of(std::move(builder), c, with), with.name);
    }

    twintls_contender(tls::result<tls::client<Backend>> made, std::string const& name)
        : client_(of(or_throw(std::move(made)))),
          name_(or_throw(tls::server_name::dns(name))) {}

    std::unique_ptr<client_connection> connect() override {
        return std::make_unique<connection>(client_, name_, std::exchange(ticket_, std::nullopt));
    }
    void keep_session(client_connection& established) override {
        auto& session = static_cast<connection&>(established).session();
        while (auto next = session.take_ticket()) ticket_ = std::move(next);
    }
    outcome outcome_of(client_connection& established) override {
        auto const facts = static_cast<connection&>(established).session().facts();
        // There is no session without verification, unless the builder was told to accept any server.
        return {facts.version, facts.suite, facts.resumed, facts.peer_certificate.has_value(), std::string(facts.alpn)};
    }

private:
    static Client of(tls::client<Backend> made) {
        if constexpr (std::is_same_v<Client, tls::any_client>)
            return or_throw(tls::any_client::of(std::move(made)));
        else
            return made;
    }

    struct transport {
        memory_wire wire{};
        [[nodiscard]] tls::io_result read_some(std::span<std::byte> into) noexcept {
            std::size_t const n = wire.take(into);
            return n == 0 ? tls::io_result::blocked() : tls::io_result::moved(n);
        }
        [[nodiscard]] tls::io_result write_some(std::span<std::byte const> from) noexcept {
            wire.put(from);
            return tls::io_result::moved(from.size());
        }
    };

    class connection final : public client_connection {
    public:
        connection(Client const& client, tls::server_name const& name, std::optional<tls::ticket> offer)
            : stage_(or_throw(client.start(name, transport_, std::move(offer)))) {}

        bool handshake(byte_view from_server, bytes& to_server) override {
            transport_.wire = {from_server, &to_server};
            auto done = std::get<handshaking>(stage_).step();
            if (done) {
                stage_.template emplace<connected>(std::move(*done));
                return true;
            }
            if (done.error() == tls::errc::want_read) return false;
            throw std::runtime_error(std::string(tls::explain(done.error())));
        }
        void write(byte_view data, bytes& to_server) override {
            transport_.wire = {{}, &to_server};
            if (auto const sent = session().write_all(data); !sent)
                throw std::runtime_error(std::string(tls::explain(sent.error())));
        }
        std::size_t read(byte_view from_server, std::span<std::byte> into) override {
            transport_.wire = {from_server, nullptr};
            std::size_t total = 0;
            while (total < into.size()) {
                auto const n = session().read_some(into.subspan(total));
                if (n) {
                    total += *n;
                    continue;
                }
                if (n.error() == tls::errc::want_read) break;
                throw std::runtime_error(std::string(tls::explain(n.error())));
            }
            return total;
        }
        auto& session() { return std::get<connected>(stage_); }

    private:
        template <class Result> using value_of = typename Result::value_type;
        using handshaking = value_of<decltype(std::declval<Client>().start(
            std::declval<tls::server_name>(), std::declval<transport&>(), std::nullopt))>;
        using connected = value_of<decltype(std::declval<handshaking>().step())>;

        transport transport_;
        std::variant<handshaking, connected> stage_;
    };

    Client client_;
    tls::server_name name_;
    std::optional<tls::ticket> ticket_;
};

} // namespace bench
