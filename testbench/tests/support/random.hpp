// SPDX-License-Identifier: Apache-2.0
// Seeded random numbers for property tests, and the seeds of their rounds.
// OVERRUN_FUZZ_SEED and OVERRUN_FUZZ_ROUNDS change which rounds run and how many; otherwise every run is the same.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "hw/base/time.hpp"

namespace overrun::laws {

class Random {
public:
    explicit Random(std::uint64_t seed) : engine_{seed} {}

    /// 0 to n - 1; n >= 1
    [[nodiscard]] std::uint64_t below(std::uint64_t n) { return engine_() % n; }
    /// least to most, both included
    template <class T>
    [[nodiscard]] T between(T least, T most)
    {
        return least + static_cast<T>(below(static_cast<std::uint64_t>(most - least) + 1));
    }
    [[nodiscard]] bool        chance(unsigned percent) { return below(100) < percent; }
    [[nodiscard]] const auto& pick(const auto& list) { return list[below(list.size())]; }
    [[nodiscard]] auto        word() { return static_cast<std::uint32_t>(engine_()); }

private:
    std::mt19937_64 engine_;
};

/// The seeds of a property test: as many as `rounds` unless the environment says otherwise. A failure is replayed with
/// OVERRUN_FUZZ_SEED=<seed> OVERRUN_FUZZ_ROUNDS=1.
[[nodiscard]] inline std::vector<std::uint64_t> seeds(std::uint64_t rounds)
{
    const auto from_environment = [](const char* name, std::uint64_t otherwise) {
        const char* text = std::getenv(name);
        return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
    };
    std::vector<std::uint64_t> list(from_environment("OVERRUN_FUZZ_ROUNDS", rounds));
    std::uint64_t              seed = from_environment("OVERRUN_FUZZ_SEED", 1);
    for (std::uint64_t& one : list) one = seed++;
    return list;
}

[[nodiscard]] inline std::string replay(std::uint64_t seed)
{
    return "replay with OVERRUN_FUZZ_SEED=" + std::to_string(seed) + " OVERRUN_FUZZ_ROUNDS=1";
}

}  // namespace overrun::laws
