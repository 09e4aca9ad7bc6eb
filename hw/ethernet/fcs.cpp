// SPDX-License-Identifier: Apache-2.0
// CRC-32 by libdeflate, which is the fastest of Debian's libraries on short frames.
#include "hw/ethernet/fcs.hpp"

#include <libdeflate.h>

#include <algorithm>

namespace overrun {

namespace {

/// CRC-32 register contents after a whole frame with a right FCS, in libdeflate's final (inverted) form.
constexpr std::uint32_t residue = 0x2144df1c;

std::uint32_t extend_with_zeros(std::uint32_t crc, std::size_t count) noexcept
{
    constexpr std::array<std::byte, 256> zeros{};
    while (count > 0) {
        const std::size_t n = std::min(count, zeros.size());
        crc                 = libdeflate_crc32(crc, zeros.data(), n);
        count -= n;
    }
    return crc;
}

/// CRC-32 of the first `length` octets of the frame, of which those not stored are zero.
std::uint32_t crc_with_padding(const Frame& frame, std::uint32_t length) noexcept
{
    const std::uint32_t stored = std::min(frame.stored, length);
    return extend_with_zeros(libdeflate_crc32(0, frame.octets, stored), length - stored);
}

}  // namespace

std::uint32_t fcs_of(std::span<const std::byte> octets) noexcept
{
    return libdeflate_crc32(0, octets.data(), octets.size());
}

bool fcs_is_right(std::span<const std::byte> frame_with_fcs) noexcept
{
    return frame_with_fcs.size() >= fcs_octets && fcs_of(frame_with_fcs) == residue;
}

std::array<std::byte, fcs_octets> fcs_on_wire(const Frame& frame) noexcept
{
    std::array<std::byte, fcs_octets> out{};
    if (frame.fcs == Fcs::stored) {
        for (std::uint32_t i = 0; i < fcs_octets && i < frame.length; ++i)
            out[fcs_octets - 1 - i] = frame.octet(frame.length - 1 - i);
        return out;
    }
    std::uint32_t crc = crc_with_padding(frame, frame.body());
    for (std::byte& octet : out) {
        octet = static_cast<std::byte>(crc & 0xffU);
        crc >>= 8U;
    }
    return out;
}

bool fcs_is_right(const Frame& frame) noexcept
{
    if (frame.fcs == Fcs::appended) return frame.length >= fcs_octets;
    return frame.length >= fcs_octets && crc_with_padding(frame, frame.length) == residue;
}

}  // namespace overrun
