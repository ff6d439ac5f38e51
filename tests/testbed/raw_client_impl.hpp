// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "raw_client.hpp"

#include <utility>

/// What both raw clients share; included by the two files that implement them.
namespace testbed {

struct raw_client_common {
    explicit raw_client_common(wire::byte_pipe& p) : pipe(p) {}

    wire::byte_pipe& pipe;
    bytes received{};
    bytes saved{};
    int error = 0;
    bool identity_loaded = false;
    bool established = false;
    bool peer_closed = false;
    std::optional<int> alert{};
};

template <class L>
raw_client<L>::raw_client(raw_client_options const& options, wire::byte_pipe& pipe)
    : state_(std::make_unique<raw_client_state<L>>(options, pipe)) {}
template <class L> raw_client<L>::~raw_client() = default;
template <class L> void raw_client<L>::step() {
    if (state_->error == 0 && !state_->peer_closed) state_->step();
}
template <class L> bool raw_client<L>::established() const { return state_->established; }
template <class L> int raw_client<L>::error() const { return state_->error; }
template <class L> bool raw_client<L>::identity_loaded() const { return state_->identity_loaded; }
template <class L> bytes raw_client<L>::session() const { return state_->saved; }
template <class L> void raw_client<L>::send(byte_view data) { state_->write(data); }
template <class L> void raw_client<L>::close() { state_->close(); }
template <class L> bytes raw_client<L>::received() { return std::exchange(state_->received, {}); }
template <class L> bool raw_client<L>::peer_closed() const { return state_->peer_closed; }
template <class L> std::optional<int> raw_client<L>::alert_received() const { return state_->alert; }

} // namespace testbed
