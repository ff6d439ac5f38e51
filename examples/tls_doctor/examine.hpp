// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "options.hpp"
#include "report.hpp"
#include <tls/client.hpp>
#include <tls/core/acceptance.hpp>
#include <tls/diagnosis/flight_recorder.hpp>
#include <tls/transport/tcp.hpp>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

namespace doctor {

/// A connection to the server, with one deadline for the whole handshake.
[[nodiscard]] inline tls::result<tls::tcp_stream> reach(options const& o, tls::connect_report& report) {
    auto stream = tls::tcp_stream::connect(
        o.host, o.port, {.connect_timeout = o.timeout, .read_timeout = o.timeout, .write_timeout = o.timeout}, report);
    if (stream) stream->expires_after(o.timeout);
    return stream;
}

/// Whether the server accepts our certificate, or that we sent none.
template <class Session> tls::result<std::string> judgement(Session& session, options const& o) {
    // Under TLS 1.3 its refusal arrives after the handshake; a server that accepts us may have nothing to send.
    auto const answer = session.confirm_accepted(std::min(o.timeout, std::chrono::milliseconds(2000)));
    if (answer) return *answer == tls::acceptance::accepted ? "yes" : "not known: it is silent";
    if (answer.error() == tls::errc::closed) return "not known: it hung up";
    return std::unexpected(answer.error());
}

/// One connection with one backend, and everything it tells.
template <class Backend> examination examine(options const& o, tls::result<tls::client<Backend>> const& client) {
    examination out;
    out.library = std::string(Backend::name) + " " + std::string(Backend::version());
    if (!client) {
        out.failure = client.error();
        return out;
    }
    tls::connect_report attempts;
    auto stream = reach(o, attempts);
    describe(out, attempts);
    if (!stream) {
        out.failure = stream.error();
        return out;
    }
    tls::flight_recorder recorder;
    auto const start = std::chrono::steady_clock::now();
    auto session = client->connect(*o.name, std::move(*stream), recorder);
    out.time = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - start);
    if (session) {
        describe(out, session->facts());
        auto const accepted = judgement(*session, o);
        if (accepted) {
            out.accepted = *accepted;
        } else {
            out.failure = accepted.error();
            out.accepts.clear(); // the explanation says it
        }
        (void)session->close(); // for the server's log; an error no longer matters
    } else {
        out.failure = session.error();
    }
    if (o.trace) out.trace = recorder.to_text();
    return out;
}

} // namespace doctor
