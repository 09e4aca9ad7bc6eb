// SPDX-License-Identifier: Apache-2.0
// Random numbers of traffic sources: numbered draws from a seed, in integer arithmetic from end to end.
// A std distribution or a floating-point logarithm would differ from library to library.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace overrun {

/// Number `index` (from 0) of SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014)
/// started from `seed`.
[[nodiscard]] constexpr std::uint64_t splitmix64(std::uint64_t seed, std::uint64_t index) noexcept
{
    std::uint64_t z = seed + (index + 1) * 0x9e37'79b9'7f4a'7c15U;
    z               = (z ^ z >> 30U) * 0xbf58'476d'1ce4'e5b9U;
    z               = (z ^ z >> 27U) * 0x94d0'49bb'1331'11ebU;
    return z ^ z >> 31U;
}

/// Fraction bits of a uniform number, which lies in [0, 1).
inline constexpr unsigned uniform_bits = 53;

/// What a stream of a source decides. Each has its own numbers, so that one never shifts another.
enum class RandomUse : std::uint8_t { gap, crc, length, rx_er, dribble };

class RandomStream {
public:
    constexpr RandomStream(std::uint64_t seed, RandomUse use) noexcept
        : seed_{splitmix64(seed, static_cast<std::uint64_t>(use))}
    {
    }

    /// Draw `index`, in units of 2^-53.
    [[nodiscard]] constexpr std::uint64_t uniform(std::uint64_t index) const noexcept
    {
        return splitmix64(seed_, index) >> (64 - uniform_bits);
    }

private:
    std::uint64_t seed_;
};

/// The seed of a source that names none.
/// @param position of the source in its scenario, from 0
[[nodiscard]] constexpr std::uint64_t source_seed(std::uint64_t run_seed, std::size_t position) noexcept
{
    return splitmix64(run_seed, position);
}

inline constexpr unsigned exponential_bits = 40;  ///< fraction bits of exponential()

/// The exponential distribution of mean 1 at a uniform number: -ln((uniform + 1) / 2^53), which is 0 to 53 ln 2.
///
/// With x = uniform + 1 and 2^e the largest power of two in x, ln x = e ln 2 + 2 artanh((x - 2^e) / (x + 2^e)). The
/// argument of artanh is below 1/3, so thirteen terms of its series leave less than 2^-45.
/// @param uniform below 2^53
/// @return in units of 2^-40, less than one unit off
[[nodiscard]] constexpr std::uint64_t exponential(std::uint64_t uniform) noexcept
{
    __extension__ using Wide = unsigned __int128;

    constexpr unsigned      bits      = 62;  // of the fixed-point numbers below
    constexpr std::uint64_t ln2       = 0x2c5c'85fd'f473'de6bU;
    constexpr std::size_t   terms     = 13;
    constexpr auto          odd_parts = [] {
        std::array<std::uint64_t, terms> parts{};
        for (std::size_t k = 0; k < terms; ++k) parts[k] = (std::uint64_t{1} << bits) / (2 * k + 1);
        return parts;
    }();
    constexpr auto times = [](std::uint64_t a, std::uint64_t b) {
        return static_cast<std::uint64_t>(Wide{a} * b >> bits);
    };

    const std::uint64_t x        = uniform + 1;
    const auto          exponent = static_cast<unsigned>(std::bit_width(x)) - 1;
    const std::uint64_t power    = std::uint64_t{1} << exponent;
    const auto          ratio    = static_cast<std::uint64_t>((Wide{x - power} << bits) / (x + power));
    const std::uint64_t square   = times(ratio, ratio);
    std::uint64_t       series   = odd_parts[terms - 1];
    for (std::size_t k = terms - 1; k-- > 0;) series = odd_parts[k] + times(series, square);
    const Wide value = Wide{ln2} * (uniform_bits - exponent) - 2 * Wide{times(ratio, series)};
    return static_cast<std::uint64_t>((value + (Wide{1} << (bits - exponential_bits - 1))) >>
                                      (bits - exponential_bits));
}

}  // namespace overrun
