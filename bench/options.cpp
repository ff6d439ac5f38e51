// SPDX-License-Identifier: Apache-2.0
#include "options.hpp"

#include <stdexcept>
#include <string_view>

namespace bench {

std::string usage() {
    return "usage: twintls-bench [options]\n"
           "\n"
           "What TLS costs a client: twintls on wolfSSL and on Mbed TLS, their plain C interfaces, and OpenSSL.\n"
           "In memory, in one thread; only the client's own work is timed.\n"
           "\n"
           "  --quick           a few cases, less than a minute\n"
           "  --filter TEXT     only cases whose name contains TEXT (see --list)\n"
           "  --json FILE       write the results there\n"
           "  --html FILE       write the page there\n"
           "  --baseline FILE   compare with an earlier run's results and say what changed\n"
           "  --count           count instructions under callgrind instead: slow but repeatable\n"
           "  --budget FILE     count what the file lists; 1 if a handshake takes 1 % more than it says\n"
           "  --renew-budget FILE\n"
           "                    count what the file lists, and write the counts into it\n"
           "  --list            name the cases and the contenders\n"
           "  --help            this text\n"
           "\n"
           "Exit status: 0, 1 if something failed, 2 for a wrong command line. A missed target is not a failure.\n";
}

options parse_options(int argc, char const* const* argv) {
    options o;
    for (int i = 1; i < argc; ++i) {
        std::string_view const arg = argv[i];
        auto const value = [&]() -> std::string {
            if (i + 1 == argc) throw std::runtime_error(std::string(arg) + " needs a value");
            return argv[++i];
        };
        if (arg == "--help" || arg == "-h")
            o.help = true;
        else if (arg == "--list")
            o.list = true;
        else if (arg == "--quick")
            o.quick = true;
        else if (arg == "--filter")
            o.filter = value();
        else if (arg == "--json")
            o.json = value();
        else if (arg == "--html")
            o.html = value();
        else if (arg == "--baseline")
            o.baseline = value();
        else if (arg == "--count")
            o.count = true;
        else if (arg == "--budget")
            o.budget = value();
        else if (arg == "--renew-budget")
            o.renew_budget = value();
        else if (arg == "--instructions")
            o.instructions = value();
        else
            throw std::runtime_error("unknown argument: " + std::string(arg));
    }
    return o;
}

} // namespace bench
