// SPDX-License-Identifier: Apache-2.0
// The receive FIFO: charges a frame octet by octet as it arrives, releases it whole, rewinds it when there is no room.
// Never reserves: a frame is admitted beat by beat, and space released on an edge counts on that edge (contract D7).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "hw/base/ring_queue.hpp"
#include "hw/base/time.hpp"
#include "hw/ethernet/frame.hpp"
#include "hw/ethernet/wire_rate.hpp"

namespace overrun {

/// A complete frame on its way to host memory.
struct StoredFrame {
    Frame         frame;
    Time          visible   = 0;      ///< when the FIFO's output can show it
    std::uint32_t octets    = 0;      ///< as received, cut to what the device keeps, FCS included
    std::uint32_t charged   = 0;      ///< FIFO octets
    std::uint32_t status    = 0;      ///< of its last descriptor, extended format: PIF, and errors with RCTL.SBP
    bool          control   = false;  ///< a MAC control frame that RCTL.PMCF lets through
    bool          faulted   = false;  ///< host memory refused a part of it
    bool          discarded = false;  ///< a reset hit it; only what was posted before still arrives
};

class RxFifo {
public:
    struct Geometry {
        std::uint32_t overhead;  ///< charged at a frame's first octet
        std::uint32_t line;      ///< charged for each begun beat
    };

    /// @param to_output from a frame's end until the FIFO's output can show it
    RxFifo(Geometry geometry, WireRate rate, CoreClock clock, Time to_output)
        : geometry_{geometry}, rate_{rate}, clock_{clock}, to_output_{to_output}
    {
    }

    /// Empties the FIFO, the arriving frame included. The `kept` oldest frames, whose octets are still on their way to
    /// the host, count as released.
    void reset(std::uint32_t capacity, std::size_t kept) noexcept
    {
        capacity_      = capacity;
        used_          = 0;
        peak_          = 0;
        noted_octets_  = 0;
        stored_octets_ = 0;
        later_         = 0;
        arrival_end_   = never;
        lost_.clear();
        while (frames_.size() > kept) frames_.pop_back();
        head_ = ahead_from_ = frames_.end();
        abandon();
    }

    /// Begins to charge a frame. Legal as soon as the previous one is over: until this one starts, space only grows.
    void begin(const Frame& frame, std::uint32_t octets) noexcept
    {
        start_  = frame.start;
        octets_ = octets;
        cost_   = cost_of(octets);
        if (frame.no_sfd) return abandon();  // not a frame: nothing is written (D1)
        filling_ = Filling::open;
        plan();
    }

    /// The edge on which the arriving frame is refused unless space is released by then; `never` when it fits.
    [[nodiscard]] Time refusal_edge() const noexcept { return refusal_; }

    /// That edge has come: the frame is abandoned and its octets so far are rewound.
    void refuse() noexcept
    {
        peak_    = std::max(peak_, used_ + fitting_);
        filling_ = Filling::refused;
        refusal_ = never;
    }
    /// What a frame of `octets` is charged in all.
    [[nodiscard]] std::uint32_t cost_of(std::uint32_t octets) const noexcept
    {
        return geometry_.overhead + (octets + beat - 1) / beat * geometry_.line;
    }
    [[nodiscard]] std::uint32_t room() const noexcept { return capacity_ - used_; }  ///< beside complete frames
    /// The arriving frame is not refused, whether or not space is released.
    [[nodiscard]] bool fits() const noexcept { return refusal_ == never && filling_ != Filling::refused; }
    [[nodiscard]] bool refused() const noexcept { return filling_ == Filling::refused; }

    /// From now on frames may arrive before releases of earlier edges are known. Legal only for frames that fit as
    /// things are, so that no release matters to them; but the level that was reached depends on all of them in order.
    void set_ahead(bool ahead) noexcept { ahead_ = ahead; }
    /// All releases on edges before `t` are known.
    void catch_up(Time t) noexcept
    {
        while (arrival_end_ < t) pass_arrival();
    }

    /// The arriving frame is over at `t` and stays: see StoredFrame.
    void commit(const Frame& frame, std::uint32_t octets, std::uint32_t status, Time t, bool control)
    {
        if (ahead_) {
            arrive(t);
            later_ += cost_;
        } else {
            peak_ = std::max(peak_, used_ + cost_);
            ++ahead_from_;
        }
        append(frame, octets, cost_, status, t, control);
        abandon();
    }
    /// A frame that fits, from its begin() to its commit() at `t`. Legal with set_ahead() only.
    void store(const Frame& frame, std::uint32_t cost, std::uint32_t status, Time t)
    {
        arrive(t);
        later_ += cost;
        append(frame, frame.length, cost, status, t, false);
    }

    /// The arriving frame is over at `t` and leaves nothing but the level it reached.
    void rewind(Time t)
    {
        if (filling_ == Filling::open) {
            if (ahead_) {
                arrive(t);
                lost_.push({start_, t, octets_, cost_});
            } else {
                peak_ = std::max(peak_, used_ + cost_);
            }
        }
        abandon();
    }

    /// The arriving frame is not received at all: it was charged nothing.
    void cancel() noexcept { abandon(); }

    /// A complete frame waits for the DMA.
    [[nodiscard]] bool               has_head() const noexcept { return frames_.end() != head_; }
    [[nodiscard]] StoredFrame&       head() noexcept { return frames_.numbered(head_); }
    [[nodiscard]] const StoredFrame& head() const noexcept { return frames_.numbered(head_); }

    /// On edge `t` the DMA write channel accepted the head's last payload beat: its space is free.
    /// @param head head()
    void release(const StoredFrame& head, Time t) noexcept
    {
        catch_up(t);
        if (arrival_end_ != never) {
            note_arriving(t);
        } else if (filling_ == Filling::open) {
            note_peak(t, start_, octets_, cost_);
        }
        used_ -= head.charged;
        ++head_;
        if (refusal_ != never) plan();
    }

    /// The oldest frame of which anything is left; it keeps its octets until its last descriptor is visible to the
    /// host.
    [[nodiscard]] StoredFrame& oldest() noexcept { return frames_.front(); }
    void                       retire_oldest() noexcept { frames_.pop(); }
    /// Frames have numbers in the order of their commit(), by which they are found until they are retired.
    [[nodiscard]] std::size_t  head_number() const noexcept { return head_; }
    [[nodiscard]] StoredFrame& numbered(std::size_t number) noexcept { return frames_.numbered(number); }

    [[nodiscard]] const StoredFrame& newest() const noexcept { return frames_.back(); }
    [[nodiscard]] StoredFrame&       at(std::size_t i) noexcept { return frames_[i]; }
    [[nodiscard]] const StoredFrame& at(std::size_t i) const noexcept { return frames_[i]; }
    [[nodiscard]] std::size_t        frames() const noexcept { return frames_.size(); }
    [[nodiscard]] std::size_t        frames_in_dma() const noexcept { return head_ - frames_.first(); }
    [[nodiscard]] std::size_t        frames_waiting() const noexcept { return frames_.end() - head_; }

    [[nodiscard]] std::uint32_t capacity() const noexcept { return capacity_; }
    [[nodiscard]] std::uint32_t used() const noexcept { return used_; }  ///< by complete frames
    [[nodiscard]] std::uint32_t peak() const noexcept { return peak_; }

    /// Where the next frame will be read and written, in 8-octet units (RDFH, RDFT).
    [[nodiscard]] std::uint32_t head_pointer() const noexcept { return pointer(stored_octets_ - used_); }
    [[nodiscard]] std::uint32_t tail_pointer() const noexcept { return pointer(stored_octets_); }

private:
    [[nodiscard]] std::uint32_t pointer(std::uint64_t octets) const noexcept
    {
        return capacity_ == 0 ? 0 : static_cast<std::uint32_t>(octets % capacity_ / 8);
    }

    static constexpr std::uint32_t beat = 8;  // octets of the 64-bit MAC datapath

    /// A frame that was over ahead of time and left nothing.
    struct Lost {
        Time          start;
        Time          end;
        std::uint32_t octets;
        std::uint32_t cost;
    };

    void append(const Frame& frame, std::uint32_t octets, std::uint32_t cost, std::uint32_t status, Time t,
                bool control)
    {
        used_ += cost;
        stored_octets_ += cost;
        StoredFrame& stored = frames_.append();
        stored.frame        = frame;
        stored.visible      = t + to_output_;
        stored.octets       = octets;
        stored.charged      = cost;
        stored.status       = status;
        stored.control      = control;
        stored.faulted      = false;
        stored.discarded    = false;
    }

    /// A frame is over at `end`, ahead of time.
    void arrive(Time end) noexcept
    {
        if (arrival_end_ == never) arrival_end_ = end;
    }
    [[nodiscard]] bool lost_is_next() const noexcept { return !lost_.empty() && lost_.front().end == arrival_end_; }

    /// The oldest frame that was over ahead of time is over.
    void pass_arrival() noexcept
    {
        if (lost_is_next()) {
            peak_ = std::max(peak_, used_ - later_ + lost_.front().cost);
            lost_.pop();
        } else {
            peak_ = std::max(peak_, used_ - later_ + frames_.numbered(ahead_from_).charged);
            later_ -= frames_.numbered(ahead_from_).charged;
            ++ahead_from_;
        }
        arrival_end_ = ahead_from_ == frames_.end() ? never : frames_.numbered(ahead_from_).visible - to_output_;
        if (!lost_.empty()) arrival_end_ = std::min(arrival_end_, lost_.front().end);
    }
    void note_arriving(Time t) noexcept
    {
        if (lost_is_next()) {
            const Lost& arriving = lost_.front();
            note_peak(t, arriving.start, arriving.octets, arriving.cost);
        } else {
            const StoredFrame& arriving = frames_.numbered(ahead_from_);
            note_peak(t, arriving.frame.start, arriving.octets, arriving.charged);
        }
    }

    enum class Filling : std::uint8_t { nothing, open, refused };

    void abandon() noexcept
    {
        filling_ = Filling::nothing;
        refusal_ = never;
    }

    /// Where the space there is now would run out.
    void plan() noexcept
    {
        if (cost_ <= room()) {
            refusal_ = never;
        } else if (room() < geometry_.overhead) {
            fitting_ = 0;
            refusal_ = clock_.edge(start_ + rate_.of(preamble_octets + 1));
        } else {
            // Only a line that costs something can run out here, so it is not zero.
            const std::uint32_t beats = (room() - geometry_.overhead) / geometry_.line;
            fitting_                  = geometry_.overhead + beats * geometry_.line;
            refusal_                  = beat_edge(beats);
        }
    }

    /// The edge on which beat `index` of the arriving frame is complete.
    [[nodiscard]] Time beat_edge(std::uint32_t index) const noexcept
    {
        return clock_.edge(start_ + rate_.of(std::int64_t{preamble_octets} + std::min(octets_, beat * (index + 1))));
    }

    /// The level before a release at `t`, the arriving frame included. Not computed twice: a frame of the same
    /// length that is no further on has been charged no more.
    void note_peak(Time t, Time start, std::uint32_t octets, std::uint32_t cost) noexcept
    {
        const std::uint32_t level = used_ - later_;
        const Time          age   = t - start;
        if (level == noted_level_ && octets == noted_octets_ && age <= noted_age_) return;
        noted_level_  = level;
        noted_octets_ = octets;
        noted_age_    = age;
        peak_         = std::max(peak_, level + charged_before(t, start, octets, cost));
    }

    /// What the arriving frame was charged on the edges before `t`.
    [[nodiscard, gnu::noinline]] std::uint32_t charged_before(Time t, Time start, std::uint32_t octets,
                                                              std::uint32_t cost) const noexcept
    {
        // On the grid, an edge lies before `t` just when what it takes in has arrived by the edge before `t`.
        const Time          arrived = t - clock_.period() - start;
        const std::uint32_t all     = (octets + beat - 1) / beat;
        if (arrived < rate_.of(preamble_octets + 1)) return 0;
        if (arrived >= rate_.of(std::int64_t{preamble_octets} + octets)) return cost;
        const auto beats =
            std::min(all - 1, static_cast<std::uint32_t>(rate_.octets_in(arrived) - preamble_octets) / beat);
        return geometry_.overhead + beats * geometry_.line;
    }

    Geometry               geometry_;
    WireRate               rate_;
    CoreClock              clock_;
    Time                   to_output_;
    std::uint32_t          capacity_      = 0;
    std::uint32_t          used_          = 0;
    std::uint32_t          peak_          = 0;
    std::uint64_t          stored_octets_ = 0;  // charged since reset
    RingQueue<StoredFrame> frames_;             // released ones first, then those that wait
    std::size_t            head_ = 0;           // number of the first that waits

    bool            ahead_      = false;
    std::size_t     ahead_from_ = 0;  // number of the first frame of which it is not known yet what level it met
    std::uint32_t   later_      = 0;  // what those frames take of used_
    RingQueue<Lost> lost_;
    Time            arrival_end_ = never;  // of the oldest of both

    std::uint32_t noted_level_  = 0;  // what note_peak() has seen last
    std::uint32_t noted_octets_ = 0;
    Time          noted_age_    = 0;

    Filling       filling_ = Filling::nothing;
    Time          start_   = 0;
    std::uint32_t octets_  = 0;
    std::uint32_t cost_    = 0;
    std::uint32_t fitting_ = 0;  // octets charged when the space runs out
    Time          refusal_ = never;
};

}  // namespace overrun
