// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/x509/certificate.hpp>
#include <tls/x509/impl/algorithms.hpp>
#include <tls/x509/impl/extensions.hpp>
#include <tls/x509/time.hpp>

namespace tls::x509 {

/// Goes through a certificate once, front to back, and fills a view.
class certificate_reader {
public:
    certificate_reader(std::span<std::byte const> der, certificate_view& out) noexcept : in_(der), out_(out) {
        out_.der_ = der.data();
        out_.size_ = static_cast<std::uint32_t>(der.size());
    }

    // Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm, signatureValue }
    [[nodiscard]] bool read() noexcept {
        auto const outer = in_.enter(der::tag::sequence);
        auto const algorithm = tbs_certificate();
        // RFC 5280 section 4.1.1.2: otherwise the unsigned copy could name another algorithm than the signed one.
        auto const copy = in_.take_whole(der::tag::sequence);
        if (!der::equal(in_.at(copy), in_.at(algorithm))) return false;
        out_.signature_ = detail::take_whole_octets(in_);
        in_.leave(outer);
        return !in_.failed() && in_.at_end();
    }

    /// Passes a SubjectPublicKeyInfo and returns its key, of which a view keeps only the kind.
    static der::extent take_key(der::cursor& in) noexcept {
        auto const info = in.enter(der::tag::sequence);
        static_cast<void>(in.take(der::tag::sequence));
        auto const key = detail::take_whole_octets(in);
        in.leave(info);
        return key;
    }

private:
    static constexpr std::size_t empty_name = 2; // a tag and a length

    // TBSCertificate ::= SEQUENCE { [0] version, serialNumber, signature, issuer, validity, subject,
    //     subjectPublicKeyInfo, [1] issuerUniqueID, [2] subjectUniqueID, [3] extensions }
    der::extent tbs_certificate() noexcept {
        auto const begin = in_.position();
        auto const outer = in_.enter(der::tag::sequence);
        version();
        out_.serial_ = in_.take(der::tag::integer);
        if (!der::is_integer(in_.at(out_.serial_))) in_.fail();
        auto const algorithm = detail::take_signature_algorithm(in_, out_.signature_algorithm_);
        out_.issuer_ = in_.take_whole(der::tag::sequence);
        if (out_.issuer_.size <= empty_name) in_.fail(); // RFC 5280 section 4.1.2.4
        validity();
        out_.subject_ = in_.take_whole(der::tag::sequence);
        public_key();
        for (unsigned const unique_id : {1U, 2U}) {
            if (!in_.next_is(der::tag::context(unique_id))) continue;
            if (out_.version_ < 2) in_.fail();
            static_cast<void>(in_.take_any());
        }
        if (in_.next_is(der::tag::context_constructed(3))) extensions();
        in_.leave(outer);
        out_.tbs_ = in_.since(begin);
        return algorithm;
    }

    void version() noexcept {
        if (!in_.next_is(der::tag::context_constructed(0))) return;
        auto const outer = in_.enter(der::tag::context_constructed(0));
        auto const number = der::small_unsigned(in_.at(in_.take(der::tag::integer)));
        in_.leave(outer);
        if (!number || *number > 2) return in_.fail();
        out_.version_ = static_cast<std::uint8_t>(*number + 1);
    }

    void validity() noexcept {
        auto const outer = in_.enter(der::tag::sequence);
        out_.not_before_ = time();
        out_.not_after_ = time();
        in_.leave(outer);
    }
    std::int64_t time() noexcept {
        auto const tag = in_.next_tag();
        auto const value = to_unix_time(tag, in_.at(in_.take_any()));
        if (!value) in_.fail();
        return value.value_or(0);
    }

    // SubjectPublicKeyInfo ::= SEQUENCE { AlgorithmIdentifier, BIT STRING }
    void public_key() noexcept {
        auto const begin = in_.position();
        auto const outer = in_.enter(der::tag::sequence);
        auto const identifier = in_.enter(der::tag::sequence);
        auto const id = in_.take(der::tag::oid);
        bool const has_parameters = !in_.at_end();
        bool const named_curve = in_.next_is(der::tag::oid);
        auto const parameters = has_parameters ? in_.take_any() : der::extent{};
        in_.leave(identifier);
        auto const key = detail::take_whole_octets(in_);
        in_.leave(outer);
        out_.spki_ = in_.since(begin);
        switch (algorithms::key_of(in_.at(id))) {
        case algorithms::key_algorithm::rsa: {
            out_.key_kind_ = x509::public_key_kind::rsa;
            auto const numbers = algorithms::rsa_key_of(in_.at(key));
            if (!numbers) return in_.fail();
            out_.key_bits_ = static_cast<std::uint32_t>(der::bits_of(numbers->modulus));
            return;
        }
        case algorithms::key_algorithm::ec:
            out_.key_kind_ = x509::public_key_kind::ec;
            if (!has_parameters) return in_.fail();
            if (named_curve) out_.curve_ = algorithms::curve_of(in_.at(parameters));
            out_.key_bits_ = algorithms::field_bits(out_.curve_);
            return;
        case algorithms::key_algorithm::ed25519:
            out_.key_kind_ = x509::public_key_kind::ed25519;
            out_.key_bits_ = 256;
            return;
        case algorithms::key_algorithm::other: return;
        }
    }

    void extensions() noexcept {
        auto const field = in_.enter(der::tag::context_constructed(3));
        if (out_.version_ != 3) return in_.fail();
        detail::read_extensions(
            in_, [this](der::bytes id, bool critical) noexcept { extension(algorithms::extension_of(id), critical); });
        in_.leave(field);
    }

    /// Reads an extension's value, all of it.
    void extension(algorithms::extension kind, bool critical) noexcept {
        using algorithms::extension;
        switch (kind) {
        case extension::basic_constraints: return basic_constraints();
        case extension::key_usage: return key_usage();
        case extension::extended_key_usage: return extended_key_usage();
        case extension::subject_alternative_name:
            out_.names_ = in_.take(der::tag::sequence);
            if (!general_names(in_.at(out_.names_)).is_well_formed()) in_.fail();
            return;
        case extension::name_constraints: out_.name_constraints_ = rest(); return;
        case extension::subject_key_id: out_.subject_key_id_ = in_.take(der::tag::octet_string); break;
        case extension::authority_key_id: out_.authority_key_id_ = detail::take_authority_key_id(in_); break;
        case extension::certificate_policies: {
            auto const value = rest();
            if (critical && algorithms::is_any_policy_only(in_.at(value))) return;
            break;
        }
        case extension::other: static_cast<void>(rest()); break;
        }
        if (critical) out_.has_unknown_critical_ = true;
    }
    /// Takes what is left of the value stepped into, unread.
    der::extent rest() noexcept {
        auto const begin = in_.position();
        in_.to_end();
        return in_.since(begin);
    }

    // BasicConstraints ::= SEQUENCE { cA BOOLEAN DEFAULT FALSE, pathLenConstraint INTEGER OPTIONAL }
    void basic_constraints() noexcept {
        auto const outer = in_.enter(der::tag::sequence);
        if (in_.next_is(der::tag::boolean)) out_.is_ca_ = detail::take_boolean(in_);
        if (in_.next_is(der::tag::integer)) {
            auto const length = der::small_unsigned(in_.at(in_.take(der::tag::integer)));
            if (!length) return in_.fail();
            out_.has_path_len_ = out_.is_ca_;
            out_.path_len_ = *length;
        }
        out_.has_basic_constraints_ = true;
        in_.leave(outer);
    }

    void key_usage() noexcept {
        auto const content = in_.at(in_.take(der::tag::bit_string));
        if (content.empty()) return in_.fail();
        auto const unused = std::to_integer<unsigned>(content[0]);
        auto const octets = content.subspan(1);
        if (unused > 7 || (octets.empty() && unused != 0)) return in_.fail();
        // X.690 section 11.2.1: bits that are not used are zero.
        bool const padded = !octets.empty() && (std::to_integer<unsigned>(octets.back()) & ((1U << unused) - 1)) != 0;
        if (padded) return in_.fail();
        for (unsigned i = 0; i != 9; ++i) {
            if (i / 8 >= octets.size() || (i / 8 == octets.size() - 1 && i % 8 >= 8 - unused)) break;
            bool const set = (octets[i / 8] & (std::byte{0x80} >> (i % 8))) != std::byte{0};
            if (set) out_.key_usage_.add(static_cast<key_usage_bit>(i));
        }
        out_.has_key_usage_ = true;
    }

    // ExtKeyUsageSyntax ::= SEQUENCE SIZE (1..MAX) OF KeyPurposeId
    void extended_key_usage() noexcept {
        auto const outer = in_.enter(der::tag::sequence);
        if (in_.at_end()) return in_.fail();
        while (!in_.at_end()) {
            switch (algorithms::purpose_of(in_.at(in_.take(der::tag::oid)))) {
            case algorithms::purpose::server_auth: out_.eku_server_auth_ = true; break;
            case algorithms::purpose::client_auth: out_.eku_client_auth_ = true; break;
            case algorithms::purpose::any: out_.eku_any_ = true; break;
            case algorithms::purpose::other: break;
            }
        }
        out_.has_extended_key_usage_ = true;
        in_.leave(outer);
    }

    der::cursor in_;
    certificate_view& out_;
};

TWINTLS_DECL std::optional<certificate_view> certificate_view::parse(std::span<std::byte const> der) noexcept {
    std::optional<certificate_view> read = certificate_view();
    if (!certificate_reader(der, *read).read()) read.reset();
    return read;
}

// The rest is read only by whoever verifies a signature; a view that kept it would be half as large again.

TWINTLS_DECL std::optional<rsa_public_key> certificate_view::rsa_key() const noexcept {
    if (key_kind_ != x509::public_key_kind::rsa) return std::nullopt;
    der::cursor in(spki());
    auto const key = certificate_reader::take_key(in);
    return algorithms::rsa_key_of(in.at(key));
}

TWINTLS_DECL std::optional<ec_public_key> certificate_view::ec_key() const noexcept {
    if (curve_ == x509::curve::other) return std::nullopt;
    der::cursor in(spki());
    auto const point = in.at(certificate_reader::take_key(in));
    if (!algorithms::is_point_of(curve_, point)) return std::nullopt;
    return ec_public_key{curve_, point};
}

TWINTLS_DECL std::optional<pss_parameters> certificate_view::pss() const noexcept {
    // The outer AlgorithmIdentifier, which is equal to the signed one, lies behind the signed part.
    return detail::pss_at(der().subspan(tbs_.at + tbs_.size));
}

} // namespace tls::x509
