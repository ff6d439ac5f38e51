// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/record/certificate_request.hpp>
#include <tls/x509/short_name.hpp>

#include <algorithm>
#include <cstring>
#include <string_view>

namespace tls::detail {
namespace request_wire {

inline constexpr std::uint16_t signature_algorithms = 13;
inline constexpr std::uint16_t certificate_authorities = 47;
inline constexpr std::byte rsa_sign{1}; // RFC 5246 section 7.4.4
inline constexpr std::byte ecdsa_sign{64};

} // namespace request_wire

TWINTLS_DECL void certificate_request_reader::begin(protocol_version version, issuers_by_identity ours) noexcept {
    accepted_ = {};
    named_ = 0;
    ours_ = ours.first(std::min(ours.size(), max_identities));
    tls13_ = version == protocol_version::tls_1_3;
    schemes_seen_ = authorities_seen_ = false;
    have_ = 0;
    value_ = 0;
    at_ = tls13_                                 ? field::context_length
          : version == protocol_version::tls_1_2 ? field::types_length
                                                 : field::malformed;
}

TWINTLS_DECL void certificate_request_reader::feed(std::span<std::byte const> bytes) noexcept {
    while (!bytes.empty() && at_ != field::malformed) {
        if (at_ == field::done) {
            at_ = field::malformed;
        } else if (at_ >= field::types) {
            auto const n = static_cast<std::uint32_t>(std::min<std::size_t>(run_left_, bytes.size()));
            if (at_ == field::name) name_part(bytes.first(n));
            if (at_ == field::types) key_types(bytes.first(n));
            bytes = bytes.subspan(n);
            run_left_ -= n;
            if (run_left_ == 0) run_ends();
        } else {
            value_ = (value_ << 8) | std::to_integer<std::uint32_t>(bytes.front());
            bytes = bytes.subspan(1);
            bool const one_octet = at_ == field::types_length || at_ == field::context_length;
            if (++have_ < (one_octet ? 1 : 2)) continue;
            std::uint32_t const complete = value_;
            have_ = 0;
            value_ = 0;
            number(complete);
        }
    }
}

TWINTLS_DECL void certificate_request_reader::number(std::uint32_t value) noexcept {
    switch (at_) {
    case field::types_length: return value == 0 ? void(at_ = field::malformed) : run(field::types, value);
    case field::context_length: return run(field::context, value);
    case field::extensions_length: return extensions(value);
    case field::extension_type:
        extension_type_ = static_cast<std::uint16_t>(value);
        at_ = field::extension_length;
        return;
    case field::extension_length: return extension_begins(value);
    case field::schemes_length:
        if (value == 0 || value % 2 != 0) return void(at_ = field::malformed);
        return list(field::scheme, value);
    case field::scheme: return scheme(value);
    case field::authorities_length: return list(field::name_length, value);
    case field::name_length: return name_begins(value);
    default: return;
    }
}

TWINTLS_DECL void certificate_request_reader::run(field what, std::uint32_t size) noexcept {
    at_ = what;
    run_left_ = size;
    if (size == 0) run_ends();
}

TWINTLS_DECL void certificate_request_reader::run_ends() noexcept {
    switch (at_) {
    case field::types: at_ = field::schemes_length; return;
    case field::context: at_ = field::extensions_length; return;
    case field::extension: return extensions(extensions_left_);
    case field::name: return name_ends();
    default: return;
    }
}

TWINTLS_DECL void certificate_request_reader::extensions(std::uint32_t left) noexcept {
    extensions_left_ = left;
    // RFC 8446 section 4.3.2: signature_algorithms is mandatory.
    if (left == 0)
        at_ = schemes_seen_ ? field::done : field::malformed;
    else
        at_ = left < 4 ? field::malformed : field::extension_type;
}

TWINTLS_DECL void certificate_request_reader::extension_begins(std::uint32_t size) noexcept {
    if (size > extensions_left_ - 4) return void(at_ = field::malformed);
    extensions_left_ -= 4 + size;
    extension_size_ = size;
    bool const schemes = extension_type_ == request_wire::signature_algorithms;
    bool const authorities = extension_type_ == request_wire::certificate_authorities;
    if (!schemes && !authorities) return run(field::extension, size);
    bool& seen = schemes ? schemes_seen_ : authorities_seen_;
    if (seen || size <= 2) return void(at_ = field::malformed);
    seen = true;
    at_ = schemes ? field::schemes_length : field::authorities_length;
}

TWINTLS_DECL void certificate_request_reader::key_types(std::span<std::byte const> part) noexcept {
    for (std::byte const type : part) {
        if (type == request_wire::rsa_sign) accepted_.key_types |= accepted_credentials::wants_rsa;
        if (type == request_wire::ecdsa_sign) accepted_.key_types |= accepted_credentials::wants_ecdsa;
    }
}

TWINTLS_DECL void certificate_request_reader::list(field first, std::uint32_t size) noexcept {
    if (tls13_ && size != extension_size_ - 2) return void(at_ = field::malformed);
    bool const is_names = first == field::name_length;
    list_left_ = size;
    at_ = first;
    if (size == 0)
        list_ends();
    else if (is_names && size < 3)
        at_ = field::malformed;
}

TWINTLS_DECL void certificate_request_reader::list_ends() noexcept {
    if (tls13_) return extensions(extensions_left_);
    at_ = at_ == field::scheme ? field::authorities_length : field::done;
}

TWINTLS_DECL void certificate_request_reader::scheme(std::uint32_t value) noexcept {
    if (accepted_.scheme_count < accepted_.schemes.size())
        accepted_.schemes[accepted_.scheme_count] = static_cast<signature_scheme>(value);
    if (accepted_.scheme_count < UINT8_MAX) ++accepted_.scheme_count;
    accepted_.known.add(static_cast<signature_scheme>(value));
    list_left_ -= 2;
    if (list_left_ == 0) list_ends();
}

TWINTLS_DECL void certificate_request_reader::name_begins(std::uint32_t size) noexcept {
    if (size == 0 || size > list_left_ - 2) return void(at_ = field::malformed);
    list_left_ -= 2 + size;
    name_size_ = size;
    name_at_ = 0;
    alive_ = 0;
    for_each_issuer([&](std::uint64_t bit, std::span<std::byte const> issuer) noexcept {
        if (issuer.size() == size) alive_ |= bit;
    });
    run(field::name, size);
}

TWINTLS_DECL void certificate_request_reader::name_part(std::span<std::byte const> part) noexcept {
    for_each_issuer([&](std::uint64_t bit, std::span<std::byte const> issuer) noexcept {
        if ((alive_ & bit) != 0 && !std::ranges::equal(issuer.subspan(name_at_, part.size()), part)) alive_ &= ~bit;
    });
    if (accepted_.issuer_count == 0 && name_size_ <= first_name_.size())
        std::memcpy(first_name_.data() + name_at_, part.data(), part.size());
    name_at_ += static_cast<std::uint32_t>(part.size());
}

TWINTLS_DECL void certificate_request_reader::name_ends() noexcept {
    for (std::size_t i = 0; i != max_identities; ++i)
        if ((alive_ >> (max_issuers * i) & 0xffU) != 0) named_ = static_cast<std::uint8_t>(named_ | (1U << i));
    accepted_.names_our_issuer = named_ != 0;
    if (accepted_.issuer_count == 0 && name_size_ <= first_name_.size())
        accepted_.first_issuer = x509::short_name(std::span(first_name_).first(name_size_));
    ++accepted_.issuer_count; // a list has room for 21845
    if (list_left_ == 0)
        list_ends();
    else
        at_ = list_left_ < 3 ? field::malformed : field::name_length;
}

} // namespace tls::detail
