// SPDX-License-Identifier: Apache-2.0
// Runs the foreign platform and says what arrived, and when; ends with 1 when anything is not as it was sent.
// The times that it prints are simulated.
#include <cstdio>

#include "testbench/examples/systemc_foreign_platform/platform.hpp"

int sc_main(int, char*[])
{
    using namespace overrun;
    example::Settings settings;
    settings.memory.octets = settings.bus.memory_octets;
    example::Platform platform{settings};
    sc_core::sc_start(10, sc_core::SC_MS);

    const auto& received = platform.cpu.received();
    bool        intact   = received.size() == settings.frames;
    for (std::size_t i = 0; i < received.size() && intact; ++i)
        intact = received[i].errors == 0 && platform.frames.same(i, received[i].octets);
    std::printf("%zu of %u frames, %s; first at %s, last at %s, %zu interrupts, %zu transfers of the device\n",
                received.size(), settings.frames, intact ? "all intact" : "NOT all intact",
                received.empty() ? "-" : received.front().time.to_string().c_str(),
                received.empty() ? "-" : received.back().time.to_string().c_str(), platform.cpu.rises().size(),
                platform.bus.transfers().size());
    return intact ? 0 : 1;
}
