// SPDX-License-Identifier: Apache-2.0
#include "stack.hpp"

#include <algorithm>
#include <exception>
#include <stdexcept>
#include <ucontext.h>

namespace bench {
namespace {

constexpr std::byte paint{0xa5};

struct errand {
    std::function<void()> const* function = nullptr;
    std::exception_ptr failure{};
};

thread_local errand* current = nullptr;

// makecontext can only pass ints, and an exception must not leave the other stack.
void do_errand() {
    try {
        (*current->function)();
    } catch (...) {
        current->failure = std::current_exception();
    }
}

} // namespace

painted_stack::painted_stack() : memory_(new std::byte[size]) { std::fill_n(memory_.get(), size, paint); }
painted_stack::~painted_stack() = default;

void painted_stack::run(std::function<void()> const& f) {
    errand e{&f};
    errand* const outer = current;
    current = &e;
    ucontext_t here{};
    ucontext_t there{};
    if (::getcontext(&there) != 0) throw std::runtime_error("getcontext failed");
    there.uc_stack.ss_sp = memory_.get();
    there.uc_stack.ss_size = size;
    there.uc_link = &here;
    ::makecontext(&there, do_errand, 0);
    if (::swapcontext(&here, &there) != 0) throw std::runtime_error("swapcontext failed");
    current = outer;
    if (e.failure) std::rethrow_exception(e.failure);
}

std::size_t painted_stack::used() const {
    // The stack grows downwards, so the first overwritten byte is the deepest.
    auto const* const deepest =
        std::find_if(memory_.get(), memory_.get() + size, [](std::byte b) { return b != paint; });
    return static_cast<std::size_t>(memory_.get() + size - deepest);
}

} // namespace bench
