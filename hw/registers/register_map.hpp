// SPDX-License-Identifier: Apache-2.0
// A register map as read from its file, and the two steps that lead to it: parse, then check.
// An engine or a driver includes the header that is generated from it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hw/registers/register_types.hpp"

namespace overrun::register_map {

struct GroupEntry {
    std::string id;
    std::string title;
    unsigned    line = 0;
};

struct FieldEntry {
    std::string                  name;  ///< empty for the bits of a register that is one number
    reg::Field                   bits;
    reg::Access                  access = reg::Access::rw;
    std::optional<std::uint32_t> reset;  ///< value of the field, not shifted, when the file gives it
    std::string                  text;
    unsigned                     line = 0;
};

/// One register or one array of registers.
struct RegisterEntry {
    std::string                  name;
    std::string                  group;
    std::string                  text;
    std::string                  ethtool;
    std::string                  pair;  ///< common name of both halves of a 64-bit counter
    std::uint32_t                offset         = 0;
    std::uint32_t                count          = 1;
    std::uint32_t                stride         = 4;
    bool                         is_array       = false;
    std::optional<std::uint32_t> engine_count   = {};
    unsigned                     stage          = 0;
    reg::Status                  status         = reg::Status::storage;
    reg::Kind                    kind           = reg::Kind::plain;
    bool                         survives_reset = false;
    bool                         unnamed_rw     = false;  ///< bits without a field are plain storage
    std::optional<std::uint32_t> reset          = {};     ///< whole word, when the file gives it
    std::optional<FieldEntry>    number         = {};     ///< set when the register is one number without fields
    std::vector<FieldEntry>      fields         = {};     ///< from bit 0 up
    unsigned                     line           = 0;

    /// "RDT1" for element 1 of an array, the bare name otherwise.
    [[nodiscard]] std::string element_name(std::uint32_t element) const
    {
        return is_array ? name + std::to_string(element) : name;
    }
};

struct AliasEntry {
    std::uint32_t offset = 0;
    std::uint32_t target = 0;  ///< offset of `name`, found by `check`
    std::string   name;        ///< register or array element that answers
    std::uint32_t dwords = 1;
    unsigned      line   = 0;
};

struct RegisterMap {
    std::string                file;
    std::string                device;
    std::uint32_t              space = 0;  ///< octets
    std::vector<GroupEntry>    groups;
    std::vector<RegisterEntry> registers;
    std::vector<AliasEntry>    aliases;
};

struct Masks {
    std::uint32_t writable          = 0;
    std::uint32_t readable          = 0;
    std::uint32_t read_clear        = 0;
    std::uint32_t write_one_clears  = 0;
    std::uint32_t write_one_sets    = 0;
    std::uint32_t write_zero_clears = 0;
    std::uint32_t self_clearing     = 0;
    std::uint32_t read_sets         = 0;
};

/// Every name of an access kind as the file writes it, in the order of `reg::Access`.
[[nodiscard]] std::string_view name_of(reg::Access access) noexcept;
[[nodiscard]] std::string_view name_of(reg::Status status) noexcept;

/// Reads the text of a map. `file` only names it in messages.
/// @throws InputError naming file, line, register, value and what is allowed
[[nodiscard]] RegisterMap parse(std::string_view text, std::string file);

/// Checks what one line alone cannot show: overlaps, alignment, resets, unique names, pairs, aliases.
/// @return the map, sorted: registers by group and offset, aliases by offset, each alias with its target
/// @throws InputError as `parse`
[[nodiscard]] RegisterMap check(RegisterMap map);

/// Masks and reset word of a checked register.
[[nodiscard]] Masks         masks_of(const RegisterEntry& entry) noexcept;
[[nodiscard]] std::uint32_t reset_of(const RegisterEntry& entry) noexcept;

}  // namespace overrun::register_map
