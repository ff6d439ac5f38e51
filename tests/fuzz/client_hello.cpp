// SPDX-License-Identifier: Apache-2.0

// What a ClientHello asks for, and whether EncryptedExtensions answer it: nothing is read beyond the end, and what was
// known stays where a hello cannot be read.

#include "fuzz.hpp"
#include <tls/core/limits.hpp>
#include <tls/record/client_hello.hpp>

#include <initializer_list>

namespace {

std::vector<std::byte> octets(std::initializer_list<unsigned> values) {
    std::vector<std::byte> out;
    for (unsigned const v : values) out.push_back(static_cast<std::byte>(v));
    return out;
}

} // namespace

std::vector<std::vector<std::byte>> fuzz::seeds() {
    auto hello = octets({22, 3, 3, 0, 64, 1, 0, 0, 60, 3, 3});
    hello.insert(hello.end(), 32, std::byte{7});
    auto const rest = octets({0, 0, 2, 0x13, 1, 1, 0, 0, 17, 0, 10, 0, 4, 0, 2, 0, 29, 0, 43, 0, 5, 4, 3, 4, 3, 3});
    hello.insert(hello.end(), rest.begin(), rest.end());
    return {
        hello, octets({0, 13, 0, 10, 0, 4, 0, 2, 0, 29, 0, 16, 0, 1, 0}), octets({0, 4, 0, 0, 0, 0}),
        octets({0, 5, 0, 1, 0, 1, 2})};
}

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    using namespace tls::detail;
    auto const input = fuzz::bytes_of(data, size);
    client_hello_facts before;
    before.known = true;
    before.session_id_size = 7;
    before.extensions.add(extension::server_name);
    client_hello_facts after = before;
    read_client_hello(input, after);
    fuzz::require(after.known, "known once, known for good");
    fuzz::require(after.session_id_size <= after.session_id.size(), "a session id that fits");
    fuzz::require(!after.has_session_id({}) || after.session_id_size == 0, "an empty id is none");
    std::uint16_t const fragment = agreed_fragment(input);
    fuzz::require(fragment == 0 || tls::limits::fragment_code(fragment) != 0, "a length that may be agreed on");
    if (!are_asked_for(input, after)) return 0;
    fuzz::require(size >= 2, "a list has a length");
    fuzz::require(fragment == 0 || fragment == after.fragment, "the length that was asked for");
    client_hello_facts const nothing{};
    fuzz::require(size == 2 || !are_asked_for(input, nothing), "whoever asked for nothing takes nothing");
    return 0;
}
