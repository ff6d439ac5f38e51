// SPDX-License-Identifier: Apache-2.0
#include "files.hpp"

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace bench {

std::string read_file(std::string const& path) {
    std::ifstream in(path);
    std::ostringstream text;
    text << in.rdbuf();
    if (!in) throw std::runtime_error("cannot read " + path);
    return std::move(text).str();
}

void write_file(std::string const& path, std::string const& text) {
    std::ofstream out(path);
    out << text;
    if (!out.flush()) throw std::runtime_error("cannot write " + path);
}

} // namespace bench
