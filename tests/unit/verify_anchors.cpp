// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"
#include "fake_certificate.hpp"
#include <tls/verify/anchors.hpp>

#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace unit::verify_anchors_cases {

using tls::verify::anchor_set;
static_assert(std::is_nothrow_move_constructible_v<anchor_set>);

TEST_CASE("anchors: found by subject, in the order given") {
    std::vector<fake::bytes> ders;
    for (unsigned i = 0; i != 50; ++i) ders.push_back(fake::root("root " + std::to_string(i)).der());
    ders.push_back(fake::authority("root 7", "another").der());
    anchor_set anchors = *anchor_set::of(ders);
    CHECK(anchors.size() == 51);
    for (unsigned i = 0; i != 50; ++i) {
        auto const found = anchors.find(fake::common_name("root " + std::to_string(i)));
        REQUIRE(found.size() == (i == 7 ? 2U : 1U));
        CHECK(found[0] == i);
        if (i == 7) CHECK(found[1] == 50);
    }
    CHECK(anchors.find(fake::common_name("root")).empty());
    CHECK(anchors.find({}).empty());

    anchor_set const moved = std::move(anchors);
    auto const found = moved.find(fake::common_name("root 3"));
    REQUIRE(found.size() == 1);
    CHECK(tls::x509::to_text(moved[found[0]].subject_name()) == "CN=root 3");
}

TEST_CASE("anchors: what cannot be parsed is counted and never found") {
    anchor_set const anchors = *anchor_set::of(std::vector<fake::bytes>{fake::of({0x30, 0}), fake::root().der(), {}});
    CHECK(anchors.size() == 1);
    CHECK(anchors.unreadable() == 2);
    CHECK(tls::x509::to_text(anchors[0].subject_name()) == "CN=root");
    CHECK(anchors.find(fake::common_name("root")).size() == 1);
    CHECK(anchor_set().empty());
    CHECK(anchor_set().find(fake::common_name("root")).empty());
}

TEST_CASE("certificate store: copies share what it holds, and outlive the original") {
    anchor_set copy;
    std::byte const* memory = nullptr;
    {
        anchor_set const original =
            *anchor_set::of(std::vector<fake::bytes>{fake::root().der(), fake::root("other").der()});
        copy = original;
        memory = original.der().data();
    }
    CHECK(copy.der().data() == memory);
    CHECK(copy[0].der().data() == memory);
    CHECK(tls::x509::to_text(copy[1].subject_name()) == "CN=other");
}

TEST_CASE("certificate store: views follow the memory while it grows, and nothing is left of what is refused") {
    tls::x509::certificate_collector collected;
    std::vector<fake::bytes> ders;
    for (unsigned i = 0; i != 40; ++i) {
        ders.push_back(fake::root("root " + std::to_string(i)).der());
        REQUIRE(collected.add(ders.back()));
        CHECK_FALSE(collected.add(fake::of({0x30, 0})));
        CHECK_FALSE(collected.add({}));
    }
    auto const unused = collected.room(100);
    CHECK(unused.size() >= 100);
    auto const store = *collected.finish();
    REQUIRE(store.size() == ders.size());
    std::size_t at = 0;
    for (std::size_t i = 0; i != ders.size(); ++i) {
        CHECK(tls::x509::der::equal(store[i].der(), ders[i]));
        CHECK(store[i].der().data() == store.der().data() + at);
        at += ders[i].size();
    }
    CHECK(at == store.der().size());
    CHECK(collected.size() == 0);
    CHECK(collected.finish()->empty());
}

TEST_CASE("certificate store: another store is added whole, or only what is not there yet") {
    anchor_set const two =
        *anchor_set::of(std::vector<fake::bytes>{fake::root().der(), fake::root("other").der(), fake::of({0x30, 0})});
    tls::x509::certificate_collector collected;
    collected.add_all(two);
    collected.add_missing(two);
    REQUIRE(collected.add(fake::authority("root", "elsewhere").der()));
    collected.add_all(two);
    auto const store = *collected.finish();
    REQUIRE(store.size() == 5);
    CHECK(store.unreadable() == 3);
    for (std::size_t i = 0; i != store.size(); ++i) {
        CHECK(store[i].der().data() >= store.der().data());
        CHECK(store[i].der().data() < store.der().data() + store.der().size());
    }
    auto const roots = store.find(fake::common_name("root"));
    REQUIRE(roots.size() == 3);
    CHECK(roots[0] == 0);
    CHECK(roots[1] == 2);
    CHECK(roots[2] == 3);
    CHECK(tls::x509::to_text(store[2].issuer_name()) == "CN=elsewhere");
}

} // namespace unit::verify_anchors_cases
