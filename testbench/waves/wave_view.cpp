// SPDX-License-Identifier: Apache-2.0
// Lines of a GTKWave save file: "@" and flags for what follows, "-" a comment, a signal's name.
// Never an absolute path: GTKWave looks beside the save file.
#include "testbench/waves/wave_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>

#include "hw/engine/fate.hpp"
#include "testbench/files/output_file.hpp"
#include "testbench/waves/waveform.hpp"

namespace overrun {

namespace {

namespace fs = std::filesystem;

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

class View {
public:
    void heading(std::string_view text) { flags(comment, fmt::format("-{}", text)); }
    void trace(unsigned how, std::string_view name, unsigned bits, int colour = 0)
    {
        if (colour != 0) text_ += fmt::format("[color] {}\n", colour);
        flags(how, bits == 1 ? std::string{name} : fmt::format("{}[{}:0]", name, bits - 1));
    }
    void level(std::string_view name, unsigned bits, int colour)
    {
        trace(decimal | step, name, bits, colour);
        for (int i = 0; i < step_height; ++i) flags(stretch, "-");
    }
    void named(unsigned how, std::string_view names, std::string_view name, unsigned bits, int colour = 0)
    {
        text_ += fmt::format("@{:x}\n^1 {}\n", how | by_name, names);
        trace(how | by_name, name, bits, colour);
    }
    void line(const std::string& text) { text_ += text + "\n"; }

    [[nodiscard]] std::string text() && { return std::move(text_); }

private:
    void flags(unsigned value, std::string_view line) { text_ += fmt::format("@{:x}\n{}\n", value, line); }

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
    const Span        span  = visible(story);
    const std::string names = file_name(files.names);
    // GTKWave's zoom: minus the binary logarithm of the time units in 200 pixels.
    const double zoom = -std::log2(std::max(1.0, static_cast<double>(span.to - span.from) * 200 / pixels));

    View view;
    view.line(fmt::format("{} wrote this; what GTKWave saves in its place is kept", mark));
    view.line(fmt::format("[dumpfile] \"{}\"", file_name(vcd)));
    view.line(fmt::format("[savefile] \"{}\"", file_name(files.view)));
    view.line(fmt::format("[timestart] {}", span.from));
    view.line("[size] 1400 1000\n[pos] -1 -1");
    view.line(fmt::format("*{:.6f} {} {} {}", zoom, story.first_loss.value_or(-1), story.first_loss.value_or(-1),
                          story.last_loss.value_or(-1)));
    if (story.first_loss) view.line("[markername] Afirst loss\n[markername] Blast loss");
    view.line("[signals_width] 260\n[sst_expanded] 0");

    view.heading("Frames on the wire");
    view.trace(binary, "wire.busy", 1);
    view.trace(decimal, "wire.frame_id", 64);
    view.trace(decimal, "wire.octets", 32);
    view.named(hexadecimal, names, "rx_mac.fate", 8, 3);
    view.heading("Receive FIFO, frames lost");
    view.level("rx_fifo.octets", 32, 2);
    view.level("rx_fifo.drop", 64, 1);
    view.heading("Descriptors that are free");
    view.level("driver.ring_free", 32, 5);
    view.heading("Driver");
    view.named(hexadecimal, names, "driver.state", 4, 3);
    view.trace(decimal, "csr.RDT", 32);
    view.heading("Interrupts");
    view.trace(binary, "interrupts.line", 1);
    view.trace(hexadecimal, "interrupts.causes", 32);
    view.trace(hexadecimal, "csr.IMS", 32);
    view.trace(binary, "interrupts.timers", 3);
    view.heading("DMA to host memory");
    view.trace(binary, "rx_dma.busy", 1);
    view.trace(decimal, "rx_dma.frame_id", 64);
    view.trace(hexadecimal, "rx_dma.address", 64);
    view.trace(decimal, "csr.RDH", 32);
    view.trace(decimal, "descriptor_cache.held", 32);
    view.trace(decimal, "descriptor_cache.in_flight", 32);
    view.trace(decimal, "rx_fifo.frames", 32);
    view.heading("Address filter");
    view.trace(binary, "rx_filter.accept", 1);
    view.named(binary, names, "rx_filter.reason", 3);
    return std::move(view).text();
}

std::string wave_names()
{
    std::string text = "00 ...\n";
    for (const FateInfo& info : fate_table)
        text += fmt::format("{:02X} {}\n", static_cast<unsigned>(info.fate) + 1, info.name);
    text += fmt::format("{:02X} stored\n", Waveform::fate_stored);
    text += "0 idle\n1 interrupt\n2 poll\n3 stalled\n4 down\n";
    return text + "000 none\n001 exact\n010 hash\n011 broadcast\n100 promiscuous\n101 vlan\n";
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
