// SPDX-License-Identifier: Apache-2.0
// What the types promise, checked by the compiler alone.
#include <tls/client.hpp>
#include <tls/mbedtls.hpp>
#include <tls/transport/descriptor.hpp>
#include <tls/transport/pipe.hpp>
#include <tls/transport/tcp.hpp>
#include <tls/wolfssl.hpp>

#include <concepts>
#include <initializer_list>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>

namespace {

// Moves without throwing and never copies.
template <class T>
concept move_only = std::is_nothrow_move_constructible_v<T> && std::is_nothrow_move_assignable_v<T> &&
                    !std::is_copy_constructible_v<T> && !std::is_copy_assignable_v<T>;

// Errors.
static_assert(std::is_trivially_copyable_v<tls::error>);
static_assert(sizeof(tls::error) <= 512);
static_assert(std::is_error_code_enum_v<tls::errc>);
static_assert(std::is_trivially_copyable_v<tls::short_text> && std::is_trivially_copyable_v<tls::problem_set>);

// Transports.
static_assert(tls::transport<tls::tcp_stream> && move_only<tls::tcp_stream>);
static_assert(tls::transport<tls::memory_pipe> && move_only<tls::memory_pipe>);
static_assert(tls::transport<tls::descriptor_transport> && std::is_trivially_copyable_v<tls::descriptor_transport>);
static_assert(!std::is_convertible_v<int, tls::descriptor_transport> && !std::is_convertible_v<int, tls::tcp_stream>);
struct throwing_transport {
    tls::io_result read_some(std::span<std::byte>);
    tls::io_result write_some(std::span<std::byte const>);
};
static_assert(!tls::transport<throwing_transport> && !tls::transport<int>);

// Credentials are values; a private key is never copied by accident.
static_assert(std::copyable<tls::trust_anchors> && std::copyable<tls::identity>);
static_assert(move_only<tls::x509::secret_bytes> && move_only<tls::x509::private_key_block>);
static_assert(!std::is_default_constructible_v<tls::identity>);

// What can be called when: false where a call would not compile, so that a requires-expression gets a true answer.
template <class T>
concept can_build = requires(T t) { std::move(t).build(); };
template <class T>
concept can_build_in_place = requires(T& t) { t.build(); };
template <class T>
concept can_decide_trust = requires(T t) { std::move(t).trust_system(); };
template <class T>
concept can_accept_any = requires(T t) { std::move(t).insecure_accept_any_server(); };
template <class T>
concept can_take_anchors = requires(T t, tls::trust_anchors a) { std::move(t).trust(a); };
template <class T>
concept can_take_identity = requires(T t, tls::identity i) { std::move(t).identity(i); };
template <class T>
concept can_decline_identity = requires(T t) { std::move(t).no_identity(); };
template <class T>
concept can_offer_alpn = requires(T t, std::initializer_list<std::string_view> p) { std::move(t).alpn(p); };
template <class T>
concept can_connect = requires(T t, tls::server_name n, tls::memory_pipe p) { std::move(t).connect(n, std::move(p)); };
template <class T>
concept can_write = requires(T t, std::span<std::byte const> b) { t.write_all(b); } ||
                    requires(T t, std::span<std::byte const> b) { t.write_some(b); };
template <class T>
concept can_read = requires(T t, std::span<std::byte> b) { t.read_some(b); };

template <class Backend> consteval bool keeps_its_promises() {
    using undecided = tls::builder<Backend>;
    using trusting = tls::builder<Backend, tls::decided{true, false}>;
    using identified = tls::builder<Backend, tls::decided{false, true}>;
    using decided = tls::builder<Backend, tls::decided{true, true}>;
    using client = tls::client<Backend>;
    using engine = tls::engine<Backend>;
    using session = tls::session<Backend, tls::memory_pipe>;
    using handshake = tls::handshake<Backend, tls::memory_pipe>;

    static_assert(tls::backend<Backend> && std::is_empty_v<Backend>);
    static_assert(std::copyable<typename Backend::context> && move_only<typename Backend::engine>);
    static_assert(Backend::template supports<tls::feature::tls_1_3>);

    static_assert(std::same_as<decltype(client::configure()), undecided>);
    static_assert(!can_build<undecided> && !can_build<trusting> && !can_build<identified> && can_build<decided>);
    static_assert(!can_build_in_place<decided>);
    static_assert(can_decide_trust<undecided> && can_accept_any<identified> && can_take_anchors<identified>);
    static_assert(!can_decide_trust<trusting> && !can_accept_any<trusting> && !can_take_anchors<decided>);
    static_assert(can_take_identity<undecided> && can_decline_identity<trusting>);
    static_assert(!can_take_identity<identified> && !can_decline_identity<decided>);
    static_assert(can_offer_alpn<undecided> && can_offer_alpn<trusting> && can_offer_alpn<decided>);
    static_assert(!can_connect<undecided> && !can_connect<decided> && can_connect<client>);

    static_assert(std::copyable<client> && !std::is_default_constructible_v<client>);
    static_assert(!can_take_identity<client> && !can_take_anchors<client> && !can_offer_alpn<client>);
    static_assert(move_only<session> && !std::is_default_constructible_v<session>);
    static_assert(move_only<handshake> && !can_write<handshake> && !can_read<handshake>);
    static_assert(can_write<session> && can_read<session>);
    static_assert(move_only<engine>);
    return true;
}
static_assert(keeps_its_promises<tls::wolfssl>());
static_assert(keeps_its_promises<tls::mbedtls>());

} // namespace
