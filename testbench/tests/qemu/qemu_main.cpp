// SPDX-License-Identifier: Apache-2.0
// Catch2's main for the tests that need QEMU: without it they are skipped, and ctest says so.
// With OVERRUN_REQUIRE_QEMU=1, as continuous integration sets it, a missing QEMU fails.
#define CATCH_CONFIG_RUNNER
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "driver_sim/qtest/machine.hpp"
#include "testbench/tests/support/catch.hpp"

int main(int argc, char** argv)
{
    constexpr int skipped = 77;  // SKIP_RETURN_CODE
    bool          listing = false;
    for (int i = 1; i < argc; ++i) listing = listing || std::string_view{argv[i]}.starts_with("--list");
    if (!listing && !overrun::qtest::find_qemu()) {
        std::puts("skipped: there is no qemu-system-x86_64 on PATH (Debian: qemu-system-x86)");
        const char* required = std::getenv("OVERRUN_REQUIRE_QEMU");
        return required != nullptr && std::string_view{required} == "1" ? 1 : skipped;
    }
    return Catch::Session().run(argc, argv);
}
