// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "testbed/bytes.hpp"
#include <tls/transport/transport.hpp>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

/// A network in memory on which things go wrong exactly where a test wants them to.
namespace parity {

/// Whom the client talks to.
class peer {
public:
    peer() = default;
    peer(peer const&) = delete;
    peer& operator=(peer const&) = delete;
    virtual ~peer() = default;

    /// Takes bytes from the client and gives those for it.
    virtual testbed::bytes answer(testbed::byte_view from_client) = 0;
    /// The client has become a session: what to send it now.
    virtual testbed::bytes client_established() { return {}; }
    /// True once it has nothing more to send and closes the connection.
    [[nodiscard]] virtual bool over() const { return false; }
    [[nodiscard]] virtual std::optional<int> alert_received() const { return std::nullopt; }
    [[nodiscard]] virtual std::string text() const { return {}; }
};

/// Answers the first bytes with its own, whatever they are, and may close the connection then.
class canned_peer final : public peer {
public:
    explicit canned_peer(testbed::bytes answer, bool closes = false) : answer_(std::move(answer)), closes_(closes) {}
    testbed::bytes answer(testbed::byte_view) override {
        answered_ = true;
        return std::exchange(answer_, {});
    }
    [[nodiscard]] bool over() const override { return closes_ && answered_; }

private:
    testbed::bytes answer_;
    bool closes_;
    bool answered_ = false;
};

/// How a connection goes on.
enum class io_trouble {
    none,
    end,     ///< the peer has sent everything
    broken,  ///< reset: ECONNRESET from reading, EPIPE from writing
    timeout, ///< nothing moves until the deadline
};

/// Looks at, and may change, each of the server's records, with its header, by its number; any answer other than `none`
/// takes effect once these bytes are read, and nothing after them arrives.
using rule = std::function<io_trouble(std::size_t number, testbed::bytes& record)>;

/// The client's transport. What the client writes is answered at once; it never has to wait.
class network {
public:
    network(std::unique_ptr<peer> server, rule r) : server_(std::move(server)), rule_(std::move(r)) {}

    [[nodiscard]] tls::io_result read_some(std::span<std::byte> into) noexcept {
        if (!arrived_.empty()) {
            std::size_t const n = std::min(into.size(), arrived_.size());
            std::copy_n(arrived_.begin(), n, into.begin());
            arrived_.erase(arrived_.begin(), arrived_.begin() + static_cast<std::ptrdiff_t>(n));
            return tls::io_result::moved(n);
        }
        switch (on_read_) {
        case io_trouble::none: break;
        case io_trouble::end: return tls::io_result::at_end();
        case io_trouble::broken: return tls::io_result::broken(ECONNRESET);
        case io_trouble::timeout: return tls::io_result::timed_out();
        }
        return tls::io_result::blocked();
    }

    [[nodiscard]] tls::io_result write_some(std::span<std::byte const> from) noexcept {
        if (on_write_ == io_trouble::broken) return tls::io_result::broken(EPIPE);
        if (on_write_ == io_trouble::timeout) return tls::io_result::timed_out();
        deliver(server_->answer(from));
        return tls::io_result::moved(from.size());
    }

    /// From now on, writing ends like this.
    void on_write(io_trouble t) noexcept { on_write_ = t; }

    void client_established(std::optional<io_trouble> on_write) {
        if (on_write) on_write_ = *on_write;
        deliver(server_->client_established());
    }

    [[nodiscard]] peer const& server() const noexcept { return *server_; }

private:
    void deliver(testbed::bytes const& all) {
        if (rule_)
            deliver_records(all);
        else
            append(all);
        if (on_read_ == io_trouble::none && server_->over()) on_read_ = io_trouble::end;
    }

    void deliver_records(testbed::bytes const& all) {
        testbed::byte_view rest = all;
        while (!rest.empty()) {
            std::size_t const size = rest.size() < 5 ? rest.size()
                                                     : 5 + std::to_integer<std::size_t>(rest[3]) * 256 +
                                                           std::to_integer<std::size_t>(rest[4]);
            testbed::byte_view const one = rest.first(std::min(size, rest.size()));
            rest = rest.subspan(one.size());
            if (on_read_ != io_trouble::none) return;
            testbed::bytes record(one.begin(), one.end());
            io_trouble const after = rule_(records_++, record);
            append(record);
            on_read_ = after;
        }
    }

    void append(testbed::byte_view data) {
        if (on_read_ == io_trouble::none) testbed::append(arrived_, data);
    }

    std::unique_ptr<peer> server_;
    rule rule_;
    testbed::bytes arrived_;
    std::size_t records_ = 0;
    io_trouble on_read_ = io_trouble::none;
    io_trouble on_write_ = io_trouble::none;
};

static_assert(tls::transport<network>);

} // namespace parity
