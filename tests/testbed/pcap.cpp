// SPDX-License-Identifier: Apache-2.0
#include "pcap.hpp"

#include <algorithm>
#include <cstddef>
#include <span>

namespace testbed {
namespace {

constexpr unsigned fin = 0x01;
constexpr unsigned syn = 0x02;
constexpr unsigned push = 0x08;
constexpr unsigned ack = 0x10;

void put_8(bytes& to, unsigned v) { to.push_back(static_cast<std::byte>(v & 0xFF)); }
void put_16(bytes& to, unsigned v) {
    put_8(to, v >> 8);
    put_8(to, v);
}
void put_32(bytes& to, std::uint32_t v) {
    put_16(to, v >> 16);
    put_16(to, v & 0xFFFF);
}

// The file's own numbers are little-endian, as its magic number says.
void put_32_little(bytes& to, std::uint32_t v) {
    for (unsigned shift = 0; shift < 32; shift += 8) put_8(to, v >> shift);
}

// RFC 1071: the ones' complement sum.
unsigned checksum(byte_view data) {
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < data.size(); ++i)
        sum += std::to_integer<std::uint32_t>(data[i]) << (i % 2 == 0 ? 8U : 0U);
    while (sum >> 16 != 0) sum = (sum & 0xFFFF) + (sum >> 16);
    return ~sum & 0xFFFF;
}

void set_16(bytes& in, std::size_t at, unsigned v) {
    in[at] = static_cast<std::byte>(v >> 8);
    in[at + 1] = static_cast<std::byte>(v & 0xFF);
}

} // namespace

tcp_capture::tcp_capture() {
    packet(client_, server_, syn, {});
    packet(server_, client_, syn | ack, {});
    packet(client_, server_, ack, {});
}

void tcp_capture::segments(end& from, end const& to, byte_view data) {
    constexpr std::size_t largest = 1460;
    while (!data.empty()) {
        auto const part = data.first(std::min(largest, data.size()));
        packet(from, to, push | ack, part);
        data = data.subspan(part.size());
    }
}

void tcp_capture::packet(end& from, end const& to, unsigned flags, byte_view data) {
    constexpr unsigned header = 20; // of IPv4 and of TCP, both without options
    constexpr unsigned protocol = 6;
    auto const payload = static_cast<unsigned>(data.size());

    bytes tcp;
    put_16(tcp, from.port);
    put_16(tcp, to.port);
    put_32(tcp, from.next);
    put_32(tcp, (flags & ack) != 0 ? to.next : 0);
    put_16(tcp, (header / 4) << 12 | flags);
    put_16(tcp, 65535); // window
    put_32(tcp, 0);     // checksum, urgent pointer
    append(tcp, data);
    bytes summed;
    put_32(summed, from.address);
    put_32(summed, to.address);
    put_16(summed, protocol);
    put_16(summed, header + payload);
    append(summed, tcp);
    set_16(tcp, 16, checksum(summed));

    bytes ip;
    put_16(ip, 0x4500); // version 4, header of five words
    put_16(ip, header + header + payload);
    put_16(ip, count_);
    put_16(ip, 0x4000); // not to be fragmented
    put_16(ip, 64 << 8 | protocol);
    put_16(ip, 0); // checksum
    put_32(ip, from.address);
    put_32(ip, to.address);
    set_16(ip, 10, checksum(ip));

    bytes const ethernet = octets({2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x08, 0x00});
    auto const size = static_cast<std::uint32_t>(ethernet.size() + ip.size() + tcp.size());
    put_32_little(packets_, 1 + count_ / 1000);
    put_32_little(packets_, count_ % 1000 * 1000);
    put_32_little(packets_, size);
    put_32_little(packets_, size);
    append(packets_, ethernet);
    append(packets_, ip);
    append(packets_, tcp);

    ++count_;
    from.next += payload + ((flags & (syn | fin)) != 0 ? 1 : 0);
}

bytes tcp_capture::file() const {
    tcp_capture ended = *this;
    ended.packet(ended.client_, ended.server_, fin | ack, {});
    ended.packet(ended.server_, ended.client_, fin | ack, {});
    ended.packet(ended.client_, ended.server_, ack, {});
    bytes out;
    put_32_little(out, 0xA1B2C3D4);    // magic number: times in microseconds
    put_32_little(out, 2U | 4U << 16); // version 2.4
    put_32_little(out, 0);             // time zone
    put_32_little(out, 0);             // accuracy
    put_32_little(out, 65535);         // longest packet
    put_32_little(out, 1);             // Ethernet
    append(out, ended.packets_);
    return out;
}

} // namespace testbed
