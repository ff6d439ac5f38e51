// SPDX-License-Identifier: Apache-2.0
#include "process.hpp"

#include "sockets.hpp"

#include <array>
#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <mutex>
#include <poll.h>
#include <spawn.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/wait.h>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace testbed {
namespace {

using clock = std::chrono::steady_clock;

void check(int error, char const* what) {
    if (error != 0) throw std::system_error(error, std::generic_category(), what);
}

std::pair<unique_fd, unique_fd> make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) < 0) check(errno, "pipe");
    return {unique_fd(ends[0]), unique_fd(ends[1])};
}

struct spawn_plan {
    spawn_plan() {
        check(::posix_spawn_file_actions_init(&actions), "spawn");
        check(::posix_spawnattr_init(&attributes), "spawn");
    }
    ~spawn_plan() {
        ::posix_spawnattr_destroy(&attributes);
        ::posix_spawn_file_actions_destroy(&actions);
    }
    spawn_plan(spawn_plan const&) = delete;
    spawn_plan& operator=(spawn_plan const&) = delete;

    posix_spawn_file_actions_t actions{};
    posix_spawnattr_t attributes{};
};

bool accepts_connections(std::uint16_t port) {
    try {
        return connect_to_loopback(port).valid();
    } catch (std::system_error const&) {
        return false;
    }
}

} // namespace

std::optional<std::filesystem::path> find_program(std::string_view name) {
    char const* const from_environment = std::getenv("PATH"); // NOLINT(concurrency-mt-unsafe): nobody sets it
    std::string folders = from_environment != nullptr ? from_environment : "/usr/bin:/bin";
    folders += ":/usr/sbin:/usr/local/sbin:/sbin";
    for (std::size_t at = 0; at <= folders.size();) {
        std::size_t const end = std::min(folders.find(':', at), folders.size());
        std::filesystem::path candidate = std::filesystem::path(folders.substr(at, end - at)) / name;
        if (::access(candidate.c_str(), X_OK) == 0 && std::filesystem::is_regular_file(candidate)) return candidate;
        at = end + 1;
    }
    return std::nullopt;
}

struct process::state {
    pid_t pid = -1;
    unique_fd input{};
    unique_fd output{};
    std::optional<int> status{};
    mutable std::mutex guard{};
    mutable std::condition_variable changed{};
    std::string text{};
    bool output_ended = false;
    wake_event stop{};
    std::thread collector{};

    void collect() {
        std::array<char, 4096> buffer{};
        for (;;) {
            if (wait_for(output.get(), true, false, stop).woken) break;
            ssize_t const n = ::read(output.get(), buffer.data(), buffer.size());
            if (n < 0 && errno == EINTR) continue;
            if (n <= 0) break;
            std::scoped_lock const lock(guard);
            text.append(buffer.data(), static_cast<std::size_t>(n));
            changed.notify_all();
        }
        std::scoped_lock const lock(guard);
        output_ended = true;
        changed.notify_all();
    }

    // Takes the exit status if there is one.
    bool reap() {
        if (status) return true;
        int raw_status = 0;
        pid_t const found = ::waitpid(pid, &raw_status, WNOHANG);
        if (found != pid) return false;
        status = WIFEXITED(raw_status) ? WEXITSTATUS(raw_status) : 128 + WTERMSIG(raw_status);
        return true;
    }
};

process::process(std::vector<std::string> arguments, bool with_input) : state_(std::make_unique<state>()) {
    auto [input_read, input_write] = make_pipe();
    auto [output_read, output_write] = make_pipe();
    spawn_plan plan;
    check(::posix_spawn_file_actions_adddup2(&plan.actions, input_read.get(), STDIN_FILENO), "spawn");
    check(::posix_spawn_file_actions_adddup2(&plan.actions, output_write.get(), STDOUT_FILENO), "spawn");
    check(::posix_spawn_file_actions_adddup2(&plan.actions, output_write.get(), STDERR_FILENO), "spawn");
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    check(::posix_spawnp(&state_->pid, argv[0], &plan.actions, &plan.attributes, argv.data(), environ), argv[0]);
    if (with_input) state_->input = std::move(input_write);
    state_->output = std::move(output_read);
    state_->collector = std::thread([s = state_.get()] { s->collect(); });
}

process::~process() {
    terminate();
    // A grandchild may still hold the pipe open.
    state_->stop.raise();
    state_->collector.join();
}

int process::id() const { return state_->pid; }

bool process::running() const { return !state_->reap(); }

std::optional<int> process::wait(std::chrono::milliseconds deadline) {
    auto const until = clock::now() + deadline;
    while (!state_->reap()) {
        if (clock::now() >= until) return std::nullopt;
        ::poll(nullptr, 0, 5);
    }
    // Its last output may still be in the pipe; a grandchild may hold the pipe open for long.
    std::unique_lock lock(state_->guard);
    state_->changed.wait_for(lock, std::chrono::seconds(1), [this] { return state_->output_ended; });
    return state_->status;
}

int process::terminate() {
    if (!state_->reap()) {
        end_input();
        ::kill(state_->pid, SIGTERM);
        if (!wait(std::chrono::seconds(2))) {
            ::kill(state_->pid, SIGKILL);
            (void)wait(std::chrono::seconds(30));
        }
    }
    return state_->status.value_or(-1);
}

std::string process::output() const {
    std::scoped_lock const lock(state_->guard);
    return state_->text;
}

bool process::wait_for_output(std::string_view text, std::chrono::milliseconds deadline) const {
    std::unique_lock lock(state_->guard);
    auto const found = [&] { return state_->text.find(text) != std::string::npos; };
    state_->changed.wait_for(lock, deadline, [&] { return found() || state_->output_ended; });
    return found();
}

void process::write(std::string_view text) {
    // Writing to a child that has ended must not raise SIGPIPE.
    sigset_t pipe_signal;
    sigset_t before;
    sigemptyset(&pipe_signal);
    sigaddset(&pipe_signal, SIGPIPE);
    check(::pthread_sigmask(SIG_BLOCK, &pipe_signal, &before), "signal mask");
    bool broken = false;
    while (!text.empty() && !broken) {
        ssize_t const n = ::write(state_->input.get(), text.data(), text.size());
        if (n >= 0)
            text.remove_prefix(static_cast<std::size_t>(n));
        else if (errno != EINTR)
            broken = true;
    }
    timespec const at_once{};
    if (broken) ::sigtimedwait(&pipe_signal, nullptr, &at_once);
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    if (broken) throw std::runtime_error("the program no longer reads its input");
}

void process::end_input() { state_->input.reset(); }

std::uint16_t free_loopback_port() { return listen_on_loopback().port; }

bool wait_until_accepting(std::uint16_t port, std::chrono::milliseconds deadline, process const* owner) {
    auto const until = clock::now() + deadline;
    while (!accepts_connections(port)) {
        if (clock::now() >= until || (owner != nullptr && !owner->running())) return false;
        ::poll(nullptr, 0, 10);
    }
    return true;
}

temporary_directory::temporary_directory() {
    std::string name = (std::filesystem::temp_directory_path() / "twintls-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) check(errno, "mkdtemp");
    path_ = name;
}

temporary_directory::~temporary_directory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::filesystem::path temporary_directory::write_file(std::string_view name, std::string_view content) const {
    std::filesystem::path out = path_ / name;
    std::ofstream file(out, std::ios::binary);
    std::filesystem::permissions(out, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    file << content;
    file.close();
    if (!file) throw std::runtime_error("cannot write " + out.string());
    return out;
}

} // namespace testbed
