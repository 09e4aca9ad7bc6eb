// SPDX-License-Identifier: Apache-2.0
// QEMU's version as numbers, and the versions that this project has been run against.
// What a version does is in the table of departures.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace overrun::qtest {

/// Major, minor, micro; ordered as they were published.
using Version = std::array<unsigned, 3>;

/// Debian 12's and Debian 13's.
inline constexpr std::array known_versions{Version{7, 2, 22}, Version{10, 0, 13}};

/// @param text as Machine::version() gives it, "7.2.22 (Debian 1:7.2+dfsg-7+deb12u18)"; what is missing is 0
[[nodiscard]] Version version_of(std::string_view text);

/// Whether this project has been run against that version.
[[nodiscard]] inline bool is_known_version(std::string_view text)
{
    return std::find(known_versions.begin(), known_versions.end(), version_of(text)) != known_versions.end();
}

}  // namespace overrun::qtest
