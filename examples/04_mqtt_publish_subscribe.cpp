// SPDX-License-Identifier: Apache-2.0
// A device with an MQTT broker that requires client certificates, as AWS IoT Core does: connects, subscribes to a
// topic, publishes to it and prints what comes back. The same program runs on either TLS library.
#include "mqtt.hpp"
#include <tls/client.hpp>
#include <tls/diagnosis/explain.hpp>
#include <tls/mbedtls.hpp>
#include <tls/transport/tcp.hpp>
#include <tls/wolfssl.hpp>

#include <charconv>
#include <iostream>
#include <span>
#include <unistd.h>

namespace {

constexpr std::string_view usage = R"(usage: 04_mqtt_publish_subscribe [options]
  --backend wolfssl|mbedtls    the TLS library (required)
  --host NAME                  the broker (required)
  --port N                     default 8883; on 443 the ALPN protocol x-amzn-mqtt-ca is offered
  --ca FILE                    trusted authorities, PEM (required)
  --cert FILE                  our certificate chain, leaf first, PEM (required)
  --key FILE                   its private key, PEM (required)
  --topic TEXT                 default test/topic
  --message TEXT               default "Hello World!"; numbered when there are several
  --client-id TEXT             default made from the process id
  --count N                    messages to publish and to wait for; default 10
  --timeout SECONDS            for everything together; default 30
  --tls 1.2|1.3                this version only
  --publish-only               do not subscribe
  --subscribe-only             do not publish
)";

struct options {
    std::string backend{};
    std::string host{};
    unsigned port = 8883;
    std::string ca{};
    std::string certificate{};
    std::string key{};
    std::string topic = "test/topic";
    std::string message = "Hello World!";
    std::string client_id = "twintls-" + std::to_string(::getpid());
    unsigned count = 10;
    unsigned timeout = 30;
    std::optional<tls::protocol_version> version{};
    bool publish = true;
    bool subscribe = true;
    bool help = false;
};

using parsed = std::expected<options, std::string>;

/// A whole number from 1 to `most`.
std::optional<unsigned> number(std::string_view text, unsigned most) {
    unsigned value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    bool const whole = error == std::errc() && end == text.data() + text.size();
    return whole && value >= 1 && value <= most ? std::optional(value) : std::nullopt;
}

/// Sets one option that takes a value; false if the value is wrong, nothing if there is no such option.
std::optional<bool> set(options& o, std::string_view name, std::string_view value) {
    auto const set_number = [&](unsigned& to, unsigned most) {
        auto const n = number(value, most);
        to = n.value_or(to);
        return n.has_value();
    };
    auto const set_text = [&](std::string& to) {
        to = value;
        return !to.empty();
    };
    if (name == "--backend") return set_text(o.backend) && (value == "wolfssl" || value == "mbedtls");
    if (name == "--host") return set_text(o.host);
    if (name == "--port") return set_number(o.port, 65535);
    if (name == "--ca") return set_text(o.ca);
    if (name == "--cert") return set_text(o.certificate);
    if (name == "--key") return set_text(o.key);
    if (name == "--topic") return set_text(o.topic) && mqtt::is_filter(value);
    if (name == "--message") return set_text(o.message);
    if (name == "--client-id") return set_text(o.client_id);
    if (name == "--count") return set_number(o.count, 1'000'000);
    if (name == "--timeout") return set_number(o.timeout, 1'000);
    if (name == "--tls") {
        o.version = value == "1.2" ? tls::protocol_version::tls_1_2 : tls::protocol_version::tls_1_3;
        return value == "1.2" || value == "1.3";
    }
    return std::nullopt;
}

std::unexpected<std::string> complaint(std::initializer_list<std::string_view> parts) {
    std::string text;
    for (std::string_view const part : parts) text += part;
    return std::unexpected(std::move(text));
}

parsed parse(std::span<char*> arguments) {
    options o;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        std::string const name = arguments[i];
        if (name == "--help") {
            o.help = true;
            return o;
        }
        if (name == "--publish-only") {
            o.subscribe = false;
            continue;
        }
        if (name == "--subscribe-only") {
            o.publish = false;
            continue;
        }
        std::string const value = i + 1 < arguments.size() ? arguments[i + 1] : "";
        auto const accepted = set(o, name, value);
        if (!accepted) return complaint({"no such option: ", name});
        if (i + 1 == arguments.size()) return complaint({name, " needs a value"});
        if (!*accepted) return complaint({"not a value for ", name, ": ", value});
        ++i;
    }
    std::pair<std::string_view, std::string const&> const required[] = {
        {"--backend", o.backend}, {"--host", o.host}, {"--ca", o.ca}, {"--cert", o.certificate}, {"--key", o.key}};
    for (auto const& [name, value] : required)
        if (value.empty()) return complaint({name, " is missing"});
    if (!o.publish && !o.subscribe) return complaint({"--publish-only and --subscribe-only exclude each other"});
    if (o.publish && !mqtt::is_topic(o.topic)) return complaint({"cannot publish to a topic with wildcards"});
    return o;
}

/// What comes from the network must not control the terminal.
std::string printable(std::string text) {
    for (char& c : text)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
    return text;
}

int failed(std::string_view what, tls::error const& e) {
    std::cerr << what << ": " << tls::explain(e) << '\n';
    return 1;
}

/// All of the MQTT part; knows nothing of TLS.
template <class Session> mqtt::result<void> talk(Session& session, options const& o) {
    constexpr std::uint16_t keep_alive = 1200; // longer than this program lives, so it never has to ping
    constexpr unsigned qos = 1;
    mqtt::connection mqtt(session);
    if (auto opened = mqtt.open(o.client_id, keep_alive); !opened) return opened;

    if (o.subscribe) {
        if (auto subscribed = mqtt.subscribe(o.topic, qos); !subscribed) return subscribed;
        std::cout << "subscribed to " << o.topic << '\n' << std::flush; // at once: somebody may wait for this line
    }
    for (unsigned i = 1; o.publish && i <= o.count; ++i) {
        std::string const payload = o.count == 1 ? o.message : o.message + " [" + std::to_string(i) + "]";
        if (auto published = mqtt.publish(o.topic, payload, qos); !published) return published;
        std::cout << "published to " << o.topic << ": " << payload << '\n';
    }
    for (unsigned i = 1; o.subscribe && i <= o.count; ++i) {
        auto const m = mqtt.receive();
        if (!m) return std::unexpected(m.error());
        std::cout << "received on " << printable(m->topic) << ": " << printable(m->payload) << '\n';
    }
    return mqtt.close();
}

template <class Backend> int run(options const& o) {
    auto const timeout = std::chrono::seconds(o.timeout);
    auto builder = tls::client<Backend>::configure()
                       .trust(tls::trust_anchors::from_pem_file(o.ca))
                       .identity(tls::identity::from_pem_files(o.certificate, o.key));
    if (o.port == 443) builder = std::move(builder).alpn({"x-amzn-mqtt-ca"});
    if (o.version) builder = std::move(builder).versions(*o.version, *o.version);
    auto const client = std::move(builder).build();
    if (!client) return failed("configuring", client.error());
    if (client->identity_is_out_of_date()) std::cerr << "warning: our certificate is not valid now\n";

    auto stream = tls::tcp_stream::connect(
        o.host, static_cast<std::uint16_t>(o.port),
        {.connect_timeout = timeout, .read_timeout = timeout, .write_timeout = timeout});
    if (!stream) return failed("connecting", stream.error());
    stream->expires_after(timeout);
    auto session = client->connect(tls::server_name::parse(o.host), std::move(*stream));
    if (!session) return failed("TLS handshake", session.error());

    tls::facts const facts = session->facts();
    std::cout << "connected to " << o.host << " with " << Backend::name << ' ' << Backend::version() << ": "
              << name(facts.version) << ", " << name(facts.suite) << '\n';
    if (auto const talked = talk(*session, o); !talked) {
        std::cerr << talked.error().text() << '\n';
        return 1;
    }
    (void)session->close(); // the broker may have hung up first, which DISCONNECT asks it to do
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    auto const o = parse(std::span(argv, static_cast<std::size_t>(argc)).subspan(1));
    if (!o) {
        std::cerr << o.error() << "\n\n" << usage;
        return 2;
    }
    if (o->help) {
        std::cout << usage;
        return 0;
    }
    return o->backend == "wolfssl" ? run<tls::wolfssl>(*o) : run<tls::mbedtls>(*o);
}
