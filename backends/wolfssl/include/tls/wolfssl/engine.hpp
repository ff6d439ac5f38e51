// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/connection/backend.hpp>
#include <tls/core/config.hpp>
#include <tls/wolfssl/context.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace tls::detail {

struct wolfssl_connection;

/// One WOLFSSL object and what its callbacks talk to. See `tls::backend_engine` for what each function promises.
class wolfssl_engine {
public:
    [[nodiscard]] static result<wolfssl_engine> make(wolfssl_context const& context, server_name const& name) noexcept;

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
        void operator()(wolfssl_connection* c) const noexcept;
    };

    explicit wolfssl_engine(std::unique_ptr<wolfssl_connection, deleter> c) noexcept;
    [[nodiscard]] seam::native_outcome outcome(int returned) noexcept;
    [[nodiscard]] bool is_at_certificate() const noexcept;

    std::unique_ptr<wolfssl_connection, deleter> connection_;
    seam::engine_core* core_;
};

} // namespace tls::detail

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/wolfssl/impl/engine.ipp>
#endif
