// SPDX-License-Identifier: Apache-2.0
// Counters of a run as a table of intervals: one line of CSV for each.
// Contract: each column of counts adds up to the run's total.
#pragma once

#include <array>
#include <cstdint>
#include <deque>

#include "hw/registers/82574l.hpp"
#include "testbench/files/output_file.hpp"
#include "testbench/observe/observer.hpp"

namespace overrun {

/// Columns: `time_s`, the interval's end from time zero; counts within the interval: frames and octets `offered`, every
/// fate, statistics registers, `interrupts` and `polls`; and what holds at its end: `in_flight`, `fifo_octets`,
/// `fifo_frames`, `ring_free`. The last interval is as long as the run still is.
class StatisticsSeries final : public Observer, public FateSink {
public:
    /// @param interval at least 1 ps
    StatisticsSeries(OutputFile& file, Time interval);

    [[nodiscard]] ProbeKinds kinds() const override { return probe_bit(ProbeKind::driver); }
    [[nodiscard]] FateSink*  fates() override { return this; }
    void                     over(FrameId id, Fate fate, Time start, Time time) override;
    void                     run_begins(const RunStart& start) override { origin_ = start.origin; }
    void                     event(const ProbeEvent& event) override;
    void                     committed(Time) override {}
    [[nodiscard]] bool       attached() const override { return false; }
    [[nodiscard]] Time       next_look() const override { return over_ ? never : origin_ + next_ * interval_; }
    void                     look(const RunSnapshot& view) override;
    void                     run_ended(const RunSnapshot& view) override;

private:
    static constexpr std::array counters{reg::Counter::MPC,  reg::Counter::RNBC, reg::Counter::GPRC,
                                         reg::Counter::GORC, reg::Counter::TPR,  reg::Counter::TOR};

    /// What happened in an interval, by the times of what happened: the host may be ahead of the NIC.
    struct Counts {
        std::array<std::uint64_t, fate_count> ended{};
        std::uint64_t                         interrupts = 0;
        std::uint64_t                         polls      = 0;
    };
    /// Totals that are read from ledger and NIC.
    struct Totals {
        std::uint64_t                              offered = 0;
        std::uint64_t                              octets  = 0;
        std::array<std::uint64_t, counters.size()> registers{};

        bool operator==(const Totals&) const = default;
    };

    [[nodiscard]] Totals totals(const RunSnapshot& view) const;
    void                 line(Time end, const Counts& counts, const RunSnapshot& view);
    /// Of the interval that holds `time`; the current one when its own has been written.
    [[nodiscard]] Counts& counts_at(Time time);

    OutputFile&        file_;
    Time               interval_;
    Time               origin_ = 0;
    std::int64_t       next_   = 1;  ///< number of the current interval
    bool               over_   = false;
    Totals             before_;
    std::deque<Counts> counts_;  ///< of the intervals from the current one on
};

}  // namespace overrun
