// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/builder.hpp>
#include <tls/configuration/check.hpp>
#include <tls/configuration/preflight.hpp>
#include <tls/configuration/settings.hpp>
#include <tls/connection/backend.hpp>
#include <tls/connection/begin.hpp>
#include <tls/connection/connection.hpp>
#include <tls/connection/destination.hpp>
#include <tls/connection/facts.hpp>
#include <tls/connection/mistakes.hpp>
#include <tls/core/allocation.hpp>
#include <tls/core/blame.hpp>
#include <tls/core/misuse.hpp>
#include <tls/core/server_name.hpp>
#include <tls/core/version.hpp>
#include <tls/diagnosis/flight_recorder.hpp>
#include <tls/engine.hpp>
#include <tls/handshake.hpp>
#include <tls/resumption/ticket.hpp>
#include <tls/resumption/ticket_store.hpp>
#include <tls/session.hpp>
#include <tls/transport/transport.hpp>

#include <memory>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

namespace tls {

class any_client;

/// A configured TLS client: the only place connections come from.
///
/// Immutable: everything was decided by the builder, so a connection cannot exist before its credentials. Cheap to copy
/// (copies share one context). Safe to use from many threads at once where
/// `Backend::supports<feature::sharing_between_threads>` holds.
template <backend Backend> class client : detail::mistaken_connects {
public:
    using mistaken_connects::connect;
    using mistaken_connects::engine;
    using mistaken_connects::start;

    /// Starts a configuration.
    [[nodiscard]] static builder<Backend> configure() noexcept { return {}; }

    /// Connects over a transport: the whole handshake, with the server verified against the name.
    ///
    /// For a transport that blocks; on one that answers would_block this fails with `want_read` or `want_write`, and
    /// where a signer answers later with `want_signature`: use `start`. The transport is moved in, or referred to if it
    /// is an lvalue. A name with an error passes it on. Takes no longer than `builder::handshake_timeout`, as far as
    /// the transport returns or can be told when to
    /// (`reads_until`, `writes_until`). A ticket that the application kept is offered if it fits; that needs
    /// `.resumption(...)`, else the error is bad_configuration. Errors: every failure of a handshake.
    template <class T>
        requires transport<std::remove_reference_t<T>>
    [[nodiscard]] result<session<Backend, T>>
    connect(result<server_name> const& name, T&& over, std::optional<ticket> offer = std::nullopt) const noexcept {
        return whole(begin(name, std::forward<T>(over), detail::address_of(offer), nullptr));
    }
    /// As above, with the headers of all records noted in the recorder, which must outlive the session.
    template <class T>
        requires transport<std::remove_reference_t<T>>
    [[nodiscard]] result<session<Backend, T>>
    connect(result<server_name> const& name, T&& over, flight_recorder& recorder) const noexcept {
        return whole(begin(name, std::forward<T>(over), nullptr, &recorder));
    }
    /// As above, with both.
    template <class T>
        requires transport<std::remove_reference_t<T>>
    [[nodiscard]] result<session<Backend, T>> connect(
        result<server_name> const& name, T&& over, std::optional<ticket> offer,
        flight_recorder& recorder) const noexcept {
        return whole(begin(name, std::forward<T>(over), detail::address_of(offer), &recorder));
    }

    /// Starts a handshake to be stepped; sends nothing yet. With a ticket as `connect`. Errors: out_of_memory, and what
    /// the C library refuses.
    template <class T>
        requires transport<std::remove_reference_t<T>>
    [[nodiscard]] result<handshake<Backend, T>>
    start(result<server_name> const& name, T&& over, std::optional<ticket> offer = std::nullopt) const noexcept {
        return begin(name, std::forward<T>(over), detail::address_of(offer), nullptr);
    }
    /// As above, with the headers of all records noted in the recorder, which must outlive handshake and session.
    template <class T>
        requires transport<std::remove_reference_t<T>>
    [[nodiscard]] result<handshake<Backend, T>>
    start(result<server_name> const& name, T&& over, flight_recorder& recorder) const noexcept {
        return begin(name, std::forward<T>(over), nullptr, &recorder);
    }
    /// As above, with both.
    template <class T>
        requires transport<std::remove_reference_t<T>>
    [[nodiscard]] result<handshake<Backend, T>> start(
        result<server_name> const& name, T&& over, std::optional<ticket> offer,
        flight_recorder& recorder) const noexcept {
        return begin(name, std::forward<T>(over), detail::address_of(offer), &recorder);
    }

    /// Starts a connection without I/O, and without deadlines: an engine never waits, so its caller decides for how
    /// long to feed it. Errors as `start`.
    ///
    /// A ticket is offered as by `connect`. If the server refuses the very attempt to resume, the handshake fails and
    /// `error::handshake.session_offered` says so: a new engine without ticket makes a full handshake.
    [[nodiscard]] result<tls::engine<Backend>>
    engine(result<server_name> const& name, std::optional<ticket> offer = std::nullopt) const noexcept {
        return begin(name, detail::address_of(offer));
    }
    /// As above, with the headers of all records noted in the recorder, which must outlive the engine.
    [[nodiscard]] result<tls::engine<Backend>>
    engine(result<server_name> const& name, flight_recorder& recorder) const noexcept {
        return recorded(begin(name, nullptr), recorder);
    }
    /// As above, with both.
    [[nodiscard]] result<tls::engine<Backend>>
    engine(result<server_name> const& name, std::optional<ticket> offer, flight_recorder& recorder) const noexcept {
        return recorded(begin(name, detail::address_of(offer)), recorder);
    }

    /// Looks for what will or may make connections fail, by the client's clock and before any socket is opened: see
    /// `tls::preflight`. `explain` makes text of it.
    [[nodiscard]] findings preflight(server_name const& name) const noexcept {
        if (settings_ == nullptr) return tls::preflight(settings{}, name, settings{}.clock()); // trusts nobody any more
        return tls::preflight(*settings_, name, settings_->clock());
    }
    /// As above; an error in the name is passed on.
    [[nodiscard]] result<findings> preflight(result<server_name> const& name) const noexcept {
        if (settings_ == nullptr) return std::unexpected(spent());
        if (!name) return std::unexpected(name.error());
        return preflight(*name);
    }

    /// True if our own certificate, or that of one of several identities, is not valid now by the client's clock: a
    /// server that checks will refuse it.
    ///
    /// A warning and not an error of `build()`, because the clock may be the one that is wrong.
    [[nodiscard]] bool identity_is_out_of_date() const noexcept {
        if (settings_ == nullptr || !settings_->identity) return false;
        auto const now = settings_->clock();
        for (std::size_t i = 0; i != seam::identity_count(*settings_); ++i) {
            auto const& leaf = seam::identity_at(*settings_, i).who.leaf();
            if (now < leaf.not_before() || now > leaf.not_after()) return true;
        }
        return false;
    }

    // Never callable; see <tls/core/misuse.hpp>.
    void trust(auto&&...) const
        requires credentials_go_to_the_builder_before_build<client>;
    void identity(auto&&...) const
        requires credentials_go_to_the_builder_before_build<client>;

private:
    template <backend, decided> friend class builder;
    friend class any_client;

    client(seam::shared<settings const> s, typename Backend::context c) noexcept
        : settings_(std::move(s)),
          context_(std::move(c)) {}

    /// What a client answers that was moved from.
    [[nodiscard]] static error spent() noexcept {
        error e = configuration_error(errc::spent, "this client was moved from");
        e.backend = Backend::name;
        return e;
    }

    template <class T>
    [[nodiscard]] result<handshake<Backend, T>>
    begin(result<server_name> const& name, T&& over, ticket* offer, flight_recorder* recorder) const noexcept {
        if (settings_ == nullptr) return std::unexpected(spent());
        if (!name) return std::unexpected(name.error());
        detail::destination const to{.name = *name, .port = detail::port_of(over), .given = offer};
        typename handshake<Backend, T>::second_attempt again(context_, *settings_, to, recorder);
        auto c = connection_to(to);
        if (!c) return std::unexpected(c.error());
        if (recorder != nullptr) c->record_into(*recorder);
        return handshake<Backend, T>(
            std::move(*c), detail::transport_holder<T>(std::forward<T>(over)), std::move(again),
            settings_->handshake_timeout);
    }

    [[nodiscard]] result<detail::connection<Backend>> connection_to(detail::destination const& to) const noexcept {
        return detail::begin<Backend>(context_, *settings_, to);
    }

    [[nodiscard]] result<tls::engine<Backend>> begin(result<server_name> const& name, ticket* offer) const noexcept {
        if (settings_ == nullptr) return std::unexpected(spent());
        if (!name) return std::unexpected(name.error());
        auto c = connection_to({.name = *name, .given = offer});
        if (!c) return std::unexpected(c.error());
        return tls::engine<Backend>(std::move(*c));
    }

    [[nodiscard]] static result<tls::engine<Backend>>
    recorded(result<tls::engine<Backend>> made, flight_recorder& recorder) noexcept {
        if (made) made->record_into(recorder);
        return made;
    }

    template <class T>
    [[nodiscard]] static result<session<Backend, T>> whole(result<handshake<Backend, T>> in_progress) noexcept {
        if (!in_progress) return std::unexpected(in_progress.error());
        return in_progress->step();
    }

    seam::shared<settings const> settings_;
    typename Backend::context context_;
};

template <backend Backend, decided Decided>
result<client<Backend>> builder<Backend, Decided>::build() && noexcept
    requires say_whom_we_trust_before_build<Decided> && say_who_we_are_before_build<Decided>
{
    if (auto const& failure = draft_.failure()) return std::unexpected(*failure);
    settings& s = *draft_.told();
    seam::memory_watch const memory;
    if (auto const checked = detail::check(s); !checked) return std::unexpected(checked.error());
    if (auto const* const resumes = s.resumption.calls) {
        auto const part = resumes->client_part(s);
        if (!part) return std::unexpected(seam::blamed(part.error(), memory.ran_out()));
        s.resumption.client = *part;
    }
    if (s.own_signature_memory && !s.accept_any_server && !s.psk) {
        s.signature_memory_made = seam::make_owned<signature::memory>();
        if (!s.signature_memory_made || s.signature_memory_made->capacity() == 0)
            return std::unexpected(configuration_error(errc::out_of_memory));
        // Shared with nobody else, so that it needs no counter.
        s.signature_memory = {std::shared_ptr<void>(), s.signature_memory_made.get()};
    }
    seam::shared<settings const> complete = std::move(draft_).take();
    auto context = Backend::make_context(complete);
    x509::wipe_stack<Backend::stack_used>();
    if (!context) return std::unexpected(seam::blamed(context.error(), memory.ran_out()));
    return client<Backend>(std::move(complete), std::move(*context));
}

} // namespace tls
