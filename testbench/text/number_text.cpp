// SPDX-License-Identifier: Apache-2.0
#include "testbench/text/number_text.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <string_view>

namespace overrun {

std::string with_commas(std::uint64_t value)
{
    std::string text = std::to_string(value);
    for (std::size_t at = text.size(); at > 3;) {
        at -= 3;
        text.insert(at, ",");
    }
    return text;
}

std::string time_text(Time t)
{
    struct Unit {
        Time             size;
        std::string_view name;
    };
    constexpr Unit units[]{{second, "s"}, {millisecond, "ms"}, {microsecond, "us"}, {nanosecond, "ns"}};
    if (t >= 1000 * second) return fmt::format("{} s", (t + second / 2) / second);
    for (const Unit& unit : units) {
        const bool rounds_to_one = t >= unit.size - unit.size / 20'000;  // "1 ms" and not "1000 us"
        if (rounds_to_one)
            return fmt::format("{:.4g} {}", static_cast<double>(t) / static_cast<double>(unit.size), unit.name);
    }
    return fmt::format("{} {}", t, t == 0 ? "us" : "ps");
}

}  // namespace overrun
