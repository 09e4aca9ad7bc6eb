// SPDX-License-Identifier: Apache-2.0
#include "testbench/waves/wave_window.hpp"

#include <fmt/format.h>

#include "hw/base/input_error.hpp"
#include "testbench/text/quantity.hpp"

namespace overrun {

namespace {
constexpr Time longest_run = 100 * 86'400 * second;  // time reaches 106 days, bring-up and bring-down included
}  // namespace

WaveWindow parse_wave_window(std::string_view text)
{
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos || text.size() == 1 || text.find(':', colon + 1) != std::string_view::npos)
        throw InputError(
            fmt::format("{} is no window; A:B is wanted, two times of which one may be left out, such as 1ms:2ms, "
                        "1ms: or :2ms",
                        in_quotes(text)));
    const std::string_view from = text.substr(0, colon);
    const std::string_view to   = text.substr(colon + 1);
    WaveWindow             window;
    if (!from.empty()) window.from = parse_quantity(QuantityKind::time, from);
    if (!to.empty()) window.to = parse_quantity(QuantityKind::time, to);
    if (window.from > longest_run || (window.to != never && window.to > longest_run))
        throw InputError(fmt::format("{} lies beyond the longest run; at most {} is allowed", in_quotes(text),
                                     format_quantity(QuantityKind::time, longest_run)));
    if (window.to <= window.from)
        throw InputError(fmt::format("{} ends before it begins; A:B with A before B is wanted", in_quotes(text)));
    return window;
}

}  // namespace overrun
