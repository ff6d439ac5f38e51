// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"
#include "testbed/bytes.hpp"
#include "testbed/process.hpp"
#include "testbed/sockets.hpp"
#include <tls/diagnosis/key_log.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <new>
#include <optional>
#include <string>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace unit::key_log_cases {
namespace {

using tls::key_log_file;
using tls::detail::key_log_line;
using tls::detail::logged_secret;

testbed::bytes counting(std::size_t size, unsigned from) {
    testbed::bytes out;
    for (std::size_t i = 0; i < size; ++i) out.push_back(static_cast<std::byte>(from + i));
    return out;
}

std::string content(std::string const& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void collect(void* to, std::string_view line) noexcept {
    static_cast<std::vector<std::string>*>(to)->emplace_back(line);
}

/// The environment variable for the time of a test.
class environment {
public:
    explicit environment(char const* value) {
        if (char const* const before = std::getenv(name)) before_ = before;
        set(value);
    }
    environment(environment const&) = delete;
    environment& operator=(environment const&) = delete;
    ~environment() { set(before_ ? before_->c_str() : nullptr); }

private:
    static void set(char const* value) {
        if (value != nullptr)
            REQUIRE(::setenv(name, value, 1) == 0);
        else
            REQUIRE(::unsetenv(name) == 0);
    }
    static constexpr char const* name = "SSLKEYLOGFILE";
    std::optional<std::string> before_;
};

TEST_CASE("a line of a key log has the NSS format") {
    auto const random = counting(32, 0);
    std::string const random_in_hex = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    SUBCASE("TLS 1.2") {
        key_log_line const line(logged_secret::tls_1_2_master, random, counting(48, 0xd0));
        CHECK(
            line.view() ==
            "CLIENT_RANDOM " + random_in_hex +
                " d0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfc"
                "fdfeff\n");
    }
    SUBCASE("TLS 1.3") {
        key_log_line const line(logged_secret::server_traffic, random, testbed::octets({0xab, 0x01}));
        CHECK(line.view() == "SERVER_TRAFFIC_SECRET_0 " + random_in_hex + " ab01\n");
    }
    SUBCASE("the longest of all") {
        key_log_line const line(logged_secret::client_handshake_traffic, random, counting(64, 0));
        CHECK(line.view().size() == 31 + 1 + 64 + 1 + 128 + 1);
    }
    SUBCASE("sizes that TLS does not have") {
        CHECK(key_log_line(logged_secret::tls_1_2_master, random, counting(65, 0)).view().empty());
        CHECK(key_log_line(logged_secret::tls_1_2_master, random, {}).view().empty());
        CHECK(key_log_line(logged_secret::tls_1_2_master, counting(31, 0), counting(48, 0)).view().empty());
        CHECK(key_log_line(logged_secret::tls_1_2_master, counting(33, 0), counting(48, 0)).view().empty());
    }
}

TEST_CASE("every secret has a label of its own, as RFC 9850 names it") {
    std::vector<std::string_view> labels;
    for (auto i = 0U; i <= static_cast<unsigned>(logged_secret::server_traffic); ++i)
        labels.push_back(label(static_cast<logged_secret>(i)));
    CHECK(
        labels == std::vector<std::string_view>{
                      "CLIENT_RANDOM", "CLIENT_EARLY_TRAFFIC_SECRET", "EARLY_EXPORTER_SECRET",
                      "CLIENT_HANDSHAKE_TRAFFIC_SECRET", "SERVER_HANDSHAKE_TRAFFIC_SECRET", "CLIENT_TRAFFIC_SECRET_0",
                      "SERVER_TRAFFIC_SECRET_0"});
}

TEST_CASE("nothing of a line stays in memory") {
    alignas(key_log_line) std::array<std::byte, sizeof(key_log_line)> memory{};
    auto* const line =
        new (memory.data()) key_log_line(logged_secret::tls_1_2_master, counting(32, 0), counting(48, 0xd0));
    auto const at = static_cast<std::size_t>(reinterpret_cast<std::byte const*>(line->view().data()) - memory.data());
    auto const size = line->view().size();
    line->~key_log_line();
    auto const left = testbed::byte_view(memory).subspan(at, size);
    CHECK(std::ranges::all_of(left, [](std::byte b) { return b == std::byte{0}; }));
}

TEST_CASE("a sink gets whole lines, and none for what is not a secret") {
    std::vector<std::string> lines;
    tls::key_log_sink const sink{collect, &lines};
    tls::detail::log_secret(sink, logged_secret::client_traffic, counting(32, 0), counting(32, 1));
    tls::detail::log_secret(sink, logged_secret::client_traffic, {}, counting(32, 1));
    REQUIRE(lines.size() == 1);
    CHECK(lines[0].starts_with("CLIENT_TRAFFIC_SECRET_0 "));
    CHECK(lines[0].ends_with("1f20\n"));
}

TEST_CASE("a key log file is for its owner only, and is appended to") {
    testbed::temporary_directory const folder;
    auto const path = (folder.path() / "keys.txt").string();
    mode_t const before = ::umask(0);
    auto const first = key_log_file::open(path);
    ::umask(before);
    REQUIRE(first);
    CHECK(*first);
    struct stat about{};
    REQUIRE(::stat(path.c_str(), &about) == 0);
    CHECK((about.st_mode & 0777) == 0600);

    auto const second = key_log_file::open(path);
    REQUIRE(second);
    for (auto const& file : {*first, *second, *first}) file.sink().write(file.sink().user, "a line\n");
    CHECK(content(path) == "a line\na line\na line\n");
}

TEST_CASE("lines from several threads are not mixed") {
    testbed::temporary_directory const folder;
    auto const path = (folder.path() / "keys.txt").string();
    auto const file = key_log_file::open(path);
    REQUIRE(file);
    constexpr int each = 200;
    std::vector<std::jthread> threads;
    for (unsigned t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < each; ++i)
                tls::detail::log_secret(
                    file->sink(), logged_secret::tls_1_2_master, testbed::bytes(32, std::byte(t)), counting(48, t));
        });
    threads.clear();
    std::ifstream in(path);
    std::array<int, 4> seen{};
    for (std::string line; std::getline(in, line);) {
        REQUIRE(line.size() == std::string("CLIENT_RANDOM ").size() + 64 + 1 + 96);
        auto const t = static_cast<unsigned>(line[15] - '0');
        REQUIRE(t < seen.size());
        CHECK(line.substr(79, 2) == "0" + std::to_string(t));
        ++seen[t];
    }
    for (int const n : seen) CHECK(n == each);
}

TEST_CASE("a key log file that cannot be opened is an error that names it") {
    testbed::temporary_directory const folder;
    auto const missing = (folder.path() / "no such folder" / "keys.txt").string();
    auto const failed = key_log_file::open(missing);
    REQUIRE(!failed);
    CHECK(failed.error().code == tls::errc::file_not_found);
    CHECK(failed.error().system == ENOENT);
    CHECK(failed.error().about.view().ends_with("keys.txt"));

    auto const is_folder = key_log_file::open(folder.path().string());
    REQUIRE(!is_folder);
    CHECK(is_folder.error().code == tls::errc::file_unwritable);
    CHECK(is_folder.error().system == EISDIR);
}

TEST_CASE("a key log in a pipe holds up nobody") {
    testbed::temporary_directory const folder;
    auto const path = (folder.path() / "pipe").string();
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    auto const unread = key_log_file::open(path);
    REQUIRE(!unread);
    CHECK(unread.error().code == tls::errc::file_unwritable);
    testbed::unique_fd const reader(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    REQUIRE(reader.valid());
    auto const file = key_log_file::open(path);
    REQUIRE(file);
    constexpr std::size_t more_than_fits = 20'000;
    auto const sink = file->sink();
    for (std::size_t i = 0; i != more_than_fits; ++i) sink.write(sink.user, "CLIENT_RANDOM 00 00\n");
    std::array<char, 16> begin{};
    CHECK(::read(reader.get(), begin.data(), begin.size()) == 16);
    CHECK(std::string(begin.data(), 13) == "CLIENT_RANDOM");
}

TEST_CASE("the environment names a file, or none") {
    testbed::temporary_directory const folder;
    SUBCASE("set") {
        auto const path = (folder.path() / "keys.txt").string();
        environment const variable(path.c_str());
        auto const file = key_log_file::from_environment();
        REQUIRE(file);
        REQUIRE(*file);
        file->sink().write(file->sink().user, "a line\n");
        CHECK(content(path) == "a line\n");
    }
    SUBCASE("unset or empty") {
        for (char const* const value : {static_cast<char const*>(nullptr), ""}) {
            environment const variable(value);
            auto const file = key_log_file::from_environment();
            REQUIRE(file);
            CHECK(!*file);
            CHECK(file->sink().write == nullptr);
        }
    }
    SUBCASE("a file that cannot be opened") {
        environment const variable((folder.path() / "no such folder" / "keys.txt").c_str());
        auto const file = key_log_file::from_environment();
        REQUIRE(!file);
        CHECK(file.error().code == tls::errc::file_not_found);
    }
}

} // namespace

} // namespace unit::key_log_cases
