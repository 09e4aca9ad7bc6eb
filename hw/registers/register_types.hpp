// SPDX-License-Identifier: Apache-2.0
// The types in which the register map is written down: fields, rows, access kinds; what the generated header holds.
// The registers of a device are in 82574l.toml.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace overrun::reg {

/// What a bit does when software reads or writes it.
enum class Access : std::uint8_t {
    rw,      ///< reads back as written
    ro,      ///< the device sets it, writes are ignored
    rc,      ///< the device sets it, a read clears it
    w1c,     ///< the device sets it, writing 1 clears it
    rc_w1c,  ///< the device sets it, a read or writing 1 clears it
    w0c,     ///< the device sets it, writing 0 clears it
    w1s,     ///< writing 1 sets it, writing 0 leaves it
    rs,      ///< reads back as written, and a read sets it afterwards
    sc,      ///< writing 1 acts, reads 0
    wo,      ///< a write acts, reads 0
};

/// What a register is.
enum class Kind : std::uint8_t {
    plain,
    counter,       ///< 32 bits, sticks at all ones, a read clears it
    counter_low,   ///< low half of a 64-bit counter: a read leaves it
    counter_high,  ///< high half of a 64-bit counter: a read clears both halves
};

/// What an engine does with a register.
enum class Status : std::uint8_t {
    engine,   ///< acts on it
    storage,  ///< keeps what the masks allow; each access is counted as unimplemented
    absent,   ///< reads 0, ignores writes; each access is counted, as at an offset that the device does not have
};

/// One of the statistics registers, a pair being one; the generated header lists them.
enum class Counter : std::uint8_t;

/// Adjoining bits of a 32-bit register.
struct Field {
    unsigned lsb   = 0;
    unsigned width = 1;  ///< 1 to 32

    [[nodiscard]] constexpr std::uint32_t mask() const noexcept { return (~std::uint32_t{0} >> (32U - width)) << lsb; }
    [[nodiscard]] constexpr std::uint32_t get(std::uint32_t word) const noexcept { return (word & mask()) >> lsb; }

    /// `word` with this field replaced; bits of `value` that do not fit are lost.
    [[nodiscard]] constexpr std::uint32_t set(std::uint32_t word, std::uint32_t value) const noexcept
    {
        return (word & ~mask()) | ((value << lsb) & mask());
    }

    /// Any of the field's bits is 1.
    [[nodiscard]] constexpr bool in(std::uint32_t word) const noexcept { return (word & mask()) != 0; }
};

struct FieldInfo {
    std::string_view name;
    Field            bits;
    Access           access = Access::rw;
    std::uint32_t    reset  = 0;  ///< value of the field, not shifted
    std::string_view text;
};

/// One register or one array of registers. A bit in none of the masks is reserved: it reads 0 and ignores writes
/// (a write-only bit is in none of them either: what its write does is the engine's).
struct RegisterInfo {
    std::string_view           name;
    std::uint32_t              offset            = 0;  ///< octets from the start of BAR0; element 0 of an array
    std::uint32_t              count             = 1;
    std::uint32_t              stride            = 4;  ///< octets from element to element
    std::uint32_t              reset             = 0;
    std::uint32_t              writable          = 0;  ///< bits that keep what is written
    std::uint32_t              readable          = 0;  ///< bits that may read 1
    std::uint32_t              read_clear        = 0;
    std::uint32_t              write_one_clears  = 0;
    std::uint32_t              write_one_sets    = 0;
    std::uint32_t              self_clearing     = 0;
    Kind                       kind              = Kind::plain;
    Status                     status            = Status::storage;
    unsigned                   stage             = 0;
    bool                       survives_reset    = false;  ///< CTRL.RST leaves it
    std::string_view           ethtool           = {};     ///< name in `ethtool -S`; empty when Linux shows none
    std::string_view           text              = {};
    std::span<const FieldInfo> fields            = {};  ///< from bit 0 up; empty when the register is one number
    std::uint32_t              write_zero_clears = 0;
    std::uint32_t              read_sets         = 0;
    std::uint32_t    engine_count = 0;  ///< elements 0 to engine_count - 1 have `status`; later ones are storage
    std::string_view group        = {};
    Counter          counter      = Counter{0xff};  ///< when kind is not plain

    [[nodiscard]] constexpr bool is_counter() const noexcept { return kind != Kind::plain; }

    /// Which element an offset of this row is.
    [[nodiscard]] constexpr std::uint32_t element(std::uint32_t at) const noexcept
    {
        return at == offset ? 0 : (at - offset) / stride;  // most have one only
    }

    /// An engine may act on the first elements of an array only.
    [[nodiscard]] constexpr Status status_of(std::uint32_t element_index) const noexcept
    {
        return status == Status::engine && element_index >= engine_count ? Status::storage : status;
    }
};

struct CounterInfo {
    std::string_view name;
    std::uint32_t    offset = 0;      ///< of the low half when wide
    bool             wide   = false;  ///< 64 bits, high half at offset + 4
    std::string_view ethtool;
    std::string_view text;
};

/// A second offset at which a register answers.
struct AliasInfo {
    std::uint32_t offset = 0;
    std::uint32_t target = 0;  ///< offset of the register itself
    std::uint32_t dwords = 1;  ///< how many follow each other in both places
};

}  // namespace overrun::reg
