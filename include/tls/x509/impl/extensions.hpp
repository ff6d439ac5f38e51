// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/x509/der.hpp>
#include <tls/x509/impl/algorithms.hpp>

#include <cstdint>
#include <optional>

/// What certificates and revocation lists are both made of.
namespace tls::x509::detail {

/// The octets of a BIT STRING, whose number of bits must be a multiple of eight.
[[nodiscard]] constexpr der::extent take_whole_octets(der::cursor& in) noexcept {
    auto const content = in.take(der::tag::bit_string);
    if (!der::whole_octets(in.at(content))) {
        in.fail();
        return {};
    }
    return {content.at + 1, content.size - 1};
}

[[nodiscard]] constexpr bool take_boolean(der::cursor& in) noexcept {
    auto const value = der::boolean(in.at(in.take(der::tag::boolean)));
    if (!value) in.fail();
    return value.value_or(false);
}

/// AlgorithmIdentifier ::= SEQUENCE { algorithm OBJECT IDENTIFIER, parameters ANY OPTIONAL }
constexpr der::extent take_signature_algorithm(der::cursor& in, signature_algorithm& out) noexcept {
    auto const begin = in.position();
    auto const outer = in.enter(der::tag::sequence);
    auto const id = in.take(der::tag::oid);
    auto const parameters_at = in.position();
    if (!in.at_end()) static_cast<void>(in.take_any());
    auto const parameters = in.since(parameters_at);
    in.leave(outer);
    auto const algorithm = algorithms::signature_of(in.at(id));
    bool const is_pss = algorithm == signature_algorithm::rsa_pss_sha1;
    out = is_pss ? algorithms::pss_of(in.at(parameters)) : algorithm;
    return in.since(begin);
}

/// The parameters of the AlgorithmIdentifier that `outer` begins with, if it is one of RSASSA-PSS.
[[nodiscard]] constexpr std::optional<pss_parameters> pss_at(der::bytes outer) noexcept {
    der::cursor in(outer);
    auto const sequence = in.enter(der::tag::sequence);
    auto const id = in.at(in.take(der::tag::oid));
    auto const begin = in.position();
    in.to_end();
    auto const parameters = in.at(in.since(begin));
    in.leave(sequence);
    if (algorithms::signature_of(id) != signature_algorithm::rsa_pss_sha1) return std::nullopt;
    return algorithms::pss_parameters_of(parameters);
}

/// Whether a list of extensions, read before, has one of this id.
[[nodiscard]] constexpr bool is_among(der::bytes extensions, der::bytes id) noexcept {
    der::cursor in(extensions);
    while (!in.at_end()) {
        auto const outer = in.enter(der::tag::sequence);
        if (der::equal(in.at(in.take(der::tag::oid)), id)) return true;
        in.to_end();
        in.leave(outer);
    }
    return false;
}

/// Extensions ::= SEQUENCE SIZE (1..MAX) OF SEQUENCE { extnID, critical DEFAULT FALSE, extnValue OCTET STRING }
///
/// Calls `read` with the id and whether it is critical, for each in turn, having stepped into its value, all of which
/// it has to pass. None may come twice, and there may be 64 of them.
template <class Read> constexpr void read_extensions(der::cursor& in, Read read) noexcept {
    constexpr unsigned max_extensions = 64;
    auto const list = in.enter(der::tag::sequence);
    if (in.at_end()) return in.fail();
    auto const first = in.position();
    unsigned count = 0;
    std::uint32_t seen = 0;
    while (!in.at_end()) {
        auto const begin = in.position();
        auto const outer = in.enter(der::tag::sequence);
        auto const id = in.at(in.take(der::tag::oid));
        bool const critical = in.next_is(der::tag::boolean) && take_boolean(in);
        // The usual extensions all differ in their last octet, so most need no search.
        auto const bit = 1U << (id.empty() ? 0U : std::to_integer<unsigned>(id.back()) % 32U);
        bool const again = (seen & bit) != 0 && is_among(in.at({first, begin - first}), id);
        if (again || count++ == max_extensions) return in.fail();
        seen |= bit;
        auto const value = in.enter(der::tag::octet_string);
        read(id, critical);
        in.leave(value);
        in.leave(outer);
    }
    in.leave(list);
}

/// AuthorityKeyIdentifier ::= SEQUENCE { [0] keyIdentifier, [1] authorityCertIssuer, [2] authorityCertSerialNumber }
constexpr der::extent take_authority_key_id(der::cursor& in) noexcept {
    der::extent id;
    auto const outer = in.enter(der::tag::sequence);
    if (in.next_is(der::tag::context(0))) id = in.take_any();
    if (in.next_is(der::tag::context_constructed(1))) static_cast<void>(in.take_any());
    if (in.next_is(der::tag::context(2))) static_cast<void>(in.take_any());
    in.leave(outer);
    return id;
}

} // namespace tls::x509::detail
