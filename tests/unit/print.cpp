// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"
#include <tls/diagnosis/print.hpp>

#include <sstream>
#include <string>

namespace {

template <class T> std::string printed(T const& value) {
    std::ostringstream out;
    out << value;
    return out.str();
}

tls::error refused() {
    tls::error e;
    e.code = tls::errc::peer_rejected_certificate;
    e.phase = tls::phase::reading;
    e.received = tls::alert::bad_certificate;
    e.backend = "a library";
    return e;
}

} // namespace

TEST_CASE("print: an error is one line, the first of its explanation") {
    auto const line = printed(refused());
    CHECK(line == tls::to_string(refused()));
    CHECK(line.find("alert 42 bad_certificate") != std::string::npos);
    CHECK(line.find("reading") != std::string::npos);
    CHECK(line.find('\n') == std::string::npos);
    CHECK(tls::explain(refused()).starts_with(line));
}

TEST_CASE("print: what the error is about is said, once") {
    auto const e = tls::configuration_error(tls::errc::file_not_found, "device-key.pem", 2);
    auto const line = tls::to_string(e);
    auto const at = line.find("device-key.pem");
    CHECK(at != std::string::npos);
    CHECK(line.find("device-key.pem", at + 1) == std::string::npos);
    CHECK(line.find('\n') == std::string::npos);
}

TEST_CASE("print: a code is its message") {
    CHECK(printed(tls::errc::timeout) == tls::message(tls::errc::timeout));
    CHECK(tls::to_string(tls::errc::untrusted) == tls::message(tls::errc::untrusted));
}
