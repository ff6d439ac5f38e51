// SPDX-License-Identifier: Apache-2.0
#include "report/report.hpp"
#include "synthetic.hpp"

#include <filesystem>
#include <fstream>
#include <iostream>

int main(int argc, char** argv) {
    std::filesystem::path const folder = argc > 1 ? argv[1] : ".";
    auto const r = synthetic::run();
    bench::print_table(std::cout, r);
    std::ofstream(folder / "synthetic.json") << bench::to_json(r);
    std::ofstream(folder / "synthetic.html") << bench::to_html(r);
    std::ofstream(folder / "synthetic-awkward.html") << bench::to_html(synthetic::awkward_run());
}
