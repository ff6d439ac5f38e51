// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/core/protocol.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace testbed {
struct pki;
}

/// What is measured: every contender does exactly the same in each case.
namespace bench {

/// The key of the server's certificate and of its intermediate.
enum class server_key : std::uint8_t { ecdsa_p256, rsa_2048 };

/// One kind of handshake.
struct handshake_case {
    std::string id;    ///< for example "tls13-x25519-ecdsa-mutual": for --filter, results.json and the baseline
    std::string title; ///< for people: "TLS 1.3, X25519, ECDSA server, client certificate"
    tls::protocol_version version{};
    tls::named_group group{}; ///< the only one that the server accepts
    server_key key{};
    tls::cipher_suite suite{};
    bool client_certificate = false;
    bool resumed = false;  ///< the handshake resumes the session of an earlier one, with a ticket
    bool again = false;    ///< a full handshake by a client that remembers the signatures of the server's chain
    int other_anchors = 0; ///< trust anchors in addition to the one needed
    bool quick = false;    ///< part of --quick

    /// True for a key exchange that wolfSSL alone has here.
    [[nodiscard]] bool is_hybrid() const { return group == tls::named_group::x25519mlkem768; }

    /// True if an earlier connection to the server is part of the case.
    [[nodiscard]] bool is_not_the_first() const { return resumed || again; }

    /// What the client offers, the case's group first. Under TLS 1.2 the list is for certificates as well (RFC 8422
    /// section 5.1.1), and an ECDSA certificate has the curve P-256.
    [[nodiscard]] std::vector<tls::named_group> offered_groups() const {
        bool const needs_p256 = version == tls::protocol_version::tls_1_2 && group != tls::named_group::secp256r1;
        if (needs_p256) return {group, tls::named_group::secp256r1};
        return {group};
    }
};

/// Every case, in the order of the report.
[[nodiscard]] std::vector<handshake_case> const& handshake_cases();

/// Certificates and keys of a case as PEM, made once; a chain is leaf and intermediate.
struct credentials {
    std::string server_chain, server_private_key;
    std::string client_chain, client_private_key; ///< always ECDSA P-256
    std::string trust_anchors;                    ///< the one needed, and the case's others
    std::string client_authority;                 ///< whom the server trusts for clients
    std::string name = "localhost";               ///< what the server's certificate is for
    testbed::pki const* server_pki = nullptr;     ///< what the server's PEM was made from
    testbed::pki const* client_pki = nullptr;     ///< what the client's PEM was made from
};

[[nodiscard]] credentials const& credentials_of(handshake_case const& c);

/// The application protocol of server and client, so that all contenders negotiate one.
inline constexpr std::string_view application_protocol = "bench";

/// Clients that are made but never connect: with few trust anchors, and with as many as a system has.
[[nodiscard]] std::vector<handshake_case> const& build_cases();

/// How data is moved over an established connection.
struct bulk_case {
    std::string id; ///< for example "bulk-aes128gcm-16384-out"
    std::string title;
    tls::cipher_suite suite{};
    std::size_t size = 0; ///< of each write, in bytes
    bool outbound = true; ///< client to server
    bool quick = false;
};

[[nodiscard]] std::vector<bulk_case> const& bulk_cases();

} // namespace bench
