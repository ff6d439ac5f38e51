// SPDX-License-Identifier: Apache-2.0
#include "corpus/comparison.hpp"

#include <sstream>
#include <stdexcept>

namespace corpus {

exceptions read_exceptions(std::string_view text) {
    exceptions all;
    std::istringstream lines{std::string(text)};
    for (std::string line; std::getline(lines, line);) {
        if (line.empty() || line.starts_with('#')) continue;
        std::istringstream words(line);
        std::string id;
        exception one;
        words >> id >> one.wolfssl >> one.mbedtls >> std::ws;
        std::getline(words, one.reason);
        if (one.reason.empty()) throw std::runtime_error("not an exception: " + line);
        if (!all.emplace(id, one).second) throw std::runtime_error("twice an exception: " + id);
    }
    return all;
}

std::vector<judged_case> judge(std::vector<test_case> const& all, tls::protocol_version version) {
    std::vector<judged_case> judged;
    for (auto const& one : all) {
        if (!one.skipped.empty()) continue;
        judged.push_back({&one, outcome_of_wolfssl(one, version), outcome_of_mbedtls(one, version)});
    }
    return judged;
}

std::vector<std::string> findings(std::vector<judged_case> const& judged, exceptions const& declared) {
    std::vector<std::string> found;
    auto missing = declared;
    for (auto const& j : judged) {
        if (!j.verdicts_differ() && !j.reasons_differ()) continue;
        auto const& id = j.subject->id;
        auto const what = "wolfSSL " + j.wolfssl.text() + ", Mbed TLS " + j.mbedtls.text();
        auto const at = declared.find(id);
        if (at == declared.end())
            found.push_back(id + ": " + what + ", which is no exception");
        else if (at->second.wolfssl != j.wolfssl.text() || at->second.mbedtls != j.mbedtls.text())
            found.push_back(id + ": " + what + ", which is another exception");
        missing.erase(id);
    }
    for (auto const& [id, one] : missing) found.push_back(id + ": is an exception, and does not differ");
    return found;
}

} // namespace corpus
