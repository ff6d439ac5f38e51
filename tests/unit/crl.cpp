// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"
#include "testbed/certificate_parts.hpp"
#include "testbed/crl_factory.hpp"
#include "testbed/der_writer.hpp"
#include "testbed/process.hpp"
#include <tls/mbedtls.hpp>
#include <tls/revocation/revocation_rule.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace unit::crl_cases {
namespace {

using testbed::bytes;
using testbed::crl_pem;
using testbed::crl_spec;
using testbed::issue_crl;
using tls::errc;
using tls::revocation_lists;
using tls::x509::crl_view;

testbed::issuer const& authority() {
    static auto const& key = testbed::pooled_key(testbed::key_kind::p256, 40);
    static testbed::issuer const made{testbed::issue(testbed::root_spec(), key), &key};
    return made;
}

bytes serial(unsigned n) { return {std::byte{1}, static_cast<std::byte>(n >> 8U), static_cast<std::byte>(n)}; }

crl_spec with_entries(unsigned n) {
    crl_spec spec;
    for (unsigned i = 0; i != n; ++i) spec.revoked.push_back({.serial = serial(i * 7919 % 65536), .reason = i % 7});
    return spec;
}

} // namespace

TEST_CASE("crl: what a list says") {
    auto spec = with_entries(3);
    spec.this_update = std::chrono::sys_days(std::chrono::year(2026) / 1 / 2);
    spec.next_update = std::chrono::sys_days(std::chrono::year(2051) / 1 / 2);
    bytes const der = issue_crl(spec, authority());
    auto const list = crl_view::parse(der);
    REQUIRE(list);
    CHECK(tls::x509::der::equal(list->issuer_name(), authority().certificate.subject));
    CHECK(list->this_update() == spec.this_update.time_since_epoch().count());
    CHECK(list->next_update() == spec.next_update->time_since_epoch().count());
    CHECK(list->size() == 3);
    CHECK(list->not_understood().empty());
    CHECK(list->scope() == tls::x509::crl_scope::all);
    CHECK_FALSE(list->is_partition());
    REQUIRE(list->authority_key_id());
    CHECK(tls::x509::der::equal(*list->authority_key_id(), authority().certificate.subject_key_id));
    auto const first = tls::x509::read_crl_entry(list->entries());
    CHECK(tls::x509::der::equal(first.serial, serial(0)));
    CHECK(first.reason == tls::x509::revocation_reason::unspecified);

    spec.distribution_point = {"http://ca.example/1.crl"};
    spec.only_end_entities = true;
    spec.next_update.reset();
    bytes const other = issue_crl(spec, authority());
    auto const part = crl_view::parse(other);
    REQUIRE(part);
    CHECK(part->is_partition());
    CHECK((*part->distribution_point().begin()).text() == "http://ca.example/1.crl");
    CHECK(part->scope() == tls::x509::crl_scope::end_entities);
    CHECK_FALSE(part->next_update());
}

TEST_CASE("crl: every truncation, every added byte and every damaged tag or length is refused or harmless") {
    bytes const der = issue_crl(with_entries(5), authority());
    for (std::size_t n = 0; n != der.size(); ++n) CHECK_FALSE(crl_view::parse(std::span(der).first(n)));
    bytes longer = der;
    longer.push_back(std::byte{0});
    CHECK_FALSE(crl_view::parse(longer));
    for (std::size_t at = 0; at != der.size(); ++at)
        for (unsigned bit = 0; bit != 8; ++bit) {
            bytes damaged = der;
            damaged[at] ^= static_cast<std::byte>(1U << bit);
            auto const lists = revocation_lists::from_der(damaged);
            if (lists) CHECK(lists->revoked() <= 5);
        }
}

TEST_CASE("crl: what cannot be used is refused by name") {
    struct row {
        std::function<void(crl_spec&)> change;
        std::string_view about;
    };
    std::vector<row> const rows = {
        {[](auto& s) { s.delta = true; }, "a delta list"},
        {[](auto& s) { s.indirect = true; }, "an indirect list"},
        {[](auto& s) { s.some_reasons = true; }, "a list for some reasons only"},
        {[](auto& s) { s.only_attribute_certificates = true; }, "a list of attribute certificates"},
        {[](auto& s) { s.relative_point = true; }, "a list for a point named relative to its issuer"},
        {[](auto& s) { s.unknown_critical_extension = true; }, "a list with an unknown critical extension"},
        {[](auto& s) { s.next_update.reset(); }, "a list that does not say until when it holds"},
        {[](auto& s) {
             auto const issuer = testbed::extension("2.5.29.29", true, testbed::der::sequence({}));
             s.revoked = {{.serial = serial(1), .extra_extensions = {issuer}}};
         },
         "an indirect list"},
        {[](auto& s) {
             auto const unknown = testbed::extension("1.3.6.1.4.1.32473.1", true, testbed::der::null());
             s.revoked = {{.serial = serial(1), .extra_extensions = {unknown}}};
         },
         "an entry with an unknown critical extension"},
    };
    for (auto const& r : rows) {
        CAPTURE(r.about);
        crl_spec spec;
        r.change(spec);
        bytes const der = issue_crl(spec, authority());
        auto const lists = revocation_lists::from_der(der);
        REQUIRE_FALSE(lists);
        CHECK(lists.error().code == errc::unsupported);
        CHECK(lists.error().about.view() == r.about);
        auto const second = revocation_lists::from_pem(crl_pem(issue_crl({}, authority())) + crl_pem(der));
        CHECK(second.error().about.view() == "list 2, " + std::string(r.about));
    }
    // Both copies of the algorithm must agree, and one list is not for both kinds of certificates "only".
    CHECK(
        revocation_lists::from_der(issue_crl({.mismatched_algorithm = true}, authority())).error().code ==
        errc::bad_crl);
    crl_spec both;
    both.only_authorities = both.only_end_entities = true;
    CHECK(revocation_lists::from_der(issue_crl(both, authority())).error().code == errc::bad_crl);
}

TEST_CASE("crl: what is no list is named") {
    auto const refused = [](tls::result<revocation_lists> const& lists) {
        REQUIRE_FALSE(lists);
        return std::pair(lists.error().code, std::string(lists.error().about.view()));
    };
    using answer = std::pair<errc, std::string>;
    auto const& certificate = authority().certificate;
    CHECK(refused(revocation_lists::from_pem("")) == answer(errc::empty_input, ""));
    CHECK(refused(revocation_lists::from_der({})) == answer(errc::empty_input, ""));
    CHECK(refused(revocation_lists::from_pem(certificate.pem())) == answer(errc::bad_crl, "CERTIFICATE"));
    CHECK(refused(revocation_lists::from_der(certificate.der)) == answer(errc::bad_crl, "certificate in DER"));
    CHECK(refused(revocation_lists::from_pem("<html></html>")) == answer(errc::bad_crl, "HTML or XML"));
    CHECK(refused(revocation_lists::from_pem("nothing")) == answer(errc::bad_crl, ""));
    CHECK(refused(revocation_lists::from_pem(crl_pem(bytes(40)))).first == errc::bad_crl);
    std::string const good = crl_pem(issue_crl({}, authority()));
    CHECK(refused(revocation_lists::from_pem(good + good.substr(0, 100))) == answer(errc::bad_pem, "list 2"));
}

TEST_CASE("crl: files, in PEM and DER, and folders of them") {
    testbed::temporary_directory const folder;
    auto const write = [&](std::string const& name, std::string_view content) {
        std::string const path = folder.path() / name;
        std::ofstream(path, std::ios::binary) << content;
        return path;
    };
    bytes const der = issue_crl(with_entries(2), authority());
    std::string const binary(reinterpret_cast<char const*>(der.data()), der.size());
    auto const in_der = write("a.crl", binary);
    auto const in_pem = write("b.pem", crl_pem(der) + crl_pem(issue_crl({}, authority())));
    CHECK(revocation_lists::from_file(in_der)->revoked() == 2);
    CHECK(revocation_lists::from_file(in_pem)->size() == 2);
    (void)write("README", "the lists");
    auto const all = revocation_lists::from_folder(folder.path());
    REQUIRE(all);
    CHECK(all->size() == 3);
    CHECK(all->revoked() == 4);
    CHECK(all->newest() <= testbed::now().time_since_epoch().count());
    CHECK(all->valid_until() > testbed::now().time_since_epoch().count());

    auto const wrong = write("c.pem", authority().certificate.pem());
    CHECK(revocation_lists::from_file(wrong).error().about.view().ends_with("c.pem, CERTIFICATE"));
    CHECK(revocation_lists::from_file(folder.path() / "none").error().code == errc::file_not_found);
    CHECK(revocation_lists::from_folder(folder.path() / "none").error().code == errc::file_not_found);
    // A list that cannot be used is not passed over: a certificate on it would not be noticed.
    crl_spec delta;
    delta.delta = true;
    (void)write("d.pem", crl_pem(issue_crl(delta, authority())));
    auto const failed = revocation_lists::from_folder(folder.path());
    CHECK(failed.error().code == errc::unsupported);
    CHECK(failed.error().about.view().ends_with("d.pem, list 1, a delta list"));
    // Nor is one that is damaged or cut short.
    for (auto const& [name, content] : std::vector<std::pair<std::string, std::string>>{
             {"new.crl", binary.substr(0, binary.size() / 2)},
             {"new", binary.substr(0, binary.size() / 2)},
             {"new.pem", crl_pem(der).substr(0, 300)},
             {"new.pem", "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n"},
             {"new.crl", ""},
             {"new.r0", ""},
             {"new.r12", "a text"},
             {"new.CRL", "a text"},
             {"new.crl.pem", authority().certificate.pem()},
             {"new-crl.pem", ""},
             {"crl.pem", ""},
             {"CRL1.DER", ""},
             {"new_crl_2.pem", "\n"},
             {"crls.pem", "<html>404</html>"},
             {"new.crl", std::string(500, '\0')},
             {"new", std::string(500, '\0')},
             {"new", '\x7f' + binary.substr(1)},
             {"new.pem", crl_pem(der).substr(0, 8)},
             {"new.pem", authority().certificate.pem() + crl_pem(der).substr(0, 8)},
             {"new.pem", "-----CEGIN" + crl_pem(der).substr(10)},
             {"new.txt", "Certificate Revocation List (CRL):\n        Version 2 (0x1)\n"},
             {"new.pem", crl_pem(der) + "Certificate Revocation List (CRL):\n        Version 2 (0x1)\n"}}) {
        CAPTURE(name);
        testbed::temporary_directory const damaged;
        (void)damaged.write_file("old.crl", binary);
        (void)damaged.write_file(name, content);
        auto const found = revocation_lists::from_folder(damaged.path());
        REQUIRE_FALSE(found);
        CHECK(found.error().about.view().find(name) != std::string_view::npos);
    }
    testbed::temporary_directory const mixed;
    (void)mixed.write_file("list", binary);
    (void)mixed.write_file("root.pem", authority().certificate.pem());
    (void)mixed.write_file(
        "root.der",
        std::string(
            reinterpret_cast<char const*>(authority().certificate.der.data()), authority().certificate.der.size()));
    (void)mixed.write_file(".keep", "");
    (void)mixed.write_file("crl-issuer.pem", authority().certificate.pem());
    (void)mixed.write_file("fetch-crl.log", "");
    (void)mixed.write_file("new.pem", "");
    (void)mixed.write_file("README.md", "Revocation lists\n----------------\n\nby certificate revocation list\n");
    (void)mixed.write_file("key.pem", testbed::pooled_key(testbed::key_kind::p256, 40).pkcs8_pem());
    (void)mixed.write_file("old.tar.gz", std::string("\x1f\x8b\x08\0\0\0", 6));
    CHECK(revocation_lists::from_folder(mixed.path())->size() == 1);
    // What a link has promised is not there.
    std::filesystem::create_symlink(mixed.path() / "list", mixed.path() / "good");
    CHECK(revocation_lists::from_folder(mixed.path())->size() == 2);
    std::filesystem::create_symlink(mixed.path() / "none", mixed.path() / "broken");
    auto const broken = revocation_lists::from_folder(mixed.path());
    CHECK(broken.error().code == errc::file_not_found);
    CHECK(broken.error().about.view().ends_with("broken"));
    testbed::temporary_directory const empty;
    CHECK(revocation_lists::from_folder(empty.path()).error().code == errc::bad_crl);
}

TEST_CASE("crl: no list with one wrong bit, and no beginning of one, is taken for something else") {
    bytes const der = issue_crl(with_entries(2), authority());
    std::string const pem = crl_pem(der);
    auto const is_passed_over = [](auto const& content) {
        return tls::detail::is_no_list(std::as_bytes(std::span(content)));
    };
    for (std::size_t at = 0; at != der.size(); ++at)
        for (unsigned bit = 0; bit != 8; ++bit) {
            bytes damaged = der;
            damaged[at] ^= static_cast<std::byte>(1U << bit);
            CHECK_FALSE_MESSAGE(is_passed_over(damaged), at);
        }
    for (std::size_t at = 0; at != pem.size(); ++at)
        for (unsigned bit = 0; bit != 8; ++bit) {
            std::string damaged = pem;
            damaged[at] = static_cast<char>(static_cast<unsigned char>(damaged[at]) ^ (1U << bit));
            CHECK_FALSE_MESSAGE(is_passed_over(damaged), at);
        }
    for (std::size_t size = 1; size != der.size(); ++size)
        CHECK_FALSE_MESSAGE(is_passed_over(std::span(der).first(size)), size);
    constexpr std::size_t dashes = 5;
    for (std::size_t size = dashes; size != pem.size(); ++size)
        CHECK_FALSE_MESSAGE(is_passed_over(std::string_view(pem).substr(0, size)), size);
}

TEST_CASE("crl: sets are put together and share what they have") {
    auto const one = revocation_lists::from_der(issue_crl(with_entries(3), authority())).value();
    auto both = revocation_lists::from_der(issue_crl(with_entries(4), authority())).value();
    CHECK(both.add(one));
    CHECK(both.add(revocation_lists()));
    CHECK(both.size() == 2);
    CHECK(both.revoked() == 7);
    revocation_lists none;
    CHECK(none.size() == 0);
    CHECK(none.newest() == std::numeric_limits<std::int64_t>::min());
    CHECK(none.add(both));
    CHECK(none.revoked() == 7);
    // Thousands take no more of the stack than one.
    revocation_lists many;
    for (int i = 0; i != 3000; ++i) REQUIRE(many.add(one));
    CHECK(many.revoked() == 9000);
}

TEST_CASE("crl: the stamp of a set is SHA-256 over every byte of its lists, in their order") {
    constexpr tls::verify::hash_function sha256 = &tls::mbedtls::sha256;
    auto const stamp = [](revocation_lists const& lists) { return tls::detail::stamp_of(lists, sha256).value(); };
    bytes const der = issue_crl(with_entries(3), authority());
    auto const one = revocation_lists::from_der(der).value();
    CHECK(stamp(revocation_lists()) == tls::verify::digest{});
    // SHA-256(zeros || SHA-256(list))
    tls::verify::digest const zeros{};
    tls::verify::digest of_list{}, expected{};
    REQUIRE(sha256(std::array{std::span<std::byte const>(der)}, of_list));
    REQUIRE(sha256(std::array<std::span<std::byte const>, 2>{zeros, of_list}, expected));
    CHECK(stamp(one) == expected);
    CHECK(stamp(revocation_lists::from_der(der).value()) == stamp(one));
    // One that nobody signed: another serial number, and issuer, dates and signature of the first.
    bytes forged = der;
    auto const entry = std::ranges::search(forged, serial(7919)).begin();
    REQUIRE(entry != forged.end());
    entry[1] ^= std::byte{1};
    CHECK(stamp(revocation_lists::from_der(forged).value()) != stamp(one));
    auto const other = revocation_lists::from_der(issue_crl(with_entries(4), authority())).value();
    auto both = one;
    REQUIRE(both.add(other));
    auto reversed = other;
    REQUIRE(reversed.add(one));
    auto twice = one;
    REQUIRE(twice.add(one));
    CHECK(stamp(both) != stamp(one));
    CHECK(stamp(both) != stamp(reversed));
    CHECK(stamp(twice) != stamp(one));
    auto again = one;
    REQUIRE(again.add(other));
    CHECK(stamp(again) == stamp(both));
    // Where the library fails there is none, and later there may be.
    auto const fresh = revocation_lists::from_der(der).value();
    auto const failing = [](std::span<std::span<std::byte const> const>, std::span<std::byte, 32>) noexcept {
        return false;
    };
    CHECK_FALSE(tls::detail::stamp_of(fresh, failing));
    CHECK(stamp(fresh) == stamp(one));
    // It is computed once, whatever is asked afterwards.
    CHECK(tls::detail::stamp_of(fresh, failing) == stamp(one));
}

TEST_CASE("crl: one that names a certificate counts, unless it is forged, whatever other lists say") {
    using tls::signature::answer;
    auto const& key = testbed::pooled_key(testbed::key_kind::p256, 41);
    auto const& root = authority();
    auto spec = testbed::server_spec();
    spec.serial = serial(7);
    auto const leaf = testbed::issue(spec, key, &root);
    auto const leaf_view = tls::x509::certificate_view::parse(leaf.der);
    auto const root_view = tls::x509::certificate_view::parse(root.certificate.der);
    tls::x509::certificate_view const* const path[] = {&*leaf_view, &*root_view};

    enum class kind { good, names_it, late, early_names_it, weak_names_it };
    auto const list_of = [&](kind k) {
        crl_spec s;
        if (k == kind::names_it || k == kind::early_names_it || k == kind::weak_names_it)
            s.revoked = {{.serial = testbed::serial_of(leaf)}};
        if (k == kind::late) s.next_update = testbed::now() - std::chrono::minutes(1);
        if (k == kind::early_names_it) s.this_update = testbed::now() + std::chrono::minutes(2);
        if (k == kind::weak_names_it) s.hash = testbed::hash::sha1;
        return revocation_lists::from_der(issue_crl(s, root)).value();
    };
    /// A library that gives one answer for lists that name a certificate, and `good` for others.
    struct asked {
        answer of_named;
        unsigned calls = 0;
        static answer ask(void* context, tls::signature::query const& q) noexcept {
            auto& self = *static_cast<asked*>(context);
            ++self.calls;
            bool const names = std::ranges::search(q.message, serial(7)).begin() != q.message.end();
            return names ? self.of_named : answer::good;
        }
    };
    unsigned computed = 0; // signatures, by the last judgement that began without any
    auto const judged = [&](std::vector<kind> const& kinds, answer of_named) {
        revocation_lists all;
        for (kind const k : kinds) CHECK(all.add(list_of(k)));
        tls::detail::revocation_settings settings;
        settings.source = tls::revocation_source(all);
        asked library{of_named};
        tls::verify::inquiry const inquiry{asked::ask, &library, &tls::mbedtls::sha256};
        tls::verify::proven_path const p{.certificates = path, .now = testbed::now().time_since_epoch().count()};
        auto const found = tls::detail::check_revocation(&settings, p, inquiry);
        CHECK(found.stamp == tls::detail::stamp_of(all, &tls::mbedtls::sha256));
        computed = library.calls;
        (void)tls::detail::check_revocation(&settings, p, inquiry);
        if (of_named == answer::good) CHECK(library.calls == computed); // each signature once
        return found.code;
    };
    using enum kind;
    for (bool const named_first : {true, false}) {
        auto const both = [&](kind named, answer of_named) {
            return judged(named_first ? std::vector{named, good} : std::vector{good, named}, of_named);
        };
        CHECK(both(names_it, answer::good) == errc::revoked);
        CHECK(both(early_names_it, answer::good) == errc::revoked);
        CHECK(both(names_it, answer::cannot) == errc::revocation_unknown);
        CHECK(both(weak_names_it, answer::good) == errc::revocation_unknown);
        CHECK(both(names_it, answer::bad) == errc::ok);
        CHECK(both(names_it, answer::out_of_memory) == errc::out_of_memory);
        CHECK(both(late, answer::good) == errc::ok);
    }
    CHECK(judged({names_it}, answer::bad) == errc::revocation_unknown);
    CHECK(judged({late}, answer::good) == errc::crl_expired);
    CHECK(judged({}, answer::good) == errc::no_crl);
    // A signature is computed where the answer depends on it: of lists that name the certificate, and of current ones
    // until one is good.
    CHECK(judged({good, good, good}, answer::good) == errc::ok);
    CHECK(computed == 1);
    CHECK(judged({late, late, good, late}, answer::good) == errc::ok);
    CHECK(computed == 1);
    CHECK(judged({late, late}, answer::good) == errc::crl_expired);
    CHECK(computed == 0);
    CHECK(judged({good, names_it, good, names_it}, answer::bad) == errc::ok);
    CHECK(computed == 3);
}

} // namespace unit::crl_cases
