// SPDX-License-Identifier: Apache-2.0

// The certificate parser and everything that reads what it accepted: names, name matching, name constraints.

#include "../unit/fake_certificate.hpp"
#include "fuzz.hpp"
#include <tls/core/server_name.hpp>
#include <tls/verify/name_constraints.hpp>
#include <tls/verify/name_match.hpp>
#include <tls/x509/certificate.hpp>

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
    auto old = fake::leaf();
    old.names.clear();
    old.version = 1;
    return {rich.der(), rsa.der(), old.der(), fake::leaf().der(), fake::root().der()};
}

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const input = fuzz::bytes_of(data, size);
    auto const c = tls::x509::certificate_view::parse(input);
    if (!c) return 0;
    fuzz::require(c->der().size() == size, "nothing left over");
    for (auto const part : {c->tbs(), c->serial(), c->issuer_name(), c->subject_name(), c->spki(), c->signature()}) {
        fuzz::require(fuzz::is_inside(part, input), "inside");
    }
    fuzz::require(c->version() >= 1 && c->version() <= 3, "version");
    fuzz::require(!c->path_len() || c->is_ca(), "a path length of a CA only");
    for (auto const& name : c->subject_alternative_names()) fuzz::require(fuzz::is_inside(name.bytes, input), "name");
    for (auto const name : {c->issuer_name(), c->subject_name()}) {
        std::string const text = tls::x509::to_text(name);
        fuzz::require(
            std::ranges::none_of(text, [](char b) { return (b >= 0 && b < ' ') || b == 0x7f; }), "safe to print");
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
