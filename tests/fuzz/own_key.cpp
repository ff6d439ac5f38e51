// SPDX-License-Identifier: Apache-2.0

// What a file of a user's is: format, kind of key and encryption are read in clear, and refer to the input.

#include "../unit/fake_certificate.hpp"
#include "fuzz.hpp"
#include <tls/core/text_writer.hpp>
#include <tls/x509/input_format.hpp>
#include <tls/x509/key_description.hpp>
#include <tls/x509/key_encryption.hpp>
#include <tls/x509/private_key.hpp>

#include <array>

std::vector<std::vector<std::byte>> fuzz::seeds() {
    auto const octets = [](std::initializer_list<unsigned> values) {
        std::vector<std::byte> out;
        for (unsigned const v : values) out.push_back(static_cast<std::byte>(v));
        return out;
    };
    return {
        fake::leaf().der(),
        octets({0x30, 0x0c, 2, 1, 0, 0x30, 2, 6, 0, 4, 3, 0, 0, 0}),
        octets({0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20}),
        octets({0x30, 0x20, 0x30, 0x1b, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5, 0x0d, 0x30, 0x0e, 4, 1, 1}),
        fuzz::to_bytes("openssh-key-v1"),
        fuzz::to_bytes("PuTTY-User-Key-File-3: ssh-rsa\n"),
        fuzz::to_bytes("{\"kty\":\"EC\"}"),
        octets({0xff, 0xfe, 0x2d, 0, 0x2d, 0}),
        octets({0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2})};
}

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    using namespace tls::x509;
    auto const input = fuzz::bytes_of(data, size);
    (void)recognise(input);
    std::array<char, 64> text;
    for (auto const encoding : {private_key_kind::pkcs8, private_key_kind::sec1, private_key_kind::pkcs1}) {
        auto const described = describe_key(encoding, input);
        if (!described) continue;
        fuzz::require(fuzz::is_inside(described->id, input), "an identifier inside the input");
        tls::detail::text_writer out(text);
        write_name(out, *described);
        fuzz::require(!out.view().empty(), "a name for every kind");
    }
    constexpr key_decryption_parts all = {
        [](key_cipher) noexcept { return true; }, [](hash_algorithm) noexcept { return true; }, true};
    if (auto const how = read_key_encryption(input, all)) {
        fuzz::require(fuzz::is_inside(how->salt, input) && fuzz::is_inside(how->encrypted, input), "inside the input");
        fuzz::require(!how->encrypted.empty() && how->encrypted.size() % block_size(how->cipher) == 0, "whole blocks");
    }
    (void)read_pem_encryption(fuzz::text_of(data, size), all);
    if (auto const kind = classify_private_key_der(input))
        fuzz::require(*kind != private_key_kind::legacy_encrypted, "that kind has no DER");
    return 0;
}
