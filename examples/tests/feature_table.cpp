// SPDX-License-Identifier: Apache-2.0
// Prints the README's table of what each backend supports, as both libraries were built.
#include <tls/client.hpp>
#include <tls/mbedtls.hpp>
#include <tls/wolfssl.hpp>

#include <iostream>
#include <string_view>

namespace {

using tls::feature;

constexpr std::string_view not_offered = "not offered by twintls yet";

/// What the README calls a feature; the compiler complains when one is missing here.
constexpr std::string_view text(feature f) {
    switch (f) {
    case feature::tls_1_3: return "TLS 1.3 (TLS 1.2 always)";
    case feature::alpn: return "ALPN";
    case feature::chacha20_poly1305: return "ChaCha20-Poly1305 (AES-GCM always)";
    case feature::x25519: return "X25519 (P-256, P-384 always)";
    case feature::encrypted_private_keys: return "private keys with a password";
    case feature::critical_name_constraints: return "servers whose chain has critical name constraints";
    case feature::any_intermediates: return "intermediates that the C library cannot parse";
    case feature::key_update: return "servers that change keys during a session (TLS 1.3 KeyUpdate)";
    case feature::sharing_between_threads: return "one client used by several threads";
    case feature::keying_material_export: return "export of keying material";
    case feature::session_tickets: return "resumption with session tickets";
    case feature::pre_shared_keys: return "pre-shared keys (ECDHE, no certificates)";
    case feature::certificate_revocation_lists: return "certificate revocation lists";
    case feature::ocsp_stapling: return "OCSP stapling";
    case feature::key_log: return "key log for Wireshark (off unless asked for)";
    case feature::external_signer: return "a private key that is somewhere else: secure element, token, service";
    case feature::deferred_signature: return "such a key that answers later, without a thread waiting";
    case feature::several_identities: return "several identities, of which each server is shown the one that fits";
    case feature::memory_resource: return "all memory from one place of your own (`tls::set_memory`)";
    case feature::max_fragment_length: return "servers asked for shorter records (maximum fragment length)";
    case feature::debug_log: break; // not in the table: an option of the build
    }
    return "";
}

template <feature F> void row() {
    constexpr bool w = tls::wolfssl::supports<F>;
    constexpr bool m = tls::mbedtls::supports<F>;
    std::cout << "| " << text(F) << " | ";
    if (!w && !m)
        std::cout << not_offered << " | " << not_offered << " |\n";
    else
        std::cout << (w ? "yes" : "no") << " | " << (m ? "yes" : "no") << " |\n";
}

template <feature... Features> void rows() { (row<Features>(), ...); }

} // namespace

int main() {
    std::cout << "| | wolfSSL | Mbed TLS |\n|---|---|---|\n";
    rows<
        feature::tls_1_3, feature::alpn, feature::chacha20_poly1305, feature::x25519, feature::encrypted_private_keys,
        feature::sharing_between_threads, feature::critical_name_constraints, feature::any_intermediates,
        feature::key_update, feature::key_log, feature::keying_material_export, feature::session_tickets,
        feature::pre_shared_keys, feature::certificate_revocation_lists, feature::ocsp_stapling,
        feature::external_signer, feature::deferred_signature, feature::several_identities,
        feature::max_fragment_length, feature::memory_resource>();
}
