// SPDX-License-Identifier: Apache-2.0
#include "parity/parity.hpp"
#include <tls/signature/edge.hpp>
#include <tls/x509/certificate.hpp>

#include <vector>

/// A good signature is not computed again, and nothing else is mistaken for one.
namespace parity::signature_memory_cases {
namespace {

using testbed::bytes;
using testbed::certificate;
using testbed::issuer;
using testbed::key_kind;
using tls::signature::answer;
using tls::signature::edge_check;
using tls::signature::memory;
using tls::x509::certificate_view;

int asked = 0; // of the library, in this thread of tests

template <class B> answer counted(tls::signature::checked_query const& q) noexcept {
    ++asked;
    return B::verify_signature(q);
}

/// The backend, with its questions counted.
template <class B> tls::signature::library library() {
    auto all = tls::signature::library_of<B>();
    all.verify = &counted<B>;
    return all;
}

constexpr std::uint32_t plenty = 1000000;

/// Asks whether one key signed a certificate.
answer ask(edge_check& check, bytes const& spki, bytes const& child, std::uint32_t work = plenty) {
    auto const view = certificate_view::parse(child);
    REQUIRE(view);
    return check.verify({spki, view->signature_algorithm(), 0, view->tbs(), view->signature()}, child, work);
}

struct small_pki {
    testbed::key const& key = testbed::pooled_key(key_kind::p256, 5);
    issuer root{testbed::issue(testbed::root_spec(), key), &key};
    bytes child = testbed::issue(testbed::server_spec(), testbed::pooled_key(key_kind::p256, 6), &root).der;
    bytes spki = key.spki_der();
};

} // namespace

TEST_CASE_TEMPLATE_DEFINE("signature memory: a good signature is computed once", B, once) {
    small_pki const p;
    memory m;
    asked = 0;
    for (int handshake = 0; handshake != 3; ++handshake) {
        edge_check check{library<B>(), &m};
        CHECK(ask(check, p.spki, p.child) == answer::good);
        CHECK(check.held.all().size() == 1);
        m.keep(check.held.all()); // the handshake is complete
        CHECK(asked == 1);
    }
}
TEST_CASE_TEMPLATE_APPLY(once, backends);

TEST_CASE_TEMPLATE_DEFINE("signature memory: nothing is known before the handshake is complete", B, not_before) {
    small_pki const p;
    memory m;
    asked = 0;
    for (int handshake = 1; handshake != 4; ++handshake) {
        edge_check check{library<B>(), &m};
        CHECK(ask(check, p.spki, p.child) == answer::good);
        CHECK(asked == handshake);
        CHECK(m.size() == 0);
    }
}
TEST_CASE_TEMPLATE_APPLY(not_before, backends);

TEST_CASE_TEMPLATE_DEFINE("signature memory: another key, another certificate, another library", B, others) {
    small_pki const p;
    memory m;
    edge_check first{library<B>(), &m};
    REQUIRE(ask(first, p.spki, p.child) == answer::good);
    m.keep(first.held.all());

    // An authority of the same name with another key.
    auto const& another_key = testbed::pooled_key(key_kind::p256, 7);
    edge_check check{library<B>(), &m};
    asked = 0;
    CHECK(ask(check, another_key.spki_der(), p.child) == answer::bad);
    CHECK(asked == 1);

    // One bit changed, in the signed part and in the signature.
    auto const view = certificate_view::parse(p.child);
    auto const inside = static_cast<std::size_t>(view->serial().data() - p.child.data());
    for (std::size_t const at : {inside + 3, p.child.size() - 1}) {
        bytes changed = p.child;
        changed[at] ^= std::byte{1};
        asked = 0;
        CHECK(ask(check, p.spki, changed) == answer::bad);
        CHECK(asked == 1);
    }

    // What another library or another release answered does not count.
    for (auto const change : {0, 1}) {
        auto by = library<B>();
        (change == 0 ? by.name : by.version) = "another";
        edge_check foreign{by, &m};
        asked = 0;
        CHECK(ask(foreign, p.spki, p.child) == answer::good);
        CHECK(asked == 1);
    }
    // Where one part ends and the next begins belongs to the name.
    auto moved = library<B>();
    moved.name = "ab";
    moved.version = "c";
    auto const ab_c = tls::signature::edge_of(moved, p.spki, p.child);
    moved.name = "a";
    moved.version = "bc";
    CHECK(ab_c != tls::signature::edge_of(moved, p.spki, p.child));
    bytes const key_and_first = {p.spki.begin(), p.spki.end() - 1};
    bytes last_and_child = {p.spki.back()};
    testbed::append(last_and_child, p.child);
    CHECK(
        tls::signature::edge_of(moved, p.spki, p.child) !=
        tls::signature::edge_of(moved, key_and_first, last_and_child));
    CHECK(check.held.all().empty());
}
TEST_CASE_TEMPLATE_APPLY(others, backends);

TEST_CASE_TEMPLATE_DEFINE("signature memory: bad and cannot are never kept, and the rules come first", B, never_kept) {
    small_pki const p;
    memory m;
    edge_check check{library<B>(), &m};
    auto const& other = testbed::pooled_key(key_kind::p256, 7);
    auto const& small = testbed::pooled_key(key_kind::p224);
    CHECK(ask(check, other.spki_der(), p.child) == answer::bad);
    CHECK(ask(check, small.spki_der(), p.child) == answer::cannot);
    CHECK(ask(check, p.spki, p.child, 0) == answer::cannot); // no work left
    CHECK(check.held.all().empty());

    // A key that we would not take is not good because somebody says that it was.
    auto const known = tls::signature::edge_of(check.by, small.spki_der(), p.child);
    REQUIRE(known);
    m.keep({&*known, 1});
    CHECK(ask(check, small.spki_der(), p.child) == answer::cannot);
    // And one that is known costs no work.
    auto const good = tls::signature::edge_of(check.by, p.spki, p.child);
    m.keep({&*good, 1});
    CHECK(ask(check, p.spki, p.child, 0) == answer::good);
}
TEST_CASE_TEMPLATE_APPLY(never_kept, backends);

TEST_CASE_TEMPLATE_DEFINE("signature memory: off, it changes nothing but the work", B, off) {
    small_pki const p;
    memory none(0);
    for (memory* const m : {static_cast<memory*>(nullptr), &none}) {
        asked = 0;
        for (int handshake = 1; handshake != 3; ++handshake) {
            edge_check check{library<B>(), m};
            CHECK(ask(check, p.spki, p.child) == answer::good);
            CHECK(check.held.all().empty());
            CHECK(asked == handshake);
        }
    }
}
TEST_CASE_TEMPLATE_APPLY(off, backends);

TEST_CASE_TEMPLATE_DEFINE("signature memory: the work is taken off, as long as there is any", B, work) {
    small_pki const p;
    edge_check check{library<B>(), nullptr};
    auto const view = certificate_view::parse(p.child);
    tls::signature::query const q{p.spki, view->signature_algorithm(), 0, view->tbs(), view->signature()};
    std::uint32_t const each = tls::signature::cost(*tls::signature::check(q));
    std::uint32_t left = 2 * each + 1;
    CHECK(check.verify(q, p.child, left) == answer::good);
    CHECK(check.verify(q, p.child, left) == answer::good);
    CHECK(left == 1);
    CHECK(check.verify(q, p.child, left) == answer::cannot);
    CHECK(left == 1);
}
TEST_CASE_TEMPLATE_APPLY(work, backends);

} // namespace parity::signature_memory_cases
