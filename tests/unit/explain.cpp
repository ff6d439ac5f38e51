// SPDX-License-Identifier: Apache-2.0
#include "any_error.hpp"
#include "check.hpp"
#include <tls/diagnosis/explain.hpp>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <initializer_list>
#include <limits>
#include <new>
#include <random>
#include <string>
#include <vector>

namespace {
std::atomic<long> allocations;
void* allocate(std::size_t size) noexcept {
    ++allocations;
    return std::malloc(size == 0 ? 1 : size);
}
} // namespace

// Counts in the whole program, for the one test that looks. Inlined, the two look mismatched to the compiler.
[[gnu::noinline]] void* operator new(std::size_t size) {
    if (void* const p = allocate(size)) return p;
    throw std::bad_alloc();
}
[[gnu::noinline]] void* operator new(std::size_t size, std::nothrow_t const&) noexcept { return allocate(size); }
[[gnu::noinline]] void operator delete(void* p) noexcept { std::free(p); }
[[gnu::noinline]] void operator delete(void* p, std::size_t) noexcept { std::free(p); }
[[gnu::noinline]] void operator delete(void* p, std::nothrow_t const&) noexcept { std::free(p); }

namespace unit::explain_cases {
namespace {

using tls::alert;
using tls::errc;
using tls::error;
using tls::fact_source;
using tls::phase;

constexpr std::int64_t in_2030 = 1893456000;
constexpr std::int64_t in_2031 = 1924992000;
constexpr std::int64_t in_2032 = 1956528000;

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

/// An error with everything in it, as long as it can get.
error largest(errc code) {
    error e;
    e.code = code;
    e.phase = phase::configuring;
    e.received = alert::bad_certificate_status_response;
    e.sent = alert::bad_certificate_status_response;
    e.native = std::numeric_limits<std::int32_t>::min();
    e.native_name = "MBEDTLS_ERR_X509_INVALID_EXTENSIONS + MBEDTLS_ERR_ASN1_UNEXPECTED_TAG";
    e.system = std::numeric_limits<std::int32_t>::min();
    e.backend = "a backend with a long name";
    e.transferred = std::numeric_limits<std::uint64_t>::max();
    for (int c = 0; c <= last_code; ++c) e.problems.add(static_cast<errc>(c));
    e.problem_depth = 255;
    auto const from = fact_source::library;
    e.handshake.last_received = {tls::handshake_message::certificate_request, from};
    e.handshake.client_certificate_requested = {true, from};
    e.handshake.certificates_sent = {255, from};
    e.handshake.signature_sent = {true, from};
    tls::accepted_credentials accepts;
    accepts.schemes.fill(tls::signature_scheme::ecdsa_secp256r1_sha256);
    accepts.scheme_count = 255;
    accepts.issuer_count = 65535;
    accepts.first_issuer = some_text(63);
    e.handshake.server_accepts = {accepts, from};
    e.client.known = true;
    e.client.has_identity = true;
    e.client.chain_size = 1;
    e.client.keys.fill(tls::own_key_kind::other);
    e.handshake.identity = {{7, 8, tls::identity_reason::authority_named}, from};
    for (auto const s : tls::known_suites) e.client.suites.add(s);
    for (auto const g : tls::known_groups) e.client.groups.add(g);
    e.certificate = {
        std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::min() + 1, some_text(63),
        some_text(63)};
    e.clock = std::numeric_limits<std::int64_t>::max();
    e.about = some_text(200);
    return e;
}

/// True if explaining into `size` bytes gives the beginning of `whole` and touches nothing after it.
bool is_bounded(error const& e, std::string const& whole, std::size_t size) {
    std::vector<char> memory(size + 8, '#');
    std::string_view const text = tls::explain(e, std::span(memory).first(size));
    bool const inside = text.size() <= size && (text.empty() || text.data() == memory.data());
    bool const untouched = std::all_of(memory.end() - 8, memory.end(), [](char c) { return c == '#'; });
    return inside && untouched && text == std::string_view(whole).substr(0, size);
}

/// One failure and what must be said of it.
struct row {
    char const* what;
    error e;
    std::vector<std::string_view> said;
    std::vector<std::string_view> not_said = {};
};

error failed(errc code, phase p = phase::handshake) {
    error e;
    e.code = code;
    e.phase = p;
    e.client.known = true;
    e.client.lowest_version = tls::protocol_version::tls_1_2;
    e.client.highest_version = tls::protocol_version::tls_1_3;
    for (auto const s : tls::known_suites) e.client.suites.add(s);
    for (auto const g : tls::known_groups) e.client.groups.add(g);
    return e;
}

error about(error e, std::string_view text) {
    e.about = text;
    return e;
}

error said_no(alert a, errc code = errc::peer_rejected_certificate, phase p = phase::reading) {
    error e = failed(code, p);
    e.received = a;
    return e;
}

/// The server asked and we sent nothing.
error with_none(error e) {
    e.handshake.client_certificate_requested = {true, fact_source::wire};
    e.handshake.certificates_sent = {std::uint16_t{0}, fact_source::wire};
    return e;
}

/// The server asked and we sent a whole chain that is valid in 2031.
error with_identity(error e) {
    e.handshake.client_certificate_requested = {true, fact_source::wire};
    e.handshake.certificates_sent = {std::uint16_t{2}, fact_source::wire};
    e.client.has_identity = true;
    e.client.chain_size = 2;
    e.certificate = {in_2030, in_2032, tls::short_text("CN=device 7"), tls::short_text("CN=Factory Root")};
    e.clock = in_2031;
    return e;
}

error with_one_certificate(error e, bool self_signed) {
    e = with_identity(e);
    e.handshake.certificates_sent = {std::uint16_t{1}, fact_source::wire};
    e.client.chain_size = 1;
    e.client.chain_ends_self_signed = self_signed;
    return e;
}

error at_time(error e, std::int64_t clock) {
    e.clock = clock;
    return e;
}

error accepting(error e, std::uint16_t issuers, bool ours) {
    tls::accepted_credentials accepts;
    accepts.schemes[0] = tls::signature_scheme::ecdsa_secp256r1_sha256;
    accepts.schemes[1] = tls::signature_scheme::ed25519;
    accepts.scheme_count = 2;
    accepts.issuer_count = issuers;
    accepts.names_our_issuer = ours;
    accepts.first_issuer = std::string_view("CN=Their Root");
    e.handshake.server_accepts = {accepts, fact_source::library};
    return e;
}

error offering(error e, tls::protocol_version lowest, tls::protocol_version highest) {
    e.client.lowest_version = lowest;
    e.client.highest_version = highest;
    return e;
}

/// We refused the server's certificate.
error refusing(errc code, std::int64_t clock = in_2031, std::uint8_t depth = 0) {
    error e = about(failed(code), "wanted.example");
    e.certificate = {in_2030, in_2032, tls::short_text("other.example"), tls::short_text("CN=Some Authority")};
    e.clock = clock;
    e.problem_depth = depth;
    return e;
}
error also(errc problem, error e) {
    e.problems.add(problem);
    return e;
}

error after(error e, tls::handshake_message last) {
    e.handshake.version = {tls::protocol_version::tls_1_2, fact_source::wire};
    e.handshake.suite = {tls::cipher_suite::ecdhe_rsa_aes_128_gcm_sha256, fact_source::wire};
    e.handshake.last_received = {last, fact_source::wire};
    return e;
}

error with_key(error e, bool rsa) {
    e = accepting(with_identity(e), 0, false);
    e.client.key_is_rsa = rsa;
    return e;
}

error never_asked(error e) {
    e.handshake.client_certificate_requested = {false, fact_source::deduced};
    e.client.has_identity = true;
    e.client.chain_size = 2;
    return e;
}

/// What was known of the session when it failed.
error after_data(error e, tls::acceptance a, std::uint64_t bytes, std::uint32_t answers) {
    e.handshake.version = {tls::protocol_version::tls_1_3, fact_source::wire};
    e.acceptance = a;
    e.bytes_read = bytes;
    e.answers = answers;
    return e;
}

error in_version(error e, tls::protocol_version v) {
    e.handshake.version = {v, fact_source::wire};
    return e;
}

error accepting_schemes(error e, std::initializer_list<tls::signature_scheme> schemes) {
    tls::accepted_credentials accepts;
    std::ranges::copy(schemes, accepts.schemes.begin());
    accepts.scheme_count = static_cast<std::uint8_t>(schemes.size());
    e.handshake.server_accepts = {accepts, fact_source::library};
    return e;
}

/// Two identities, of which none or one was chosen.
error of_two(error e, tls::identity_reason why) {
    e.client.has_identity = true;
    e.client.keys = {tls::own_key_kind::rsa, tls::own_key_kind::p384};
    e.handshake.client_certificate_requested = {true, fact_source::library};
    e.handshake.identity = {{1, 2, why}, fact_source::library};
    tls::accepted_credentials accepts;
    accepts.known = {tls::signature_scheme::ecdsa_secp256r1_sha256, tls::signature_scheme::rsa_pkcs1_sha256};
    e.handshake.server_accepts = {accepts, fact_source::library};
    return e;
}

error with_curve(error e, tls::signature_scheme scheme, bool offered) {
    e.client.key_scheme = scheme;
    e.client.key_group_offered = offered;
    return e;
}

error not_for_clients(error e) {
    e.client.may_authenticate = false;
    return e;
}

/// The certificate's names nearly are the expected one.
error nearly(tls::near_match how, std::string_view names, std::string_view expected, bool are_subject = false) {
    error e = about(failed(errc::name_mismatch), expected);
    e.certificate = {in_2030, in_2032, tls::short_text(names), tls::short_text("CN=Some Authority"), are_subject, how};
    e.clock = in_2031;
    return e;
}

error naming(error e, bool sent) {
    e.handshake.server_name_sent = {sent, fact_source::settings};
    return e;
}

error with_system(error e, int number) {
    e.system = number;
    return e;
}

std::vector<row> rows() {
    using enum errc;
    auto const v12 = tls::protocol_version::tls_1_2;
    auto const v13 = tls::protocol_version::tls_1_3;
    auto const hello_done = tls::handshake_message::server_hello_done;
    error const unnamed = [] {
        error e = with_none(said_no(alert::certificate_required));
        e.client = {};
        return e;
    }();
    error const unused = [] {
        error e = with_none(said_no(alert::certificate_required));
        e.client.has_identity = true;
        e.client.chain_size = 1;
        return e;
    }();
    error const settled = after(with_identity(said_no(alert::internal_error, peer_alert)), hello_done);
    return {
        {"no identity, TLS 1.3",
         with_none(said_no(alert::certificate_required)),
         {"we sent none: alert 116 certificate_required, received while reading\n", "built with: no_identity()",
          "an empty Certificate message (0 certificates)", "try: build the client with .identity(", "on our side"}},
        {"no identity, not from a connection", unnamed, {".identity("}, {"built with"}},
        {"no identity, TLS 1.2",
         with_none(said_no(alert::handshake_failure, peer_rejected_certificate, phase::handshake)),
         {"alert 40 handshake_failure, received during the handshake\n", ".identity("}},
        {"no identity, decode_error",
         with_none(said_no(alert::decode_error, peer_alert, phase::handshake)),
         {"alert 50", "we sent none: some servers then send this alert", ".identity(", "on our side"}},
        {"no identity, end of stream",
         with_none(failed(peer_closed)),
         {"we sent none: some servers then close instead of sending an alert", ".identity("}},
        {"no identity, reset", with_none(failed(io_error, phase::reading)), {"then close instead"}},
        {"no identity, good end", with_none(failed(closed, phase::reading)), {"some servers then close in good order"}},
        {"identity configured and not sent",
         unused,
         {"an identity of 1 certificate, EC key", "none of its certificates was sent"},
         {"no_identity()"}},

        {"two identities, none can sign, TLS 1.3",
         of_two(in_version(failed(unusable_identity), v13), tls::identity_reason::none_can_sign),
         {"none of our identities makes a signature", "identity 1: RSA key, the server accepts no RSA-PSS signature",
          "identity 2: EC key on P-384, the server accepts other curves"},
         {"our key is", "we chose"}},
        {"two identities, none can sign, TLS 1.2",
         of_two(in_version(failed(unusable_identity), v12), tls::identity_reason::none_can_sign),
         {"identity 1: RSA key, the server accepts other"}},
        {"two identities, one refused",
         of_two(said_no(alert::unknown_ca), tls::identity_reason::no_authority_named),
         {"we chose: the second of 2 identities, the first that can sign; none was issued by an authority that the "
          "server names"},
         {"identity 1"}},

        {"expired, ours",
         at_time(with_identity(said_no(alert::certificate_expired)), in_2032 + 60),
         {"alert 45",
          "1. our certificate has expired: it was valid until 2032-01-01 00:00:00 UTC and our clock says "
          "2032-01-01 00:01:00 UTC",
          "CN=device 7, valid from 2030-01-01 00:00:00 UTC"},
         {"by our clock"}},
        {"not yet valid, ours",
         at_time(with_identity(said_no(alert::bad_certificate)), in_2030 - 60),
         {"our certificate is not valid yet", "2029-12-31 23:59:00 UTC"}},
        {"clock not set",
         at_time(with_identity(said_no(alert::unknown_ca)), 100),
         {"our clock is not set, it says 1970-01-01 00:01:40 UTC"},
         {"not valid yet"}},
        {"expired, by the server's clock",
         with_identity(said_no(alert::certificate_expired)),
         {"by our clock, 2031-01-01 00:00:00 UTC, our certificate is valid"}},
        {"authorities named, ours is not",
         accepting(with_identity(said_no(alert::unknown_ca)), 3, false),
         {"certificates of 3 authorities, the first: CN=Their Root (we have none)", "3 of them, and none issued",
          "the signatures: ecdsa_secp256r1_sha256, ed25519"}},
        {"authorities named, ours is",
         accepting(with_one_certificate(said_no(alert::unknown_ca), false), 1, true),
         {"one authority: CN=Their Root (we have one)"},
         {"none issued", "may be missing"}},
        {"intermediate missing",
         with_one_certificate(said_no(alert::unknown_ca), false),
         {"its issuer (CN=Factory Root) was not sent: an intermediate may be missing"},
         {"self-signed"}},
        {"self-signed, ours",
         with_one_certificate(said_no(alert::unknown_ca), true),
         {"our certificate is self-signed"},
         {"intermediate may be missing"}},
        {"bad certificate", with_identity(said_no(alert::bad_certificate)), {"alert 42", "clientAuth", "damaged"}},
        {"unsupported", with_identity(said_no(alert::unsupported_certificate)), {"alert 43", "clientAuth"}},
        {"revoked, ours", with_identity(said_no(alert::certificate_revoked)), {"alert 44", "has revoked it"}},
        {"unknown",
         with_identity(said_no(alert::certificate_unknown)),
         {"alert 46", "without saying why", "clientAuth"}},
        {"unknown authority",
         with_identity(said_no(alert::unknown_ca)),
         {"the server rejected our certificate: alert 48 unknown_ca, received while reading", "we sent: 2 certificates",
          "does not trust the authority", "trusts another authority"}},
        {"access denied", with_identity(said_no(alert::access_denied)), {"alert 49", "does not know the owner"}},
        {"signature refused",
         with_identity(said_no(alert::decrypt_error, peer_alert)),
         {"alert 51", "private key may not belong", "belong together"}},
        {"required and sent",
         with_identity(said_no(alert::certificate_required)),
         {"alert 116", "something in front of the server"},
         {"we sent none"}},
        {"handshake failure with an identity",
         after(with_identity(said_no(alert::handshake_failure, handshake_refused, phase::handshake)), hello_done),
         {"does not accept our certificate: some servers send this alert for that"},
         {"cipher suites offered"}},
        {"internal error with an identity",
         with_identity(said_no(alert::internal_error, peer_alert)),
         {"does not accept our certificate", "failed for a reason of its own"}},
        {"internal error in a TLS 1.2 session", settled, {"of its own"}, {"does not accept our certificate"}},
        {"closed with an identity",
         with_identity(failed(truncated, phase::reading)),
         {"some servers and load balancers close instead of sending an alert"}},
        {"unusable RSA key",
         with_key(failed(unusable_identity), true),
         {"2 certificates, RSA key", "ecdsa_secp256r1_sha256, ed25519", "our key is RSA", "EC key on P-256"}},
        {"unusable EC key", with_key(failed(unusable_identity), false), {"our key is EC"}, {"our key is RSA"}},
        {"expired: no intermediate is missing, and the authority is known",
         accepting(with_one_certificate(said_no(alert::certificate_expired), false), 3, false),
         {"1. our certificate, or another one of our chain, is not valid now by the server's clock"},
         {"intermediate may be missing", "none issued"}},
        {"revoked: the same",
         with_one_certificate(said_no(alert::certificate_revoked), false),
         {"1. the authority that issued our certificate has revoked it"},
         {"intermediate may be missing"}},
        {"revoked, and expired since",
         at_time(with_one_certificate(said_no(alert::certificate_revoked), false), in_2032 + 60),
         {"1. the authority that issued our certificate has revoked it"}},
        {"unsupported: the same",
         with_one_certificate(said_no(alert::unsupported_certificate), false),
         {"likely cause: the server supports no certificate of our kind"},
         {"intermediate may be missing", "does not include client authentication"}},
        {"unsupported, and it is the purpose",
         not_for_clients(with_one_certificate(said_no(alert::unsupported_certificate), false)),
         {"likely cause: our certificate is not for clients: its extended key usage"}},
        {"untrusted, and not for clients either",
         not_for_clients(with_identity(said_no(alert::unknown_ca))),
         {"1. our certificate is not for clients"}},
        {"on a curve that is not offered",
         with_curve(
             in_version(with_identity(said_no(alert::illegal_parameter, peer_alert, phase::handshake)), v12),
             tls::signature_scheme::ecdsa_secp521r1_sha512, false),
         {"is on P-521, which we did not offer as a group", ".groups()", "to be fixed on our side;"},
         {"forbidden"}},
        {"on a curve that is offered",
         with_curve(
             in_version(with_identity(said_no(alert::illegal_parameter, peer_alert, phase::handshake)), v12),
             tls::signature_scheme::ecdsa_secp256r1_sha256, true),
         {"forbidden"},
         {"did not offer"}},
        {"RSA under TLS 1.3, and PKCS#1 in the list",
         accepting_schemes(
             in_version(with_key(failed(unusable_identity), true), v13), {tls::signature_scheme::rsa_pkcs1_sha256}),
         {"the server accepts the signatures: rsa_pkcs1_sha256",
          "the server accepts rsa_pkcs1_..., which counts for certificates"},
         {"accepts none of the RSA signatures"}},
        {"RSA under TLS 1.2, and PKCS#1 in the list",
         accepting_schemes(
             in_version(with_key(failed(unusable_identity), true), v12), {tls::signature_scheme::rsa_pkcs1_sha512}),
         {"the TLS library makes none of the RSA signatures that the server accepts"},
         {"accepts no RSA", "RSA-PSS only"}},
        {"P-384 under TLS 1.3",
         with_curve(
             accepting_schemes(
                 in_version(with_key(failed(unusable_identity), false), v13),
                 {tls::signature_scheme::ecdsa_secp256r1_sha256}),
             tls::signature_scheme::ecdsa_secp384r1_sha384, true),
         {"our key is EC on P-384", "other curves only"}},
        {"P-256 left out",
         [&] {
             error e = accepting_schemes(
                 in_version(with_key(failed(unusable_identity), false), v12),
                 {tls::signature_scheme::ecdsa_secp256r1_sha256});
             e.client.schemes.add(tls::signature_scheme::ecdsa_secp384r1_sha384);
             return e;
         }(),
         {"this client leaves that kind out", ".signature_schemes()"},
         {"the TLS library makes none"}},
        {"P-256 that the signer does not make",
         [&] {
             error e = accepting_schemes(
                 in_version(with_key(failed(unusable_identity), false), v12),
                 {tls::signature_scheme::ecdsa_secp256r1_sha256});
             e.client.signer_schemes.add(tls::signature_scheme::ecdsa_secp384r1_sha384);
             return e;
         }(),
         {"the signer that has it does not make that kind"},
         {"the TLS library makes none", "this client leaves that kind out"}},
        {"a signer that failed",
         [&] {
             error e = failed(signing_failed);
             e.about = std::string_view("CKR_DEVICE_REMOVED");
             return e;
         }(),
         {"did not sign the handshake: CKR_DEVICE_REMOVED, during the handshake"},
         {}},
        {"EC, and RSA only",
         accepting_schemes(
             in_version(with_key(failed(unusable_identity), false), v13), {tls::signature_scheme::rsa_pss_rsae_sha256}),
         {"accepts no ECDSA signature"}},
        {"accepted, then reset",
         with_system(
             after_data(with_identity(failed(io_error, phase::reading)), tls::acceptance::accepted, 400, 20),
             ECONNRESET),
         {"the server had accepted our certificate before", "400 bytes, in 20 answers", "likely cause: the peer reset"},
         {"does not accept", "refused us"}},
        {"accepted, then cut off",
         after_data(with_identity(failed(truncated, phase::reading)), tls::acceptance::accepted, 0, 0),
         {"had accepted our certificate before"},
         {"does not accept"}},
        {"accepted, then another alert",
         after_data(with_identity(said_no(alert::internal_error, peer_alert)), tls::acceptance::accepted, 100, 3),
         {"likely cause: the server failed for a reason of its own"},
         {"does not accept"}},
        {"accepted, then refused",
         after_data(with_identity(said_no(alert::certificate_expired)), tls::acceptance::accepted, 100, 3),
         {"1. the server had accepted our certificate on this connection before"}},
        {"accepted without one, then reset",
         with_system(
             after_data(with_none(failed(io_error, phase::reading)), tls::acceptance::accepted, 100, 3), ECONNRESET),
         {"had accepted that we sent no certificate"},
         {"requires a certificate", ".identity("}},
        {"data that proves nothing, then reset",
         with_system(
             after_data(with_identity(failed(io_error, phase::reading)), tls::acceptance::unknown, 40, 1), ECONNRESET),
         {"1. the peer reset the connection",
          "2. the server does not accept our certificate, and what came was sent before", "40 bytes, in 1 answer\n"},
         {"had accepted"}},
        {"data that proves nothing, then refused",
         after_data(with_identity(said_no(alert::unknown_ca)), tls::acceptance::unknown, 40, 1),
         {"1. the server does not trust the authority"},
         {"had accepted"}},
        {"data that proves nothing, no certificate, and an end",
         after_data(with_none(failed(closed, phase::reading)), tls::acceptance::unknown, 300, 1),
         {"the server requires a certificate and we sent none",
          "if the server requires a certificate: build the client"}},
        {"a certificate alert to one who was not asked",
         never_asked(said_no(alert::unknown_ca, peer_alert, phase::handshake)),
         {"the server asked for none"},
         {"does not trust the authority that issued our"}},
        {"refused in a session of TLS 1.2",
         in_version(said_no(alert::handshake_failure, peer_alert), v12),
         {"wanted to negotiate anew (renegotiation)"},
         {"none of what we offered"}},
        {"refused in a session of TLS 1.3",
         in_version(said_no(alert::handshake_failure, peer_alert), v13),
         {"ours was over"},
         {"renegotiation", "none of what we offered"}},
        {"never asked",
         never_asked(failed(truncated, phase::reading)),
         {"asked for a client certificate: no (deduced)", "never asked for our certificate", "check host and port"}},

        {"version, 1.3 only",
         offering(said_no(alert::protocol_version, no_common_version, phase::handshake), v13, v13),
         {"alert 70", "we offered: TLS 1.3\n", "TLS 1.2 at most", ".versions(tls_1_2, tls_1_3)"}},
        {"version, 1.2 only",
         offering(said_no(alert::protocol_version, no_common_version, phase::handshake), v12, v12),
         {"we offered: TLS 1.2\n", "requires TLS 1.3"}},
        {"a session was offered",
         [] {
             error e = said_no(alert::protocol_version, no_common_version, phase::handshake);
             e.handshake.session_offered = {true, fact_source::library};
             return e;
         }(),
         {"1. we offered to resume a session", "try: connect again"}},
        {"version, both",
         said_no(alert::protocol_version, no_common_version, phase::handshake),
         {"we offered: TLS 1.2 to TLS 1.3", "TLS 1.1 or older"}},
        {"suite",
         said_no(alert::insufficient_security, no_common_suite, phase::handshake),
         {"alert 71", "cipher suites offered: TLS_AES_128_GCM_SHA256, ", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
          "groups offered: x25519, secp256r1, secp384r1", "need an EC certificate"}},
        {"suite, 1.3 only",
         offering(failed(no_common_suite), v13, v13),
         {"TLS_AES_256_GCM_SHA384"},
         {"TLS_ECDHE_", "need an EC certificate"}},
        {"group", failed(no_common_group), {"groups offered: x25519", "ffdhe"}, {"suites offered"}},
        {"refused",
         said_no(alert::handshake_failure, handshake_refused, phase::handshake),
         {"alert 40", "no cipher suite with us", "no key exchange group", "does not serve the name", "log first"}},
        {"refused, named by its address",
         naming(said_no(alert::handshake_failure, handshake_refused, phase::handshake), false),
         {"asked for by name, and we sent none", "server_name::dns"},
         {"the name we asked for"}},
        {"suite, and few offered",
         [] {
             error e = said_no(alert::handshake_failure, no_common_suite, phase::handshake);
             e.client.suites = {};
             e.client.suites.add(tls::cipher_suite::aes_128_gcm_sha256);
             return e;
         }(),
         {"1. we offer only some of the suites we know", ".suites()", "on our side or on the server's"}},
        {"suite chosen that was not offered",
         [] {
             error e = failed(no_common_suite);
             e.handshake.suite = {tls::cipher_suite{0x002f}, fact_source::wire};
             return e;
         }(),
         {"which we did not offer"},
         {"without forward secrecy", "no key for the suites"}},
        {"group, and few offered",
         [] {
             error e = failed(no_common_group);
             e.client.groups = {};
             e.client.groups.add(tls::named_group::secp384r1);
             return e;
         }(),
         {"1. we offer only some of the groups", ".groups()", "enabled on the server: secp384r1\n",
          "on our side or on the server's"},
         {"have X25519"}},
        {"version chosen that was not offered",
         offering(in_version(failed(no_common_version), tls::protocol_version{0x0302}), v12, v12),
         {"which this client does not offer", "on our side or on the server's"},
         {"requires TLS 1.3"}},
        {"refused, one version",
         offering(said_no(alert::handshake_failure, handshake_refused, phase::handshake), v12, v12),
         {"1. the server requires another protocol version"},
         {"TLS_AES_128"}},
        {"name unknown there",
         about(said_no(alert::unrecognized_name, unrecognized_name, phase::handshake), "a.example"),
         {"alert 112", "has no site called a.example", "the name we asked for: a.example"}},
        {"name unknown there, and none sent",
         naming(about(said_no(alert::unrecognized_name, unrecognized_name, phase::handshake), "192.0.2.1"), false),
         {"asked for by name, and we sent none", "the address of the server, which is not sent: 192.0.2.1"},
         {"the name we asked for", "has no site called"}},
        {"application protocol required, none offered",
         [] {
             error e = said_no(alert::no_application_protocol, alpn_mismatch, phase::handshake);
             e.client.offers_alpn = false;
             return e;
         }(),
         {"and we offered none", "on our side or on the server's"},
         {"given to"}},
        {"application protocol chosen", about(failed(alpn_mismatch), "h2"), {"the server chose h2"}},
        {"application protocol refused",
         said_no(alert::no_application_protocol, alpn_mismatch, phase::handshake),
         {"alert 120", "none of the protocols given to .alpn()"}},

        {"expired, clock not set",
         refusing(not_yet_valid, 5),
         {"our clock is not set: it says 1970-01-01 00:00:05 UTC", "set the clock", "on our side"}},
        {"expired",
         refusing(expired, in_2032 + 1),
         {"certificate: the server's own", "it was valid until 2032-01-01 00:00:00 UTC and our clock says 2032-01-01",
          "it is for: other.example", "its issuer: CN=Some Authority", "server's side"}},
        {"not yet valid", refusing(not_yet_valid, in_2030 - 1), {"usually the clock is behind"}},
        {"untrusted leaf",
         refusing(untrusted),
         {"CN=Some Authority, is not among our trust anchors", "sends its own certificate only", "inspects TLS"}},
        {"untrusted above the leaf",
         refusing(untrusted, in_2031, 2),
         {"certificate: number 2 above the server's own", "is not among our trust anchors"},
         {"sends its own certificate only"}},
        {"untrusted, with an intermediate that cannot be parsed",
         also(malformed_certificate, refusing(untrusted)),
         {"is not among our trust anchors", "cannot be parsed, which may be the intermediate"},
         {"sends its own certificate only"}},
        {"self-signed", refusing(self_signed), {"its own issuer", "trust_anchors::from_pem_file(file)"}},
        {"name", refusing(name_mismatch), {"the certificate is for other.example and we expected wanted.example"}},
        {"an address as a name of type DNS",
         nearly(tls::near_match::address_as_dns_name, "127.0.0.1", "127.0.0.1"),
         {"has 127.0.0.1 as a name of type DNS", "iPAddress entry for 127.0.0.1",
          "it is for: 127.0.0.1 (as a DNS name)", "on the server's side"},
         {"is for 127.0.0.1 and we expected", "not the server we meant", "connect under a name"}},
        {"a common name only",
         nearly(tls::near_match::common_name, "CN=wanted.example", "wanted.example", true),
         {"a common name does not count", "its subject: CN=wanted.example", "reissued with wanted.example"},
         {"it is for:", "not the server we meant"}},
        {"a common name beside other names",
         nearly(tls::near_match::common_name, "other.example", "wanted.example"),
         {"only the common name of the certificate is wanted.example", "does not count", "it is for: other.example"},
         {"not the server we meant"}},
        {"another common name only",
         nearly(tls::near_match::none, "CN=other.example", "wanted.example", true),
         {"a common name (CN=other.example) does not count"},
         {"it is for:", "the certificate is for"}},
        {"a wildcard for two labels",
         nearly(tls::near_match::wildcard, "*.example", "a.b.example"),
         {"a wildcard stands for exactly one label"},
         {"not the server we meant"}},
        {"self-signed authority at the end of the chain",
         refusing(self_signed, in_2031, 2),
         {"the authority at the end of the server's chain", "give .trust() the certificate of that authority"},
         {"trust exactly it"}},
        {"untrusted, and others came",
         [] {
             error e = refusing(untrusted);
             e.certificates_received = 2;
             return e;
         }(),
         {"none of the other certificates"},
         {"sends its own certificate only"}},
        {"chain signature", refusing(bad_signature), {"new key under its old name", "damaged or forged"}},
        {"chain signature nobody can check",
         refusing(unverifiable_signature),
         {"an algorithm or a key size that the C library as built lacks", "RSA of 2048 to 8192 bits"},
         {"forged"}},

        {"end, nothing came", failed(peer_closed), {"the port does not speak TLS, or the server or a firewall"}},
        {"end after a message",
         after(failed(peer_closed), tls::handshake_message::certificate),
         {"gave up after its Certificate", "the server's last message: Certificate"}},
        {"end after the request",
         with_identity(after(failed(peer_closed), hello_done)),
         {"close instead of sending an alert", "check the server's log"}},
        {"truncated", failed(truncated, phase::reading), {"harmless if the data itself says where it ends"}},
        {"HTTP", about(failed(not_tls), "HTTP/1.1 400 Bad Request"), {"the port speaks plain HTTP"}},
        {"SMTP", about(failed(not_tls), "220 mail.example ESMTP"), {"STARTTLS first", "begins with: 220 mail"}},
        {"other plaintext", failed(not_tls), {"a protocol without TLS", "8883"}},
        {"timeout, connecting",
         about(failed(timeout, phase::connecting), "host.example"),
         {"the deadline passed: host.example, while connecting", "firewall drops"}},
        {"timeout, silent", failed(timeout), {"during the handshake", "waits for something else"}},
        {"timeout, later",
         after(failed(timeout), tls::handshake_message::server_hello),
         {"slow or silent after its ServerHello"}},
        {"timeout, our signature",
         about(after(failed(timeout), tls::handshake_message::server_hello), "signature"),
         {"was not brought in time", "on our side; trying again may help"}},
        {"timeout, reading", failed(timeout, phase::reading), {"while reading", "is silent"}},
        {"timeout, writing", failed(timeout, phase::writing), {"while writing", "does not take what we send"}},
        {"reset",
         with_system(failed(io_error, phase::reading), ECONNRESET),
         {"the peer reset the connection", "system error: "}},
        {"changed record", failed(bad_record_mac, phase::reading), {"changed on the way"}},
        {"another alert",
         said_no(alert::inappropriate_fallback, peer_alert, phase::handshake),
         {"alert 86 inappropriate_fallback, received during the handshake", "suspects an attack"}},
    };
}

} // namespace

TEST_CASE("explain: the decision table, row by row") {
    for (row const& r : rows()) {
        CAPTURE(r.what);
        std::string const text = tls::explain(r.e);
        for (std::string_view const part : r.said) CHECK_MESSAGE(has(text, part), part, "\nnot in:\n", text);
        for (std::string_view const part : r.not_said) CHECK_MESSAGE(!has(text, part), part, "\nin:\n", text);
        CHECK_MESSAGE(has(text, "\n  try: "), text);
    }
}

TEST_CASE("explain: in other words, no call of the library is named") {
    tls::vocabulary const words{
        .identity = "connect with --cert and --key",
        .no_identity = "no --cert",
        .built_with = "we were given",
        .certificates = "--cert",
        .private_key = "--key",
        .password = "with --password-file",
        .pem = "an option for PEM",
        .trust = "--ca",
        .trust_file = "--ca FILE",
        .pins = "--pin",
        .crls = "--crl",
        .versions = "--tls1.2 and --tls1.3",
        .all_versions = "leave --tls1.2 and --tls1.3 out",
        .suites = "the list of suites",
        .groups = "the list of groups",
        .signature_schemes = "the list of signatures",
        .alpn = "--alpn",
        .server_name = "--name"};
    auto const check = [&](error const& e) {
        std::string const text = tls::explain(e, words);
        for (std::string_view const call :
             {"::", ".trust", ".identity", "_identity", ".alpn", ".versions", ".groups", ".suites", "argument", "()",
              "{", "}", "@"})
            if (!has(e.about.view(), call)) CHECK_MESSAGE(!has(text, call), call, "\nin:\n", text);
    };
    for (row const& r : rows()) check(r.e);
    for (int code = 0; code <= last_code; ++code) check(tls::configuration_error(static_cast<errc>(code)));
    for (std::size_t format = 0; format != tls::detail::input_format_count; ++format) {
        error e = tls::configuration_error(errc::wrong_format);
        e.format = static_cast<tls::input_format>(format);
        check(e);
    }
    std::string const text = tls::explain(with_none(said_no(alert::certificate_required)), words);
    CHECK(has(text, "we were given: no --cert\n"));
    CHECK(has(text, "try: connect with --cert and --key, issued by an authority"));
    std::string const locked = tls::explain(tls::configuration_error(errc::password_required, "key"), words);
    CHECK(has(locked, "try: Pass the password of the key with --password-file."));
}

TEST_CASE("explain: two backends differ in the line with the native code and in no other") {
    for (row const& r : rows()) {
        error one = r.e;
        one.backend = "one";
        one.native = -313;
        one.native_name = "FATAL_ERROR";
        error other = r.e;
        other.backend = "another";
        other.native = -0x7780;
        std::string const text = tls::explain(one);
        std::string const other_text = tls::explain(other);
        auto const native = text.find("\n  native error: ");
        REQUIRE(native != std::string::npos);
        CHECK(text.substr(native) == "\n  native error: one -313 (FATAL_ERROR)");
        CHECK(text.substr(0, native) == tls::explain(r.e));
        CHECK(other_text == tls::explain(r.e) + "\n  native error: another -30592 (a code twintls does not know)");
    }
}

TEST_CASE("explain: every code has a sentence and something to try") {
    for (int code = 0; code <= last_code; ++code) {
        error e;
        e.code = static_cast<errc>(code);
        std::string const text = tls::explain(e);
        CHECK(text.starts_with(e.message()));
        bool const nothing_to_try = code <= static_cast<int>(errc::closed) || e == errc::want_signature;
        CHECK(has(text, "\n  try: ") != nothing_to_try);
        CHECK(has(text, "trying again") != nothing_to_try);
    }
}

TEST_CASE("explain: it never writes past the memory given, and cuts off what does not fit") {
    for (int code = 0; code <= last_code; ++code) {
        error const e = largest(static_cast<errc>(code));
        std::string const whole = tls::explain(e);
        for (std::size_t size = 0; size <= whole.size() + 1; size += code == last_code ? 1 : 37)
            REQUIRE(is_bounded(e, whole, size));
    }
    CHECK(tls::explain(largest(errc::untrusted), {}).empty());
}

TEST_CASE("explain: the memory it says is enough holds all of it") {
    std::vector<char> memory(2 * tls::longest_explanation);
    std::size_t longest = 0;
    auto const measure = [&](error const& e) { longest = std::max(longest, tls::explain(e, memory).size()); };
    std::mt19937 random(7);
    for (int code = 0; code <= last_code + 1; ++code) {
        error e = largest(static_cast<errc>(code));
        for (int a = 0; a <= 255; ++a) {
            e.received = static_cast<alert>(a);
            for (int p = 0; p <= 6; ++p) {
                e.phase = static_cast<phase>(p);
                e.clock = a % 2 == 0 ? 1 : std::numeric_limits<std::int64_t>::max();
                measure(e);
            }
        }
    }
    for (int round = 0; round < 20000; ++round) measure(any_error(random));
    MESSAGE("the longest explanation has " << longest << " bytes");
    CHECK(longest < tls::longest_explanation);
}

TEST_CASE("explain: any error at all can be explained") {
    std::mt19937 random(99);
    for (int round = 0; round < 5000; ++round) {
        error const e = any_error(random);
        std::string const text = tls::explain(e);
        REQUIRE_FALSE(text.empty());
        REQUIRE(std::ranges::all_of(text, [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); }));
        if (!has(e.about.view(), "{")) REQUIRE_FALSE(has(text, "{"));
        REQUIRE(is_bounded(e, text, random() % 300));
    }
}

TEST_CASE("explain: nothing is allocated") {
    std::array<char, tls::longest_explanation> memory;
    for (row const& r : rows()) {
        long const before = allocations;
        std::size_t const size = tls::explain(r.e, memory).size();
        long const now = allocations;
        CHECK(now == before);
        CHECK(size != 0);
    }
    long const before = allocations;
    CHECK(tls::explain(largest(errc::internal)).size() > 100); // a std::string counts
    CHECK(allocations > before);
}

TEST_CASE("explain: facts have their source unless they were read on the wire, and unknown ones are left out") {
    error e = failed(errc::timeout, phase::reading);
    e.handshake.version = {tls::protocol_version::tls_1_3, fact_source::wire};
    e.handshake.suite = {tls::cipher_suite::aes_128_gcm_sha256, fact_source::library};
    std::string const text = tls::explain(e);
    CHECK(has(text, "protocol version: TLS 1.3\n"));
    CHECK(has(text, "cipher suite: TLS_AES_128_GCM_SHA256 (told by the TLS library)\n"));
    CHECK_FALSE(has(text, "unknown"));
    CHECK_FALSE(has(text, "group"));
    CHECK_FALSE(has(text, "client certificate"));
}

TEST_CASE("explain: an alert that did not decide is a fact, and so is ours; other problems are named") {
    error e = refusing(errc::expired);
    e.received = alert::close_notify;
    e.sent = alert::certificate_expired;
    e.problems.add(errc::expired);
    e.problems.add(errc::name_mismatch);
    std::string const text = tls::explain(e);
    CHECK(has(text, "the peer sent: alert 0 close_notify"));
    CHECK(has(text, "we sent: alert 45 certificate_expired"));
    CHECK(has(text, "also found: name_mismatch\n"));
}

TEST_CASE("explain: an error of the configuration names its input") {
    std::string const text = tls::explain(tls::configuration_error(errc::file_not_found, "root-ca.pem", ENOENT));
    CHECK(text.starts_with("no such file or folder: root-ca.pem, while configuring\n"));
    CHECK(has(text, "system error: 2"));
}

TEST_CASE("explain: bytes taken are a number, however large") {
    error e;
    e.code = errc::io_error;
    e.transferred = 12'345'678'901;
    CHECK(has(tls::explain(e), "bytes written before: 12345678901"));
}

TEST_CASE("explain: success is one sentence") {
    error const none;
    CHECK(tls::explain(none) == std::string(tls::message(errc::ok)));
}

TEST_CASE("explain: every alert has a meaning") {
    for (auto const& entry : tls::detail::alert_table) {
        CHECK(tls::name(entry.alert) != "unknown alert");
        CHECK_FALSE(entry.meaning.empty());
    }
    for (int a = 0; a <= 255; ++a) {
        bool const defined = tls::name(static_cast<alert>(a)) != "unknown alert";
        CHECK(has(tls::detail::alert_meaning(static_cast<alert>(a)), "no standard") != defined);
    }
}

} // namespace unit::explain_cases
