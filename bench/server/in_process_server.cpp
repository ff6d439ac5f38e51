// SPDX-License-Identifier: Apache-2.0
#include "server/in_process_server.hpp"

#include "testbed/server.hpp"
#include "testbed/ticket_keys.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace bench {
namespace {

using testbed::wolfssl_server; // the faster of the two: it is not measured, but it is waited for

class connection final : public server_connection {
public:
    explicit connection(testbed::server_options const& options) : server_(options) {}

    void step(byte_view from_client, bytes& to_client) override {
        server_.feed(from_client);
        go_on(to_client);
        received_ += server_.received().size();
    }
    void write(byte_view data, bytes& to_client) override {
        server_.send(data);
        go_on(to_client);
    }
    [[nodiscard]] bool established() const override { return server_.established(); }
    [[nodiscard]] bool resumed() const override { return server_.resumed(); }
    [[nodiscard]] int client_certificates() const override {
        return std::max(server_.client_certificates_received(), 0);
    }
    [[nodiscard]] std::size_t received() const override { return received_; }

private:
    void go_on(bytes& to_client) {
        server_.step();
        if (server_.failed()) throw std::runtime_error("server: " + server_.error_text());
        testbed::append(to_client, server_.drain());
    }

    wolfssl_server server_;
    std::size_t received_ = 0;
};

class server final : public bench_server {
public:
    explicit server(testbed::server_options options) : options_(std::move(options)) {}
    std::unique_ptr<server_connection> accept() override { return std::make_unique<connection>(options_); }

private:
    testbed::server_options options_;
};

} // namespace

std::unique_ptr<bench_server> make_in_process_server(handshake_case const& c, credentials const& with) {
    auto options = testbed::server_options::showing(with.server_pki->server, c.version);
    options.suites = {static_cast<std::uint16_t>(c.suite)};
    options.groups = {static_cast<std::uint16_t>(c.group)};
    options.alpn = {std::string(application_protocol)};
    options.tickets = c.resumed;
    options.keys = std::make_shared<testbed::ticket_keys>();
    options.require_client_certificate = c.client_certificate;
    if (c.client_certificate) options.client_anchors = {with.client_pki->root.certificate};
    return std::make_unique<server>(std::move(options));
}

std::string in_process_server_title() { return "the wolfSSL server of the tests"; }

} // namespace bench
