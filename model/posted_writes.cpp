// SPDX-License-Identifier: Apache-2.0
// Octets from frames to host memory, when their time has come.
// Never knows how host memory is reached: the port moves them.
#include "model/posted_writes.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "hw/ethernet/fcs.hpp"
#include "model/rx_checksum.hpp"

namespace overrun {

namespace {

/// Takes what one write would put into host memory from `base` on.
class Collector final : public DmaPort {
public:
    Collector(std::uint64_t base, std::span<std::byte> octets) : base_{base}, octets_{octets} {}

    [[nodiscard]] DmaTimes schedule(DmaOperation, std::uint64_t, std::uint32_t, Time) override
    {
        return {untold, untold};
    }
    [[nodiscard]] bool commit_write(std::uint64_t address, std::span<const std::byte> octets) override
    {
        std::memcpy(octets_.subspan(address - base_, octets.size()).data(), octets.data(), octets.size());
        return true;
    }
    [[nodiscard]] bool commit_read(std::uint64_t, std::span<std::byte>) override { return false; }

private:
    std::uint64_t        base_;
    std::span<std::byte> octets_;
};

}  // namespace

void PostedWrites::commit_due(Time t)
{
    do {
        const Write& write = writes_.take();
        next_              = writes_.empty() ? never : writes_.front().visible;
        if (write.kind == Kind::payload) {
            StoredFrame& stored = frames_.numbered(write.frame);
            if (!commit_payload(write, stored.frame)) stored.faulted = true;
        } else if (write.kind == Kind::descriptors) {
            commit_descriptors(write);
        } else if (write.kind == Kind::stripped) {
            commit_stripped(write);
        } else {
            for (std::uint32_t i = 0; i < write.count; ++i) frames_.retire_oldest();
        }
    } while (next_ <= t);
}

void PostedWrites::commit_descriptors(const Write& write)
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

/// Up to the tag, and from behind it (D11).
void PostedWrites::commit_stripped(const Write& write)
{
    StoredFrame&        stored = frames_.numbered(write.frame);
    const std::uint32_t before = write.offset < tag_at ? std::min(tag_at - write.offset, write.length) : 0;
    bool                whole  = true;

    Write part  = write;
    part.length = before;
    if (part.length != 0) whole = commit_payload(part, stored.frame);
    part.address += before;
    part.offset = static_cast<std::uint16_t>(part.offset + before + tag_octets);
    part.length = write.length - before;
    if (part.length != 0) whole = commit_payload(part, stored.frame) && whole;
    if (!whole) stored.faulted = true;
}

std::size_t PostedWrites::first_untold() const noexcept
{
    std::size_t i = writes_.size();
    while (i > 0 && writes_[i - 1].visible >= untold) --i;
    return i;
}

std::size_t PostedWrites::untold_writes() const noexcept
{
    std::size_t count = 0;
    for (std::size_t i = first_untold(); i < writes_.size(); ++i) count += writes_[i].kind != Kind::nothing ? 1 : 0;
    return count;
}

void PostedWrites::untold_octets(std::span<std::byte> octets)
{
    const std::size_t oldest = first_untold();
    const Write&      write  = writes_[oldest];
    if (write.kind == Kind::descriptors) {
        std::size_t before = 0;
        for (std::size_t i = 0; i < oldest; ++i) before += writes_[i].kind == Kind::descriptors ? 1 : 0;
        std::memcpy(octets.data(), groups_[before].descriptors.data(), std::size_t{write.count} * rx_descriptor_octets);
        return;
    }
    Collector      collector{write.address, octets};
    DmaPort* const port = std::exchange(port_, &collector);
    if (write.kind == Kind::stripped) {
        commit_stripped(write);
    } else {
        static_cast<void>(commit_payload(write, frames_.numbered(write.frame).frame));
    }
    port_ = port;
}

void PostedWrites::told(Time visible)
{
    std::size_t i = first_untold();
    if (i > 0) visible = std::max(visible, writes_[i - 1].visible);
    do {
        writes_[i].visible = visible;
        ++i;
    } while (i < writes_.size() && writes_[i].kind == Kind::nothing);
    next_ = writes_.front().visible;
    last_ = writes_.back().visible;
}

void PostedWrites::abandon(Time t, bool open)
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

bool PostedWrites::commit_payload(const Write& write, const Frame& frame)
{
    if (write.offset + write.length > frame.stored) return commit_past_stored(write, frame);
    return move(write.address, frame.stored_octets().subspan(write.offset, write.length));
}

/// Stored octets, then the padding that nobody stored, then an FCS that the sender appended.
bool PostedWrites::commit_past_stored(const Write& write, const Frame& frame)
{
    const std::uint32_t end   = write.offset + write.length;
    std::uint32_t       at    = write.offset;
    std::uint64_t       to    = write.address;
    bool                whole = true;
    const auto          put   = [&](std::span<const std::byte> octets) {
        whole = move(to, octets) && whole;
        at += static_cast<std::uint32_t>(octets.size());
        to += octets.size();
    };
    if (at < frame.stored) put(frame.stored_octets().subspan(at, std::min(end, frame.stored) - at));
    constexpr std::array<std::byte, 64> zeros{};
    while (at < end && at < frame.body())
        put(std::span{zeros}.first(std::min({std::uint32_t{zeros.size()}, end - at, frame.body() - at})));
    if (at < end) {
        const auto fcs = fcs_on_wire(frame);
        put(std::span{fcs}.subspan(at - frame.body(), end - at));
    }
    return whole;
}

bool PostedWrites::move(std::uint64_t address, std::span<const std::byte> octets)
{
    const bool granted = port_->commit_write(address, octets);
    if (!granted) ++misuse_[static_cast<std::size_t>(Misuse::write_fault)];
    return granted;
}

}  // namespace overrun
