// SPDX-License-Identifier: Apache-2.0

// CertificateRequest: whatever arrives, the same is read in whatever pieces it comes, and only from a whole message.

#include "fuzz.hpp"
#include <tls/record/certificate_request.hpp>

#include <initializer_list>
#include <optional>

namespace {

using bytes = std::vector<std::byte>;

bytes octets(std::initializer_list<unsigned> values) {
    bytes out;
    for (unsigned const v : values) out.push_back(static_cast<std::byte>(v));
    return out;
}

// Name { CN=CA }
bytes const our_name = octets({0x30, 13, 0x31, 11, 0x30, 9, 6, 3, 0x55, 4, 3, 0x0c, 2, 'C', 'A'});

bytes with(bytes head, bytes const& tail) {
    head.insert(head.end(), tail.begin(), tail.end());
    return head;
}

std::optional<tls::accepted_credentials>
read(tls::protocol_version version, std::span<std::byte const> body, std::size_t step) {
    std::span<std::byte const> const ours[] = {our_name, std::span(our_name).first(4)};
    tls::detail::certificate_request_reader r;
    tls::detail::issuer_names const of_each[] = {ours, std::span(ours).last(1)};
    r.begin(version, of_each);
    while (!body.empty()) {
        std::size_t const n = step < body.size() ? step : body.size();
        r.feed(body.first(n));
        body = body.subspan(n);
    }
    fuzz::require((r.identities_named() & 0xfcU) == 0, "there are two of us");
    if (auto const* const found = r.result()) return *found;
    return std::nullopt;
}

} // namespace

std::vector<std::vector<std::byte>> fuzz::seeds() {
    bytes const names = with(octets({0, 17, 0, 15}), our_name);
    return {
        with(octets({2, 1, 64, 0, 4, 4, 3, 8, 4}), names),
        octets({1, 1, 0, 2, 4, 1, 0, 0}),
        octets({0, 0, 10, 0, 13, 0, 6, 0, 4, 4, 3, 8, 4}),
        with(octets({0, 0, 31, 0, 13, 0, 4, 0, 2, 4, 3, 0, 47, 0, 19}), names),
        octets({2, 9, 9, 0, 12, 0, 5, 0, 0, 0, 13, 0, 4, 0, 2, 4, 3}),
    };
}

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const input = fuzz::bytes_of(data, size);
    for (auto const version : {tls::protocol_version::tls_1_2, tls::protocol_version::tls_1_3}) {
        auto const whole = read(version, input, size);
        fuzz::require(whole == read(version, input, 1) && whole == read(version, input, 7), "pieces do not matter");
        if (!whole) continue;
        fuzz::require(whole->scheme_count != 0, "there are schemes");
        fuzz::require(whole->issuer_count != 0 || whole->first_issuer.empty(), "no name without an authority");
        fuzz::require(!whole->names_our_issuer || whole->issuer_count != 0, "none is ours without one");
        if (whole->issuer_count == 1 && whole->names_our_issuer && whole->first_issuer.view() == "CN=CA")
            fuzz::require(size >= our_name.size(), "the name was there");
        fuzz::require(!read(version, input.first(size - 1), 3), "a message cut short says nothing");
        fuzz::require(!read(version, with({input.begin(), input.end()}, octets({0})), 5), "nor one too long");
    }
    return 0;
}
