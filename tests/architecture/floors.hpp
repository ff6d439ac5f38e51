// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

/// The plan of include/tls/: which room stands on which floor, and what it is for.
///
/// A room is a folder of include/tls/ or a header that stands there by itself. It includes only rooms on lower floors,
/// its bodies (impl/) as well as its headers. tests/architecture/floors.cpp holds the sources to this table, and
/// docs/architecture.svg is drawn from it. Numbers leave gaps, so that a new floor moves no other.
namespace architecture {

struct room {
    std::string_view name;    ///< the folder, or the header with ".hpp"
    int floor;                ///< a room includes rooms with lower numbers only
    std::string_view purpose; ///< a few words for the picture
    std::string_view coming;  ///< files planned in this room, separated by ", "; they do not exist yet
    bool planned = false;     ///< the whole room is planned and does not exist yet
};

inline constexpr room rooms[] = {
    {"core", 10, "errors, protocol numbers, names, bytes, files", "platform.hpp"},

    {"x509", 20, "reads certificates and PEM, judges nothing", ""},
    {"transport", 20, "moves bytes: TCP, descriptor, pipe, yours", ""},

    {"resumption", 30, "tickets, and where they are kept", ""},
    {"diagnosis", 30, "explain, flight recorder, key log", ""},
    {"signature", 30, "checks and remembers signatures", ""},

    {"revocation", 40, "what more a path must satisfy: pins, CRLs, OCSP", ""},

    {"verify", 50, "the verdict on a chain", ""},
    {"credentials", 50, "whom we trust, who we are", ""},
    {"record", 50, "what travels, and what is seen in clear", ""},

    {"configuration", 60, "settings as data, checks, preflight", ""},

    {"connection", 70, "one connection; the seam for backends", ""},

    {"builder.hpp", 80, "collects the settings", ""},
    {"engine.hpp", 80, "without I/O", ""},
    {"session.hpp", 80, "reads and writes", ""},

    {"handshake.hpp", 90, "steps to a session", ""},

    {"client.hpp", 100, "where connections begin", ""},

    {"any_client.hpp", 110, "backend by name, at run time", ""},

    {"compare", 115, "what a comparison found, as text and JSON", ""},

    {"adapters", 120, "what other libraries call: Asio, coreMQTT, esp-tls", ""},
    {"compare.hpp", 120, "one connection on several backends", ""},

    {"tls.hpp", 130, "everything for applications", ""},
    {"src.hpp", 130, "the bodies, compiled once", ""},
};

/// A backend stands beside the house and has doors up to this room; nothing in include/tls/ includes a backend.
inline constexpr std::string_view highest_room_for_backends = "connection";

/// The one way a backend reaches higher: its src.hpp, the bodies for separate compilation, includes the core's.
inline constexpr std::string_view bodies = "src.hpp";

} // namespace architecture
