// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "corpus/cases.hpp"
#include "corpus/outcome.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace corpus {

/// A case that both backends may judge differently: a line "id code code reason" of exceptions.txt, with the codes of
/// wolfSSL and Mbed TLS, or "accepted".
struct exception {
    std::string wolfssl{};
    std::string mbedtls{};
    std::string reason{};
};

/// By the case's id.
using exceptions = std::map<std::string, exception, std::less<>>;

/// Empty lines and lines that begin with # say nothing. Throws std::runtime_error for a line that is none.
[[nodiscard]] exceptions read_exceptions(std::string_view text);

/// A case that both backends have judged.
struct judged_case {
    test_case const* subject;
    outcome wolfssl;
    outcome mbedtls;

    /// One accepts what the other refuses.
    [[nodiscard]] bool verdicts_differ() const { return wolfssl.accepted() != mbedtls.accepted(); }
    /// Both refuse, for different reasons.
    [[nodiscard]] bool reasons_differ() const { return !verdicts_differ() && !(wolfssl == mbedtls); }
    /// Both agree, and the corpus does not.
    [[nodiscard]] bool both_differ_from_the_corpus() const {
        return !verdicts_differ() && wolfssl.accepted() != subject->accepts;
    }
};

[[nodiscard]] std::vector<judged_case> judge(std::vector<test_case> const& all, tls::protocol_version version);

/// What must not be: differences that are not declared, and declared ones that are not there, or are others.
[[nodiscard]] std::vector<std::string> findings(std::vector<judged_case> const& judged, exceptions const& declared);

} // namespace corpus
