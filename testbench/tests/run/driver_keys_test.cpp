// SPDX-License-Identifier: Apache-2.0
// What the driver asks the NIC for beside filters: bad frames, long frames, the FCS, and the format of descriptors.
#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "hw/ethernet/fcs.hpp"
#include "testbench/run/run.hpp"
#include "testbench/scenario/reader.hpp"
#include "testbench/tests/support/catch.hpp"

using namespace overrun;

namespace {

/// Keeps what the driver delivers, and when.
class Collector final : public FrameConsumer {
public:
    void frame(std::span<const std::byte> octets, Time delivered) override
    {
        frames.emplace_back(octets.begin(), octets.end());
        times.push_back(delivered);
    }

    std::vector<std::vector<std::byte>> frames;
    std::vector<Time>                   times;
};

struct Run {
    RunResult result;
    Collector delivered;
};

Run run_of(const std::string& text)
{
    Run run;
    run.result = run_scenario(load_scenario_text(text, "test"), Platform::bare,
                              {.probe = nullptr, .consumer = &run.delivered, .stop = nullptr});
    return run;
}

/// The expectations that fail; nothing when all hold.
std::string failures(const std::string& text)
{
    std::string out;
    for (const auto& one : run_of(text).result.expectations)
        if (!one.passed) out += one.what + " is " + one.actual + ", not " + one.expected + "\n";
    return out;
}

std::string expect(const std::string& what, const std::string& name, int equals)
{
    return "[[expect]]\n" + what + " = \"" + name + "\"\nequals = " + std::to_string(equals) + "\n";
}

std::uint64_t count_of(const RunResult& result, Fate fate)
{
    return result.fates[static_cast<std::size_t>(fate)].count;
}

// Contract D6, a frame of each class and more: crc 1, 2; runt 3, 4; fragment 5; oversize 6, 7; jabber 8; RX_ER 9, 10.
const std::string broken_frames = R"(
[[traffic]]
length = 200
count  = 100
errors = { crc = [1, 2, 5, 8], runt = [3, 4, 5], oversize = [6, 7, 8], rx_er = [9, 10] }
[host]
profile = "ideal"
)";

// The same whether bad frames are kept or not.
const std::string registers_of_broken_frames =
    expect("register", "CRCERRS", 2 + 1) + expect("register", "RUC", 2) + expect("register", "RFC", 1) +
    expect("register", "ROC", 2) + expect("register", "RJC", 1) + expect("register", "RLEC", 2 + 1 + 2 + 1) +
    expect("register", "RXERRC", 2) + expect("register", "GPRC", 90) + expect("register", "TPR", 100);

// No bit of a descriptor says that a frame was too short or too long (contract C.1, C.2), so the driver delivers it.
const std::string kept = registers_of_broken_frames + expect("fate", "driver_error_frame", 2 + 1 + 1 + 2) +
                         expect("fate", "delivered", 90 + 2 + 2) + expect("fate", "crc_error", 0);

}  // namespace

TEST_CASE("driver.keep_bad: bad frames reach the driver, which drops those marked with an error", "[driver_keys]")
{
    const std::string dropped =
        registers_of_broken_frames + expect("fate", "crc_error", 2) + expect("fate", "runt", 2) +
        expect("fate", "fragment", 1) + expect("fate", "oversize", 2) + expect("fate", "jabber", 1) +
        expect("fate", "rx_error", 2) + expect("fate", "driver_error_frame", 0) + expect("fate", "delivered", 90);
    CHECK(failures(broken_frames + "[driver]\nkeep_bad = false\n" + dropped) == "");
    CHECK(failures(broken_frames + "[driver]\nkeep_bad = true\n" + kept) == "");
    CHECK(failures(broken_frames + "[driver]\nkeep_bad = false\n" + kept) != "");
    CHECK(failures(broken_frames + "[driver]\nkeep_bad = true\n" + dropped) != "");
}

TEST_CASE("driver.long_frames: the longest frame accepted, and the longest that one buffer takes", "[driver_keys]")
{
    struct Row {
        std::uint32_t length;
        const char*   keys;
        Fate          fate;
        bool          split;  ///< into several buffers
    };
    constexpr const char* plain      = "";
    constexpr const char* accepts    = "long_frames = true\n";
    constexpr const char* with_fcs   = "long_frames = true\nstrip_fcs = false\n";
    constexpr const char* up_to_9234 = "long_frames = true\n[nic]\nmax_long_frame = 9234\n";
    // A buffer has 2,048 octets (RCTL.BSIZE 00).
    for (const Row& row :
         {Row{1'522, plain, Fate::delivered, false}, Row{1'523, plain, Fate::oversize, false},
          Row{1'522, accepts, Fate::delivered, false}, Row{1'523, accepts, Fate::delivered, false},
          Row{2'052, accepts, Fate::delivered, false}, Row{2'053, accepts, Fate::driver_error_frame, true},
          Row{2'048, with_fcs, Fate::delivered, false}, Row{2'049, with_fcs, Fate::driver_error_frame, true},
          Row{16'383, accepts, Fate::driver_error_frame, true}, Row{9'234, up_to_9234, Fate::driver_error_frame, true},
          Row{9'235, up_to_9234, Fate::oversize, false}}) {
        const Run run =
            run_of("[[traffic]]\ncount = 3\nlength = " + std::to_string(row.length) + "\n[driver]\n" + row.keys);
        INFO(row.length << " octets, " << row.keys);
        CHECK(count_of(run.result, row.fate) == 3);
        CHECK(run.result.driver.split_frames == (row.split ? 3 : 0));
        CHECK(run.delivered.frames.size() == (row.fate == Fate::delivered ? 3 : 0));
        const bool stripped = row.keys != with_fcs;
        for (const auto& frame : run.delivered.frames) CHECK(frame.size() == row.length - (stripped ? fcs_octets : 0));
    }
}

TEST_CASE("driver.strip_fcs: what the driver delivers ends with the FCS, or without it", "[driver_keys]")
{
    const std::string traffic =
        "[[traffic]]\nlength = 64\ncount = 70\n[[traffic]]\nlength = 1518\ncount = 70\n[driver]\n";
    const Run stripped = run_of(traffic + "strip_fcs = true\n");
    const Run whole    = run_of(traffic + "strip_fcs = false\n");
    REQUIRE(stripped.delivered.frames.size() == 140);
    REQUIRE(whole.delivered.frames.size() == 140);
    CHECK(whole.result.driver.octets == 70 * (64 + 1518));
    CHECK(stripped.result.driver.octets == 70 * (60 + 1514));
    for (std::size_t i = 0; i < 140; ++i) {
        const std::span<const std::byte> frame{whole.delivered.frames[i]};
        REQUIRE(frame.size() > fcs_octets);
        CHECK(fcs_is_right(frame));
        CHECK(std::ranges::equal(frame.first(frame.size() - fcs_octets), stripped.delivered.frames[i]));
    }
    // GORC includes the FCS either way (contract B.7).
    CHECK(stripped.result.registers == whole.result.registers);
}

TEST_CASE("driver.extended: both formats of descriptors deliver the same octets at the same times", "[driver_keys]")
{
    const Run extended = run_of(broken_frames + "[driver]\nextended = true\nkeep_bad = true\n" + kept);
    const Run legacy   = run_of(broken_frames + "[driver]\nextended = false\nkeep_bad = true\n" + kept);
    CHECK(legacy.delivered.frames.size() == 94);
    CHECK(legacy.delivered.frames == extended.delivered.frames);
    // A descriptor has 16 octets in either format, so nothing takes longer.
    CHECK(legacy.delivered.times == extended.delivered.times);
    for (const Run* run : {&extended, &legacy})
        for (const auto& one : run->result.expectations) CHECK(one.passed);
    CHECK(legacy.result.anomalies.empty());
}
