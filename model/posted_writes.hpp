// SPDX-License-Identifier: Apache-2.0
// Writes on their way to host memory: payload and its descriptor, one pair behind the other.
// Never lets a descriptor be seen before its payload, and none of them before its time (contract D11).
#pragma once

#include <cstdint>
#include <span>

#include "hw/descriptors.hpp"
#include "hw/nic_engine.hpp"
#include "hw/ring_queue.hpp"
#include "model/rx_fifo.hpp"

namespace overrun {

class PostedWrites {
public:
    PostedWrites(DmaPort& port, Probe probe, RxFifo& fifo, MisuseCounts& misuse)
        : port_{port}, probe_{probe}, fifo_{fifo}, misuse_{misuse}
    {
    }

    /// `length` octets from `offset` of the oldest frame that has no last descriptor yet.
    /// @param visible when the host can see them; does not fall from call to call
    void payload(Time visible, std::uint64_t buffer, std::uint32_t offset, std::uint32_t length)
    {
        if (pairs_.empty()) next_ = visible;
        last_                = visible;
        Pair& pair           = pairs_.append();
        pair.payload_visible = visible;
        pair.visible         = never;
        pair.buffer          = buffer;
        pair.offset          = offset;
        pair.length          = length;
        pair.payload         = true;
    }
    /// A descriptor without payload follows.
    void no_payload()
    {
        Pair& pair   = pairs_.append();
        pair.visible = never;
        pair.payload = false;
    }
    /// The descriptor that belongs to the newest payload, or to none.
    /// @param visible not before the payload
    /// @param last the frame's last descriptor: the frame is over when the host can see it
    void descriptor(Time visible, std::uint64_t address, const RxDescriptorRead& content, bool last)
    {
        Pair& pair      = pairs_.back();
        pair.visible    = visible;
        pair.address    = address;
        pair.content    = content;
        pair.write_back = true;
        pair.last       = last;
        last_           = visible;
        // Whatever was ahead of it has arrived.
        if (next_ == never) next_ = visible;
    }
    /// A reset at `t` comes between the parts of a frame: what is posted still arrives, and is the last of it.
    void cut_short(Time t);

    /// Makes visible all that is due at or before `t`.
    void commit(Time t)
    {
        if (next_ <= t) commit_due(t);
    }

    /// When the oldest write becomes visible; `never` when there is none.
    [[nodiscard]] Time next() const noexcept { return next_; }
    /// When the newest one does or did.
    [[nodiscard]] Time last() const noexcept { return last_; }

private:
    struct Pair {
        Time             payload_visible;
        Time             visible;  // the descriptor; `never` until it is posted
        std::uint64_t    buffer;
        std::uint64_t    address;  // of the descriptor
        RxDescriptorRead content;  // the 16 octets as they will lie in memory
        std::uint32_t    offset;
        std::uint32_t    length;
        bool             payload;     // is still to be moved
        bool             write_back;  // false: a reset cut the frame short
        bool             last;        // retires its frame

        [[nodiscard]] Time next() const noexcept { return payload ? payload_visible : visible; }
    };

    [[gnu::flatten]] void commit_due(Time t);
    void                  commit_oldest(Time t);
    [[nodiscard]] bool    commit_payload(const Pair& pair, const Frame& frame);
    [[nodiscard]] bool    commit_past_stored(const Pair& pair, const Frame& frame, std::uint32_t present);
    [[nodiscard]] bool    write(std::uint64_t address, std::span<const std::byte> octets);

    DmaPort&        port_;
    Probe           probe_;
    RxFifo&         fifo_;
    MisuseCounts&   misuse_;
    RingQueue<Pair> pairs_;
    Time            next_ = never;
    Time            last_ = 0;
};

}  // namespace overrun
