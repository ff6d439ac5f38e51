// SPDX-License-Identifier: Apache-2.0
#include "oracle/chains.hpp"
#include <tls/connection/server_verification.hpp>
#include <tls/mbedtls.hpp>
#include <tls/mbedtls/impl/native.hpp>
#include <tls/verify/judge.hpp>
#include <tls/wolfssl.hpp>
#include <tls/wolfssl/impl/native.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <string_view>

/// The judge against both libraries' own verification: for so many seconds, and at least so many times, chains that
/// nobody has thought of.
///
/// It fails for a chain that the judge accepts and both libraries refuse, unless the difference is declared; and for
/// one on which the judge's verdict depends on which library computes the signatures.
namespace {

using testbed::bytes;
using tls::errc;
using tls::verify::anchor_set;
using tls::verify::verdict;

constexpr int accepted = 0;

bool has_vouched(WOLFSSL_CERT_MANAGER* manager, bytes const& der, int& code) {
    code = wolfSSL_CertManagerVerifyBuffer(
        manager, tls::detail::as_uchar(std::span(der)), static_cast<long>(der.size()), WOLFSSL_FILETYPE_ASN1);
    return code == WOLFSSL_SUCCESS;
}

bool trust(WOLFSSL_CERT_MANAGER* manager, bytes const& der, int& code) {
    code = wolfSSL_CertManagerLoadCABuffer(
        manager, tls::detail::as_uchar(std::span(der)), static_cast<long>(der.size()), WOLFSSL_FILETYPE_ASN1);
    return code == WOLFSSL_SUCCESS;
}

/// wolfSSL's opinion of a path, leaf first and its anchor last: `accepted` or its code.
int wolfssl_opinion(std::vector<bytes> const& path) {
    struct deleter {
        void operator()(WOLFSSL_CERT_MANAGER* m) const { wolfSSL_CertManagerFree(m); }
    };
    std::unique_ptr<WOLFSSL_CERT_MANAGER, deleter> const manager(wolfSSL_CertManagerNew());
    int code = 0;
    if (!trust(manager.get(), path.back(), code)) return code;
    for (std::size_t i = path.size() - 1; i-- != 0;) {
        if (!has_vouched(manager.get(), path[i], code)) return code;
        if (i != 0 && !trust(manager.get(), path[i], code)) return code;
    }
    return accepted;
}

struct parsed {
    parsed() { mbedtls_x509_crt_init(&crt); }
    parsed(parsed const&) = delete;
    parsed& operator=(parsed const&) = delete;
    ~parsed() { mbedtls_x509_crt_free(&crt); }
    int add(bytes const& der) {
        auto const leave = [](void*, mbedtls_x509_crt const*, mbedtls_x509_buf const* id, int, unsigned char const*,
                              unsigned char const*) {
            constexpr unsigned char constraints[] = {0x55, 0x1d, 0x1e};
            return std::ranges::equal(std::span(id->p, id->len), constraints) ? 0 : -1;
        };
        return mbedtls_x509_crt_parse_der_with_ext_cb(
            &crt, tls::detail::as_uchar(std::span(der)), der.size(), 1, leave, nullptr);
    }
    mbedtls_x509_crt crt;
};

/// Mbed TLS's opinion of the same: `accepted`, its code, or its flags.
int mbedtls_opinion(std::vector<bytes> const& path) {
    parsed chain;
    parsed anchor;
    for (std::size_t i = 0; i + 1 != path.size(); ++i)
        if (int const code = chain.add(path[i]); code != 0) return code;
    if (int const code = anchor.add(path.back()); code != 0) return code;
    std::uint32_t flags = 0;
    int const code = mbedtls_x509_crt_verify(&chain.crt, &anchor.crt, nullptr, nullptr, &flags, nullptr, nullptr);
    return code == 0 ? accepted : static_cast<int>(flags);
}

// What is declared: docs/verification.md, "Where the judge and the libraries differ".

struct facts {
    bool self_issued_and_limited = false; ///< an intermediate is self-issued, and an issuer limits the path
    bool issuer_without_key_id = false;   ///< an issuer has no subjectKeyIdentifier, or cannot have one
    bool leaf_has_path_length = false;
};

facts facts_of(oracle::chain const& c, std::vector<bytes> const& path) {
    facts f;
    bool self_issued = false;
    bool limited = false;
    for (std::size_t i = 0; i != path.size(); ++i) {
        auto const view = tls::x509::certificate_view::parse(path[i]);
        if (i != 0 && i + 1 != path.size() && view->is_self_issued()) self_issued = true;
        if (view->path_len()) limited = true;
        if (i != 0 && !view->subject_key_id()) f.issuer_without_key_id = true;
    }
    f.self_issued_and_limited = self_issued && limited;
    f.leaf_has_path_length = c.story.find("leaf: path length") != std::string::npos;
    return f;
}

/// RFC 5280 section 6.1.4 (l): self-issued certificates do not count in a path's length. Both libraries count them.
/// wolfSSL finds an issuer by its key identifier only.
bool is_declared_of_wolfssl(int code, facts const& f) {
    if (code == ASN_PATHLEN_INV_E || code == ASN_PATHLEN_SIZE_E) return f.self_issued_and_limited;
    return code == ASN_NO_SIGNER_E && f.issuer_without_key_id;
}

/// Mbed TLS reads the point of a key while it parses, which for the leaf's the handshake does; and it does not read a
/// path length where there is no authority.
bool is_declared_of_mbedtls(int code, facts const& f) {
    if (code == MBEDTLS_ERR_ECP_INVALID_KEY) return true;
    // RFC 5280 leaves it to an attribute of a name what kind of value it has; the library knows strings.
    if (code == MBEDTLS_ERR_X509_INVALID_NAME + MBEDTLS_ERR_ASN1_UNEXPECTED_TAG) return true;
    if (code == MBEDTLS_ERR_X509_INVALID_EXTENSIONS + MBEDTLS_ERR_ASN1_UNEXPECTED_TAG) return f.leaf_has_path_length;
    return code == MBEDTLS_X509_BADCERT_NOT_TRUSTED && f.self_issued_and_limited;
}

template <class Backend>
verdict judged(oracle::chain const& c, anchor_set const& anchors, tls::server_name const& name, std::int64_t now) {
    std::vector<std::span<std::byte const>> const sent(c.sent.begin(), c.sent.end());
    tls::signature::edge_check edges{tls::signature::library_of<Backend>(), nullptr};
    return tls::verify::judge(sent, anchors, name, {}, now, tls::verify::check_with(edges));
}

std::vector<bytes> path_of(verdict const& v, oracle::chain const& c, anchor_set const& anchors) {
    std::vector<bytes> path;
    for (std::size_t i = 0; i != v.path_size; ++i) path.push_back(c.sent[v.path[i]]);
    auto const anchor = anchors[static_cast<std::size_t>(v.anchor)].der();
    path.emplace_back(anchor.begin(), anchor.end());
    return path;
}

std::string text(verdict const& v) {
    return std::string(tls::name(v.code)) + " at " + std::to_string(v.depth) + ", path of " +
           std::to_string(v.path_size);
}

std::uint64_t number(std::string_view text, std::uint64_t otherwise) {
    std::uint64_t n = otherwise;
    (void)std::from_chars(text.data(), text.data() + text.size(), n);
    return n;
}

void write(oracle::chain const& c, std::string const& folder) {
    auto const all = [&](char const* what, std::vector<bytes> const& certificates) {
        for (std::size_t i = 0; i != certificates.size(); ++i) {
            std::ofstream out(folder + "/" + what + std::to_string(i) + ".der", std::ios::binary);
            out << testbed::to_text(certificates[i]);
        }
    };
    all("sent", c.sent);
    all("anchor", c.anchors);
    std::printf("%s\n", c.story.c_str());
}

} // namespace

/// twintls_oracle [seconds] [first chain], or twintls_oracle --write <folder> <chain>: for a closer look at one
int main(int argc, char** argv) {
    if (argc == 4 && std::string_view(argv[1]) == "--write") {
        write(oracle::random_chain(number(argv[3], 0)), argv[2]);
        return 0;
    }
    auto const seconds = number(argc > 1 ? argv[1] : "", 60);
    std::uint64_t seed = number(argc > 2 ? argv[2] : "", 0);
    auto const end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
    std::map<std::string_view, int> verdicts;
    int findings = 0;
    int judged_chains = 0;
    int declared = 0;
    constexpr int enough = 200; // where making keys takes longer than the time there is
    auto const goes_on = [&] { return judged_chains < enough || std::chrono::steady_clock::now() < end; };
    for (; goes_on() && findings < 10; ++seed, ++judged_chains) {
        auto const c = oracle::random_chain(seed);
        anchor_set const anchors = *anchor_set::of(c.anchors);
        auto const name = *tls::server_name::parse(c.name);
        std::int64_t const now = testbed::now().time_since_epoch().count();
        auto const w = judged<tls::wolfssl>(c, anchors, name, now);
        auto const m = judged<tls::mbedtls>(c, anchors, name, now);
        ++verdicts[tls::name(w.code)];
        if (w.code != m.code || w.problems != m.problems || w.depth != m.depth || w.path != m.path) {
            ++findings;
            std::printf(
                "FINDING: chain %llu: %s with wolfSSL, %s with Mbed TLS (%s)\n", static_cast<unsigned long long>(seed),
                text(w).c_str(), text(m).c_str(), c.story.c_str());
        }
        if (w.code != errc::ok || w.pinned_leaf) continue;
        auto const path = path_of(w, c, anchors);
        int const by_wolfssl = wolfssl_opinion(path);
        int const by_mbedtls = mbedtls_opinion(path);
        if (by_wolfssl == accepted || by_mbedtls == accepted) continue;
        facts const f = facts_of(c, path);
        if (is_declared_of_wolfssl(by_wolfssl, f) || is_declared_of_mbedtls(by_mbedtls, f)) {
            ++declared;
            continue;
        }
        ++findings;
        std::printf(
            "FINDING: chain %llu is accepted; wolfSSL says %d, Mbed TLS says %d (%s)\n",
            static_cast<unsigned long long>(seed), by_wolfssl, by_mbedtls, c.story.c_str());
    }
    std::printf("%d chains, %d declared differences\n", judged_chains, declared);
    for (auto const& [code, count] : verdicts)
        std::printf("  %-28.*s %d\n", static_cast<int>(code.size()), code.data(), count);
    if (verdicts["ok"] == 0 || verdicts.size() < 3) {
        std::printf("these chains prove nothing\n");
        return 1;
    }
    return findings == 0 ? 0 : 1;
}
