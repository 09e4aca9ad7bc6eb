// SPDX-License-Identifier: Apache-2.0
// Steps of simulated time that take some tens of milliseconds of wall time each.
// Never waits for the terminal longer than a write does.
#include "testbench/observe/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <string_view>

#include "testbench/text/number_text.hpp"

namespace overrun {

namespace {

using namespace std::chrono_literals;

void write_all(int descriptor, std::string_view text) noexcept
{
    // A terminal that does not take it misses nothing.
    static_cast<void>(!::write(descriptor, text.data(), text.size()));
}

}  // namespace

Progress::Progress(int terminal, const Scenario& scenario) : terminal_{terminal}, duration_{scenario.duration}
{
    std::uint64_t sum = 0;
    for (const TrafficSpec& spec : scenario.traffic) {
        if (spec.kind == TrafficKind::pcap) return;
        sum += spec.count;
    }
    frames_ = sum;
}

Progress::~Progress()
{
    erase();
}

void Progress::run_begins(const RunStart& start)
{
    origin_ = start.origin;
    next_   = origin_ + step_;
}

void Progress::look(const RunSnapshot& view)
{
    const Clock::time_point now  = Clock::now();
    const auto              took = now - looked_;
    looked_                      = now;
    if (took < 20ms && step_ < 1000 * second) step_ *= 2;
    if (took > 80ms && step_ > 2) step_ /= 2;
    next_ = view.at + step_;
    if (now - begun_ < 1s || (shown_ && now - shown_at_ < 200ms)) return;
    shown_at_ = now;
    shown_    = true;
    write_all(terminal_, line(view));
}

std::string Progress::line(const RunSnapshot& view) const
{
    double done = 0;
    if (duration_) done = static_cast<double>(view.at - origin_) / static_cast<double>(*duration_);
    if (frames_ && *frames_ != 0)
        done = std::max(done, static_cast<double>(view.ledger.offered()) / static_cast<double>(*frames_));
    const std::uint64_t lost = view.ledger.fate(Fate::fifo_overrun).count;
    std::string         text =
        fmt::format("\r{} simulated, {} frames", time_text(view.at - origin_), with_commas(view.ledger.offered()));
    if (done > 0) text += fmt::format(" ({:.0f} %)", 100 * std::min(done, 1.0));
    if (lost != 0) text += fmt::format(", {} overrun", with_commas(lost));
    return text + "\x1b[K";
}

void Progress::erase() noexcept
{
    if (shown_) write_all(terminal_, "\r\x1b[K");
    shown_ = false;
    next_  = never;
}

}  // namespace overrun
