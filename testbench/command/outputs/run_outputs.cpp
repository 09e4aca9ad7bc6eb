// SPDX-License-Identifier: Apache-2.0
#include "testbench/command/outputs/run_outputs.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <ranges>

#include "testbench/command/outputs/capture_outputs.hpp"
#include "testbench/command/outputs/json_output.hpp"
#include "testbench/command/outputs/series_output.hpp"
#include "testbench/command/outputs/wave_output.hpp"
#include "testbench/files/output_file.hpp"

namespace overrun {

namespace {

template <class Output>
std::unique_ptr<RunOutput> make()
{
    return std::make_unique<Output>();
}

struct OutputRow {
    std::unique_ptr<RunOutput> (*make)();
    unsigned opening;  ///< its turn when files are opened; options are checked and files finished from the last turn on
};

/// In the order of the help. The result comes last when files are finished, because it ends a run for who waits for it.
constexpr std::array output_table{OutputRow{make<JsonOutput>, 0}, OutputRow{make<WaveOutput>, 3},
                                  OutputRow{make<CaptureOutputs>, 1}, OutputRow{make<SeriesOutput>, 2}};

}  // namespace

RunOutputs::RunOutputs() : opening_(output_table.size())
{
    for (const OutputRow& row : output_table) {
        outputs_.push_back(row.make());
        opening_.at(row.opening) = outputs_.back().get();
    }
}

void RunOutputs::add_options(CLI::App& app)
{
    for (const auto& output : outputs_) output->add_options(app);
}

std::vector<NamedOutput> RunOutputs::files() const
{
    std::vector<NamedOutput> all;
    for (const auto& output : outputs_) std::ranges::move(output->files(), std::back_inserter(all));
    std::ranges::stable_partition(all,
                                  [](const NamedOutput& file) { return file.named_by == NamedOutput::By::option; });
    return all;
}

bool RunOutputs::use_standard_output() const
{
    return std::ranges::any_of(files(), [](const NamedOutput& file) { return is_standard_output(file.file); });
}

void RunOutputs::open(const Scenario& scenario, std::span<const std::string> inputs, StopFlag stop)
{
    check_outputs(files(), inputs);
    for (RunOutput* output : opening_ | std::views::reverse) output->check(scenario);
    for (RunOutput* output : opening_) output->open(scenario, stop);
}

void RunOutputs::attach(RunHooks& hooks)
{
    for (const auto& output : outputs_) output->attach(hooks);
}

std::vector<std::string> RunOutputs::finish(const RunResult& result)
{
    std::vector<std::string> warnings;
    for (RunOutput* output : opening_ | std::views::reverse)
        std::ranges::move(output->finish(result), std::back_inserter(warnings));
    return warnings;
}

}  // namespace overrun
