// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/connection/backend.hpp>
#include <tls/core/config.hpp>
#include <tls/mbedtls/context.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace tls::detail {

struct mbedtls_connection;

/// One mbedtls_ssl_context and what its callbacks talk to. See `tls::backend_engine` for what each function promises.
class mbedtls_engine {
public:
    [[nodiscard]] static result<mbedtls_engine> make(mbedtls_context const& context, server_name const& name) noexcept;

    [[nodiscard]] seam::engine_core& core() noexcept { return *core_; }
    [[nodiscard]] seam::engine_core const& core() const noexcept { return *core_; }

    [[nodiscard]] seam::native_outcome handshake() noexcept;
    void handshake_ended() noexcept;
    [[nodiscard]] seam::native_outcome read(std::span<std::byte> into) noexcept;
    [[nodiscard]] seam::native_outcome probe() noexcept;
    [[nodiscard]] seam::native_outcome write(std::span<std::byte const> from) noexcept;
    [[nodiscard]] seam::native_outcome close_notify() noexcept;
    /// Tells the peer why the connection ends; false if that is not possible.
    [[nodiscard]] bool send_alert(alert why) noexcept;
    [[nodiscard]] std::size_t pending() const noexcept;

    [[nodiscard]] native_code classify(std::int32_t code) const noexcept;
    [[nodiscard]] std::optional<alert> alert_received() const noexcept;
    [[nodiscard]] std::optional<alert> alert_sent() const noexcept;

    [[nodiscard]] protocol_version version() const noexcept;
    [[nodiscard]] cipher_suite suite() const noexcept;
    [[nodiscard]] std::string_view alpn() const noexcept;
    [[nodiscard]] bool resumed() const noexcept;
    [[nodiscard]] std::span<std::byte const> peer_certificate() noexcept;

private:
    struct deleter {
        void operator()(mbedtls_connection* c) const noexcept;
    };

    explicit mbedtls_engine(std::unique_ptr<mbedtls_connection, deleter> c) noexcept;
    [[nodiscard]] seam::native_outcome outcome(int returned) noexcept;
    [[nodiscard]] int read_records(unsigned char* into, std::size_t size) noexcept;
    using sent_certificates = std::array<std::span<std::byte const>, verify::max_shown>;
    [[nodiscard]] std::span<std::span<std::byte const> const> certificates_sent(sent_certificates& storage) noexcept;
    [[nodiscard]] bool judge() noexcept;
    void judge_unread(int returned) noexcept;
    [[nodiscard]] seam::native_outcome refuse(alert why, int code) noexcept;
    void refuse_message() noexcept;

    std::unique_ptr<mbedtls_connection, deleter> connection_;
    seam::engine_core* core_;
};

} // namespace tls::detail

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/mbedtls/impl/engine.ipp>
#endif
