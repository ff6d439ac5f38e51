// SPDX-License-Identifier: Apache-2.0
// Stands where Asio's own header of this name does, so that a program written for boost::asio::ssl is compiled
// unchanged: its stream is tls::asio::stream. As much of it as Boost.Beast's HTTPS client examples use, to show that
// nothing of theirs has to change but the type of the stream; a program of your own names that type and needs none of
// this.
#pragma once

#define TWINTLS_ASIO_BOOST
#include <tls/adapters/asio.hpp>
#include <tls/client.hpp>

#include <boost/asio.hpp>
#if defined(TWINTLS_EXAMPLE_ON_MBEDTLS)
#    include <tls/mbedtls.hpp>
#else
#    include <tls/wolfssl.hpp>
#endif

#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace boost::asio {
namespace error {
inline boost::system::error_category const& get_ssl_category() { return boost::system::system_category(); }
} // namespace error

namespace ssl {

#if defined(TWINTLS_EXAMPLE_ON_MBEDTLS)
using backend = tls::mbedtls;
#else
using backend = tls::wolfssl;
#endif

enum verify_mode { verify_peer };

struct stream_base {
    enum handshake_type { client };
};

/// What is said of servers is collected, and the client is built when the first stream needs it.
class context {
public:
    enum method { tlsv12_client, tlsv13_client, tls_client };

    explicit context(method) {
        if (char const* const more = std::getenv("TWINTLS_EXAMPLE_CA")) keep(tls::trust_anchors::from_pem_file(more));
    }
    void add_certificate_authority(const_buffer pem, boost::system::error_code& code) {
        code = keep(tls::trust_anchors::from_pem({static_cast<char const*>(pem.data()), pem.size()}))
                   ? boost::system::error_code()
                   : make_error_code(boost::system::errc::invalid_argument);
    }
    void set_verify_mode(verify_mode) {} // there is no other
    [[nodiscard]] tls::client<backend> const& client() {
        if (!client_) client_ = tls::client<backend>::configure().trust(anchors_).no_identity().build().value();
        return *client_;
    }

private:
    bool keep(tls::result<tls::trust_anchors> const& more) { return more && anchors_.add(*more); }

    tls::trust_anchors anchors_;
    std::optional<tls::client<backend>> client_;
};

struct host_name_verification {
    explicit host_name_verification(std::string const& name) : host(name) {}
    std::string host;
};

template <class NextLayer> class stream : public tls::asio::stream<NextLayer, backend> {
public:
    using base = tls::asio::stream<NextLayer, backend>;

    template <class Argument>
    stream(Argument&& argument, context& c) : base(std::forward<Argument>(argument), c.client()) {}

    [[nodiscard]] stream* native_handle() { return this; }
    void set_verify_callback(host_name_verification const& wanted) { host_ = wanted.host; }
    void ask_for(char const* host) { host_ = host; }

    template <class Token> auto async_handshake(stream_base::handshake_type, Token&& token) {
        return base::async_handshake(tls::server_name::parse(host_), std::forward<Token>(token));
    }
    void handshake(stream_base::handshake_type) { base::handshake(tls::server_name::parse(host_)); }

private:
    std::string host_;
};

namespace error {
inline constexpr auto stream_truncated = tls::errc::truncated;
} // namespace error

} // namespace ssl
} // namespace boost::asio

template <class Handle> int SSL_set_tlsext_host_name(Handle* stream, char const* host) {
    stream->ask_for(host);
    return 1;
}
inline unsigned long ERR_get_error() { return 0; }
