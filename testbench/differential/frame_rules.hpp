// SPDX-License-Identifier: Apache-2.0
// What a program has written so far, and what that means for a frame at QEMU: only as far as it departs from the rules.
// Contract: it asks neither NIC.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "hw/registers/82574l.hpp"
#include "testbench/differential/departures.hpp"

namespace overrun::differential {

class FrameRules {
public:
    explicit FrameRules(const qtest::Version& qemu) : qemu_{qemu}, words_(reg::register_space / 4) { reset(); }

    /// As after power-on.
    void reset();
    void write(std::uint32_t offset, std::uint32_t value) { words_[reg::resolve_alias(offset) / 4] = value; }
    [[nodiscard]] std::uint32_t operator[](std::uint32_t offset) const { return words_[offset / 4]; }

    /// Why a frame (without FCS) cannot be compared; empty when it can.
    [[nodiscard]] std::optional<Departure> left_out(std::span<const std::byte> frame) const;

    /// Over the limit at both sides: dropped unless SBP.
    [[nodiscard]] bool oversize(std::size_t octets) const;

    /// A multicast frame that passes by the table alone.
    [[nodiscard]] bool by_hash_alone(std::span<const std::byte> frame) const;

    /// Why the two sides see different protocols in a frame; empty when they see the same.
    [[nodiscard]] std::optional<Departure> parsing(std::span<const std::byte> frame) const;

    [[nodiscard]] std::uint32_t buffer_octets() const;
    [[nodiscard]] bool          extended() const;

private:
    [[nodiscard]] bool exists(Departure departure) const noexcept { return info_of(departure).exists_in(qemu_); }
    [[nodiscard]] std::optional<Departure> reading(std::span<const std::byte> octets) const;
    [[nodiscard]] bool                     promiscuous(std::uint64_t destination) const;
    [[nodiscard]] bool                     exact(std::uint64_t destination) const;
    [[nodiscard]] bool                     hashed(std::uint64_t destination) const;

    qtest::Version             qemu_;
    std::vector<std::uint32_t> words_;
};

}  // namespace overrun::differential
