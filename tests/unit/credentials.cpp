// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"
#include "testbed/bytes.hpp"
#include "testbed/certificate_factory.hpp"
#include "testbed/pem.hpp"
#include "testbed/process.hpp"
#include <tls/credentials/credentials.hpp>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>

namespace unit::credentials_cases {
namespace {

using testbed::bytes;
using testbed::view_of;
using tls::errc;
using tls::identity;
using tls::trust_anchors;

/// Good credentials, and a folder for files made from them.
struct fixture {
    testbed::pki const pki = testbed::make_pki();
    testbed::temporary_directory const folder;
    std::string const root = pki.root_pem();
    std::string const chain = pki.client.chain_pem();
    std::string const key = pki.client.private_key->pkcs8_pem();

    std::string file(std::string_view name, std::string_view content) const {
        return folder.write_file(name, content).string();
    }
    [[nodiscard]] std::string path(std::string_view name) const { return (folder.path() / name).string(); }
};

/// Checks that something failed for this reason and names this input, at least by its end; which part of it may follow.
template <class T> void must_fail(tls::result<T> const& result, errc code, std::string_view input) {
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().code == code);
    CHECK(result.error().phase == tls::phase::configuring);
    std::string_view const about = result.error().about.view();
    std::string_view const whole = about.substr(0, about.find(", "));
    bool const named = !whole.empty() && (input.ends_with(whole) || whole.ends_with(input.substr(input.size() / 2)));
    CHECK_MESSAGE(named, about, " does not name ", input);
}

/// Checks that something failed for this reason; there is no input to name but the argument itself.
template <class T> void must_fail(tls::result<T> const& result, errc code) {
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().code == code);
    CHECK(result.error().phase == tls::phase::configuring);
}

/// An environment variable for the length of a test.
class variable {
public:
    variable(char const* name, std::string const& value) : name_(name) {
        if (char const* const old = std::getenv(name)) old_ = old;
        ::setenv(name, value.c_str(), 1);
    }
    ~variable() {
        if (old_)
            ::setenv(name_, old_->c_str(), 1);
        else
            ::unsetenv(name_);
    }
    variable(variable const&) = delete;
    variable& operator=(variable const&) = delete;

private:
    char const* name_;
    std::optional<std::string> old_;
};

} // namespace

TEST_CASE_FIXTURE(fixture, "anchors: a file of one certificate, a bundle, text and DER give the same certificates") {
    bytes const& der = pki.root.certificate.der;
    auto const from_file = trust_anchors::from_pem_file(file("root.pem", root));
    REQUIRE(from_file);
    REQUIRE(from_file->size() == 1);
    CHECK(std::ranges::equal(from_file->certificates().front().der(), der));
    CHECK(std::ranges::equal(trust_anchors::from_pem(root)->certificates().front().der(), der));
    CHECK(std::ranges::equal(trust_anchors::from_der(der)->certificates().front().der(), der));

    auto const bundle = trust_anchors::from_pem_file(file("bundle.pem", "# comment\n" + chain + "\n" + root));
    REQUIRE(bundle);
    CHECK(bundle->size() == 3);
}

TEST_CASE_FIXTURE(fixture, "anchors: adding keeps each certificate once") {
    auto anchors = *trust_anchors::from_pem(root);
    anchors.add(*trust_anchors::from_pem(chain + root));
    CHECK(anchors.size() == 3);
}

TEST_CASE_FIXTURE(fixture, "anchors: each bad file is refused for its own reason, and named") {
    auto const refused = [&](std::string const& path, errc code) {
        must_fail(trust_anchors::from_pem_file(path), code, path);
    };
    refused(path("missing.pem"), errc::file_not_found);
    refused(path("no-folder/root.pem"), errc::file_not_found);
    refused(file("empty.pem", ""), errc::empty_input);
    refused(folder.path().string(), errc::file_unreadable);
    CHECK(trust_anchors::from_pem_file(folder.path().string()).error().system == EISDIR);
    // Neither a pipe that nobody writes into nor a file without end is waited for.
    REQUIRE(::mkfifo(path("pipe").c_str(), 0600) == 0);
    for (auto const& endless : {path("pipe"), std::string("/dev/zero")}) {
        refused(endless, errc::file_unreadable);
        CHECK(trust_anchors::from_pem_file(endless).error().system == EINVAL);
    }
    refused(file("text.pem", "no certificate in here\n"), errc::no_certificate);
    refused(file("garbage.pem", testbed::to_text(testbed::pattern(3000))), errc::no_certificate);
    refused(file("key.pem", key), errc::unexpected_private_key);
    refused(file("cut.pem", std::string_view(root).substr(0, root.size() / 2)), errc::bad_pem);
    refused(file("cut-in-bundle.pem", root + root.substr(0, root.size() - 10)), errc::bad_pem);
    refused(file("not-der.pem", testbed::pem_block("CERTIFICATE", testbed::pattern(300))), errc::bad_certificate_der);
    bytes const& der = pki.root.certificate.der;
    refused(
        file("half-der.pem", testbed::pem_block("CERTIFICATE", testbed::byte_view(der).first(der.size() / 2))),
        errc::bad_certificate_der);
    std::string damaged = root;
    damaged[damaged.find('\n') + 5] = '!';
    refused(file("damaged.pem", damaged), errc::bad_pem);
}

TEST_CASE_FIXTURE(fixture, "anchors: an error in a bundle says which certificate it is about") {
    auto const about = [&](std::string const& text) {
        auto const refused = trust_anchors::from_pem_file(file("bundle.pem", text));
        REQUIRE_FALSE(refused);
        return std::string(refused.error().about.view());
    };
    std::string const not_der = testbed::pem_block("CERTIFICATE", testbed::pattern(300));
    CHECK(about(chain + not_der + root).ends_with("bundle.pem, certificate 3"));
    std::string damaged = root;
    damaged[damaged.find('\n') + 5] = '!';
    CHECK(about(root + key + damaged).ends_with("bundle.pem, certificate 2"));
    CHECK(about(root + root.substr(0, root.size() - 10)).ends_with("bundle.pem, PEM block 2"));
    CHECK(trust_anchors::from_pem(root + not_der).error().about.view() == "certificate 2");
    std::string const long_name = std::string(100, 'x') + ".pem";
    auto const refused = trust_anchors::from_pem_file(file(long_name, not_der));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().about.view().starts_with("...x"));
    CHECK(refused.error().about.view().ends_with("x.pem, certificate 1"));
}

TEST_CASE_FIXTURE(fixture, "anchors: what cannot be read in the system's store does not take the rest along") {
    std::string const not_der = testbed::pem_block("CERTIFICATE", testbed::pattern(300));
    std::string damaged = root;
    damaged[damaged.find('\n') + 5] = '!';
    std::string const cut = root.substr(0, root.size() - 10) + '\n';
    {
        variable const store("SSL_CERT_FILE", file("store.pem", not_der + chain + damaged + cut + root));
        auto const anchors = trust_anchors::system();
        REQUIRE(anchors);
        CHECK(anchors->size() == 3);
        CHECK(anchors->unreadable() == 3);
    }
    {
        std::string const path = file("nothing-good.pem", not_der + damaged);
        variable const store("SSL_CERT_FILE", path);
        must_fail(trust_anchors::system(), errc::bad_certificate_der, path);
    }
    std::filesystem::create_directory(folder.path() / "certs");
    (void)file("certs/mixed.pem", not_der + root);
    (void)file("certs/bad.pem", damaged);
    (void)file("certs/README", "no certificate");
    auto const anchors = trust_anchors::from_folder(path("certs"));
    REQUIRE(anchors);
    CHECK(anchors->size() == 1);
    CHECK(anchors->unreadable() == 2);
}

TEST_CASE_FIXTURE(fixture, "anchors: a file without read permission is reported") {
    std::string const secret = file("secret.pem", root);
    REQUIRE(::chmod(secret.c_str(), 0) == 0);
    if (::access(secret.c_str(), R_OK) == 0) {
        MESSAGE("this user can read every file: nothing is refused");
        return;
    }
    must_fail(trust_anchors::from_pem_file(secret), errc::file_unreadable, secret);
    CHECK(trust_anchors::from_pem_file(secret).error().system == EACCES);
}

TEST_CASE_FIXTURE(fixture, "anchors: bad input in memory") {
    must_fail(trust_anchors::from_pem(""), errc::empty_input);
    must_fail(trust_anchors::from_pem("garbage"), errc::no_certificate);
    must_fail(trust_anchors::from_pem(key), errc::unexpected_private_key);
    must_fail(trust_anchors::from_der({}), errc::empty_input);
    must_fail(trust_anchors::from_der(testbed::pattern(300)), errc::bad_certificate_der);
    must_fail(trust_anchors::from_der(view_of(root)), errc::wrong_format);
    must_fail(trust_anchors::from_der(pki.root.private_key->pkcs8_der()), errc::unexpected_private_key);
    bytes longer = pki.root.certificate.der;
    longer.push_back({});
    must_fail(trust_anchors::from_der(longer), errc::bad_certificate_der);
}

TEST_CASE_FIXTURE(
    fixture, "anchors: a folder gives what its files hold, passes over the rest and is named when empty") {
    file("a-root.pem", root);
    file("b-same-root.0", root);
    file("c-intermediate.crt", pki.client.chain.back().pem());
    file("d-intermediate.der", testbed::to_text(pki.server.chain.back().der));
    file("readme.txt", "nothing");
    file("empty", "");
    std::filesystem::create_directory(path("sub"));
    std::filesystem::create_symlink(path("gone"), path("dangling.pem"));
    auto const anchors = trust_anchors::from_folder(folder.path().string());
    REQUIRE(anchors);
    CHECK(anchors->size() == 3);

    testbed::temporary_directory const empty;
    must_fail(trust_anchors::from_folder(empty.path().string()), errc::no_certificate, empty.path().string());
    must_fail(trust_anchors::from_folder(path("missing")), errc::file_not_found, path("missing"));
    must_fail(trust_anchors::from_folder(path("readme.txt")), errc::file_unreadable, path("readme.txt"));
}

TEST_CASE_FIXTURE(fixture, "anchors: the system's store is where the environment says") {
    variable const no_folder("SSL_CERT_DIR", "");
    {
        variable const one("SSL_CERT_FILE", file("store.pem", root));
        REQUIRE(trust_anchors::system());
        CHECK(trust_anchors::system()->size() == 1);
    }
    {
        variable const missing("SSL_CERT_FILE", path("nowhere.pem"));
        must_fail(trust_anchors::system(), errc::file_not_found, path("nowhere.pem"));
    }
    variable const no_file("SSL_CERT_FILE", "");
    variable const in_folder("SSL_CERT_DIR", folder.path().string());
    REQUIRE(trust_anchors::system());
    CHECK(std::ranges::equal(trust_anchors::system()->certificates().front().der(), pki.root.certificate.der));
}

TEST_CASE_FIXTURE(fixture, "identity: files, text and DER give the same chain and key") {
    bytes const key_der = pki.client.private_key->pkcs8_der();
    auto const check = [&](tls::result<identity> const& made) {
        REQUIRE(made);
        REQUIRE(made->chain().size() == 2);
        CHECK(std::ranges::equal(made->chain()[0].der(), pki.client.chain[0].der));
        CHECK(std::ranges::equal(made->chain()[1].der(), pki.client.chain[1].der));
        CHECK(std::ranges::equal(made->leaf().der(), pki.client.leaf().der));
        CHECK(std::ranges::equal(made->private_key().der.span(), key_der));
        CHECK_FALSE(made->key_is_encrypted());
    };
    check(identity::from_pem(chain, key));
    check(identity::from_der({pki.client.chain[0].der, pki.client.chain[1].der}, key_der));
    std::string const key_file = file("key.pem", key);
    auto const from_files = identity::from_pem_files(file("chain.pem", chain), key_file);
    check(from_files);
    CHECK(from_files->origin().view().ends_with("key.pem"));
    // One file with both is how many devices keep them.
    std::string const both = file("both.pem", key + chain);
    check(identity::from_pem_files(both, both));
}

TEST_CASE_FIXTURE(fixture, "identity: every encoding of a key is recognised") {
    testbed::key const& ec = *pki.client.private_key;
    testbed::key const& rsa = testbed::pooled_key(testbed::key_kind::rsa_2048);
    using tls::x509::private_key_kind;
    auto const kind_of = [&](std::string const& pem, std::string_view password = {}) {
        auto const made = identity::from_pem(chain, pem, password);
        REQUIRE(made);
        return made->private_key().kind;
    };
    CHECK(kind_of(ec.pkcs8_pem()) == private_key_kind::pkcs8);
    CHECK(kind_of(ec.traditional_pem()) == private_key_kind::sec1);
    CHECK(kind_of(rsa.traditional_pem()) == private_key_kind::pkcs1);
    CHECK(kind_of(ec.encrypted_pkcs8_pem("secret"), "secret") == private_key_kind::encrypted_pkcs8);
    CHECK(kind_of(ec.legacy_encrypted_pem("secret"), "secret") == private_key_kind::legacy_encrypted);
}

TEST_CASE_FIXTURE(fixture, "identity: each bad chain file is refused for its own reason, and named") {
    std::string const key_file = file("key.pem", key);
    auto const refused = [&](std::string const& chain_file, errc code) {
        must_fail(identity::from_pem_files(chain_file, key_file), code, chain_file);
    };
    refused(path("missing.pem"), errc::file_not_found);
    refused(file("empty.pem", ""), errc::empty_input);
    refused(folder.path().string(), errc::file_unreadable);
    refused(file("text.pem", "no certificate in here\n"), errc::no_certificate);
    refused(key_file, errc::unexpected_private_key);
    refused(file("cut.pem", std::string_view(chain).substr(0, chain.size() - 40)), errc::bad_pem);
    refused(file("not-der.pem", testbed::pem_block("CERTIFICATE", testbed::pattern(99))), errc::bad_certificate_der);
    std::string const leaf = pki.client.chain[0].pem();
    std::string const intermediate = pki.client.chain[1].pem();
    refused(file("root-first.pem", intermediate + leaf), errc::chain_order);
    refused(file("twice.pem", leaf + leaf), errc::chain_order);
    refused(file("gap.pem", leaf + root), errc::chain_order);
    refused(file("unrelated.pem", leaf + pki.server.chain[1].pem()), errc::chain_order);
    std::string many = chain;
    for (std::size_t i = 2; i < identity::max_chain + 1; ++i) many += root;
    refused(file("many.pem", many), errc::too_many_certificates);
}

TEST_CASE_FIXTURE(fixture, "identity: a chain may go up to the root, and may be as long as the limit") {
    CHECK(identity::from_pem(chain + root, key));
    std::string longest = chain;
    for (std::size_t i = 2; i < identity::max_chain; ++i) longest += root;
    CHECK(identity::from_pem(longest, key));
    CHECK(identity::from_pem(pki.client.leaf().pem(), key));
}

TEST_CASE_FIXTURE(fixture, "identity: each bad key file is refused for its own reason, and named") {
    std::string const chain_file = file("chain.pem", chain);
    auto const refused = [&](std::string const& key_file, errc code) {
        must_fail(identity::from_pem_files(chain_file, key_file), code, key_file);
    };
    refused(path("missing.key"), errc::file_not_found);
    refused(file("empty.key", ""), errc::empty_input);
    refused(folder.path().string(), errc::file_unreadable);
    refused(file("text.key", "no key in here\n"), errc::no_private_key);
    refused(chain_file, errc::unexpected_certificate);
    refused(file("cut.key", std::string_view(key).substr(0, key.size() / 2)), errc::bad_pem);
    refused(file("not-der.key", testbed::pem_block("PRIVATE KEY", testbed::pattern(80))), errc::bad_private_key);
    bytes const der = pki.client.private_key->pkcs8_der();
    refused(
        file("half.key", testbed::pem_block("PRIVATE KEY", testbed::byte_view(der).first(der.size() - 3))),
        errc::bad_private_key);
    refused(file("encrypted.key", pki.client.private_key->encrypted_pkcs8_pem("secret")), errc::password_required);
    refused(file("legacy.key", pki.client.private_key->legacy_encrypted_pem("secret")), errc::password_required);
}

TEST_CASE_FIXTURE(fixture, "identity: bad input in memory says which of the two it is about") {
    constexpr std::string_view chain_name = "certificate chain";
    constexpr std::string_view key_name = "private key";
    must_fail(identity::from_pem("", key), errc::empty_input, chain_name);
    must_fail(identity::from_pem("garbage", key), errc::no_certificate, chain_name);
    must_fail(identity::from_pem(key, key), errc::unexpected_private_key, chain_name);
    must_fail(identity::from_pem(chain, ""), errc::empty_input, key_name);
    must_fail(identity::from_pem(chain, "garbage"), errc::no_private_key, key_name);
    must_fail(identity::from_pem(chain, chain), errc::unexpected_certificate, key_name);

    bytes const key_der = pki.client.private_key->pkcs8_der();
    bytes const& leaf = pki.client.leaf().der;
    must_fail(identity::from_der({bytes{}}, key_der), errc::empty_input, chain_name);
    must_fail(identity::from_der({testbed::pattern(50)}, key_der), errc::bad_certificate_der, chain_name);
    must_fail(identity::from_der({key_der}, key_der), errc::unexpected_private_key, chain_name);
    must_fail(identity::from_der({leaf}, {}), errc::empty_input, key_name);
    must_fail(identity::from_der({leaf}, testbed::pattern(50)), errc::bad_private_key, key_name);
    must_fail(identity::from_der({leaf}, leaf), errc::unexpected_certificate, key_name);
}

// Needs identity::make to say which of its two inputs an error is about.
TEST_CASE_FIXTURE(fixture, "identity: a chain or key in memory that cannot be used is named too") {
    bytes const key_der = pki.client.private_key->pkcs8_der();
    std::string const backwards = pki.client.chain[1].pem() + pki.client.chain[0].pem();
    must_fail(identity::from_pem(backwards, key), errc::chain_order, "certificate chain");
    must_fail(identity::from_der({}, key_der), errc::no_certificate, "certificate chain");
    must_fail(
        identity::from_der({pki.client.chain[1].der, pki.client.chain[0].der}, key_der), errc::chain_order,
        "certificate chain");
    must_fail(
        identity::from_pem(chain, pki.client.private_key->encrypted_pkcs8_pem("secret")), errc::password_required,
        "private key");
    must_fail(
        identity::from_der({pki.client.leaf().der}, pki.client.private_key->encrypted_pkcs8_der("secret")),
        errc::password_required, "private key");
}

TEST_CASE_FIXTURE(fixture, "identity: a copy shares the key and outlives the original") {
    std::optional<identity> copy;
    {
        identity const original = *identity::from_pem(chain, key);
        copy = original;
        CHECK(copy->private_key().der.data() == original.private_key().der.data());
    }
    CHECK(std::ranges::equal(copy->private_key().der.span(), pki.client.private_key->pkcs8_der()));
}

} // namespace unit::credentials_cases
