// SPDX-License-Identifier: Apache-2.0
// Scenarios from TOML: each key reaches its member, and files are found where they belong.
// Wrong scenarios are in scenario_errors_test.cpp, and row by row in scenario_keys_test.cpp.
#include "testbench/scenario/reader.hpp"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "hw/base/input_error.hpp"
#include "testbench/scenario/document.hpp"
#include "testbench/scenario/key_table.hpp"
#include "testbench/tests/support/catch.hpp"

using namespace overrun;
using namespace overrun::scenario;

namespace {

[[nodiscard]] std::string file_error(const std::filesystem::path& file)
{
    try {
        static_cast<void>(load_scenario(file));
        return "no error";
    } catch (const InputError& error) {
        return error.what();
    }
}

// A folder that is gone at the end of the test.
class Folder {
public:
    Folder() : path_{std::filesystem::temp_directory_path() / ("overrun_scenario_test_" + std::to_string(getpid()))}
    {
        std::filesystem::create_directories(path_);
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    Folder(const Folder&)            = delete;
    Folder& operator=(const Folder&) = delete;

    [[nodiscard]] std::filesystem::path write(const std::string& name, const std::string& text) const
    {
        std::ofstream{path_ / name, std::ios::binary} << text;
        return path_ / name;
    }
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

// Every key once, none with its default.
const std::string everything = R"(
name = "all"
text = "Every key."
wire.rate = "2.5Gbps"
[[traffic]]
kind = "fixed"
start = "3us"
length = 1518
count = 17
rate = "100kpps"
destination = "01:00:5E:00:00:fb"
[[traffic]]
load = 0.25
count = 3
[traffic.errors]
crc = [3, 1]
runt = 0.25
oversize = [1]
rx_er = 1
dribble = 0
[[traffic]]
kind = "pcap"
start = "4ms"
file = ["a.pcap", "/b.pcapng"]
speed = 2
fcs = "present"
truncated = "error"
max_gap = "5ms"
limit = 1000000000000
[[traffic]]
kind = "pcap"
file = "-"
pacing = "topspeed"
loop = 4
[[traffic]]
kind = "poisson"
rate = "3kpps"
seed = 77
[[traffic]]
kind = "burst"
burst = 12
gap = "7us"
[[traffic]]
kind = "pcap"
file = "c"
bit_rate = "12Mbps"
[nic]
implementation = "model"
mac = "02:00:00:00:00:07"
promiscuous = true
allmulti = true
multicast = ["01:00:5e:00:00:01", "33:33:00:00:00:01"]
vlans = [0, 10, 4094]
rx_fifo = "32KiB"
fifo_overhead = 0
fifo_line = 16
fifo_build = "48KiB"
packet_buffer = "64KiB"
max_long_frame = 9234
descriptor_cache = 32
reads_in_flight = 2
rnbc_rule = "at_reception"
tpr_counts_rejected_broadcast = true
csr_read_cycles = 3
rx_mac_cycles = 4
rx_dma_cycles = 5
dma_beat_octets = 32
reset_time = "2us"
nvm_load = "2ms"
link_up_time = "500ms"
[driver]
ring = 4096
tail_step = 16
budget = 32
itr = 488
rdtr = 33
radv = 34
pthresh = 31
hthresh = 5
wthresh = 6
keep_bad = true
long_frames = false
strip_fcs = false
extended = false
service = "1us"
preset = "linux"
watchdog = "2s"
resize = [{ at = "3ms", ring = 512 }, { ring = 72 }]
[host]
profile = "ideal"
stall = [{ at = "1ms", for = "2ms" }, { for = "1us", every = "10us" }]
fault = [{ at = "4ms", kind = "dma_stop" }, {}]
[run]
seed = 9223372036854775807
duration = "1s"
[[expect]]
fate = "delivered"
equals = 7
within = 2
[[expect]]
register = "GORC"
at_least = 8
[[expect]]
ethtool = "rx_missed_errors"
at_most = 9
[[expect]]
netdev = "rx.missed_errors"
equals = 0
[[expect]]
latency = "wire_to_driver.p99"
at_least = "1.5us"
at_most = "11us"
)";

[[nodiscard]] std::uint32_t line_of(std::string_view text)
{
    const auto at = static_cast<std::ptrdiff_t>(everything.find(text));
    return static_cast<std::uint32_t>(std::count(everything.begin(), everything.begin() + at, '\n') + 1);
}

}  // namespace

TEST_CASE("a scenario's keys reach its members")
{
    const Scenario s = load_scenario_text(everything, "all.toml");
    CHECK(s.name == "all");
    CHECK(s.text == "Every key.");
    CHECK(s.wire_rate == 2'500'000'000);
    CHECK(s.seed == 9'223'372'036'854'775'807U);
    CHECK(s.duration == second);

    REQUIRE(s.traffic.size() == 7);
    const TrafficSpec& fixed = s.traffic[0];
    CHECK(fixed.kind == TrafficKind::fixed);
    CHECK(fixed.start == 3 * microsecond);
    CHECK(fixed.length == 1518);
    CHECK(fixed.count == 17);
    CHECK(fixed.rate == 100'000U);
    CHECK_FALSE(fixed.load);
    REQUIRE(fixed.destination);
    CHECK(fixed.destination->text() == "01:00:5e:00:00:fb");
    CHECK(s.traffic[1].load == 0.25);
    const ErrorSpec& errors = s.traffic[1].errors;
    CHECK(errors.crc.frames == std::vector<std::uint64_t>{1, 3});
    CHECK(errors.crc.probability == 0);
    CHECK(errors.runt.probability == 0.25);
    CHECK(errors.oversize.frames == std::vector<std::uint64_t>{1});
    CHECK(errors.rx_er.probability == 1);
    CHECK(errors.dribble.none());
    CHECK(fixed.errors.crc.none());
    CHECK_FALSE(s.traffic[1].rate);
    CHECK_FALSE(s.traffic[1].destination);
    const TrafficSpec& pcap = s.traffic[2];
    CHECK(pcap.kind == TrafficKind::pcap);
    CHECK(pcap.start == 4 * millisecond);
    CHECK(pcap.files == std::vector<std::string>{"a.pcap", "/b.pcapng"});
    CHECK(pcap.speed == 2.0);
    CHECK(pcap.fcs == FcsMode::present);
    CHECK(pcap.truncated == TruncatedMode::error);
    CHECK(pcap.pacing == CapturePacing::timestamps);
    CHECK(pcap.max_gap == 5 * millisecond);
    CHECK(pcap.limit == 1'000'000'000'000U);
    CHECK(s.traffic[3].files == std::vector<std::string>{"-"});
    CHECK(s.traffic[3].pacing == CapturePacing::topspeed);
    CHECK(s.traffic[3].loop == 4);
    CHECK(pcap.loop == 1);
    CHECK(s.traffic[4].kind == TrafficKind::poisson);
    CHECK(s.traffic[4].rate == 3'000U);
    CHECK(s.traffic[4].seed == 77U);
    CHECK_FALSE(fixed.seed);
    CHECK(s.traffic[5].kind == TrafficKind::burst);
    CHECK(s.traffic[5].burst == 12);
    CHECK(s.traffic[5].gap == 7 * microsecond);
    CHECK(s.traffic[6].bit_rate == 12'000'000U);

    CHECK(s.nic.implementation == "model");
    REQUIRE(s.nic.mac);
    CHECK(s.nic.mac->text() == "02:00:00:00:00:07");
    CHECK(s.driver.settings.promiscuous);
    CHECK(s.driver.settings.allmulti);
    REQUIRE(s.driver.settings.multicast.size() == 2);
    CHECK(s.driver.settings.multicast[1].text() == "33:33:00:00:00:01");
    CHECK(s.driver.settings.vlans == std::vector<std::uint16_t>{0, 10, 4094});
    CHECK(s.driver.settings.rx_fifo_kib == 32);
    const NicParameters& p = s.nic.parameters;
    CHECK(p.fifo_overhead == 0);
    CHECK(p.fifo_line == 16);
    CHECK(p.fifo_build_kib == 48);
    CHECK(p.packet_buffer_kib == 64);
    CHECK(p.max_long_frame == 9'234);
    CHECK(p.descriptor_cache == 32);
    CHECK(p.reads_in_flight == 2);
    CHECK(p.rnbc_rule == RnbcRule::at_reception);
    CHECK(p.tpr_counts_rejected_broadcast);
    CHECK(p.csr_read_cycles == 3);
    CHECK(p.rx_mac_cycles == 4);
    CHECK(p.rx_dma_cycles == 5);
    CHECK(p.dma_beat_octets == 32);
    CHECK(p.reset_time == 2 * microsecond);
    CHECK(p.nvm_load == 2 * millisecond);
    CHECK(p.link_up_time == 500 * millisecond);
    CHECK(p.wire_rate == s.wire_rate);

    CHECK(s.driver.settings.ring == 4'096);
    CHECK(s.driver.settings.tail_step == 16);
    CHECK(s.driver.settings.budget == 32);
    CHECK(s.driver.settings.itr == 488);
    CHECK(s.driver.settings.rdtr == 33);
    CHECK(s.driver.settings.radv == 34);
    CHECK(s.driver.settings.pthresh == 31);
    CHECK(s.driver.settings.hthresh == 5);
    CHECK(s.driver.settings.wthresh == 6);
    CHECK(s.driver.settings.keep_bad);
    CHECK_FALSE(s.driver.settings.strip_fcs);
    CHECK_FALSE(s.driver.settings.extended);
    CHECK(s.driver.service == microsecond);
    CHECK(s.driver.preset == DriverPreset::linux_e1000e);
    CHECK(s.driver.settings.watchdog == 2 * second);
    REQUIRE(s.driver.resize.size() == 2);
    CHECK((s.driver.resize[0].at == 3 * millisecond && s.driver.resize[0].ring == 512));
    CHECK((s.driver.resize[1].at == 0 && s.driver.resize[1].ring == 72));
    CHECK_FALSE(s.driver.settings.rx_usecs.has_value());
    CHECK(load_scenario_text("driver.long_frames = true\n[[traffic]]\n", "t.toml").driver.settings.long_frames);
    CHECK(load_scenario_text("driver.rx_usecs = 125\n[[traffic]]\n", "t.toml").driver.settings.rx_usecs == 125U);

    CHECK(s.host.profile == "ideal");
    REQUIRE(s.host.stall.size() == 2);
    CHECK(s.host.stall[0].at == millisecond);
    CHECK(s.host.stall[0].duration == 2 * millisecond);
    CHECK_FALSE(s.host.stall[0].every);
    CHECK(s.host.stall[1].at == 0);
    CHECK(s.host.stall[1].every == 10 * microsecond);
    REQUIRE(s.host.fault.size() == 2);
    CHECK((s.host.fault[0].at == 4 * millisecond && s.host.fault[0].kind == FaultKind::dma_stop));
    CHECK((s.host.fault[1].at == 0 && s.host.fault[1].kind == FaultKind::device_reset));

    REQUIRE(s.expect.size() == 5);
    CHECK(s.expect[0].kind == Expectation::Kind::fate);
    CHECK(s.expect[0].name == "delivered");
    CHECK(s.expect[0].equals == 7.0);
    CHECK(s.expect[0].within == 2.0);
    CHECK(s.expect[0].file == "all.toml");
    CHECK(s.expect[0].line == line_of("[[expect]]\nfate"));
    CHECK(s.expect[1].kind == Expectation::Kind::reg);
    CHECK(s.expect[1].name == "GORC");
    CHECK(s.expect[1].at_least == 8.0);
    CHECK(s.expect[1].line == line_of("[[expect]]\nregister"));
    CHECK(s.expect[2].kind == Expectation::Kind::ethtool);
    CHECK(s.expect[2].at_most == 9.0);
    CHECK(s.expect[3].kind == Expectation::Kind::netdev);
    CHECK(s.expect[3].equals == 0.0);
    CHECK(s.expect[4].kind == Expectation::Kind::latency);
    CHECK(s.expect[4].name == "wire_to_driver.p99");
    CHECK(s.expect[4].at_least == 1'500.0);  // nanoseconds
    CHECK(s.expect[4].at_most == 11'000.0);
}

TEST_CASE("the scenario with every key leaves none out")
{
    // A new key must come into the test above, where its member is checked.
    for (const ScenarioKey& key : scenario_keys()) {
        if (key.path == "driver.rx_usecs") continue;  // excludes driver.itr, and is checked by itself
        const std::string name{key.path.substr(key.path.rfind('.') + 1)};
        INFO(key.path);
        CHECK((everything.find("\n" + name + " = ") != std::string::npos ||
               everything.find(" " + name + " = ") != std::string::npos ||
               everything.find("\n" + std::string{key.path} + " = ") != std::string::npos));
    }
}

TEST_CASE("a scenario without keys but traffic has the defaults")
{
    const Scenario s = load_scenario_text("[[traffic]]\n", "t.toml");
    REQUIRE(s.traffic.size() == 1);
    CHECK(s.wire_rate == 1'000'000'000);
    CHECK(s.nic.parameters.wire_rate == s.wire_rate);
    CHECK(s.driver.settings.ring == 256);
    CHECK(s.driver.settings.rx_fifo_kib == 20);
    CHECK_FALSE(s.nic.mac);
    CHECK_FALSE(s.duration);
    CHECK_FALSE(load_scenario_text("nic.mac = \"auto\"\n[[traffic]]\n", "t.toml").nic.mac);
}

TEST_CASE("names stand for the enumerators of the same name")
{
    const auto traffic = [](const std::string& line) {
        return load_scenario_text("[[traffic]]\nkind = \"pcap\"\nfile = \"a\"\n" + line, "t.toml").traffic[0];
    };
    CHECK(traffic("fcs = \"auto\"").fcs == FcsMode::automatic);
    CHECK(traffic("fcs = \"present\"").fcs == FcsMode::present);
    CHECK(traffic("fcs = \"absent\"").fcs == FcsMode::absent);
    CHECK(traffic("truncated = \"pad\"").truncated == TruncatedMode::pad);
    CHECK(traffic("truncated = \"skip\"").truncated == TruncatedMode::skip);
    CHECK(traffic("truncated = \"error\"").truncated == TruncatedMode::error);
    CHECK(traffic("pacing = \"timestamps\"").pacing == CapturePacing::timestamps);
    CHECK(traffic("pacing = \"topspeed\"").pacing == CapturePacing::topspeed);
    const auto rule = [](const std::string& name) {
        return load_scenario_text("nic.rnbc_rule = \"" + name + "\"\n[[traffic]]\n", "t.toml").nic.parameters.rnbc_rule;
    };
    CHECK(rule("at_head") == RnbcRule::at_head);
    CHECK(rule("at_reception") == RnbcRule::at_reception);
}

TEST_CASE("files that cannot be read are refused")
{
    const Folder folder;
    CHECK(file_error(folder.path() / "none.toml") == (folder.path() / "none.toml").string() + ": no such file");
    CHECK(file_error(folder.path()) == folder.path().string() + ": is a folder; a TOML file is wanted");
    CHECK(file_error("").ends_with(": no such file"));
    CHECK(file_error("/dev/zero") == "/dev/zero: longer than 1048576 octets");
    const auto secret = folder.write("secret.toml", "[[traffic]]\n");
    std::filesystem::permissions(secret, std::filesystem::perms::none);
    if (geteuid() != 0) CHECK(file_error(secret).find("ermission") != std::string::npos);
}

TEST_CASE("captures and profiles are taken from the scenario's folder")
{
    const Folder folder;
    const auto   file =
        folder.write("s.toml",
                     "[[traffic]]\nkind = \"pcap\"\nfile = [\"a.pcap\", \"/b.pcap\", \"-\"]\n"
                     "[[traffic]]\nkind = \"pcap\"\nfile = \"c.pcap\"\n[host]\nprofile = \"mine.toml\"\n");
    const std::vector<std::string> overrides{"traffic[1].file=d.pcap"};
    const Scenario                 own     = load_scenario(file);
    const Scenario                 changed = load_scenario(file, overrides);
    CHECK(own.traffic[0].files == std::vector<std::string>{folder.path() / "a.pcap", "/b.pcap", "-"});
    CHECK(own.traffic[1].files == std::vector<std::string>{folder.path() / "c.pcap"});
    CHECK(own.host.profile == folder.path() / "mine.toml");
    CHECK(changed.traffic[1].files == std::vector<std::string>{"d.pcap"});
    CHECK(load_scenario_text("[[traffic]]\nkind = \"pcap\"\nfile = \"a.pcap\"\n", "t").traffic[0].files ==
          std::vector<std::string>{"a.pcap"});
}
