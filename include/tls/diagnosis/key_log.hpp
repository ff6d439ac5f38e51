// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/core/allocation.hpp>
#include <tls/core/config.hpp>
#include <tls/core/error.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace tls {

/// Where the secrets of connections go: a plain function and a pointer to pass to it.
///
/// Whoever has these lines can read and forge everything on the connections they belong to. The function is called
/// inside handshakes, from every thread that makes one, with one whole line that ends in a newline; the text is wiped
/// when it returns. Lines have the NSS key log format, which SSLKEYLOGFILE and Wireshark use. A sink without a function
/// counts as no sink.
struct key_log_sink {
    void (*write)(void* user, std::string_view line) noexcept = nullptr;
    void* user = nullptr;
};

/// A key log in a file, for Wireshark or tshark (`-o tls.keylog_file:<path>`).
///
/// The file is opened for appending, created readable by its owner only if it does not exist, and gets each line in one
/// write, so that threads and processes may share it. A line that cannot be written is lost without an error. Copies
/// share the file; it is closed with the last copy, and clients made with it hold a copy. Safe to use from many
/// threads.
class key_log_file {
public:
    /// Opens a file for appending.
    ///
    /// Errors: file_not_found if the folder does not exist, file_unwritable; with the path and errno; out_of_memory.
    [[nodiscard]] static result<key_log_file> open(std::string const& path) noexcept;

    /// The file the environment variable SSLKEYLOGFILE names; no file at all if it is unset or empty.
    ///
    /// This is the only place where twintls reads that variable. A program that runs with the privileges of another
    /// user should not call it. Errors as `open`.
    [[nodiscard]] static result<key_log_file> from_environment() noexcept;

    /// True if there is a file; a builder given an object without one keeps no key log.
    [[nodiscard]] explicit operator bool() const noexcept { return static_cast<bool>(file_); }
    /// The sink that writes into the file; valid as long as any copy of this object.
    [[nodiscard]] key_log_sink sink() const noexcept;

private:
    struct descriptor;

    [[nodiscard]] static result<key_log_file> open_path(char const* path) noexcept;
    explicit key_log_file(seam::shared<descriptor> file) noexcept : file_(std::move(file)) {}
    key_log_file() noexcept = default;

    seam::shared<descriptor> file_;
};

} // namespace tls

namespace tls::detail {

/// The secrets both libraries give out, by the label of their line.
enum class logged_secret : std::uint8_t {
    tls_1_2_master,
    client_early_traffic,
    early_exporter,
    client_handshake_traffic,
    server_handshake_traffic,
    client_traffic,
    server_traffic,
};

/// The label, for example "CLIENT_RANDOM".
[[nodiscard]] constexpr std::string_view label(logged_secret which) noexcept {
    switch (which) {
    case logged_secret::tls_1_2_master: return "CLIENT_RANDOM";
    case logged_secret::client_early_traffic: return "CLIENT_EARLY_TRAFFIC_SECRET";
    case logged_secret::early_exporter: return "EARLY_EXPORTER_SECRET";
    case logged_secret::client_handshake_traffic: return "CLIENT_HANDSHAKE_TRAFFIC_SECRET";
    case logged_secret::server_handshake_traffic: return "SERVER_HANDSHAKE_TRAFFIC_SECRET";
    case logged_secret::client_traffic: return "CLIENT_TRAFFIC_SECRET_0";
    case logged_secret::server_traffic: return "SERVER_TRAFFIC_SECRET_0";
    }
    return {};
}

/// One line of a key log, in memory of its own that is wiped when destroyed; never allocates.
class key_log_line {
public:
    static constexpr std::size_t random_size = 32;
    static constexpr std::size_t largest_secret = 64;

    /// Empty if the client random or the secret is not of a size that TLS has.
    key_log_line(
        logged_secret which, std::span<std::byte const> client_random, std::span<std::byte const> secret) noexcept;
    key_log_line(key_log_line const&) = delete;
    key_log_line& operator=(key_log_line const&) = delete;
    ~key_log_line();

    /// The line with its newline; valid as long as this object.
    [[nodiscard]] std::string_view view() const noexcept { return {text_.data(), size_}; }

private:
    void append(std::string_view text) noexcept;
    void append_hex(std::span<std::byte const> bytes) noexcept;

    static constexpr std::size_t longest_label = label(logged_secret::client_handshake_traffic).size();
    std::array<char, longest_label + 1 + 2 * random_size + 1 + 2 * largest_secret + 1> text_;
    std::size_t size_ = 0;
};

/// Formats a secret and hands it to the sink: what a backend's callback calls.
void log_secret(
    key_log_sink const& to, logged_secret which, std::span<std::byte const> client_random,
    std::span<std::byte const> secret) noexcept;

} // namespace tls::detail

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/diagnosis/impl/key_log.ipp>
#endif
