// SPDX-License-Identifier: Apache-2.0
// Output options for CLI11, and the files they mean.
// Never decides whether a file may be written.
#include "testbench/command/output_options.hpp"

#include <CLI/CLI.hpp>

#include "testbench/command/run_command.hpp"
#include "testbench/waves/wave_view.hpp"

namespace overrun {

void add_output_options(CLI::App& app, OutputOptions& options)
{
    const auto file = [&app](const char* name, std::string& value, const char* text) {
        app.add_option(name, value, text)->type_name("FILE")->check(not_empty);
    };
    file("--json", options.json, "Write the result as JSON; - is standard output");
    file("--vcd", options.vcd, "Write the main signals as a VCD waveform, with a GTKWave save file (.gtkw) beside it");
    app.add_option("--wave-window", options.wave_window,
                   "The part of the run in --vcd, two times of which one may be left out: 1ms:2ms, 1ms:, :2ms")
        ->type_name("A:B")
        ->check(not_empty);
    file("--pcap-out", options.pcap_out, "Write the frames that the driver delivered; .pcap or .pcapng");
    file("--drops-out", options.drops_out,
         "Write the frames that were lost; .pcap, or .pcapng with each one's fate in a comment");
    app.add_option("--stats-interval", options.stats_interval, "Write counters as CSV, a line for each interval: 1ms")
        ->type_name("TIME")
        ->check(not_empty);
    file("--stats-out", options.stats_out, "Where --stats-interval goes; standard output by default");
}

std::vector<NamedOutput> named_outputs(const OutputOptions& options)
{
    std::vector<NamedOutput> outputs{
        {"--json", options.json},
        {"--vcd", options.vcd},
        {"--pcap-out", options.pcap_out},
        {"--drops-out", options.drops_out},
        {options.stats_out.empty() ? "--stats-interval" : "--stats-out", options.stats_file()}};
    if (options.vcd.empty()) return outputs;
    if (const auto beside = wave_view_files(options.vcd)) {
        outputs.push_back({"the save file of --vcd", beside->view});
        outputs.push_back({"the names file of --vcd", beside->names});
    }
    return outputs;
}

}  // namespace overrun
