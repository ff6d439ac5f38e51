// SPDX-License-Identifier: Apache-2.0
#include "json_reader.hpp"
#include "json_writer.hpp"
#include "report.hpp"

namespace bench {
namespace {

using json::line;
using json::number;
using json::quoted;
using json::reader;
using json::truth;
using json::write_array;

constexpr std::string_view schema = "twintls-bench/1";

void add(line& to, distribution const& d) {
    to.raw("median", number(d.median)).raw("low", number(d.low)).raw("high", number(d.high));
    to.raw("samples", std::to_string(d.samples));
}

metric metric_of(reader const& from) {
    auto const text = from.text("metric");
    if (auto const known = metric_named(text)) return *known;
    from.wrong("metric", "is not known: \"" + text + "\"");
}

distribution distribution_of(reader const& from) {
    return {from.number("median"), from.number("low"), from.number("high"), from.count("samples")};
}

} // namespace

std::string to_json(results const& r) {
    std::string to = "{\n  \"schema\": " + quoted(schema);
    auto const field = [&](std::string_view key, std::string_view value) {
        (((to += ",\n  ") += quoted(key)) += ": ") += value;
    };
    field("started", quoted(r.started));
    field("processor", quoted(r.processor));
    field("cores", std::to_string(r.cores));
    field("compiler", quoted(r.compiler));
    field("server", quoted(r.server));
    field("quick", truth(r.quick));
    write_array(to, "contenders", r.contenders, [](described_contender const& c) {
        return line()
            .text("id", c.id)
            .text("title", c.title)
            .text("library", c.library)
            .text("build", c.build)
            .object();
    });
    write_array(to, "absent", r.absent, [](std::pair<std::string, std::string> const& a) {
        return line().text("id", a.first).text("why", a.second).object();
    });
    write_array(to, "cases", r.cases, [](results::described_case const& c) {
        return line().text("id", c.id).text("title", c.title).object();
    });
    write_array(to, "measurements", r.measurements, [](measurement const& m) {
        auto result = line().text("case", m.case_id).text("contender", m.contender).text("metric", name(m.metric));
        result.text("unit", unit(m.metric));
        add(result, m.value);
        return result.object();
    });
    write_array(to, "ratios", r.ratios, [](ratio const& q) {
        auto result = line().text("case", q.case_id).text("over", q.over).text("under", q.under);
        result.text("metric", name(q.metric));
        add(result, q.value);
        return result.object();
    });
    write_array(to, "targets", r.targets, [](target const& t) {
        auto result = line().text("id", t.id).text("text", t.text).raw("limit", number(t.limit));
        result.raw("at_most", truth(t.at_most)).raw("value", t.value ? number(*t.value) : "null");
        return result.raw("met", truth(t.met())).text("where", t.where).object();
    });
    write_array(to, "warnings", r.warnings, [](std::string const& w) { return quoted(w); });
    return to += "\n}\n";
}

results from_json(std::string_view text) {
    auto const document = json::parse(text);
    reader const from(document, "");
    from.require_schema(schema);

    results r;
    r.started = from.text("started");
    r.processor = from.text("processor");
    r.cores = static_cast<unsigned>(from.count("cores", 1e6));
    r.compiler = from.text("compiler");
    r.server = from.text("server");
    r.quick = from.flag("quick");
    from.each_object("contenders", [&](reader const& c) {
        r.contenders.push_back({c.text("id"), c.text("title"), c.text("library"), c.text("build")});
    });
    from.each_object("absent", [&](reader const& a) { r.absent.emplace_back(a.text("id"), a.text("why")); });
    from.each_object("cases", [&](reader const& c) { r.cases.push_back({c.text("id"), c.text("title")}); });
    from.each_object("measurements", [&](reader const& m) {
        r.measurements.push_back({m.text("case"), m.text("contender"), metric_of(m), distribution_of(m)});
    });
    from.each_object("ratios", [&](reader const& q) {
        r.ratios.push_back({q.text("case"), q.text("over"), q.text("under"), metric_of(q), distribution_of(q)});
    });
    from.each_object("targets", [&](reader const& t) {
        r.targets.push_back(
            {t.text("id"), t.text("text"), t.number("limit"), t.flag("at_most"), t.optional_number("value"),
             t.text("where")});
    });
    from.each("warnings", [&](json::value const& element, std::string const& where) {
        auto const* warning = std::get_if<std::string>(&element.content);
        if (warning == nullptr) json::fail(element.line, element.column, where + " must be a string");
        r.warnings.push_back(*warning);
    });
    return r;
}

} // namespace bench
