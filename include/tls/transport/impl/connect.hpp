// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/core/error.hpp>
#include <tls/transport/connect_report.hpp>
#include <tls/transport/deadline.hpp>
#include <tls/transport/impl/race.hpp>
#include <tls/transport/impl/resolve.hpp>

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <netdb.h>
#include <netinet/in.h>
#include <string>
#include <string_view>

namespace tls::detail {

[[nodiscard]] inline std::unexpected<error> connect_failure(errc code, std::string const& host, int system) noexcept {
    bool const no_memory = code == errc::resolve_failed ? system == EAI_MEMORY : system == ENOMEM;
    error e;
    e.code = no_memory ? errc::out_of_memory : code;
    e.phase = phase::connecting;
    e.about = std::string_view(host);
    e.system = system;
    return std::unexpected(e);
}

/// The address in digits, as far as it is one of the internet.
[[nodiscard]] inline short_text address_text(addrinfo const& address) noexcept {
    std::array<char, INET6_ADDRSTRLEN> text{};
    void const* digits = nullptr;
    if (address.ai_family == AF_INET) digits = &reinterpret_cast<sockaddr_in const*>(address.ai_addr)->sin_addr;
    if (address.ai_family == AF_INET6) digits = &reinterpret_cast<sockaddr_in6 const*>(address.ai_addr)->sin6_addr;
    if (digits == nullptr || ::inet_ntop(address.ai_family, digits, text.data(), text.size()) == nullptr) return {};
    return std::string_view(text.data());
}

/// What all attempts together mean: an address that has not answered may do so later, one that refuses is at least
/// there, and anything else is said of the first one.
[[nodiscard]] inline std::unexpected<error> failed_race(connection_race const& race, std::string const& host) noexcept {
    auto const some = [&](int code) {
        for (std::size_t i = 0; i != race.tried(); ++i)
            if (race.failure(i) == code) return true;
        return false;
    };
    if (some(ETIMEDOUT)) return connect_failure(errc::timeout, host, ETIMEDOUT);
    if (some(ECONNREFUSED)) return connect_failure(errc::connection_refused, host, ECONNREFUSED);
    return connect_failure(errc::io_error, host, race.tried() != 0 ? race.failure(0) : EADDRNOTAVAIL);
}

/// A socket that is connected to the host, for `tcp_stream::connect`.
[[nodiscard]] inline result<int> connect_host(
    std::string const& host, std::uint16_t port, std::chrono::milliseconds timeout, connect_report* report,
    resolver const& calls = system_resolver,
    std::chrono::milliseconds head_start = connection_race::head_start) noexcept {
    auto const until = moment_after(std::chrono::steady_clock::now(), timeout);
    if (report != nullptr) *report = {};
    address_list found(nullptr, ::freeaddrinfo);
    int const code = resolve(host, port, until, calls, found);
    if (code == resolver_is_silent) return connect_failure(errc::timeout, host, 0);
    if (code != 0) return connect_failure(errc::resolve_failed, host, code);
    connection_race race(found.get(), head_start);
    int const socket = race.run(until);
    for (std::size_t i = 0; report != nullptr && i != race.tried(); ++i, ++report->tried)
        if (i < report->attempts.size()) report->attempts[i] = {address_text(race.address(i)), race.failure(i)};
    if (socket < 0) return failed_race(race, host);
    return socket;
}

} // namespace tls::detail
