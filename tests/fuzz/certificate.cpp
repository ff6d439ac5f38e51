// SPDX-License-Identifier: Apache-2.0

// The certificate parser and everything that reads what it accepted: names, name matching, name constraints.

#include "../unit/fake_certificate.hpp"
#include "fuzz.hpp"
#include <tls/core/server_name.hpp>
#include <tls/verify/name_constraints.hpp>
#include <tls/verify/name_match.hpp>
#include <tls/x509/certificate.hpp>
#include <tls/x509/name_comparison.hpp>

#include <algorithm>
#include <string>

std::vector<std::vector<std::byte>> fuzz::seeds() {
    auto rich = fake::authority("sub", "root");
    rich.subject = fake::name({{"C", "NZ"}, {"O", "Example"}, {"CN", "sub"}, {"emailAddress", "a@example.com"}});
    rich.names = {
        fake::dns("*.example.com"), fake::ip({192, 0, 2, 1}), fake::email("a@example.com"),
        fake::uri("https://example.com/"), fake::directory(fake::common_name("x"))};
    rich.constraints = fake::constraints(
        {fake::dns("example.com"), fake::ip({192, 0, 2, 0, 255, 255, 255, 0}), fake::email("example.com"),
         fake::uri(".example.com"), fake::directory(fake::name({{"C", "NZ"}}))},
        {fake::dns("b.example.com"), fake::email("a@example.com")});
    rich.subject_key_id = fake::of({1, 2});
    rich.authority_key_id = fake::of({3, 4});
    rich.purposes = {fake::bytes(fake::server_auth.begin(), fake::server_auth.end())};
    auto rsa = fake::leaf();
    rsa.key = fake::rsa_key(1024);
    rsa.signed_with = fake::rsa_algorithm(11);
    auto pss = rsa;
    auto const sha256 = fake::sequence({fake::oid(tls::x509::oid<2, 16, 840, 1, 101, 3, 4, 2, 1>)});
    auto const mgf1 = fake::sequence({fake::oid(tls::x509::oid<1, 2, 840, 113549, 1, 1, 8>), sha256});
    pss.signed_with = fake::sequence(
        {fake::oid(tls::x509::oid<1, 2, 840, 113549, 1, 1, 10>),
         fake::sequence(
             {fake::tlv(0xa0, sha256), fake::tlv(0xa1, mgf1), fake::tlv(0xa2, fake::integer(32)),
              fake::tlv(0xa3, fake::integer(1))})});
    auto old = fake::leaf();
    old.names.clear();
    old.version = 1;
    return {rich.der(), rsa.der(), pss.der(), old.der(), fake::leaf().der(), fake::root().der()};
}

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const input = fuzz::bytes_of(data, size);
    auto const c = tls::x509::certificate_view::parse(input);
    if (!c) return 0;
    fuzz::require(c->der().size() == size, "nothing left over");
    for (auto const part : {c->tbs(), c->serial(), c->issuer_name(), c->subject_name(), c->spki(), c->signature()})
        fuzz::require(fuzz::is_inside(part, input), "inside");
    auto const rsa = c->rsa_key();
    fuzz::require(rsa.has_value() == (c->public_key_kind() == tls::x509::public_key_kind::rsa), "an RSA key's numbers");
    if (rsa) {
        for (auto const number : {rsa->modulus, rsa->exponent}) {
            fuzz::require(fuzz::is_inside(number, c->spki()), "a number inside the key");
            fuzz::require(!number.empty() && number[0] != std::byte{0}, "a number without sign");
        }
        fuzz::require(tls::x509::der::bits_of(rsa->modulus) == c->key_bits(), "the size of the modulus");
    }
    if (auto const ec = c->ec_key()) {
        fuzz::require(ec->curve == c->curve() && fuzz::is_inside(ec->point, c->spki()), "the point of the key");
        fuzz::require(
            ec->point.size() == 1 + (c->key_bits() + 7) / 8 * (ec->point[0] == std::byte{4} ? 2U : 1U), "size");
    }
    if (auto const pss = c->pss(); pss && pss->hash == pss->mask_hash) {
        auto const known = pss->hash != tls::x509::hash_algorithm::other;
        fuzz::require(known == (c->signature_algorithm() != tls::x509::signature_algorithm::other), "the same hash");
    }
    fuzz::require(c->version() >= 1 && c->version() <= 3, "version");
    fuzz::require(!c->path_len() || c->is_ca(), "a path length of a CA only");
    for (auto const& name : c->subject_alternative_names()) fuzz::require(fuzz::is_inside(name.bytes, input), "name");
    for (auto const name : {c->issuer_name(), c->subject_name()}) {
        std::string const text = tls::x509::to_text(name);
        auto const is_control = [](char text_byte) {
            auto const byte = static_cast<unsigned char>(text_byte);
            return byte < ' ' || byte == 0x7f;
        };
        fuzz::require(std::ranges::none_of(text, is_control), "safe to print");
        fuzz::require(tls::x509::compare_names(name, name) == tls::x509::comparison::equal, "equal to itself");
    }
    static_cast<void>(tls::x509::compare_names(c->issuer_name(), c->subject_name()));
    for (std::string_view const wanted : {"www.example.com", "192.0.2.1", "localhost"}) {
        auto const name = *tls::server_name::parse(wanted);
        bool const matches = tls::verify::matches(*c, name);
        fuzz::require(!matches || c->has_subject_alternative_name(), "no name without subjectAltName");
    }
    if (auto const constraints = c->name_constraints()) {
        tls::verify::work_limit work;
        static_cast<void>(tls::verify::name_constraints_allow(*constraints, *c, work));
    }
    return 0;
}
