// SPDX-License-Identifier: Apache-2.0
#include "testbench/traffic/frame_arena.hpp"

#include <cassert>
#include <cstring>
#include <utility>

namespace overrun {

namespace {

/// Frames begin at multiples of this in their block, so that short copies are aligned.
constexpr std::size_t alignment = 16;

}  // namespace

const std::byte* FrameArena::keep(std::span<const std::byte> octets, std::uint64_t id)
{
    assert(octets.size() <= block_octets && "a frame fits into one block");
    if (block_octets - filled_ < octets.size() || used_.empty()) add_block();
    Block&           block = used_.back();
    std::byte* const to    = block.octets.get() + filled_;
    if (!octets.empty()) std::memcpy(to, octets.data(), octets.size());
    filled_ += (octets.size() + alignment - 1) / alignment * alignment;
    block.last = id;
    return to;
}

void FrameArena::release(std::uint64_t last) noexcept
{
    while (used_.size() > 1 && used_.front().last <= last) {
        spare_.push_back(std::move(used_.front()));
        used_.pop_front();
    }
    // Nothing is under way: begin the block again, it is still in the cache.
    if (used_.size() == 1 && used_.front().last <= last) filled_ = 0;
}

void FrameArena::add_block()
{
    if (spare_.empty()) {
        const std::size_t after = blocks() + 1;
        if (spare_.capacity() < after) spare_.reserve(2 * after);
        used_.push_back({std::make_unique_for_overwrite<std::byte[]>(block_octets), 0});
    } else {
        used_.push_back(std::move(spare_.back()));
        spare_.pop_back();
    }
    filled_ = 0;
}

}  // namespace overrun
