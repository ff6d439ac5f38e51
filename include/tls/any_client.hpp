// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/client.hpp>
#include <tls/connection/any_connection.hpp>
#include <tls/connection/destination.hpp>
#include <tls/connection/mistakes.hpp>
#include <tls/connection/second_attempt.hpp>
#include <tls/core/allocation.hpp>
#include <tls/core/error.hpp>
#include <tls/core/feature.hpp>
#include <tls/core/server_name.hpp>
#include <tls/engine.hpp>
#include <tls/handshake.hpp>
#include <tls/session.hpp>
#include <tls/transport/any_transport.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

/// Clients and sessions whose backend is chosen at run time, by name, among those that are compiled in.
namespace tls {

class any_client;
class any_session;

namespace detail {

/// What any_client asks of a client, whose backend is forgotten.
struct client_calls {
    char const* name;
    std::string_view (*version)() noexcept;
    std::uint32_t features; // a bit for each
    result<any_connection> (*begin)(void const*, destination const&) noexcept;
    std::chrono::milliseconds (*handshake_timeout)(void const*) noexcept;
    result<findings> (*preflight)(void const*, result<server_name> const&) noexcept;
    bool (*identity_is_out_of_date)(void const*) noexcept;
};

/// A client and what can be asked of it.
struct erased_client {
    explicit erased_client(client_calls const& c) noexcept : calls(&c) {}
    client_calls const* calls;
};

/// Where the connections of any_client begin.
struct any_origin {
    seam::shared<erased_client const> client;

    [[nodiscard]] result<any_connection> begin(destination const& to) const noexcept {
        return client->calls->begin(client.get(), to);
    }
};

using any_second_attempt = second_attempt_from<any_origin>;

using any_handshake_base = basic_handshake<any_connection, any_transport, any_second_attempt, any_session>;

/// True if a text names a backend: its letters and digits are the name's, in any case.
[[nodiscard]] constexpr bool is_named(std::string_view name, std::string_view text) noexcept {
    auto const next = [](std::string_view& s) noexcept {
        while (!s.empty()) {
            char const c = s.front();
            s.remove_prefix(1);
            if (c >= 'A' && c <= 'Z') return static_cast<char>(c - 'A' + 'a');
            if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) return c;
        }
        return '\0';
    };
    for (;;) {
        char const a = next(name);
        if (a != next(text)) return false;
        if (a == '\0') return true;
    }
}

} // namespace detail

/// A session of any backend over any transport: what `any_client::connect` returns. `basic_session` says what it does.
///
/// One allocation more than a `session`, and a call through a pointer for each of its functions.
class any_session : public basic_session<detail::any_connection, any_transport> {
public:
    any_session(any_session const&) = delete; // one connection, one session: hand it on with std::move
    any_session& operator=(any_session const&) = delete;
    any_session(any_session&&) noexcept = default;
    any_session& operator=(any_session&&) noexcept = default;
    ~any_session() = default;

private:
    template <class, class, class, class> friend class basic_handshake;

    any_session(detail::any_connection c, detail::transport_holder<any_transport> t) noexcept
        : basic_session(std::move(c), std::move(t)) {}
};

/// A handshake of any backend in progress. `basic_handshake` says what it does.
class any_handshake : public detail::any_handshake_base {
    friend class any_client;

    any_handshake(
        detail::any_connection c, any_transport t, detail::any_second_attempt again,
        std::chrono::milliseconds timeout) noexcept
        : detail::any_handshake_base(
              std::move(c), detail::transport_holder<any_transport>(std::move(t)), std::move(again), timeout) {}
};

/// A connection of any backend without I/O. `basic_engine` says what it does.
class any_engine : public basic_engine<detail::any_connection> {
    friend class any_client;

    explicit any_engine(detail::any_connection c) noexcept : basic_engine(std::move(c)) {}
};

/// A `client` whose backend is forgotten, so that one type holds clients of all: for programs that choose one at run
/// time, and for interfaces of C.
///
/// Made from a client by `of`, or by name with `build`. Immutable, cheap to copy, and safe to use from many threads
/// where the backend is.
class any_client : detail::mistaken_connects {
public:
    using mistaken_connects::connect;
    using mistaken_connects::engine;
    using mistaken_connects::start;

    /// Takes over a client. Errors: out_of_memory, and the client's own if there is none.
    template <backend Backend> [[nodiscard]] static result<any_client> of(client<Backend> from) noexcept {
        if (from.settings_ == nullptr) return std::unexpected(client<Backend>::spent());
        auto made = seam::shared<holder<Backend>>::make(std::move(from));
        if (!made) return std::unexpected(configuration_error(errc::out_of_memory));
        return any_client(std::move(made));
    }
    template <backend Backend> [[nodiscard]] static result<any_client> of(result<client<Backend>> from) noexcept {
        if (!from) return std::unexpected(from.error());
        return of(std::move(*from));
    }

    /// Builds a client of the backend of that name among these: `configure` gets its builder and returns what its
    /// `.build()` answers.
    ///
    ///     auto client = tls::any_client::build<tls::one, tls::another>(name, [&](auto builder) {
    ///         return std::move(builder).decide(trust, who).build();
    ///     });
    ///
    /// A name is compared by its letters and digits in any case. Errors: unsupported, naming
    /// what no backend is called; out_of_memory; and those of `.build()`.
    template <backend... Backends, class Configure>
    [[nodiscard]] static result<any_client> build(std::string_view name, Configure&& configure) {
        result<any_client> made = std::unexpected(configuration_error(errc::unsupported, name));
        auto const build_if_named = [&]<class Backend>(std::type_identity<Backend>) {
            if (!detail::is_named(Backend::name, name)) return false;
            made = of<Backend>(configure(client<Backend>::configure()));
            return true;
        };
        (void)(build_if_named(std::type_identity<Backends>{}) || ...);
        return made;
    }

    /// As `client::connect`.
    template <class T>
        requires transport<std::remove_reference_t<T>>
    [[nodiscard]] result<any_session>
    connect(result<server_name> const& name, T&& over, std::optional<ticket> offer = std::nullopt) const noexcept {
        return whole(begin(name, std::forward<T>(over), detail::address_of(offer), nullptr));
    }
    template <class T>
        requires transport<std::remove_reference_t<T>>
    [[nodiscard]] result<any_session>
    connect(result<server_name> const& name, T&& over, flight_recorder& recorder) const noexcept {
        return whole(begin(name, std::forward<T>(over), nullptr, &recorder));
    }
    template <class T>
        requires transport<std::remove_reference_t<T>>
    [[nodiscard]] result<any_session> connect(
        result<server_name> const& name, T&& over, std::optional<ticket> offer,
        flight_recorder& recorder) const noexcept {
        return whole(begin(name, std::forward<T>(over), detail::address_of(offer), &recorder));
    }

    /// As `client::start`.
    template <class T>
        requires transport<std::remove_reference_t<T>>
    [[nodiscard]] result<any_handshake>
    start(result<server_name> const& name, T&& over, std::optional<ticket> offer = std::nullopt) const noexcept {
        return begin(name, std::forward<T>(over), detail::address_of(offer), nullptr);
    }
    template <class T>
        requires transport<std::remove_reference_t<T>>
    [[nodiscard]] result<any_handshake>
    start(result<server_name> const& name, T&& over, flight_recorder& recorder) const noexcept {
        return begin(name, std::forward<T>(over), nullptr, &recorder);
    }
    template <class T>
        requires transport<std::remove_reference_t<T>>
    [[nodiscard]] result<any_handshake> start(
        result<server_name> const& name, T&& over, std::optional<ticket> offer,
        flight_recorder& recorder) const noexcept {
        return begin(name, std::forward<T>(over), detail::address_of(offer), &recorder);
    }

    /// As `client::engine`.
    [[nodiscard]] result<any_engine>
    engine(result<server_name> const& name, std::optional<ticket> offer = std::nullopt) const noexcept {
        return begin(name, detail::address_of(offer), nullptr);
    }
    [[nodiscard]] result<any_engine> engine(result<server_name> const& name, flight_recorder& recorder) const noexcept {
        return begin(name, nullptr, &recorder);
    }
    [[nodiscard]] result<any_engine>
    engine(result<server_name> const& name, std::optional<ticket> offer, flight_recorder& recorder) const noexcept {
        return begin(name, detail::address_of(offer), &recorder);
    }

    /// As `client::preflight`.
    [[nodiscard]] result<findings> preflight(result<server_name> const& name) const noexcept {
        if (!client_) return std::unexpected(spent());
        return client_->calls->preflight(client_.get(), name);
    }
    /// As `client::identity_is_out_of_date`.
    [[nodiscard]] bool identity_is_out_of_date() const noexcept {
        return client_ && client_->calls->identity_is_out_of_date(client_.get());
    }

    /// What the backend is called; empty for a client that was moved from.
    [[nodiscard]] std::string_view backend_name() const noexcept {
        return client_ ? std::string_view(client_->calls->name) : std::string_view();
    }
    /// The version of its library.
    [[nodiscard]] std::string_view backend_version() const noexcept {
        return client_ ? client_->calls->version() : std::string_view();
    }
    /// As `Backend::supports`, asked at run time.
    [[nodiscard]] bool supports(feature f) const noexcept {
        return client_ && (client_->calls->features >> static_cast<unsigned>(f) & 1U) != 0;
    }

private:
    template <backend Backend> struct holder : detail::erased_client {
        explicit holder(client<Backend>&& c) noexcept : erased_client(calls_of<Backend>), held(std::move(c)) {}
        client<Backend> held;
    };

    template <backend Backend> static client<Backend> const& of(void const* p) noexcept {
        return static_cast<holder<Backend> const*>(static_cast<detail::erased_client const*>(p))->held;
    }

    template <backend Backend>
    static constexpr std::uint32_t features_of = []<std::size_t... I>(std::index_sequence<I...>) {
        static_assert(feature_count <= 32);
        return ((std::uint32_t{Backend::template supports<static_cast<feature>(I)>} << I) | ... | 0U);
    }(std::make_index_sequence<feature_count>{});

    template <backend B>
    static constexpr detail::client_calls calls_of = {
        B::name,
        []() noexcept { return std::string_view(B::version()); },
        features_of<B>,
        [](void const* p, detail::destination const& to) noexcept -> result<detail::any_connection> {
            auto begun = of<B>(p).connection_to(to);
            if (!begun) return std::unexpected(begun.error());
            return detail::any_connection::make(std::move(*begun));
        },
        [](void const* p) noexcept { return of<B>(p).settings_->handshake_timeout; },
        [](void const* p, result<server_name> const& name) noexcept { return of<B>(p).preflight(name); },
        [](void const* p) noexcept { return of<B>(p).identity_is_out_of_date(); },
    };

    explicit any_client(seam::shared<detail::erased_client const> c) noexcept : client_(std::move(c)) {}

    [[nodiscard]] static error spent() noexcept {
        return configuration_error(errc::spent, "this client was moved from");
    }

    [[nodiscard]] result<detail::any_connection>
    begin_connection(detail::destination const& to, flight_recorder* recorder) const noexcept {
        auto begun = client_->calls->begin(client_.get(), to);
        if (begun && recorder != nullptr) begun->record_into(*recorder);
        return begun;
    }

    template <class T>
    [[nodiscard]] result<any_handshake>
    begin(result<server_name> const& name, T&& over, ticket* offer, flight_recorder* recorder) const noexcept {
        if (!client_) return std::unexpected(spent());
        if (!name) return std::unexpected(name.error());
        detail::destination const to{.name = *name, .port = detail::port_of(over), .given = offer};
        auto begun = begin_connection(to, recorder);
        if (!begun) return std::unexpected(begun.error());
        auto held = any_transport::make(std::forward<T>(over));
        if (!held) return std::unexpected(held.error());
        return any_handshake(
            std::move(*begun), std::move(*held), detail::any_second_attempt({client_}, to, recorder),
            client_->calls->handshake_timeout(client_.get()));
    }

    [[nodiscard]] result<any_engine>
    begin(result<server_name> const& name, ticket* offer, flight_recorder* recorder) const noexcept {
        if (!client_) return std::unexpected(spent());
        if (!name) return std::unexpected(name.error());
        auto begun = begin_connection({.name = *name, .given = offer}, recorder);
        if (!begun) return std::unexpected(begun.error());
        return any_engine(std::move(*begun));
    }

    [[nodiscard]] static result<any_session> whole(result<any_handshake> in_progress) noexcept {
        if (!in_progress) return std::unexpected(in_progress.error());
        return in_progress->step();
    }

    seam::shared<detail::erased_client const> client_;
};

} // namespace tls
