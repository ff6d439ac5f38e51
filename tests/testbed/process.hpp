// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace testbed {

/// The path of a program in PATH, /usr/sbin, /usr/local/sbin or /sbin; nullopt if it is not installed.
[[nodiscard]] std::optional<std::filesystem::path> find_program(std::string_view name);

/// A child program. Its output is collected as it comes; the destructor ends and reaps it. For one thread.
class process {
public:
    /// Starts `arguments[0]`. Its standard input is empty, or, with `with_input`, open until `end_input`.
    explicit process(std::vector<std::string> arguments, bool with_input = false);
    ~process();
    process(process const&) = delete;
    process& operator=(process const&) = delete;

    [[nodiscard]] int id() const;
    [[nodiscard]] bool running() const;
    /// The exit status, 128 plus the signal's number for a killed one; nullopt at the deadline.
    [[nodiscard]] std::optional<int> wait(std::chrono::milliseconds deadline = std::chrono::seconds(30));
    /// Asks it to end (SIGTERM), insists after two seconds (SIGKILL), and reaps it. Returns the exit status.
    int terminate();

    /// What it wrote so far to its standard output and standard error, in the order it came.
    [[nodiscard]] std::string output() const;
    /// Waits until the output contains a text; false at the deadline, or when it ended without it.
    [[nodiscard]] bool
    wait_for_output(std::string_view text, std::chrono::milliseconds deadline = std::chrono::seconds(30)) const;

    /// Writes to its standard input.
    void write(std::string_view text);
    /// Ends its standard input.
    void end_input();

private:
    struct state;
    std::unique_ptr<state> state_;
};

/// A TCP port of 127.0.0.1 that was free a moment ago, for programs that need to be told a number.
[[nodiscard]] std::uint16_t free_loopback_port();

/// True as soon as something accepts connections on 127.0.0.1:`port`; false at the deadline, or when `owner` has ended.
[[nodiscard]] bool wait_until_accepting(
    std::uint16_t port, std::chrono::milliseconds deadline = std::chrono::seconds(20), process const* owner = nullptr);

/// A folder that is removed with its owner.
class temporary_directory {
public:
    temporary_directory();
    ~temporary_directory();
    temporary_directory(temporary_directory const&) = delete;
    temporary_directory& operator=(temporary_directory const&) = delete;

    [[nodiscard]] std::filesystem::path const& path() const { return path_; }
    /// Writes a file that only this user can read; returns its path.
    // NOLINTNEXTLINE(modernize-use-nodiscard)
    std::filesystem::path write_file(std::string_view name, std::string_view content) const;

private:
    std::filesystem::path path_;
};

} // namespace testbed
