// SPDX-License-Identifier: Apache-2.0
// Holds the text of a result to what a reader needs: every number, its unit, who failed, and no line from outside.
// The layout as a whole may change.
#include "testbench/result/result_text.hpp"

#include <algorithm>
#include <limits>
#include <string>

#include "testbench/tests/support/catch.hpp"
#include "testbench/text/number_text.hpp"

using namespace overrun;

namespace {

RunResult small_result()
{
    RunResult result;
    result.scenario.name                                          = "small";
    result.profile                                                = "ideal";
    result.offered                                                = 2'000;
    result.wire_time                                              = 1'944 * microsecond;
    result.wall_s                                                 = 0.0125;
    result.ring                                                   = 256;
    result.fifo_octets                                            = 20'480;
    result.fifo_peak                                              = 20'400;
    result.fates[static_cast<std::size_t>(Fate::delivered)].count = 1'724;
    FateRecord& lost = result.fates[static_cast<std::size_t>(Fate::fifo_overrun)];
    lost             = {276, 320, 595, 214'944 * nanosecond, 399'744 * nanosecond, 275};
    return result;
}

bool says(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

/// Columns of a table vary in width; one blank is as good as several.
std::string squeezed(std::string text)
{
    text.erase(std::unique(text.begin(), text.end(), [](char a, char b) { return a == ' ' && b == ' '; }), text.end());
    return text;
}

}  // namespace

TEST_CASE("numbers get a comma after each three digits", "[result_text]")
{
    CHECK(with_commas(0) == "0");
    CHECK(with_commas(999) == "999");
    CHECK(with_commas(1'000) == "1,000");
    CHECK(with_commas(999'999) == "999,999");
    CHECK(with_commas(1'234'567) == "1,234,567");
    CHECK(with_commas(std::numeric_limits<std::uint64_t>::max()) == "18,446,744,073,709,551,615");
}

TEST_CASE("a time is shown in the unit that fits", "[result_text]")
{
    CHECK(time_text(0) == "0 us");
    CHECK(time_text(1) == "1 ps");
    CHECK(time_text(999) == "999 ps");
    CHECK(time_text(1'000) == "1 ns");
    CHECK(time_text(671'744) == "671.7 ns");
    CHECK(time_text(214'400 * nanosecond) == "214.4 us");
    CHECK(time_text(1'500 * microsecond) == "1.5 ms");
    CHECK(time_text(1 * second) == "1 s");
    CHECK(time_text(999'900 * millisecond) == "999.9 s");
    CHECK(time_text(86'400 * second) == "86400 s");
    CHECK(time_text(86'400 * second + 500 * millisecond) == "86401 s");
    // What rounds up to a thousand is one of the next unit.
    CHECK(time_text(999'940 * nanosecond) == "999.9 us");
    CHECK(time_text(999'960 * nanosecond) == "1 ms");
    CHECK(time_text(999'960 * microsecond) == "1 s");
    CHECK(time_text(999'960) == "1 us");
}

TEST_CASE("a result shows fates, shares and where they were", "[result_text]")
{
    const std::string text = squeezed(result_text(small_result()));
    CHECK(says(text, "small 82574L model, 1 Gb/s, ring 256, FIFO 20 KiB, host ideal, seed 1"));
    CHECK(says(text, "2,000 frames offered in 1.944 ms of wire time (12.5 ms here, 0.16 M frames/s)"));
    CHECK(says(text, " delivered 1,724 86.2 %"));
    CHECK(says(text, " fifo_overrun 276 13.8 % first #320 at 214.9 us, last #595 at 399.7 us, longest run 275"));
    CHECK(says(text, " offered 2,000 balanced"));
    CHECK(says(text, "FIFO peak 20,400 of 20,480 octets"));
    CHECK_FALSE(says(text, "expectations"));
    CHECK_FALSE(says(text, "in flight"));
    CHECK_FALSE(says(text, "wire to driver"));
    CHECK_FALSE(says(text, "interrupted"));
}

TEST_CASE("a result of nothing has no share of nothing", "[result_text]")
{
    RunResult result;
    result.scenario.wire_rate = 10'000'000'000;
    const std::string text    = squeezed(result_text(result));
    CHECK(says(text, "10 Gb/s"));
    CHECK(says(text, "0 frames offered in 0 us of wire time (0 us here, 0 M frames/s)"));
    CHECK(says(text, " delivered 0 0.0 %"));
}

TEST_CASE("what is unusual about a run is said", "[result_text]")
{
    RunResult result   = small_result();
    result.in_flight   = 3;
    result.interrupted = true;
    result.notes       = {"nic.mac auto: 02:00:00:00:00:07, the destination of 5 of 9 frames"};
    result.anomalies   = {{"tail_beyond_ring", 1'200}};
    result.wire_to_driver =
        LatencySummary{9, 1, 11 * microsecond, 12 * microsecond, 402 * microsecond, 500 * microsecond};
    const std::string text = squeezed(result_text(result));
    CHECK(says(text, " in flight 3 "));
    CHECK(says(text, " nic.mac auto: 02:00:00:00:00:07, the destination of 5 of 9 frames\n"));
    CHECK(says(text, " tail_beyond_ring 1,200 (misuse of the device)\n"));
    CHECK(says(text, "wire to driver p50 11 us, p99 402 us"));
    CHECK(says(text, "interrupted: the result covers the frames sent until then\n"));
}

TEST_CASE("a failed expectation is shown with its place, a held one only counted", "[result_text]")
{
    RunResult result    = small_result();
    result.expectations = {{"fate delivered", "1725", "1724", false, "a/s.toml", 12},
                           {"register MPC", "276", "276", true, "a/s.toml", 15}};
    CHECK(failed_expectations(result) == "a/s.toml:12: fate delivered: expected 1725, actual 1724\n");
    const std::string text = result_text(result);
    CHECK(says(text, failed_expectations(result)));
    CHECK(says(text, "\n1 of 2 expectations hold\n"));
    CHECK_FALSE(says(text, "register MPC:"));
    result.expectations.front().passed = true;
    CHECK(failed_expectations(result).empty());
    CHECK(says(result_text(result), "\n2 of 2 expectations hold\n"));
}

TEST_CASE("a name from outside cannot break the layout", "[result_text]")
{
    RunResult result       = small_result();
    result.scenario.name   = "two\nlines\x1b[31m";
    const std::string text = result_text(result);
    CHECK(text.substr(0, text.find('\n')).find("two\\x0alines\\x1b[31m") == 0);
}
