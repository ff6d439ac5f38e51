// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/detail/text_writer.hpp>
#include <tls/explain.hpp>

#include <array>

namespace tls {
namespace detail {

inline void explain_alert(text_writer& out, std::string_view what, alert a) noexcept {
    out << "\n  " << what << ": alert " << static_cast<long long>(number(a)) << " " << name(a);
}

inline void explain_handshake(text_writer& out, handshake_facts const& h) noexcept {
    if (h.client_certificate_requested)
        out << "\n  the server asked for a client certificate: " << (*h.client_certificate_requested ? "yes" : "no");
    if (h.client_certificate_requested == true && h.certificates_sent) {
        if (*h.certificates_sent == 0)
            out << "\n  we sent: an empty Certificate message (0 certificates)";
        else
            out << "\n  we sent: " << static_cast<long long>(*h.certificates_sent) << " certificate(s)";
    }
    if (h.version) out << "\n  protocol version: " << name(*h.version);
    if (h.suite) out << "\n  cipher suite: " << name(*h.suite);
    if (h.group) out << "\n  key exchange group: " << name(*h.group);
    if (h.last_received) out << "\n  last message seen in clear: " << name(*h.last_received);
}

} // namespace detail

TWINTLS_DECL std::string_view explain(error const& e, std::span<char> into) noexcept {
    detail::text_writer out(into);
    bool const sent_none =
        e.code == errc::peer_rejected_certificate && e.handshake.certificates_sent == std::uint16_t{0};
    out << (sent_none ? std::string_view("the server requires a certificate and we sent none") : e.message());
    if (!e.about.empty()) out << ": " << e.about.view();
    if (e.code == errc::ok) return out.view();
    out << "\n  while: " << name(e.phase);
    bool const about_certificate = e.code >= errc::untrusted && e.code <= errc::malformed_certificate;
    if (about_certificate) {
        out << "\n  certificate: ";
        if (e.problem_depth == 0)
            out << "the server's own";
        else
            out << "number " << static_cast<long long>(e.problem_depth) << " above the server's own";
    }
    if (e.received) detail::explain_alert(out, "the peer sent", *e.received);
    if (e.sent) detail::explain_alert(out, "we sent", *e.sent);
    detail::explain_handshake(out, e.handshake);
    if (e.transferred != 0) out << "\n  bytes taken before: " << static_cast<long long>(e.transferred);
    if (e.system != 0)
        out << (e.code == errc::resolve_failed ? "\n  resolver error: " : "\n  system error: ")
            << static_cast<long long>(e.system);
    if (e.native != 0 && e.backend != nullptr)
        out << "\n  native error: " << std::string_view(e.backend) << " " << static_cast<long long>(e.native);
    return out.view();
}

TWINTLS_DECL std::string explain(error const& e) {
    std::array<char, 1024> text;
    return std::string(explain(e, text));
}

} // namespace tls
