// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/configuration/draft.hpp>
#include <tls/configuration/list_of_names.hpp>
#include <tls/configuration/mistakes.hpp>
#include <tls/configuration/profile.hpp>
#include <tls/configuration/requirements.hpp>
#include <tls/connection/backend.hpp>
#include <tls/connection/resumption.hpp>
#include <tls/connection/stapling.hpp>
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
#include <span>
#include <string_view>
#include <utility>

namespace tls {

template <backend Backend> class client;

/// Collects what a client needs to know; `build()` exists once everything that must be decided is decided.
///
/// Two decisions are required, in any order, each exactly once: whom we trust and who we are. Everything else has a
/// safe default. Each call consumes the builder and returns the next one. A failed source (`result` with an error) may
/// be passed in as it is: `build()` reports the first. Not safe to use from two threads at once.
template <backend Backend, decided Decided = {}>
class [[nodiscard]] builder : detail::mistaken_settings<Backend, Decided> {
    using mistakes = detail::mistaken_settings<Backend, Decided>;

public:
    builder() noexcept = default;
    builder(builder const&) = delete;
    builder& operator=(builder const&) = delete;
    builder(builder&&) noexcept = default;
    builder& operator=(builder&&) noexcept = default;
    ~builder() = default;

    /// Trusts these authorities, and nobody else. A source that failed may be given as it is: `build()` reports it.
    auto trust(trust_decision const& whom) && noexcept
        requires trust_is_decided_only_once<Decided>
    {
        return next<{true, Decided.identity}>(std::move(draft_).trust(whom));
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
        return next<{Decided.trust, true}>(std::move(draft_).identity(who));
    }
    /// As above, where something else signs with the private key: see `identity::from_signer`.
    ///
    /// Errors, reported by `build()`: that of the source; spent; bad_configuration if the signer makes no signature for
    /// the versions and schemes of this client.
    auto identity(result<external_identity> const& who) && noexcept
        requires identity_is_decided_only_once<Decided> && the_library_is_built_for_an_external_signer<Backend>
    {
        return next<{Decided.trust, true}>(std::move(draft_).identity(who, detail::signing_of<Backend>));
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
        return next<{Decided.trust, true}>(std::move(draft_).identities(which, detail::signing_of<Backend>));
    }
    /// Has no certificate: a server that requires one will refuse us.
    auto no_identity() && noexcept
        requires identity_is_decided_only_once<Decided>
    {
        return next<{Decided.trust, true}>(std::move(draft_));
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
        return next<{true, true}>(std::move(draft_).psk(shared, detail::psk_of<Backend>));
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
        return next<{true, true}>(std::move(draft_).identity(who).trust(whom));
    }

    /// As above, where something else signs with the private key.
    auto decide(trust_decision const& whom, result<external_identity> const& who) && noexcept
        requires trust_is_decided_only_once<Decided> && identity_is_decided_only_once<Decided> &&
                 the_library_is_built_for_an_external_signer<Backend>
    {
        return next<{true, true}>(std::move(draft_).identity(who, detail::signing_of<Backend>).trust(whom));
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
        return next<{true, true}>(std::move(draft_).identities(which, detail::signing_of<Backend>).trust(whom));
    }

    /// Offers these application protocols, most preferred first (RFC 7301); each is 1 to 255 bytes.
    ///
    /// Errors, reported by `build()`: bad_alpn, naming the protocol.
    builder alpn(std::initializer_list<std::string_view> protocols) && noexcept {
        return std::move(draft_).alpn(protocols);
    }

    /// As above, for protocols that come from elsewhere: strings, views or C strings in any container.
    template <detail::range_of_texts Protocols> builder alpn(Protocols const& protocols) && noexcept {
        return std::move(draft_).alpn(protocols);
    }

    /// Negotiates nothing below and nothing above these versions. Default: TLS 1.2 to TLS 1.3.
    ///
    /// Errors, reported by `build()`: bad_versions, unsupported.
    builder versions(protocol_version lowest, protocol_version highest) && noexcept {
        return std::move(draft_).versions(lowest, highest);
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
        return std::move(draft_).suites(std::span(wanted.begin(), wanted.size()));
    }
    /// As above, for suites that come from elsewhere.
    builder suites(std::span<cipher_suite const> wanted) && noexcept { return std::move(draft_).suites(wanted); }

    /// As above, for a list that was read, as by `suites_from`; an error is kept for `build()`.
    builder suites(result<seam::suite_list> const& wanted) && noexcept { return std::move(draft_).suites(wanted); }

    /// Offers exactly these key exchange groups, most preferred first; under TLS 1.3 the first gets the key share.
    /// Default: `settings::default_groups()`.
    ///
    /// Under TLS 1.2 they also tell a server which curves its certificate may be on (RFC 8422 section 5.1.1). Errors,
    /// reported by `build()`: bad_configuration for an empty list, a duplicate, or a group that twintls does not know;
    /// unsupported for one that the C library as built lacks. The error names it.
    builder groups(std::initializer_list<named_group> wanted) && noexcept {
        return std::move(draft_).groups(std::span(wanted.begin(), wanted.size()));
    }
    /// As above, for groups that come from elsewhere.
    builder groups(std::span<named_group const> wanted) && noexcept { return std::move(draft_).groups(wanted); }

    /// As above, for a list that was read, as by `groups_from`; an error is kept for `build()`.
    builder groups(result<seam::group_list> const& wanted) && noexcept { return std::move(draft_).groups(wanted); }

    /// Offers exactly these signature schemes, most preferred first, and uses no others: the server signs with one of
    /// them, and so do we. Default: `settings::default_schemes()`.
    ///
    /// TLS 1.3 needs one for ECDSA or RSA-PSS (RFC 8446 section 4.2.3); those of RSA with PKCS#1 v1.5 mean certificates
    /// there. What certificates are accepted follows from `minimum_rsa_bits` and the trust anchors, not from this list.
    /// Errors, reported by `build()`: bad_configuration for an empty list, a duplicate, a scheme that twintls does not
    /// know, for TLS 1.3 without a scheme, and if our own key can make none of them; unsupported for one that the C
    /// library as built cannot offer, or if it has no way to take a list. The error names it.
    builder signature_schemes(std::initializer_list<signature_scheme> wanted) && noexcept {
        return std::move(draft_).signature_schemes(std::span(wanted.begin(), wanted.size()));
    }
    /// As above, for schemes that come from elsewhere.
    builder signature_schemes(std::span<signature_scheme const> wanted) && noexcept {
        return std::move(draft_).signature_schemes(wanted);
    }

    /// As above, for a list that was read, as by `schemes_from`; an error is kept for `build()`.
    builder signature_schemes(result<seam::scheme_list> const& wanted) && noexcept {
        return std::move(draft_).signature_schemes(wanted);
    }

    /// Offers and accepts what a profile says: versions, suites, groups, schemes, application protocols, the size of
    /// RSA keys and the length of paths. Calls behind it change single points of it. Errors, reported by `build()`:
    /// unsupported, for what the C library as built lacks.
    builder profile(tls::profile const& p) && noexcept { return std::move(draft_).profile(p); }
    /// As above; an error is kept for `build()`.
    builder profile(result<tls::profile> const& p) && noexcept { return std::move(draft_).profile(p); }

    /// Writes every secret of every connection of this client to a key log, for Wireshark; for debugging.
    ///
    /// Off unless called for: no environment variable switches it on. The sink must stay callable as long as the client
    /// or one of its connections exists.
    builder key_log(key_log_sink sink) && noexcept
        requires the_library_is_built_with_a_key_log<Backend>
    {
        return std::move(draft_).key_log(sink, Backend::start_key_log);
    }
    /// As above, into a file, which stays open as long as it is needed; an object without a file means no key log.
    builder key_log(key_log_file const& file) && noexcept
        requires the_library_is_built_with_a_key_log<Backend>
    {
        return std::move(draft_).key_log(file, Backend::start_key_log);
    }
    /// As above; an error is kept for `build()`.
    builder key_log(result<key_log_file> const& file) && noexcept
        requires the_library_is_built_with_a_key_log<Backend>
    {
        return std::move(draft_).key_log(file, Backend::start_key_log);
    }

    /// Hands the C library's own debug output about the connections of this client to a sink; it may contain secrets.
    ///
    /// Needs a library that was built with it (`-DTWINTLS_DEBUG_LOG=ON`) and is then slower. The libraries switch their
    /// output on for the whole process and without a lock: build the first client with a log before other threads use
    /// the library.
    builder log(log_sink sink) && noexcept
        requires the_library_is_built_with_a_debug_log<Backend>
    {
        return std::move(draft_).log(sink);
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
        return std::move(draft_).resumption(detail::resumption_of<Backend>, detail::any_ticket_store(store));
    }
    /// As above, sharing the store's ownership; errors: bad_configuration, by `build()`, if it is null.
    template <ticket_store Store>
        requires the_library_is_built_with_session_tickets<Backend>
    builder resumption(std::shared_ptr<Store> store) && noexcept {
        return std::move(draft_).resumption(detail::resumption_of<Backend>, std::move(store));
    }
    /// Resumes sessions with tickets that the application takes from `session::take_ticket` and gives to `connect`.
    builder resumption(own_tickets_t) && noexcept
        requires the_library_is_built_with_session_tickets<Backend>
    {
        return std::move(draft_).resumption(detail::resumption_of<Backend>, detail::any_ticket_store());
    }

    /// Asks this clock for the time instead of the system's, on devices that keep time elsewhere; null changes nothing.
    ///
    /// It decides which certificates are valid and how old tickets are, and preflights and errors quote it. Called
    /// inside handshakes, from every thread that makes one.
    builder clock(wall_clock now) && noexcept { return std::move(draft_).clock(now); }
    /// The former name of `clock`, which goes with the next release.
    [[deprecated("use .clock(...)")]] builder ticket_clock(wall_clock now) && noexcept {
        return std::move(draft_).clock(now);
    }

    /// Gives a handshake this long in all, from its first step and apart from connecting; then it is over, with
    /// `timeout`. Default: 30 seconds. `tls::no_timeout` switches the deadline off; less than nothing is nothing.
    ///
    /// It holds for `connect` and `start` over every transport that returns in time or can be told when to, as
    /// `tcp_stream` can; not for an engine, which never waits. A deadline for each read is the transport's.
    builder handshake_timeout(std::chrono::milliseconds in_all) && noexcept {
        return std::move(draft_).handshake_timeout(in_all);
    }

    /// Accepts no path with more intermediates than this between the server's certificate and the trust anchor;
    /// self-issued ones do not count (RFC 5280 section 6.1.1 (d)). Longer ones are `path_too_long`.
    builder max_path_length(std::size_t intermediates) && noexcept {
        return std::move(draft_).max_path_length(intermediates);
    }

    /// Reads extended key usage as the CA/Browser Forum's requirements do: the server's certificate must have it and
    /// name serverAuth, and an intermediate that has it must name serverAuth too; anyExtendedKeyUsage is not enough. A
    /// certificate that does not is refused as `bad_extended_key_usage`. Default: RFC 5280 section 4.2.1.12.
    builder strict_extended_key_usage() && noexcept { return std::move(draft_).strict_extended_key_usage(); }

    /// Accepts a server only if the key of a certificate is one of these, beside all else: see `tls::key_pins`.
    ///
    /// They are checked before anything of ours leaves that depends on the server. A server with another key is refused
    /// as `pin_mismatch`. A second call replaces the first. Not with `.insecure_accept_any_server()`. A source that
    /// failed may be given as it is.
    builder pins(result<key_pins> const& wanted) && noexcept { return std::move(draft_).pins(wanted); }

    /// Refuses servers whose certificate was revoked, and those of which these lists cannot tell: `revoked`, `no_crl`,
    /// `crl_expired`, `revocation_unknown`.
    ///
    /// Each certificate that is looked up needs a list of its issuer that covers it, is current and was signed with the
    /// issuer's key, which must be allowed to (RFC 5280 section 6.3). A server that is trusted as it is is not looked
    /// up. Sessions are resumed only with the very lists that their server was looked up in. A second call replaces the
    /// first. Not with `.insecure_accept_any_server()`. A source that failed may be given as it is.
    builder revocation(
        result<revocation_lists> const& lists, revocation_scope whose = revocation_scope::whole_path) && noexcept {
        return std::move(draft_).revocation(lists, whose, detail::stamp_of_lists<Backend>);
    }
    /// As above, with lists that can be replaced while clients use them.
    builder
    revocation(revocation_source const& source, revocation_scope whose = revocation_scope::whole_path) && noexcept {
        return std::move(draft_).revocation(source, whose, detail::stamp_of_lists<Backend>);
    }

    /// Requires of every server that it staples an OCSP status to its certificate which says that it is good (RFC 6066
    /// section 8, RFC 6960): `no_stapled_status`, `stapled_status_expired`, `bad_stapled_status`, `revoked`.
    ///
    /// It is asked for in the hello, and due before anything of ours leaves that depends on the server. It must be
    /// signed by the authority that issued the certificate, or by a responder that this authority has named, and say
    /// until when it holds; a session is not resumed beyond that. A server that is trusted as it is needs none. Not
    /// with `.insecure_accept_any_server()`.
    builder require_stapled_status() && noexcept
        requires the_library_can_ask_for_a_stapled_status<Backend>
    {
        return std::move(draft_).require_stapled_status(Backend::stapling, verify::stapling::rules);
    }

    /// Requires that status of those servers whose certificate promises one ("must staple", RFC 7633), and refuses them
    /// without: `no_stapled_status` and the other codes above.
    ///
    /// A library that cannot ask for a status gets none: with it every such certificate is refused. Without this call
    /// the promise is passed over, unless the certificate says that it is critical, which is `critical_extension`. Not
    /// with `.insecure_accept_any_server()`.
    builder honour_must_staple() && noexcept {
        return std::move(draft_).honour_must_staple(Backend::stapling, verify::stapling::rules);
    }

    /// Verifies servers against these names instead of the one that is connected to: a server must prove one of them.
    ///
    /// For servers behind a gateway that knows them by other names, and for those with several. The name given to
    /// `connect` is then sent to the server (SNI) and files its tickets, and is verified by nobody. DNS names and
    /// addresses. Errors, reported by `build()`: bad_server_name, naming the first; bad_configuration for an empty
    /// list.
    builder verify_these_names_instead(std::initializer_list<std::string_view> names) && noexcept {
        return std::move(draft_).verify_these_names_instead(names);
    }
    /// As above, for names that come from elsewhere.
    template <detail::range_of_texts Names> builder verify_these_names_instead(Names const& names) && noexcept {
        return std::move(draft_).verify_these_names_instead(names);
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
        return std::move(draft_).also_require(std::move(check), name);
    }

    /// Lets sessions export keying material, and bind channels: `session.export_keying_material(...)`,
    /// `session.channel_binding()`. A library may keep secrets of the handshake for it as long as a session lives.
    builder exporter() && noexcept
        requires the_library_is_built_with_an_exporter<Backend>
    {
        return std::move(draft_).exporter(Backend::exporting);
    }

    /// Puts at most this much application data into one record, for servers with small buffers and for links on which
    /// a whole record takes long to arrive; each costs some 25 bytes. Default: 16384, the most that TLS allows.
    ///
    /// Errors, reported by `build()`: bad_configuration below 64 and above 16384.
    builder record_size(std::size_t bytes) && noexcept { return std::move(draft_).record_size(bytes); }

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
        return std::move(draft_).max_fragment_length(bytes);
    }

    /// Keeps what a server sent and the path that was accepted, in `facts().path`: some kilobytes for each connection.
    builder keep_peer_path() && noexcept { return std::move(draft_).keep_peer_path(); }

    /// Remembers good signatures of servers' chains in this memory, shared with other clients of the same backend;
    /// null remembers nothing. Default: each client has a memory of its own for 32 signatures, 1 KiB.
    ///
    /// It saves computation and nothing else: see `signature::memory` and docs/verification.md.
    builder signature_memory(std::shared_ptr<signature::memory> shared) && noexcept {
        return std::move(draft_).signature_memory(std::move(shared));
    }

    /// Checks everything that can be checked without a server, and makes the client.
    ///
    /// Errors: those of the credentials given; bad_alpn, bad_versions; key_mismatch, bad_private_key, wrong_password,
    /// password_required; unsupported, library_mismatch, bad_configuration, out_of_memory, rng_failure, internal.
    [[nodiscard]] result<client<Backend>> build() && noexcept
        requires say_whom_we_trust_before_build<Decided> && say_who_we_are_before_build<Decided>;

    // Never callable; see <tls/core/misuse.hpp> and <tls/configuration/mistakes.hpp>.
    void connect(auto&&...) const
        requires build_the_client_before_connecting<builder>;
    void start(auto&&...) const
        requires build_the_client_before_connecting<builder>;
    using mistakes::trust, mistakes::identity, mistakes::trust_system, mistakes::identities, mistakes::no_identity,
        mistakes::psk, mistakes::key_log, mistakes::log, mistakes::resumption, mistakes::alpn, mistakes::versions,
        mistakes::suites, mistakes::groups, mistakes::signature_schemes, mistakes::pins, mistakes::revocation,
        mistakes::also_require, mistakes::verify_these_names_instead, mistakes::profile,
        mistakes::require_stapled_status, mistakes::honour_must_staple, mistakes::exporter,
        mistakes::max_fragment_length, mistakes::keep_peer_path, mistakes::record_size, mistakes::clock,
        mistakes::build;

private:
    template <backend, decided> friend class builder;

    // Not explicit: it is what the calls above return.
    builder(detail::draft&& collected) noexcept : draft_(std::move(collected)) {}

    template <decided Next> [[nodiscard]] static builder<Backend, Next> next(detail::draft&& collected) noexcept {
        return {std::move(collected)};
    }

    detail::draft draft_;
};

} // namespace tls
