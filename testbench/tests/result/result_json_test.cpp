// SPDX-License-Identifier: Apache-2.0
// Holds the JSON of a result to exact numbers, null where nothing was measured, and keys that come and go as
// documented. command_outputs_test.py has the list of all keys.
#include "testbench/result/result_json.hpp"

#include <limits>
#include <nlohmann/json.hpp>
#include <string>

#include "testbench/tests/support/catch.hpp"

using namespace overrun;
using nlohmann::json;

namespace {

json parsed(const RunResult& result)
{
    const std::string text = result_json(result);
    CHECK(text.back() == '\n');
    return json::parse(text);
}

}  // namespace

TEST_CASE("counts keep all their bits", "[result_json]")
{
    constexpr auto largest = std::numeric_limits<std::uint64_t>::max();
    RunResult      result;
    result.offered                                                   = largest;
    result.registers[static_cast<std::size_t>(reg::Counter::TOR)]    = largest;
    result.registers[static_cast<std::size_t>(reg::Counter::GORC)]   = largest - 1;
    result.fates[static_cast<std::size_t>(Fate::fifo_overrun)].count = (std::uint64_t{1} << 53U) + 1;
    result.simulated                                                 = 2'592'000 * second + 1;
    const json out                                                   = parsed(result);
    CHECK(out.at("offered").get<std::uint64_t>() == largest);
    CHECK(out.at("registers").at("TOR").get<std::uint64_t>() == largest);
    CHECK(out.at("ethtool").at("rx_bytes").get<std::uint64_t>() == largest - 1);
    CHECK(out.at("netdev").at("rx").at("bytes").get<std::uint64_t>() == largest - 1);
    CHECK(out.at("fates").at("fifo_overrun").get<std::uint64_t>() == (std::uint64_t{1} << 53U) + 1);
    CHECK(out.at("simulated_ps").get<std::int64_t>() == 2'592'000 * second + 1);
}

TEST_CASE("fates without a frame are left out, registers without a count are not", "[result_json]")
{
    RunResult result;
    CHECK(parsed(result).at("fates") == json::object());
    CHECK(parsed(result).at("anomalies") == json::object());
    CHECK(parsed(result).at("registers").size() == reg::counter_table.size());
    result.fates[static_cast<std::size_t>(Fate::runt)].count = 1;
    CHECK(parsed(result).at("fates") == json{{"runt", 1}});
}

TEST_CASE("latencies are nanoseconds, and null without a frame", "[result_json]")
{
    RunResult result;
    result.wire_to_driver = LatencySummary{4, 1, 1'500, 2'000, 2'001, 400 * microsecond};
    const json stages     = parsed(result).at("latency_ns");
    CHECK(stages.at("wire_to_host").is_null());
    CHECK(stages.at("wire_to_driver") == json{{"p50", 1.5}, {"p90", 2.0}, {"p99", 2.001}, {"max", 400'000.0}});
}

TEST_CASE("an interrupted run and a replay have keys of their own", "[result_json]")
{
    RunResult result;
    CHECK_FALSE(parsed(result).contains("interrupted"));
    CHECK_FALSE(parsed(result).contains("replay"));
    result.interrupted = true;
    result.replay =
        ReplayCounts{.frames = 7, .padded = 2, .fcs_present = 3, .fcs_absent = 4, .truncated = 5, .skipped = 1};
    result.reserialised         = 6;
    result.reserialised_at_most = 123;
    result.anomalies            = {{"tail_beyond_ring", 2}};
    CHECK(parsed(result).at("interrupted") == true);
    CHECK(parsed(result).at("anomalies") == json{{"tail_beyond_ring", 2}});
    CHECK(parsed(result).at("replay") == json{{"frames", 7},
                                              {"padded", 2},
                                              {"fcs_present", 3},
                                              {"fcs_absent", 4},
                                              {"truncated", 5},
                                              {"skipped", 1},
                                              {"timestamps_backwards", 0},
                                              {"gaps_shortened", 0},
                                              {"reserialised", 6},
                                              {"reserialised_at_most_ps", 123}});
}

TEST_CASE("expectations carry their verdict and their place", "[result_json]")
{
    RunResult result;
    CHECK(parsed(result).at("expectations") == json::array());
    result.expectations = {{"fate delivered", "10", "9", false, "s.toml", 4}};
    CHECK(parsed(result).at("expectations") == json::array({{{"what", "fate delivered"},
                                                             {"expected", "10"},
                                                             {"actual", "9"},
                                                             {"passed", false},
                                                             {"file", "s.toml"},
                                                             {"line", 4}}}));
}

TEST_CASE("rates are of frames per second, and 0 when no time passed", "[result_json]")
{
    RunResult result;
    result.offered   = 3'000;
    result.simulated = 2 * second;
    CHECK(parsed(result).at("rate") ==
          json{{"frames_per_s", 0.0}, {"frames_per_cpu_s", 0.0}, {"simulated_per_wall", 0.0}});
    result.wall_s = 0.5;
    result.cpu_s  = 0.25;
    CHECK(parsed(result).at("rate") ==
          json{{"frames_per_s", 6'000.0}, {"frames_per_cpu_s", 12'000.0}, {"simulated_per_wall", 4.0}});
}

TEST_CASE("a name that is no UTF-8 becomes JSON all the same", "[result_json]")
{
    RunResult result;
    result.scenario.name = "lat\xe9.pcap";
    CHECK(parsed(result).at("scenario") == "lat\xef\xbf\xbd.pcap");
}
