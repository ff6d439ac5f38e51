// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"
#include "fake_certificate.hpp"
#include <tls/verify/anchors.hpp>

#include <string>
#include <type_traits>
#include <utility>
#include <vector>

using tls::verify::anchor_set;
static_assert(!std::is_copy_constructible_v<anchor_set> && std::is_nothrow_move_constructible_v<anchor_set>);

TEST_CASE("anchors: found by subject, in the order given") {
    std::vector<fake::bytes> ders;
    for (unsigned i = 0; i != 50; ++i) ders.push_back(fake::root("root " + std::to_string(i)).der());
    ders.push_back(fake::authority("root 7", "another").der());
    anchor_set anchors(ders);
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
    CHECK(tls::x509::to_text(moved.view(found[0])->subject_name()) == "CN=root 3");
}

TEST_CASE("anchors: what cannot be parsed keeps its place and is never found") {
    anchor_set const anchors({fake::of({0x30, 0}), fake::root().der(), {}});
    CHECK(anchors.size() == 3);
    CHECK(anchors.view(0) == nullptr);
    CHECK(anchors.view(1) != nullptr);
    CHECK(anchors.view(2) == nullptr);
    CHECK(anchors.find(fake::common_name("root")).size() == 1);
    CHECK(anchor_set().empty());
    CHECK(anchor_set().find(fake::common_name("root")).empty());
}
