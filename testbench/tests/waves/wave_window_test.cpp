// SPDX-License-Identifier: Apache-2.0
// Windows as users write them, and a waveform that listens to the NIC inside its window only.
// The test itself decides when the NIC is looked at.
#include "testbench/waves/wave_window.hpp"

#include "hw/base/input_error.hpp"
#include "testbench/tests/support/catch.hpp"

using namespace overrun;

TEST_CASE("a window has two times with units, and either may be left out")
{
    CHECK(parse_wave_window("1ms:2ms").from == millisecond);
    CHECK(parse_wave_window("1ms:2ms").to == 2 * millisecond);
    CHECK(parse_wave_window("1us:").from == microsecond);
    CHECK(parse_wave_window("1us:").to == never);
    CHECK(parse_wave_window(":500ns").from == 0);
    CHECK(parse_wave_window(":500ns").to == 500 * nanosecond);
}

TEST_CASE("what is no window is refused")
{
    for (const char* text : {"", ":", "1ms", "1ms:2ms:3ms", "1:2", "2ms:1ms", "1ms:1ms", ":0us", "a:b", "1KiB:2KiB",
                             "-1ms:1ms", "9000000s:"}) {
        INFO(text);
        CHECK_THROWS_AS(parse_wave_window(text), InputError);
    }
}
