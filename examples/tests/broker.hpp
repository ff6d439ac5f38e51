// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "scenario.hpp"

#include <cstdint>
#include <string>

namespace scenario {

/// A broker that demands client certificates, on a port of its own.
class broker {
public:
    broker(std::string const& executable, files const& f, std::string const& openssl_configuration = {})
        : child_(
              {"env", "OPENSSL_CONF=" + f.folder.write_file("openssl.cnf", openssl_configuration).string(), executable,
               "-c", f.folder.write_file("mosquitto.conf", configuration(f)).string()}) {
        expect(wait_until_accepting(port_, patience, &child_), "mosquitto does not start", child_.output());
    }

    /// For a broker of TLS 1.2 only, which mosquitto's own settings cannot say.
    static constexpr char const* no_tls_1_3 = "openssl_conf = main\n[main]\nssl_conf = ssl\n[ssl]\n"
                                              "system_default = limits\n[limits]\nMaxProtocol = TLSv1.2\n";

    [[nodiscard]] unsigned port() const { return port_; }

private:
    [[nodiscard]] std::string configuration(files const& f) const {
        return "listener " + std::to_string(port_) +
               " 127.0.0.1\n"
               "cafile " +
               f.ca + "\ncertfile " + f.server_chain + "\nkeyfile " + f.server_key +
               "\nrequire_certificate true\nuse_identity_as_username true\nallow_anonymous false\n"
               "persistence false\nlog_dest stderr\n"
               "user root\n"; // started by root, it must still read our files; else this has no effect
    }

    std::uint16_t port_ = free_loopback_port();
    process child_;
};

} // namespace scenario
