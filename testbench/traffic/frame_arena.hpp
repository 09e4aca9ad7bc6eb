// SPDX-License-Identifier: Apache-2.0
// Keeps the octets of frames that are under way, in large blocks that are used again.
// It allocates nothing once there are blocks for the frames under way, and moves no octet.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <vector>

namespace overrun {

class FrameArena {
public:
    static constexpr std::size_t block_octets = std::size_t{64} * 1024;

    /// Copies `octets` (at most block_octets) and returns where they stay, never null.
    /// @param id rises from call to call
    [[nodiscard]] const std::byte* keep(std::span<const std::byte> octets, std::uint64_t id);

    /// Octets of ids up to and including `last` are no longer needed. An id lower than before changes nothing.
    void release(std::uint64_t last) noexcept;

    /// Blocks that exist, in use or not.
    [[nodiscard]] std::size_t blocks() const noexcept { return used_.size() + spare_.size(); }

private:
    struct Block {
        std::unique_ptr<std::byte[]> octets;
        std::uint64_t                last = 0;  ///< highest id kept in it
    };

    void add_block();

    std::deque<Block>  used_;   // oldest first; the last one is being filled
    std::vector<Block> spare_;  // has capacity for every block, so that release() allocates nothing
    std::size_t        filled_ = block_octets;
};

}  // namespace overrun
