// SPDX-License-Identifier: Apache-2.0
#include "any_error.hpp"
#include "check.hpp"
#include <tls/diagnosis/explain.hpp>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <ranges>
#include <span>
#include <string>
#include <vector>

/// No sentence of `explain` is said against the facts: the decision table, walked with facts that contradict it.
namespace unit::explain_contradictions_cases {
namespace {

using tls::near_match;
using tls::phase;
using tls::protocol_version;
using tls::signature_scheme;
using tls::detail::diagnosis;

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

std::vector<diagnosis> all_rows() {
    std::vector<diagnosis> all;
    auto const add = [&](std::span<diagnosis const> table) { all.insert(all.end(), table.begin(), table.end()); };
    add(tls::detail::diagnoses::of_our_files);
    add(tls::detail::diagnoses::of_our_identity);
    add(tls::detail::diagnoses::of_the_negotiation);
    add(tls::detail::diagnoses::of_the_psk);
    add(tls::detail::diagnoses::of_the_server);
    add(tls::detail::diagnoses::of_the_connection);
    return all;
}

/// The error with one of its facts replaced.
error changed(error e, std::mt19937& random) {
    error const other = any_error(random);
    switch (random() % 24) {
    case 0: e.code = other.code; break;
    case 1: e.phase = other.phase; break;
    case 2: e.received = other.received; break;
    case 3: e.system = other.system; break;
    case 4: e.problems = other.problems; break;
    case 5: e.problem_depth = other.problem_depth; break;
    case 6: e.certificates_received = other.certificates_received; break;
    case 7: e.acceptance = other.acceptance; break;
    case 8: e.bytes_read = other.bytes_read; break;
    case 9: e.handshake.version = random() % 3 != 0 ? other.handshake.version : decltype(e.handshake.version){}; break;
    case 10: e.handshake.suite = random() % 3 != 0 ? other.handshake.suite : decltype(e.handshake.suite){}; break;
    case 11: e.handshake.group = random() % 3 != 0 ? other.handshake.group : decltype(e.handshake.group){}; break;
    case 12:
        if (random() % 2 != 0)
            e.handshake.last_received = {};
        else
            e.handshake.last_received = other.handshake.last_received;
        break;
    case 13: e.handshake.client_certificate_requested = other.handshake.client_certificate_requested; break;
    case 14: e.handshake.server_accepts = other.handshake.server_accepts; break;
    case 15: e.handshake.certificates_sent = other.handshake.certificates_sent; break;
    case 16: e.handshake.server_name_sent = other.handshake.server_name_sent; break;
    case 17: e.handshake.session_offered = other.handshake.session_offered; break;
    case 18: e.client = other.client; break;
    case 19: {
        auto const dates = e.certificate;
        e.certificate = other.certificate;
        e.certificate.not_before = dates.not_before;
        e.certificate.not_after = dates.not_after;
        if (random() % 4 == 0) e.certificate.names = {};
        break;
    }
    case 20:
        e.certificate.not_before = other.certificate.not_before;
        e.certificate.not_after = other.certificate.not_after;
        break;
    case 21: e.clock = other.clock; break;
    case 22: e.about = random() % 3 != 0 ? other.about : tls::short_text(); break;
    case 23: e.answers = other.answers; break;
    }
    return e;
}

/// An error that meets everything a row needs.
std::optional<error> met_by(diagnosis const& row, std::mt19937& random) {
    auto const met = [&](error const& e) {
        return std::ranges::count_if(row.needs, [&](tls::detail::when::question q) { return q(e); });
    };
    for (int start = 0; start != 200; ++start) {
        error best = any_error(random);
        for (int step = 0; step != 3000 && !row.applies(best); ++step) {
            error const next = random() % 3 == 0 ? changed(changed(best, random), random) : changed(best, random);
            if (met(next) >= met(best)) best = next;
        }
        if (row.applies(best)) return best;
    }
    return std::nullopt;
}

/// What a sentence with these words claims, as the plain facts have it.
struct claim {
    std::string_view words;
    bool (*holds)(error const&);
};

bool names(error const& e, bool (*which)(unsigned)) {
    auto const& a = *e.handshake.server_accepts;
    for (std::size_t i = 0; i != std::min<std::size_t>(a.scheme_count, a.schemes.size()); ++i)
        if (which(static_cast<unsigned>(a.schemes[i]))) return true;
    return false;
}
bool list_is_whole(error const& e) {
    auto const& a = e.handshake.server_accepts;
    return a && a->scheme_count != 0 && a->scheme_count <= a->schemes.size();
}
bool is_rsae(unsigned s) { return s >= 0x0804 && s <= 0x0806; }
bool is_pkcs1(unsigned s) { return (s & 0xffU) == 1 && s <= 0x0601; }
bool is_ecdsa(unsigned s) { return (s & 0xffU) == 3 && s <= 0x0603; }
bool in_1_3(error const& e) { return e.handshake.version == protocol_version::tls_1_3; }
bool in_1_2(error const& e) { return e.handshake.version == protocol_version::tls_1_2; }
bool got(error const& e, std::initializer_list<int> which) {
    return e.received && std::ranges::find(which, static_cast<int>(*e.received)) != which.end();
}
bool sent_ours(error const& e) {
    auto const& h = e.handshake;
    if (e.code == errc::unsupported) return true; // of a configuration
    return h.client_certificate_requested == true && !(h.certificates_sent == std::uint16_t{0});
}
bool sent_nothing(error const& e) {
    auto const& h = e.handshake;
    return h.client_certificate_requested == true && h.certificates_sent == std::uint16_t{0};
}
bool accepted(error const& e) {
    return e.acceptance == tls::acceptance::accepted || (e.phase > phase::handshake && in_1_2(e));
}
bool said(error const& e, std::string_view words) {
    return has(e.received ? tls::detail::alert_meaning(*e.received) : "", words);
}

constexpr claim claims[] = {
    // What further rules say.
    {"the server has a new key", [](error const& e) { return e.code == errc::pin_mismatch; }},
    {"it says: {about}", [](error const& e) { return e.code == errc::refused_by_application; }},
    {"what stands in the way", [](error const& e) { return e.code == errc::not_exportable; }},
    {"withdrew the certificate", [](error const& e) { return e.code == errc::revoked; }},
    {"none of the lists", [](error const& e) { return e.code == errc::no_crl; }},
    {"what is known of it", [](error const& e) { return e.code == errc::no_stapled_status; }},
    {"what is wrong with it", [](error const& e) { return e.code == errc::bad_stapled_status; }},
    {"reach its authority's responder", [](error const& e) { return e.code == errc::stapled_status_expired; }},
    {"revocation list is no proof", [](error const& e) { return e.code == errc::revocation_unknown; }},
    // Our identity.
    {"our certificate",
     [](error const& e) { return sent_ours(e) || e.handshake.client_certificate_requested == false; }},
    {"asked for our certificate", [](error const& e) { return e.handshake.client_certificate_requested == false; }},
    {"never asked", [](error const& e) { return e.client.has_identity && e.bytes_read == 0; }},
    {"a certificate and we sent none", sent_nothing},
    {"requires a certificate",
     [](error const& e) { return !accepted(e) || e.code == errc::peer_rejected_certificate; }},
    {"none of its certificates was sent", [](error const& e) { return sent_nothing(e) && e.client.has_identity; }},
    {"{@identity}", [](error const& e) { return sent_nothing(e); }},
    {"had accepted our certificate", accepted},
    {"does not accept our certificate", [](error const& e) { return !accepted(e); }},
    {"refused us without", [](error const& e) { return !accepted(e) && e.bytes_read == 0; }},
    {"what came was sent before", [](error const& e) { return e.bytes_read != 0 && !accepted(e) && !in_1_2(e); }},
    {"had enough of us", [](error const& e) { return accepted(e) || e.bytes_read != 0; }},
    {"does not include client authentication",
     [](error const& e) { return e.client.has_identity && !e.client.may_authenticate; }},
    {"our certificate has expired: it",
     [](error const& e) { return e.certificate.known() && e.clock > e.certificate.not_after; }},
    {"not valid yet: it will be", [](error const& e) { return e.clock != 0 && e.clock < e.certificate.not_before; }},
    {"by our clock, ",
     [](error const& e) { return e.clock >= e.certificate.not_before && e.clock <= e.certificate.not_after; }},
    {"our clock is not set",
     [](error const& e) { return e.clock != 0 && tls::detail::is_time_of_unset_clock(e.clock); }},
    {"none issued a certificate of our chain",
     [](error const& e) {
         auto const& a = e.handshake.server_accepts;
         return a && a->issuer_count != 0 && !a->names_our_issuer && !got(e, {43, 44, 45});
     }},
    {"trusts another authority",
     [](error const& e) {
         if (accepted(e)) return false;
         auto const& a = e.handshake.server_accepts;
         return !(a && a->issuer_count != 0 && a->names_our_issuer);
     }},
    {"an intermediate may be missing",
     [](error const& e) {
         return e.code == errc::untrusted
                    ? e.certificates_received <= 1 && e.problem_depth == 0
                    : e.client.chain_size == 1 && !e.client.chain_ends_self_signed && !got(e, {43, 44, 45});
     }},
    {"self-signed: a server accepts",
     [](error const& e) {
         return e.client.chain_size == 1 && e.client.chain_ends_self_signed && !got(e, {43, 44, 45});
     }},
    {"replaced by a newer one", [](error const& e) { return got(e, {44}); }},
    {"the owner of our certificate", [](error const& e) { return got(e, {49}); }},
    {"our private key may not belong", [](error const& e) { return got(e, {51}) && sent_ours(e); }},
    {"terminates TLS and does not pass", [](error const& e) { return got(e, {116}) && sent_ours(e); }},
    {"no certificate of our kind or key",
     [](error const& e) { return got(e, {43}) && (e.client.may_authenticate || !e.client.known); }},
    {"may not issue for clients",
     [](error const& e) { return e.client.may_authenticate || !e.client.has_identity || !e.client.known; }},
    {"on {our_curve}", [](error const& e) { return e.client.has_identity && !e.client.key_is_rsa; }},
    {"which we did not offer as a group",
     [](error const& e) { return !e.client.key_group_offered && !in_1_3(e) && sent_ours(e) && !accepted(e); }},
    {"none of our identities makes", [](error const& e) { return e.client.keys[1] != tls::own_key_kind::none; }},
    {"our key is RSA", [](error const& e) { return e.client.has_identity && e.client.key_is_rsa; }},
    {"our key is EC", [](error const& e) { return e.client.has_identity && !e.client.key_is_rsa; }},
    {"TLS 1.3 allows RSA-PSS only (rsa_pss_rsae_...)", in_1_3},
    {"which the server does not accept", [](error const& e) { return !list_is_whole(e) || !names(e, is_rsae); }},
    {"the server accepts rsa_pkcs1_", [](error const& e) { return list_is_whole(e) && names(e, is_pkcs1); }},
    {"counts for certificates and not for a client's", in_1_3},
    {"accepts none of the RSA signatures", [](error const& e) { return !list_is_whole(e) || !names(e, is_rsae); }},
    {"accepts no RSA signature",
     [](error const& e) { return list_is_whole(e) && !names(e, is_rsae) && !names(e, is_pkcs1); }},
    {"makes none of the RSA", [](error const& e) { return names(e, is_rsae) || (names(e, is_pkcs1) && !in_1_3(e)); }},
    {"accepts no ECDSA signature", [](error const& e) { return !list_is_whole(e) || !names(e, is_ecdsa); }},
    {"accepts other curves only", [](error const& e) { return in_1_3(e) && list_is_whole(e) && names(e, is_ecdsa); }},
    {"makes none of the ECDSA", [](error const& e) { return names(e, is_ecdsa); }},
    {"this client leaves that kind out",
     [](error const& e) {
         auto const& a = *e.handshake.server_accepts;
         return list_is_whole(e) && std::ranges::none_of(a.schemes | std::views::take(a.scheme_count), [&](auto s) {
                    auto const number = static_cast<unsigned>(s);
                    bool const fits = e.client.key_is_rsa ? is_rsae(number) || (is_pkcs1(number) && !in_1_3(e))
                                      : in_1_3(e)         ? s == e.client.key_scheme
                                                          : is_ecdsa(number);
                    return fits && e.client.schemes.has(s);
                });
     }},
    {"the signer that has it does not make that kind",
     [](error const& e) {
         auto const& a = *e.handshake.server_accepts;
         return !e.client.signer_schemes.empty() && list_is_whole(e) &&
                std::ranges::none_of(a.schemes | std::views::take(a.scheme_count), [&](auto s) {
                    auto const number = static_cast<unsigned>(s);
                    bool const fits = e.client.key_is_rsa ? is_rsae(number) || (is_pkcs1(number) && !in_1_3(e))
                                      : in_1_3(e)         ? s == e.client.key_scheme
                                                          : is_ecdsa(number);
                    bool const allowed = e.client.schemes.empty() || e.client.schemes.has(s);
                    return fits && allowed && e.client.signer_schemes.has(s);
                });
     }},
    // The negotiation.
    {"we offered to resume a session",
     [](error const& e) {
         return e.handshake.session_offered == true && e.phase == phase::handshake &&
                e.handshake.client_certificate_requested != true;
     }},
    {"chose {version}",
     [](error const& e) {
         return *e.handshake.version < e.client.lowest_version || *e.handshake.version > e.client.highest_version;
     }},
    {"TLS 1.2 at most",
     [](error const& e) { return e.client.lowest_version == protocol_version::tls_1_3 && !e.handshake.version; }},
    {"the server requires TLS 1.3",
     [](error const& e) { return e.client.highest_version == protocol_version::tls_1_2 && !e.handshake.version; }},
    {"TLS 1.1 or older only", [](error const& e) { return !e.handshake.version; }},
    {"requires another protocol version",
     [](error const& e) {
         bool const both = e.client.lowest_version == protocol_version::tls_1_2 &&
                           e.client.highest_version == protocol_version::tls_1_3;
         return !both && !e.handshake.version;
     }},
    {"chose {suite}", [](error const& e) { return !e.client.suites.has(*e.handshake.suite); }},
    {"chose {group}", [](error const& e) { return !e.client.groups.has(*e.handshake.group); }},
    {"some of the suites we know",
     [](error const& e) {
         return std::ranges::any_of(tls::known_suites, [&](auto s) { return !e.client.suites.has(s); }) &&
                !e.handshake.suite;
     }},
    {"some of the groups we know",
     [](error const& e) {
         return std::ranges::any_of(tls::known_groups, [&](auto g) { return !e.client.groups.has(g); }) &&
                !e.handshake.group;
     }},
    {"without forward secrecy or with CBC", [](error const& e) { return !in_1_3(e) && !e.handshake.suite; }},
    {"none of the suites of TLS 1.3", [](error const& e) { return !in_1_2(e) && !e.handshake.suite; }},
    {"ECDSA suites need an EC certificate", [](error const& e) { return !in_1_3(e) && !e.handshake.suite; }},
    {"allows only groups that are not offered", [](error const& e) { return !e.handshake.group; }},
    {"{groups_offered}", [](error const& e) { return !e.client.groups.empty(); }},
    {"shares no cipher suite", [](error const& e) { return !e.handshake.suite; }},
    {"shares no key exchange group", [](error const& e) { return !e.handshake.group; }},
    {"after it had chosen what to use", [](error const& e) { return e.handshake.suite.known(); }},
    {"the name we asked for", [](error const& e) { return !(e.handshake.server_name_sent == false); }},
    {"has no site called {about}",
     [](error const& e) { return !(e.handshake.server_name_sent == false) && !e.about.empty(); }},
    {"asked for by name, and we sent none", [](error const& e) { return e.handshake.server_name_sent == false; }},
    {"chose {about}", [](error const& e) { return !e.about.empty(); }},
    {"the protocols given to {@alpn}", [](error const& e) { return e.client.offers_alpn != false; }},
    {"(ALPN), and we offered none", [](error const& e) { return e.client.offers_alpn == false; }},
    // A pre-shared key.
    {"insists on SHA-384",
     [](error const& e) { return !in_1_2(e) && (e.client.has_psk || e.code == errc::psk_not_accepted); }},
    {"the identity we named",
     [](error const& e) { return e.code == errc::psk_not_accepted || e.code == errc::psk_mismatch; }},
    {"does not know that identity", [](error const& e) { return e.code == errc::psk_mismatch && !got(e, {51}); }},
    {"the server has certificates", [](error const& e) { return e.handshake.suite.known(); }},
    // The server's certificate.
    {"until {not_after}", [](error const& e) { return e.certificate.known() && e.clock > e.certificate.not_after; }},
    {"from {not_before}", [](error const& e) { return e.certificate.known() && e.clock < e.certificate.not_before; }},
    {"that issued it, {issuer}", [](error const& e) { return !e.certificate.issuer.empty(); }},
    {"cannot be parsed", [](error const& e) { return e.problems.has(errc::malformed_certificate); }},
    {"sends its own certificate only", [](error const& e) { return e.certificates_received <= 1; }},
    {"none of the other certificates", [](error const& e) { return e.certificates_received > 1; }},
    {"the certificate is its own issuer", [](error const& e) { return e.problem_depth == 0; }},
    {"at the end of the server's chain", [](error const& e) { return e.problem_depth != 0; }},
    {"of type DNS", [](error const& e) { return e.certificate.nearly == near_match::address_as_dns_name; }},
    {"exactly one label", [](error const& e) { return e.certificate.nearly == near_match::wildcard; }},
    {"only the common name", [](error const& e) { return e.certificate.nearly == near_match::common_name; }},
    {"no DNS name or address among", [](error const& e) { return e.certificate.names_are_subject; }},
    {"is for {names}", [](error const& e) { return !e.certificate.names.empty() && !e.certificate.names_are_subject; }},
    {"expected {about}", [](error const& e) { return !e.about.empty(); }},
    {"not the server we meant",
     [](error const& e) { return !e.certificate.known() || e.certificate.nearly == near_match::none; }},
    // The connection.
    {"its {last_message}", [](error const& e) { return e.phase == phase::handshake; }},
    {"any that is honest", [](error const& e) { return e.code == errc::flooded && e.phase <= phase::handshake; }},
    {"empty records without end", [](error const& e) { return e.code == errc::flooded && e.phase > phase::handshake; }},
    {"a firewall drops the packets", [](error const& e) { return e.phase == phase::connecting; }},
    {"cannot parse our certificate", [](error const& e) { return e.about.view().ends_with("certificate 1"); }},
    {"reset the connection", [](error const& e) { return e.system == ECONNRESET || e.system == EPIPE; }},
    {"plain HTTP", [](error const& e) { return e.about.view().starts_with("HTTP"); }},
    {"greets in clear text", [](error const& e) { return e.about.view().starts_with("220"); }},
    {"the request may be incomplete", [](error const& e) { return e.phase == phase::reading; }},
    {"(renegotiation)",
     [](error const& e) {
         return e.about.view() == "renegotiation" || (e.phase > phase::handshake && in_1_2(e) && got(e, {40}));
     }},
    {"(CertificateRequest)", [](error const& e) { return e.about.view() == "CertificateRequest"; }},
    {"(KeyUpdate)", [](error const& e) { return e.about.view() == "KeyUpdate"; }},
    {"was not brought in time",
     [](error const& e) {
         return e.code == errc::timeout && e.phase == phase::handshake && e.about.view() == "signature";
     }},
    {"ours was over", [](error const& e) { return e.phase > phase::handshake; }},
    {"and the server asked for none", [](error const& e) { return e.handshake.client_certificate_requested == false; }},
    {"{alert_meaning}",
     [](error const& e) {
         bool const about_ours = said(e, "our certificate");
         bool const about_offer = said(e, "we offered") || said(e, "name we asked");
         bool const about_none = said(e, "got none") || said(e, "missing");
         return e.received && (!about_ours || e.handshake.client_certificate_requested != false) &&
                (!about_offer || e.phase <= phase::handshake) &&
                (!about_none || !sent_ours(e) || !e.client.has_identity); // who has none sent none, whatever is counted
     }},
};

/// Causes that say what may be, about things nobody here can know.
constexpr std::string_view guesses[] = {
    "something on the way inspects TLS", "new key under its old name",    "damaged or forged",
    "the C library as built lacks",      "more authorities of one name",  "the port does not speak TLS",
    "without close_notify: harmless",    "stopped or cut the connection", "a protocol without TLS",
    "does not take what we send",        "bytes were lost or changed",    "bytes were changed on the way",
};

} // namespace

TEST_CASE("explain: every row of the decision table can be met, and each fact it needs takes it away") {
    std::mt19937 random(11);
    auto const rows = all_rows();
    std::vector<error> samples; // of what each row needs
    for (diagnosis const& row : rows) {
        auto const e = met_by(row, random);
        CAPTURE(row.cause);
        CAPTURE(row.advice);
        REQUIRE(e);
        samples.push_back(*e);
    }
    for (std::size_t at = 0; at != rows.size(); ++at) {
        diagnosis const& row = rows[at];
        std::optional<error> const e = samples[at];
        CAPTURE(row.headline);
        CAPTURE(row.cause);
        CAPTURE(row.advice);
        CHECK(!row.needs.empty());
        for (std::size_t i = 0; i != row.needs.size(); ++i) {
            CAPTURE(i);
            // Contradicts this one, and where it can be the others not.
            error against = *e;
            for (int step = 0; step != 1000 && row.needs[i](against); ++step) against = changed(*e, random);
            for (std::size_t other = 0; other != samples.size() && row.needs[i](against); ++other)
                against = samples[other];
            for (int step = 0; step != 5000 && row.needs[i](against); ++step) against = changed(against, random);
            CHECK_FALSE(row.needs[i](against));
            CHECK_FALSE(row.applies(against));
            CHECK_FALSE(tls::explain(against).empty());
        }
    }
}

TEST_CASE("explain: no sentence is said against the facts") {
    std::mt19937 random(12);
    auto const rows = all_rows();
    auto const check = [&](diagnosis const& row, error const& e) {
        for (std::string_view const sentence : {row.headline, row.cause, row.advice})
            for (claim const& c : claims)
                if (has(sentence, c.words) && !c.holds(e)) {
                    FAIL_CHECK("'", c.words, "' in '", sentence, "' against the facts of\n", tls::explain(e));
                    return false;
                }
        return true;
    };
    // Each row as often, whatever it takes to meet it; and what else is said then.
    for (diagnosis const& wanted : rows)
        for (int i = 0; i != 2; ++i) {
            auto e = met_by(wanted, random);
            REQUIRE(e);
            for (int step = 0; step != 10; ++step) {
                for (diagnosis const& row : rows)
                    if (row.applies(*e) && !check(row, *e)) return;
                error const next = changed(*e, random);
                if (wanted.applies(next)) e = next;
            }
        }
    for (int round = 0; round != 3000; ++round) {
        error const e = any_error(random);
        for (diagnosis const& row : rows)
            if (row.applies(e) && !check(row, e)) return;
    }
}

TEST_CASE("explain: every cause claims something that is checked, or is known to be a guess") {
    auto const rows = all_rows();
    auto const is_checked = [](std::string_view text) {
        return std::ranges::any_of(claims, [&](claim const& c) { return has(text, c.words); });
    };
    auto const is_guess = [](std::string_view text) {
        return std::ranges::any_of(guesses, [&](std::string_view words) { return has(text, words); });
    };
    for (diagnosis const& row : rows)
        if (!row.cause.empty()) CHECK_MESSAGE((is_checked(row.cause) || is_guess(row.cause)), row.cause);
    auto const is_said = [&](std::string_view words) {
        return std::ranges::any_of(rows, [&](diagnosis const& row) {
            return has(row.headline, words) || has(row.cause, words) || has(row.advice, words);
        });
    };
    for (claim const& c : claims) CHECK_MESSAGE(is_said(c.words), c.words);
    for (std::string_view const words : guesses) CHECK_MESSAGE(is_said(words), words);
}

} // namespace unit::explain_contradictions_cases
