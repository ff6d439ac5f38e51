// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/core/errc.hpp>

#include <string>

#include <doctest/doctest.h>

namespace tls {

/// Lets doctest say what a code means instead of its number.
inline doctest::String toString(errc code) { return std::string(message(code)).c_str(); }

} // namespace tls
