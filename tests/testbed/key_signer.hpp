// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bytes.hpp"
#include "key.hpp"
#include <tls/core/error.hpp>
#include <tls/core/protocol.hpp>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace testbed {

/// The hash of a scheme, and its size.
inline hash hash_of(tls::signature_scheme scheme) {
    using enum tls::signature_scheme;
    switch (scheme) {
    case ecdsa_secp384r1_sha384:
    case rsa_pss_rsae_sha384:
    case rsa_pkcs1_sha384: return hash::sha384;
    case ecdsa_secp521r1_sha512:
    case rsa_pss_rsae_sha512:
    case rsa_pkcs1_sha512: return hash::sha512;
    default: return hash::sha256;
    }
}
inline std::size_t digest_size(tls::signature_scheme scheme) {
    hash const h = hash_of(scheme);
    return h == hash::sha256 ? 32 : h == hash::sha384 ? 48 : 64;
}

inline bool is_pss(tls::signature_scheme scheme) {
    using enum tls::signature_scheme;
    return scheme == rsa_pss_rsae_sha256 || scheme == rsa_pss_rsae_sha384 || scheme == rsa_pss_rsae_sha512;
}

/// A `tls::signer` with one of the tests' keys, which notes what it is asked, and does wrong when told to. Safe from
/// any thread.
class key_signer {
public:
    struct request {
        tls::signature_scheme scheme{};
        std::size_t digest_size = 0;
    };

    explicit key_signer(key const& with) : key_signer(with, all_for(with)) {}
    key_signer(key const& with, tls::scheme_set schemes) : state_(std::make_unique<state>(&with, schemes)) {}

    void fail_with(std::string why) { state_->failure = std::move(why); }
    /// Answers with what this makes of a good signature.
    void change(std::function<bytes(bytes)> how) { state_->change = std::move(how); }

    [[nodiscard]] std::vector<request> asked() const {
        std::scoped_lock const lock(state_->guard);
        return state_->asked;
    }

    [[nodiscard]] tls::scheme_set schemes() const noexcept { return state_->schemes; }
    [[nodiscard]] tls::result<std::size_t>
    sign(tls::signature_scheme scheme, std::span<std::byte const> digest, std::span<std::byte> into) noexcept {
        std::scoped_lock const lock(state_->guard);
        state_->asked.push_back({scheme, digest.size()});
        if (!state_->failure.empty())
            return std::unexpected(tls::configuration_error(tls::errc::timeout, state_->failure));
        bytes signature = state_->with->sign_digest(digest, hash_of(scheme), is_pss(scheme));
        if (state_->change) signature = state_->change(std::move(signature));
        std::copy_n(signature.begin(), std::min(signature.size(), into.size()), into.begin());
        return signature.size();
    }

private:
    static tls::scheme_set all_for(key const& k) {
        tls::scheme_set all;
        for (tls::signature_scheme const s : tls::known_schemes)
            if (tls::is_ecdsa(s) != is_rsa(k.kind())) all.add(s);
        return all;
    }

    struct state {
        key const* with;
        tls::scheme_set schemes;
        std::string failure{};
        std::function<bytes(bytes)> change{};
        std::mutex guard{};
        std::vector<request> asked{};
    };
    std::unique_ptr<state> state_;
};

} // namespace testbed
