// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/core/bytes.hpp>
#include <tls/core/text_writer.hpp>
#include <tls/credentials/impl/pkcs11_interface.hpp>
#include <tls/credentials/pkcs11.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <dlfcn.h>
#include <mutex>
#include <optional>
#include <type_traits>
#include <unistd.h>

namespace tls {

/// An open session with a key. Closed with the last owner; the module stays.
struct pkcs11_signer::session {
    session() noexcept = default;
    session(session const&) = delete;
    session& operator=(session const&) = delete;
    ~session() {
        if (is_open) (void)calls->close_session(handle);
    }

    detail::pkcs11::functions* calls = nullptr;
    detail::pkcs11::word slot = 0;
    detail::pkcs11::word handle = 0;
    detail::pkcs11::word key = 0;
    bool is_open = false;
    scheme_set schemes;
    short_text token; // its label
    std::mutex turn;  // a session signs one thing after the other
};

namespace detail::pkcs11 {

/// An error that names what it is about and what the module said.
[[nodiscard]] inline std::unexpected<error>
failed(errc code, std::string_view what, std::string_view which, answer said = ok) noexcept {
    std::array<char, short_text::capacity> text;
    text_writer out(text);
    // The end of a long name tells more, and there must be room for the rest.
    constexpr std::size_t longest = 32;
    out << what << which.substr(which.size() - std::min(which.size(), longest));
    if (said != ok) {
        out << ", ";
        if (auto const known = name(said); !known.empty())
            out << known;
        else
            out << "code " << static_cast<long long>(said);
    }
    return std::unexpected(configuration_error(said == host_memory ? errc::out_of_memory : code, out.view()));
}

/// True if the module has every function that is called.
[[nodiscard]] inline bool is_complete(functions const& f) noexcept {
    return f.initialize != nullptr && f.get_slot_list != nullptr && f.get_token_info != nullptr &&
           f.get_mechanism_info != nullptr && f.open_session != nullptr && f.close_session != nullptr &&
           f.login != nullptr && f.get_attribute_value != nullptr && f.find_objects_init != nullptr &&
           f.find_objects != nullptr && f.find_objects_final != nullptr && f.sign_init != nullptr && f.sign != nullptr;
}

/// Fields of the token are filled up with blanks.
template <std::size_t Size> [[nodiscard]] std::string_view text_of(std::array<char, Size> const& field) noexcept {
    std::string_view const all(field.data(), Size);
    auto const last = all.find_last_not_of(std::string_view(" \0", 2));
    return all.substr(0, last == all.npos ? 0 : last + 1);
}

[[nodiscard]] inline result<functions*> load(std::string_view path) noexcept {
    seam::array<char> name;
    if (!name.append(std::span(path)) || !name.push_back('\0')) return failed(errc::out_of_memory, "", path);
    if (path.empty()) return failed(errc::empty_input, "PKCS#11 module", "");
    if (::access(name.data(), F_OK) != 0 && errno == ENOENT)
        return std::unexpected(configuration_error(errc::file_not_found, path, ENOENT));
    void* const module = ::dlopen(name.data(), RTLD_NOW | RTLD_LOCAL);
    if (module == nullptr) return failed(errc::unsupported, "loading ", path);
    void* const symbol = ::dlsym(module, "C_GetFunctionList");
    functions* calls = nullptr;
    get_function_list list = nullptr;
    static_assert(sizeof list == sizeof symbol);
    std::memcpy(&list, &symbol, sizeof list);
    if (list == nullptr || list(&calls) != ok || calls == nullptr || !is_complete(*calls)) {
        (void)::dlclose(module); // it was not initialised
        return failed(errc::unsupported, "no PKCS#11 module: ", path);
    }
    initialize_arguments arguments{.mutexes = {}, .flags = initialize_os_locking, .reserved = nullptr};
    answer const said = calls->initialize(&arguments);
    if (said != ok && said != already_initialized) return failed(errc::internal, "", path, said);
    return calls;
}

struct found_token {
    word slot = 0;
    token_info info{};
};

[[nodiscard]] inline result<found_token> find_token(functions& calls, pkcs11_key const& which) noexcept {
    std::string_view const wanted = which.token_label.empty() ? which.token_serial : which.token_label;
    constexpr unsigned char with_token = 1;
    seam::array<word> slots;
    word count = 0;
    answer said = calls.get_slot_list(with_token, nullptr, &count);
    if (said == ok && !slots.resize(count)) return failed(errc::out_of_memory, "token ", wanted);
    if (said == ok && count != 0) said = calls.get_slot_list(with_token, slots.data(), &count);
    if (said != ok) return failed(errc::no_token, "token ", wanted, said);
    std::optional<found_token> found;
    for (std::size_t i = 0; i != std::min<std::size_t>(count, slots.size()); ++i) {
        found_token one{.slot = slots[i]};
        if (calls.get_token_info(one.slot, &one.info) != ok || (one.info.flags & token_initialized) == 0) continue;
        if (!which.token_label.empty() && text_of(one.info.label) != which.token_label) continue;
        if (!which.token_serial.empty() && text_of(one.info.serial) != which.token_serial) continue;
        if (found) return failed(errc::no_token, wanted.empty() ? "several tokens" : "several tokens called ", wanted);
        found = one;
    }
    if (!found) return failed(errc::no_token, wanted.empty() ? "no token at all" : "token ", wanted);
    return *found;
}

[[nodiscard]] inline errc meaning_of_login(answer said) noexcept {
    switch (said) {
    case pin_incorrect:
    case pin_invalid:
    case pin_length:
    case pin_expired:
    case pin_locked:
    case not_logged_in:
    case pin_not_set: return errc::wrong_password;
    default: return errc::internal;
    }
}

[[nodiscard]] inline result<void>
log_in(functions& calls, word session, token_info const& token, std::string_view pin) noexcept {
    if ((token.flags & token_login_required) == 0) return {};
    bool const keypad = pin.empty() && (token.flags & token_own_keypad) != 0;
    if (pin.empty() && !keypad) return failed(errc::password_required, "token ", text_of(token.label));
    auto const* const bytes = keypad ? nullptr : as_uchar(std::as_bytes(std::span(pin)));
    answer const said = calls.login(session, user, bytes, pin.size());
    if (said == ok || said == already_logged_in) return {};
    return failed(meaning_of_login(said), "token ", text_of(token.label), said);
}

[[nodiscard]] inline result<word>
find_key(functions& calls, word session, std::string_view token, pkcs11_key const& which) noexcept {
    word kind = object_private_key;
    std::array<attribute, 3> wanted{};
    word count = 0;
    wanted[count++] = {attribute_class, &kind, sizeof kind};
    // The interface has no `const`.
    auto const add = [&](word type, void const* value, std::size_t size) noexcept {
        if (size != 0)
            wanted[count++] = {type, const_cast<void*>(value), size}; // NOLINT(cppcoreguidelines-pro-type-const-cast)
    };
    add(attribute_label, which.key_label.data(), which.key_label.size());
    add(attribute_id, which.key_id.data(), which.key_id.size());
    std::array<word, 2> keys{};
    word found = 0;
    answer said = calls.find_objects_init(session, wanted.data(), count);
    if (said == ok) {
        said = calls.find_objects(session, keys.data(), keys.size(), &found);
        (void)calls.find_objects_final(session);
    }
    if (said != ok) return failed(errc::internal, "token ", token, said);
    if (found == 0) {
        if (which.key_label.empty()) return failed(errc::no_private_key, "token ", token);
        return failed(errc::no_private_key, "key ", which.key_label);
    }
    if (found > 1) return failed(errc::bad_configuration, "several keys fit in token ", token);
    return keys[0];
}

/// The schemes of a key, as far as the token has mechanisms for them.
[[nodiscard]] inline result<scheme_set>
schemes_of(functions& calls, word slot, word session, word key, std::string_view token) noexcept {
    word kind = 0;
    attribute asked{attribute_key_type, &kind, sizeof kind};
    if (answer const said = calls.get_attribute_value(session, key, &asked, 1); said != ok)
        return failed(errc::internal, "token ", token, said);
    if (asked.size != sizeof kind) return failed(errc::internal, "no type of the key in token ", token);
    auto const signs = [&](word type) noexcept {
        mechanism_info info{};
        return calls.get_mechanism_info(slot, type, &info) == ok && (info.flags & mechanism_signs) != 0;
    };
    using enum signature_scheme;
    scheme_set schemes;
    if (kind == key_ec && signs(mechanism_ecdsa))
        schemes = {ecdsa_secp256r1_sha256, ecdsa_secp384r1_sha384, ecdsa_secp521r1_sha512};
    if (kind == key_rsa && signs(mechanism_rsa_pss))
        schemes = {rsa_pss_rsae_sha256, rsa_pss_rsae_sha384, rsa_pss_rsae_sha512};
    if (kind == key_rsa && signs(mechanism_rsa_pkcs))
        for (auto const s : {rsa_pkcs1_sha256, rsa_pkcs1_sha384, rsa_pkcs1_sha512}) schemes.add(s);
    if (schemes.empty()) return failed(errc::unsupported, "a key of this kind in token ", token);
    return schemes;
}

/// What stands before a digest in the DigestInfo of its hash (RFC 8017 section 9.2, note 1).
[[nodiscard]] constexpr std::array<std::byte, 19> digest_info(std::size_t digest) noexcept {
    auto const size = static_cast<unsigned char>(digest);
    auto const hash = static_cast<unsigned char>(digest == 32 ? 1 : digest == 48 ? 2 : 3);
    unsigned char const octets[19] = {0x30, static_cast<unsigned char>(size + 17),
                                      0x30, 0x0d,
                                      0x06, 0x09,
                                      0x60, 0x86,
                                      0x48, 0x01,
                                      0x65, 0x03,
                                      0x04, 0x02,
                                      hash, 0x05,
                                      0x00, 0x04,
                                      size};
    std::array<std::byte, 19> out{};
    std::ranges::transform(octets, out.begin(), [](unsigned char o) { return static_cast<std::byte>(o); });
    return out;
}

[[nodiscard]] constexpr pss_parameters pss_of(std::size_t digest) noexcept {
    switch (digest) {
    case 32: return {hash_sha256, mask_sha256, 32};
    case 48: return {hash_sha384, mask_sha384, 48};
    default: return {hash_sha512, mask_sha512, 64};
    }
}

/// One number of an ECDSA signature as an INTEGER in DER.
[[nodiscard]] inline std::size_t put_integer(std::span<std::byte const> value, std::span<std::byte> out) noexcept {
    auto const digits =
        std::span(std::ranges::find_if(value, [](std::byte b) { return b != std::byte{0}; }), value.end());
    bool const is_high = !digits.empty() && (digits[0] & std::byte{0x80}) != std::byte{0};
    std::size_t const size = digits.size() + (is_high || digits.empty() ? 1 : 0);
    if (2 + size > out.size()) return 0;
    out[0] = std::byte{0x02};
    out[1] = static_cast<std::byte>(size);
    out[2] = std::byte{0};
    std::ranges::copy(digits, out.subspan(2 + size - digits.size()).begin());
    return 2 + size;
}

/// PKCS#11 gives both numbers one after the other, TLS wants them in DER. 0 if there is no room.
[[nodiscard]] inline std::size_t put_ecdsa(std::span<std::byte const> raw, std::span<std::byte> out) noexcept {
    std::array<std::byte, 2 * (2 + 67)> numbers; // of P-521
    std::size_t const half = raw.size() / 2;
    std::size_t const first = put_integer(raw.first(half), numbers);
    std::size_t const second = first != 0 ? put_integer(raw.subspan(half), std::span(numbers).subspan(first)) : 0;
    std::size_t const size = first + second;
    std::size_t const header = size < 0x80 ? 2 : 3;
    if (second == 0 || header + size > out.size()) return 0;
    out[0] = std::byte{0x30};
    out[1] = std::byte{0x81};
    out[header - 1] = static_cast<std::byte>(size);
    std::ranges::copy(std::span(numbers).first(size), out.subspan(header).begin());
    return header + size;
}

} // namespace detail::pkcs11

TWINTLS_DECL result<pkcs11_signer> pkcs11_signer::open(pkcs11_key const& which) noexcept {
    using namespace detail::pkcs11;
    auto const calls = load(which.module);
    if (!calls) return std::unexpected(calls.error());
    auto const token = find_token(**calls, which);
    if (!token) return std::unexpected(token.error());
    auto opened = seam::shared<session>::make();
    if (!opened) return std::unexpected(configuration_error(errc::out_of_memory));
    session& s = *opened;
    s.calls = *calls;
    s.slot = token->slot;
    s.token = text_of(token->info.label);
    answer const said = s.calls->open_session(s.slot, session_serial, nullptr, nullptr, &s.handle);
    if (said != ok) return failed(errc::internal, "token ", s.token.view(), said);
    s.is_open = true;
    if (auto const done = log_in(*s.calls, s.handle, token->info, which.pin); !done)
        return std::unexpected(done.error());
    auto const key = find_key(*s.calls, s.handle, s.token.view(), which);
    if (!key) return std::unexpected(key.error());
    s.key = *key;
    auto const schemes = schemes_of(*s.calls, s.slot, s.handle, s.key, s.token.view());
    if (!schemes) return std::unexpected(schemes.error());
    s.schemes = *schemes;
    return pkcs11_signer(std::move(opened));
}

TWINTLS_DECL scheme_set pkcs11_signer::schemes() const noexcept { return session_ ? session_->schemes : scheme_set(); }

TWINTLS_DECL result<std::size_t>
pkcs11_signer::sign(signature_scheme scheme, std::span<std::byte const> digest, std::span<std::byte> into) noexcept {
    using namespace detail::pkcs11;
    if (!session_) return std::unexpected(configuration_error(errc::spent, "this signer was moved from"));
    session& s = *session_;
    if (!s.schemes.has(scheme)) return std::unexpected(configuration_error(errc::unusable_identity, name(scheme)));
    if (digest.size() != detail::digest_size(scheme))
        return failed(errc::signing_failed, "a digest of another size", "");
    pss_parameters pss = pss_of(digest.size());
    mechanism how{mechanism_ecdsa, nullptr, 0};
    std::array<std::byte, 19 + 64> data{}; // with a DigestInfo
    std::size_t size = 0;
    if (!is_ecdsa(scheme) && is_for_tls_1_3(scheme)) {
        how = {mechanism_rsa_pss, &pss, sizeof pss};
    } else if (!is_ecdsa(scheme)) {
        how.type = mechanism_rsa_pkcs;
        size = digest_info(digest.size()).size();
        std::ranges::copy(digest_info(digest.size()), data.begin());
    }
    std::ranges::copy(digest, data.begin() + static_cast<std::ptrdiff_t>(size));
    size += digest.size();

    std::array<std::byte, 1024> made{}; // of RSA with 8192 bits
    word length = made.size();
    {
        std::scoped_lock const lock(s.turn);
        answer said = s.calls->sign_init(s.handle, &how, s.key);
        if (said == ok) said = s.calls->sign(s.handle, detail::as_uchar(data), size, detail::as_uchar(made), &length);
        if (said != ok) return failed(errc::signing_failed, "token ", s.token.view(), said);
    }
    auto const signature = std::span<std::byte const>(made).first(std::min<std::size_t>(length, made.size()));
    if (is_ecdsa(scheme)) return put_ecdsa(signature, into);
    if (signature.size() > into.size()) return failed(errc::signing_failed, "token ", s.token.view());
    std::ranges::copy(signature, into.begin());
    return signature.size();
}

static_assert(signer<pkcs11_signer>);

} // namespace tls
