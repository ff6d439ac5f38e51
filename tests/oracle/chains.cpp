// SPDX-License-Identifier: Apache-2.0
#include "oracle/chains.hpp"

#include "testbed/certificate_parts.hpp"
#include "testbed/der_writer.hpp"
#include <tls/x509/certificate.hpp>

#include <algorithm>
#include <chrono>
#include <functional>
#include <span>
#include <utility>

namespace oracle {
namespace {

using namespace std::chrono_literals;
using testbed::bytes;
using testbed::certificate;
using testbed::certificate_spec;
using testbed::issuer;
using testbed::key_kind;
using testbed::octets;

namespace der = testbed::der;

class maker {
public:
    explicit maker(std::uint64_t seed) : random_(seed) {}

    chain make() {
        std::size_t const intermediates = below(4);
        issuer by = authority("root", testbed::root_spec(), nullptr, 0);
        anchor(by.certificate);
        for (std::size_t i = 0; i != intermediates; ++i) {
            auto spec = testbed::server_intermediate_spec();
            spec.path_len.reset();
            bool const renewed = i != 0 && one_in(8);
            spec.common_name = renewed ? last_name_ : "intermediate " + std::to_string(i);
            if (renewed) note("an intermediate of its issuer's name");
            last_name_ = spec.common_name;
            by = authority(spec.common_name, spec, &by, 1 + static_cast<int>(i));
            above_.push_back(by.certificate.der);
            if (one_in(12)) {
                anchor(by.certificate);
                note("an intermediate is an anchor");
            }
        }
        auto spec = testbed::server_spec();
        change(spec, "leaf");
        made_.sent.push_back(issued(spec, kind(), 9, &by).der);
        std::ranges::reverse(above_);
        beside();
        if (one_in(4)) {
            std::ranges::shuffle(above_, random_);
            note("shuffled");
        }
        made_.sent.insert(made_.sent.end(), above_.begin(), above_.end());
        return std::move(made_);
    }

private:
    std::size_t below(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_); }
    bool one_in(std::size_t n) { return below(n) == 0; }
    void note(std::string_view what) { made_.story += std::string(what) + "; "; }

    key_kind kind() {
        static constexpr key_kind kinds[] = {key_kind::p256, key_kind::p256, key_kind::p384, key_kind::rsa_2048};
        return one_in(40) ? (one_in(2) ? key_kind::p224 : key_kind::rsa_1024) : kinds[below(std::size(kinds))];
    }

    issuer authority(std::string_view who, certificate_spec spec, issuer const* by, int key) {
        change(spec, who);
        key_kind const of = kind();
        return {issued(spec, of, key, by), &key_of(of, key)};
    }

    /// RSA keys take long to make: three of them must do.
    static testbed::key const& key_of(key_kind of, int index) {
        return testbed::pooled_key(of, testbed::is_rsa(of) ? index % 3 : index);
    }

    certificate issued(certificate_spec const& spec, key_kind of, int key, issuer const* by) {
        auto made = testbed::issue(spec, key_of(of, key), by);
        auto const& signer = by == nullptr ? key_of(of, key) : *by->private_key;
        if (one_in(3)) sign_damaged(made.der, signer);
        return made;
    }

    void anchor(certificate const& c) { made_.anchors.push_back(c.der); }

    /// Changes a byte of what is signed, and signs it again: what is wrong then is not the signature.
    void sign_damaged(bytes& whole, testbed::key const& signer) {
        auto const view = tls::x509::certificate_view::parse(whole);
        if (!view || testbed::is_rsa(signer.kind()) != is_rsa(view->signature_algorithm())) return;
        auto const tbs = view->tbs();
        bytes changed(tbs.begin(), tbs.end());
        std::size_t const at = below(changed.size());
        auto& octet = changed[at];
        octet = one_in(2) ? octet ^ static_cast<std::byte>(1U << below(8)) : static_cast<std::byte>(below(256));
        auto const signature = signer.sign(changed, testbed::hash::sha256);
        // TBSCertificate, its algorithm as it was, signature: nothing of the rest depends on the bytes.
        std::size_t const algorithm_at = static_cast<std::size_t>(tbs.data() - whole.data()) + tbs.size();
        std::size_t const algorithm_size = 2 + std::to_integer<std::size_t>(whole[algorithm_at + 1]);
        bytes const algorithm(
            whole.begin() + static_cast<std::ptrdiff_t>(algorithm_at),
            whole.begin() + static_cast<std::ptrdiff_t>(algorithm_at + algorithm_size));
        whole = der::sequence({changed, algorithm, der::bit_string(signature)});
        note("byte " + std::to_string(at) + " of a signed part");
    }

    static bool is_rsa(tls::x509::signature_algorithm a) {
        return a == tls::x509::signature_algorithm::rsa_pkcs1_sha256;
    }

    /// One or two things about a certificate that are not as usual, in one of three.
    void change(certificate_spec& spec, std::string_view who) {
        while (one_in(3)) {
            auto const& [what, apply] = changes()[below(changes().size())];
            apply(spec);
            note(std::string(who) + ": " + what);
        }
    }

    using named_change = std::pair<char const*, std::function<void(certificate_spec&)>>;
    static std::vector<named_change> const& changes() {
        using namespace testbed;
        static std::vector<named_change> const all = {
            {"expired", [](auto& s) { s.not_before = now() - 48h, s.not_after = now() - 24h; }},
            {"of tomorrow", [](auto& s) { s.not_before = now() + 24h, s.not_after = now() + 48h; }},
            {"path length 0", [](auto& s) { s.path_len = 0; }},
            {"path length 1", [](auto& s) { s.path_len = 1; }},
            {"turned authority", [](auto& s) { s.ca = !s.ca; }},
            {"no basicConstraints", [](auto& s) { s.basic_constraints = false; }},
            {"basicConstraints not critical", [](auto& s) { s.basic_constraints_critical = false; }},
            {"keyUsage digitalSignature", [](auto& s) { s.key_usage = usage::digital_signature; }},
            {"keyUsage cRLSign", [](auto& s) { s.key_usage = usage::crl_sign; }},
            {"no keyUsage", [](auto& s) { s.key_usage_present = false; }},
            {"for clients", [](auto& s) { s.extended_key_usage = {purpose::client_auth}; }},
            {"for servers", [](auto& s) { s.extended_key_usage = {purpose::server_auth}; }},
            {"for anything", [](auto& s) { s.extended_key_usage = {purpose::any}; }},
            {"names permitted", [](auto& s) { s.name_constraints = constraints{.permitted_dns = {"localhost"}}; }},
            {"names forbidden", [](auto& s) { s.name_constraints = constraints{.permitted_dns = {"example"}}; }},
            {"names excluded", [](auto& s) { s.name_constraints = constraints{.excluded_dns = {"localhost"}}; }},
            {"organisations", [](auto& s) { s.name_constraints = constraints{.permitted_organisations = {"x"}}; }},
            {"SHA-384", [](auto& s) { s.hash = hash::sha384; }},
            {"SHA-1", [](auto& s) { s.hash = hash::sha1; }},
            {"no subject key id", [](auto& s) { s.subject_key_id = false; }},
            {"no authority key id", [](auto& s) { s.authority_key_id = false; }},
            {"another authority key id", [](auto& s) { s.authority_key_id_value = octets({1, 2, 3}); }},
            {"version 1", [](auto& s) { s.version = 1; }},
            {"serial 0", [](auto& s) { s.serial = octets({0}); }},
            {"wrong signature", [](auto& s) { s.corrupt_signature = true; }},
            {"unknown critical extension", [](auto& s) { s.unknown_critical_extension = true; }},
            {"unknown extension", [](auto& s) { s.unknown_extension = true; }},
            {"critical policies", [](auto& s) { s.policies = {"1.2.3"}, s.policies_critical = true; }},
            {"another name", [](auto& s) { s.dns = {"other.example"}; }},
            {"a wildcard", [](auto& s) { s.dns.emplace_back("*.wild.example"); }},
        };
        return all;
    }

    /// Certificates that belong to no path, or to another.
    void beside() {
        if (one_in(6)) {
            above_.push_back(made_.anchors.front());
            note("root sent");
        }
        if (one_in(8) && !above_.empty()) {
            above_.push_back(above_[below(above_.size())]);
            note("one sent twice");
        }
        if (one_in(8)) {
            auto spec = testbed::root_spec();
            above_.insert(above_.begin(), testbed::issue(spec, testbed::pooled_key(key_kind::p256, 15)).der);
            note("another of the root's name");
        }
        if (one_in(10)) {
            above_.push_back(testbed::pattern(300));
            note("garbage");
        }
        if (one_in(8)) {
            auto const other = testbed::issue(testbed::root_spec(), testbed::pooled_key(key_kind::p256, 16));
            made_.anchors.insert(made_.anchors.begin(), other.der);
            note("an anchor of the root's name");
        }
    }

    std::mt19937_64 random_;
    chain made_;
    std::vector<bytes> above_; // the root's end first, until it is turned round
    std::string last_name_;
};

} // namespace

chain random_chain(std::uint64_t seed) { return maker(seed).make(); }

} // namespace oracle
