// SPDX-License-Identifier: Apache-2.0

// OCSP responses: whatever is read of one lies inside it, all it says is counted, and whatever comes, the judge gives
// an answer, verifies two signatures at most and accepts nothing that nobody signed.

#include "fuzz.hpp"
#include "testbed/certificate_parts.hpp"
#include "testbed/der_writer.hpp"
#include <tls/revocation/ocsp_response.hpp>
#include <tls/revocation/stapled_status.hpp>

#include <algorithm>
#include <optional>
#include <string_view>

namespace {

namespace der = testbed::der;
using testbed::bytes;

bytes time(std::string_view text) { return der::tlv(der::tag_generalized_time, text); }
bytes ecdsa() { return der::sequence({der::oid("1.2.840.10045.4.3.2")}); }
bytes name(std::string_view text = "CA") { return der::sequence({testbed::relative_name("2.5.4.3", text)}); }

/// A key on P-256 with any point.
bytes key() {
    bytes point(65, std::byte{7});
    point[0] = std::byte{4};
    return der::sequence(
        {der::sequence({der::oid("1.2.840.10045.2.1"), der::oid("1.2.840.10045.3.1.7")}), der::bit_string(point)});
}

/// A certificate that nobody signed.
bytes certificate(bytes const& extensions, std::string_view subject = "CA") {
    testbed::certificate_parts parts;
    parts.version = der::integer(2U);
    parts.serial = der::integer(5U);
    parts.inner_algorithm = parts.outer_algorithm = ecdsa();
    parts.issuer = name();
    parts.subject = name(subject);
    parts.not_before = time("20260101000000Z");
    parts.not_after = time("20560101000000Z");
    parts.key = key();
    parts.extensions = extensions;
    parts.signature = der::bit_string(bytes(8));
    return parts.der();
}

bytes single(bytes const& status, bytes const& next_update) {
    // SHA-256 of the authority, which is zeros here: see below.
    bytes const id = der::sequence(
        {der::sequence({der::oid("2.16.840.1.101.3.4.2.1"), der::null()}), der::octet_string(bytes(32)),
         der::octet_string(bytes(32)), der::integer(5U)});
    return der::sequence({id, status, time("20260101000000Z"), next_update});
}

bytes response(bytes const& responder, bytes const& singles, bytes const& certificates) {
    bytes const data = der::sequence(
        {responder, time("20260101000000Z"), der::tlv(der::tag_sequence, singles),
         der::tlv(
             0xa1, der::sequence({testbed::extension("1.3.6.1.5.5.7.48.1.2", false, der::octet_string(bytes(16)))}))});
    bytes const basic = der::sequence({data, ecdsa(), der::bit_string(bytes(8)), certificates});
    return der::sequence(
        {der::tlv(0x0a, bytes{std::byte{0}}),
         der::tlv(0xa0, der::sequence({der::oid("1.3.6.1.5.5.7.48.1.1"), der::octet_string(basic)}))});
}

unsigned asked;

} // namespace

std::vector<std::vector<std::byte>> fuzz::seeds() {
    bytes const by_key = der::tlv(0xa2, der::octet_string(bytes(20)));
    bytes const by_name = der::tlv(0xa1, name());
    bytes const until = der::tlv(0xa0, time("20560101000000Z"));
    bytes const good = single(der::tlv(0x80, bytes{}), until);
    bytes const unknown = single(der::tlv(0x82, bytes{}), {});
    bytes const reason = der::tlv(0xa0, der::tlv(0x0a, bytes{std::byte{1}}));
    bytes const revoked = single(der::tlv(0xa1, der::join({time("20260101000000Z"), reason})), until);
    bytes const named = certificate(
        der::sequence(
            {testbed::extension("2.5.29.37", false, der::sequence({der::oid("1.3.6.1.5.5.7.3.9")})),
             testbed::extension("1.3.6.1.5.5.7.48.1.5", false, der::null())}),
        "R");
    bytes const with = der::tlv(0xa0, der::sequence({named}));
    return {
        response(by_name, good, {}), response(by_key, der::join({good, revoked, unknown}), with),
        response(der::tlv(0xa1, name("R")), revoked, with), der::sequence({der::tlv(0x0a, bytes{std::byte{3}})}),
        certificate(
            der::sequence({testbed::extension("1.3.6.1.5.5.7.1.24", false, der::sequence({der::integer(5U)}))}))};
}

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const input = fuzz::bytes_of(data, size);
    if (auto const c = tls::x509::certificate_view::parse(input)) (void)tls::ocsp::is_must_staple(*c);

    // With a library whose hashes are all zeros, so that inputs get as far as a signature.
    static bytes const leaf_der = certificate({});
    static auto const leaf = tls::x509::certificate_view::parse(leaf_der);
    fuzz::require(leaf.has_value(), "the leaf is a certificate");
    asked = 0;
    auto read = tls::ocsp::response_view::parse(input);
    tls::verify::inquiry ask;
    // A responder may be named; nobody signed what it says.
    ask.ask = [](void* of, tls::signature::query const& q) noexcept {
        ++asked;
        auto const& said = *static_cast<std::optional<tls::ocsp::response_view> const*>(of);
        bool const is_response = said && q.message.data() == said->tbs().data();
        return is_response ? tls::signature::answer::bad : tls::signature::answer::good;
    };
    ask.context = &read;
    ask.sha256 = [](std::span<std::span<std::byte const> const>, std::span<std::byte, 32> out) noexcept {
        std::ranges::fill(out, std::byte{0});
        return true;
    };
    auto const found = tls::ocsp::judge({.response = input, .leaf = *leaf, .issuer = *leaf, .now = 1800000000}, ask);
    fuzz::require(found.code != tls::errc::ok && found.code != tls::errc::revoked, "nothing is believed unsigned");
    fuzz::require(asked <= 2, "two signatures at most");

    if (!read) return 0;
    for (auto const part :
         {read->tbs(), read->responder_name(), read->responder_key_hash(), read->responses(), read->signature(),
          read->certificates()})
        fuzz::require(fuzz::is_inside(part, input), "parts lie inside");
    (void)read->pss();
    std::size_t count = 0;
    for (tls::x509::der::reader in(read->responses()); auto const next = in.next(); ++count) {
        auto const one = tls::ocsp::read_single_response(next->whole);
        for (auto const part : {one.issuer_name_hash, one.issuer_key_hash, one.serial})
            fuzz::require(fuzz::is_inside(part, next->whole), "what is said of one lies inside it");
        fuzz::require(!one.serial.empty(), "each has a number");
    }
    fuzz::require(count == read->size(), "all are counted");
    return 0;
}
