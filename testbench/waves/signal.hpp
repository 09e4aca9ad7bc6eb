// SPDX-License-Identifier: Apache-2.0
// What there is to say about a signal of a waveform.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "hw/engine/probe.hpp"

namespace overrun::waves {

/// The field of a probe event that a signal shows. `computed`: Waveform sets it by code of its own.
enum class Field : std::uint8_t { value, extra, id, computed };

/// Which events set a signal: `busy` leaves it as it is on events whose value is 0.
enum class When : std::uint8_t { always, busy };

/// The value before the first event.
enum class Initial : std::uint8_t { unknown, zero };

/// A word for a number.
struct ValueName {
    unsigned         value = 0;
    std::string_view name{};
    std::string_view label{};  ///< for a viewer; empty: the name
};

/// What the names of a signal stand for: its values, or its bits, each with its number.
enum class Names : std::uint8_t { values, bits };

/// Part of the view in GTKWave, from top to bottom.
enum class Group : std::uint8_t { none, wire, fifo, free_descriptors, driver, interrupts, dma, filter };

/// How GTKWave shows a signal. `curve` is a decimal number as steps.
enum class Look : std::uint8_t { binary, decimal, hexadecimal, curve };

/// Where and how GTKWave shows a signal; not at all in the group `none`.
struct View {
    Group    group  = Group::none;
    unsigned rank   = 0;  ///< within the group
    Look     look   = Look::binary;
    int      colour = 0;  ///< GTKWave's number; 0: its default
};

struct SignalInfo {
    std::string_view           scope;
    std::string_view           name;
    unsigned                   bits = 1;
    ProbeKinds                 kinds;  ///< of the events that set it
    Field                      field   = Field::value;
    When                       when    = When::always;
    Initial                    initial = Initial::unknown;
    std::uint32_t              offset  = 0;  ///< of the register, in scope `csr`
    std::span<const ValueName> words{};
    Names                      words_are = Names::values;
    bool                       explained = false;  ///< the VCD's comment has the sentence
    View                       view{};
    std::string_view           text;  ///< the sentence in docs/outputs.md
};

}  // namespace overrun::waves
