// SPDX-License-Identifier: Apache-2.0
#include "testbench/waves/wave_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <utility>
#include <vector>

#include "testbench/files/output_file.hpp"
#include "testbench/waves/signal_table.hpp"

namespace overrun {

namespace {

namespace fs = std::filesystem;

using waves::Group;
using waves::Look;
using waves::SignalInfo;

constexpr std::string_view mark = "[*] Overrun";

// Flags of GTKWave: what a trace looks like. All but comments are adjusted to the right.
constexpr unsigned hexadecimal = 0x22;
constexpr unsigned decimal     = 0x24;
constexpr unsigned binary      = 0x28;
constexpr unsigned by_name     = 0x2000;  // in the file that the line "^1" names
constexpr unsigned step        = 0x8000;  // an analogue trace
constexpr unsigned stretch     = 0x20000;
constexpr unsigned comment     = 0x200;

constexpr int step_height = 4;     // rows below the first
constexpr int pixels      = 1000;  // of the time line, about

constexpr std::array headings{std::string_view{},
                              std::string_view{"Frames on the wire"},
                              std::string_view{"Receive FIFO, frames lost"},
                              std::string_view{"Descriptors that are free"},
                              std::string_view{"Driver"},
                              std::string_view{"Interrupts"},
                              std::string_view{"DMA to host memory"},
                              std::string_view{"Address filter"}};
static_assert(headings.size() == static_cast<std::size_t>(Group::filter) + 1);

/// The signals that a view shows, from top to bottom.
std::vector<const SignalInfo*> shown_signals()
{
    std::vector<const SignalInfo*> shown;
    for (const SignalInfo& signal : waves::signal_table)
        if (signal.view.group != Group::none) shown.push_back(&signal);
    std::sort(shown.begin(), shown.end(), [](const SignalInfo* a, const SignalInfo* b) {
        return std::pair{a->view.group, a->view.rank} < std::pair{b->view.group, b->view.rank};
    });
    return shown;
}

bool has_value_names(const SignalInfo& signal)
{
    return !signal.words.empty() && signal.words_are == waves::Names::values;
}

// Lines of a save file: "@" and flags for what follows, "-" a comment, a signal's name.
class SaveFile {
public:
    /// @param names the file with words for values
    explicit SaveFile(std::string names) : names_{std::move(names)} {}

    void heading(std::string_view text) { flags(comment, fmt::format("-{}", text)); }
    void signal(const SignalInfo& signal)
    {
        unsigned how = how_to_show(signal.view.look);
        if (has_value_names(signal)) {
            how |= by_name;
            text_ += fmt::format("@{:x}\n^1 {}\n", how, names_);
        }
        if (signal.view.colour != 0) text_ += fmt::format("[color] {}\n", signal.view.colour);
        const std::string name = fmt::format("{}.{}", signal.scope, signal.name);
        flags(how, signal.bits == 1 ? name : fmt::format("{}[{}:0]", name, signal.bits - 1));
        if (signal.view.look == Look::curve)
            for (int i = 0; i < step_height; ++i) flags(stretch, "-");
    }
    void line(const std::string& text) { text_ += text + "\n"; }

    [[nodiscard]] std::string text() && { return std::move(text_); }

private:
    static unsigned how_to_show(Look look) noexcept
    {
        if (look == Look::binary) return binary;
        if (look == Look::hexadecimal) return hexadecimal;
        return look == Look::curve ? decimal | step : decimal;
    }
    void flags(unsigned value, std::string_view line) { text_ += fmt::format("@{:x}\n{}\n", value, line); }

    std::string names_;
    std::string text_;
};

/// What the window shows at first: all of it, or the losses and what led to them.
struct Span {
    Time from;
    Time to;
};
Span visible(const WaveStory& story)
{
    Span all{story.from, std::max(story.to, story.from + 1)};
    if (!story.first_loss) return all;
    const Time length = std::max(*story.last_loss - *story.first_loss, 100 * microsecond);
    if ((all.to - all.from) / 20 <= length) return all;
    return {std::max(all.from, *story.first_loss - 4 * length), std::min(all.to, *story.last_loss + 4 * length)};
}

std::string file_name(const std::string& path)
{
    return fs::path(path).filename().string();
}

}  // namespace

std::optional<WaveViewFiles> wave_view_files(const std::string& vcd)
{
    std::error_code       error;
    const fs::file_status status = fs::status(vcd, error);
    if (is_standard_output(vcd) || (fs::exists(status) && !fs::is_regular_file(status))) return std::nullopt;
    fs::path stem = vcd;
    if (stem.extension() == ".vcd") stem.replace_extension();
    return WaveViewFiles{stem.string() + ".gtkw", stem.string() + ".names"};
}

std::string wave_view(const std::string& vcd, const WaveViewFiles& files, const WaveStory& story)
{
    const Span span = visible(story);
    // GTKWave's zoom: minus the binary logarithm of the time units in 200 pixels.
    const double zoom = -std::log2(std::max(1.0, static_cast<double>(span.to - span.from) * 200 / pixels));

    SaveFile view{file_name(files.names)};
    view.line(fmt::format("{} wrote this; what GTKWave saves in its place is kept", mark));
    view.line(fmt::format("[dumpfile] \"{}\"", file_name(vcd)));
    view.line(fmt::format("[savefile] \"{}\"", file_name(files.view)));
    view.line(fmt::format("[timestart] {}", span.from));
    view.line("[size] 1400 1000\n[pos] -1 -1");
    view.line(fmt::format("*{:.6f} {} {} {}", zoom, story.first_loss.value_or(-1), story.first_loss.value_or(-1),
                          story.last_loss.value_or(-1)));
    if (story.first_loss) view.line("[markername] Afirst loss\n[markername] Blast loss");
    view.line("[signals_width] 260\n[sst_expanded] 0");

    Group group = Group::none;
    for (const SignalInfo* signal : shown_signals()) {
        if (signal->view.group != group) view.heading(headings[static_cast<std::size_t>(signal->view.group)]);
        group = signal->view.group;
        view.signal(*signal);
    }
    return std::move(view).text();
}

std::string wave_names()
{
    std::string text;
    for (const SignalInfo* signal : shown_signals()) {
        if (!has_value_names(*signal)) continue;
        for (const waves::ValueName& word : signal->words) {
            // GTKWave compares with the digits that it would show.
            const std::string digits = signal->view.look == Look::binary
                                           ? fmt::format("{:0{}b}", word.value, signal->bits)
                                           : fmt::format("{:0{}X}", word.value, (signal->bits + 3) / 4);
            text += fmt::format("{} {}\n", digits, word.label.empty() ? word.name : word.label);
        }
    }
    return text;
}

WaveStory wave_story(const WaveWindow& window, Time simulated, const FateRecord& overruns)
{
    WaveStory story{.from = window.from, .to = std::min(window.to, simulated)};
    if (overruns.count != 0 && overruns.first_at >= story.from && overruns.last_at <= story.to) {
        story.first_loss = overruns.first_at;
        story.last_loss  = overruns.last_at;
    }
    return story;
}

bool may_replace_view(const std::string& view)
{
    std::error_code error;
    if (!fs::exists(view, error)) return true;
    std::ifstream file{view};
    std::string   first;
    std::getline(file, first);
    return first.starts_with(mark);
}

}  // namespace overrun
