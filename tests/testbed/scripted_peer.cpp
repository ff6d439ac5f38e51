// SPDX-License-Identifier: Apache-2.0
#include "scripted_peer.hpp"

#include <array>
#include <cerrno>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <sys/socket.h>
#include <thread>
#include <utility>

namespace testbed {

struct scripted_peer::state {
    explicit state(std::vector<action> lines) : script(std::move(lines)) {}

    void accept_one() {
        if (wait_for(listening.fd.get(), true, false, stop).woken) return publish();
        play(unique_fd(::accept4(listening.fd.get(), nullptr, nullptr, SOCK_CLOEXEC)));
    }

    void play(unique_fd connected) {
        socket = std::move(connected);
        set_nonblocking(socket.get());
        for (action const& line : script)
            if (!perform(line)) return publish();
        ::shutdown(socket.get(), SHUT_WR);
        while (receive()) {
        }
        publish();
    }

    // False when the script cannot go on.
    bool perform(action const& line) {
        switch (line.what) {
        case action::kind::receive: return receive_until(consumed + line.count);
        case action::kind::receive_record: {
            std::size_t const header = consumed + 5;
            if (!receive_until(header)) return false;
            auto const high = std::to_integer<std::size_t>(input[header - 2]);
            auto const low = std::to_integer<std::size_t>(input[header - 1]);
            return receive_until(header + high * 256 + low);
        }
        case action::kind::send: return send(line.data);
        case action::kind::finish: return ::shutdown(socket.get(), SHUT_WR) == 0;
        case action::kind::reset:
            reset_on_close(socket.get());
            socket.reset();
            return false;
        case action::kind::hold:
            while (receive()) {
            }
            return false;
        }
        return false;
    }

    bool receive_until(std::size_t total) {
        while (input.size() < total)
            if (!receive()) return false;
        consumed = total;
        return true;
    }

    // Waits for bytes; false at the end of the connection or when told to stop.
    bool receive() {
        if (wait_for(socket.get(), true, false, stop).woken) return false;
        std::array<std::byte, 65536> buffer{};
        ssize_t const n = ::recv(socket.get(), buffer.data(), buffer.size(), 0);
        if (n < 0) return errno == EAGAIN || errno == EINTR;
        append(input, byte_view(buffer).first(static_cast<std::size_t>(n)));
        return n > 0;
    }

    bool send(byte_view data) {
        while (!data.empty()) {
            if (wait_for(socket.get(), false, true, stop).woken) return false;
            ssize_t const n = ::send(socket.get(), data.data(), data.size(), MSG_NOSIGNAL);
            if (n < 0) {
                if (errno == EAGAIN || errno == EINTR) continue;
                return false;
            }
            data = data.subspan(static_cast<std::size_t>(n));
        }
        return true;
    }

    void publish() {
        std::scoped_lock const lock(guard);
        over = true;
        changed.notify_all();
    }

    std::vector<action> script;
    listener listening{};
    unique_fd socket{};
    wake_event stop{};
    bytes input{}; // belongs to the thread until `over`
    std::size_t consumed = 0;
    std::mutex guard{};
    std::condition_variable changed{};
    bool over = false;
    std::thread worker{};
};

scripted_peer::scripted_peer(std::vector<action> script) : state_(std::make_unique<state>(std::move(script))) {
    state_->listening = listen_on_loopback();
    state_->worker = std::thread([s = state_.get()] { s->accept_one(); });
}

scripted_peer::scripted_peer(std::vector<action> script, unique_fd socket)
    : state_(std::make_unique<state>(std::move(script))) {
    state_->worker = std::thread([s = state_.get(), held = std::move(socket)]() mutable { s->play(std::move(held)); });
}

scripted_peer::~scripted_peer() {
    state_->stop.raise();
    state_->worker.join();
}

std::uint16_t scripted_peer::port() const { return state_->listening.port; }

bytes scripted_peer::received(std::chrono::milliseconds deadline) {
    std::unique_lock lock(state_->guard);
    if (!state_->changed.wait_for(lock, deadline, [this] { return state_->over; }))
        throw std::runtime_error("the scripted peer is still playing");
    return state_->input;
}

} // namespace testbed
