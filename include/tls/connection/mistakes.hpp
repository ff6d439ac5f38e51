// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/core/error.hpp>
#include <tls/core/server_name.hpp>

#include <cstddef>
#include <string_view>

namespace tls::detail {

using some_name = result<server_name> const&;

// Calls that are made by mistake, deleted so that the compiler's answer is short and shows the comment beside.

/// Of what makes connections.
struct mistaken_connects {
    void connect(std::string_view, auto&&...) const = delete; // name the server: tls::server_name::dns(host)
    void start(std::string_view, auto&&...) const = delete;   // name the server: tls::server_name::dns(host)
    void engine(std::string_view, auto&&...) const = delete;  // name the server: tls::server_name::dns(host)

    void connect(some_name, int, auto&&...) const = delete; // a descriptor: tls::descriptor_transport(descriptor)
    void start(some_name, int, auto&&...) const = delete;   // a descriptor: tls::descriptor_transport(descriptor)
    template <class T>
    void connect(some_name, result<T> const&, auto&&...) const = delete; // check it, give std::move(*it)
    template <class T>
    void start(some_name, result<T> const&, auto&&...) const = delete; // check it, give std::move(*it)
};

/// Of what reads and writes.
struct mistaken_io {
    template <std::size_t N> void write_some(char (&)[N]) = delete; // how many? std::string_view(buffer, size)
    template <std::size_t N> void write_all(char (&)[N]) = delete;  // how many? std::string_view(buffer, size)
    void write_some(void const*, std::size_t) = delete;             // give one argument: std::span(pointer, size)
    void write_all(void const*, std::size_t) = delete;              // give one argument: std::span(pointer, size)
    void read_some(void*, std::size_t) = delete;                    // give one argument: std::span(pointer, size)
    void read_some(std::string_view) = delete;                      // give memory to write to: std::span(buffer)
};

} // namespace tls::detail
