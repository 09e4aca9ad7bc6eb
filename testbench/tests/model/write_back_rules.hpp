// SPDX-License-Identifier: Apache-2.0
// Judges when a device writes descriptors back, and when it tells of them, by what it did on the bus (contract D12,
// D13). It sees the recorded accesses alone.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "testbench/tests/bench/bare_nic.hpp"

namespace overrun::test {

inline constexpr Time cycle = 8 * nanosecond;  ///< moves 16 octets, or faster

/// What a bus is judged by. The ring is gone through at most once.
struct Rules {
    std::uint64_t     base;
    std::uint32_t     size, head, given;
    std::uint32_t     together;  ///< Threshold::together()
    std::uint32_t     low;       ///< RXDMT0 when so few are left
    std::vector<Time> causes{};  ///< when the host caused a write-back of what waits
};

/// The first write that is not as D12 wants it; empty when all are.
[[nodiscard]] inline std::string breach(const std::vector<DmaRecord>& records, const Rules& rules)
{
    std::uint32_t finished = 0, written = 0;
    bool          cause = false;
    Time          since = 0;
    for (const DmaRecord& r : records) {
        if (r.what != DmaRecord::What::write) continue;
        const std::uint32_t waiting = finished - written;
        const std::uint64_t end     = rules.base + std::uint64_t{finished + rules.head} % rules.size * 16;
        const bool          full    = waiting != 0 &&
                          (waiting >= rules.together || end % 64 == 0 || end == rules.base || finished == rules.given);
        if (r.address < rules.base || r.address >= rules.base + rules.size * 16) {
            if (full) return "payload although a write-back is due";
            ++finished;
            continue;
        }
        if (r.length == 0 || r.length % 16 != 0) return "not a number of descriptors";
        const std::uint32_t count = r.length / 16;
        if (r.address != rules.base + (rules.head + written) % rules.size * 16) return "out of order";
        if (r.address + r.length > rules.base + rules.size * 16) return "over the ring's end";
        if (r.address / 64 != (r.address + r.length - 1) / 64) return "over a line";
        if (count > waiting) return "not finished yet";
        if (count < waiting) return "not all that wait";
        for (const Time t : rules.causes) cause = cause || (since < t && t <= r.at);
        if (!full && !cause) return "too early";
        written += count;
        const std::uint32_t left = rules.given - written;
        cause                    = left <= rules.low && rules.low < left + count;  // RXDMT0
        since                    = r.at;
    }
    return {};
}

/// The first thing wrong with RXT0: it comes after the write-back of all that is finished (D13).
[[nodiscard]] inline std::string early_rise(const std::vector<DmaRecord>& records, const std::vector<Time>& rises,
                                            const Rules& rules)
{
    for (const Time t : rises) {
        std::uint32_t finished = 0, written = 0;
        for (const DmaRecord& r : records) {
            if (r.what != DmaRecord::What::write) continue;
            if (r.address >= rules.base && r.address < rules.base + rules.size * 16) {
                if (r.times.accepted <= t) written += r.length / 16;
            } else if (r.times.accepted + (Time{r.length} / 16 + 2) * cycle < t) {
                ++finished;
            }
        }
        if (written < finished) return "RXT0 before a descriptor that it stands for";
    }
    return {};
}

}  // namespace overrun::test
