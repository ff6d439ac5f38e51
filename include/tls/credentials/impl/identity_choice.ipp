// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/core/text_writer.hpp>
#include <tls/credentials/identity_choice.hpp>

#include <array>
#include <string_view>

namespace tls::detail {

TWINTLS_DECL error of_identity(error e, std::size_t index) noexcept {
    std::array<char, short_text::capacity> text;
    text_writer out(text);
    out << "identity " << static_cast<long long>(index) + 1;
    if (!e.about.empty()) {
        out << ", ";
        constexpr std::string_view dots = "...";
        std::string_view const about = e.about.view();
        bool const fits = about.size() <= out.room();
        if (!fits) out << dots;
        // The end counts: it names the file, and what is wrong with it.
        out << (fits ? about : about.substr(about.size() - out.room()));
    }
    e.about = out.view();
    return e;
}

} // namespace tls::detail

namespace tls {

TWINTLS_DECL void identity_choice::fail(error const& e) noexcept {
    if (!failure_) failure_ = e;
}

TWINTLS_DECL void identity_choice::add(identity const& who, detail::any_signer const& signer) noexcept {
    if (count_ == max) return fail(configuration_error(errc::bad_configuration, "identities: at most 8"));
    if (who.is_spent())
        fail(detail::of_identity(configuration_error(errc::spent, "this identity was moved from"), count_));
    entries_[count_++] = {who, signer};
}

TWINTLS_DECL identity_choice& identity_choice::add(result<identity> const& who) noexcept {
    if (who)
        add(*who, {});
    else
        fail(detail::of_identity(who.error(), count_));
    return *this;
}

TWINTLS_DECL identity_choice& identity_choice::add(result<external_identity> const& who) noexcept {
    if (who)
        add(who->certificates(), who->signer());
    else
        fail(detail::of_identity(who.error(), count_));
    return *this;
}

} // namespace tls
