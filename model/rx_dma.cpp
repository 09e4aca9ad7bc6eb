// SPDX-License-Identifier: Apache-2.0
#include "model/rx_dma.hpp"

#include <array>
#include <bit>
#include <utility>

namespace overrun {

using Counter = reg::Counter;

RxDma::RxDma(Time& now, const NicParameters& parameters, Probe probe, const Peers& peers)
    : now_{now},
      parameters_{parameters},
      port_{peers.port},
      probe_{probe},
      control_{peers.control},
      fifo_{peers.fifo},
      statistics_{peers.statistics},
      interrupts_{peers.interrupts},
      misuse_{peers.misuse},
      clock_{parameters.clock()},
      frame_setup_{clock_.cycles(parameters.rx_dma_cycles)},
      ring_{{parameters.descriptor_cache, parameters.reads_in_flight}},
      channel_{parameters, peers.port},
      content_{peers.control},
      writes_{peers.port, probe, peers.fifo.frames(), peers.misuse}
{
    enable_fetch();
}

// Most of a run's work is in this loop, so it is compiled into one function.
template <Levels levels>
void RxDma::run(Time end)
{
    const auto undisturbed = [this, end](Time t) { return t < end && t < interrupts_.next(); };
    for (Time t = next(); undisturbed(t); t = next()) {
        if (levels == Levels::silent && t == issue_ && streams()) {
            stream(end);
            if (interrupts_.rose()) return issue<levels>(now_);
            continue;
        }
        now_ = t;
        if (channel_.accepted() == t) {
            if (channel_.carries_payload()) release_head<levels>(t);
            command_accepted<levels>(t);
        }
        if (ring_.completion() == t) descriptors_arrived(t);
        if (interrupts_.dirty()) {
            react(t);
            if (interrupts_.rose()) return issue<levels>(t);
        }
        issue<levels>(t);
    }
}

// What may be issued, and when.

/// From when the write channel may go on; `never` while it is busy or has nothing to do.
Time RxDma::next_write() const noexcept
{
    if (channel_.busy() || !master_) return never;
    if (write_back_.due()) return 0;
    if (!fifo_.frames().has_head()) return never;
    const Time since = std::max(head_since_, fifo_.frames().head().visible);
    if (ring_.held() == 0) return rnbc_decided_ ? never : since;
    return std::max(since, ring_.held_since()) + (offset_ == 0 ? frame_setup_ : 0);
}

/// When the next command is issued: on `edge` or later, and not on an edge that has had one.
void RxDma::plan_issue(Time edge) noexcept
{
    issue_ = std::max(std::max(edge, next_command_), ring_.wants_read() ? 0 : write_from_);
}

template <Levels levels>
void RxDma::issue_now(Time t)
{
    // A write goes before a read that could be issued on the same edge.
    if (write_from_ <= t) issue_head<levels>(t);
    if (ring_.wants_read() && next_command_ <= t) read_descriptors(t);
    plan_issue(t);
}

/// What the write channel can do for the frame at the FIFO's head.
template <Levels levels>
void RxDma::issue_head(Time t)
{
    if (write_back_.due()) {
        write_back<levels>(t);
    } else if (ring_.held() != 0) {
        start_descriptor<levels>(t);
    } else {
        rnbc_decided_ = true;
        write_from_   = never;
        if (parameters_.rnbc_rule == RnbcRule::at_head && !fifo_.frames().head().control && ring_.ring_empty())
            statistics_.add(Counter::RNBC);
    }
}

// The write channel.

template <Levels levels>
void RxDma::start_descriptor(Time t)
{
    StoredFrame& stored = fifo_.frames().head();
    rnbc_decided_       = true;
    if (offset_ == 0) {
        begin_frame(stored);
        if (content_.stripped()) to_store_ -= tag_octets;
    }
    descriptor_ = ring_.take();
    report_ring<levels>(t);

    frame_open_ = true;
    if (descriptor_.buffer == 0) {
        // No data is stored; the descriptor goes back with DD alone (D10).
        ++misuse_[static_cast<std::size_t>(Misuse::null_buffer)];
        piece_        = 0;
        next_command_ = t + clock_.period();
        finish_descriptor(t, false);
        if (write_back_.due()) {
            write_back<levels>(t);
        } else {
            write_from_ = next_write();
        }
        return;
    }
    piece_ = std::min(to_store_ - offset_, control_.buffer_octets);
    send_piece(stored, offset_, content_.stripped(), t);
    probe_.level<levels>(ProbeKind::rx_dma, t, stored.frame.id, 1, descriptor_.buffer);
}

void RxDma::begin_frame(const StoredFrame& stored)
{
    to_store_ = stored.octets - control_.fcs_cut;
    content_.begin(stored);
}

void RxDma::send_piece(const StoredFrame& stored, std::uint32_t offset, bool stripped, Time t)
{
    const Time visible = begin(Command::payload, descriptor_.buffer, piece_, t);
    writes_.payload(visible, descriptor_.buffer, offset, piece_, stripped);
    last_frame_ = stored.frame.id;
}

template <Levels levels>
void RxDma::write_back(Time t)
{
    write_back_.begin(writes_.waiting());
    const std::uint64_t address = write_back_.address();
    writes_.write_back(begin(Command::write_back, address, write_back_.together() * rx_descriptor_octets, t), address);
    last_frame_ = 0;
    probe_.level<levels>(ProbeKind::rx_dma, t, 0, 1, address);
}

Time RxDma::begin(Command command, std::uint64_t address, std::uint32_t octets, Time t)
{
    write_from_   = never;
    next_command_ = t + clock_.period();
    return channel_.issue(command, address, octets, t);
}

template <Levels levels>
void RxDma::release_head(Time t)
{
    if (offset_ + piece_ < to_store_) return;
    leave_fifo(fifo_.frames().head(), t);
    released_ = true;
    probe_.level<levels>(ProbeKind::rx_fifo, t, 0, fifo_.used(), fifo_.frames_waiting());
}

void RxDma::leave_fifo(const StoredFrame& stored, Time t)
{
    fifo_.release(stored, t);
    head_since_ = t;
}

void RxDma::piece_sent(Time t, bool last)
{
    channel_.free();
    offset_ += piece_;
    finish_descriptor(t, last);
}

/// The descriptor in use is done with. It is written back now or waits for others (D12).
void RxDma::finish_descriptor(Time t, bool last)
{
    write_back_.finish(descriptor_, writes_.waiting() == 0, last, last ? content_.causes() : 0);
    const bool first = piece_ != 0 && offset_ == piece_;
    writes_.finish(content_.descriptor(descriptor_.buffer, piece_, first, last), last);
    if (last) {
        offset_       = 0;
        rnbc_decided_ = false;
        frame_open_   = false;
    }
    if (write_back_.may_wait(descriptor_, writes_.waiting(), interrupts_.delays(), ring_)) {
        interrupts_.descriptor_waits(t, write_back_.take_announcement());
    } else {
        write_back_.make_due();
    }
    write_back_.decided();
}

void RxDma::flush(Time t)
{
    if (writes_.waiting() == 0) return;
    write_back_.make_due();
    wake(t);
}

template <Levels levels>
void RxDma::command_accepted(Time t)
{
    probe_.level<levels>(ProbeKind::rx_dma, t, 0, 0, 0);
    if (channel_.carries_payload()) {
        piece_sent(t, std::exchange(released_, false));
    } else {
        channel_.free();
        descriptors_written<levels>(t);
    }
    plan(t);
}

template <Levels levels>
void RxDma::descriptors_written(Time t)
{
    const std::uint32_t size = ring_.ring_size();
    head_                    = ring_next(descriptor_.index, size);
    interrupts_.written_back(t, write_back_.take_announcement());
    if (write_back_.causes() != 0) interrupts_.raise_of_frames(t, write_back_.take_causes());
    if (ring_.ring_valid()) {
        const std::uint32_t left = free();
        const std::uint32_t low  = size >> control_.low_shift;
        free_min_                = std::min(free_min_, left);
        // Descriptors written back together count one by one.
        if (left <= low && low - left < write_back_.together()) {
            statistics_.add(Counter::ICRXDMTC);
            interrupts_.raise(reg::ICR::RXDMT0.mask());
        }
    }
    probe_.level<levels>(ProbeKind::csr, t, 0, head_, reg::RDH::offset);
}

// The read channel.

void RxDma::read_descriptors(Time t)
{
    DescriptorCache::Read read = ring_.next_read();
    const DmaTimes        times =
        channel_.schedule(DmaOperation::read, ring_.address(read.first), read.count * rx_descriptor_octets, t);
    read.completes = clock_.edge(std::max(times.completed, t + clock_.period()));
    ring_.issued(read);
    next_command_ = t + clock_.period();
    report_ring(t);
}

void RxDma::take_descriptors(Time t)
{
    const DescriptorCache::Read&    read = ring_.oldest_read();
    std::array<RxDescriptorRead, 4> descriptors{};
    // Writes posted before this read are in memory before it.
    commit(t);
    const auto octets = std::as_writable_bytes(std::span{descriptors}.first(read.count));
    if (port_.commit_read(ring_.address(read.first), octets)) {
        ring_.complete(descriptors, t);
    } else {
        ++misuse_[static_cast<std::size_t>(Misuse::descriptor_fault)];
        ring_.fault();
    }
    report_ring(t);
}

// The FIFO.

void RxDma::frame_stored(Time t)
{
    if (!allowed_) ++misuse_[static_cast<std::size_t>(Misuse::no_bus_master)];
    // Only a new head brings a command nearer.
    if (write_from_ != never || channel_.busy()) return;
    // The MAC may store a frame ahead of the DMA's time: a command that is due before stays.
    const Time issue = issue_;
    plan(t);
    issue_ = std::min(issue, issue_);
}

template void RxDma::run<Levels::reported>(Time);
template void RxDma::run<Levels::silent>(Time);
template void RxDma::release_head<Levels::reported>(Time);
template void RxDma::release_head<Levels::silent>(Time);
template void RxDma::command_accepted<Levels::reported>(Time);
template void RxDma::command_accepted<Levels::silent>(Time);
template void RxDma::issue_now<Levels::reported>(Time);
template void RxDma::issue_now<Levels::silent>(Time);
template void RxDma::write_back<Levels::silent>(Time);
template void RxDma::descriptors_written<Levels::silent>(Time);

}  // namespace overrun
