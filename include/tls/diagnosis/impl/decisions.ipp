// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/diagnosis/questions.hpp>

#include <algorithm>
#include <span>

namespace tls::detail {

/// These questions, as a row has them.
template <when::question... Questions> inline constexpr when::question questions_of[] = {Questions...};
template <when::question... Questions>
inline constexpr std::span<when::question const> needs = questions_of<Questions...>;

/// A row of the decision table: what can be said if the answer to every question is yes.
///
/// A row needs every fact that its sentences claim, so that a fact that contradicts one of them takes it away.
/// `explain` takes the first headline, and every cause and every advice in the table's order. In a text, {word} stands
/// for a value of the error, and {@word} for one of the vocabulary; impl/explain.ipp and core/vocabulary.hpp have the
/// lists.
struct diagnosis {
    std::span<when::question const> needs;
    std::string_view headline; ///< instead of the code's message
    std::string_view cause;    ///< one clause without full stop
    std::string_view advice;   ///< instead of the code's advice

    [[nodiscard]] constexpr bool applies(error const& e) const noexcept {
        return std::ranges::all_of(needs, [&](when::question q) noexcept { return q(e); });
    }
};

namespace diagnoses {

using namespace when; // NOLINT(google-build-using-namespace)
using enum errc;

/// What cannot be used of what was given.
inline constexpr diagnosis of_our_files[] = {
    {needs<encryption_unsupported>, "", "",
     "encrypt the private key in another way: openssl pkcs8 -topk8 -v2 aes-256-cbc -in FILE -out NEW"},
    {needs<key_unsupported>, "", "",
     "use a certificate with an RSA key of 2048 to 4096 bits, or an EC key on P-256, and its private key"},
    {needs<certificate_unsupported>, "", "the TLS library cannot parse our certificate",
     "have it issued anew without what is odd about it, or use the other backend"},
};

/// Why the server refuses our identity, or the lack of one.
inline constexpr diagnosis of_our_identity[] = {
    {needs<code<peer_rejected_certificate>, sent_none>, "the server requires a certificate and we sent none", "", ""},
    {needs<code<peer_rejected_certificate>, sent_none, in_session, is_tls_1_2, got<alert::handshake_failure>>, "",
     "the server had accepted that in the handshake, and wanted to negotiate anew (renegotiation) to ask for one; this "
     "client never does",
     "have the server ask for certificates in the first handshake, and turn renegotiation off there"},
    {needs<absence_refused, no<code<peer_rejected_certificate>>, got_refusal>, "",
     "the server requires a certificate and we sent none: some servers then send this alert", ""},
    {needs<absence_refused, ended_without_alert, no<code<closed>>>, "",
     "the server requires a certificate and we sent none: some servers then close instead of sending an alert", ""},
    {needs<absence_refused, code<closed>>, "",
     "the server requires a certificate and we sent none: some servers then close in good order", ""},
    {needs<absence_refused, no<has_identity>>, "", "", "{@identity}, issued by an authority this server trusts"},
    {needs<absence_refused, has_identity, no<names_scheme<fits_our_key>>>, "",
     "an identity is configured, but none of its certificates was sent: its key fits nothing the server accepts",
     "use a certificate with a key of a kind the server accepts, and check whether another client sends it"},
    {needs<absence_refused, has_identity, names_scheme<fits_our_key>>, "",
     "an identity is configured, but none of its certificates was sent, although its key fits",
     "check whether another client sends it"},

    {needs<identity_refused, code<peer_rejected_certificate>, was_accepted>, "",
     "the server had accepted our certificate on this connection before: since then it was revoked or has expired, or "
     "what we asked for last is not for its owner",
     "connect again and see whether the server still accepts it; its log says what has changed"},

    // What is certain comes before what an alert may mean, unless the alert has one meaning only.
    {needs<identity_refused, ended_without_alert>, "",
     "the server does not accept our certificate: some servers and load balancers close instead of sending an alert",
     ""},
    {needs<curve_refused>, "",
     "the key of our certificate is on {our_curve}, which we did not offer as a group: under TLS 1.2 servers then "
     "refuse it",
     "offer that group with {@groups}, or use a certificate with a key on a curve we offer"},
    {needs<identity_refused, got<alert::certificate_revoked>>, "", "{alert_meaning}", ""},
    {needs<identity_refused, got<alert::unsupported_certificate>, not_for_clients>, "",
     "our certificate is not for clients: its extended key usage does not include client authentication",
     "have a certificate issued whose extended key usage includes clientAuth"},
    {needs<identity_refused, got<alert::unsupported_certificate>, no<not_for_clients>>, "",
     "the server supports no certificate of our kind or key, or one above ours is not for client authentication",
     "look at our certificate and those above it: extended key usage, if there is one, must include clientAuth"},
    {needs<identity_refused, ours, is_over>, "",
     "our certificate has expired: it was valid until {not_after} and our clock says {clock}",
     "renew our certificate; if our clock is wrong, set it"},
    {needs<identity_refused, ours, is_to_come>, "",
     "our certificate is not valid yet: it will be from {not_before} and our clock says {clock}",
     "set our clock if it is wrong; otherwise wait, or have the certificate reissued"},
    {needs<identity_refused, ours, clock_is_unset>, "",
     "our clock is not set, it says {clock}: whether our certificate has expired cannot be told here",
     "set the clock, then compare it with the dates of our certificate"},
    {needs<identity_refused, got<alert::certificate_expired>>, "", "{alert_meaning}", ""},
    {needs<identity_refused, not_for_clients, no<found_path>>, "",
     "our certificate is not for clients: its extended key usage does not include client authentication",
     "have a certificate issued whose extended key usage includes clientAuth"},
    {needs<identity_refused, issuer_not_named>, "",
     "the server names the authorities it accepts, {issuer_count} of them, and none issued a certificate of our chain",
     "get a certificate from an authority this server names, or connect to the server that ours was issued for"},
    {needs<identity_refused, intermediate_may_be_missing>, "",
     "the chain we sent has one certificate and its issuer ({issuer}) was not sent: an intermediate may be missing",
     "put the certificate of the issuer after our own in the chain, unless it is a root the server has"},
    {needs<identity_refused, is_self_signed>, "",
     "our certificate is self-signed: a server accepts it only if this very certificate was registered there",
     "register our certificate with the server, or use one that an authority has issued"},
    {needs<
         identity_refused, code<peer_rejected_certificate>, got_certificate_alert, no<found_path>,
         no<got<alert::certificate_required>>>,
     "", "{alert_meaning}", ""},
    {needs<identity_refused, got<alert::certificate_expired>, ours, is_valid_now>, "",
     "by our clock, {clock}, our certificate is valid: the server's clock or ours is wrong, or another certificate of "
     "the chain has expired",
     "compare the two clocks, and look at the dates of every certificate of our chain"},
    {needs<
         identity_refused, got<alert::unknown_ca, alert::certificate_unknown, alert::bad_certificate>, no<issuer_named>,
         no<found_path>>,
     "", "the server trusts another authority, for example that of its production and not of its test environment",
     "have the authority that issued our certificate added to the server, or use a certificate from one it trusts"},
    {needs<
         identity_refused, got<alert::bad_certificate, alert::certificate_unknown>, no<not_for_clients>,
         no<found_path>>,
     "", "the authority that issued our certificate may not issue for clients (extended key usage)",
     "look at the certificates above ours: extended key usage, if there is one, must include clientAuth"},
    {needs<identity_refused, got<alert::certificate_revoked>>, "",
     "it was replaced by a newer one that this client does not use yet",
     "install the newest certificate and key; if there is none, ask the authority"},
    {needs<identity_refused, got<alert::access_denied>>, "",
     "the server does not know the owner of our certificate: device, account or access list",
     "have the subject of our certificate registered with the server; its log says what it looks for"},
    {needs<identity_refused, got<alert::certificate_required>, no<was_accepted>>, "",
     "something in front of the server terminates TLS and does not pass our certificate on",
     "connect to the server directly, and check whether it gets the certificate then"},
    {needs<identity_refused, got<alert::decrypt_error>>, "",
     "our signature does not fit: our private key may not belong to our certificate, or the server got another one",
     "check that private key and certificate belong together; the server's log says which check failed"},
    {needs<
         identity_refused, got<alert::handshake_failure, alert::decode_error, alert::internal_error>,
         no<code<peer_rejected_certificate>>>,
     "", "the server does not accept our certificate: some servers send this alert for that", ""},
    {needs<identity_refused, no<ended_without_alert>, no<code<handshake_refused>>>, "", "",
     "check the server's log: it usually says what exactly is wrong with the certificate"},

    {needs<none_can_sign>, "", "none of our identities makes a signature that the server accepts, as listed below",
     "add an identity whose key makes one of those, or have one of ours enabled on the server"},
    {needs<cannot_sign, key_is_rsa, no<knows_schemes>, no<is_tls_1_3>>, "",
     "our key is RSA and the server accepts none of the RSA signatures we can make (TLS 1.3 allows RSA-PSS only)",
     "use a certificate with an EC key on P-256, or have RSA-PSS enabled on the server"},
    {needs<cannot_sign, key_is_rsa, no<knows_schemes>, is_tls_1_3>, "",
     "our key is RSA, and TLS 1.3 allows RSA-PSS only (rsa_pss_rsae_...), which the server does not accept",
     "use a certificate with an EC key on P-256, or have RSA-PSS enabled on the server"},
    {needs<cannot_sign, key_is_rsa, knows_schemes, is_tls_1_3, names_scheme<is_pkcs1>, no<names_scheme<is_rsae>>>, "",
     "our key is RSA, and TLS 1.3 allows RSA-PSS only (rsa_pss_rsae_...): the server accepts rsa_pkcs1_..., which "
     "counts "
     "for certificates and not for a client's signature",
     "use a certificate with an EC key on P-256, or have RSA-PSS enabled on the server"},
    {needs<cannot_sign, key_is_rsa, knows_schemes, no<names_scheme<is_pkcs1>>, no<names_scheme<is_rsae>>>, "",
     "our key is RSA, and the server accepts no RSA signature that such a key can make",
     "use a certificate with a key that makes a signature it accepts, such as an EC key on P-256, or have RSA-PSS "
     "enabled "
     "on the server"},
    {needs<cannot_sign, key_is_rsa, names_scheme<is_used>>, "",
     "our key is RSA, and the TLS library makes none of the RSA signatures that the server accepts",
     "have rsa_pss_rsae_sha256 or rsa_pkcs1_sha256 enabled on the server, or use a certificate with an EC key"},
    {needs<cannot_sign, key_is_ec, no<knows_schemes>>, "",
     "our key is EC and the server accepts no ECDSA signature on its curve (TLS 1.3 ties one to the other)",
     "use a certificate with a key on a curve the server accepts, or with an RSA key"},
    {needs<cannot_sign, key_is_ec, knows_schemes, no<names_scheme<is_ecdsa>>>, "",
     "our key is EC, and the server accepts no ECDSA signature", "use a certificate with an RSA key"},
    {needs<cannot_sign, key_is_ec, is_tls_1_3, names_scheme<is_ecdsa>, no<names_scheme<fits_our_key>>>, "",
     "our key is EC on {our_curve}: TLS 1.3 ties the signature to the curve, and the server accepts other curves only",
     "use a certificate with a key on a curve the server accepts"},
    {needs<cannot_sign, has_identity, names_scheme<is_allowed>, no<names_scheme<is_used>>>, "",
     "our key could make a signature that the server accepts, but the signer that has it does not make that kind",
     "have the signer make it too, or have one of its kinds enabled on the server"},
    {needs<cannot_sign, has_identity, names_scheme<fits_our_key>, no<names_scheme<is_allowed>>>, "",
     "our key could make a signature that the server accepts, but this client leaves that kind out",
     "allow it again with {@signature_schemes}"},
    {needs<cannot_sign, key_is_ec, names_scheme<is_used>>, "",
     "our key is EC, and the TLS library makes none of the ECDSA signatures that the server accepts",
     "have ecdsa_secp256r1_sha256 enabled on the server, or use a certificate with an RSA key"},
};

/// Why nothing could be agreed on.
inline constexpr diagnosis of_the_negotiation[] = {
    {needs<offered_a_session, may_be_for_a_session>, "",
     "we offered to resume a session, and the server may have changed since: its versions, its suites, its keys",
     "connect again: that ticket is spent, and the next attempt makes a full handshake"},
    {needs<code<no_common_version, no_common_suite, no_common_group, unrecognized_name, alpn_mismatch>, in_session>, "",
     "the server refused something, with an alert that belongs into a handshake; ours was over",
     "check the server's log at the same moment"},
    {needs<code<no_common_version>, no<in_session>, chose_other_version>, "",
     "the server chose {version}, which this client does not offer", ""},
    {needs<code<no_common_version>, no<in_session>, only_1_3, no<knows_version>>, "",
     "the server speaks TLS 1.2 at most, which this client does not offer", ""},
    {needs<code<no_common_version>, no<in_session>, only_1_3>, "", "", "allow TLS 1.2: {@all_versions}"},
    {needs<code<no_common_version>, no<in_session>, only_1_2, no<knows_version>>, "",
     "the server requires TLS 1.3, which this client does not offer", "allow TLS 1.3: {@all_versions}"},
    {needs<code<no_common_version>, no<in_session>, no<only_1_2>, no<only_1_3>, no<knows_version>>, "",
     "the server speaks TLS 1.1 or older only, or something between here and there changes the offer", ""},
    {needs<code<no_common_version>, no<in_session>, no<only_1_3>>, "", "",
     "have TLS 1.2 or 1.3 enabled on the server; look at the proxies on the way"},
    {needs<code<no_common_suite>, no<in_session>, chose_other_suite>, "",
     "the server chose {suite}, which we did not offer",
     "check whether a proxy or load balancer takes part; the server may not choose what was not offered"},
    {needs<code<no_common_suite>, no<in_session>, few_suites, no<agreed>>, "",
     "we offer only some of the suites we know, and the server none of those", "offer more of them with {@suites}"},
    {needs<code<no_common_suite>, no<in_session>, has_psk, no<is_tls_1_2>>, "",
     "the server insists on SHA-384, and with TLS 1.3 our pre-shared key is bound to SHA-256",
     "allow TLS_AES_128_GCM_SHA256 on the server"},
    {needs<code<no_common_suite>, no<in_session>, no<has_psk>, no<only_1_3>, no<is_tls_1_3>, no<agreed>>, "",
     "the server has only suites without forward secrecy or with CBC, which are not offered",
     "have a suite enabled on the server that has ECDHE and AES-GCM or ChaCha20-Poly1305"},
    {needs<code<no_common_suite>, no<in_session>, any<only_1_3, is_tls_1_3>, no<is_tls_1_2>, no<agreed>>, "",
     "the server has none of the suites of TLS 1.3 that we offered", "have one of those enabled on the server"},
    {needs<code<no_common_suite>, no<in_session>, no<has_psk>, no<only_1_3>, no<is_tls_1_3>, no<agreed>>, "",
     "the server has no key for the suites it allows: ECDSA suites need an EC certificate, RSA suites an RSA one", ""},
    {needs<code<no_common_group>, no<in_session>, chose_other_group>, "",
     "the server chose {group}, which we did not offer",
     "check whether a proxy or load balancer takes part; the server may not choose what was not offered"},
    {needs<code<no_common_group>, no<in_session>, few_groups, no<knows_group>>, "",
     "we offer only some of the groups we know, and the server none of those", "offer more of them with {@groups}"},
    {needs<code<no_common_group>, no<in_session>, no<knows_group>>, "",
     "the server allows only groups that are not offered, such as {other_groups}", ""},
    {needs<code<no_common_group>, no<in_session>, offered_groups>, "", "",
     "have one of these enabled on the server: {groups_offered}"},
    {needs<code<handshake_refused>, no<agreed>, no<knows_version>, any<only_1_2, only_1_3>>, "",
     "the server requires another protocol version, and this client offers only one",
     "offer both versions: {@all_versions}"},
    {needs<code<handshake_refused>, no<agreed>>, "",
     "the server shares no cipher suite with us, or none that fits its certificate", ""},
    {needs<code<handshake_refused>, no<agreed>, no<knows_group>>, "", "the server shares no key exchange group with us",
     ""},
    {needs<code<handshake_refused>, no<agreed>, no<sent_no_name>>, "",
     "the server does not serve the name we asked for", ""},
    {needs<code<handshake_refused>, no<agreed>, sent_no_name>, "",
     "the server wants to be asked for by name, and we sent none: it is named here by its address",
     "connect by a host name ({@server_name}) if the server has one"},
    {needs<code<handshake_refused>, no<agreed>>, "", "",
     "check the server's log first: this alert does not say why; then compare what we offered with what it allows"},
    {needs<code<handshake_refused>, agreed, no<asked>>, "",
     "the server refused after it had chosen what to use: the reason lies in what came then", ""},
    {needs<code<unrecognized_name>, no<in_session>, has_about, no<sent_no_name>>, "",
     "the server, or the load balancer in front of it, has no site called {about}",
     "check the name; if the server is new, its configuration may not have arrived everywhere yet"},
    {needs<code<unrecognized_name>, no<in_session>, sent_no_name>, "the server requires a name and we sent none",
     "the server wants to be asked for by name, and we sent none: it is named here by its address",
     "connect by a host name ({@server_name})"},
    {needs<code<alpn_mismatch>, no<in_session>, has_about>, "", "the server chose {about}, which we did not offer",
     "offer this protocol with {@alpn} if the application speaks it; otherwise the server is at fault"},
    {needs<code<alpn_mismatch>, no<in_session>, no<has_about>, no<offered_no_protocols>>, "",
     "the server speaks none of the protocols given to {@alpn}",
     "check the port and the names given to {@alpn}; leave {@alpn} out if the server has only one protocol"},
    {needs<code<alpn_mismatch>, no<in_session>, no<has_about>, offered_no_protocols>, "",
     "the server requires an application protocol (ALPN), and we offered none",
     "offer the protocol that the application speaks with {@alpn}"},
};

/// Why a pre-shared key did not do.
inline constexpr diagnosis of_the_psk[] = {
    {needs<code<psk_not_accepted>, got<alert::unknown_psk_identity>>, "",
     "the server does not know the identity we named",
     "compare the identity byte by byte with what is set up on the server, and look into its log"},
    {needs<code<psk_not_accepted>, no<got<alert::unknown_psk_identity>>>, "",
     "the server does not know the identity we named", ""},
    {needs<code<psk_not_accepted>, agreed>, "",
     "the server has certificates, and pre-shared keys are not set up there, or not for this version", ""},
    {needs<code<psk_not_accepted>, no<agreed>, no<got<alert::unknown_psk_identity>>, no<only_1_2>, no<is_tls_1_2>>, "",
     "the server insists on SHA-384, and with TLS 1.3 our pre-shared key is bound to SHA-256", ""},
    {needs<code<psk_not_accepted>, no<agreed>, no<got<alert::unknown_psk_identity>>, no<only_1_3>, no<is_tls_1_3>>, "",
     "the server has pre-shared keys for suites without forward secrecy or with CBC only, which are not offered", ""},
    {needs<code<psk_mismatch>>, "", "the key that the server has under the identity we named is another one", ""},
    {needs<code<psk_mismatch>, no<got<alert::decrypt_error>>>, "",
     "the server does not know that identity: some say so in this way, and some hide it", ""},
    {needs<code<psk_mismatch>, agreed>, "", "bytes were changed on the way", ""},
};

/// Why we refused the server.
inline constexpr diagnosis of_the_server[] = {
    {needs<fooled_by_clock>, "", "our clock is not set: it says {clock}",
     "set the clock (from the network, or from a clock with a battery) before connecting"},
    {needs<code<expired>, is_over>, "", "it was valid until {not_after} and our clock says {clock}",
     "have the server's operator renew it; if our clock is wrong, set it"},
    {needs<code<not_yet_valid>, is_to_come>, "",
     "it is valid from {not_before} and our clock says {clock}: usually the clock is behind",
     "set our clock; if it is right, wait, or ask the server's operator"},
    {needs<code<untrusted>, has_issuer>, "", "the authority that issued it, {issuer}, is not among our trust anchors",
     "if the server is the right one, give {@trust} the certificate of {issuer}"},
    {needs<code<untrusted>, also<malformed_certificate>>, "",
     "the server sends a certificate that cannot be parsed, which may be the intermediate that is missing",
     "ask the server's operator to look at the chain that the server sends"},
    {needs<code<untrusted>, is_leaf, no<sent_more_than_leaf>, no<also<malformed_certificate>>>, "",
     "the server sends its own certificate only: an intermediate that leads to our anchors may be missing",
     "ask the server's operator to send the intermediate certificates as well"},
    {needs<code<untrusted>, is_leaf, sent_more_than_leaf, no<also<malformed_certificate>>>, "",
     "none of the other certificates that the server sends has issued its own: the right intermediate may be missing",
     "ask the server's operator to send the intermediate certificates that belong to it"},
    {needs<code<untrusted>>, "", "something on the way inspects TLS and substitutes its own certificate", ""},
    {needs<code<self_signed>, is_leaf>, "",
     "the certificate is its own issuer: no authority vouches for it, and it is not among our trust anchors",
     "if it is known to be the right one, save it to a file and trust exactly it: {@trust_file}"},
    {needs<code<self_signed>, no<is_leaf>>, "",
     "the authority at the end of the server's chain is not among our trust anchors",
     "if the server is the right one, give {@trust} the certificate of that authority"},
    {needs<code<name_mismatch>, nearly<near_match::address_as_dns_name>, has_about>, "",
     "the certificate has {about} as a name of type DNS, and an address counts only as an entry of type IP address",
     "have the certificate reissued with an iPAddress entry for {about} among its subject alternative names"},
    {needs<code<name_mismatch>, nearly<near_match::wildcard>, has_names, has_about>, "",
     "the certificate is for {names} and we expected {about}: a wildcard stands for exactly one label of a name", ""},
    {needs<code<name_mismatch>, nearly<near_match::common_name>, has_about>, "",
     "only the common name of the certificate is {about}, and a common name does not count: the name must be among the "
     "subject alternative names",
     ""},
    {needs<code<name_mismatch>, has_no_names, no<nearly<near_match::common_name>>>, "",
     "the certificate has no DNS name or address among its subject alternative names; a common name ({names}) does not "
     "count",
     ""},
    {needs<code<name_mismatch>, has_names, nearly<near_match::none>, has_about>, "",
     "the certificate is for {names} and we expected {about}", ""},
    {needs<code<name_mismatch>, has_names, has_about, no<nearly<near_match::address_as_dns_name>>>, "", "",
     "connect under a name the certificate carries, or have {about} added to it as a subject alternative name"},
    {needs<code<name_mismatch>, has_no_names, has_about>, "", "",
     "have the certificate reissued with {about} as a subject alternative name"},
    {needs<code<name_mismatch>, any<no<knows_certificate>, nearly<near_match::none>>>, "",
     "this is not the server we meant: a wrong address, or the default site of a shared host", ""},
    {needs<code<bad_signature>>, "",
     "an authority has a new key under its old name, and our trust anchor is the old one",
     "give {@trust} the authority's present certificate"},
    {needs<code<bad_signature>>, "", "a certificate was damaged or forged", ""},
    {needs<code<unverifiable_signature>>, "",
     "an authority signs with an algorithm or a key size that the C library as built lacks",
     "ask for a chain signed with RSA of 2048 to 8192 bits or with ECDSA on P-256, P-384 or P-521"},
    {needs<code<pin_mismatch>, has_about>, "",
     "the server has a new key: the pin of its certificate is {about}, which is not among those given to {@pins}",
     "if the server's operator confirms that key, give {@pins} its pin as well"},
    {needs<code<pin_mismatch>>, "", "something on the way inspects TLS and substitutes its own certificate", ""},
    {needs<code<refused_by_application>, has_about>, "", "it says: {about}", ""},
    {needs<code<revoked>, has_about>, "", "its authority withdrew the certificate: {about}", ""},
    {needs<code<no_crl>, has_issuer>, "", "none of the lists given to {@crls} that covers it is by {issuer}",
     "give {@crls} the list that {issuer} publishes for such certificates"},
    {needs<code<revocation_unknown>, has_about>, "", "the authority's revocation list is no proof: {about}", ""},
    {needs<code<bad_stapled_status>, has_about>, "", "what is wrong with it: {about}", ""},
    {needs<code<stapled_status_expired>>, "", "the server cannot reach its authority's responder, or has not tried",
     ""},
    {needs<code<no_stapled_status>, has_about>, "", "what is known of it: {about}", ""},
    {needs<code<unverifiable_signature>>, "",
     "the server shows more authorities of one name, or larger keys, than a handshake has time to try", ""},
};

/// Why a connection ended without an explanation.
inline constexpr diagnosis of_the_connection[] = {
    {needs<code<not_exportable>, has_about>, "", "what stands in the way: {about}", ""},
    {needs<code<peer_closed>, nothing_came>, "",
     "the port does not speak TLS, or the server or a firewall rejects this name or address",
     "check host and port, and whether this address may connect; a proxy may have to be used"},
    {needs<code<peer_closed>, something_came, no<asked>>, "",
     "the server gave up after its {last_message}: some servers close instead of sending an alert",
     "check the server's log at this moment; try again if it was restarting"},
    {needs<code<peer_closed>, asked>, "", "", "check the server's log: it may say why we were refused"},
    {needs<code<truncated>>, "", "the peer closes without close_notify: harmless if the data itself says where it ends",
     ""},
    {needs<code<truncated>>, "", "the peer, or something on the way, stopped or cut the connection", ""},
    {needs<code<not_tls>, sounds_like_http>, "", "the port speaks plain HTTP",
     "use the port for https, often 443 or 8443"},
    {needs<code<not_tls>, sounds_like_a_greeting>, "",
     "the port greets in clear text, like a mail server that switches to TLS on request (STARTTLS)",
     "do the protocol's STARTTLS first, or use the port that speaks TLS from the start (465, 993, 995)"},
    {needs<code<not_tls>, no<sounds_like_http>, no<sounds_like_a_greeting>>, "",
     "the port speaks a protocol without TLS, or one that switches to TLS later (STARTTLS)",
     "check the port: most protocols have one with TLS and one without (HTTP 443 and 80, MQTT 8883 and 1883)"},

    {needs<code<timeout>, in<phase::connecting>>, "",
     "a firewall drops the packets, no host has this address, or the name server is silent",
     "check the address, the name server, the route and the firewalls"},
    {needs<code<timeout>, nothing_came>, "",
     "the port does not speak TLS and waits for something else, or the server is overloaded",
     "check the port; give the handshake more time if the server or the network is slow"},
    {needs<code<timeout>, in<phase::handshake>, about_signature>, "",
     "the signature that the server waits for was not brought in time",
     "see why it takes so long to sign; give the handshake more time if that is how long it takes"},
    {needs<code<timeout>, something_came, no<about_signature>>, "",
     "the server or the network became slow or silent after its {last_message}; large packets may get lost (MTU)",
     "try again with more time; if it always stops here, capture the packets"},
    {needs<code<timeout>, in<phase::reading>>, "", "the peer is silent: the request may be incomplete or lost",
     "check that the whole request was written; wait longer if the answer takes its time"},
    {needs<code<timeout>, any<in<phase::writing>, in<phase::closing>>>, "",
     "the peer does not take what we send: it is busy, stuck, or gone", "try again later, or allow more time"},
    {needs<code<flooded>, no<in_session>>, "",
     "the server sends more in the handshake than any that is honest: warnings, tiny records, or more than a megabyte",
     "check host and port, and look at the records with tls-doctor --trace"},
    {needs<code<flooded>, in_session>, "",
     "the peer sends tickets, key updates or empty records without end, or takes none of the answers it asks for",
     "connect again; if it happens again, look at the records with a flight recorder"},
    {needs<was_reset, no<was_accepted>, no<came_any_data>>, "",
     "the peer reset the connection: it refused us without an alert, it was stopped, or a firewall intervened",
     "check the server's log at this moment, then try again"},
    {needs<was_reset, any<was_accepted, came_any_data>>, "",
     "the peer reset the connection: it was stopped or had enough of us, or a firewall intervened",
     "check the server's log at this moment, then try again"},
    {needs<asked_to_renegotiate>, "",
     "the server wanted to negotiate anew (renegotiation), perhaps to ask for a certificate then; this client never "
     "does",
     "have the server ask for certificates in the first handshake, and turn renegotiation off there"},
    {needs<asked_for_certificate_late>, "",
     "the server asked for a certificate after the handshake (CertificateRequest), which this client had not offered",
     "have the server ask for certificates in the handshake"},
    {needs<asked_for_new_keys>, "",
     "the server changed its keys in the middle of the connection (KeyUpdate), which this TLS library cannot follow",
     "connect again; where connections carry much data, use the other library, or have the server raise its limit"},
    {needs<code<bad_record_mac>>, "", "bytes were lost or changed on the way, or two threads shared one transport", ""},

    {needs<
         code<peer_alert>, peer_said_no, any<no<in_session>, no<got_negotiation_alert>>, no<curve_refused>,
         no<got<alert::handshake_failure>>, any<no<got_certificate_alert>, no<not_asked>>,
         any<no<got<alert::certificate_required>>, no<sent_identity>>>,
     "", "{alert_meaning}", ""},
    {needs<code<peer_alert>, got_certificate_alert, not_asked>, "",
     "this alert is about a certificate of ours, and the server asked for none: it may be passed on from a server "
     "behind "
     "it, or be sent for want of a better one",
     "check the server's log at the same moment"},
    {needs<code<peer_alert>, in_session, got<alert::handshake_failure>, is_tls_1_2>, "",
     "the server wanted to negotiate anew (renegotiation), perhaps to ask for a certificate then; this client never "
     "does",
     "have the server ask for certificates in the first handshake, and turn renegotiation off there"},
    {needs<code<peer_alert>, in_session, got_negotiation_alert, no<all<is_tls_1_2, got<alert::handshake_failure>>>>, "",
     "the server refused something, with an alert that belongs into a handshake; ours was over", ""},

    {needs<has_identity, not_asked, no<came_any_data>, any<ended_without_alert, code<peer_alert, handshake_refused>>>,
     "",
     "the server never asked for our certificate: this may be the wrong port, or an endpoint without client "
     "authentication",
     "check host and port: servers often have a separate port for clients with certificates"},

    // Comes last, because it is the least likely.
    {needs<refused_after_early_data, sent_identity>, "",
     "the server does not accept our certificate, and what came was sent before it had judged it (TLS 1.3 allows that)",
     "if it happens each time, check the server's log for what it says about our certificate"},
    {needs<refused_after_early_data, sent_none>, "",
     "the server requires a certificate and we sent none, and what came was sent before it had noticed, or says so",
     "if the server requires a certificate: {@identity}"},
};

} // namespace diagnoses
} // namespace tls::detail
