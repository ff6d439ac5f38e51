// SPDX-License-Identifier: Apache-2.0

// The plaintext tap: whatever arrives, it learns the same in whatever pieces it comes, and never unlearns anything.

#include "fuzz.hpp"
#include <tls/record/tap.hpp>

#include <initializer_list>

namespace {

using bytes = std::vector<std::byte>;
using tls::detail::plaintext_facts;
using tls::detail::tap;

bytes octets(std::initializer_list<unsigned> values) {
    bytes out;
    for (unsigned const v : values) out.push_back(static_cast<std::byte>(v));
    return out;
}

bytes with_length(bytes head, bytes const& body, unsigned octet_count) {
    while (octet_count-- != 0) head.push_back(static_cast<std::byte>(body.size() >> (8 * octet_count)));
    head.insert(head.end(), body.begin(), body.end());
    return head;
}

bytes message(unsigned type, bytes const& body) { return with_length(octets({type}), body, 3); }
bytes record(unsigned type, bytes const& body) { return with_length(octets({type, 3, 3}), body, 2); }

bytes joined(std::initializer_list<bytes> parts) {
    bytes out;
    for (bytes const& part : parts) out.insert(out.end(), part.begin(), part.end());
    return out;
}

bytes server_hello(bytes const& extensions) {
    bytes const before = joined({octets({3, 3}), bytes(32, std::byte{5}), octets({2, 1, 1, 0x13, 1, 0})});
    return message(2, with_length(before, extensions, 2));
}

bool same(plaintext_facts const& a, plaintext_facts const& b) {
    return a.version == b.version && a.suite == b.suite && a.group == b.group && a.last_received == b.last_received &&
           a.certificates_sent == b.certificates_sent && a.alert_received == b.alert_received &&
           a.alert_sent == b.alert_sent && a.certificate_requested == b.certificate_requested &&
           a.server_hello == b.server_hello && a.not_tls == b.not_tls && a.server_accepts == b.server_accepts &&
           a.signature_sent == b.signature_sent && a.resumed == b.resumed && a.session_id == b.session_id &&
           a.extended_master_secret == b.extended_master_secret && a.ticket_lifetime == b.ticket_lifetime;
}

} // namespace

std::vector<std::vector<std::byte>> fuzz::seeds() {
    bytes const tls13 = server_hello(joined({octets({0, 43, 0, 2, 3, 4}), octets({0, 51, 0, 5, 0, 29, 0, 1, 9})}));
    bytes const tls12 = server_hello({});
    bytes const key_exchange = message(12, octets({3, 0, 23, 1, 9}));
    bytes const client = message(11, with_length({}, joined({octets({0, 0, 2, 8, 8}), octets({0, 0, 1, 8})}), 3));
    bytes const request = message(13, octets({1, 64, 0, 2, 4, 3, 0, 4, 0, 2, 0x30, 0}));
    bytes const change_cipher_spec = record(20, octets({1}));
    bytes const psk = joined({octets({3, 3}), bytes(32, std::byte{5}), octets({0, 0xcc, 0xac, 0})});
    bytes const psk_exchange = message(12, octets({0, 2, 'h', 'i', 3, 0, 23, 1, 9}));
    bytes const resumed13 = server_hello(joined({octets({0, 43, 0, 2, 3, 4}), octets({0, 41, 0, 2, 0, 0})}));
    bytes const agrees = server_hello(octets({0, 23, 0, 0}));
    bytes const ticket = message(4, octets({0, 0, 14, 16, 0, 2, 7, 7}));
    return {
        record(22, resumed13),
        joined({record(22, joined({agrees, ticket})), change_cipher_spec, record(22, bytes(40))}),
        joined({record(22, joined({agrees, message(11, bytes(30)), message(14, {}), ticket})), change_cipher_spec}),
        record(22, tls13),
        joined({record(22, tls13), change_cipher_spec, record(23, bytes(40))}),
        record(22, joined({tls12, message(11, bytes(300)), key_exchange, message(13, bytes(9)), message(14, {})})),
        record(22, joined({tls12, request, message(14, {})})),
        record(22, joined({message(2, psk), psk_exchange, message(14, {})})),
        record(22, joined({client, message(15, bytes(70))})),
        joined({record(22, tls12), record(22, key_exchange), record(21, octets({2, 40}))}),
        joined({record(22, client), change_cipher_spec, record(22, bytes(40))}),
        joined({record(21, octets({1, 0})), record(21, octets({2, 42}))}),
        fuzz::to_bytes("HTTP/1.1 400 Bad Request"),
    };
}

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const input = fuzz::bytes_of(data, size);
    tap whole;
    whole.received(input);
    whole.sent(input);
    // The same again, in pieces whose sizes the input chooses.
    tap pieces;
    for (std::size_t at = 0; at < size;) {
        std::size_t const wanted = 1 + data[(at * 7) % size] % 9U;
        std::size_t const n = wanted < size - at ? wanted : size - at;
        pieces.received(input.subspan(at, n));
        at += n;
    }
    for (std::size_t at = 0; at < size; ++at) pieces.sent(input.subspan(at, 1));
    fuzz::require(same(whole.seen(), pieces.seen()), "pieces do not matter");

    plaintext_facts const& seen = whole.seen();
    fuzz::require(!seen.server_hello || (seen.version && seen.suite), "a ServerHello has a version and a suite");
    fuzz::require(!seen.suite || seen.server_hello, "only a ServerHello selects");
    fuzz::require(
        !seen.not_tls || (!seen.last_received && !seen.alert_received), "nothing is read of another protocol");
    fuzz::require(!seen.resumed || seen.server_hello, "only after a ServerHello a session is resumed");
    fuzz::require(!seen.certificate_requested || seen.last_received, "a request is a message");
    fuzz::require(!seen.server_accepts || seen.certificate_requested, "what is accepted stands in a request");

    tap only_sent;
    only_sent.sent(input);
    plaintext_facts const& ours = only_sent.seen();
    fuzz::require(!ours.version && !ours.alert_received && !ours.not_tls && !ours.last_received, "ours is not theirs");
    return 0;
}
