// SPDX-License-Identifier: Apache-2.0
#include "handshake_messages.hpp"

#include "key_schedule.hpp"

namespace testbed {

using tls::handshake_message;

bytes make_message(handshake_message type, byte_view body) {
    bytes whole;
    put(whole, static_cast<unsigned>(type), 1);
    put(whole, body.size(), 3);
    append(whole, body);
    return whole;
}

bytes certificate_message(
    std::vector<certificate> const& chain, tls::protocol_version version, std::vector<bytes> const& extensions) {
    bool const old = version == tls::protocol_version::tls_1_2;
    bytes list;
    for (std::size_t i = 0; i != chain.size(); ++i) {
        put(list, chain[i].der.size(), 3);
        append(list, chain[i].der);
        if (old) continue;
        bytes const more = i < extensions.size() ? extensions[i] : bytes{};
        put(list, more.size(), 2);
        append(list, more);
    }
    bytes body;
    if (!old) put(body, 0, 1); // no context
    put(body, list.size(), 3);
    append(body, list);
    return make_message(handshake_message::certificate, body);
}

bytes signed_part(key const& with, byte_view content, signing const& how) {
    bytes const signature = with.sign(content, how.hash, how.pss);
    bytes out;
    put(out, how.scheme, 2);
    put(out, signature.size(), 2);
    append(out, signature);
    return out;
}

bytes certificate_verify(key const& with, byte_view transcript, signing const& how) {
    bytes content(64, std::byte{' '});
    append(content, view_of("TLS 1.3, server CertificateVerify"));
    put(content, 0, 1);
    append(content, sha256(transcript));
    return make_message(handshake_message::certificate_verify, signed_part(with, content, how));
}

bytes new_session_ticket(std::uint32_t lifetime, byte_view nonce, byte_view ticket) {
    bytes body;
    put(body, lifetime, 4);
    put(body, 0x01020304, 4); // ticket_age_add
    put(body, nonce.size(), 1);
    append(body, nonce);
    put(body, ticket.size(), 2);
    append(body, ticket);
    put(body, 0, 2); // no extensions
    return make_message(handshake_message::new_session_ticket, body);
}

bytes old_session_ticket(std::uint32_t lifetime, byte_view ticket) {
    bytes body;
    put(body, lifetime, 4);
    put(body, ticket.size(), 2);
    append(body, ticket);
    return make_message(handshake_message::new_session_ticket, body);
}

} // namespace testbed
