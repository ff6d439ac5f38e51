// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bytes.hpp"

#include <cstdint>

namespace testbed {

/// A capture of one TCP connection that was never on a network: what two ends in memory wrote, in order, as a file that
/// tcpdump, Wireshark and tshark can read.
///
/// Ethernet, IPv4 and TCP around the bytes: a three-way handshake, segments of at most 1460 bytes with true sequence
/// numbers and checksums, and an end. The server's port is 443. The clock starts at 1 and each packet takes a
/// millisecond, so that the same conversation gives the same file.
class tcp_capture {
public:
    tcp_capture();

    void client_wrote(byte_view data) { segments(client_, server_, data); }
    void server_wrote(byte_view data) { segments(server_, client_, data); }

    /// The capture so far, with the connection ended, as the content of a pcap file.
    [[nodiscard]] bytes file() const;

private:
    struct end {
        std::uint32_t address;
        std::uint16_t port;
        std::uint32_t next; ///< sequence number of the next byte this end sends
    };

    void segments(end& from, end const& to, byte_view data);
    void packet(end& from, end const& to, unsigned flags, byte_view data);

    bytes packets_;
    std::uint32_t count_ = 0;
    end client_{0x0A000001, 50000, 1000};
    end server_{0x0A000002, 443, 2000};
};

} // namespace testbed
