// SPDX-License-Identifier: Apache-2.0
// A probe sink that writes what happens inside NIC and driver as waveforms, the same signals for every engine.
// Contract: events of one time keep their order, and none is written before it is final.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "testbench/observe/observer.hpp"
#include "testbench/waves/signal_table.hpp"
#include "testbench/waves/vcd_writer.hpp"
#include "testbench/waves/wave_window.hpp"

namespace overrun {

/// The signals are those of waves/signal_table.hpp.
///
/// With a window that begins after time zero, the waveform is not attached to the NIC before it: when the window opens,
/// the NIC reports its levels. So what lies outside costs nothing.
class Waveform final : public Observer {
public:
    /// @param file outlives this; it is complete after finish() and the owner's commit()
    /// @param window from < to
    explicit Waveform(OutputFile& file, WaveWindow window = {});

    [[nodiscard]] ProbeKinds kinds() const override { return waves::signal_kinds(); }
    /// Before any event. Events before time zero make the values at zero.
    void               run_begins(const RunStart& start) override { origin_ = start.origin; }
    [[nodiscard]] bool attached() const override { return part_ == Part::inside && !over_; }
    [[nodiscard]] Time next_look() const override;
    void               look(const RunSnapshot& view) override;
    void               run_ended(const RunSnapshot& view) override;

    /// @throws nothing but std::bad_alloc
    void event(const ProbeEvent& event) override;

    /// Writes all events up to and including `t`.
    /// @throws InputError on a full disk
    void committed(Time t) override;

    /// Writes the rest and a last time stamp: `end`, or the last event if that is later; of a window that was closed,
    /// its end. Nothing may be reported after it.
    /// @param end from time zero
    void finish(Time end);

    /// Whether anything happened behind the window's beginning.
    [[nodiscard]] bool              opened() const noexcept { return part_ != Part::before; }
    [[nodiscard]] const WaveWindow& window() const noexcept { return window_; }

    /// Events before a time that was committed already: a broken promise of an engine. Where a later event had been
    /// written, they were moved to its time.
    [[nodiscard]] std::uint64_t late_events() const noexcept { return late_events_; }

private:
    using Signal = VcdWriter::Signal;

    struct Key {
        Time          time;
        std::uint32_t index;  ///< into pending_: order of arrival
    };

    enum class Part : std::uint8_t { before, inside, after };

    void show(const ProbeEvent& event);
    void compute(const ProbeEvent& event);
    void apply(const ProbeEvent& event);
    void end_throttle_by(Time t);
    void reach(Time t);
    /// @param signal position in the signal table
    void set(std::size_t signal, std::uint64_t value);
    void set_register(std::uint64_t offset, std::uint64_t value);

    VcdWriter     vcd_;
    Time          origin_ = 0;
    WaveWindow    window_;
    Part          part_;
    bool          over_            = false;                             // the run is
    Time          now_             = std::numeric_limits<Time>::min();  ///< of the last event written, from the origin
    bool          begun_           = false;
    Time          committed_       = std::numeric_limits<Time>::min();
    std::uint64_t late_events_     = 0;
    std::uint64_t overruns_        = 0;
    std::uint32_t ring_            = 0;  ///< its size in descriptors
    std::uint32_t head_            = 0;
    std::uint32_t tail_            = 0;
    std::uint64_t running_timers_  = 0;      ///< as reported last
    Time          throttled_until_ = never;  ///< end of ITR's interval, while it runs

    std::vector<ProbeEvent> pending_;
    std::vector<ProbeEvent> kept_;  ///< pending_ of the next round
    std::vector<Key>        order_;
    Time                    earliest_ = never;  ///< among pending_
    bool                    in_order_ = true;   ///< pending_ is sorted as it stands

    std::array<Signal, waves::signal_table.size()> signals_;
};

}  // namespace overrun
