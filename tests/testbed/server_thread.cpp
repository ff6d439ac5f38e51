// SPDX-License-Identifier: Apache-2.0
#include "server_thread.hpp"

#include <array>
#include <cerrno>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <sys/socket.h>
#include <thread>
#include <utility>

namespace testbed {
namespace {

/// One connection, served to its end in the thread that calls run().
template <class Server> class connection {
public:
    connection(thread_options const& options, unique_fd socket, wake_event const& stop, Server& server)
        : options_(options),
          socket_(std::move(socket)),
          stop_(stop),
          server_(server) {
        set_nonblocking(socket_.get());
    }

    /// Runs until there is nothing left to do but wait for the client to end the connection.
    void run() {
        if (options_.behaviour == behaviour::silent) return hold();
        while (!over_) {
            readiness const ready = wait_for(socket_.get(), !report_.input_ended, unsent() != 0, stop_);
            if (ready.woken) return;
            if (ready.readable) receive();
            server_.step();
            act();
            append(pending_, server_.drain());
            flush();
            decide();
        }
    }

    /// What `run` learned.
    [[nodiscard]] connection_report report() const {
        connection_report out = report_;
        out.established = server_.established();
        out.failed = server_.failed();
        out.error_text = server_.error_text();
        out.peer_closed = server_.peer_closed();
        out.client_certificates = server_.client_certificates_received();
        out.client_leaf = server_.client_leaf_der();
        out.alert_received = server_.alert_received();
        out.alert_sent = server_.alert_sent();
        out.sni = server_.sni();
        out.alpn = server_.alpn();
        out.version = server_.version();
        out.resumed = server_.resumed();
        return out;
    }

    /// Ends our side and reads on, because closing a socket with unread bytes would reset it and lose what we sent.
    void linger() {
        if (reset_) {
            reset_on_close(socket_.get());
            socket_.reset();
            return;
        }
        ::shutdown(socket_.get(), SHUT_WR);
        while (!report_.input_ended && !report_.transport_error) {
            if (wait_for(socket_.get(), true, false, stop_).woken) return;
            receive();
        }
    }

private:
    void receive() {
        std::array<std::byte, 65536> buffer{};
        ssize_t const n = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
        if (n > 0) {
            server_.feed(byte_view(buffer).first(static_cast<std::size_t>(n)));
        } else if (n == 0) {
            report_.input_ended = true;
            server_.end_of_input();
        } else if (errno != EAGAIN && errno != EINTR) {
            report_.transport_error = true;
            report_.input_ended = true;
            server_.end_of_input();
        }
    }

    [[nodiscard]] std::size_t unsent() const { return pending_.size() - sent_; }

    void flush() {
        while (unsent() != 0) {
            ssize_t const n = ::send(socket_.get(), pending_.data() + sent_, unsent(), MSG_NOSIGNAL);
            if (n < 0) {
                if (errno == EAGAIN || errno == EINTR) return;
                report_.transport_error = true;
                break;
            }
            sent_ += static_cast<std::size_t>(n);
            answered_ = true;
        }
        pending_.clear();
        sent_ = 0;
    }

    // The part of the behaviour that needs the server.
    void act() {
        bytes const data = server_.received();
        report_.bytes_received += data.size();
        if (!server_.established() || server_.failed() || finished_) return;
        switch (options_.behaviour) {
        case behaviour::echo:
            if (!data.empty()) server_.send(data);
            finished_ = server_.peer_closed();
            if (finished_) server_.close();
            break;
        case behaviour::send_then_close:
            server_.send(pattern(options_.amount));
            server_.close();
            finished_ = true;
            break;
        case behaviour::close_then_read:
            if (!half_closed_) {
                server_.send(pattern(options_.amount));
                server_.close();
                half_closed_ = true;
            }
            finished_ = server_.peer_closed();
            break;
        case behaviour::send_then_drop:
        case behaviour::send_then_reset:
            server_.send(pattern(options_.amount));
            finished_ = true;
            reset_ = options_.behaviour == behaviour::send_then_reset;
            break;
        default: break;
        }
    }

    // The part of the behaviour that needs the socket.
    void decide() {
        bool const flushed = unsent() == 0;
        if (flushed && options_.behaviour == behaviour::drop_in_handshake && answered_) over_ = true;
        if (flushed && options_.behaviour == behaviour::stop_in_handshake && answered_) return hold();
        if (flushed && options_.behaviour == behaviour::stop_reading && server_.established()) return hold();
        if (flushed && (finished_ || server_.failed() || report_.input_ended)) over_ = true;
        if (report_.transport_error) over_ = true;
    }

    void hold() {
        wait_for_end(socket_.get(), stop_);
        over_ = true;
    }

    thread_options const& options_;
    unique_fd socket_;
    wake_event const& stop_;
    Server& server_;
    connection_report report_{};
    bytes pending_{}; // from `sent_` on, still to be sent
    std::size_t sent_ = 0;
    bool answered_ = false;
    bool finished_ = false;
    bool half_closed_ = false;
    bool reset_ = false;
    bool over_ = false;
};

thread_options for_one(thread_options options) {
    options.connections = 1;
    return options;
}

} // namespace

template <class Server> struct server_thread<Server>::state {
    explicit state(thread_options const& wanted) : options(wanted) {
        // Made in the caller's thread: a wrong set-up throws there, and wolfSSL reads its count of initialisations
        // without a lock whenever a context is made.
        for (int i = 0; i < options.connections; ++i) servers.emplace_back(options.server);
    }

    void accept_all() {
        for (int i = 0; i < options.connections; ++i) {
            readiness const ready = wait_for(listening.fd.get(), true, false, stop);
            if (ready.woken) return;
            unique_fd socket(::accept4(listening.fd.get(), nullptr, nullptr, SOCK_CLOEXEC));
            if (!socket.valid()) {
                --i;
                continue;
            }
            start(std::move(socket), servers[static_cast<std::size_t>(i)]);
        }
    }

    void start(unique_fd socket, Server& server) {
        std::scoped_lock const lock(guard);
        workers.emplace_back(
            [this, &server, held = std::move(socket)]() mutable { serve_one(std::move(held), server); });
    }

    void serve_one(unique_fd socket, Server& server) {
        connection_report outcome;
        try {
            connection<Server> one(options, std::move(socket), stop, server);
            one.run();
            publish(one.report());
            one.linger();
        } catch (std::exception const& failure) {
            outcome.failed = true;
            outcome.error_text = std::string("test server: ") + failure.what();
            publish(outcome);
        }
    }

    void publish(connection_report const& outcome) {
        std::scoped_lock const lock(guard);
        done.push_back(outcome);
        changed.notify_all();
    }

    thread_options options;
    listener listening{};
    wake_event stop{};
    std::mutex guard{};
    std::condition_variable changed{};
    std::vector<connection_report> done{};
    std::vector<Server> servers{};
    std::vector<std::thread> workers{};
    std::thread acceptor{};
};

template <class Server>
server_thread<Server>::server_thread(thread_options const& options) : state_(std::make_unique<state>(options)) {
    // A peer that does not read must stop its client soon, not after megabytes in the socket.
    bool const small = options.behaviour == behaviour::stop_reading || options.behaviour == behaviour::silent;
    state_->listening = listen_on_loopback(small ? 4096 : 0);
    state_->acceptor = std::thread([s = state_.get()] { s->accept_all(); });
}

template <class Server>
server_thread<Server>::server_thread(thread_options const& options, unique_fd socket)
    : state_(std::make_unique<state>(for_one(options))) {
    state_->start(std::move(socket), state_->servers.front());
}

template <class Server> server_thread<Server>::~server_thread() {
    stop();
    if (state_->acceptor.joinable()) state_->acceptor.join();
    for (std::thread& worker : state_->workers) worker.join();
}

template <class Server> std::uint16_t server_thread<Server>::port() const { return state_->listening.port; }

template <class Server>
std::vector<connection_report> server_thread<Server>::reports(std::chrono::milliseconds deadline) {
    std::unique_lock lock(state_->guard);
    auto const all = static_cast<std::size_t>(state_->options.connections);
    if (!state_->changed.wait_for(lock, deadline, [&] { return state_->done.size() >= all; }))
        throw std::runtime_error("the test server is still serving");
    return state_->done;
}

template <class Server> connection_report server_thread<Server>::report(std::chrono::milliseconds deadline) {
    return reports(deadline).front();
}

template <class Server> void server_thread<Server>::stop() { state_->stop.raise(); }

template class server_thread<mbedtls_server>;
template class server_thread<wolfssl_server>;

} // namespace testbed
