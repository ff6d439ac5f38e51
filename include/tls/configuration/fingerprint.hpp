// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/configuration/settings.hpp>
#include <tls/core/allocation.hpp>
#include <tls/core/server_name.hpp>
#include <tls/resumption/ticket.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace tls::detail {

/// A list of fields to be hashed, each preceded by its length, so that different lists never give the same bytes.
class fingerprint {
public:
    void add(std::span<std::byte const> bytes) noexcept {
        number(bytes.size());
        if (!bytes.empty()) note(parts_.push_back(bytes));
    }
    void add(std::string_view text) noexcept { add(std::as_bytes(std::span(text))); }
    void number(std::uint64_t value) noexcept {
        octets o;
        for (std::size_t i = 0; i != o.size(); ++i) o[i] = static_cast<std::byte>(value >> (8 * i));
        note(numbers_.push_back(o));
        note(parts_.push_back({}));
    }
    /// All fields, nothing to be added after that; they stay where they are as long as this object and what was added.
    /// None if memory ran out.
    [[nodiscard]] std::span<std::span<std::byte const> const> parts() noexcept {
        if (out_of_memory_) return {};
        auto const* next = numbers_.begin();
        for (auto& part : parts_)
            if (part.empty()) part = *next++;
        return {parts_.data(), parts_.size()};
    }

private:
    using octets = std::array<std::byte, 8>;

    void note(bool has_memory) noexcept { out_of_memory_ = out_of_memory_ || !has_memory; }

    seam::array<std::span<std::byte const>> parts_; // empty where a number belongs: those move while there are more
    seam::array<octets> numbers_;
    bool out_of_memory_ = false;
};

/// What of the further settings decides whom a client trusts.
inline void add_further(fingerprint& f, further_settings const& further) noexcept {
    auto const& [
        pins, pin_rule, // hashed; not: theirs
        revocation,     // hashed, but not the lists: they come and go, and tickets too
        stapling,       // hashed: what is required
        also_require,   // hashed
        keep_path,      // not: a copy of what was decided
        ask_rules,      // not: asks what is hashed
        names,          // hashed
        record_size,    // not: how data is cut
        max_fragment,   // hashed: it goes with a session (RFC 6066 section 4)
        exporting,      // not: derives something from what was agreed
        identities      // hashed
    ] = further;
    f.number(pins ? pins->size() : 0);
    f.number(pins && pins->are_of_path() ? 1 : 0);
    if (pins)
        for (auto const& pin : pins->all()) f.add(pin);
    f.number(names.size());
    for (server_name const& n : names) f.add(n.text());
    f.number(revocation.source ? 1 : 0);
    f.number(static_cast<std::uint64_t>(revocation.scope));
    f.number(stapling.required ? 1 : 0);
    f.number(stapling.honours_must_staple ? 1 : 0);
    f.number(also_require.ask != nullptr ? 1 : 0);
    f.add(also_require.name.view());
    f.number(reinterpret_cast<std::uintptr_t>(also_require.is_named ? nullptr : also_require.check.address()));
    f.number(static_cast<std::uint64_t>(also_require.set_at));
    f.number(max_fragment);
    f.number(identities ? identities->other_count : 0);
    for (std::size_t i = 0; identities && i != identities->other_count; ++i) {
        auto const chain = identities->others[i].who->chain();
        f.number(chain.size());
        for (auto const& certificate : chain) f.add(certificate.der());
    }
}

/// Whatever decides whom a client trusts, who it is and what it offers: two clients that differ in any of it must not
/// use each other's tickets.
[[nodiscard]] inline fingerprint
fingerprint_of(settings const& s, std::string_view backend, std::string_view library) noexcept {
    // A new setting does not compile until it is listed here. If it may affect trust, identity or offers, hash it below
    // and give it a line in the unit test; if not, say here why.
    auto const& [
        anchors, exactly, accept_any_server,             // hashed
        identity, alpn,                                  // hashed
        lowest_version, highest_version,                 // hashed
        suites, groups, schemes,                         // hashed
        exactly_these_suites, exactly_these_groups,      // not: asked for or default, the lists are the offer
        exactly_these_schemes,                           // not: the same
        policy,                                          // hashed
        further,                                         // hashed
        signature_memory, own_signature_memory,          // not: they save computation and decide nothing
        signature_memory_made,                           // not: the same
        key_log, start_key_log, key_log_target, log,     // not: they only listen
        resumption,                                      // not: where tickets are kept, and the result of this very hash
        signing,                                         // not: the certificates stand for the key, wherever it is
        psk,                                             // not: such a client neither keeps nor offers tickets
        clock,                                           // not: every clock judges a ticket's times anew
        handshake_timeout                                // not: it decides only for how long to try
    ] = s;
    auto const& [minimum_rsa_bits, check_time, max_path_length, strict_extended_key_usage] = policy;

    fingerprint f;
    f.add(backend);
    f.add(library);
    f.number(accept_any_server ? 1 : 0);
    f.number(anchors.size());
    for (auto const& anchor : anchors.all()) f.add(anchor.der());
    f.number(exactly.size());
    for (auto const& server : exactly.all()) f.add(server.der());
    f.number(further ? 1 : 0);
    if (further) add_further(f, *further);
    f.number(minimum_rsa_bits);
    f.number(check_time ? 1 : 0);
    f.number(max_path_length);
    f.number(strict_extended_key_usage ? 1 : 0);
    f.number(identity ? identity->chain().size() : 0);
    if (identity)
        for (auto const& certificate : identity->chain()) f.add(certificate.der()); // stands for the private key too
    f.number(alpn.size());
    for (std::size_t i = 0; i != alpn.size(); ++i) f.add(alpn[i]);
    f.number(static_cast<std::uint64_t>(lowest_version));
    f.number(static_cast<std::uint64_t>(highest_version));
    f.number(suites.size());
    for (cipher_suite const suite : suites) f.number(static_cast<std::uint64_t>(suite));
    f.number(groups.size());
    for (named_group const g : groups) f.number(static_cast<std::uint64_t>(g));
    f.number(schemes.size());
    for (signature_scheme const scheme : schemes) f.number(static_cast<std::uint64_t>(scheme));
    return f;
}

/// The client's part of a ticket's key. Errors: internal, out_of_memory.
template <class Backend> [[nodiscard]] result<std::array<std::byte, 32>> client_part(settings const& s) noexcept {
    std::array<std::byte, 32> digest;
    fingerprint f = fingerprint_of(s, Backend::name, Backend::version());
    auto const parts = f.parts();
    if (parts.empty()) return std::unexpected(configuration_error(errc::out_of_memory));
    if (!Backend::sha256(parts, digest)) return std::unexpected(configuration_error(errc::internal, "SHA-256"));
    return digest;
}

/// The server's part. Never allocates. Errors: internal.
template <class Backend>
[[nodiscard]] result<std::array<std::byte, 32>> server_part(server_name const& name, std::uint16_t port) noexcept {
    std::array<std::byte, 32> digest;
    auto const text = name.text(); // a DNS name is never an address
    std::array const octets = {static_cast<std::byte>(port >> 8), static_cast<std::byte>(port & 0xff)};
    std::array<std::span<std::byte const>, 2> const parts = {octets, std::as_bytes(std::span(text))};
    if (!Backend::sha256(parts, digest)) return std::unexpected(configuration_error(errc::internal, "SHA-256"));
    return digest;
}

} // namespace tls::detail
