// SPDX-License-Identifier: Apache-2.0
// Platform profiles: the three built in with their published figures, and every way to get a file wrong.
// An error must name the file, the line and the key.
#include "hw/platform/platform_profile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "testbench/tests/support/capture_maker.hpp"
#include "testbench/tests/support/catch.hpp"

using namespace overrun;
using test::contains;
using test::input_error_of;
using test::TemporaryFile;

namespace {

constexpr std::int64_t longest = 1'000'000'000'000;  // one second in picoseconds

using Member = std::variant<std::int64_t PcieProfile::*, std::uint32_t PcieProfile::*, std::int64_t HostProfile::*>;

struct Key {
    std::string  table, name;
    std::int64_t least, most;
    Member       member;

    [[nodiscard]] std::string path() const { return table + "." + name; }
};

// Payload and request sizes are those that PCIe knows.
const std::vector<Key> keys{
    {"pcie", "bits_per_second", 1'000'000, 4'000'000'000'000, &PcieProfile::bits_per_second},
    {"pcie", "max_payload", 128, 4096, &PcieProfile::max_payload},
    {"pcie", "max_read_request", 128, 4096, &PcieProfile::max_read_request},
    {"pcie", "reads_in_flight", 1, 1024, &PcieProfile::reads_in_flight},
    {"pcie", "write_overhead", 0, 64, &PcieProfile::write_overhead},
    {"pcie", "read_overhead", 0, 64, &PcieProfile::read_overhead},
    {"pcie", "completion_overhead", 0, 64, &PcieProfile::completion_overhead},
    {"pcie", "write_latency_ps", 0, longest, &PcieProfile::write_latency},
    {"pcie", "read_latency_ps", 0, longest, &PcieProfile::read_latency},
    {"pcie", "read_per_octet_ps", 0, longest / 16384, &PcieProfile::read_per_octet},
    {"pcie", "mmio_write_ps", 0, longest, &PcieProfile::mmio_write},
    {"pcie", "mmio_read_request_ps", 0, longest, &PcieProfile::mmio_read_request},
    {"pcie", "mmio_read_completion_ps", 0, longest, &PcieProfile::mmio_read_completion},
    {"pcie", "interrupt_ps", 0, longest, &PcieProfile::interrupt},
    {"host", "mmio_write_cpu_ps", 0, longest, &HostProfile::mmio_write_cpu},
    {"host", "interrupt_entry_ps", 0, longest, &HostProfile::interrupt_entry},
    {"host", "interrupt_exit_ps", 0, longest, &HostProfile::interrupt_exit},
    {"host", "softirq_ps", 0, longest, &HostProfile::softirq},
    {"host", "driver_frame_ps", 0, longest, &HostProfile::driver_frame},
    {"host", "buffer_alloc_ps", 0, longest, &HostProfile::buffer_alloc},
};

std::int64_t value_of(const PlatformProfile& profile, const Key& key)
{
    struct Get {
        const PlatformProfile& profile;
        std::int64_t           operator()(std::int64_t PcieProfile::*m) const { return profile.pcie.*m; }
        std::int64_t           operator()(std::uint32_t PcieProfile::*m) const { return profile.pcie.*m; }
        std::int64_t           operator()(std::int64_t HostProfile::*m) const { return profile.host.*m; }
    };
    return std::visit(Get{profile}, key.member);
}

TemporaryFile file_of(const std::string& text)
{
    test::Octets octets;
    for (const char c : text) octets.push_back(static_cast<std::byte>(c));
    return TemporaryFile{octets};
}

/// A profile of one figure; it stands in line 3.
std::string with(const Key& key, const std::string& figure)
{
    return fmt::format("name = \"t\"\n[{}]\n{} = {}\n", key.table, key.name, figure);
}

std::string figure(std::int64_t value)
{
    return fmt::format("{{ value = {}, source = \"assumption\" }}", value);
}

/// Whether `text` is refused in one line that names file, line and `what`.
bool refused(const std::string& text, unsigned line, const std::string& what)
{
    const TemporaryFile file    = file_of(text);
    const std::string   message = input_error_of([&] { static_cast<void>(load_platform_profile(file.path())); });
    return contains(message, fmt::format("{}:{}: ", file.path(), line)) && contains(message, what) &&
           !contains(message, "\n");
}

}  // namespace

TEST_CASE("the built-in profiles carry the published figures", "[platform_profile]")
{
    CHECK(builtin_platform_profiles() == std::vector<std::string>{"ideal", "xeon-bdw-gen3x8", "82574l-gen1x1"});

    const PlatformProfile ideal = load_platform_profile("ideal");
    for (const Key& key : keys) {
        INFO(key.path());
        // Sizes and counts stay those of a usual link; everything that costs time is 0.
        if (key.name != "max_payload" && key.name != "max_read_request" && key.name != "reads_in_flight")
            CHECK(value_of(ideal, key) == 0);
    }

    const PcieProfile xeon = load_platform_profile("xeon-bdw-gen3x8").pcie;
    CHECK(xeon.bits_per_second == 57'880'000'000);
    CHECK((xeon.max_payload == 256 && xeon.max_read_request == 512));
    CHECK((xeon.write_overhead == 24 && xeon.read_overhead == 24 && xeon.completion_overhead == 20));
    CHECK((xeon.read_latency == 547'700 && xeon.read_per_octet == 288));
    CHECK((xeon.write_latency >= 220'000 && xeon.write_latency < 225'000));
    // A register read costs 800 ns with two core cycles of 8 ns in between; a doorbell 50 ns of CPU and 250 ns.
    CHECK(xeon.mmio_read_request + 16'000 + xeon.mmio_read_completion == 800'000);
    CHECK(xeon.mmio_write == 250'000);
    CHECK(load_platform_profile("xeon-bdw-gen3x8").host.mmio_write_cpu == 50'000);

    const PcieProfile card = load_platform_profile("82574l-gen1x1").pcie;
    CHECK(card.bits_per_second / 1'000'000 == 1837);  // 2.0 Gb/s x 57.88 / 63.02
    CHECK(card.max_payload == 128);
    CHECK(card.read_latency > xeon.read_latency);
}

TEST_CASE("every built-in profile has a name, a text and only figures in range", "[platform_profile]")
{
    for (const std::string& name : builtin_platform_profiles()) {
        const PlatformProfile profile = load_platform_profile(name);
        CHECK(profile.name == name);
        CHECK_FALSE(profile.text.empty());
        for (const Key& key : keys) {
            INFO(name << " " << key.path());
            if (name != "ideal") CHECK(value_of(profile, key) >= key.least);
            CHECK(value_of(profile, key) <= key.most);
        }
    }
}

TEST_CASE("every key takes its least and its greatest value, and nothing else changes", "[platform_profile]")
{
    const TemporaryFile   nothing = file_of("name = \"t\"\n");
    const PlatformProfile bare    = load_platform_profile(nothing.path());
    CHECK(bare.name == "t");
    for (const Key& key : keys) {
        for (const std::int64_t value : {key.least, key.most}) {
            const TemporaryFile   file    = file_of(with(key, figure(value)));
            const PlatformProfile profile = load_platform_profile(file.path());
            INFO(key.path());
            CHECK(value_of(profile, key) == value);
            for (const Key& other : keys)
                if (other.path() != key.path()) CHECK(value_of(profile, other) == value_of(bare, other));
        }
    }
}

TEST_CASE("a figure out of range is refused with its range", "[platform_profile]")
{
    for (const Key& key : keys) {
        for (const std::int64_t value : {key.least - 1, key.most + 1, INT64_MIN, INT64_MAX}) {
            INFO(key.path() << " " << value);
            CHECK(refused(with(key, figure(value)), 3,
                          fmt::format("{}: {} is outside {} to {}", key.path(), value, key.least, key.most)));
        }
    }
}

TEST_CASE("a figure of the wrong type or without a source is refused", "[platform_profile]")
{
    for (const Key& key : keys) {
        const std::string              good = std::to_string(key.least);
        const std::vector<std::string> bad_figures{"\"256\"",
                                                   "true",
                                                   "[256]",
                                                   "1979-05-27",
                                                   good,
                                                   good + ".0",
                                                   "{ value = " + good + " }",
                                                   "{ source = \"x\" }",
                                                   "{}",
                                                   "{ value = " + good + ", source = \"\" }",
                                                   "{ value = " + good + ", source = 3 }",
                                                   "{ value = \"" + good + "\", source = \"x\" }",
                                                   "{ value = " + good + ".0, source = \"x\" }",
                                                   "{ value = true, source = \"x\" }",
                                                   "{ value = " + good + ", source = \"x\", unit = \"ps\" }",
                                                   "{ value = " + good + ", sauce = \"x\" }"};
        for (const std::string& bad : bad_figures) {
            INFO(key.path() << " = " << bad);
            CHECK(refused(with(key, bad), 3, key.path() + ": wanted { value = INTEGER, source = "));
        }
    }
    // The check above can fail: a good figure is not refused.
    CHECK_FALSE(refused(with(keys[0], figure(keys[0].least)), 3, keys[0].path()));
}

TEST_CASE("unknown keys and tables are refused with what is allowed", "[platform_profile]")
{
    CHECK(refused("name = \"t\"\n[pcie]\nmax_playload = { value = 256, source = \"x\" }\n", 3, "pcie.max_playload"));
    CHECK(refused("name = \"t\"\n[host]\nsoftirq = { value = 256, source = \"x\" }\n", 3, "host.softirq: no such key"));
    CHECK(refused("name = \"t\"\n[host]\nmax_payload = { value = 256, source = \"x\" }\n", 3,
                  "allowed: mmio_write_cpu_ps"));
    CHECK(refused("name = \"t\"\n[memory]\nx = 1\n", 2, "memory: no such key; allowed: name, text, [pcie], [host]"));
    CHECK(refused("name = \"t\"\npcie = 3\n", 2, "pcie: no such key"));
    CHECK(refused("name = 3\n", 1, "name: a string is wanted"));
    CHECK(refused("name = \"t\"\ntext = []\n", 2, "text: a string is wanted"));
}

TEST_CASE("a file without a name, a file that is no TOML and a missing file are refused", "[platform_profile]")
{
    const TemporaryFile nameless = file_of("[host]\n");
    const std::string   message  = input_error_of([&] { static_cast<void>(load_platform_profile(nameless.path())); });
    CHECK(contains(message, nameless.path() + ": name is missing"));

    CHECK(refused("name = \"t\"\n[pcie\n", 2, ""));
    CHECK(refused("name = \"t\"\nname = \"u\"\n", 2, ""));
    CHECK(refused("name = \"t\xff\"\n", 1, ""));

    const std::string missing = input_error_of([] { static_cast<void>(load_platform_profile("xeon")); });
    CHECK(contains(missing, "host.profile: \"xeon\""));
    for (const std::string& name : builtin_platform_profiles()) CHECK(contains(missing, name));
    CHECK_FALSE(input_error_of([] { static_cast<void>(load_platform_profile("")); }).empty());
    CHECK_FALSE(input_error_of([] { static_cast<void>(load_platform_profile("/")); }).empty());
}
