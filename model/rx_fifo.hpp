// SPDX-License-Identifier: Apache-2.0
// The receive FIFO: admits a frame beat by beat, rewinds it when there is no room, releases it whole.
// Contract: nothing is reserved, and space released on an edge counts on that edge (D7).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "hw/base/time.hpp"
#include "hw/ethernet/frame.hpp"
#include "hw/ethernet/wire_rate.hpp"
#include "model/fifo_charge.hpp"
#include "model/fifo_level.hpp"
#include "model/rx_frames.hpp"

namespace overrun {

class RxFifo {
public:
    /// @param to_output from a frame's end until the FIFO's output can show it
    RxFifo(FifoCharge::Geometry geometry, WireRate rate, CoreClock clock, Time to_output)
        : charge_{geometry, rate, clock}, to_output_{to_output}
    {
    }

    // Another one's level would refer to this one's charge.
    RxFifo(const RxFifo&)            = delete;
    RxFifo& operator=(const RxFifo&) = delete;

    /// Empties the FIFO, the arriving frame included. The `kept` oldest frames, whose octets are still on their way to
    /// the host, count as released.
    void reset(std::uint32_t capacity, std::size_t kept) noexcept
    {
        capacity_      = capacity;
        used_          = 0;
        stored_octets_ = 0;
        frames_.drop_newer(kept);
        level_.reset();
        abandon();
    }

    /// Begins to charge a frame. Legal as soon as the previous one is over: until this one starts, space only grows.
    void begin(const Frame& frame, std::uint32_t octets) noexcept
    {
        arrival_ = {frame.start, octets, charge_.whole(octets)};
        if (frame.no_sfd) return abandon();  // not a frame: nothing is written (D1)
        filling_ = Filling::open;
        level_.begin(arrival_);
        plan();
    }

    /// The edge on which the arriving frame is refused unless space is released by then; `never` when it fits.
    [[nodiscard]] Time refusal_edge() const noexcept { return refusal_; }

    /// That edge has come: the frame is abandoned and its octets so far are rewound.
    void refuse()
    {
        level_.charged({arrival_.start, arrival_.octets, fitting_}, refusal_, false);
        level_.stop_arrival();
        filling_ = Filling::refused;
        refusal_ = never;
    }
    /// What a frame of `octets` is charged in all.
    [[nodiscard]] std::uint32_t cost_of(std::uint32_t octets) const noexcept { return charge_.whole(octets); }
    [[nodiscard]] std::uint32_t room() const noexcept { return capacity_ - used_; }  ///< beside complete frames
    /// The arriving frame is not refused, whether or not space is released.
    [[nodiscard]] bool fits() const noexcept { return refusal_ == never && filling_ != Filling::refused; }
    [[nodiscard]] bool refused() const noexcept { return filling_ == Filling::refused; }

    /// The arriving frame is over at `t` and stays: see StoredFrame. Releases of earlier edges may still come when it
    /// fits() without them.
    void commit(const Frame& frame, std::uint32_t status, Time t, bool control)
    {
        append(frame, arrival_, status, t).control = control;
        abandon();
    }
    /// begin() and commit() in one, for a frame that needs no more than room() and is no MAC control frame.
    /// @param cost cost_of() its length
    void store(const Frame& frame, std::uint32_t cost, std::uint32_t status, Time t)
    {
        append(frame, {frame.start, frame.length, cost}, status, t).control = false;
    }

    /// The arriving frame is over at `t` and leaves nothing but the level it reached.
    void rewind(Time t)
    {
        if (filling_ == Filling::open) level_.charged(arrival_, t, false);
        abandon();
    }

    /// The arriving frame is not received at all: it was charged nothing.
    void cancel() noexcept { abandon(); }

    /// On edge `t` the DMA write channel accepted the head's last payload beat: its space is free.
    /// @param head frames().head()
    void release(const StoredFrame& head, Time t) noexcept
    {
        level_.released(t, head.charged);
        used_ -= head.charged;
        frames_.leave_fifo();
        if (refusal_ != never) plan();
    }

    /// Those that wait, and those that have left and are not yet with the host.
    [[nodiscard]] RxFrames&       frames() noexcept { return frames_; }
    [[nodiscard]] const RxFrames& frames() const noexcept { return frames_; }
    [[nodiscard]] std::size_t     frames_waiting() const noexcept { return frames_.waiting(); }

    [[nodiscard]] std::uint32_t used() const noexcept { return used_; }  ///< by complete frames
    [[nodiscard]] std::uint32_t peak() const noexcept { return level_.peak(); }
    /// No release before `t` is to come: keeps the account of the level short.
    void released_before(Time t) noexcept { level_.merge_before(t); }

    /// Where the next frame will be read and written, in 8-octet units (RDFH, RDFT).
    [[nodiscard]] std::uint32_t head_pointer() const noexcept { return pointer(stored_octets_ - used_); }
    [[nodiscard]] std::uint32_t tail_pointer() const noexcept { return pointer(stored_octets_); }

private:
    enum class Filling : std::uint8_t { nothing, open, refused };

    [[nodiscard]] std::uint32_t pointer(std::uint64_t octets) const noexcept
    {
        return capacity_ == 0 ? 0 : static_cast<std::uint32_t>(octets % capacity_ / 8);
    }

    [[nodiscard]] StoredFrame& append(const Frame& frame, const FifoLevel::Arrival& arrival, std::uint32_t status,
                                      Time t)
    {
        level_.charged(arrival, t, true);
        used_ += arrival.cost;
        stored_octets_ += arrival.cost;
        StoredFrame& stored = frames_.append();
        stored.frame        = frame;
        stored.visible      = t + to_output_;
        stored.octets       = arrival.octets;
        stored.charged      = arrival.cost;
        stored.status       = status;
        stored.faulted      = false;
        stored.discarded    = false;
        return stored;
    }

    void abandon() noexcept
    {
        filling_ = Filling::nothing;
        refusal_ = never;
        level_.stop_arrival();
    }

    /// Where the space there is now would run out.
    void plan() noexcept
    {
        refusal_ = never;
        if (arrival_.cost <= room()) return;
        const FifoCharge::Refusal refusal = charge_.refusal(arrival_.start, arrival_.octets, room());
        refusal_                          = refusal.edge;
        fitting_                          = refusal.octets;
    }

    FifoCharge         charge_;
    Time               to_output_;
    std::uint32_t      capacity_      = 0;
    std::uint32_t      used_          = 0;
    std::uint64_t      stored_octets_ = 0;  // charged since reset
    RxFrames           frames_;
    FifoLevel          level_{charge_};
    Filling            filling_ = Filling::nothing;
    FifoLevel::Arrival arrival_{};
    std::uint32_t      fitting_ = 0;  // octets charged when the space runs out
    Time               refusal_ = never;
};

}  // namespace overrun
