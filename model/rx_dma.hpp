// SPDX-License-Identifier: Apache-2.0
// Receive DMA: takes frames from the FIFO's head to host memory and writes their descriptors back.
// Never out of order: payload, then its descriptor, then the next frame; one new command per core clock edge.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "hw/nic_engine.hpp"
#include "model/descriptor_cache.hpp"
#include "model/interrupts.hpp"
#include "model/rx_control.hpp"
#include "model/rx_fifo.hpp"
#include "model/statistics.hpp"

namespace overrun {

class RxDma {
public:
    RxDma(const NicParameters& parameters, DmaPort& port, Probe probe, const RxControl& control, RxFifo& fifo,
          Statistics& statistics, Interrupts& interrupts, MisuseCounts& misuse);

    /// The next edge on which a command completes or may be issued.
    [[nodiscard]] Time next() const noexcept { return std::min({accepted_, ring_.completion(), issue_}); }

    /// Whether the link takes the last beat of a payload write at `t`.
    [[nodiscard]] bool accepts_payload(Time t) const noexcept { return accepted_ == t && command_ == Command::payload; }
    /// First on such an edge: frees the space of the frame if that was its last beat.
    void release(Time t) { release_head(t); }
    /// After the wire beat: what completes at `t`.
    void complete(Time t)
    {
        if (accepted_ == t) command_accepted(t);
        if (ring_.completion() == t) descriptors_arrived(t);
    }
    /// Last on an edge: at most one new command.
    void issue(Time t)
    {
        if (issue_ <= t) issue_now(t);
    }
    /// Makes visible to the host all that was posted and is due at or before `t`.
    void commit(Time t)
    {
        while (next_visible_ <= t) commit_oldest();
    }

    /// A complete frame was added to the FIFO at `t`.
    void frame_stored(Time t);
    /// CTRL.RST or PERST#: nothing new is issued, what is posted still arrives, the ring is forgotten.
    void reset(std::uint32_t fifo_octets, Time t);
    /// The ring registers were written: fetched descriptors are forgotten.
    void set_ring(std::uint64_t base, std::uint32_t size, std::uint32_t head, std::uint32_t tail, Time t);
    void set_tail(std::uint32_t tail, Time t);
    void set_thresholds(std::uint32_t prefetch, std::uint32_t host, Time t);
    /// RCTL was written: descriptors are fetched only while EN is 1.
    void control_changed(Time t) noexcept { wake(t); }
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
    [[nodiscard]] const DescriptorCache& ring() const noexcept { return ring_; }
    /// No command is under way at `t`, and all that was posted is visible to the host.
    [[nodiscard]] bool quiet(Time t) const noexcept
    {
        return accepted_ == never && ring_.completion() == never && (posted_.empty() || posted_.back().visible <= t);
    }
    /// When the next posted write becomes visible; it concerns the host only.
    [[nodiscard]] Time next_visible() const noexcept { return next_visible_; }
    /// Frames accepted whose last descriptor is not yet visible, those that a reset discarded left out.
    [[nodiscard]] std::size_t frames_on_their_way() const noexcept;

private:
    static constexpr std::uint32_t no_minimum = ~0U;

    enum class Command : std::uint8_t { none, payload, write_back };

    /// A write on its way to host memory.
    struct Posted {
        Time             visible;
        Command          kind;    // none: only retires a frame that a reset cut short
        bool             last;    // retires its frame
        std::uint32_t    offset;  // payload: into the frame
        std::uint32_t    length;
        std::uint64_t    address;
        RxDescriptorRead descriptor;  // write-back: the 16 octets as they will lie in memory
    };

    void release_head(Time t);
    void issue_now(Time t);
    void issue_head(Time t);
    /// Something changed at `t`, which may lie between two edges, that may let a command be issued.
    void wake(Time t) noexcept { issue_ = std::min(issue_, clock_.edge(t)); }
    /// Without RCTL.EN the ring registers may hold anything, so nothing is fetched (contract E.2).
    [[nodiscard]] bool    wants_read() const noexcept { return control_.enabled && ring_.wants_read(); }
    [[nodiscard]] Time    first_issue() const noexcept;
    void                  start_descriptor(Time t);
    void                  write_back(Time t);
    void                  read_descriptors(Time t);
    void                  descriptors_arrived(Time t);
    void                  command_accepted(Time t);
    void                  descriptor_written(Time t);
    void                  commit_oldest();
    [[nodiscard]] bool    commit_payload(const Posted& posted, const Frame& frame);
    [[nodiscard]] bool    commit_past_stored(const Posted& posted, const Frame& frame, std::uint32_t present);
    [[nodiscard]] bool    write(std::uint64_t address, std::span<const std::byte> octets);
    void                  report_ring(Time t) const;
    [[nodiscard]] Posted& post(Time visible);

    /// wake() on an edge, whose issue phase is still to come.
    void wake_now(Time t) noexcept { issue_ = t; }

    [[nodiscard]] RxDescriptorRead content(const StoredFrame& stored, bool last) const noexcept;

    const NicParameters& parameters_;
    DmaPort&             port_;
    Probe                probe_;
    const RxControl&     control_;
    RxFifo&              fifo_;
    Statistics&          statistics_;
    Interrupts&          interrupts_;
    MisuseCounts&        misuse_;
    CoreClock            clock_;

    DescriptorCache ring_;
    bool            allowed_      = false;  // bus mastering
    bool            master_       = false;  // allowed and not stopped
    std::uint32_t   head_         = 0;      // RDH: the next descriptor to be written back
    std::uint32_t   tail_         = 0;
    std::uint32_t   free_min_     = no_minimum;
    Time            issue_        = never;  // when to look whether a command may be issued
    Time            next_command_ = 0;      // the edge after the last command

    // The write channel carries one command at a time.
    Command                     command_  = Command::none;
    Time                        accepted_ = never;    // when the link has taken it
    DescriptorCache::Descriptor descriptor_{};        // in use by the command and the write-back that follows
    std::uint32_t               piece_          = 0;  // octets that go to this descriptor
    bool                        write_back_due_ = false;

    // The frame that is being written: the FIFO's head until its last beat is accepted.
    bool          counted_    = false;  // RNBC has been decided
    bool          open_       = false;  // a part is posted, its last descriptor is not
    bool          released_   = false;
    Time          head_since_ = 0;  // no earlier than this it was alone at the FIFO's head
    std::uint32_t offset_     = 0;  // octets already accepted
    std::uint32_t to_store_   = 0;  // octets in all, FCS included unless stripped

    RingQueue<Posted> posted_;
    Time              next_visible_ = never;  // of the oldest posted
};

}  // namespace overrun
