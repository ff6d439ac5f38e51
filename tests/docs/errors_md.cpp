// SPDX-License-Identifier: Apache-2.0
// Prints docs/errors.md from the tables in the code.
#include <tls/core/errc.hpp>
#include <tls/diagnosis/alert_meaning.hpp>
#include <tls/mbedtls.hpp>
#include <tls/wolfssl.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <iostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace {

using tls::errc;
using tls::native_code;

using tls::detail::errc_topic;

struct chapter {
    errc_topic topic;
    std::string_view title;
};

constexpr chapter chapters[] = {
    {errc_topic::progress, "Not failures"},
    {errc_topic::network, "The network"},
    {errc_topic::configuration, "Configuration"},
    {errc_topic::server_certificate, "The server's certificate: our verdict"},
    {errc_topic::peer, "The server said no"},
    {errc_topic::protocol, "The protocol went wrong"},
    {errc_topic::ours, "Ours"},
};

/// A code as its library's documentation writes it: one uses decimal numbers, the other hexadecimal.
std::string number(native_code const& c, bool hexadecimal) {
    if (!hexadecimal) return std::to_string(c.number);
    char text[16];
    std::snprintf(text, sizeof text, "-0x%04X", static_cast<unsigned>(-c.number));
    return text;
}

std::string natives(std::span<native_code const> codes, errc wanted, bool hexadecimal) {
    std::string out;
    for (native_code const& c : codes) {
        if (c.meaning != wanted) continue;
        if (!out.empty()) out += ", ";
        out += number(c, hexadecimal) + " `" + c.name + "`";
    }
    return out;
}

void print_code(errc code, tls::detail::errc_entry const& e) {
    std::cout << "### " << e.name << "\n\n"
              << e.message << ".\n\n"
              << "- number " << static_cast<int>(code);
    if (e.fault != tls::fault::none)
        std::cout << "; fault: " << name(e.fault)
                  << "; the same attempt may succeed later: " << (e.retry ? "yes" : "no");
    std::cout << "\n";
    if (auto const advice = tls::advice(code); !advice.empty()) std::cout << "- what to try: " << advice << "\n";
    auto const w = natives(tls::wolfssl::native_codes(), code, false);
    auto const m = natives(tls::mbedtls::native_codes(), code, true);
    if (!w.empty()) std::cout << "- wolfSSL: " << w << "\n";
    if (!m.empty()) std::cout << "- Mbed TLS: " << m << "\n";
    std::cout << "\n";
}

void print_codes() {
    for (chapter const& c : chapters) {
        std::cout << "## " << c.title << "\n\n";
        for (std::size_t i = 0; i != tls::detail::errc_count; ++i)
            if (tls::detail::errc_table[i].topic == c.topic)
                print_code(static_cast<errc>(i), tls::detail::errc_table[i]);
    }
}

void print_alerts() {
    std::cout << "## Alerts\n\n"
                 "What an alert usually means when a server sends it to a client. `error::received` has the one that "
                 "came.\n\n"
                 "| number | name | what it usually means |\n|---|---|---|\n";
    for (auto const& entry : tls::detail::alert_table)
        std::cout << "| " << static_cast<int>(tls::number(entry.alert)) << " | " << tls::name(entry.alert) << " | "
                  << entry.meaning << (entry.besides.empty() ? "" : "; ") << entry.besides << " |\n";
    std::cout << "\n";
}

void print_index(std::string_view library, std::span<native_code const> codes, bool hexadecimal) {
    std::vector<native_code> sorted(codes.begin(), codes.end());
    std::ranges::sort(sorted, [](native_code const& a, native_code const& b) {
        return a.number != b.number ? a.number > b.number : std::string_view(a.name) < b.name;
    });
    std::cout << "### " << library << "\n\n| number |" << (hexadecimal ? " decimal |" : "") << " name | code |\n|---|"
              << (hexadecimal ? "---|" : "") << "---|---|\n";
    for (native_code const& c : sorted) {
        std::cout << "| " << number(c, hexadecimal) << " | ";
        if (hexadecimal) std::cout << c.number << " | ";
        std::cout << "`" << c.name << "` | [" << tls::name(c.meaning) << "](#" << tls::name(c.meaning) << ") |\n";
    }
    std::cout << "\n";
}

} // namespace

int main() {
    std::cout
        << "# Errors\n\n"
           "Made by `tests/docs/errors_md.cpp` from the tables in the code, and compared with them by a test; changes "
           "by hand are lost.\n\n"
           "Every failure is a `tls::error` with one code of the list below, the same with both backends, and "
           "`tls::explain(error)`\n"
           "says in words what is known: what the peer said, what we sent, the likely causes, and what to try.\n\n"
           "The code is chosen in this order: our own verdict on the server's certificate, the peer's alert, the "
           "transport, the end of\n"
           "the stream. Only where none of these speaks does the C library's own code decide; it is always kept, in "
           "`error::native`.\n"
           "A code the library gives and twintls does not know becomes `internal`.\n\n"
           "*Fault* tells who has to change something for the same attempt to succeed. An error code compares with it: "
           "`code == tls::fault::peer`.\n\n";
    print_codes();
    print_alerts();
    std::cout << "## From a native code to ours\n\n"
                 "What a C library's number means when nothing else decides, for wolfSSL "
              << tls::wolfssl::version() << " and Mbed TLS " << tls::mbedtls::version()
              << ".\n"
                 "A number of Mbed TLS that is not here may be a sum: its high part, a multiple of 0x80, is looked up "
                 "first, then the rest.\n\n";
    print_index("wolfSSL", tls::wolfssl::native_codes(), false);
    print_index("Mbed TLS", tls::mbedtls::native_codes(), true);
    std::cout << "The message of an alert itself (wolfSSL -313, Mbed TLS -0x7780) is translated by the alert's number, "
                 "see above.\n";
    return std::cout.flush() ? 0 : 1;
}
