// SPDX-License-Identifier: Apache-2.0
// What the runner compares when both sides have come to rest: ring, buffers, causes, registers, counters.
// Times are not compared.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <utility>

#include "hw/ethernet/frame.hpp"
#include "testbench/differential/difference.hpp"
#include "testbench/differential/program_runner.hpp"
#include "testbench/differential/register_comparison.hpp"

namespace overrun::differential {

WrittenBack ProgramRunner::descriptor(Device& device, std::uint32_t index) const
{
    const std::byte* from = device.at(ring_base + std::uint64_t{index} * rx_descriptor_octets);
    RxDescriptorRead found;
    // The half that shows DD first: QEMU is another process.
    std::memcpy(&found.reserved, from + 8, 8);
    std::atomic_thread_fence(std::memory_order_acquire);
    std::memcpy(&found.buffer, from, 8);
    return written_back(found, rules_.extended());
}

void ProgramRunner::compare_ring(std::uint32_t until)
{
    frame_begin_  = next_;
    frame_octets_ = 0;
    for (std::uint32_t i = next_; i != until; i = after(i)) compare_descriptor(i);
}

/// The frame of the batch that our side has delivered here, whose last descriptor is at `index`. Both sides keep order.
const Octets* ProgramRunner::find_sent(std::uint32_t index, const WrittenBack& last)
{
    constexpr std::size_t tag_at = 12, tag = 4;
    const std::size_t     cut    = (last.status & rx_status::vp) != 0 ? tag : 0;
    const std::size_t     stored = frame_octets_ + last.length;
    const std::size_t first = frame_begin_ == index ? stored : std::min<std::size_t>(stored, rules_.buffer_octets());
    const std::byte*  found = ours_.at(buffer_at(frame_begin_));
    for (; matched_ <= batch_.size(); ++matched_) {
        const Octets& sent = matched_ == batch_.size() ? marker_ : *batch_[matched_];
        if (sent.size() != stored + cut || std::memcmp(sent.data(), found, tag_at) != 0 ||
            std::memcmp(sent.data() + tag_at + cut, found + tag_at, first - tag_at) != 0)
            continue;
        return &sent;
    }
    return nullptr;
}

void ProgramRunner::compare_descriptor(std::uint32_t index)
{
    const WrittenBack ours   = descriptor(ours_, index);
    const WrittenBack theirs = descriptor(theirs_, index);
    if (frame_octets_ == 0) frame_begin_ = index;  // a hole before it holds nothing
    const std::span<const std::byte> header{ours_.at(buffer_at(frame_begin_)), 64};
    FrameContext                     frame{.legacy = !rules_.extended()};
    if (ours.ends_frame()) {
        const Octets* sent = find_sent(index, ours);
        if (sent == nullptr) throw Difference(fmt::format("descriptor {} ours: no such frame was sent", index));
        ++matched_;
        frame.by_hash = rules_.by_hash_alone(*sent);
        frame.parsing = rules_.parsing(*sent);
    }
    try {
        compare(ours, theirs, frame, forgiveness_);
        compare_buffer(index, ours.length);
    } catch (const Difference& difference) {
        std::string octets;
        for (const std::byte octet : header) octets += fmt::format("{:02x}", std::to_integer<unsigned>(octet));
        throw Difference(fmt::format("descriptor {} {}; our frame begins {}", index, difference.what(), octets));
    }
    frame_octets_ += ours.length;
    if (!ours.ends_frame()) return;
    const bool stripped = (ours.status & rx_status::vp) != 0;
    tally_.delivered(frame_octets_, header.first(address_octets), stripped, frame.by_hash,
                     rules_.oversize(frame_octets_ + (stripped ? 4 : 0)));
    frame_begin_  = after(index);
    frame_octets_ = 0;
}

/// Octets behind the frame, too: neither side may touch them.
void ProgramRunner::compare_buffer(std::uint32_t index, std::uint32_t length)
{
    constexpr std::uint32_t guard  = 64;
    const std::uint32_t     size   = std::max(length, std::min(rules_.buffer_octets(), 2048U)) + guard - ring_->skew;
    const std::byte*        ours   = ours_.at(buffer_at(index));
    const std::byte*        theirs = theirs_.at(buffer_at(index));
    if (std::memcmp(ours, theirs, size) == 0) return;
    const auto at = static_cast<std::uint32_t>(std::mismatch(ours, ours + size, theirs).first - ours);
    throw Difference(fmt::format("buffer octet {} of {}: ours {:02x}, QEMU {:02x}", at, length,
                                 std::to_integer<unsigned>(ours[at]), std::to_integer<unsigned>(theirs[at])));
}

/// Each side's line follows from its own causes; the causes are compared with each other.
void ProgramRunner::compare_line()
{
    constexpr std::array offsets{reg::ICS::offset, reg::IMS::offset};
    const auto           wanted = [&](Device& device) {
        const auto values = device.read(offsets);
        return (values[0] & values[1] & ~reg::ICR::INT_ASSERTED.mask()) != 0;
    };
    const auto check = [](const char* side, bool level, bool expected) {
        if (level != expected)
            throw Difference(fmt::format("INTx: {} {}, by its causes {}", side, level ? 1 : 0, expected ? 1 : 0));
    };
    check("ours", ours_.interrupt_level(), wanted(ours_));
    if (ours_.read(std::array{reg::IMS::offset})[0] == 0) return;
    // QEMU raises the line when its throttle allows, which is not at once.
    const bool expected = wanted(theirs_);
    theirs_.work([&] { return theirs_.interrupt_level() == expected; });
    check("QEMU", theirs_.interrupt_level(), expected);
}

void ProgramRunner::compare_causes()
{
    compare_line();
    constexpr std::array offsets{reg::ICR::offset, reg::RDH::at(0)};
    const auto           ours_read   = ours_.read(offsets);
    const auto           theirs_read = theirs_.read(offsets);
    std::uint32_t        ours        = ours_read[0];
    std::uint32_t        theirs      = theirs_read[0];
    const auto           forgive     = [&](Departure departure, std::uint32_t bits) {
        if (!forgiveness_.forgive(departure)) return;
        ours &= ~bits;
        theirs &= ~bits;
    };
    const auto only_theirs = [&](std::uint32_t bit) { return (theirs & bit) != 0 && (ours & bit) == 0; };
    const auto only_ours   = [&](std::uint32_t bit) { return (ours & bit) != 0 && (theirs & bit) == 0; };
    if (only_theirs(reg::ICR::INT_ASSERTED.mask()) && theirs != reg::ICR::INT_ASSERTED.mask())
        forgive(Departure::int_asserted, reg::ICR::INT_ASSERTED.mask());
    // A frame whose protocols the two sides see differently may be an acknowledgement for one of them.
    if (std::any_of(batch_.begin(), batch_.end(),
                    [this](const Octets* frame) { return rules_.parsing(*frame).has_value(); })) {
        ours &= ~reg::ICR::ACK.mask();
        theirs &= ~reg::ICR::ACK.mask();
    }
    if (only_ours(reg::ICR::RXDMT0.mask()) && (batch_splits_ || ring_->holes))
        forgive(Departure::rxdmt0_inside_frame, reg::ICR::RXDMT0.mask());
    if (tally_.starved && only_theirs(reg::ICR::RXO.mask())) forgive(Departure::no_descriptors, reg::ICR::RXO.mask());
    if (ours != theirs) throw Difference(fmt::format("ICR: ours {:#x}, QEMU {:#x}", ours_read[0], theirs_read[0]));
    if (ours_read[1] != theirs_read[1] || ours_read[1] != next_)
        throw Difference(
            fmt::format("RDH: ours {}, QEMU {}, by the descriptors {}", ours_read[1], theirs_read[1], next_));
}

void ProgramRunner::compare_register(std::uint32_t offset)
{
    const std::array    offsets{offset};
    const std::uint32_t ours   = ours_.read(offsets)[0];
    const std::uint32_t theirs = theirs_.read(offsets)[0];
    const std::uint32_t bits   = compared_bits(offset);
    if (((ours ^ theirs) & bits) == 0) return;
    const reg::RegisterInfo* row = reg::find(reg::resolve_alias(offset));
    throw Difference(fmt::format("register {:#x} ({}): ours {:#x}, QEMU {:#x}, compared {:#x}", offset,
                                 row == nullptr ? "none" : row->name, ours, theirs, bits));
}

void ProgramRunner::compare_all_counters()
{
    const std::vector<std::uint32_t>& offsets = counter_offsets();
    const FrameTally                  tally   = std::exchange(tally_, {});
    compare_counters(ours_.read(offsets), theirs_.read(offsets), tally, forgiveness_);
}

}  // namespace overrun::differential
