// SPDX-License-Identifier: Apache-2.0
#include "ocsp_factory.hpp"

#include "certificate_parts.hpp"
#include "der_writer.hpp"

#include <string>

namespace testbed {
namespace {

// GeneralizedTime whatever the year, as OCSP has it.
bytes generalized(std::chrono::sys_seconds when) {
    bytes const written = der::time(when);
    std::string text = to_text(byte_view(written).subspan(2));
    if (written[0] == std::byte{der::tag_utc_time}) text = (text[0] < '5' ? "20" : "19") + text;
    return der::tlv(der::tag_generalized_time, text);
}

bytes unknown_extension() { return extension("1.3.6.1.4.1.32473.1", true, der::null()); }

bytes ocsp_certificate_id(ocsp_single const& one, issuer const& by) {
    issuer const& a = one.issued_by != nullptr ? *one.issued_by : by;
    return der::sequence(
        {der::sequence({der::oid(object_identifier(one.hash)), der::null()}),
         der::octet_string(digest(one.hash, a.certificate.subject)),
         der::octet_string(digest(one.hash, a.private_key->public_key_bits())),
         der::tlv(der::tag_integer, one.serial)});
}

bytes ocsp_status(ocsp_single const& one) {
    if (one.is == ocsp_single::status::good) return der::tlv(0x80, byte_view{});
    if (one.is == ocsp_single::status::unknown) return der::tlv(0x82, byte_view{});
    bytes info = generalized(one.revoked_at);
    if (one.reason) append(info, der::tlv(0xa0, der::tlv(0x0a, bytes{static_cast<std::byte>(*one.reason)})));
    return der::tlv(0xa1, info);
}

bytes ocsp_single_response(ocsp_single const& one, issuer const& by) {
    std::vector<bytes> parts{ocsp_certificate_id(one, by), ocsp_status(one), generalized(one.this_update)};
    if (one.next_update) parts.push_back(der::tlv(0xa0, generalized(*one.next_update)));
    if (one.unknown_critical_extension) parts.push_back(der::tlv(0xa1, der::sequence({unknown_extension()})));
    return der::sequence_of(parts);
}

} // namespace

bytes issue_ocsp(ocsp_spec const& spec, issuer const& by) {
    bytes const status = der::tlv(0x0a, bytes{static_cast<std::byte>(spec.response_status)});
    if (spec.response_status != 0) return der::sequence({status});

    issuer const& responder = spec.responder != nullptr ? *spec.responder : by;
    key const& signer = *responder.private_key;
    std::vector<bytes> data;
    if (spec.version) data.push_back(der::tlv(0xa0, der::integer(0U)));
    data.push_back(
        spec.by_key ? der::tlv(0xa2, der::octet_string(digest(hash::sha1, signer.public_key_bits())))
                    : der::tlv(0xa1, responder.certificate.subject));
    data.push_back(generalized(spec.produced_at));
    std::vector<bytes> singles;
    for (ocsp_single const& one : spec.singles) singles.push_back(ocsp_single_response(one, by));
    data.push_back(der::sequence_of(singles));
    std::vector<bytes> extensions;
    if (spec.nonce) extensions.push_back(extension("1.3.6.1.5.5.7.48.1.2", false, der::octet_string(bytes(16))));
    if (spec.unknown_critical_extension) extensions.push_back(unknown_extension());
    if (!extensions.empty()) data.push_back(der::tlv(0xa1, der::sequence_of(extensions)));

    bytes const tbs = der::sequence_of(data);
    bytes signature = signer.sign(tbs, spec.hash, spec.rsa_pss);
    if (spec.corrupt_signature) signature.back() ^= std::byte{1};
    std::vector<bytes> basic{tbs, signature_algorithm(signer, spec.hash, spec.rsa_pss), der::bit_string(signature)};
    if (!spec.certificates.empty()) basic.push_back(der::tlv(0xa0, der::sequence_of(spec.certificates)));
    bytes const type = der::oid(spec.not_basic ? "1.3.6.1.4.1.32473.1" : "1.3.6.1.5.5.7.48.1.1");
    return der::sequence({status, der::tlv(0xa0, der::sequence({type, der::octet_string(der::sequence_of(basic))}))});
}

certificate_spec responder_spec() {
    certificate_spec spec;
    spec.common_name = "Test Responder";
    spec.extended_key_usage = {"1.3.6.1.5.5.7.3.9"};
    spec.extra_extensions = {extension("1.3.6.1.5.5.7.48.1.5", false, der::null())};
    return spec;
}

bytes must_staple(bool critical) {
    return extension("1.3.6.1.5.5.7.1.24", critical, der::sequence({der::integer(5U)}));
}

} // namespace testbed
