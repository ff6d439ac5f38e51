// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "certificate_factory.hpp"
#include "process.hpp"
#include "server.hpp"
#include <tls/core/protocol.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace testbed {

/// Real servers, as their packages install them.
enum class server_program : std::uint8_t { openssl, gnutls, mosquitto, nginx };

inline constexpr std::array server_programs = {
    server_program::openssl, server_program::gnutls, server_program::mosquitto, server_program::nginx};

/// The name of the executable: "openssl", "gnutls-serv", "mosquitto" or "nginx".
[[nodiscard]] std::string_view name(server_program program);

/// What a real server shows, asks and does; the defaults require a client certificate at TLS 1.3.
struct real_server_options {
    /// mosquitto asks for a certificate only if it is required.
    enum class client_certificate : std::uint8_t { ignored, requested, required };
    /// mosquitto speaks MQTT and nginx HTTP, whatever is wanted. OpenSSL echoes line by line and reverses each line.
    enum class behaviour : std::uint8_t { echo, http };

    server_program program = server_program::openssl;
    credentials server{};
    std::vector<certificate> client_anchors{}; ///< which authorities a client's certificate may come from
    client_certificate from_client = client_certificate::required;
    tls::protocol_version version = tls::protocol_version::tls_1_3; ///< this one only
    behaviour what = behaviour::http;
    /// Not for mosquitto: false makes the server keep the sessions itself, so that the client has only their ids.
    bool tickets = true;
    std::optional<unsigned> ticket_count{}; ///< issued after a handshake of TLS 1.3; openssl only
    bool takes_early_data = false;          ///< its tickets of TLS 1.3 permit early data; openssl only
    std::string more_priority{};            ///< after the version in a priority string; gnutls only
    /// Instead of a certificate, whose identity no colon is in; not for nginx.
    std::optional<server_psk> psk{};
};

/// A server program on a free port of 127.0.0.1, with its files in a folder of its own; ended with this object.
///
/// It serves connections one after another or at the same time, and survives those that fail. For one thread.
class real_server {
public:
    /// Starts it and waits until it accepts connections. Throws with its output when it does not.
    explicit real_server(real_server_options const& options);

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] process& child() { return child_; }

    /// Something to send that it answers: an HTTP request, an MQTT CONNECT, or a line.
    [[nodiscard]] std::string_view request() const { return request_; }
    /// What a good answer to that starts with.
    [[nodiscard]] std::string_view answer() const { return answer_; }

private:
    std::string_view request_;
    std::string_view answer_;
    temporary_directory folder_{};
    std::uint16_t port_ = free_loopback_port();
    process child_;
};

} // namespace testbed
