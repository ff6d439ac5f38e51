// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/client.hpp>
#include <tls/transport/pipe.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

/// A backend without a C library, so that a case compiles in a second. Declared only: these programs are never linked.
namespace fake {

struct context {};

struct engine {
    tls::seam::engine_core& core() noexcept;
    tls::seam::engine_core const& core() const noexcept;
    tls::seam::native_outcome handshake() noexcept;
    void handshake_ended() noexcept;
    tls::seam::native_outcome read(std::span<std::byte> into) noexcept;
    tls::seam::native_outcome probe() noexcept;
    tls::seam::native_outcome write(std::span<std::byte const> from) noexcept;
    tls::seam::native_outcome close_notify() noexcept;
    bool send_alert(tls::alert) noexcept;
    [[nodiscard]] std::size_t pending() const noexcept;
    [[nodiscard]] tls::native_code classify(std::int32_t code) const noexcept;
    [[nodiscard]] std::optional<tls::alert> alert_received() const noexcept;
    [[nodiscard]] std::optional<tls::alert> alert_sent() const noexcept;
    [[nodiscard]] tls::protocol_version version() const noexcept;
    [[nodiscard]] tls::cipher_suite suite() const noexcept;
    [[nodiscard]] std::string_view alpn() const noexcept;
    [[nodiscard]] bool resumed() const noexcept;
    std::span<std::byte const> peer_certificate() noexcept;
};

struct backend {
    using context = fake::context;
    using engine = fake::engine;
    static constexpr char const* name = "fake";
    static constexpr std::size_t stack_used = 1024;
    static std::string_view version() noexcept;
    static std::span<tls::native_code const> native_codes() noexcept;
    template <tls::feature> static constexpr bool supports = true;
    static tls::result<context> make_context(tls::seam::shared<tls::settings const> s) noexcept;
    static tls::result<engine> make_engine(context const& c, tls::server_name const& name) noexcept;
    static constexpr tls::seam::session_calls sessions{};
    static constexpr tls::seam::exporting_calls exporting{};
    static constexpr tls::seam::stapling_calls stapling{};
    static void start_key_log(tls::seam::engine_core& core, tls::settings const& s) noexcept;
    static tls::result<void> use_signer(void* library_configuration, tls::seam::own_identity const& ours) noexcept;
    static tls::result<void> use_psk(void* library_configuration, tls::settings const& s) noexcept;
    static bool sha256(std::span<std::span<std::byte const> const> parts, std::span<std::byte, 32> digest) noexcept;
    static bool seal(tls::seam::sealed_parts const& s) noexcept;
    static bool open(tls::seam::sealed_parts const& s) noexcept;
    static tls::signature::answer verify_signature(tls::signature::checked_query const& q) noexcept;
};

/// Something that signs.
struct signer {
    tls::scheme_set schemes() noexcept;
    tls::result<std::size_t>
    sign(tls::signature_scheme scheme, std::span<std::byte const> digest, std::span<std::byte> into) noexcept;
};

/// The same, of a library that lacks one feature.
template <tls::feature Lacking> struct without : backend {
    template <tls::feature F> static constexpr bool supports = F != Lacking;
};

} // namespace fake

using client = tls::client<fake::backend>;
using session = tls::session<fake::backend, tls::memory_pipe>;
using handshake = tls::handshake<fake::backend, tls::memory_pipe>;
