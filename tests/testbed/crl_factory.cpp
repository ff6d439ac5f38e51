// SPDX-License-Identifier: Apache-2.0
#include "crl_factory.hpp"

#include "certificate_parts.hpp"
#include "der_writer.hpp"
#include "pem.hpp"
#include <tls/x509/certificate.hpp>

#include <stdexcept>

namespace testbed {
namespace {

bytes full_name(std::vector<std::string> const& uris) {
    bytes names;
    for (std::string const& uri : uris) append(names, general_name::uri(uri));
    return der::tlv(0xa0, der::tlv(0xa0, names));
}

bytes issuing_distribution_point(crl_spec const& spec) {
    bytes value;
    bytes const yes{std::byte{0xff}};
    if (!spec.distribution_point.empty()) append(value, full_name(spec.distribution_point));
    if (spec.relative_point) append(value, der::tlv(0xa0, der::tlv(0xa1, relative_name("2.5.4.3", "one"))));
    if (spec.only_end_entities) append(value, der::tlv(0x81, yes));
    if (spec.only_authorities) append(value, der::tlv(0x82, yes));
    if (spec.some_reasons) append(value, der::tlv(0x83, bytes{std::byte{6}, std::byte{0x40}}));
    if (spec.indirect) append(value, der::tlv(0x84, yes));
    if (spec.only_attribute_certificates) append(value, der::tlv(0x85, yes));
    return value.empty() ? value : der::tlv(der::tag_sequence, value);
}

bytes entry(revoked_certificate const& c) {
    std::vector<bytes> extensions = c.extra_extensions;
    if (c.reason)
        extensions.push_back(extension("2.5.29.21", false, der::tlv(0x0a, bytes{static_cast<std::byte>(*c.reason)})));
    bytes const serial = der::tlv(der::tag_integer, c.serial);
    if (extensions.empty()) return der::sequence({serial, der::time(c.when)});
    return der::sequence({serial, der::time(c.when), der::sequence_of(extensions)});
}

} // namespace

bytes issue_crl(crl_spec const& spec, issuer const& by) {
    std::vector<bytes> extensions{extension("2.5.29.20", false, der::integer(7U))};
    if (spec.authority_key_id)
        extensions.push_back(extension("2.5.29.35", false, authority_key_identifier(by.certificate.subject_key_id)));
    if (bytes const point = issuing_distribution_point(spec); !point.empty())
        extensions.push_back(extension("2.5.29.28", true, point));
    if (spec.delta) extensions.push_back(extension("2.5.29.27", true, der::integer(6U)));
    if (spec.unknown_critical_extension) extensions.push_back(extension("1.3.6.1.4.1.32473.1", true, der::null()));

    key const& signer = *by.private_key;
    bytes const outer = signature_algorithm(signer, spec.hash, spec.rsa_pss);
    hash const another = spec.hash == hash::sha256 ? hash::sha384 : hash::sha256;
    std::vector<bytes> parts{
        der::integer(1U), spec.mismatched_algorithm ? signature_algorithm(signer, another, spec.rsa_pss) : outer,
        spec.issuer_name.value_or(by.certificate.subject), der::time(spec.this_update)};
    if (spec.next_update) parts.push_back(der::time(*spec.next_update));
    if (!spec.revoked.empty()) {
        bytes entries;
        for (revoked_certificate const& c : spec.revoked) append(entries, entry(c));
        parts.push_back(der::tlv(der::tag_sequence, entries));
    }
    parts.push_back(der::tlv(0xa0, der::sequence_of(extensions)));
    bytes const tbs = der::sequence_of(parts);
    bytes signature = signer.sign(tbs, spec.hash, spec.rsa_pss);
    if (spec.corrupt_signature) signature.back() ^= std::byte{1};
    return der::sequence({tbs, outer, der::bit_string(signature)});
}

std::string crl_pem(byte_view der) { return pem_block("X509 CRL", der); }

bytes distribution_points(std::vector<std::string> const& uris) {
    std::vector<bytes> points;
    for (std::string const& uri : uris) points.push_back(der::sequence({full_name({uri})}));
    return extension("2.5.29.31", false, der::sequence_of(points));
}

bytes serial_of(certificate const& c) {
    auto const read = tls::x509::certificate_view::parse(c.der);
    if (!read) throw std::runtime_error("not a certificate");
    auto const serial = read->serial();
    return {serial.begin(), serial.end()};
}

} // namespace testbed
