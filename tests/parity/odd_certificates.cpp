// SPDX-License-Identifier: Apache-2.0
#include "parity/chains.hpp"
#include "parity/parity.hpp"
#include "testbed/certificate_parts.hpp"
#include "testbed/der_writer.hpp"
#include <tls/x509/certificate.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

/// Parts of certificates that a C library rejects: which of them it refuses in the server's own certificate before
/// anybody can judge, and that no library has a say about certificates above it.
namespace parity::odd_certificates_cases {
namespace {

namespace der = testbed::der;
using testbed::bytes;
using testbed::octets;

template <class B> constexpr bool reads_leaf_only = B::template supports<tls::feature::any_intermediates>;

/// One thing that is odd about a certificate, and the verdict on a leaf that has it.
struct oddity {
    std::string_view what;
    std::function<void(certificate_spec&)> make;
    errc wolfssl = errc::ok; ///< the verdict on a leaf that has it, on this backend
    errc mbedtls = errc::ok;
    bool is_name = false; ///< it is the subject: a leaf has it too, as its issuer's name
};

constexpr errc malformed = errc::malformed_certificate;

/// An extension with these octets for its value.
std::function<void(certificate_spec&)> with(char const* id, bool critical, bytes value) {
    return [=](certificate_spec& s) { s.extra_extensions.push_back(testbed::extension(id, critical, value)); };
}

std::function<void(certificate_spec&)> named(bytes general_name) {
    return [=](certificate_spec& s) { s.general_names.push_back(general_name); };
}

std::vector<oddity> const& oddities() {
    using namespace std::string_view_literals;
    static std::vector<oddity> const all = {
        {"nothing", [](certificate_spec&) {}},
        {"a NUL in a further dNSName", named(testbed::general_name::dns("a\0.example"sv)), malformed},
        {"a NUL in an rfc822Name", named(testbed::general_name::email("a\0.example"sv)), malformed},
        {"a relative URI", named(testbed::general_name::uri("relative/path")), malformed},
        {"an IP address of five octets", named(testbed::general_name::ip(octets({1, 2, 3, 4, 5}))), malformed, malformed},
        {"an otherName",
         named(der::tlv(0xa0, der::join({der::oid("1.2.3.4"), der::tlv(0xa0, der::null())})))},
        {"a registeredID", named(der::tlv(0x88, octets({0x2a, 3, 4})))},
        {"1200 names",
         [](certificate_spec& s) {
             for (int i = 0; i != 1200; ++i) s.dns.push_back(std::to_string(i) + ".x");
         }},
        {"two attributes in one RDN",
         [](certificate_spec& s) {
             auto const a = [](char const* type, char const* text) {
                 return der::sequence({der::oid(type), der::tlv(der::tag_utf8_string, std::string_view(text))});
             };
             s.subject = der::sequence({der::tlv(der::tag_set, der::join({a("2.5.4.3", "x"), a("2.5.4.10", "y")}))});
         }, malformed, errc::ok, true},
        {"an attribute x500UniqueIdentifier",
         [](certificate_spec& s) {
             auto const id = der::sequence({der::oid("2.5.4.45"), der::bit_string(octets({1, 2, 3}))});
             s.subject = der::sequence({der::tlv(der::tag_set, id)});
         }, malformed, errc::ok, true},
        {"a subject that is not UTF-8",
         [](certificate_spec& s) { s.subject = der::sequence({testbed::relative_name("2.5.4.3", "\xff\xfe")}); }, malformed, errc::ok, true},
        {"a serial number of 33 bytes",
         [](certificate_spec& s) { s.serial = bytes(33, std::byte{0x11}); }, malformed},
        {"a serial number of 20 bytes", [](certificate_spec& s) { s.serial = bytes(20, std::byte{0x11}); }},
        {"an empty authorityKeyIdentifier",
         [](certificate_spec& s) {
             s.authority_key_id = false;
             with("2.5.29.35", false, der::sequence({}))(s);
         }, errc::ok, malformed},
        {"policyConstraints", with("2.5.29.36", false, der::sequence({der::tlv(0x80, octets({0}))}))},
        {"inhibitAnyPolicy", with("2.5.29.54", false, der::integer(0))},
        {"damaged CRL distribution points", with("2.5.29.31", false, octets({0x30, 5, 1})), malformed},
        {"damaged authority information access", with("1.3.6.1.5.5.7.1.1", false, octets({0x30, 9, 1})), malformed},
        {"damaged policies", with("2.5.29.32", false, octets({0x30, 5, 1})), malformed, malformed},
        {"policies of another type", with("2.5.29.32", false, der::null()), malformed, malformed},
        {"an unknown extension that is no DER", with("1.2.3.4.5", false, octets({0xff, 0xff}))},
        {"name constraints",
         [](certificate_spec& s) {
             if (!s.ca) s.name_constraints = testbed::constraints{.permitted_dns = {"localhost"}};
         },
         errc::name_constraint, errc::name_constraint},
        {"300 name constraints",
         [](certificate_spec& s) {
             if (!s.ca) s.name_constraints = testbed::constraints{.permitted_dns = {300, "localhost"}};
         },
         errc::name_constraint, errc::name_constraint},
        {"keyUsage with bits set in its padding",
         [](certificate_spec& s) {
             s.key_usage_present = false;
             with("2.5.29.15", true, s.ca ? octets({3, 2, 1, 7}) : octets({3, 2, 7, 0x81}))(s);
         }, malformed,
 malformed},
        {"critical policies other than anyPolicy",
         [](certificate_spec& s) {
             s.policies = {"1.2.3.4"};
             s.policies_critical = true;
         },
         errc::critical_extension, errc::critical_extension},
        {"critical policyConstraints", with("2.5.29.36", true, der::sequence({der::tlv(0x80, octets({0}))})),
         errc::critical_extension, errc::critical_extension},
        {"critical inhibitAnyPolicy", with("2.5.29.54", true, der::integer(0)), errc::critical_extension,
         errc::critical_extension},
        {"an unknown critical extension", [](certificate_spec& s) { s.unknown_critical_extension = true; },
         errc::critical_extension, errc::critical_extension},
    };
    return all;
}

/// The leaf with a key that is no point of its curve, signed again.
certificate with_broken_key(certificate const& leaf, testbed::key const& signer) {
    auto const view = tls::x509::certificate_view::parse(leaf.der);
    REQUIRE(view);
    auto const tbs = view->tbs();
    bytes changed(tbs.begin(), tbs.end());
    auto const end_of_key = view->spki().data() + view->spki().size() - tbs.data();
    changed[static_cast<std::size_t>(end_of_key) - 1] ^= std::byte{1};
    auto const signature = signer.sign(changed, testbed::hash::sha256);
    auto const algorithm = der::sequence({der::oid("1.2.840.10045.4.3.2")});
    return {.der = der::sequence({changed, algorithm, der::bit_string(signature)})};
}

/// A good chain, but for the leaf's key, a SubjectPublicKeyInfo; `forged`: and for the leaf's signature.
scene with_key(bytes const& key, bool forged) {
    scene s = stage{}.build();
    auto const leaf = tls::x509::certificate_view::parse(s.sent[0].der);
    REQUIRE(leaf);
    auto const copy = [](std::span<std::byte const> b) { return bytes(b.begin(), b.end()); };
    bytes const ecdsa_sha256 = der::sequence({der::oid("1.2.840.10045.4.3.2")});
    bytes const names = der::sequence({testbed::general_name::dns("localhost")});
    testbed::certificate_parts parts{
        .version = der::integer(2),
        .serial = der::integer(1),
        .inner_algorithm = ecdsa_sha256,
        .issuer = copy(leaf->issuer_name()),
        .not_before = der::time(testbed::now() - 1h),
        .not_after = der::time(testbed::now() + 24h),
        .subject = copy(leaf->subject_name()),
        .key = key,
        .extensions = der::sequence({testbed::extension("2.5.29.17", false, names)}),
        .outer_algorithm = ecdsa_sha256};
    auto const& signer = pooled_key(key_kind::p256, forged ? stage::root_key : stage::intermediate_key);
    parts.signature = der::bit_string(signer.sign(parts.signed_part(), testbed::hash::sha256));
    s.sent[0].der = parts.der();
    return s;
}

/// The same, for a key on P-256 with this point.
scene with_point(bytes const& point, bool forged) {
    auto const algorithm = der::sequence({der::oid("1.2.840.10045.2.1"), der::oid("1.2.840.10045.3.1.7")});
    return with_key(der::sequence({algorithm, der::bit_string(point)}), forged);
}

template <class P> tls::error outcome(scene const& s, protocol_version v) {
    auto c = converse<P>(client_in(s, v), server_of(s, v), s.name);
    auto const done = c.run();
    return done ? tls::error{} : done.error();
}

} // namespace

PARITY_CASE("odd certificates: of the server's own a library refuses what it cannot read", backends, B, v) {
    using P = pairing<B, testbed::mbedtls_server>;
    for (auto const& odd : oddities()) {
        CAPTURE(odd.what);
        stage st;
        odd.make(st.leaf);
        auto const found = outcome<P>(st.build(), v);
        CHECK_MESSAGE(found.code == (std::is_same_v<B, tls::wolfssl> ? odd.wolfssl : odd.mbedtls), found.native);
    }
}

PARITY_CASE("odd certificates: of a leaf that cannot be read nothing else is told", backends, B, v) {
    using P = pairing<B, testbed::mbedtls_server>;
    stage st;
    st.leaf.general_names.push_back(testbed::general_name::ip(octets({1, 2, 3, 4, 5})));
    st.leaf.dns = {"other.example"};
    auto const found = outcome<P>(st.build(), v);
    CHECK(found.code == malformed);
    CHECK_FALSE(found.problems.has(errc::name_mismatch));

    stage nameless;
    nameless.leaf.issuer_name = der::sequence({});
    nameless.leaf.dns = {"other.example"};
    CHECK(outcome<P>(nameless.build(), v).code == malformed);
}

PARITY_CASE("odd certificates: the server's key is a point of its curve", backends, B, v) {
    using P = pairing<B, testbed::mbedtls_server>;
    auto s = stage{}.build();
    s.sent[0] = with_broken_key(s.sent[0], pooled_key(key_kind::p256, stage::intermediate_key));
    auto const found = outcome<P>(s, v);
    CHECK(found.code == malformed);
    CHECK(found.problems.has(malformed));
    CHECK(found.problem_depth == 0);
}

PARITY_CASE("odd certificates: a point of the server's key that nobody can use", backends, B, v) {
    using P = pairing<B, testbed::mbedtls_server>;
    bytes const point = stage{}.build().key->public_key_bits();
    bytes off_curve = point;
    off_curve.back() ^= std::byte{1};
    bytes compressed(point.begin(), point.begin() + 33);
    compressed[0] = std::byte{2} | (point.back() & std::byte{1});
    bytes hybrid = point;
    hybrid[0] = std::byte{6} | (point.back() & std::byte{1});
    bytes large = point;
    std::fill(large.begin() + 1, large.begin() + 33, std::byte{0xff});
    struct one {
        std::string_view what;
        bytes octets;
        errc expected;
    };
    for (auto const& [what, octets, expected] :
         {one{"the key itself", point, errc::ok}, one{"not on the curve", off_curve, malformed},
          one{"a coordinate that is too large", large, malformed}, one{"compressed", compressed, errc::weak_key},
          one{"hybrid", hybrid, errc::weak_key}, one{"infinity", bytes(1), errc::weak_key},
          one{"cut short", bytes(point.begin(), point.end() - 1), errc::weak_key}}) {
        CAPTURE(what);
        auto const found = outcome<P>(with_point(octets, false), v);
        CHECK_MESSAGE(found.code == expected, found.native);
        CHECK(found.problem_depth == 0);
        // And it does not hide a forgery.
        CHECK(outcome<P>(with_point(octets, true), v).code == errc::bad_signature);
    }
}

PARITY_CASE("odd certificates: a key of the server's of a kind that nobody uses", backends, B, v) {
    using P = pairing<B, testbed::mbedtls_server>;
    bytes const rsa_bits = pooled_key(key_kind::rsa_2048, 1).public_key_bits();
    auto const key = [](char const* algorithm, bytes const& content) {
        return der::sequence({der::sequence({der::oid(algorithm)}), der::bit_string(content)});
    };
    struct one {
        std::string_view what;
        bytes spki;
    };
    for (auto const& [what, spki] :
         {one{"Ed25519", key("1.3.101.112", testbed::pattern(32))},
          one{"Ed448", key("1.3.101.113", testbed::pattern(57))},
          one{"X25519", key("1.3.101.110", testbed::pattern(32))},
          one{"RSASSA-PSS", key("1.2.840.113549.1.1.10", rsa_bits)},
          one{"GOST", key("1.2.643.7.1.1.1.1", testbed::pattern(66))},
          one{"nobody's", key("1.2.3.4.5", testbed::pattern(20))}}) {
        CAPTURE(what);
        auto const found = outcome<P>(with_key(spki, false), v);
        CHECK_MESSAGE(found.code == errc::weak_key, tls::explain(found));
        CHECK(found.problem_depth == 0);
        CHECK(outcome<P>(with_key(spki, true), v).code == errc::bad_signature);
    }
}

PARITY_CASE("odd certificates: beside the path, fewer bytes than a certificate can have", backends, B, v) {
    for (std::size_t const size : {1U, 127U, 128U}) {
        CAPTURE(size);
        scene s = stage{}.build();
        certificate stray;
        stray.der = testbed::pattern(size);
        s.sent.insert(s.sent.begin() + 1, stray);
        CHECK(outcome<pairing<B, testbed::wolfssl_server>>(s, v).code == errc::ok);
    }
}

TEST_CASE("odd certificates: above the server's own, and of an anchor, no library has a say") {
    // A library built elsewhere may parse them all, and `supports` says so.
    static_assert(reads_leaf_only<tls::wolfssl> && reads_leaf_only<tls::mbedtls>);
    auto const is_alike = [](scene const& s, protocol_version v) {
        auto const w = outcome<pairing<tls::wolfssl, testbed::mbedtls_server>>(s, v);
        auto const m = outcome<pairing<tls::mbedtls, testbed::mbedtls_server>>(s, v);
        CHECK(w.code == m.code);
        CHECK(w.problems == m.problems);
        CHECK(w.problem_depth == m.problem_depth);
    };
    for (protocol_version const v : versions) {
        for (auto const& odd : oddities()) {
            CAPTURE(odd.what);
            stage above;
            odd.make(above.intermediate);
            auto const s = above.build();
            if (odd.is_name) {
                CHECK(outcome<pairing<tls::wolfssl, testbed::mbedtls_server>>(s, v).code == odd.wolfssl);
                CHECK(outcome<pairing<tls::mbedtls, testbed::mbedtls_server>>(s, v).code == odd.mbedtls);
            } else {
                is_alike(s, v);
            }
            stage top;
            odd.make(top.root);
            auto const below = top.build();
            // What nobody can read is no anchor from the beginning.
            if (auto const readable = tls::trust_anchors::from_pem(testbed::pem_of(below.anchors)); !readable)
                CHECK(readable.error().code == errc::bad_certificate_der);
            else
                is_alike(below, v);
        }
    }
}

} // namespace parity::odd_certificates_cases
