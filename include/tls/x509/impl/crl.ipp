// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/x509/crl.hpp>
#include <tls/x509/impl/extensions.hpp>
#include <tls/x509/oid.hpp>
#include <tls/x509/time.hpp>

#include <algorithm>

namespace tls::x509 {
namespace detail {

inline constexpr auto& crl_number = oid<2, 5, 29, 20>;
inline constexpr auto& crl_reason = oid<2, 5, 29, 21>;
inline constexpr auto& invalidity_date = oid<2, 5, 29, 24>;
inline constexpr auto& delta_crl_indicator = oid<2, 5, 29, 27>;
inline constexpr auto& issuing_distribution_point = oid<2, 5, 29, 28>;
inline constexpr auto& certificate_issuer = oid<2, 5, 29, 29>;
inline constexpr auto& crl_distribution_points = oid<2, 5, 29, 31>;
inline constexpr auto& authority_key_identifier = oid<2, 5, 29, 35>;

[[nodiscard]] constexpr std::int64_t take_time(der::cursor& in) noexcept {
    auto const tag = in.next_tag();
    auto const value = to_unix_time(tag, in.at(in.take_any()));
    if (!value) in.fail();
    return value.value_or(0);
}

/// revokedCertificates: SEQUENCE { userCertificate INTEGER, revocationDate Time, crlEntryExtensions OPTIONAL }
///
/// Returns what of it is not understood; empty if nothing.
constexpr std::string_view take_crl_entry(der::cursor& in, crl_entry& out) noexcept {
    std::string_view unknown;
    auto const outer = in.enter(der::tag::sequence);
    out.serial = in.at(in.take(der::tag::integer));
    if (!der::is_integer(out.serial)) in.fail();
    out.revoked_at = take_time(in);
    if (!in.at_end()) {
        read_extensions(in, [&](der::bytes id, bool critical) noexcept {
            if (der::equal(id, crl_reason)) {
                constexpr std::uint8_t enumerated = 0x0a;
                auto const code = der::small_unsigned(in.at(in.take(enumerated)));
                if (!code || *code > 10 || *code == 7) return in.fail();
                out.reason = static_cast<revocation_reason>(*code);
            } else {
                in.to_end();
                if (der::equal(id, certificate_issuer))
                    unknown = "an indirect list";
                else if (critical && !der::equal(id, invalidity_date) && unknown.empty())
                    unknown = "an entry with an unknown critical extension";
            }
        });
    }
    in.leave(outer);
    return unknown;
}

/// DistributionPointName ::= CHOICE { [0] fullName GeneralNames, [1] nameRelativeToCRLIssuer }, in its explicit [0].
/// The names; nullopt if it is a relative name.
[[nodiscard]] constexpr std::optional<der::extent> take_point_name(der::cursor& in) noexcept {
    using der::tag::context_constructed;
    auto const field = in.enter(context_constructed(0));
    std::optional<der::extent> names;
    if (in.next_is(context_constructed(0))) {
        names = in.take(context_constructed(0));
        if (!general_names(in.at(*names)).is_well_formed()) in.fail();
    } else {
        static_cast<void>(in.take(context_constructed(1)));
    }
    in.leave(field);
    return names;
}

} // namespace detail

/// Goes through a list once, front to back, and fills a view.
class crl_reader {
public:
    crl_reader(std::span<std::byte const> der, crl_view& out) noexcept : in_(der), out_(out) {
        out_.der_ = der.data();
        out_.size_ = static_cast<std::uint32_t>(der.size());
    }

    // CertificateList ::= SEQUENCE { tbsCertList, signatureAlgorithm, signatureValue }
    [[nodiscard]] bool read() noexcept {
        auto const outer = in_.enter(der::tag::sequence);
        auto const algorithm = tbs();
        auto const copy = in_.take_whole(der::tag::sequence);
        if (!der::equal(in_.at(copy), in_.at(algorithm))) return false;
        out_.signature_ = detail::take_whole_octets(in_);
        in_.leave(outer);
        return !in_.failed() && in_.at_end();
    }

private:
    // TBSCertList ::= SEQUENCE { version OPTIONAL, signature, issuer, thisUpdate, nextUpdate OPTIONAL,
    //     revokedCertificates OPTIONAL, [0] crlExtensions OPTIONAL }
    der::extent tbs() noexcept {
        auto const begin = in_.position();
        auto const outer = in_.enter(der::tag::sequence);
        bool second = false;
        if (in_.next_is(der::tag::integer)) {
            second = der::small_unsigned(in_.at(in_.take(der::tag::integer))) == 1U;
            if (!second) in_.fail();
        }
        auto const algorithm = detail::take_signature_algorithm(in_, out_.signature_algorithm_);
        out_.issuer_ = in_.take_whole(der::tag::sequence);
        out_.this_update_ = detail::take_time(in_);
        if (in_.next_is(der::tag::utc_time) || in_.next_is(der::tag::generalized_time)) {
            out_.next_update_ = detail::take_time(in_);
            out_.has_next_update_ = true;
        }
        if (in_.next_is(der::tag::sequence)) entries();
        if (in_.next_is(der::tag::context_constructed(0))) {
            if (!second) in_.fail();
            auto const field = in_.enter(der::tag::context_constructed(0));
            detail::read_extensions(in_, [this](der::bytes id, bool critical) noexcept { extension(id, critical); });
            in_.leave(field);
        }
        in_.leave(outer);
        out_.tbs_ = in_.since(begin);
        return algorithm;
    }

    void entries() noexcept {
        auto const list = in_.enter(der::tag::sequence);
        auto const begin = in_.position();
        crl_entry entry;
        while (!in_.at_end()) {
            note(detail::take_crl_entry(in_, entry));
            ++out_.entries_;
        }
        out_.list_ = in_.since(begin);
        in_.leave(list);
    }

    void note(std::string_view unknown) noexcept {
        if (out_.not_understood_.empty()) out_.not_understood_ = unknown;
    }

    void extension(der::bytes id, bool critical) noexcept {
        if (der::equal(id, detail::authority_key_identifier)) {
            out_.authority_key_id_ = detail::take_authority_key_id(in_);
            return;
        }
        if (der::equal(id, detail::issuing_distribution_point)) return distribution_point();
        in_.to_end();
        if (der::equal(id, detail::delta_crl_indicator))
            note("a delta list");
        else if (critical && !der::equal(id, detail::crl_number))
            note("a list with an unknown critical extension");
    }

    // IssuingDistributionPoint ::= SEQUENCE { [0] distributionPoint, [1] onlyContainsUserCerts, [2]
    //     onlyContainsCACerts, [3] onlySomeReasons, [4] indirectCRL, [5] onlyContainsAttributeCerts }
    void distribution_point() noexcept {
        using der::tag::context;
        auto const outer = in_.enter(der::tag::sequence);
        if (in_.next_is(der::tag::context_constructed(0))) {
            auto const names = detail::take_point_name(in_);
            if (names)
                out_.distribution_point_ = *names;
            else
                note("a list for a point named relative to its issuer");
        }
        if (flag(1)) out_.scope_ = crl_scope::end_entities;
        if (flag(2)) {
            if (out_.scope_ != crl_scope::all) in_.fail();
            out_.scope_ = crl_scope::authorities;
        }
        if (in_.next_is(context(3))) {
            static_cast<void>(in_.take_any());
            note("a list for some reasons only");
        }
        if (flag(4)) note("an indirect list");
        if (flag(5)) note("a list of attribute certificates");
        in_.leave(outer);
    }
    bool flag(unsigned number) noexcept {
        if (!in_.next_is(der::tag::context(number))) return false;
        auto const value = der::boolean(in_.at(in_.take_any()));
        if (!value) in_.fail();
        return value.value_or(false);
    }

    der::cursor in_;
    crl_view& out_;
};

TWINTLS_DECL std::optional<crl_view> crl_view::parse(std::span<std::byte const> der) noexcept {
    std::optional<crl_view> read = crl_view();
    if (!crl_reader(der, *read).read()) read.reset();
    return read;
}

TWINTLS_DECL std::optional<pss_parameters> crl_view::pss() const noexcept {
    return detail::pss_at(der().subspan(tbs_.at + tbs_.size));
}

TWINTLS_DECL crl_entry read_crl_entry(std::span<std::byte const> entries) noexcept {
    der::cursor in(entries);
    crl_entry entry;
    (void)detail::take_crl_entry(in, entry);
    return entry;
}

TWINTLS_DECL bool has_distribution_point(certificate_view const& certificate, general_names const& wanted) noexcept {
    using der::tag::context_constructed;
    bool found = false;
    der::cursor in(certificate.tbs());
    auto const tbs = in.enter(der::tag::sequence);
    while (!in.at_end() && !in.next_is(context_constructed(3))) static_cast<void>(in.take_any());
    if (in.at_end()) return false;
    auto const field = in.enter(context_constructed(3));
    detail::read_extensions(in, [&](der::bytes id, bool) noexcept {
        if (!der::equal(id, detail::crl_distribution_points)) return in.to_end();
        // SEQUENCE OF SEQUENCE { [0] distributionPoint, [1] reasons, [2] cRLIssuer }
        auto const points = in.enter(der::tag::sequence);
        while (!in.at_end()) {
            auto const point = in.enter(der::tag::sequence);
            std::optional<der::extent> names;
            if (in.next_is(context_constructed(0))) names = detail::take_point_name(in);
            bool const plain = in.at_end();
            in.to_end();
            in.leave(point);
            if (!names || !plain) continue;
            for (auto const& here : general_names(in.at(*names)))
                for (auto const& there : wanted)
                    if (here.number == there.number && der::equal(here.bytes, there.bytes)) found = true;
        }
        in.leave(points);
    });
    in.leave(field);
    in.leave(tbs);
    return found && !in.failed();
}

} // namespace tls::x509
