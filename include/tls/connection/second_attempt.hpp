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

/// What a handshake needs to start over without a ticket, where the transport can.
template <backend Backend, class Transport> class second_attempt {
public:
    second_attempt(typename Backend::context const&, settings const&, destination const&, flight_recorder*) noexcept {}
    [[nodiscard]] static bool start_over(connection<Backend>&, Transport&) noexcept { return false; }
};

template <backend Backend, reconnecting_transport Transport> class second_attempt<Backend, Transport> {
public:
    second_attempt(
        typename Backend::context const& context, settings const& s, destination const& to, // NOLINT(*-pass-by-value)
        flight_recorder* recorder) noexcept
        : context_(context),
          settings_(&s),
          name_(to.name),
          port_(to.port),
          recorder_(recorder) {}

    /// Replaces a connection that failed because of its ticket, once; false if that is not the reason, or the transport
    /// cannot connect again.
    [[nodiscard]] bool start_over(connection<Backend>& failed, Transport& transport) noexcept {
        if (!failed.may_succeed_without_ticket() || !transport.reconnect()) return false;
        auto fresh = begin<Backend>(context_, *settings_, {.name = name_, .port = port_, .anew = true});
        if (!fresh) return false;
        failed = std::move(*fresh);
        if (recorder_ != nullptr) failed.record_into(*recorder_);
        return true;
    }

private:
    typename Backend::context context_;
    settings const* settings_; // kept alive by the context
    server_name name_;
    std::uint16_t port_;
    flight_recorder* recorder_;
};

} // namespace tls::detail
