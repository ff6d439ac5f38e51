// SPDX-License-Identifier: Apache-2.0
// Seam: for those who write a backend.
#pragma once

#include <tls/core/clock.hpp>
#include <tls/core/protocol.hpp>
#include <tls/credentials/credentials.hpp>
#include <tls/diagnosis/key_log.hpp>
#include <tls/diagnosis/log.hpp>
#include <tls/resumption/ticket_store.hpp>
#include <tls/verify/anchors.hpp>
#include <tls/verify/judge.hpp>

#include <iterator>
#include <optional>
#include <string>
#include <vector>

namespace tls {

/// Everything a client was told, as plain data: what the builder fills and a backend's context is made from.
///
/// Complete before anything touches a C library and never changed afterwards.
struct settings {
    verify::anchor_set anchors;
    bool accept_any_server = false;
    std::optional<tls::identity> identity;
    std::vector<std::string> alpn;
    protocol_version lowest_version = protocol_version::tls_1_2;
    protocol_version highest_version = protocol_version::tls_1_3;
    std::vector<cipher_suite> suites = default_suites(); ///< in order of preference
    std::vector<named_group> groups = default_groups();  ///< in order of preference; the first gets the key share
    bool exactly_these_suites = false;                   ///< they were asked for: none may be left out
    bool exactly_these_groups = false;                   ///< the same
    verify::policy policy;
    std::optional<key_log_sink> key_log;
    std::optional<key_log_file> key_log_target; ///< keeps the file open that `key_log` writes to
    std::optional<log_sink> log;
    detail::resumption_settings resumption;
    wall_clock clock = system_wall_clock; ///< for everything that depends on the time; never null

    /// ECDHE with AEAD only, AES-128 first.
    [[nodiscard]] static std::vector<cipher_suite> default_suites() {
        return {std::begin(known_suites), std::end(known_suites)};
    }

    /// X25519, P-256, P-384.
    [[nodiscard]] static std::vector<named_group> default_groups() {
        return {std::begin(known_groups), std::end(known_groups)};
    }
};

} // namespace tls
