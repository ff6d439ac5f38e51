// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "server.hpp"

#include <stdexcept>
#include <utility>

/// What both test servers share; included by the two files that implement them.
namespace testbed {

/// The bytes between a server's library and the wire, and what can be read of them unencrypted.
class server_queues {
public:
    void feed(byte_view data);
    void end_of_input() { ended_ = true; }
    [[nodiscard]] bool ended() const { return ended_; }
    /// Moves bytes from the client to the library; 0 when there are none now.
    std::size_t pop(std::span<std::byte> to) { return in_.pop(to); }
    void push(byte_view data);
    [[nodiscard]] bytes drain() { return std::exchange(out_, {}); }

    [[nodiscard]] std::string server_name() const;
    [[nodiscard]] std::optional<std::size_t> clear_certificates() const;
    [[nodiscard]] std::optional<int> clear_alert_received() const { return last_alert(early_in_); }
    [[nodiscard]] std::optional<int> clear_alert_sent() const { return last_alert(early_out_); }

private:
    [[nodiscard]] static std::optional<int> last_alert(bytes const& stream);

    wire::byte_queue in_;
    bytes out_;
    bytes early_in_; // enough for the handshake; the megabytes after it are not kept
    bytes early_out_;
    bool ended_ = false;
};

/// What a server knows, whatever its library.
struct server_common {
    server_queues queues{};
    bytes received{};
    std::string error_text{};
    bytes client_leaf{};
    bool established = false;
    bool failed = false;
    bool closed = false;
    bool peer_closed = false;
    bool certificate_requested = false;
    std::optional<int> certificates_seen{}; ///< from the library: a TLS 1.3 Certificate message is encrypted
};

// Each library's file specialises `server_state`, which derives from server_common and adds step(), write(byte_view),
// send_close(), send_alert(), alert_received(), alert_sent(), alpn(), version() and resumed().

template <class L> basic_server<L>::basic_server(server_options const& options) {
    if ((options.chain.empty() || options.private_key == nullptr) && !options.psk)
        throw std::runtime_error("a server needs a certificate and its key, or a pre-shared key");
    state_ = std::make_unique<server_state<L>>(options);
    state_->certificate_requested = options.request_client_certificate || options.require_client_certificate;
}
template <class L> basic_server<L>::~basic_server() = default;
template <class L> basic_server<L>::basic_server(basic_server&&) noexcept = default;
template <class L> basic_server<L>& basic_server<L>::operator=(basic_server&&) noexcept = default;

template <class L> void basic_server<L>::feed(byte_view data) { state_->queues.feed(data); }
template <class L> void basic_server<L>::end_of_input() { state_->queues.end_of_input(); }
template <class L> void basic_server<L>::step() {
    if (!state_->failed) state_->step();
}
template <class L> bytes basic_server<L>::drain() { return state_->queues.drain(); }

template <class L> bool basic_server<L>::established() const { return state_->established; }
template <class L> bool basic_server<L>::failed() const { return state_->failed; }
template <class L> std::string basic_server<L>::error_text() const { return state_->error_text; }

template <class L> bytes basic_server<L>::received() { return std::exchange(state_->received, {}); }
template <class L> void basic_server<L>::send(byte_view data) {
    if (!state_->established || state_->closed) throw std::runtime_error("the server cannot send now");
    state_->write(data);
}
template <class L> void basic_server<L>::close() {
    if (!state_->established) throw std::runtime_error("the server cannot close now");
    if (!std::exchange(state_->closed, true)) state_->send_close();
}
template <class L> void basic_server<L>::send_alert(unsigned level, unsigned description) {
    state_->send_alert(level, description);
}

template <class L> bool basic_server<L>::peer_closed() const { return state_->peer_closed; }
template <class L> std::optional<int> basic_server<L>::alert_received() const {
    std::optional<int> const found = state_->alert_received();
    return found ? found : state_->queues.clear_alert_received();
}
template <class L> std::optional<int> basic_server<L>::alert_sent() const {
    std::optional<int> const found = state_->alert_sent();
    return found ? found : state_->queues.clear_alert_sent();
}

template <class L> int basic_server<L>::client_certificates_received() const {
    if (!state_->certificate_requested) return -1;
    if (std::optional<std::size_t> const n = state_->queues.clear_certificates()) return static_cast<int>(*n);
    if (state_->certificates_seen) return *state_->certificates_seen;
    return state_->established && !state_->resumed() ? 0 : -1;
}
template <class L> bytes basic_server<L>::client_leaf_der() const { return state_->client_leaf; }
template <class L> std::string basic_server<L>::sni() const { return state_->queues.server_name(); }
template <class L> std::string basic_server<L>::alpn() const { return state_->alpn(); }
template <class L> std::optional<tls::protocol_version> basic_server<L>::version() const {
    return state_->established ? state_->version() : std::nullopt;
}
template <class L> bool basic_server<L>::resumed() const { return state_->established && state_->resumed(); }

template <class L>
bytes basic_server<L>::exported(std::string_view label, std::optional<byte_view> context, std::size_t size) const {
    bytes out(size);
    if (!state_->derive(label, context, out)) throw std::runtime_error("the server cannot export");
    return out;
}

} // namespace testbed
