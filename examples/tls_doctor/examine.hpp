// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "options.hpp"
#include "report.hpp"
#include <tls/compare.hpp>
#include <tls/diagnosis/flight_recorder.hpp>
#include <tls/transport/tcp.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>

namespace doctor {

/// A connection to the server, with one deadline for the whole handshake.
[[nodiscard]] inline tls::result<tls::tcp_stream> reach(options const& o, tls::connect_report& report) {
    auto stream = tls::tcp_stream::connect(
        o.host, o.port, {.connect_timeout = o.timeout, .read_timeout = o.timeout, .write_timeout = o.timeout}, report);
    if (stream) stream->expires_after(o.timeout);
    return stream;
}

/// One connection with each backend, and everything it tells.
[[nodiscard]] inline examination examine(options const& o, std::array<tls::compared_client, 2> const& clients) {
    examination out;
    std::array<tls::flight_recorder, 2> recorders;
    out.found = tls::compare(
        clients, *o.name,
        [&](std::size_t backend) {
            tls::connect_report attempts;
            auto stream = reach(o, attempts);
            describe(out.more[backend], attempts);
            return stream;
        },
        [&](tls::any_session& session, std::size_t backend) { describe(out.more[backend], session.facts()); },
        // Under TLS 1.3 the server's refusal arrives after the handshake; one that accepts us may have nothing to send.
        {.confirm = std::min(o.timeout, std::chrono::milliseconds(2000)), .recorders = recorders});
    for (std::size_t i = 0; i != recorders.size(); ++i) {
        out.found[i].conversation.reset();                     // nothing was said
        if (out.found[i].failure) out.more[i].accepts.clear(); // the explanation says it
        if (o.trace) out.more[i].trace = recorders[i].to_text();
    }
    return out;
}

} // namespace doctor
