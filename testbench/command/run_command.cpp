// SPDX-License-Identifier: Apache-2.0
// One run from options to exit code.
// Never simulates before every output file could be opened.
#include "testbench/command/run_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <array>
#include <cstdio>
#include <optional>

#include "hw/input_error.hpp"
#include "testbench/command/stop_signal.hpp"
#include "testbench/output_file.hpp"
#include "testbench/result_json.hpp"
#include "testbench/result_text.hpp"
#include "testbench/waveform.hpp"

namespace overrun {

namespace {

constexpr std::array wave_registers{
    WaveRegister{"CTRL", reg::CTRL::offset}, WaveRegister{"STATUS", reg::STATUS::offset},
    WaveRegister{"ICR", reg::ICR::offset},   WaveRegister{"IMS", reg::IMS::offset},
    WaveRegister{"RCTL", reg::RCTL::offset}, WaveRegister{"RDH", reg::RDH::at(0)},
    WaveRegister{"RDT", reg::RDT::at(0)},    WaveRegister{"ITR", reg::ITR::offset},
    WaveRegister{"RDTR", reg::RDTR::offset}, WaveRegister{"RADV", reg::RADV::offset},
};

/// Standard output carries one thing: a result on it silences the text.
bool prints_text(const RunOptions& options)
{
    return !options.quiet && options.json != "-" && options.vcd != "-";
}

}  // namespace

std::vector<std::string> RunOptions::overrides() const
{
    std::vector<std::string> all = set;
    if (!nic.empty()) all.push_back("nic.implementation=" + nic);
    if (!seed.empty()) all.push_back("run.seed=" + seed);
    return all;
}

Platform RunOptions::platform() const
{
    return mode == "bare" ? Platform::bare : Platform::systemc;
}

void add_run_options(CLI::App& app, RunOptions& options)
{
    app.add_option("--set", options.set, "Override a key of the scenario, such as driver.ring=64; may be repeated")
        ->type_name("KEY=VALUE")
        ->allow_extra_args(false);
    app.add_option("--nic", options.nic, "Short for --set nic.implementation=NAME")->type_name("NAME");
    app.add_option("--seed", options.seed, "Short for --set run.seed=N")->type_name("N");
    app.add_option("--json", options.json, "Write the result as JSON; - is standard output")->type_name("FILE");
    app.add_option("--vcd", options.vcd, "Write the main signals as a VCD waveform")->type_name("FILE");
    app.add_option("--mode", options.mode, "lazy: under SystemC; bare: without it; the results are the same")
        ->check(CLI::IsMember({"lazy", "bare"}))
        ->capture_default_str();
    app.add_flag("--quiet", options.quiet, "Print nothing but errors");
}

ExitCode run_and_report(const Scenario& scenario, const RunOptions& options)
{
    if (!options.json.empty() && options.json == options.vcd)
        throw InputError(fmt::format("--json and --vcd both name {}; each needs a file of its own", options.json));
    std::optional<OutputFile> json;
    std::optional<OutputFile> vcd;
    std::optional<Waveform>   waveform;
    if (!options.json.empty()) json.emplace(options.json);
    if (!options.vcd.empty()) {
        vcd.emplace(options.vcd);
        waveform.emplace(*vcd, time_zero(scenario), wave_registers);
    }

    Observers observers;
    observers.probe        = waveform ? &*waveform : nullptr;
    observers.stop         = &stop_on_signal();
    const RunResult result = run_scenario(scenario, options.platform(), observers);

    if (waveform) {
        waveform->finish(time_zero(scenario) + result.simulated);
        vcd->commit();
    }
    if (json) {
        json->write(result_json(result));
        json->commit();
    }
    if (prints_text(options)) std::fputs(result_text(result).c_str(), stdout);

    if (result.interrupted) return ExitCode::interrupted;
    if (result.expectations_hold()) return ExitCode::holds;
    if (!prints_text(options)) std::fputs(failed_expectations(result).c_str(), stderr);
    return ExitCode::broken;
}

}  // namespace overrun
