// SPDX-License-Identifier: Apache-2.0
#include "testbench/waves/signal_text.hpp"

#include <fmt/format.h>

#include "testbench/waves/signal_table.hpp"

namespace overrun::waves {

namespace {

/// "0 none, 1 exact", or "bit 0 RDTR, bit 1 RADV".
std::string words_of(const SignalInfo& signal)
{
    std::string text;
    for (const ValueName& word : signal.words)
        text += fmt::format("{}{}{} {}", text.empty() ? "" : ", ", signal.words_are == Names::bits ? "bit " : "",
                            word.value, word.name);
    return text;
}

}  // namespace

std::string signal_comment()
{
    std::string text = "Times count from time zero of the scenario.";
    for (const SignalInfo& signal : signal_table) {
        if (!signal.words.empty()) text += fmt::format("\n{}.{}: {}", signal.scope, signal.name, words_of(signal));
        if (signal.explained) text += fmt::format("\n{}.{}: {}", signal.scope, signal.name, signal.text);
    }
    return text;
}

std::string signal_markdown()
{
    std::string text = "| signal | bits | meaning |\n|---|---|---|\n";
    for (std::size_t i = 0; i < signal_table.size(); ++i) {
        const SignalInfo& signal = signal_table[i];
        text += fmt::format("| `{}.{}`", signal.scope, signal.name);
        const auto same = [&signal](const SignalInfo& other) {
            return other.scope == signal.scope && other.text == signal.text;
        };
        while (i + 1 < signal_table.size() && same(signal_table[i + 1]))
            text += fmt::format(", `.{}`", signal_table[++i].name);
        text += fmt::format(" | {} | {}", signal.bits, signal.text);
        // The fates have a page of their own, docs/counters.md.
        if (!signal.words.empty() && signal.words.size() <= 8) text += ": " + words_of(signal);
        text += " |\n";
    }
    return text;
}

}  // namespace overrun::waves
