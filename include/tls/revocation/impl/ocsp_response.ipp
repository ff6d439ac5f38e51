// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/revocation/ocsp_response.hpp>
#include <tls/x509/impl/extensions.hpp>
#include <tls/x509/oid.hpp>
#include <tls/x509/time.hpp>

namespace tls::ocsp {

namespace der = x509::der;

namespace detail {

inline constexpr std::uint8_t enumerated = 0x0a;
inline constexpr auto& basic_response = x509::oid<1, 3, 6, 1, 5, 5, 7, 48, 1, 1>;

[[nodiscard]] constexpr std::int64_t take_time(der::cursor& in) noexcept {
    auto const value = x509::to_unix_time(der::tag::generalized_time, in.at(in.take(der::tag::generalized_time)));
    if (!value) in.fail();
    return value.value_or(0);
}

/// Takes extensions in their explicit field [1], if they come next; true if one is critical. None is read.
[[nodiscard]] constexpr bool take_extensions(der::cursor& in) noexcept {
    if (!in.next_is(der::tag::context_constructed(1))) return false;
    bool any_critical = false;
    auto const field = in.enter(der::tag::context_constructed(1));
    x509::detail::read_extensions(in, [&](der::bytes, bool critical) noexcept {
        any_critical = any_critical || critical;
        in.to_end();
    });
    in.leave(field);
    return any_critical;
}

/// CertID ::= SEQUENCE { hashAlgorithm, issuerNameHash, issuerKeyHash, serialNumber }
constexpr void take_certificate_id(der::cursor& in, single_response& out) noexcept {
    auto const id = in.enter(der::tag::sequence);
    out.hash = x509::algorithms::detail::take_hash(in);
    out.issuer_name_hash = in.at(in.take(der::tag::octet_string));
    out.issuer_key_hash = in.at(in.take(der::tag::octet_string));
    out.serial = in.at(in.take(der::tag::integer));
    if (!der::is_integer(out.serial)) in.fail();
    in.leave(id);
}

/// CertStatus ::= CHOICE { good [0] NULL, revoked [1] SEQUENCE { revocationTime, [0] revocationReason }, unknown [2] }
constexpr void take_status(der::cursor& in, single_response& out) noexcept {
    using der::tag::context_constructed;
    if (in.next_is(context_constructed(1))) {
        out.status = certificate_status::revoked;
        auto const info = in.enter(context_constructed(1));
        out.revoked_at = take_time(in);
        if (!in.at_end()) {
            auto const field = in.enter(context_constructed(0));
            auto const code = der::small_unsigned(in.at(in.take(enumerated)));
            if (!code || *code > 10 || *code == 7) return in.fail();
            out.reason = static_cast<x509::revocation_reason>(*code);
            in.leave(field);
        }
        in.leave(info);
        return;
    }
    bool const is_good = in.next_is(der::tag::context(0));
    out.status = is_good ? certificate_status::good : certificate_status::unknown;
    if (in.take(der::tag::context(is_good ? 0 : 2)).size != 0) in.fail();
}

/// SingleResponse ::= SEQUENCE { certID, certStatus, thisUpdate, [0] nextUpdate OPTIONAL, [1] singleExtensions }
///
/// True if it has an extension that must be understood.
constexpr bool take_single(der::cursor& in, single_response& out) noexcept {
    auto const outer = in.enter(der::tag::sequence);
    take_certificate_id(in, out);
    take_status(in, out);
    out.this_update = take_time(in);
    if (in.next_is(der::tag::context_constructed(0))) {
        auto const field = in.enter(der::tag::context_constructed(0));
        out.next_update = take_time(in);
        in.leave(field);
    }
    bool const critical = take_extensions(in);
    in.leave(outer);
    return critical;
}

} // namespace detail

/// Goes through a response once, front to back, and fills a view.
class response_reader {
public:
    response_reader(std::span<std::byte const> der, response_view& out) noexcept : in_(der), out_(out) {
        out_.der_ = der.data();
        out_.size_ = der.size();
    }

    // OCSPResponse ::= SEQUENCE { responseStatus ENUMERATED, [0] ResponseBytes OPTIONAL }
    [[nodiscard]] bool read() noexcept {
        auto const outer = in_.enter(der::tag::sequence);
        auto const status = der::small_unsigned(in_.at(in_.take(detail::enumerated)));
        if (!status || *status > 6 || *status == 4) return false;
        out_.status_ = static_cast<response_status>(*status);
        if (in_.next_is(der::tag::context_constructed(0))) {
            auto const field = in_.enter(der::tag::context_constructed(0));
            response_bytes();
            in_.leave(field);
        } else if (out_.status_ == response_status::successful) {
            return false;
        }
        in_.leave(outer);
        return !in_.failed() && in_.at_end();
    }

private:
    // ResponseBytes ::= SEQUENCE { responseType OBJECT IDENTIFIER, response OCTET STRING }
    void response_bytes() noexcept {
        auto const outer = in_.enter(der::tag::sequence);
        bool const is_basic = x509::is_oid(in_.at(in_.take(der::tag::oid)), detail::basic_response);
        auto const content = in_.enter(der::tag::octet_string);
        if (is_basic)
            basic();
        else
            note("a response that is not a basic one");
        if (!is_basic) in_.to_end();
        in_.leave(content);
        in_.leave(outer);
    }

    // BasicOCSPResponse ::= SEQUENCE { tbsResponseData, signatureAlgorithm, signature, [0] certs OPTIONAL }
    void basic() noexcept {
        auto const outer = in_.enter(der::tag::sequence);
        data();
        (void)x509::detail::take_signature_algorithm(in_, out_.signature_algorithm_);
        out_.signature_ = x509::detail::take_whole_octets(in_);
        if (in_.next_is(der::tag::context_constructed(0))) {
            auto const field = in_.enter(der::tag::context_constructed(0));
            auto const list = in_.enter(der::tag::sequence);
            auto const begin = in_.position();
            while (!in_.at_end()) (void)in_.take(der::tag::sequence);
            out_.certificates_ = in_.since(begin);
            in_.leave(list);
            in_.leave(field);
        }
        in_.leave(outer);
    }

    // ResponseData ::= SEQUENCE { [0] version DEFAULT v1, responderID, producedAt, responses, [1] responseExtensions }
    // ResponderID ::= CHOICE { [1] byName Name, [2] byKey OCTET STRING }
    void data() noexcept {
        using der::tag::context_constructed;
        auto const begin = in_.position();
        auto const outer = in_.enter(der::tag::sequence);
        if (in_.next_is(context_constructed(0))) {
            auto const field = in_.enter(context_constructed(0));
            if (der::small_unsigned(in_.at(in_.take(der::tag::integer))) != 0U) in_.fail();
            in_.leave(field);
        }
        bool const by_name = in_.next_is(context_constructed(1));
        auto const responder = in_.enter(context_constructed(by_name ? 1 : 2));
        if (by_name)
            out_.responder_name_ = in_.take_whole(der::tag::sequence);
        else
            out_.responder_key_ = in_.take(der::tag::octet_string);
        in_.leave(responder);
        out_.produced_at_ = detail::take_time(in_);
        responses();
        if (detail::take_extensions(in_)) note("an unknown critical extension");
        in_.leave(outer);
        out_.tbs_ = in_.since(begin);
    }

    void responses() noexcept {
        auto const list = in_.enter(der::tag::sequence);
        auto const begin = in_.position();
        while (!in_.at_end()) {
            single_response one;
            if (detail::take_single(in_, one)) note("an unknown critical extension");
            ++out_.count_;
        }
        out_.responses_ = in_.since(begin);
        in_.leave(list);
    }

    void note(std::string_view unknown) noexcept {
        if (out_.not_understood_.empty()) out_.not_understood_ = unknown;
    }

    der::cursor in_;
    response_view& out_;
};

TWINTLS_DECL std::optional<response_view> response_view::parse(std::span<std::byte const> der) noexcept {
    std::optional<response_view> read = response_view();
    if (!response_reader(der, *read).read()) read.reset();
    return read;
}

TWINTLS_DECL std::optional<x509::pss_parameters> response_view::pss() const noexcept {
    return x509::detail::pss_at({der_ + tbs_.at + tbs_.size, size_ - tbs_.at - tbs_.size});
}

TWINTLS_DECL single_response read_single_response(std::span<std::byte const> responses) noexcept {
    der::cursor in(responses);
    single_response one;
    (void)detail::take_single(in, one);
    return one;
}

} // namespace tls::ocsp
