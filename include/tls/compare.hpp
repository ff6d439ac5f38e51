// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/any_client.hpp>
#include <tls/compare/json.hpp>
#include <tls/compare/report.hpp>
#include <tls/compare/runner.hpp>
#include <tls/compare/text.hpp>
#include <tls/core/error.hpp>
#include <tls/core/server_name.hpp>
#include <tls/transport/counting.hpp>
#include <tls/transport/transport.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

/// The same connection on several backends, and what each negotiated, what it cost, and what differs.
namespace tls {

namespace detail {

template <class T> inline constexpr bool is_result = false;
template <class T> inline constexpr bool is_result<result<T>> = true;

/// What a callable answers that may or may not want to know which backend it is for.
template <class F, class... Arguments> decltype(auto) call_for(std::size_t backend, F& f, Arguments&&... arguments) {
    if constexpr (std::invocable<F&, Arguments..., std::size_t>)
        return std::invoke(f, std::forward<Arguments>(arguments)..., backend);
    else
        return std::invoke(f, std::forward<Arguments>(arguments)...);
}

/// Connects with what the caller's function makes: a transport, or a result with one.
template <class Connect> result<any_session> begin_compared(void* connect, compared_start const& s) {
    auto made = call_for(s.backend, *static_cast<Connect*>(connect));
    using answer = decltype(made);
    if constexpr (is_result<answer>)
        if (!made) return std::unexpected(made.error());
    auto over = [&] {
        if constexpr (is_result<answer>)
            return counting_transport<typename answer::value_type>(std::move(*made), *s.wire);
        else
            return counting_transport<answer>(std::move(made), *s.wire);
    }();
    s.begin();
    auto session = s.recorder != nullptr ? s.client->connect(*s.name, std::move(over), *s.recorder)
                                         : s.client->connect(*s.name, std::move(over));
    s.end();
    return session;
}

/// What the caller's function says and hears in a session: nothing or a result is its answer.
template <class Talk> result<void> talk_compared(void* talk, any_session& session, std::size_t backend) {
    using answer = decltype(call_for(backend, *static_cast<Talk*>(talk), session));
    if constexpr (std::is_void_v<answer>) {
        call_for(backend, *static_cast<Talk*>(talk), session);
        return {};
    } else {
        auto said = call_for(backend, *static_cast<Talk*>(talk), session);
        if (!said) return std::unexpected(said.error());
        return {};
    }
}

/// The callable itself; of a function, a pointer to it.
template <class F> [[nodiscard]] decltype(auto) object_of(F& f) noexcept {
    if constexpr (std::is_function_v<F>)
        return std::add_pointer_t<F>(f);
    else
        return (f);
}

template <class F> [[nodiscard]] void* address_of_callable(F& f) noexcept {
    return const_cast<void*>(static_cast<void const*>(std::addressof(f)));
}

template <class Talk> inline constexpr bool is_conversation = !std::same_as<std::remove_cvref_t<Talk>, compare_options>;

/// Both functions, or the first one.
template <class Connect, class Talk = void>
[[nodiscard]] compared_calls calls_of(Connect& connect, Talk* talk = nullptr) {
    compared_calls calls{address_of_callable(connect), &begin_compared<Connect>};
    if constexpr (!std::is_void_v<Talk>) {
        calls.talker = address_of_callable(*talk);
        calls.talk = &talk_compared<Talk>;
    }
    return calls;
}

} // namespace detail

/// The clients of these backends from one description: `configure` gets each backend's builder in turn and returns what
/// its `.build()` answers. One that cannot be built is there with the reason.
template <backend... Backends, class Configure>
[[nodiscard]] std::array<compared_client, sizeof...(Backends)> clients_of(Configure&& configure) {
    auto const one = [&]<class Backend>(std::type_identity<Backend>) {
        return compared_client{
            Backend::name, Backend::version(), any_client::of<Backend>(configure(client<Backend>::configure()))};
    };
    return {one(std::type_identity<Backends>())...};
}

/// Makes the same connection with each of these clients, and says what each negotiated and what it cost.
///
///     auto const found = tls::compare<tls::one, tls::other>(
///         tls::server_name::dns(host), [&](auto builder) { return std::move(builder).decide(trust, who).build(); },
///         [&] { return tls::tcp_stream::connect(host, 443); });
///     std::cout << tls::to_text(found);
///
/// `connect` makes a new transport for each connection, or a result with one. `talk` gets the session when it is
/// established and may say and hear what it likes; it returns nothing or a result. Without it, the server's opinion of
/// our certificate is waited for (`compare_options::confirm`). Then close_notify is sent. Both may take one argument
/// more, the number of the backend.
///
/// What fails with one backend is in its part of the report and ends only its connections. Runs in the calling thread,
/// over `any_client`: each handshake has the one or two allocations of that. For transports that block. What the
/// functions throw passes through.
template <std::size_t N, class Connect, class Talk>
    requires detail::is_conversation<Talk>
[[nodiscard]] comparison<N> compare(
    std::array<compared_client, N> const& clients, result<server_name> const& name, Connect&& connect, Talk&& talk,
    compare_options const& options = {}) {
    auto&& connecting = detail::object_of(connect);
    auto&& talking = detail::object_of(talk);
    comparison<N> found;
    detail::compare(clients, name, detail::calls_of(connecting, std::addressof(talking)), options, found.connections);
    return found;
}
template <std::size_t N, class Connect>
[[nodiscard]] comparison<N> compare(
    std::array<compared_client, N> const& clients, result<server_name> const& name, Connect&& connect,
    compare_options const& options = {}) {
    auto&& connecting = detail::object_of(connect);
    comparison<N> found;
    detail::compare(clients, name, detail::calls_of(connecting), options, found.connections);
    return found;
}

/// The same with the clients of these backends, built from one description: see `clients_of`.
template <backend... Backends, class Configure, class Connect, class Talk>
    requires(sizeof...(Backends) > 0) && detail::is_conversation<Talk>
[[nodiscard]] comparison<sizeof...(Backends)> compare(
    result<server_name> const& name, Configure&& configure, Connect&& connect, Talk&& talk,
    compare_options const& options = {}) {
    return compare(clients_of<Backends...>(configure), name, connect, talk, options);
}
template <backend... Backends, class Configure, class Connect>
    requires(sizeof...(Backends) > 0)
[[nodiscard]] comparison<sizeof...(Backends)> compare(
    result<server_name> const& name, Configure&& configure, Connect&& connect, compare_options const& options = {}) {
    return compare(clients_of<Backends...>(configure), name, connect, options);
}

} // namespace tls
