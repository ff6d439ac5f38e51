// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/configuration/settings.hpp>
#include <tls/core/alert.hpp>
#include <tls/core/allocation.hpp>
#include <tls/core/config.hpp>
#include <tls/core/error.hpp>
#include <tls/core/server_name.hpp>
#include <tls/signature/edge.hpp>
#include <tls/verify/judge.hpp>
#include <tls/verify/peer_path.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <utility>

namespace tls::verify {

/// How many of the certificates sent a backend must show: one more than are accepted, so that a longer list is refused.
inline constexpr std::size_t max_shown = max_sent + 1;

/// The signatures of certificates, as `edges` finds them; it must outlive what is returned.
[[nodiscard]] signature_check check_with(signature::edge_check& edges) noexcept;

/// The verdict on one server's certificates, made once, before anything of ours leaves that depends on it.
///
/// twintls alone decides which chain is good. A C library may still refuse a certificate that it cannot read or will
/// not use; that refusal stands.
class server_verification {
public:
    /// The settings must outlive this object.
    server_verification(settings const& s, server_name const& name) noexcept : settings_(&s), name_(name) {
        edges_.known = s.signature_memory.get();
    }

    /// What verifies signatures; without it, none counts as good.
    void verify_signatures_with(signature::library const& library) noexcept { edges_.by = library; }

    /// The handshake is complete, and so the server holds the key of the certificate that was accepted: remembers the
    /// signatures that were good.
    void handshake_is_complete() const noexcept {
        if (accepted() && edges_.known != nullptr) edges_.known->keep(edges_.held.all());
    }

    /// True for a client that accepts any server.
    [[nodiscard]] bool accepts_anything() const noexcept { return settings_->accept_any_server; }

    /// Decides about the certificates that the server sent, leaf first and as they were sent; the first call decides,
    /// later calls repeat it, unless the certificate in use is another by then. True if the server is accepted.
    ///
    /// `in_use` is the certificate whose key the library is going to use: a library that drops certificates it cannot
    /// read may not hold the one that was judged.
    [[nodiscard]] bool
    judge(std::span<std::span<std::byte const> const> sent, std::span<std::byte const> in_use) noexcept;

    /// Decides about the status that the server stapled to its certificate (RFC 6066 section 8): an OCSPResponse in
    /// DER. Called after `judge`. False if the server is refused.
    ///
    /// A status that nobody requires counts only if it says that the certificate was revoked.
    [[nodiscard]] bool judge_status(std::span<std::byte const> response) noexcept {
        return path_accepted() && issuer_ ? settings_->further->stapling.rules->judge(*this, response) : !rejected();
    }

    /// True once a path was accepted, as long as the status that is required beside it has not come.
    [[nodiscard]] bool awaits_status() const noexcept { return path_accepted() && status_due_; }

    /// The place for that status has gone by: the server is refused. Does nothing where none is awaited.
    void status_is_missing() noexcept {
        if (awaits_status()) settings_->further->stapling.rules->is_missing(*this);
    }

    /// The library refuses for this reason, because of the certificate at this depth, given in DER.
    void library_rejects(errc reason, std::uint8_t depth, std::span<std::byte const> certificate) noexcept;

    /// True once a path was accepted, and the status that is required beside it, and the library has not refused.
    [[nodiscard]] bool accepted() const noexcept { return path_accepted() && !status_due_; }
    /// True once certificates have come that were not judged, because the client accepts any server.
    [[nodiscard]] bool waved_through() const noexcept { return judged_ && accepts_anything(); }
    /// True if the server was refused.
    [[nodiscard]] bool rejected() const noexcept {
        return !accepts_anything() && ((judged_ && verdict_.code != errc::ok) || library_rejected_);
    }
    /// The reason that counts: ours if we have one, because it is the same with every library.
    [[nodiscard]] errc reason() const noexcept;
    /// The alert that says so (RFC 8446 section 6.2).
    [[nodiscard]] alert refusal() const noexcept;
    /// False if the key of the certificate that was accepted is of another kind than this suite of TLS 1.2 says (RFC
    /// 5246 section 7.4.2); those of TLS 1.3 say nothing.
    [[nodiscard]] bool key_fits(cipher_suite suite) const noexcept {
        auto const said = key_of(suite);
        return !accepted() || said == x509::public_key_kind::other || said == verdict_.leaf_key;
    }
    /// Everything that was found.
    [[nodiscard]] problem_set problems() const noexcept;
    /// The certificate the reason is about, 0 being the leaf.
    [[nodiscard]] std::uint8_t depth() const noexcept;
    /// The same certificate; not known if it could not be parsed.
    [[nodiscard]] certificate_summary const& certificate() const noexcept { return refused_; }
    /// What an error should quote about the reason; empty if nothing.
    [[nodiscard]] short_text const& about() const noexcept { return verdict_.about; }
    /// What was sent and accepted, if the client keeps it.
    [[nodiscard]] peer_path&& take_path() noexcept { return std::move(path_); }
    /// How many certificates the server sent; 0 while they have not come.
    [[nodiscard]] std::uint8_t sent() const noexcept { return sent_; }
    /// The time the chain was judged at, in seconds since 1970-01-01 UTC; 0 before.
    [[nodiscard]] std::int64_t clock() const noexcept { return clock_; }
    /// When every certificate of the accepted path and its trust anchor are valid, in seconds since 1970-01-01 UTC;
    /// always, where nothing was checked.
    [[nodiscard]] std::int64_t trusted_from() const noexcept {
        return knows_validity() ? verdict_.valid_from : std::numeric_limits<std::int64_t>::min();
    }
    [[nodiscard]] std::int64_t trusted_until() const noexcept {
        return knows_validity() ? verdict_.valid_until : std::numeric_limits<std::int64_t>::max();
    }
    /// The stamp of the revocation lists that the server was looked up in; zeros if in none, nullopt if it is not
    /// known.
    [[nodiscard]] std::optional<digest> const& lists() const noexcept { return verdict_.stamp; }
    /// True once the server's certificates have come.
    [[nodiscard]] bool judged() const noexcept { return judged_; }
    /// The name that was connected to.
    [[nodiscard]] server_name const& name() const noexcept { return name_; }
    /// The name the server must prove, or the first of those of which it must prove one.
    [[nodiscard]] server_name const& expected() const noexcept;

private:
    [[nodiscard]] static constexpr x509::public_key_kind key_of(cipher_suite suite) noexcept {
        switch (suite) {
        case cipher_suite::ecdhe_ecdsa_aes_128_gcm_sha256:
        case cipher_suite::ecdhe_ecdsa_aes_256_gcm_sha384:
        case cipher_suite::ecdhe_ecdsa_chacha20_poly1305_sha256: return x509::public_key_kind::ec;
        case cipher_suite::ecdhe_rsa_aes_128_gcm_sha256:
        case cipher_suite::ecdhe_rsa_aes_256_gcm_sha384:
        case cipher_suite::ecdhe_rsa_chacha20_poly1305_sha256: return x509::public_key_kind::rsa;
        default: return x509::public_key_kind::other;
        }
    }
    [[nodiscard]] bool path_accepted() const noexcept {
        return judged_ && !accepts_anything() && verdict_.code == errc::ok && !library_rejected_;
    }
    [[nodiscard]] bool knows_validity() const noexcept { return accepted() && settings_->policy.check_time; }
    [[nodiscard]] bool judge_again(std::span<std::byte const> in_use) noexcept;
    void ask_application(std::span<std::span<std::byte const> const> sent) noexcept;
    void keep_path(std::span<std::span<std::byte const> const> sent) noexcept;
    void keep_leaf(std::span<std::byte const> accepted) noexcept;
    friend struct stapling; // the rest of it, which most clients do not link
    void note_certificate(std::span<std::byte const> certificate) noexcept;
    void note_refused(std::span<std::span<std::byte const> const> sent) noexcept;

    settings const* settings_;
    server_name name_;
    signature::edge_check edges_;
    verdict verdict_;
    seam::owned<std::byte[]> leaf_; // the certificate that was accepted
    std::size_t leaf_size_ = 0;
    seam::owned<std::byte[]> issuer_; // of the leaf, where a status may come
    std::size_t issuer_size_ = 0;
    peer_path path_;
    certificate_summary refused_;
    std::int64_t clock_ = 0;
    errc library_reason_ = errc::ok;
    std::uint8_t library_depth_ = 0;
    std::uint8_t sent_ = 0;
    bool judged_ = false;
    bool library_rejected_ = false;
    bool status_due_ = false;     // and has not come
    bool status_refused_ = false; // or has not come in time
};

} // namespace tls::verify

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/connection/impl/server_verification.ipp>
#endif
