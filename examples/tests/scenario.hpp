// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "testbed/certificate_factory.hpp"
#include "testbed/process.hpp"
#include "testbed/server_thread.hpp"

#include <filesystem>
#include <functional>
#include <iostream>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

/// Runs an example as its users do, and looks at what it prints.
namespace scenario {

using namespace testbed;
using arguments = std::vector<std::string>;

inline constexpr int skipped = 77;
inline constexpr auto patience = std::chrono::seconds(120); // sanitizers are slow

/// Where the examples are.
inline std::filesystem::path programs;

inline std::string program(std::string const& name) { return (programs / name).string(); }

struct outcome {
    int status = 0;
    std::string output{};
};

inline void expect(bool right, std::string const& what, std::string const& output) {
    if (!right) throw std::runtime_error(what + "; its output:\n" + output);
}

inline outcome finish(process& child, std::string const& what) {
    auto const status = child.wait(patience);
    expect(status.has_value(), what + " did not end", child.output());
    return {*status, child.output()};
}

inline void expect_text(outcome const& result, std::string const& text, std::string const& what) {
    expect(result.output.find(text) != std::string::npos, what + " does not say: " + text, result.output);
}

/// Runs a program to its end and checks its exit status and that its output has all the texts.
inline std::string run(arguments const& line, int status, std::vector<std::string> const& texts) {
    std::string const what = std::filesystem::path(line.front()).filename().string();
    process child(line);
    outcome const result = finish(child, what);
    expect(
        result.status == status,
        what + " ended with status " + std::to_string(result.status) + " instead of " + std::to_string(status),
        result.output);
    for (std::string const& text : texts) expect_text(result, text, what);
    return result.output;
}

/// The files of a set of credentials, as the examples take them.
struct files {
    explicit files(pki const& p)
        : ca(folder.write_file("ca.pem", p.root_pem()).string()),
          server_chain(folder.write_file("server.pem", p.server.chain_pem()).string()),
          server_key(folder.write_file("server.key", p.server.private_key->pkcs8_pem()).string()),
          chain(folder.write_file("client.pem", p.client.chain_pem()).string()),
          key(folder.write_file("client.key", p.client.private_key->pkcs8_pem()).string()),
          locked_key(folder.write_file("locked.key", p.client.private_key->encrypted_pkcs8_pem("secret")).string()) {}

    temporary_directory folder{};
    std::string ca;
    std::string server_chain;
    std::string server_key;
    std::string chain;
    std::string key;
    std::string locked_key;
};

inline thread_options open_server(pki const& p, int connections) {
    return {.server = server_options::showing(p.server), .connections = connections};
}

inline thread_options mutual_server(pki const& p, int connections, tls::protocol_version version) {
    auto options = server_options::showing(p.server, version);
    options.require_client_certificate = true;
    options.client_anchors = {p.root.certificate};
    return {.server = options, .connections = connections};
}

/// What a scenario returns; `skipped` if it could not run.
using scenarios = std::map<std::string, std::function<int()>>;

/// A scenario that always runs.
inline std::function<int()> always(void (*scenario)()) {
    return [scenario] {
        scenario();
        return 0;
    };
}

/// main() of a program of scenarios: its arguments are the name of one and the folder of the examples.
inline int run_one(scenarios const& all, int argc, char** argv) {
    auto const found = argc == 3 ? all.find(argv[1]) : all.end();
    if (found == all.end()) {
        std::cerr << "usage: " << argv[0] << " <scenario> <folder of the examples>\nscenarios:";
        for (auto const& [name, scenario] : all) std::cerr << ' ' << name;
        std::cerr << '\n';
        return 2;
    }
    programs = argv[2];
    try {
        return found->second();
    } catch (std::exception const& e) {
        std::cerr << e.what() << '\n';
        return 1;
    }
}

} // namespace scenario
