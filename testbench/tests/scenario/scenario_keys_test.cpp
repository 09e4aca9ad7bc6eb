// SPDX-License-Identifier: Apache-2.0
// The key table, row by row: each key refuses wrong types, wrong units and values out of range, and says which key it
// was. Keys come from the table.
#include "testbench/scenario/key_table.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "hw/base/input_error.hpp"
#include "testbench/scenario/reader.hpp"
#include "testbench/tests/scenario/key_documents.hpp"
#include "testbench/tests/support/catch.hpp"
#include "testbench/tests/support/source_tree.hpp"

using namespace overrun;
using namespace overrun::scenario;
using namespace overrun::test;

namespace {

[[nodiscard]] std::string error_of(const std::string& text)
{
    try {
        static_cast<void>(load_scenario_text(text, "t.toml"));
        return {};
    } catch (const InputError& error) {
        return error.what();
    }
}

// What is wrong with an error; nothing when it stands at the key's line, names the key, is one line and says more.
[[nodiscard]] std::string complaint_about(const Document& document, const std::string& error)
{
    const std::string expected = fmt::format("t.toml:{}: {}: ", document.line, document.path);
    if (error.empty()) return "accepted";
    if (!error.starts_with(expected)) return fmt::format("not at {}", expected);
    if (error.size() == expected.size()) return "says nothing";
    return error.find('\n') == std::string::npos ? "" : "more than one line";
}

void check_refused(const ScenarioKey& key, const std::string& literal)
{
    const Document    document = document_with(key, literal);
    const std::string error    = error_of(document.text);
    INFO(document.text);
    INFO("the error: " << error);
    CHECK(complaint_about(document, error) == "");
}

}  // namespace

TEST_CASE("the check on refusals notices an accepted value and an error about something else")
{
    const Document document = document_with(*find_key("driver.ring"), "64");
    CHECK(complaint_about(document, error_of(document.text)) == "accepted");
    CHECK(complaint_about(document, "t.toml:3: driver.ring: 65 is not allowed") == "");
    CHECK(complaint_about(document, "t.toml:4: driver.ring: 65 is not allowed") != "");
    CHECK(complaint_about(document, "t.toml:3: driver.rdtr: 65 is not allowed") != "");
    CHECK(complaint_about(document, "t.toml:3: driver.ring: ") != "");
    CHECK(complaint_about(document, "t.toml:3: driver.ring: 65\n") != "");
}

TEST_CASE("every key refuses a value of a wrong type")
{
    for (const ScenarioKey& key : scenario_keys())
        for (const std::string& literal : wrong_types(key)) check_refused(key, literal);
}

TEST_CASE("every quantity refuses a wrong unit and says which are right")
{
    for (const ScenarioKey& key : scenario_keys())
        for (const std::string& literal : wrong_units(key)) {
            check_refused(key, literal);
            const auto kind = is<Measure>(key) ? QuantityKind::time : *key.type->quantity;
            CHECK(error_of(document_with(key, literal).text).find(wanted(kind)) != std::string::npos);
        }
}

TEST_CASE("every key refuses values out of its range")
{
    for (const ScenarioKey& key : scenario_keys()) {
        const auto literals = out_of_range(key);
        INFO(key.path);
        CHECK((is<Truth>(key)) == literals.empty());
        for (const std::string& literal : literals) check_refused(key, literal);
    }
}

TEST_CASE("an error about a range says the value and what is allowed")
{
    for (const ScenarioKey& key : scenario_keys()) {
        if (!is<Integer>(key)) continue;
        const std::string value = fmt::format("{}", key.facts.least - 1);
        INFO(key.path);
        CHECK(error_of(document_with(key, value).text)
                  .ends_with(fmt::format("{} is not allowed; allowed: {}", value, key.allowed())));
    }
}

TEST_CASE("the ends of every range are inside it")
{
    for (const ScenarioKey& key : scenario_keys()) {
        for (const std::int64_t value : {key.facts.least, key.facts.most}) {
            std::string literal = fmt::format("{}", value);
            if (const auto kind = key.type->quantity) literal = toml_text(format_quantity(*kind, value));
            if (!key.type->quantity && !is<Integer>(key) && !is<Measure>(key)) continue;
            const std::string error = error_of(document_with(key, literal).text);
            INFO(key.path << " = " << literal << ": " << error);
            // It may still contradict another key.
            CHECK(error.find("is not allowed") == std::string::npos);
            CHECK(error.find("is wanted") == std::string::npos);
        }
    }
}

TEST_CASE("every default is a value that the key takes")
{
    for (const ScenarioKey& key : scenario_keys()) {
        const std::string text = key.default_text(key.facts);
        INFO(key.path << " = " << text);
        CHECK_FALSE(text.empty());
        if (key.facts.required || !key.facts.absent.empty()) continue;
        const bool plain = is<Integer>(key) || is<Number>(key) || is<Truth>(key) || is<Addresses>(key);
        CHECK(error_of(document_with(key, plain ? text : toml_text(text)).text).empty());
    }
}

TEST_CASE("every key has a path of its own and a sentence")
{
    std::set<std::string_view> paths;
    for (const ScenarioKey& key : scenario_keys()) {
        INFO(key.path);
        CHECK(paths.insert(key.path).second);
        CHECK(find_key(key.path) == &key);
        CHECK(key.text.ends_with('.'));
        CHECK_FALSE(is_key_table(key.path));
        CHECK(key.set != nullptr);
    }
    CHECK(is_key_table("traffic[]"));
    CHECK(is_key_list("traffic"));
    CHECK(is_key_list("host.stall"));
    CHECK_FALSE(is_key_list("driver"));
    CHECK_FALSE(is_key_table("drive"));
}

TEST_CASE("a name that comes later is refused with the names there are")
{
    for (const ScenarioKey& key : scenario_keys())
        for (const std::string_view name : key.facts.later) {
            const Document document = document_with(key, toml_text(name));
            CHECK(error_of(document.text) == fmt::format("t.toml:{}: {}: \"{}\" is not built in yet; allowed: {}",
                                                         document.line, document.path, name, key.allowed()));
        }
    CHECK(error_of("[[traffic]]\n[[expect]]\ncause = 1\n") == "t.toml:3: expect[0].cause: not built in yet");
    CHECK(error_of("[[traffic]]\n[nic]\nimplementation = \"rtl\"\n") ==
          "t.toml:3: nic.implementation: \"rtl\" is not built in yet; allowed: model");
}

TEST_CASE("every parameter that a scenario may change has a key under nic")
{
    std::ifstream in{source_tree() / "hw/engine/nic_parameters.hpp"};
    REQUIRE(in);
    // wire.rate and nic.mac decide two of them; max_standard_frame is no choice, because Linux maps buffers of that
    // size.
    const std::set<std::string> elsewhere{"wire_rate", "nvm_address", "max_standard_frame"};
    std::size_t                 count = 0;
    for (std::string line; std::getline(in, line);) {
        std::istringstream words{line};
        std::string        type;
        std::string        name;
        std::string        equals;
        // A member has a type, a name and a value; a comment or a function does not.
        if (!(words >> type >> name >> equals) || equals != "=" || !line.starts_with("    ")) continue;
        if (elsewhere.contains(name)) continue;
        if (name.ends_with("_kib")) name.resize(name.size() - 4);
        INFO(name);
        CHECK(find_key("nic." + name) != nullptr);
        ++count;
    }
    CHECK(count >= 16);
}
