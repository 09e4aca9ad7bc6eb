// SPDX-License-Identifier: Apache-2.0
// Receive DMA: takes frames from the FIFO's head to host memory and writes their descriptors back.
// Contract: payload, then its descriptor, then the next frame; one new command per core clock edge (D10 to D13).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "hw/base/ring_distance.hpp"
#include "hw/engine/nic_engine.hpp"
#include "model/descriptor_cache.hpp"
#include "model/descriptor_content.hpp"
#include "model/host_writes.hpp"
#include "model/interrupts.hpp"
#include "model/rx_control.hpp"
#include "model/rx_fifo.hpp"
#include "model/statistics.hpp"
#include "model/write_back.hpp"
#include "model/write_channel.hpp"

namespace overrun {

class RxDma {
public:
    /// RXDCTL in descriptors.
    struct Thresholds {
        std::uint32_t prefetch   = 0;
        std::uint32_t host       = 0;
        std::uint32_t write_back = 1;
    };

    /// What the DMA works with.
    struct Peers {
        DmaPort&         port;
        const RxControl& control;
        RxFifo&          fifo;
        Statistics&      statistics;
        Interrupts&      interrupts;
        MisuseCounts&    misuse;
    };

    /// @param now engine time, in ps
    RxDma(Time& now, const NicParameters& parameters, Probe probe, const Peers& peers);

    /// The next edge on which a command completes or may be issued.
    [[nodiscard]] Time next() const noexcept { return std::min({channel_.accepted(), ring_.completion(), issue_}); }

    // The parts of one edge, in law 2's order; what else is due on it comes between.

    /// First, when the link takes the last beat of a payload write: frees the space of a frame that is out.
    template <Levels levels = Levels::reported>
    void release(Time t)
    {
        if (channel_.accepted() == t && channel_.carries_payload()) release_head<levels>(t);
    }
    /// After the wire beat: what completes at `t`.
    template <Levels levels = Levels::reported>
    void complete(Time t)
    {
        if (channel_.accepted() == t) command_accepted<levels>(t);
        if (ring_.completion() == t) descriptors_arrived(t);
    }
    /// After all that may have raised a cause: writes waiting descriptors back if the interrupt block asks for it, and
    /// evaluates its line.
    void react(Time t)
    {
        if (!interrupts_.dirty()) return;
        if (interrupts_.take_flush()) flush(t);
        interrupts_.evaluate(t);
    }
    /// Last: at most one new command.
    template <Levels levels = Levels::reported>
    void issue(Time t)
    {
        if (issue_ <= t) issue_now<levels>(t);
    }

    /// Whole edges, while nothing else is due: up to `end`, a timer that one of them started, or the first one that
    /// raised the interrupt line. Leaves engine time at the last one. Precondition: next() < end.
    template <Levels levels>
    [[gnu::flatten, gnu::noinline]] void run(Time end);

    /// Makes visible to the host all that was posted and is due at or before `t`.
    void commit(Time t) { writes_.commit(t); }

    // Accesses whose times the port did not know (DmaClient).
    void pending_write_octets(std::span<std::byte> octets) { writes_.pending_write_octets(octets); }
    void completed(const DmaCompletion& access);

    /// A complete frame was added to the FIFO at `t`.
    void frame_stored(Time t);
    /// CTRL.RST or PERST#: nothing new is issued, what is posted still arrives, the ring is forgotten.
    void reset(std::uint32_t fifo_octets, Time t);
    /// The ring registers were written: fetched descriptors are forgotten.
    void set_ring(std::uint64_t base, std::uint32_t size, std::uint32_t head, std::uint32_t tail, Time t);
    void set_tail(std::uint32_t tail, Time t);
    void set_thresholds(const Thresholds& thresholds, Time t);
    /// RCTL was written: descriptors are fetched only while EN is 1.
    void control_changed(Time t) noexcept
    {
        enable_fetch();
        wake(t);
    }
    /// What descriptors report of frames may have changed: from the next frame on.
    void verdicts_changed() noexcept { content_.control_changed(); }
    /// @param allowed PCI Command.BusMaster; without it frames that wait are counted as misuse
    /// @param stopped CTRL.GIO_MASTER_DISABLE
    void set_master(bool allowed, bool stopped, Time t);

    [[nodiscard]] std::uint32_t head() const noexcept { return head_; }  ///< RDH
    /// Fewest descriptors left after a write-back, since the ring was set up.
    [[nodiscard]] std::optional<std::uint32_t> free_min() const noexcept
    {
        if (free_min_ == no_minimum) return std::nullopt;
        return free_min_;
    }
    /// The next `frames` frames raise neither RXDMT0 nor causes of their own.
    [[nodiscard]] bool no_early_cause_within(std::uint32_t frames) const noexcept
    {
        if (control_.finds_causes() || write_back_.causes() != 0) return false;
        return !ring_.ring_valid() || free() > (ring_.ring_size() >> control_.low_shift) + frames;
    }
    [[nodiscard]] const DescriptorCache& ring() const noexcept { return ring_; }
    /// No command is under way at `t`, and all that was posted is visible to the host.
    [[nodiscard]] bool quiet(Time t) const noexcept
    {
        return !channel_.busy() && ring_.completion() == never && writes_.last() <= t;
    }
    /// When the next posted write becomes visible; it concerns the host only.
    [[nodiscard]] Time next_visible() const noexcept { return writes_.next(); }
    void               set_probe(Probe probe) noexcept
    {
        probe_ = probe;
        writes_.set_probe(probe);
    }
    /// The levels of FIFO, descriptor cache and write channel, as events at `t`.
    void report_levels(ProbeSink& sink, Time t) const;
    /// Frames accepted whose last descriptor is not yet visible, those that a reset discarded left out.
    [[nodiscard]] std::size_t frames_on_their_way() const noexcept;

private:
    static constexpr std::uint32_t no_minimum = ~0U;

    using Command = WriteChannel::Command;

    [[nodiscard]] bool    streams() const noexcept;
    [[nodiscard]] bool    fits_one(const StoredFrame& stored) const noexcept;
    [[gnu::flatten]] void stream(Time end);
    /// Descriptor reads that complete or are issued before `t`.
    void supply(Time t)
    {
        if (ring_.wants_read() || ring_.completion() < t) supply_now(t);
    }
    [[gnu::noinline]] void supply_now(Time t);
    void                   leave(Time t) noexcept;
    template <Levels levels>
    void release_head(Time t);
    template <Levels levels>
    void issue_now(Time t);
    template <Levels levels>
    void issue_head(Time t);
    /// Something changed at `t`, which may lie between two edges, that may let a command be issued.
    void wake(Time t) noexcept { plan(clock_.edge(t)); }
    void plan(Time edge) noexcept
    {
        write_from_ = next_write();
        plan_issue(edge);
    }
    void               plan_issue(Time edge) noexcept;
    [[nodiscard]] Time next_write() const noexcept;
    /// Without RCTL.EN the ring registers may hold anything, so nothing is fetched (contract E.2).
    void enable_fetch() noexcept { ring_.set_enabled(master_ && control_.enabled); }
    /// Descriptors that wait are written back as soon as possible.
    [[gnu::noinline]] void flush(Time t);
    template <Levels levels>
    void start_descriptor(Time t);
    void finish_descriptor(Time t, bool last);
    template <Levels levels>
    void write_back(Time t);
    /// Issues a command on the write channel. @return when the host can see what it writes
    [[nodiscard]] Time begin(Command command, std::uint64_t address, std::uint32_t octets, Time t);
    /// The next frame is the one at the FIFO's head: how much of it is stored, its tag included, and what is reported.
    void begin_frame(const StoredFrame& stored);
    /// Issues the payload of `piece_` octets that goes to `descriptor_`; see HostWrites::payload().
    void send_piece(const StoredFrame& stored, std::uint32_t offset, bool stripped, Time t);
    /// The frame has left the FIFO: its last beat was accepted at `t`.
    void leave_fifo(const StoredFrame& stored, Time t);
    /// A payload was accepted at `t`. @param last of its frame
    void                   piece_sent(Time t, bool last);
    [[gnu::noinline]] void read_descriptors(Time t);
    void                   descriptors_arrived(Time t)
    {
        take_descriptors(t);
        plan(t);
    }
    [[gnu::noinline]] void take_descriptors(Time t);
    template <Levels levels>
    void command_accepted(Time t);
    template <Levels levels>
    void descriptors_written(Time t);
    template <Levels levels = Levels::reported>
    void report_ring(Time t) const
    {
        probe_.level<levels>(ProbeKind::descriptor_cache, t, 0, ring_.held(), ring_.in_flight());
    }

    /// Descriptors with the device that are not written back.
    [[nodiscard]] std::uint32_t free() const noexcept { return ring_distance(head_, tail_, ring_.ring_size()); }

    Time&                now_;
    const NicParameters& parameters_;
    DmaPort&             port_;
    Probe                probe_;
    const RxControl&     control_;
    RxFifo&              fifo_;
    Statistics&          statistics_;
    Interrupts&          interrupts_;
    MisuseCounts&        misuse_;
    CoreClock            clock_;
    Time                 frame_setup_;

    DescriptorCache ring_;
    std::uint32_t   forgotten_    = 0;      // reads that are under way for a ring of before, with an unknown time
    bool            allowed_      = false;  // bus mastering
    bool            master_       = false;  // allowed and not stopped
    std::uint32_t   head_         = 0;      // RDH: the next descriptor to be written back
    std::uint32_t   tail_         = 0;
    std::uint32_t   free_min_     = no_minimum;
    Time            issue_        = never;  // when the next command is issued, if nothing changes before
    Time            write_from_   = never;  // next_write() as of the last change
    Time            next_command_ = 0;      // the edge after the last command

    WriteChannel                channel_;
    DescriptorWriteBack         write_back_;
    DescriptorCache::Descriptor descriptor_{};    // in use by the command and the write-back that follows
    std::uint32_t               piece_      = 0;  // octets that go to this descriptor
    FrameId                     last_frame_ = 0;  // of the last command, for report_levels()

    // The frame that is being written: the FIFO's head until its last beat is accepted.
    bool              rnbc_decided_ = false;  // RNBC has been decided
    bool              frame_open_   = false;  // it has a descriptor, its last one is not finished
    bool              released_     = false;
    Time              head_since_   = 0;  // no earlier than this it was alone at the FIFO's head
    std::uint32_t     offset_       = 0;  // octets already accepted
    std::uint32_t     to_store_     = 0;  // octets in all, FCS and tag included unless stripped
    DescriptorContent content_;

    HostWrites writes_;
};

}  // namespace overrun
