// SPDX-License-Identifier: Apache-2.0

// Revocation lists: whatever is read of one lies inside it, each entry is found by its number and no other is, and what
// a list is made of is read alike on every way to it.

#include "fuzz.hpp"
#include "testbed/certificate_parts.hpp"
#include "testbed/der_writer.hpp"
#include <tls/revocation/impl/revocation_list.hpp>
#include <tls/revocation/revocation_lists.hpp>

#include <string_view>

namespace {

namespace der = testbed::der;
using testbed::bytes;

bytes time(std::string_view text) { return der::time(text); }

/// A list, and what stands in its place for a signature.
bytes list_of(bytes const& entries, bytes const& extensions) {
    bytes const algorithm = der::sequence({der::oid("1.2.840.10045.4.3.2")});
    bytes const name = der::sequence({testbed::relative_name("2.5.4.3", "CA")});
    bytes const tbs = der::sequence(
        {der::integer(1U), algorithm, name, time("20260101000000Z"), time("20260201000000Z"),
         entries.empty() ? bytes{} : der::tlv(der::tag_sequence, entries),
         extensions.empty() ? bytes{} : der::tlv(0xa0, der::tlv(der::tag_sequence, extensions))});
    return der::sequence({tbs, algorithm, der::bit_string(bytes(8))});
}

bytes entry(unsigned serial, bytes const& extensions = {}) {
    bytes const tail = extensions.empty() ? bytes{} : der::tlv(der::tag_sequence, extensions);
    return der::sequence({der::integer(serial), time("20260102000000Z"), tail});
}

bool inside(std::span<std::byte const> part, std::span<std::byte const> whole) {
    return part.empty() || (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

} // namespace

std::vector<std::vector<std::byte>> fuzz::seeds() {
    bytes const reason = testbed::extension("2.5.29.21", false, der::tlv(0x0a, bytes{std::byte{1}}));
    bytes entries;
    for (unsigned const n : {5U, 3U, 70000U, 300U}) {
        bytes const one = entry(n, n == 3 ? reason : bytes{});
        entries.insert(entries.end(), one.begin(), one.end());
    }
    bytes const names = testbed::general_name::uri("http://ca.example/1");
    bytes const point = der::sequence({der::tlv(0xa0, der::tlv(0xa0, names)), der::tlv(0x81, bytes{std::byte{0xff}})});
    bytes const number = testbed::extension("2.5.29.20", false, der::integer(7U));
    bytes const key = testbed::extension("2.5.29.35", false, testbed::authority_key_identifier(bytes(20)));
    return {
        list_of({}, {}), list_of(entries, number), list_of(entry(1), testbed::extension("2.5.29.28", true, point)),
        list_of(entry(1), key), list_of({}, testbed::extension("2.5.29.27", true, der::integer(6U)))};
}

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const input = fuzz::bytes_of(data, size);
    auto const read = tls::x509::crl_view::parse(input);
    auto const lists = tls::revocation_lists::from_der(input);
    fuzz::require(!lists || read, "what is not read is no list");
    if (!read) return 0;
    bool const usable = read->not_understood().empty() && read->next_update();
    fuzz::require(lists.has_value() == usable, "what is not understood is not used");
    for (auto const part : {read->tbs(), read->issuer_name(), read->entries(), read->signature()})
        fuzz::require(inside(part, input), "parts lie inside");
    if (auto const id = read->authority_key_id()) fuzz::require(inside(*id, input), "the key's name too");
    for (auto const& name : read->distribution_point())
        fuzz::require(inside(name.bytes, input), "and those of a point");

    auto copy = tls::x509::secret_bytes::copy_of(input);
    auto const again = tls::x509::crl_view::parse(copy->span());
    fuzz::require(again && again->size() == read->size(), "twice the same");
    tls::detail::revocation_list sorted(std::move(*copy), *again);
    fuzz::require(sorted.sort(), "sorts");
    std::size_t entries = 0;
    for (tls::x509::der::reader in(read->entries()); auto const next = in.next(); ++entries) {
        auto const entry = tls::x509::read_crl_entry(next->whole);
        fuzz::require(inside(entry.serial, next->whole) && !entry.serial.empty(), "a number lies in its entry");
        auto const found = sorted.find(entry.serial);
        fuzz::require(found && tls::x509::der::equal(found->serial, entry.serial), "each is found by its number");
        bytes other(entry.serial.begin(), entry.serial.end());
        other.push_back(std::byte{0x55});
        if (auto const wrong = sorted.find(other))
            fuzz::require(tls::x509::der::equal(wrong->serial, other), "and none by another's");
    }
    fuzz::require(entries == read->size(), "all are counted");
    return 0;
}
