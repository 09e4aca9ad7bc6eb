// SPDX-License-Identifier: Apache-2.0
// One function for each corner.
#include "testbench/differential/directed_programs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "hw/registers/82574l.hpp"
#include "testbench/differential/frame_maker.hpp"

namespace overrun::differential {

namespace {

using Kind = Step::Kind;

/// To the station, of an EtherType that neither side parses.
Octets plain_frame(std::uint32_t octets, unsigned seed = 1)
{
    Octets frame(octets);
    for (std::size_t i = 0; i < octets; ++i) frame[i] = static_cast<std::byte>(seed + 3 * i);
    for (std::size_t i = 0; i < 6; ++i) frame[i] = static_cast<std::byte>(address_pool[0].octets[i]);
    frame[6]  = std::byte{2};
    frame[12] = std::byte{0x88};
    frame[13] = std::byte{0xb5};
    return frame;
}

constexpr std::uint32_t receive = reg::RCTL::EN.mask() | reg::RCTL::SECRC.mask() | reg::RCTL::BAM.mask();

Program begin(std::uint32_t rctl, const RingShape& ring, bool extended)
{
    return {write_step(reg::RFCTL::offset, extended ? reg::RFCTL::EXTEN.mask() : 0),
            write_step(reg::RCTL::offset, rctl), ring_step(ring)};
}

/// Every length around those at which something changes.
void lengths(std::vector<DirectedProgram>& list)
{
    for (const bool extended : {false, true}) {
        Program program = begin(receive, {64, 0, 0, false}, extended);
        for (const std::uint32_t edge :
             {60U, 64U, 124U, 128U, 252U, 256U, 508U, 512U, 1020U, 1024U, 1514U, 1518U, 1523U})
            for (std::uint32_t octets = edge - 2; octets <= edge + 2; ++octets)
                if (octets >= 60) program.push_back(frame_step(plain_frame(octets, octets)));
        program.push_back(plain_step(Kind::counters));
        list.push_back({extended ? "lengths, extended" : "lengths, legacy", std::move(program)});
    }
}

/// Frames over buffers of every size, ending one octet before, at and behind a buffer's end.
void buffers(std::vector<DirectedProgram>& list)
{
    struct Size {
        std::uint32_t rctl, octets;
    };
    for (const Size size :
         {Size{reg::RCTL::BSIZE.set(0, 3), 256}, Size{reg::RCTL::BSIZE.set(0, 2), 512},
          Size{reg::RCTL::BSIZE.set(0, 1), 1024}, Size{reg::RCTL::FLXBUF.set(0, 1), 1024},
          Size{reg::RCTL::FLXBUF.set(0, 3), 3072}, Size{reg::RCTL::BSEX.set(reg::RCTL::BSIZE.set(0, 3), 1), 4096}}) {
        Program program = begin(receive | reg::RCTL::LPE.mask() | size.rctl, {64, 5, 2, false}, true);
        for (std::uint32_t buffers = 1; buffers <= 3; ++buffers)
            for (const std::uint32_t off : {size.octets - 1, size.octets, size.octets + 1})
                if (const std::uint32_t octets = (buffers - 1) * size.octets + off; octets >= 60)
                    program.push_back(frame_step(plain_frame(octets, octets)));
        list.push_back({fmt::format("buffers of {} octets, RCTL {:#x}", size.octets, size.rctl), std::move(program)});
    }
}

/// Far beyond a standard frame, over one buffer and over many.
void long_frames(std::vector<DirectedProgram>& list)
{
    for (const std::uint32_t size : {0U, 3U}) {
        Program program =
            begin(receive | reg::RCTL::LPE.mask() | reg::RCTL::BSIZE.set(0, size), {128, 0, 0, false}, true);
        for (const std::uint32_t octets : {1519U, 1522U, 1523U, 4000U, 9014U, 9018U, 12'000U, 16'000U, 16'379U})
            program.push_back(frame_step(plain_frame(octets, octets)));
        list.push_back({fmt::format("long frames, BSIZE {}", size), std::move(program)});
    }
}

/// RXDMT0 at each threshold: one frame at a time through a whole ring, with descriptors given back late.
void thresholds(std::vector<DirectedProgram>& list)
{
    for (const std::uint32_t threshold : {0U, 1U, 2U}) {
        Program program = begin(receive | reg::RCTL::RDMTS.set(0, threshold), {32, 9, 0, false}, threshold != 1);
        program.push_back(plain_step(Kind::tail, 31));
        for (unsigned i = 0; i < 70; ++i) {
            program.push_back(frame_step(plain_frame(60, i)));
            program.push_back(plain_step(Kind::sync));
        }
        list.push_back({fmt::format("descriptor threshold {}", threshold), std::move(program)});
    }
}

/// The ring runs empty, again and again.
void empty_rings(std::vector<DirectedProgram>& list)
{
    for (const std::uint32_t given : {0U, 1U, 2U, 7U}) {
        Program program = begin(receive, {16, 3, 0, false}, given != 2);
        for (unsigned round = 0; round < 3; ++round) {
            program.push_back(plain_step(Kind::starve, given));
            for (unsigned i = 0; i < 40; ++i) program.push_back(frame_step(plain_frame(60 + i, i)));
            program.push_back(plain_step(Kind::sync));
            for (unsigned i = 0; i < 5; ++i) program.push_back(frame_step(plain_frame(600, i)));
            program.push_back(plain_step(Kind::sync));
        }
        list.push_back({fmt::format("empty ring, {} given", given), std::move(program)});
    }
}

/// Null buffers are written back and skipped.
void null_buffers(std::vector<DirectedProgram>& list)
{
    for (const bool extended : {false, true}) {
        Program program = begin(receive | reg::RCTL::BSIZE.set(0, 3), {32, 0, 0, true}, extended);
        for (unsigned i = 0; i < 60; ++i) program.push_back(frame_step(plain_frame(60 + 20 * i, i)));
        list.push_back({extended ? "null buffers, extended" : "null buffers, legacy", std::move(program)});
    }
}

/// Every bit of the multicast table, under every RCTL.MO.
void multicast(std::vector<DirectedProgram>& list)
{
    for (std::uint32_t offset = 0; offset < 4; ++offset) {
        Program program = begin(receive | reg::RCTL::MO.set(0, offset), {64, 0, 0, false}, true);
        for (unsigned round = 0; round < 24; ++round) {
            const std::uint32_t word = (round * 37 + offset * 11) % reg::MTA::count;
            program.push_back(write_step(reg::MTA::at(word), 0x8000'0001U | 1U << round));
            for (unsigned i = 0; i < 16; ++i) {
                // Around the address whose hash is the word's bit.
                const std::uint32_t hash   = word << 5U | (i < 8 ? round : i % 2 * 31);
                const std::uint32_t octets = hash << (offset == 3 ? 0 : 4 - offset);
                Octets              frame  = plain_frame(60, i);
                frame[0]                   = std::byte{1};
                frame[4]                   = static_cast<std::byte>(octets + i % 3);
                frame[5]                   = static_cast<std::byte>(octets >> 8U);
                program.push_back(frame_step(std::move(frame)));
            }
            program.push_back(plain_step(Kind::sync));
        }
        list.push_back({fmt::format("multicast table, RCTL.MO {}", offset), std::move(program)});
    }
}

/// What remains of four patterns in every register that keeps what is written, and the values after power-on.
void registers(std::vector<DirectedProgram>& list)
{
    // Others act when they are written: their bits are tried where the action is known.
    constexpr std::array acting{reg::CTRL::offset, reg::CTRL_EXT::offset, reg::EERD::offset, reg::RCTL::offset,
                                reg::ICR::offset,  reg::ICS::offset,      reg::IMC::offset};
    for (const reg::RegisterInfo& row : reg::register_table) {
        if (row.status != reg::Status::engine || row.is_counter()) continue;
        const bool acts = std::find(acting.begin(), acting.end(), row.offset) != acting.end();
        Program    program;
        // Queue 1 and the marker's address entry are not ours.
        const std::uint32_t count =
            row.offset == reg::RAL::offset || row.offset == reg::RAH::offset ? 15 : row.engine_count;
        for (std::uint32_t i = 0; i < count; ++i) {
            const std::uint32_t offset = row.offset + i * row.stride;
            program.push_back(read_step(offset));
            if (acts) continue;
            for (const std::uint32_t pattern : {0x5a5a'5a5aU, 0xa5a5'a5a5U, ~0U, 0U}) {
                program.push_back(write_step(offset, pattern));
                program.push_back(read_step(offset));
            }
        }
        list.push_back({fmt::format("register {}", row.name), std::move(program)});
    }
    Program control;
    for (const std::uint32_t value : {0x06df'b3fcU, 0x0000'8004U, 0x0400'0018U, 0U}) {
        control.push_back(write_step(reg::RCTL::offset, value));
        control.push_back(read_step(reg::RCTL::offset));
    }
    list.push_back({"receive control, EN = 0", std::move(control)});
}

/// Every cause that both know, set, read, masked, unmasked and cleared.
void causes(std::vector<DirectedProgram>& list)
{
    Program program;
    for (const std::uint32_t bit : {0U, 1U, 2U, 4U, 6U, 7U, 9U, 15U, 16U, 17U, 18U}) {
        program.push_back(write_step(reg::ICS::offset, 1U << bit));
        program.push_back(read_step(reg::ICS::offset));
        program.push_back(write_step(reg::IMS::offset, 1U << bit));
        program.push_back(read_step(reg::IMS::offset));
        program.push_back(read_step(reg::ICS::offset));
        program.push_back(read_step(reg::ICR::offset));
        program.push_back(read_step(reg::ICR::offset));
        program.push_back(write_step(reg::ICS::offset, 1U << bit));
        program.push_back(write_step(reg::ICR::offset, 1U << bit));
        program.push_back(read_step(reg::ICR::offset));
        program.push_back(write_step(reg::IMC::offset, 1U << bit));
        program.push_back(read_step(reg::IMS::offset));
    }
    list.push_back({"causes", std::move(program)});
}

}  // namespace

std::vector<DirectedProgram> directed_programs()
{
    std::vector<DirectedProgram> list;
    lengths(list);
    buffers(list);
    long_frames(list);
    thresholds(list);
    empty_rings(list);
    null_buffers(list);
    multicast(list);
    registers(list);
    causes(list);
    return list;
}

}  // namespace overrun::differential
