// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bytes.hpp"

#include <functional>

namespace testbed {

/// What the work gives in a child of this process, which then ends at once. Throws if the child ends otherwise.
[[nodiscard]] bytes in_child(std::function<bytes()> const& work);

} // namespace testbed
