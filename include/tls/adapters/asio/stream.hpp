// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/adapters/asio/config.hpp>
#include <tls/adapters/asio/drivers.hpp>
#include <tls/adapters/asio/operations.hpp>
#include <tls/any_client.hpp>
#include <tls/client.hpp>
#include <tls/connection/backend.hpp>
#include <tls/connection/facts.hpp>
#include <tls/core/error.hpp>
#include <tls/core/server_name.hpp>
#include <tls/credentials/awaited_signature.hpp>
#include <tls/resumption/ticket.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

namespace tls::asio {

/// Stands for a backend that is chosen at run time: `stream<NextLayer, any_backend>` takes an `any_client`.
struct any_backend {};

namespace detail {

template <class Backend> struct client_of {
    using type = client<Backend>;
};
template <> struct client_of<any_backend> {
    using type = any_client;
};

template <class Layer> [[nodiscard]] auto& lowest_layer_of(Layer& layer) noexcept {
    if constexpr (requires { layer.lowest_layer(); })
        return layer.lowest_layer();
    else
        return layer;
}

} // namespace detail

/// A TLS client over a stream of Asio: an AsyncReadStream, AsyncWriteStream, SyncReadStream and SyncWriteStream.
///
/// `NextLayer` is a stream, for example `net::ip::tcp::socket`, or a reference to one. The server is verified against
/// the name given to the handshake. Every completion token works, and the associated executor, allocator and
/// cancellation slot of a handler are honoured; once the first operations are over, none allocates but through that
/// allocator. What an `any_io_executor` posts is the exception: Asio drops the allocator there.
///
/// At most one read and one write (`async_shutdown` is a write) at a time, the two at the same time if wanted, and
/// nothing beside a handshake. All of them run in one thread or one strand. The stream stays in place while an
/// operation is in progress, and is moved only then when none is.
///
/// Errors are of `tls::errc` in `error_category()`, with three exceptions, which are Asio's own: `net::error::eof`
/// where the peer ended the connection with a close_notify (an end without one is `errc::truncated`);
/// `operation_aborted` where an operation was cancelled; and what the next layer answered, as it answered it. An
/// operation before a handshake, or after one that failed, answers `net::error::not_connected`. `last_error` has the
/// whole error behind each.
///
/// There are no deadlines here: cancel the operation, by its slot or with `lowest_layer().cancel()`. What a cancelled
/// operation leaves: a read took nothing, and the stream goes on; a write says how many bytes were encrypted, which
/// leave before those of the next write or shutdown; a shutdown's close_notify likewise; a handshake ends the
/// connection. Cancellation slots need Asio 1.20 or Boost 1.77.
template <class NextLayer, class Backend> class stream {
public:
    using next_layer_type = std::remove_reference_t<NextLayer>;
    using lowest_layer_type =
        std::remove_reference_t<decltype(detail::lowest_layer_of(std::declval<next_layer_type&>()))>;
    using executor_type = typename next_layer_type::executor_type;
    using client_type = typename detail::client_of<Backend>::type;
    using default_token = net::default_completion_token_t<executor_type>;
    template <class Executor> struct rebind_executor {
        using other = stream<typename next_layer_type::template rebind_executor<Executor>::other, Backend>;
    };

    /// Makes the next layer of the argument: an executor, an execution context or a stream.
    template <class Argument>
    stream(Argument&& argument, client_type client) : channel_(std::forward<Argument>(argument), std::move(client)) {}

    stream(stream const&) = delete;
    stream& operator=(stream const&) = delete;
    stream(stream&&) noexcept = default;
    stream& operator=(stream&&) noexcept = default;
    ~stream() = default;

    [[nodiscard]] executor_type get_executor() noexcept { return channel_.next.get_executor(); }
    [[nodiscard]] next_layer_type& next_layer() noexcept { return channel_.next; }
    [[nodiscard]] next_layer_type const& next_layer() const noexcept { return channel_.next; }
    [[nodiscard]] lowest_layer_type& lowest_layer() noexcept { return detail::lowest_layer_of(channel_.next); }

    /// Makes a handshake over the next layer, which is connected, with the server of that name; also again, after the
    /// next layer was connected anew. Signature: void(error_code). A name with an error passes it on.
    ///
    /// When it fails, the alert for the peer has left. `want_signature` is no failure: see `async_resume_handshake`.
    template <class Token = default_token>
    auto async_handshake(result<server_name> const& name, Token&& token = Token()) {
        return initiate<void(error_code)>(detail::handshake_operation{name}, token);
    }
    /// Goes on with a handshake that answered `want_signature`, after `give_signature`. Signature: void(error_code).
    /// Errors also: not_connected if there is none.
    template <class Token = default_token> auto async_resume_handshake(Token&& token = Token()) {
        return initiate<void(error_code)>(detail::handshake_operation{std::nullopt}, token);
    }
    /// As `async_handshake`, and waits. Where the next layer does not, answers its would_block or try_again; the calls
    /// without a name go on with that handshake.
    void handshake(result<server_name> const& name, error_code& code) {
        code = detail::run(channel_, detail::handshake_operation{name}).code;
    }
    /// Goes on with a handshake that answered would_block or `want_signature`, with the server of the name that it
    /// began with. Errors: not_connected if there is none.
    void handshake(error_code& code) { code = detail::run(channel_, detail::handshake_operation{std::nullopt}).code; }
    /// As the first; throws system_error.
    void handshake(result<server_name> const& name) {
        require(detail::run(channel_, detail::handshake_operation{name}));
    }

    /// Reads at least one byte, and as many as have come if there is room. Signature: void(error_code, std::size_t).
    ///
    /// An empty sequence of buffers completes at once. Errors: eof, truncated, and every failure of a connection; a
    /// server that refuses our certificate under TLS 1.3 says so here.
    template <class Buffers, class Token = default_token>
    auto async_read_some(Buffers const& buffers, Token&& token = Token()) {
        return initiate<void(error_code, std::size_t)>(detail::read_operation<Buffers>{buffers}, token);
    }
    template <class Buffers> std::size_t read_some(Buffers const& buffers, error_code& code) {
        return told(detail::run(channel_, detail::read_operation<Buffers>{buffers}), code);
    }
    template <class Buffers> std::size_t read_some(Buffers const& buffers) {
        return require(detail::run(channel_, detail::read_operation<Buffers>{buffers}));
    }

    /// Writes some of the bytes, several buffers together in one record, and completes when they have left.
    /// Signature: void(error_code, std::size_t).
    ///
    /// Where the next layer fails, a read that follows may tell why: the peer's alert.
    template <class Buffers, class Token = default_token>
    auto async_write_some(Buffers const& buffers, Token&& token = Token()) {
        return initiate<void(error_code, std::size_t)>(detail::write_operation<Buffers>{buffers}, token);
    }
    template <class Buffers> std::size_t write_some(Buffers const& buffers, error_code& code) {
        return told(detail::run(channel_, detail::write_operation<Buffers>{buffers}), code);
    }
    template <class Buffers> std::size_t write_some(Buffers const& buffers) {
        return require(detail::run(channel_, detail::write_operation<Buffers>{buffers}));
    }

    /// Sends close_notify and does not wait for the peer's; what it still sends can be read, until eof. The next layer
    /// stays open. Signature: void(error_code).
    template <class Token = default_token> auto async_shutdown(Token&& token = Token()) {
        return initiate<void(error_code)>(detail::shutdown_operation{}, token);
    }
    void shutdown(error_code& code) { code = detail::run(channel_, detail::shutdown_operation{}).code; }
    void shutdown() { require(detail::run(channel_, detail::shutdown_operation{})); }

    /// The whole error behind the last error code: `explain(stream.last_error())`. A cancelled operation's is io_error.
    [[nodiscard]] error const& last_error() const noexcept { return channel_.on.last_error(); }

    /// True after a handshake that succeeded, until the next begins.
    [[nodiscard]] bool established() const noexcept { return channel_.on.established(); }
    /// As `basic_handshake::wanted_signature`: what is to be signed where a handshake answered `want_signature`.
    [[nodiscard]] std::optional<signature_request> wanted_signature() noexcept {
        return channel_.on.in_handshake() ? channel_.on.engine().wanted_signature() : std::nullopt;
    }
    /// As `basic_handshake::give_signature`; then go on with `async_resume_handshake`. Error also: spent if no
    /// handshake has begun.
    [[nodiscard]] result<void> give_signature(std::span<std::byte const> made) noexcept {
        if (channel_.on.in_handshake()) return channel_.on.engine().give_signature(made);
        return std::unexpected(configuration_error(errc::spent));
    }
    /// As `basic_handshake::refuse_signature`; then go on with `async_resume_handshake`, which tells the server.
    void refuse_signature(std::string_view why) noexcept {
        if (channel_.on.in_handshake()) channel_.on.engine().refuse_signature(why);
    }
    /// As `session::facts`; empty before a handshake has succeeded.
    [[nodiscard]] tls::facts facts() noexcept { return established() ? channel_.on.engine().facts() : tls::facts{}; }
    /// As `session::take_ticket`.
    [[nodiscard]] std::optional<ticket> take_ticket() noexcept {
        return established() ? channel_.on.engine().take_ticket() : std::nullopt;
    }

private:
    using channel = detail::channel<NextLayer, client_type>;

    template <class Signature, class Operation, class Token> auto initiate(Operation operation, Token& token) {
        return net::async_compose<Token, Signature>(
            detail::composed<channel, Operation>(channel_, std::move(operation)), token, channel_.next);
    }

    static std::size_t told(detail::outcome const& o, error_code& code) noexcept {
        code = o.code;
        return o.bytes;
    }
    static std::size_t require(detail::outcome const& o) {
        if (o.code) throw system_error(o.code);
        return o.bytes;
    }

    channel channel_;
};

} // namespace tls::asio
