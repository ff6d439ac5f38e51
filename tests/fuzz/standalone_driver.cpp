// SPDX-License-Identifier: Apache-2.0

// Runs a fuzz target without libFuzzer: every seed, then as many random mutations of seeds as asked for. The same
// count gives the same inputs on every machine.
//
//     driver [count]            default 20000
//     driver --write-seeds DIR  writes the seeds as files, for libFuzzer to start from
//     driver FILE...            runs these inputs, for example a crash libFuzzer found

#include "fuzz.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <string>

namespace {

using input = std::vector<std::byte>;

class random_numbers {
public:
    std::size_t below(std::size_t limit) {
        state_ = state_ * 6364136223846793005U + 1442695040888963407U;
        return limit == 0 ? 0 : static_cast<std::size_t>(state_ >> 33U) % limit;
    }

private:
    std::uint64_t state_ = 20240229;
};

void run(input const& data) {
    // A heap block of exactly this size, so that a sanitizer sees a read of even one byte too many.
    std::vector<std::uint8_t> exact(data.size());
    std::ranges::transform(data, exact.begin(), [](std::byte b) { return std::to_integer<std::uint8_t>(b); });
    exact.shrink_to_fit();
    LLVMFuzzerTestOneInput(exact.data(), exact.size());
}

std::ptrdiff_t offset(std::size_t n) { return static_cast<std::ptrdiff_t>(n); }

void mutate(input& data, std::vector<input> const& seeds, random_numbers& random) {
    for (std::size_t n = random.below(5) + 1; n-- != 0;) {
        std::size_t const at = random.below(data.size());
        switch (random.below(7)) {
        case 0:
            if (!data.empty()) data[at] = static_cast<std::byte>(random.below(256));
            break;
        case 1:
            if (!data.empty()) data[at] ^= std::byte{1} << static_cast<int>(random.below(8));
            break;
        case 2: data.insert(data.begin() + offset(at), static_cast<std::byte>(random.below(256))); break;
        case 3:
            if (!data.empty()) data.erase(data.begin() + offset(at));
            break;
        case 4: data.resize(at); break;
        case 5: {
            input const& other = seeds[random.below(seeds.size())];
            std::size_t const from = random.below(other.size());
            std::size_t const size = random.below(other.size() - from + 1);
            data.insert(data.begin() + offset(at), other.begin() + offset(from), other.begin() + offset(from + size));
            break;
        }
        default: {
            std::size_t const size = random.below(data.size() - at + 1);
            input const copy(data.begin() + offset(at), data.begin() + offset(at + size));
            data.insert(data.begin() + offset(random.below(data.size())), copy.begin(), copy.end());
        }
        }
        if (data.size() > 65536) data.resize(65536);
    }
}

int write_seeds(std::string const& folder) {
    std::size_t n = 0;
    for (auto const& seed : fuzz::seeds()) {
        std::ofstream file(folder + "/seed-" + std::to_string(n++), std::ios::binary);
        for (std::byte const b : seed) file.put(std::to_integer<char>(b));
        if (!file) return 1;
    }
    return 0;
}

int run_file(char const* path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return 1;
    std::string const text{std::istreambuf_iterator<char>(file), {}};
    run(fuzz::to_bytes(text));
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    std::vector<std::string_view> const arguments(argv + 1, argv + argc);
    if (arguments.size() == 2 && arguments[0] == "--write-seeds") return write_seeds(std::string(arguments[1]));
    unsigned long count = 20000;
    if (!arguments.empty()) {
        std::string_view const first = arguments[0];
        auto const read = std::from_chars(first.data(), first.data() + first.size(), count);
        if (read.ec != std::errc{} || read.ptr != first.data() + first.size()) {
            int failures = 0;
            for (int i = 1; i != argc; ++i) failures += run_file(argv[i]);
            return failures == 0 ? 0 : 1;
        }
    }
    auto const seeds = fuzz::seeds();
    for (auto const& seed : seeds) run(seed);
    random_numbers random;
    for (unsigned long i = 0; i != count; ++i) {
        input data = seeds[random.below(seeds.size())];
        mutate(data, seeds, random);
        run(data);
    }
    std::printf("%zu seeds, %lu mutations\n", seeds.size(), count);
    return 0;
}
