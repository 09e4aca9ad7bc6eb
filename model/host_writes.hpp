// SPDX-License-Identifier: Apache-2.0
// The device's writes on their way to host memory: payload, and descriptors that wait to be written back together.
// Contract: the host sees no write before its time or before an earlier one (D11, D12).
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "hw/base/ring_queue.hpp"
#include "hw/engine/descriptors.hpp"
#include "hw/engine/nic_engine.hpp"
#include "model/rx_frames.hpp"

namespace overrun {

class HostWrites {
public:
    static constexpr std::uint32_t most_together = 4;  ///< descriptors in one write-back: a line of 64 octets

    HostWrites(DmaPort& port, Probe probe, RxFrames& frames, MisuseCounts& misuse)
        : port_{port}, probe_{probe}, frames_{frames}, misuse_{misuse}
    {
    }

    void set_probe(Probe probe) noexcept { probe_ = probe; }

    /// Posts `length` octets from `offset` of the frame at the FIFO's head.
    /// @param visible when the host can see them, in ps; not earlier than in the call before
    /// @param stripped the frame's VLAN tag is not stored, and `offset` does not count it
    void payload(Time visible, std::uint64_t buffer, std::uint32_t offset, std::uint32_t length, bool stripped)
    {
        Write& write  = post(visible, stripped ? Kind::stripped : Kind::payload);
        write.address = buffer;
        write.frame   = frames_.head_number();
        write.offset  = static_cast<std::uint16_t>(offset);
        write.length  = length;
        last_         = visible;
    }

    /// Adds a finished descriptor to those that wait. Precondition: waiting() < most_together.
    /// @param last of its frame
    void finish(const RxDescriptorRead& content, bool last)
    {
        Group& group                = waiting_ == 0 ? groups_.append() : groups_.back();
        group.descriptors[waiting_] = content;
        group.last[waiting_]        = last;
        ++waiting_;
    }
    [[nodiscard]] std::uint32_t waiting() const noexcept { return waiting_; }

    /// Posts all descriptors that wait, to consecutive places. A frame is over when its last one is visible.
    void write_back(Time visible, std::uint64_t address)
    {
        Write& write  = post(visible, Kind::descriptors);
        write.address = address;
        write.count   = static_cast<std::uint8_t>(waiting_);
        last_         = visible;
        waiting_      = 0;
    }

    /// A reset at `t`: what is posted still arrives, what waits does not.
    /// @param open the frame at the FIFO's head has begun: it is kept until its parts have arrived
    void abandon(Time t, bool open);

    /// Makes visible all that is due at or before `t`.
    void commit(Time t)
    {
        if (next_ <= t) commit_due(t);
    }

    /// Writes whose completion time is not known yet (`time_unknown`).
    [[nodiscard]] std::size_t writes_of_unknown_time() const noexcept;
    /// The octets of the oldest of them, as many as were booked.
    void pending_write_octets(std::span<std::byte> octets);
    /// The oldest of them becomes visible at `visible`, or with the one before it. Precondition: there is one.
    void completed_at(Time visible);

    /// When the oldest write becomes visible; `never` when there is none.
    [[nodiscard]] Time next() const noexcept { return next_; }
    /// When the newest one does or did.
    [[nodiscard]] Time last() const noexcept { return last_; }

private:
    enum class Kind : std::uint8_t {
        payload,
        descriptors,
        stripped,  // payload of a frame without its VLAN tag
        nothing,   // frames that a reset cut short end here
    };
    struct Write {
        Time          visible;
        std::uint64_t address;
        std::size_t   frame;   // payload: its number in the FIFO
        std::uint32_t length;  // payload
        std::uint16_t offset;  // of it
        Kind          kind;
        std::uint8_t  count;  // descriptors, or frames that end
    };
    static_assert(sizeof(Write) == 32);
    /// Descriptors that are written back together, as their octets will lie in memory.
    struct Group {
        std::array<RxDescriptorRead, most_together> descriptors;
        std::array<bool, most_together>             last;  // of its frame
    };

    /// The newest write, to be filled in.
    [[nodiscard]] Write& post(Time visible, Kind kind)
    {
        if (next_ == never) next_ = visible;
        Write& write  = writes_.append();
        write.visible = visible;
        write.kind    = kind;
        return write;
    }
    [[gnu::noinline, gnu::flatten]] void commit_due(Time t);
    void                                 commit_descriptors(const Write& write);
    [[nodiscard]] bool                   move(std::uint64_t address, std::span<const std::byte> octets);
    [[nodiscard]] std::size_t            first_of_unknown_time() const noexcept;

    DmaPort&         port_;
    Probe            probe_;
    RxFrames&        frames_;
    MisuseCounts&    misuse_;
    RingQueue<Write> writes_;
    RingQueue<Group> groups_;  // those under way first, then the one that waits
    std::uint32_t    waiting_ = 0;
    Time             next_    = never;
    Time             last_    = 0;
};

}  // namespace overrun
