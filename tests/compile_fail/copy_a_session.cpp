// SPDX-License-Identifier: Apache-2.0
#include "fake_backend.hpp"

session hand_on(session& mine) {
#if defined(MUST_FAIL)
    session theirs = mine;
#else
    session theirs = std::move(mine);
#endif
    return theirs;
}
