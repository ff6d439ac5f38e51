// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"
#include "fake_certificate.hpp"
#include <tls/x509/certificate.hpp>

#include <string>
#include <vector>

namespace unit::x509_certificate_cases {
namespace {

using fake::bytes;
using fake::of;
using fake::sequence;
using fake::spec;
using fake::tlv;
using namespace tls::x509;

bool parses(bytes const& der) { return certificate_view::parse(der).has_value(); }

/// Owns what the view refers to.
struct parsed {
    explicit parsed(spec const& s) : der(s.der()), view(certificate_view::parse(der)) {}
    bytes der;
    std::optional<certificate_view> view;
};

spec with_extension(fake::view id, bytes const& value, bool critical = false) {
    spec s;
    s.more_extensions = {fake::extension(id, value, critical)};
    return s;
}

constexpr auto basic_constraints = oid<2, 5, 29, 19>;
constexpr auto key_usage = oid<2, 5, 29, 15>;
constexpr auto extended_key_usage = oid<2, 5, 29, 37>;
constexpr auto alternative_name = oid<2, 5, 29, 17>;
constexpr auto subject_key_id = oid<2, 5, 29, 14>;
constexpr auto authority_key_id = oid<2, 5, 29, 35>;
constexpr auto policies = oid<2, 5, 29, 32>;
constexpr auto any_policy = oid<2, 5, 29, 32, 0>;
constexpr auto unheard_of = oid<1, 2, 3, 4>;

} // namespace

TEST_CASE("certificate: the plain fields") {
    spec s = fake::leaf();
    s.serial = of({0, 0x80, 1});
    parsed const c(s);
    REQUIRE(c.view);
    CHECK(der::equal(c.view->der(), c.der));
    CHECK(der::equal(c.view->tbs(), s.tbs()));
    CHECK(c.view->version() == 3);
    CHECK(der::equal(c.view->serial(), s.serial));
    CHECK(der::equal(c.view->subject_name(), s.subject));
    CHECK(der::equal(c.view->issuer_name(), s.issuer));
    CHECK(der::equal(c.view->spki(), s.key));
    CHECK(der::equal(c.view->signature(), s.signature));
    CHECK(c.view->not_before() == 1577836800);
    CHECK(c.view->not_after() == 2208988800);
    CHECK_FALSE(c.view->is_self_issued());
    CHECK_FALSE(c.view->has_empty_subject());
    CHECK(to_text(c.view->subject_name()) == "CN=leaf");

    parsed const root(fake::root());
    REQUIRE(root.view);
    CHECK(root.view->is_self_issued());

    spec nobody = fake::leaf();
    nobody.subject = fake::name({});
    CHECK(parsed(nobody).view->has_empty_subject());
}

TEST_CASE("certificate: versions") {
    spec s;
    s.version = 1;
    CHECK(parsed(s).view->version() == 1);
    s.version = 2;
    CHECK(parsed(s).view->version() == 2);
    s.version = 4;
    CHECK_FALSE(parsed(s).view);
    s.version = 1;
    s.names = {fake::dns("host.example")};
    CHECK_FALSE(parsed(s).view);
    s.version = 2;
    CHECK_FALSE(parsed(s).view);
    s.version = 3;
    CHECK(parsed(s).view);
}

TEST_CASE("certificate: every truncation and every added byte is refused") {
    spec s = fake::leaf();
    s.ca = false;
    s.key_usage = {0};
    s.purposes = {bytes(fake::server_auth.begin(), fake::server_auth.end())};
    s.subject_key_id = of({1, 2});
    s.authority_key_id = of({3, 4});
    bytes const good = s.der();
    REQUIRE(parses(good));
    for (std::size_t n = 0; n != good.size(); ++n)
        CHECK_FALSE(parses({good.begin(), good.begin() + static_cast<std::ptrdiff_t>(n)}));
    bytes longer = good;
    longer.push_back(std::byte{0});
    CHECK_FALSE(parses(longer));
    CHECK_FALSE(parses(sequence({s.tbs(), s.signed_with, fake::bit_string(s.signature), of({5, 0})})));
    bytes tbs = s.tbs();
    auto const content = der::only(tbs, 0x30)->content;
    bytes const extended = sequence({content, of({5, 0})});
    CHECK_FALSE(parses(sequence({extended, s.signed_with, fake::bit_string(s.signature)})));
    CHECK(parses(sequence({sequence({content}), s.signed_with, fake::bit_string(s.signature)})));
    CHECK_FALSE(parses({}));
}

TEST_CASE("certificate: both copies of the signature algorithm must agree") {
    spec s;
    s.inner_signed_with = fake::ecdsa_sha1();
    CHECK_FALSE(parsed(s).view);
    s.inner_signed_with = s.signed_with;
    CHECK(parsed(s).view);
}

TEST_CASE("certificate: the issuer has a name, the subject may have none") {
    spec s;
    s.subject = fake::name({});
    CHECK(parsed(s).view);
    s.issuer = fake::name({});
    CHECK_FALSE(parsed(s).view);
}

TEST_CASE("certificate: keys") {
    auto const key_of = [](bytes const& key) {
        spec s;
        s.key = key;
        parsed const c(s);
        REQUIRE(c.view);
        return *c.view;
    };
    CHECK(key_of(fake::rsa_key(2048)).public_key_kind() == public_key_kind::rsa);
    CHECK(key_of(fake::rsa_key(2048)).key_bits() == 2048);
    CHECK(key_of(fake::rsa_key(2047)).key_bits() == 2047);
    CHECK(key_of(fake::rsa_key(4096)).key_bits() == 4096);
    CHECK(key_of(fake::p256_key()).public_key_kind() == public_key_kind::ec);
    CHECK(key_of(fake::p256_key()).curve() == curve::p256);
    CHECK(key_of(fake::p384_key()).curve() == curve::p384);
    CHECK(key_of(fake::p521_key()).curve() == curve::p521);
    CHECK(key_of(fake::p521_key()).key_bits() == 521);
    CHECK(key_of(fake::secp256k1_key()).public_key_kind() == public_key_kind::ec);
    CHECK(key_of(fake::secp256k1_key()).curve() == curve::other);
    CHECK(key_of(fake::ed25519_key()).public_key_kind() == public_key_kind::ed25519);
    bytes const pss = sequence({fake::algorithm(oid<1, 2, 840, 113549, 1, 1, 10>), fake::bit_string(of({1}))});
    CHECK(key_of(pss).public_key_kind() == public_key_kind::other);

    bytes const rsa = sequence({fake::oid(oid<1, 2, 840, 113549, 1, 1, 1>), of({5, 0})});
    bytes const ec = sequence({fake::oid(oid<1, 2, 840, 10045, 2, 1>)});
    bytes const bad[] = {
        sequence({rsa, fake::bit_string(of({1, 2, 3}))}),
        sequence({rsa, fake::bit_string(sequence({of({2, 1, 0}), of({2, 1, 3})}))}),
        sequence({rsa, fake::bit_string(sequence({of({2, 1, 0x80}), of({2, 1, 3})}))}),
        sequence({rsa, fake::bit_string(sequence({of({2, 1, 5})}))}),
        sequence({rsa, fake::bit_string(sequence({of({2, 1, 5}), of({2, 1, 3}), of({2, 1, 3})}))}),
        sequence({ec, fake::bit_string(of({4, 1, 2}))}),
        sequence({rsa}),
        sequence({rsa, tlv(3, of({3, 8}))}),
        sequence({}),
    };
    for (auto const& key : bad) {
        spec s;
        s.key = key;
        CHECK_FALSE(parsed(s).view);
    }
}

TEST_CASE("certificate: the numbers of an RSA key, without sign octets") {
    auto const key_of = [](bytes const& modulus, bytes const& exponent) {
        bytes const numbers = sequence({tlv(0x02, modulus), tlv(0x02, exponent)});
        bytes const algorithm = sequence({fake::oid(oid<1, 2, 840, 113549, 1, 1, 1>), of({5, 0})});
        spec s;
        s.key = sequence({algorithm, fake::bit_string(numbers)});
        return parsed(s);
    };
    auto const c = key_of(of({0, 0x80, 0, 5}), of({1, 0, 1}));
    REQUIRE(c.view);
    auto const key = c.view->rsa_key();
    REQUIRE(key);
    CHECK(der::equal(key->modulus, of({0x80, 0, 5})));
    CHECK(der::equal(key->exponent, of({1, 0, 1})));
    CHECK_FALSE(c.view->ec_key());
    CHECK(c.view->key_bits() == 24);

    CHECK_FALSE(key_of(of({0, 5}), of({3})).view); // not minimal
    CHECK_FALSE(key_of(of({5}), of({0, 3})).view);
    CHECK_FALSE(key_of(of({5}), of({0})).view); // not positive
    CHECK_FALSE(key_of(of({5}), of({0x83})).view);
    CHECK_FALSE(key_of(of({5}), {}).view);
    CHECK_FALSE(key_of({}, of({3})).view);
}

TEST_CASE("certificate: the point of an EC key has the form and size of its curve") {
    constexpr auto p256 = oid<1, 2, 840, 10045, 3, 1, 7>;
    auto const point_of = [](fake::view which, bytes const& point) {
        spec s;
        s.key =
            sequence({sequence({fake::oid(oid<1, 2, 840, 10045, 2, 1>), fake::oid(which)}), fake::bit_string(point)});
        parsed const c(s);
        REQUIRE(c.view);
        CHECK_FALSE(c.view->rsa_key());
        auto const key = c.view->ec_key();
        if (key) CHECK(der::equal(key->point, point));
        return key ? key->curve : curve::other;
    };
    auto const point = [](std::size_t size, unsigned form) {
        bytes out(size, std::byte{0x21});
        if (!out.empty()) out[0] = static_cast<std::byte>(form);
        return out;
    };
    CHECK(point_of(p256, point(65, 4)) == curve::p256);
    CHECK(point_of(p256, point(33, 2)) == curve::p256);
    CHECK(point_of(p256, point(33, 3)) == curve::p256);
    CHECK(point_of(oid<1, 3, 132, 0, 34>, point(97, 4)) == curve::p384);
    CHECK(point_of(oid<1, 3, 132, 0, 34>, point(49, 2)) == curve::p384);
    CHECK(point_of(oid<1, 3, 132, 0, 35>, point(133, 4)) == curve::p521);
    CHECK(point_of(oid<1, 3, 132, 0, 35>, point(67, 3)) == curve::p521);

    CHECK(point_of(p256, point(64, 4)) == curve::other);
    CHECK(point_of(p256, point(66, 4)) == curve::other);
    CHECK(point_of(p256, point(33, 4)) == curve::other);
    CHECK(point_of(p256, point(65, 2)) == curve::other);
    CHECK(point_of(p256, point(65, 6)) == curve::other); // the hybrid form
    CHECK(point_of(p256, point(1, 0)) == curve::other);  // the point at infinity
    CHECK(point_of(p256, {}) == curve::other);
    CHECK(point_of(oid<1, 3, 132, 0, 34>, point(65, 4)) == curve::other);
    CHECK(point_of(oid<1, 3, 132, 0, 10>, point(65, 4)) == curve::other); // secp256k1
}

TEST_CASE("certificate: signature algorithms") {
    auto const algorithm_of = [](bytes const& a) {
        spec s;
        s.signed_with = a;
        parsed const c(s);
        REQUIRE(c.view);
        return c.view->signature_algorithm();
    };
    using enum signature_algorithm;
    CHECK(algorithm_of(fake::rsa_algorithm(4)) == rsa_pkcs1_md5);
    CHECK(algorithm_of(fake::rsa_algorithm(5)) == rsa_pkcs1_sha1);
    CHECK(algorithm_of(fake::rsa_algorithm(14)) == rsa_pkcs1_sha224);
    CHECK(algorithm_of(fake::rsa_algorithm(11)) == rsa_pkcs1_sha256);
    CHECK(algorithm_of(fake::rsa_algorithm(12)) == rsa_pkcs1_sha384);
    CHECK(algorithm_of(fake::rsa_algorithm(13)) == rsa_pkcs1_sha512);
    CHECK(algorithm_of(fake::algorithm(oid<1, 2, 840, 10045, 4, 1>)) == ecdsa_sha1);
    CHECK(algorithm_of(fake::algorithm(oid<1, 2, 840, 10045, 4, 3, 1>)) == ecdsa_sha224);
    CHECK(algorithm_of(fake::algorithm(oid<1, 2, 840, 10045, 4, 3, 2>)) == ecdsa_sha256);
    CHECK(algorithm_of(fake::algorithm(oid<1, 2, 840, 10045, 4, 3, 3>)) == ecdsa_sha384);
    CHECK(algorithm_of(fake::algorithm(oid<1, 2, 840, 10045, 4, 3, 4>)) == ecdsa_sha512);
    CHECK(algorithm_of(fake::algorithm(oid<1, 3, 101, 112>)) == ed25519);
    CHECK(algorithm_of(fake::algorithm(oid<1, 2, 840, 113549, 1, 1, 2>)) == other);

    constexpr auto pss = oid<1, 2, 840, 113549, 1, 1, 10>;
    constexpr auto mgf1 = oid<1, 2, 840, 113549, 1, 1, 8>;
    bytes const sha256 = sequence({fake::oid(oid<2, 16, 840, 1, 101, 3, 4, 2, 1>), of({5, 0})});
    bytes const sha384 = sequence({fake::oid(oid<2, 16, 840, 1, 101, 3, 4, 2, 2>)});
    auto const with = [&](bytes const& hash, bytes const& mask) {
        return sequence(
            {fake::oid(pss),
             sequence({tlv(0xa0, hash), tlv(0xa1, sequence({fake::oid(mgf1), mask})), tlv(0xa2, fake::integer(32))})});
    };
    CHECK(algorithm_of(with(sha256, sha256)) == rsa_pss_sha256);
    CHECK(algorithm_of(with(sha384, sha384)) == rsa_pss_sha384);
    CHECK(algorithm_of(with(sha256, sha384)) == other);
    CHECK(algorithm_of(sequence({fake::oid(pss), sequence({})})) == rsa_pss_sha1);
    CHECK(algorithm_of(sequence({fake::oid(pss), sequence({tlv(0xa0, sha256)})})) == other);
    CHECK(algorithm_of(sequence({fake::oid(pss)})) == rsa_pss_sha1);
    CHECK(algorithm_of(sequence({fake::oid(pss), of({5, 0})})) == other);
}

TEST_CASE("certificate: the parameters of RSASSA-PSS") {
    constexpr auto mgf1 = oid<1, 2, 840, 113549, 1, 1, 8>;
    bytes const sha256 = sequence({fake::oid(oid<2, 16, 840, 1, 101, 3, 4, 2, 1>), of({5, 0})});
    bytes const sha512 = sequence({fake::oid(oid<2, 16, 840, 1, 101, 3, 4, 2, 3>)});
    bytes const hash = tlv(0xa0, sha256);
    bytes const mask = tlv(0xa1, sequence({fake::oid(mgf1), sha256}));
    auto const signed_with = [](bytes const& algorithm) {
        spec s;
        s.signed_with = algorithm;
        parsed const c(s);
        REQUIRE(c.view);
        return c.view->pss();
    };
    auto const of_fields = [&](std::initializer_list<fake::view> fields) {
        return signed_with(sequence({fake::oid(oid<1, 2, 840, 113549, 1, 1, 10>), sequence(fields)}));
    };

    auto const usual = of_fields({hash, mask, tlv(0xa2, fake::integer(32)), tlv(0xa3, fake::integer(1))});
    REQUIRE(usual);
    CHECK(usual->hash == hash_algorithm::sha256);
    CHECK(usual->mask_hash == hash_algorithm::sha256);
    CHECK(usual->salt_length == 32);
    CHECK(usual->trailer_field == 1);

    auto const odd = of_fields({hash, tlv(0xa2, tlv(2, of({1, 0}))), tlv(0xa3, fake::integer(2))});
    REQUIRE(odd);
    CHECK(odd->hash == hash_algorithm::sha256);
    CHECK(odd->mask_hash == hash_algorithm::sha1);
    CHECK(odd->salt_length == 256);
    CHECK(odd->trailer_field == 2);

    auto const mixed = of_fields({hash, tlv(0xa1, sequence({fake::oid(mgf1), sha512}))});
    REQUIRE(mixed);
    CHECK(mixed->mask_hash == hash_algorithm::sha512);
    CHECK(of_fields({tlv(0xa0, sequence({fake::oid(mgf1)}))})->hash == hash_algorithm::other);

    for (auto const& defaults : {of_fields({}), signed_with(sequence({fake::oid(oid<1, 2, 840, 113549, 1, 1, 10>)}))}) {
        REQUIRE(defaults);
        CHECK(defaults->hash == hash_algorithm::sha1);
        CHECK(defaults->mask_hash == hash_algorithm::sha1);
        CHECK(defaults->salt_length == 20);
        CHECK(defaults->trailer_field == 1);
    }

    CHECK_FALSE(of_fields({hash, mask, tlv(0xa2, tlv(2, of({0xff})))}));  // negative
    CHECK_FALSE(of_fields({hash, mask, tlv(0xa2, tlv(2, of({0, 32})))})); // not minimal
    CHECK_FALSE(of_fields({hash, mask, tlv(0xa2, tlv(2, of({1, 0, 0, 0, 0})))}));
    CHECK_FALSE(of_fields({hash, mask, tlv(0xa2, tlv(2, bytes{}))}));
    CHECK_FALSE(of_fields({hash, mask, tlv(0xa2, bytes{})}));
    CHECK_FALSE(of_fields({hash, mask, tlv(0xa2, fake::integer(32)), tlv(0xa2, fake::integer(32))}));
    CHECK_FALSE(of_fields({hash, mask, tlv(0xa3, fake::integer(1)), tlv(0xa2, fake::integer(32))}));
    CHECK_FALSE(of_fields({hash, mask, fake::integer(32)}));
    CHECK_FALSE(of_fields({tlv(0xa1, sequence({fake::oid(oid<1, 2, 3>), sha256}))}));
    CHECK_FALSE(signed_with(sequence({fake::oid(oid<1, 2, 840, 113549, 1, 1, 10>), of({5, 0})})));
    CHECK_FALSE(signed_with(fake::rsa_algorithm(11)));
    CHECK_FALSE(signed_with(fake::ecdsa_sha256()));
}

TEST_CASE("certificate: basicConstraints") {
    parsed const none{spec{}};
    CHECK_FALSE(none.view->has_basic_constraints());
    CHECK_FALSE(none.view->is_ca());
    auto const read = [](bytes const& value) { return parsed(with_extension(basic_constraints, value, true)).view; };
    CHECK_FALSE(read(sequence({}))->is_ca());
    CHECK(read(sequence({}))->has_basic_constraints());
    CHECK(read(sequence({of({1, 1, 0xff})}))->is_ca());
    CHECK_FALSE(read(sequence({of({1, 1, 0xff})}))->path_len());
    CHECK(read(sequence({of({1, 1, 0xff}), of({2, 1, 0})}))->path_len() == 0U);
    CHECK(read(sequence({of({1, 1, 0xff}), of({2, 1, 9})}))->path_len() == 9U);
    CHECK_FALSE(read(sequence({of({1, 1, 0}), of({2, 1, 9})}))->path_len());
    CHECK_FALSE(read(sequence({of({1, 1, 1})})));
    CHECK_FALSE(read(sequence({of({1, 1, 0xff}), of({2, 1, 0xff})})));
    CHECK_FALSE(read(sequence({of({2, 1, 1}), of({1, 1, 0xff})})));
    CHECK_FALSE(read(sequence({of({1, 1, 0xff}), of({5, 0})})));
    CHECK_FALSE(read(of({1, 1, 0xff})));
    CHECK_FALSE(read({}));
}

TEST_CASE("certificate: keyUsage") {
    CHECK_FALSE(parsed{spec{}}.view->key_usage());
    auto const read = [](bytes const& value) { return parsed(with_extension(key_usage, value)).view; };
    auto const usage = read(of({3, 2, 5, 0xa0}))->key_usage();
    REQUIRE(usage);
    CHECK(usage->allows(key_usage_bit::digital_signature));
    CHECK_FALSE(usage->allows(key_usage_bit::content_commitment));
    CHECK(usage->allows(key_usage_bit::key_encipherment));
    CHECK_FALSE(usage->allows(key_usage_bit::key_cert_sign));
    CHECK(read(of({3, 2, 2, 0x04}))->key_usage()->allows(key_usage_bit::key_cert_sign));
    CHECK(read(of({3, 3, 7, 0, 0x80}))->key_usage()->allows(key_usage_bit::decipher_only));
    CHECK(read(of({3, 1, 0}))->key_usage() == key_usage_set{});
    CHECK_FALSE(read(of({3, 2, 8, 0x80})));
    CHECK_FALSE(read(of({3, 1, 1})));
    CHECK_FALSE(read(of({3, 0})));
    CHECK_FALSE(read(of({4, 1, 0})));
    // X.690 section 11.2.1: bits declared unused are zero.
    CHECK(read(of({3, 2, 3, 0x08})));
    CHECK_FALSE(read(of({3, 2, 3, 0x04})));
    CHECK_FALSE(read(of({3, 2, 7, 0x81})));
}

TEST_CASE("certificate: extendedKeyUsage") {
    parsed const none{spec{}};
    CHECK_FALSE(none.view->has_extended_key_usage());
    CHECK(none.view->allows_server_auth());
    CHECK(none.view->allows_client_auth());
    auto const read = [](std::vector<fake::view> const& purposes) {
        bytes ids;
        for (auto const p : purposes) ids = fake::join({ids, fake::oid(p)});
        return parsed(with_extension(extended_key_usage, tlv(0x30, ids))).view;
    };
    CHECK(read({fake::server_auth})->allows_server_auth());
    CHECK_FALSE(read({fake::server_auth})->allows_client_auth());
    CHECK_FALSE(read({fake::client_auth})->allows_server_auth());
    CHECK(read({fake::client_auth})->allows_client_auth());
    CHECK(read({fake::client_auth, fake::server_auth})->allows_server_auth());
    CHECK(read({fake::any_purpose})->allows_server_auth());
    CHECK(read({fake::any_purpose})->has_any_extended_key_usage());
    CHECK_FALSE(read({unheard_of})->allows_server_auth());
    CHECK_FALSE(read({}));
    CHECK_FALSE(parsed(with_extension(extended_key_usage, sequence({of({5, 0})}))).view);
}

TEST_CASE("certificate: key identifiers") {
    parsed const none{spec{}};
    CHECK_FALSE(none.view->subject_key_id());
    CHECK_FALSE(none.view->authority_key_id());
    spec s;
    s.subject_key_id = of({1, 2, 3});
    s.authority_key_id = of({4, 5});
    parsed const c(s);
    CHECK(der::equal(*c.view->subject_key_id(), of({1, 2, 3})));
    CHECK(der::equal(*c.view->authority_key_id(), of({4, 5})));
    bytes const by_name = sequence({tlv(0xa1, fake::directory(fake::common_name("x"))), of({0x82, 1, 5})});
    parsed const named(with_extension(authority_key_id, by_name));
    REQUIRE(named.view);
    CHECK_FALSE(named.view->authority_key_id());
    CHECK_FALSE(parsed(with_extension(authority_key_id, sequence({of({5, 0})}))).view);
    CHECK_FALSE(parsed(with_extension(subject_key_id, of({4, 2, 1}))).view);
    CHECK_FALSE(
        parsed(with_extension(subject_key_id, of({4, 1, 1}), true)).view->has_unknown_critical_extension() == false);
    CHECK(parsed(with_extension(authority_key_id, sequence({}), true)).view->has_unknown_critical_extension());
    CHECK_FALSE(parsed(with_extension(authority_key_id, sequence({}))).view->has_unknown_critical_extension());
}

TEST_CASE("certificate: subjectAltName is iterated in order") {
    parsed const none{spec{}};
    CHECK_FALSE(none.view->has_subject_alternative_name());
    CHECK(none.view->subject_alternative_names().begin() == none.view->subject_alternative_names().end());

    spec s;
    bytes const directory_name = fake::common_name("x");
    s.names = {fake::dns("a.example"),          fake::ip({192, 0, 2, 1}),        fake::email("a@b.example"),
               fake::uri("https://a.example/"), fake::directory(directory_name), of({0x88, 3, 0x2a, 3, 4}),
               tlv(0xa0, of({6, 1, 5}))};
    parsed const c(s);
    REQUIRE(c.view);
    CHECK(c.view->has_subject_alternative_name());
    std::vector<general_name> names;
    for (auto const& n : c.view->subject_alternative_names()) names.push_back(n);
    REQUIRE(names.size() == 7);
    CHECK(names[0].kind == general_name_kind::dns);
    CHECK(names[0].text() == "a.example");
    CHECK(names[1].kind == general_name_kind::ip);
    CHECK(der::equal(names[1].bytes, of({192, 0, 2, 1})));
    CHECK(names[2].kind == general_name_kind::email);
    CHECK(names[3].kind == general_name_kind::uri);
    CHECK(names[4].kind == general_name_kind::directory);
    CHECK(der::equal(names[4].bytes, directory_name));
    CHECK(names[5].kind == general_name_kind::other);
    CHECK(names[5].number == 8);
    CHECK(names[6].number == 0);

    auto const read = [](bytes const& value) { return parsed(with_extension(alternative_name, value)).view; };
    CHECK(read(sequence({fake::dns("a")})));
    CHECK_FALSE(read(sequence({})));
    CHECK_FALSE(read(sequence({fake::dns("a"), of({0x82, 5, 1})})));
    CHECK_FALSE(read(sequence({of({0xa2, 1, 'a'})})));
    CHECK_FALSE(read(sequence({of({0x89, 1, 'a'})})));
    CHECK_FALSE(read(sequence({of({0xa4, 2, 0x31, 0})})));
    CHECK_FALSE(read(fake::dns("a")));
}

TEST_CASE("certificate: critical extensions that are not understood are told") {
    auto const unknown = [](fake::view id, bytes const& value, bool critical) {
        parsed const c(with_extension(id, value, critical));
        REQUIRE(c.view);
        return c.view->has_unknown_critical_extension();
    };
    CHECK(unknown(unheard_of, {}, true));
    CHECK_FALSE(unknown(unheard_of, {}, false));
    CHECK_FALSE(unknown(key_usage, of({3, 2, 7, 0x80}), true));
    CHECK_FALSE(unknown(alternative_name, sequence({fake::dns("a")}), true));
    CHECK_FALSE(unknown(oid<2, 5, 29, 30>, of({5, 0}), true)); // nameConstraints are looked into when they apply
    bytes const any = sequence({sequence({fake::oid(any_policy)})});
    bytes const particular = sequence({sequence({fake::oid(unheard_of)})});
    bytes const qualified = sequence({sequence({fake::oid(any_policy), sequence({})})});
    CHECK_FALSE(unknown(policies, any, true));
    CHECK(unknown(policies, particular, true));
    CHECK(unknown(policies, qualified, true));
    CHECK(unknown(policies, sequence({}), true));
    CHECK_FALSE(unknown(policies, particular, false));
    CHECK(unknown(oid<2, 5, 29, 36>, sequence({}), true));               // policyConstraints
    CHECK(unknown(oid<2, 5, 29, 18>, sequence({fake::dns("a")}), true)); // issuerAltName
}

TEST_CASE("certificate: the list of extensions") {
    spec s;
    bytes const one = fake::extension(unheard_of, of({5, 0}));
    bytes const other = fake::extension(oid<1, 2, 3, 5>, of({5, 0}));
    s.more_extensions = {one, other};
    CHECK(parsed(s).view);
    s.more_extensions = {one, other, one};
    CHECK_FALSE(parsed(s).view);
    s.more_extensions = {fake::extension(key_usage, of({3, 2, 7, 0x80})), fake::extension(key_usage, of({3, 2, 2, 4}))};
    CHECK_FALSE(parsed(s).view);
    s.more_extensions = {sequence({fake::oid(unheard_of), of({1, 1, 1}), tlv(4, of({5, 0}))})};
    CHECK_FALSE(parsed(s).view);
    s.more_extensions = {sequence({fake::oid(unheard_of), of({1, 5, 1}), tlv(4, of({5, 0}))})};
    CHECK_FALSE(parsed(s).view);
    s.more_extensions = {sequence({fake::oid(unheard_of), tlv(4, of({5, 0})), of({5, 0})})};
    CHECK_FALSE(parsed(s).view);
    s.more_extensions = {sequence({fake::oid(unheard_of)})};
    CHECK_FALSE(parsed(s).view);
    s.more_extensions.clear();
    for (unsigned i = 0; i != 64; ++i) s.more_extensions.push_back(fake::extension(of({0x2a, i}), {}));
    CHECK(parsed(s).view);
    s.more_extensions.push_back(fake::extension(of({0x2a, 99}), {}));
    CHECK_FALSE(parsed(s).view);
}

TEST_CASE("certificate: the owning form") {
    bytes const der = fake::leaf().der();
    auto const c = certificate::parse(der);
    REQUIRE(c);
    std::vector<certificate> const copies(2, *c);
    CHECK(copies[1] == *c);
    CHECK(to_text(copies[1].view().subject_name()) == "CN=leaf");
    CHECK(copies[1].view().der().data() == copies[1].der().data());
    certificate other = *certificate::parse(fake::root().der());
    other = copies[0];
    CHECK(other == *c);
    CHECK(other.view().der().data() == other.der().data());
    CHECK_FALSE(certificate::parse(of({0x30, 0})));
}

TEST_CASE("certificate: random damage never crashes the parser") {
    spec s = fake::authority("sub", "root");
    s.names = {fake::dns("a.example"), fake::directory(fake::common_name("x"))};
    s.constraints = fake::constraints({fake::dns("example")});
    s.subject_key_id = of({1, 2});
    s.authority_key_id = of({3, 4});
    bytes const good = s.der();
    REQUIRE(parses(good));
    std::uint64_t state = 1;
    auto const random = [&](std::size_t below) {
        state = state * 6364136223846793005U + 1442695040888963407U;
        return static_cast<std::size_t>(state >> 33U) % below;
    };
    std::size_t accepted = 0;
    for (int round = 0; round != 20000; ++round) {
        bytes bad = good;
        for (std::size_t n = random(4) + 1; n-- != 0;) bad[random(bad.size())] = static_cast<std::byte>(random(256));
        if (random(4) == 0) bad.resize(random(bad.size()));
        auto const c = certificate_view::parse(bad);
        if (!c) continue;
        ++accepted;
        std::size_t names = 0;
        for (auto const& n : c->subject_alternative_names()) names += n.bytes.size();
        CHECK(names <= bad.size());
        CHECK(to_text(c->subject_name()).size() < 8 * bad.size());
    }
    CHECK(accepted > 0);
}

} // namespace unit::x509_certificate_cases
