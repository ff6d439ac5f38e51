// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/diagnosis/questions.hpp>

#include <cerrno>

namespace tls::detail {

/// A row of the decision table: what can be said if the answer to the question is yes.
///
/// `explain` takes the first headline, and every cause and every advice in the table's order. In a text, {word} stands
/// for a value of the error; `explain_words` in impl/explain.ipp has the list.
struct diagnosis {
    when::question applies;
    std::string_view headline; ///< instead of the code's message
    std::string_view cause;    ///< one clause without full stop
    std::string_view advice;   ///< instead of the code's advice
};

namespace diagnoses {

using namespace when; // NOLINT(google-build-using-namespace)
using enum errc;

/// What cannot be used of what was given.
inline constexpr diagnosis of_our_files[] = {
    {encryption_unsupported, "", "",
     "encrypt the private key in another way: openssl pkcs8 -topk8 -v2 aes-256-cbc -in FILE -out NEW"},
    {key_unsupported, "", "",
     "use a certificate with an RSA key of 2048 to 4096 bits, or an EC key on P-256, and its private key"},
    {certificate_unsupported, "", "the TLS library cannot parse our certificate",
     "have it issued anew without what is odd about it, or use the other backend"},
};

/// Why the server refuses our identity, or the lack of one.
inline constexpr diagnosis of_our_identity[] = {
    {all<code<peer_rejected_certificate>, sent_none>, "the server requires a certificate and we sent none", "", ""},
    {all<absence_refused, no<code<peer_rejected_certificate>>, got_refusal>, "",
     "the server requires a certificate and we sent none: some servers then send this alert", ""},
    {all<absence_refused, ended_without_alert, no<code<closed>>>, "",
     "the server requires a certificate and we sent none: some servers then close instead of sending an alert", ""},
    {all<absence_refused, code<closed>>, "",
     "if nothing useful came before: the server requires a certificate and we sent none, and some servers then close "
     "in good order",
     ""},
    {all<absence_refused, no<has_identity>>, "", "",
     "build the client with .identity(certificate chain, private key), issued by an authority this server trusts"},
    {all<absence_refused, has_identity>, "",
     "an identity is configured, but none of its certificates was sent: its key fits nothing the server accepts",
     "use a certificate with a key of a kind the server accepts, and check whether another client sends it"},

    // What is certain comes before what an alert may mean.
    {all<identity_refused, ended_without_alert>, "",
     "the server does not accept our certificate: some servers and load balancers close instead of sending an alert",
     ""},
    {all<identity_refused, ours, is_over>, "",
     "our certificate has expired: it was valid until {not_after} and our clock says {clock}",
     "renew our certificate; if our clock is wrong, set it"},
    {all<identity_refused, ours, is_to_come>, "",
     "our certificate is not valid yet: it will be from {not_before} and our clock says {clock}",
     "set our clock if it is wrong; otherwise wait, or have the certificate reissued"},
    {all<identity_refused, ours, clock_is_unset>, "",
     "our clock is not set, it says {clock}: whether our certificate has expired cannot be told here",
     "set the clock, then compare it with the dates of our certificate"},
    {all<identity_refused, issuer_not_named>, "",
     "the server names the authorities it accepts, {issuer_count} of them, and none issued a certificate of our chain",
     "get a certificate from an authority this server names, or connect to the server that ours was issued for"},
    {all<identity_refused, intermediate_may_be_missing>, "",
     "the chain we sent has one certificate and its issuer ({issuer}) was not sent: an intermediate may be missing",
     "put the certificate of the issuer after our own in the chain, unless it is a root the server has"},
    {all<identity_refused, is_self_signed>, "",
     "our certificate is self-signed: a server accepts it only if this very certificate was registered there",
     "register our certificate with the server, or use one that an authority has issued"},
    {all<identity_refused, code<peer_rejected_certificate>>, "", "{alert_meaning}", ""},
    {all<identity_refused, got<alert::certificate_expired>, ours, is_valid_now>, "",
     "by our clock, {clock}, our certificate is valid: the server's clock or ours is wrong, or another certificate of "
     "the chain has expired",
     "compare the two clocks, and look at the dates of every certificate of our chain"},
    {all<identity_refused, got<alert::unknown_ca, alert::certificate_unknown, alert::bad_certificate>>, "",
     "the server trusts another authority, for example that of its production and not of its test environment",
     "have the authority that issued our certificate added to the server, or use a certificate from one it trusts"},
    {all<identity_refused, got<alert::bad_certificate, alert::unsupported_certificate, alert::certificate_unknown>>, "",
     "the purpose of our certificate (extended key usage) does not include client authentication",
     "look at our certificate: extended key usage, if there is one, must include clientAuth"},
    {all<identity_refused, got<alert::certificate_revoked>>, "",
     "it was replaced by a newer one that this client does not use yet",
     "install the newest certificate and key; if there is none, ask the authority"},
    {all<identity_refused, got<alert::access_denied>>, "",
     "the server does not know the owner of our certificate: device, account or access list",
     "have the subject of our certificate registered with the server; its log says what it looks for"},
    {all<identity_refused, got<alert::certificate_required>>, "",
     "something in front of the server terminates TLS and does not pass our certificate on",
     "connect to the server directly, and check whether it gets the certificate then"},
    {all<identity_refused, got<alert::decrypt_error>>, "", "",
     "check that private key and certificate belong together; the server's log says which check failed"},
    {all<identity_refused, got<alert::handshake_failure, alert::decode_error, alert::internal_error>,
         no<code<peer_rejected_certificate>>>,
     "", "the server does not accept our certificate: some servers send this alert for that", ""},
    {all<identity_refused, no<ended_without_alert>, no<code<handshake_refused>>>, "", "",
     "check the server's log: it usually says what exactly is wrong with the certificate"},

    {all<code<unusable_identity>, key_is_rsa>, "",
     "our key is RSA and the server accepts none of the RSA signatures we can make (TLS 1.3 allows RSA-PSS only)",
     "use a certificate with an EC key on P-256, or have RSA-PSS enabled on the server"},
    {all<code<unusable_identity>, key_is_ec>, "",
     "our key is EC and the server accepts no ECDSA signature on its curve (TLS 1.3 ties one to the other)",
     "use a certificate with a key on a curve the server accepts, or with an RSA key"},
};

/// Why nothing could be agreed on.
inline constexpr diagnosis of_the_negotiation[] = {
    {all<offered_a_session, in<phase::handshake>, no<verdict>, no<code<timeout>>>, "",
     "we offered to resume a session, and the server may have changed since: its versions, its suites, its keys",
     "connect again: that ticket is spent, and the next attempt makes a full handshake"},
    {all<code<no_common_version>, only_1_3>, "", "the server speaks TLS 1.2 at most, which this client does not offer",
     "allow TLS 1.2: .versions(tls_1_2, tls_1_3)"},
    {all<code<no_common_version>, only_1_2>, "", "the server requires TLS 1.3, which this client does not offer",
     "allow TLS 1.3: .versions(tls_1_2, tls_1_3)"},
    {all<code<no_common_version>, no<only_1_2>, no<only_1_3>>, "",
     "the server speaks TLS 1.1 or older only, or something between here and there changes the offer",
     "have TLS 1.2 or 1.3 enabled on the server; look at the proxies on the way"},
    {code<no_common_suite>, "", "the server has only suites without forward secrecy or with CBC, which are not offered",
     "have a suite enabled on the server that has ECDHE and AES-GCM or ChaCha20-Poly1305"},
    {all<code<no_common_suite>, no<only_1_3>>, "",
     "the server has no key for the suites it allows: ECDSA suites need an EC certificate, RSA suites an RSA one", ""},
    {code<no_common_group>, "", "the server allows only groups that are not offered, such as P-521, ffdhe or hybrids",
     "have X25519, P-256 or P-384 enabled on the server"},
    {all<code<handshake_refused>, no<agreed>, any<only_1_2, only_1_3>>, "",
     "the server requires another protocol version, and this client offers only one",
     "offer both versions: .versions(tls_1_2, tls_1_3)"},
    {all<code<handshake_refused>, no<agreed>>, "",
     "the server shares no cipher suite with us, or none that fits its certificate", ""},
    {all<code<handshake_refused>, no<agreed>>, "", "the server shares no key exchange group with us", ""},
    {all<code<handshake_refused>, no<agreed>>, "", "the server does not serve the name we asked for", ""},
    {all<code<handshake_refused>, no<agreed>>, "", "",
     "check the server's log first: this alert does not say why; then compare what we offered with what it allows"},
    {code<unrecognized_name>, "", "the server, or the load balancer in front of it, has no site called {about}",
     "check the name; if the server is new, its configuration may not have arrived everywhere yet"},
    {all<code<alpn_mismatch>, has_about>, "", "the server chose {about}, which we did not offer",
     "offer this protocol with .alpn() if the application speaks it; otherwise the server is at fault"},
    {all<code<alpn_mismatch>, no<has_about>>, "", "the server speaks none of the protocols given to .alpn()",
     "check the port and the names given to .alpn(); leave .alpn() out if the server has only one protocol"},
};

/// Why we refused the server.
inline constexpr diagnosis of_the_server[] = {
    {fooled_by_clock, "", "our clock is not set: it says {clock}",
     "set the clock (from the network, or from a clock with a battery) before connecting"},
    {all<code<expired>, is_over>, "", "it was valid until {not_after} and our clock says {clock}",
     "have the server's operator renew it; if our clock is wrong, set it"},
    {all<code<not_yet_valid>, is_to_come>, "",
     "it is valid from {not_before} and our clock says {clock}: usually the clock is behind",
     "set our clock; if it is right, wait, or ask the server's operator"},
    {code<untrusted>, "", "the authority that issued it, {issuer}, is not among our trust anchors",
     "if the server is the right one, give .trust() the certificate of {issuer}"},
    {all<code<untrusted>, also<malformed_certificate>>, "",
     "the server sends a certificate that cannot be parsed, which may be the intermediate that is missing",
     "ask the server's operator to look at the chain that the server sends"},
    {all<code<untrusted>, is_leaf, no<also<malformed_certificate>>>, "",
     "the server sends its own certificate only: an intermediate that leads to our anchors may be missing",
     "ask the server's operator to send the intermediate certificates as well"},
    {code<untrusted>, "", "something on the way inspects TLS and substitutes its own certificate", ""},
    {code<self_signed>, "",
     "the certificate is its own issuer: no authority vouches for it, and it is not among our trust anchors",
     "if it is known to be the right one, save it to a file and trust exactly it: "
     ".trust(trust_anchors::from_pem_file(file))"},
    {all<code<name_mismatch>, has_about>, "", "the certificate is for {names} and we expected {about}",
     "connect under a name the certificate carries, or have {about} added to it as a subject alternative name"},
    {code<name_mismatch>, "", "this is not the server we meant: a wrong address, or the default site of a shared host",
     ""},
    {code<bad_signature>, "", "an authority has a new key under its old name, and our trust anchor is the old one",
     "give .trust() the authority's present certificate"},
    {code<bad_signature>, "", "a certificate was damaged or forged", ""},
    {code<unverifiable_signature>, "",
     "an authority signs with an algorithm or a key size that the C library as built lacks",
     "ask for a chain signed with RSA of 2048 to 8192 bits or with ECDSA on P-256, P-384 or P-521"},
    {code<unverifiable_signature>, "",
     "the server shows more authorities of one name, or larger keys, than a handshake has time to try", ""},
};

/// Why a connection ended without an explanation.
inline constexpr diagnosis of_the_connection[] = {
    {all<code<peer_closed>, nothing_came>, "",
     "the port does not speak TLS, or the server or a firewall rejects this name or address",
     "check host and port, and whether this address may connect; a proxy may have to be used"},
    {all<code<peer_closed>, something_came, no<asked>>, "",
     "the server gave up after its {last_message}: some servers close instead of sending an alert",
     "check the server's log at this moment; try again if it was restarting"},
    {all<code<peer_closed>, asked>, "", "", "check the server's log: it may say why we were refused"},
    {code<truncated>, "", "the peer closes without close_notify: harmless if the data itself says where it ends", ""},
    {code<truncated>, "", "the peer, or something on the way, stopped or cut the connection", ""},
    {all<code<not_tls>, sounds_like_http>, "", "the port speaks plain HTTP",
     "use the port for https, often 443 or 8443"},
    {all<code<not_tls>, sounds_like_a_greeting>, "",
     "the port greets in clear text, like a mail server that switches to TLS on request (STARTTLS)",
     "do the protocol's STARTTLS first, or use the port that speaks TLS from the start (465, 993, 995)"},
    {all<code<not_tls>, no<sounds_like_http>, no<sounds_like_a_greeting>>, "",
     "the port speaks a protocol without TLS, or one that switches to TLS later (STARTTLS)",
     "check the port: most protocols have one with TLS and one without (HTTP 443 and 80, MQTT 8883 and 1883)"},

    {all<code<timeout>, in<phase::connecting>>, "", "a firewall drops the packets, or no host has this address",
     "check the address, the route and the firewalls"},
    {all<code<timeout>, nothing_came>, "",
     "the port does not speak TLS and waits for something else, or the server is overloaded",
     "check the port; give the handshake more time if the server or the network is slow"},
    {all<code<timeout>, something_came>, "",
     "the server or the network became slow or silent after its {last_message}; large packets may get lost (MTU)",
     "try again with more time; if it always stops here, capture the packets"},
    {all<code<timeout>, in<phase::reading>>, "", "the peer is silent: the request may be incomplete or lost",
     "check that the whole request was written; wait longer if the answer takes its time"},
    {all<code<timeout>, any<in<phase::writing>, in<phase::closing>>>, "",
     "the peer does not take what we send: it is busy, stuck, or gone", "try again later, or allow more time"},
    {[](error const& e) noexcept { return code<io_error>(e) && (e.system == ECONNRESET || e.system == EPIPE); }, "",
     "the peer reset the connection: it refused us without an alert, it was stopped, or a firewall intervened",
     "check the server's log at this moment, then try again"},
    {code<bad_record_mac>, "", "bytes were lost or changed on the way, or two threads shared one transport", ""},

    {code<peer_alert>, "", "{alert_meaning}", ""},

    {all<has_identity, not_asked, any<ended_without_alert, code<peer_alert, handshake_refused>>>, "",
     "the server never asked for our certificate: this may be the wrong port, or an endpoint without client "
     "authentication",
     "check host and port: servers often have a separate port for clients with certificates"},
};

} // namespace diagnoses
} // namespace tls::detail
