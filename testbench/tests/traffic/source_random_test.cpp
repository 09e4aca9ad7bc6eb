// SPDX-License-Identifier: Apache-2.0
// The numbers that traffic sources draw: SplitMix64, and the exponential distribution bit for bit.
// Expected values come from the algorithm's authors and from decimal arithmetic.
#include "testbench/traffic/source_random.hpp"

#include <array>
#include <cmath>
#include <cstdlib>
#include <random>
#include <utility>

#include "testbench/tests/support/catch.hpp"

using namespace overrun;

namespace {

constexpr std::uint64_t end_of_uniform = std::uint64_t{1} << uniform_bits;

/// How far exponential() is from the C library's logarithm, in its units.
[[nodiscard]] long double distance(std::uint64_t uniform)
{
    const long double u = std::ldexp(static_cast<long double>(uniform + 1), -static_cast<int>(uniform_bits));
    return std::fabs(static_cast<long double>(exponential(uniform)) - std::ldexp(-std::log(u), exponential_bits));
}

}  // namespace

TEST_CASE("numbered draws are SplitMix64's sequence", "[source_random]")
{
    const std::array<std::uint64_t, 5> sequence{6457827717110365317U, 3203168211198807973U, 9817491932198370423U,
                                                4593380528125082431U, 16408922859458223821U};
    for (std::size_t i = 0; i < sequence.size(); ++i) CHECK(splitmix64(1'234'567, i) == sequence[i]);
    CHECK(splitmix64(0, 0) == 0xe220'a839'7b1d'cdafU);
}

TEST_CASE("the exponential distribution is exact to its last bit but one", "[source_random]")
{
    // -ln((u + 1) / 2^53) x 2^40 in 60 decimal digits, rounded.
    constexpr std::array<std::pair<std::uint64_t, std::uint64_t>, 10> known{{
        {0, 40392539393648},
        {1, 39630416008862},
        {2, 39184602407840},
        {4503599627370495, 762123384786},
        {4503599627370496, 762123384786},
        {9007199254740991, 0},
        {9007199254740990, 0},
        {9007198180999168, 131072},
        {12345678901234, 7248501091417},
        {5629499534213120, 516774455453},
    }};
    for (const auto& [uniform, expected] : known) {
        INFO(uniform);
        const std::uint64_t value = exponential(uniform);
        CHECK((value > expected ? value - expected : expected - value) <= 1);
    }
    static_assert(exponential(end_of_uniform - 1) == 0, "a draw of almost 1 is no time at all");

    std::mt19937_64 random{20260101};
    long double     worst = 0;
    for (unsigned exponent = 0; exponent < uniform_bits; ++exponent) {
        const std::uint64_t power = std::uint64_t{1} << exponent;
        for (const std::uint64_t x : {power, power + 1, 2 * power - 1, power + random() % power})
            if (x - 1 < end_of_uniform) worst = std::max(worst, distance(x - 1));
    }
    for (int i = 0; i < 100'000; ++i) worst = std::max(worst, distance(random() % end_of_uniform));
    CHECK(worst <= 1);
}

TEST_CASE("streams of one seed, and sources of one scenario, have numbers of their own", "[source_random]")
{
    const RandomStream gaps{7, RandomUse::gap};
    const RandomStream crc{7, RandomUse::crc};
    const RandomStream other{8, RandomUse::gap};
    int                same = 0;
    for (std::uint64_t i = 0; i < 1'000; ++i) {
        CHECK(gaps.uniform(i) < end_of_uniform);
        same += gaps.uniform(i) == crc.uniform(i) || gaps.uniform(i) == other.uniform(i) ? 1 : 0;
        same += gaps.uniform(i) == crc.uniform(i + 1) || gaps.uniform(i) == other.uniform(i + 1) ? 1 : 0;
    }
    CHECK(same == 0);
    CHECK(source_seed(1, 0) != source_seed(1, 1));
    CHECK(source_seed(1, 0) != source_seed(2, 0));
}
