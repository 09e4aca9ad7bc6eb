// SPDX-License-Identifier: Apache-2.0
// The key table as text, as Markdown and as JSON Schema: complete, true to the reader, and fresh in docs/scenarios.md.
// The only stored copy of the output is docs/scenarios.md.
#include "testbench/scenario/schema.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "testbench/scenario/builtin.hpp"
#include "testbench/scenario/document.hpp"
#include "testbench/tests/scenario/json_schema.hpp"
#include "testbench/tests/scenario/key_documents.hpp"
#include "testbench/tests/support/catch.hpp"
#include "testbench/tests/support/source_tree.hpp"

using namespace overrun;
using namespace overrun::scenario;
using namespace overrun::test;

namespace {

[[nodiscard]] Json to_json(const Node& node)
{
    Json out;
    switch (node.kind) {
        case Node::Kind::table:
            out = Json::object();
            for (const Node::Member& member : node.members) out[member.name] = to_json(member.value);
            return out;
        case Node::Kind::list:
            out = Json::array();
            for (const Node& item : node.items) out.push_back(to_json(item));
            return out;
        case Node::Kind::text: return node.text;
        case Node::Kind::integer: return node.integer;
        case Node::Kind::number: return node.number;
        case Node::Kind::boolean: return node.boolean;
        case Node::Kind::date: return nullptr;  // JSON has no dates
    }
    return out;
}

[[nodiscard]] bool accepts(const Json& schema, std::string_view toml)
{
    return validates(schema, to_json(parse_document(toml, "t.toml")));
}

[[nodiscard]] bool is_long_list_of_names(const ScenarioKey& key)
{
    return key.type->names != nullptr && key.type->names().size() > longest_name_list;
}

// The schema of a key: "traffic[].length" is properties.traffic.items.properties.length.
[[nodiscard]] Json::json_pointer pointer_to(std::string_view path)
{
    std::string pointer = "/properties/" + std::string{path};
    for (auto at = pointer.find("[]"); at != std::string::npos; at = pointer.find("[]"))
        pointer.replace(at, 2, "/items");
    for (auto at = pointer.find('.'); at != std::string::npos; at = pointer.find('.'))
        pointer.replace(at, 1, "/properties/");
    return Json::json_pointer{pointer};
}

const std::string begin_marker = "<!-- keys: begin";
const std::string end_marker   = "<!-- keys: end -->";

[[nodiscard]] std::string read_text(const std::filesystem::path& path)
{
    std::ifstream     in{path, std::ios::binary};
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

// The page with the table between its markers made anew.
[[nodiscard]] std::string refreshed(const std::string& text)
{
    const auto mark = text.find(begin_marker);
    const auto end  = text.find(end_marker);
    if (mark == std::string::npos || end == std::string::npos) return {};
    return text.substr(0, text.find('\n', mark) + 1) + scenario_key_markdown() + text.substr(end);
}

}  // namespace

TEST_CASE("the JSON Schema has every key with its sentence and nothing else")
{
    const Json  schema = Json::parse(scenario_json_schema());
    std::size_t leaves = 0;
    CHECK(schema["$schema"] == "https://json-schema.org/draft/2020-12/schema");
    for (const ScenarioKey& key : scenario_keys()) {
        INFO(key.path);
        const auto pointer = pointer_to(key.path);
        REQUIRE(schema.contains(pointer));
        CHECK(schema[pointer]["description"].get<std::string>().starts_with(key.text));
        if (!key.facts.required && key.facts.absent.empty()) CHECK(schema[pointer].contains("default"));
        if (schema[pointer].contains("default")) CHECK(validates(schema[pointer], schema[pointer]["default"]));
        if (key.type->names != nullptr) CHECK(schema[pointer]["enum"].size() == key.type->names().size());
    }
    const Json flat = schema.flatten();
    for (const auto& [pointer, value] : flat.items()) leaves += pointer.ends_with("/description") ? 1U : 0U;
    CHECK(leaves == scenario_keys().size());
}

TEST_CASE("the JSON Schema accepts every built-in scenario")
{
    const Json schema = Json::parse(scenario_json_schema());
    for (const BuiltinScenario& builtin : builtin_scenarios()) {
        INFO(builtin.name);
        CHECK(accepts(schema, builtin.toml));
    }
}

TEST_CASE("the JSON Schema accepts every default and refuses what the reader refuses")
{
    const Json schema = Json::parse(scenario_json_schema());
    for (const ScenarioKey& key : scenario_keys()) {
        for (const std::string& literal : wrong_types(key)) {
            INFO(key.path << " = " << literal);
            CHECK_FALSE(accepts(schema, document_with(key, literal).text));
        }
        for (const std::string& literal : wrong_units(key)) {
            INFO(key.path << " = " << literal);
            // Where a whole number does, the schema cannot tell that a latency needs a time.
            CHECK_FALSE(accepts(schema, document_with(key, literal).text));
        }
        if (key.type->quantity) continue;  // a pattern has no range
        for (const std::string& literal : out_of_range(key)) {
            INFO(key.path << " = " << literal);
            CHECK_FALSE(accepts(schema, document_with(key, literal).text));
        }
    }
}

TEST_CASE("the JSON Schema knows which keys need or exclude each other")
{
    const Json schema = Json::parse(scenario_json_schema());
    const auto ok     = [&](std::string_view toml) { return accepts(schema, toml); };
    CHECK(ok("[[traffic]]\n"));
    CHECK_FALSE(ok("name = \"none\"\n"));
    CHECK_FALSE(ok("traffic = []\n"));
    CHECK_FALSE(ok("[[traffic]]\nlenght = 64\n"));
    CHECK_FALSE(ok("[[traffic]]\nkind = \"pcap\"\n"));
    CHECK(ok("[[traffic]]\nkind = \"pcap\"\nfile = \"a\"\nspeed = 2\n"));
    CHECK_FALSE(ok("[[traffic]]\nkind = \"pcap\"\nfile = \"a\"\nlength = 64\n"));
    CHECK_FALSE(ok("[[traffic]]\nspeed = 2\n"));
    CHECK(ok("[[traffic]]\nrate = \"1kpps\"\n"));
    CHECK_FALSE(ok("[[traffic]]\nrate = \"1kpps\"\nload = 0.5\n"));
    CHECK_FALSE(ok("[[traffic]]\nkind = \"poisson\"\n"));
    CHECK(ok("[[traffic]]\nkind = \"poisson\"\nload = 0.5\nseed = 7\n"));
    CHECK_FALSE(ok("[[traffic]]\nkind = \"poisson\"\nload = 0.5\ngap = \"1us\"\n"));
    CHECK_FALSE(ok("[[traffic]]\nkind = \"burst\"\nburst = 5\n"));
    CHECK(ok("[[traffic]]\nkind = \"burst\"\nburst = 5\ngap = \"1us\"\n"));
    CHECK_FALSE(ok("[[traffic]]\nkind = \"burst\"\nburst = 5\ngap = \"1us\"\nload = 0.5\n"));
    CHECK_FALSE(ok("[[traffic]]\nkind = \"burts\"\n"));
    CHECK(ok("[[traffic]]\nkind = \"pcap\"\nfile = \"a\"\nrate = \"1kpps\"\nloop = 2\n"));
    CHECK_FALSE(ok("[[traffic]]\nkind = \"pcap\"\nfile = \"a\"\nrate = \"1kpps\"\nbit_rate = \"1Mbps\"\n"));
    CHECK(ok("[[traffic]]\nerrors = { crc = [1, 2], rx_er = 0.5 }\n"));
    CHECK_FALSE(ok("[[traffic]]\nerrors = { crcs = 1 }\n"));
    CHECK_FALSE(ok("[[traffic]]\nkind = \"pcap\"\nfile = \"a\"\nerrors = { crc = 0.5 }\n"));
    CHECK_FALSE(ok("[[traffic]]\n[[host.stall]]\nat = \"1us\"\n"));
    CHECK_FALSE(ok("[[traffic]]\n[[driver.resize]]\nat = \"1us\"\n"));
    CHECK(ok("[[traffic]]\n[driver]\nrx_usecs = 3\n"));
    CHECK(ok("[[traffic]]\n[driver]\npreset = \"linux\"\nitr = 3\n"));
    CHECK_FALSE(ok("[[traffic]]\n[driver]\nitr = 3\nrx_usecs = 3\n"));
    CHECK(ok("[[traffic]]\n[[expect]]\nfate = \"delivered\"\nequals = 1\nwithin = 1\n"));
    CHECK_FALSE(ok("[[traffic]]\n[[expect]]\nfate = \"delivered\"\n"));
    CHECK_FALSE(ok("[[traffic]]\n[[expect]]\nequals = 1\n"));
    CHECK_FALSE(ok("[[traffic]]\n[[expect]]\nfate = \"delivered\"\nregister = \"MPC\"\nequals = 1\n"));
    CHECK_FALSE(ok("[[traffic]]\n[[expect]]\nfate = \"delivered\"\nat_least = 1\nwithin = 1\n"));
}

TEST_CASE("the tables show every key, its range and its sentence")
{
    const std::string table    = scenario_key_table();
    const std::string markdown = scenario_key_markdown();
    for (const ScenarioKey& key : scenario_keys()) {
        INFO(key.path);
        CHECK(table.find("\n" + std::string{key.path} + " ") + 1 <= table.size());
        CHECK(table.find(key.text) != std::string::npos);
        CHECK(markdown.find("| `" + std::string{key.path} + "` |") != std::string::npos);
        CHECK(markdown.find(std::string{key.text} + " |\n") != std::string::npos);
        if (!is<Profile>(key)) {
            CHECK(table.find(key.allowed()) != std::string::npos);
            CHECK(markdown.find("| " + key.allowed() + " |") != std::string::npos);
        }
        if (is_long_list_of_names(key))
            for (const std::string_view name : key.type->names()) CHECK(markdown.find(name) != std::string::npos);
    }
}

TEST_CASE("docs.scenarios_fresh: the table in docs/scenarios.md is what the code says")
{
    const std::filesystem::path page  = source_tree() / "docs/scenarios.md";
    const std::string           text  = read_text(page);
    const std::string           fresh = refreshed(text);
    REQUIRE_FALSE(fresh.empty());
    if (std::getenv("OVERRUN_UPDATE_DOCS") != nullptr && fresh != text) {
        std::ofstream{page, std::ios::binary} << fresh;
        return;
    }
    const auto differs = std::mismatch(text.begin(), text.end(), fresh.begin(), fresh.end()).first;
    INFO("stale from line " << std::count(text.begin(), differs, '\n') + 1 << "; OVERRUN_UPDATE_DOCS=1 writes it anew");
    CHECK((fresh == text));
}

TEST_CASE("a table in docs/scenarios.md that lacks a key or has another range is noticed")
{
    std::string text = refreshed(begin_marker + " -->\n" + end_marker + "\n");
    CHECK((refreshed(text) == text));
    text.replace(text.find("64 to 4096"), 10, "64 to 8192");
    CHECK_FALSE((refreshed(text) == text));
    CHECK(refreshed("no markers").empty());
}

TEST_CASE("docs/scenarios.md names no key that does not exist")
{
    const std::string text  = read_text(source_tree() / "docs/scenarios.md");
    const auto        table = text.substr(text.find(begin_marker), text.find(end_marker) - text.find(begin_marker));
    std::size_t       count = 0;
    for (auto at = table.find("\n| `"); at != std::string::npos; at = table.find("\n| `", at + 1), ++count) {
        const std::string path = table.substr(at + 4, table.find('`', at + 4) - at - 4);
        INFO(path);
        CHECK(find_key(path) != nullptr);
    }
    CHECK(count == scenario_keys().size());
}
