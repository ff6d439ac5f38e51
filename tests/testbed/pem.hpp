// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bytes.hpp"

#include <string>
#include <string_view>

namespace testbed {

[[nodiscard]] std::string base64(byte_view data);

/// A PEM block; `headers` are lines between the BEGIN line and the data, each with its line end (RFC 1421).
[[nodiscard]] std::string pem_block(std::string_view label, byte_view der, std::string_view headers = {});

} // namespace testbed
