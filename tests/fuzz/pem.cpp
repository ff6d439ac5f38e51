// SPDX-License-Identifier: Apache-2.0

// PEM texts: blocks lie in the text, in order; whatever is accepted as a certificate or key has been parsed.

#include "../unit/fake_certificate.hpp"
#include "fuzz.hpp"
#include <tls/x509/certificate.hpp>
#include <tls/x509/pem.hpp>

#include <string>
#include <string_view>

namespace {

std::string base64(std::span<std::byte const> data) {
    constexpr std::string_view symbols = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t i = 0; i < data.size(); i += 3) {
        std::uint32_t bits = 0;
        for (std::size_t k = i; k != i + 3; ++k)
            bits = bits << 8U | (k < data.size() ? std::to_integer<std::uint32_t>(data[k]) : 0U);
        for (std::size_t k = 0; k != 4; ++k)
            out += i * 4 / 3 + k <= (data.size() * 4 - 1) / 3 ? symbols[bits >> (18 - 6 * k) & 63U] : '=';
    }
    return out;
}

std::span<std::byte const> bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }

} // namespace

std::vector<std::vector<std::byte>> fuzz::seeds() {
    std::string const key = "-----BEGIN PRIVATE KEY-----\nMAwCAQAwAgYABAMAAAA=\n-----END PRIVATE KEY-----\n";
    std::string const sec1 = "-----BEGIN EC PRIVATE KEY-----\r\nMAcCAQEEAgEC\r\n-----END EC PRIVATE KEY-----\r\n";
    std::string const legacy = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n"
                               "AAAA\n-----END RSA PRIVATE KEY-----\n";
    std::string const certificate = "text\n-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";
    auto const block = [](fake::bytes const& der) {
        return "-----BEGIN CERTIFICATE-----\n" + base64(der) + "\n-----END CERTIFICATE-----\n";
    };
    std::string const bundle =
        block(fake::leaf().der()) + "text\n" + block(fake::root().der()) + block(fake::root().der());
    return {fuzz::to_bytes(bundle), fuzz::to_bytes(key),         fuzz::to_bytes(sec1),
            fuzz::to_bytes(legacy), fuzz::to_bytes(certificate), fuzz::to_bytes(certificate + key + sec1)};
}

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    using namespace tls::x509;
    std::string_view const text = fuzz::text_of(data, size);
    char const* end_of_last = text.data();
    for (pem_reader reader(text);;) {
        auto const block = reader.next();
        if (!block || !*block) break;
        pem_block const& b = **block;
        fuzz::require(fuzz::is_inside(bytes_of(b.text), bytes_of(text)), "block inside the text");
        fuzz::require(fuzz::is_inside(bytes_of(b.body), bytes_of(b.text)), "body inside the block");
        fuzz::require(fuzz::is_inside(bytes_of(b.headers), bytes_of(b.text)), "headers inside the block");
        fuzz::require(b.text.data() >= end_of_last, "one block after the other");
        fuzz::require(b.text.starts_with("-----BEGIN ") && b.text.ends_with("-----"), "whole block");
        end_of_last = b.text.data() + b.text.size();
        auto const decoded = decode_pem(b);
        fuzz::require(!decoded || decoded->size() <= b.body.size(), "base64 does not shrink");
    }
    if (auto const found = certificates_from_pem(text)) {
        fuzz::require(!found->empty(), "never an empty list");
        std::size_t total = 0;
        for (auto const& certificate : found->all()) {
            fuzz::require(fuzz::is_inside(certificate.der(), found->der()), "a view into the store");
            fuzz::require(certificate_view::parse(certificate.der()).has_value(), "parsed");
            fuzz::require(!found->find(certificate.subject_name()).empty(), "found by its subject");
            total += certificate.der().size();
        }
        fuzz::require(total == found->der().size(), "nothing else in the store");
    }
    if (auto const key = private_key_from_pem(text)) {
        fuzz::require(!key->pem.empty() && key->pem.text().back() == '\0', "NUL at the end");
        fuzz::require(!key->der.empty(), "decoded");
    }
    auto const kind = classify_private_key_der(fuzz::bytes_of(data, size));
    fuzz::require(!kind || *kind != private_key_kind::legacy_encrypted, "that kind has no DER");
    return 0;
}
