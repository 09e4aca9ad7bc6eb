// SPDX-License-Identifier: Apache-2.0
// Octets from frames to host memory, when their time has come.
// Never knows how host memory is reached: the port moves them.
#include "model/posted_writes.hpp"

#include <algorithm>
#include <array>

#include "hw/fcs.hpp"

namespace overrun {

void PostedWrites::commit_due(Time t)
{
    do {
        commit_oldest(t);
    } while (next_ <= t);
}

void PostedWrites::commit_oldest(Time t)
{
    Pair&        pair   = pairs_.front();
    StoredFrame& stored = fifo_.oldest();
    if (pair.payload) {
        pair.payload = false;
        if (!commit_payload(pair, stored.frame)) stored.faulted = true;
        if (pair.visible > t) {
            next_ = pair.visible;
            return;
        }
    }
    bool in_ring = true;
    if (pair.write_back) {
        in_ring = write(pair.address, std::as_bytes(std::span{&pair.content, 1}));
        if (!in_ring) stored.faulted = true;
    }
    pairs_.pop();  // the slot stays as it is until the next append
    next_ = pairs_.empty() ? never : pairs_.front().next();
    if (!pair.last) return;
    if (!stored.discarded)
        probe_(ProbeKind::written_back, pair.visible, stored.frame.id, !in_ring ? 2U : stored.faulted ? 1U : 0U);
    fifo_.retire_oldest();
}

void PostedWrites::cut_short(Time t)
{
    if (pairs_.empty()) no_payload();
    Pair& pair = pairs_.back();
    pair.last  = true;
    if (pair.visible != never) return;
    pair.visible    = pair.payload ? pair.payload_visible : t;
    pair.write_back = false;
    next_           = pairs_.front().next();
}

bool PostedWrites::commit_payload(const Pair& pair, const Frame& frame)
{
    const std::uint32_t present = std::min(frame.stored, frame.body());
    if (pair.offset + pair.length > present) return commit_past_stored(pair, frame, present);
    return write(pair.buffer, frame.stored_octets().subspan(pair.offset, pair.length));
}

/// Stored octets, then the padding that nobody stored, then an FCS that the sender appended.
bool PostedWrites::commit_past_stored(const Pair& pair, const Frame& frame, std::uint32_t present)
{
    const std::uint32_t end   = pair.offset + pair.length;
    std::uint32_t       at    = pair.offset;
    std::uint64_t       to    = pair.buffer;
    bool                whole = true;
    const auto          put   = [&](std::span<const std::byte> octets) {
        whole = write(to, octets) && whole;
        at += static_cast<std::uint32_t>(octets.size());
        to += octets.size();
    };
    if (at < present) put(frame.stored_octets().subspan(at, std::min(end, present) - at));
    constexpr std::array<std::byte, 64> zeros{};
    while (at < end && at < frame.body())
        put(std::span{zeros}.first(std::min({std::uint32_t{zeros.size()}, end - at, frame.body() - at})));
    if (at < end) {
        const auto fcs = fcs_on_wire(frame);
        put(std::span{fcs}.subspan(at - frame.body(), end - at));
    }
    return whole;
}

bool PostedWrites::write(std::uint64_t address, std::span<const std::byte> octets)
{
    const bool granted = port_.commit_write(address, octets);
    if (!granted) ++misuse_[static_cast<std::size_t>(Misuse::write_fault)];
    return granted;
}

}  // namespace overrun
