// SPDX-License-Identifier: Apache-2.0
#include "testbench/traffic/source_errors.hpp"

#include <algorithm>
#include <cmath>

namespace overrun {

SourceErrors::Choice::Choice(const FrameChoice& choice, std::uint64_t seed, RandomUse use)
    : numbers_{choice.frames},
      // A power of two changes the exponent alone, so the product is exact.
      below_{static_cast<std::uint64_t>(std::ceil(std::ldexp(choice.probability, uniform_bits)))},
      stream_{seed, use}
{
    std::sort(numbers_.begin(), numbers_.end());
}

bool SourceErrors::Choice::listed(std::uint64_t number) noexcept
{
    if (next_ == numbers_.size() || numbers_[next_] != number) return false;
    ++next_;
    return true;
}

SourceErrors::SourceErrors(const ErrorSpec& spec, std::uint64_t seed)
    : none_{spec.crc.none() && spec.runt.none() && spec.oversize.none() && spec.rx_er.none() && spec.dribble.none()},
      crc_{spec.crc, seed, RandomUse::crc},
      runt_{spec.runt, seed, RandomUse::length},
      oversize_{spec.oversize, seed, RandomUse::length},
      rx_er_{spec.rx_er, seed, RandomUse::rx_er},
      dribble_{spec.dribble, seed, RandomUse::dribble}
{
}

FrameErrors SourceErrors::of(std::uint64_t number) noexcept
{
    return {length_of(number), crc_.picks(number), rx_er_.picks(number), dribble_.picks(number)};
}

FrameErrors::Length SourceErrors::length_of(std::uint64_t number) noexcept
{
    using Length = FrameErrors::Length;
    if (runt_.listed(number)) return Length::runt;
    if (oversize_.listed(number)) return Length::oversize;
    if (runt_.below() + oversize_.below() == 0) return Length::right;
    const std::uint64_t draw = runt_.draw(number);
    if (draw < runt_.below()) return Length::runt;
    return draw - runt_.below() < oversize_.below() ? Length::oversize : Length::right;
}

}  // namespace overrun
