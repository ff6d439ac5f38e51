// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/configuration/settings.hpp>
#include <tls/connection/connection.hpp>
#include <tls/connection/destination.hpp>
#include <tls/connection/resumption_calls.hpp>
#include <tls/core/allocation.hpp>
#include <tls/core/blame.hpp>
#include <tls/transport/transport.hpp>

#include <concepts>
#include <cstdint>
#include <utility>

namespace tls::detail {

/// A connection that has sent nothing yet. Errors: bad_configuration for a ticket that can never be used,
/// out_of_memory, and what the C library refuses.
template <backend Backend>
[[nodiscard]] result<connection<Backend>>
begin(typename Backend::context const& context, settings const& s, destination const& to) noexcept {
    seam::resumption_calls const* const resumes = s.resumption.calls;
    if (to.given != nullptr && resumes == nullptr)
        return std::unexpected(configuration_error(errc::bad_configuration, "a ticket without .resumption(...)"));
    seam::memory_watch const memory;
    auto e = Backend::make_engine(context, to.name);
    if (!e) return std::unexpected(seam::blamed(e.error(), memory.ran_out()));
    if (!e->core().handshake) return std::unexpected(configuration_error(errc::out_of_memory));
    e->core().handshake->check.verify_signatures_with(signature::library_of<Backend>());
    if (auto const* const further = s.further.get(); further != nullptr && further->exporting != nullptr)
        further->exporting->prepare(e->core());
    if (auto const* const further = s.further.get(); further != nullptr && further->stapling.can_ask())
        if (auto const asked = further->stapling.calls->ask(e->core()); !asked)
            return std::unexpected(seam::blamed(asked.error(), memory.ran_out()));
    if (resumes != nullptr)
        if (auto const begun = resumes->begin(e->core(), s, to); !begun)
            return std::unexpected(seam::blamed(begun.error(), memory.ran_out()));
    return connection<Backend>(std::move(*e), s);
}

} // namespace tls::detail
