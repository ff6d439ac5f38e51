// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/core/acceptance.hpp>
#include <tls/core/alert.hpp>
#include <tls/core/errc.hpp>
#include <tls/core/fact.hpp>
#include <tls/core/input_format.hpp>
#include <tls/core/protocol.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <iosfwd>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>

namespace tls {

/// What was going on when something failed.
enum class phase : std::uint8_t { configuring, connecting, handshake, reading, writing, closing };

/// "configuring", "connecting", "handshake", "reading", "writing" or "closing".
[[nodiscard]] constexpr std::string_view name(phase p) noexcept {
    switch (p) {
    case phase::configuring: return "configuring";
    case phase::connecting: return "connecting";
    case phase::handshake: return "handshake";
    case phase::reading: return "reading";
    case phase::writing: return "writing";
    case phase::closing: return "closing";
    }
    return "unknown phase";
}

/// A set of verification failures; `error::code` is the one that counts, the set has them all.
class problem_set {
public:
    constexpr problem_set() noexcept = default;

    /// Adds a failure; only the codes that are about the server's certificate count.
    constexpr void add(errc code) noexcept { bits_ |= bit(code); }
    /// True if the failure is in the set.
    [[nodiscard]] constexpr bool has(errc code) const noexcept { return (bits_ & bit(code)) != 0; }
    /// True if nothing failed.
    [[nodiscard]] constexpr bool empty() const noexcept { return bits_ == 0; }
    friend constexpr bool operator==(problem_set, problem_set) noexcept = default;

private:
    /// 0 for a code that does not count.
    static constexpr std::uint32_t bit(errc code) noexcept {
        std::uint8_t const at = detail::errc_bits[detail::row_of(code)];
        return at == detail::no_bit ? 0 : std::uint32_t{1} << at;
    }
    static_assert(std::ranges::count(detail::errc_bits, detail::no_bit) + 32 >= std::ssize(detail::errc_bits));
    std::uint32_t bits_ = 0;
};

/// A short text inside an error: what the failure is about, for example a file name.
///
/// Holds up to 63 bytes without allocating; of a longer text the end is kept, after "...", because the end of a path
/// names the file. Bytes that do not print are replaced by '?'.
class short_text {
public:
    constexpr short_text() noexcept = default;
    constexpr short_text(std::string_view text) noexcept { // NOLINT(google-explicit-constructor)
        constexpr std::string_view dots = "...";
        std::size_t at = 0;
        if (text.size() > capacity) {
            at = static_cast<std::size_t>(std::ranges::copy(dots, bytes_.begin()).out - bytes_.begin());
            text.remove_prefix(text.size() - (capacity - at));
        }
        for (char const c : text) bytes_[at++] = (c >= ' ' && c <= '~') ? c : '?';
        size_ = static_cast<std::uint8_t>(at);
    }
    /// The text; valid as long as this object.
    [[nodiscard]] constexpr std::string_view view() const noexcept { return {bytes_.data(), size_}; }
    [[nodiscard]] constexpr bool empty() const noexcept { return size_ == 0; }
    friend constexpr bool operator==(short_text const& a, short_text const& b) noexcept { return a.view() == b.view(); }

    /// The longest text, in bytes.
    static constexpr std::size_t capacity = 63;

private:
    std::array<char, capacity> bytes_{};
    std::uint8_t size_ = 0;
};

/// What a server accepts from a client, as its CertificateRequest says (RFC 8446 section 4.3.2, RFC 5246
/// section 7.4.4).
struct accepted_credentials {
    std::array<signature_scheme, 12> schemes{}; ///< the first ones, in the server's order
    std::uint8_t scheme_count = 0;              ///< how many it named; `schemes` may hold fewer
    std::uint8_t key_types = 0;                 ///< TLS 1.2: kinds of keys, of `wants_rsa` and `wants_ecdsa`
    std::uint16_t issuer_count = 0;             ///< how many authorities it named; none means any
    bool names_our_issuer = false;              ///< one of them issued a certificate of our chain
    short_text first_issuer;                    ///< the first authority it named
    scheme_set known;                           ///< all those of `known_schemes` that it named

    static constexpr std::uint8_t wants_rsa = 1;   ///< rsa_sign (RFC 5246 section 7.4.4)
    static constexpr std::uint8_t wants_ecdsa = 2; ///< ecdsa_sign (RFC 8422 section 5.5)

    friend constexpr bool operator==(accepted_credentials const&, accepted_credentials const&) noexcept = default;
};

/// Why one of our identities answers a server's request.
enum class identity_reason : std::uint8_t {
    only_one,           ///< the client has no other
    authority_named,    ///< the first that can sign and whose chain an authority issued that the server names
    any_authority,      ///< the first that can sign; the server names no authority
    no_authority_named, ///< the first that can sign; the server names authorities, and none issued a chain of ours
    other_key_type,     ///< TLS 1.2: the first that can sign; the server asks for no certificate with such a key
    none_can_sign,      ///< the first; none makes a signature that the server accepts, and none is sent
};

/// The reason in words, for example "its authority is one that the server names".
[[nodiscard]] constexpr std::string_view name(identity_reason r) noexcept {
    switch (r) {
    case identity_reason::only_one: return "the only one";
    case identity_reason::authority_named:
        return "the first that can sign and whose chain was issued by an authority that the server names";
    case identity_reason::any_authority: return "the first that can sign; the server names no authority";
    case identity_reason::no_authority_named:
        return "the first that can sign; none was issued by an authority that the server names";
    case identity_reason::other_key_type:
        return "the first that can sign; the server asks for certificates with other kinds of keys";
    case identity_reason::none_can_sign: return "none makes a signature that the server accepts";
    }
    return "unknown";
}

/// Which of our identities answers a server's request.
struct chosen_identity {
    std::uint8_t index = 0; ///< in the order they were given in
    std::uint8_t count = 0; ///< how many the client has
    identity_reason why = identity_reason::only_one;

    friend constexpr bool operator==(chosen_identity const&, chosen_identity const&) noexcept = default;
};

/// What is known about a handshake, each fact with its source.
struct handshake_facts {
    fact<protocol_version> version;
    fact<cipher_suite> suite;
    fact<named_group> group;
    fact<handshake_message> last_received;   ///< the last message of the server that was seen
    fact<bool> client_certificate_requested; ///< the server sent a CertificateRequest
    fact<accepted_credentials> server_accepts;
    fact<chosen_identity> identity;          ///< of ours; unknown without one, and while the server has not asked
    fact<std::uint16_t> certificates_sent;   ///< certificates in our Certificate message; 0 is an empty one
    fact<bool> signature_sent;               ///< our CertificateVerify left
    fact<bool> server_name_sent;             ///< our hello names the server (SNI); an address is never sent
    fact<std::uint16_t> max_fragment_length; ///< the server agreed to it, in bytes; 0: it did not; unknown: not asked
    fact<bool> session_offered; ///< a session was offered for resumption; unknown for a client that never offers one
};

/// The kind of a key of ours, for text.
enum class own_key_kind : std::uint8_t { none, rsa, p256, p384, p521, other };

/// "RSA key", "EC key on P-256" and so on.
[[nodiscard]] constexpr std::string_view name(own_key_kind k) noexcept {
    switch (k) {
    case own_key_kind::none: return "no key";
    case own_key_kind::rsa: return "RSA key";
    case own_key_kind::p256: return "EC key on P-256";
    case own_key_kind::p384: return "EC key on P-384";
    case own_key_kind::p521: return "EC key on P-521";
    case own_key_kind::other: return "a key of another kind";
    }
    return "unknown key";
}

/// What the client that failed was configured with, as far as it explains failures.
struct client_summary {
    bool known = false; ///< false: the error did not come from a connection
    bool has_identity = false;
    bool accepts_any_server = false;
    bool has_psk = false;                ///< a pre-shared key, and no certificates on either side
    bool key_is_rsa = false;             ///< of our own certificate
    bool may_authenticate = true;        ///< our own certificate is not kept from clients' use by extendedKeyUsage
    bool key_group_offered = true;       ///< false: the EC key of our own certificate is on a curve we do not offer
    signature_scheme key_scheme{};       ///< for our EC key, the one scheme of TLS 1.3 (RFC 8446 section 4.2.3); or 0
    bool chain_ends_self_signed = false; ///< the last certificate of our chain is its own issuer
    std::uint8_t chain_size = 0;         ///< certificates in our chain
    scheme_set signer_schemes;           ///< what a signer that has our key makes; empty if the key is here
    std::array<own_key_kind, 8> keys{};  ///< of all our identities, if there are several: the above is about the chosen
    std::optional<bool> offers_alpn;     ///< application protocols; unknown for an error that no connection made
    protocol_version lowest_version = protocol_version::tls_1_2;
    protocol_version highest_version = protocol_version::tls_1_3;
    suite_set suites;
    group_set groups;
    scheme_set schemes;
};

/// How a certificate that is not for the expected name nearly is.
enum class near_match : std::uint8_t {
    none,
    address_as_dns_name, ///< it has the expected address, as a name of type DNS instead of IP address
    common_name,         ///< its common name is the expected name, which does not count (RFC 9525 section 2)
    wildcard,            ///< a wildcard of it would have to stand for more or less than one whole label
};

/// One certificate that an error is about.
struct certificate_summary {
    std::int64_t not_before = 0; ///< seconds since 1970-01-01 UTC; both are 0 if not known
    std::int64_t not_after = 0;
    short_text names; ///< the subject alternative names of a leaf, or the subject
    short_text issuer;
    bool names_are_subject = false;       ///< `names` is the subject: there is no DNS name or address to show
    near_match nearly = near_match::none; ///< to the name expected of the server

    [[nodiscard]] constexpr bool known() const noexcept { return not_before != 0 || not_after != 0; }
};

/// Why an operation failed: one code, and everything known about the circumstances.
///
/// Trivially copyable, under 512 bytes; never allocates; safe to copy between threads.
struct error {
    errc code = errc::ok;
    tls::phase phase = tls::phase::configuring;
    std::optional<alert> received;     ///< the fatal alert the peer sent
    std::optional<alert> sent;         ///< the fatal alert we sent, where it is known
    std::int32_t native = 0;           ///< the C library's code, verbatim; 0 if the library had no part in it
    char const* native_name = nullptr; ///< the library's own name of that code, or nullptr if twintls does not know it
    std::int32_t system = 0;           ///< errno of the transport or file; 0 if none
    char const* backend = nullptr;     ///< the backend's name, or nullptr if no backend had a part in it
    std::uint64_t transferred = 0;     ///< bytes a write_all had taken before it failed
    problem_set problems;              ///< every verification failure that was found
    std::uint8_t problem_depth = 0;    ///< which certificate of the path `code` is about: 0 is the leaf
    input_format format{};             ///< what the input is, if the code is wrong_format
    std::uint8_t certificates_received = 0; ///< how many the server sent; 0 if that is not known
    /// Whether the server is known to have accepted our certificate, or that we sent none, before the failure. Under
    /// TLS 1.3 the first data is no proof, because a server may send it before it has judged us: a session ticket is,
    /// and the second answer.
    tls::acceptance acceptance = tls::acceptance::unknown;
    std::uint32_t answers = 0;    ///< how often application data came after we had sent some
    std::uint64_t bytes_read = 0; ///< application data read before the failure
    handshake_facts handshake;
    client_summary client;
    certificate_summary certificate; ///< the server's certificate we refused, or ours if the server refused it
    std::int64_t clock = 0;          ///< what our clock said, in seconds since 1970-01-01 UTC; 0 if it was not asked
    short_text about;                ///< the input at fault: a file name, a server name, an ALPN name

    /// One sentence that says what `code` means.
    [[nodiscard]] constexpr std::string_view message() const noexcept { return tls::message(code); }

    /// True for the two codes a non-blocking caller waits on.
    [[nodiscard]] constexpr bool would_block() const noexcept {
        return code == errc::want_read || code == errc::want_write;
    }

    friend constexpr bool operator==(error const& e, errc wanted) noexcept { return e.code == wanted; }
};

static_assert(sizeof(error) < 512);
static_assert(std::is_trivially_copyable_v<error>);

// Deleted, so that the compiler's answer is short and shows the comment beside.
template <class Char, class Traits>
std::basic_ostream<Char, Traits>&
operator<<(std::basic_ostream<Char, Traits>&, error const&) = delete; // #include <tls/diagnosis/print.hpp>
template <class Char, class Traits>
std::basic_ostream<Char, Traits>&
operator<<(std::basic_ostream<Char, Traits>&, errc) = delete; // #include <tls/diagnosis/print.hpp>

/// What every fallible function of twintls returns.
template <class T> using result = std::expected<T, error>;

/// An error of the configuration phase.
[[nodiscard]] constexpr error
configuration_error(errc code, std::string_view about = {}, std::int32_t system = 0) noexcept {
    error e;
    e.code = code;
    e.about = about;
    e.system = system;
    return e;
}

/// The category of twintls's codes, for code that speaks std::error_code.
[[nodiscard]] inline std::error_category const& error_category() noexcept {
    class category final : public std::error_category {
    public:
        [[nodiscard]] char const* name() const noexcept override { return "twintls"; }
        [[nodiscard]] std::string message(int value) const override {
            return std::string(tls::message(static_cast<errc>(value)));
        }
        [[nodiscard]] std::error_condition default_error_condition(int value) const noexcept override {
            switch (static_cast<errc>(value)) {
            case errc::timeout: return std::errc::timed_out;
            case errc::connection_refused: return std::errc::connection_refused;
            case errc::want_read:
            case errc::want_write: return std::errc::operation_would_block;
            case errc::out_of_memory: return std::errc::not_enough_memory;
            case errc::file_not_found: return std::errc::no_such_file_or_directory;
            case errc::file_unreadable:
            case errc::file_unwritable: return std::errc::permission_denied;
            case errc::unsupported: return std::errc::not_supported;
            default: return {value, *this};
            }
        }
    };
    static category const instance;
    return instance;
}

/// Makes a std::error_code of a code; found by argument-dependent lookup.
[[nodiscard]] inline std::error_code make_error_code(errc code) noexcept {
    return {static_cast<int>(code), error_category()};
}

/// The category of `fault`: an error code of twintls compares equal to whose fault it is.
[[nodiscard]] inline std::error_category const& fault_category() noexcept {
    class category final : public std::error_category {
    public:
        [[nodiscard]] char const* name() const noexcept override { return "twintls fault"; }
        [[nodiscard]] std::string message(int value) const override {
            return std::string(tls::name(static_cast<fault>(value)));
        }
        [[nodiscard]] bool equivalent(std::error_code const& code, int condition) const noexcept override {
            return code.category() == tls::error_category() &&
                   whose_fault(static_cast<errc>(code.value())) == static_cast<fault>(condition);
        }
    };
    static category const instance;
    return instance;
}

/// Makes a std::error_condition of a fault, so that `code == tls::fault::network` works.
[[nodiscard]] inline std::error_condition make_error_condition(fault f) noexcept {
    return {static_cast<int>(f), fault_category()};
}

} // namespace tls

template <> struct std::is_error_code_enum<tls::errc> : std::true_type {};
template <> struct std::is_error_condition_enum<tls::fault> : std::true_type {};
