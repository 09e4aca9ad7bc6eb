// SPDX-License-Identifier: Apache-2.0
#include "model/host_writes.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "hw/ethernet/fcs.hpp"
#include "model/rx_checksum.hpp"

namespace overrun {

namespace {

// Where octets of a frame go: `put(address, octets)` stores them, and returns false when host memory refuses them.

/// Octets beyond those stored: the padding, which is not stored, then an FCS that the sender appended.
/// @param at,end octets of the frame
template <class Put>
[[gnu::noinline]] bool put_past_stored(const Frame& frame, std::uint64_t to, std::uint32_t at, std::uint32_t end,
                                       Put&& put)
{
    bool       whole = true;
    const auto next  = [&](std::span<const std::byte> octets) {
        whole = put(to, octets) && whole;
        at += static_cast<std::uint32_t>(octets.size());
        to += octets.size();
    };
    if (at < frame.stored) next(frame.stored_octets().subspan(at, std::min(end, frame.stored) - at));
    constexpr std::array<std::byte, 64> zeros{};
    while (at < end && at < frame.body())
        next(std::span{zeros}.first(std::min({std::uint32_t{zeros.size()}, end - at, frame.body() - at})));
    if (at < end) {
        const auto fcs = fcs_on_wire(frame);
        next(std::span{fcs}.subspan(at - frame.body(), end - at));
    }
    return whole;
}

/// `length` octets of a frame, from `offset` on.
template <class Put>
bool put_payload(const Frame& frame, std::uint64_t to, std::uint32_t offset, std::uint32_t length, Put&& put)
{
    if (offset + length > frame.stored) return put_past_stored(frame, to, offset, offset + length, put);
    return put(to, frame.stored_octets().subspan(offset, length));
}

/// The same of a frame without its VLAN tag: up to the tag, and from behind it (D11).
template <class Put>
[[gnu::noinline]] bool put_stripped(const Frame& frame, std::uint64_t to, std::uint32_t offset, std::uint32_t length,
                                    Put&& put)
{
    const std::uint32_t before = offset < tag_at ? std::min(tag_at - offset, length) : 0;
    bool                whole  = true;
    if (before != 0) whole = put_payload(frame, to, offset, before, put);
    if (before == length) return whole;
    return put_payload(frame, to + before, offset + before + tag_octets, length - before, put) && whole;
}

}  // namespace

void HostWrites::commit_due(Time t)
{
    const auto put = [this](std::uint64_t address, std::span<const std::byte> octets) { return move(address, octets); };
    do {
        const Write& write = writes_.take();
        next_              = writes_.empty() ? never : writes_.front().visible;
        if (write.kind == Kind::payload) {
            StoredFrame& stored = frames_.numbered(write.frame);
            if (!put_payload(stored.frame, write.address, write.offset, write.length, put)) stored.faulted = true;
        } else if (write.kind == Kind::descriptors) {
            commit_descriptors(write);
        } else if (write.kind == Kind::stripped) {
            StoredFrame& stored = frames_.numbered(write.frame);
            if (!put_stripped(stored.frame, write.address, write.offset, write.length, put)) stored.faulted = true;
        } else {
            for (std::uint32_t i = 0; i < write.count; ++i) frames_.retire_oldest();
        }
    } while (next_ <= t);
}

void HostWrites::commit_descriptors(const Write& write)
{
    const Group& group   = groups_.take();
    const bool   granted = move(write.address, std::as_bytes(std::span{group.descriptors}.first(write.count)));
    for (std::uint32_t i = 0; i < write.count; ++i) {
        StoredFrame& stored = frames_.oldest();
        if (!granted) stored.faulted = true;
        if (!group.last[i]) continue;
        if (!stored.discarded)
            probe_.written_back(stored.frame.id, write.visible,
                                !granted         ? WriteBack::descriptor_refused
                                : stored.faulted ? WriteBack::payload_refused
                                                 : WriteBack::whole);
        frames_.retire_oldest();
    }
}

std::size_t HostWrites::first_of_unknown_time() const noexcept
{
    std::size_t i = writes_.size();
    while (i > 0 && writes_[i - 1].visible >= time_unknown) --i;
    return i;
}

std::size_t HostWrites::writes_of_unknown_time() const noexcept
{
    std::size_t count = 0;
    for (std::size_t i = first_of_unknown_time(); i < writes_.size(); ++i)
        count += writes_[i].kind != Kind::nothing ? 1 : 0;
    return count;
}

void HostWrites::pending_write_octets(std::span<std::byte> octets)
{
    const std::size_t oldest = first_of_unknown_time();
    const Write&      write  = writes_[oldest];
    if (write.kind == Kind::descriptors) {
        std::size_t before = 0;
        for (std::size_t i = 0; i < oldest; ++i) before += writes_[i].kind == Kind::descriptors ? 1 : 0;
        std::memcpy(octets.data(), groups_[before].descriptors.data(), std::size_t{write.count} * rx_descriptor_octets);
        return;
    }
    const auto copy = [&](std::uint64_t address, std::span<const std::byte> part) {
        std::memcpy(octets.subspan(address - write.address, part.size()).data(), part.data(), part.size());
        return true;
    };
    const Frame& frame = frames_.numbered(write.frame).frame;
    static_cast<void>(write.kind == Kind::stripped
                          ? put_stripped(frame, write.address, write.offset, write.length, copy)
                          : put_payload(frame, write.address, write.offset, write.length, copy));
}

void HostWrites::completed_at(Time visible)
{
    std::size_t i = first_of_unknown_time();
    if (i > 0) visible = std::max(visible, writes_[i - 1].visible);
    do {
        writes_[i].visible = visible;
        ++i;
    } while (i < writes_.size() && writes_[i].kind == Kind::nothing);
    next_ = writes_.front().visible;
    last_ = writes_.back().visible;
}

void HostWrites::abandon(Time t, bool open)
{
    std::uint32_t frames = open ? 1 : 0;
    if (waiting_ != 0) {
        const Group& group = groups_.back();
        frames += static_cast<std::uint32_t>(std::count(group.last.begin(), group.last.begin() + waiting_, true));
        groups_.pop_back();
        waiting_ = 0;
    }
    if (frames != 0) post(std::max(t, last_), Kind::nothing).count = static_cast<std::uint8_t>(frames);
}

bool HostWrites::move(std::uint64_t address, std::span<const std::byte> octets)
{
    const bool granted = port_.commit_write(address, octets);
    if (!granted) ++misuse_[static_cast<std::size_t>(Misuse::write_fault)];
    return granted;
}

}  // namespace overrun
