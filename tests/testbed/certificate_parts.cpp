// SPDX-License-Identifier: Apache-2.0
#include "certificate_parts.hpp"

namespace testbed {

bytes certificate_parts::signed_part() const {
    return der::sequence(
        {version.empty() ? bytes{} : der::tlv(0xa0, version), serial, inner_algorithm, issuer,
         der::sequence({not_before, not_after}), subject, key,
         extensions.empty() ? bytes{} : der::tlv(0xa3, extensions)});
}

bytes certificate_parts::der() const { return der::sequence({signed_part(), outer_algorithm, signature}); }

bytes relative_name(std::string_view type, std::string_view text, unsigned string_tag) {
    return der::tlv(der::tag_set, der::sequence({der::oid(type), der::tlv(string_tag, text)}));
}

bytes general_name::email(std::string_view text) { return der::tlv(0x81, text); }
bytes general_name::dns(std::string_view text) { return der::tlv(0x82, text); }
bytes general_name::uri(std::string_view text) { return der::tlv(0x86, text); }
bytes general_name::ip(byte_view octets) { return der::tlv(0x87, octets); }
bytes general_name::directory(byte_view name_der) { return der::tlv(0xa4, name_der); }

bytes extension(byte_view id, bool critical, byte_view value) {
    return der::sequence({id, critical ? der::boolean(true) : bytes{}, der::octet_string(value)});
}

bytes extension(std::string_view dotted, bool critical, byte_view value) {
    return extension(der::oid(dotted), critical, value);
}

bytes basic_constraints(bool ca, std::optional<unsigned> path_len) {
    return der::sequence({ca ? der::boolean(true) : bytes{}, path_len ? der::integer(*path_len) : bytes{}});
}

bytes authority_key_identifier(byte_view key_id) { return der::sequence({der::tlv(0x80, key_id)}); }

bytes subtrees(unsigned tag, std::vector<bytes> const& bases) {
    bytes list;
    for (bytes const& base : bases) append(list, der::sequence({base}));
    return list.empty() ? bytes{} : der::tlv(tag, list);
}

bytes name_constraints(std::vector<bytes> const& permitted, std::vector<bytes> const& excluded) {
    return der::sequence({subtrees(0xa0, permitted), subtrees(0xa1, excluded)});
}

} // namespace testbed
