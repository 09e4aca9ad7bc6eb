// SPDX-License-Identifier: Apache-2.0
// --stats-interval and --stats-out: counters over time.
#pragma once

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <optional>

#include "hw/base/input_error.hpp"
#include "testbench/command/outputs/option_check.hpp"
#include "testbench/command/outputs/run_output.hpp"
#include "testbench/files/output_file.hpp"
#include "testbench/observe/statistics_series.hpp"
#include "testbench/text/quantity.hpp"

namespace overrun {

class SeriesOutput final : public RunOutput {
public:
    void add_options(CLI::App& app) override
    {
        app.add_option("--stats-interval", interval_text_, "Write counters as CSV, a line for each interval: 1ms")
            ->type_name("TIME")
            ->check(not_empty);
        app.add_option("--stats-out", name_, "Where --stats-interval goes; standard output by default")
            ->type_name("FILE")
            ->check(not_empty);
    }

    [[nodiscard]] std::vector<NamedOutput> files() const override
    {
        return {{name_.empty() ? "--stats-interval" : "--stats-out", file_name()}};
    }

    void check(const Scenario&) override
    {
        if (interval_text_.empty()) {
            if (!name_.empty()) throw InputError("--stats-out: there are no statistics without --stats-interval");
            return;
        }
        try {
            interval_              = parse_quantity(QuantityKind::time, interval_text_);
            constexpr Time longest = 86'400 * second;
            if (interval_ < nanosecond || interval_ > longest)
                throw InputError(fmt::format("{} is not allowed; allowed: 1ns to {}", in_quotes(interval_text_),
                                             format_quantity(QuantityKind::time, longest)));
        } catch (const InputError& error) {
            throw InputError(fmt::format("--stats-interval: {}", error.what()));
        }
    }

    void open(const Scenario&, StopFlag stop) override
    {
        if (interval_text_.empty()) return;
        file_.emplace(file_name(), stop);
        series_.emplace(*file_, interval_);
    }

    void attach(RunHooks& hooks) override
    {
        if (series_) hooks.observers.push_back(&*series_);
    }

    [[nodiscard]] std::vector<std::string> finish(const RunResult& result) override
    {
        if (!file_) return {};
        if (result.interrupted) file_->write("# interrupted: the run was stopped before its end\n");
        file_->commit();
        return {};
    }

private:
    /// Standard output unless a file is named; empty when no statistics are asked for.
    [[nodiscard]] std::string file_name() const { return interval_text_.empty() || !name_.empty() ? name_ : "-"; }

    std::string                     interval_text_;
    std::string                     name_;
    Time                            interval_ = 0;
    std::optional<OutputFile>       file_{};
    std::optional<StatisticsSeries> series_{};
};

}  // namespace overrun
