// SPDX-License-Identifier: Apache-2.0
// Quantities: exact values, units, and what is said about a wrong one; and the nearest name for a wrong name.
// Floating point is not used.
#include "testbench/text/quantity.hpp"

#include <array>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "hw/base/input_error.hpp"
#include "testbench/tests/support/catch.hpp"
#include "testbench/text/nearest.hpp"

using namespace overrun;

namespace {

constexpr std::array kinds{QuantityKind::time, QuantityKind::size, QuantityKind::rate, QuantityKind::frame_rate};

[[nodiscard]] std::string error_of(QuantityKind kind, std::string_view text)
{
    try {
        return "no error but " + std::to_string(parse_quantity(kind, text));
    } catch (const InputError& error) {
        return error.what();
    }
}

}  // namespace

TEST_CASE("a quantity is its number times its unit, exactly")
{
    struct Row {
        QuantityKind     kind;
        std::string_view text;
        std::int64_t     value;
    };
    const std::vector<Row> rows{
        {QuantityKind::time, "0ps", 0},
        {QuantityKind::time, "125us", 125'000'000},
        {QuantityKind::time, "125 us", 125'000'000},
        {QuantityKind::time, "1ps", 1},
        {QuantityKind::time, "67.2ns", 67'200},
        {QuantityKind::time, "0.1us", 100'000},
        {QuantityKind::time, "1.000000000001s", 1'000'000'000'001},
        {QuantityKind::time, "9223372036854775807ps", std::numeric_limits<std::int64_t>::max()},
        // No double holds these 19 digits.
        {QuantityKind::time, "9223372.036854775807s", std::numeric_limits<std::int64_t>::max()},
        {QuantityKind::time, "0009.0900us", 9'090'000},
        {QuantityKind::size, "512B", 512},
        {QuantityKind::size, "512octets", 512},
        {QuantityKind::size, "20KiB", 20'480},
        {QuantityKind::size, "1.5KiB", 1'536},
        {QuantityKind::size, "2MiB", 2'097'152},
        {QuantityKind::rate, "10bps", 10},
        {QuantityKind::rate, "3Kbps", 3'000},
        {QuantityKind::rate, "100Mbps", 100'000'000},
        {QuantityKind::rate, "2.5Gbps", 2'500'000'000},
        {QuantityKind::frame_rate, "500pps", 500},
        {QuantityKind::frame_rate, "100kpps", 100'000},
        {QuantityKind::frame_rate, "1.488095Mpps", 1'488'095},
    };
    for (const Row& row : rows) {
        INFO(row.text);
        CHECK(parse_quantity(row.kind, row.text) == row.value);
    }
}

TEST_CASE("a quantity that cannot be is refused with its text, the reason and the units")
{
    const std::string time = "; a time is wanted: ps, ns, us, ms, s";
    CHECK(error_of(QuantityKind::time, "5KiB") == "\"5KiB\" is a size" + time);
    CHECK(error_of(QuantityKind::time, "1Gbps") == "\"1Gbps\" is a rate" + time);
    CHECK(error_of(QuantityKind::time, "1kpps") == "\"1kpps\" is a frame rate" + time);
    CHECK(error_of(QuantityKind::size, "5us") == "\"5us\" is a time; a size is wanted: B, octets, KiB, MiB");
    CHECK(error_of(QuantityKind::time, "125") == "\"125\" has no unit" + time);
    CHECK(error_of(QuantityKind::time, "") == "\"\" is empty" + time);
    CHECK(error_of(QuantityKind::time, "-5us") == "\"-5us\" is negative" + time);
    CHECK(error_of(QuantityKind::time, "fast") == "\"fast\" does not begin with a number" + time);
    CHECK(error_of(QuantityKind::time, "us") == "\"us\" does not begin with a number" + time);
    CHECK(error_of(QuantityKind::time, ".5us") == "\".5us\" does not begin with a number" + time);
    CHECK(error_of(QuantityKind::time, "5.us") == "\"5.us\" does not begin with a number" + time);
    CHECK(error_of(QuantityKind::time, "+5us") == "\"+5us\" does not begin with a number" + time);
    CHECK(error_of(QuantityKind::time, " 5us") == "\" 5us\" does not begin with a number" + time);
    CHECK(error_of(QuantityKind::time, "5  us") == "\"5  us\" has an unknown unit" + time + "; did you mean us?");
    CHECK(error_of(QuantityKind::time, "5us ") == "\"5us \" has an unknown unit" + time + "; did you mean us?");
    CHECK(error_of(QuantityKind::time, "1e3us").find("has an unknown unit") != std::string::npos);
    CHECK(error_of(QuantityKind::time, "0x10us").find("has an unknown unit") != std::string::npos);
    CHECK(error_of(QuantityKind::rate, "1gbps") ==
          "\"1gbps\" has an unknown unit; a rate is wanted: bps, Kbps, Mbps, Gbps; did you mean Gbps?");
    CHECK(error_of(QuantityKind::time, "0.5ps") == "\"0.5ps\" is not a whole number of picoseconds" + time);
    CHECK(error_of(QuantityKind::time, "0.0000000000000000000001s").find("not a whole number") != std::string::npos);
    CHECK(error_of(QuantityKind::size, "0.3KiB").find("not a whole number of octets") != std::string::npos);
    CHECK(error_of(QuantityKind::frame_rate, "0.5pps").find("not a whole number of frames") != std::string::npos);
    CHECK(error_of(QuantityKind::time, "9223372036854775808ps") == "\"9223372036854775808ps\" is too large" + time);
    CHECK(error_of(QuantityKind::time, "9223372.036854775808s").find("is too large") != std::string::npos);
    CHECK(error_of(QuantityKind::time, std::string(4000, '9') + "s").find("is too large") != std::string::npos);
    CHECK(error_of(QuantityKind::time, std::string_view{"1\0us", 4}) ==
          "\"1\\x00us\" has an unknown unit" + time + "; did you mean us?");
}

TEST_CASE("a quantity's shortest text reads back to the same value")
{
    CHECK(format_quantity(QuantityKind::time, 125'000'000) == "125us");
    CHECK(format_quantity(QuantityKind::time, 1'001) == "1001ps");
    CHECK(format_quantity(QuantityKind::time, 0) == "0ps");
    CHECK(format_quantity(QuantityKind::size, 1'536) == "1536B");
    CHECK(format_quantity(QuantityKind::size, 20'480) == "20KiB");
    CHECK(format_quantity(QuantityKind::rate, 2'500'000'000) == "2500Mbps");

    const unsigned     seed = 20240601;
    std::mt19937_64    random{seed};
    const std::int64_t most = std::numeric_limits<std::int64_t>::max();
    INFO("seed " << seed);
    for (int i = 0; i < 2'000; ++i) {
        const auto value = static_cast<std::int64_t>(random() >> (1 + random() % 62)) & most;
        for (const QuantityKind kind : kinds)
            for (const QuantityUnit& unit : units_of(kind)) {
                const std::int64_t multiple = value % (most / unit.factor) * unit.factor;
                if (parse_quantity(kind, format_quantity(kind, multiple)) != multiple) FAIL(multiple << unit.name);
            }
    }
}

TEST_CASE("errors show a text on one line, cut between characters")
{
    CHECK(printable("a\nb\tc\x7f") == "a\\x0ab\\x09c\\x7f");
    CHECK(printable(std::string(61, 'x')) == std::string(60, 'x') + "...");
    CHECK(printable(std::string(60, 'x')) == std::string(60, 'x'));
    CHECK(printable(std::string(59, 'x') + "\xc3\xa4z") == std::string(59, 'x') + "...");
}

TEST_CASE("the nearest name is the one with the fewest edits")
{
    CHECK(edit_distance("kitten", "sitting") == 3);
    CHECK(edit_distance("rnig", "ring") == 1);
    CHECK(edit_distance("", "ring") == 4);
    CHECK(edit_distance("RING", "ring") == 0);
    CHECK(edit_distance("abcdef", "abcdef") == 0);

    const std::vector<std::string_view> names{"ring", "rdtr", "radv", "tail_step"};
    CHECK(nearest_name("rnig", names) == std::string_view{"ring"});
    CHECK(nearest_name("tailstep", names) == std::string_view{"tail_step"});
    CHECK(nearest_name("radtr", names) == std::string_view{"rdtr"});
    CHECK_FALSE(nearest_name("profile", names));
    CHECK_FALSE(nearest_name("", names));
    CHECK_FALSE(nearest_name(std::string(100'000, 'r'), names));
    CHECK(did_you_mean("rnig", names) == "; did you mean ring?");
    CHECK(did_you_mean("profile", names).empty());
    CHECK(list_of(names) == "ring, rdtr, radv, tail_step");
}
