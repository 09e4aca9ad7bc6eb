// SPDX-License-Identifier: Apache-2.0
// The steps of a program, and the host's side of both rings.
// Both rings have one tail and one index, in two memories.
#include "testbench/differential/program_runner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "hw/ethernet/frame.hpp"
#include "hw/ethernet/mac_address.hpp"
#include "testbench/differential/difference.hpp"
#include "testbench/differential/register_comparison.hpp"

namespace overrun::differential {

namespace {

constexpr MacAddress    marker_address{{0x02, 0x00, 0x00, 0x00, 0xff, 0x0f}};
constexpr std::uint32_t marker_entry   = 15;  // of RAL and RAH: no program touches it
constexpr std::uint32_t marker_octets  = 60;
constexpr std::uint32_t marker_number  = 14;
constexpr std::uint64_t buffers        = memory_base + 0x1'0000;
constexpr std::uint32_t buffer_spacing = 16'384 + 64;
constexpr std::size_t   batch_most     = 48'000;  // octets: no socket buffer fills up
constexpr std::size_t   starved_most   = 12'000;  // octets: our FIFO holds them
static_assert(buffers + std::uint64_t{ring_most} * buffer_spacing <= memory_base + memory_octets);

}  // namespace

Outcome ProgramRunner::run(const Program& program)
{
    Outcome     outcome;
    std::size_t step = 0;
    power_on();
    try {
        for (; step < program.size(); ++step) perform(program[step]);
        flush();
        compare_all_counters();
    } catch (const Difference& difference) {
        outcome.mismatch = Mismatch{step, difference.what()};
    }
    outcome.frames = frames_;
    return outcome;
}

void ProgramRunner::power_on()
{
    ours_.reset();
    theirs_.reset();
    rules_.reset();
    tally_ = {};
    ring_.reset();
    starve_.reset();
    batch_.clear();
    batch_descriptors_ = 0;
    batch_octets_      = 0;
    tail_step_         = 1;
    sequence_          = 0;
    frames_            = 0;
    marker_.assign(marker_octets, std::byte{0});
    for (std::size_t i = 0; i < address_octets; ++i) marker_[i] = static_cast<std::byte>(marker_address.octets[i]);
    marker_[6]  = std::byte{2};
    marker_[12] = std::byte{0x88};
    marker_[13] = std::byte{0xb5};

    // The NVM's address is in the first entry (contract B.0).
    const std::uint64_t station = default_station_address.value();
    rules_.write(reg::RAL::at(0), static_cast<std::uint32_t>(station));
    rules_.write(reg::RAH::at(0), static_cast<std::uint32_t>(station >> 32U) | reg::RAH::AV.mask());
    const std::uint64_t value = marker_address.value();
    write(reg::RAL::at(marker_entry), static_cast<std::uint32_t>(value));
    write(reg::RAH::at(marker_entry), static_cast<std::uint32_t>(value >> 32U) | reg::RAH::AV.mask());
    for (Device* device : {&ours_, &theirs_})  // the link is up already
        static_cast<void>(device->read(std::array{reg::ICR::offset}));
}

void ProgramRunner::perform(const Step& step)
{
    using Kind = Step::Kind;
    if (step.kind != Kind::frame) flush();
    switch (step.kind) {
        case Kind::write: return write(step.offset, step.value);
        case Kind::read: return compare_register(step.offset);
        case Kind::ring: return set_up_ring(step.ring, step.ring.size - 1);
        case Kind::frame: return add(step.octets);
        case Kind::sync: return;
        case Kind::tail: tail_step_ = step.value; return;
        case Kind::starve: starve_ = step.value; return;
        case Kind::counters: return compare_all_counters();
    }
}

void ProgramRunner::write(std::uint32_t offset, std::uint32_t value)
{
    rules_.write(offset, value);
    ours_.write(offset, value);
    theirs_.write(offset, value);
}

void ProgramRunner::set_up_ring(const RingShape& shape, std::uint32_t given)
{
    const std::uint32_t rctl = rules_[reg::RCTL::offset] | reg::RCTL::SECRC.mask();
    write(reg::RCTL::offset, rctl & ~reg::RCTL::EN.mask());
    ring_ = shape;
    next_ = tail_ = prepared_ = shape.head;
    for (std::uint32_t i = 0; i + 1 < shape.size; ++i) prepare(prepared_);
    write(reg::RDBAL::at(0), static_cast<std::uint32_t>(ring_base));
    write(reg::RDBAH::at(0), static_cast<std::uint32_t>(ring_base >> 32U));
    write(reg::RDLEN::at(0), shape.size * rx_descriptor_octets);
    write(reg::RDH::at(0), shape.head);
    write(reg::RDT::at(0), shape.head);
    write(reg::RCTL::offset, rctl | reg::RCTL::EN.mask());
    tail_ = (shape.head + std::min(given, shape.size - 1)) % shape.size;
    write(reg::RDT::at(0), tail_);
}

/// The other octets keep what a driver might have left in them; only DD has to be 0, in either format.
void ProgramRunner::prepare(std::uint32_t index)
{
    constexpr std::uint64_t rest = 0x0001'0001'0001'0001 * std::uint64_t{left_over};
    const bool              hole = ring_->holes && index % 5 == 2;
    const RxDescriptorRead  fresh{hole ? 0 : buffer_at(index), rest};
    for (Device* device : {&ours_, &theirs_})
        std::memcpy(device->at(ring_base + std::uint64_t{index} * rx_descriptor_octets), &fresh, sizeof fresh);
    prepared_ = after(index);
}

std::uint64_t ProgramRunner::buffer_at(std::uint32_t index) const
{
    return buffers + std::uint64_t{index} * buffer_spacing + ring_->skew;
}

/// Descriptors that a frame takes at most.
std::uint32_t ProgramRunner::needed(std::size_t octets) const
{
    const std::uint32_t size  = rules_.buffer_octets();
    const auto          count = (static_cast<std::uint32_t>(octets) + size - 1) / size;
    return ring_->holes ? count + (count + 3) / 4 + 1 : count;
}

void ProgramRunner::add(const Octets& frame)
{
    if (!ring_) return;  // nowhere to go: QEMU would hold it back, and everything behind it
    if (const auto reason = rules_.left_out(frame); reason && !nothing_left_out && forgiveness_.forgive(*reason))
        return;
    const std::uint32_t descriptors = needed(frame.size());
    const std::uint32_t marker      = needed(marker_octets);
    if (starve_) {
        if (frame.size() > rules_.buffer_octets() || ring_->holes || batch_octets_ + frame.size() > starved_most)
            return;
    } else {
        if (descriptors + marker > ring_->size - 1) return;
        const auto room = [&] { return batch_descriptors_ + descriptors + marker <= distance(next_, tail_); };
        if (!room() || batch_octets_ + frame.size() > batch_most) flush();
        if (!room()) give_back(1);
    }
    batch_.push_back(&frame);
    batch_descriptors_ += descriptors;
    batch_octets_ += frame.size();
    batch_splits_ = batch_splits_ || descriptors > 1;
    if (rules_.oversize(frame.size()) && !reg::RCTL::SBP.in(rules_[reg::RCTL::offset])) ++tally_.oversize_dropped;
}

void ProgramRunner::put_on_wire()
{
    ++sequence_;
    matched_ = 0;
    std::memcpy(&marker_[marker_number], &sequence_, sizeof sequence_);
    for (const Octets* frame : batch_) {
        ours_.append(*frame);
        theirs_.append(*frame);
    }
    ours_.append(marker_);
    theirs_.append(marker_);
    theirs_.start();
    ours_.start();
}

void ProgramRunner::flush()
{
    if (batch_.empty()) return;
    if (starve_) {
        flush_starved();
    } else {
        put_on_wire();
        Scan ours{next_, false};
        Scan theirs{next_, false};
        ours_.work([&] { return look(ours_, ours), ours.marker; });
        theirs_.work([&] { return look(theirs_, theirs), theirs.marker; });
        compare_ring(distance(next_, ours.next) < distance(next_, theirs.next) ? ours.next : theirs.next);
        if (ours.next != theirs.next || !ours.marker || !theirs.marker)
            throw Difference(fmt::format("descriptors used: ours {}, QEMU {}{}", distance(next_, ours.next),
                                         distance(next_, theirs.next),
                                         theirs.marker ? "" : "; QEMU has not come to the end of the batch"));
        next_ = ours.next;
        give_back(tail_step_);
        compare_causes();
    }
    frames_ += batch_.size();
    batch_.clear();
    batch_descriptors_ = 0;
    batch_octets_      = 0;
    batch_splits_      = false;
}

/// Both rings run empty again and again, and both sides keep what has come: QEMU in the host, we in the FIFO.
void ProgramRunner::flush_starved()
{
    const std::uint32_t few = *starve_;
    starve_.reset();
    tally_.starved = true;
    set_up_ring(*ring_, few);
    put_on_wire();
    for (bool over = false; !over;) {
        Scan ours{next_, false};
        Scan theirs{next_, false};
        ours_.work([&] { return look(ours_, ours), ours.marker || ours.next == tail_; });
        theirs_.work([&] { return look(theirs_, theirs), theirs.marker || theirs.next == tail_; });
        compare_ring(distance(next_, ours.next) < distance(next_, theirs.next) ? ours.next : theirs.next);
        if (ours.next != theirs.next || ours.marker != theirs.marker || (!ours.marker && ours.next != tail_))
            throw Difference(fmt::format("descriptors used of {}: ours {}, QEMU {}", distance(next_, tail_),
                                         distance(next_, ours.next), distance(next_, theirs.next)));
        next_ = ours.next;
        over  = ours.marker;
        // Prepared are all but one from the first; what was used is prepared anew.
        while (distance(next_, prepared_) < ring_->size - 1) prepare(prepared_);
        compare_causes();
        tail_ = over ? prepared_ : (next_ + std::clamp(few, 1U, ring_->size - 1)) % ring_->size;
        write(reg::RDT::at(0), tail_);
    }
}

void ProgramRunner::look(Device& device, Scan& scan) const
{
    for (; !scan.marker && scan.next != tail_; scan.next = after(scan.next)) {
        const WrittenBack found = descriptor(device, scan.next);
        if (!found.done()) return;
        scan.marker =
            found.ends_frame() && std::memcmp(device.at(buffer_at(scan.next)), marker_.data(), marker_octets) == 0;
    }
}

/// Finished descriptors are prepared anew and announced, so many at a time.
void ProgramRunner::give_back(std::uint32_t step)
{
    while (distance(next_, prepared_) < ring_->size - 1) prepare(prepared_);
    const std::uint32_t count = distance(tail_, prepared_) / step * step;
    if (count == 0) return;
    tail_ = (tail_ + count) % ring_->size;
    write(reg::RDT::at(0), tail_);
}

}  // namespace overrun::differential
