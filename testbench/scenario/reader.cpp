// SPDX-License-Identifier: Apache-2.0
#include "testbench/scenario/reader.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <fstream>
#include <system_error>
#include <utility>

#include "hw/base/input_error.hpp"
#include "testbench/scenario/checks.hpp"
#include "testbench/scenario/document.hpp"
#include "testbench/scenario/driver_preset.hpp"
#include "testbench/scenario/key_table.hpp"
#include "testbench/scenario/override.hpp"
#include "testbench/scenario/text_types.hpp"
#include "testbench/scenario/value_errors.hpp"

namespace overrun::scenario {

namespace {

[[noreturn]] void fail(const Where& where, std::string_view path, std::string_view what)
{
    throw InputError(fmt::format("{}: {}: {}", where.text(), path, what));
}

[[nodiscard]] bool is_plain(std::string_view name) noexcept
{
    return !name.empty() && name.find_first_of(".[]") == std::string_view::npos;
}

// A place in the tree: its path for the table, its path for people, and the item of the list around it.
struct Place {
    std::string pattern;
    std::string path;
    std::size_t index = 0;

    [[nodiscard]] Place member(std::string_view name) const
    {
        const std::string_view dot = pattern.empty() ? "" : ".";
        return {fmt::format("{}{}{}", pattern, dot, name), fmt::format("{}{}{}", path, dot, printable(name)), index};
    }
    [[nodiscard]] Place item(std::size_t i) const { return {pattern + "[]", fmt::format("{}[{}]", path, i), i}; }
};

class Reader {
public:
    [[nodiscard]] Scenario read(const Node& root)
    {
        table(root, {});
        if (scenario_.traffic.empty())
            throw InputError(fmt::format("{}: no traffic; at least one [[traffic]] is wanted", root.where.origin));
        scenario_.nic.parameters.wire_rate = scenario_.wire_rate;
        apply_driver_preset(scenario_, given_);
        check_scenario(scenario_, given_);
        return std::move(scenario_);
    }

private:
    void visit(const Node::Member& member, const Place& place)
    {
        const Node& node = member.value;
        // A key in quotes may look like a path: "driver.ring", "traffic[]".
        if (!is_plain(member.name)) fail(member.where, place.path, "no such key; keys have letters, digits, _ and -");
        if (const ScenarioKey* key = find_key(place.pattern)) {
            value(node, place, *key);
        } else if (is_key_list(place.pattern)) {
            list(node, place);
        } else if (is_key_table(place.pattern)) {
            table(node, place);
        } else if (is_later_key(place.pattern)) {
            fail(member.where, place.path, "not built in yet");
        } else {
            fail(member.where, place.path, no_such_key(place.pattern, place.path));
        }
    }

    void table(const Node& node, const Place& place)
    {
        if (node.kind != Node::Kind::table)
            fail(node.where, place.path, fmt::format("{}; a table is wanted: [{}]", described(node), place.pattern));
        for (const Node::Member& member : node.members) visit(member, place.member(member.name));
    }

    void list(const Node& node, const Place& place)
    {
        if (node.kind != Node::Kind::list)
            fail(node.where, place.path,
                 fmt::format("{}; a list of tables is wanted: [[{}]]", described(node), place.pattern));
        for (std::size_t i = 0; i < node.items.size(); ++i) {
            const Place item = place.item(i);
            grow_list(scenario_, place.pattern, i);
            given_.emplace(item.path, &node.items[i]);
            table(node.items[i], item);
        }
    }

    void value(const Node& node, const Place& place, const ScenarioKey& key)
    {
        given_.emplace(place.path, &node);
        try {
            key.set(scenario_, place.index, node, key.facts);
        } catch (const InputError& error) {
            fail(node.where, place.path, error.what());
        }
    }

    Scenario  scenario_;
    GivenKeys given_;
};

void check_override_path(const Override& change)
{
    const std::string pattern = change.pattern();
    const std::string path    = change.shown_path();
    if (find_key(pattern) != nullptr || is_key_table(pattern) || is_key_list(pattern)) return;
    if (is_later_key(pattern)) throw InputError(fmt::format("{}: not built in yet", change.where.text()));
    throw InputError(fmt::format("{}: {}", change.where.text(), no_such_key(pattern, path)));
}

[[nodiscard]] std::string from_folder(const std::filesystem::path& folder, const std::string& name)
{
    if (name == "-") return name;
    return (folder / name).string();
}

// Names of files are taken from the scenario's folder, unless they came with an override.
void resolve_files(Node& root, const std::filesystem::path& folder)
{
    const auto resolve = [&](Node& node) {
        if (node.kind == Node::Kind::text && !node.where.set && !node.text.empty())
            node.text = from_folder(folder, node.text);
    };
    if (Node::Member* traffic = root.member("traffic"))
        for (Node& source : traffic->value.items)
            if (Node::Member* file = source.member("file")) {
                resolve(file->value);
                for (Node& item : file->value.items) resolve(item);
            }
    if (Node::Member* host = root.member("host"))
        if (Node::Member* profile = host->value.member("profile"))
            if (is_profile_file(profile->value.text)) resolve(profile->value);
}

// Where each expectation stands, for the report of a failed one.
void note_places(Scenario& scenario, const Node& root)
{
    for (std::size_t i = 0; i < scenario.expect.size(); ++i) {
        const Where& where      = root.member("expect")->value.items[i].where;
        scenario.expect[i].file = where.origin;
        scenario.expect[i].line = where.line;
    }
}

[[nodiscard]] std::string read_file(const std::filesystem::path& file)
{
    constexpr std::size_t longest = std::size_t{1} << 20U;
    std::error_code       error;
    const auto            status = std::filesystem::status(file, error);
    if (!std::filesystem::exists(status)) throw InputError(fmt::format("{}: no such file", file.string()));
    if (std::filesystem::is_directory(status))
        throw InputError(fmt::format("{}: is a folder; a TOML file is wanted", file.string()));
    std::ifstream in{file, std::ios::binary};
    if (!in) throw InputError(fmt::format("{}: {}", file.string(), std::generic_category().message(errno)));
    std::string text(longest + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (in.bad()) throw InputError(fmt::format("{}: cannot be read", file.string()));
    text.resize(static_cast<std::size_t>(in.gcount()));
    return text;
}

}  // namespace

}  // namespace overrun::scenario

namespace overrun {

Scenario load_scenario_text(std::string_view text, const std::string& origin, std::span<const std::string> overrides,
                            const std::filesystem::path& folder)
{
    using namespace scenario;
    Node root = parse_document(text, origin);
    for (const std::string& argument : overrides) {
        const Override change = parse_override(argument);
        check_override_path(change);
        apply_override(root, change);
    }
    resolve_files(root, folder);
    Scenario read = Reader{}.read(root);
    note_places(read, root);
    return read;
}

Scenario load_scenario(const std::filesystem::path& file, std::span<const std::string> overrides)
{
    return load_scenario_text(scenario::read_file(file), file.string(), overrides, file.parent_path());
}

}  // namespace overrun
