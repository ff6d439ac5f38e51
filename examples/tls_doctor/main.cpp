// SPDX-License-Identifier: Apache-2.0
// tls-doctor: what is wrong with a connection? Both backends connect to a server, and what was negotiated, or what
// failed and what to try, is printed side by side.
#include "configure.hpp"
#include "cost.hpp"
#include "environment.hpp"
#include "examine.hpp"
#include "options.hpp"
#include "report.hpp"
#include "scan.hpp"
#include <tls/compare.hpp>
#include <tls/core/memory.hpp>
#include <tls/diagnosis/explain.hpp>
#include <tls/mbedtls.hpp>
#include <tls/wolfssl.hpp>

#include <array>
#include <iostream>
#include <span>
#include <utility>

namespace {

using namespace doctor;

int sum(bool wolfssl_failed, bool mbedtls_failed) {
    return (wolfssl_failed ? status::wolfssl_failed : 0) + (mbedtls_failed ? status::mbedtls_failed : 0);
}

std::string heading(options const& o) {
    bool const ipv6 = o.host.find(':') != std::string::npos;
    std::string text = (ipv6 ? "[" + o.host + "]" : o.host) + ":" + std::to_string(o.port);
    if (o.name->text() != o.host) text += ", as " + std::string(o.name->text());
    return text;
}

int scan(options const& o) {
    std::cout << "Suites and groups of " << heading(o) << ", each offered alone\n";
    std::array<scan_result, 2> const found{scanner<tls::wolfssl>(o).scan(), scanner<tls::mbedtls>(o).scan()};
    if (found[0].failure || found[1].failure) {
        comparison failed;
        for (std::size_t i = 0; i < found.size(); ++i) {
            failed[i].backend = found[i].backend;
            failed[i].version = found[i].version;
            failed[i].failure = found[i].failure;
        }
        print_failures(failed);
    }
    print(found);
    return sum(!found[0].anything_accepted(), !found[1].anything_accepted());
}

/// The error as it may be shown: without file names in a report.
tls::error shown(tls::error const& e, options const& o) { return o.report ? without_file_names(e, o) : e; }

int connect(options const& o) {
    auto const given = read_credentials(o);
    if (!given) {
        std::cout << (o.report ? "\n" : "") << "The credentials cannot be used:\n";
        print_indented(tls::explain(shown(given.error(), o), option_words));
        return status::bad_configuration;
    }
    if (o.report) print_settings(o, *given);
    auto const clients = tls::clients_of<tls::wolfssl, tls::mbedtls>(
        [&](auto builder) { return configured(std::move(builder), o, *given); });
    if (!clients[0].client && !clients[1].client) {
        comparison failed;
        for (std::size_t i = 0; i != clients.size(); ++i) {
            failed[i].backend = clients[i].backend;
            failed[i].version = clients[i].version;
            failed[i].failure = shown(clients[i].client.error(), o);
        }
        std::cout << "The credentials or settings cannot be used.\n";
        print_failures(failed);
        return status::bad_configuration;
    }

    std::cout << heading(o) << '\n';
    auto const before = (clients[0].client ? clients[0].client : clients[1].client)->preflight(*o.name);
    if (before && !before->empty()) {
        std::cout << "\nBefore connecting:\n";
        print_indented(tls::explain(*before, option_words));
    }
    examination done = examine(o, clients);
    for (std::size_t i = 0; i != clients.size(); ++i)
        if (done.found[i].failure) done.found[i].failure = shown(*done.found[i].failure, o);
    if (o.cost == 0 || !done.found.all_good()) print(done);
    if (o.cost != 0 && done.found.all_good()) print_cost(o, *given, clients, done.found);
    return sum(done.found[0].failure.has_value(), done.found[1].failure.has_value());
}

} // namespace

int main(int argc, char** argv) {
    auto const o = parse(std::span(argv, static_cast<std::size_t>(argc)).subspan(1));
    if (!o) {
        std::cerr << "tls-doctor: " << o.error() << "\n\n" << usage;
        return status::bad_usage;
    }
    if (o->help) {
        std::cout << usage;
        return status::good;
    }
    if (auto const counted = tls::set_memory({}); !counted)
        std::cerr << "tls-doctor: allocations are not counted: " << counted.error().message() << '\n';
    if (o->report) print_environment();
    if (o->host.empty()) return status::good;
    return o->suites ? scan(*o) : connect(*o);
}
