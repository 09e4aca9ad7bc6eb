// SPDX-License-Identifier: Apache-2.0
// Prints tables that other parts own.
// Never holds a table of its own.
#include "testbench/command/info_commands.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "hw/base/input_error.hpp"
#include "hw/platform/platform_profile.hpp"
#include "hw/registers/82574l.hpp"
#include "testbench/scenario/builtin.hpp"
#include "testbench/scenario/schema.hpp"
#include "testbench/text/nearest.hpp"

namespace overrun {

namespace {

std::string first_sentence(std::string text)
{
    text.erase(0, text.find_first_not_of('\n'));
    std::replace(text.begin(), text.end(), '\n', ' ');
    const auto end = text.find(". ");
    return end == std::string::npos ? text : text.substr(0, end + 1);
}

ExitCode list()
{
    for (const BuiltinScenario& builtin : builtin_scenarios())
        fmt::print("{:<24}{}\n", builtin.name, first_sentence(find_scenario(std::string{builtin.name}).text));
    std::string profiles;
    for (const std::string& name : builtin_platform_profiles()) profiles += (profiles.empty() ? "" : ", ") + name;
    fmt::print("\nhost profiles: {}\n", profiles);
    return ExitCode::holds;
}

ExitCode show(const std::string& name)
{
    const std::string_view text = builtin_scenario(name).toml;
    std::fwrite(text.data(), 1, text.size(), stdout);
    return ExitCode::holds;
}

std::string_view name_of(reg::Access access) noexcept
{
    constexpr std::string_view names[]{"rw", "ro", "rc", "w1c", "rc/w1c", "w0c", "w1s", "rs", "sc", "wo"};
    return names[static_cast<std::size_t>(access)];
}

std::string_view name_of(reg::Status status) noexcept
{
    constexpr std::string_view names[]{"engine", "storage", "absent"};
    return names[static_cast<std::size_t>(status)];
}

void print_row(const reg::RegisterInfo& row)
{
    const std::string name = row.count == 1 ? std::string{row.name} : fmt::format("{}[{}]", row.name, row.count);
    fmt::print("{:04X}  {:<14}{:08X}  {:<8}{}\n", row.offset, name, row.reset, name_of(row.status), row.text);
}

void print_whole(const reg::RegisterInfo& row)
{
    print_row(row);
    if (row.count > 1) fmt::print("      {} registers, one each {:#x} octets\n", row.count, row.stride);
    if (!row.ethtool.empty()) fmt::print("      ethtool -S: {}\n", row.ethtool);
    for (const reg::FieldInfo& field : row.fields) {
        const unsigned    high = field.bits.lsb + field.bits.width - 1;
        const std::string bits =
            field.bits.width == 1 ? fmt::format("{}", high) : fmt::format("{}:{}", high, field.bits.lsb);
        fmt::print("      {:>5}  {:<22}{:<7}{:<#6x}{}\n", bits, field.name, name_of(field.access), field.reset,
                   field.text);
    }
}

ExitCode registers(std::string name)
{
    constexpr const char* head = "off.  name          reset     status  what it is\n";
    if (name.empty()) {
        fmt::print("{}", head);
        for (const reg::RegisterInfo& row : reg::register_table) print_row(row);
        return ExitCode::holds;
    }
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    if (const auto offset = reg::offset_named(name)) {
        fmt::print("{}", head);
        print_whole(*reg::find(*offset));
        return ExitCode::holds;
    }
    std::vector<std::string_view> names;
    for (const reg::RegisterInfo& row : reg::register_table) names.push_back(row.name);
    throw InputError(fmt::format("regs: \"{}\": no such register{}", name, did_you_mean(name, names)));
}

ExitCode schema(bool json)
{
    std::fputs((json ? scenario_json_schema() : scenario_key_table()).c_str(), stdout);
    return ExitCode::holds;
}

}  // namespace

void add_info_commands(CLI::App& app, std::function<ExitCode()>& action)
{
    app.add_subcommand("list", "List the built-in scenarios and host profiles")->callback([&action] { action = list; });

    auto      shown        = std::make_shared<std::string>();
    CLI::App& show_command = *app.add_subcommand("show", "Print a built-in scenario, to copy and change");
    show_command.add_option("name", *shown, "As in `overrun list`")->required()->check(not_empty)->type_name("NAME");
    show_command.callback([shown, &action] { action = [shown] { return show(*shown); }; });

    auto      wanted = std::make_shared<std::string>();
    CLI::App& regs   = *app.add_subcommand("regs", "Print the register map, or one register with its fields");
    regs.add_option("name", *wanted, "Such as RCTL")->check(not_empty)->type_name("NAME");
    regs.callback([wanted, &action] { action = [wanted] { return registers(*wanted); }; });

    auto      json = std::make_shared<bool>(false);
    CLI::App& keys = *app.add_subcommand("schema", "Print the keys of a scenario");
    keys.add_flag("--json", *json, "As JSON Schema");
    keys.callback([json, &action] { action = [json] { return schema(*json); }; });
}

}  // namespace overrun
