// SPDX-License-Identifier: Apache-2.0
// Who writes what, in which order.
// Never opens a file before all options have been looked at.
#include "testbench/command/run_outputs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "hw/base/input_error.hpp"
#include "testbench/files/output_file.hpp"
#include "testbench/observe/frame_recorder.hpp"
#include "testbench/observe/statistics_series.hpp"
#include "testbench/result/result_json.hpp"
#include "testbench/run/run.hpp"
#include "testbench/text/number_text.hpp"
#include "testbench/text/quantity.hpp"
#include "testbench/waves/wave_view.hpp"
#include "testbench/waves/waveform.hpp"

namespace overrun {

namespace {

WaveWindow window_of(const Scenario& scenario, const OutputOptions& options)
{
    if (options.wave_window.empty()) return {};
    if (options.vcd.empty()) throw InputError("--wave-window: there is no waveform without --vcd");
    try {
        const WaveWindow window = parse_wave_window(options.wave_window);
        if (scenario.duration && window.from >= *scenario.duration)
            throw InputError(fmt::format("{} begins when the run of {} is over", overrun::quoted(options.wave_window),
                                         time_text(*scenario.duration)));
        return window;
    } catch (const InputError& error) {
        throw InputError(fmt::format("--wave-window: {}", error.what()));
    }
}

std::optional<Time> interval_of(const OutputOptions& options)
{
    if (options.stats_interval.empty()) {
        if (!options.stats_out.empty())
            throw InputError("--stats-out: there are no statistics without --stats-interval");
        return std::nullopt;
    }
    try {
        const Time     interval = parse_quantity(QuantityKind::time, options.stats_interval);
        constexpr Time longest  = 86'400 * second;
        if (interval < nanosecond || interval > longest)
            throw InputError(fmt::format("{} is not allowed; allowed: 1ns to {}",
                                         overrun::quoted(options.stats_interval),
                                         format_quantity(QuantityKind::time, longest)));
        return interval;
    } catch (const InputError& error) {
        throw InputError(fmt::format("--stats-interval: {}", error.what()));
    }
}

CaptureFormat format_of(const char* option, const std::string& file)
{
    try {
        return file.empty() ? CaptureFormat::pcap : capture_format(file);
    } catch (const InputError& error) {
        throw InputError(fmt::format("{}: {}", option, error.what()));
    }
}

/// An open capture.
struct CaptureOut {
    CaptureOut(const std::string& name, CaptureFormat format, const char* what, const Scenario& scenario, StopFlag stop)
        : file{name, stop},
          writer{file,
                 format,
                 {.name            = "overrun0",
                  .description     = fmt::format("{} of {}", what, printable(scenario.name)),
                  .hardware        = fmt::format("82574L {}", scenario.nic.implementation),
                  .bits_per_second = scenario.wire_rate}}
    {
    }

    OutputFile    file;
    CaptureWriter writer;
};

}  // namespace

struct RunOutputs::Parts {
    OutputOptions                   options;
    std::optional<OutputFile>       json{};
    std::optional<OutputFile>       vcd{};
    std::optional<OutputFile>       view{};
    std::optional<OutputFile>       names{};
    std::optional<WaveViewFiles>    view_files{};
    std::optional<Waveform>         waveform{};
    std::unique_ptr<CaptureOut>     delivered{};
    std::unique_ptr<CaptureOut>     lost{};
    std::optional<FrameRecorder>    recorder{};
    std::optional<OutputFile>       stats{};
    std::optional<StatisticsSeries> series{};
};

RunOutputs::RunOutputs(const Scenario& scenario, const OutputOptions& options, std::span<const std::string> inputs,
                       StopFlag stop)
    : parts_{new Parts{.options = options}}
{
    check_outputs(named_outputs(options), inputs);
    const WaveWindow          window       = window_of(scenario, options);
    const std::optional<Time> interval     = interval_of(options);
    const CaptureFormat       as_delivered = format_of("--pcap-out", options.pcap_out);
    const CaptureFormat       as_lost      = format_of("--drops-out", options.drops_out);

    Parts& parts = *parts_;
    if (!options.json.empty()) parts.json.emplace(options.json, stop);
    if (!options.pcap_out.empty())
        parts.delivered =
            std::make_unique<CaptureOut>(options.pcap_out, as_delivered, "delivered frames", scenario, stop);
    if (!options.drops_out.empty())
        parts.lost = std::make_unique<CaptureOut>(options.drops_out, as_lost, "lost frames", scenario, stop);
    if (parts.delivered || parts.lost)
        parts.recorder.emplace(parts.delivered ? &parts.delivered->writer : nullptr,
                               parts.lost ? &parts.lost->writer : nullptr);
    if (interval) {
        parts.stats.emplace(options.stats_file(), stop);
        parts.series.emplace(*parts.stats, *interval);
    }
    if (options.vcd.empty()) return;
    parts.view_files = wave_view_files(options.vcd);
    parts.vcd.emplace(options.vcd, stop);
    parts.waveform.emplace(*parts.vcd, window);
    if (!parts.view_files) return;
    if (may_replace_view(parts.view_files->view)) parts.view.emplace(parts.view_files->view, stop);
    parts.names.emplace(parts.view_files->names, stop);
}

RunOutputs::~RunOutputs() = default;

void RunOutputs::attach(Observers& observers)
{
    if (parts_->waveform) observers.observers.push_back(&*parts_->waveform);
    if (parts_->series) observers.observers.push_back(&*parts_->series);
    if (!parts_->recorder) return;
    observers.observers.push_back(&*parts_->recorder);
    if (parts_->delivered) observers.consumer = &*parts_->recorder;
    observers.keep_frames = parts_->lost != nullptr;
}

std::vector<std::string> RunOutputs::finish(const RunResult& result)
{
    std::vector<std::string> warnings;
    Parts&                   parts = *parts_;
    if (parts.waveform) {
        parts.waveform->finish(result.simulated);
        parts.vcd->commit();
        const WaveWindow& window = parts.waveform->window();
        if (!parts.waveform->opened())
            warnings.push_back(fmt::format("--wave-window {}: the run was over at {}, so {} shows nothing",
                                           parts.options.wave_window, time_text(result.simulated), parts.options.vcd));

        const WaveStory story =
            wave_story(window, result.simulated, result.fates[static_cast<std::size_t>(Fate::fifo_overrun)]);
        if (parts.names) {
            parts.names->write(wave_names());
            parts.names->commit();
        }
        if (parts.view) {
            parts.view->write(wave_view(parts.options.vcd, *parts.view_files, story));
            parts.view->commit();
        }
    }
    for (CaptureOut* capture : {parts.delivered.get(), parts.lost.get()}) {
        if (capture == nullptr) continue;
        capture->writer.finish(
            {.timestamp_ns = parts.recorder->end_ns(),
             .received     = result.offered,
             .dropped      = result.fates[static_cast<std::size_t>(Fate::fifo_overrun)].count,
             .delivered    = result.fates[static_cast<std::size_t>(Fate::delivered)].count,
             .comment      = result.interrupted ? "interrupted: the run was stopped before its end" : ""});
        capture->file.commit();
    }
    if (parts.stats) {
        if (result.interrupted) parts.stats->write("# interrupted: the run was stopped before its end\n");
        parts.stats->commit();
    }
    if (parts.json) {
        parts.json->write(result_json(result));
        parts.json->commit();
    }
    return warnings;
}

}  // namespace overrun
