// SPDX-License-Identifier: Apache-2.0
// Runs a program on both sides, batch by batch, and compares all that the host can see.
// It goes on when both have come to rest, which a marker frame behind each batch shows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hw/base/ring_distance.hpp"
#include "testbench/differential/counter_comparison.hpp"
#include "testbench/differential/descriptor_comparison.hpp"
#include "testbench/differential/device.hpp"
#include "testbench/differential/forgiveness.hpp"
#include "testbench/differential/frame_rules.hpp"
#include "testbench/differential/program.hpp"

namespace overrun::differential {

struct Mismatch {
    std::size_t step = 0;  ///< of the program, at which it was seen; its size: at the end
    std::string text;
};

struct Outcome {
    std::uint64_t           frames = 0;  ///< compared, markers not included
    std::optional<Mismatch> mismatch;
};

class ProgramRunner {
public:
    /// @param qemu the other side's version: what differs from what is known of it is a mismatch
    ProgramRunner(Device& ours, Device& theirs, const qtest::Version& qemu)
        : ours_{ours}, theirs_{theirs}, forgiveness_{qemu}, rules_{qemu}
    {
    }

    /// From power-on to the program's end, or to the first mismatch.
    [[nodiscard]] Outcome run(const Program& program);

    /// Frames that QEMU is known to judge by other rules are put on the wire all the same: the next one is a mismatch.
    bool nothing_left_out = false;

    /// What was forgiven, of all programs so far.
    [[nodiscard]] const DepartureCounts& forgiven() const noexcept { return forgiveness_.counts(); }

private:
    /// How far one side's ring has been looked at for the batch that is under way.
    struct Scan {
        std::uint32_t next   = 0;
        bool          marker = false;
    };

    void                        power_on();
    void                        perform(const Step& step);
    void                        write(std::uint32_t offset, std::uint32_t value);
    void                        set_up_ring(const RingShape& shape, std::uint32_t given);
    void                        prepare(std::uint32_t index);
    void                        add(const Octets& frame);
    void                        flush();
    void                        put_on_wire();
    void                        flush_starved();
    void                        look(Device& device, Scan& scan) const;
    void                        compare_ring(std::uint32_t until);
    void                        compare_descriptor(std::uint32_t index);
    void                        compare_buffer(std::uint32_t index, std::uint32_t length);
    [[nodiscard]] const Octets* find_sent(std::uint32_t index, const WrittenBack& last);
    void                        compare_line();
    void                        compare_causes();
    void                        compare_register(std::uint32_t offset);
    void                        compare_all_counters();
    void                        give_back(std::uint32_t step);

    [[nodiscard]] std::uint32_t needed(std::size_t octets) const;
    [[nodiscard]] std::uint32_t distance(std::uint32_t from, std::uint32_t to) const
    {
        return ring_distance(from, to, ring_->size);
    }
    [[nodiscard]] std::uint32_t after(std::uint32_t index) const { return ring_next(index, ring_->size); }
    [[nodiscard]] WrittenBack   descriptor(Device& device, std::uint32_t index) const;
    [[nodiscard]] std::uint64_t buffer_at(std::uint32_t index) const;

    Device&                      ours_;
    Device&                      theirs_;
    Forgiveness                  forgiveness_;
    FrameRules                   rules_;
    FrameTally                   tally_;
    std::optional<RingShape>     ring_;
    std::uint32_t                next_      = 0;  // the next descriptor that both will finish
    std::uint32_t                prepared_  = 0;
    std::uint32_t                tail_      = 0;  // as both know it
    std::uint32_t                tail_step_ = 1;
    std::optional<std::uint32_t> starve_;
    std::vector<const Octets*>   batch_;
    std::uint32_t                batch_descriptors_ = 0;
    std::size_t                  batch_octets_      = 0;
    bool                         batch_splits_      = false;  // a frame takes more than one descriptor
    Octets                       marker_;
    std::uint32_t                sequence_     = 0;
    std::uint32_t                frame_octets_ = 0;  // of the frame whose descriptors are being compared
    std::uint32_t                frame_begin_  = 0;
    std::size_t                  matched_      = 0;  // frames of the batch that were found, or passed over
    std::uint64_t                frames_       = 0;
};

}  // namespace overrun::differential
