// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/configuration/check.hpp>
#include <tls/configuration/choose_identity.hpp>
#include <tls/configuration/exporting.hpp>
#include <tls/configuration/own_identities.hpp>
#include <tls/configuration/profile.hpp>
#include <tls/configuration/settings.hpp>
#include <tls/configuration/stapling.hpp>
#include <tls/core/allocation.hpp>
#include <tls/core/clock.hpp>
#include <tls/core/error.hpp>
#include <tls/core/server_name.hpp>
#include <tls/core/text_list.hpp>
#include <tls/credentials/decisions.hpp>
#include <tls/credentials/external_identity.hpp>
#include <tls/credentials/identity_choice.hpp>
#include <tls/credentials/psk.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

namespace tls::detail {

/// What a client with a signer gets from its backend.
template <class Backend>
inline constexpr seam::signing_calls signing_of = {
    check_signing, Backend::use_signer, Backend::verify_signature,
    Backend::template supports<feature::deferred_signature>};

/// The same of one with a pre-shared key.
template <class Backend> inline constexpr seam::psk_calls psk_of = {check_psk, Backend::use_psk};

/// What a builder has collected: the settings so far, and the first thing that was wrong with them.
///
/// Each call but `note` stands for the builder's call of that name and returns the draft, to be moved on. Each refers
/// to what only it needs, so that a program without the call does not link it.
class draft {
public:
    draft() noexcept : settings_(seam::shared<settings>::make()) {
        if (!settings_) note(configuration_error(errc::out_of_memory));
    }

    /// Keeps an error for `build()`, unless there is one.
    void note(error const& e) noexcept {
        if (!failure_) failure_ = e;
    }
    /// The first error. If there is none, there are settings.
    [[nodiscard]] std::optional<error> const& failure() noexcept {
        (void)told();
        return failure_;
    }
    /// The settings so far. None where memory ran out, and in a draft that was moved from: `failure` has either.
    [[nodiscard]] settings* told() noexcept {
        if (!settings_) note(configuration_error(errc::bad_configuration, "this builder was moved from"));
        return settings_.get();
    }
    [[nodiscard]] seam::shared<settings> take() && noexcept { return std::move(settings_); }

    // Whom we trust, and who we are.

    draft&& trust(trust_decision const& whom) && noexcept {
        if (!whom.anchors()) note(whom.anchors().error());
        if (whom.anchors() && !whom.anchors()->complete())
            note(configuration_error(errc::out_of_memory, "trust anchors"));
        if (auto* const s = told()) {
            s->accept_any_server = whom.accepts_any_server();
            if (whom.anchors()) {
                s->anchors = whom.anchors()->store();
                s->exactly = whom.anchors()->exact_servers();
            }
        }
        return std::move(*this);
    }

    draft&& identity(identity_decision const& decided) && noexcept {
        auto const& who = decided.who();
        if (!who)
            note(who.error());
        else if (*who && (*who)->is_spent())
            note(configuration_error(errc::spent, "this identity was moved from"));
        else if (auto* const s = told(); s != nullptr && *who)
            s->identity = **who;
        return std::move(*this);
    }

    draft&& identity(result<external_identity> const& who, seam::signing_calls const& calls) && noexcept {
        if (!who) return std::move(*this).failed(who.error());
        if (who->is_spent())
            return std::move(*this).failed(configuration_error(errc::spent, "this identity was moved from"));
        if (auto* const s = told()) {
            s->identity = who->certificates();
            s->signing = signing_by(who->signer(), calls);
        }
        return std::move(*this);
    }

    /// Each with what signs for it.
    draft&& identities(identity_choice const& which, seam::signing_calls const& calls) && noexcept {
        take_identities(which, calls);
        return std::move(*this);
    }

    draft&& psk(result<pre_shared_key> const& shared, seam::psk_calls const& calls) && noexcept {
        if (!shared) return std::move(*this).failed(shared.error());
        if (shared->is_spent())
            return std::move(*this).failed(configuration_error(errc::spent, "this pre-shared key was moved from"));
        if (auto* const s = told()) {
            s->psk = {&calls, *shared};
            if (s->exactly_these_suites == nullptr) s->suites = settings::default_suites_with_psk();
        }
        return std::move(*this);
    }

    // What is offered.

    template <class Protocols> draft&& alpn(Protocols const& protocols) && noexcept {
        if (auto* const s = told(); s != nullptr && !s->alpn.assign(protocols))
            note(configuration_error(errc::out_of_memory));
        return std::move(*this);
    }

    draft&& versions(protocol_version lowest, protocol_version highest) && noexcept {
        if (auto* const s = told()) {
            s->lowest_version = lowest;
            s->highest_version = highest;
        }
        return std::move(*this);
    }

    draft&& suites(std::span<cipher_suite const> wanted) && noexcept {
        if (auto* const s = told()) {
            s->suites = seam::suite_list(wanted);
            s->exactly_these_suites = &suite_rules;
        }
        return std::move(*this);
    }
    draft&& suites(result<seam::suite_list> const& wanted) && noexcept {
        if (!wanted) return std::move(*this).failed(wanted.error());
        return std::move(*this).suites(std::span(wanted->begin(), wanted->size()));
    }

    draft&& groups(std::span<named_group const> wanted) && noexcept {
        if (auto* const s = told()) {
            s->groups = seam::group_list(wanted);
            s->exactly_these_groups = &group_rules;
        }
        return std::move(*this);
    }
    draft&& groups(result<seam::group_list> const& wanted) && noexcept {
        if (!wanted) return std::move(*this).failed(wanted.error());
        return std::move(*this).groups(std::span(wanted->begin(), wanted->size()));
    }

    draft&& signature_schemes(std::span<signature_scheme const> wanted) && noexcept {
        if (auto* const s = told()) {
            s->schemes = seam::scheme_list(wanted);
            s->exactly_these_schemes = &scheme_rules;
        }
        return std::move(*this);
    }
    draft&& signature_schemes(result<seam::scheme_list> const& wanted) && noexcept {
        if (!wanted) return std::move(*this).failed(wanted.error());
        return std::move(*this).signature_schemes(std::span(wanted->begin(), wanted->size()));
    }

    draft&& profile(tls::profile const& p) && noexcept {
        if (auto* const s = told()) {
            s->lowest_version = p.lowest_version;
            s->highest_version = p.highest_version;
            s->policy.minimum_rsa_bits = p.minimum_rsa_bits;
            s->policy.max_path_length = p.max_path_length;
            if (!s->alpn.assign(p.alpn)) note(configuration_error(errc::out_of_memory));
        }
        return std::move(*this).suites(p.suites).groups(p.groups).signature_schemes(p.schemes);
    }
    draft&& profile(result<tls::profile> const& p) && noexcept {
        return p ? std::move(*this).profile(*p) : std::move(*this).failed(p.error());
    }

    draft&& resumption(seam::resumption_calls const& calls, any_ticket_store store) && noexcept {
        if (auto* const s = told()) {
            s->resumption.calls = &calls;
            s->resumption.store = std::move(store);
        }
        return std::move(*this);
    }
    template <ticket_store Store>
    draft&& resumption(seam::resumption_calls const& calls, std::shared_ptr<Store> store) && noexcept {
        if (store) return std::move(*this).resumption(calls, any_ticket_store(std::move(store)));
        return std::move(*this).failed(configuration_error(errc::bad_configuration, "no ticket store"));
    }

    // Who is accepted.

    draft&& max_path_length(std::size_t intermediates) && noexcept {
        if (auto* const s = told()) s->policy.max_path_length = intermediates;
        return std::move(*this);
    }

    draft&& strict_extended_key_usage() && noexcept {
        if (auto* const s = told()) s->policy.strict_extended_key_usage = true;
        return std::move(*this);
    }

    draft&& pins(result<key_pins> const& wanted) && noexcept {
        if (!wanted)
            note(wanted.error());
        else if (wanted->all().empty())
            note(configuration_error(errc::spent, "these pins were moved from"));
        if (auto* const s = further(); s != nullptr && wanted) {
            s->pins = *wanted;
            s->pin_rule = s->pins->rule();
            s->ask_rules = verify::ask_further_rules;
        }
        return std::move(*this);
    }

    using stamp_of_lists = decltype(revocation_settings::stamp_now);

    draft&& revocation(revocation_source const& source, revocation_scope whose, stamp_of_lists stamp) && noexcept {
        if (!source.complete()) note(configuration_error(errc::out_of_memory, "revocation lists"));
        if (auto* const s = further()) {
            s->revocation = {source, whose, check_revocation, stamp};
            s->ask_rules = verify::ask_further_rules;
        }
        return std::move(*this);
    }
    draft&&
    revocation(result<revocation_lists> const& lists, revocation_scope whose, stamp_of_lists stamp) && noexcept {
        if (!lists) return std::move(*this).failed(lists.error());
        return std::move(*this).revocation(revocation_source(*lists), whose, stamp);
    }

    draft&& require_stapled_status(seam::stapling_calls const& calls, verify::status_rules const& rules) && noexcept {
        if (auto* const s = staples(calls, rules)) s->required = true;
        return std::move(*this);
    }

    draft&& honour_must_staple(seam::stapling_calls const& calls, verify::status_rules const& rules) && noexcept {
        if (auto* const s = staples(calls, rules)) s->honours_must_staple = true;
        return std::move(*this);
    }

    template <class Names> draft&& verify_these_names_instead(Names const& names) && noexcept {
        auto* const s = further();
        if (s == nullptr) return std::move(*this);
        s->names.clear();
        for (std::string_view const one : names) {
            auto const read = server_name::parse(one);
            if (!read)
                note(read.error());
            else if (!s->names.push_back(*read))
                note(configuration_error(errc::out_of_memory));
        }
        if (s->names.empty()) note(configuration_error(errc::bad_configuration, "no name to verify"));
        return std::move(*this);
    }

    template <server_check Check> draft&& also_require(Check check, std::string_view name) && noexcept {
        if constexpr (std::is_pointer_v<Check>)
            if (check == nullptr) note(configuration_error(errc::bad_configuration, "a check that is null"));
        if (auto* const s = further()) {
            auto& all = s->also_require;
            if (!all.check.hold(std::move(check))) note(configuration_error(errc::out_of_memory));
            if (auto const named = all.add_name(name); !named) note(named.error());
            if (!all.is_named) all.set_at = std::chrono::system_clock::now().time_since_epoch().count();
            all.ask = verify::ask_application;
        }
        return std::move(*this);
    }

    draft&& signature_memory(std::shared_ptr<signature::memory> shared) && noexcept {
        if (auto* const s = told()) {
            s->signature_memory = std::move(shared);
            s->own_signature_memory = false;
        }
        return std::move(*this);
    }

    draft&& keep_peer_path() && noexcept {
        if (auto* const s = further()) s->keep_path = peer_path::of;
        return std::move(*this);
    }

    // Everything else.

    draft&& clock(wall_clock now) && noexcept {
        if (auto* const s = told(); s != nullptr && now != nullptr) s->clock = now;
        return std::move(*this);
    }

    draft&& handshake_timeout(std::chrono::milliseconds in_all) && noexcept {
        if (auto* const s = told()) s->handshake_timeout = in_all;
        return std::move(*this);
    }

    draft&& record_size(std::size_t bytes) && noexcept {
        if (auto* const s = further()) s->record_size = bytes;
        return std::move(*this);
    }

    draft&& max_fragment_length(std::size_t bytes) && noexcept {
        if (auto* const s = further())
            s->max_fragment = static_cast<std::uint16_t>(bytes < UINT16_MAX && bytes != 0 ? bytes : 1);
        return std::move(*this);
    }

    draft&& exporter(seam::exporting_calls const& calls) && noexcept {
        if (auto* const s = further()) s->exporting = &calls;
        return std::move(*this);
    }

    using start_key_log = decltype(settings::start_key_log);

    draft&& key_log(key_log_sink sink, start_key_log start) && noexcept {
        if (auto* const s = told()) {
            s->key_log = sink;
            s->start_key_log = sink.write != nullptr ? start : nullptr;
        }
        return std::move(*this);
    }
    draft&& key_log(key_log_file const& file, start_key_log start) && noexcept {
        if (auto* const s = told()) s->key_log_target = file;
        return std::move(*this).key_log(file.sink(), start);
    }
    draft&& key_log(result<key_log_file> const& file, start_key_log start) && noexcept {
        return file ? std::move(*this).key_log(*file, start) : std::move(*this).failed(file.error());
    }

    draft&& log(log_sink sink) && noexcept {
        if (auto* const s = told()) s->log = sink.write != nullptr ? std::optional(sink) : std::nullopt;
        return std::move(*this);
    }

private:
    draft&& failed(error const& e) && noexcept {
        note(e);
        return std::move(*this);
    }

    /// The settings that most clients do without.
    [[nodiscard]] further_settings* further() noexcept {
        settings* const s = told();
        if (s == nullptr) return nullptr;
        if (!s->further) s->further = seam::shared<further_settings>::make();
        if (!s->further) note(configuration_error(errc::out_of_memory));
        return s->further.get();
    }

    [[nodiscard]] stapling_settings*
    staples(seam::stapling_calls const& calls, verify::status_rules const& rules) noexcept {
        auto* const s = further();
        if (s == nullptr) return nullptr;
        s->stapling.calls = &calls;
        s->stapling.rules = &rules;
        return &s->stapling;
    }

    [[nodiscard]] static signing_settings
    signing_by(any_signer const& signer, seam::signing_calls const& calls) noexcept {
        if (!signer) return {};
        return {&calls, signer};
    }

    void take_identities(identity_choice const& which, seam::signing_calls const& calls) noexcept {
        if (which.failure()) return note(*which.failure());
        auto const all = which.entries();
        if (all.empty()) return note(configuration_error(errc::bad_configuration, "identities: none"));
        auto* const more = further();
        if (more == nullptr) return;
        auto const list = seam::shared<identity_list>::make();
        if (!list) return note(configuration_error(errc::out_of_memory));
        list->choose = choose_identity;
        settings_->identity = all[0].who;
        settings_->signing = signing_by(all[0].signer, calls);
        for (auto const& one : all.subspan(1))
            list->others[list->other_count++] = {one.who, signing_by(one.signer, calls)};
        for (std::size_t i = 0; i != all.size(); ++i) list->issuers[i] = all[i].who->issuer_names();
        more->identities = list;
    }

    seam::shared<settings> settings_; // not shared before `build()`
    std::optional<error> failure_;
};

} // namespace tls::detail
