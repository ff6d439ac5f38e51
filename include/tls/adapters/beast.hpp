// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#if !__has_include(<boost/beast/websocket/teardown.hpp>)
#    error "tls/adapters/beast.hpp: Boost.Beast's headers are not on the include path"
#endif

#include <tls/adapters/asio.hpp>

#include <boost/beast/core/role.hpp>
#include <boost/beast/websocket/teardown.hpp>
#include <utility>

#if !defined(TWINTLS_ASIO_BOOST)
#    error "tls/adapters/beast.hpp: Boost.Beast is over Boost.Asio: define TWINTLS_ASIO_BOOST"
#endif

// What Boost.Beast's WebSocket streams ask of the stream under them; its HTTP needs nothing but
// <tls/adapters/asio.hpp>.
namespace tls::asio {
namespace detail {

/// Ends TLS, then what is under it.
template <class Stream> struct beast_teardown {
    ::boost::beast::role_type role;
    Stream* stream;
    bool ended = false;

    template <class Self> void operator()(Self& self, error_code code = {}) {
        if (!std::exchange(ended, true)) return stream->async_shutdown(std::move(self));
        if (stream == nullptr || code) return self.complete(code);
        auto& next = std::exchange(stream, nullptr)->next_layer();
        using ::boost::beast::websocket::async_teardown;
        async_teardown(role, next, std::move(self));
    }
};

} // namespace detail

/// Sends close_notify, then ends the next layer. Called by Beast.
template <class NextLayer, class Backend>
void teardown(::boost::beast::role_type role, stream<NextLayer, Backend>& s, error_code& code) {
    s.shutdown(code);
    if (code) return;
    using ::boost::beast::websocket::teardown;
    teardown(role, s.next_layer(), code);
}

/// As `teardown`, without waiting. Called by Beast. Handler: void(error_code).
template <class NextLayer, class Backend, class Handler>
void async_teardown(::boost::beast::role_type role, stream<NextLayer, Backend>& s, Handler&& handler) {
    net::async_compose<Handler, void(error_code)>(
        detail::beast_teardown<stream<NextLayer, Backend>>{role, &s}, handler, s);
}

} // namespace tls::asio
