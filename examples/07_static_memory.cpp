// SPDX-License-Identifier: Apache-2.0
// All memory of twintls and of the C library from one static block: mutual TLS in so many KiB, and how much was needed.
//
//   07_static_memory <wolfssl | mbedtls> <KiB> <host> <port> <ca.pem> <certificate-chain.pem> <private-key.pem>
#include <tls/client.hpp>
#include <tls/core/memory.hpp>
#include <tls/diagnosis/explain.hpp>
#include <tls/mbedtls.hpp>
#include <tls/transport/tcp.hpp>
#include <tls/wolfssl.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <mutex>
#include <span>
#include <string_view>
#include <utility>

/// The first block that is large enough, out of a list sorted by address; neighbours that are free become one.
class pool {
public:
    explicit pool(std::span<std::byte> memory) noexcept
        : free_(::new(memory.data()) block{memory.size() / unit, nullptr}) {}

    [[nodiscard]] void* allocate(std::size_t bytes) noexcept {
        std::scoped_lock const guard(lock_);
        std::size_t const wanted = (bytes + unit - 1) / unit + 1; // and a unit that says how many they are
        for (block** link = &free_; *link != nullptr; link = &(*link)->next) {
            block* const found = *link;
            if (found->units < wanted) continue;
            if (found->units == wanted) {
                *link = found->next;
            } else {
                *link = ::new (found + wanted) block{found->units - wanted, found->next};
                found->units = wanted;
            }
            return found + 1;
        }
        return nullptr;
    }

    void free(void* p) noexcept {
        std::scoped_lock const guard(lock_);
        auto* const given = static_cast<block*>(p) - 1;
        block* before = nullptr;
        block* after = free_;
        while (after != nullptr && after < given) {
            before = after;
            after = after->next;
        }
        given->next = after;
        (before == nullptr ? free_ : before->next) = given;
        join(given);
        if (before != nullptr) join(before);
    }

private:
    struct alignas(std::max_align_t) block {
        std::size_t units;
        block* next; // while it is free
    };
    static constexpr std::size_t unit = sizeof(block);

    static void join(block* b) noexcept {
        if (b->next == nullptr || b + b->units != b->next) return;
        b->units += b->next->units;
        b->next = b->next->next;
    }

    std::mutex lock_;
    block* free_;
};

alignas(std::max_align_t) static std::array<std::byte, std::size_t{1024} * 1024> memory;

static int failed(tls::error const& e) {
    std::cerr << tls::explain(e) << '\n';
    return 1;
}

template <tls::backend Backend> static int run(char** argv) {
    auto client = tls::client<Backend>::configure()
                      .trust(tls::trust_anchors::from_pem_file(argv[5]))
                      .identity(tls::identity::from_pem_files(argv[6], argv[7]))
                      .build();
    if (!client) return failed(client.error());
    std::cout << "the client: " << tls::memory_in_use().bytes << " bytes\n";

    auto const port = static_cast<std::uint16_t>(std::strtoul(argv[4], nullptr, 10));
    auto stream = tls::tcp_stream::connect(argv[3], port);
    if (!stream) return failed(stream.error());
    auto session = client->connect(tls::server_name::parse(argv[3]), std::move(*stream));
    if (!session) return failed(session.error());

    std::string_view const request = "HEAD / HTTP/1.0\r\n\r\n";
    if (auto const sent = session->write_all(std::as_bytes(std::span(request))); !sent) return failed(sent.error());
    std::array<std::byte, 4096> answer;
    if (auto const count = session->read_some(answer); !count) return failed(count.error());

    tls::memory_usage const used = tls::memory_in_use();
    std::cout << "with a session: " << used.bytes << " bytes, in the handshake " << used.most_bytes << ", in "
              << used.allocations << " allocations\n";
    if (auto const closed = session->close(); !closed) return failed(closed.error());
    return 0;
}

int main(int argc, char** argv) {
    if (argc != 8) {
        std::cerr << "usage: 07_static_memory <wolfssl | mbedtls> <KiB> <host> <port> <ca.pem> "
                     "<certificate-chain.pem> <private-key.pem>\n";
        return 2;
    }
    std::size_t const size = std::min<std::size_t>(1024 * std::strtoul(argv[2], nullptr, 10), memory.size());
    static pool all(std::span<std::byte>(memory).first(std::max<std::size_t>(size, 1024)));

    // Before anything else: what was allocated elsewhere could not be given back.
    auto const set = tls::set_memory(
        {.allocate = [](void* user, std::size_t bytes) noexcept { return static_cast<pool*>(user)->allocate(bytes); },
         .free = [](void* user, void* block) noexcept { static_cast<pool*>(user)->free(block); },
         .user = &all});
    if (!set) return failed(set.error());
    return std::string_view(argv[1]) == "wolfssl" ? run<tls::wolfssl>(argv) : run<tls::mbedtls>(argv);
}
