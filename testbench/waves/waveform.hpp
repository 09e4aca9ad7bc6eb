// SPDX-License-Identifier: Apache-2.0
// A probe sink that writes what happens inside NIC and driver as waveforms, the same signals for every engine.
// Never reorders events of one time, and writes none before it is final.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

#include "testbench/observe/observer.hpp"
#include "testbench/waves/vcd_writer.hpp"
#include "testbench/waves/wave_window.hpp"

namespace overrun {

/// A register that gets a signal of its own in scope `csr`.
struct WaveRegister {
    std::string_view name;
    std::uint32_t    offset = 0;  ///< of the ProbeKind::csr events that belong to it
};

/// Signals, by scope. All are unknown until an event first reports them, except those marked (0).
///
/// | scope            | signal    | meaning                                                                        |
/// |------------------|-----------|--------------------------------------------------------------------------------|
/// | wire             | busy      | 1 from a frame's first octet to its last                                       |
/// |                  | frame_id  | the frame on the wire; stays after its end                                     |
/// |                  | octets    | its length with FCS; stays after its end                                       |
/// | rx_mac           | fate (0)  | what became of the newest frame: its Fate + 1, or fate_stored; 0 from the      |
/// |                  |           | start of a frame to the next verdict, so that equal fates in a row show        |
/// | rx_filter        | accept    | 1 accepted                                                                     |
/// |                  | reason    | what accepted it, as in hw/engine/probe.hpp | | rx_fifo          | octets    |
/// octets charged                                                                 | |                  | frames    |
/// complete frames                                                                | |                  | drop (0)  |
/// frames lost to an overrun so far                                               | | descriptor_cache | held      |
/// descriptors held                                                               | |                  | in_flight |
/// descriptors being fetched                                                      | | rx_dma           | busy      | 1
/// while a write is under way                                                   | |                  | frame_id  | the
/// frame that it belongs to; stays after its end                              | |                  | address   | its
/// host address; stays after its end                                          | | csr              | by table  | the
/// register's content                                                         | | interrupts       | line      | level
/// of the interrupt line                                                    | |                  | causes    | ICR | |
/// | timers    | which of RDTR, RADV, ITR run, one bit each                                     | | driver           |
/// state     | number of the DriverState                                                      | |                  |
/// ring_free | free descriptors that the NIC has, from RDH to RDT |
///
/// With a window that begins after time zero the NIC is not listened to before it: its levels are asked for when the
/// window opens, so that what lies outside costs nothing.
class Waveform final : public Observer {
public:
    /// Value of rx_mac.fate for a frame that is complete in the FIFO: its fate lies ahead.
    static constexpr std::uint64_t fate_stored = 255;

    /// @param file outlives this; it is complete after finish() and the owner's commit()
    /// @param origin time zero of the waveform on the engine's clock: events before it make the values at zero
    /// @param window from < to
    Waveform(OutputFile& file, Time origin, std::span<const WaveRegister> registers, WaveWindow window = {});

    [[nodiscard]] ProbeKinds kinds() const override;
    [[nodiscard]] bool       attached() const override { return part_ == Part::inside && !over_; }
    [[nodiscard]] Time       next_look() const override;
    void                     look(const RunView& view) override;
    void                     run_ended(const RunView& view) override;

    /// @throws nothing but std::bad_alloc
    void event(const ProbeEvent& event) override;

    /// Writes all events up to and including `t`.
    /// @throws InputError on a full disk
    void committed(Time t) override;

    /// Writes the rest and a last time stamp, `end` on the engine's clock or the last event if that is later; of a
    /// window that was closed, its end. Nothing may be reported after it.
    void finish(Time end);

    /// Whether anything happened behind the window's beginning.
    [[nodiscard]] bool              opened() const noexcept { return part_ != Part::before; }
    [[nodiscard]] const WaveWindow& window() const noexcept { return window_; }

    /// Events before a time that was committed already: a broken promise of an engine. Where a later event had been
    /// written, they were moved to its time.
    [[nodiscard]] std::uint64_t late_events() const noexcept { return late_events_; }

private:
    using Signal = VcdWriter::Signal;

    struct Register {
        std::uint32_t offset;
        Signal        signal;
    };

    struct Key {
        Time          time;
        std::uint32_t index;  ///< into pending_: order of arrival
    };

    enum class Part : std::uint8_t { before, inside, after };

    void describe();
    void show(const ProbeEvent& event);
    void apply(const ProbeEvent& event);
    void end_throttle_by(Time t);
    void reach(Time t);
    void set(Signal signal, std::uint64_t value);
    void set_register(std::uint64_t offset, std::uint64_t value);

    VcdWriter     vcd_;
    Time          origin_;
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

    Signal                wire_busy_, wire_frame_id_, wire_octets_;
    Signal                fate_;
    Signal                filter_accept_, filter_reason_;
    Signal                fifo_octets_, fifo_frames_, fifo_drop_;
    Signal                cache_held_, cache_in_flight_;
    Signal                dma_busy_, dma_frame_id_, dma_address_;
    Signal                line_, causes_, timers_;
    Signal                driver_state_, ring_free_;
    std::vector<Register> registers_;
};

}  // namespace overrun
