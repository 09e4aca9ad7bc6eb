// SPDX-License-Identifier: Apache-2.0
// Whether a file's first octets are those of a capture.
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace overrun {

/// As many octets as decide.
inline constexpr std::size_t capture_magic_octets = 8;

/// Whether libpcap may know the file, or gzip holds it; what it is exactly is libpcap's to say.
[[nodiscard]] bool may_be_a_capture(std::span<const std::byte> first);

/// @param shown what errors call the file
/// @throws InputError when it may not; known formats of other programs are named
void check_capture_magic(std::span<const std::byte> first, const std::string& shown);

}  // namespace overrun
