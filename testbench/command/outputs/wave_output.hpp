// SPDX-License-Identifier: Apache-2.0
// --vcd and --wave-window: a waveform, with a view for GTKWave and the names that it shows.
#pragma once

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <optional>

#include "hw/base/input_error.hpp"
#include "testbench/command/outputs/option_check.hpp"
#include "testbench/command/outputs/run_output.hpp"
#include "testbench/files/output_file.hpp"
#include "testbench/text/number_text.hpp"
#include "testbench/text/quantity.hpp"
#include "testbench/waves/wave_view.hpp"
#include "testbench/waves/waveform.hpp"

namespace overrun {

class WaveOutput final : public RunOutput {
public:
    void add_options(CLI::App& app) override
    {
        app.add_option("--vcd", name_,
                       "Write the main signals as a VCD waveform, with a GTKWave save file (.gtkw) beside it")
            ->type_name("FILE")
            ->check(not_empty);
        app.add_option("--wave-window", window_text_,
                       "The part of the run in --vcd, two times of which one may be left out: 1ms:2ms, 1ms:, :2ms")
            ->type_name("A:B")
            ->check(not_empty);
    }

    [[nodiscard]] std::vector<NamedOutput> files() const override
    {
        std::vector<NamedOutput> files{{"--vcd", name_}};
        if (name_.empty()) return files;
        if (const auto beside = wave_view_files(name_)) {
            files.push_back({"the save file of --vcd", beside->view, NamedOutput::By::another});
            files.push_back({"the names file of --vcd", beside->names, NamedOutput::By::another});
        }
        return files;
    }

    void check(const Scenario& scenario) override
    {
        if (window_text_.empty()) return;
        if (name_.empty()) throw InputError("--wave-window: there is no waveform without --vcd");
        try {
            window_ = parse_wave_window(window_text_);
            if (scenario.duration && window_.from >= *scenario.duration)
                throw InputError(fmt::format("{} begins when the run of {} is over", in_quotes(window_text_),
                                             time_text(*scenario.duration)));
        } catch (const InputError& error) {
            throw InputError(fmt::format("--wave-window: {}", error.what()));
        }
    }

    void open(const Scenario&, StopFlag stop) override
    {
        if (name_.empty()) return;
        beside_ = wave_view_files(name_);
        file_.emplace(name_, stop);
        waveform_.emplace(*file_, window_);
        if (!beside_) return;
        if (may_replace_view(beside_->view)) view_.emplace(beside_->view, stop);
        names_.emplace(beside_->names, stop);
    }

    void attach(RunHooks& hooks) override
    {
        if (waveform_) hooks.observers.push_back(&*waveform_);
    }

    [[nodiscard]] std::vector<std::string> finish(const RunResult& result) override
    {
        std::vector<std::string> warnings;
        if (!waveform_) return warnings;
        waveform_->finish(result.simulated);
        file_->commit();
        if (!waveform_->opened())
            warnings.push_back(fmt::format("--wave-window {}: the run was over at {}, so {} shows nothing",
                                           window_text_, time_text(result.simulated), name_));
        if (names_) {
            names_->write(wave_names());
            names_->commit();
        }
        if (view_) {
            const FateRecord& overruns = result.fates[static_cast<std::size_t>(Fate::fifo_overrun)];
            view_->write(wave_view(name_, *beside_, wave_story(window_, result.simulated, overruns)));
            view_->commit();
        }
        return warnings;
    }

private:
    std::string                  name_;
    std::string                  window_text_;
    WaveWindow                   window_;
    std::optional<WaveViewFiles> beside_{};
    std::optional<OutputFile>    file_{};
    std::optional<OutputFile>    view_{};
    std::optional<OutputFile>    names_{};
    std::optional<Waveform>      waveform_{};
};

}  // namespace overrun
