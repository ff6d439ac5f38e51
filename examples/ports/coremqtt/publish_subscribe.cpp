// SPDX-License-Identifier: Apache-2.0
// coreMQTT over twintls: connects, subscribes, publishes to itself, waits for the echo of each message, and
// disconnects. The backend is an argument, and nothing else changes with it.
//
//   coremqtt_publish_subscribe <wolfssl|mbedtls> <host> <port> <ca.pem> <chain.pem> <key.pem> [1.2|1.3] [messages]
//
// Built where -DTWINTLS_COREMQTT=<folder> says where coreMQTT's sources are (v5.0.2 was tried).
#include <tls/adapters/coremqtt.hpp>
#include <tls/any_client.hpp>
#include <tls/diagnosis/explain.hpp>
#include <tls/mbedtls.hpp>
#include <tls/transport/tcp.hpp>
#include <tls/wolfssl.hpp>

#include <array>
#include <chrono>
#include <core_mqtt.h>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace {

constexpr std::string_view topic = "twintls/coremqtt";
constexpr auto patience = std::chrono::seconds(30);

/// What came from the broker so far. coreMQTT's callback has no argument of ours.
struct arrivals {
    bool subscribed = false;
    bool acknowledged = false;
    std::optional<std::string> echo;
} arrived;

std::uint32_t milliseconds() {
    auto const now = std::chrono::steady_clock::now().time_since_epoch();
    return static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

bool on_packet(
    MQTTContext_t*, MQTTPacketInfo_t* packet, MQTTDeserializedInfo_t* info, MQTTSuccessFailReasonCode_t*,
    MQTTPropBuilder_t*, MQTTPropBuilder_t*) {
    switch (packet->type) {
    case MQTT_PACKET_TYPE_SUBACK: arrived.subscribed = info->deserializationResult == MQTTSuccess; break;
    case MQTT_PACKET_TYPE_PUBACK: arrived.acknowledged = true; break;
    default:
        if ((packet->type & 0xf0U) == MQTT_PACKET_TYPE_PUBLISH) {
            auto const& m = *info->pPublishInfo;
            arrived.echo.emplace(static_cast<char const*>(m.pPayload), m.payloadLength);
        }
    }
    return true;
}

int fail(std::string const& what) {
    std::cerr << what << '\n';
    return 1;
}

/// Lets coreMQTT work until something has come; false if it fails or takes too long.
template <class Condition> bool run_until(MQTTContext_t& mqtt, Condition has_come) {
    for (auto const end = std::chrono::steady_clock::now() + patience; !has_come();) {
        MQTTStatus_t const status = MQTT_ProcessLoop(&mqtt);
        if (status != MQTTSuccess && status != MQTTNeedMoreBytes) return false;
        if (std::chrono::steady_clock::now() > end) return false;
    }
    return true;
}

int converse(MQTTContext_t& mqtt, int messages) {
    static std::uint16_t packet = 0;
    MQTTSubscribeInfo_t subscription{};
    subscription.qos = MQTTQoS1;
    subscription.pTopicFilter = topic.data();
    subscription.topicFilterLength = topic.size();
    if (MQTT_Subscribe(&mqtt, &subscription, 1, ++packet, nullptr) != MQTTSuccess) return fail("subscribing");
    if (!run_until(mqtt, [] { return arrived.subscribed; })) return fail("waiting for SUBACK");
    std::cout << "subscribed to " << topic << '\n';
    for (int i = 1; i <= messages; ++i) {
        std::string const text = "hello from coreMQTT " + std::to_string(i);
        MQTTPublishInfo_t message{};
        message.qos = MQTTQoS1;
        message.pTopicName = topic.data();
        message.topicNameLength = topic.size();
        message.pPayload = text.data();
        message.payloadLength = text.size();
        arrived.acknowledged = false;
        arrived.echo.reset();
        if (MQTT_Publish(&mqtt, &message, ++packet, nullptr) != MQTTSuccess) return fail("publishing");
        if (!run_until(mqtt, [] { return arrived.acknowledged && arrived.echo; })) return fail("waiting for the echo");
        if (*arrived.echo != text) return fail("another message came: " + *arrived.echo);
        std::cout << "echo: " << text << '\n';
    }
    return MQTT_Disconnect(&mqtt, nullptr, nullptr) == MQTTSuccess ? 0 : fail("disconnecting");
}

} // namespace

int main(int argc, char** argv) {
    if (argc < 7 || argc > 9) {
        std::cerr << "usage: " << argv[0]
                  << " <wolfssl|mbedtls> <host> <port> <ca.pem> <chain.pem> <key.pem> [1.2|1.3] [messages]\n";
        return 2;
    }
    std::string const host = argv[2];
    bool const newest = argc < 8 || std::string_view(argv[7]) == "1.3";
    int const messages = argc < 9 ? 3 : std::atoi(argv[8]);

    auto const client = tls::any_client::build<tls::wolfssl, tls::mbedtls>(argv[1], [&](auto builder) {
        auto const version = newest ? tls::protocol_version::tls_1_3 : tls::protocol_version::tls_1_2;
        return std::move(builder)
            .trust(tls::trust_anchors::from_pem_file(argv[4]))
            .identity(tls::identity::from_pem_files(argv[5], argv[6]))
            .versions(version, version)
            .build();
    });
    if (!client) return fail("configuring: " + tls::explain(client.error()));
    auto tcp = tls::tcp_stream::connect(host, static_cast<std::uint16_t>(std::atoi(argv[3])));
    if (!tcp) return fail("connecting: " + tls::explain(tcp.error()));
    auto session = client->connect(tls::server_name::parse(host), std::move(*tcp));
    if (!session) return fail("handshake: " + tls::explain(session.error()));

    tls::coremqtt::transport over(*session);
    TransportInterface_t const functions = over.functions();
    std::array<std::uint8_t, 2048> buffer{};
    MQTTFixedBuffer_t const network_buffer = {buffer.data(), buffer.size()};
    std::array<MQTTPubAckInfo_t, 10> outgoing{};
    std::array<MQTTPubAckInfo_t, 10> incoming{};
    std::array<std::uint8_t, 200> ack_properties{};
    MQTTContext_t mqtt{};
    if (MQTT_Init(&mqtt, &functions, milliseconds, on_packet, &network_buffer) != MQTTSuccess ||
        MQTT_InitStatefulQoS(
            &mqtt, outgoing.data(), outgoing.size(), incoming.data(), incoming.size(), ack_properties.data(),
            ack_properties.size()) != MQTTSuccess)
        return fail("coreMQTT takes no such configuration");

    std::string const id = "coremqtt-" + std::to_string(milliseconds());
    MQTTConnectInfo_t introduction{};
    introduction.cleanSession = true;
    introduction.keepAliveSeconds = 60;
    introduction.pClientIdentifier = id.data();
    introduction.clientIdentifierLength = id.size();
    bool session_present = false;
    MQTTStatus_t const connected =
        MQTT_Connect(&mqtt, &introduction, nullptr, 30'000, &session_present, nullptr, nullptr);
    int const status = connected == MQTTSuccess ? converse(mqtt, messages)
                                                : fail(std::string("MQTT_Connect: ") + MQTT_Status_strerror(connected));
    // coreMQTT knows that its transport failed; the transport knows why.
    if (status != 0 && over.last_error()) return fail(tls::explain(*over.last_error()));
    if (auto const closed = session->close(); status == 0 && !closed)
        return fail("closing: " + tls::explain(closed.error()));
    return status;
}
