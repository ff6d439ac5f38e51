// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"
#include "testbed/process.hpp"
#include "testbed/sockets.hpp"

#include <csignal>
#include <fstream>
#include <iterator>

namespace unit::testbed_process_cases {
namespace {
using namespace testbed;
using namespace std::chrono_literals;
} // namespace

TEST_CASE("a program's output and status are collected") {
    process child({"sh", "-c", "echo out; echo err >&2; exit 3"});
    CHECK(child.wait() == 3);
    CHECK(child.output() == "out\nerr\n");
    CHECK_FALSE(child.running());
    CHECK_THROWS_AS(process({"no-such-program-anywhere"}), std::system_error);
}

TEST_CASE("a program reads what is written to it") {
    process child({"cat"}, true);
    child.write("hello\n");
    CHECK(child.wait_for_output("hello"));
    CHECK(child.running());
    child.end_input();
    CHECK(child.wait() == 0);
    CHECK_FALSE(child.wait_for_output("never written"));
    CHECK_THROWS_AS(child.write("more"), std::runtime_error);
}

TEST_CASE("a program that does not end by itself is ended") {
    int id = 0;
    {
        process child({"sleep", "600"});
        id = child.id();
        CHECK(child.running());
        CHECK_FALSE(child.wait(10ms));
    }
    CHECK(::kill(id, 0) == -1);
    process stubborn({"sh", "-c", "trap '' TERM; echo ready; while :; do sleep 1; done"});
    CHECK(stubborn.wait_for_output("ready"));
    CHECK(stubborn.terminate() == 128 + SIGKILL);
}

TEST_CASE("programs are found where they are installed") {
    CHECK(find_program("sh"));
    CHECK_FALSE(find_program("no-such-program-anywhere"));
}

TEST_CASE("waiting for a port ends when somebody listens, when the program ends, or at the deadline") {
    listener const open = listen_on_loopback();
    CHECK(wait_until_accepting(open.port));
    std::uint16_t const closed = free_loopback_port();
    CHECK_FALSE(wait_until_accepting(closed, 30ms));
    process ends_at_once({"true"});
    CHECK_FALSE(wait_until_accepting(closed, 30s, &ends_at_once));
}

TEST_CASE("a temporary directory holds files and goes away") {
    std::filesystem::path kept;
    {
        temporary_directory const directory;
        kept = directory.write_file("a.txt", "content");
        std::ifstream file(kept);
        CHECK(std::string(std::istreambuf_iterator<char>(file), {}) == "content");
    }
    CHECK_FALSE(std::filesystem::exists(kept.parent_path()));
}

} // namespace unit::testbed_process_cases
