// SPDX-License-Identifier: Apache-2.0
#include "certificate_factory.hpp"

#include "certificate_parts.hpp"
#include "der_writer.hpp"
#include "pem.hpp"
#include "random.hpp"

#include <arpa/inet.h>
#include <array>
#include <charconv>
#include <ctime>
#include <stdexcept>

namespace testbed {
namespace {

constexpr std::string_view common_name_type = "2.5.4.3";
constexpr std::string_view organisation_type = "2.5.4.10";

bytes address(std::string const& text) {
    bool const v6 = text.find(':') != std::string::npos;
    bytes out(v6 ? 16 : 4);
    if (inet_pton(v6 ? AF_INET6 : AF_INET, text.c_str(), out.data()) != 1)
        throw std::runtime_error("not an IP address: " + text);
    return out;
}

// Address and mask, as nameConstraints holds them.
bytes subnet(std::string const& text) {
    std::size_t const slash = text.find('/');
    if (slash == std::string::npos) throw std::runtime_error("not a subnet: " + text);
    bytes out = address(text.substr(0, slash));
    unsigned bits = 0;
    std::from_chars(text.data() + slash + 1, text.data() + text.size(), bits);
    bytes mask(out.size());
    for (unsigned i = 0; i < bits && i / 8 < mask.size(); ++i) mask[i / 8] |= static_cast<std::byte>(0x80U >> (i % 8));
    append(out, mask);
    return out;
}

bytes subject_alt_name(certificate_spec const& spec) {
    std::vector<bytes> names;
    for (std::string const& s : spec.dns) names.push_back(general_name::dns(s));
    for (std::string const& s : spec.ips) names.push_back(general_name::ip(address(s)));
    for (std::string const& s : spec.emails) names.push_back(general_name::email(s));
    for (std::string const& s : spec.uris) names.push_back(general_name::uri(s));
    for (bytes const& name : spec.general_names) names.push_back(name);
    return names.empty() ? bytes{} : der::sequence_of(names);
}

std::vector<bytes> bases(
    std::vector<std::string> const& dns, std::vector<std::string> const& ips, std::vector<std::string> const& emails,
    std::vector<std::string> const& organisations) {
    std::vector<bytes> names;
    for (std::string const& s : dns) names.push_back(general_name::dns(s));
    for (std::string const& s : ips) names.push_back(general_name::ip(subnet(s)));
    for (std::string const& s : emails) names.push_back(general_name::email(s));
    for (std::string const& s : organisations)
        names.push_back(general_name::directory(der::sequence({relative_name(organisation_type, s)})));
    return names;
}

bytes key_identifier(key const& k) { return digest(hash::sha1, k.public_key_bits()); }

std::vector<bytes> extensions(certificate_spec const& spec, bytes const& subject_id, bytes const& authority_id) {
    std::vector<bytes> out;
    if (spec.subject_key_id) out.push_back(extension("2.5.29.14", false, der::octet_string(subject_id)));
    if (spec.authority_key_id) out.push_back(extension("2.5.29.35", false, authority_key_identifier(authority_id)));
    if (spec.basic_constraints)
        out.push_back(
            extension("2.5.29.19", spec.basic_constraints_critical, basic_constraints(spec.ca, spec.path_len)));
    if (spec.key_usage_present) {
        unsigned const fitting = spec.ca ? usage::key_cert_sign | usage::crl_sign : usage::digital_signature;
        out.push_back(extension("2.5.29.15", true, der::named_bits(spec.key_usage.value_or(fitting))));
    }
    if (!spec.extended_key_usage.empty()) {
        std::vector<bytes> purposes;
        for (std::string const& s : spec.extended_key_usage) purposes.push_back(der::oid(s));
        out.push_back(extension("2.5.29.37", spec.extended_key_usage_critical, der::sequence_of(purposes)));
    }
    if (bytes const names = subject_alt_name(spec); !names.empty())
        out.push_back(extension("2.5.29.17", spec.san_critical, names));
    if (spec.name_constraints) {
        constraints const& c = *spec.name_constraints;
        bytes const value = name_constraints(
            bases(c.permitted_dns, c.permitted_ips, c.permitted_emails, c.permitted_organisations),
            bases(c.excluded_dns, c.excluded_ips, c.excluded_emails, c.excluded_organisations));
        out.push_back(extension("2.5.29.30", c.critical, value));
    }
    if (!spec.policies.empty()) {
        std::vector<bytes> policies;
        for (std::string const& s : spec.policies) policies.push_back(der::sequence({der::oid(s)}));
        out.push_back(extension("2.5.29.32", spec.policies_critical, der::sequence_of(policies)));
    }
    // Arcs under 1.3.6.1.4.1.32473, the enterprise number reserved for documentation (RFC 5612).
    if (spec.unknown_critical_extension) out.push_back(extension("1.3.6.1.4.1.32473.1", true, der::null()));
    if (spec.unknown_extension) out.push_back(extension("1.3.6.1.4.1.32473.2", false, der::null()));
    if (spec.padding != 0)
        out.push_back(extension("1.3.6.1.4.1.32473.3", false, der::octet_string(bytes(spec.padding))));
    for (bytes const& extra : spec.extra_extensions) out.push_back(extra);
    return out;
}

bytes random_serial() {
    random_source random;
    bytes serial = random.draw(16);
    serial[0] = (serial[0] & std::byte{0x7f}) | std::byte{0x40};
    return serial;
}

} // namespace

std::chrono::sys_seconds now() {
    // By the one clock that a program can stop: see tests/fuzz.
    return std::chrono::sys_seconds(std::chrono::seconds(std::time(nullptr)));
}

bytes signature_algorithm(key const& signer, hash h, bool rsa_pss) {
    if (is_rsa(signer.kind()) && rsa_pss) {
        // SHA-1 and its salt length are the defaults, which DER leaves out.
        if (h == hash::sha1) return der::sequence({der::oid("1.2.840.113549.1.1.10"), der::sequence({})});
        bytes const hash_algorithm = der::sequence({der::oid(object_identifier(h)), der::null()});
        bytes const mask = der::sequence({der::oid("1.2.840.113549.1.1.8"), hash_algorithm});
        bytes const salt = der::integer(static_cast<unsigned>(digest(h, {}).size()));
        return der::sequence(
            {der::oid("1.2.840.113549.1.1.10"),
             der::sequence({der::tlv(0xa0, hash_algorithm), der::tlv(0xa1, mask), der::tlv(0xa2, salt)})});
    }
    if (is_rsa(signer.kind())) {
        auto const oid = [h] {
            switch (h) {
            case hash::md5: return "1.2.840.113549.1.1.4";
            case hash::sha1: return "1.2.840.113549.1.1.5";
            case hash::sha224: return "1.2.840.113549.1.1.14";
            case hash::sha256: return "1.2.840.113549.1.1.11";
            case hash::sha384: return "1.2.840.113549.1.1.12";
            case hash::sha512: return "1.2.840.113549.1.1.13";
            }
            throw std::runtime_error("unknown hash");
        };
        return der::sequence({der::oid(oid()), der::null()});
    }
    switch (h) {
    case hash::md5: throw std::runtime_error("there is no ECDSA with MD5");
    case hash::sha1: return der::sequence({der::oid("1.2.840.10045.4.1")});
    case hash::sha224: return der::sequence({der::oid("1.2.840.10045.4.3.1")});
    case hash::sha256: return der::sequence({der::oid("1.2.840.10045.4.3.2")});
    case hash::sha384: return der::sequence({der::oid("1.2.840.10045.4.3.3")});
    case hash::sha512: return der::sequence({der::oid("1.2.840.10045.4.3.4")});
    }
    throw std::runtime_error("unknown hash");
}

bytes distinguished_name(std::string const& common_name, std::optional<std::string> const& org) {
    std::vector<bytes> parts;
    if (org) parts.push_back(relative_name(organisation_type, *org));
    if (!common_name.empty()) parts.push_back(relative_name(common_name_type, common_name));
    return der::sequence_of(parts);
}

certificate issue(certificate_spec const& spec, key const& subject_key, issuer const* by) {
    key const& signer = by != nullptr ? *by->private_key : subject_key;
    certificate out;
    out.subject = spec.subject ? *spec.subject : distinguished_name(spec.common_name, spec.organisation);
    out.subject_key_id = spec.subject_key_id_value.value_or(key_identifier(subject_key));
    bytes const authority_id =
        spec.authority_key_id_value.value_or(by != nullptr ? by->certificate.subject_key_id : out.subject_key_id);
    hash const another_hash = spec.hash == hash::sha256 ? hash::sha384 : hash::sha256;

    certificate_parts parts;
    if (spec.version > 1) parts.version = der::integer(static_cast<unsigned>(spec.version - 1));
    parts.serial = der::integer(spec.serial.value_or(random_serial()));
    parts.outer_algorithm = signature_algorithm(signer, spec.hash, spec.rsa_pss);
    parts.inner_algorithm =
        spec.mismatched_algorithm ? signature_algorithm(signer, another_hash, spec.rsa_pss) : parts.outer_algorithm;
    parts.issuer = spec.issuer_name ? *spec.issuer_name : by != nullptr ? by->certificate.subject : out.subject;
    parts.not_before = der::time(spec.not_before);
    parts.not_after = der::time(spec.not_after);
    parts.subject = out.subject;
    parts.key = subject_key.spki_der();
    if (spec.version >= 3) parts.extensions = der::sequence_of(extensions(spec, out.subject_key_id, authority_id));
    bytes signature = signer.sign(parts.signed_part(), spec.hash, spec.rsa_pss);
    // The last byte lies inside a number in both RSA and ECDSA signatures, so the encoding stays well-formed.
    if (spec.corrupt_signature) signature.back() ^= std::byte{1};
    parts.signature = der::bit_string(signature);
    out.der = parts.der();
    return out;
}

std::string certificate::pem() const { return pem_block("CERTIFICATE", der); }

std::string pem_of(std::vector<certificate> const& certificates) {
    std::string out;
    for (certificate const& c : certificates) out += c.pem();
    return out;
}

certificate_spec root_spec() { return {.common_name = "Test Root", .organisation = "twintls tests", .ca = true}; }

certificate_spec server_intermediate_spec() {
    return {.common_name = "Server Intermediate", .organisation = "twintls tests", .ca = true, .path_len = 0};
}

certificate_spec client_intermediate_spec() {
    return {.common_name = "Client Intermediate", .organisation = "twintls tests", .ca = true, .path_len = 0};
}

certificate_spec server_spec() {
    return {
        .common_name = "server.example",
        .dns = {"localhost", "server.example", "*.wild.example"},
        .ips = {"127.0.0.1", "::1"},
        .extended_key_usage = {purpose::server_auth}};
}

certificate_spec client_spec() {
    return {.common_name = "device-1", .organisation = "twintls tests", .extended_key_usage = {purpose::client_auth}};
}

pki make_pki(key_kind kind) {
    pki out;
    out.kind = kind;
    key const& root_key = pooled_key(kind, 0);
    out.root = {issue(root_spec(), root_key), &root_key};
    key const& server_ca_key = pooled_key(kind, 1);
    out.server_intermediate = {issue(server_intermediate_spec(), server_ca_key, &out.root), &server_ca_key};
    key const& client_ca_key = pooled_key(kind, 2);
    out.client_intermediate = {issue(client_intermediate_spec(), client_ca_key, &out.root), &client_ca_key};
    out.server = out.server_with(server_spec());
    out.client = out.client_with(client_spec());
    return out;
}

credentials pki::server_with(certificate_spec const& spec) const {
    key const& leaf_key = pooled_key(kind, 3);
    return {{issue(spec, leaf_key, &server_intermediate), server_intermediate.certificate}, &leaf_key};
}

credentials pki::client_with(certificate_spec const& spec) const {
    key const& leaf_key = pooled_key(kind, 4);
    return {{issue(spec, leaf_key, &client_intermediate), client_intermediate.certificate}, &leaf_key};
}

} // namespace testbed
