// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sources.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace architecture {

/// Who may include a header, as its second line says.
enum class audience : unsigned char { applications, backends, twintls };

/// The text of that line.
[[nodiscard]] std::string_view mark(audience a);

/// What the second line of a header says; nullopt if it is not a mark.
[[nodiscard]] std::optional<audience> audience_of(std::string_view header);

/// Everything that is wrong with the marks, one sentence each; empty if all is well.
///
/// Found are: a header without a mark in its second line or with a mark elsewhere, a marked body, a header in impl/
/// that claims to be for others, something in <tls/tls.hpp> that is not for applications, and an include of a backend
/// that is neither for applications nor for backends.
[[nodiscard]] std::vector<std::string> wrong_marks(std::span<source const> sources);

/// What a user's program names and must not: headers that do not exist or are not for applications, and the namespaces
/// `tls::detail` and `tls::seam`.
[[nodiscard]] std::vector<std::string> not_for_users(source const& program, std::span<source const> sources);

/// The headers and bodies a text mentions, as `<tls/...>` or `include/tls/...`, that do not exist. A part in capitals
/// is a placeholder: `<tls/NAME/src.hpp>`.
[[nodiscard]] std::vector<std::string> missing_headers(source const& page, std::span<source const> sources);

} // namespace architecture
