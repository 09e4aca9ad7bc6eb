// SPDX-License-Identifier: Apache-2.0
// The numbers at the beginning of what QEMU calls itself.
#include "driver_sim/qtest/version.hpp"

#include <charconv>

namespace overrun::qtest {

Version version_of(std::string_view text)
{
    Version     version{};
    const char* at  = text.data();
    const char* end = at + text.size();
    for (unsigned& number : version) {
        const auto [next, error] = std::from_chars(at, end, number);
        if (error != std::errc{} || next == end || *next != '.') break;
        at = next + 1;
    }
    return version;
}

}  // namespace overrun::qtest
