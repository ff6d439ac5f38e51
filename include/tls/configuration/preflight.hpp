// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/configuration/settings.hpp>
#include <tls/core/allocation.hpp>
#include <tls/core/config.hpp>
#include <tls/core/error.hpp>
#include <tls/core/packed_texts.hpp>
#include <tls/core/server_name.hpp>
#include <tls/core/vocabulary.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace tls {

/// How much a finding matters.
enum class severity : std::uint8_t {
    note,    ///< worth knowing; connections can succeed
    warning, ///< some servers will refuse us, or protection is missing
    error    ///< connections will fail
};

/// "note", "warning" or "error".
[[nodiscard]] constexpr std::string_view name(severity s) noexcept {
    switch (s) {
    case severity::note: return "note";
    case severity::warning: return "warning";
    case severity::error: return "error";
    }
    return "unknown severity";
}

/// What a preflight can find.
enum class finding_kind : std::uint8_t {
    clock_implausible, ///< the clock stands before 2024: it was never set
    validity_unknown,  ///< with such a clock nothing can be said about anybody's validity

    no_identity,                  ///< we have no certificate to show
    identity_expired,             ///< our own certificate is past its validity
    identity_not_yet_valid,       ///< our own certificate is not valid yet
    identity_is_ca,               ///< our own certificate is that of an authority
    identity_self_signed,         ///< our own certificate is its own issuer
    identity_not_for_clients,     ///< extKeyUsage without clientAuth
    identity_not_for_signing,     ///< keyUsage without digitalSignature
    identity_key_unusable,        ///< no signature algorithm for our key in the versions offered
    identity_key_not_for_tls_1_3, ///< no signature algorithm for our key in TLS 1.3
    intermediate_expired,         ///< a certificate above our own is past its validity
    intermediate_not_yet_valid,   ///< a certificate above our own is not valid yet
    intermediate_not_a_ca,        ///< a certificate above our own may not issue certificates
    intermediate_not_for_clients, ///< a certificate above our own has an extKeyUsage without clientAuth
    intermediate_has_another_key, ///< a certificate has its issuer's name above it and not its issuer's key
    chain_expires_soon,           ///< a certificate of our chain expires within seven days
    chain_weak_key,               ///< a key of our chain is too small or of an uncommon curve
    chain_weak_hash,              ///< a signature of our chain uses MD5, SHA-1 or SHA-224
    chain_may_be_incomplete,      ///< our certificate is alone, and its issuer is not known to us
    chain_has_root,               ///< our chain ends in a root, which need not be sent

    accepts_any_server,   ///< no server is verified
    no_anchors,           ///< we trust nobody
    no_usable_anchor,     ///< no trust anchor can be used
    anchor_unreadable,    ///< a trust anchor is no certificate, or a part of it cannot be read
    anchor_expired,       ///< a trust anchor is past its validity
    anchor_not_yet_valid, ///< a trust anchor is not valid yet
    anchor_not_a_ca,      ///< a trust anchor may not issue certificates, and somebody else issued it
    anchor_weak_key,      ///< a trust anchor's key is too small or of a kind that is not accepted
    anchor_forbids_use,   ///< a trust anchor's extensions do not let it vouch for servers
    anchor_is_one_server, ///< a trust anchor is the certificate of one server and vouches for that one only

    no_server_name_sent, ///< the server is named by its address

    memory_ran_out, ///< there was not enough memory to look
};

/// One sentence without full stop that says what was found.
[[nodiscard]] constexpr std::string_view message(finding_kind kind) noexcept {
    using enum finding_kind;
    switch (kind) {
    case clock_implausible: return "the clock is wrong";
    case validity_unknown: return "with this clock no certificate's validity can be judged";
    case no_identity: return "we have no certificate: a server that requires one will refuse us";
    case identity_expired: return "our certificate has expired";
    case identity_not_yet_valid: return "our certificate is not valid yet";
    case identity_is_ca: return "our certificate is that of a certificate authority";
    case identity_self_signed: return "our certificate is self-signed: only a server that knows it will accept it";
    case identity_not_for_clients: return "our certificate is not for client authentication (extKeyUsage)";
    case identity_not_for_signing: return "our certificate does not allow signing (keyUsage)";
    case identity_key_unusable: return "no signature algorithm we can use fits our key";
    case identity_key_not_for_tls_1_3: return "no signature algorithm of TLS 1.3 fits our key";
    case intermediate_expired: return "an intermediate certificate of ours has expired";
    case intermediate_not_yet_valid: return "an intermediate certificate of ours is not valid yet";
    case intermediate_not_a_ca: return "an intermediate certificate of ours is not a certificate authority";
    case intermediate_not_for_clients:
        return "an intermediate certificate of ours is not for client authentication (extKeyUsage)";
    case intermediate_has_another_key:
        return "an intermediate certificate of ours has the issuer's name and not the issuer's key";
    case chain_expires_soon: return "a certificate of ours expires within seven days";
    case chain_weak_key: return "a key of our chain is weaker than servers usually accept";
    case chain_weak_hash: return "a signature of our chain uses a weak hash";
    case chain_may_be_incomplete: return "we send one certificate, and no certificate of its issuer is known here";
    case chain_has_root: return "our chain ends in a root certificate, which need not be sent";
    case accepts_any_server: return "any server is accepted: anyone on the network path can read and change everything";
    case no_anchors: return "there are no trust anchors: every server will be refused";
    case no_usable_anchor: return "no trust anchor can be used: every server will be refused";
    case anchor_unreadable: return "a trust anchor cannot be parsed";
    case anchor_expired: return "a trust anchor has expired";
    case anchor_not_yet_valid: return "a trust anchor is not valid yet";
    case anchor_not_a_ca: return "a trust anchor is not a certificate authority";
    case anchor_weak_key: return "a trust anchor's key is too weak or of a kind that is not accepted";
    case anchor_forbids_use: return "a trust anchor's extensions do not let it vouch for servers";
    case anchor_is_one_server: return "a trust anchor is a server's own certificate and vouches for nothing else";
    case no_server_name_sent: return "the server is named by its address, so no server name is sent";
    case memory_ran_out: return "memory ran out before everything was looked at";
    }
    return "unknown finding";
}

namespace detail {

/// What to try, as `advice` has it, with {@word} for what can be set.
[[nodiscard]] constexpr std::string_view advice_in_any_words(finding_kind kind) noexcept {
    using enum finding_kind;
    switch (kind) {
    case clock_implausible: return "set the clock before connecting, for example by NTP or from a clock chip";
    case validity_unknown: return {};
    case no_identity: return "if the server requires a certificate, {@identity}";
    case identity_expired: return "renew the certificate; if it should be valid, set the clock";
    case identity_not_yet_valid: return "set the clock; if it is right, wait or have the certificate reissued";
    case identity_is_ca: return "give the certificate the authority issued to this device, not the authority's own";
    case identity_self_signed: return "make sure that the server trusts this very certificate, or have one issued";
    case identity_not_for_clients: return "have it issued with clientAuth; a server's certificate is not a client's";
    case identity_not_for_signing: return "have it issued with digitalSignature in its keyUsage";
    case identity_key_unusable: return "use a key on P-256, P-384 or P-521, or an RSA key of 2048 bits or more";
    case identity_key_not_for_tls_1_3: return "use a key on P-256, P-384 or P-521, or offer TLS 1.2 only";
    case intermediate_expired:
        return "get the authority's current intermediate certificate; if it is that, set the clock";
    case intermediate_not_yet_valid: return "set the clock; if it is right, get the intermediate valid now";
    case intermediate_not_a_ca: return "put the certificates of the issuers behind our own, and nothing else";
    case intermediate_not_for_clients: return "have the certificate issued by an authority for clients";
    case intermediate_has_another_key: return "take the intermediate that was current when our certificate was issued";
    case chain_expires_soon: return "renew it";
    case chain_weak_key: return "use a key on P-256, P-384 or P-521, or an RSA key of 2048 bits or more";
    case chain_weak_hash: return "have the certificate reissued with SHA-256";
    case chain_may_be_incomplete: return "if the server refuses us, add the intermediate certificates behind our own";
    case chain_has_root: return {};
    case accepts_any_server: return "use {@trust} with the authority of the server";
    case no_anchors: return "give the certificate of the authority that issued the server's certificate";
    case no_usable_anchor: return "give the current certificate of the authority that issued the server's certificate";
    case anchor_unreadable: return "replace it";
    case anchor_expired: return "get the authority's current certificate; if it should be valid, set the clock";
    case anchor_not_yet_valid: return "set the clock";
    case anchor_not_a_ca: return "give the certificate of the authority that issued it";
    case anchor_weak_key: return "get an authority's certificate with a stronger key";
    case anchor_forbids_use: return "give the certificate of an authority for servers";
    case anchor_is_one_server: return {};
    case no_server_name_sent: return "if the server has several names, use {@server_name} with the right one";
    case memory_ran_out: return "free some memory";
    }
    return {};
}

inline constexpr auto finding_advice =
    pack_texts_in_library_words<static_cast<std::size_t>(finding_kind::memory_ran_out) + 1, [](std::size_t i) noexcept {
        return advice_in_any_words(static_cast<finding_kind>(i));
    }>();

} // namespace detail

/// What to try, as a phrase without full stop; empty where nothing need be done.
[[nodiscard]] constexpr std::string_view advice(finding_kind kind) noexcept {
    auto const at = static_cast<std::size_t>(kind);
    return kind <= finding_kind::memory_ran_out ? detail::finding_advice[at] : std::string_view{};
}

/// One thing a preflight found.
struct finding {
    tls::severity severity = tls::severity::note;
    finding_kind kind = finding_kind::validity_unknown;
    short_text about;        ///< the subject of the certificate at fault, the issuer that is missing, or the address
    std::uint32_t index = 0; ///< of that certificate in our chain (0 is our own) or among the trust anchors
    std::int64_t not_before = 0; ///< its validity, in seconds since 1970-01-01 UTC; both 0 if there is no certificate
    std::int64_t not_after = 0;

    friend bool operator==(finding const&, finding const&) noexcept = default;
};

/// What a preflight found: errors first, then warnings, then notes. Copies share it.
class findings {
public:
    using const_iterator = finding const*;

    [[nodiscard]] const_iterator begin() const noexcept { return all().data(); }
    [[nodiscard]] const_iterator end() const noexcept { return all().data() + all().size(); }
    [[nodiscard]] std::size_t size() const noexcept { return all().size(); }
    [[nodiscard]] bool empty() const noexcept { return all().empty(); }
    /// The highest severity among them; `note` if there are none.
    [[nodiscard]] tls::severity worst() const noexcept { return empty() ? tls::severity::note : begin()->severity; }
    [[nodiscard]] bool has(finding_kind kind) const noexcept;
    /// What the clock said, in seconds since 1970-01-01 UTC.
    [[nodiscard]] std::int64_t clock() const noexcept { return clock_; }

    friend bool operator==(findings const& a, findings const& b) noexcept {
        return a.clock_ == b.clock_ && std::ranges::equal(a, b);
    }

private:
    friend findings preflight(settings const& s, server_name const& name, std::int64_t now) noexcept;

    /// Most severe first; null if memory ran out.
    findings(std::int64_t clock, seam::shared<seam::array<finding> const> all) noexcept
        : clock_(clock),
          all_(std::move(all)) {}

    static constexpr finding nothing_was_looked_at{tls::severity::error, finding_kind::memory_ran_out, {}, 0, 0, 0};

    [[nodiscard]] std::span<finding const> all() const noexcept {
        return all_ ? std::span(all_->data(), all_->size()) : std::span(&nothing_was_looked_at, 1);
    }

    std::int64_t clock_;
    seam::shared<seam::array<finding> const> all_;
};

/// Examines a client's configuration before any connection: what will fail, and what may.
///
/// Judges the clock, our own certificates, the trust anchors and the server's name; what only a server knows, such as
/// which authorities it trusts, stays open. Signatures are not verified. Whether the private key belongs to our
/// certificate was settled by `build()`, which fails with key_mismatch if it does not. `now` is in seconds since
/// 1970-01-01 UTC. Without memory for them, the only finding is the error memory_ran_out. Does no I/O; the same for
/// every backend. Thread safe.
[[nodiscard]] findings preflight(settings const& s, server_name const& name, std::int64_t now) noexcept;

/// What was found as text: for each finding a line with its severity and what is known, and one with what to try.
///
/// Empty if nothing was found; otherwise ends without a line break. Plain ASCII and safe to print. Throws
/// std::bad_alloc.
[[nodiscard]] std::string explain(findings const& found, vocabulary const& words = library_words);

} // namespace tls

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/configuration/impl/preflight.ipp>
#endif
