// SPDX-License-Identifier: Apache-2.0
// The arena under random keeping and releasing: octets not yet released never change, and memory does not grow.
// The same check finds an arena that lets go too early.
#include "testbench/traffic/frame_arena.hpp"

#include <algorithm>
#include <deque>
#include <random>
#include <utility>

#include "testbench/tests/support/capture_maker.hpp"
#include "testbench/tests/support/catch.hpp"

using namespace overrun;
using namespace overrun::test;

namespace {

struct Kept {
    std::uint64_t    id;
    const std::byte* where;
    Octets           copy;
};

/// Keeps `frames` frames of random lengths with at most `under_way` not released, releasing `too_far` ids more than
/// allowed. Whether the octets under way stayed as they were at every release.
bool octets_stay(FrameArena& arena, std::uint32_t seed, int frames, std::size_t under_way, std::uint64_t too_far)
{
    std::mt19937     random{seed};
    std::deque<Kept> kept;
    std::uint64_t    id   = 0;
    bool             stay = true;
    for (int i = 0; i < frames; ++i) {
        const std::size_t length = random() % 4 == 0 ? random() % 16385 : random() % 65;
        Octets            octets(length);
        std::generate(octets.begin(), octets.end(), [&] { return static_cast<std::byte>(random() & 0xffU); });
        const std::byte* const where = arena.keep(octets, ++id);
        kept.push_back({id, where, std::move(octets)});
        if (kept.size() < under_way && random() % 8 != 0) continue;

        for (const Kept& frame : kept) stay = stay && std::equal(frame.copy.begin(), frame.copy.end(), frame.where);
        const std::size_t done = random() % (kept.size() + 1);
        if (done == 0) continue;
        arena.release(kept[done - 1].id + too_far);
        kept.erase(kept.begin(), kept.begin() + static_cast<std::ptrdiff_t>(done));
    }
    return stay;
}

}  // namespace

TEST_CASE("octets under way stay as they are, whatever is released")
{
    for (std::uint32_t seed = 1; seed <= 20; ++seed) {
        CAPTURE(seed);
        FrameArena arena;
        CHECK(octets_stay(arena, seed, 2'000, 1 + seed * 10, 0));
    }
}

TEST_CASE("the check of octets under way finds an arena that lets go too early")
{
    int found = 0;
    for (std::uint32_t seed = 1; seed <= 20; ++seed) {
        FrameArena arena;
        if (!octets_stay(arena, seed, 2'000, 1 + seed * 10, 20)) ++found;
    }
    CHECK(found == 20);
}

TEST_CASE("the last frame of a block holds the whole block")
{
    FrameArena   arena;
    const Octets half(FrameArena::block_octets / 2, std::byte{1});
    const Octets other(FrameArena::block_octets, std::byte{2});
    static_cast<void>(arena.keep(half, 1));
    const std::byte* const second = arena.keep(half, 2);
    static_cast<void>(arena.keep(other, 3));
    arena.release(1);
    static_cast<void>(arena.keep(other, 4));
    CHECK(std::equal(half.begin(), half.end(), second));
    CHECK(arena.blocks() == 3);
    arena.release(2);
    static_cast<void>(arena.keep(other, 5));  // where 1 and 2 were
    CHECK(arena.blocks() == 3);
}

TEST_CASE("memory follows the frames under way, not the frames kept")
{
    // 100 frames of 1,514 octets take 3 blocks of 43 frames, and one more is begun.
    FrameArena   arena;
    const Octets octets = frame_octets(1514);
    for (std::uint64_t id = 1; id <= 100'000; ++id) {
        static_cast<void>(arena.keep(octets, id));
        if (id > 100) arena.release(id - 100);
    }
    CHECK(arena.blocks() <= 4);
}

TEST_CASE("an arena without frames under way begins at the same place again")
{
    FrameArena             arena;
    const Octets           octets = frame_octets(60);
    const std::byte* const first  = arena.keep(octets, 1);
    arena.release(1);
    CHECK(arena.keep(octets, 2) == first);
    CHECK(arena.keep(octets, 3) != first);
    arena.release(2);
    CHECK(arena.keep(octets, 4) != first);
    arena.release(1);  // lower than before: nothing
    CHECK(arena.keep(octets, 5) != first);
}

TEST_CASE("a frame without octets has a place, and a full block takes a whole one")
{
    FrameArena arena;
    CHECK(arena.keep({}, 1) != nullptr);
    const Octets           block(FrameArena::block_octets, std::byte{1});
    const std::byte* const full = arena.keep(block, 2);
    CHECK(std::equal(block.begin(), block.end(), full));
    CHECK(arena.blocks() == 1);
    CHECK(arena.keep({}, 3) != nullptr);
    CHECK(arena.keep(frame_octets(60), 4) != full);
    CHECK(arena.blocks() == 2);
    CHECK(std::equal(block.begin(), block.end(), full));
}
