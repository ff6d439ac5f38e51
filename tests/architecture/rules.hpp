// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "floors.hpp"
#include "sources.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace architecture {

/// The room a path under tls/ belongs to: "core" for "tls/core/error.hpp", "client.hpp" for "tls/client.hpp".
[[nodiscard]] std::string_view room_of(std::string_view path);

/// Everything in the sources that the plan does not allow, one sentence each with file and line; empty if all is well.
///
/// Found are: a room that is not in the plan, one that is in it and does not exist, one marked as planned that exists;
/// an include of a room on the same or a higher floor, of a backend by the core or by another backend, of the face by
/// a backend, of a file that does not exist, or in quotes; and files that include each other in a circle.
[[nodiscard]] std::vector<std::string> breaches(std::span<source const> sources, std::span<room const> plan);

} // namespace architecture
