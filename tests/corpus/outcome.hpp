// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "corpus/cases.hpp"
#include <tls/core/error.hpp>
#include <tls/core/protocol.hpp>

#include <cstdint>
#include <string>

namespace corpus {

/// What a client made of a case.
struct outcome {
    tls::errc code = tls::errc::ok; ///< ok: the server was accepted
    tls::problem_set problems{};
    unsigned depth = 0;
    std::int32_t native = 0; ///< the library's own code

    [[nodiscard]] bool accepted() const { return code == tls::errc::ok; }
    /// "accepted", or the code.
    [[nodiscard]] std::string text() const;
    /// The same verdict for the same reasons; the libraries' own codes may differ.
    friend bool operator==(outcome const& a, outcome const& b) {
        return a.code == b.code && a.problems == b.problems && a.depth == b.depth;
    }
};

/// What a client of a backend makes of a case: a handshake in memory, with the client configured as the case asks.
///
/// Where the corpus has the leaf's key, the handshake is complete or the server is refused. Where it has not, the
/// server signs with a key of its own: then it is the signature of the handshake that fails if, and only if, the chain
/// is accepted.
[[nodiscard]] outcome outcome_of_wolfssl(test_case const& one, tls::protocol_version version);
[[nodiscard]] outcome outcome_of_mbedtls(test_case const& one, tls::protocol_version version);

} // namespace corpus
