// SPDX-License-Identifier: Apache-2.0
#include "server.hpp"

#include "server_impl.hpp"

namespace testbed {
namespace {

constexpr std::size_t kept = std::size_t{256} * 1024;

void keep(bytes& early, byte_view data) {
    if (early.size() < kept) append(early, data);
}

} // namespace

server_options server_options::showing(credentials const& identity, std::optional<tls::protocol_version> only) {
    server_options out;
    out.chain = identity.chain;
    out.private_key = identity.private_key;
    if (only) out.min_version = out.max_version = *only;
    return out;
}

void server_queues::feed(byte_view data) {
    in_.push(data);
    keep(early_in_, data);
}

void server_queues::push(byte_view data) {
    append(out_, data);
    keep(early_out_, data);
}

std::string server_queues::server_name() const {
    try {
        return wire::first_client_hello(early_in_).server_name.value_or("");
    } catch (std::runtime_error const&) {
        return {}; // nothing came, or it was no ClientHello
    }
}

std::optional<std::size_t> server_queues::clear_certificates() const {
    try {
        return wire::certificate_count(early_in_);
    } catch (std::runtime_error const&) {
        return std::nullopt;
    }
}

std::optional<int> server_queues::last_alert(bytes const& stream) {
    std::optional<int> out;
    for (wire::clear_alert const& a : wire::clear_alerts(stream))
        if (a.description != 0) out = static_cast<int>(a.description);
    return out;
}

} // namespace testbed
