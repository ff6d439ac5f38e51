// SPDX-License-Identifier: Apache-2.0
// Prints docs/architecture.svg: the table of floors as a picture.
#include "floors.hpp"

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <ranges>
#include <string>
#include <string_view>
#include <vector>

namespace {

using architecture::room;
using architecture::rooms;

constexpr int margin = 24;
constexpr int house_left = 64;
constexpr int house_width = 760; // divisible by two and by three
constexpr int gap = 8;
constexpr int height_of_floor = 50;
constexpr int step = height_of_floor + gap;
constexpr int head = 76;
constexpr int beside_left = house_left + house_width + 3 * gap;
constexpr int beside_width = 196;
constexpr int width = beside_left + beside_width + margin;

// Its own background, so that it can be read wherever it is shown.
constexpr std::string_view style = R"(<style>
  text { font-family: "Segoe UI", Helvetica, Arial, sans-serif; font-size: 11.5px; fill: #57606a; }
  .title { font-size: 17px; font-weight: 600; fill: #1f2328; }
  .name { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 13px; font-weight: 600; fill: #1f2328; }
  .coming { font-style: italic; }
  .floor { text-anchor: end; font-size: 11px; }
  .middle { text-anchor: middle; }
  .ground { fill: #ffffff; stroke: #d0d7de; }
  .room { fill: #eef4fb; stroke: #9db8d6; }
  .face { fill: #e3f3e6; stroke: #8fbf9a; }
  .planned { fill: none; stroke: #8c959f; stroke-dasharray: 5 4; }
  .beside { fill: #fdf1dc; stroke: #d9b36c; }
  .way { fill: none; stroke: #57606a; stroke-width: 1.5; }
  .head { fill: #57606a; }
  @media (prefers-color-scheme: dark) {
    text { fill: #9da7b1; }
    .title, .name { fill: #e6edf3; }
    .ground { fill: #0d1117; stroke: #30363d; }
    .room { fill: #14243a; stroke: #31557f; }
    .face { fill: #12291a; stroke: #2f6b41; }
    .planned { stroke: #6e7681; }
    .beside { fill: #2e2412; stroke: #80621f; }
    .way { stroke: #9da7b1; }
    .head { fill: #9da7b1; }
  }
</style>
)";

std::string escaped(std::string_view text) {
    std::string out;
    for (char const c : text) {
        switch (c) {
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '&': out += "&amp;"; break;
        default: out += c;
        }
    }
    return out;
}

void box(std::string_view kind, int x, int y, int w, int h) {
    std::cout << "<rect class=\"" << kind << "\" x=\"" << x << "\" y=\"" << y << "\" width=\"" << w << "\" height=\""
              << h << "\" rx=\"6\"/>\n";
}

void text(std::string_view kind, int x, int y, std::string_view what) {
    std::cout << "<text class=\"" << kind << "\" x=\"" << x << "\" y=\"" << y << "\">" << escaped(what) << "</text>\n";
}

/// A line with an arrowhead at its end.
void arrow(int x1, int y1, int x2, int y2) {
    std::cout << "<path class=\"way\" d=\"M" << x1 << ' ' << y1 << " L" << x2 << ' ' << y2
              << "\" marker-end=\"url(#head)\"/>\n";
}

bool is_header(room const& r) { return r.name.ends_with(".hpp"); }

/// "to come: clock, platform", or nothing.
std::string to_come(room const& r) {
    if (r.planned) return "to come";
    if (r.coming.empty()) return {};
    std::string files(r.coming);
    for (auto at = files.find(".hpp"); at != files.npos; at = files.find(".hpp")) files.erase(at, 4);
    return "to come: " + files;
}

void draw(room const& r, int x, int y, int w) {
    constexpr int inside = 12;
    constexpr int name_letter = 8;
    constexpr double letter = 6.0; // in a wide font
    std::string const note = to_come(r);
    int const note_at = inside + static_cast<int>(r.name.size()) * name_letter + inside;
    if (note_at + static_cast<double>(note.size()) * letter > w ||
        inside + static_cast<double>(r.purpose.size()) * letter > w) {
        std::cerr << "too long for its room: " << r.name << '\n';
        std::exit(1);
    }
    box(r.planned ? "planned" : is_header(r) ? "face" : "room", x, y, w, height_of_floor);
    text("name", x + inside, y + 20, r.name);
    text(r.planned ? "coming" : "", x + inside, y + 38, r.purpose);
    if (!note.empty()) text("coming", x + note_at, y + 20, note);
}

/// The floors that exist, the highest first.
std::vector<int> floors() {
    std::vector<int> all;
    for (room const& r : rooms) all.push_back(r.floor);
    std::ranges::sort(all, std::greater{});
    all.erase(std::ranges::unique(all).begin(), all.end());
    return all;
}

int top_of(std::vector<int> const& all, int floor) {
    return head + static_cast<int>(std::ranges::find(all, floor) - all.begin()) * step;
}

void draw_house(std::vector<int> const& all) {
    for (int const floor : all) {
        auto on_floor = rooms | std::views::filter([=](room const& r) { return r.floor == floor; });
        auto const count = static_cast<int>(std::ranges::distance(on_floor));
        int const y = top_of(all, floor);
        text("floor", house_left - 10, y + 30, std::to_string(floor));
        int const w = (house_width - (count - 1) * gap) / count;
        int x = house_left;
        for (room const& r : on_floor) {
            draw(r, x, y, w);
            x += w + gap;
        }
    }
}

void draw_beside(std::vector<int> const& all) {
    auto const door = std::ranges::find(rooms, architecture::highest_room_for_backends, &room::name);
    int const top = top_of(all, door->floor);
    int const bottom = head + static_cast<int>(all.size()) * step - gap;
    int const middle = beside_left + beside_width / 2;
    box("beside", beside_left, top, beside_width, bottom - top);
    int y = top + 28;
    for (std::string_view const name : {"backends/wolfssl", "backends/mbedtls"}) {
        text("name middle", middle, y, name);
        y += 22;
    }
    y += 6;
    for (std::string_view const line :
         {"translate: calls, callbacks, codes", "the same file names in each;", "no other file sees the C library"}) {
        text("middle", middle, y, line);
        y += 17;
    }
    arrow(beside_left, top + height_of_floor / 2, house_left + house_width + 4, top + height_of_floor / 2);
    y += 16;
    for (std::string_view const line : {"They include " + std::string(door->name), std::string("and what is below.")}) {
        text("middle", middle, y, line);
        y += 17;
    }

    int const libraries = bottom - height_of_floor - gap;
    box("ground", beside_left + gap, libraries, beside_width - 2 * gap, height_of_floor);
    text("name middle", middle, libraries + 20, "wolfSSL, Mbed TLS");
    text("middle", middle, libraries + 38, "the C libraries");
    arrow(middle, y, middle, libraries - 5);

    int const yours = head;
    box("planned", beside_left, yours, beside_width, 2 * step - gap);
    text("name middle", middle, yours + 36, "your program");
    text("middle", middle, yours + 58, "includes <tls/tls.hpp>");
    text("middle", middle, yours + 75, "and one header of a backend");
    arrow(beside_left, yours + height_of_floor / 2, house_left + house_width + 4, yours + height_of_floor / 2);
    arrow(middle, yours + 2 * step - gap, middle, top - 5);
}

} // namespace

int main() {
    auto const all = floors();
    int const height = head + static_cast<int>(all.size()) * step + margin;
    std::cout
        << "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " << width << ' ' << height << "\" width=\""
        << width << "\" height=\"" << height
        << "\" role=\"img\" aria-label=\"The rooms of include/tls and their floors\">\n"
        << "<!-- Made by tests/docs/architecture_svg.cpp from tests/architecture/floors.hpp. -->\n"
        << style
        << "<defs><marker id=\"head\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" "
           "orient=\"auto\"><path class=\"head\" d=\"M0 0 L8 4 L0 8 z\"/></marker></defs>\n";
    box("ground", 1, 1, width - 2, height - 2);
    text("title", margin, 36, "include/tls: nothing runs up");
    text(
        "", margin, 57,
        "A room includes only rooms on lower floors. Green: headers that stand by themselves. Dashed: to come.");
    draw_house(all);
    draw_beside(all);
    std::cout << "</svg>\n";
    return std::cout.flush() ? 0 : 1;
}
