// SPDX-License-Identifier: Apache-2.0
// The options that ask for output files of a run.
// Never opens one.
#pragma once

#include <string>
#include <vector>

#include "testbench/command/output_check.hpp"

namespace CLI {
class App;
}

namespace overrun {

/// As given; empty where an option was left out.
struct OutputOptions {
    std::string json;
    std::string vcd;
    std::string wave_window;
    std::string pcap_out;
    std::string drops_out;
    std::string stats_interval;
    std::string stats_out;

    /// Where the statistics go: standard output unless a file is named; empty when none are asked for.
    [[nodiscard]] std::string stats_file() const
    {
        return stats_interval.empty() || !stats_out.empty() ? stats_out : "-";
    }
};

void add_output_options(CLI::App& app, OutputOptions& options);

/// Every file that the options ask for, those that come along with others included.
[[nodiscard]] std::vector<NamedOutput> named_outputs(const OutputOptions& options);

}  // namespace overrun
