// SPDX-License-Identifier: Apache-2.0
// The signals of a waveform, one row each, in the order in which the file declares them.
//
// Declaration, description in the file, view in GTKWave and the list in docs/outputs.md follow from this table. A
// signal that shows a field of an event needs nothing else; one that is computed is set in Waveform::compute().
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "driver_sim/driver/driver_state.hpp"
#include "hw/engine/fate.hpp"
#include "hw/engine/filter_reason.hpp"
#include "hw/registers/82574l.hpp"
#include "testbench/waves/signal.hpp"

namespace overrun::waves {

/// Value of rx_mac.fate for a frame that is complete in the FIFO: its fate lies ahead. Other values are Fate + 1.
inline constexpr unsigned fate_stored = 255;

inline constexpr std::array fate_words = [] {
    std::array<ValueName, fate_count + 2> words{};
    words.front() = {0, "none yet", "..."};
    for (std::size_t i = 0; i < fate_count; ++i) words[i + 1] = {static_cast<unsigned>(i) + 1, fate_table[i].name};
    words.back() = {fate_stored, "stored in the FIFO", "stored"};
    return words;
}();
static_assert(fate_count < fate_stored);

/// The position of each name is its value.
template <std::size_t size>
[[nodiscard]] constexpr std::array<ValueName, size> numbered(const std::array<std::string_view, size>& names)
{
    std::array<ValueName, size> words{};
    for (std::size_t i = 0; i < size; ++i) words[i] = {static_cast<unsigned>(i), names[i]};
    return words;
}

inline constexpr std::array reason_words = [] {
    auto words         = numbered(filter_reason_names.all());
    words.back().label = "vlan";
    return words;
}();
inline constexpr std::array timer_words = numbered(std::array<std::string_view, 3>{"RDTR", "RADV", "ITR"});
inline constexpr std::array state_words = numbered(driver_state_names.all());

[[nodiscard]] constexpr ProbeKinds on(ProbeKind kind) noexcept
{
    return probe_bit(kind);
}

inline constexpr std::array signal_table = [] {
    using enum ProbeKind;
    return std::array{
        SignalInfo{.scope = "wire",
                   .name  = "busy",
                   .bits  = 1,
                   .kinds = on(wire),
                   .field = Field::value,
                   .view  = {Group::wire, 0, Look::binary},
                   .text  = "1 from a frame's first octet to its last"},
        SignalInfo{.scope = "wire",
                   .name  = "frame_id",
                   .bits  = 64,
                   .kinds = on(wire),
                   .field = Field::id,
                   .when  = When::busy,
                   .view  = {Group::wire, 1, Look::decimal},
                   .text  = "number of the frame on the wire; stays after its end"},
        SignalInfo{.scope = "wire",
                   .name  = "octets",
                   .bits  = 32,
                   .kinds = on(wire),
                   .field = Field::extra,
                   .when  = When::busy,
                   .view  = {Group::wire, 2, Look::decimal},
                   .text  = "its length with FCS; stays after its end"},
        SignalInfo{.scope   = "rx_mac",
                   .name    = "fate",
                   .bits    = 8,
                   .kinds   = on(wire) | on(stored) | on(ended),
                   .field   = Field::computed,
                   .initial = Initial::zero,
                   .words   = fate_words,
                   .view    = {Group::wire, 3, Look::hexadecimal, 3},
                   .text    = "what became of the newest frame, or that it is stored; 0 while it is on its way in"},
        SignalInfo{.scope = "rx_filter",
                   .name  = "accept",
                   .bits  = 1,
                   .kinds = on(rx_filter),
                   .field = Field::value,
                   .view  = {Group::filter, 0, Look::binary},
                   .text  = "1 when the address filter accepted the frame"},
        SignalInfo{.scope = "rx_filter",
                   .name  = "reason",
                   .bits  = 3,
                   .kinds = on(rx_filter),
                   .field = Field::extra,
                   .words = reason_words,
                   .view  = {Group::filter, 1, Look::binary},
                   .text  = "what decided"},
        SignalInfo{.scope = "rx_fifo",
                   .name  = "octets",
                   .bits  = 32,
                   .kinds = on(rx_fifo),
                   .field = Field::value,
                   .view  = {Group::fifo, 0, Look::curve, 2},
                   .text  = "octets charged"},
        SignalInfo{.scope = "rx_fifo",
                   .name  = "frames",
                   .bits  = 32,
                   .kinds = on(rx_fifo),
                   .field = Field::extra,
                   .view  = {Group::dma, 6, Look::decimal},
                   .text  = "complete frames"},
        SignalInfo{.scope     = "rx_fifo",
                   .name      = "drop",
                   .bits      = 64,
                   .kinds     = on(ended),
                   .field     = Field::computed,
                   .initial   = Initial::zero,
                   .explained = true,
                   .view      = {Group::fifo, 1, Look::curve, 1},
                   .text      = "frames lost to an overrun so far"},
        SignalInfo{.scope = "descriptor_cache",
                   .name  = "held",
                   .bits  = 32,
                   .kinds = on(descriptor_cache),
                   .field = Field::value,
                   .view  = {Group::dma, 4, Look::decimal},
                   .text  = "descriptors held"},
        SignalInfo{.scope = "descriptor_cache",
                   .name  = "in_flight",
                   .bits  = 32,
                   .kinds = on(descriptor_cache),
                   .field = Field::extra,
                   .view  = {Group::dma, 5, Look::decimal},
                   .text  = "descriptors being fetched"},
        SignalInfo{.scope = "rx_dma",
                   .name  = "busy",
                   .bits  = 1,
                   .kinds = on(rx_dma),
                   .field = Field::value,
                   .view  = {Group::dma, 0, Look::binary},
                   .text  = "1 while a write to host memory is under way"},
        SignalInfo{.scope = "rx_dma",
                   .name  = "frame_id",
                   .bits  = 64,
                   .kinds = on(rx_dma),
                   .field = Field::id,
                   .when  = When::busy,
                   .view  = {Group::dma, 1, Look::decimal},
                   .text  = "the frame that it belongs to, 0 for a write-back of descriptors; stays after its end"},
        SignalInfo{.scope = "rx_dma",
                   .name  = "address",
                   .bits  = 64,
                   .kinds = on(rx_dma),
                   .field = Field::extra,
                   .when  = When::busy,
                   .view  = {Group::dma, 2, Look::hexadecimal},
                   .text  = "its host address; stays after its end"},
        SignalInfo{.scope  = "csr",
                   .name   = "CTRL",
                   .bits   = 32,
                   .kinds  = on(csr),
                   .field  = Field::computed,
                   .offset = reg::CTRL::offset,
                   .text   = "content of the register"},
        SignalInfo{.scope  = "csr",
                   .name   = "STATUS",
                   .bits   = 32,
                   .kinds  = on(csr),
                   .field  = Field::computed,
                   .offset = reg::STATUS::offset,
                   .text   = "content of the register"},
        SignalInfo{.scope  = "csr",
                   .name   = "ICR",
                   .bits   = 32,
                   .kinds  = on(csr) | on(interrupt),
                   .field  = Field::computed,
                   .offset = reg::ICR::offset,
                   .text   = "content of the register"},
        SignalInfo{.scope  = "csr",
                   .name   = "IMS",
                   .bits   = 32,
                   .kinds  = on(csr),
                   .field  = Field::computed,
                   .offset = reg::IMS::offset,
                   .view   = {Group::interrupts, 2, Look::hexadecimal},
                   .text   = "content of the register"},
        SignalInfo{.scope  = "csr",
                   .name   = "RCTL",
                   .bits   = 32,
                   .kinds  = on(csr),
                   .field  = Field::computed,
                   .offset = reg::RCTL::offset,
                   .text   = "content of the register"},
        SignalInfo{.scope  = "csr",
                   .name   = "RDH",
                   .bits   = 32,
                   .kinds  = on(csr),
                   .field  = Field::computed,
                   .offset = reg::RDH::at(0),
                   .view   = {Group::dma, 3, Look::decimal},
                   .text   = "content of the register"},
        SignalInfo{.scope  = "csr",
                   .name   = "RDT",
                   .bits   = 32,
                   .kinds  = on(csr),
                   .field  = Field::computed,
                   .offset = reg::RDT::at(0),
                   .view   = {Group::driver, 1, Look::decimal},
                   .text   = "content of the register"},
        SignalInfo{.scope  = "csr",
                   .name   = "ITR",
                   .bits   = 32,
                   .kinds  = on(csr),
                   .field  = Field::computed,
                   .offset = reg::ITR::offset,
                   .text   = "content of the register"},
        SignalInfo{.scope  = "csr",
                   .name   = "RDTR",
                   .bits   = 32,
                   .kinds  = on(csr),
                   .field  = Field::computed,
                   .offset = reg::RDTR::offset,
                   .text   = "content of the register"},
        SignalInfo{.scope  = "csr",
                   .name   = "RADV",
                   .bits   = 32,
                   .kinds  = on(csr),
                   .field  = Field::computed,
                   .offset = reg::RADV::offset,
                   .text   = "content of the register"},
        SignalInfo{.scope = "interrupts",
                   .name  = "line",
                   .bits  = 1,
                   .kinds = on(interrupt),
                   .field = Field::value,
                   .view  = {Group::interrupts, 0, Look::binary},
                   .text  = "level of INTx"},
        SignalInfo{.scope = "interrupts",
                   .name  = "causes",
                   .bits  = 32,
                   .kinds = on(interrupt),
                   .field = Field::extra,
                   .view  = {Group::interrupts, 1, Look::hexadecimal},
                   .text  = "ICR"},
        SignalInfo{.scope     = "interrupts",
                   .name      = "timers",
                   .bits      = 3,
                   .kinds     = on(interrupt_timers),
                   .field     = Field::value,
                   .words     = timer_words,
                   .words_are = Names::bits,
                   .view      = {Group::interrupts, 3, Look::binary},
                   .text      = "which timers run"},
        SignalInfo{.scope = "driver",
                   .name  = "state",
                   .bits  = 4,
                   .kinds = on(driver),
                   .field = Field::value,
                   .words = state_words,
                   .view  = {Group::driver, 0, Look::hexadecimal, 3},
                   .text  = "what the driver does"},
        SignalInfo{.scope = "driver",
                   .name  = "ring_free",
                   .bits  = 32,
                   .kinds = on(csr),
                   .field = Field::computed,
                   .view  = {Group::free_descriptors, 0, Look::curve, 5},
                   .text  = "descriptors that the NIC may use, from RDH to RDT"},
    };
}();

/// Position in signal_table; does not compile for a signal that is not there.
[[nodiscard]] consteval std::size_t signal_at(std::string_view scope, std::string_view name)
{
    for (std::size_t i = 0; i < signal_table.size(); ++i)
        if (signal_table[i].scope == scope && signal_table[i].name == name) return i;
    throw "no such signal";
}

inline constexpr std::size_t probe_kind_count = static_cast<std::size_t>(ProbeKind::driver) + 1;

/// Positions of signals: from `first` up to, but not including, `end`.
struct SignalRange {
    std::size_t first = 0;
    std::size_t end   = 0;
};

/// For each kind of event the signals that show its fields.
inline constexpr std::array<SignalRange, probe_kind_count> signals_of_kind = [] {
    std::array<SignalRange, probe_kind_count> ranges{};
    for (std::size_t kind = 0; kind < probe_kind_count; ++kind) {
        const auto shows = [kind](std::size_t i) {
            return signal_table[i].field != Field::computed &&
                   signal_table[i].kinds == probe_bit(static_cast<ProbeKind>(kind));
        };
        SignalRange& range = ranges[kind];
        while (range.first < signal_table.size() && !shows(range.first)) ++range.first;
        range.end = range.first;
        while (range.end < signal_table.size() && shows(range.end)) ++range.end;
    }
    return ranges;
}();

/// The events that signals are made of.
[[nodiscard]] constexpr ProbeKinds signal_kinds() noexcept
{
    ProbeKinds kinds = 0;
    for (const SignalInfo& signal : signal_table) kinds |= signal.kinds;
    return kinds;
}

static_assert(
    [] {
        std::size_t found = 0;
        for (const SignalRange& range : signals_of_kind) found += range.end - range.first;
        for (const SignalInfo& signal : signal_table)
            if (signal.field == Field::computed) ++found;
        return found == signal_table.size();
    }(),
    "signals that show fields of one kind of event stand in a row");

}  // namespace overrun::waves
