// SPDX-License-Identifier: Apache-2.0
// From booked accesses to transactions, and from their answers to times and fates.
// Never retries what the platform refused.
#include "hw/systemc/transport_dma_port.hpp"

#include <algorithm>
#include <cstring>

#include "hw/systemc/sc_time_bridge.hpp"

namespace overrun {

TransportDmaPort::TransportDmaPort() : requested_{"dma_requested"}, taken_{"dma_taken"} {}

DmaTimes TransportDmaPort::schedule(DmaOperation operation, std::uint64_t address, std::uint32_t length, Time t)
{
    if (operation == DmaOperation::write) ++writes_booked_;
    requests_.push_back({operation, address, length, t});
    requested_.notify(sc_core::SC_ZERO_TIME);
    return {time_unknown, time_unknown};
}

bool TransportDmaPort::commit_write(std::uint64_t, std::span<const std::byte> octets)
{
    Written& oldest = written_.front();
    oldest.left -= static_cast<std::uint32_t>(octets.size());
    const bool taken = oldest.taken;
    if (oldest.left == 0) written_.pop_front();
    return taken;
}

bool TransportDmaPort::commit_read(std::uint64_t address, std::span<std::byte> octets)
{
    // A reset lets the engine forget reads; what is older than the one that it asks for was forgotten.
    const auto found = std::find_if(reads_.rbegin(), reads_.rend(), [&](const Read& read) {
        return read.address == address && read.octets.size() == octets.size();
    });
    if (found == reads_.rend()) return false;
    const bool answered = found->answered;
    if (answered) std::memcpy(octets.data(), found->octets.data(), octets.size());
    reads_.erase(reads_.begin(), found.base());
    return answered;
}

void TransportDmaPort::serve()
{
    while (requests_.empty()) sc_core::wait(requested_);
    const Request request = requests_.front();
    requests_.pop_front();
    const bool             write = request.operation == DmaOperation::write;
    std::vector<std::byte> read_octets(write ? 0 : request.length);
    if (write) {
        octets_.resize(request.length);
        device_->pending_write_octets(octets_);
    }
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    const bool       ok    = transport(request, write ? octets_ : read_octets, delay);
    if (!ok) {
        ++refused_count_;
        if (!first_refused_) first_refused_ = RefusedAccess{request.operation, request.address, request.length};
    }
    // Nothing passes a write that was posted before it (PCIe 2.4.1).
    const Time now       = systemc_now();
    const Time completed = std::max(now + to_time(delay), last_visible_);
    Time       sent      = now;
    if (write) {
        sent          = accepted(now, completed);
        last_visible_ = completed;
        ++writes_taken_;
        written_.push_back({request.length, ok});
        taken_.notify(sc_core::SC_ZERO_TIME);
    } else {
        reads_.push_back({request.address, std::move(read_octets), ok});
    }
    device_->dma_completed({request.operation, request.issued, {sent, completed}});
}

/// A write is accepted when there is room for it among those that are on their way.
Time TransportDmaPort::accepted(Time now, Time completed) noexcept
{
    Time&      oldest = posted_[writes_taken_ % posted_.size()];
    const Time room   = std::max(now, oldest);
    oldest            = completed;
    return room;
}

void TransportDmaPort::wait_for_writes()
{
    const std::uint64_t booked = writes_booked_;
    while (writes_taken_ < booked) sc_core::wait(taken_);
}

bool TransportDmaPort::transport(const Request& request, std::span<std::byte> octets, sc_core::sc_time& delay)
{
    payload_.set_command(request.operation == DmaOperation::write ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND);
    payload_.set_byte_enable_ptr(nullptr);
    for (std::size_t done = 0; done < octets.size();) {
        const std::uint64_t address = request.address + done;
        const auto          length =
            static_cast<unsigned int>(std::min<std::uint64_t>(octets.size() - done, largest_ - address % largest_));
        payload_.set_address(address);
        payload_.set_data_ptr(reinterpret_cast<unsigned char*>(octets.data() + done));
        payload_.set_data_length(length);
        payload_.set_streaming_width(length);
        payload_.set_dmi_allowed(false);
        payload_.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
        bus_->b_transport(payload_, delay);
        if (!payload_.is_response_ok()) return false;
        done += length;
    }
    return true;
}

}  // namespace overrun
