// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "contenders/twintls.hpp"
#include <tls/resumption/memory_ticket_store.hpp>

#include <memory>
#include <string>
#include <utility>

namespace bench {

/// A contender whose clients keep their tickets in a store. `Connection` is made from its `shared` part, which lives as
/// long as the contender, a client and the server's name; `facts` says what it negotiated.
template <class Backend, class Connection> class twintls_stored_contender final : public client_contender {
public:
    static std::unique_ptr<client_contender> configure(handshake_case const& c, credentials const& with) {
        auto builder = builder_of<Backend>(c, with);
        auto const store = c.resumed ? std::make_shared<tls::memory_ticket_store>() : nullptr;
        if (store) builder = std::move(builder).resumption(store);
        return std::make_unique<twintls_stored_contender>(client_of(std::move(builder), c, with), with.name);
    }

    twintls_stored_contender(tls::result<tls::client<Backend>> made, std::string const& name)
        : client_(or_throw(std::move(made))),
          name_(or_throw(tls::server_name::dns(name))) {}

    std::unique_ptr<client_connection> connect() override {
        return std::make_unique<Connection>(shared_, client_, name_);
    }
    void keep_session(client_connection&) override {} // the store has it
    outcome outcome_of(client_connection& established) override {
        auto const facts = static_cast<Connection&>(established).facts();
        return {facts.version, facts.suite, facts.resumed, facts.peer_certificate.has_value(), std::string(facts.alpn)};
    }

private:
    typename Connection::shared shared_;
    tls::client<Backend> client_;
    tls::server_name name_;
};

} // namespace bench
