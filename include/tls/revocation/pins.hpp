// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/core/allocation.hpp>
#include <tls/core/config.hpp>
#include <tls/core/error.hpp>
#include <tls/core/text_list.hpp>
#include <tls/revocation/rule.hpp>
#include <tls/x509/certificate.hpp>

#include <array>
#include <cstddef>
#include <initializer_list>
#include <span>
#include <string_view>
#include <utility>

namespace tls {

/// SHA-256 of a SubjectPublicKeyInfo in DER (RFC 7469 section 2.4).
using key_digest = std::array<std::byte, 32>;

/// Which public keys a server, or those who vouch for it, must have: beside the trust anchors, never instead of them.
///
/// Each pin is `sha256/` and the base64 of SHA-256 over the key's SubjectPublicKeyInfo; `sha256//`, as curl writes it,
/// is the same. Give several: one in use, and at least one in reserve whose private key is kept elsewhere, because a
/// server whose key is none of them cannot be reached any more. One that fits is enough. A key is pinned whatever
/// certificate it is in. The error `pin_mismatch` quotes the pin of the server's own key. Copies share their content;
/// a constant object is safe to share between threads.
///
///     openssl x509 -in server.pem -pubkey -noout | openssl pkey -pubin -outform DER | openssl dgst -sha256 -binary |
///     base64
class key_pins {
public:
    /// The key of the server's own certificate must be one of these.
    ///
    /// Errors: bad_configuration, naming the pin; out_of_memory.
    [[nodiscard]] static result<key_pins> of_leaf(std::initializer_list<std::string_view> pins) noexcept {
        return parse(pins, false);
    }
    template <detail::range_of_texts Pins> [[nodiscard]] static result<key_pins> of_leaf(Pins const& pins) noexcept {
        return parse(pins, false);
    }
    /// The key of some certificate of the path that is accepted must be one of these: the server's own, an
    /// intermediate's or the trust anchor's. Errors as above.
    [[nodiscard]] static result<key_pins> of_path(std::initializer_list<std::string_view> pins) noexcept {
        return parse(pins, true);
    }
    template <detail::range_of_texts Pins> [[nodiscard]] static result<key_pins> of_path(Pins const& pins) noexcept {
        return parse(pins, true);
    }

    /// How many there are.
    [[nodiscard]] std::size_t size() const noexcept { return all().size(); }
    /// What each is of.
    [[nodiscard]] std::span<key_digest const> all() const noexcept {
        return content_ ? std::span(content_->digests.data(), content_->digests.size()) : std::span<key_digest const>{};
    }
    /// Whether any certificate of the path counts, or the server's own only.
    [[nodiscard]] bool are_of_path() const noexcept { return content_ && content_->of_path; }

    /// What the judge asks.
    [[nodiscard]] verify::further_rule rule() const noexcept { return {&check, content_.get()}; }

private:
    struct content {
        seam::array<key_digest> digests;
        bool of_path = false;
    };

    explicit key_pins(seam::shared<content const> c) noexcept : content_(std::move(c)) {}

    template <class Pins> [[nodiscard]] static result<key_pins> parse(Pins const& pins, bool of_path) noexcept {
        auto made = seam::shared<content>::make();
        if (!made) return std::unexpected(configuration_error(errc::out_of_memory));
        made->of_path = of_path;
        for (std::string_view const pin : pins)
            if (auto const added = add(made->digests, pin); !added) return std::unexpected(added.error());
        if (made->digests.empty()) return std::unexpected(configuration_error(errc::bad_configuration, "no pin"));
        return key_pins(std::move(made));
    }
    [[nodiscard]] static result<void> add(seam::array<key_digest>& to, std::string_view pin) noexcept;
    [[nodiscard]] static verify::rule_finding
    check(void const* of, verify::proven_path const& path, verify::inquiry const& ask) noexcept;

    seam::shared<content const> content_;
};

/// The pin of a certificate's key, as `key_pins` takes it: "sha256/" and 44 characters.
[[nodiscard]] short_text pin_text(key_digest const& digest) noexcept;

} // namespace tls

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/revocation/impl/pins.ipp>
#endif
