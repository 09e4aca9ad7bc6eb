// SPDX-License-Identifier: Apache-2.0
#include "testbench/traffic/source_spacing.hpp"

#include <algorithm>
#include <cmath>

namespace overrun {

SourceSpacing spacing_of(const TrafficSpec& spec, WireRate rate) noexcept
{
    if (spec.rate) return {static_cast<std::uint64_t>(second), *spec.rate};
    if (!spec.load) return {};
    constexpr std::uint64_t million = 1'000'000;
    return {static_cast<std::uint64_t>(rate.slot(spec.length)) * million,
            std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::llround(*spec.load * million)))};
}

}  // namespace overrun
