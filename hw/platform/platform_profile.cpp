// SPDX-License-Identifier: Apache-2.0
// Reads a platform profile: a table of keys decides what is known, and no figure is taken without its source.
// Never guesses a missing figure: what a profile leaves out costs nothing.
#include "hw/platform/platform_profile.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <array>
#include <filesystem>
#include <limits>
#include <string_view>
#include <variant>

#include "hw/base/input_error.hpp"
#include "hw/platform/builtin_profiles.hpp"

namespace overrun {

namespace {

using Member = std::variant<std::int64_t PcieProfile::*, std::uint32_t PcieProfile::*, Time HostProfile::*>;

struct Key {
    std::string_view table;
    std::string_view name;
    Member           member;
    std::int64_t     least;
    std::int64_t     most;
};

constexpr std::int64_t longest = second;

constexpr std::array keys{
    Key{"pcie", "bits_per_second", &PcieProfile::bits_per_second, 1'000'000, 4'000'000'000'000},
    Key{"pcie", "max_payload", &PcieProfile::max_payload, 128, 4096},
    Key{"pcie", "max_read_request", &PcieProfile::max_read_request, 128, 4096},
    Key{"pcie", "reads_in_flight", &PcieProfile::reads_in_flight, 1, 1024},
    Key{"pcie", "write_overhead", &PcieProfile::write_overhead, 0, 64},
    Key{"pcie", "read_overhead", &PcieProfile::read_overhead, 0, 64},
    Key{"pcie", "completion_overhead", &PcieProfile::completion_overhead, 0, 64},
    Key{"pcie", "write_latency_ps", &PcieProfile::write_latency, 0, longest},
    Key{"pcie", "read_latency_ps", &PcieProfile::read_latency, 0, longest},
    Key{"pcie", "read_per_octet_ps", &PcieProfile::read_per_octet, 0, longest / 16384},
    Key{"pcie", "mmio_write_ps", &PcieProfile::mmio_write, 0, longest},
    Key{"pcie", "mmio_read_request_ps", &PcieProfile::mmio_read_request, 0, longest},
    Key{"pcie", "mmio_read_completion_ps", &PcieProfile::mmio_read_completion, 0, longest},
    Key{"pcie", "interrupt_ps", &PcieProfile::interrupt, 0, longest},
    Key{"host", "mmio_write_cpu_ps", &HostProfile::mmio_write_cpu, 0, longest},
    Key{"host", "interrupt_entry_ps", &HostProfile::interrupt_entry, 0, longest},
    Key{"host", "interrupt_exit_ps", &HostProfile::interrupt_exit, 0, longest},
    Key{"host", "softirq_ps", &HostProfile::softirq, 0, longest},
    Key{"host", "driver_frame_ps", &HostProfile::driver_frame, 0, longest},
    Key{"host", "buffer_alloc_ps", &HostProfile::buffer_alloc, 0, longest},
};

[[noreturn]] void fail(std::string_view file, const toml::source_region& where, const std::string& message)
{
    throw InputError(fmt::format("{}:{}: {}", file, where.begin.line, message));
}

const Key& key_named(std::string_view file, std::string_view table, const toml::key& name)
{
    for (const Key& key : keys)
        if (key.table == table && key.name == name.str()) return key;
    std::string allowed;
    for (const Key& key : keys)
        if (key.table == table) allowed += fmt::format("{}{}", allowed.empty() ? "" : ", ", key.name);
    fail(file, name.source(), fmt::format("{}.{}: no such key; allowed: {}", table, name.str(), allowed));
}

void store(PlatformProfile& profile, const Member& member, std::int64_t value)
{
    struct Store {
        PlatformProfile& profile;
        std::int64_t     value;
        void             operator()(std::int64_t PcieProfile::*m) const { profile.pcie.*m = value; }
        void operator()(std::uint32_t PcieProfile::*m) const { profile.pcie.*m = static_cast<std::uint32_t>(value); }
        void operator()(Time HostProfile::*m) const { profile.host.*m = value; }
    };
    std::visit(Store{profile, value}, member);
}

void read_figure(PlatformProfile& profile, std::string_view file, const Key& key, const toml::node& node)
{
    const toml::table* figure = node.as_table();
    const auto         value  = figure != nullptr ? (*figure)["value"].value_exact<std::int64_t>() : std::nullopt;
    const auto         source = figure != nullptr ? (*figure)["source"].value_exact<std::string_view>() : std::nullopt;
    if (!value || !source || source->empty() || figure->size() != 2)
        fail(file, node.source(),
             fmt::format("{}.{}: wanted {{ value = INTEGER, source = \"where it is from, or assumption\" }}", key.table,
                         key.name));
    if (*value < key.least || *value > key.most)
        fail(file, node.source(),
             fmt::format("{}.{}: {} is outside {} to {}", key.table, key.name, *value, key.least, key.most));
    store(profile, key.member, *value);
}

PlatformProfile interpret(const toml::table& document, std::string_view file)
{
    PlatformProfile profile;
    for (const auto& [name, node] : document) {
        if (name == "name" || name == "text") {
            const auto text = node.value_exact<std::string>();
            if (!text) fail(file, node.source(), fmt::format("{}: a string is wanted", name.str()));
            (name == "name" ? profile.name : profile.text) = *text;
        } else if ((name == "pcie" || name == "host") && node.is_table()) {
            for (const auto& [inner, figure] : *node.as_table())
                read_figure(profile, file, key_named(file, name.str(), inner), figure);
        } else {
            fail(file, name.source(), fmt::format("{}: no such key; allowed: name, text, [pcie], [host]", name.str()));
        }
    }
    if (profile.name.empty()) throw InputError(fmt::format("{}: name is missing", file));
    return profile;
}

PlatformProfile parse(std::string_view text, const std::string& file)
{
    try {
        return interpret(toml::parse(text, file), file);
    } catch (const toml::parse_error& error) {
        fail(file, error.source(), std::string{error.description()});
    }
}

}  // namespace

std::vector<std::string> builtin_platform_profiles()
{
    std::vector<std::string> names;
    for (const BuiltinProfile& profile : builtin_profiles) names.emplace_back(profile.name);
    return names;
}

PlatformProfile load_platform_profile(const std::string& name_or_file)
{
    for (const BuiltinProfile& profile : builtin_profiles)
        if (profile.name == name_or_file) return parse(profile.toml, fmt::format("profile {}", profile.name));

    if (!std::filesystem::is_regular_file(name_or_file)) {
        std::string allowed;
        for (const BuiltinProfile& profile : builtin_profiles) allowed += fmt::format("{}, ", profile.name);
        throw InputError(fmt::format("host.profile: \"{}\" is no built-in profile and no file; allowed: {}or a file",
                                     name_or_file, allowed));
    }
    try {
        return interpret(toml::parse_file(name_or_file), name_or_file);
    } catch (const toml::parse_error& error) {
        fail(name_or_file, error.source(), std::string{error.description()});
    }
}

}  // namespace overrun
