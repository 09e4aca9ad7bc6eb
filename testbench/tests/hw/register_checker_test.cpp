// SPDX-License-Identifier: Apache-2.0
// The checker of register maps against maps that are broken on purpose, and the form of what is generated.
// Expected values do not come from the map of the device.
#include <array>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>

#include "hw/base/input_error.hpp"
#include "hw/registers/82574l.hpp"
#include "hw/registers/emit.hpp"
#include "hw/registers/register_map.hpp"
#include "testbench/tests/support/catch.hpp"

using namespace overrun;

namespace {

// A small map that passes. TOML takes single quotes and an inline table ends with its line.
constexpr std::string_view sound_map =
    "map = {device = 'sound', space = 0x1000}\n"
    "group = [{id = 'one', title = 'One'}]\n"
    "alias = [{offset = 0x800, register = 'BETA1'}]\n"
    "register = [\n"
    "{name = 'ALPHA', group = 'one', stage = 1, status = 'engine', offset = 0x100, text = 'First.', field = {"
    "LOW = {bits = '3:0', access = 'rw', reset = 5, text = 'Low.'}, "
    "HIGH = {bits = '31', access = 'sc', text = 'High.'}}},\n"
    "{name = 'BETA', group = 'one', stage = 1, status = 'storage', offset = 0x104, text = 'Second.', "
    "array = {count = 4, stride = 8}, access = 'rw', bits = '15:0', reset = 0x1234},\n"
    "{name = 'GAMMAL', group = 'one', stage = 1, status = 'engine', offset = 0x200, text = 'Third, low.', "
    "kind = 'counter_low', pair = 'GAMMA', ethtool = 'rx_gamma'},\n"
    "{name = 'GAMMAH', group = 'one', stage = 1, status = 'engine', offset = 0x204, text = 'Third, high.', "
    "kind = 'counter_high', pair = 'GAMMA'},\n"
    "{name = 'DELTA', group = 'one', stage = 2, status = 'absent', offset = 0x300, text = 'Fourth.'}]\n";

/// The message with which the map is refused; empty when it is accepted.
std::string refusal(const std::string& text)
{
    try {
        (void)register_map::check(register_map::parse(text, "map.toml"));
    } catch (const InputError& error) {
        return error.what();
    }
    return {};
}

/// The sound map with one piece replaced, which must be in it once.
std::string replaced(std::string_view from, std::string_view to)
{
    std::string       text{sound_map};
    const std::size_t at = text.find(from);
    if (at == std::string::npos || text.find(from, at + 1) != std::string::npos)
        throw std::runtime_error{"not once in the sound map: " + std::string{from}};
    return text.replace(at, from.size(), to);
}

const auto contains = [](std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
};

std::string real_map()
{
    std::ifstream file{OVERRUN_REGISTER_MAP};
    return {std::istreambuf_iterator<char>{file}, {}};
}

}  // namespace

TEST_CASE("the checker accepts a sound map and the map of the device")
{
    CHECK(refusal(std::string{sound_map}).empty());
    CHECK(refusal(real_map()).empty());
}

TEST_CASE("the checker refuses a broken map and says where")
{
    // What is replaced, by what, and what the refusal says.
    const std::array<std::string_view, 3> twins[] = {
        {"0x104", "0x100", "register BETA: BETA0 at 0x0100 overlaps ALPHA"},
        {"0x104", "0x1F8", "register GAMMAL: GAMMAL at 0x0200 overlaps BETA1"},
        {"stride = 8", "stride = 0x1000", "offset 0x1104 is beyond the register space of 0x1000"},
        {"0x100,", "0x102,", "register ALPHA: offset 0x0102 is not a multiple of 4"},
        {"stride = 8", "stride = 6", "register BETA: stride 6; allowed"},
        {"count = 4", "count = 0", "register BETA: count 0; allowed"},
        {"0x300", "-4", "\"offset\" is -4; allowed: 0 to 0xFFFFFFFF"},
        {"text = 'Second.', ", "", "register BETA: the text is missing"},
        {"'Second.'", "'Second'", "is no sentence"},
        {", text = 'High.'", "", "register ALPHA: field HIGH: the text is missing"},
        {"'DELTA'", "'ALPHA'", "register ALPHA: the name ALPHA is used in line 5 already"},
        {"'DELTA'", "'BETA3'", "register BETA3: the name BETA3 is used in line 6 already"},
        {"'DELTA'", "'delta'", "the name must be upper case"},
        {"HIGH =", "high =", "field high: the name must be upper case"},
        {"id = 'one'", "id = 'two'", "group \"one\" is unknown; allowed: two"},
        {"stage = 2", "stage = 9", "register DELTA: stage 9; allowed: 0 to 8"},
        {"'sc'", "'rx'", "field HIGH: access \"rx\" is unknown; allowed: rw, ro, rc, w1c"},
        {"'3:0'", "'0:3'", "field LOW: bits \"0:3\"; allowed"},
        {"'31'", "'32'", "field HIGH: bits \"32\"; allowed"},
        {"'31'", "'3'", "field HIGH: bits overlap field LOW"},
        {"'15:0'", "'15:'", "register BETA: bits \"15:\"; allowed"},
        {"reset = 5", "reset = 16", "field LOW: reset 0x10 does not fit; allowed: 0 to 0xF"},
        {"0x1234", "0x11234", "register BETA: reset 0x00011234 sets bits that can never read 1"},
        {"'First.'", "'First.', reset = 4", "reset 0x5 is not what the register's reset 0x00000004"},
        {"'First.'", "'First.', reset = 0x80000005", "sets bits that can never read 1"},
        {"'First.'", "'First.', access = 'rw'", "only one is allowed"},
        {", access = 'rw', bits = '15:0', reset = 0x1234", "", "neither fields nor \"access\" are given"},
        {", access = 'rw', bits = '15:0'", ", bits = '15:0'", "need \"access\" beside them"},
        {"'Fourth.'", "'Fourth.', access = 'rw'", "an absent register has no fields"},
        {"'absent'", "'none'", "status \"none\" is unknown; allowed: engine, storage, absent"},
        {"'Second.'", "'Second.', engine_count = 1", "engine_count 1; allowed"},
        {"0x204", "0x208", "register GAMMAL: pair GAMMA has no high half at 0x0204"},
        {"'counter_high'", "'counter_low'", "has no high half"},
        {", pair = 'GAMMA', ethtool", ", ethtool", "need each other"},
        {"'counter_low'", "'tally'", "kind \"tally\" is unknown"},
        {"'Second.'", "'Second.', ethtool = 'x'", "only a counter has an ethtool name"},
        {"'Third, high.'", "'Third, high.', ethtool = 'rx_gamma'", "belongs to another counter already"},
        {"'BETA1'", "'BETA9'", "alias 0x0800: register \"BETA9\" is unknown; nearest: BETA"},
        {"0x800", "0x802", "alias 0x0802: the offset is not a multiple of 4"},
        {"0x800", "0x100", "overlaps ALPHA"},
        {"'BETA1'", "'BETA1', dwords = 2", "points at no register"},
        {"title =", "titel =", "key \"titel\" is unknown; allowed: id, title"},
        {"stride = 8", "step = 8", "register BETA: array: key \"step\" is unknown"},
        {"offset = 0x300, ", "", "register DELTA: key \"offset\" is missing"},
        {"0x300", "'0x300'", "\"offset\" must be an integer"},
        {"offset = 0x300", "offset = = 3", "map.toml:9: TOML"}};
    for (const auto& [from, to, refused_with] : twins) {
        const std::string message = refusal(replaced(from, to));
        INFO(to << ": " << message);
        CHECK(contains(message, refused_with));
        CHECK(message.starts_with("map.toml:"));
    }
    CHECK(refusal(replaced("'sc'", "'rx'")).starts_with("map.toml:5: register ALPHA: "));
}

TEST_CASE("fields taken from another register keep their bits and change their access")
{
    const auto with = [](const std::string& like) {
        return replaced("access = 'rw', bits = '15:0', reset = 0x1234", "like = " + like);
    };
    const std::string text = with("{register = 'ALPHA', access = 'rw', except = ['HIGH']}");
    const auto        map  = register_map::check(register_map::parse(text, "map.toml"));
    REQUIRE(map.registers[1].name == "BETA");
    CHECK(map.registers[1].fields.size() == 1);
    CHECK(register_map::masks_of(map.registers[1]).writable == 0xf);
    CHECK(register_map::reset_of(map.registers[1]) == 5);
    // The reset comes along with the field, and a write-only bit cannot have one.
    CHECK(contains(refusal(with("{register = 'ALPHA', access = 'wo'}")), "sets bits that can never read 1"));
    CHECK(contains(refusal(with("{register = 'ALPHB', access = 'rw'}")), "nearest: ALPHA"));
    CHECK(contains(refusal(with("{register = 'ALPHA', access = 'rw', except = ['HIGG']}")), "is not in ALPHA"));
}

TEST_CASE("the SystemVerilog package holds plain integers, one a line")
{
    const auto            map = register_map::check(register_map::parse(real_map(), "82574l.toml"));
    std::istringstream    lines{register_map::systemverilog_package(map)};
    std::set<std::string> names;
    std::string           line;
    std::getline(lines, line);
    CHECK(contains(line, "Generated"));
    while (std::getline(lines, line)) {
        if (line.empty() || line == "package nic_registers_pkg;" || line == "endpackage") continue;
        if (line.find_first_not_of(' ') == line.find("//")) continue;
        INFO(line);
        std::istringstream words{line};
        std::string        local, type, sign, name, equals, value;
        words >> local >> type >> sign >> name >> equals >> value;
        CHECK((local == "localparam" && type == "int" && sign == "unsigned" && equals == "="));
        CHECK((words.eof() && value.ends_with(';')));
        CHECK(names.insert(name).second);
    }
    for (const char* name : {"CTRL_OFFSET", "RCTL_EN_LSB", "RCTL_EN_WIDTH", "RAL_COUNT", "RAL_STRIDE", "PBA_RESET"})
        CHECK(names.contains(name));
}

TEST_CASE("the page names every register and marks itself as generated")
{
    const auto        map  = register_map::check(register_map::parse(real_map(), "82574l.toml"));
    const std::string page = register_map::markdown(map);
    CHECK(contains(page.substr(0, page.find('\n')), "Generated"));
    for (const reg::RegisterInfo& row : reg::register_table) {
        INFO(row.name);
        CHECK(contains(page, "| " + std::string{row.name} + (row.count > 1 ? "0.." : " |")));
    }
}
