// SPDX-License-Identifier: Apache-2.0
#include "parity/failure_table.hpp"

#include <array>
#include <string>
#include <vector>

namespace parity::failures_alerts_cases {
namespace {

using tls::alert;
using tls::handshake_message;

constexpr std::array alerts = {
    alert::unexpected_message,  alert::bad_record_mac,          alert::handshake_failure,
    alert::bad_certificate,     alert::unsupported_certificate, alert::certificate_revoked,
    alert::certificate_expired, alert::certificate_unknown,     alert::illegal_parameter,
    alert::unknown_ca,          alert::access_denied,           alert::decode_error,
    alert::decrypt_error,       alert::protocol_version,        alert::insufficient_security,
    alert::internal_error,      alert::inappropriate_fallback,  alert::missing_extension,
    alert::unrecognized_name,   alert::certificate_required,    alert::no_application_protocol,
};

/// What was known when the alert came.
struct circumstances {
    bool asked = false;     ///< the server has asked for a certificate
    bool sent_none = false; ///< and got an empty message
    bool established = false;
};

errc meaning(alert a, circumstances const& c) {
    switch (a) {
    case alert::bad_certificate:
    case alert::unsupported_certificate:
    case alert::certificate_revoked:
    case alert::certificate_expired:
    case alert::certificate_unknown:
    case alert::unknown_ca:
    case alert::access_denied:
    case alert::certificate_required: return c.asked ? errc::peer_rejected_certificate : errc::peer_alert;
    case alert::handshake_failure:
        if (c.asked && c.sent_none) return errc::peer_rejected_certificate;
        return c.established ? errc::peer_alert : errc::handshake_refused;
    case alert::illegal_parameter:
    case alert::decode_error: return c.sent_none && !c.established ? errc::peer_rejected_certificate : errc::peer_alert;
    case alert::protocol_version: return errc::no_common_version;
    case alert::insufficient_security: return errc::no_common_suite;
    case alert::unrecognized_name: return errc::unrecognized_name;
    case alert::no_application_protocol: return errc::alpn_mismatch;
    default: return errc::peer_alert;
    }
}

row alert_row(protocol_version v, alert a, std::string_view where, circumstances const& c) {
    row r{
        .name = named(v, std::string(tls::name(a)).append(" ").append(where)),
        .expected = meaning(a, c),
        .received = a};
    r.what.client = only(v);
    return r;
}

testbed::bytes fatal(alert a) { return testbed::wire::make_alert(2, tls::number(a)); }

/// The type of an unencrypted handshake record's first message.
std::optional<handshake_message> message_in(testbed::bytes const& record) {
    if (record.size() < 6 || record[0] != std::byte{testbed::wire::handshake}) return std::nullopt;
    return static_cast<handshake_message>(record[5]);
}

} // namespace

TEST_CASE("failures: an alert for an answer to the ClientHello") {
    for (protocol_version const v : versions) {
        for (alert const a : alerts) {
            row r = alert_row(v, a, "instead of a ServerHello", {});
            r.what.server = saying(fatal(a));
            check(r);
        }
    }
}

TEST_CASE("failures: an unencrypted alert inside the server's flight") {
    constexpr auto v = protocol_version::tls_1_2;
    for (auto const last :
         {handshake_message::server_hello, handshake_message::certificate, handshake_message::server_key_exchange,
          handshake_message::certificate_request, handshake_message::server_hello_done}) {
        bool const asked =
            last == handshake_message::certificate_request || last == handshake_message::server_hello_done;
        for (alert const a : alerts) {
            bool const answered = last == handshake_message::server_hello_done;
            row r = alert_row(v, a, "after " + std::string(tls::name(last)), {asked, answered});
            r.what.server = serving(asking_server(v));
            r.what.network_rule = [=](std::size_t, testbed::bytes& record) {
                if (message_in(record) != last) return io_trouble::none;
                testbed::append(record, fatal(a));
                return io_trouble::end;
            };
            check(r);
        }
    }
}

TEST_CASE("failures: an alert instead of the server's Finished") {
    constexpr auto v = protocol_version::tls_1_2;
    for (bool const with_identity : {false, true}) {
        for (alert const a : alerts) {
            row r = alert_row(
                v, a, with_identity ? "after our certificate" : "after our empty Certificate", {true, !with_identity});
            if (with_identity) r.what.client.who = identity(pki().client);
            r.what.server = serving(asking_server(v));
            r.what.network_rule = [=](std::size_t, testbed::bytes& record) {
                if (record[0] != std::byte{testbed::wire::change_cipher_spec}) return io_trouble::none;
                record = fatal(a);
                return io_trouble::end;
            };
            check(r);
        }
    }
}

TEST_CASE("failures: an encrypted alert inside the server's flight") {
    constexpr auto v = protocol_version::tls_1_3;
    for (auto const last :
         {handshake_message::encrypted_extensions, handshake_message::certificate_request,
          handshake_message::certificate, handshake_message::certificate_verify}) {
        for (alert const a : alerts) {
            bool const asked = last != handshake_message::encrypted_extensions;
            row r = alert_row(v, a, "after " + std::string(tls::name(last)), {.asked = asked});
            auto options = asking_server(v);
            options.stop_with = testbed::early_alert{last, tls::number(a)};
            r.what.server = serving(options);
            check(r);
        }
    }
}

TEST_CASE("failures: an unencrypted alert after the ServerHello of TLS 1.3") {
    constexpr auto v = protocol_version::tls_1_3;
    for (alert const a : {alert::handshake_failure, alert::internal_error, alert::unrecognized_name}) {
        row r = alert_row(v, a, "unencrypted after ServerHello", {});
        r.what.server = serving(good_server(v));
        r.what.network_rule = [=](std::size_t, testbed::bytes& record) {
            if (message_in(record) != handshake_message::server_hello) return io_trouble::none;
            testbed::append(record, fatal(a));
            return io_trouble::end;
        };
        check(r);
    }
}

TEST_CASE("failures: an alert once connected, read or met while writing") {
    for (protocol_version const v : versions) {
        for (bool const asked : {false, true}) {
            for (bool const writing : {false, true}) {
                for (alert const a : alerts) {
                    row r = alert_row(
                        v, a, writing ? "while writing" : "while reading",
                        {.asked = asked, .sent_none = asked, .established = true});
                    r.phase = writing ? tls::phase::writing : tls::phase::reading;
                    r.what.server = serving(asked ? asking_server(v) : good_server(v), [a](testbed::mbedtls_server& s) {
                        s.send_alert(2, tls::number(a));
                    });
                    if (writing) {
                        r.what.then = scenario::activity::write;
                        r.what.on_write = io_trouble::broken;
                    }
                    check(r);
                }
            }
        }
    }
}

TEST_CASE("failures: alerts of level warning") {
    // In TLS 1.2 a warning is not a reason to give up; in TLS 1.3 the level says nothing (RFC 8446 section 6).
    for (alert const a : {alert::unrecognized_name, alert::handshake_failure, alert::user_canceled}) {
        row before{.name = named(protocol_version::tls_1_2, tls::name(a)), .expected = errc::peer_closed};
        before.what.client = only(protocol_version::tls_1_2);
        before.what.server = serving(good_server(protocol_version::tls_1_2));
        before.what.network_rule = [a](std::size_t, testbed::bytes& record) {
            if (message_in(record) != handshake_message::server_hello) return io_trouble::none;
            testbed::bytes both = testbed::wire::make_alert(1, tls::number(a));
            testbed::append(both, record);
            record = both;
            return io_trouble::end;
        };
        check(before);
    }
    for (alert const a : {alert::unrecognized_name, alert::internal_error}) {
        row r = alert_row(protocol_version::tls_1_3, a, "as a warning, inside the flight", {});
        auto options = good_server(protocol_version::tls_1_3);
        options.stop_with = testbed::early_alert{handshake_message::encrypted_extensions, tls::number(a), 1};
        r.what.server = serving(options);
        r.differs = {r.expected, errc::peer_closed, "Mbed TLS takes no notice of warnings"};
        check(r);

        row once = alert_row(protocol_version::tls_1_3, a, "as a warning, once connected", {.established = true});
        once.phase = tls::phase::reading;
        once.what.server = serving(good_server(protocol_version::tls_1_3), [a](testbed::mbedtls_server& s) {
            s.send_alert(1, tls::number(a));
        });
        once.differs = {once.expected, errc::truncated, "Mbed TLS takes no notice of warnings"};
        check(once);
    }
}

} // namespace parity::failures_alerts_cases
