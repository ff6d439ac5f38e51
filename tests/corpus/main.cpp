// SPDX-License-Identifier: Apache-2.0
#include "corpus/comparison.hpp"

#include <cstdio>
#include <exception>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>

/// Both backends against a public corpus: see "The public corpora" in docs/verification.md.
namespace {

using corpus::judged_case;

std::string content_of(char const* path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error(std::string("cannot read ") + path);
    return {std::istreambuf_iterator<char>(file), {}};
}

void print(judged_case const& j) {
    std::string features;
    for (auto const& f : j.subject->features) features += " " + f;
    std::printf(
        "%s: wolfSSL %s (%d), Mbed TLS %s (%d), expected %s%s\n", j.subject->id.c_str(), j.wolfssl.text().c_str(),
        j.wolfssl.native, j.mbedtls.text().c_str(), j.mbedtls.native, j.subject->accepts ? "accepted" : "refused",
        features.c_str());
}

template <class Which> void print_all(char const* title, std::vector<judged_case> const& all, Which which) {
    std::size_t count = 0;
    for (auto const& j : all) count += which(j) ? 1 : 0;
    std::printf("\n%s: %zu\n", title, count);
    for (auto const& j : all)
        if (which(j)) print(j);
}

void summarise(std::vector<corpus::test_case> const& cases, std::vector<judged_case> const& judged) {
    std::map<std::string, int> skipped;
    for (auto const& c : cases)
        if (!c.skipped.empty()) ++skipped[c.skipped];
    std::map<std::string, int> counts;
    for (auto const& j : judged) {
        std::string const expected = j.subject->accepts ? ", expected accepted" : ", expected refused";
        ++counts["wolfSSL:  " + std::string(j.wolfssl.accepted() ? "accepted" : "refused ") + expected];
        ++counts["Mbed TLS: " + std::string(j.mbedtls.accepted() ? "accepted" : "refused ") + expected];
    }
    std::printf("\n%zu cases, %zu judged\n", cases.size(), judged.size());
    for (auto const& [why, count] : skipped) std::printf("  skipped, %s: %d\n", why.c_str(), count);
    for (auto const& [what, count] : counts) std::printf("  %s: %d\n", what.c_str(), count);
}

int run(char const* path, char const* list, tls::protocol_version version) {
    auto const cases = corpus::read(content_of(path));
    auto const declared = corpus::read_exceptions(content_of(list));
    auto const judged = corpus::judge(cases, version);
    if (judged.empty()) throw std::runtime_error("no case is about a TLS client");

    print_all("every case", judged, [](judged_case const&) { return true; });
    print_all("(a) one accepts, the other refuses", judged, [](auto const& j) { return j.verdicts_differ(); });
    print_all("(b) both refuse, for different reasons", judged, [](auto const& j) { return j.reasons_differ(); });
    print_all("(c) both accept what the corpus wants refused", judged, [](auto const& j) {
        return j.both_differ_from_the_corpus() && j.wolfssl.accepted();
    });
    print_all("(c) both refuse what the corpus wants accepted", judged, [](auto const& j) {
        return j.both_differ_from_the_corpus() && !j.wolfssl.accepted();
    });
    summarise(cases, judged);

    auto const found = corpus::findings(judged, declared);
    for (auto const& line : found) std::printf("FINDING: %s\n", line.c_str());
    std::printf("%zu exceptions, %zu findings\n", declared.size(), found.size());
    return found.empty() ? 0 : 1;
}

} // namespace

/// twintls_corpus <limbo.json> <exceptions.txt> [1.2]
int main(int argc, char** argv) {
    if (argc != 3 && !(argc == 4 && std::string_view(argv[3]) == "1.2")) {
        std::fputs("usage: twintls_corpus <limbo.json> <exceptions.txt> [1.2]\n", stderr);
        return 2;
    }
    try {
        return run(argv[1], argv[2], argc == 4 ? tls::protocol_version::tls_1_2 : tls::protocol_version::tls_1_3);
    } catch (std::exception const& e) {
        std::fprintf(stderr, "twintls_corpus: %s\n", e.what());
        return 2;
    }
}
