// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/configuration/summary.hpp>
#include <tls/core/server_name.hpp>
#include <tls/core/text_writer.hpp>
#include <tls/x509/short_name.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace tls::detail {
namespace summary {

inline void write_name(text_writer& out, x509::general_name const& n) noexcept {
    if (n.kind != x509::general_name_kind::ip)
        out << n.text();
    else if (auto const address = server_name::address(n.bytes))
        out << address->text();
}

/// As many of the alternative names as fit, and how many there are besides.
[[nodiscard]] inline short_text alternative_names(x509::certificate_view const& certificate) noexcept {
    constexpr std::size_t room_for_count = 16; // " and 65535 more"
    std::array<char, short_text::capacity> text;
    std::span<char> const room = text;
    text_writer out(room.first(room.size() - room_for_count));
    std::size_t written = 0;
    std::size_t left_out = 0;
    for (x509::general_name const& n : certificate.subject_alternative_names()) {
        bool const shown = n.kind == x509::general_name_kind::dns || n.kind == x509::general_name_kind::ip;
        std::size_t const longest = n.kind == x509::general_name_kind::ip ? 39 : n.bytes.size();
        if (!shown || longest + 2 > out.room()) {
            ++left_out;
            continue;
        }
        if (written++ != 0) out << ", ";
        write_name(out, n);
    }
    text_writer all(text);
    all.skip(out.view().size());
    if (left_out != 0 && written != 0) all << " and " << static_cast<long long>(left_out) << " more";
    return all.view();
}

/// The curve as a group that can be offered; 0 for one that cannot.
[[nodiscard]] constexpr named_group group_of(x509::curve c) noexcept {
    switch (c) {
    case x509::curve::p256: return named_group{23};
    case x509::curve::p384: return named_group{24};
    case x509::curve::p521: return named_group{25};
    case x509::curve::other: break;
    }
    return {};
}

/// What a key on this curve signs with in TLS 1.3; 0 for one that cannot.
[[nodiscard]] constexpr signature_scheme scheme_of(x509::curve c) noexcept {
    switch (c) {
    case x509::curve::p256: return signature_scheme::ecdsa_secp256r1_sha256;
    case x509::curve::p384: return signature_scheme::ecdsa_secp384r1_sha384;
    case x509::curve::p521: return signature_scheme::ecdsa_secp521r1_sha512;
    case x509::curve::other: break;
    }
    return {};
}

[[nodiscard]] inline own_key_kind kind_of(x509::certificate_view const& ours) noexcept {
    if (ours.public_key_kind() == x509::public_key_kind::rsa) return own_key_kind::rsa;
    switch (ours.curve()) {
    case x509::curve::p256: return own_key_kind::p256;
    case x509::curve::p384: return own_key_kind::p384;
    case x509::curve::p521: return own_key_kind::p521;
    case x509::curve::other: break;
    }
    return own_key_kind::other;
}

[[nodiscard]] constexpr bool
scheme_fits(signature_scheme scheme, x509::certificate_view const& ours, protocol_version version) noexcept {
    bool const tls_1_3 = version >= protocol_version::tls_1_3;
    switch (scheme) {
    case signature_scheme::rsa_pss_rsae_sha256:
    case signature_scheme::rsa_pss_rsae_sha384:
    case signature_scheme::rsa_pss_rsae_sha512: return ours.public_key_kind() == x509::public_key_kind::rsa;
    case signature_scheme::ecdsa_secp256r1_sha256:
        return ours.curve() == x509::curve::p256 || (!tls_1_3 && ours.curve() != x509::curve::other);
    case signature_scheme::ecdsa_secp384r1_sha384:
        return ours.curve() == x509::curve::p384 || (!tls_1_3 && ours.curve() != x509::curve::other);
    case signature_scheme::ecdsa_secp521r1_sha512:
        return ours.curve() == x509::curve::p521 || (!tls_1_3 && ours.curve() != x509::curve::other);
    case signature_scheme::rsa_pkcs1_sha256:
    case signature_scheme::rsa_pkcs1_sha384:
    case signature_scheme::rsa_pkcs1_sha512: return !tls_1_3 && ours.public_key_kind() == x509::public_key_kind::rsa;
    default: return false; // nothing that is offered
    }
}

} // namespace summary

TWINTLS_DECL certificate_summary summary_of(x509::certificate_view const& certificate) noexcept {
    certificate_summary s;
    s.not_before = certificate.not_before();
    s.not_after = certificate.not_after();
    s.names = summary::alternative_names(certificate);
    s.names_are_subject = s.names.empty();
    if (s.names_are_subject) s.names = x509::short_name(certificate.subject_name());
    s.issuer = x509::short_name(certificate.issuer_name());
    return s;
}

TWINTLS_DECL certificate_summary summary_of(identity const& who) noexcept {
    auto const& leaf = who.leaf();
    certificate_summary s;
    s.not_before = leaf.not_before();
    s.not_after = leaf.not_after();
    s.names = x509::short_name(leaf.subject_name());
    s.names_are_subject = true;
    s.issuer = x509::short_name(who.chain().back().issuer_name());
    return s;
}

TWINTLS_DECL client_summary summary_of(settings const& s, std::size_t index) noexcept {
    client_summary c;
    c.known = true;
    c.accepts_any_server = s.accept_any_server;
    c.has_psk = static_cast<bool>(s.psk);
    c.lowest_version = s.lowest_version;
    c.highest_version = s.highest_version;
    for (cipher_suite const suite : s.suites) c.suites.add(suite);
    for (named_group const g : s.groups) c.groups.add(g);
    for (signature_scheme const scheme : s.schemes) c.schemes.add(scheme);
    c.offers_alpn = !s.alpn.empty();
    if (!s.identity) return c;
    seam::own_identity const own = seam::identity_at(s, index);
    c.signer_schemes = own.signing.signer.schemes();
    c.has_identity = true;
    c.chain_size = static_cast<std::uint8_t>(own.who.chain().size());
    auto const& leaf = own.who.leaf();
    c.key_is_rsa = leaf.public_key_kind() == x509::public_key_kind::rsa;
    c.may_authenticate = leaf.allows_client_auth();
    c.key_scheme = summary::scheme_of(leaf.curve());
    auto const group = summary::group_of(leaf.curve());
    c.key_group_offered = group == named_group{} || std::ranges::find(s.groups, group) != s.groups.end();
    c.chain_ends_self_signed = own.who.chain().back().is_self_issued();
    if (seam::identities_of(s) != nullptr)
        for (std::size_t i = 0; i != seam::identity_count(s); ++i)
            c.keys[i] = summary::kind_of(seam::identity_at(s, i).who.leaf());
    return c;
}

TWINTLS_DECL bool can_sign(
    settings const& ours, seam::own_identity const& own, accepted_credentials const& accepted,
    protocol_version version) noexcept {
    auto const kind = own.who.leaf().public_key_kind();
    // No scheme that is offered: the library that has loaded such a key knows what it signs with.
    if (kind != x509::public_key_kind::rsa && kind != x509::public_key_kind::ec) return true;
    return std::ranges::any_of(ours.schemes, [&](signature_scheme s) noexcept {
        return accepted.known.has(s) && own.signing.can_make(s) && summary::scheme_fits(s, own.who.leaf(), version);
    });
}

TWINTLS_DECL bool can_sign_at(settings const& ours, seam::own_identity const& own, protocol_version version) noexcept {
    return std::ranges::any_of(ours.schemes, [&](signature_scheme s) noexcept {
        return own.signing.can_make(s) && summary::scheme_fits(s, own.who.leaf(), version);
    });
}

TWINTLS_DECL bool can_sign_at_all(settings const& ours, seam::own_identity const& own) noexcept {
    return can_sign_at(ours, own, ours.lowest_version) || can_sign_at(ours, own, ours.highest_version);
}

} // namespace tls::detail
