// SPDX-License-Identifier: Apache-2.0
// Random choices that depend on nothing but a seed.
// The numbers are the same on every machine: the standard fixes the generator, and no distribution is used.
#pragma once

#include <array>
#include <cstdint>
#include <random>

namespace overrun::differential {

class Dice {
public:
    explicit Dice(std::uint64_t seed) : engine_{seed} {}

    /// 0 to n - 1; n >= 1
    [[nodiscard]] std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>(engine_() % n); }
    /// least to most, both included
    [[nodiscard]] std::uint32_t between(std::uint32_t least, std::uint32_t most)
    {
        return least + below(most - least + 1);
    }
    [[nodiscard]] bool          chance(unsigned percent) { return below(100) < percent; }
    [[nodiscard]] std::uint32_t word() { return static_cast<std::uint32_t>(engine_()); }
    [[nodiscard]] const auto&   pick(const auto& list) { return list[below(static_cast<std::uint32_t>(list.size()))]; }
    /// One of the arguments.
    [[nodiscard]] std::uint32_t one_of(std::initializer_list<std::uint32_t> list)
    {
        return list.begin()[below(static_cast<std::uint32_t>(list.size()))];
    }

private:
    std::mt19937_64 engine_;
};

}  // namespace overrun::differential
