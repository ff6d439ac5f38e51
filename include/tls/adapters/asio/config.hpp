// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/core/error.hpp>

#include <optional>
#include <string>
#include <system_error>

#if !defined(TWINTLS_ASIO_BOOST) && defined(BOOST_ASIO_VERSION) && !defined(ASIO_VERSION)
#    define TWINTLS_ASIO_BOOST
#endif

#if defined(TWINTLS_ASIO_BOOST)
#    include <boost/asio/async_result.hpp>
#    include <boost/asio/basic_waitable_timer.hpp>
#    include <boost/asio/buffer.hpp>
#    include <boost/asio/compose.hpp>
#    include <boost/asio/error.hpp>
#    include <boost/asio/post.hpp>
#    include <boost/asio/version.hpp>
#    include <boost/system/error_code.hpp>
#    include <boost/system/system_error.hpp>
#else
#    include <asio/async_result.hpp>
#    include <asio/basic_waitable_timer.hpp>
#    include <asio/buffer.hpp>
#    include <asio/compose.hpp>
#    include <asio/error.hpp>
#    include <asio/error_code.hpp>
#    include <asio/post.hpp>
#    include <asio/system_error.hpp>
#    include <asio/version.hpp>
#endif

namespace tls::asio {

// An inline namespace for each Asio, so that a program may have both.
#if defined(TWINTLS_ASIO_BOOST)
inline namespace over_boost {

namespace net = ::boost::asio;
using error_code = ::boost::system::error_code;
using system_error = ::boost::system::system_error;

/// The category of twintls's codes in error codes of this Asio.
[[nodiscard]] inline ::boost::system::error_category const& error_category() noexcept {
    class category final : public ::boost::system::error_category {
    public:
        [[nodiscard]] char const* name() const noexcept override { return "twintls"; }
        [[nodiscard]] std::string message(int value) const override {
            return std::string(tls::message(static_cast<errc>(value)));
        }
    };
    static category const instance;
    return instance;
}

} // namespace over_boost
#else
inline namespace over_asio {

namespace net = ::asio;
using error_code = ::asio::error_code;
using system_error = ::asio::system_error;

/// The category of twintls's codes in error codes of this Asio.
[[nodiscard]] inline std::error_category const& error_category() noexcept { return tls::error_category(); }

} // namespace over_asio
#endif

/// The code as an error code of this Asio.
[[nodiscard]] inline error_code error_code_of(errc code) noexcept { return {static_cast<int>(code), error_category()}; }

/// Which code of twintls an error code is; nothing for the codes of others.
[[nodiscard]] inline std::optional<errc> errc_of(error_code const& code) noexcept {
    if (code.category() != error_category()) return std::nullopt;
    return static_cast<errc>(code.value());
}

} // namespace tls::asio

#if defined(TWINTLS_ASIO_BOOST)
namespace tls {

/// As for std::error_code: `code == tls::errc::truncated`.
[[nodiscard]] inline bool operator==(::boost::system::error_code const& code, errc wanted) noexcept {
    return asio::errc_of(code) == wanted;
}

} // namespace tls
#endif
