// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/any_client.hpp>
#include <tls/compare/report.hpp>
#include <tls/core/config.hpp>
#include <tls/core/error.hpp>
#include <tls/core/server_name.hpp>
#include <tls/diagnosis/flight_recorder.hpp>
#include <tls/transport/counting.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace tls {

/// A client that takes part in a comparison, or why there is none.
struct compared_client {
    std::string_view backend{}; ///< its name
    std::string_view version{}; ///< of its library
    result<any_client> client;
};

/// How a comparison is made.
struct compare_options {
    /// Connections of each backend that count. The backends take turns, and every second round they do so in the other
    /// order, so that what changes meanwhile does so for all.
    std::size_t rounds = 1;
    /// Connections of each backend before those, which do not: a library's first one pays for what it sets up once.
    std::size_t warm_up = 0;
    /// How long to wait until it is known whether the server accepts our certificate, after the conversation: see
    /// `basic_session::confirm_accepted`. Unset: two seconds without a conversation; with one, what is there is looked
    /// at, and no more.
    std::optional<std::chrono::milliseconds> confirm{};
    /// Note the records of each backend's last connection; none, or one for each backend.
    std::span<flight_recorder> recorders{};
};

namespace detail {

/// What was counted at some moment.
struct measured_moment {
    traffic wire{};
    std::optional<std::size_t> allocations{};
    std::optional<std::chrono::nanoseconds> processor_time{};
    std::chrono::steady_clock::time_point clock{};

    [[nodiscard]] static measured_moment now(traffic const& wire) noexcept;
};

/// What one connection needs to begin. `begin` and `end` are called right before and after its handshake.
struct compared_start {
    std::size_t backend = 0;
    any_client const* client = nullptr;
    result<server_name> const* name = nullptr;
    flight_recorder* recorder = nullptr; ///< or null
    traffic* wire = nullptr;
    std::optional<measured_moment>* began = nullptr;
    measured_moment* ended = nullptr;

    void begin() const noexcept { *began = measured_moment::now(*wire); }
    void end() const noexcept { *ended = measured_moment::now(*wire); }
};

/// The caller's functions, their types forgotten.
struct compared_calls {
    void* connector = nullptr;
    result<any_session> (*connect)(void*, compared_start const&) = nullptr;
    void* talker = nullptr;
    result<void> (*talk)(void*, any_session&, std::size_t backend) = nullptr; ///< null: there is no conversation
};

/// Makes the connections and fills in what was found, one for each client.
void compare(
    std::span<compared_client const> clients, result<server_name> const& name, compared_calls const& calls,
    compare_options const& options, std::span<compared_connection> found);

} // namespace detail
} // namespace tls

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/compare/impl/runner.ipp>
#endif
