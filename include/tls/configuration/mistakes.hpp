// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/configuration/list_of_names.hpp>
#include <tls/configuration/requirements.hpp>
#include <tls/core/clock.hpp>
#include <tls/core/protocol.hpp>
#include <tls/core/text_list.hpp>
#include <tls/credentials/identity_choice.hpp>
#include <tls/diagnosis/log.hpp>
#include <tls/resumption/ticket_store.hpp>

#include <cstddef>
#include <initializer_list>
#include <span>
#include <string_view>

namespace tls::detail {

/// Calls of a builder that are made by mistake, deleted so that the compiler's answer is short and shows the comment
/// beside: those of a builder that is kept, and those with a text where something is to be read from it first.
template <class Backend, decided Decided> struct mistaken_settings {
    void trust(auto&&...) & // write std::move(builder).trust(...)
        requires trust_is_decided_only_once<Decided>
    = delete;
    void trust(std::string_view) && // read it: .trust(tls::trust_anchors::from_pem_file(path))
        requires trust_is_decided_only_once<Decided>
    = delete;
    void identity(std::string_view, auto&&...) && // read it: .identity(tls::identity::from_pem_files(chain, key))
        requires identity_is_decided_only_once<Decided>
    = delete;
    void trust_system() & // write std::move(builder).trust_system()
        requires trust_is_decided_only_once<Decided>
    = delete;
    void identity(auto&&...) & // write std::move(builder).identity(...)
        requires identity_is_decided_only_once<Decided>
    = delete;
    void identities(identity_choice const&) & // write std::move(builder).identities({...})
        requires identity_is_decided_only_once<Decided> && the_library_is_built_for_several_identities<Backend>
    = delete;
    void no_identity() & // write std::move(builder).no_identity()
        requires identity_is_decided_only_once<Decided>
    = delete;
    void psk(auto&&...) & // write std::move(builder).psk(...)
        requires trust_is_decided_only_once<Decided> && identity_is_decided_only_once<Decided> &&
                     the_library_is_built_with_pre_shared_keys<Backend>
    = delete;
    void
    psk(std::string_view, std::string_view) && // bytes: pre_shared_key::from_hex(identity, digits), or std::as_bytes
        requires trust_is_decided_only_once<Decided> && identity_is_decided_only_once<Decided> &&
                     the_library_is_built_with_pre_shared_keys<Backend>
    = delete;
    void key_log(auto const&) & // write std::move(builder).key_log(...)
        requires the_library_is_built_with_a_key_log<Backend>
    = delete;
    void log(log_sink) & // write std::move(builder).log(...)
        requires the_library_is_built_with_a_debug_log<Backend>
    = delete;
    void resumption(auto const&) & // write std::move(builder).resumption(...)
        requires the_library_is_built_with_session_tickets<Backend>
    = delete;
    template <ticket_store Store>
        requires the_library_is_built_with_session_tickets<Backend>
    void resumption(Store const&&) && = delete; // the store must outlive the client: give an lvalue or a shared_ptr
    void alpn(std::initializer_list<std::string_view>) & = delete; // write std::move(builder).alpn(...)
    void alpn(detail::range_of_texts auto const&) & = delete;      // write std::move(builder).alpn(...)
    void alpn(std::string_view) && = delete;                       // give a list: .alpn({"mqtt"})
    void versions(protocol_version, protocol_version) & = delete;  // write std::move(builder).versions(...)
    void suites(std::initializer_list<cipher_suite>) & = delete;   // write std::move(builder).suites(...)
    void suites(std::span<cipher_suite const>) & = delete;         // write std::move(builder).suites(...)
    void groups(std::initializer_list<named_group>) & = delete;    // write std::move(builder).groups(...)
    void groups(std::span<named_group const>) & = delete;          // write std::move(builder).groups(...)
    void signature_schemes(std::initializer_list<signature_scheme>) & =
        delete; // write std::move(builder).signature_schemes(...)
    void
    signature_schemes(std::span<signature_scheme const>) & = delete; // write std::move(builder).signature_schemes(...)
    void pins(auto const&) & = delete;                               // write std::move(builder).pins(...)
    void revocation(auto const&, auto&&...) & = delete;              // write std::move(builder).revocation(...)
    void also_require(auto&&...) & = delete;                         // write std::move(builder).also_require(...)
    void verify_these_names_instead(auto const&) & = delete; // write std::move(builder).verify_these_names_instead(...)
    void profile(auto const&) & = delete;                    // write std::move(builder).profile(...)
    void require_stapled_status() &                          // write std::move(builder).require_stapled_status()
        requires the_library_can_ask_for_a_stapled_status<Backend>
    = delete;
    void honour_must_staple() & = delete; // write std::move(builder).honour_must_staple()
    void exporter() &                     // write std::move(builder).exporter()
        requires the_library_is_built_with_an_exporter<Backend>
    = delete;
    void max_fragment_length(std::size_t) & // write std::move(builder).max_fragment_length(...)
        requires the_library_is_built_with_maximum_fragment_length<Backend>
    = delete;
    void keep_peer_path() & = delete;         // write std::move(builder).keep_peer_path()
    void record_size(std::size_t) & = delete; // write std::move(builder).record_size(...)
    void clock(wall_clock) & = delete;        // write std::move(builder).clock(...)
    void build() &                            // write std::move(builder).build()
        requires say_whom_we_trust_before_build<Decided> && say_who_we_are_before_build<Decided>
    = delete;
};

} // namespace tls::detail
