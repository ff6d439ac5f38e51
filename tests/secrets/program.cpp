// SPDX-License-Identifier: Apache-2.0
#include "memory_scan.hpp"
#include <tls/client.hpp>
#include <tls/diagnosis/explain.hpp>
#include <tls/mbedtls.hpp>
#include <tls/transport/tcp.hpp>
#include <tls/wolfssl.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#if defined(__GLIBC__)
#    include <malloc.h>
#endif

/// twintls_secrets_program <backend> <version> <port> <folder> <life> <name=masked octets in hexadecimal>...
///
/// Lives one of these lives with the identity in the folder, and gives everything back: `whole` sends `request` to a
/// server that echoes; `resumed` does so twice, with a ticket; `refused` and `damaged` connect to a server that is not
/// trusted, and over a wire that changes a bit of the server's Finished; `unbuilt` has a wrong password or key; `psk`
/// is `whole` with a pre-shared key instead, and `wrong psk` with one that the server does not have.
///
/// What it learns that secrets can be derived from it says, "? <name> <octets in hexadecimal>", masked if they are
/// secret, and after "??" it reads more of what to look for, as above, up to an empty line. In the end it says what of
/// all that is in memory, a line each; "nothing" if nothing is.
namespace {

using secrets::masked;

std::vector<unsigned char> octets_of(std::string_view digits) {
    std::vector<unsigned char> octets;
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
        unsigned octet = 0;
        std::from_chars(digits.data() + i, digits.data() + i + 2, octet, 16);
        octets.push_back(static_cast<unsigned char>(octet));
    }
    return octets;
}

/// "<name>=<octets>"
masked argument(std::string_view text) {
    auto const equals = text.find('=');
    return {std::string(text.substr(0, equals)), octets_of(text.substr(equals + 1))};
}

/// The secrets of a connection, as the library hands them out for a key log: the last word of each line.
void keep_masked(void* user, std::string_view line) noexcept {
    auto& all = *static_cast<std::vector<masked>*>(user);
    auto const digits = line.substr(line.rfind(' ') + 1);
    masked m{std::string(line.substr(0, line.find(' '))), octets_of(digits)};
    for (unsigned char& octet : m.octets) octet = static_cast<unsigned char>(octet ^ masked::mask);
    if (m.name == "CLIENT_RANDOM") // the only line in which the word before it is needed
        all.push_back({"client random", octets_of(line.substr(m.name.size() + 1, 64))});
    all.push_back(std::move(m));
}

/// Turns masked octets into what they stand for, for as long as it lives.
class unmasked {
public:
    explicit unmasked(masked const& m) : size_(m.octets.size()) {
        for (std::size_t i = 0; i != size_; ++i) text_[i] = static_cast<char>(m.octets[i] ^ masked::mask);
    }
    unmasked(unmasked const&) = delete;
    unmasked& operator=(unmasked const&) = delete;
    ~unmasked() { tls::x509::wipe(std::as_writable_bytes(std::span(text_))); }
    [[nodiscard]] std::string_view view() const { return {text_.data(), size_}; }

private:
    std::array<char, 4096> text_{};
    std::size_t size_;
};

masked const& named(std::vector<masked> const& all, std::string_view name) {
    for (masked const& m : all)
        if (m.name == name) return m;
    std::printf("no %s\n", std::string(name).c_str());
    std::exit(2);
}

template <class E> [[noreturn]] void fail(E const& e) {
    std::printf("%s\n", tls::explain(e).c_str());
    std::exit(2);
}

/// A connection that notes the server's random number, and may change the last bit of what says Finished.
class observed {
public:
    observed(tls::tcp_stream inner, std::vector<masked>& noted, bool damages) noexcept
        : inner_(std::move(inner)),
          noted_(&noted),
          damages_(damages) {}

    [[nodiscard]] tls::io_result read_some(std::span<std::byte> into) noexcept {
        auto const r = inner_.read_some(into);
        for (std::size_t i = 0; r.status == tls::io_status::ok && i != r.bytes; ++i) see(into[i]);
        return r;
    }
    [[nodiscard]] tls::io_result write_some(std::span<std::byte const> from) noexcept {
        return inner_.write_some(from);
    }

private:
    void see(std::byte& b) noexcept {
        constexpr std::size_t header = 5;
        constexpr std::size_t random_at = header + 4 + 2; // behind type and length of the message, and its version
        constexpr int finished_of_1_3 = 5;                // behind a request, and in a record of its own
        if (in_record_ < header) {
            if (in_record_ == 0) type_ = std::to_integer<int>(b);
            if (in_record_ == 3) size_ = std::to_integer<std::size_t>(b) << 8U;
            if (in_record_ == 4) size_ += std::to_integer<std::size_t>(b);
        } else if (is_first_ && in_record_ >= random_at && in_record_ < random_at + 32) {
            if (in_record_ == random_at) noted_->push_back({"server random", {}});
            noted_->back().octets.push_back(std::to_integer<unsigned char>(b));
        }
        ++in_record_;
        if (in_record_ < header || in_record_ != header + size_) return;
        in_record_ = 0;
        is_first_ = false;
        if (type_ == 23) ++sealed_;
        if (damages_ && ((type_ == 22 && spec_) || (type_ == 23 && sealed_ == finished_of_1_3))) b ^= std::byte{1};
        spec_ = type_ == 20;
    }

    tls::tcp_stream inner_;
    std::vector<masked>* noted_;
    std::size_t in_record_ = 0;
    std::size_t size_ = 0;
    int type_ = 0;
    int sealed_ = 0;
    bool is_first_ = true;
    bool spec_ = false;
    bool damages_;
};

/// Says what was learnt and adds what follows from it.
void ask(std::vector<masked>& all, std::vector<masked>& learnt) {
    for (masked const& m : learnt) {
        std::printf("? %s ", m.name.c_str());
        for (unsigned char const octet : m.octets) std::printf("%02x", octet);
        std::printf("\n");
        if (!m.name.ends_with(" random") && m.name != "ticket") all.push_back(m);
    }
    std::printf("??\n");
    std::fflush(stdout);
    for (std::string line; std::getline(std::cin, line) && !line.empty();) all.push_back(argument(line));
    learnt.clear();
}

/// True if the search finds each secret that must be there while a connection lives, as it is or turned round.
[[gnu::noinline]] bool finds_all_kept(std::vector<masked> const& all) {
    auto const found = secrets::find_in_memory(all);
    return std::ranges::all_of(all, [&](masked const& m) {
        bool const passes_by =
            m.name == "request" || m.name.starts_with("the key's") || m.name.find("HANDSHAKE") != std::string::npos;
        auto const first_name = m.name.substr(0, m.name.find(','));
        bool const is_there =
            passes_by || std::ranges::any_of(found, [&](std::string const& f) { return f.starts_with(first_name); });
        if (!is_there) std::printf("not seen while it is there: %s\n", m.name.c_str());
        return is_there;
    });
}

struct plan {
    tls::protocol_version version;
    std::uint16_t port;
    std::string folder;
    std::string life;
};

/// Sends `request` and waits for it to come back.
template <class Session> [[gnu::noinline]] void talk(Session& session, std::vector<masked> const& all) {
    unmasked const request(named(all, "request"));
    auto const text = request.view();
    if (auto const sent = session.write_all(std::as_bytes(std::span(text))); !sent) fail(sent.error());
    std::array<std::byte, 4096> reply{};
    for (std::size_t have = 0; have < text.size();) {
        auto const n = session.read_some(std::span(reply).subspan(have));
        if (!n) fail(n.error());
        have += *n;
    }
    tls::x509::wipe(reply);
}

/// Sealed with a key that the test knows.
template <class B> [[gnu::noinline]] void say_ticket(tls::ticket const& t, std::vector<masked>& learnt) {
    std::array<std::byte, tls::storage_key::size> const zeros{};
    auto const sealed = t.serialize<B>(tls::storage_key(zeros));
    if (!sealed) fail(sealed.error());
    masked m{"ticket", {}};
    for (std::byte const b : sealed->span()) m.octets.push_back(std::to_integer<unsigned char>(b));
    learnt.push_back(std::move(m));
}

/// A client that shares a key with its server. With TLS 1.2 its suite is not one whose keys the test can derive.
template <class B>
[[gnu::noinline]] tls::result<tls::client<B>>
client_with_psk(plan const& p, std::vector<masked> const& all, std::vector<masked>& learnt) {
    unmasked const key(named(all, "pre-shared key"));
    auto builder = tls::client<B>::configure().versions(p.version, p.version);
    if (p.version == tls::protocol_version::tls_1_3)
        builder = std::move(builder)
                      .suites({tls::cipher_suite::aes_128_gcm_sha256})
                      .key_log(tls::key_log_sink{keep_masked, &learnt});
    return std::move(builder).psk("secrets", std::as_bytes(std::span(key.view()))).build();
}

/// The whole life of a client.
template <class B> [[gnu::noinline]] void live(plan const& p, std::vector<masked>& all, bool& found_alive) {
    using enum tls::cipher_suite;
    static constexpr std::array suites = {
        ecdhe_ecdsa_aes_128_gcm_sha256, ecdhe_rsa_aes_128_gcm_sha256, aes_128_gcm_sha256};
    bool const is_1_3 = p.version == tls::protocol_version::tls_1_3;
    std::size_t const first = is_1_3 ? 2 : 0;
    std::size_t const count = is_1_3 ? 1 : 2;
    std::vector<masked> learnt;
    learnt.reserve(16);
    {
        bool const has_psk = p.life.ends_with("psk");
        std::optional<tls::result<tls::identity>> who;
        if (!has_psk) {
            unmasked const password(named(all, "password"));
            who = tls::identity::from_pem_files(p.folder + "/chain.pem", p.folder + "/key.pem", password.view());
        }
        auto const client = has_psk ? client_with_psk<B>(p, all, learnt) : [&] {
            auto trusting =
                tls::client<B>::configure().trust(tls::trust_anchors::from_pem_file(p.folder + "/root.pem"));
            auto decided =
                p.life == "several" ? std::move(trusting).identities({*who, *who}) : std::move(trusting).identity(*who);
            return std::move(decided)
                .versions(p.version, p.version)
                .suites(std::span(suites).subspan(first, count))
                .resumption(tls::own_tickets)
                .key_log(tls::key_log_sink{keep_masked, &learnt})
                .build();
        }();
        bool const is_planned = p.life == "unbuilt" ? !client && (client.error() == tls::errc::wrong_password ||
                                                                  client.error() == tls::errc::key_mismatch)
                                                    : client.has_value();
        if (!is_planned) std::printf("built, or not, against the plan\n");
        if (!is_planned && !client) fail(client.error());
        found_alive = !client;
        if (client) {
            std::optional<tls::ticket> ticket;
            for (int left = p.life == "resumed" ? 2 : 1; left-- > 0;) {
                auto tcp = tls::tcp_stream::connect("127.0.0.1", p.port);
                if (!tcp) fail(tcp.error());
                auto session = client->connect(
                    tls::server_name::dns("localhost"), observed(std::move(*tcp), learnt, p.life == "damaged"),
                    std::exchange(ticket, std::nullopt));
                bool const must_fail = p.life == "refused" || p.life == "damaged" || p.life == "wrong psk";
                if (session.has_value() == must_fail ||
                    (p.life == "refused" && session.error() != tls::errc::untrusted) ||
                    (p.life == "damaged" && session.error() != tls::errc::bad_record_mac) ||
                    (p.life == "wrong psk" && session.error() != tls::errc::psk_mismatch))
                    std::printf("connected, or not, against the plan\n");
                if (!session && !must_fail) fail(session.error());
                if (!session) {
                    found_alive = true;
                    break;
                }
                talk(*session, all);
                if (p.life == "resumed") {
                    ticket = session->take_ticket();
                    if (left != 0 && !ticket) std::printf("no ticket\n");
                    if (left == 0 && !session->facts().resumed) std::printf("not resumed\n");
                    if (ticket) say_ticket<B>(*ticket, learnt);
                }
                // While they are in use they are there: what follows can fail.
                ask(all, learnt);
                if (left == 0) found_alive = p.life == "resumed" || finds_all_kept(all);
                if (auto const closed = session->close(); !closed) fail(closed.error());
            }
        }
    }
    ask(all, learnt);
}

} // namespace

int main(int count, char** values) {
    if (count < 6) return 2;
#if defined(__GLIBC__)
    ::mallopt(M_TRIM_THRESHOLD, INT_MAX); // what was used stays, so that it can be looked at
#endif
    std::vector<masked> all;
    for (int i = 6; i < count; ++i) all.push_back(argument(values[i]));
    plan const p{
        .version =
            std::string_view(values[2]) == "1.3" ? tls::protocol_version::tls_1_3 : tls::protocol_version::tls_1_2,
        .port = static_cast<std::uint16_t>(std::atoi(values[3])),
        .folder = values[4],
        .life = values[5]};
    bool found_alive = false;
    std::string_view const backend = values[1];
    if (backend == tls::wolfssl::name) live<tls::wolfssl>(p, all, found_alive);
    if (backend == tls::mbedtls::name) live<tls::mbedtls>(p, all, found_alive);
    if (!found_alive) std::printf("the search does not find what is there\n");
    auto const found = secrets::find_in_memory(all);
    for (std::string const& what : found) std::printf("%s\n", what.c_str());
    if (found.empty()) std::printf("nothing\n");
    return found.empty() && found_alive ? 0 : 1;
}
