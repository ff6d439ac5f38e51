// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/core/text_writer.hpp>
#include <tls/core/time_text.hpp>
#include <tls/diagnosis/alert_meaning.hpp>
#include <tls/diagnosis/explain.hpp>
#include <tls/diagnosis/impl/decisions.ipp>

#include <algorithm>
#include <array>
#include <cstring>
#include <span>

namespace tls {
namespace detail {

/// The facts of an error, one line each; unknown ones are left out.
namespace explain_facts {

/// Appends where a fact comes from, unless it was read on the wire.
inline void source(text_writer& out, fact_source from) noexcept {
    if (from == fact_source::library) out << " (told by the TLS library)";
    if (from == fact_source::settings) out << " (by our settings)";
    if (from == fact_source::deduced) out << " (deduced)";
}

/// A line with a fact that has a name.
template <class T> void named(text_writer& out, std::string_view what, fact<T> const& f) noexcept {
    if (!f) return;
    out << "\n  " << what << ": " << name(*f);
    source(out, f.source());
}

inline void alert_number(text_writer& out, alert a) noexcept {
    out << "alert " << static_cast<long long>(number(a)) << " " << name(a);
}

inline void counted(text_writer& out, long long n, std::string_view what) noexcept {
    out << n << " " << what << (n == 1 ? "" : "s");
}

/// Between the items of a list.
inline void comma(text_writer& out, bool& first) noexcept {
    if (!first) out << ", ";
    first = false;
}

inline void dates(text_writer& out, certificate_summary const& c) noexcept {
    out << "valid from " << time_text(c.not_before).view() << " until " << time_text(c.not_after).view();
}

/// What the server accepts from a client.
inline void acceptance(text_writer& out, error const& e) noexcept {
    auto const& accepts = e.handshake.server_accepts;
    if (!accepts) return;
    if (accepts->issuer_count != 0) {
        out << "\n  the server accepts certificates of ";
        if (accepts->issuer_count == 1)
            out << "one authority: " << accepts->first_issuer.view();
        else
            out << static_cast<long long>(accepts->issuer_count)
                << " authorities, the first: " << accepts->first_issuer.view();
        if (when::has_identity(e)) out << (accepts->names_our_issuer ? " (we have one)" : " (we have none)");
    }
    if (accepts->scheme_count == 0 || !when::has_identity(e)) return;
    out << "\n  the server accepts the signatures: ";
    bool first = true;
    std::size_t const kept = std::min<std::size_t>(accepts->scheme_count, accepts->schemes.size());
    for (signature_scheme const s : std::span(accepts->schemes).first(kept)) {
        comma(out, first);
        out << name(s);
    }
    if (kept < accepts->scheme_count) out << " and " << static_cast<long long>(accepts->scheme_count - kept) << " more";
}

/// Which of our identities was chosen and why; or of each, where none would do, why.
inline void choice(text_writer& out, error const& e) noexcept {
    if (!when::has_several(e)) return;
    constexpr std::string_view places[] = {"first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"};
    auto const& chosen = e.handshake.identity;
    if (chosen && chosen->why != identity_reason::none_can_sign)
        out << "\n  we chose: the " << places[chosen->index % std::size(places)] << " of "
            << static_cast<long long>(chosen->count) << " identities, " << name(chosen->why);
    if (!when::none_can_sign(e) || !e.handshake.server_accepts) return;
    for (std::size_t i = 0; i != e.client.keys.size() && e.client.keys[i] != own_key_kind::none; ++i) {
        own_key_kind const kind = e.client.keys[i];
        out << "\n  identity " << static_cast<long long>(i) + 1 << ": " << name(kind) << ", ";
        if (!when::accepts_key(e, kind))
            out << "the server accepts no "
                << (kind != own_key_kind::rsa ? "ECDSA"
                    : when::is_tls_1_3(e)     ? "RSA-PSS"
                                              : "RSA")
                << " signature";
        else
            out << "the server accepts other curves or hashes, or what we leave out";
    }
}

/// What the server asked for and what we had and sent.
inline void identity(text_writer& out, error const& e, vocabulary const& words) noexcept {
    auto const& asked = e.handshake.client_certificate_requested;
    if (asked) {
        out << "\n  the server asked for a client certificate: " << (*asked ? "yes" : "no");
        source(out, asked.source());
    }
    if (asked == true) acceptance(out, e);
    if (auto const& sent = e.handshake.certificates_sent; sent && asked == true) {
        out << "\n  we sent: ";
        if (*sent == 0)
            out << "an empty Certificate message (0 certificates)";
        else
            counted(out, *sent, "certificate");
        if (e.handshake.signature_sent == true) out << " and a signature";
        source(out, sent.source());
    }
    if (e.client.known && (asked == true || (asked && e.client.has_identity))) {
        out << "\n  " << words.built_with << ": ";
        if (e.client.has_identity) {
            out << "an identity of ";
            counted(out, e.client.chain_size, "certificate");
            out << (e.client.key_is_rsa ? ", RSA key" : ", EC key");
        } else {
            out << words.no_identity;
        }
    }
    if (when::has_psk(e) && e.phase == phase::handshake)
        out << "\n  " << words.built_with << ": a pre-shared key, and no certificates";
    if (asked == true) choice(out, e);
    if (!when::ours(e)) return;
    out << "\n  our certificate: " << (e.certificate.names.empty() ? "without subject" : e.certificate.names.view())
        << ", ";
    dates(out, e.certificate);
    if (!e.certificate.issuer.empty()) out << "\n  the last issuer in our chain: " << e.certificate.issuer.view();
}

/// The certificate of the server that we refused.
inline void refused(text_writer& out, error const& e) noexcept {
    if (!when::verdict(e)) return;
    if (e.code != errc::no_peer_certificate && e.code != errc::chain_too_long) {
        out << "\n  certificate: ";
        if (e.problem_depth == 0)
            out << "the server's own";
        else
            out << "number " << static_cast<long long>(e.problem_depth) << " above the server's own";
    }
    if (!e.about.empty() && when::about_is_the_name(e)) out << "\n  the name we expected: " << e.about.view();
    if (e.certificate.known()) {
        bool const counts = !e.certificate.names_are_subject;
        if (!e.certificate.names.empty())
            out << (counts ? "\n  it is for: " : "\n  its subject: ") << e.certificate.names.view();
        if (counts && e.certificate.nearly == near_match::address_as_dns_name) out << " (as a DNS name)";
        if (!e.certificate.issuer.empty()) out << "\n  its issuer: " << e.certificate.issuer.view();
        out << "\n  it is ";
        dates(out, e.certificate);
        if (e.clock != 0) out << "; our clock says " << time_text(e.clock).view();
    }
    bool first = true;
    for (std::size_t i = 0; i != errc_count; ++i) {
        auto const code = static_cast<errc>(i);
        if (code == e.code || !e.problems.has(code)) continue;
        if (first) out << "\n  also found: ";
        comma(out, first);
        out << name(code);
    }
}

/// What we offered, for errors where the server may have found nothing acceptable in it.
inline void offer(text_writer& out, error const& e) noexcept {
    using enum errc;
    bool const matters = when::code<no_common_version, no_common_suite, no_common_group>(e) ||
                         (e.code == handshake_refused && !when::agreed(e));
    client_summary const& c = e.client;
    if (!c.known || !matters) return;
    out << "\n  we offered: " << name(c.lowest_version);
    if (c.highest_version != c.lowest_version) out << " to " << name(c.highest_version);
    if (e.code == no_common_version) return;
    if (e.code != no_common_group) {
        bool first = true;
        for (cipher_suite const s : known_suites) {
            auto const its_version = is_tls_1_3(s) ? protocol_version::tls_1_3 : protocol_version::tls_1_2;
            bool const possible = e.handshake.version
                                      ? *e.handshake.version == its_version
                                      : c.lowest_version <= its_version && its_version <= c.highest_version;
            if (!possible || !c.suites.has(s)) continue;
            if (first) out << "\n  cipher suites offered: ";
            comma(out, first);
            out << name(s);
        }
    }
    bool first = true;
    for (named_group const g : known_groups) {
        if (!c.groups.has(g)) continue;
        if (first) out << "\n  groups offered: ";
        comma(out, first);
        out << name(g);
    }
}

/// The system's text for an error number, or nothing; untranslated, because translating could allocate.
[[nodiscard]] inline std::string_view system_words([[maybe_unused]] int number) noexcept {
#if defined(__GLIBC_PREREQ) && defined(_GNU_SOURCE)
#    if __GLIBC_PREREQ(2, 32)
    if (char const* const words = strerrordesc_np(number)) return words;
#    endif
#endif
    return {};
}

/// What went well before.
inline void session(text_writer& out, error const& e) noexcept {
    if (!when::in_session(e)) return;
    if (when::asked(e) && when::was_accepted(e))
        out << "\n  the server had accepted "
            << (when::sent_none(e) ? "that we sent no certificate" : "our certificate") << " before";
    if (e.bytes_read == 0) return;
    out << "\n  application data received before: " << static_cast<long long>(e.bytes_read) << " bytes";
    if (e.answers != 0) {
        out << ", in ";
        counted(out, e.answers, "answer");
    }
}

inline void write(text_writer& out, error const& e, vocabulary const& words, bool alert_is_told) noexcept {
    if (e.received && !alert_is_told) {
        out << "\n  the peer sent: ";
        alert_number(out, *e.received);
    }
    if (e.sent) {
        out << "\n  we sent: ";
        alert_number(out, *e.sent);
    }
    refused(out, e);
    identity(out, e, words);
    session(out, e);
    offer(out, e);
    named(out, "protocol version", e.handshake.version);
    named(out, "cipher suite", e.handshake.suite);
    named(out, "key exchange group", e.handshake.group);
    if (e.phase == phase::handshake) named(out, "the server's last message", e.handshake.last_received);
    if (e.code == errc::unrecognized_name && !e.about.empty())
        out << (when::sent_no_name(e) ? "\n  the address of the server, which is not sent: "
                                      : "\n  the name we asked for: ")
            << e.about.view();
    if (e.code == errc::not_tls && !e.about.empty()) out << "\n  what arrived begins with: " << e.about.view();
    if (e.transferred != 0) out << "\n  bytes written before: " << static_cast<long long>(e.transferred);
    if (e.system == 0) return;
    if (e.code == errc::resolve_failed) {
        out << "\n  resolver error: " << static_cast<long long>(e.system);
        return;
    }
    out << "\n  system error: " << static_cast<long long>(e.system);
    if (auto const text = system_words(e.system); !text.empty()) out << " (" << text << ")";
}

} // namespace explain_facts

/// A placeholder in the texts of the decision table, written in braces, and what replaces it.
struct explain_word {
    std::string_view word;
    void (*write)(text_writer&, error const&) noexcept;
};

inline constexpr explain_word explain_words[] = {
    {"about", [](text_writer& out, error const& e) noexcept { out << e.about.view(); }},
    {"names", [](text_writer& out, error const& e) noexcept { out << e.certificate.names.view(); }},
    {"issuer",
     [](text_writer& out, error const& e) noexcept {
         out << (e.certificate.issuer.empty() ? std::string_view("not known") : e.certificate.issuer.view());
     }},
    {"not_before",
     [](text_writer& out, error const& e) noexcept { out << time_text(e.certificate.not_before).view(); }},
    {"not_after", [](text_writer& out, error const& e) noexcept { out << time_text(e.certificate.not_after).view(); }},
    {"clock", [](text_writer& out, error const& e) noexcept { out << time_text(e.clock).view(); }},
    {"issuer_count",
     [](text_writer& out, error const& e) noexcept {
         out << static_cast<long long>(e.handshake.server_accepts->issuer_count);
     }},
    {"last_message",
     [](text_writer& out, error const& e) noexcept {
         out << (e.handshake.last_received ? name(*e.handshake.last_received) : "first message");
     }},
    {"version", [](text_writer& out, error const& e) noexcept { out << name(*e.handshake.version); }},
    {"suite", [](text_writer& out, error const& e) noexcept { out << name(*e.handshake.suite); }},
    {"group", [](text_writer& out, error const& e) noexcept { out << name(*e.handshake.group); }},
    {"groups_offered",
     [](text_writer& out, error const& e) noexcept {
         bool first = true;
         for (named_group const g : known_groups) {
             if (!e.client.groups.has(g)) continue;
             explain_facts::comma(out, first);
             out << name(g);
         }
     }},
    {"other_groups",
     [](text_writer& out, error const& e) noexcept {
         out << (e.client.groups.has(named_group::secp521r1) ? "ffdhe or hybrids" : "P-521, ffdhe or hybrids");
     }},
    {"our_curve",
     [](text_writer& out, error const& e) noexcept {
         switch (e.client.key_scheme) {
         case signature_scheme::ecdsa_secp256r1_sha256: out << "P-256"; break;
         case signature_scheme::ecdsa_secp384r1_sha384: out << "P-384"; break;
         case signature_scheme::ecdsa_secp521r1_sha512: out << "P-521"; break;
         default: out << "a curve that TLS 1.3 does not use";
         }
     }},
    {"alert_meaning",
     [](text_writer& out, error const& e) noexcept {
         if (e.received) out << alert_meaning(*e.received);
     }},
};

/// Where the word stands in the list; past its end if it is not there.
[[nodiscard]] constexpr std::size_t find_explain_word(std::string_view word) noexcept {
    std::size_t at = 0;
    while (at < std::size(explain_words) && explain_words[at].word != word) ++at;
    return at;
}

/// True if every placeholder in the texts is a known one.
template <std::size_t N> [[nodiscard]] consteval bool explain_words_are_known(diagnosis const (&rows)[N]) noexcept {
    for (diagnosis const& row : rows)
        for (std::string_view const text : {row.headline, row.cause, row.advice})
            for (std::size_t at = text.find('{'); at != std::string_view::npos; at = text.find('{', at + 1)) {
                std::string_view const word = text.substr(at + 1, text.find('}', at) - at - 1);
                if (find_explain_word(word) == std::size(explain_words) && !is_vocabulary_word(word)) return false;
            }
    return true;
}
static_assert(explain_words_are_known(diagnoses::of_our_files));
static_assert(explain_words_are_known(diagnoses::of_our_identity));
static_assert(explain_words_are_known(diagnoses::of_the_negotiation));
static_assert(explain_words_are_known(diagnoses::of_the_psk));
static_assert(explain_words_are_known(diagnoses::of_the_server));
static_assert(explain_words_are_known(diagnoses::of_the_connection));

/// What an explanation is written into, from and in which words.
struct explanation {
    text_writer& out;
    error const& e;
    vocabulary const& words;

    /// Writes a text of the decision table with its placeholders replaced.
    void write(std::string_view text) const noexcept {
        for_each_piece(
            text, [this](std::string_view plain) noexcept { out << plain; },
            [this](std::string_view word) noexcept {
                if (vocabulary_word const* const said = find_vocabulary_word(word))
                    out << words.*(said->text);
                else
                    explain_words[find_explain_word(word)].write(out, e);
            });
    }
};

/// Calls `visit` with every row that applies, in order.
template <class Visit> void for_each_diagnosis(error const& e, Visit visit) noexcept {
    std::span<diagnosis const> const tables[] = {diagnoses::of_our_files,       diagnoses::of_our_identity,
                                                 diagnoses::of_the_negotiation, diagnoses::of_the_psk,
                                                 diagnoses::of_the_server,      diagnoses::of_the_connection};
    for (auto const table : tables)
        for (diagnosis const& row : table)
            if (row.applies(e)) visit(row);
}

[[nodiscard]] constexpr std::string_view in_words(phase p) noexcept {
    switch (p) {
    case phase::configuring: return "while configuring";
    case phase::connecting: return "while connecting";
    case phase::handshake: return "during the handshake";
    case phase::reading: return "while reading";
    case phase::writing: return "while writing";
    case phase::closing: return "while closing";
    }
    return "in an unknown phase";
}

/// Writes what happened and when; true if that names the alert the peer sent.
inline bool explain_headline(explanation const& x) noexcept {
    auto const& [out, e, words] = x;
    std::string_view headline;
    for_each_diagnosis(e, [&](diagnosis const& row) noexcept {
        if (headline.empty()) headline = row.headline;
    });
    x.write(headline.empty() ? e.message() : headline);
    if (e.code == errc::ok) return true;
    bool const the_peer_said_no = topic_of(e.code) == errc_topic::peer;
    if (e.received && (the_peer_said_no || e.code == errc::unusable_identity)) {
        out << ": ";
        explain_facts::alert_number(out, *e.received);
        out << ", received " << in_words(e.phase);
        return true;
    }
    bool const about_is_the_input = e.phase == phase::configuring || e.phase == phase::connecting;
    bool const tells_about = about_is_the_input || e.code == errc::signing_failed;
    if (tells_about && !when::verdict(e) && !e.about.empty()) out << ": " << e.about.view();
    out << ", " << in_words(e.phase);
    return false;
}

inline void explain_causes(explanation const& x) noexcept {
    auto const& [out, e, words] = x;
    int causes = 0;
    for_each_diagnosis(e, [&](diagnosis const& row) noexcept { causes += row.cause.empty() ? 0 : 1; });
    if (causes == 0) return;
    out << (causes == 1 ? "\n  likely cause: " : "\n  likely causes, the likeliest first:");
    long long at = 0;
    for_each_diagnosis(e, [&](diagnosis const& row) noexcept {
        if (row.cause.empty()) return;
        if (causes != 1) out << "\n    " << ++at << ". ";
        x.write(row.cause);
    });
}

inline void explain_advice(explanation const& x) noexcept {
    auto const& [out, e, words] = x;
    bool advised = false;
    for_each_diagnosis(e, [&](diagnosis const& row) noexcept {
        if (row.advice.empty()) return;
        out << "\n  try: ";
        x.write(row.advice);
        advised = true;
    });
    std::string_view const of_format = input_format_advice_in_any_words(e.format);
    std::string_view const general = of_format.empty() ? errc_advice_in_any_words[row_of(e.code)] : of_format;
    if (advised || general.empty()) return;
    out << "\n  try: ";
    x.write(general);
}

/// Who has to change something; empty where nothing failed.
[[nodiscard]] constexpr std::string_view where_to_fix(error const& e) noexcept {
    if (when::is_up_to_us(e) || when::signature_was_late(e)) return "on our side";
    if (when::is_up_to_either(e)) return "on our side or on the server's";
    if (when::is_up_to_peer(e)) return "on the server's side";
    switch (whose_fault(e.code)) {
    case fault::none: return {};
    case fault::us: return "on our side";
    case fault::peer: return "on the server's side";
    case fault::network: return "in the network between";
    case fault::build: break;
    }
    return "in how this program or its TLS library was built or runs";
}

inline void explain_fault(text_writer& out, error const& e) noexcept {
    auto const where = where_to_fix(e);
    if (where.empty()) return;
    bool const may_help = is_worth_retrying(e.code) && !when::is_up_to_us(e);
    out << "\n  to be fixed " << where
        << (may_help ? "; trying again may help" : "; trying again will not help before something changes");
}

} // namespace detail

TWINTLS_DECL std::string_view explain(error const& e, std::span<char> into, vocabulary const& words) noexcept {
    detail::text_writer out(into);
    detail::explanation const x{out, e, words};
    bool const alert_is_told = detail::explain_headline(x);
    if (e.code == errc::ok) return out.view();
    detail::explain_facts::write(out, e, words, alert_is_told);
    detail::explain_causes(x);
    detail::explain_advice(x);
    detail::explain_fault(out, e);
    if (e.native == 0 || e.backend == nullptr) return out.view();
    out << "\n  native error: " << std::string_view(e.backend) << " " << static_cast<long long>(e.native);
    out << " (" << (e.native_name != nullptr ? std::string_view(e.native_name) : "a code twintls does not know") << ")";
    return out.view();
}

TWINTLS_DECL std::string explain(error const& e) { return explain(e, library_words); }

} // namespace tls
