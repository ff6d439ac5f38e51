// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/connection/begin.hpp>
#include <tls/connection/connection.hpp>
#include <tls/diagnosis/flight_recorder.hpp>
#include <tls/transport/transport.hpp>

#include <cstdint>
#include <utility>

namespace tls::detail {

/// Starts a handshake over without its ticket, on a transport that can connect again. `Origin` is where its connections
/// begin: `begin(destination)` makes one.
template <class Origin> class second_attempt_from {
public:
    second_attempt_from(Origin origin, destination const& to, flight_recorder* recorder) noexcept
        : origin_(std::move(origin)),
          name_(to.name),
          port_(to.port),
          recorder_(recorder) {}

    /// Replaces a connection that failed because of its ticket, once; false if that is not the reason, or the transport
    /// cannot connect again.
    template <class Connection, reconnecting_transport Transport>
    [[nodiscard]] bool start_over(Connection& failed, Transport& transport) noexcept {
        if (!failed.may_succeed_without_ticket() || !transport.reconnect()) return false;
        result<Connection> fresh = origin_.begin({.name = name_, .port = port_, .anew = true});
        if (!fresh) return false;
        failed = std::move(*fresh);
        if (recorder_ != nullptr) failed.record_into(*recorder_);
        return true;
    }

private:
    Origin origin_;
    server_name name_;
    std::uint16_t port_;
    flight_recorder* recorder_;
};

/// Where the connections of a client begin.
template <backend Backend> struct client_origin {
    typename Backend::context context;
    settings const* configured; // kept alive by the context

    [[nodiscard]] result<connection<Backend>> begin(destination const& to) const noexcept {
        return detail::begin<Backend>(context, *configured, to);
    }
};

/// What a handshake needs for that: nothing, where the transport cannot.
template <backend Backend, class Transport> class second_attempt {
public:
    second_attempt(typename Backend::context const&, settings const&, destination const&, flight_recorder*) noexcept {}
    [[nodiscard]] static bool start_over(connection<Backend>&, Transport&) noexcept { return false; }
};

template <backend Backend, reconnecting_transport Transport>
class second_attempt<Backend, Transport> : public second_attempt_from<client_origin<Backend>> {
public:
    second_attempt(
        typename Backend::context const& context, settings const& s, destination const& to,
        flight_recorder* recorder) noexcept
        : second_attempt_from<client_origin<Backend>>({context, &s}, to, recorder) {}
};

} // namespace tls::detail
