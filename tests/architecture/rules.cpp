// SPDX-License-Identifier: Apache-2.0
#include "rules.hpp"

#include <algorithm>
#include <map>
#include <ranges>
#include <set>

namespace architecture {

namespace {

using std::operator""s;

class inspection {
public:
    inspection(std::span<source const> sources, std::span<room const> plan) : sources_(sources), plan_(plan) {}

    std::vector<std::string> run() {
        check_plan();
        for (source const& from : sources_) {
            if (!from.path.ends_with(".hpp") && !from.path.ends_with(".ipp"))
                report(from.path + " is neither a header (.hpp) nor a body (.ipp)");
            if (from.backend.empty() && find_room(room_of(from.path)) == nullptr)
                report(from.path + " is in a room that is not in the table of floors");
            for (include const& what : from.includes) check(from, what);
        }
        find_circles();
        return std::move(found_);
    }

private:
    void report(std::string text) { found_.push_back(std::move(text)); }
    void report(source const& from, include const& what, std::string const& reason) {
        report(from.path + ":" + std::to_string(what.line) + " includes " + what.target + ": " + reason);
    }

    room const* find_room(std::string_view name) const {
        auto const r = std::ranges::find(plan_, name, &room::name);
        return r == plan_.end() ? nullptr : &*r;
    }
    source const* find_source(std::string_view path) const {
        auto const s = std::ranges::find(sources_, path, &source::path);
        return s == sources_.end() ? nullptr : &*s;
    }

    void check_plan() {
        std::set<std::string_view> inhabited;
        for (source const& s : sources_)
            if (s.backend.empty()) inhabited.insert(room_of(s.path));
        for (room const& r : plan_) {
            if (r.planned && inhabited.contains(r.name))
                report(std::string(r.name) + " is there and marked as planned");
            if (!r.planned && !inhabited.contains(r.name))
                report(std::string(r.name) + " is in the table and not there");
            for (auto const part : std::views::split(r.coming, ", "s)) {
                std::string const path = "tls/" + std::string(r.name) + "/" + std::string(part.begin(), part.end());
                if (!r.coming.empty() && find_source(path)) report(path + " is there and marked as planned");
            }
        }
    }

    void check(source const& from, include const& what) {
        if (!what.target.starts_with("tls/")) return report(from, what, "write it as <tls/...>");
        source const* const to = find_source(what.target);
        if (to == nullptr) return report(from, what, "there is no such file");
        if (!to->backend.empty()) {
            if (from.backend != to->backend)
                report(
                    from, what, from.backend.empty() ? "the core names no backend" : "backends do not know each other");
            return;
        }
        room const* const target = find_room(room_of(to->path));
        if (target == nullptr) return; // reported for that file
        if (!from.backend.empty()) return check_door(from, what, *target);
        room const* const origin = find_room(room_of(from.path));
        if (origin == nullptr || origin == target || target->floor < origin->floor) return;
        report(
            from, what,
            std::string(origin->name) +
                (target->floor == origin->floor ? " reaches sideways into " : " reaches up into ") +
                std::string(target->name));
    }

    void check_door(source const& from, include const& what, room const& target) {
        if (target.name == bodies && from.path == "tls/" + from.backend + "/" + std::string(bodies)) return;
        room const* const highest = find_room(highest_room_for_backends);
        if (highest == nullptr || target.floor > highest->floor)
            report(from, what, "backends include " + std::string(highest_room_for_backends) + " and what is below");
    }

    /// A header and its bodies are one: "tls/x/y.hpp" for "tls/x/impl/y.ipp" too.
    static std::string unit_of(std::string_view path) {
        std::string unit(path.substr(0, path.rfind('.')));
        if (auto const at = unit.find("/impl/"); at != unit.npos) unit.erase(at, 5);
        return unit;
    }

    void find_circles() {
        std::map<std::string, std::set<std::string>> edges;
        for (source const& s : sources_)
            for (include const& what : s.includes)
                if (find_source(what.target) && unit_of(s.path) != unit_of(what.target))
                    edges[unit_of(s.path)].insert(unit_of(what.target));
        // A file that includes none of the remaining ones is in no circle.
        for (bool removed = true; removed;) {
            removed = std::erase_if(edges, [&](auto const& unit) {
                          return std::ranges::none_of(unit.second, [&](auto const& to) { return edges.contains(to); });
                      }) != 0;
        }
        if (edges.empty()) return;
        // From each of the rest, following includes must come back sooner or later.
        std::vector<std::string> way{edges.begin()->first};
        for (;;) {
            auto const& next =
                *std::ranges::find_if(edges[way.back()], [&](auto const& to) { return edges.contains(to); });
            auto const again = std::ranges::find(way, next);
            if (again == way.end()) {
                way.push_back(next);
                continue;
            }
            way.erase(way.begin(), again);
            break;
        }
        std::ranges::rotate(way, std::ranges::min_element(way));
        way.push_back(way.front());
        std::string text = "a circle: " + way.front();
        for (auto const& unit : way | std::views::drop(1)) text += " -> " + unit;
        report(std::move(text));
    }

    std::span<source const> sources_;
    std::span<room const> plan_;
    std::vector<std::string> found_;
};

} // namespace

std::string_view room_of(std::string_view path) {
    path.remove_prefix(std::string_view("tls/").size());
    return path.substr(0, path.find('/'));
}

std::vector<std::string> breaches(std::span<source const> sources, std::span<room const> plan) {
    return inspection(sources, plan).run();
}

} // namespace architecture
