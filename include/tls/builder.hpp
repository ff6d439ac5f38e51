// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/configuration/check.hpp>
#include <tls/configuration/choose_identity.hpp>
#include <tls/configuration/list_of_names.hpp>
#include <tls/configuration/profile.hpp>
#include <tls/configuration/settings.hpp>
#include <tls/connection/backend.hpp>
#include <tls/connection/resumption.hpp>
#include <tls/connection/stapling.hpp>
#include <tls/core/allocation.hpp>
#include <tls/core/clock.hpp>
#include <tls/core/error.hpp>
#include <tls/core/misuse.hpp>
#include <tls/core/text_list.hpp>
#include <tls/credentials/credentials.hpp>
#include <tls/credentials/decisions.hpp>
#include <tls/credentials/external_identity.hpp>
#include <tls/credentials/identity_choice.hpp>
#include <tls/credentials/psk.hpp>

#include <chrono>
#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

namespace tls {

template <backend Backend> class client;

/// Which of the two decisions a builder still lacks.
struct decided {
    bool trust = false;
    bool identity = false;
};

/// Whom do we trust? Call `.trust(...)`, `.trust_system()`, `.psk(...)` or `.insecure_accept_any_server()` before
/// `.build()`.
template <decided D>
concept say_whom_we_trust_before_build = D.trust;

/// Who are we? Call `.identity(...)`, `.no_identity()` or `.psk(...)` before `.build()`.
template <decided D>
concept say_who_we_are_before_build = D.identity;

/// Trust is decided once: a builder with `.trust(...)` does not take another. `.psk(...)` decides it too.
template <decided D>
concept trust_is_decided_only_once = !D.trust;

/// Identity is decided once: a builder with `.identity(...)` or `.no_identity()` does not take another. `.psk(...)`
/// decides it too.
template <decided D>
concept identity_is_decided_only_once = !D.identity;

/// The library as built cannot export its secrets: leave out `.key_log(...)`.
template <class Backend>
concept the_library_is_built_with_a_key_log = Backend::template supports<feature::key_log>;

/// The library as built has no debug output: build it with TWINTLS_DEBUG_LOG=ON, or leave out `.log(...)`.
template <class Backend>
concept the_library_is_built_with_a_debug_log = Backend::template supports<feature::debug_log>;

/// The library as built signs only with keys that it has itself: use `identity::from_pem_files` or another source of
/// one.
template <class Backend>
concept the_library_is_built_for_an_external_signer = Backend::template supports<feature::external_signer>;

/// The library as built cannot ask for a maximum fragment length: leave out `.max_fragment_length(...)`, and say with
/// `.record_size(...)` how much we send.
template <class Backend>
concept the_library_is_built_with_maximum_fragment_length = Backend::template supports<feature::max_fragment_length>;

/// The library as built has no pre-shared keys, or not the suite for them: use certificates.
template <class Backend>
concept the_library_is_built_with_pre_shared_keys = Backend::template supports<feature::pre_shared_keys>;

/// The library as built cannot go on with another identity once the server has asked: use `.identity(...)` with one.
template <class Backend>
concept the_library_is_built_for_several_identities = Backend::template supports<feature::several_identities>;

/// The library as built cannot export keying material: leave out `.exporter()`.
template <class Backend>
concept the_library_is_built_with_an_exporter = Backend::template supports<feature::keying_material_export>;

/// The library as built cannot ask a server for an OCSP status: leave out `.require_stapled_status()`; revocation lists
/// work with every library, and `.honour_must_staple()` refuses certificates that promise a status.
template <class Backend>
concept the_library_can_ask_for_a_stapled_status = Backend::template supports<feature::stapled_status>;

/// The library as built cannot resume sessions: leave out `.resumption(...)`.
template <class Backend>
concept the_library_is_built_with_session_tickets = Backend::template supports<feature::session_tickets>;

/// Collects what a client needs to know; `build()` exists once everything that must be decided is decided.
///
/// Two decisions are required, in any order, each exactly once: whom we trust and who we are. Everything else has a
/// safe default. Each call consumes the builder and returns the next one. A failed source (`result` with an error) may
/// be passed in as it is: `build()` reports the first. Not safe to use from two threads at once.
template <backend Backend, decided Decided = {}> class [[nodiscard]] builder {
public:
    builder() noexcept : settings_(seam::shared<settings>::make()) {
        if (!settings_) note(configuration_error(errc::out_of_memory));
    }
    builder(builder const&) = delete;
    builder& operator=(builder const&) = delete;
    builder(builder&&) noexcept = default;
    builder& operator=(builder&&) noexcept = default;
    ~builder() = default;

    /// Trusts these authorities, and nobody else. A source that failed may be given as it is: `build()` reports it.
    auto trust(trust_decision const& whom) && noexcept
        requires trust_is_decided_only_once<Decided>
    {
        return std::move(*this).trusts(whom).template next<{true, Decided.identity}>();
    }
    /// Trusts the system's store.
    auto trust_system() && noexcept
        requires trust_is_decided_only_once<Decided>
    {
        return std::move(*this).trust(trust_anchors::system());
    }
    /// Accepts any server at all, so anyone on the network path can read and change everything. For experiments only.
    auto insecure_accept_any_server() && noexcept
        requires trust_is_decided_only_once<Decided>
    {
        return std::move(*this).trust(trust_decision::insecure_accept_any_server());
    }

    /// Presents this certificate chain when a server asks for one; nothing, if the identity is an empty
    /// `std::optional`.
    ///
    /// A source that failed may be given as it is. Errors, reported by `build()`: that of the source; spent, for an
    /// identity that was moved from.
    auto identity(identity_decision const& who) && noexcept
        requires identity_is_decided_only_once<Decided>
    {
        is(who);
        return std::move(*this).template next<{Decided.trust, true}>();
    }
    /// As above, where something else signs with the private key: see `identity::from_signer`.
    ///
    /// Errors, reported by `build()`: that of the source; spent; bad_configuration if the signer makes no signature for
    /// the versions and schemes of this client.
    auto identity(result<external_identity> const& who) && noexcept
        requires identity_is_decided_only_once<Decided> && the_library_is_built_for_an_external_signer<Backend>
    {
        is(who);
        return std::move(*this).template next<{Decided.trust, true}>();
    }
    /// Presents one of these, in order of preference: the first that fits what the server's request says.
    ///
    /// An identity fits that makes one of the signatures the server accepts and whose chain was issued by an authority
    /// that it names; where it names none, or none that issued one of ours, the first that makes such a signature is
    /// presented. `choose_identity` has the rule, and `facts().identity` what came of it. All are loaded and checked
    /// when the client is built, and each takes some kilobytes.
    ///
    ///     .identities({tls::identity::from_pem_files("ec.pem", "ec-key.pem"), rsa_identity, in_the_token})
    ///
    /// Errors, reported by `build()`: as of `identity`, with "identity 2" before what they are about;
    /// bad_configuration for more than `identity_choice::max` or none; unsupported for an identity of
    /// `identity::from_signer` where the library has no external signers.
    auto identities(identity_choice const& which) && noexcept
        requires identity_is_decided_only_once<Decided> && the_library_is_built_for_several_identities<Backend>
    {
        are(which);
        return std::move(*this).template next<{Decided.trust, true}>();
    }
    /// Has no certificate: a server that requires one will refuse us.
    auto no_identity() && noexcept
        requires identity_is_decided_only_once<Decided>
    {
        return std::move(*this).template next<{Decided.trust, true}>();
    }

    /// Decides whom we trust and who we are at once: by a key that we share with the server.
    ///
    /// No certificate is sent or accepted, and no name verified: the one given to `connect` is only sent (SNI). A
    /// server that does not choose the key is refused (`psk_not_accepted`), and one that has another key is
    /// `psk_mismatch`. TLS 1.3 with (EC)DHE, bound to SHA-256 (psk_dhe_ke, RFC 8446 section 4.2.9); TLS 1.2 with
    /// TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256 (RFC 7905). No sessions are resumed: it would save nothing. A source
    /// that failed may be given as it is. Errors, reported by `build()`: that of the source; spent; unsupported; and
    /// bad_configuration beside what takes certificates or tickets: pins, revocation lists, checks, names, a kept path,
    /// `.resumption(...)`, and suites of other handshakes.
    auto psk(result<pre_shared_key> const& shared) && noexcept
        requires trust_is_decided_only_once<Decided> && identity_is_decided_only_once<Decided> &&
                 the_library_is_built_with_pre_shared_keys<Backend>
    {
        shares(shared);
        return std::move(*this).template next<{true, true}>();
    }
    /// As above, from the identity and the bytes of the key: `pre_shared_key::from_bytes` has its errors.
    auto psk(std::string_view identity, std::span<std::byte const> key) && noexcept
        requires trust_is_decided_only_once<Decided> && identity_is_decided_only_once<Decided> &&
                 the_library_is_built_with_pre_shared_keys<Backend>
    {
        return std::move(*this).psk(pre_shared_key::from_bytes(identity, key));
    }

    /// Makes both decisions, from values that a program made at run time.
    ///
    ///     auto trust = insecure ? tls::trust_decision::insecure_accept_any_server()
    ///                           : tls::trust_decision(tls::trust_anchors::from_pem_file(path));
    ///     std::optional<tls::result<tls::identity>> who;
    ///     if (has_certificate) who = tls::identity::from_pem_files(chain, key);
    ///     auto client = tls::client<Backend>::configure().decide(trust, who).build();
    auto decide(trust_decision const& whom, identity_decision const& who) && noexcept
        requires trust_is_decided_only_once<Decided> && identity_is_decided_only_once<Decided>
    {
        is(who);
        return std::move(*this).trusts(whom).template next<{true, true}>();
    }

    /// As above, where something else signs with the private key.
    auto decide(trust_decision const& whom, result<external_identity> const& who) && noexcept
        requires trust_is_decided_only_once<Decided> && identity_is_decided_only_once<Decided> &&
                 the_library_is_built_for_an_external_signer<Backend>
    {
        is(who);
        return std::move(*this).trusts(whom).template next<{true, true}>();
    }

    /// As above, by a pre-shared key: what `.psk(...)` does, for programs that have one or certificates.
    ///
    ///     auto decided = has_psk ? std::move(builder).decide(psk) : std::move(builder).decide(trust, who);
    auto decide(result<pre_shared_key> const& shared) && noexcept
        requires trust_is_decided_only_once<Decided> && identity_is_decided_only_once<Decided> &&
                 the_library_is_built_with_pre_shared_keys<Backend>
    {
        return std::move(*this).psk(shared);
    }

    /// As above, with several identities.
    template <std::same_as<identity_choice> Choice>
    auto decide(trust_decision const& whom, Choice const& which) && noexcept
        requires trust_is_decided_only_once<Decided> && identity_is_decided_only_once<Decided> &&
                 the_library_is_built_for_several_identities<Backend>
    {
        are(which);
        return std::move(*this).trusts(whom).template next<{true, true}>();
    }

    /// Offers these application protocols, most preferred first (RFC 7301); each is 1 to 255 bytes.
    ///
    /// Errors, reported by `build()`: bad_alpn, naming the protocol.
    builder alpn(std::initializer_list<std::string_view> protocols) && noexcept {
        if (auto* const s = told(); s != nullptr && !s->alpn.assign(protocols))
            note(configuration_error(errc::out_of_memory));
        return std::move(*this);
    }

    /// As above, for protocols that come from elsewhere: strings, views or C strings in any container.
    template <detail::range_of_texts Protocols> builder alpn(Protocols const& protocols) && noexcept {
        if (auto* const s = told(); s != nullptr && !s->alpn.assign(protocols))
            note(configuration_error(errc::out_of_memory));
        return std::move(*this);
    }

    /// Negotiates nothing below and nothing above these versions. Default: TLS 1.2 to TLS 1.3.
    ///
    /// Errors, reported by `build()`: bad_versions, unsupported.
    builder versions(protocol_version lowest, protocol_version highest) && noexcept {
        if (auto* const s = told()) {
            s->lowest_version = lowest;
            s->highest_version = highest;
        }
        return std::move(*this);
    }

    /// Offers exactly these cipher suites, most preferred first. Default: `settings::default_suites()`, with a
    /// pre-shared key `settings::default_suites_with_psk()`.
    ///
    /// The list and the versions must fit each other: every suite belongs to one version, and every version offered
    /// needs a suite, so TLS 1.3 suites alone go with `.versions(tls_1_3, tls_1_3)`. Errors, reported by `build()`:
    /// bad_configuration for an empty list, a duplicate, a suite that twintls does not know or that belongs to no
    /// version offered, and for a version without a suite; unsupported for a suite that the C library as built lacks.
    /// The error names it. (Of the default list, what the library lacks is left out.)
    builder suites(std::initializer_list<cipher_suite> wanted) && noexcept {
        return std::move(*this).suites(std::span(wanted.begin(), wanted.size()));
    }
    /// As above, for suites that come from elsewhere.
    builder suites(std::span<cipher_suite const> wanted) && noexcept {
        if (auto* const s = told()) {
            s->suites = seam::suite_list(wanted);
            s->exactly_these_suites = &detail::suite_rules;
        }
        return std::move(*this);
    }

    /// As above, for a list that was read, as by `suites_from`; an error is kept for `build()`.
    builder suites(result<seam::suite_list> const& wanted) && noexcept {
        if (wanted) return std::move(*this).suites(std::span(wanted->begin(), wanted->size()));
        note(wanted.error());
        return std::move(*this);
    }

    /// Offers exactly these key exchange groups, most preferred first; under TLS 1.3 the first gets the key share.
    /// Default: `settings::default_groups()`.
    ///
    /// Under TLS 1.2 they also tell a server which curves its certificate may be on (RFC 8422 section 5.1.1). Errors,
    /// reported by `build()`: bad_configuration for an empty list, a duplicate, or a group that twintls does not know;
    /// unsupported for one that the C library as built lacks. The error names it.
    builder groups(std::initializer_list<named_group> wanted) && noexcept {
        return std::move(*this).groups(std::span(wanted.begin(), wanted.size()));
    }
    /// As above, for groups that come from elsewhere.
    builder groups(std::span<named_group const> wanted) && noexcept {
        if (auto* const s = told()) {
            s->groups = seam::group_list(wanted);
            s->exactly_these_groups = &detail::group_rules;
        }
        return std::move(*this);
    }

    /// As above, for a list that was read, as by `groups_from`; an error is kept for `build()`.
    builder groups(result<seam::group_list> const& wanted) && noexcept {
        if (wanted) return std::move(*this).groups(std::span(wanted->begin(), wanted->size()));
        note(wanted.error());
        return std::move(*this);
    }

    /// Offers exactly these signature schemes, most preferred first, and uses no others: the server signs with one of
    /// them, and so do we. Default: `settings::default_schemes()`.
    ///
    /// TLS 1.3 needs one for ECDSA or RSA-PSS (RFC 8446 section 4.2.3); those of RSA with PKCS#1 v1.5 mean certificates
    /// there. What certificates are accepted follows from `minimum_rsa_bits` and the trust anchors, not from this list.
    /// Errors, reported by `build()`: bad_configuration for an empty list, a duplicate, a scheme that twintls does not
    /// know, for TLS 1.3 without a scheme, and if our own key can make none of them; unsupported for one that the C
    /// library as built cannot offer, or if it has no way to take a list. The error names it.
    builder signature_schemes(std::initializer_list<signature_scheme> wanted) && noexcept {
        return std::move(*this).signature_schemes(std::span(wanted.begin(), wanted.size()));
    }
    /// As above, for schemes that come from elsewhere.
    builder signature_schemes(std::span<signature_scheme const> wanted) && noexcept {
        if (auto* const s = told()) {
            s->schemes = seam::scheme_list(wanted);
            s->exactly_these_schemes = &detail::scheme_rules;
        }
        return std::move(*this);
    }

    /// As above, for a list that was read, as by `schemes_from`; an error is kept for `build()`.
    builder signature_schemes(result<seam::scheme_list> const& wanted) && noexcept {
        if (wanted) return std::move(*this).signature_schemes(std::span(wanted->begin(), wanted->size()));
        note(wanted.error());
        return std::move(*this);
    }

    /// Offers and accepts what a profile says: versions, suites, groups, schemes, application protocols, the size of
    /// RSA keys and the length of paths. Calls behind it change single points of it. Errors, reported by `build()`:
    /// unsupported, for what the C library as built lacks.
    builder profile(tls::profile const& p) && noexcept {
        if (auto* const s = told()) {
            s->lowest_version = p.lowest_version;
            s->highest_version = p.highest_version;
            s->policy.minimum_rsa_bits = p.minimum_rsa_bits;
            s->policy.max_path_length = p.max_path_length;
            if (!s->alpn.assign(p.alpn)) note(configuration_error(errc::out_of_memory));
        }
        return std::move(*this).suites(p.suites).groups(p.groups).signature_schemes(p.schemes);
    }
    /// As above; an error is kept for `build()`.
    builder profile(result<tls::profile> const& p) && noexcept {
        if (p) return std::move(*this).profile(*p);
        note(p.error());
        return std::move(*this);
    }

    /// Writes every secret of every connection of this client to a key log, for Wireshark; for debugging.
    ///
    /// Off unless called for: no environment variable switches it on. The sink must stay callable as long as the client
    /// or one of its connections exists.
    builder key_log(key_log_sink sink) && noexcept
        requires the_library_is_built_with_a_key_log<Backend>
    {
        if (auto* const s = told()) {
            s->key_log = sink;
            s->start_key_log = sink.write != nullptr ? Backend::start_key_log : nullptr;
        }
        return std::move(*this);
    }
    /// As above, into a file, which stays open as long as it is needed; an object without a file means no key log.
    builder key_log(key_log_file const& file) && noexcept
        requires the_library_is_built_with_a_key_log<Backend>
    {
        if (auto* const s = told()) s->key_log_target = file;
        return std::move(*this).key_log(file.sink());
    }
    /// As above; an error is kept for `build()`.
    builder key_log(result<key_log_file> const& file) && noexcept
        requires the_library_is_built_with_a_key_log<Backend>
    {
        if (file) return std::move(*this).key_log(*file);
        note(file.error());
        return std::move(*this);
    }

    /// Hands the C library's own debug output about the connections of this client to a sink; it may contain secrets.
    ///
    /// Needs a library that was built with it (`-DTWINTLS_DEBUG_LOG=ON`) and is then slower. The libraries switch their
    /// output on for the whole process and without a lock: build the first client with a log before other threads use
    /// the library.
    builder log(log_sink sink) && noexcept
        requires the_library_is_built_with_a_debug_log<Backend>
    {
        if (auto* const s = told()) s->log = sink.write != nullptr ? std::optional(sink) : std::nullopt;
        return std::move(*this);
    }

    /// Resumes sessions: keeps the tickets servers issue in this store, and offers them to the same servers.
    ///
    /// A resumed handshake costs a fraction of a full one and half the bytes. Off unless called for. The store must
    /// outlive the client and all its connections; see `tls::ticket_store` and `tls::memory_ticket_store`. A ticket is
    /// used only where a new handshake would have the same result: see `tls::ticket`. Whatever is wrong with one, the
    /// connection does a full handshake instead.
    template <ticket_store Store>
        requires the_library_is_built_with_session_tickets<Backend>
    builder resumption(Store& store) && noexcept {
        return std::move(*this).resume(detail::any_ticket_store(store));
    }
    /// As above, sharing the store's ownership; errors: bad_configuration, by `build()`, if it is null.
    template <ticket_store Store>
        requires the_library_is_built_with_session_tickets<Backend>
    builder resumption(std::shared_ptr<Store> store) && noexcept {
        if (store) return std::move(*this).resume(detail::any_ticket_store(std::move(store)));
        note(configuration_error(errc::bad_configuration, "no ticket store"));
        return std::move(*this);
    }
    /// Resumes sessions with tickets that the application takes from `session::take_ticket` and gives to `connect`.
    builder resumption(own_tickets_t) && noexcept
        requires the_library_is_built_with_session_tickets<Backend>
    {
        return std::move(*this).resume(detail::any_ticket_store());
    }

    /// Asks this clock for the time instead of the system's, on devices that keep time elsewhere; null changes nothing.
    ///
    /// It decides which certificates are valid and how old tickets are, and preflights and errors quote it. Called
    /// inside handshakes, from every thread that makes one.
    builder clock(wall_clock now) && noexcept {
        if (auto* const s = told(); s != nullptr && now != nullptr) s->clock = now;
        return std::move(*this);
    }
    /// The former name of `clock`, which goes with the next release.
    [[deprecated("use .clock(...)")]] builder ticket_clock(wall_clock now) && noexcept {
        return std::move(*this).clock(now);
    }

    /// Gives a handshake this long in all, from its first step and apart from connecting; then it is over, with
    /// `timeout`. Default: 30 seconds. `tls::no_timeout` switches the deadline off; less than nothing is nothing.
    ///
    /// It holds for `connect` and `start` over every transport that returns in time or can be told when to, as
    /// `tcp_stream` can; not for an engine, which never waits. A deadline for each read is the transport's.
    builder handshake_timeout(std::chrono::milliseconds in_all) && noexcept {
        if (auto* const s = told()) s->handshake_timeout = in_all;
        return std::move(*this);
    }

    /// Accepts no path with more intermediates than this between the server's certificate and the trust anchor;
    /// self-issued ones do not count (RFC 5280 section 6.1.1 (d)). Longer ones are `path_too_long`.
    builder max_path_length(std::size_t intermediates) && noexcept {
        if (auto* const s = told()) s->policy.max_path_length = intermediates;
        return std::move(*this);
    }

    /// Reads extended key usage as the CA/Browser Forum's requirements do: the server's certificate must have it and
    /// name serverAuth, and an intermediate that has it must name serverAuth too; anyExtendedKeyUsage is not enough. A
    /// certificate that does not is refused as `bad_extended_key_usage`. Default: RFC 5280 section 4.2.1.12.
    builder strict_extended_key_usage() && noexcept {
        if (auto* const s = told()) s->policy.strict_extended_key_usage = true;
        return std::move(*this);
    }

    /// Accepts a server only if the key of a certificate is one of these, beside all else: see `tls::key_pins`.
    ///
    /// They are checked before anything of ours leaves that depends on the server. A server with another key is refused
    /// as `pin_mismatch`. A second call replaces the first. Not with `.insecure_accept_any_server()`. A source that
    /// failed may be given as it is.
    builder pins(result<key_pins> const& wanted) && noexcept {
        if (!wanted)
            note(wanted.error());
        else if (wanted->all().empty())
            note(configuration_error(errc::spent, "these pins were moved from"));
        if (auto* const s = further(); s != nullptr && wanted) {
            s->pins = *wanted;
            s->pin_rule = s->pins->rule();
            s->ask_rules = verify::ask_further_rules;
        }
        return std::move(*this);
    }

    /// Refuses servers whose certificate was revoked, and those of which these lists cannot tell: `revoked`, `no_crl`,
    /// `crl_expired`, `revocation_unknown`.
    ///
    /// Each certificate that is looked up needs a list of its issuer that covers it, is current and was signed with the
    /// issuer's key, which must be allowed to (RFC 5280 section 6.3). A server that is trusted as it is is not looked
    /// up. Sessions are resumed only with the very lists that their server was looked up in. A second call replaces the
    /// first. Not with `.insecure_accept_any_server()`. A source that failed may be given as it is.
    builder revocation(
        result<revocation_lists> const& lists, revocation_scope whose = revocation_scope::whole_path) && noexcept {
        if (lists) return std::move(*this).revocation(revocation_source(*lists), whose);
        note(lists.error());
        return std::move(*this);
    }
    /// As above, with lists that can be replaced while clients use them.
    builder
    revocation(revocation_source const& source, revocation_scope whose = revocation_scope::whole_path) && noexcept {
        if (!source.complete()) note(configuration_error(errc::out_of_memory, "revocation lists"));
        if (auto* const s = further()) {
            s->revocation = {source, whose, detail::check_revocation, detail::stamp_of_lists<Backend>};
            s->ask_rules = verify::ask_further_rules;
        }
        return std::move(*this);
    }

    /// Requires of every server that it staples an OCSP status to its certificate which says that it is good (RFC 6066
    /// section 8, RFC 6960): `no_stapled_status`, `stapled_status_expired`, `bad_stapled_status`, `revoked`.
    ///
    /// It is asked for in the hello, and due before anything of ours leaves that depends on the server. It must be
    /// signed by the authority that issued the certificate, or by a responder that this authority has named, and say
    /// until when it holds; a session is not resumed beyond that. A server that is trusted as it is needs none. Not
    /// with
    /// `.insecure_accept_any_server()`.
    builder require_stapled_status() && noexcept
        requires the_library_can_ask_for_a_stapled_status<Backend>
    {
        return std::move(*this).staples(true);
    }

    /// Requires that status of those servers whose certificate promises one ("must staple", RFC 7633), and refuses them
    /// without: `no_stapled_status` and the other codes above.
    ///
    /// A library that cannot ask for a status gets none: with it every such certificate is refused. Without this call
    /// the promise is passed over, unless the certificate says that it is critical, which is `critical_extension`. Not
    /// with `.insecure_accept_any_server()`.
    builder honour_must_staple() && noexcept { return std::move(*this).staples(false); }

    /// Verifies servers against these names instead of the one that is connected to: a server must prove one of them.
    ///
    /// For servers behind a gateway that knows them by other names, and for those with several. The name given to
    /// `connect` is then sent to the server (SNI) and files its tickets, and is verified by nobody. DNS names and
    /// addresses. Errors, reported by `build()`: bad_server_name, naming the first; bad_configuration for an empty
    /// list.
    builder verify_these_names_instead(std::initializer_list<std::string_view> names) && noexcept {
        verify_instead(names);
        return std::move(*this);
    }
    /// As above, for names that come from elsewhere.
    template <detail::range_of_texts Names> builder verify_these_names_instead(Names const& names) && noexcept {
        verify_instead(names);
        return std::move(*this);
    }

    /// Asks the application's own check about each server that is about to be accepted, before anything of ours leaves
    /// that depends on it: `no_objection`, or `objection("reason")`, which is then the error `refused_by_application`.
    ///
    /// It can refuse and never accept what was refused. Called within handshakes, from every thread that makes one; not
    /// for sessions that are resumed, whose server was checked when they began. Their tickets go with this client and
    /// its copies, unless the check has a name: then all clients whose check has the same name, and whose other
    /// settings are the same, may use them; the names of several checks have 63 bytes together and no commas. Several
    /// may be given, and each can refuse. Not with `.insecure_accept_any_server()`.
    template <server_check Check> builder also_require(Check check, std::string_view name = {}) && noexcept {
        if constexpr (std::is_pointer_v<Check>)
            if (check == nullptr) note(configuration_error(errc::bad_configuration, "a check that is null"));
        if (auto* const s = further()) {
            auto& all = s->also_require;
            if (!all.check.hold(std::move(check))) note(configuration_error(errc::out_of_memory));
            if (auto const named = all.add_name(name); !named) note(named.error());
            if (!all.is_named) all.set_at = std::chrono::system_clock::now().time_since_epoch().count();
            all.ask = verify::ask_application;
        }
        return std::move(*this);
    }

    /// Lets sessions export keying material, and bind channels: `session.export_keying_material(...)`,
    /// `session.channel_binding()`. A library may keep secrets of the handshake for it as long as a session lives.
    builder exporter() && noexcept
        requires the_library_is_built_with_an_exporter<Backend>
    {
        if (auto* const s = further()) s->exporting = &Backend::exporting;
        return std::move(*this);
    }

    /// Puts at most this much application data into one record, for servers with small buffers and for links on which
    /// a whole record takes long to arrive; each costs some 25 bytes. Default: 16384, the most that TLS allows.
    ///
    /// Errors, reported by `build()`: bad_configuration below 64 and above 16384.
    builder record_size(std::size_t bytes) && noexcept {
        if (auto* const s = further()) s->record_size = bytes;
        return std::move(*this);
    }

    /// Asks the server to put at most 512, 1024, 2048 or 4096 bytes into a record (RFC 6066 section 4), and does the
    /// same, whether it agrees or not: `facts().max_fragment_length` says that. For builds with small buffers, and
    /// where a record is to be whole soon.
    ///
    /// A server that agrees and sends a longer one all the same is refused: record_overflow; one that answers another
    /// length: illegal_parameter. Errors, reported by `build()`: bad_configuration for other lengths; unsupported where
    /// the library cannot do it in TLS 1.3, or with a certificate of ours, or its buffers are smaller.
    builder max_fragment_length(std::size_t bytes) && noexcept
        requires the_library_is_built_with_maximum_fragment_length<Backend>
    {
        if (auto* const s = further())
            s->max_fragment = static_cast<std::uint16_t>(bytes < UINT16_MAX && bytes != 0 ? bytes : 1);
        return std::move(*this);
    }

    /// Keeps what a server sent and the path that was accepted, in `facts().path`: some kilobytes for each connection.
    builder keep_peer_path() && noexcept {
        if (auto* const s = further()) s->keep_path = peer_path::of;
        return std::move(*this);
    }

    /// Remembers good signatures of servers' chains in this memory, shared with other clients of the same backend;
    /// null remembers nothing. Default: each client has a memory of its own for 32 signatures, 1 KiB.
    ///
    /// It saves computation and nothing else: see `signature::memory` and docs/verification.md.
    builder signature_memory(std::shared_ptr<signature::memory> shared) && noexcept {
        if (auto* const s = told()) {
            s->signature_memory = std::move(shared);
            s->own_signature_memory = false;
        }
        return std::move(*this);
    }

    /// Checks everything that can be checked without a server, and makes the client.
    ///
    /// Errors: those of the credentials given; bad_alpn, bad_versions; key_mismatch, bad_private_key, wrong_password,
    /// password_required; unsupported, library_mismatch, bad_configuration, out_of_memory, rng_failure, internal.
    [[nodiscard]] result<client<Backend>> build() && noexcept
        requires say_whom_we_trust_before_build<Decided> && say_who_we_are_before_build<Decided>;

    // Never callable; see <tls/core/misuse.hpp>. Compilers show the comments below.
    void connect(auto&&...) const
        requires build_the_client_before_connecting<builder>;
    void start(auto&&...) const
        requires build_the_client_before_connecting<builder>;
    void trust(auto&&...) & // write std::move(builder).trust(...)
        requires trust_is_decided_only_once<Decided>
    = delete;
    void trust(std::string_view) && // read it: .trust(tls::trust_anchors::from_pem_file(path))
        requires trust_is_decided_only_once<Decided>
    = delete;
    void identity(std::string_view, auto&&...) && // read it: .identity(tls::identity::from_pem_files(chain, key))
        requires identity_is_decided_only_once<Decided>
    = delete;
    void trust_system() & // write std::move(builder).trust_system()
        requires trust_is_decided_only_once<Decided>
    = delete;
    void identity(auto&&...) & // write std::move(builder).identity(...)
        requires identity_is_decided_only_once<Decided>
    = delete;
    void identities(identity_choice const&) & // write std::move(builder).identities({...})
        requires identity_is_decided_only_once<Decided> && the_library_is_built_for_several_identities<Backend>
    = delete;
    void no_identity() & // write std::move(builder).no_identity()
        requires identity_is_decided_only_once<Decided>
    = delete;
    void psk(auto&&...) & // write std::move(builder).psk(...)
        requires trust_is_decided_only_once<Decided> && identity_is_decided_only_once<Decided> &&
                     the_library_is_built_with_pre_shared_keys<Backend>
    = delete;
    void
    psk(std::string_view, std::string_view) && // bytes: pre_shared_key::from_hex(identity, digits), or std::as_bytes
        requires trust_is_decided_only_once<Decided> && identity_is_decided_only_once<Decided> &&
                     the_library_is_built_with_pre_shared_keys<Backend>
    = delete;
    void key_log(auto const&) & // write std::move(builder).key_log(...)
        requires the_library_is_built_with_a_key_log<Backend>
    = delete;
    void log(log_sink) & // write std::move(builder).log(...)
        requires the_library_is_built_with_a_debug_log<Backend>
    = delete;
    void resumption(auto const&) & // write std::move(builder).resumption(...)
        requires the_library_is_built_with_session_tickets<Backend>
    = delete;
    template <ticket_store Store>
        requires the_library_is_built_with_session_tickets<Backend>
    void resumption(Store const&&) && = delete; // the store must outlive the client: give an lvalue or a shared_ptr
    void alpn(std::initializer_list<std::string_view>) & = delete; // write std::move(builder).alpn(...)
    void alpn(detail::range_of_texts auto const&) & = delete;      // write std::move(builder).alpn(...)
    void alpn(std::string_view) && = delete;                       // give a list: .alpn({"mqtt"})
    void versions(protocol_version, protocol_version) & = delete;  // write std::move(builder).versions(...)
    void suites(std::initializer_list<cipher_suite>) & = delete;   // write std::move(builder).suites(...)
    void suites(std::span<cipher_suite const>) & = delete;         // write std::move(builder).suites(...)
    void groups(std::initializer_list<named_group>) & = delete;    // write std::move(builder).groups(...)
    void groups(std::span<named_group const>) & = delete;          // write std::move(builder).groups(...)
    void signature_schemes(std::initializer_list<signature_scheme>) & =
        delete; // write std::move(builder).signature_schemes(...)
    void
    signature_schemes(std::span<signature_scheme const>) & = delete; // write std::move(builder).signature_schemes(...)
    void pins(auto const&) & = delete;                               // write std::move(builder).pins(...)
    void revocation(auto const&, auto&&...) & = delete;              // write std::move(builder).revocation(...)
    void also_require(auto&&...) & = delete;                         // write std::move(builder).also_require(...)
    void verify_these_names_instead(auto const&) & = delete; // write std::move(builder).verify_these_names_instead(...)
    void profile(auto const&) & = delete;                    // write std::move(builder).profile(...)
    void require_stapled_status() &                          // write std::move(builder).require_stapled_status()
        requires the_library_can_ask_for_a_stapled_status<Backend>
    = delete;
    void honour_must_staple() & = delete; // write std::move(builder).honour_must_staple()
    void exporter() &                     // write std::move(builder).exporter()
        requires the_library_is_built_with_an_exporter<Backend>
    = delete;
    void max_fragment_length(std::size_t) & // write std::move(builder).max_fragment_length(...)
        requires the_library_is_built_with_maximum_fragment_length<Backend>
    = delete;
    void keep_peer_path() & = delete;         // write std::move(builder).keep_peer_path()
    void record_size(std::size_t) & = delete; // write std::move(builder).record_size(...)
    void clock(wall_clock) & = delete;        // write std::move(builder).clock(...)
    void build() &                            // write std::move(builder).build()
        requires say_whom_we_trust_before_build<Decided> && say_who_we_are_before_build<Decided>
    = delete;

private:
    template <backend, decided> friend class builder;

    void note(error const& e) noexcept {
        if (!failure_) failure_ = e;
    }

    /// The settings so far. None where memory ran out, and in a builder that was moved from: `build()` reports either.
    [[nodiscard]] settings* told() noexcept {
        if (!settings_) note(configuration_error(errc::bad_configuration, "this builder was moved from"));
        return settings_.get();
    }

    /// The settings that most clients do without.
    [[nodiscard]] further_settings* further() noexcept {
        settings* const s = told();
        if (s == nullptr) return nullptr;
        if (!s->further) s->further = seam::shared<further_settings>::make();
        if (!s->further) note(configuration_error(errc::out_of_memory));
        return s->further.get();
    }

    template <class Names> void verify_instead(Names const& names) noexcept {
        auto* const s = further();
        if (s == nullptr) return;
        s->names.clear();
        for (std::string_view const one : names) {
            auto const read = server_name::parse(one);
            if (!read)
                note(read.error());
            else if (!s->names.push_back(*read))
                note(configuration_error(errc::out_of_memory));
        }
        if (s->names.empty()) note(configuration_error(errc::bad_configuration, "no name to verify"));
    }

    builder staples(bool by_all) && noexcept {
        if (auto* const s = further()) {
            s->stapling.calls = &Backend::stapling;
            s->stapling.rules = &verify::stapling::rules;
            (by_all ? s->stapling.required : s->stapling.honours_must_staple) = true;
        }
        return std::move(*this);
    }

    builder resume(detail::any_ticket_store store) && noexcept {
        if (auto* const s = told()) {
            s->resumption.calls = &detail::resumption_of<Backend>;
            s->resumption.store = std::move(store);
        }
        return std::move(*this);
    }

    builder(seam::shared<settings> s, std::optional<error> const& failure) noexcept
        : settings_(std::move(s)),
          failure_(failure) {}

    /// Notes who we are.
    void is(identity_decision const& decided) noexcept {
        auto const& who = decided.who();
        if (!who)
            note(who.error());
        else if (*who && (*who)->is_spent())
            note(configuration_error(errc::spent, "this identity was moved from"));
        else if (auto* const s = told(); s != nullptr && *who)
            s->identity = **who;
    }

    void is(result<external_identity> const& who) noexcept {
        if (!who) return note(who.error());
        if (who->is_spent()) return note(configuration_error(errc::spent, "this identity was moved from"));
        auto* const s = told();
        if (s == nullptr) return;
        s->identity = who->certificates();
        s->signing = signing_by(who->signer());
    }

    /// The identities of a client, each with what signs for it.
    void are(identity_choice const& which) noexcept {
        if (which.failure()) return note(*which.failure());
        auto const all = which.entries();
        if (all.empty()) return note(configuration_error(errc::bad_configuration, "identities: none"));
        auto* const more = further();
        if (more == nullptr) return;
        auto const list = seam::shared<detail::identity_list>::make();
        if (!list) return note(configuration_error(errc::out_of_memory));
        list->choose = detail::choose_identity;
        settings_->identity = all[0].who;
        settings_->signing = signing_by(all[0].signer);
        for (auto const& one : all.subspan(1)) list->others[list->other_count++] = {one.who, signing_by(one.signer)};
        for (std::size_t i = 0; i != all.size(); ++i) list->issuers[i] = all[i].who->issuer_names();
        more->identities = list;
    }

    [[nodiscard]] static detail::signing_settings signing_by(detail::any_signer const& signer) noexcept {
        static constexpr seam::signing_calls calls = {
            detail::check_signing, Backend::use_signer, Backend::verify_signature,
            Backend::template supports<feature::deferred_signature>};
        if (!signer) return {};
        return {&calls, signer};
    }

    /// Notes the key that says both.
    void shares(result<pre_shared_key> const& shared) noexcept {
        static constexpr seam::psk_calls calls = {detail::check_psk, Backend::use_psk};
        if (!shared) return note(shared.error());
        if (shared->is_spent()) return note(configuration_error(errc::spent, "this pre-shared key was moved from"));
        auto* const s = told();
        if (s == nullptr) return;
        s->psk = {&calls, *shared};
        if (s->exactly_these_suites == nullptr) s->suites = settings::default_suites_with_psk();
    }

    /// Notes whom we trust.
    builder trusts(trust_decision const& whom) && noexcept {
        if (!whom.anchors()) note(whom.anchors().error());
        if (whom.anchors() && !whom.anchors()->complete())
            note(configuration_error(errc::out_of_memory, "trust anchors"));
        if (auto* const s = told()) {
            s->accept_any_server = whom.accepts_any_server();
            if (whom.anchors()) {
                s->anchors = whom.anchors()->store();
                s->exactly = whom.anchors()->exact_servers();
            }
        }
        return std::move(*this);
    }

    template <decided Next> builder<Backend, Next> next() && noexcept { return {std::move(settings_), failure_}; }

    seam::shared<settings> settings_; // not shared before `build()`
    std::optional<error> failure_;
};

} // namespace tls
