// SPDX-License-Identifier: Apache-2.0
// --pcap-out and --drops-out: captures of the frames that were delivered and of those that were lost.
#pragma once

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <optional>

#include "hw/base/input_error.hpp"
#include "testbench/capture/capture_writer.hpp"
#include "testbench/command/outputs/option_check.hpp"
#include "testbench/command/outputs/run_output.hpp"
#include "testbench/files/output_file.hpp"
#include "testbench/observe/frame_recorder.hpp"
#include "testbench/text/quantity.hpp"

namespace overrun {

/// One output, because one recorder follows the frames for both files.
class CaptureOutputs final : public RunOutput {
public:
    void add_options(CLI::App& app) override
    {
        const auto file = [&app](Capture& capture, const char* text) {
            app.add_option(capture.option, capture.name, text)->type_name("FILE")->check(not_empty);
        };
        file(delivered_, "Write the frames that the driver delivered; .pcap or .pcapng");
        file(lost_, "Write the frames that were lost; .pcap, or .pcapng with each one's fate in a comment");
    }

    [[nodiscard]] std::vector<NamedOutput> files() const override
    {
        return {{delivered_.option, delivered_.name}, {lost_.option, lost_.name}};
    }

    void check(const Scenario&) override
    {
        for (Capture* capture : {&delivered_, &lost_}) {
            if (capture->name.empty()) continue;
            try {
                capture->format = capture_format(capture->name);
            } catch (const InputError& error) {
                throw InputError(fmt::format("{}: {}", capture->option, error.what()));
            }
        }
    }

    void open(const Scenario& scenario, StopFlag stop) override
    {
        for (Capture* capture : {&delivered_, &lost_}) {
            if (capture->name.empty()) continue;
            capture->file.emplace(capture->name, stop);
            capture->writer.emplace(
                *capture->file, capture->format,
                CaptureInterface{.name            = "overrun0",
                                 .description     = fmt::format("{} of {}", capture->what, printable(scenario.name)),
                                 .hardware        = fmt::format("82574L {}", scenario.nic.implementation),
                                 .bits_per_second = scenario.wire_rate});
        }
        if (delivered_.writer || lost_.writer)
            recorder_.emplace(delivered_.writer ? &*delivered_.writer : nullptr,
                              lost_.writer ? &*lost_.writer : nullptr);
    }

    void attach(RunHooks& hooks) override
    {
        if (!recorder_) return;
        hooks.observers.push_back(&*recorder_);
        if (delivered_.writer) hooks.consumer = &*recorder_;
        hooks.keep_frames = lost_.writer.has_value();
    }

    [[nodiscard]] std::vector<std::string> finish(const RunResult& result) override
    {
        const auto count = [&result](Fate fate) { return result.fates[static_cast<std::size_t>(fate)].count; };
        for (Capture* capture : {&delivered_, &lost_}) {
            if (!capture->writer) continue;
            capture->writer->finish(
                {.timestamp_ns = recorder_->end_ns(),
                 .received     = result.offered,
                 .dropped      = count(Fate::fifo_overrun),
                 .delivered    = count(Fate::delivered),
                 .comment      = result.interrupted ? "interrupted: the run was stopped before its end" : ""});
            capture->file->commit();
        }
        return {};
    }

private:
    struct Capture {
        const char*                  option;
        const char*                  what;
        std::string                  name{};
        CaptureFormat                format = CaptureFormat::pcap;
        std::optional<OutputFile>    file{};
        std::optional<CaptureWriter> writer{};
    };

    Capture                      delivered_{"--pcap-out", "delivered frames"};
    Capture                      lost_{"--drops-out", "lost frames"};
    std::optional<FrameRecorder> recorder_{};
};

}  // namespace overrun
