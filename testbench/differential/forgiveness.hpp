// SPDX-License-Identifier: Apache-2.0
// What the QEMU that runs is forgiven, and how often it was.
// Only a departure that this version of QEMU has can be forgiven.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "testbench/differential/departures.hpp"

namespace overrun::differential {

/// How often each difference was forgiven.
using DepartureCounts = std::array<std::uint64_t, departure_count>;

class Forgiveness {
public:
    explicit Forgiveness(const qtest::Version& qemu) : qemu_{qemu} {}

    [[nodiscard]] bool has(Departure departure) const noexcept { return info_of(departure).exists_in(qemu_); }

    /// Asked only where a difference of that departure's shape was met; counts it.
    /// @return whether it is to be passed over
    [[nodiscard]] bool forgive(Departure departure) noexcept
    {
        if (!has(departure)) return false;
        ++counts_[static_cast<std::size_t>(departure)];
        return true;
    }

    [[nodiscard]] const DepartureCounts& counts() const noexcept { return counts_; }

private:
    qtest::Version  qemu_;
    DepartureCounts counts_{};
};

}  // namespace overrun::differential
